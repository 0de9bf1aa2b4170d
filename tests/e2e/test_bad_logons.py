"""Who may not log on, and how: nobody else notices, and a session that lives goes on living."""

from collections.abc import Callable

import pytest

from tests.e2e.client import BUY, NEW, SELL
from tests.e2e.others import Others
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient


@pytest.mark.parametrize(
    ("sender", "target"),
    [("NOBODY", "VENUE"), ("TRADER4", "NOWHERE"), ("VENUE", "TRADER4"), ("trader4", "VENUE")],
)
def test_unknown_comp_id(
    connect: Callable[..., RawClient], others: Others, sender: str, target: str
) -> None:
    """Nothing is told to a stranger, not even that he is one."""
    client = connect(sender, log_on=False)
    client.send("A", {98: 0, 108: 30, 141: "Y"}, {56: target})
    others.trade()
    assert client.is_disconnected() == []


@pytest.mark.parametrize("begin_string", ["FIX.4.1", "FIX.4.3", "FIX.5.0", "FIX.9.9", "FIXT.1.0"])
def test_version_that_is_not_served(
    connect: Callable[..., RawClient], others: Others, begin_string: str
) -> None:
    client = connect(log_on=False)
    logon = client.bytes_of("A", {98: 0, 108: 30, 141: "Y"})
    body = logon[logon.index(b"35=") : -7]
    logon = f"8={begin_string}\x019={len(body)}\x01".encode() + body
    client.send_bytes(logon + b"10=%03d\x01" % (sum(logon) % 256))
    others.trade()
    assert client.is_disconnected() == []


@pytest.mark.parametrize("reset", ["Y", "N", None])
def test_second_logon_of_a_live_session(
    connect: Callable[..., RawClient], others: Others, symbol: str, reset: str | None
) -> None:
    """The second connection is dropped; the first keeps its numbers, its orders and its data."""
    client = connect()
    resting = client.enter(symbol, SELL, 5, "101")
    client.request_market_data(symbol)
    client.receive("W")
    intruder = connect(client.comp_id, log_on=False)
    intruder.send("A", {98: 0, 108: 30, 141: reset})
    assert intruder.is_disconnected() == []
    client.ask_status(resting).has({39: NEW, 151: 5})
    client.enter(symbol, SELL, 1, "101")
    client.receive("X").has({271: 6})
    others.trade()


def test_second_logon_of_a_stock_client(
    connect: Callable[..., RawClient], buyer: StockClient, others: Others
) -> None:
    intruder = connect(buyer.comp_id, log_on=False)
    intruder.send("A", {98: 0, 108: 30, 141: "Y"})
    assert intruder.is_disconnected() == []
    others.trade()
    assert (buyer.logons, buyer.logouts) == (1, 0)


@pytest.mark.parametrize("reset", ["Y", None])
def test_second_logon_in_the_same_connection(
    connect: Callable[..., RawClient], others: Others, symbol: str, reset: str | None
) -> None:
    """With 141=Y both sides begin again at 1; without it makes no sense, and ends the session."""
    client = connect()
    resting = client.enter(symbol, SELL, 5, "101")
    if reset == "Y":
        client.next_sent = client.next_received = 1
        client.log_on()
        client.ask_status(resting).has({39: NEW, 151: 5, 34: 2})
    else:
        client.send("A", {98: 0, 108: 30})
        assert "A" not in {message.type for message in client.is_disconnected()}
        connect(client.comp_id).ask_status(resting).has({39: NEW, 151: 5})
    others.trade()


@pytest.mark.parametrize(
    "change",
    [{108: None}, {108: -5}, {108: "x"}, {98: None}, {98: 5}, {108: 99999999999999999999}],
)
def test_logon_that_lacks_what_it_needs(
    connect: Callable[..., RawClient],
    others: Others,
    symbol: str,
    change: dict[int, object],
) -> None:
    """Refused, and no more than that: the session may log on properly at once."""
    client = connect(log_on=False)
    client.send("A", {98: 0, 108: 30, 141: "Y"} | change)
    others.trade()
    last_words = client.is_disconnected()
    assert {message.type for message in last_words} <= {"3", "5"}
    connect(client.comp_id).enter(symbol, BUY, 1, "99")


@pytest.mark.parametrize("heart_bt_int", [0, 1, 999999])
def test_heart_bt_int_is_the_clients_choice(
    connect: Callable[..., RawClient], others: Others, symbol: str, heart_bt_int: int
) -> None:
    client = connect(log_on=False)
    client.send_logon({108: heart_bt_int})
    client.receive_session_message("A").has({108: heart_bt_int})
    client.enter(symbol, BUY, 1, "99")
    others.trade()


@pytest.mark.parametrize("msg_type", ["D", "0", "5", "2", "4", "V", "*"])
def test_message_before_the_logon(
    connect: Callable[..., RawClient], others: Others, symbol: str, msg_type: str
) -> None:
    """The connection is closed, and nothing is carried out."""
    client = connect(log_on=False)
    order = {11: "X", 55: symbol, 54: SELL, 38: 1, 40: 2, 44: 100, 60: "20260101-00:00:00"}
    bodies = {"D": order, "2": {7: 1, 16: 0}, "4": {36: 99}, "V": {262: "M", 263: 2}}
    client.send(msg_type, bodies.get(msg_type, {}))
    others.trade()
    assert [message.type for message in client.is_disconnected()] in ([], ["5"])
    back = connect(client.comp_id)
    back.send("H", {11: "X", 55: symbol, 54: SELL})
    back.receive().has({150: "I", 37: "NONE"})


def test_order_in_the_packet_of_the_logon(
    connect: Callable[..., RawClient], others: Others, symbol: str
) -> None:
    client = connect(log_on=False)
    logon = client.bytes_of("A", {98: 0, 108: 30, 141: "Y"})
    order = {11: "X", 55: symbol, 54: BUY, 38: 1, 40: 2, 44: 99, 60: "20260101-00:00:00"}
    client.send_bytes(logon + client.bytes_of("D", order))
    client.receive_session_message("A")
    client.receive().has({11: "X", 150: "0"})
    others.trade()


def test_logon_without_a_sending_time(connect: Callable[..., RawClient], others: Others) -> None:
    client = connect(log_on=False)
    client.send("A", {98: 0, 108: 30, 141: "Y"}, {52: None})
    others.trade()
    client.is_disconnected()


def test_logon_from_another_century(connect: Callable[..., RawClient], others: Others) -> None:
    client = connect(log_on=False)
    client.send("A", {98: 0, 108: 30, 141: "Y"}, {52: "19700101-00:00:00"})
    others.trade()
    assert "A" not in {message.type for message in client.is_disconnected()}
