"""What is no request of ours, and how that is told."""

import json
from typing import Any

import pytest

from tests.unit.web.api.fakes import Server, problem
from venue.web.problems import Problem

LIMIT = {"symbol": "AAPL", "side": "buy", "type": "limit", "quantity": "10", "price": "100.50"}
DEEP = 20_000


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b'{"symbol": "AAPL",}',
        b'{"symbol": NaN}',
        b'{"symbol": Infinity}',
        b'{"symbol": -Infinity}',
        b'{"symbol": "\xff"}',
        b"\xef\xbb\xbf{}",
        b"\x00",
        b'{"quantity": "1", "quantity": "1000"}',
        b"[" * DEEP,
        b"[" * DEEP + b"]" * DEEP,
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        b"1" * 5000 + b"x",
    ],
)
def test_what_is_not_json_is_400(server: Server, body: bytes) -> None:
    for method, path in [("POST", "/v1/orders"), ("PATCH", "/v1/orders/a"), ("POST", "/order")]:
        server.refuses(method, path, body, status=400, code="malformed_json")
    assert server.desk.asked == []


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'"text"', b"5", b"1" * 5000, b"1.5", b"true", b"[[[[[[]]]]]]"],
)
def test_what_is_no_object_is_422(server: Server, body: bytes) -> None:
    for path in ("/v1/orders", "/order"):
        server.refuses("POST", path, body, status=422, code="invalid")
    server.who = server.who._replace(user=server.boss)
    server.refuses("POST", "/v1/operator/halt", body, status=422, code="invalid")


def test_a_deep_value_is_refused_without_being_repeated(server: Server) -> None:
    body = b'{"symbol":' + b"[" * 300 + b"]" * 300 + b"}"
    told = server.refuses("POST", "/v1/orders", body, status=422, code="invalid")
    assert {"field": "symbol", "value": "an array", "expected": "text"} in told["errors"]


def test_a_long_value_is_cut(server: Server) -> None:
    body = LIMIT | {"symbol": "A" * 60_000}
    told = server.refuses("POST", "/v1/orders", body, status=422, code="invalid")
    assert len(json.dumps(told)) < 1000


def test_thousands_of_errors_are_told_by_the_first(server: Server) -> None:
    body = {f"field{number}": 1 for number in range(3000)}
    told = server.refuses("POST", "/v1/orders", body, status=422, code="invalid")
    assert len(told["errors"]) == 20


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_is_json_by_its_name(server: Server, kind: str) -> None:
    refusal = {"status": 415, "code": "wrong_content_type"}
    server.refuses("POST", "/v1/orders", LIMIT, headers={"Content-Type": kind}, **refusal)


def test_a_character_set_may_be_named(server: Server) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert server.ask("POST", "/v1/orders", LIMIT, headers=headers).status_code == 201


@pytest.mark.parametrize("path", ["/v1", "/v1/order", "/nothing", "/v1/\udcff", "/v1/orders2"])
def test_an_unknown_path_is_404(server: Server, path: str) -> None:
    path = path.encode("utf-8", "surrogateescape").decode("latin-1")
    server.refuses("GET", path, status=404, code="unknown_path")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/orders", "DELETE, GET, POST"),
        ("POST", "/v1/orders/a", "DELETE, GET, PATCH"),
        ("TRACE", "/v1/positions", "GET"),
        ("GET", "/v1/operator/halt", "POST"),
        ("GET", "/order", "POST"),
        ("POST", "/openapi.json", "GET"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(
    server: Server, method: str, path: str, allowed: str
) -> None:
    server.refuses(method, path, status=405, code="wrong_method")
    assert server.ask(method, path).headers["allow"] == allowed


def test_nobody_is_asked_who_he_is(server: Server) -> None:
    server.who = server.who._replace(user=None, via="nobody")
    for path in ("/v1/orders", "/v1/instruments", "/v1/messages", "/v1/dictionary", "/bbo/AAPL"):
        server.refuses("GET", path, status=401, code="login_required")
        assert server.ask("GET", path).headers["www-authenticate"] == "Bearer"
    server.refuses("POST", "/order", LIMIT, status=401, code="login_required")
    assert server.ask("GET", "/v1/status").json()["venue"] == "up"


def test_a_bad_token_is_told_everywhere(server: Server) -> None:
    server.who = problem(401, "expired_token")
    for path in ("/v1/status", "/v1/book/AAPL"):
        server.refuses("GET", path, status=401, code="expired_token")


def test_who_may_only_read_reads(server: Server) -> None:
    server.who = server.who._replace(read_only=True)
    for method, path, body in [
        ("POST", "/v1/orders", LIMIT),
        ("PATCH", "/v1/orders/a", {"price": "1"}),
        ("DELETE", "/v1/orders/a", None),
        ("DELETE", "/v1/orders", None),
        ("POST", "/order", LIMIT),
        ("POST", "/api/v3/orders", LIMIT | {"user_id": "beta"}),
    ]:
        server.refuses(method, path, body, status=403, code="read_only")
    assert server.desk.asked == [] and server.other_desk.asked == []
    assert server.ask("GET", "/v1/orders").status_code == 200


def test_who_has_no_session_does_not_trade(server: Server) -> None:
    server.who = server.who._replace(user=server.boss)
    server.refuses("POST", "/v1/orders", LIMIT, status=403, code="no_trading")
    server.refuses("GET", "/v1/positions", status=403, code="no_trading")


def test_a_defect_is_500_and_tells_nothing(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    told = server.refuses("GET", "/v1/statistics/AAPL", status=500, code="defect")
    assert "secrets" not in json.dumps(told)
    assert "secrets" in capsys.readouterr().out


def test_a_problem_may_say_more(server: Server) -> None:
    server.desk.placed = Problem(409, "id_in_use", "a is another order", field="price")
    told = server.refuses("POST", "/v1/orders", LIMIT, status=409, code="id_in_use")
    assert told["field"] == "price"


def any_path(server: Server) -> Any:
    return server.ask("GET", "/v1/book/AAPL?levels=2&depth=3")


def test_an_unknown_parameter_is_told(server: Server) -> None:
    assert any_path(server).json()["errors"] == [
        {"field": "depth", "value": "3", "expected": "one of levels"}
    ]
