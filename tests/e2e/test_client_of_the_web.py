"""`venue.client` on a real venue, as `venue web` uses it: what it asks besides orders and books."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from tests.e2e.client import DEADLINE
from tests.e2e.venue_process import VenueProcess
from venue.client import (
    Client,
    Event,
    ExecutionReport,
    OperatorReport,
    SecurityList,
    SecurityStatus,
    TradeCaptureReport,
    TradeCaptureReportRequestAck,
    TradingSessionStatus,
    connect,
)

E = TypeVar("E", bound=Event)
VERSION = "FIX.5.0SP2"


class Watcher:
    """A market data session that waits for nothing but to be told that something has arrived."""

    def __init__(self, port: int, version: str) -> None:
        self.arrived = threading.Semaphore(0)
        self.messages: list[tuple[str, str]] = []
        self.client = connect(
            "MD1",
            port=port,
            version=version,
            timeout=DEADLINE,
            on_arrival=self.arrived.release,
            on_message=lambda way, text: self.messages.append((way, text)),
        )
        self.unread: list[Event] = []

    def next(self, kind: type[E]) -> E:
        while True:
            for event in self.unread:
                if isinstance(event, kind):
                    self.unread.remove(event)
                    return event
            self.unread.extend(self.client.events(timeout=0))
            if not any(isinstance(event, kind) for event in self.unread):
                assert self.arrived.acquire(timeout=DEADLINE), f"no {kind.__name__}: {self.unread}"


@pytest.fixture(params=["FIX.4.4", VERSION])
def watcher(venue: VenueProcess, request: pytest.FixtureRequest) -> Iterator[Watcher]:
    watcher = Watcher(venue.port, request.param)
    yield watcher
    watcher.client.close()


@pytest.fixture
def operator(venue: VenueProcess) -> Iterator[Client]:
    settings = {"UseDataDictionary": "N"}
    with connect("OPERATOR", port=venue.port, version=VERSION, quickfix=settings) as operator:
        yield operator


def traded(venue: VenueProcess, symbol: str, price: str) -> datetime:
    """A seller takes 4 that were bid for; return a moment before that."""
    before = datetime.now(UTC).replace(tzinfo=None)
    with connect("TRADER1", port=venue.port) as buyer, connect("TRADER3", port=venue.port) as other:
        buyer.new_order(symbol, "buy", 4, price)
        buyer.wait(ExecutionReport)
        other.new_order(symbol, "sell", 4, price)
        other.wait(ExecutionReport, exec_type="F")
    return before


def test_trades_of_nobody(venue: VenueProcess, watcher: Watcher, symbol: str) -> None:
    before = traded(venue, symbol, "100")
    request = watcher.client.request_trades(symbol=symbol, when=before, updates=True)
    assert not watcher.next(TradeCaptureReportRequestAck).is_refused
    first = watcher.next(TradeCaptureReport)
    assert watcher.next(TradeCaptureReportRequestAck).tot_num_trade_reports == 1
    assert (first.symbol, first.last_qty, first.last_px) == (symbol, 4, 100)
    assert (first.aggressor_side, first.is_auction, first.unsolicited) == ("sell", False, False)
    assert {(each.order_id, each.firm, each.cl_ord_id) for each in first.sides} == {
        ("NONE", None, None)
    }
    traded(venue, symbol, "101")
    second = watcher.next(TradeCaptureReport)
    assert (second.last_px, second.unsolicited) == (101, True)
    assert int(second.trade_id) > int(first.trade_id)
    watcher.client.end_trades(request)
    watcher.client.request_trades(symbol=symbol, when=datetime(2000, 1, 1), side="buy")
    assert watcher.next(TradeCaptureReportRequestAck).is_refused


def test_instruments_phases_and_statistics(
    venue: VenueProcess, watcher: Watcher, operator: Client, symbol: str
) -> None:
    client = watcher.client
    listed = client.request_instruments(updates=True)
    seen: set[str] = set()
    while True:
        part = watcher.next(SecurityList)
        seen |= {each.symbol for each in part.listings}
        if part.is_last:
            break
    assert symbol in seen and len(seen) == part.total
    client.request_instruments(market="MAIN")
    assert watcher.next(SecurityList).listings
    traded(venue, symbol, "100")
    status_id = client.request_security_status(symbol, updates=True)
    answer = watcher.next(SecurityStatus)
    assert (answer.phase, answer.text, answer.unsolicited) == ("continuous", "continuous", False)
    assert answer.statistics is not None
    assert (answer.statistics.trades, answer.statistics.volume) == (1, 4)
    assert (answer.statistics.turnover, answer.statistics.vwap) == (400, 100)
    markets = client.request_trading_sessions(updates=True)
    assert watcher.next(TradingSessionStatus).phase == "continuous"
    operator.operate("halt", symbol=symbol)
    halted = watcher.next(SecurityStatus)
    assert (halted.phase, halted.is_halted, halted.statistics) == ("halt", True, None)
    operator.operate("define", symbol=symbol, collar_percent="7")
    [changed] = watcher.next(SecurityList).listings
    assert (changed.symbol, changed.collar_percent, changed.is_listed) == (symbol, 7, True)
    client.end_security_status(status_id, symbol)
    client.end_trading_sessions(markets)
    operator.operate("delist", symbol=symbol)
    [gone] = watcher.next(SecurityList).listings
    assert (gone.symbol, gone.is_listed) == (symbol, False)
    client.end_instruments(listed)
    ways = [way for way, _ in watcher.messages]
    assert ways[:2] == ["out", "in"] and "\x0135=A\x01" in watcher.messages[0][1]


def reaches(client: Client, wanted: tuple[int, int]) -> None:
    """Wait for its next numbers: QuickFIX counts a message after it is heard."""
    deadline = time.monotonic() + DEADLINE
    while client.next_numbers != wanted:
        assert time.monotonic() < deadline, client.next_numbers
        time.sleep(0.01)


def test_next_numbers(watcher: Watcher, symbol: str) -> None:
    """One each after the logon; the end of a subscription has no answer."""
    client = watcher.client
    asked = client.subscribe(symbol)
    reaches(client, (3, 3))
    client.unsubscribe(asked)
    reaches(client, (4, 3))
    client.close()
    assert client.next_numbers is None


def test_sessions(venue: VenueProcess, watcher: Watcher, operator: Client) -> None:
    operator.operate("sessions")
    report = operator.wait(OperatorReport)
    assert report.accepted
    by_name = {(each.comp_id, each.version): each for each in report.sessions}
    assert len(by_name) == len(report.sessions)
    own = by_name["OPERATOR", VERSION]
    assert (own.state, own.firm, own.roles) == ("logged_on", "VENUE", ("operator",))
    # The request is its second message, the answer is the venue's.
    assert own.next_in == 3 and own.next_out == 2
    assert own.address is not None and own.address.startswith("127.0.0.1:")
    there = sum(each.state == "logged_on" for each in report.sessions)
    assert report.text == f"{len(by_name)} sessions, {there} logged on"
    assert any(each.state == "never" and each.address is None for each in report.sessions)
