"""How the web does: how fast orders are answered, how late its loop is, what is counted."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping

from venue.web.api.shapes import Latency
from venue.web.api.shapes import Performance as Told

KEPT = 10_000
TICK_SECONDS = 0.1
Figures = Callable[[], Mapping[str, int]]


class Times:
    """The last durations of something."""

    def __init__(self) -> None:
        self.count = 0
        self._last: deque[float] = deque(maxlen=KEPT)

    def add(self, seconds: float) -> None:
        self.count += 1
        self._last.append(seconds)

    def told(self) -> Latency:
        ordered = sorted(self._last)

        def at(share: float) -> int | None:
            last = len(ordered) - 1
            return round(ordered[min(last, int(share * len(ordered)))] * 1e6) if ordered else None

        return Latency(count=self.count, p50=at(0.5), p90=at(0.9), p99=at(0.99), max=at(1))


class Performance:
    """Counts; `add` takes what a part of the web counts by itself."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._orders = Times()
        self._lag = Times()
        self._figures: dict[str, Figures] = {}
        self._watch: asyncio.Task[None] | None = None

    def add(self, name: str, figures: Figures) -> None:
        """Tell of a part of the web, too."""
        self._figures[name] = figures

    def order_answered(self, seconds: float) -> None:
        """Note how long the venue took for a request of an order."""
        self._orders.add(seconds)

    def told(self) -> Told:
        return Told(
            uptime_seconds=int(time.monotonic() - self._begun),
            orders=self._orders.told(),
            loop_lag=self._lag.told(),
            figures={name: dict(figures()) for name, figures in self._figures.items()},
        )

    async def start(self) -> None:
        """Look at the loop from now on."""
        self._watch = asyncio.create_task(self._look())

    async def stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + TICK_SECONDS
            await asyncio.sleep(TICK_SECONDS)
            self._lag.add(max(0.0, loop.time() - due))
