"""What the venue prints. Nobody has to read it: a closed pipe, a full one or a full disk stops
nothing, and whatever happens too often is told now and then, with how often it was.
"""

import json
import os
import select
import sys
import time
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from venue.fix.masking import masked

BURST, PER_SECOND = 50, 5
"""Lines of one kind and session at once, and anew in each second."""
MOST_KINDS = 10_000
TOLD_SECONDS = 1.0
"""After which it is told what was suppressed, if no other line of its kind has told."""
_PIECE = 1024
"""Characters that go into a pipe which takes any: PIPE_BUF is 4096 bytes."""

Line = MutableMapping[str, Any]
Kind = tuple[str, str | None]


class _Output:
    """Standard output; `dropped` are the lines that it did not take."""

    def __init__(self) -> None:
        self.dropped = 0
        self._is_torn = False

    def say(self, line: str) -> None:
        try:
            encoding = sys.stdout.encoding or "utf-8"
            whole = f"{line}\n".encode(encoding, "backslashreplace").decode(encoding)
            if self._is_torn:
                whole = f"\n{whole}"
            for at in range(0, len(whole), _PIECE):
                if not _takes_more():
                    self.dropped += 1
                    self._is_torn = self._is_torn or at > 0
                    return
                sys.stdout.write(whole[at : at + _PIECE])
                sys.stdout.flush()
                self._is_torn = False
        except (OSError, ValueError):
            self.dropped += 1
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _takes_more() -> bool:
    """Whether standard output can be written without waiting for its reader."""
    try:
        return bool(select.select([], [sys.stdout], [], 0)[1])
    except ValueError:  # no file behind it
        return True


class Flood:
    """Lets a number of lines of each kind pass, and says with the next how many it did not;
    `suppressed` counts them all.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.suppressed = 0
        self._clock = clock
        self._kinds: dict[Kind, tuple[float, float, int]] = {}

    def __call__(self, logger: Any, method: str, line: Line) -> Line:
        now = self._clock()
        kind = str(line.get("event")), line.get("session")
        room, before, held = self._kinds.get(kind, (BURST, now, 0))
        room = min(BURST, room + (now - before) * PER_SECOND)
        if room < 1:
            self.suppressed += 1
            self._kinds[kind] = room, now, held + 1
            raise structlog.DropEvent
        if held:
            line["suppressed"] = held
        if len(self._kinds) >= MOST_KINDS:
            self._kinds.clear()
        self._kinds[kind] = room - 1, now, 0
        return line

    def tell(self) -> None:
        """Log what was suppressed and has ceased."""
        now = self._clock()
        for kind, (room, since, held) in list(self._kinds.items()):
            if held and now - since >= TOLD_SECONDS:
                self._kinds[kind] = room, since, 0
                event, session = kind
                about = {} if session is None else {"session": session}
                structlog.get_logger().warning("suppressed", kind=event, lines=held, **about)


class _Printer:
    """The logger at the end of structlog's chain."""

    def msg(self, message: str) -> None:
        say(message)

    log = debug = info = warning = warn = error = exception = critical = msg


def _stamp(logger: Any, method: str, line: Line) -> Line:
    """Put time and level first, and take secrets out."""
    level = "error" if method == "exception" else method
    stamped: Line = {"time": _now(), "level": level, "event": ""}
    for key, value in line.items():
        if not isinstance(value, str | int | float | None):
            value = str(value) if isinstance(value, Path) else repr(value)
        stamped[key] = masked(value) if isinstance(value, str) else value
    return stamped


def _now() -> str:
    seconds, rest = divmod(time.time_ns(), 1_000_000_000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{rest // 1000:06d}Z"


def text_line(logger: Any, method: str, line: Line) -> str:
    """`TIME LEVEL EVENT key=value ...`; a traceback on lines of its own."""
    fields = dict(line)
    when, level, event = (fields.pop(key) for key in ("time", "level", "event"))
    exception = fields.pop("exception", "")
    words = [when, f"{level:<7}", _shown(str(event), " =\"'\\")]
    words += [f"{key}={_shown(str(value))}" for key, value in fields.items()]
    return "\n".join([" ".join(words), *map(_printable, str(exception).splitlines())])


def json_line(logger: Any, method: str, line: Line) -> str:
    """One JSON object, in ASCII."""
    return json.dumps(dict(line), default=repr)


def _shown(value: str, allowed: str = "") -> str:
    """A value as it is, or in quotes where it would not be one word otherwise."""
    special = set(" =\"'\\").difference(allowed)
    if value and value.isprintable() and special.isdisjoint(value):
        return value
    return json.dumps(value)


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


_output = _Output()
_flood = Flood()
_render = text_line


def say(line: str) -> None:
    """Print a line to standard output, or to nowhere while that cannot be written."""
    _output.say(line)


def configure(form: str = "text") -> None:
    """Let structlog print through `say`: `text` for people, or `json`."""
    global _flood, _render
    _flood = Flood()
    _render = json_line if form == "json" else text_line
    structlog.configure(
        processors=[
            _flood,
            structlog.processors.format_exc_info,
            _stamp,
            _render,
        ],
        logger_factory=lambda *_: _Printer(),
    )


def form() -> str:
    """How lines look, as `configure` was told."""
    return "json" if _render is json_line else "text"


def message(direction: str, session: str, text: str) -> None:
    """Print a FIX message, `text` as people may read it, however many there are."""
    line = {"time": _now(), "level": "info", "event": direction, "session": session, "text": text}
    say(_render(None, "info", line))


def suppressed() -> int:
    """Lines that were one too many of their kind."""
    return _flood.suppressed


def dropped() -> int:
    """Lines that standard output did not take."""
    return _output.dropped


def tell_suppressed() -> None:
    """Log what was suppressed and has ceased; somebody has to call this now and then."""
    _flood.tell()
