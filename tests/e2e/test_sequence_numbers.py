"""Checks 24 and 25, the session's side: numbers, resends, heartbeats and logouts."""

from collections.abc import Callable

import pytest

from tests.e2e.client import BUY, NEW, SELL
from tests.e2e.message import Message, utc_now
from tests.e2e.others import Others
from tests.e2e.raw import RawClient


def order(symbol: str, cl_ord_id: str) -> dict[int, object]:
    return {11: cl_ord_id, 55: symbol, 54: BUY, 38: 1, 40: 2, 44: 99, 60: utc_now()}


def test_number_too_high(connect: Callable[..., RawClient], others: Others, symbol: str) -> None:
    """What was missed is asked for; it is carried out first, each once, in order."""
    client = connect()
    missed = client.next_sent
    client.next_sent += 1
    client.send("D", order(symbol, "LATE"))
    client.receive_session_message("2").has({7: missed, 16: 0})
    others.trade()
    client.send("D", order(symbol, "EARLY"), {34: missed, 43: "Y", 122: utc_now()})
    client.receive().has({11: "EARLY", 150: "0"})
    client.receive().has({11: "LATE", 150: "0"})
    client.hears_nothing()


def test_number_too_low(connect: Callable[..., RawClient], others: Others, symbol: str) -> None:
    client = connect()
    resting = client.enter(symbol, SELL, 5, "101")
    client.send("D", order(symbol, "AGAIN"), {34: 2})
    [logout] = client.is_disconnected()
    logout.has({35: "5"}).names("MsgSeqNum too low", "expecting 3", "received 2")
    others.trade()
    back = connect(client.comp_id)
    back.ask_status(resting).has({39: NEW, 151: 5})
    back.ask_status(resting, {11: "AGAIN"}).has({37: "NONE"})


def test_number_that_is_none(
    connect: Callable[..., RawClient], others: Others, symbol: str
) -> None:
    """It is not carried out under any number, nor after the numbers are in order again."""
    for number in (None, "abc", "-1", 0, "99999999999999999999999"):
        client = connect()
        client.send("D", order(symbol, "X"), {34: number})
        others.trade()
        client.close()
        back = connect(client.comp_id)
        back.send("H", {11: "X", 55: symbol, 54: BUY})
        back.receive().has({37: "NONE"})


def test_resend_of_reports(connect: Callable[..., RawClient], symbol: str) -> None:
    """Reports come again with their number, 43=Y and 122; the session's own messages as a gap."""
    client = connect()
    reports = [client.enter(symbol, BUY, 1, "99") for _ in range(3)]
    client.send("1", {112: "PING"})
    client.receive_session_message("0").has({112: "PING"})
    reports.append(client.enter(symbol, BUY, 1, "99"))
    client.send("2", {7: 1, 16: 0})
    gap = client.receive_session_message("4").has({34: 1, 43: "Y", 123: "Y"})
    assert gap[36] == reports[0][34]
    for report in reports[:3]:
        same(client.receive(), report)
    client.receive_session_message("4").has({34: int(reports[2][34]) + 1, 36: reports[3][34]})
    same(client.receive(), reports[3])
    client.hears_nothing()


def same(resent: Message, report: Message) -> None:
    resent.has({43: "Y", 122: report[52]})
    left_out = (9, 10, 43, 52, 122)
    assert [pair for pair in resent.pairs if pair[0] not in left_out] == [
        pair for pair in report.pairs if pair[0] not in left_out
    ]


@pytest.mark.parametrize("comp_id", [None, "MD2"], ids=["trader", "market data"])
def test_market_data_is_not_resent(
    connect: Callable[..., RawClient], symbol: str, comp_id: str | None
) -> None:
    """Whoever missed some subscribes again; a trader gets his reports from between."""
    client = connect(comp_id)
    client.request_market_data(symbol)
    first = client.receive("W")
    reports = []
    if comp_id is None:
        for _ in range(3):
            reports.append(client.enter(symbol, BUY, 1, "99"))
            client.receive("X")
    client.send("2", {7: first[34], 16: 0})
    resent = [client.receive_message() for _ in range(2 * len(reports) + 1)]
    assert {message[43] for message in resent} == {"Y"}
    assert [message.type for message in resent] == ["4", *["8", "4"] * len(reports)]
    for again, report in zip(resent[1::2], reports, strict=True):
        same(again, report)
    client.hears_nothing()


def test_test_request(connect: Callable[..., RawClient]) -> None:
    client = connect()
    client.send("1", {112: "ARE YOU THERE"})
    client.receive_session_message("0").has({112: "ARE YOU THERE"})


def test_heartbeats(connect: Callable[..., RawClient]) -> None:
    """At the interval of the Logon; who does not answer is asked, and then hung up on."""
    client = connect(log_on=False)
    client.send_logon({108: 1})
    client.receive_session_message("A")
    client.receive_session_message("0").has({112: None})
    assert "1" in {message.type for message in client.is_disconnected()}


def test_logout(connect: Callable[..., RawClient], others: Others, symbol: str) -> None:
    client = connect()
    client.enter(symbol, BUY, 1, "99")
    client.send("5", {})
    [logout] = client.is_disconnected()
    logout.has({35: "5"})
    others.trade()


def test_comp_ids_of_somebody_else(
    connect: Callable[..., RawClient], others: Others, symbol: str
) -> None:
    """49 or 56 that changes within a session: 373=9 and Logout."""
    for header in ({49: "TRADER1"}, {56: "NOWHERE"}):
        client = connect()
        sent = client.next_sent
        client.send("D", order(symbol, "X"), header)
        client.receive("3").has({45: sent, 372: "D", 373: 9})
        client.receive("5")
        others.trade()


def test_sending_time_off_by_hours(
    connect: Callable[..., RawClient], others: Others, symbol: str
) -> None:
    client = connect()
    sent = client.next_sent
    client.send("D", order(symbol, "X"), {52: "20200101-00:00:00"})
    client.receive("3").has({45: sent, 372: "D", 373: 10})
    client.receive("5")
    others.trade()
