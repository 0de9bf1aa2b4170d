"""An operator's actions, in every version, and what those who are concerned hear of them."""

import csv
from collections.abc import Callable, Iterator

import pytest

from tests.e2e.client import BUY, GTC, SELL
from tests.e2e.codes import VERSIONS
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient
from tests.e2e.venue_process import VenueProcess
from venue.client.client import Client
from venue.client.client import connect as operating
from venue.client.events import OperatorReport
from venue.journal_tools.audit import Wanted, audit

Connect = Callable[..., RawClient]
LogOn = Callable[..., StockClient]


class Operator:
    """One that is logged on, and remembers what it was told."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.told: list[str] = []

    def does(self, action: str, **terms: object) -> str:
        """What is told of an action."""
        text, accepted = self._ask(action, terms)
        assert accepted, text
        return text

    def cannot(self, action: str, **terms: object) -> str:
        """Why it is refused."""
        text, accepted = self._ask(action, terms)
        assert not accepted, text
        return text

    def _ask(self, action: str, terms: dict[str, object]) -> tuple[str, bool]:
        request = self.client.operate(action, **terms)
        report = self.client.wait(OperatorReport, operator_req_id=request)
        assert report.action == action
        self.told.append(report.text)
        return report.text, report.accepted


@pytest.fixture
def operator(venue: VenueProcess, version: str) -> Iterator[Operator]:
    without = {"UseDataDictionary": "N"}
    with operating("OPERATOR", port=venue.port, version=version, quickfix=without) as client:
        operator = Operator(client)
        yield operator


each_version = pytest.mark.parametrize("version", VERSIONS)


@each_version
def test_orders_are_canceled(
    operator: Operator, buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    named = "the operator of the venue"
    canceled = buyer.codes.canceled() | {378: "4" if buyer.version == VERSIONS[0] else "8"}
    order = buyer.enter(symbol, BUY, 5, 99)
    operator.does("cancel", order_id=order[37])
    buyer.receive().has({11: order[11], 41: None} | canceled).names(named)
    assert order[37] in operator.cannot("cancel", order_id=order[37])
    orders = [buyer.enter(symbol, BUY, 5, price) for price in (98, 99)]
    other = seller.enter(symbol, SELL, 5, 101)
    assert operator.does("cancel_firm", firm="ALPHA") == "2 orders of ALPHA are canceled"
    for each in orders:
        buyer.receive().has({11: each[11]} | canceled).names(named)
    seller.hears_nothing()
    seller.cancel(other)
    seller.receive().has({37: other[37]} | seller.codes.canceled())
    assert "EAST" in operator.cannot("cancel_firm", firm="EAST")


@each_version
def test_trades_are_corrected_and_busted(
    operator: Operator, buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    seller.enter(symbol, SELL, 5, 100)
    buyer.new_order(symbol, BUY, 5, 100)
    buyer.receive()
    trade_id = buyer.codes.trade_id(buyer.receive())
    seller.receive()
    assert "1.005" in operator.cannot("correct", trade_id=trade_id, price="1.005")
    assert "6" in operator.cannot("correct", trade_id=trade_id, qty="6")
    operator.does("correct", trade_id=trade_id, price="99.5")
    for trader in (buyer, seller):
        trader.receive().has({31: "99.5", 32: "5", 6: "99.5"})
    operator.does("bust", trade_id=trade_id)
    for trader in (buyer, seller):
        assert trader.settle()[0].has({14: "0"}).type == "8"
    assert "busted" in operator.cannot("bust", trade_id=trade_id)
    for firm in ("ALPHA", "BETA"):
        operator.does("cancel_firm", firm=firm)
    for trader in (buyer, seller):
        trader.settle()


@each_version
def test_firms_are_limited_and_stopped(operator: Operator, buyer: StockClient, symbol: str) -> None:
    operator.does("limit", firm="ALPHA", symbol=symbol, max_order_qty="10")
    operator.does("limit", firm="ALPHA", symbol=symbol, max_messages="1000")
    buyer.new_order(symbol, BUY, 11, 99)
    buyer.receive().has(buyer.codes.rejected("3")).names("11", "10")
    assert "MaxOrderQty(9220) is 1E3" in operator.cannot("limit", firm="ALPHA", max_order_qty="1E3")
    operator.does("unlimit", firm="ALPHA", symbol=symbol)
    order = buyer.enter(symbol, BUY, 11, 99)
    operator.does("kill", firm="ALPHA")
    buyer.receive().has({11: order[11], 39: "4"}).names("kill switch")
    buyer.new_order(symbol, BUY, 1, 99)
    buyer.receive().has({39: "8"}).names("kill switch")
    assert "ALPHA" in operator.cannot("kill", firm="ALPHA")
    operator.does("release", firm="ALPHA")
    buyer.cancel(buyer.enter(symbol, BUY, 1, 99))
    buyer.receive().has(buyer.codes.canceled())


@each_version
def test_a_market_is_halted_and_led_by_hand(
    operator: Operator, buyer: StockClient, symbol: str
) -> None:
    assert "MAIN is halted" in operator.does("halt", market="MAIN")
    buyer.new_order(symbol, BUY, 1, 99)
    buyer.receive().has(buyer.codes.rejected("2")).names("halt")
    assert "MAIN" in operator.cannot("halt", market="MAIN")
    operator.does("resume", market="MAIN")
    operator.does("phase", market="MAIN", phase="pre_open")
    order = buyer.enter(symbol, BUY, 1)
    operator.does("phase", market="MAIN", phase="continuous")
    buyer.receive().has({11: order[11]} | buyer.codes.canceled()).names("left over")
    assert "halt" in operator.cannot("phase", market="MAIN", phase="halt")


@each_version
def test_news_and_the_end_of_a_day(
    operator: Operator, buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    """News are valid by the stock dictionaries; ids are free again after the day."""
    operator.does("news", headline="Early close", text="at noon", firm="ALPHA")
    buyer.receive("B").has({148: "Early close", 33: "1", 58: "at noon"})
    seller.hears_nothing()
    operator.does("news", headline="To you", text="T", session=f"{seller.version}:TRADER3")
    seller.receive("B").has({148: "To you"})
    day = buyer.enter(symbol, BUY, 1, 99)
    lasting = buyer.enter(symbol, BUY, 1, 99, {59: GTC})
    operator.does("end_day")
    buyer.receive().has({11: day[11], 150: "C", 39: "C"})
    buyer.receive().has({11: lasting[11]} | buyer.codes.restated("1"))
    again = buyer.enter(symbol, BUY, 1, 99, {11: day[11]})
    for order in (again, lasting):
        buyer.cancel(order)
        buyer.receive().has(buyer.codes.canceled())
    operator.does("snapshot")


def test_who_is_disabled_is_out_until_he_is_enabled(
    operator: Operator, connect: Connect, venue: VenueProcess
) -> None:
    """The session's numbers go on, and what it was not told waits for it."""
    trader = connect()
    name = trader.comp_id
    operator.does("disconnect", session=name, text="a test")
    [logout] = trader.is_disconnected()
    logout.has({35: "5"}).names("the operator has disconnected this session: a test")
    back = connect(name, log_on=False)
    back.next_sent, back.next_received = trader.next_sent, trader.next_received
    back.send("A", {98: 0, 108: 30})
    back.receive_session_message("A")
    operator.does("disable", session=name)
    [logout] = back.is_disconnected()
    logout.names("the operator has disabled this session")
    assert name in operator.cannot("disable", session=name)
    for anew in ("N", "Y"):
        refused = connect(name, log_on=False)
        refused.send("A", {98: 0, 108: 30, 141: anew})
        refused.next_received = 1 if anew == "Y" else back.next_received
        [logout] = refused.is_disconnected()
        logout.has({35: "5"}).names("the operator has disabled this session")
    operator.does("news", headline="H", text="T", session=f"FIX.4.4:{name}")
    operator.does("enable", session=name)
    last = connect(name, log_on=False)
    last.next_sent, last.next_received = back.next_sent, back.next_received
    last.send("A", {98: 0, 108: 30})
    last.receive_session_message("A")
    news = last.receive("B").has({148: "H", 58: "T"})
    last.send("2", {7: news[34], 16: news[34]})
    last.receive("B").has({43: "Y", 34: news[34], 148: "H"})
    assert "OPERATOR" in operator.cannot("disable", session="OPERATOR")


def test_what_an_operator_did_outlives_a_crash(
    serve: Callable[..., VenueProcess], raw_client: Connect
) -> None:
    """And `venue audit` tells of it, beside the running venue."""
    without = {"UseDataDictionary": "N"}
    first = serve()
    with operating("OPERATOR", port=first.port, quickfix=without) as client:
        before = Operator(client)
        before.does("disable", session="TRADER2")
        before.does("phase", market="MAIN", phase="closed")
        before.does("kill", firm="BETA")
        before.does("limit", firm="ALPHA", max_order_qty="10")
        before.cannot("bust", trade_id="1")
        first.kill()
    second = serve()
    refused = raw_client(second, "TRADER2", log_on=False)
    refused.send_logon()
    [logout] = refused.is_disconnected()
    logout.names("disabled")
    trader, other = raw_client(second, "TRADER1"), raw_client(second, "TRADER3")
    trader.new_order("AAPL", BUY, 1, 100)
    trader.receive().has({103: "2"}).names("closed")
    with operating("OPERATOR", port=second.port, quickfix=without) as client:
        after = Operator(client)
        after.does("phase", market="MAIN", phase="schedule")
        trader.new_order("AAPL", BUY, 11, 100)
        trader.receive().has({103: "3"}).names("11", "10")
        other.new_order("AAPL", BUY, 1, 100)
        other.receive().has({39: "8"}).names("kill switch")
    second.is_sound()
    rows = list(csv.DictReader(audit(second.data, Wanted("OPERATOR"), None, None, "csv")))
    assert [row["text"] for row in rows] == before.told + after.told
    assert [row["result"] for row in rows] == ["done"] * 4 + ["refused", "done"]
    assert rows[0]["request"] == "session=TRADER2"
