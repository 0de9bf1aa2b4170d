"""A trading day in numbers over auctions, crashes and configurations, and from the journal."""

import csv
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.e2e.client import BUY, SELL
from tests.e2e.exchange import SYMBOL, Exchange, traders
from tests.e2e.raw import RawClient
from tests.e2e.test_journal_tools import run
from tests.e2e.test_statistics import (
    CLOSING,
    DELETED,
    HIGH,
    LOW,
    OPENING,
    VOLUME,
    VWAP,
    asked,
    changes,
    day,
    each_version,
    known,
    snapshot,
)
from tests.e2e.venue_process import VenueProcess

Serve = Callable[..., VenueProcess]
Connect = Callable[..., RawClient]

NAMES = dict(zip("45789B", ("open", "close", "high", "low", "vwap", "volume"), strict=True))


@each_version
def test_auctions_open_and_close_the_day(serve: Serve, tmp_path: Path, version: str) -> None:
    exchange = Exchange(serve, tmp_path)
    with traders(exchange, version) as desk:
        buyer, seller, watcher = desk.buyer, desk.seller, desk.watcher
        exchange.enter("opening_auction")
        buyer.enter(SYMBOL, BUY, 30, "100.20")
        seller.enter(SYMBOL, SELL, 20, "100.20")
        assert snapshot(watcher, SYMBOL) == {}
        exchange.enter("continuous")
        assert snapshot(watcher, SYMBOL)[OPENING] == "100.2"
        for client in (buyer, seller):
            client.settle()
        seller.trade(SYMBOL, SELL, 10, "100.20")
        buyer.settle()
        exchange.enter("closing_auction")
        buyer.enter(SYMBOL, BUY, 10, "99.00")
        seller.enter(SYMBOL, SELL, 10, "99.00")
        assert CLOSING not in snapshot(watcher, SYMBOL)
        exchange.enter("post_close")
        told = {OPENING: "100.2", CLOSING: "99", HIGH: "100.2", LOW: "99", VWAP: "99.9"}
        assert snapshot(watcher, SYMBOL) == known(version, told | {VOLUME: "40"})
        exchange.enter("closed")
        watcher.request_market_data(SYMBOL, entry_types=asked(version))
        assert day(watcher.receive("W")) == known(version, told | {VOLUME: "40"})
        exchange.enter("pre_open", "2030-01-04")
        gone = dict.fromkeys((OPENING, HIGH, LOW, VWAP, VOLUME), (DELETED, None))
        assert changes(watcher.receive("X")) == known(version, gone)
        assert snapshot(watcher, SYMBOL) == {CLOSING: "99"}


def journaled(venue: VenueProcess, *more: object) -> dict[str, str]:
    """What `venue statistics` says of AAPL."""
    lines = run("statistics", venue.data, "--symbol", "AAPL", "--format", "csv", *more)
    [row] = csv.DictReader(lines.splitlines())
    return row


def shown(row: dict[str, str]) -> dict[str, str]:
    """What a client is shown of that."""
    return {kind: row[name] for kind, name in NAMES.items() if row[name] not in ("", "0")}


@pytest.mark.parametrize("snapshots", [1, 1_000_000], ids=["snapshots", "the whole journal"])
def test_a_crash_changes_no_number(serve: Serve, raw_client: Connect, snapshots: int) -> None:
    options = ("--set", f"journal.snapshot_batches={snapshots}")
    options += ("--set", "statistics.volatility_windows=[60]")
    venue = serve(*options)
    buyer, seller = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    turnover, volume = Decimal(0), 0
    for number in range(12):
        if number in (4, 8):
            time.sleep(1)  # the step of the window's grid
        price = f"{100 + number % 7 - number % 3}.{number:02}"
        seller.enter("AAPL", SELL, 5, price)
        for report in buyer.trade("AAPL", BUY, 1 + number % 5, price):
            if report[150] == "F":
                turnover += Decimal(report[31]) * int(report[32])
                volume += int(report[32])
        seller.settle()
    before = snapshot(buyer, "AAPL")
    row = journaled(venue)
    assert shown(row) == before
    assert (int(row["volume"]), Decimal(row["turnover"])) == (volume, turnover)
    assert Decimal(row["vwap"]) == round(turnover / volume, 8)
    assert float(row["volatility_60"]) > 0
    buyer.close(), seller.close()
    venue.kill()
    assert journaled(venue) == row
    again = serve(*options)
    buyer = raw_client(again, "TRADER1")
    assert snapshot(buyer, "AAPL") == before
    assert journaled(again, "--until", row["seq"]) == row
    assert " 0 differ" in run("replay", again.data, "--verify")
    buyer.close()
    again.stop()


def test_other_windows_are_a_matter_of_configuration(serve: Serve, raw_client: Connect) -> None:
    for windows in ((60, 300, 3600), (120,), (120,)):
        listed = ",".join(map(str, windows))
        venue = serve("--set", f"statistics.volatility_windows=[{listed}]")
        client = raw_client(venue, "TRADER1")
        client.enter("AAPL", BUY, 1, "99.00")
        titles = [name for name in journaled(venue) if name.startswith("volatility")]
        assert titles == [f"volatility_{window}" for window in windows]
        client.close()
        venue.stop()
    said = run("journal", "show", "--data", venue.data)
    assert said.count("define_statistics") == 2
    assert "define_statistics windows=120" in said


def test_the_table_beside_a_venue_that_runs(serve: Serve, raw_client: Connect) -> None:
    venue = serve()
    buyer, seller = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    buyer.enter("AAPL", BUY, 10, "99.00")
    seller.trade("AAPL", SELL, 4, "99.00")
    lines = run("statistics", "--data", venue.data, "--symbol", "AAPL").splitlines()
    told = dict(line.rsplit(maxsplit=1) for line in lines[2:])
    assert (told["last"], told["turnover"], told["phase"]) == ("99", "396", "continuous")
    assert run("statistics", "--data", venue.data, "--symbol", "NOPE", status=2).count("\n") == 1
    assert run("statistics", "--data", venue.data, "--format", "xml", status=2).count("\n") == 1
    buyer.close(), seller.close()
    venue.stop()
