"""Fees as stock clients are told them, with and without a group, and a statement meanwhile."""

import csv
from datetime import datetime
from decimal import Decimal

import pytest

from tests.e2e.client import BUY, SELL
from tests.e2e.codes import FIX42, FIX44
from tests.e2e.conftest import Served
from tests.e2e.message import Message
from tests.e2e.stock import StockClient
from tests.e2e.test_journal_tools import run

VENUE_OPTIONS = (
    *("--set", "journal.sync=batch", "--set", "fees={maker: -0.5, taker: 1.5, minimum: 0.02}"),
    *("--set", "accounting.cost_method=fifo", "--set", "venue.day_ends=00:00:00"),
)


@pytest.fixture(params=(FIX42, FIX44))
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def fee(report: Message, version: str) -> str | None:
    """Commission(12), after a look at what has to go with it."""
    amount = report[12]
    if version == FIX42:
        assert report.get(479) is report.get(136) is None
    else:
        assert report[479] == report[138] == "USD"
        assert (report[136], report[137], report[139]) == ("1", amount, "4")
    assert report[13] == "3"
    return amount


def test_both_sides_of_a_trade(
    served: Served, buyer: StockClient, seller: StockClient, symbol: str, version: str
) -> None:
    seller.enter(symbol, SELL, 100, "101.00")
    seller.enter(symbol, SELL, 1, "101.01")
    _, *taken = buyer.trade(symbol, BUY, 101, "101.01")
    given = [seller.receive(), seller.receive()]
    # 10,100 and 101.01 at 1.5 and -0.5 of 10,000, to the cent
    assert [fee(report, version) for report in taken] == ["1.52", "0.02"]
    assert [fee(report, version) for report in given] == ["-0.5", "-0.01"]
    day = datetime.strptime(taken[0][60][:8], "%Y%m%d").date().isoformat()
    printed = run(
        *("statement", "--firm", "ALPHA", "--date", day),
        *("--format", "csv", "--data", served.data),
    )
    rows = [row for row in csv.DictReader(printed.splitlines()) if row["symbol"] == symbol]
    trades = [row for row in rows if row["record"] == "trade"]
    assert [(row["exec_id"], row["qty"], row["price"], row["fee"]) for row in trades] == [
        (report[17], report[32], report[31], report[12]) for report in taken
    ]
    [position] = [row for row in rows if row["record"] == "position"]
    assert (position["end_qty"], position["last_px"]) == ("101", "101.01")
    [fees] = [row for row in rows if row["record"] == "fees"]
    assert Decimal(fees["fee"]) == sum(Decimal(str(report[12])) for report in taken)
    text = run("statement", "--firm", "BETA", "--date", day, "--data", served.data)
    assert f"statement of BETA for {day}" in text and symbol in text
