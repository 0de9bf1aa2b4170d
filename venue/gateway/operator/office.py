"""Carries out what operators ask for, within a turn of the loop."""

from collections.abc import Callable

from venue.core.commands import Journaled
from venue.fix.message import parse_fields
from venue.fix.operator import OperatorReport, OperatorRequest
from venue.fix.refusal import (
    BusinessReject,
    BusinessRejectReason,
    Refusal,
    SessionReject,
    business_reject,
)
from venue.gateway.operator.desk import OperatorDesk, record_refused
from venue.gateway.operator.sessions import DISABLED
from venue.gateway.sessions import Session


class OperatorOffice:
    """Has commands carried out by `carry_out`, messages sent by `send`, and sessions logged out:
    those in `dismissed`, each with a text, when the turn is journaled. What lists how all stand is
    sent by `show`: it is long, soon old, and not to be kept.
    """

    def __init__(
        self,
        desk: OperatorDesk,
        carry_out: Callable[[Journaled], None],
        send: Callable[[Session, str], None],
        show: Callable[[Session, str], None],
        dismissed: dict[Session, str],
        make_snapshot: Callable[[], None],
        unlock: Callable[[str], None],
    ) -> None:
        self._desk = desk
        self._carry_out = carry_out
        self._send = send
        self._show = show
        self._dismissed = dismissed
        self._make_snapshot = make_snapshot
        self._unlock = unlock

    def operate(self, session: Session, request: OperatorRequest, time: str) -> None:
        """Do what is asked for, if it can be done, and report. The audit has it first, but for
        questions of how all stand: nothing was done, and some ask for ever.
        """
        record, decision = self._desk.decide(request)
        rows = None if decision is None else decision.rows
        if rows is None:
            self._carry_out(record)
        if decision is not None:
            for command in decision.commands:
                self._carry_out(command)
            for to, news in decision.news:
                self._send(to, news.encode(to.version))
            self._dismissed.update(decision.dismissed)
            if decision.snapshot:
                self._make_snapshot()
            if decision.unlocked:
                self._unlock(decision.unlocked)
        report = OperatorReport(request, record.accepted, record.text, rows or ())
        tell = self._send if rows is None else self._show
        tell(session, report.encode(session.version, time))

    def note(self, session: Session, refusal: Refusal) -> None:
        """Let the audit know of a request that was refused unread."""
        if isinstance(refusal, BusinessReject | SessionReject) and refusal.ref_msg_type == "U1":
            self._carry_out(record_refused(session, refusal))


def disabled(text: str) -> BusinessReject:
    """The refusal of what a session still sends whom an operator has just disabled."""
    return business_reject(parse_fields(text), BusinessRejectReason.NOT_AUTHORIZED, DISABLED)
