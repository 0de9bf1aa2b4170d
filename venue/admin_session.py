"""How `venue admin` asks: one request, as one more FIX client of the venue."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from venue.client.events import OperatorReport, VenueFirm, VenueLimits, VenueSession

Terms = dict[str, str | None]


class Operator(NamedTuple):
    """Where the venue is, and who asks."""

    comp_id: str
    host: str
    port: int
    target: str
    version: str
    username: str | None
    password: str | None

    def ask(self, action: str, terms: Terms) -> "OperatorReport":
        """Log on, ask, and return the answer. Raise `VenueError` where there is none."""
        from venue.client.client import connect
        from venue.client.errors import ClientError
        from venue.client.events import BusinessReject, OperatorReport, SessionReject
        from venue.errors import VenueError

        try:
            with connect(
                self.comp_id,
                host=self.host,
                port=self.port,
                target_comp_id=self.target,
                version=self.version,
                username=self.username,
                password=self.password,
                quickfix={"UseDataDictionary": "N"},  # the stock ones do not know these messages
            ) as client:
                request = client.operate(action, **terms)
                while True:
                    for event in client.events(client.timeout):
                        if isinstance(event, OperatorReport) and event.operator_req_id == request:
                            return event
                        if isinstance(event, SessionReject):
                            tag = event.ref_tag_id
                            raise VenueError(f"the venue rejects tag {tag}: {event.text}")
                        if isinstance(event, BusinessReject):
                            raise VenueError(f"the venue refuses: {event.text}")
                    raise VenueError(f"the venue does not answer within {client.timeout:g} s")
        except ClientError as error:
            raise VenueError(str(error)) from None


SESSION_TITLES = ("COMP_ID", "VERSION", "FIRM", "STATE", "NEXT OUT", "NEXT IN", "ADDRESS", "ROLES")
FIRM_TITLES = ("FIRM", "ORDERS", "KILLED ACCOUNTS")
LIMIT_TITLES = ("FIRM", "ACCOUNT", "SYMBOL", "LIMITS")


def listed(report: "OperatorReport") -> "Iterator[str]":
    """A line a row, in columns, under one that names them; nothing where nothing is listed."""
    if report.sessions:
        yield from _lines(SESSION_TITLES, map(_session, report.sessions))
    if report.firms:
        yield from _lines(FIRM_TITLES, map(_firm, report.firms))
    if report.limits:
        yield from _lines(LIMIT_TITLES, map(_limits, report.limits))


def _session(each: "VenueSession") -> tuple[str, ...]:
    return (
        *(each.comp_id, each.version, each.firm, each.state),
        *(str(each.next_out), str(each.next_in), each.address or "-", " ".join(each.roles)),
    )


def _firm(each: "VenueFirm") -> tuple[str, ...]:
    orders = "killed" if each.is_killed else "taken"
    return each.name, orders, ", ".join(each.killed_accounts) or "-"


def _limits(each: "VenueLimits") -> tuple[str, ...]:
    terms = ", ".join(f"{name} {value}" for name, value in each.limits.items())
    return each.firm or "each", each.account or "-", each.symbol or "-", terms


def _lines(titles: tuple[str, ...], found: "Iterable[tuple[str, ...]]") -> "Iterator[str]":
    rows = [titles, *found]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
