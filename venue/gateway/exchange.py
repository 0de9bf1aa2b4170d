"""A turn of the loop: requests in, one journal record, then the answers, then the market data.

Nobody is told of anything before it is in the journal.
"""

import time
from collections.abc import Callable, Iterable

import structlog

from venue.core.commands import (
    AdvanceTime,
    Command,
    Journaled,
    RequestMassStatus,
    RequestStatus,
    SessionConnected,
    SessionDisconnected,
)
from venue.core.events import Event
from venue.core.types import ExecRestatementReason
from venue.core.venue import Venue
from venue.fix.inbound import parse
from venue.fix.message import format_time, parse_fields
from venue.fix.operator import OperatorReport, OperatorRequest
from venue.fix.outbound import encode
from venue.fix.refusal import (
    BusinessReject,
    BusinessRejectReason,
    Refusal,
)
from venue.gateway.answers import Answers
from venue.gateway.desk import Elsewhere, answer, hold_back
from venue.gateway.notices import Notices
from venue.gateway.operator import OperatorDesk, OperatorFaultError
from venue.gateway.phases import PhaseSchedule
from venue.gateway.publisher import Publisher
from venue.gateway.recorder import Recorder
from venue.gateway.sender import Sender, numbers
from venue.gateway.sessions import Presence, Session
from venue.gateway.throttle import Throttle
from venue.journal.batch import Batch, Numbers
from venue.marketdata.inquiries import Inquiry
from venue.marketdata.requests import Subscribe, Unsubscribe

LOGONS = (Presence.LOGON, Presence.LOGON_CANCEL_ON_DISCONNECT)
REASON = {
    Presence.LOGOUT: ExecRestatementReason.LOGOUT,
    Presence.LOSS: ExecRestatementReason.CONNECTION_LOSS,
}

log = structlog.get_logger()


class Exchange:
    """Joins the pure venue to its sessions, its journal and its market data feed."""

    def __init__(
        self,
        venue: Venue,
        sessions: Iterable[Session],
        sender: Sender,
        recorder: Recorder,
        dismiss: Callable[[Session, str], None] = lambda session, text: None,
        phases: PhaseSchedule | None = None,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        """`dismiss` logs a session out, with a text; without `phases` no market has a schedule;
        `elsewhere` answers in place of a feed.
        """
        self._venue = venue
        self._sessions = {session.name: session for session in sessions}
        self._sender = sender
        self._recorder = recorder
        self._dismiss = dismiss
        self._phases = phases or PhaseSchedule(())
        self._dismissed: dict[Session, str] = {}
        self._publisher = elsewhere or Publisher(venue, self._sessions, sender)
        self._notices = Notices(venue, self._sessions, sender)
        self._operators = OperatorDesk(venue)
        self._commands: list[Journaled] = []
        self._answers = Answers(recorder)
        self._transact_time = ""

    def turn(self, inbox: list[tuple[Session, str]]) -> None:
        """Answer everything that came in, and do what is due. Raise `JournalError`, and tell
        nobody, where it fails.
        """
        now, something_was_due = self._advance_time()
        self._carry_out_own(self._phases.due(now, self._venue.market_phases))
        instruments = self._venue.instruments
        for session, text in inbox:
            try:
                if type(text) is Presence:
                    self._note(session, text)
                    continue
                self._answers.heard.add(session)
                if session.throttle is not None and not session.throttle.take(now):
                    self._hold_back(session, session.throttle, text, now)
                    continue
                request = parse(text, session.party, instruments)
                if isinstance(request, Command):
                    self._carry_out(request, session, text)
                elif request is not None:
                    self._decide(session, request)
            except Exception:
                self._defect(session, text)
        self._conclude(now, something_was_due)
        if self._dismissed:
            dismissed, self._dismissed = self._dismissed, {}
            for session, text in dismissed.items():
                if session.logged_on and not session.dismissed:
                    self._dismiss(session, text)

    def begin(self, commands: Iterable[Journaled]) -> None:
        """Carry out commands of the venue's own, at once. Raise `JournalError` where it fails."""
        now, something_was_due = self._advance_time()
        self._carry_out_own(commands)
        self._conclude(now, something_was_due)

    def tick(self) -> None:
        """Do what is due though nobody asks for anything; write what the journal still owes."""
        deadline = min(self._venue.deadline, self._phases.deadline)
        now = time.time_ns()
        if now >= deadline or self._answers.awaited:
            self.turn([])
        elif now >= self._publisher.deadline or self._publisher.owing:
            self._publisher.publish(now)
        behind = {
            name: numbers(session)
            for name, session in self._sessions.items()
            if session.logged_on
            and self._recorder.is_behind(name, session.link.getExpectedSenderNum())
        }
        if behind:
            self._recorder.note(behind)
        self._recorder.journal.flush()

    def patience(self) -> float:
        """How many seconds may pass until `tick` has market data to send."""
        return (self._publisher.deadline - time.time_ns()) / 1e9

    def end(self, inbox: Iterable[tuple[Session, str]]) -> None:
        """Write, as the last thing, which numbers every session ends with.

        What is still in `inbox` was never received: it is asked for again.
        """
        last: dict[str, Numbers] = {}
        for name, session in self._sessions.items():
            last[name] = numbers(session)
        for session, text in reversed(list(inbox)):
            if type(text) is not Presence:
                last[session.name] = last[session.name][0], int(parse_fields(text)["34"])
        self._recorder.append(Batch(self._recorder.time, [], numbers=last, stopped=True))

    def _advance_time(self) -> tuple[int, bool]:
        """Let it be now, which is never before what the venue has seen; tell whether anything was
        due.
        """
        venue = self._venue
        now = max(time.time_ns(), venue.time)
        self._transact_time = format_time(now)
        try:
            due = venue.handle(AdvanceTime(now))
        except Exception:
            log.exception("defect", where="time")
            return now, True
        if due:
            self._tell(due)
        return now, bool(due)

    def _note(self, session: Session, presence: Presence) -> None:
        """Do what a session's coming or going means."""
        self._publisher.drop_session(session)
        self._notices.drop_session(session)
        connected = self._venue.connected
        if presence in LOGONS:
            self._answers.welcome(session)
            asks = presence is Presence.LOGON_CANCEL_ON_DISCONNECT
            if session.party.order_entry and (asks or session.name in connected):
                self._carry_out(SessionConnected(session.name, session.firm, asks))
        elif session.name in connected:
            reason = REASON[presence]
            self._carry_out(SessionDisconnected(session.name, reason, self._witnesses(session)))

    def _hold_back(self, session: Session, throttle: Throttle, text: str, now: int) -> None:
        """Refuse a message that is over its session's rate, which ends if that is too often."""
        refusal, is_over = hold_back(throttle, text, now)
        if is_over:
            self._dismissed[session] = f"too often {throttle.text}"
        if refusal is not None:
            self._reply(session, refusal)

    def _witnesses(self, gone: Session) -> tuple[str, ...]:
        """The sessions of a firm that are told of what becomes of the orders of one."""
        return tuple(
            session.name
            for session in self._sessions.values()
            if session.logged_on
            and session.firm == gone.firm
            and session.party.order_entry
            and session is not gone
        )

    def _carry_out_own(self, commands: Iterable[Journaled]) -> None:
        """Have commands carried out that nobody asked for."""
        for command in commands:
            try:
                self._carry_out(command)
            except Exception:
                log.exception("defect", command=command)

    def _carry_out(
        self,
        command: Journaled | RequestStatus | RequestMassStatus,
        session: Session | None = None,
        text: str = "",
    ) -> None:
        """Have a command carried out, which `session` asked for with `text`."""
        if not isinstance(command, RequestStatus | RequestMassStatus):
            self._commands.append(command)
        self._tell(self._venue.handle(command), session, text)

    def _tell(self, events: list[Event], session: Session | None = None, text: str = "") -> None:
        """Encode events for the sessions that are told of them."""
        self._publisher.note(events)
        self._notices.note(events)
        instruments, sessions = self._venue.instruments, self._sessions
        for event in events:
            to = sessions.get(event.session)
            if to is not None:
                try:
                    report = encode(event, instruments, self._transact_time, to.version)
                    self._answers.add(to, report)
                except Exception:
                    log.exception("defect", session=to.name, untold=event)
                    if to is session:
                        self._defect(session, text)

    def _conclude(self, now: int, something_was_due: bool) -> None:
        """Journal what was done and what is answered, then answer, then publish."""
        answers = self._answers
        if self._commands or answers or something_was_due:
            messages, sent, after, told = answers.settle()
            self._recorder.append(Batch(now, self._commands, sent, after, told=told))
            self._commands.clear()
            answers.clear()
            self._sender.send(messages, now)
        self._publisher.end_batch(now)
        self._publisher.publish(now)
        self._notices.publish(now)

    def _decide(
        self,
        session: Session,
        request: Subscribe | Unsubscribe | Inquiry | OperatorRequest | Refusal,
    ) -> None:
        """Answer what is no business of the core: requests for market data and news, refusals, and
        what an operator asks for until it is a command.
        """
        if isinstance(request, OperatorRequest):
            self._operate(session, request)
            return
        if isinstance(request, Subscribe | Unsubscribe | Inquiry):
            refusal = answer(request, session, self._publisher, self._notices)
            if refusal is None:
                return
            request = refusal
        self._reply(session, request)

    def _operate(self, session: Session, request: OperatorRequest) -> None:
        """Carry out what an operator asks for, if it can be, and report."""
        try:
            command, told = self._operators.decide(request)
        except OperatorFaultError as fault:
            report = OperatorReport(request, False, str(fault))
        else:
            self._carry_out(command)
            report = OperatorReport(request, True, told)
        self._answers.add(session, report.encode(session.version, self._transact_time))

    def _reply(self, session: Session, refusal: Refusal) -> None:
        """Refuse what came over the session's connection, if that still is there."""
        if session.logged_on:
            self._answers.add(session, refusal.encode(session.version))

    def _defect(self, session: Session, text: str) -> None:
        """Log a defect of ours and tell the client that its request came to nothing certain."""
        log.exception("defect", session=session.name, message=text.replace("\x01", "|")[:500])
        if type(text) is Presence:
            return
        fields = parse_fields(text)
        reject = BusinessReject(
            fields.get("34", "0"),
            fields.get("35", "?"),
            BusinessRejectReason.OTHER,
            "a defect of the venue, ask for the order's status",
        )
        self._reply(session, reject)
