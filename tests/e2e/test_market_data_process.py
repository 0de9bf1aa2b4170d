"""The market data process: it follows the venue's journal and has the venue's market data."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.books import ReportedBook, ShownBook
from tests.e2e.client import BUY, DEADLINE, LIMIT, SELL
from tests.e2e.codes import FIX42, FIX44, FIX50SP2, VERSIONS
from tests.e2e.flow import RandomFlow
from tests.e2e.message import utc_now
from tests.e2e.operators import NEW as TERMS
from tests.e2e.operators import Operator
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient
from tests.e2e.test_slow_reader import MIB, resident, silence, trade
from tests.e2e.venue_process import ROOT, VenueProcess, spoken_only

Connect = Callable[..., RawClient]
Serve = Callable[..., VenueProcess]

ELSEWHERE = "md.example:9879"
AWAY = ("--set", "marketdata.port=0", "--set", f"marketdata.address={ELSEWHERE}")
SLOW = ("--set", "venue.slow_reader.seconds=3", "--set", "venue.slow_reader.bytes=2097152")
DEPTHS = (0, 1, 3)


class MarketData(VenueProcess):
    """`venue marketdata` on the data of a venue."""

    READY = "market data ready on "

    def __init__(self, directory: Path, *options: str, wait: bool = True) -> None:
        super().__init__(directory, *options, command=("venue", "marketdata"), wait=wait)


@pytest.fixture
def follow(tmp_path: Path) -> Iterator[Callable[..., MarketData]]:
    """Start a market data process on the data of the venue that `serve` starts."""
    with ExitStack() as stack:

        def started(
            *options: str, versions: Iterable[str] = (FIX44,), wait: bool = True
        ) -> MarketData:
            spoken = spoken_only(versions)
            process = MarketData(tmp_path / "venue", *spoken, *options, wait=wait)
            stack.callback(process.kill)
            return process

        yield started


@pytest.fixture
def stock_client() -> Iterator[Callable[..., StockClient]]:
    """Connect a stock client, which must find nothing wrong with what it gets."""
    with ExitStack() as stack:
        clients = []

        def connected(process: VenueProcess, comp_id: str, version: str) -> StockClient:
            client = stack.enter_context(
                closing(StockClient(process.port, comp_id, version=version))
            )
            clients.append(client)
            return client

        yield connected
        for client in clients:
            assert client.complaints == []


class Watcher:
    """A subscriber of AAPL in every depth."""

    def __init__(self, client: StockClient | RawClient) -> None:
        self.client = client
        asked = {client.request_market_data("AAPL", depth): depth for depth in DEPTHS}
        self.shown = {each: ShownBook(each, "AAPL", depth) for each, depth in asked.items()}
        for _ in self.shown:
            self.hear()

    def hear(self) -> None:
        message = self.client.next_message(time.monotonic() + DEADLINE)
        assert message is not None, f"{self.client.comp_id} hears nothing more"
        self.shown[message[262]].apply(message)

    def hear_on(self, pause: float) -> None:
        """Hear what comes until nothing has for so many seconds."""
        while message := self.client.next_message(time.monotonic() + pause):
            self.shown[message[262]].apply(message)

    def agrees_in_time_with(self, book: ReportedBook) -> None:
        """Hear what comes until every subscription shows `book`."""
        wanted = {each.depth: book.levels(each.depth) for each in self.shown.values()}
        while any(each.levels != wanted[each.depth] for each in self.shown.values()):
            self.hear()
        self.hear_on(0.3)
        for each in self.shown.values():
            each.agrees_with(book)


class Traders:
    """Two sessions that trade at random, and what their reports add up to."""

    def __init__(self, venue: VenueProcess, connect: Connect, prefix: str = "T") -> None:
        self.book = ReportedBook()
        self._flows = {
            connect(venue, comp_id): RandomFlow(seed, "AAPL", prefix)
            for seed, comp_id in ((6, "TRADER1"), (7, "TRADER3"))
        }

    def trade(self, requests: int) -> None:
        for client, flow in self._flows.items():
            client.send_bytes(
                b"".join(client.bytes_of(*flow.next_request()) for _ in range(requests))
            )

    def report(self) -> None:
        """Take in all reports."""
        # Each is told of what the other's requests did to its orders, too.
        reports = [report for _ in range(2) for each in self._flows for report in each.settle()]
        for report in sorted(reports, key=lambda report: int(report.get(17) or 0)):
            self.book.apply(report)


@pytest.mark.parametrize("sync", ["batch", "interval", "off"])
def test_three_versions_rebuild_the_book_while_orders_flow(
    serve: Serve, follow: Callable[..., MarketData], raw_client: Connect,
    stock_client: Callable[..., StockClient], sync: str,
) -> None:  # fmt: skip
    venue = serve("--set", f"journal.sync={sync}", *AWAY)
    traders = Traders(venue, raw_client)
    traders.trade(50)
    feed = follow("--set", f"journal.sync={sync}", *AWAY, versions=VERSIONS)
    watchers = [Watcher(stock_client(feed, "MD1", FIX44))]
    traders.trade(100)
    watchers += [Watcher(stock_client(feed, "MD1", each)) for each in (FIX42, FIX50SP2)]
    for _ in range(3):
        traders.trade(50)
        traders.report()
        for watcher in watchers:
            watcher.agrees_in_time_with(traders.book)
    trades = [trade[:2] for trade in traders.book.trades]
    for shown in (each for watcher in watchers for each in watcher.shown.values()):
        seen = [trade[:2] for trade in shown.trades]
        assert len(seen) > 10 and seen == trades[-len(seen) :], "trades are never conflated"
    venue.is_sound()
    feed.is_sound()
    feed.stop()


def test_the_venue_sends_subscribers_away(
    serve: Serve, follow: Callable[..., MarketData], raw_client: Connect
) -> None:
    venue = serve(*AWAY)
    feed = follow(*AWAY)
    for comp_id in ("MD1", "TRADER1"):
        client = raw_client(venue, comp_id)
        for request_type in (0, 1):
            md_req_id = client.request_market_data("AAPL", 0, request_type)
            refused = client.receive("Y")
            refused.has({262: md_req_id, 281: "4", 58: f"market data is at {ELSEWHERE}, not here"})
        assert client.settle() == []
        watcher = raw_client(feed, comp_id)
        watcher.request_market_data("AAPL", 0)
        watcher.receive("W")
    client.send("D", _order(client, SELL))
    assert client.receive()[150] == "0"
    assert watcher.receive("X").entries(279)[0][270] == "100"
    assert client.settle() == []
    venue.is_sound()


def _order(client: RawClient, side: str, price: str = "100.00") -> dict[int, Any]:
    terms = {55: "AAPL", 54: side, 38: 5, 40: LIMIT, 44: price, 60: utc_now()}
    return {11: client.unused_id()} | terms


def test_what_its_sessions_may(
    serve: Serve, follow: Callable[..., MarketData], raw_client: Connect
) -> None:
    """No orders; no resends, but gap fills; and numbers from 1 with every Logon."""
    serve(*AWAY)
    feed = follow(*AWAY)
    client = raw_client(feed, "TRADER1")
    client.send("D", _order(client, BUY))
    client.receive("j").has(
        {372: "D", 380: "6", 58: "this process has market data, and takes no orders"}
    )
    client.request_market_data("AAPL", 0)
    client.receive("W")
    client.send("2", {7: 1, 16: 0})
    client.receive_session_message("4").has({34: "1", 123: "Y", 43: "Y", 36: "4"})
    client.settle()
    client.close()
    stale = raw_client(feed, "TRADER1", log_on=False)
    stale.next_sent = 57
    stale.send("A", {98: 0, 108: 30})
    said = stale.receive_message()
    said.has({34: "1", 35: "5"})
    assert "MsgSeqNum(34) is 57, expected 1" in said[58]
    stale.is_disconnected()
    fresh = raw_client(feed, "TRADER1", log_on=False)
    fresh.log_on({141: None})
    fresh.settle()
    feed.is_sound()


def test_news_of_the_venue(
    serve: Serve, follow: Callable[..., MarketData], raw_client: Connect
) -> None:
    """Instruments that an operator adds, halts and delists at the venue."""
    venue = serve(*AWAY)
    feed = follow(*AWAY)
    client = raw_client(feed, "MD1")
    client.send("x", {320: "L", 559: 4, 263: 1})
    assert len(client.receive("y").entries(55)) == 4
    client.send("e", {324: "S", 55: "AAPL", 263: 1})
    client.receive("f").has({326: "17", 325: "N"})
    client.send("g", {335: "T", 263: 0})
    client.receive("h")
    operator = Operator(raw_client(venue, "OPERATOR"))
    operator.asks("define", "ADDED", **TERMS)
    assert client.receive("y").entries(55)[0][55] == "ADDED"
    operator.asks("halt", "AAPL")
    client.receive("f").has({326: "2", 325: "Y"})
    client.request_market_data("ADDED", 0)
    client.receive("W").has({55: "ADDED", 268: 0})
    operator.asks("delist", "ADDED")
    assert "ADDED" in str(client.receive("y"))
    client.request_market_data("ADDED", 0)
    client.receive("Y").has({281: "0"})
    feed.is_sound()


def test_kill_9_of_the_venue(
    serve: Serve, follow: Callable[..., MarketData], raw_client: Connect,
    stock_client: Callable[..., StockClient],
) -> None:  # fmt: skip
    """Its market data stands still, and goes on when it is there again."""
    venue = serve(*AWAY)
    feed = follow(*AWAY)
    traders = Traders(venue, raw_client)
    watcher = Watcher(stock_client(feed, "MD1", FIX44))
    traders.trade(100)
    traders.report()
    venue.kill()
    watcher.agrees_in_time_with(traders.book)
    venue = serve(*AWAY)
    again = Traders(venue, raw_client, "again")
    again.book = traders.book
    again.trade(100)
    again.report()
    watcher.agrees_in_time_with(again.book)
    assert watcher.client.settle() == []
    feed.is_sound()


def test_kill_9_of_the_market_data_process(
    serve: Serve, follow: Callable[..., MarketData], raw_client: Connect
) -> None:
    venue = serve(*AWAY)
    traders = Traders(venue, raw_client)
    for number in range(3):
        feed = follow(*AWAY)
        watcher = Watcher(raw_client(feed, "MD1"))
        traders.trade(60)
        if number == 1:
            feed.kill()
        traders.trade(60)
        traders.report()
        if number != 1:
            watcher.agrees_in_time_with(traders.book)
        feed.kill()
    venue.is_sound()


def test_archiving_and_a_restart_beside_it(
    serve: Serve, follow: Callable[..., MarketData], raw_client: Connect,
    stock_client: Callable[..., StockClient],
) -> None:  # fmt: skip
    venue = serve(*AWAY)
    feed = follow(*AWAY)
    traders = Traders(venue, raw_client)
    watcher = Watcher(stock_client(feed, "MD1", FIX44))
    traders.trade(200)
    traders.report()
    venue.stop()
    archived = _command("journal", "archive", "--data", str(venue.data))
    assert "archived batches 1 to " in archived.stdout
    late = follow(*AWAY)
    other = Watcher(stock_client(late, "MD2", FIX44))
    venue = serve(*AWAY)
    again = Traders(venue, raw_client, "again")
    again.book = traders.book
    again.trade(100)
    again.report()
    for each in (watcher, other):
        each.agrees_in_time_with(again.book)
    feed.is_sound()
    late.is_sound()


def _command(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "venue", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_before_the_venue(
    serve: Serve, follow: Callable[..., MarketData], raw_client: Connect
) -> None:
    feed = follow(*AWAY, wait=False)
    feed.wait_for("waits for a venue to begin its journal")
    serve(*AWAY)
    feed.wait_until_ready()
    client = raw_client(feed, "MD1")
    client.request_market_data("AAPL", 0)
    client.receive("W")
    feed.stop()


def test_nobody_waits_for_ever(follow: Callable[..., MarketData]) -> None:
    feed = follow(*AWAY, wait=False)
    feed.wait_for("waits for a venue to begin its journal")
    feed.stop(signal.SIGHUP)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("PRAGMA user_version = 99", "has format 99, this venue reads"),
        ("DELETE FROM batches WHERE seq = 1", "is missing from"),
        ("UPDATE batches SET body = x'00' WHERE seq = 1", "is damaged in"),
    ],
)
def test_a_journal_that_cannot_be_followed(
    serve: Serve, follow: Callable[..., MarketData], change: str, said: str
) -> None:
    venue = serve(*AWAY)
    venue.stop()
    for snapshot in venue.data.glob("snapshots/*.snap"):
        snapshot.unlink()
    with closing(sqlite3.connect(venue.data / "journal.db", isolation_level=None)) as db:
        db.execute(change)
    feed = follow(*AWAY, wait=False)
    assert feed.process.wait(DEADLINE) == 1
    assert said in feed.output.splitlines()[-1]
    assert "Traceback" not in feed.output


def test_a_journal_that_is_replaced(serve: Serve, follow: Callable[..., MarketData]) -> None:
    """Who goes on as if nothing had happened would show another venue's book."""
    venue = serve(*AWAY)
    feed = follow(*AWAY)
    venue.stop()
    (venue.data / "journal.db").rename(venue.data / "old.db")
    assert feed.process.wait(DEADLINE) == 1
    assert "is not the journal any more that was followed" in feed.output.splitlines()[-1]


def test_without_a_port() -> None:
    failed = _command("marketdata")
    assert failed.returncode == 2
    assert "marketdata.port: found nothing, expected a port to listen on" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_one_that_never_reads(
    serve: Serve, follow: Callable[..., MarketData], raw_client: Connect
) -> None:
    """It is spared what it does not read, then cut off. Neither others nor the venue notice."""
    venue = serve("--set", "journal.sync=off", *AWAY)
    feed = follow(*AWAY, *SLOW)
    deaf = raw_client(feed, "MD1")
    for _ in range(32):
        deaf.request_market_data("AAPL", 0)
    for _ in range(32):
        deaf.receive("W")
    watcher = Watcher(raw_client(feed, "MD2"))
    trader = raw_client(venue, "TRADER1")
    before = resident(feed)
    deadline = time.monotonic() + 6 * DEADLINE
    while "cut off" not in feed.output:
        trade(trader, 20)
        watcher.hear_on(0.001)
        assert resident(feed) - before < 24 * MIB
        assert time.monotonic() < deadline, "nobody finds out"
    assert "behind " in feed.output
    assert silence(feed) >= 3
    book = ReportedBook()
    trader.send("D", _order(trader, SELL, "100.50"))
    book.apply(trader.receive())
    watcher.agrees_in_time_with(book)
    venue.is_sound()
    feed.is_sound()
