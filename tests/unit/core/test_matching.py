"""The rules of matching themselves are the ladders' and the property test's."""

from tests.unit.core.desk import BUY, SELL, Desk, assert_accepted, assert_filled, assert_match
from venue.core.types import Liquidity


def test_a_match_tells_both_sides_the_aggressor_first() -> None:
    desk = Desk()
    desk.new("offer", SELL, 5, 10100, session="TRADER2", account="ACC2")
    accepted, aggressor, resting = desk.new("bid", BUY, 3, 10200, account="ACC1")
    assert_accepted(accepted, "bid", session="TRADER1", exec_id=2, order_id=2, leaves_qty=3)
    assert_filled(aggressor, "bid", 3, 10100, 0, session="TRADER1", exec_id=3, notional=30300)
    assert_filled(resting, "offer", 3, 10100, 2, session="TRADER2", exec_id=4, notional=30300)
    assert_filled(aggressor, "bid", 3, 10100, 0, price=10200, account="ACC1", firm="NORTH")
    assert_filled(resting, "offer", 3, 10100, 2, price=10100, account="ACC2", firm="SOUTH")
    assert_filled(aggressor, "bid", 3, 10100, 0, liquidity=Liquidity.REMOVED, trade_id=1)
    assert_filled(resting, "offer", 3, 10100, 2, liquidity=Liquidity.ADDED, trade_id=1)
    assert_match(aggressor, resting)
    assert desk.venue.last_trade("AAPL") == (10100, 3)


def test_every_match_has_its_own_trade_id() -> None:
    desk = Desk()
    desk.new("first", SELL, 5, 10100)
    desk.new("second", SELL, 5, 10200)
    _, *fills = desk.new("bid", BUY, 7, 10200)
    assert_match(*fills[:2])
    assert_match(*fills[2:])
    assert [fill.trade_id for fill in fills] == [1, 1, 2, 2]
    assert [fill.exec_id for fill in fills] == [4, 5, 6, 7]
    assert desk.venue.last_trade("AAPL") == (10200, 2)
