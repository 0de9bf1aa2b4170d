"""What QuickFIX says that concerns no session: connections, and logons that it knows nobody for.

QuickFIX tells it to a log of its own, which has to be C++: with a log made in Python the process
aborts when it ends. So the text goes through two small files, emptied as they are read.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import quickfix

LONGEST = 1_000
"""Characters of a line that are worth repeating; a refused Logon can be of any length."""


class EngineLog(quickfix.LogFactory):  # type: ignore[misc]
    """Sessions get a log that writes, and costs, nothing; the rest can be `read`."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        directory.mkdir(parents=True, exist_ok=True)
        self._events = directory / "GLOBAL.event.current.log"
        self._messages = directory / "GLOBAL.messages.current.log"
        for path in (self._events, self._messages):
            path.unlink(missing_ok=True)
        self._global = quickfix.FileLogFactory(str(directory))
        self._silent = quickfix.ScreenLogFactory(False, False, False)

    def create(self, *session_id: Any) -> Any:
        return self._silent.create(*session_id) if session_id else self._global.create()

    def destroy(self, _: Any) -> None:
        pass

    def read(self) -> Iterator[str]:
        """Take what was said since the last call, a line each, without its time."""
        if self._messages.stat().st_size:
            os.truncate(self._messages, 0)
        if self._events.stat().st_size:
            text = self._events.read_text("utf-8", "replace")
            os.truncate(self._events, 0)
            for line in text.splitlines():
                yield line.partition(" : ")[2][:LONGEST]
