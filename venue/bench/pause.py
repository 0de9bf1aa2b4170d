"""How long the loop of a venue looks away from its sockets, and what a snapshot has to do with it.

`python -m venue.bench.pause FILE serve ...` is `venue serve ...` with a watch on the loop, which
leaves what it has seen in FILE.
"""

import json
import math
import os
import sys
import time
from collections.abc import Callable
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from venue import cli
from venue.gateway.acceptor import Acceptor
from venue.gateway.wait import Waiter
from venue.journal.snapshot_schedule import SnapshotSchedule

LONG_SECONDS = 0.0002


class Watch:
    """Times are seconds on one clock; a gap is from the end of a wait, or the begin of a poll, to
    the begin of the next poll.
    """

    def __init__(self) -> None:
        self._last = self._taken = 0.0
        self._schedule = _open_schedule()
        self.gaps: list[tuple[float, float, float]] = []
        """When each ended, how long it was, and for how much of that somebody else had the
        processor; short ones are left out.
        """
        self.begun: list[tuple[float, float]] = []
        """When a snapshot was begun, and how long the loop took for that."""
        self.ended: list[float] = []

    def poll(self, original: Callable[[Any], None]) -> Callable[[Any], None]:
        def poll(acceptor: Acceptor) -> None:
            last, taken = self._last, self._taken
            self._look()
            if last and self._last - last > LONG_SECONDS:
                self.gaps.append((self._last, self._last - last, self._taken - taken))
            original(acceptor)

        return poll

    def wait(self, original: Callable[..., bool]) -> Callable[..., bool]:
        def wait(*arguments: Any) -> bool:
            found = original(*arguments)
            self._look()
            return found

        return wait

    def _look(self) -> None:
        """See what time it is, and how long others had the processor when this thread wanted it."""
        self._last = time.perf_counter()
        if self._schedule is not None:
            self._taken = int(os.pread(self._schedule, 100, 0).split()[1]) / 1e9

    def tick(self, original: Callable[[Any], None]) -> Callable[[Any], None]:
        def tick(schedule: SnapshotSchedule) -> None:
            before, ran = time.perf_counter(), schedule.running
            original(schedule)
            now = time.perf_counter()
            if schedule.running and not ran:
                self.begun.append((before, now - before))
            elif ran and not schedule.running:
                self.ended.append(now)

        return tick

    def seen(self) -> dict[str, Any]:
        """Milliseconds: the longest gap while a snapshot was made, and otherwise; the longest
        without the time for which others had the processor; what it took to have one made. Seconds
        that making one took, none of one that was not done.
        """
        ends = chain(self.ended, repeat(math.inf))
        spans = [(begun, end) for (begun, _), end in zip(self.begun, ends, strict=False)]
        meanwhile, otherwise = [(0.0, 0.0)], [(0.0, 0.0)]
        for at, gap, taken in self.gaps:
            during = any(begun <= at <= end for begun, end in spans)
            (meanwhile if during else otherwise).append((gap * 1000, taken * 1000))
        return {
            "pause_ms": round(max(meanwhile)[0], 2),
            "pause_own_ms": round(max(gap - taken for gap, taken in meanwhile), 2),
            "pause_otherwise_ms": round(max(otherwise)[0], 2),
            "pause_otherwise_own_ms": round(max(gap - taken for gap, taken in otherwise), 2),
            "begin_ms": [round(took * 1000, 2) for _, took in self.begun],
            "snapshot_s": [round(end - begun, 1) for begun, end in spans if end < math.inf],
        }


def _open_schedule() -> int | None:
    """Linux: the file that tells nanoseconds on a processor and waiting for one."""
    try:
        return os.open("/proc/thread-self/schedstat", os.O_RDONLY)
    except OSError:
        return None


def main() -> None:
    watch = Watch()
    patched: Any = Acceptor
    patched.poll = watch.poll(Acceptor.poll)
    patched = Waiter
    patched.wait = watch.wait(Waiter.wait)
    patched = SnapshotSchedule
    patched.tick = watch.tick(SnapshotSchedule.tick)
    try:
        cli.main(sys.argv[2:])
    finally:
        Path(sys.argv[1]).write_text(json.dumps(watch.seen()))


if __name__ == "__main__":
    main()
