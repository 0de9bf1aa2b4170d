"""The rules of matching themselves are the ladders' and the property test's."""

import pytest

from tests.unit.core.desk import (
    BUY,
    FOK,
    SELL,
    Desk,
    assert_accepted,
    assert_filled,
    assert_match,
    story,
)
from venue.core import events as e
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


def iceberg(desk: Desk, cl_ord_id: str, qty: int, shows: int, refresh: int = 0) -> list[e.Event]:
    display = {"display_qty": shows, "refresh_qty": refresh or shows}
    return desk.new(cl_ord_id, SELL, qty, 10100, session="TRADER2", **display)


def test_an_iceberg_trades_slice_by_slice() -> None:
    desk = Desk()
    iceberg(desk, "berg", 10, 3, refresh=4)
    assert list(desk.venue.levels("AAPL", SELL)) == [(10100, 3, 1)]
    _, *fills = desk.new("bid", BUY, 9, 10100)
    assert story(fills[::2]) == [
        "filled bid 3 @ 10100",
        "filled bid 4 @ 10100",
        "filled bid 2 @ 10100",
    ]
    for aggressor, resting in zip(fills[::2], fills[1::2], strict=True):
        assert_match(aggressor, resting)
    assert [fill.details.shown_qty for fill in fills[1::2]] == [4, 3, 1]
    assert [fill.leaves_qty for fill in fills[1::2]] == [7, 3, 1]
    assert list(desk.venue.levels("AAPL", SELL)) == [(10100, 1, 1)]
    desk.venue.check()


def test_what_is_hidden_trades_after_all_that_is_shown() -> None:
    desk = Desk()
    iceberg(desk, "berg1", 6, 2)
    iceberg(desk, "berg2", 5, 3)
    desk.new("plain", SELL, 2, 10100, session="TRADER2")
    desk.new("worse", SELL, 2, 10200, session="TRADER2")
    _, *fills = desk.new("bid", BUY, 14, 10200)
    slices = [("berg1", 2), ("berg2", 3), ("plain", 2), ("berg1", 2), ("berg2", 2), ("berg1", 2)]
    assert [(fill.cl_ord_id, fill.last_qty) for fill in fills[1::2]] == [*slices, ("worse", 1)]
    desk.venue.check()


def test_a_refreshed_slice_waits_at_the_back() -> None:
    desk = Desk()
    iceberg(desk, "berg", 6, 2)
    desk.new("plain", SELL, 2, 10100, session="TRADER2")
    desk.new("bid", BUY, 1, 10100)
    assert desk.shown(SELL) == [("berg", 1), ("plain", 2)]
    desk.new("more", BUY, 1, 10100)
    assert desk.shown(SELL) == [("plain", 2), ("berg", 2)]
    assert list(desk.venue.levels("AAPL", SELL)) == [(10100, 4, 2)]


def test_an_aggressor_trades_what_it_hides_and_shows_a_slice_of_the_rest() -> None:
    desk = Desk()
    desk.new("offer", SELL, 4, 10100, session="TRADER2")
    _, fill, _ = desk.new("berg", BUY, 9, 10100, display_qty=2, refresh_qty=2)
    assert_filled(fill, "berg", 4, 10100, 5)
    assert desk.shown(BUY) == [("berg", 2)] and desk.resting(BUY) == [("berg", 5, 10100)]


def test_an_iceberg_that_is_gone_leaves_no_level() -> None:
    desk = Desk()
    iceberg(desk, "berg", 5, 2)
    _, *fills = desk.new("bid", BUY, 5, 10100)
    assert_filled(fills[-1], "berg", 1, 10100, 0)
    assert fills[-1].details.shown_qty == 0
    assert list(desk.venue.levels("AAPL", SELL)) == []
    desk.venue.check()


@pytest.mark.parametrize(("qty", "trades"), [(10, True), (11, False)])
def test_fok_counts_what_is_hidden(qty: int, trades: bool) -> None:
    desk = Desk()
    iceberg(desk, "berg", 10, 3)
    events = desk.new("fok", BUY, qty, 10100, FOK)
    assert (desk.order("fok").cum_qty == qty) is trades
    assert story(events)[-1] == ("filled berg 1 @ 10100" if trades else "canceled fok")


def test_level_changes_tell_of_a_refreshed_slice() -> None:
    desk = Desk()
    iceberg(desk, "berg", 10, 3, refresh=4)
    desk.venue.level_changes()
    desk.new("bid", BUY, 3, 10100)
    assert desk.venue.level_changes() == [e.LevelChanged("AAPL", SELL, 10100, 4, 1)]
