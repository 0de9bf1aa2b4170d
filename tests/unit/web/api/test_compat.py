"""The shapes of small engines, as they come and as they are answered."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.web.api.fakes import FILL, ORDER, Server
from venue.web.api.compat import ORDER_PATHS
from venue.web.api.examples import COMPAT_ORDERS

PLAIN = {"symbol": "AAPL", "order_type": "limit", "side": "buy", "quantity": 10, "price": 100.5}


def placed(server: Server, body: Any) -> Any:
    response = server.ask("POST", "/order", body)
    assert response.status_code == 200, response.json()
    return server.desk.asked[-1][1]


@pytest.mark.parametrize("path", ORDER_PATHS)
def test_each_path_places_an_order(server: Server, path: str) -> None:
    fills = [FILL, replace(FILL, trade_id="T2", liquidity="maker", fee=None)]
    filled = replace(ORDER, status="partially_filled", fills=fills, filled_quantity="6")
    server.desk.placed = (filled, True)
    told = server.ask("POST", path, PLAIN).json()
    assert (told["order_id"], told["status"], told["resting"]) == ("O1", "partially_filled", True)
    taken, made = told["trades"]
    assert taken == {
        "trade_id": "T1",
        "price": "100.5",
        "quantity": "3",
        "aggressor_side": "buy",
        "maker_order_id": None,
        "taker_order_id": "O1",
        "maker_fee": None,
        "taker_fee": "0.01",
        "timestamp": FILL.time,
    }
    assert (made["maker_order_id"], made["taker_order_id"]) == ("O1", None)
    assert made["aggressor_side"] == "sell"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'"quantity": 0.1, "price": 100.10', (Decimal("0.1"), Decimal("100.10"))),
        (b'"quantity": 1e2, "price": "7"', (Decimal(100), Decimal(7))),
        (
            b'"quantity": 5, "price": 12345678901234567.25',
            (Decimal(5), Decimal("12345678901234567.25")),
        ),
    ],
)
def test_a_number_is_what_was_written(
    server: Server, body: bytes, expected: tuple[Decimal, Decimal]
) -> None:
    terms = placed(server, b'{"symbol": "AAPL", "side": "buy", ' + body + b"}")
    assert (terms.quantity, terms.price) == expected


@pytest.mark.parametrize("number", [b"1e400", b"1e-400", b"1e99", b"-1e19", b"1" * 40, b"1" * 5000])
def test_a_number_has_its_limits(server: Server, number: bytes) -> None:
    body = b'{"symbol": "AAPL", "side": "buy", "price": 1, "quantity": ' + number + b"}"
    server.refuses("POST", "/order", body, status=422, code="invalid")


@pytest.mark.parametrize(
    ("body", "kind", "side"),
    [
        ({"order_type": "LIMIT", "side": "BUY", "price": "1"}, "limit", "buy"),
        ({"type": "Market", "side": "Sell"}, "market", "sell"),
        ({"type": "stop-loss", "side": "sell", "stop_price": 1}, "stop_market", "sell"),
        (
            {"type": "STOP_LIMIT", "side": "sell", "trigger_price": 2, "price": 1},
            "stop_limit",
            "sell",
        ),
        ({"side": "ask", "price": 1}, "limit", "sell"),
        ({"type": "market", "order_type": "market", "side": "buy", "price": None}, "market", "buy"),
    ],
)
def test_words_may_be_spelt_in_many_ways(
    server: Server, body: dict[str, Any], kind: str, side: str
) -> None:
    terms = placed(server, {"symbol": "AAPL", "quantity": 1} | body)
    assert (terms.type, terms.side) == (kind, side)


@pytest.mark.parametrize("name", COMPAT_ORDERS)
def test_the_examples_of_the_description_are_taken(server: Server, name: str) -> None:
    placed(server, COMPAT_ORDERS[name]["value"])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"type": "market"}, "type"),
        ({"type": "limit", "trigger_price": 1, "stop_price": 2}, "stop_price"),
        ({"side": "long"}, "side"),
        ({"quantity": "many"}, "quantity"),
        ({"leverage": 5}, "leverage"),
        ({"user_id": ""}, "user_id"),
        ({"user_id": 5}, "user_id"),
    ],
)
def test_what_is_wrong_is_told_by_field(
    server: Server, changed: dict[str, Any], field: str
) -> None:
    told = server.refuses("POST", "/order", PLAIN | changed, status=422, code="invalid")
    assert [error["field"] for error in told["errors"]] == [field]


def test_a_user_is_himself(server: Server) -> None:
    own = PLAIN | {"user_id": "alpha"}
    assert server.ask("POST", "/api/v3/orders", own).status_code == 200
    for name in ("beta", "boss", "nobody"):
        other = PLAIN | {"user_id": name}
        server.refuses("POST", "/api/v3/orders", other, status=403, code="wrong_user")
    assert server.other_desk.asked == []


def test_whoever_needs_no_login_is_any_user_who_needs_none(server: Server) -> None:
    server.who = server.who._replace(via="anonymous")
    assert server.ask("POST", "/order", PLAIN | {"user_id": "beta"}).status_code == 200
    assert len(server.other_desk.asked) == 1 and server.desk.asked == []
    boss = PLAIN | {"user_id": "boss"}
    server.refuses("POST", "/order", boss, status=403, code="wrong_user")


def test_the_book_and_its_best_prices(server: Server) -> None:
    for path in ("/orderbook/AAPL", "/api/v1/orderbook/AAPL?levels=10"):
        told = server.ask("GET", path).json()
        assert (told["bids"], told["asks"]) == ([["100.5", "10"]], [])
    best = server.ask("GET", "/bbo/AAPL").json()
    assert (best["best_bid"], best["best_bid_quantity"]) == ("100.5", "10")
    assert best["best_ask"] is None
