"""A directory for what nobody needs once the process is gone, even where it was killed."""

import fcntl
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX = "fix-venue-"


class ScratchDirectory:
    """A directory that nobody else can enter. `close` removes it; if that never comes, the next one
    of the same user does: the lock on it ends with the process.
    """

    def __init__(self) -> None:
        _remove_left()
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
            self._lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            if self.path.exists():  # nobody took it for left before it was locked
                return
            os.close(self._lock)

    def close(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.close()


def _remove_left() -> None:
    """Remove those of this user whose process is gone."""
    with os.scandir(tempfile.gettempdir()) as entries:
        named = [entry.path for entry in entries if entry.name.startswith(PREFIX)]
    for path in named:
        with suppress(OSError):  # somebody else's, or removed meanwhile
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                status = os.fstat(descriptor)
                if status.st_uid == os.geteuid() and stat.S_IMODE(status.st_mode) == 0o700:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(descriptor)
