"""Check 15: what may not rest is canceled, and never left in the book."""

import pytest

from tests.e2e.client import BUY, CANCELED, DAY, FILLED, FOK, GTC, IOC, NEW, PARTIALLY_FILLED, SELL
from tests.e2e.stock import StockClient


@pytest.mark.parametrize(
    ("price", "time_in_force"),
    [("100.00", IOC), ("100.00", FOK), (None, DAY), (None, GTC), (None, IOC), (None, FOK)],
)
def test_empty_book(
    buyer: StockClient, seller: StockClient, symbol: str, price: str | None, time_in_force: str
) -> None:
    order = buyer.enter(symbol, BUY, 10, price, {59: time_in_force}).has({59: time_in_force})
    canceled = buyer.receive().has({11: order[11], 37: order[37], 150: 4, 39: CANCELED, 38: 10})
    canceled.has({14: 0, 151: 0, 6: 0, 41: None, 32: None, 59: time_in_force})
    assert canceled[58] and canceled[17] != order[17]
    seller.enter(symbol, SELL, 1, "100.00")
    seller.hears_nothing()
    buyer.hears_nothing()


@pytest.mark.parametrize("price", ["100.00", None])
def test_rest_of_a_partly_filled_order(
    buyer: StockClient, seller: StockClient, symbol: str, price: str | None
) -> None:
    """EX-I.1.b: New, its fills, and the cancel of what is left."""
    seller.enter(symbol, SELL, 3, "99.00")
    seller.enter(symbol, SELL, 1, "100.00")
    order = buyer.enter(symbol, BUY, 10, price, {59: IOC})
    buyer.receive().has({11: order[11], 150: "F", 39: PARTIALLY_FILLED, 31: 99, 32: 3, 151: 7})
    buyer.receive().has({11: order[11], 150: "F", 39: PARTIALLY_FILLED, 31: 100, 14: 4, 151: 6})
    canceled = buyer.receive().has({11: order[11], 150: 4, 39: CANCELED, 14: 4, 151: 0, 38: 10})
    canceled.has({6: "99.25", 41: None})
    seller.receive()
    seller.receive()
    seller.enter(symbol, SELL, 1, "100.00")
    seller.hears_nothing()


def test_immediate_or_cancel_does_not_trade_through_its_price(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    seller.enter(symbol, SELL, 3, "99.00")
    seller.enter(symbol, SELL, 5, "100.00")
    buyer.enter(symbol, BUY, 10, "99.99", {59: IOC})
    buyer.receive().has({150: "F", 31: 99, 32: 3})
    buyer.receive().has({150: 4, 39: CANCELED, 14: 3, 151: 0})
    buyer.hears_nothing()


def test_fill_or_kill_that_can_be_filled(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    seller.enter(symbol, SELL, 3, "99.00")
    seller.enter(symbol, SELL, 7, "100.00")
    order = buyer.enter(symbol, BUY, 10, "100.00", {59: FOK})
    buyer.receive().has({11: order[11], 150: "F", 39: PARTIALLY_FILLED, 31: 99, 32: 3})
    buyer.receive().has({11: order[11], 150: "F", 39: FILLED, 31: 100, 32: 7, 151: 0})
    buyer.hears_nothing()


@pytest.mark.parametrize("price", ["99.99", None])
def test_fill_or_kill_that_cannot_be_filled(
    buyer: StockClient, seller: StockClient, symbol: str, price: str | None
) -> None:
    """EX-I.1.a: New, then Canceled, and the book is as it was."""
    offer = seller.enter(symbol, SELL, 3, "99.00")
    if price is not None:
        seller.enter(symbol, SELL, 7, "100.00")
    buyer.enter(symbol, BUY, 10, price, {59: FOK}).has({39: NEW, 151: 10})
    killed = buyer.receive().has({150: 4, 39: CANCELED, 14: 0, 151: 0, 38: 10})
    killed.names("FillOrKill", 3, 10)
    seller.hears_nothing()
    seller.ask_status(offer).has({39: NEW, 151: 3})
