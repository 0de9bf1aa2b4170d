"""Messages that are sent in order, as soon as the venue's throttle lets each pass."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from venue.web.pace import Pace
from venue.web.problems import Problem


class Turns:
    """Those of one session. A token is taken when a message is sent and not when it begins to wait,
    so that none goes to a venue that stands still: it would take them all at once later.
    """

    def __init__(self, pace: Pace, is_up: Callable[[object], bool]) -> None:
        """`is_up` tells whether a connection that a message was meant for is still there."""
        self._pace = pace
        self._is_up = is_up
        self._waiting: deque[tuple[object, Callable[[], object]]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def send(self, connection: object, send: Callable[[], object]) -> None:
        """Call `send`, which sends one message: at once, then it may raise, or when those before
        have been sent; not at all where the connection is lost before.
        """
        if not self._waiting and self._pace.delay() <= 0:
            self._pace.reserve(1, 0, is_question=True)
            send()
            return
        self._waiting.append((connection, send))
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting:
            connection, send = self._waiting[0]
            if self._is_up(connection):
                delay = self._pace.delay()
                if delay > 0:
                    self._wait(delay)
                    return
                self._pace.reserve(1, 0, is_question=True)
                with suppress(Problem):
                    send()
            self._waiting.popleft()

    def _wait(self, delay: float) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(delay, self._due)

    def _due(self) -> None:
        self._timer = None
        self._go_on()
