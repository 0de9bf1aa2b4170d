"""A turn of the market data process: what the venue has journaled since, and what is asked here."""

import time
from collections.abc import Callable, Iterable

import msgspec
import structlog

from venue.core.commands import AdvanceTime, AllowSession
from venue.core.venue import Venue
from venue.fix.inbound import parse
from venue.fix.masking import readable
from venue.fix.refusal import BusinessReject, BusinessRejectReason, Refusal
from venue.fix.trade_capture import TradeRequest
from venue.gateway.back_office.office import BackOffice
from venue.gateway.desk import answer, hold_back
from venue.gateway.notices import Notices
from venue.gateway.operator.sessions import DISABLED
from venue.gateway.publisher import Publisher
from venue.gateway.sender import Sender
from venue.gateway.sessions import Presence, Session
from venue.gateway.throttle import Throttle
from venue.journal.batch import Replayed
from venue.journal.follower import Follower
from venue.marketdata.inquiries import Inquiry
from venue.marketdata.requests import Subscribe, Unsubscribe
from venue.monitoring.counts import Counts

NOT_AUTHORIZED = BusinessRejectReason.NOT_AUTHORIZED
NO_ORDERS = "this process has market data, and takes no orders"
LEAST_SECONDS, MOST_SECONDS = 0.0005, 0.01
"""Between two looks into the journal: the longer nothing has come, the more."""
PATIENCE = 0.01
"""Of the time for which nothing has come."""
TAKEN_AT_ONCE = 4
"""Chunks of batches that are carried out before anybody is told; then clients are heard."""
BEHIND_SECONDS = 1.0
"""After which a batch is late."""

log = structlog.get_logger()


class Following:
    """Keeps `venue`, a replica, as the journal has it, and tells its subscribers. `lag` are the
    seconds that the last batch was old when it was carried out.
    """

    def __init__(
        self,
        venue: Venue,
        follower: Follower,
        sessions: Iterable[Session],
        sender: Sender,
        dismiss: Callable[[Session, str], None] = lambda session, text: None,
        counts: Counts | None = None,
    ) -> None:
        """`dismiss` logs a session out, with a text."""
        self._counts = counts or Counts()
        self.lag = 0.0
        by_name = {session.name: session for session in sessions}
        self._venue = venue
        self._sessions = by_name
        self._follower = follower
        self._sender = sender
        self._dismiss = dismiss
        self._publisher = Publisher(venue, by_name, sender)
        self._notices = Notices(venue, by_name, sender)
        self._back_office = BackOffice(venue, by_name, sender)
        self._last = self._next_look = time.monotonic()
        self._is_behind = False

    def turn(self, inbox: list[tuple[Session, str]]) -> None:
        """Take what sessions ask for, and tell everybody what is new. Raise `JournalError` where
        the journal cannot be followed.
        """
        for session, text in inbox:
            try:
                if type(text) is Presence:
                    self._publisher.drop_session(session)
                    self._notices.drop_session(session)
                    self._back_office.drop_session(session)
                else:
                    self._hear(session, text)
            except Exception:
                log.exception("defect", session=session.name, message=readable(text)[:500])
        self.follow()

    @property
    def subscriptions(self) -> dict[str, int]:
        """How many there are of each kind."""
        return {
            "market_data_subscriptions": self._publisher.subscriptions,
            "news_subscriptions": self._notices.subscriptions,
        }

    def tick(self) -> None:
        """Tell everybody what is new."""
        self.follow()

    def patience(self) -> float:
        """How many seconds may pass until `tick`."""
        if self._back_office.busy:
            return 0.0
        conflated = (self._publisher.deadline - time.time_ns()) / 1e9
        return min(self._next_look - time.monotonic(), conflated)

    def follow(self) -> None:
        """Carry out what is new in the journal, and publish what came of it."""
        for _ in range(TAKEN_AT_ONCE):
            batches = self._follower.take()
            for seq, batch in batches:
                self._carry_out(seq, batch)
            if not batches:
                break
            self._last = time.monotonic()
            self._watch_lag(batches[-1][1].time)
        now = max(time.time_ns(), self._venue.time)
        self._publisher.publish(now)
        self._notices.publish(now)
        self._back_office.publish()
        monotonic = time.monotonic()
        quiet = monotonic - self._last
        self._next_look = monotonic + min(max(quiet * PATIENCE, LEAST_SECONDS), MOST_SECONDS)

    def _carry_out(self, seq: int, batch: Replayed) -> None:
        """A command that met a defect at the venue meets it here, too, with the same effect."""
        for command in (AdvanceTime(batch.time), *batch.commands):
            try:
                events = self._venue.handle(command)
            except Exception as defect:
                log.warning("defect", batch=seq, command=type(command).__name__, text=str(defect))
                continue
            self._counts.happened += events
            self._publisher.note(events)
            self._notices.note(events)
            self._back_office.note(events)
            if isinstance(command, AllowSession) and not command.allowed:
                self._disallow(command.comp_id)
        self._counts.tally()
        self._publisher.end_batch(batch.time)

    def _disallow(self, comp_id: str) -> None:
        """Log out whom an operator of the venue has disabled."""
        for session in self._sessions.values():
            if session.comp_id == comp_id and session.logged_on and not session.dismissed:
                self._dismiss(session, DISABLED)

    def _watch_lag(self, of_batch: int) -> None:
        late = self.lag = (time.time_ns() - of_batch) / 1e9
        if late > BEHIND_SECONDS and not self._is_behind:
            self._is_behind = True
            log.warning("behind the venue", batch=self._follower.seq, seconds=round(late, 1))
        elif late < BEHIND_SECONDS / 2 and self._is_behind:
            self._is_behind = False
            log.info("up to date with the venue", batch=self._follower.seq)

    def _hear(self, session: Session, text: str) -> None:
        throttle = session.throttle
        if throttle is not None and not throttle.take(time.time_ns()):
            self._hold_back(session, throttle, text)
            return
        request = parse(text, session.party, self._venue.instruments)
        if isinstance(request, Subscribe | Unsubscribe | Inquiry):
            self._reply(session, answer(request, session, self._publisher, self._notices))
        elif isinstance(request, TradeRequest):
            self._reply(session, self._back_office.ask(session, request))
        elif isinstance(request, BusinessReject) and request.reason is NOT_AUTHORIZED:
            self._reply(session, msgspec.structs.replace(request, text=NO_ORDERS))
        elif isinstance(request, Refusal):
            self._reply(session, request)

    def _hold_back(self, session: Session, throttle: Throttle, text: str) -> None:
        """Refuse a message that is over its session's rate, which ends if that is too often."""
        refusal, is_over = hold_back(throttle, text, time.time_ns())
        self._reply(session, refusal)
        if is_over and session.logged_on and not session.dismissed:
            self._dismiss(session, f"too often {throttle.text}")

    def _reply(self, session: Session, refusal: Refusal | None) -> None:
        if refusal is not None and session.logged_on:
            self._counts.refuse_request(refusal)
            self._sender.inform(session, refusal.encode(session.version))
