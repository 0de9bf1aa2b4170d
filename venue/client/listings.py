"""What an operator has asked for: columns of words to sessions, firms and limits. Pure."""

from urllib.parse import unquote

from venue.client.events import VenueFirm, VenueLimits, VenueSession
from venue.client.values import Values

_SESSIONS, _FIRMS, _LIMITS = range(9241, 9249), range(9251, 9254), range(9261, 9265)
_ALL, _NO_ACCOUNT = "*", "()"


def _rows(values: Values, tags: range) -> list[tuple[str, ...]]:
    """The columns that are in these tags, row by row."""
    return list(zip(*(values.get(tag, "").split() for tag in tags), strict=True))


def sessions(values: Values) -> tuple[VenueSession, ...]:
    """The sessions of a report (9241 to 9248)."""
    return tuple(
        VenueSession(
            comp_id=comp_id,
            version=version,
            firm=firm,
            roles=tuple(roles.split(",")),
            state=state,
            next_out=int(next_out),
            next_in=int(next_in),
            address=None if address == "none" else address,
        )
        for comp_id, version, firm, roles, state, next_out, next_in, address in _rows(
            values, _SESSIONS
        )
    )


def firms(values: Values) -> tuple[VenueFirm, ...]:
    """The firms of a report (9251 to 9253)."""
    return tuple(
        VenueFirm(
            name=unquote(firm),
            is_killed=state == "killed",
            killed_accounts=tuple(map(unquote, () if killed == _NO_ACCOUNT else killed.split(","))),
        )
        for firm, state, killed in _rows(values, _FIRMS)
    )


def limits(values: Values) -> tuple[VenueLimits, ...]:
    """The limits of a report (9261 to 9264)."""
    found = []
    for *scope, terms in _rows(values, _LIMITS):
        firm, account, symbol = (None if part == _ALL else unquote(part) for part in scope)
        pairs = (term.partition("=") for term in terms.split(","))
        said = {name: unquote(value) for name, _, value in pairs}
        found.append(VenueLimits(firm=firm, account=account, symbol=symbol, limits=said))
    return tuple(found)
