"""The messages of the web's FIX sessions, the last ones, for people to read.

`add` is called by QuickFIX's threads, for each message: it looks at the type and keeps the text.
Whatever costs more (masking, times, objects) is done for those that somebody reads.
"""

import asyncio
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal, NamedTuple

from venue.client.wire import SOH
from venue.fix.masking import readable
from venue.web.shapes import FixMessage

Direction = Literal["in", "out"]
Watcher = Callable[[list[FixMessage]], None]

FREQUENT = frozenset({"0", "1", "W", "X"})
"""MsgTypes that would leave no room for others: heartbeats, TestRequests and market data."""
KEPT, KEPT_FREQUENT = 5_000, 500
"""Of each session."""
WATCH_SECONDS = 0.1
"""Watchers are told so often at most; of frequent messages only the last ones each time."""
TOLD_FREQUENT = 20
_USERNAME = "|553="


class _Noted(NamedTuple):
    number: int
    time: float
    session: str
    direction: Direction
    msg_type: str
    text: str


class MessageLog:
    """Keeps so many messages of each session, frequent ones apart."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._usual: dict[str, deque[_Noted]] = {}
        self._frequent: dict[str, deque[_Noted]] = {}
        self._new: deque[_Noted] = deque(maxlen=kept)
        self._new_frequent: deque[_Noted] = deque(maxlen=TOLD_FREQUENT)
        self._watchers: list[Watcher] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_due = False

    def add(self, session: str, direction: Direction, text: str) -> None:
        """Note a message. Any thread may call this."""
        msg_type = text.split(SOH, 3)[2][3:]
        is_frequent = msg_type in FREQUENT
        with self._lock:
            noted = _Noted(next(self._numbers), time.time(), session, direction, msg_type, text)
            kept = self._frequent if is_frequent else self._usual
            if session not in kept:
                kept[session] = deque(maxlen=KEPT_FREQUENT if is_frequent else self._kept)
            kept[session].append(noted)
            if self._watchers:
                (self._new_frequent if is_frequent else self._new).append(noted)
                if not self._is_due and self._loop is not None:
                    self._is_due = True
                    self._loop.call_soon_threadsafe(self._tell_later)

    def recent(self, sessions: Collection[str], limit: int) -> list[FixMessage]:
        """Return the last messages of these sessions, oldest first."""
        with self._lock:
            found = [
                noted
                for kept in (self._usual, self._frequent)
                for session in sessions
                for noted in itertools.islice(reversed(kept.get(session, ())), limit)
            ]
        found.sort()
        return [_shown(noted) for noted in found[-limit:]] if limit > 0 else []

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` on this event loop with new messages of all sessions, oldest first; return
        how to end that.
        """
        self._loop = asyncio.get_running_loop()
        with self._lock:
            self._watchers.append(watcher)

        def unwatch() -> None:
            with self._lock:
                if watcher in self._watchers:
                    self._watchers.remove(watcher)
                if not self._watchers:
                    self._new.clear()
                    self._new_frequent.clear()

        return unwatch

    def _tell_later(self) -> None:
        if self._loop is not None:
            self._loop.call_later(WATCH_SECONDS, self._tell)

    def _tell(self) -> None:
        with self._lock:
            self._is_due = False
            new = sorted([*self._new, *self._new_frequent])
            self._new.clear()
            self._new_frequent.clear()
            watchers = list(self._watchers)
        shown = [_shown(noted) for noted in new] if watchers else []
        for watcher in watchers:
            watcher(shown)


@lru_cache(KEPT)  # who reads them reads most of them again
def _shown(noted: _Noted) -> FixMessage:
    raw = readable(noted.text)
    if _USERNAME in raw:
        before, _, after = raw.partition(_USERNAME)
        raw = f"{before}{_USERNAME}***|{after.partition('|')[2]}"
    return FixMessage(
        number=noted.number,
        time=time_text(noted.time),
        session=noted.session,
        direction=noted.direction,
        msg_type=noted.msg_type,
        raw=raw,
    )


def time_text(seconds: float) -> str:
    """Seconds since 1970 as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
