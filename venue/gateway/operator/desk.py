"""An operator's request to what is done: commands, messages, Logouts; or to why nothing is."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from venue.core.venue import Venue
from venue.core.venue_commands import RecordOperation
from venue.fix.operator import LIMITS, TERMS, OperatorAction, OperatorRequest
from venue.fix.refusal import BusinessReject, SessionReject
from venue.gateway.operator.decision import (
    LONGEST_TEXT,
    Decision,
    OperatorFaultError,
    check_texts,
    fault,
    faulty,
)
from venue.gateway.operator.instruments import InstrumentDesk
from venue.gateway.operator.limits import Accounts, LimitDesk
from venue.gateway.operator.orders import OrderDesk
from venue.gateway.operator.sessions import SessionDesk
from venue.gateway.phases import PhaseSchedule
from venue.gateway.sessions import Session

MAY_SAY: Mapping[OperatorAction, Collection[str]] = {
    OperatorAction.DEFINE: {"symbol", *TERMS},
    OperatorAction.DELIST: {"symbol"},
    OperatorAction.HALT: {"symbol", "market"},
    OperatorAction.RESUME: {"symbol", "market", "auction_seconds"},
    OperatorAction.PHASE: {"market", "phase"},
    OperatorAction.CANCEL: {"order_id"},
    OperatorAction.CANCEL_FIRM: {"firm"},
    OperatorAction.BUST: {"trade_id"},
    OperatorAction.CORRECT: {"trade_id", "qty", "price"},
    OperatorAction.LIMIT: {"firm", "account", "symbol", *LIMITS},
    OperatorAction.UNLIMIT: {"firm", "account", "symbol"},
    OperatorAction.KILL: {"firm", "account"},
    OperatorAction.RELEASE: {"firm", "account"},
    OperatorAction.LIMITS: {"firm"},
    OperatorAction.FIRMS: (),
    OperatorAction.SESSION: {"session"},
    OperatorAction.SESSIONS: (),
    OperatorAction.DISCONNECT: {"session", "text"},
    OperatorAction.DISABLE: {"session", "text"},
    OperatorAction.ENABLE: {"session"},
    OperatorAction.UNLOCK: {"session"},
    OperatorAction.NEWS: {"headline", "text", "session", "firm"},
    OperatorAction.SNAPSHOT: (),
    OperatorAction.END_DAY: (),
}
"""The fields of `FIELDS` that each action has a use for; any other is refused."""


class OperatorDesk:
    """Decides what operators ask for, by what `venue` is; what is to be done is the caller's."""

    def __init__(
        self,
        venue: Venue,
        sessions: Mapping[str, Session],
        phases: PhaseSchedule,
        firms: Accounts = MappingProxyType({}),
        is_known: Callable[[str], bool] = lambda session: True,
    ) -> None:
        """`firms` are those of a configuration, the sessions' are known, too; `is_known` tells
        whether a session has ever been here.
        """
        parties = (party for session in sessions.values() for party in session.identities)
        configured = dict.fromkeys((party.firm for party in parties), None) | dict(firms)
        instruments = InstrumentDesk(venue, phases)
        limits = LimitDesk(venue, configured)
        orders = OrderDesk(venue, limits.firms)
        offices = SessionDesk(venue, sessions, limits.firms, is_known)
        self._actions: Mapping[str, Callable[[OperatorRequest], Decision]] = {
            OperatorAction.DEFINE: instruments.define,
            OperatorAction.DELIST: instruments.delist,
            OperatorAction.HALT: instruments.halt,
            OperatorAction.RESUME: instruments.resume,
            OperatorAction.PHASE: instruments.phase,
            OperatorAction.CANCEL: orders.cancel,
            OperatorAction.CANCEL_FIRM: orders.cancel_firm,
            OperatorAction.BUST: orders.bust,
            OperatorAction.CORRECT: orders.correct,
            OperatorAction.LIMIT: limits.limit,
            OperatorAction.UNLIMIT: limits.unlimit,
            OperatorAction.KILL: limits.kill,
            OperatorAction.RELEASE: limits.release,
            OperatorAction.LIMITS: limits.limits,
            OperatorAction.FIRMS: limits.standing,
            OperatorAction.SESSION: offices.session,
            OperatorAction.SESSIONS: offices.sessions,
            OperatorAction.DISCONNECT: offices.disconnect,
            OperatorAction.DISABLE: offices.disable,
            OperatorAction.ENABLE: offices.enable,
            OperatorAction.UNLOCK: offices.unlock,
            OperatorAction.NEWS: offices.news,
            OperatorAction.SNAPSHOT: offices.snapshot,
            OperatorAction.END_DAY: offices.end_day,
        }

    def decide(self, request: OperatorRequest) -> tuple[RecordOperation, Decision | None]:
        """What the journal is told of a request, and what is to be done; None where nothing is."""
        try:
            decision = self._decided(request)
        except OperatorFaultError as refusal:
            return record(request, False, str(refusal)), None
        return record(request, True, decision.text), decision

    def _decided(self, request: OperatorRequest) -> Decision:
        action = self._actions.get(request.action)
        if action is None:
            choice = f"one of {', '.join(self._actions)}"
            raise faulty("OperatorAction(9202)", request.action, choice)
        check_texts(request)
        useful = MAY_SAY[OperatorAction(request.action)]
        for name, value in request.given.items():
            if name not in useful:
                raise fault(name, value, f"absent with {request.action}")
        return action(request)


def record(request: OperatorRequest, accepted: bool, text: str) -> RecordOperation:
    """A request for the audit, nothing in it longer than `LONGEST_TEXT`."""
    return RecordOperation(
        request.operator,
        request.req_id,
        request.action,
        {name: value[:LONGEST_TEXT] for name, value in request.given.items()},
        accepted,
        text,
    )


def record_refused(session: Session, refusal: BusinessReject | SessionReject) -> RecordOperation:
    """A request that is none, or of who may not ask, for the audit."""
    req_id = refusal.ref_id if isinstance(refusal, BusinessReject) else None
    return RecordOperation(session.name, req_id or "", "", {}, False, refusal.text)
