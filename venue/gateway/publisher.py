"""Market data from the venue's state to sessions, after each batch.

The venue has one, or where that does the fan-out the market data process.
"""

from collections.abc import Iterable, Mapping

import structlog

from venue.core.events import Event
from venue.core.venue import Venue
from venue.fix.message import format_time
from venue.gateway.sender import Sender
from venue.gateway.sessions import Session
from venue.marketdata.feed import NEVER, Feed, Refusal
from venue.marketdata.requests import Subscribe

AGAIN_AFTER = 100_000_000
"""Nanoseconds after a defect until everybody is sent a snapshot, if no batch comes before."""

log = structlog.get_logger()


class Publisher:
    """Holds the subscriptions to a venue's market data, and sends what they are due."""

    def __init__(self, venue: Venue, sessions: Mapping[str, Session], sender: Sender) -> None:
        """`sessions` are by their names."""
        self._venue = venue
        self._sessions = sessions
        self._sender = sender
        self._feed = Feed(venue)
        self._events: list[Event] = []
        self._again_at = NEVER

    def subscribe(self, session: Session, request: Subscribe) -> Refusal | None:
        """Note a request, whose snapshot comes with the next `publish`; or say why not."""
        return self._feed.subscribe(session.name, request)

    def unsubscribe(self, session: Session, md_req_id: str) -> bool:
        """End a subscription; False where there is none of that MDReqID(262)."""
        return self._feed.unsubscribe(session.name, md_req_id)

    def drop_session(self, session: Session) -> None:
        """End every subscription of a session that came or went."""
        self._feed.drop_session(session.name)

    def note(self, events: Iterable[Event]) -> None:
        """These happened in the batch that the next `end_batch` ends."""
        if self._feed.wanted:
            self._events += events

    @property
    def subscriptions(self) -> int:
        """How many there are."""
        return self._feed.subscriptions

    @property
    def deadline(self) -> int:
        """When `publish` is due though no batch has ended, in nanoseconds since 1970."""
        return min(self._feed.deadline, self._again_at)

    @property
    def owing(self) -> bool:
        """Whether somebody who was behind is to be sent a snapshot when that is over."""
        return self._feed.owing

    def end_batch(self, time: int) -> None:
        """A batch has ended at `time`, in nanoseconds since 1970."""
        if not self._feed.wanted:
            self._venue.forget_level_changes()
            return
        try:
            self._feed.note(self._venue.level_changes(), self._events, time)
        except Exception:
            self._begin_anew(time)
        self._events.clear()

    def publish(self, now: int) -> None:
        """Send everybody what they are due at `now`. A defect is logged, and everybody gets a new
        snapshot.
        """
        feed = self._feed
        self._again_at = NEVER
        if not feed.wanted:
            return
        try:
            publications = feed.publish(now, self._sender.behind)
            time = format_time(now) if publications else ""
            for publication in publications:
                targets = [(self._sessions[name], to) for name, to in publication.targets]
                instrument = self._venue.instruments[publication.symbol]
                self._sender.publish(publication, instrument, time, targets)
        except Exception:
            self._begin_anew(now)

    def _begin_anew(self, now: int) -> None:
        log.exception("defect", where="market data")
        self._feed.start_over()
        self._again_at = now + AGAIN_AFTER
