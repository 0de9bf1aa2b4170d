"""Which orders and trades an operator can end, undo and correct, and how each mistake is told."""

import pytest

from tests.unit.core.desk import BUY, DAY, GTC, LIMIT, SELL
from tests.unit.gateway.operator.office import Office
from venue.core import commands as c


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def traded(office: Office) -> Office:
    """Trade 1 was of 5 @ 100.00, of an order for 8 with one for 5."""
    office.new("a", SELL, 5, 10000)
    office.new("b", BUY, 8, 10000, GTC, session="TRADER2")
    return office


def test_an_order(office: Office) -> None:
    office.new("a", BUY, 5, 9900)
    decision = office.decide("cancel", order_id="1")
    assert decision.commands == (c.CancelByVenue(1),)
    assert office.does("cancel", order_id="1") == "OrderID(37) 1 of TRADER1 is canceled"
    assert not office.order("a").live
    assert office.refused("cancel", order_id="1") == (
        "OrderID(37) is 1, expected a live order, this one is canceled"
    )


@pytest.mark.parametrize("order_id", ["2", "0", "x", "-1", "1.0", "9" * 19, "9" * 999])
def test_an_order_that_is_none(office: Office, order_id: str) -> None:
    office.new("a", BUY, 5, 9900)
    text = office.refused("cancel", order_id=order_id)
    assert text == f"OrderID(37) is {order_id[:64]}, expected a live order"
    assert office.refused("cancel") == "OrderID(37) is missing, expected a live order"


def test_the_orders_of_a_firm(office: Office) -> None:
    office.new("a", BUY, 5, 9900)
    office.new("b", BUY, 5, 9900, session="TRADER3")
    office.new("c", BUY, 5, 9900, session="TRADER2")
    decision = office.decide("cancel_firm", firm="NORTH")
    assert decision.commands == (c.CancelByVenue(0, "NORTH"),)
    assert decision.text == "2 orders of NORTH are canceled"
    assert office.does("cancel_firm", firm="SOUTH") == "1 order of SOUTH is canceled"
    assert office.does("cancel_firm", firm="SOUTH") == "0 orders of SOUTH are canceled"
    known = "expected one of NORTH, SOUTH, VENUE, WEST"
    assert office.refused("cancel_firm", firm="EAST") == f"OperatorFirm(9212) is EAST, {known}"
    assert office.refused("cancel_firm") == f"OperatorFirm(9212) is missing, {known}"


def test_many_firms_are_not_all_named(office: Office) -> None:
    for number in range(100):
        who = "TRADER1", f"F{number:02}", f"c{number}"
        office.venue.handle(c.NewOrder(*who, "AAPL", BUY, *_LIMIT, 9900, 1))
    text = office.refused("cancel_firm", firm="EAST")
    assert text.endswith("F18, F19 and 84 others") and len(text) < 300


_LIMIT = (LIMIT, DAY)


def test_a_bust(traded: Office) -> None:
    assert traded.decide("bust", trade_id="1").commands == (c.BustTrade(1),)
    assert traded.does("bust", trade_id="1") == "trade 1 is busted"
    assert traded.venue.trades.remembered[1].qty == 0
    assert "busted already" in traded.refused("bust", trade_id="1")
    assert "busted already" in traded.refused("correct", trade_id="1", qty="1")


@pytest.mark.parametrize("action", ["bust", "correct"])
def test_a_trade_that_is_none(traded: Office, action: str) -> None:
    assert traded.refused(action, trade_id="2") == "TradeID(1003) 2 is no trade"
    expected = "expected a trade that the venue remembers"
    assert traded.refused(action, trade_id="x") == f"TradeID(1003) is x, {expected}"
    assert traded.refused(action) == f"TradeID(1003) is missing, {expected}"


def test_a_correction(traded: Office) -> None:
    decision = traded.decide("correct", trade_id="1", qty="3")
    assert decision.commands == (c.CorrectTrade(1, 3, 10000),)
    assert decision.text == "trade 1 is corrected to 3 @ 100"
    decision = traded.decide("correct", trade_id="1", price="99.5")
    assert decision.commands == (c.CorrectTrade(1, 5, 9950),)
    told = "trade 1 is corrected to 4 @ 100.01"
    assert traded.does("correct", trade_id="1", qty="4", price="100.01") == told
    assert traded.venue.trades.remembered[1].qty == 4


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "LastQty(32) is missing, expected this or LastPx(31), or both"),
        ({"qty": "0"}, "LastQty(32) is 0, expected a multiple of the lot 1 of AAPL above 0"),
        ({"qty": "1.5"}, "LastQty(32) is 1.5, expected a multiple of the lot 1 of AAPL above 0"),
        ({"qty": "-1"}, "LastQty(32) is -1, expected a multiple of the lot 1 of AAPL above 0"),
        ({"qty": "1E1"}, "LastQty(32) is 1E1, expected a multiple of the lot 1 of AAPL above 0"),
        ({"qty": "9" * 30}, f"LastQty(32) is {'9' * 30}, expected a multiple of the lot"),
        ({"price": "1.001"}, "LastPx(31) is 1.001, expected a multiple of the tick 0.01 of AAPL"),
        ({"price": "0"}, "LastPx(31) is 0, expected a multiple of the tick 0.01 of AAPL above 0"),
        ({"qty": "6"}, "LastQty(32) 6 is more than 5, which is left of OrderQty(38) 5"),
        ({"qty": "5"}, "LastQty(32) 5 at LastPx(31) 100 is what TradeID(1003) 1 has already"),
    ],
)
def test_a_correction_that_cannot_be(traded: Office, given: dict[str, str], text: str) -> None:
    assert traded.refused("correct", trade_id="1", **given).startswith(text)
