"""Icebergs in each version: what is shown, what is hidden, and when which of it trades."""

import pytest

from tests.e2e.client import BUY, FILLED, IOC, PARTIALLY_FILLED, SELL
from tests.e2e.codes import FIX50SP2, VERSIONS
from tests.e2e.message import Message
from tests.e2e.stock import StockClient

pytestmark = pytest.mark.parametrize("version", VERSIONS)


def iceberg(
    client: StockClient, symbol: str, qty: int, display_qty: int, refresh_qty: int | None = None
) -> Message:
    tag = client.codes.display_tag
    more = {tag: display_qty, 1088: refresh_qty}
    order = client.enter(symbol, BUY, qty, "100", more)
    return order.has({151: qty} | client.codes.display(display_qty, display_qty))


def slices(client: StockClient, order: Message) -> list[tuple[int, int]]:
    """The fills of an order that have arrived: LastQty(32) and LeavesQty(151)."""
    fills = [report for report in client.settle() if report[11] == order[11]]
    for fill in fills:
        fill.has(client.codes.filled(FILLED if fill[151] == "0" else PARTIALLY_FILLED))
    return [(int(fill[32]), int(fill[151])) for fill in fills]


def test_depth_shows_what_is_displayed(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    order = iceberg(buyer, symbol, 10, 3)
    assert buyer.book(symbol) == [("0", "100", "3")]
    md_req_id = seller.request_market_data(symbol, entry_types="0")
    level = seller.receive("W").has({268: 1, 270: 100, 271: 3})[271]
    for qty, shown, leaves in ((2, 1, 8), (1, 3, 7), (3, 3, 4), (3, 1, 1), (1, 0, 0)):
        seller.new_order(symbol, SELL, qty, "100")
        fill = buyer.receive().has({11: order[11], 32: qty, 151: leaves})
        fill.has(buyer.codes.filled(PARTIALLY_FILLED if leaves else FILLED))
        fill.has(buyer.codes.display(3, shown))
        for message in seller.settle():
            if message.type == "X":
                message.has({262: md_req_id, 268: 1, 270: 100})
                level = message.get(271) or "0"
        assert level == str(shown)
        assert buyer.book(symbol) == ([("0", "100", str(shown))] if shown else [])
    seller.send("V", {262: md_req_id, 263: 2})


def test_a_refreshed_slice_queues_at_the_back(
    buyer: StockClient, colleague: StockClient, seller: StockClient, symbol: str
) -> None:
    """What is hidden trades only after all that is displayed at its price."""
    order = iceberg(buyer, symbol, 10, 3)
    plain = colleague.enter(symbol, BUY, 5, "100")
    seller.new_order(symbol, SELL, 12, "100")
    assert [report[32] for report in seller.settle()[1:]] == ["3", "5", "3", "1"]
    assert slices(colleague, plain) == [(5, 0)]
    assert slices(buyer, order) == [(3, 7), (3, 4), (1, 3)]
    assert buyer.book(symbol) == [("0", "100", "2")]
    later = colleague.enter(symbol, BUY, 1, "100")
    seller.new_order(symbol, SELL, 3, "100")
    assert slices(buyer, order) == [(2, 1)]
    assert slices(colleague, later) == [(1, 0)]


def test_what_is_hidden_does_not_trade_before_a_worse_display_of_its_price(
    buyer: StockClient, colleague: StockClient, seller: StockClient, symbol: str
) -> None:
    """Two icebergs take turns, slice by slice."""
    first, second = iceberg(buyer, symbol, 5, 2), iceberg(colleague, symbol, 6, 3)
    seller.new_order(symbol, SELL, 9, "100")
    assert slices(buyer, first) == [(2, 3), (2, 1)]
    assert slices(colleague, second) == [(3, 3), (2, 1)]
    assert buyer.book(symbol) == [("0", "100", "2")]


def test_the_refresh_quantity(buyer: StockClient, seller: StockClient, symbol: str) -> None:
    order = iceberg(buyer, symbol, 10, 5, 2)
    order.has({1088: 2 if buyer.version == FIX50SP2 else None})
    seller.new_order(symbol, SELL, 5, "100")
    assert slices(buyer, order) == [(5, 5)]
    assert buyer.book(symbol) == [("0", "100", "2")]
    seller.new_order(symbol, SELL, 3, "100")
    assert slices(buyer, order) == [(2, 3), (1, 2)]
    assert buyer.book(symbol) == [("0", "100", "1")]


def test_a_display_quantity_of_0_shows_everything(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    order = buyer.enter(symbol, BUY, 10, "100", {buyer.codes.display_tag: 0})
    assert buyer.book(symbol) == [("0", "100", "10")]
    seller.new_order(symbol, SELL, 10, "100")
    assert slices(buyer, order) == [(10, 0)]


def test_an_iceberg_that_trades_at_once_shows_what_is_left(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    seller.enter(symbol, SELL, 8, "99")
    order = iceberg(buyer, symbol, 20, 5)
    assert slices(buyer, order) == [(8, 12)]
    assert buyer.book(symbol) == [("0", "100", "5")]


def test_market_to_limit_trades_with_what_is_hidden_at_the_best_price(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    order = iceberg(buyer, symbol, 6, 2)
    seller.new_order(symbol, SELL, 8, None, {40: "K"})
    assert slices(buyer, order) == [(2, 4), (2, 2), (2, 0)]
    seller.settle()
    assert buyer.book(symbol) == [("1", "100", "2")]


def test_fill_or_kill_counts_what_is_hidden(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    order = iceberg(buyer, symbol, 10, 3)
    seller.new_order(symbol, SELL, 10, "100", {59: "4"})
    assert slices(buyer, order) == [(3, 7), (3, 4), (3, 1), (1, 0)]
    assert seller.settle()[-1][39] == FILLED


def test_canceled_it_is_gone_as_a_whole(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    order = iceberg(buyer, symbol, 10, 3)
    buyer.cancel(order)
    buyer.receive().has(buyer.codes.canceled() | {41: order[11], 14: 0})
    seller.new_order(symbol, SELL, 1, "100", {59: IOC})
    assert [report[150] for report in seller.settle()] == ["0", "4"]
