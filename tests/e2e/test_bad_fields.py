"""Fields that are too long, that lie about their length, or that are not ASCII."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.e2e.client import BUY, NEW, SELL
from tests.e2e.message import Message, utc_now
from tests.e2e.others import Others
from tests.e2e.raw import RawClient


def order(symbol: str, cl_ord_id: str = "X") -> dict[int, object]:
    return {11: cl_ord_id, 55: symbol, 54: BUY, 38: 10, 40: 2, 44: 99, 60: utc_now()}


@pytest.mark.parametrize("length", ["-1", "500", "2", "99999999999999999999", "abc", "0"])
@pytest.mark.parametrize("logged_on", [True, False], ids=["logged on", "logon"])
@pytest.mark.parametrize(("length_tag", "data_tag"), [(354, 355), (95, 96)])
def test_length_of_a_data_field_that_lies(
    connect: Callable[..., RawClient],
    others: Others,
    symbol: str,
    length_tag: int,
    data_tag: int,
    length: str,
    logged_on: bool,
) -> None:
    client = connect(log_on=logged_on)
    data = [(length_tag, length), (data_tag, "abc")]
    if logged_on:
        client.send("D", [*order(symbol).items(), *data])
    else:
        client.send("A", [(98, 0), (108, 30), (141, "Y"), *data])
    others.trade()


def test_fields_inside_a_data_field_are_data(
    connect: Callable[..., RawClient], others: Others, symbol: str
) -> None:
    """EncodedText(355) holding what looks like a price, a symbol and a type."""
    client = connect()
    trap = "\x0144=1\x0155=AAPL\x0135=F\x0111=Z\x01"
    data = [(354, len(trap)), (355, trap)]
    client.send("D", [*data, *order(symbol).items()])
    client.receive().has({11: "X", 150: "0", 44: 99, 55: symbol, 38: 10, 354: None})
    client.send("D", [*order(symbol, "Y").items(), *data])
    client.receive().has({11: "Y", 150: "0", 44: 99, 55: symbol, 38: 10, 354: None})
    client.ask_status(Message(f"35=8\x0111=Z\x0155={symbol}\x0154=1")).has({37: "NONE"})
    others.trade()


@pytest.mark.parametrize("tag", [58, 11, 1])
@pytest.mark.parametrize("size", [1_000_000])
def test_field_of_a_megabyte(
    connect: Callable[..., RawClient], others: Others, symbol: str, tag: int, size: int
) -> None:
    """Text is taken for what it is, an id that long is refused; others trade meanwhile."""
    client = connect()
    resting = client.enter(symbol, SELL, 5, "101")
    sent = client.next_sent
    client.send("D", order(symbol) | {tag: "x" * size})
    others.trade()
    if tag == 58:
        client.receive().has({11: "X", 150: "0"})
    else:
        client.receive("3").has({45: sent, 371: tag, 372: "D", 373: 5}).names(size, 64)
    client.ask_status(resting).has({39: NEW, 151: 5})


def test_ten_megabytes_from_a_stranger(
    connect: Callable[..., RawClient], others: Others, symbol: str
) -> None:
    stranger = connect(log_on=False)
    with suppress(ConnectionError):
        stranger.send("A", {98: 0, 108: 30, 141: "Y", 58: "x" * 10_000_000})
    others.trade()


@pytest.mark.parametrize("text", ["caf\u00c3\u00a9", "caf\u00e9", "\u00ff\u00fe\u0080"])
@pytest.mark.parametrize(("msg_type", "tag"), [("D", 58), ("D", 11), ("D", 55), ("V", 262)])
def test_text_that_is_not_ascii(
    connect: Callable[..., RawClient],
    others: Others,
    symbol: str,
    msg_type: str,
    tag: int,
    text: str,
) -> None:
    """In UTF-8, in Latin-1, and in nothing at all."""
    client = connect()
    resting = client.enter(symbol, SELL, 5, "101")
    sent = client.next_sent
    if msg_type == "D":
        client.send("D", order(symbol) | {tag: text})
    else:
        groups = [(267, 1), (269, 0), (146, 1), (55, symbol)]
        client.send("V", [(262, text), (263, 1), (264, 0), (265, 1), *groups])
    reject = client.receive("3").has({45: sent, 371: tag, 372: msg_type, 373: 6})
    reject.names(tag, "ASCII")
    client.ask_status(resting).has({39: NEW, 151: 5})
    others.trade()


def test_test_request_that_is_not_ascii(
    connect: Callable[..., RawClient], others: Others, symbol: str
) -> None:
    client = connect()
    client.send("1", {112: "caf\u00e9"})
    assert client.receive_session_message("0")[112] == "caf\u00e9"
    client.enter(symbol, BUY, 1, "99")
    others.trade()
