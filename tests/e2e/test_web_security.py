"""Who must not get in does not, and who is slow or greedy holds up nobody, as over real lines."""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.e2e.client import DEADLINE
from tests.e2e.web_process import Answer, Deployment, deployed, token
from venue.passwords import hash_password

PASSWORD = "correct horse"
USERS = (
    "[{name: alpha, session: WEB1}, {name: operator, operator: WEBOP}, "
    f"{{name: careful, session: WEB2, password: '{hash_password(PASSWORD)}'}}]"
)
OPTIONS = ("--set", f"web.users={USERS}", "--set", "web.anonymous=alpha")


@pytest.fixture(scope="module")
def it(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    directory = tmp_path_factory.mktemp("security")
    with deployed(directory, *OPTIONS) as deployment:
        yield deployment


def make_token(it: Deployment, *arguments: str) -> str:
    return token(it.web.data.parent, *arguments, "--name", f"t{time.monotonic_ns()}")


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def order(symbol: str = "AAPL") -> dict[str, str]:
    return {"symbol": symbol, "side": "buy", "type": "limit", "quantity": "1", "price": "90"}


def log_in(it: Deployment, user: str, password: str | None = None) -> tuple[Answer, dict[str, str]]:
    answer = it.ask("POST", "/v1/login", {"user": user, "password": password})
    cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
    return answer, {"Cookie": cookie, "X-CSRF-Token": (answer.json.get("csrf") or "")}


def speak(it: Deployment, *parts: bytes) -> socket.socket:
    """A connection on which these bytes were sent."""
    connection = socket.create_connection(("127.0.0.1", it.web.port), DEADLINE)
    for part in parts:
        connection.sendall(part)
    return connection


def heard(connection: socket.socket) -> bytes:
    """All that comes until the other end closes, within some time more than its patience."""
    connection.settimeout(3 * DEADLINE)
    content = b""
    while part := connection.recv(65_536):
        content += part
    return content


def test_a_name_of_somebody_else_for_this_address(it: Deployment) -> None:
    answer = it.ask("GET", "/v1/instruments", headers={"Host": "evil.test"})
    assert (answer.status, answer.json["code"]) == (421, "wrong_host")
    with pytest.raises(InvalidStatus) as caught:
        connect(
            f"ws://evil.test:{it.web.port}/ws",
            sock=socket.create_connection(("127.0.0.1", it.web.port)),
        )
    assert caught.value.response.status_code == 421


def test_a_page_of_somebody_else(it: Deployment) -> None:
    evil = {"Origin": "https://evil.test"}
    for method, path in (("POST", "/v1/orders"), ("DELETE", "/v1/orders"), ("POST", "/order")):
        answer = it.ask(method, path, order(), evil)
        assert (answer.status, answer.json["code"]) == (403, "wrong_origin")
    preflight = it.ask(
        "OPTIONS", "/v1/orders", headers=evil | {"Access-Control-Request-Method": "POST"}
    )
    assert preflight.status == 405
    assert "Access-Control-Allow-Origin" not in preflight.headers
    form = it.ask("POST", "/v1/orders", content=b"{}", headers={"Content-Type": "text/plain"})
    assert form.status == 415


def test_a_websocket_of_somebody_elses_page(it: Deployment) -> None:
    address = f"ws://127.0.0.1:{it.web.port}/ws"
    for path in ("", "/marketdata?symbol=AAPL", "/trades/AAPL"):
        with pytest.raises(InvalidStatus) as caught:
            connect(address + path, origin="https://evil.test")
        assert caught.value.response.status_code == 403
    with connect(address, origin=f"http://127.0.0.1:{it.web.port}") as ours:
        assert "status" in str(ours.recv(timeout=DEADLINE))


def test_a_login_and_its_cookie(it: Deployment) -> None:
    answer, login = log_in(it, "careful", PASSWORD)
    assert answer.json == {
        "user": "careful",
        "roles": ["read", "trade"],
        "via": "cookie",
        "read_only": False,
        "session": "WEB2",
        "operator": None,
        "csrf": login["X-CSRF-Token"],
    }
    flags = answer.headers["Set-Cookie"].split("; ")[1:]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(flags) and "Secure" not in flags
    assert it.ask("GET", "/v1/me", headers=login).json == answer.json
    cookie = {"Cookie": login["Cookie"]}
    answer = it.ask("POST", "/v1/orders", order(), cookie)
    assert (answer.status, answer.json["code"]) == (403, "csrf")
    placed = it.ask("POST", "/v1/orders", order(), login)
    assert placed.status == 201 and placed.json["session"] == "WEB2"


def test_logging_out_ends_a_copied_cookie_even_after_a_restart(it: Deployment) -> None:
    _, login = log_in(it, "careful", PASSWORD)
    _, other = log_in(it, "careful", PASSWORD)
    assert it.ask("POST", "/v1/logout", headers={"Cookie": login["Cookie"]}).status == 403
    gone = it.ask("POST", "/v1/logout", headers=login)
    assert gone.status == 204 and "Max-Age=0" in gone.headers["Set-Cookie"]
    for _ in range(2):
        answer = it.ask("GET", "/v1/orders", headers=login)
        assert (answer.status, answer.json["code"]) == (401, "login_ended")
        assert it.ask("GET", "/v1/me", headers=other).status == 200
        it.restart_web()
    it.wait_until_up()


def test_too_many_logins(it: Deployment) -> None:
    statuses = [log_in(it, "nobody-like-that", "wrong words")[0].status for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    answer, _ = log_in(it, "nobody-like-that", "wrong words")
    assert answer.json["code"] == "too_many_logins" and int(answer.headers["Retry-After"]) > 0
    assert log_in(it, "careful", PASSWORD)[0].status == 200


@pytest.mark.parametrize("body", [{}, {"user": 1}, {"user": "a", "x": 1}, {"user": "a" * 33}, []])
def test_a_login_that_makes_no_sense(it: Deployment, body: object) -> None:
    assert it.ask("POST", "/v1/login", body).status == 422


def test_a_token_of_the_command_works_at_once_until_it_is_taken_away(it: Deployment) -> None:
    directory = it.web.data.parent
    text = token(directory, "operator", "--name", "night")
    answer = it.ask("GET", "/v1/me", headers=bearer(text))
    assert answer.json["user"] == "operator" and answer.json["roles"] == ["read", "operate"]
    assert text not in (it.web.data / "web-tokens").read_text()
    assert token(directory, "operator", "--name", "night", "--remove") == (
        "token night of operator removed"
    )
    answer = it.ask("GET", "/v1/me", headers=bearer(text))
    assert (answer.status, answer.json["code"]) == (401, "bad_token")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert text not in it.web.output


def test_a_read_only_token(it: Deployment) -> None:
    may_look = bearer(make_token(it, "alpha", "--read-only"))
    assert it.ask("GET", "/v1/orders", headers=may_look).status == 200
    for method, path in (
        *(("POST", "/v1/orders"), ("DELETE", "/v1/orders"), ("PATCH", "/v1/orders/x")),
        *(("DELETE", "/v1/orders/x"), ("POST", "/order"), ("POST", "/api/v1/orders")),
    ):
        body = order() if method != "DELETE" else None
        answer = it.ask(method, path, body, may_look)
        assert (answer.status, answer.json["code"]) == (403, "read_only"), (method, path)
    operator = bearer(make_token(it, "operator", "--read-only"))
    assert it.ask("GET", "/v1/sessions", headers=operator).status == 200
    answer = it.ask("POST", "/v1/operator/halt", {"symbol": "AAPL"}, operator)
    assert (answer.status, answer.json["code"]) == (403, "read_only")


def test_one_without_the_role(it: Deployment) -> None:
    operator = bearer(make_token(it, "operator"))
    answer = it.ask("POST", "/v1/orders", order(), operator)
    assert (answer.status, answer.json["code"]) == (403, "no_trading")
    answer = it.ask("POST", "/v1/operator/halt", {"symbol": "AAPL"})
    assert (answer.status, answer.json["code"]) == (403, "no_operator")


def test_an_expired_token(it: Deployment) -> None:
    last = f"{datetime.now(UTC) + timedelta(2):%Y-%m-%d}"
    text = make_token(it, "alpha", "--expires", last)
    assert it.ask("GET", "/v1/me", headers=bearer(text)).status == 200
    path = it.web.data / "web-tokens"
    path.write_text(path.read_text().replace(last, "2020-01-01"))
    answer = it.ask("GET", "/v1/me", headers=bearer(text))
    assert (answer.status, answer.json["code"]) == (401, "expired_token")


def test_a_head_that_is_not_finished(it: Deployment) -> None:
    with ExitStack() as stack:
        slow = [
            stack.enter_context(closing(speak(it, *parts)))
            for parts in (
                [],
                [b"\r\n"],
                [b"GET /v1/status HTTP/1.1\r\nHost: localhost\r\nX-"],
                [b"GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET /"],
            )
        ]
        slow += [stack.enter_context(closing(speak(it, b"GET / HT"))) for _ in range(200)]
        assert it.ask("GET", "/v1/status").status == 200  # the others are served meanwhile
        answers = [heard(each) for each in slow]
    assert all(b" 408 " in each or not each for each in (answers[0], answers[1]))
    assert b" 408 " in answers[2]
    assert b" 200 " in answers[3]


def test_a_body_that_is_not_finished(it: Deployment) -> None:
    head = b"POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with closing(speak(it, head, b"Content-Length: 100\r\n\r\n{")) as slow:
        assert it.ask("GET", "/v1/status").status == 200
        assert b" 408 " in heard(slow)


def test_a_head_that_is_too_large(it: Deployment) -> None:
    with closing(speak(it, b"GET /v1/status HTTP/1.1\r\nHost: localhost\r\n")) as greedy:
        try:
            for _ in range(1_000):
                greedy.sendall(b"X-Much: " + b"x" * 1000 + b"\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert it.ask("GET", "/v1/status").status == 200


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_that_is_too_large(it: Deployment, declared: bool) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", it.web.port, timeout=DEADLINE)
    body = b" " * 70_000
    headers = {"Content-Type": "application/json"}
    content = body if declared else iter([body[:35_000], body[35_000:]])
    with closing(connection):
        connection.request("POST", "/v1/orders", content, headers, encode_chunked=not declared)
        assert connection.getresponse().status == 413


def test_garbage(it: Deployment) -> None:
    for content in (b"\x00" * 100, b"8=FIX.4.4\x019=5\x0135=A\x0110=000\x01", b"GET\r\n\r\n"):
        with closing(speak(it, content)) as connection:
            assert b" 400 " in heard(connection)


def test_a_rate_for_each_token(it: Deployment, tmp_path: Path) -> None:
    rate = ("--set", "web.rate={requests: 30, seconds: 3600}")
    with deployed(tmp_path, *OPTIONS, web_options=rate, wait=False) as small:
        known = bearer(make_token(small, "alpha"))
        answers = [small.ask("GET", "/v1/me", headers=known) for _ in range(31)]
        assert [each.status for each in answers] == [200] * 30 + [429]
        assert answers[-1].json["code"] == "too_many_requests"
        assert int(answers[-1].headers["Retry-After"]) > 1
        other = bearer(make_token(small, "alpha"))
        assert small.ask("GET", "/v1/me", headers=other).status == 200
        assert small.ask("GET", "/").status == 200


def test_nobody_is_let_in_without_a_login(tmp_path: Path) -> None:
    nobody = ("--set", f"web.users={USERS}", "--set", "web.anonymous=nobody")
    with deployed(tmp_path, *nobody, wait=False) as closed:
        assert closed.ask("GET", "/v1/status").status == 200
        assert closed.ask("GET", "/v1/login").json == {
            "users": ["alpha", "operator"],
            "anonymous": None,
        }
        for method, path in (
            *(("GET", "/v1/me"), ("GET", "/v1/orders"), ("GET", "/v1/instruments")),
            *(("GET", "/v1/book/AAPL"), ("GET", "/v1/messages"), ("GET", "/v1/performance")),
            *(("GET", "/v1/sessions"), ("GET", "/orderbook/AAPL"), ("GET", "/v1/trades/AAPL")),
            *(("POST", "/v1/orders"), ("DELETE", "/v1/orders"), ("POST", "/order")),
        ):
            answer = closed.ask(method, path, order() if method == "POST" else None)
            assert (answer.status, answer.json["code"]) == (401, "login_required"), path


def test_the_log_has_no_secrets(it: Deployment) -> None:
    log_in(it, "careful", PASSWORD)
    text = make_token(it, "alpha")
    it.ask("GET", "/v1/me", headers=bearer(text))
    assert PASSWORD not in it.web.output and text not in it.web.output
