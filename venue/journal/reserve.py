"""Room on the disk that is kept for the last thing to be written when there is no other left."""

import os
from contextlib import suppress
from pathlib import Path

from venue.errors import JournalError

SIZE = 1 << 20


class Reserve:
    """A file of `size` bytes in the data directory, until it is given up."""

    def __init__(self, directory: Path, size: int = SIZE) -> None:
        """Raise `JournalError` where there is not even that much room."""
        self._path = directory / "reserve"
        try:
            if self._path.exists() and self._path.stat().st_blocks * 512 >= size:
                return
            with self._path.open("wb") as file:
                file.write(os.urandom(size))  # what cannot be compressed has blocks of its own
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            self.give_up()
            raise JournalError(f"no room for {self._path} of {size} bytes: {error}") from error

    def give_up(self) -> None:
        """Let the journal have the room."""
        with suppress(OSError):
            self._path.unlink()
