"""Tells who a request or a WebSocket is from, and logs people in and out."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from starlette.requests import HTTPConnection

from venue.configuration.access import NO_PASSWORD, LockoutConfig, networks
from venue.configuration.web import WebConfig, is_loopback
from venue.passwords import NOBODYS, matches, parse_hash
from venue.web.accounts.cookies import Cookies, Login
from venue.web.accounts.rate import Attempts, Buckets
from venue.web.accounts.tokens import Token, TokenFile, hashed
from venue.web.accounts.users import Principal, User, Via
from venue.web.problems import Problem
from venue.web.shared import Shared

CSRF = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""Headers of a proxy: whose request it is then, nobody knows."""
MOST_LOGINS = 16
"""Passwords that wait to be looked at; each takes some 50 ms."""
FROM_ONE_ADDRESS = 10
"""So many times the failures of a user lock an address out of everybody."""
_LONGEST_TOKEN = 200


class Accounts:
    """The users of the configuration; `users` by name."""

    def __init__(
        self,
        settings: WebConfig,
        lockout: LockoutConfig,
        directory: Path,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Raise `VenueError` where a file of the directory cannot be read or trusted."""
        self.users = {each.name: User(each) for each in settings.everybody}
        self.is_local = is_loopback(settings.host)
        self._settings = settings
        self._clock = clock
        self._proxies = networks(settings.proxies or ())
        self._buckets = Buckets(settings.rate.requests, settings.rate.seconds)
        limits = lockout.failures, lockout.within, lockout.seconds
        self._attempts = Attempts(*limits)
        self._strangers = Attempts(FROM_ONE_ADDRESS * limits[0], *limits[1:])
        self._cookies = Cookies(directory, self._secret, clock)
        self._storing = Shared(self._store)
        self._file = TokenFile(directory)
        self._tokens = self._read_tokens()
        self._hashing = ThreadPoolExecutor(1, "password")
        self._waiting = 0

    @property
    def cookie_name(self) -> str:
        """Cookies are not told apart by port, so the name does it."""
        return f"venue_{self._settings.port}"

    @property
    def without_password(self) -> list[str]:
        """Users who log in with their name alone."""
        if not self.is_local:
            return []
        return [each.name for each in self.users.values() if each.config.password == NO_PASSWORD]

    def address(self, connection: HTTPConnection) -> str:
        """Where a request comes from, as the last proxy says if that is one of ours."""
        host = connection.client.host if connection.client else "0.0.0.0"
        try:
            if any(ip_address(host) in network for network in self._proxies):
                told = connection.headers.get("x-forwarded-for", "").rpartition(",")[2]
                return str(ip_address(told.strip()))
        except ValueError:
            pass
        return host

    def anonymous(self, connection: HTTPConnection) -> User | None:
        """The user that somebody without token or cookie is."""
        name = self._settings.anonymous_user
        if name is None or not self.is_local or _is_forwarded(connection):
            return None
        if connection.headers.get("origin") in self._settings.cors:  # they come with a token
            return None
        return self.users[name]

    def identify(self, connection: HTTPConnection) -> Principal:
        """Who a request or a WebSocket is from. Raise a `Problem` (401) for a token or cookie that
        is not good, (403) where a page does not show its CSRF token.
        """
        header = connection.headers.get("authorization")
        if header is not None:
            kind, _, token = header.partition(" ")
            if kind.lower() != "bearer":
                raise _unauthorised("bad_token", "Authorization is not of the form Bearer TOKEN")
            return self.by_token(token.strip())
        cookie = connection.cookies.get(self.cookie_name)
        if cookie is not None:
            return self._by_cookie(cookie, connection)
        user = self.anonymous(connection)
        via: Via = "nobody" if user is None else "anonymous"
        read_only = user is not None and user.config.read_only
        return Principal(user, via, f"address:{self.address(connection)}", read_only)

    def by_token(self, text: str) -> Principal:
        """Who a token belongs to. Raise a `Problem` (401) if it is not known or has expired."""
        token = self._token(hashed(text)) if len(text) <= _LONGEST_TOKEN else None
        if token is None or token.user not in self.users:
            raise _unauthorised("bad_token", "the token is not known")
        expires = None
        if token.expires is not None:
            expires = datetime.combine(token.expires, datetime.min.time(), UTC).timestamp()
            if expires <= self._clock():
                raise _unauthorised("expired_token", f"the token has expired on {token.expires}")
        key = f"token:{token.user}/{token.name}"
        user = self.users[token.user]
        read_only = token.read_only or user.config.read_only
        return Principal(user, "token", key, read_only, None, token.hash, expires)

    def is_open(self, principal: Principal) -> bool:
        """Whether what somebody came with is still good: not expired, logged out or removed."""
        if principal.user is None or principal.id is None:
            return True
        if principal.expires_at is not None and principal.expires_at <= self._clock():
            return False
        if principal.via == "token":
            return self._token(principal.id) is not None
        expires = int(principal.expires_at or 0)
        return self._cookies.is_open(Login(principal.user.name, principal.id, expires))

    def limit(self, key: str) -> None:
        """Take one from the rate of a key. Raise a `Problem` (429) if there is none left."""
        seconds = self._buckets.take(key)
        if seconds:
            rate = self._settings.rate
            detail = f"more than {rate.requests} requests in {rate.seconds} s"
            raise _too_many("too_many_requests", detail, seconds)

    async def log_in(
        self, name: str, password: str | None, connection: HTTPConnection
    ) -> tuple[str, Principal]:
        """The cookie of somebody who logs in. Raise a `Problem` (401, 429, 503) if he may not."""
        host = self.address(connection)
        one, all_of_them = f"{host} {name}", host
        wait = max(self._attempts.wait(one), self._strangers.wait(all_of_them))
        if wait:
            raise _too_many("too_many_logins", "too many logins have failed", wait)
        user = self.users.get(name)
        if not await self._is_right(user, password, _is_forwarded(connection)):
            self._attempts.failed(one)
            self._strangers.failed(all_of_them)
            raise Problem(401, "wrong_login", "there is no such user with this password")
        assert user is not None
        self._attempts.succeeded(one)
        value, login = self._cookies.make(name, self._settings.cookie_hours * 3600)
        return value, self._logged_in(user, login)

    async def log_out(self, principal: Principal) -> None:
        """End a login, wherever its cookie is. Raise `VenueError` if that cannot be stored."""
        if principal.via == "cookie" and principal.user and principal.id:
            expires = int(principal.expires_at or 0)
            self._cookies.end(Login(principal.user.name, principal.id, expires))
            await self._storing.answer()

    async def _store(self) -> None:
        await asyncio.to_thread(self._cookies.store, self._cookies.ended())

    def close(self) -> None:
        self._hashing.shutdown(wait=False, cancel_futures=True)

    async def _is_right(self, user: User | None, password: str | None, forwarded: bool) -> bool:
        known = NO_PASSWORD if user is None else user.config.password
        if user is not None and known == NO_PASSWORD:
            return self.is_local and not forwarded
        if self._waiting >= MOST_LOGINS:
            raise Problem(503, "busy", "too many logins at once", headers={"Retry-After": "1"})
        wanted = NOBODYS if known == NO_PASSWORD else parse_hash(known)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            right = await loop.run_in_executor(self._hashing, matches, password or "", wanted)
        finally:
            self._waiting -= 1
        return right and user is not None

    def _by_cookie(self, value: str, connection: HTTPConnection) -> Principal:
        login = self._cookies.read(value)
        if login is None:
            raise Problem(
                *(401, "login_ended", "the login has ended: log in again"),
                headers={"Set-Cookie": self.cookie("", 0, connection)},
            )
        principal = self._logged_in(self.users[login.user], login)
        method = connection.scope.get("method", "GET")
        if method not in SAFE and connection.headers.get(CSRF) != principal.csrf:
            detail = "the header X-CSRF-Token is not that of the login: GET /v1/me tells it"
            raise Problem(403, "csrf", detail)
        return principal

    def cookie(self, value: str, seconds: int, connection: HTTPConnection) -> str:
        """A Set-Cookie header."""
        scheme = connection.headers.get("x-forwarded-proto", connection.url.scheme)
        secure = "; Secure" if scheme in ("https", "wss") else ""
        flags = f"Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"
        return f"{self.cookie_name}={value}; {flags}"

    def _logged_in(self, user: User, login: Login) -> Principal:
        csrf = self._cookies.csrf(login)
        key, read_only = f"user:{user.name}", user.config.read_only
        return Principal(user, "cookie", key, read_only, csrf, login.id, login.expires)

    def _secret(self, name: str) -> str | None:
        user = self.users.get(name)
        return None if user is None else user.config.password

    def _token(self, digest: str) -> Token | None:
        if self._file.is_changed():
            self._tokens = self._read_tokens()
        return self._tokens.get(digest)

    def _read_tokens(self) -> dict[str, Token]:
        configured = [
            Token(user.name, each.name, each.hash, each.read_only, each.expires)
            for user in self._settings.everybody
            for each in user.tokens
        ]
        return {each.hash: each for each in [*self._file.tokens(), *configured]}


def _is_forwarded(connection: HTTPConnection) -> bool:
    return any(name in connection.headers for name in FORWARDED)


def _unauthorised(code: str, detail: str) -> Problem:
    return Problem(401, code, detail, headers={"WWW-Authenticate": "Bearer"})


def _too_many(code: str, detail: str, seconds: float) -> Problem:
    return Problem(429, code, detail, headers={"Retry-After": str(int(seconds) + 1)})
