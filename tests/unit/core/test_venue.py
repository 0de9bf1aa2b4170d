from collections.abc import Callable

import pytest

from tests.unit.core.desk import BUY, GTC, SELL, STOP, STOP_LIMIT, Desk, aapl, at
from venue.core import commands as c
from venue.core import events as e
from venue.core.types import CxlRejResponseTo, OrdStatus
from venue.core.venue import Venue


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.new("b1", BUY, 5, 9900)
    desk.new("b2", BUY, 4, 9900)
    desk.new("b3", BUY, 3, 9800)
    desk.new("s1", SELL, 6, 10100, session="TRADER2")
    return desk


def test_levels(desk: Desk) -> None:
    assert list(desk.venue.levels("AAPL", BUY)) == [(9900, 9, 2), (9800, 3, 1)]
    assert list(desk.venue.levels("AAPL", SELL)) == [(10100, 6, 1)]


def test_last_trade(desk: Desk) -> None:
    assert desk.venue.last_trade("AAPL") is None
    desk.new("s2", SELL, 1, 9900, session="TRADER2")
    assert desk.venue.last_trade("AAPL") == (9900, 1)


def test_level_changes_are_told_once(desk: Desk) -> None:
    changes = desk.venue.level_changes()
    assert sorted(changes, key=repr) == sorted(
        [
            e.LevelChanged("AAPL", BUY, 9900, 9, 2),
            e.LevelChanged("AAPL", BUY, 9800, 3, 1),
            e.LevelChanged("AAPL", SELL, 10100, 6, 1),
        ],
        key=repr,
    )
    assert desk.venue.level_changes() == []
    desk.cancel("x", "b3")
    assert desk.venue.level_changes() == [e.LevelChanged("AAPL", BUY, 9800, 0, 0)]


def test_a_level_that_went_and_came_back_is_told_as_it_is(desk: Desk) -> None:
    desk.venue.level_changes()
    desk.cancel("x", "b3")
    desk.new("b4", BUY, 7, 9800)
    assert desk.venue.level_changes() == [e.LevelChanged("AAPL", BUY, 9800, 7, 1)]


def test_level_changes_may_be_forgotten(desk: Desk) -> None:
    desk.venue.forget_level_changes()
    assert desk.venue.level_changes() == []


def test_time_never_goes_back() -> None:
    venue = Venue()
    assert venue.handle(c.AdvanceTime(5)) == [] and venue.time == 5
    venue.handle(c.AdvanceTime(3))
    assert venue.time == 5


def test_new_terms_of_a_listed_instrument_leave_its_orders(desk: Desk) -> None:
    changed = e.InstrumentDefined("", "AAPL", False)
    assert desk.venue.handle(c.DefineInstrument(aapl(max_qty="3"))) == [changed]
    assert desk.resting(BUY) == [("b1", 5, 9900), ("b2", 4, 9900), ("b3", 3, 9800)]
    (event,) = desk.new("b4", BUY, 4)
    assert isinstance(event, e.OrderRejected)
    assert desk.venue.instruments["AAPL"].max_lots == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda desk: desk.new("x", BUY, 1, 9000),
        lambda desk: desk.new("x", BUY, 1001, 9000),
        lambda desk: desk.cancel("x", "b1"),
        lambda desk: desk.cancel("x", "unknown"),
        lambda desk: desk.replace("x", "b1", 4, 9900),
        lambda desk: desk.replace("x", "b1", 1001, 9900),
        lambda desk: desk.replace("x", "b1", 5, 9900, time_in_force=GTC),
        lambda desk: desk.new("b1", BUY, 1, 9000),
        lambda desk: desk.venue.handle(c.DefineInstrument(aapl(max_qty="999"))),
        lambda desk: desk.venue.handle(c.DefineInstrument(aapl(symbol="MSFT"))),
        lambda desk: desk.new("x", BUY, 1, 9000, min_qty=0),
        lambda desk: desk.new("x", BUY, 1, None, ord_type=STOP, stop_px=10000),
        lambda desk: desk.replace("x", "b1", 5, 9900, display_qty=1),
        lambda desk: desk.mass_cancel("x", session="TRADER2"),
        lambda desk: desk.connect(),
        lambda desk: desk.venue.handle(c.DefineTradingDay(1)),
    ],
)
def test_whatever_happened_is_in_the_state_hash(change: Callable[[Desk], object]) -> None:
    one, other = Desk(), Desk()
    for each in (one, other):
        each.new("b1", BUY, 5, 9900)
    assert one.venue.state_hash() == other.venue.state_hash()
    change(one)
    assert one.venue.state_hash() != other.venue.state_hash()


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.new("x", BUY, 5, 9900, display_qty=2, refresh_qty=3),
        lambda one: one.new("x", BUY, 5, 9900, self_match_prevention_id="ID"),
        lambda one: one.new("x", BUY, 5, 9900, GTC),
    ],
)
def test_the_terms_of_an_order_are_in_the_state_hash(change: Callable[[Desk], object]) -> None:
    one, other = Desk(), Desk()
    other.new("x", BUY, 5, 9900, display_qty=2, refresh_qty=2)
    change(one)
    assert one.venue.state_hash() != other.venue.state_hash()


def test_what_waits_is_in_the_state_hash_in_its_order() -> None:
    """One may have a new trigger price and the old one again: it waits behind the others."""
    one, other = Desk(), Desk()
    for desk, order in ((one, "ab"), (other, "ba")):
        for name in "ab":
            desk.new(name, BUY, 1, None, ord_type=STOP, stop_px=10000)
        waiting = desk.venue.markets["AAPL"].waiting
        for name in order:
            waiting.remove(desk.order(name))
            waiting.add(desk.order(name))
        desk.venue.check()
    assert one.venue.state_hash() != other.venue.state_hash()


def test_the_order_of_the_instruments_is_in_the_state_hash() -> None:
    """It is the order in which a mass cancel lets orders trigger."""
    hashes = set()
    for symbols in (("MSFT", "TSLA"), ("TSLA", "MSFT")):
        desk = Desk()
        for symbol in symbols:
            desk.define(symbol)
        hashes.add(desk.venue.state_hash())
    assert len(hashes) == 2


@pytest.mark.parametrize("part", ["last trade", "carried", "hidden"])
def test_what_a_day_leaves_is_in_the_state_hash(part: str) -> None:
    one, other = Desk(), Desk()
    for desk in (one, other):
        desk.new("a", BUY, 5, 9900, display_qty=2, refresh_qty=2)
    if part == "last trade":
        one.venue.markets["AAPL"].last_qty = 9
    elif part == "carried":
        one.order("a").carried = 1, 9900, 0
    else:
        one.order("a").hidden_qty = 2
    assert one.venue.state_hash() != other.venue.state_hash()


def test_time_alone_is_not_in_the_state_hash(desk: Desk) -> None:
    before = desk.venue.state_hash()
    desk.advance("20260105 12:00")
    assert desk.venue.state_hash() == before and desk.venue.time == at("20260105 12:00")


def test_icebergs_show_a_part_in_the_levels(desk: Desk) -> None:
    desk.venue.forget_level_changes()
    desk.new("b4", BUY, 5, 9900, display_qty=2, refresh_qty=2)
    assert list(desk.venue.levels("AAPL", BUY)) == [(9900, 11, 3), (9800, 3, 1)]
    assert desk.venue.level_changes() == [e.LevelChanged("AAPL", BUY, 9900, 11, 3)]


def test_who_waits_is_in_no_level(desk: Desk) -> None:
    before = list(desk.venue.levels("AAPL", BUY))
    desk.venue.forget_level_changes()
    desk.new("w", BUY, 5, 9900, ord_type=STOP_LIMIT, stop_px=10000)
    assert list(desk.venue.levels("AAPL", BUY)) == before and desk.venue.level_changes() == []


def test_priority_is_in_the_state_hash(desk: Desk) -> None:
    before = desk.venue.state_hash()
    level = desk.venue.markets["AAPL"].book.bids.best
    assert level is not None and level.head is not None
    first = level.head
    desk.venue.markets["AAPL"].book.bids.remove(first, first.leaves_qty)
    desk.venue.markets["AAPL"].book.bids.add(first)
    assert desk.venue.state_hash() != before


def test_what_an_id_stands_for_is_in_the_state_hash() -> None:
    """The id of a refused request names the order that request spoke of (D.2.c)."""
    hashes = set()
    for name in "ab":
        desk = Desk()
        desk.new("a")
        desk.new("b")
        desk.replace("refused", name, 1001)
        hashes.add(desk.venue.state_hash())
    assert len(hashes) == 2


def test_refused_ids_are_in_the_state_hash(desk: Desk) -> None:
    """They decide what OrigClOrdID(41) a refusal names (D.2.c)."""
    before = desk.venue.state_hash()
    desk.venue.orders.clients["TRADER1"].refused.add("b1")
    assert desk.venue.state_hash() != before


def test_the_state_hash_takes_any_numbers() -> None:
    desk = Desk(tick="1", reference_price=str(2**52), max_qty=str(2**53))
    desk.new("b", BUY, 2**53, 2**52)
    _, fill, _ = desk.new("s", SELL, 2**53, 2**52)
    assert fill.notional == 2**105
    assert len(desk.venue.state_hash()) == 32


def test_a_refused_cancel_is_journaled_with_what_it_answers() -> None:
    assert c.CancelOrder.response_to is CxlRejResponseTo.CANCEL
    assert c.ReplaceOrder.response_to is CxlRejResponseTo.REPLACE


def test_check_is_content(desk: Desk) -> None:
    desk.venue.check()


def _dead_order_rests(desk: Desk) -> None:
    desk.venue.orders.by_id[1].ord_status = OrdStatus.CANCELED


def _live_order_is_nowhere(desk: Desk) -> None:
    order = desk.venue.orders.by_id[1]
    desk.venue.markets["AAPL"].book.bids.remove(order, order.leaves_qty)


def _wrong_leaves(desk: Desk) -> None:
    desk.cancel("x", "b1")
    desk.venue.orders.by_id[1].leaves_qty = 5


def _waiting_order_is_nowhere(desk: Desk) -> None:
    desk.new("w", BUY, 5, None, ord_type=STOP, stop_px=10000)
    desk.venue.markets["AAPL"].waiting.remove(desk.order("w"))


def _waiting_order_rests(desk: Desk) -> None:
    desk.new("w", BUY, 5, 9900, ord_type=STOP_LIMIT, stop_px=10000)
    desk.venue.markets["AAPL"].book.bids.add(desk.order("w"))


def _id_names_another(desk: Desk) -> None:
    orders = desk.venue.orders.clients["TRADER1"].orders
    orders["b1"] = orders["b2"]


@pytest.mark.parametrize(
    "damage",
    [
        _dead_order_rests,
        _live_order_is_nowhere,
        _wrong_leaves,
        _waiting_order_is_nowhere,
        _waiting_order_rests,
        _id_names_another,
    ],
)
def test_check_finds_damage(desk: Desk, damage: Callable[[Desk], None]) -> None:
    damage(desk)
    with pytest.raises(AssertionError):
        desk.venue.check()
