"""Accounts of a configuration of the test's own, and requests that come to them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from starlette.requests import HTTPConnection

from venue.configuration.access import LockoutConfig
from venue.configuration.web import RateConfig, TokenConfig, UserConfig, WebConfig
from venue.passwords import hash_password
from venue.web.accounts.accounts import Accounts
from venue.web.accounts.tokens import hashed

NOW = 1_800_000_000.0
"""2027-01-15T08:00:00Z."""
PASSWORD = "correct horse"
SEES = TokenConfig(name="sees", hash=hashed("sees"))


class Clock:
    """Seconds since 1970."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def settings() -> WebConfig:
    tokens = (
        TokenConfig(name="bot", hash=hashed("full")),
        TokenConfig(name="look", hash=hashed("look"), read_only=True),
        TokenConfig(name="old", hash=hashed("old"), expires=date(2027, 1, 15)),
        TokenConfig(name="soon", hash=hashed("soon"), expires=date(2027, 1, 16)),
    )
    return WebConfig(
        users=(
            UserConfig(name="alpha", session="WEB1", tokens=tokens),
            UserConfig(name="careful", session="WEB2", password=str(hash_password(PASSWORD))),
            UserConfig(name="operator", operator="WEBOP"),
            UserConfig(name="guest"),
            UserConfig(name="viewer", session="WEB1", read_only=True, tokens=(SEES,)),
        ),
        anonymous="alpha",
        rate=RateConfig(requests=5, seconds=10),
    )


@pytest.fixture
def accounts(settings: WebConfig, clock: Clock, tmp_path: Path) -> Accounts:
    return Accounts(settings, LockoutConfig(failures=3), tmp_path, clock)


Asking = Callable[..., HTTPConnection]


@pytest.fixture
def asking() -> Asking:
    """Make a request: `asking("POST", authorization="Bearer x", host="192.0.2.7")`."""

    def made(method: str = "GET", address: str = "127.0.0.1", **headers: str) -> HTTPConnection:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        raw = [(name.encode(), value.encode()) for name, value in named.items()]
        return HTTPConnection(
            {
                "type": "http",
                "method": method,
                "path": "/v1/orders",
                "query_string": b"",
                "scheme": "http",
                "server": ("127.0.0.1", 8000),
                "client": (address, 50_000),
                "headers": raw,
            }
        )

    return made
