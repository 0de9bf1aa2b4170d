"""`venue.client` on a real venue: the same calls give the same events in every version."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from tests.e2e.codes import VERSIONS
from tests.e2e.venue_process import VenueProcess
from venue.client import (
    Client,
    ExecType,
    ExecutionReport,
    LoggedOn,
    MarketDataIncrement,
    MarketDataSnapshot,
    MassCancelReport,
    connect,
)

pytestmark = pytest.mark.parametrize("version", VERSIONS)


@pytest.fixture
def trader(venue: VenueProcess, version: str) -> Iterator[Client]:
    with connect("TRADER1", port=venue.port, version=version) as trader:
        yield trader


@pytest.fixture
def other(venue: VenueProcess, version: str) -> Iterator[Client]:
    with connect("TRADER3", port=venue.port, version=version) as other:
        yield other


def reports(client: Client, count: int) -> list[ExecutionReport]:
    return [client.wait(ExecutionReport) for _ in range(count)]


def test_fills_of_both_sides(trader: Client, other: Client, symbol: str) -> None:
    sold = other.new_order(symbol, "sell", 4, "100")
    other.wait(ExecutionReport, cl_ord_id=sold, exec_type=ExecType.NEW)
    bought = trader.new_order(symbol, "buy", 10, "100")
    fill = trader.wait(ExecutionReport, cl_ord_id=bought, exec_type=ExecType.TRADE)
    assert (fill.last_qty, fill.last_px, fill.leaves_qty, fill.ord_status) == (4, 100, 6, "1")
    same = other.wait(ExecutionReport, exec_type=ExecType.TRADE)
    assert same.trade_id == fill.trade_id is not None
    assert (same.text, fill.text) == (None, None)
    ord_status_req_id = trader.status(bought)
    status = trader.wait(ExecutionReport, exec_type=ExecType.ORDER_STATUS)
    assert (status.ord_status, status.cum_qty) == ("1", 4)
    assert status.ord_status_req_id in (ord_status_req_id, None)
    trader.cancel(order_id=fill.order_id)
    assert trader.wait(ExecutionReport, exec_type=ExecType.CANCELED).orig_cl_ord_id == bought


@pytest.mark.parametrize(
    ("ord_type", "price", "code"),
    [
        (None, None, "3"),
        (None, "94.5", "4"),
        ("market_if_touched", None, "J"),
        ("limit_if_touched", "94.5", "LIT"),
    ],
)
def test_an_order_waits_is_replaced_and_triggered(
    trader: Client, other: Client, symbol: str, ord_type: str | None, price: str | None, code: str
) -> None:
    far, met = ("90", "101") if ord_type is None else ("110", "99")  # to sell, at 100
    first = trader.new_order(symbol, "sell", 5, price, ord_type=ord_type, stop_px=far)
    accepted = trader.wait(ExecutionReport, cl_ord_id=first)
    assert (accepted.exec_type, accepted.stop_px) == (ExecType.NEW, Decimal(far))
    order = trader.orders[first]
    assert (order.is_waiting, order.is_triggered, order.ord_type) == (True, False, code)
    other.new_order(symbol, "sell", 1, "100")
    other.new_order(symbol, "buy", 1, "100")
    for report in reports(other, 4):
        assert report.exec_type in (ExecType.NEW, ExecType.TRADE)
    second = trader.replace(first, stop_px=met)
    replaced = trader.wait(ExecutionReport, cl_ord_id=second)
    assert (replaced.exec_type, replaced.stop_px) == (ExecType.REPLACED, Decimal(met))
    told = trader.wait(ExecutionReport, cl_ord_id=second)
    assert told.exec_type == ExecType.TRIGGERED
    assert (order.is_waiting, order.is_triggered, order.ord_type) == (False, True, code)
    if price is None:
        assert trader.wait(ExecutionReport).exec_type == ExecType.CANCELED
        assert not order.is_working
    else:
        trader.cancel(second)
        assert trader.wait(ExecutionReport).exec_type == ExecType.CANCELED


def test_qualifiers(trader: Client, other: Client, symbol: str) -> None:
    iceberg = trader.new_order(
        symbol, "buy", 10, "99", display_qty=3, refresh_qty=2, expire=date(2099, 12, 31)
    )
    assert trader.wait(ExecutionReport, cl_ord_id=iceberg).display_qty == 3
    trader.subscribe(symbol)
    deeper = trader.replace(iceberg, display_qty=2)
    replaced = trader.wait(ExecutionReport, cl_ord_id=deeper)
    assert (replaced.display_qty, replaced.expire) == (2, "20991231")
    refused = other.new_order(symbol, "sell", 1, "99", post_only=True)
    rejected = other.wait(ExecutionReport, cl_ord_id=refused)
    assert rejected.exec_type == ExecType.REJECTED and "ExecInst(18)" in str(rejected.text)
    own = trader.new_order(symbol, "sell", 1, "102", self_match_prevention_id="X")
    trader.wait(ExecutionReport, cl_ord_id=own)
    aggressor = trader.new_order(
        symbol,
        "buy",
        1,
        "102",
        self_match_prevention_id="X",
        self_match_prevention_instruction="cancel_both",
    )
    trader.wait(ExecutionReport, cl_ord_id=own, exec_type=ExecType.CANCELED)
    trader.wait(ExecutionReport, cl_ord_id=aggressor, exec_type=ExecType.CANCELED)
    killed = trader.new_order(symbol, "buy", 5, "101", min_qty=2)
    trader.wait(ExecutionReport, cl_ord_id=killed, exec_type=ExecType.CANCELED)
    assert [order.cl_ord_id for order in trader.orders.working] == [deeper]
    assert trader.book(symbol).bids == [(Decimal(99), Decimal(2))]


def test_mass_requests_and_cancel_on_disconnect(
    trader: Client, venue: VenueProcess, symbol: str, version: str
) -> None:
    with connect("TRADER2", port=venue.port, version=version, cancel_on_disconnect=True) as gone:
        orders = [gone.new_order(symbol, "buy", 1, price) for price in ("98", "97")]
        reports(gone, 2)
    with connect("TRADER2", port=venue.port, version=version) as back:
        back.wait(LoggedOn)
        told = reports(back, 2)
        assert {report.cl_ord_id for report in told} == {*orders}
        assert {report.exec_type for report in told} == {ExecType.CANCELED}
        if not back.has_mass_requests:
            return
        kept = back.new_order(symbol, "buy", 1, "98")
        back.wait(ExecutionReport, cl_ord_id=kept)
    with connect("TRADER2", port=venue.port, version=version) as again:
        mass_status_req_id = again.mass_status()
        report = again.wait(ExecutionReport, mass_status_req_id=mass_status_req_id)
        assert (report.tot_num_reports, report.last_rpt_requested) == (1, True)
        assert [order.cl_ord_id for order in again.orders.working] == [kept]
        cl_ord_id = again.mass_cancel(symbol=symbol, side="buy")
        assert again.wait(MassCancelReport, cl_ord_id=cl_ord_id).total_affected_orders == 1
        again.wait(ExecutionReport, cl_ord_id=cl_ord_id, exec_type=ExecType.CANCELED)
        assert again.orders.working == []


def test_a_numbered_book_of_single_orders(trader: Client, other: Client, symbol: str) -> None:
    sides = ["bid", "offer"]
    other.subscribe(symbol, aggregated=False, entry_types=sides, numbered=True)
    other.wait(MarketDataSnapshot)
    for price in ("99", "100"):
        entered = trader.new_order(symbol, "buy", 3, price)
        trader.wait(ExecutionReport, cl_ord_id=entered)
        other.wait(MarketDataIncrement)
    book = other.book(symbol)
    assert [(price, qty) for _, price, qty in book.orders("0")] == [(100, 3), (99, 3)]
    assert (book.rpt_seq, list(book.faults)) == (2, [])
