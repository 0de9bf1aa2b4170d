"""The cookie of who has logged in to the page: signed, not stored, until it is logged out.

    USER.ID.EXPIRES.MAC     user in base64url, id 128 random bits, expires in seconds since 1970

The key of the signature and the ids that were logged out before they expire are files of the data
directory, so neither a restart ends a login nor brings one back. A user's password hash goes into
the signature: another password ends all of his logins. Of a user no more than MOST_ENDED ids are
kept: where there are more, the half that expires first is forgotten, and with it ends every login
of his that expires no later.
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from venue.errors import VenueError
from venue.private_file import PrivateFile

KEY, ENDED = "web-key", "web-logged-out"
MOST_ENDED = 5_000
_KEY_BYTES = 32
_ALL = "*"
"""In place of an id: all that expire until then have ended."""


class Login(NamedTuple):
    """What a good cookie says."""

    user: str
    id: str
    expires: int


class Cookies:
    """Makes, reads and ends logins. `secret` tells the password hash of a user, None if there is no
    such user.
    """

    def __init__(
        self,
        directory: Path,
        secret: Callable[[str], str | None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Raise `VenueError` where its files cannot be read, trusted or made."""
        self._secret = secret
        self._clock = clock
        self._key = _key(PrivateFile(directory / KEY))
        self._file = PrivateFile(directory / ENDED)
        self._ended = self._read()

    def make(self, user: str, seconds: int) -> tuple[str, Login]:
        """The value of a new cookie of a user, and what it says."""
        login = Login(user, secrets.token_hex(16), int(self._clock()) + seconds)
        return ".".join([_text(user), login.id, str(login.expires), self._sign(login)]), login

    def read(self, value: str) -> Login | None:
        """What a cookie says; None if it is not ours, has expired or was logged out."""
        try:
            name, number, expires, signature = value.split(".")
            login = Login(_untext(name), number, int(expires))
        except ValueError:
            return None
        expected = self._sign(login)
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), expected.encode()):
            return None
        return login if self.is_open(login) else None

    def is_open(self, login: Login) -> bool:
        """Whether a login is still one."""
        return (
            login.expires > self._clock()
            and not self._has_ended(login)
            and self._secret(login.user) is not None
        )

    def end(self, login: Login) -> None:
        """Log out: no copy of the cookie is good any more, until a restart or, once `store` has
        written down what has `ended`, for ever.
        """
        mine = self._ended.setdefault(login.user, {})
        mine[login.id] = login.expires
        if len(mine) > MOST_ENDED:
            now = self._clock()
            by_expiry = sorted((at, each) for each, at in mine.items() if at > now)
            forgotten = by_expiry[: max(0, len(by_expiry) - MOST_ENDED // 2)]
            mine = {each: at for at, each in by_expiry[len(forgotten) :]}
            if forgotten:
                mine[_ALL] = max(forgotten[-1][0], mine.get(_ALL, 0))
            self._ended[login.user] = mine

    def ended(self) -> list[tuple[str, str, int]]:
        """The user, id and expiry of all that has ended and has not expired."""
        now = self._clock()
        return [
            (user, each, at)
            for user, ended in self._ended.items()
            for each, at in ended.items()
            if at > now
        ]

    def store(self, ended: list[tuple[str, str, int]]) -> None:
        """Write that down; it takes some milliseconds. Raise `VenueError` where it cannot be."""
        with self._file.changing():
            self._file.write("".join(f"{_text(user)} {each} {at}\n" for user, each, at in ended))

    def _has_ended(self, login: Login) -> bool:
        ended = self._ended.get(login.user, {})
        return login.id in ended or login.expires <= ended.get(_ALL, 0)

    def csrf(self, login: Login) -> str:
        """What a page of this login sends along with whatever changes something."""
        return self._mac("csrf", login.id)

    def _sign(self, login: Login) -> str:
        secret = self._secret(login.user) or ""
        return self._mac("login", login.user, login.id, str(login.expires), secret)

    def _mac(self, *words: str) -> str:
        text = "\n".join(words).encode("utf-8", "replace")
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()

    def _read(self) -> dict[str, dict[str, int]]:
        """Ids and when they expire, by user."""
        found: dict[str, dict[str, int]] = {}
        try:
            for line in self._file.read().decode("ascii", "replace").splitlines():
                user, each, at = line.split(" ")
                found.setdefault(_untext(user), {})[each] = int(at)
        except ValueError:
            expected = "expected lines of a user, an id and a time"
            raise VenueError(f"{self._file.path}: {expected}") from None
        return found


def _key(file: PrivateFile) -> bytes:
    with file.changing():
        text = file.read().decode("ascii", "replace").strip()
        if not text:
            text = secrets.token_hex(_KEY_BYTES)
            file.write(text + "\n")
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise VenueError(f"{file.path}: expected {2 * _KEY_BYTES} hex digits, or no such file")
    return key


def _text(user: str) -> str:
    return base64.urlsafe_b64encode(user.encode()).decode().rstrip("=")


def _untext(text: str) -> str:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
