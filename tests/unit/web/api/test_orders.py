"""What a request for an order becomes, and what it is answered."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.web.api.fakes import ORDER, Server
from venue.web.api.examples import ORDERS
from venue.web.problems import refused, venue_down

LIMIT = {"symbol": "AAPL", "side": "buy", "type": "limit", "quantity": "10", "price": "100.50"}
STOP = {"symbol": "AAPL", "side": "sell", "quantity": "10", "trigger_price": "99"}
MARKET = {"symbol": "AAPL", "side": "buy", "quantity": "10"}


def place(server: Server, body: dict[str, Any]) -> Any:
    """Place an order, and return what the desk was asked for."""
    assert server.ask("POST", "/v1/orders", body).status_code == 201
    return server.desk.asked[-1][1]


def test_an_order_is_handed_on_exactly(server: Server) -> None:
    body = LIMIT | {"quantity": "0.00000001", "client_order_id": "a", "account": "A-1"}
    response = server.ask("POST", "/v1/orders", body)
    assert (response.status_code, response.headers["location"]) == (201, "/v1/orders/a")
    assert response.json()["order_id"] == "O1" and response.json()["price"] == "100.5"
    kind, terms, client_order_id = server.desk.asked[0]
    assert (kind, client_order_id) == ("place", "a")
    assert (terms.quantity, terms.price) == (Decimal("0.00000001"), Decimal("100.50"))
    assert (terms.symbol, terms.side, terms.account) == ("AAPL", "buy", "A-1")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (LIMIT, ("limit", None, False)),
        (MARKET | {"type": "market"}, ("market", None, False)),
        (LIMIT | {"type": "ioc"}, ("limit", "ioc", False)),
        (MARKET | {"type": "ioc"}, ("market", "ioc", False)),
        (LIMIT | {"type": "fok"}, ("limit", "fok", False)),
        (MARKET | {"type": "fok"}, ("market", "fok", False)),
        (LIMIT | {"type": "iceberg", "display_quantity": "2"}, ("limit", None, False)),
        (LIMIT | {"type": "post_only"}, ("limit", None, True)),
        (LIMIT | {"type": "limit", "post_only": True}, ("limit", None, True)),
        (LIMIT | {"type": "gtc"}, ("limit", "gtc", False)),
        (LIMIT | {"type": "day"}, ("limit", "day", False)),
        (LIMIT | {"type": "gtd", "expires": "2027-01-31"}, ("limit", "gtd", False)),
        (LIMIT | {"expires": "2027-01-31"}, ("limit", "gtd", False)),
        (LIMIT | {"time_in_force": "at_close"}, ("limit", "at_close", False)),
        (MARKET | {"type": "market_to_limit"}, ("market_to_limit", None, False)),
        (STOP | {"type": "stop_market"}, ("stop_market", None, False)),
        (STOP | {"type": "stop_limit", "price": "98"}, ("stop_limit", None, False)),
        (STOP | {"type": "take_profit"}, ("take_profit", None, False)),
        (STOP | {"type": "take_profit_limit", "price": "9"}, ("take_profit_limit", None, False)),
    ],
)
def test_every_word_for_an_order_has_its_meaning(
    server: Server, body: dict[str, Any], expected: tuple[str, str | None, bool]
) -> None:
    terms = place(server, body)
    assert (terms.type, terms.time_in_force, terms.post_only) == expected


@pytest.mark.parametrize("name", ORDERS)
def test_the_examples_of_the_description_are_taken(server: Server, name: str) -> None:
    place(server, ORDERS[name]["value"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-01-31", date(2027, 1, 31)),
        ("2027-01-31T17:30:00+01:00", datetime(2027, 1, 31, 16, 30, tzinfo=UTC)),
        ("2027-01-31T16:30:00.5Z", datetime(2027, 1, 31, 16, 30, 0, 500_000, tzinfo=UTC)),
    ],
)
def test_an_expiry_is_a_day_or_a_moment(server: Server, text: str, expected: date) -> None:
    assert place(server, LIMIT | {"expires": text}).expires == expected


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"price": None}, "price"),
        ({"type": "market"}, "price"),
        ({"type": "stop_limit"}, "trigger_price"),
        ({"trigger_price": "99"}, "trigger_price"),
        ({"type": "iceberg"}, "display_quantity"),
        ({"type": "gtd"}, "expires"),
        ({"type": "ioc", "time_in_force": "gtc"}, "time_in_force"),
        ({"time_in_force": "day", "expires": "2027-01-31"}, "time_in_force"),
        ({"expires": "2027-02-30"}, "expires"),
        ({"expires": "2027-01-31T16:00:00"}, "expires"),
        ({"expires": "9999-12-31T23:59:59-12:00"}, "expires"),
        ({"expires": "20270131"}, "expires"),
        ({"quantity": None}, "quantity"),
        ({"quantity": 10.5}, "quantity"),
        ({"quantity": "1e3"}, "quantity"),
        ({"quantity": "-1"}, "quantity"),
        ({"quantity": "NaN"}, "quantity"),
        ({"quantity": "Infinity"}, "quantity"),
        ({"quantity": " 1"}, "quantity"),
        ({"quantity": "1\n"}, "quantity"),
        ({"quantity": "\u0661"}, "quantity"),
        ({"quantity": "1" * 19}, "quantity"),
        ({"quantity": 10**18}, "quantity"),
        ({"quantity": 10**30}, "quantity"),
        ({"quantity": True}, "quantity"),
        ({"quantity": ["10"]}, "quantity"),
        ({"price": {"value": "10"}}, "price"),
        ({"symbol": 5}, "symbol"),
        ({"symbol": ""}, "symbol"),
        ({"symbol": "A\x01B"}, "symbol"),
        ({"symbol": "A" * 33}, "symbol"),
        ({"symbol": "\ud800"}, "symbol"),
        ({"side": "BUY"}, "side"),
        ({"type": 1.5}, "type"),
        ({"post_only": "true"}, "post_only"),
        ({"post_only": 1}, "post_only"),
        ({"client_order_id": "a/b"}, "client_order_id"),
        ({"client_order_id": "a" * 65}, "client_order_id"),
        ({"quantitty": "1"}, "quantitty"),
        ({"\ud800": "1"}, "body"),
    ],
)
def test_what_is_wrong_is_told_by_field(
    server: Server, changed: dict[str, Any], field: str
) -> None:
    problem = server.refuses("POST", "/v1/orders", LIMIT | changed, status=422, code="invalid")
    assert [error["field"] for error in problem["errors"]] == [field]
    assert problem["errors"][0].keys() == {"field", "value", "expected"}
    assert field in problem["detail"]
    assert server.desk.asked == []


def test_an_integer_is_a_number(server: Server) -> None:
    assert place(server, LIMIT | {"quantity": 10}).quantity == Decimal(10)


def test_a_repeated_order_is_answered_with_200(server: Server) -> None:
    server.desk.placed = (ORDER, False)
    assert server.ask("POST", "/v1/orders", LIMIT).status_code == 200


def test_an_idempotency_key_is_the_client_order_id(server: Server) -> None:
    headers = {"Idempotency-Key": "key-1"}
    assert server.ask("POST", "/v1/orders", LIMIT, headers=headers).status_code == 201
    assert server.desk.asked[-1][2] == "key-1"
    same = LIMIT | {"client_order_id": "key-1"}
    assert server.ask("POST", "/v1/orders", same, headers=headers).status_code == 201
    other = LIMIT | {"client_order_id": "key-2"}
    refusal = {"status": 422, "code": "invalid", "headers": headers}
    problem = server.refuses("POST", "/v1/orders", other, **refusal)
    assert problem["errors"][0]["field"] == "Idempotency-Key"


def test_the_venues_refusal_is_told_with_its_code_and_text(server: Server) -> None:
    server.desk.placed = refused("the order was refused: too big", code="3", text="too big")
    problem = server.refuses("POST", "/v1/orders", LIMIT, status=422, code="refused")
    assert (problem["venue_code"], problem["venue_text"]) == ("3", "too big")


def test_a_venue_that_is_down_is_503(server: Server) -> None:
    server.desk.placed = venue_down("refused")
    server.refuses("POST", "/v1/orders", LIMIT, status=503, code="venue_down")
    assert server.ask("POST", "/v1/orders", LIMIT).headers["retry-after"] == "1"


def test_an_order_is_told_and_listed(server: Server) -> None:
    assert server.ask("GET", "/v1/orders/a").json()["order_id"] == "O1"
    server.refuses("GET", "/v1/orders/b", status=404, code="unknown_order")
    listed = server.ask("GET", "/v1/orders?symbol=AAPL&status=working&limit=5").json()
    assert [order["order_id"] for order in listed] == ["O1"]
    asked = {"symbol": "AAPL", "status": "working", "limit": 5, "before": None}
    assert server.desk.asked[-1] == ("orders", asked)


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "status=open", "symbol="])
def test_a_query_is_looked_at(server: Server, query: str) -> None:
    problem = server.refuses("GET", f"/v1/orders?{query}", status=422, code="invalid")
    assert problem["errors"][0]["field"] == query.partition("=")[0]


def test_changes_are_handed_on(server: Server) -> None:
    body = {"price": "101", "quantity": "5", "client_order_id": "b"}
    assert server.ask("PATCH", "/v1/orders/a", body).status_code == 200
    _, client_order_id, changes, new_id = server.desk.asked[-1]
    assert (client_order_id, new_id) == ("a", "b")
    assert (changes.price, changes.quantity) == (Decimal(101), Decimal(5))
    assert changes.trigger_price is None


def test_a_change_may_be_of_the_expiry(server: Server) -> None:
    body = {"time_in_force": "gtd", "expires": "2027-01-31T16:00:00Z"}
    assert server.ask("PATCH", "/v1/orders/a", body).status_code == 200
    changes = server.desk.asked[-1][2]
    assert changes.expires == datetime(2027, 1, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize("body", [{}, {"client_order_id": "b"}, {"price": None}])
def test_a_change_of_nothing_is_refused(server: Server, body: dict[str, Any]) -> None:
    server.refuses("PATCH", "/v1/orders/a", body, status=422, code="invalid")


def test_orders_are_canceled_one_or_all(server: Server) -> None:
    assert server.ask("DELETE", "/v1/orders/a").json()["status"] == "canceled"
    answer = server.ask("DELETE", "/v1/orders?symbol=AAPL&side=buy").json()
    assert [order["order_id"] for order in answer["canceled"]] == ["O1"]
    assert server.desk.asked == [("cancel", "a"), ("mass_cancel", "AAPL", "buy")]


def test_a_misspelt_parameter_cancels_nothing(server: Server) -> None:
    """A mass cancel without a symbol is one of everything."""
    server.refuses("DELETE", "/v1/orders?simbol=AAPL", status=422, code="invalid")
    server.refuses("DELETE", "/v1/orders?side=buy&side=sell", status=422, code="invalid")
    assert server.desk.asked == []


def test_a_latency_is_counted(server: Server) -> None:
    before = server.ask("GET", "/v1/performance").json()["orders"]["count"]
    server.ask("POST", "/v1/orders", LIMIT)
    server.ask("DELETE", "/v1/orders/a")
    told = server.ask("GET", "/v1/performance").json()
    assert (
        told["orders"]["count"] == before + 2 and told["orders"]["p99"] >= told["orders"]["p50"] > 0
    )
    assert told["figures"] == {"websocket": {}, "market": {"messages": 1}}


def test_an_id_may_be_any_text_without_spaces(server: Server) -> None:
    """Something else that speaks for the session may have placed it."""
    assert server.ask("DELETE", "/v1/orders/x%2Fy%3F").status_code == 200
    assert server.desk.asked[-1] == ("cancel", "x/y?")
