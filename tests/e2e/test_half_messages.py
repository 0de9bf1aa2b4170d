"""Clients that say nothing, say half of it, or are gone in the middle: nobody waits for them."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.e2e.client import BUY, DEADLINE, NEW, SELL
from tests.e2e.others import Others
from tests.e2e.raw import RawClient

HALF_LOGON = b"8=FIX.4.4\x019=100\x0135=A\x0134=1\x01"
LONG_LOGON = b"8=FIX.4.4\x019=4000\x0135=A\x0134=1\x0158=" + b"x" * 3000
"""The first part of one."""
DRIBBLED = 1200
"""Bytes of it that come, 20 a second."""


def test_client_that_says_nothing(connect: Callable[..., RawClient], others: Others) -> None:
    """A session that came after them is let in, and everybody trades."""
    silent = [connect("NOBODY", log_on=False) for _ in range(20)]
    connect()
    others.trade()
    for client in silent:
        client.close()


@pytest.mark.parametrize("sent", [b"8", b"8=FIX.4.4\x01", b"8=FIX.4.4\x019=", HALF_LOGON])
def test_half_a_logon(connect: Callable[..., RawClient], others: Others, sent: bytes) -> None:
    client = connect(log_on=False)
    client.send_bytes(sent)
    connect()
    others.trade()
    client.close()


def test_others_trade_while_a_logon_dribbles_in(
    connect: Callable[..., RawClient], others: Others
) -> None:
    """They are through with all their trades before the last byte is sent, over as many connections
    as the venue has the patience for.
    """
    traded = threading.Event()

    def dribble() -> None:
        left = DRIBBLED
        while left:
            client = connect("NOBODY", log_on=False)
            with suppress(OSError):
                for byte in LONG_LOGON:
                    client.send_bytes(bytes([byte]))
                    left -= 1
                    if traded.wait(0.05) or not left:
                        return

    thread = threading.Thread(target=dribble)
    thread.start()
    for _ in range(20):
        others.trade()
    dribbling = thread.is_alive()
    traded.set()
    thread.join()
    assert dribbling, "the others had to wait"


def test_logon_in_pieces(connect: Callable[..., RawClient], others: Others, symbol: str) -> None:
    client = connect(log_on=False)
    for byte in client.bytes_of("A", {98: 0, 108: 30, 141: "Y"}):
        client.send_bytes(bytes([byte]))
    client.receive_session_message("A")
    client.enter(symbol, BUY, 1, "99")
    others.trade()


def test_order_in_pieces(connect: Callable[..., RawClient], others: Others, symbol: str) -> None:
    client = connect()
    order = {11: "X", 55: symbol, 54: BUY, 38: 1, 40: 2, 44: 99, 60: "20260101-00:00:00"}
    for number, byte in enumerate(client.bytes_of("D", order)):
        client.send_bytes(bytes([byte]))
        if number % 20 == 0:
            others.trade()
    client.receive().has({11: "X", 150: "0"})


@pytest.mark.parametrize("end", ["close", "reset"])
def test_half_an_order(
    connect: Callable[..., RawClient], others: Others, symbol: str, end: str
) -> None:
    """It never was; what came before it is there."""
    client = connect()
    resting = client.enter(symbol, SELL, 5, "101")
    order = {11: "HALF", 55: symbol, 54: BUY, 38: 1, 40: 2, 44: 99, 60: "20260101-00:00:00"}
    client.send_bytes(client.bytes_of("D", order)[:60])
    others.trade()
    client.close() if end == "close" else client.reset()
    others.trade()
    back = connect(client.comp_id)
    back.ask_status(resting).has({39: NEW, 151: 5})
    back.ask_status(resting, {11: "HALF"}).has({37: "NONE"})


@pytest.mark.parametrize("read_first", [True, False])
def test_reset_in_the_middle_of_traffic(
    connect: Callable[..., RawClient], others: Others, symbol: str, read_first: bool
) -> None:
    """Orders that reached the venue are carried out; they belong to the session, not the wire."""
    client = connect()
    client.request_market_data(symbol)
    client.receive("W")
    resting = client.enter(symbol, SELL, 5, "101")
    orders = [
        {11: f"R{number}", 55: symbol, 54: BUY, 38: 1, 40: 2, 44: 99, 60: "20260101-00:00:00"}
        for number in range(500)
    ]
    client.send_bytes(b"".join(client.bytes_of("D", order) for order in orders))
    heard = [client.next_message(time.monotonic() + DEADLINE) for _ in range(10 * read_first)]
    client.reset()
    others.trade()
    back = connect(client.comp_id)
    assert {report[150] for report in back.settle()} <= {"0"}  # what nobody could be told
    back.ask_status(resting).has({39: NEW, 151: 5})
    for report in heard:
        if report and report.type == "8":
            back.ask_status(report).has({39: NEW, 37: report[37]})
    others.trade()


def test_client_that_never_reads(
    connect: Callable[..., RawClient], others: Others, symbol: str
) -> None:
    client = connect()
    client.request_market_data(symbol)
    order = {55: symbol, 54: BUY, 38: 1, 40: 2, 44: 99, 60: "20260101-00:00:00"}
    for number in range(20):
        burst = (client.bytes_of("D", {11: f"N{number}-{each}"} | order) for each in range(100))
        client.send_bytes(b"".join(burst))
        others.trade()
    others.trade()
