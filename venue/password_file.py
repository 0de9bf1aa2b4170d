"""The file of stored passwords: a line for each CompID, with the hash of its password.

It may be read and written by its owner only, and is replaced as a whole, so that nobody ever reads
half of it. The venue, its market data process and `venue passwd` share it.
"""

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from venue.errors import VenueError
from venue.passwords import PasswordHash, parse_hash

NAME = "passwords"
MODE = 0o600
TRIES, BETWEEN_TRIES = 20, 0.002
"""How often, and after how many seconds, it is tried to be the one who writes."""
_HEAD = "# CompID and scrypt hash of its password; `venue passwd` writes this file.\n"


class PasswordFile:
    """`passwords` in a data directory, which needs not be there."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / NAME

    def hashes(self) -> dict[str, PasswordHash]:
        """What the file has now, by CompID. Raise `VenueError` where it cannot be trusted."""
        try:
            with self.path.open("rb") as file:
                self._check(os.fstat(file.fileno()))
                return self._parse(file.read())
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise VenueError(f"{self.path}: cannot be read: {error.strerror}") from None

    def set(self, comp_id: str, password: PasswordHash | None) -> bool:
        """Store the hash of a CompID's password, or forget it; tell whether it had one.

        Raise `VenueError` where the file cannot be trusted or written; it is as before then.
        """
        try:
            with self._locked():
                hashes = dict(self.hashes())
                had = hashes.pop(comp_id, None) is not None
                if password is not None:
                    hashes[comp_id] = password
                self._write("".join(f"{name} {each}\n" for name, each in sorted(hashes.items())))
        except OSError as error:
            raise VenueError(f"{self.path}: cannot be written: {error.strerror}") from None
        return had

    def _check(self, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode):
            raise VenueError(f"{self.path}: expected a file")
        mode = stat.S_IMODE(status.st_mode)
        if mode & 0o077:
            text = f"others may use it, its mode is {mode:04o}, expected {MODE:04o}"
            raise VenueError(f"{self.path}: {text}")

    def _parse(self, content: bytes) -> dict[str, PasswordHash]:
        found: dict[str, PasswordHash] = {}
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            if not line.strip() or line.startswith("# "):
                continue
            comp_id, _, text = line.partition(" ")
            try:
                password = parse_hash(text)
            except ValueError:
                where = f"{self.path}:{number}"
                raise VenueError(f"{where}: expected COMP_ID and a hash of a password") from None
            if comp_id in found:
                raise VenueError(f"{self.path}:{number}: {comp_id} has a line before")
            found[comp_id] = password
        return found

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep whoever else writes the file out meanwhile. Raise `OSError` where somebody else does
        not come to an end: whoever may read the directory can lock it, and the venue must not hang.
        """
        directory = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for left in reversed(range(TRIES)):
                try:
                    fcntl.flock(directory, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if not left:
                        raise
                    time.sleep(BETWEEN_TRIES)
            yield
            os.fsync(directory)
        finally:
            os.close(directory)

    def _write(self, lines: str) -> None:
        beside = self.path.with_name(f"{NAME}.new")
        with suppress(FileNotFoundError):
            beside.unlink()
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            owner = os.stat(self.path.parent)
            if os.geteuid() == 0:  # so that a venue of another user can go on reading it
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
            file.write(_HEAD + lines)
            file.flush()
            os.fsync(descriptor)
        beside.rename(self.path)
