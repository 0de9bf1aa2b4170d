"""API tokens: a secret that is shown once, and a file of the hashes of all that were made.

A token has 256 random bits, so that a plain SHA-256 of it can neither be guessed nor reversed.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from msgspec import Struct

from venue.errors import VenueError
from venue.private_file import PrivateFile

NAME = "web-tokens"
PREFIX = "venue_"
_HEAD = (
    "# user, name, hash, rights and last day of each token; `venue web-token` writes this file.\n"
)
_FULL, _READ_ONLY, _NEVER = "full", "read_only", "never"


class Token(Struct, frozen=True):
    """What is known of a token. It is refused from the day `expires` on, UTC."""

    user: str
    name: str
    hash: str
    read_only: bool
    expires: date | None


def new_token() -> str:
    """A token of its own."""
    return PREFIX + secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is stored of a token."""
    return f"sha256:{hashlib.sha256(token.encode('utf-8', 'replace')).hexdigest()}"


class TokenFile:
    """`web-tokens` in a data directory, which needs not be there."""

    def __init__(self, directory: Path) -> None:
        self._file = PrivateFile(directory / NAME)
        self._seen: tuple[int, int, int] | None = None

    def tokens(self) -> list[Token]:
        """All of them. Raise `VenueError` where the file cannot be trusted."""
        self._seen = self._stamp()
        lines = self._file.read().decode("ascii", "replace").splitlines()
        return [self._parse(number, line) for number, line in enumerate(lines, 1) if _says(line)]

    def is_changed(self) -> bool:
        """Whether it is another file than that `tokens` has read."""
        return self._stamp() != self._seen

    def add(self, token: Token) -> None:
        """Store a token. Raise `VenueError` where its user has one of that name."""
        with self._file.changing():
            tokens = self.tokens()
            if any((each.user, each.name) == (token.user, token.name) for each in tokens):
                raise VenueError(f"{token.user} has a token {token.name}: give another --name")
            self._write([*tokens, token])

    def remove(self, user: str, name: str) -> bool:
        """Forget a token; tell whether there was one."""
        with self._file.changing():
            tokens = self.tokens()
            left = [each for each in tokens if (each.user, each.name) != (user, name)]
            if len(left) < len(tokens):
                self._write(left)
        return len(left) < len(tokens)

    def _write(self, tokens: Iterable[Token]) -> None:
        self._file.write(_HEAD + "".join(map(_line, tokens)))

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            status = self._file.path.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_mode

    def _parse(self, number: int, line: str) -> Token:
        try:
            user, name, digest, rights, expires = line.split(" ")
            if rights not in (_FULL, _READ_ONLY) or not digest.startswith("sha256:"):
                raise ValueError
            until = None if expires == _NEVER else date.fromisoformat(expires)
        except ValueError:
            expected = "USER NAME HASH RIGHTS EXPIRES of a token"
            raise VenueError(f"{self._file.path}:{number}: expected {expected}") from None
        return Token(user, name, digest, rights == _READ_ONLY, until)


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("# ")


def _line(token: Token) -> str:
    rights = _READ_ONLY if token.read_only else _FULL
    expires = token.expires.isoformat() if token.expires else _NEVER
    return f"{token.user} {token.name} {token.hash} {rights} {expires}\n"
