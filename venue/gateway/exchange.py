"""A turn of the loop: requests in, one journal record, then the answers, then the market data.

Nobody is told of anything before it is in the journal.
"""

import time
from collections.abc import Callable, Iterable
from types import MappingProxyType

import structlog

from venue.core.commands import (
    AdvanceTime,
    Command,
    Journaled,
    RequestMassStatus,
    RequestStatus,
)
from venue.core.events import Event
from venue.core.types import ExecRestatementReason
from venue.core.venue import Venue
from venue.fix.desks import addressed, return_header
from venue.fix.inbound import BackOfficeRequest, parse
from venue.fix.masking import readable
from venue.fix.message import format_time, parse_fields
from venue.fix.operator import OperatorRequest
from venue.fix.outbound import encode
from venue.fix.positions import PositionReject
from venue.fix.refusal import (
    BusinessReject,
    BusinessRejectReason,
    Refusal,
)
from venue.gateway.answers import Answers
from venue.gateway.back_office.office import BackOffice
from venue.gateway.desk import Elsewhere, answer, hold_back
from venue.gateway.drop_copies import DropCopies
from venue.gateway.identities import Identities
from venue.gateway.notices import Notices
from venue.gateway.operator.desk import OperatorDesk
from venue.gateway.operator.limits import Accounts
from venue.gateway.operator.office import OperatorOffice, disabled
from venue.gateway.phases import PhaseSchedule
from venue.gateway.publisher import Publisher
from venue.gateway.recorder import Recorder
from venue.gateway.sender import Sender, numbers
from venue.gateway.sessions import Presence, Session
from venue.gateway.throttle import Throttle
from venue.journal.batch import Batch, Numbers
from venue.marketdata.inquiries import Inquiry
from venue.marketdata.requests import Subscribe, Unsubscribe
from venue.monitoring.counts import Counts

NoCommand = Subscribe | Unsubscribe | Inquiry | BackOfficeRequest | OperatorRequest | Refusal
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
        firms: Accounts = MappingProxyType({}),
        make_snapshot: Callable[[], None] = lambda: None,
        unlock: Callable[[str], None] = lambda comp_id: None,
        counts: Counts | None = None,
    ) -> None:
        """`dismiss` logs a session out, with a text; without `phases` no market has a schedule;
        `elsewhere` answers in place of a feed; `firms` are those of the configuration, with
        their accounts; `make_snapshot` has one made soon, `unlock` lifts a CompID's lock-outs.
        """
        self._counts = counts or Counts()
        self._venue = venue
        self._sessions = {session.name: session for session in sessions}
        self._identities = Identities(self._sessions.values())
        self._sender = sender
        self._recorder = recorder
        self._dismiss = dismiss
        self._phases = phases or PhaseSchedule(())
        self._dismissed: dict[Session, str] = {}
        self._publisher = elsewhere or Publisher(venue, self._sessions, sender)
        self._notices = Notices(venue, self._sessions, sender)
        self._back_office = BackOffice(venue, self._sessions, sender)
        self._commands: list[Journaled] = []
        self._answers = Answers(recorder)
        self._disallowed = venue.operations.disallowed
        has_begun = recorder.logs.has_begun
        desk = OperatorDesk(venue, self._sessions, self._phases, firms, has_begun)
        self._operators = OperatorOffice(
            *(desk, self._carry_out, self._answers.add, self._back_office.tell),
            *(self._dismissed, make_snapshot, unlock),
        )
        self._copies = DropCopies(self._answers.add)
        for session in self._sessions.values():
            if has_begun(session.name):
                self._copies.welcome(session)
        self._transact_time = ""

    def turn(self, inbox: list[tuple[Session, str]]) -> None:
        """Answer everything that came in, and do what is due. Raise `JournalError`, and tell
        nobody, where it fails.
        """
        now, something_was_due = self._advance_time()
        phases = self._venue.phases
        self._carry_out_own(self._phases.due(now, phases.scheduled, phases.by_hand))
        instruments = self._venue.instruments
        for session, text in inbox:
            try:
                if type(text) is Presence:
                    self._note(session, text)
                    continue
                self._answers.heard.add(session)
                if self._disallowed and session.comp_id in self._disallowed:
                    self._reply(session, disabled(text), text)
                    continue
                if session.throttle is not None and not session.throttle.take(now):
                    self._hold_back(session, session.throttle, text, now)
                    continue
                request = parse(text, session.party, instruments)
                if isinstance(request, Command):
                    self._carry_out(request, session, text)
                elif request is not None:
                    self._decide(session, request, text)
            except Exception:
                self._defect(session, text)
        self._conclude(now, something_was_due)
        if self._dismissed:
            for session, text in self._dismissed.items():
                if session.logged_on and not session.dismissed:
                    self._dismiss(session, text)
            self._dismissed.clear()

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
        if self._back_office.owing:
            self._back_office.publish()
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
        """How many seconds may pass until `tick` has anything to send."""
        if self._back_office.busy:
            return 0.0
        return (self._publisher.deadline - time.time_ns()) / 1e9

    @property
    def subscriptions(self) -> dict[str, int]:
        """How many there are of each kind."""
        return {
            "market_data_subscriptions": self._publisher.subscriptions,
            "news_subscriptions": self._notices.subscriptions,
        }

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
        self._back_office.drop_session(session)
        connected = self._venue.connected
        if presence in LOGONS:
            self._answers.welcome(session)
            self._copies.welcome(session)
            asks = presence is Presence.LOGON_CANCEL_ON_DISCONNECT
            known = connected.keys() | self._venue.away
            for arrival in list(self._identities.arrival(session, asks, known)):
                self._carry_out(arrival)
        else:
            gone = self._identities.departure(session, REASON[presence], connected)
            for departure in list(gone):
                self._carry_out(departure)

    def _hold_back(self, session: Session, throttle: Throttle, text: str, now: int) -> None:
        """Refuse a message that is over its session's rate, which ends if that is too often."""
        refusal, is_over = hold_back(throttle, text, now)
        if is_over:
            self._dismissed[session] = f"too often {throttle.text}"
        if refusal is not None:
            self._reply(session, refusal, text)

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
        self._counts.happened += events
        self._publisher.note(events)
        self._notices.note(events)
        self._back_office.note(events)
        instruments, sessions = self._venue.instruments, self._sessions
        desks = self._identities.desks
        for event in events:
            to, header = sessions.get(event.session), ""
            if to is None and event.session in desks:
                to, header = desks[event.session]
            if to is not None:
                try:
                    report = encode(event, instruments, self._transact_time, to.version)
                    self._answers.add(to, addressed(report, header) if header else report)
                except Exception:
                    log.exception("defect", session=to.name, untold=event)
                    if to is session:
                        self._defect(session, text)
        if self._copies.wanted:
            self._copies.tell(events, instruments, self._transact_time)

    def _conclude(self, now: int, something_was_due: bool) -> None:
        """Journal what was done and what is answered, then answer, then publish."""
        self._counts.tally()
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
        self._back_office.publish()

    def _decide(self, session: Session, request: NoCommand, text: str) -> None:
        """Answer what is no business of the core: requests for market data, news, positions and
        trades, refusals, and what an operator asks for until it is a command.
        """
        if isinstance(request, OperatorRequest):
            self._operators.operate(session, request, self._transact_time)
            return
        if isinstance(request, Subscribe | Unsubscribe | Inquiry):
            refusal = answer(request, session, self._publisher, self._notices)
            if refusal is None:
                return
            request = refusal
        elif isinstance(request, BackOfficeRequest):
            header = return_header(text, session.party)
            refusal = self._back_office.ask(session, request, header)
            if refusal is None:
                return
            request = refusal
        self._reply(session, request, text)

    def _reply(self, session: Session, refusal: Refusal, text: str) -> None:
        """Refuse what came over the session's connection, if that still is there."""
        self._operators.note(session, refusal)
        self._counts.refuse_request(refusal)
        if session.logged_on:
            header = return_header(text, session.party)
            report = refusal.encode(session.version)
            send = self._back_office.tell
            if not isinstance(refusal, PositionReject):
                send = self._answers.add
            send(session, addressed(report, header) if header else report)

    def _defect(self, session: Session, text: str) -> None:
        """Log a defect of ours and tell the client that its request came to nothing certain."""
        log.exception("defect", session=session.name, message=readable(text)[:500])
        if type(text) is Presence:
            return
        fields = parse_fields(text)
        reject = BusinessReject(
            fields.get("34", "0"),
            fields.get("35", "?"),
            BusinessRejectReason.OTHER,
            "a defect of the venue, ask for the order's status",
        )
        self._reply(session, reject, text)
