"""Checks 10 to 14: replace requests, their chains and their priority."""

from collections.abc import Callable

import pytest

from tests.e2e.client import BUY, FILLED, NEW, PARTIALLY_FILLED, SELL
from tests.e2e.message import Message
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient

REPLACE = 2
TOO_LATE, UNKNOWN_ORDER, DUPLICATE, OTHER = 0, 1, 6, 99


def first_to_trade(seller: StockClient, *bids: tuple[StockClient, Message]) -> Message:
    """Sell one lot to the best bid, and return the report of whoever gets it."""
    _, order = bids[0]
    seller.enter(order[55], SELL, 1, "90.00")
    seller.receive().has({150: "F", 32: 1})
    [report] = [report for client in {client for client, _ in bids} for report in client.settle()]
    return report.has({150: "F"})


def test_replace_of_the_price(buyer: StockClient, seller: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.00")
    replace = buyer.replace(order, price="99.50")
    replaced = buyer.receive().has({11: replace, 41: order[11], 37: order[37], 150: 5, 39: NEW})
    replaced.has({44: "99.5", 38: 10, 14: 0, 151: 10, 6: 0, 55: symbol, 54: BUY, 40: 2, 32: None})
    assert replaced[17] != order[17] and replaced[60]
    seller.enter(symbol, SELL, 3, "99.50")
    buyer.receive().has({11: replace, 150: "F", 39: PARTIALLY_FILLED, 31: "99.5", 151: 7})


@pytest.mark.parametrize(
    ("change", "keeps_place"),
    [
        ({38: 5}, True),
        ({38: 10}, True),
        ({38: 11}, False),
        ({44: "99.00", 38: 5}, True),
    ],
)
def test_place_in_the_queue_after_a_replace(
    buyer: StockClient,
    colleague: StockClient,
    seller: StockClient,
    symbol: str,
    change: dict[int, object],
    keeps_place: bool,
) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.00")
    behind = colleague.enter(symbol, BUY, 10, "99.00")
    buyer.replace(order, more=change)
    replaced = buyer.receive().has({150: 5, 39: NEW, 38: change[38], 151: change[38]})
    traded = first_to_trade(seller, (buyer, replaced), (colleague, behind))
    assert traded[11] == (replaced if keeps_place else behind)[11]


def test_a_new_price_and_back_loses_the_place(
    buyer: StockClient, colleague: StockClient, seller: StockClient, symbol: str
) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.00")
    behind = colleague.enter(symbol, BUY, 10, "99.00")
    for price in ("98.00", "99.00"):
        buyer.replace(order, price=price)
        order = buyer.receive().has({150: 5})
    assert first_to_trade(seller, (buyer, order), (colleague, behind))[11] == behind[11]


def test_replace_that_crosses(buyer: StockClient, seller: StockClient, symbol: str) -> None:
    """Replaced first, then filled under the new ClOrdID, at the resting order's price."""
    offer = seller.enter(symbol, SELL, 4, "100.00")
    order = buyer.enter(symbol, BUY, 10, "99.00")
    replace = buyer.replace(order, price="101.00")
    buyer.receive().has({11: replace, 41: order[11], 150: 5, 39: NEW, 44: 101, 151: 10, 14: 0})
    bought = buyer.receive().has({11: replace, 150: "F", 39: PARTIALLY_FILLED, 31: 100, 32: 4})
    bought.has({151: 6, 14: 4, 6: 100, 851: 2, 41: None})
    seller.receive().has({11: offer[11], 39: FILLED, 31: 100, 851: 1, 527: bought[527]})
    seller.enter(symbol, SELL, 1, "101.00")
    seller.receive().has({150: "F", 31: 101})


def test_replace_up_of_a_partly_filled_order(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    """C.1.b: OrderQty is the total, CumQty and AvgPx go on."""
    order = buyer.enter(symbol, BUY, 10, "99.00")
    seller.trade(symbol, SELL, 4, "99.00")
    buyer.receive().has({150: "F"})
    replace = buyer.replace(order, 12)
    replaced = buyer.receive().has({11: replace, 150: 5, 39: PARTIALLY_FILLED, 38: 12})
    replaced.has({14: 4, 151: 8, 6: 99})
    seller.trade(symbol, SELL, 8, "99.00")
    buyer.receive().has({11: replace, 39: FILLED, 14: 12, 151: 0, 32: 8})


@pytest.mark.parametrize("qty", [4, 3, 1])
def test_replace_to_what_is_filled_or_less(
    buyer: StockClient, seller: StockClient, symbol: str, qty: int
) -> None:
    """C.3.b, C.3.c: the order is over, and OrderQty is what it traded."""
    order = buyer.enter(symbol, BUY, 10, "99.00")
    seller.trade(symbol, SELL, 4, "99.00")
    buyer.receive().has({150: "F"})
    replace = buyer.replace(order, qty)
    over = buyer.receive().has({11: replace, 41: order[11], 150: 5, 39: FILLED, 38: 4, 14: 4})
    over.has({151: 0, 6: 99, 32: None})
    seller.trade(symbol, SELL, 1, "99.00")
    buyer.hears_nothing()


@pytest.mark.parametrize("end", ["fill", "cancel"])
def test_replace_of_an_order_that_is_over(
    buyer: StockClient, seller: StockClient, symbol: str, end: str
) -> None:
    """C.1.c, C.2.a."""
    order = buyer.enter(symbol, BUY, 10, "99.00")
    if end == "fill":
        seller.enter(symbol, SELL, 10, "99.00")
    else:
        buyer.cancel(order)
    over = buyer.receive()
    replace = buyer.replace(over, 12)
    reject = buyer.receive("9").has({11: replace, 41: over[11], 37: order[37], 39: over[39]})
    reject.has({434: REPLACE, 102: TOO_LATE}).names("OrderID(37)", order[37])


def test_chain_of_replaces(connect: Callable[..., RawClient], symbol: str) -> None:
    """D.1.a and D.2.a: each names the id before it; sent in one go."""
    client = connect()
    sent = b""
    for cl_ord_id, orig_cl_ord_id, qty in (("X", None, 10), ("Y", "X", 8), ("Z", "Y", 7)):
        fields = {11: cl_ord_id, 41: orig_cl_ord_id, 55: symbol, 54: BUY, 38: qty, 40: 2, 44: 99}
        msg_type = "D" if orig_cl_ord_id is None else "G"
        sent += client.bytes_of(msg_type, fields | {60: "20260101-00:00:00"})
    client.send_bytes(sent)
    order = client.receive().has({11: "X", 150: 0, 38: 10})
    client.receive().has({11: "Y", 41: "X", 150: 5, 38: 8, 151: 8, 37: order[37]})
    client.receive().has({11: "Z", 41: "Y", 150: 5, 38: 7, 151: 7, 37: order[37]})


def test_replace_by_an_id_that_is_no_longer_current(buyer: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.00")
    buyer.replace(order, 9)
    current = buyer.receive()
    stale = buyer.replace(order, 8)
    reject = buyer.receive("9").has({11: stale, 41: order[11], 37: order[37], 39: NEW})
    reject.has({434: REPLACE, 102: UNKNOWN_ORDER}).names("OrigClOrdID(41)", order[11], current[11])
    buyer.ask_status(current).has({38: 9, 151: 9})


def test_replace_by_the_id_of_a_rejected_one(buyer: StockClient, symbol: str) -> None:
    """D.2.c: the answer names the order's last accepted id, and D.1.c: which may be used next."""
    order = buyer.enter(symbol, BUY, 10, "99.00")
    rejected = buyer.replace(order, 9, more={54: SELL})
    buyer.receive("9").has({11: rejected, 41: order[11], 39: NEW})
    chained = buyer.replace(order, 8, more={41: rejected})
    reject = buyer.receive("9").has({11: chained, 41: order[11], 37: order[37], 39: NEW})
    reject.has({434: REPLACE})
    accepted = buyer.replace(order, 7)
    buyer.receive().has({11: accepted, 41: order[11], 150: 5, 38: 7})


def test_replace_under_an_id_used_before(buyer: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.00")
    buyer.replace(order, 9, more={11: order[11]})
    reject = buyer.receive("9").has({11: order[11], 41: order[11], 37: order[37], 39: NEW})
    reject.has({434: REPLACE, 102: DUPLICATE})


def test_replace_of_an_unknown_order(buyer: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.00")
    replace = buyer.replace(order, 9, more={41: "NO-SUCH-ID"})
    reject = buyer.receive("9").has({11: replace, 41: "NO-SUCH-ID", 37: "NONE", 39: 8})
    reject.has({434: REPLACE, 102: UNKNOWN_ORDER}).names("OrigClOrdID(41)", "NO-SUCH-ID")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({54: SELL}, "Side(54)"),
        ({55: "AAPL"}, "Symbol(55)"),
        ({40: 1, 44: None}, "OrdType(40)"),
        ({59: 3}, "TimeInForce(59)"),
        ({44: "99.005"}, "Price(44)"),
        ({44: "400"}, "Price(44)"),
        ({44: "-1"}, "Price(44)"),
        ({38: "0"}, "OrderQty(38)"),
        ({38: "10.5"}, "OrderQty(38)"),
        ({38: "2000000"}, "OrderQty(38)"),
        ({44: None}, "Price(44)"),
    ],
)
def test_replace_that_cannot_be(
    buyer: StockClient, symbol: str, change: dict[int, object], named: str
) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.00")
    replace = buyer.replace(order, 9, more=change)
    reject = buyer.receive("9").has({11: replace, 41: order[11], 37: order[37], 39: NEW})
    reject.has({434: REPLACE, 102: OTHER}).names(named)
    reject.names(*(value for value in change.values() if value is not None))
    buyer.ask_status(order).has({38: 10, 44: 99, 151: 10, 39: NEW})
