"""The one loop: poll, take a turn with what came in, and when nothing comes, wait."""

import gc
import time
from collections.abc import Callable, Iterable
from typing import Protocol

import structlog

from venue.errors import JournalError
from venue.gateway.acceptor import Acceptor
from venue.gateway.sessions import Session
from venue.gateway.wait import Waiter
from venue.monitoring.counts import Counts

SPINS = 50
"""Empty polls before the loop waits: cheaper than a wait while messages keep coming."""
BUSY = 16
"""Messages of one poll that tell of more to come: the loop polls again before it takes a turn."""
LARGEST_BATCH = 256
"""Messages of one turn, more or less: what a client may have to wait for because of another."""
TICK_SECONDS = 0.05
KEEP_ALIVE_SECONDS = 0.1
"""Between two looks at the sessions' clocks: a heartbeat is no later than that."""
COLLECT_SECONDS = 1.0


log = structlog.get_logger()


class Turns(Protocol):
    """What the loop drives."""

    def turn(self, inbox: list[tuple[Session, str]]) -> None:
        """Answer everything that came in."""

    def tick(self) -> None:
        """Do what is due every `TICK_SECONDS`, whether anything came in or not."""

    def patience(self) -> float:
        """How many seconds may pass until `tick` has something to do before its time."""


class Loop:
    """Runs until `stop`, which may be called from a signal handler.

    Who comes to log on is let in every `TICK_SECONDS`. Where the journal fails, what was not
    answered is in the acceptor's inbox again.
    """

    def __init__(
        self,
        acceptor: Acceptor,
        turns: Turns,
        chores: Iterable[Callable[[], None]] = (),
        counts: Counts | None = None,
    ) -> None:
        """`chores` are done with every tick, and take next to no time."""
        self._counts = counts or Counts()
        self._acceptor = acceptor
        self._turns = turns
        self._chores = tuple(chores)
        self._stopping = False

    def stop(self) -> None:
        self._stopping = True

    def run(self) -> None:
        acceptor, turns = self._acceptor, self._turns
        poll, sender, readers = acceptor.poll, acceptor.sender, acceptor.readers
        waiter = Waiter()
        monotonic = time.monotonic
        note_messages = self._counts.turn_messages.observe
        note_seconds = self._counts.turn_seconds.observe
        next_tick = next_keep_alive = next_collection = 0.0
        idle = 0
        while not self._stopping:
            if sender.resending and sender.resend():
                idle = 0
            poll()
            inbox = acceptor.inbox
            fresh = len(inbox)
            while fresh >= BUSY and len(inbox) < LARGEST_BATCH:
                before = len(inbox)
                poll()
                fresh = len(inbox) - before
            if readers.behind:
                readers.write_queues(self._has_room)
            if inbox:
                acceptor.inbox = []
                begun = monotonic()
                try:
                    turns.turn(inbox)
                except JournalError:
                    acceptor.inbox = inbox + acceptor.inbox
                    raise
                note_messages(len(inbox))
                note_seconds(monotonic() - begun)
                idle = 0
            else:
                idle += 1
                if idle > SPINS:
                    patience = turns.patience()
                    if patience <= 0:
                        turns.tick()
                    elif waiter.wait(readers.behind, patience):
                        idle = 0
            now = monotonic()
            if now >= next_tick:
                turns.tick()
                next_tick = now + TICK_SECONDS
                try:
                    for chore in self._chores:
                        chore()
                    readers.look(self._has_room)
                    if acceptor.admit():
                        waiter.scan()
                    if now >= next_keep_alive:
                        next_keep_alive = now + KEEP_ALIVE_SECONDS
                        acceptor.keep_alive()
                    if idle and now >= next_collection:
                        next_collection = now + COLLECT_SECONDS
                        gc.collect(0)
                except JournalError:
                    raise
                except Exception:
                    log.exception("defect", where="loop")
        waiter.close()

    def _has_room(self) -> bool:
        return len(self._acceptor.inbox) < LARGEST_BATCH


def keep_collector_off_the_hot_path() -> None:
    """Collect only young garbage, and only in idle moments (the loop does).

    Nothing that a turn makes has cycles, so hardly any is left to collect; orders and events are
    not even looked at.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
