"""What an operator does, over one session with that role."""

from msgspec.structs import asdict

from venue.client import BusinessReject, Event, LoggedOut, OperatorReport, SessionReject
from venue.client.events import VenueSession
from venue.client.requests import OPERATOR_ACTIONS, OPERATOR_TERMS, operator_fields
from venue.client.wire import Field
from venue.web.link import Link
from venue.web.problems import Problem, unknown
from venue.web.requests import PATIENCE, Requests
from venue.web.shapes import Firm, FirmLimits, OperatorAnswer, Session
from venue.web.shared import Shared
from venue.web.trading.terms import invalid

LONGEST = 1_000
SECONDS = 10.0
NAMES = {tag: name for name, tag in OPERATOR_TERMS.items()}


class OperatorDesk:
    """Asks the venue to do something, and tells what it has answered."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._requests = Requests(link)
        self._sessions = Shared(self._ask_sessions)
        self._firms = Shared(self._ask_firms)
        link.listen(self._hear)

    @property
    def comp_id(self) -> str:
        return self._link.comp_id

    async def act(self, action: str, symbol: str | None = None, **terms: object) -> OperatorAnswer:
        """Ask for one of the actions of `venue admin`, with its terms; None is not said.

        An answer that is not `accepted` is the venue's refusal. Raise a Problem: 404 of an unknown
        action, 422 of a term that cannot be said, 503 and 504 as of orders.
        """
        report = await self._ask(action, {"symbol": symbol} | terms)
        return OperatorAnswer(action=action, accepted=report.accepted, text=report.text)

    async def sessions(self) -> list[Session]:
        """Return all sessions of the venue, by CompID and version."""
        return await self._sessions.answer()

    async def firms(self) -> list[Firm]:
        """Return all firms of the venue, by name."""
        return await self._firms.answer()

    async def limits(self, firm: str | None) -> list[FirmLimits]:
        """Return the limits that there are, or those that hold for a firm. Raise a Problem of 422
        for one that the venue does not know.
        """
        report = await self._told("limits", {"firm": firm})
        return [FirmLimits(**asdict(each)) for each in report.limits]

    async def _ask_sessions(self) -> list[Session]:
        report = await self._told("sessions", {})
        return [_session(each) for each in report.sessions]

    async def _ask_firms(self) -> list[Firm]:
        report = await self._told("firms", {})
        return [
            Firm(name=each.name, is_killed=each.is_killed, killed_accounts=[*each.killed_accounts])
            for each in report.firms
        ]

    async def _told(self, action: str, terms: dict[str, object]) -> OperatorReport:
        """Ask for something that is only to be told."""
        report = await self._ask(action, terms)
        if not report.accepted:
            raise Problem(422, "refused", report.text, venue_text=report.text)
        return report

    async def _ask(self, action: str, terms: dict[str, object]) -> OperatorReport:
        if action not in OPERATOR_ACTIONS:
            raise unknown("action", action)
        _check_names(terms)
        req_id = self._link.client().next_id()
        fields = operator_fields(req_id, action, terms)
        _check_values(fields)
        report: OperatorReport = await self._requests.ask(
            f"the operator's {action}", [("U1", fields)], req_id, seconds=SECONDS, patience=PATIENCE
        )
        return report

    def _hear(self, event: Event) -> None:
        match event:
            case OperatorReport(operator_req_id=req_id):
                request = self._requests.find(req_id)
                if request is not None:
                    request.answer(event)
            case LoggedOut() | BusinessReject() | SessionReject():
                self._requests.apply(event)


def _check_names(terms: dict[str, object]) -> None:
    expected = f"one of {', '.join(OPERATOR_TERMS)}"
    errors = [
        (name, value, expected) for name, value in terms.items() if name not in OPERATOR_TERMS
    ]
    if errors:
        raise invalid(*errors)


def _check_values(fields: list[Field]) -> None:
    """Whatever they were, they are text now."""
    expected = f"1 to {LONGEST} printable ASCII characters"
    errors = [
        (NAMES.get(tag, str(tag)), text, expected)
        for tag, text in fields
        if not (text.isascii() and text.isprintable() and 0 < len(text) <= LONGEST)
    ]
    if errors:
        raise invalid(*errors)


def _session(state: VenueSession) -> Session:
    return Session(
        comp_id=state.comp_id,
        version=state.version,
        firm=state.firm,
        roles=list(state.roles),
        state=state.state,
        next_in=state.next_in,
        next_out=state.next_out,
        text=None if state.address is None else f"from {state.address}",
    )
