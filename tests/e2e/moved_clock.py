"""A venue whose clock can be moved: `python -m tests.e2e.moved_clock FILE serve ...`.

FILE holds how many nanoseconds it is ahead. QuickFIX's own clock is not moved, so clients check no
latency and are checked for none.
"""

import mmap
import struct
import sys
import time
from pathlib import Path

from venue import cli


class MovedClock:
    """Written by a test, read by its venues."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(8))
        with path.open("r+b") as file:
            self._ahead = mmap.mmap(file.fileno(), 8)
        self._time_ns = time.time_ns

    def time_ns(self) -> int:
        return self._time_ns() + int(struct.unpack("q", self._ahead[:8])[0])

    def move_to(self, moment: int) -> None:
        """Let it be `moment`, in nanoseconds since 1970 UTC, and go on from there."""
        self._ahead[:8] = struct.pack("q", moment - self._time_ns())


if __name__ == "__main__":
    time.time_ns = MovedClock(Path(sys.argv.pop(1))).time_ns
    cli.main()
