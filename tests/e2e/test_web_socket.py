"""The WebSocket beside a venue: it tells what FIX clients see, whatever becomes of either."""

import json
import random
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.e2e.client import DEADLINE
from tests.e2e.web_process import Deployment, deployed, token
from tests.e2e.web_socket import Socket, Told
from venue.client import Client, ExecutionReport
from venue.client import connect as log_on


@pytest.fixture(scope="module")
def trader(web: Deployment) -> Iterator[Client]:
    with log_on("TRADER1", port=web.venue_port) as client:
        yield client


@pytest.fixture(scope="module")
def taker(web: Deployment) -> Iterator[Client]:
    with log_on("TRADER3", port=web.venue_port) as client:
        yield client


class Mirror:
    """A book kept up to date from a depth channel, as any client would."""

    def __init__(self, snapshot: Told) -> None:
        self.sequence = 0
        self.sides: dict[str, dict[str, str]] = {"bids": {}, "asks": {}}
        self.apply(snapshot)

    def apply(self, told: Told) -> None:
        if told["type"] == "snapshot":
            for side in self.sides.values():
                side.clear()
        else:
            assert told["sequence"] == self.sequence + 1
        self.sequence = told["sequence"]
        for name, side in self.sides.items():
            for price, quantity, _ in told[name]:
                if quantity == "0":
                    del side[price]
                else:
                    side[price] = quantity

    def ordered(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        bids, asks = (sorted(side.items(), key=_price) for side in self.sides.values())
        return bids[::-1], asks


def _price(level: tuple[str, str]) -> float:
    return float(level[0])


def shown(client: Client, symbol: str, levels: int) -> Any:
    """The book as a FIX client has it."""
    book = client.book(symbol)
    sides = (book.bids, book.offers)
    return tuple([(f"{price:f}", f"{qty:f}") for price, qty in side[:levels]] for side in sides)


def close_code(opened: Socket) -> int:
    """Read until the connection is closed, and return why."""
    deadline = time.monotonic() + 3 * DEADLINE
    while time.monotonic() < deadline:
        try:
            opened.read()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006
    raise AssertionError("it is not closed")


def test_depth_is_the_book_that_fix_clients_see(web: Deployment, trader: Client) -> None:
    rng = random.Random(1)
    trader.subscribe("BTC-USD")
    with Socket(web.url) as opened:
        mirrors = {}
        for levels in (3, 0):
            opened.say("subscribe", "depth", symbol="BTC-USD", levels=levels)
            mirrors[levels] = Mirror(opened.until(type="snapshot", levels=levels))
        orders = []
        for _ in range(150):
            if orders and rng.random() < 0.4:
                trader.cancel(orders.pop(rng.randrange(len(orders))))
            else:
                side, away = rng.choice([("buy", -1), ("sell", 1)]), rng.randint(1, 12)
                price = f"{50_000 + side[1] * away}"
                orders.append(trader.new_order("BTC-USD", side[0], "0.5", price))
        last = trader.new_order("BTC-USD", "buy", "0.00777", "40000")
        trader.wait(ExecutionReport, cl_ord_id=last)
        opened.until(
            lambda told: (
                mirrors[told["levels"]].apply(told)
                or any(row[0] == "40000" for row in told["bids"])
            ),
            channel="depth",
        )
        deadline = time.monotonic() + DEADLINE
        while not any(price == 40_000 for price, _ in trader.book("BTC-USD").bids):
            assert time.monotonic() < deadline
            for _ in trader.events(timeout=0.1):
                pass
        assert mirrors[0].ordered() == shown(trader, "BTC-USD", 1000)
        assert mirrors[3].ordered() == shown(trader, "BTC-USD", 3)
    trader.mass_cancel(symbol="BTC-USD")


def test_trades_bbo_and_statistics(web: Deployment, trader: Client, taker: Client) -> None:
    with Socket(web.url, "/ws/market/ETH-USD") as opened, Socket(web.url) as other:
        for channel in ("bbo", "depth", "trades", "statistics"):
            if not any(told["channel"] == channel for told in opened.seen):
                opened.until(channel=channel)
        trader.new_order("ETH-USD", "sell", 2, "2500.5")
        opened.until(channel="bbo", ask=["2500.5", "2", 1])
        order = taker.new_order("ETH-USD", "buy", 1, "2501")
        fill = taker.wait(ExecutionReport, cl_ord_id=order, exec_type="F")
        told = opened.until(channel="trades", type="update")
        assert [told["trades"][0][name] for name in ("trade_id", "price", "quantity")] == [
            fill.trade_id,
            "2500.5",
            "1",
        ]
        assert told["trades"][0]["aggressor_side"] == "buy"
        opened.ever(channel="statistics", volume="1", last="2500.5", trades=1)
        snapshot = other.subscribe("trades", symbol="ETH-USD")
        assert [trade["trade_id"] for trade in snapshot["trades"]] == [fill.trade_id]
        assert snapshot["trades"] == told["trades"]
    taker.wait(ExecutionReport, cl_ord_id=order)
    trader.mass_cancel(symbol="ETH-USD")


def test_trades_that_were_before(web: Deployment, trader: Client, taker: Client) -> None:
    """Nobody has asked for the symbol yet."""
    first = trader.new_order("EURUSD", "buy", 2000, "1.1")
    trader.wait(ExecutionReport, cl_ord_id=first)
    order = taker.new_order("EURUSD", "sell", 1000, "1.1")
    fill = taker.wait(ExecutionReport, cl_ord_id=order, exec_type="F")
    with Socket(web.url) as opened:
        (trade,) = opened.subscribe("trades", symbol="EURUSD")["trades"]
        assert (trade["trade_id"], trade["aggressor_side"]) == (fill.trade_id, "sell")
        (candle,) = web.ask("GET", "/v1/candles/EURUSD?interval=1d").json
        assert (candle["volume"], candle["close"], candle["trades"]) == ("1000", "1.1", 1)
        taker.new_order("EURUSD", "sell", 1000, "1.1")
        told = opened.until(channel="trades", type="update")
        assert len(web.ask("GET", "/v1/trades/EURUSD").json) == 2
        assert web.ask("GET", "/v1/trades/EURUSD?limit=1").json == told["trades"]


@pytest.mark.parametrize(
    ("path", "channels"),
    [
        ("/ws/marketdata?symbol=EURUSD", {"bbo", "depth", "trades"}),
        ("/ws/market-data/EURUSD", {"bbo", "depth", "trades"}),
        ("/ws/trades?symbol=EURUSD", {"trades"}),
        ("/ws/trades/EURUSD", {"trades"}),
        ("/ws/market/EURUSD", {"bbo", "depth", "trades", "statistics"}),
    ],
)
def test_paths_that_subscribe_by_themselves(web: Deployment, path: str, channels: set[str]) -> None:
    with Socket(web.url, path) as opened:
        told: set[str] = set()
        while told != channels | {"status"}:
            told.add(opened.read()["channel"])
        opened.say("ping", id=1)
        assert opened.until(op="pong")["id"] == 1


@pytest.mark.parametrize("path", ["/ws/trades/NONE", "/ws/marketdata?symbol=NONE", "/ws/trades"])
def test_paths_without_a_known_symbol(web: Deployment, path: str) -> None:
    with Socket(web.url, path) as opened:
        told = opened.until(op="error")
        assert told["code"] in ("unknown_symbol", "missing_symbol")
        assert close_code(opened) == 1008


def test_own_orders_fills_and_positions(web: Deployment, taker: Client) -> None:
    with Socket(web.url) as opened:
        for channel in ("orders", "fills", "positions", "messages", "instruments"):
            assert opened.subscribe(channel)["type"] == "snapshot"
        order = {"symbol": "AAPL", "side": "buy", "type": "limit", "quantity": "7", "price": "99"}
        placed = web.ask("POST", "/v1/orders", order).json
        told = opened.until(channel="orders", type="update")
        assert told["orders"][0]["order_id"] == placed["order_id"]
        opened.ever(
            lambda told: any("|35=D|" in each["raw"] for each in told["messages"]),
            channel="messages",
            type="update",
        )
        taker.new_order("AAPL", "sell", 7, "99")
        channels = set()
        while not channels >= {"orders", "fills", "positions"}:
            told = opened.until(type="update")
            if told["channel"] == "orders" and told["orders"][0]["status"] != "filled":
                continue
            if told["channel"] == "fills":
                assert told["fills"][0]["order_id"] == placed["order_id"]
            channels.add(told["channel"])
        with Socket(web.url) as other:
            assert other.subscribe("orders")["orders"][0]["status"] == "filled"
            other.say("subscribe", "sessions", id="s")
            assert other.until(op="error", id="s")["code"] == "no_operator"


def test_it_is_unsubscribed(web: Deployment, trader: Client) -> None:
    with Socket(web.url) as opened, Socket(web.url) as other:
        opened.subscribe("bbo", symbol="AAPL")
        other.subscribe("bbo", symbol="AAPL")
        opened.say("unsubscribe", "bbo", symbol="AAPL")
        opened.until(op="unsubscribed")
        trader.new_order("AAPL", "buy", 1, "60")
        other.until(channel="bbo", bid=["60", "1", 1])
        opened.say("ping")
        assert opened.read()["op"] == "pong", "nothing was told before"
    trader.mass_cancel(symbol="AAPL")


def test_ten_thousand_subscriptions(web: Deployment) -> None:
    with Socket(web.url) as opened:
        with suppress(ConnectionClosed):
            for number in range(10_000):
                opened.say("subscribe", "depth", symbol="AAPL", levels=number % 1000 + 1)
        assert close_code(opened) == 1008
        answers = [told["op"] for told in opened.seen if "op" in told]
        assert answers.count("subscribed") == 200
        refusals = [told["code"] for told in opened.seen if told.get("op") == "error"]
        assert set(refusals) == {"too_many_subscriptions"}
        assert len(refusals) <= 50
    web.is_sound()


def test_messages_that_make_no_sense(web: Deployment) -> None:
    with Socket(web.url) as opened:
        for text in ("", "null", "[" * 9_000, '{"op":"ping","id":' + "[" * 9_000, '{"op":1}'):
            opened.raw.send(text)
            assert opened.until(op="error")["code"] == "bad_message"
        opened.say("subscribe", "bbo", symbol="NONE", id=5)
        refused = opened.until(op="error")
        assert (refused["code"], refused["id"]) == ("unknown_symbol", 5)
        opened.say("ping")
        opened.until(op="pong")
        for _ in range(60):
            try:
                opened.raw.send("nonsense")
            except ConnectionClosed:
                break
        assert close_code(opened) == 1008


def test_binary_frames(web: Deployment) -> None:
    with Socket(web.url) as opened:
        opened.raw.send(b'{"op":"ping"}')
        assert close_code(opened) == 1003


@pytest.mark.parametrize("size", [20_000, 2_000_000])
def test_huge_frames(web: Deployment, size: int) -> None:
    with Socket(web.url) as opened:
        with suppress(ConnectionClosed):
            opened.raw.send(json.dumps({"op": "ping", "id": "x" * size}))
        assert close_code(opened) in ({1009} if size < 100_000 else {1009, 1006})
    web.is_sound()


def test_text_that_is_none(web: Deployment) -> None:
    with Socket(web.url) as opened:
        opened.raw.send(b"\xff\xfe", text=True)
        assert close_code(opened) == 1007


def test_a_foreign_page_gets_nothing(web: Deployment) -> None:
    with (
        pytest.raises(InvalidStatus) as refused,
        Socket(web.url, additional_headers={"Origin": "http://evil.example"}),
    ):
        pass
    assert refused.value.response.status_code == 403


def test_who_never_reads_is_ended_and_nobody_else_notices(web: Deployment) -> None:
    """It asks for much and reads nothing; then it finds what was sent, and a Close."""
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    small.connect(("127.0.0.1", web.web_port))
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    upgrade = f"Host: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{key}"
    small.sendall(f"GET /ws HTTP/1.1\r\n{upgrade}\r\n".encode())
    small.recv(1)
    for _ in range(50):  # so that there are messages to be sent
        order = {"symbol": "AAPL", "side": "buy", "type": "limit", "quantity": "1", "price": "90"}
        assert web.ask("POST", "/v1/orders", order).status == 201
    with Socket(web.url) as other, small:
        before = _figures(web)
        small.sendall(_masked({"op": "subscribe", "channel": "messages"}))
        for _ in range(60):
            small.sendall(_masked({"op": "resync", "channel": "messages"}))
        deadline = time.monotonic() + 3 * DEADLINE
        while _figures(web)["closed_slow"] == before["closed_slow"]:
            assert time.monotonic() < deadline, _figures(web)
            other.say("ping")
            other.until(op="pong")
            time.sleep(0.1)
        small.settimeout(DEADLINE)
        found = b""
        while chunk := small.recv(1 << 16):
            found += chunk
        assert b"\x88" in found[-64:]
        assert (4008).to_bytes(2, "big") in found[-64:]
        assert len(found) < 1 << 20, "what waits is bounded"
    small.close()
    web.is_sound()


def _masked(content: Told) -> bytes:
    payload = json.dumps(content).encode()
    assert len(payload) < 126
    return bytes((0x81, 0x80 | len(payload))) + bytes(4) + payload


def _figures(web: Deployment) -> dict[str, int]:
    figures: dict[str, int] = web.ask("GET", "/v1/performance").json["figures"]["websocket"]
    return figures


def test_a_venue_that_is_killed_and_comes_back(tmp_path: Path) -> None:
    durable = ("--set", "journal.sync=batch")
    with deployed(tmp_path, venue_options=durable) as own, Socket(own.url) as opened:
        with log_on("TRADER1", port=own.venue_port) as trader:
            order = trader.new_order("AAPL", "buy", 5, "99", time_in_force="gtc")
            trader.wait(ExecutionReport, cl_ord_id=order)
        first = opened.subscribe("depth", symbol="AAPL")
        assert first["bids"] == [["99", "5", 1]]
        opened.subscribe("bbo", symbol="AAPL")
        opened.subscribe("trades", symbol="AAPL")
        opened.subscribe("orders")
        own.venue.process.kill()
        own.venue.process.wait()
        opened.until(channel="status", venue="down")
        with Socket(own.url) as late:
            late.say("subscribe", "depth", symbol="AAPL")
            late.until(op="subscribed")
            own.start_venue()
            channels: dict[str, Told] = {}
            up = False
            while not (up and channels.keys() >= {"depth", "bbo", "trades", "orders"}):
                told = opened.read(3 * DEADLINE)
                up = up or (told["channel"] == "status" and told["venue"] == "up")
                channels[told["channel"]] = told
            depth = channels["depth"]
            assert (depth["type"], depth["sequence"]) == ("snapshot", first["sequence"] + 1)
            assert depth["bids"] == first["bids"]
            assert late.until(channel="depth")["bids"] == first["bids"]
        with log_on("TRADER1", port=own.venue_port) as trader:
            trader.new_order("AAPL", "buy", 5, "99")
            told = opened.until(channel="depth", type="delta")
            assert (told["bids"], told["sequence"]) == ([["99", "10", 2]], depth["sequence"] + 1)


def test_a_web_that_stops_says_so(tmp_path: Path) -> None:
    with deployed(tmp_path, web_options=("--set", "web.connections=2")) as own:
        with Socket(own.url) as one, Socket(own.url) as two, Socket(own.url) as third:
            assert close_code(third) == 1013
            one.subscribe("bbo", symbol="AAPL")
            own.web.process.send_signal(signal.SIGTERM)
            assert close_code(one) == close_code(two) == 1001
            assert own.web.process.wait(3 * DEADLINE) == 0
        own.start_web()
        own.wait_until_up()


def test_tokens(tmp_path: Path) -> None:
    with deployed(tmp_path, web_options=("--set", "web.anonymous=nobody")) as own:
        good = token(tmp_path / "web", "beta")
        with Socket(own.url) as nobody:
            nobody.say("subscribe", "bbo", symbol="AAPL")
            assert nobody.until(op="error")["code"] == "unauthorized"
            nobody.say("login", token="wrong")
            assert nobody.until(op="error")["code"] == "bad_token"
            nobody.say("login", token=good, id=1)
            assert nobody.until(op="login") == {"op": "login", "user": "beta", "id": 1}
            nobody.subscribe("bbo", symbol="AAPL")
            nobody.subscribe("orders")
        with Socket(own.url, additional_headers={"Authorization": f"Bearer {good}"}) as known:
            known.subscribe("fills")
            token(tmp_path / "web", "beta", "--remove")
            assert close_code(known) == 4001
        with Socket(own.url, additional_headers={"Authorization": "Bearer wrong"}) as wrong:
            assert close_code(wrong) == 1008
        with Socket(own.url) as silent:
            assert close_code(silent) == 1008
