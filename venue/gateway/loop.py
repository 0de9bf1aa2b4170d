"""The one loop: poll, take a turn with what came in, and when nothing comes, wait."""

import gc
import time
from typing import Protocol

from venue.gateway.acceptor import Acceptor
from venue.gateway.sessions import Session
from venue.gateway.wait import Waiter

SPINS = 50
"""Empty polls before the loop waits: cheaper than a wait while messages keep coming."""
TICK_SECONDS = 0.05
KEEP_ALIVE_SECONDS = 1.0


class Turns(Protocol):
    """What the loop drives."""

    def turn(self, inbox: list[tuple[Session, str]]) -> None:
        """Answer everything that came in."""

    def tick(self) -> None:
        """Do what is due now and then, whether anything came in or not."""


class Loop:
    """Runs until `stop`, which may be called from a signal handler."""

    def __init__(self, acceptor: Acceptor, turns: Turns) -> None:
        self._acceptor = acceptor
        self._turns = turns
        self._stopping = False

    def stop(self) -> None:
        self._stopping = True

    def run(self) -> None:
        acceptor, turns = self._acceptor, self._turns
        poll = acceptor.poll
        waiter = Waiter(acceptor.listening)
        monotonic = time.monotonic
        next_tick = next_keep_alive = 0.0
        idle = 0
        while not self._stopping:
            poll()
            inbox = acceptor.inbox
            if inbox:
                acceptor.inbox = []
                turns.turn(inbox)
                idle = 0
            else:
                idle += 1
                if idle > SPINS:
                    waiter.wait()
            now = monotonic()
            if now >= next_tick:
                turns.tick()
                acceptor.tell()
                next_tick = now + TICK_SECONDS
                if now >= next_keep_alive:
                    acceptor.keep_alive()
                    next_keep_alive = now + KEEP_ALIVE_SECONDS
        waiter.close()


def collect_garbage_never() -> None:
    """Keep the collector out of the hot path: nothing in it makes cycles that stay."""
    gc.collect()
    gc.freeze()
    gc.disable()
