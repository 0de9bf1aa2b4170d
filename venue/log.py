"""What the venue prints. Nobody has to read it: a closed pipe, a full one or a full disk stops
nothing.
"""

import os
import select
import sys
from contextlib import suppress

import structlog

_PIECE = 1024
"""Characters that go into a pipe which takes any: PIPE_BUF is 4096 bytes."""


def say(line: str) -> None:
    """Print a line to standard output, or to nowhere while that cannot be written."""
    try:
        whole = f"{line}\n"
        for at in range(0, len(whole), _PIECE):
            if not _takes_more():
                return
            sys.stdout.write(whole[at : at + _PIECE])
            sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _takes_more() -> bool:
    """Whether standard output can be written without waiting for its reader."""
    try:
        return bool(select.select([], [sys.stdout], [], 0)[1])
    except ValueError:  # no file behind it
        return True


class _Printer:
    """The logger at the end of structlog's chain."""

    def msg(self, message: str) -> None:
        say(message)

    log = debug = info = warning = warn = error = exception = critical = msg


def configure() -> None:
    """Let structlog print through `say`."""
    structlog.configure(logger_factory=lambda *_: _Printer())
