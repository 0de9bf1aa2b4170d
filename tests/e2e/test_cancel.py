"""Checks 7 to 9: cancel requests for orders that are live, over, unknown, or somebody else's."""

from collections.abc import Callable

import pytest

from tests.e2e.client import BUY, CANCELED, FILLED, NEW, PARTIALLY_FILLED, REJECTED, SELL
from tests.e2e.message import Message
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient

CANCEL = 1
TOO_LATE, UNKNOWN_ORDER, OTHER = 0, 1, 99


def test_cancel_of_a_new_order(buyer: StockClient, symbol: str) -> None:
    """B.1.a."""
    order = buyer.enter(symbol, BUY, 10, "99.00")
    cancel = buyer.cancel(order)
    canceled = buyer.receive().has({11: cancel, 41: order[11], 37: order[37], 150: 4, 39: CANCELED})
    canceled.has({38: 10, 14: 0, 151: 0, 6: 0, 55: symbol, 54: BUY, 40: 2, 44: 99, 32: None})
    assert canceled[17] != order[17] and canceled[60]
    buyer.hears_nothing()


def test_cancel_of_a_partly_filled_order(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    """B.1.b: what traded stays traded."""
    order = buyer.enter(symbol, BUY, 10, "99.00")
    seller.trade(symbol, SELL, 4, "99.00")
    buyer.receive().has({150: "F", 39: PARTIALLY_FILLED})
    cancel = buyer.cancel(order)
    canceled = buyer.receive().has({11: cancel, 41: order[11], 150: 4, 39: CANCELED})
    canceled.has({38: 10, 14: 4, 151: 0, 6: 99})
    seller.trade(symbol, SELL, 1, "99.00")
    buyer.hears_nothing()


def test_cancel_of_a_filled_order(buyer: StockClient, seller: StockClient, symbol: str) -> None:
    """B.1.c."""
    order = buyer.enter(symbol, BUY, 10, "99.00")
    seller.enter(symbol, SELL, 10, "99.00")
    buyer.receive().has({39: FILLED})
    cancel = buyer.cancel(order)
    reject = buyer.receive("9").has({11: cancel, 41: order[11], 37: order[37], 39: FILLED})
    reject.has({434: CANCEL, 102: TOO_LATE}).names("OrderID(37)", order[37], "filled")
    assert reject[60]


def test_cancel_of_a_canceled_order(buyer: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.00")
    buyer.cancel(order)
    canceled = buyer.receive()
    for orig_cl_ord_id in (order[11], canceled[11]):
        cancel = buyer.cancel(order, {41: orig_cl_ord_id})
        reject = buyer.receive("9").has({11: cancel, 37: order[37], 39: CANCELED})
        reject.has({434: CANCEL, 102: TOO_LATE, 41: orig_cl_ord_id}).names("canceled")


def test_cancel_of_an_unknown_order(buyer: StockClient, symbol: str) -> None:
    """B.1.f: the unknown OrigClOrdID is not used up."""
    unknown = Message(f"35=8\x0111={buyer.unused_id()}\x0155={symbol}\x0154=1")
    cancel = buyer.cancel(unknown)
    reject = buyer.receive("9").has({37: "NONE", 11: cancel, 41: unknown[11], 39: REJECTED})
    reject.has({434: CANCEL, 102: UNKNOWN_ORDER}).names("OrigClOrdID(41)", unknown[11])
    buyer.enter(symbol, BUY, 1, "99.00", {11: unknown[11]})


def test_cancel_right_after_the_order(connect: Callable[..., RawClient], symbol: str) -> None:
    """B.1.d: both in one packet, answered in order."""
    client = connect()
    order = {11: "X", 55: symbol, 54: BUY, 38: 10, 40: 2, 44: 99, 60: "20260101-00:00:00"}
    cancel = {11: "Y", 41: "X", 55: symbol, 54: BUY, 60: "20260101-00:00:00"}
    client.send_bytes(client.bytes_of("D", order) + client.bytes_of("F", cancel))
    client.receive().has({11: "X", 150: 0, 39: NEW, 151: 10})
    client.receive().has({11: "Y", 41: "X", 150: 4, 39: CANCELED, 14: 0, 151: 0})


@pytest.mark.parametrize(
    ("field", "named"), [({55: "AAPL"}, "Symbol(55)"), ({54: SELL}, "Side(54)")]
)
def test_cancel_that_contradicts_the_order(
    buyer: StockClient, symbol: str, field: dict[int, str], named: str
) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.00")
    cancel = buyer.cancel(order, field)
    reject = buyer.receive("9").has({11: cancel, 41: order[11], 37: order[37], 39: NEW})
    reject.has({434: CANCEL, 102: OTHER}).names(named, *field.values())
    buyer.ask_status(order).has({39: NEW, 151: 10})


def test_cancel_by_order_id_alone(buyer: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.00")
    cancel = buyer.cancel(order, {41: None, 37: order[37]})
    buyer.receive().has({11: cancel, 41: order[11], 37: order[37], 150: 4, 39: CANCELED, 151: 0})


@pytest.mark.parametrize("request_type", ["F", "G"])
@pytest.mark.parametrize("by", ["OrigClOrdID", "OrderID"])
@pytest.mark.parametrize("whose", ["seller", "colleague"])
def test_order_of_somebody_else(
    buyer: StockClient,
    request: pytest.FixtureRequest,
    symbol: str,
    request_type: str,
    by: str,
    whose: str,
) -> None:
    """Nobody touches another firm's order; of his own firm's he may cancel, by OrderID alone."""
    order = buyer.enter(symbol, BUY, 10, "99.00")
    stranger: StockClient = request.getfixturevalue(whose)
    more = {} if by == "OrigClOrdID" else {37: order[37], 41: None}
    asked = (stranger.cancel if request_type == "F" else stranger.replace)(order, more=more)
    if whose == "colleague" and by == "OrderID" and request_type == "F":
        stranger.receive().has({11: asked, 37: order[37], 150: 4, 39: CANCELED, 151: 0})
        told = buyer.receive().has({11: order[11], 150: 4, 39: CANCELED, 151: 0, 41: None})
        told.names("TRADER2")
        return
    reject = stranger.receive("9").has({11: asked, 434: 1 if request_type == "F" else 2})
    if whose == "colleague" and by == "OrderID":
        reject.has({37: order[37], 39: NEW, 102: OTHER}).names("OrderID(37)", "TRADER1")
    else:
        reject.has({37: "NONE", 39: REJECTED, 102: UNKNOWN_ORDER})
    buyer.hears_nothing()
    buyer.ask_status(order).has({39: NEW, 151: 10, 38: 10, 44: 99})
