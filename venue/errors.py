"""What the venue raises at whoever runs it. A FIX client's mistake is an answer, never an error.

    VenueError
    ├── ConfigError     the configuration or the command line is wrong
    └── JournalError    the journal cannot be read or written

The `venue` command prints `str(error)`, which is one line, and exits with `exit_status`.
"""

from typing import ClassVar


class VenueError(Exception):
    """Base of all errors of the venue."""

    exit_status: ClassVar[int] = 1


class ConfigError(VenueError):
    """A setting is not what it has to be: `FILE:LINE: KEY: found THIS, expected THAT`."""

    exit_status = 2

    def __init__(
        self, file: str, key: str, found: str, expected: str, line: int | None = None
    ) -> None:
        self.file = file
        self.key = key
        self.found = found
        self.expected = expected
        self.line = line
        where = file if line is None else f"{file}:{line}"
        what = f"{key}: found {found}" if key else f"found {found}"
        line_of_text = f"{where}: {what}, expected {expected}"
        super().__init__("".join(c if c.isprintable() else repr(c)[1:-1] for c in line_of_text))


class JournalError(VenueError):
    """The journal cannot be read or written."""
