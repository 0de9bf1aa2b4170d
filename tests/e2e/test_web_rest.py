"""Orders, the market and the account over HTTP, against a venue."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from tests.e2e.client import DEADLINE
from tests.e2e.web_process import Answer, Deployment, token
from venue.web.api.compat import BOOK_PATHS, ORDER_PATHS
from venue.web.api.openapi import OPEN

SYMBOL, TICK = "AAPL", Decimal("0.01")


class User(NamedTuple):
    """Somebody with a token; without one he is whoever the web lets in."""

    web: Deployment
    token: str | None = None

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.web.ask(method, path, body, headers)

    def place(self, **terms: Any) -> Any:
        """Place an order for 10 AAPL; return it."""
        body = {"symbol": SYMBOL, "quantity": "10"} | terms
        answer = self.ask("POST", "/v1/orders", body)
        assert answer.status == 201, answer
        return answer.json

    def order(self, client_order_id: str) -> Any:
        answer = self.ask("GET", f"/v1/orders/{client_order_id}")
        assert answer.status == 200, answer
        return answer.json


def seen(ask: Callable[[], Any], expected: Any) -> None:
    """Wait until the market is told so: it is told by another session than that of the order."""
    deadline = time.monotonic() + DEADLINE
    while (found := ask()) != expected:
        assert time.monotonic() < deadline, found
        time.sleep(0.01)


def refused(answer: Answer, status: int, code: str) -> Any:
    """Assert that an answer is this problem, and return it."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer
    assert (answer.status, answer.json["code"]) == (status, code), answer
    return answer.json


@pytest.fixture(scope="module")
def alpha_at_work(web: Deployment) -> User:
    return User(web, token(web.web.data.parent, "alpha"))


@pytest.fixture(scope="module")
def beta_at_work(web: Deployment) -> User:
    return User(web, token(web.web.data.parent, "beta"))


@pytest.fixture
def alpha(alpha_at_work: User) -> Iterator[User]:
    """The user of WEB1, who leaves no order behind."""
    yield alpha_at_work
    assert alpha_at_work.ask("DELETE", "/v1/orders").status == 200


@pytest.fixture
def beta(beta_at_work: User) -> Iterator[User]:
    """The user of WEB2, likewise."""
    yield beta_at_work
    assert beta_at_work.ask("DELETE", "/v1/orders").status == 200


BUY = {"side": "buy"}
RESTING = [
    (BUY | {"type": "limit", "price": "90"}, {"type": "limit", "time_in_force": "day"}),
    (BUY | {"type": "gtc", "price": "90"}, {"time_in_force": "gtc"}),
    (BUY | {"type": "day", "price": "90"}, {"time_in_force": "day"}),
    (
        BUY | {"type": "gtd", "price": "90", "expires": "2099-12-31"},
        {"time_in_force": "gtd", "expires": "2099-12-31"},
    ),
    (BUY | {"type": "post_only", "price": "90"}, {"type": "limit", "post_only": True}),
    (
        BUY | {"type": "iceberg", "price": "90", "display_quantity": "2"},
        {"type": "limit", "display_quantity": "2"},
    ),
    (
        BUY | {"type": "limit", "price": "90", "time_in_force": "at_close"},
        {"time_in_force": "at_close", "is_waiting": True},
    ),
]
WAITING = [
    (BUY | {"type": "stop_market", "trigger_price": "120"}, {"type": "stop_market"}),
    (
        BUY | {"type": "stop_limit", "trigger_price": "120", "price": "121"},
        {"type": "stop_limit", "price": "121"},
    ),
    (BUY | {"type": "take_profit", "trigger_price": "90"}, {"type": "take_profit"}),
    (
        BUY | {"type": "take_profit_limit", "trigger_price": "90", "price": "91"},
        {"type": "take_profit_limit", "price": "91"},
    ),
]


@pytest.mark.parametrize(("terms", "expected"), RESTING, ids=lambda each: each.get("type"))
def test_an_order_rests_is_amended_and_canceled(
    alpha: User, terms: dict[str, str], expected: dict[str, Any]
) -> None:
    order = alpha.place(**terms)
    assert order.items() >= expected.items() and order["status"] == "new"
    assert (order["remaining_quantity"], order["fills"]) == ("10", [])
    body = {"price": "91", "quantity": "20"}
    amended = alpha.ask("PATCH", f"/v1/orders/{order['client_order_id']}", body)
    assert amended.status == 200, amended
    assert (amended.json["price"], amended.json["quantity"]) == ("91", "20")
    assert amended.json["order_id"] == order["order_id"]
    assert order["client_order_id"] in amended.json["client_order_ids"]
    canceled = alpha.ask("DELETE", f"/v1/orders/{order['client_order_id']}")
    assert (canceled.status, canceled.json["status"]) == (200, "canceled"), canceled
    assert alpha.order(order["client_order_id"])["status"] == "canceled"


@pytest.mark.parametrize(("terms", "expected"), WAITING, ids=lambda each: each.get("type"))
def test_an_order_waits_is_amended_and_canceled(
    alpha: User, terms: dict[str, str], expected: dict[str, Any]
) -> None:
    order = alpha.place(**terms)
    assert order.items() >= expected.items()
    assert order["is_waiting"] and order["trigger_price"] == terms["trigger_price"]
    body = {"trigger_price": "119" if terms["trigger_price"] == "120" else "89"}
    amended = alpha.ask("PATCH", f"/v1/orders/{order['client_order_id']}", body)
    assert amended.status == 200, amended
    assert amended.json["trigger_price"] == body["trigger_price"]
    canceled = alpha.ask("DELETE", f"/v1/orders/{amended.json['client_order_id']}")
    assert canceled.json["status"] == "canceled", canceled


@pytest.mark.parametrize("kind", ["market", "ioc", "fok", "limit", "market_to_limit"])
def test_an_order_that_trades_is_answered_with_its_fills(
    alpha: User, beta: User, kind: str
) -> None:
    resting = beta.place(side="sell", type="limit", price="100")
    terms = {"price": "100"} if kind in ("ioc", "fok", "limit") else {}
    order = alpha.place(side="buy", type=kind, **terms)
    assert (order["status"], order["filled_quantity"]) == ("filled", "10")
    (fill,) = order["fills"]
    assert (fill["price"], fill["quantity"], fill["liquidity"]) == ("100", "10", "taker")
    (made,) = beta.order(resting["client_order_id"])["fills"]
    assert (made["liquidity"], made["trade_id"]) == ("maker", fill["trade_id"])
    path = f"/v1/trades/{SYMBOL}?limit=1"
    seen(lambda: [each["trade_id"] for each in alpha.ask("GET", path).json], [fill["trade_id"]])
    trade = alpha.ask("GET", path).json[0]
    assert (trade["price"], trade["aggressor_side"]) == ("100", "buy")


@pytest.mark.parametrize(("kind", "status"), [("market", "canceled"), ("ioc", "canceled")])
def test_what_is_not_filled_at_once_may_end(alpha: User, kind: str, status: str) -> None:
    order = alpha.place(side="buy", type=kind, **({"price": "90"} if kind == "ioc" else {}))
    assert (order["status"], order["filled_quantity"]) == (status, "0")
    assert not order["is_working"]


def test_an_order_is_part_filled_and_the_rest_stays(alpha: User, beta: User) -> None:
    beta.place(side="sell", type="limit", price="100", quantity="4")
    order = alpha.place(side="buy", type="limit", price="100")
    assert (order["status"], order["remaining_quantity"]) == ("partially_filled", "6")
    assert order["average_price"] == "100" and order["is_working"]


def test_the_same_request_is_the_same_order(alpha: User) -> None:
    terms = {"symbol": SYMBOL, "side": "buy", "type": "limit", "quantity": "10", "price": "90"}
    body = terms | {"client_order_id": "same-1"}
    first = alpha.ask("POST", "/v1/orders", body)
    again = alpha.ask("POST", "/v1/orders", body)
    keyed = alpha.ask("POST", "/v1/orders", terms, **{"Idempotency-Key": "same-1"})
    assert (first.status, again.status, keyed.status) == (201, 200, 200)
    assert first.headers["Location"] == again.headers["Location"] == "/v1/orders/same-1"
    assert first.json["order_id"] == again.json["order_id"] == keyed.json["order_id"]
    other = alpha.ask("POST", "/v1/orders", body | {"price": "89"})
    refused(other, 409, "id_in_use")
    working = alpha.ask("GET", f"/v1/orders?symbol={SYMBOL}&status=working").json
    assert [order["client_order_id"] for order in working] == ["same-1"]


def test_many_at_once_place_one_order(alpha: User) -> None:
    body = {"symbol": SYMBOL, "side": "buy", "quantity": "10", "price": "90"}
    body |= {"type": "limit", "client_order_id": "once-1"}
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(alpha.ask, "POST", "/v1/orders", body) for _ in range(20)]
        answers = [each.result() for each in asked]
    assert sorted(answer.status for answer in answers) == [200] * 19 + [201]
    assert len({answer.json["order_id"] for answer in answers}) == 1


@pytest.mark.parametrize(
    ("changed", "venue_code"),
    [
        ({"symbol": "NONE"}, "1"),
        ({"price": "90.001"}, None),
        ({"quantity": "0"}, None),
        ({"quantity": "10.5"}, None),
        ({"quantity": "10000000"}, None),
        ({"price": "1000000"}, None),
        ({"price": "-5"}, None),
    ],
)
def test_what_the_venue_refuses_it_refuses_in_its_own_words(
    alpha: User, changed: dict[str, str], venue_code: str | None
) -> None:
    body = {"symbol": SYMBOL, "side": "buy", "type": "limit", "quantity": "10", "price": "90"}
    problem = refused(alpha.ask("POST", "/v1/orders", body | changed), 422, "refused")
    assert problem["venue_text"] and problem["venue_text"] in problem["detail"]
    assert venue_code in (None, problem["venue_code"]) and problem["venue_code"]


def test_a_post_only_order_that_would_trade_is_refused(alpha: User, beta: User) -> None:
    beta.place(side="sell", type="limit", price="100")
    body = {"symbol": SYMBOL, "side": "buy", "quantity": "10", "type": "post_only", "price": "100"}
    refused(alpha.ask("POST", "/v1/orders", body), 422, "refused")


def test_what_has_ended_is_not_changed(alpha: User) -> None:
    order = alpha.place(side="buy", type="limit", price="90")
    path = f"/v1/orders/{order['client_order_id']}"
    alpha.ask("DELETE", path)
    assert refused(alpha.ask("DELETE", path), 422, "refused")["venue_text"]
    assert refused(alpha.ask("PATCH", path, {"price": "91"}), 422, "refused")["venue_text"]
    refused(alpha.ask("GET", "/v1/orders/nobodys"), 404, "unknown_order")
    refused(alpha.ask("DELETE", "/v1/orders/nobodys"), 404, "unknown_order")


def test_all_orders_of_a_side_are_canceled(alpha: User) -> None:
    for price in ("88", "89"):
        alpha.place(side="buy", type="limit", price=price)
    kept = alpha.place(side="sell", type="limit", price="140")
    canceled = alpha.ask("DELETE", f"/v1/orders?symbol={SYMBOL}&side=buy").json["canceled"]
    assert sorted(order["price"] for order in canceled) == ["88", "89"]
    assert {order["status"] for order in canceled} == {"canceled"}
    assert alpha.order(kept["client_order_id"])["is_working"]


@pytest.mark.parametrize("path", ORDER_PATHS)
def test_the_paths_of_small_engines_place_orders(alpha: User, beta: User, path: str) -> None:
    resting = beta.place(side="sell", type="limit", price="100", quantity="4")
    body = {
        "symbol": SYMBOL,
        "order_type": "LIMIT",
        "side": "BUY",
        "quantity": 10,
        "price": 100.0,
        "user_id": "alpha",
    }
    answer = alpha.ask("POST", path, body)
    assert answer.status == 200, answer
    assert (answer.json["status"], answer.json["resting"]) == ("partially_filled", True)
    (trade,) = answer.json["trades"]
    assert (trade["price"], trade["quantity"], trade["aggressor_side"]) == ("100", "4", "buy")
    assert trade["taker_order_id"] == answer.json["order_id"]
    assert resting["order_id"] != answer.json["order_id"]
    refused(alpha.ask("POST", path, body | {"user_id": "beta"}), 403, "wrong_user")
    refused(alpha.ask("POST", path, body | {"price": None}), 422, "invalid")
    refused(alpha.ask("POST", path, body | {"quantity": 0.5}), 422, "refused")


@pytest.mark.parametrize("path", BOOK_PATHS)
def test_the_paths_of_small_engines_show_the_book(alpha: User, beta: User, path: str) -> None:
    quantity = f"{20 + BOOK_PATHS.index(path)}"  # so that it is not the book of the test before
    for price in ("90", "89", "88"):
        alpha.place(side="buy", type="limit", price=price, quantity=quantity)
    beta.place(side="sell", type="limit", price="110", quantity=quantity)
    path = path.replace("{symbol:path}", SYMBOL)
    path = f"{path}?levels=2"
    seen(lambda: alpha.ask("GET", path).json["bids"], [["90", quantity], ["89", quantity]])
    seen(lambda: alpha.ask("GET", path).json["asks"], [["110", quantity]])
    refused(alpha.ask("GET", f"{path}&depth=2"), 422, "invalid")
    best = alpha.ask("GET", f"/bbo/{SYMBOL}").json
    assert (best["best_bid"], best["best_ask"], best["spread"]) == ("90", "110", "20")
    refused(alpha.ask("GET", "/bbo/NONE"), 404, "unknown_symbol")


def test_the_market_is_shown(alpha: User, beta: User) -> None:
    beta.place(side="sell", type="limit", price="100", quantity="4")
    alpha.place(side="buy", type="limit", price="100", quantity="5")

    def bids() -> list[tuple[str, str]]:
        book = alpha.ask("GET", f"/v1/book/{SYMBOL}?levels=1").json
        return [(level["price"], level["quantity"]) for level in book["bids"]]

    seen(bids, [("100", "1")])
    assert alpha.ask("GET", f"/v1/bbo/{SYMBOL}").json["bid"]["price"] == "100"
    seen(lambda: alpha.ask("GET", f"/v1/statistics/{SYMBOL}").json["last"], "100")
    assert alpha.ask("GET", f"/v1/statistics/{SYMBOL}").json["trades"] >= 1
    path = f"/v1/candles/{SYMBOL}?interval=1d"
    seen(lambda: [each["close"] for each in alpha.ask("GET", path).json[-1:]], ["100"])
    instrument = alpha.ask("GET", f"/v1/instruments/{SYMBOL}").json
    assert (instrument["tick"], instrument["phase"]) == (str(TICK), "continuous")
    collar = ("reference_price", "collar_percent", "dynamic_collar_percent")
    assert [instrument[name] for name in collar] == ["100", "50", None]
    for path in ("book", "bbo", "trades", "statistics", "candles", "instruments"):
        refused(alpha.ask("GET", f"/v1/{path}/NONE"), 404, "unknown_symbol")


def test_lists_have_pages(alpha: User, beta: User) -> None:
    """Each says where the next is, until there is nothing older."""
    for _ in range(2):  # the last of them trade with an order of one's own, too
        beta.place(side="sell", type="limit", price="100", quantity="2")
        alpha.place(side="buy", type="limit", price="100", quantity="4")
        alpha.place(side="sell", type="limit", price="100", quantity="2")
    seen(lambda: len(alpha.ask("GET", f"/v1/trades/{SYMBOL}?limit=4").json), 4)
    for path, ids in (
        (f"/v1/fills?symbol={SYMBOL}", ("trade_id", "order_id")),
        (f"/v1/orders?symbol={SYMBOL}&status=ended", ("order_id",)),
        (f"/v1/trades/{SYMBOL}", ("trade_id",)),
    ):
        separator = "&" if "?" in path else "?"
        whole = alpha.ask("GET", f"{path}{separator}limit=1000").json
        found: list[Any] = []
        link = f'<{path}{separator}limit=1>; rel="next"'
        while link:
            answer = alpha.ask("GET", link.partition(">")[0][1:])
            assert answer.status == 200, answer
            found += answer.json
            link = answer.headers.get("Link", "")
        named = [[tuple(each[id_] for id_ in ids) for each in some] for some in (found, whole)]
        assert named[0] == named[1] and len(found) >= 4
    refused(alpha.ask("GET", "/v1/fills?before=x"), 422, "invalid")
    refused(alpha.ask("GET", "/v1/orders?before=1-2"), 422, "invalid")


def test_the_account_is_shown(alpha: User, beta: User) -> None:
    beta.place(side="sell", type="limit", price="100", quantity="4")
    alpha.place(side="buy", type="limit", price="100", quantity="4")
    assert alpha.ask("GET", f"/v1/fills?symbol={SYMBOL}&limit=1").json[0]["quantity"] == "4"
    (position,) = alpha.ask("GET", "/v1/positions").json
    assert position["symbol"] == SYMBOL and int(position["quantity"]) >= 4
    assert [each["currency"] for each in alpha.ask("GET", "/v1/pnl").json] == ["USD"]
    assert alpha.ask("GET", "/v1/fees").status == 200
    (session,) = alpha.ask("GET", "/v1/sessions").json
    assert (session["comp_id"], session["firm"], session["state"]) == ("WEB1", "ALPHA", "up")
    numbers = session["next_in"], session["next_out"]
    alpha.place(side="sell", type="limit", price="120")

    def has_counted() -> bool:
        (session,) = alpha.ask("GET", "/v1/sessions").json
        more: list[int] = [session["next_in"] - numbers[0], session["next_out"] - numbers[1]]
        return min(more) >= 2

    seen(has_counted, True)  # QuickFIX counts a message after it is heard
    messages = alpha.ask("GET", "/v1/messages?limit=1000").json
    assert {"D", "8"} <= {message["msg_type"] for message in messages}
    assert {message["session"] for message in messages} == {"WEB1"}


def test_who_may_only_read_changes_nothing(web: Deployment, alpha: User) -> None:
    order = alpha.place(side="buy", type="limit", price="90")
    reader = User(web, token(web.web.data.parent, "alpha", "--name", "reader", "--read-only"))
    path = f"/v1/orders/{order['client_order_id']}"
    body = {"symbol": SYMBOL, "side": "buy", "type": "limit", "quantity": "10", "price": "90"}
    refused(reader.ask("POST", "/v1/orders", body), 403, "read_only")
    refused(reader.ask("POST", "/order", body), 403, "read_only")
    refused(reader.ask("PATCH", path, {"price": "91"}), 403, "read_only")
    refused(reader.ask("DELETE", path), 403, "read_only")
    refused(reader.ask("DELETE", "/v1/orders"), 403, "read_only")
    assert reader.ask("GET", path).json["price"] == "90"


def test_an_operator_halts_and_resumes(web: Deployment, alpha: User) -> None:
    boss = User(web, token(web.web.data.parent, "operator"))
    answer = boss.ask("POST", "/v1/operator/halt", {"symbol": "EURUSD"})
    assert answer.status == 200 and answer.json["accepted"], answer
    body = {"symbol": "EURUSD", "side": "buy", "type": "limit", "quantity": "1000", "price": "1"}
    problem = refused(alpha.ask("POST", "/v1/orders", body), 422, "refused")
    assert "halt" in problem["venue_text"]
    resumed = boss.ask("POST", "/v1/operator/resume", {"symbol": "EURUSD"})
    assert resumed.json["accepted"], resumed
    nothing = boss.ask("POST", "/v1/operator/resume", {"symbol": "NONE"})
    assert "NONE" in refused(nothing, 422, "refused")["venue_text"]
    sessions = {each["comp_id"]: each for each in boss.ask("GET", "/v1/sessions").json}
    assert sessions["WEB1"]["next_in"] > 1 and "TRADER1" in sessions
    refused(boss.ask("POST", "/v1/orders", body), 403, "no_trading")
    refused(alpha.ask("POST", "/v1/operator/halt", {"symbol": "EURUSD"}), 403, "no_operator")


def test_a_body_that_is_too_large_is_413(alpha: User) -> None:
    body = {"symbol": "A" * 70_000}
    refused(alpha.ask("POST", "/v1/orders", body), 413, "too_large")


def test_the_description_is_true_of_every_path(web: Deployment) -> None:
    description = web.ask("GET", "/openapi.json").json
    assert description["info"]["title"] and web.ask("GET", "/docs").status == 200
    for path in description["paths"].keys() - OPEN:
        assert web.ask("OPTIONS", path).status == 405, path
    login = description["paths"]["/v1/login"]["post"]["responses"]["200"]
    answer = web.ask("POST", "/v1/login", {"user": "alpha"})
    assert "Set-Cookie" in login["headers"] and "Set-Cookie" in answer.headers


def test_a_venue_that_is_down_is_503_and_comes_back(web: Deployment, alpha_at_work: User) -> None:
    order = alpha_at_work.place(side="buy", type="gtc", price="90", client_order_id="over-1")
    web.venue.stop()
    web.wait_until("down")
    body = {"symbol": SYMBOL, "side": "buy", "type": "limit", "quantity": "10", "price": "90"}
    for method, path, sent in [
        ("POST", "/v1/orders", body),
        ("POST", "/order", body),
        ("PATCH", "/v1/orders/over-1", {"price": "91"}),
        ("DELETE", "/v1/orders/over-1", None),
        ("DELETE", "/v1/orders", None),
        ("GET", f"/v1/book/{SYMBOL}", None),
        ("GET", f"/orderbook/{SYMBOL}", None),
        ("GET", "/v1/positions", None),
    ]:
        answer = alpha_at_work.ask(method, path, sent)
        refused(answer, 503, "venue_down")
        assert int(answer.headers["Retry-After"]) > 0
    assert alpha_at_work.ask("GET", "/v1/status").json["venue"] == "down"
    web.start_venue()
    web.wait_until("up")
    assert alpha_at_work.order("over-1")["order_id"] == order["order_id"]
    again = alpha_at_work.ask(
        "POST", "/v1/orders", body | {"type": "gtc", "client_order_id": "over-1"}
    )
    assert (again.status, again.json["order_id"]) == (200, order["order_id"])
    assert alpha_at_work.ask("DELETE", "/v1/orders/over-1").json["status"] == "canceled"
    assert web.ask("GET", "/v1/status").json["venue"] == "up"
