"""The file of stored passwords: a line for each CompID, with the hash of its password.

It may be read and written by its owner only. The venue, its market data process and `venue passwd`
share it.
"""

from pathlib import Path

from venue.errors import VenueError
from venue.passwords import PasswordHash, parse_hash
from venue.private_file import PrivateFile

NAME = "passwords"
_HEAD = "# CompID and scrypt hash of its password; `venue passwd` writes this file.\n"


class PasswordFile:
    """`passwords` in a data directory, which needs not be there."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / NAME
        self._file = PrivateFile(self.path)

    def hashes(self) -> dict[str, PasswordHash]:
        """What the file has now, by CompID. Raise `VenueError` where it cannot be trusted."""
        return self._parse(self._file.read())

    def set(self, comp_id: str, password: PasswordHash | None) -> PasswordHash | None:
        """Store the hash of a CompID's password, or forget it; return the one it had before.

        Raise `VenueError` where the file cannot be trusted or written; it is as before then.
        """
        with self._file.changing():
            hashes = dict(self.hashes())
            before = hashes.pop(comp_id, None)
            if password is not None:
                hashes[comp_id] = password
            lines = "".join(f"{name} {each}\n" for name, each in sorted(hashes.items()))
            self._file.write(_HEAD + lines)
        return before

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
