"""The terminal: keys as they are pressed, and everything put back in the end."""

import codecs
import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Keyboard:
    """Reads standard input without waiting for a whole line."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode

    def read(self, timeout: float) -> str | None:
        """Return what was typed within `timeout` seconds; None when the terminal has gone."""
        readable, _, _ = select.select([self._fd], [], [], timeout)
        if not readable:
            return ""
        typed = os.read(self._fd, 4096)
        return self._decode(typed) if typed else None


@contextmanager
def keyboard() -> Iterator[Keyboard]:
    """Read single keys from standard input; its settings come back however the block ends."""
    fd = sys.stdin.fileno()
    settings = termios.tcgetattr(fd)
    handlers = {sig: signal.signal(sig, _leave) for sig in (signal.SIGTERM, signal.SIGHUP)}
    try:
        tty.setcbreak(fd)
        yield Keyboard(fd)
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, settings)
        for sig, handler in handlers.items():
            signal.signal(sig, handler)


def _leave(signum: int, _: FrameType | None) -> None:
    raise SystemExit(128 + signum)
