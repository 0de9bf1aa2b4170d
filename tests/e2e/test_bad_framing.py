"""Bytes that are no FIX: the session that sent them gets what FIX says, and nobody else notices."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.e2e.client import BUY, NEW, SELL
from tests.e2e.message import utc_now
from tests.e2e.others import Others
from tests.e2e.raw import RawClient


def order(symbol: str, cl_ord_id: str = "X") -> dict[int, object]:
    return {11: cl_ord_id, 55: symbol, 54: BUY, 38: 10, 40: 2, 44: 99, 60: utc_now()}


def is_ignored(client: RawClient, symbol: str) -> None:
    """A garbled message never happened: the number it had is asked for again, and used."""
    missing = client.next_sent - 1
    client.send("0", {})
    client.receive_session_message("2").has({7: missing, 16: 0})
    after = client.next_sent
    client.send("4", {36: after, 123: "Y"}, {34: missing, 43: "Y", 122: utc_now()})
    client.enter(symbol, BUY, 10, "99")


@pytest.mark.parametrize(
    "garble",
    [
        pytest.param(lambda text: text[:-4] + b"999\x01", id="checksum wrong"),
        pytest.param(lambda text: text[:-4] + b"abc\x01", id="checksum no number"),
        pytest.param(lambda text: text.replace(b"\x019=1", b"\x019=", 1), id="length short"),
        pytest.param(lambda text: text.replace(b"FIX.4.4", b"FIX.4.2"), id="other version"),
    ],
)
def test_garbled_message(
    connect: Callable[..., RawClient],
    others: Others,
    symbol: str,
    garble: Callable[[bytes], bytes],
) -> None:
    client = connect()
    resting = client.enter(symbol, SELL, 5, "101")
    client.send_bytes(garble(client.bytes_of("D", order(symbol))))
    is_ignored(client, symbol)
    client.ask_status(resting).has({39: NEW, 151: 5})
    client.ask_status(resting, {11: "X"}).has({37: "NONE"})
    others.trade()


@pytest.mark.parametrize(
    "field",
    [
        pytest.param(("abc", 1), id="tag no number"),
        pytest.param(("", 1), id="tag empty"),
        pytest.param((58, "a\x01b"), id="field without a tag"),
        pytest.param(("99999999999999999999", 1), id="tag too large"),
        pytest.param(("-1", 1), id="tag negative"),
    ],
)
def test_field_that_is_none(
    connect: Callable[..., RawClient], others: Others, symbol: str, field: tuple[int, object]
) -> None:
    """The checksum is right, so the engine may refuse the field by name instead."""
    client = connect()
    sent = client.next_sent
    client.send("D", [*order(symbol).items(), field])
    client.send("0", {})
    answer = client.receive_session_message()
    if answer.type == "3":
        answer.has({45: sent, 372: "D", 373: 0})
    else:
        answer.has({35: "2", 7: sent, 16: 0})
    others.trade()


def test_length_that_swallows_the_next_message(
    connect: Callable[..., RawClient], others: Others, symbol: str
) -> None:
    """Too long by a whole message: both are gone, and asked for again."""
    client = connect()
    first = client.bytes_of("D", order(symbol, "X"))
    length = int(first.split(b"\x01")[1][2:])
    second = client.bytes_of("D", order(symbol, "Y"))
    client.send_bytes(first.replace(b"9=%d" % length, b"9=%d" % (length + len(second))) + second)
    client.send("0", {})
    client.receive_session_message("2").has({7: 2, 16: 0})
    others.trade()


@pytest.mark.parametrize("length", ["999999999", "99999999999999999999", "-5", "0", "abc", ""])
def test_length_that_is_absurd(
    connect: Callable[..., RawClient], others: Others, symbol: str, length: str
) -> None:
    """Nobody is kept from trading by a message that never ends."""
    client = connect()
    resting = client.enter(symbol, SELL, 5, "101")
    client.send_bytes(b"8=FIX.4.4\x019=" + length.encode() + b"\x0135=0\x0110=000\x01")
    others.trade()
    client.close()
    others.trade()
    back = connect(client.comp_id)
    back.ask_status(resting).has({39: NEW, 151: 5})


@pytest.mark.parametrize(
    "garbage",
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: venue\r\n\r\n", id="http"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500), id="tls"),
        pytest.param(bytes(range(256)) * 40, id="every byte"),
        pytest.param(b"\x01" * 5000, id="separators"),
        pytest.param(b"8=" * 5000, id="beginnings"),
        pytest.param(b"8=FIX.4.4\x01" * 500, id="begin strings"),
        pytest.param(b"8=FIX.4.4\x019=5\x0135=A\x0110=000\x01" * 200, id="empty logons"),
    ],
)
@pytest.mark.parametrize("logged_on", [True, False], ids=["logged on", "stranger"])
def test_garbage(
    connect: Callable[..., RawClient],
    others: Others,
    symbol: str,
    garbage: bytes,
    logged_on: bool,
) -> None:
    client = connect(log_on=logged_on)
    if logged_on:
        resting = client.enter(symbol, SELL, 5, "101")
    with suppress(ConnectionError):
        client.send_bytes(garbage)
    others.trade()
    client.close()
    if logged_on:
        back = connect(client.comp_id)
        back.ask_status(resting).has({39: NEW, 151: 5})
        back.enter(symbol, BUY, 1, "99")


def test_garbage_before_a_good_message(
    connect: Callable[..., RawClient], others: Others, symbol: str
) -> None:
    client = connect()
    client.send_bytes(b"\x00\xff garbage \x01=\x01=" + client.bytes_of("D", order(symbol)))
    client.receive().has({11: "X", 150: "0"})
    others.trade()
