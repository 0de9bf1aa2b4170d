"""What the venue prints. Nobody has to read it: a closed pipe or a full disk stops nothing."""

import os
import sys
from contextlib import suppress

import structlog


def say(line: str) -> None:
    """Print a line to standard output, or to nowhere once that cannot be written."""
    try:
        print(line, flush=True)
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Printer:
    """The logger at the end of structlog's chain."""

    def msg(self, message: str) -> None:
        say(message)

    log = debug = info = warning = warn = error = exception = critical = msg


def configure() -> None:
    """Let structlog print through `say`."""
    structlog.configure(logger_factory=lambda *_: _Printer())
