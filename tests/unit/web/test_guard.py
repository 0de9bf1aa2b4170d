"""What a request has to be before anybody looks at it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from venue.configuration.access import LockoutConfig
from venue.configuration.web import RateConfig, TokenConfig, UserConfig, WebConfig
from venue.web import guard
from venue.web.accounts.accounts import Accounts
from venue.web.accounts.tokens import hashed
from venue.web.accounts.users import Principal
from venue.web.guard import HEADERS, LARGEST_BODY, PRINCIPAL, Guard
from venue.web.problems import Problem

OURS = "127.0.0.1:8000"
SETTINGS = WebConfig(
    users=(UserConfig(name="alpha", tokens=(TokenConfig(name="bot", hash=hashed("full")),)),),
    anonymous="alpha",
    rate=RateConfig(requests=20, seconds=86_400),
)


class Inside:
    """The application behind the guard: keeps what it was asked, and answers with the body."""

    def __init__(self) -> None:
        self.asked: list[Scope] = []
        self.error: Exception | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope)
        if self.error is not None:
            raise self.error
        message = await receive()
        assert not message.get("more_body")
        start = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)
        await send({"type": "http.response.body", "body": message.get("body", b"")})


@pytest.fixture
def inside() -> Inside:
    return Inside()


Asked = Callable[..., httpx.Response]


@pytest.fixture
def ask(inside: Inside, tmp_path: Path) -> Asked:
    """Ask the guard of a web that may also be called desk.test, with CORS for one origin."""
    accounts = Accounts(SETTINGS, LockoutConfig(), tmp_path)
    guarded = Guard(inside, accounts, ["desk.test", "Web.Test"], ["https://friend.test"])

    def asked(method: str = "GET", path: str = "/v1/x", **more: Any) -> httpx.Response:
        async def exchange() -> httpx.Response:
            transport = httpx.ASGITransport(guarded, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{OURS}") as client:
                return await client.request(method, path, **more)

        return asyncio.run(exchange())

    return asked


def code(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


@pytest.mark.parametrize(
    "host",
    [
        *(OURS, "127.0.0.1", "localhost", "LocalHost:8000", "[::1]", "[::1]:8000"),
        *("desk.test", "desk.test:443", "web.test"),
    ],
)
def test_our_own_names(ask: Asked, inside: Inside, host: str) -> None:
    assert ask(headers={"Host": host}).status_code == 200
    assert len(inside.asked) == 1


@pytest.mark.parametrize(
    "host",
    [
        *("evil.test", "evil.test:8000", "127.0.0.1.evil.test", "localhost.evil.test", ""),
        *("127.0.0.1@evil.test", "[::2]", "192.168.1.5:8000", "localhost:8000:1", "desk.test.:80"),
    ],
)
def test_a_name_of_somebody_else(ask: Asked, inside: Inside, host: str) -> None:
    for path in ("/v1/x", "/", "/static/x.js"):
        response = ask(path=path, headers={"Host": host})
        assert code(response) == (421, "wrong_host")
    assert not inside.asked


@pytest.mark.parametrize("origin", [f"http://{OURS}", f"https://{OURS}", "https://friend.test"])
def test_our_own_pages_and_friends(ask: Asked, origin: str) -> None:
    for method in ("POST", "DELETE", "GET"):
        assert ask(method, headers={"Origin": origin}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        *("https://evil.test", "null", "", "http://127.0.0.1", "http://127.0.0.1:8001"),
        *("http://localhost:8000", "http://friend.test", f"ftp://{OURS}", f"http://x@{OURS}"),
        *("http://[", "http://a]b", "http://[::1", "://", "http:"),
    ],
)
def test_a_page_of_somebody_else(ask: Asked, inside: Inside, origin: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        response = ask(method, headers={"Origin": origin})
        assert code(response) == (403, "wrong_origin")
    assert not inside.asked
    assert ask(headers={"Origin": origin}).status_code == 200  # it cannot read the answer


def test_what_a_browser_says_of_itself(ask: Asked) -> None:
    for site in ("cross-site", "same-site"):
        assert code(ask("POST", headers={"Sec-Fetch-Site": site})) == (403, "wrong_origin")
        assert ask("GET", headers={"Sec-Fetch-Site": site}).status_code == 200
    for site in ("same-origin", "none"):
        assert ask("POST", headers={"Sec-Fetch-Site": site}).status_code == 200


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8"])
def test_a_body_of_json_is_passed_on_whole(ask: Asked, kind: str) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"[1]"

    for content in (b"[1][1][1]", parts()):
        response = ask("POST", content=content, headers={"Content-Type": kind})
        assert response.content == b"[1][1][1]"


@pytest.mark.parametrize(
    "kind", ["text/plain", "", "application/x-www-form-urlencoded", "application/jsonx"]
)
def test_a_body_of_something_else(ask: Asked, inside: Inside, kind: str) -> None:
    response = ask("POST", content=b"{}", headers={"Content-Type": kind})
    assert code(response) == (415, "wrong_content_type")
    assert not inside.asked
    assert ask("POST", headers={"Content-Type": kind}).status_code == 200


def test_a_body_that_is_too_large(ask: Asked, inside: Inside) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 10_000

    async def one_too_many() -> AsyncIterator[bytes]:
        yield b" " * LARGEST_BODY
        yield b" "

    json = {"Content-Type": "application/json"}
    assert ask("POST", content=b" " * LARGEST_BODY, headers=json).status_code == 200
    inside.asked.clear()
    for content in (b" " * (LARGEST_BODY + 1), one_too_many(), endless()):
        response = ask("POST", content=content, headers=json)
        assert code(response) == (413, "too_large")
        assert response.headers["connection"] == "close"
    for length in ("99999999999999999999999999", "-1", "x"):
        headers = json | {"Content-Length": length}
        assert code(ask("POST", content=b"{}", headers=headers)) == (413, "too_large")
    assert not inside.asked


def test_a_body_that_does_not_come(
    ask: Asked, inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(60)

    monkeypatch.setattr(guard, "BODY_SECONDS", 0.01)
    response = ask("POST", content=slow(), headers={"Content-Type": "application/json"})
    assert code(response) == (408, "too_slow")
    assert not inside.asked


def test_a_body_of_somebody_who_has_gone(inside: Inside, tmp_path: Path) -> None:
    """What has come of it is not all there was to say."""
    guarded = Guard(inside, Accounts(SETTINGS, LockoutConfig(), tmp_path), [], [])
    coming = [
        {"type": "http.request", "body": b"{}", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return coming.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    names = [(b"host", OURS.encode()), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/v1/x", "headers": names, "client": None}
    scope |= {"query_string": b"", "scheme": "http", "server": ("127.0.0.1", 8000)}
    asyncio.run(guarded(scope, receive, send))
    assert sent[0]["status"] == 400
    assert not inside.asked


def test_every_answer_makes_a_browser_careful(ask: Asked, inside: Inside) -> None:
    answers = [ask(), ask(headers={"Host": "evil.test"}), ask("POST", content=b"x")]
    inside.error = RuntimeError("a defect of the test")
    answers.append(ask())
    assert [each.status_code for each in answers] == [200, 421, 415, 500]
    for response in answers:
        for name, value in HEADERS.items():
            assert response.headers[name] == value
        assert response.headers["cache-control"] == "no-store"
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "*" not in policy
    inside.error = None
    assert ask(path="/static/x.js").headers["cache-control"] == "no-cache"


def test_a_defect_is_a_500_that_tells_nothing(ask: Asked, inside: Inside) -> None:
    inside.error = RuntimeError("secret")
    response = ask()
    assert code(response) == (500, "defect")
    assert "secret" not in response.text
    inside.error = Problem(409, "some_problem", "of the inside")
    assert code(ask()) == (409, "some_problem")


def test_who_has_asked_is_told(ask: Asked, inside: Inside) -> None:
    ask()
    ask(headers={"Authorization": "Bearer full"})
    ask(headers={"Authorization": "Bearer wrong"})
    anonymous, known, wrong = (scope[PRINCIPAL] for scope in inside.asked)
    assert isinstance(anonymous, Principal) and anonymous.via == "anonymous"
    assert isinstance(known, Principal) and known.via == "token"
    assert isinstance(wrong, Problem) and wrong.code == "bad_token"


def test_the_rate_is_of_the_token_or_the_address(ask: Asked, inside: Inside) -> None:
    statuses = [ask().status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    limited = ask(headers={"Authorization": "Bearer wrong"})
    assert code(limited) == (429, "too_many_requests")
    assert int(limited.headers["retry-after"]) > 0
    assert ask(headers={"Authorization": "Bearer full"}).status_code == 200
    assert ask(path="/static/x.js").status_code == 200
    assert len(inside.asked) == 22
