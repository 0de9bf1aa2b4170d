"""A day's auctions as REST and the WebSocket tell them, of config/exchange.yaml led by hand."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.client import DEADLINE
from tests.e2e.web_process import Deployment, deployed
from tests.e2e.web_socket import Socket

MARKET, SYMBOL = "XSWX", "NESN"
NOTHING = dict.fromkeys(("price", "quantity", "imbalance", "imbalance_side"))


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Its market and its trading day have nothing of their own to do for hours."""
    directory = tmp_path_factory.mktemp("exchange")
    now = datetime.now(UTC)
    day = f"{now + timedelta(3):%a}".lower()
    ends = f"venue.day_ends={now + timedelta(hours=12):%H:%M:%S}"
    idle = ("--set", f"markets.{MARKET}.days=[{day}]", "--set", ends)
    with deployed(directory, "--config", "config/exchange.yaml", *idle) as deployment:
        yield deployment


def log_in(exchange: Deployment, user: str) -> dict[str, str]:
    origin = {"Origin": exchange.url}
    login = exchange.ask("POST", "/v1/login", {"user": user}, origin)
    cookie = str(login.headers["Set-Cookie"]).partition(";")[0]
    return origin | {"Cookie": cookie, "X-CSRF-Token": login.json["csrf"]}


def shown_phase(exchange: Deployment) -> str:
    phase: str = exchange.ask("GET", f"/v1/instruments/{SYMBOL}").json["phase"]
    return phase


def enter(exchange: Deployment, phase: str) -> None:
    """Begin a phase, if it is another one, and wait until the market's session tells of it."""
    if shown_phase(exchange) == phase:
        return
    terms = {"market": MARKET, "phase": phase}
    answer = exchange.ask("POST", "/v1/operator/phase", terms, log_in(exchange, "operator"))
    assert answer.json["accepted"], answer
    deadline = time.monotonic() + DEADLINE
    while (found := shown_phase(exchange)) != phase:
        assert time.monotonic() < deadline, found
        time.sleep(0.01)


def place(exchange: Deployment, user: str, side: str, quantity: str, price: str) -> None:
    order = {"symbol": SYMBOL, "side": side, "quantity": quantity, "price": price}
    answer = exchange.ask("POST", "/v1/orders", order, log_in(exchange, user))
    assert answer.status == 201, answer


@pytest.mark.parametrize("phase", ["opening_auction", "closing_auction"])
def test_a_call_is_told_until_its_auction(exchange: Deployment, phase: str) -> None:
    enter(exchange, "continuous")
    with Socket(exchange.url) as socket:
        assert socket.subscribe("auction", symbol=SYMBOL)["auction"] is None
        enter(exchange, phase)
        told = socket.until(channel="auction")
        assert told["auction"] == {"phase": phase} | NOTHING
        place(exchange, "alpha", "buy", "50", "100.10")
        place(exchange, "beta", "sell", "20", "99.90")
        wanted = {
            "phase": phase,
            "price": "100.1",
            "quantity": "20",
            "imbalance": "30",
            "imbalance_side": "buy",
        }
        socket.until(lambda told: told["auction"] == wanted, channel="auction")
        book = exchange.ask("GET", f"/v1/book/{SYMBOL}").json
        assert (book["bids"], book["asks"], book["auction"]) == ([], [], wanted)
        with Socket(exchange.url) as late:
            assert late.subscribe("auction", symbol=SYMBOL)["auction"] == wanted
        enter(exchange, "continuous")
        socket.until(lambda told: told["auction"] is None, channel="auction")
        deadline = time.monotonic() + DEADLINE
        while not (book := exchange.ask("GET", f"/v1/book/{SYMBOL}").json)["bids"]:
            assert time.monotonic() < deadline, "the book comes behind its phase"
            time.sleep(0.01)
        assert book["auction"] is None
        assert [(level["price"], level["quantity"]) for level in book["bids"]] == [("100.1", "30")]
        trades = exchange.ask("GET", f"/v1/trades/{SYMBOL}?limit=1").json
        assert (trades[0]["price"], trades[0]["aggressor_side"]) == ("100.1", None)
    assert exchange.ask("DELETE", "/v1/orders", headers=log_in(exchange, "alpha")).status == 200
