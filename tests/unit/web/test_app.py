"""The whole application, without a venue and without a server: who may ask what."""

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from venue.config import load
from venue.errors import VenueError
from venue.files import shipped
from venue.passwords import NOBODYS
from venue.web.accounts.tokens import hashed
from venue.web.app import build

OPEN = {
    *(("GET", "/v1/login"), ("POST", "/v1/login"), ("POST", "/v1/logout"), ("GET", "/v1/status")),
    *(("GET", "/"), ("GET", "/docs"), ("GET", "/docs/docs.css"), ("GET", "/docs/docs.js")),
    ("GET", "/openapi.json"),
}
"""What nobody needs a login for."""
TOKENS = (
    f"[{{name: all, hash: '{hashed('full')}'}}, "
    f"{{name: look, hash: '{hashed('look')}', read_only: true}}]"
)
BOTH = f"{{name: both, session: WEB1, operator: WEBOP, tokens: {TOKENS}}}"
SAFE = ("GET", "HEAD", "OPTIONS")

Made = Callable[..., FastAPI]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    def app(*options: str) -> FastAPI:
        where = (f"venue.data={tmp_path}", "web.rate.requests=100000")
        return build(load(shipped("config/venue.yaml"), [*where, *options]))

    return app


def ask(app: FastAPI, method: str, path: str, **more: Any) -> httpx.Response:
    async def exchange() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, **more)

    return asyncio.run(exchange())


def endpoints(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path of all there are, with something in place of a parameter."""
    for path, kinds in app.openapi()["paths"].items():
        for method in kinds:
            yield method.upper(), re.sub(r"\{[^}]*\}", "x", path)
    for route in app.routes:
        if isinstance(route, APIRoute) and not route.include_in_schema:
            for method in sorted(route.methods or ()):
                yield method, re.sub(r"\{[^}]*\}", "x", route.path)


def test_nobody_gets_anything_without_a_login(made: Made) -> None:
    app = made(f"web.users=[{BOTH}]", "web.anonymous=nobody")
    asked = sorted(set(endpoints(app)) - OPEN)
    assert len(asked) >= 30
    for method, path in asked:
        answer = ask(app, method, path, json={} if method in ("POST", "PATCH") else None)
        assert answer.status_code == 401, (method, path, answer.text)
        assert answer.headers["www-authenticate"] == "Bearer"
        for bad in ("Bearer none", "Basic YTpi"):
            answer = ask(app, method, path, headers={"Authorization": bad})
            assert answer.status_code == 401, (method, path, answer.text)


def test_a_read_only_token_changes_nothing(made: Made) -> None:
    app = made(f"web.users=[{BOTH}]")
    asked = sorted(each for each in set(endpoints(app)) - OPEN if each[0] not in SAFE)
    assert len(asked) >= 10
    for method, path in asked:
        body = {} if method in ("POST", "PATCH") else None
        answer = ask(app, method, path, json=body, headers={"Authorization": "Bearer look"})
        assert (answer.status_code, answer.json()["code"]) == (403, "read_only"), (method, path)


def test_everything_is_down_without_a_venue(made: Made) -> None:
    app = made()
    for path in ("/v1/instruments", "/v1/book/AAPL", "/v1/orders", "/v1/positions"):
        answer = ask(app, "GET", path)
        assert (answer.status_code, answer.json()["code"]) == (503, "venue_down"), path
        assert answer.headers["retry-after"]
    assert ask(app, "GET", "/v1/status").json()["venue"] == "down"


def test_the_page_and_its_files(made: Made) -> None:
    app = made()
    page = ask(app, "GET", "/")
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    named = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
    assert len(named) > 3
    for path in named:
        assert ask(app, "GET", path).status_code == 200, path
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/none.js", "/none"):
        answer = ask(app, "GET", path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json", path


def test_nothing_of_the_page_is_inline_or_from_elsewhere(made: Made) -> None:
    text = ask(made(), "GET", "/").text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", text)


def test_cors_is_for_those_that_are_named(made: Made) -> None:
    friend, other = "https://desk.example", "https://evil.example"
    app = made(f"web.cors=[{friend}]")
    asks = {"Access-Control-Request-Method": "POST"}
    asks |= {"Access-Control-Request-Headers": "authorization, content-type"}
    allowed = ask(app, "OPTIONS", "/v1/orders", headers={"Origin": friend} | asks)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == friend
    assert "access-control-allow-credentials" not in allowed.headers
    refused = ask(app, "OPTIONS", "/v1/orders", headers={"Origin": other} | asks)
    assert refused.status_code == 400 and "access-control-allow-origin" not in refused.headers
    answer = ask(app, "GET", "/v1/status", headers={"Origin": friend})
    assert answer.headers["access-control-allow-origin"] == friend
    anonymous = ask(app, "POST", "/v1/orders", headers={"Origin": friend})
    assert anonymous.status_code == 401  # they have to bring a token
    closed = ask(made(), "OPTIONS", "/v1/orders", headers={"Origin": friend} | asks)
    assert "access-control-allow-origin" not in closed.headers


def test_logging_in_and_out(made: Made) -> None:
    app = made()
    answer = ask(app, "POST", "/v1/login", json={"user": "beta"})
    cookie = answer.headers["set-cookie"].partition(";")[0]
    with_it = {"Cookie": cookie, "X-CSRF-Token": answer.json()["csrf"]}
    assert ask(app, "GET", "/v1/me", headers=with_it).json() == answer.json()
    assert ask(app, "POST", "/v1/logout", headers=with_it).status_code == 204
    gone = ask(app, "GET", "/v1/me", headers=with_it)
    assert gone.status_code == 401 and "Max-Age=0" in gone.headers["set-cookie"]
    assert ask(app, "GET", "/v1/me").json()["user"] == "alpha"
    assert ask(app, "POST", "/v1/login", json={"user": "none"}).status_code == 401


def test_a_data_directory_that_cannot_be_made(made: Made, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(VenueError, match="cannot be made"):
        made(f"venue.data={tmp_path}/file/data")


def test_an_address_of_ipv6(made: Made) -> None:
    user = f"{{name: one, session: WEB1, password: '{NOBODYS}'}}"
    app = made("web.host='2001:db8::1'", f"web.users=[{user}]")
    for host, status in (("[2001:db8::1]:8000", 200), ("[2001:db8::2]:8000", 421)):
        assert ask(app, "GET", "/v1/status", headers={"Host": host}).status_code == status
    assert ask(app, "GET", "/v1/me", headers={"Host": "[2001:db8::1]"}).status_code == 401
