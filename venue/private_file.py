"""A file with secrets: its owner alone may read and write it, and it is replaced as a whole, so
that nobody ever reads half of it.
"""

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from venue.errors import VenueError

MODE = 0o600
TRIES, BETWEEN_TRIES = 20, 0.002
"""How often, and after how many seconds, it is tried to be the one who writes."""


class PrivateFile:
    """A file that need not be there; its directory has to be, before anything is written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> bytes:
        """What it has now, nothing if there is none. Raise `VenueError` if it cannot be trusted."""
        try:
            with self.path.open("rb") as file:
                self._check(os.fstat(file.fileno()))
                return file.read()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise VenueError(f"{self.path}: cannot be read: {error.strerror}") from None

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Keep whoever else changes a file of the directory out meanwhile. Raise `VenueError` where
        it cannot be written, or somebody else does not come to an end: whoever may read the
        directory can lock it, and nobody must hang for that.
        """
        try:
            directory = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                _lock(directory)
                yield
                os.fsync(directory)
            finally:
                os.close(directory)
        except OSError as error:
            raise VenueError(f"{self.path}: cannot be written: {error.strerror}") from None

    def write(self, content: str) -> None:
        """Replace it, within `changing`; as before if that fails with `OSError`."""
        beside = self.path.with_name(f"{self.path.name}.new")
        with suppress(FileNotFoundError):
            beside.unlink()
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            owner = os.stat(self.path.parent)
            if os.geteuid() == 0:  # so that a venue of another user can go on reading it
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        beside.rename(self.path)

    def _check(self, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode):
            raise VenueError(f"{self.path}: expected a file")
        mode = stat.S_IMODE(status.st_mode)
        if mode & 0o077:
            text = f"others may use it, its mode is {mode:04o}, expected {MODE:04o}"
            raise VenueError(f"{self.path}: {text}")


def _lock(directory: int) -> None:
    for left in reversed(range(TRIES)):
        try:
            fcntl.flock(directory, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if not left:
                raise
            time.sleep(BETWEEN_TRIES)
