"""Check 17: order status requests tell and change nothing."""

import pytest

from tests.e2e.client import BUY, CANCELED, FILLED, NEW, PARTIALLY_FILLED, REJECTED, SELL
from tests.e2e.stock import StockClient

ABSENT = {31: None, 32: None, 851: None, 527: None}


def test_through_the_life_of_an_order(buyer: StockClient, seller: StockClient, symbol: str) -> None:
    """G.1.c."""
    order = buyer.enter(symbol, BUY, 10, "99.00", {1: "ACCOUNT"})
    kept = {tag: order[tag] for tag in (11, 37, 55, 54, 40, 44, 59, 1)}
    status = buyer.ask_status(order).has(kept | ABSENT)
    status.has({39: NEW, 38: 10, 14: 0, 151: 10, 6: 0, 790: None})
    assert status[17] and status[60]
    seller.trade(symbol, SELL, 4, "99.00")
    buyer.receive()
    buyer.ask_status(order).has(kept | ABSENT | {39: PARTIALLY_FILLED, 14: 4, 151: 6, 6: 99})
    seller.trade(symbol, SELL, 6, "99.00")
    buyer.receive()
    buyer.ask_status(order).has(kept | ABSENT | {39: FILLED, 14: 10, 151: 0, 6: 99})


def test_of_a_canceled_order_by_any_of_its_ids(buyer: StockClient, symbol: str) -> None:
    """The answer has the ClOrdID of the question."""
    order = buyer.enter(symbol, BUY, 10, "99.00")
    buyer.replace(order, 12)
    replaced = buyer.receive()
    buyer.ask_status(order).has({11: order[11], 37: order[37], 39: NEW, 38: 12, 151: 12})
    buyer.cancel(replaced)
    canceled = buyer.receive()
    for report in (order, replaced, canceled):
        status = buyer.ask_status(report).has({11: report[11], 37: order[37], 39: CANCELED})
        status.has({38: 12, 14: 0, 151: 0})


def test_ord_status_req_id_is_echoed(buyer: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.00")
    buyer.ask_status(order, {790: "QUESTION"}).has({790: "QUESTION", 39: NEW})


def test_by_order_id(buyer: StockClient, colleague: StockClient, symbol: str) -> None:
    """Anybody of the firm may ask, under a ClOrdID of his own."""
    order = buyer.enter(symbol, BUY, 10, "99.00")
    by_order_id = {11: "MINE", 37: order[37]}
    colleague.ask_status(order, by_order_id).has({11: "MINE", 37: order[37], 39: NEW, 151: 10})


@pytest.mark.parametrize("more", [{11: "NO-SUCH-ID"}, {37: "999999999"}, {37: "1" * 30}])
def test_of_an_unknown_order(buyer: StockClient, symbol: str, more: dict[int, str]) -> None:
    """G.1.a."""
    order = buyer.enter(symbol, BUY, 10, "99.00")
    status = buyer.ask_status(order, more | {790: "Q"}).has({39: REJECTED, 103: 5, 37: "NONE"})
    status.has({38: 0, 14: 0, 151: 0, 6: 0, 790: "Q", 11: more.get(11, order[11])} | ABSENT)
    assert status[60] and status[58]


def test_of_another_firms_order(buyer: StockClient, seller: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.00")
    for more in ({}, {37: order[37]}):
        seller.ask_status(order, more).has({39: REJECTED, 37: "NONE", 38: 0, 151: 0, 103: 5})


def test_a_question_uses_no_id(buyer: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.00")
    for _ in range(3):
        buyer.ask_status(order)
    following = buyer.enter(symbol, BUY, 10, "99.00")
    assert int(following[37]) == int(order[37]) + 1
    assert int(following[17]) == int(order[17]) + 1
