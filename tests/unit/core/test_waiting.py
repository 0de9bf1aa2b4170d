from collections.abc import Callable

import pytest

from tests.unit.core.desk import (
    AT_THE_CLOSE,
    BUY,
    IF_TOUCHED,
    LIMIT,
    LIMIT_IF_TOUCHED,
    SELL,
    STOP,
    STOP_LIMIT,
)
from tests.unit.core.test_book import order
from venue.core.order import Order
from venue.core.qualifiers import Qualifiers
from venue.core.types import OrdType, Side, TriggerPriceType
from venue.core.waiting import Waiting

LAST, QUOTE = TriggerPriceType.LAST_TRADE, TriggerPriceType.BEST_QUOTE
Prices = tuple[int | None, int | None, int | None, int | None]
NOTHING: Prices = (None, None, None, None)


def trigger(
    order_id: int = 1,
    side: Side = BUY,
    ord_type: OrdType = STOP,
    stop_px: int = 100,
    price_type: TriggerPriceType = LAST,
) -> Order:
    qualifiers = Qualifiers(stop_px=stop_px, trigger_price_type=price_type)
    return order(side, order_id=order_id, ord_type=ord_type, qualifiers=qualifiers)


def waiting_of(*orders: Order) -> Waiting:
    waiting = Waiting()
    for each in orders:
        waiting.add(each)
    waiting.check()
    return waiting


def met(waiting: Waiting, prices: Prices) -> list[int]:
    found = [order.order_id for order in waiting.met(*prices)]
    waiting.check()
    return found


@pytest.mark.parametrize(
    ("side", "ord_type", "rises"),
    [
        (BUY, STOP, True),
        (SELL, STOP, False),
        (BUY, STOP_LIMIT, True),
        (SELL, STOP_LIMIT, False),
        (BUY, IF_TOUCHED, False),
        (SELL, IF_TOUCHED, True),
        (BUY, LIMIT_IF_TOUCHED, False),
        (SELL, LIMIT_IF_TOUCHED, True),
    ],
)
@pytest.mark.parametrize(("distance", "is_met"), [(-1, False), (0, True), (1, True)])
@pytest.mark.parametrize("price_type", [LAST, QUOTE])
def test_a_trigger_is_met(
    side: Side,
    ord_type: OrdType,
    rises: bool,
    distance: int,
    is_met: bool,
    price_type: TriggerPriceType,
) -> None:
    """A stop follows the market, a touched order waits for a better price. Of the quotes, who buys
    watches the offer and who sells the bid.
    """
    waiting = waiting_of(trigger(1, side, ord_type, 100, price_type))
    price = 100 + distance if rises else 100 - distance
    prices: Prices = (price, price, None, None)
    if price_type is QUOTE:
        prices = (None, None, None, price) if side is BUY else (None, None, price, None)
    assert met(waiting, prices) == ([1] if is_met else [])


@pytest.mark.parametrize("side", [BUY, SELL])
@pytest.mark.parametrize("price_type", [LAST, QUOTE])
def test_no_price_meets_nothing(side: Side, price_type: TriggerPriceType) -> None:
    waiting = waiting_of(trigger(1, side, STOP, 100, price_type))
    assert met(waiting, NOTHING) == []
    assert met(waiting, (None, None, 100, 100)) == ([1] if price_type is QUOTE else [])


@pytest.mark.parametrize(
    ("side", "of_quotes", "is_met"),
    [(BUY, (200, None), False), (SELL, (None, 1), False), (BUY, (None, 200), True)],
)
def test_one_quote_is_not_the_other(
    side: Side, of_quotes: tuple[int | None, int | None], is_met: bool
) -> None:
    waiting = waiting_of(trigger(1, side, STOP, 100, QUOTE))
    assert met(waiting, (100, 100, *of_quotes)) == ([1] if is_met else [])


def test_every_trade_counts_not_the_last_alone() -> None:
    waiting = waiting_of(trigger(1, BUY, STOP, 110), trigger(2, SELL, STOP, 90))
    assert met(waiting, (91, 109, None, None)) == []
    assert met(waiting, (90, 110, None, None)) == [1, 2]


def test_the_oldest_first_whatever_its_price_side_or_type() -> None:
    orders = [
        trigger(4, BUY, STOP, 104),
        trigger(1, BUY, STOP, 101),
        trigger(3, SELL, IF_TOUCHED, 103),
        trigger(5, BUY, STOP, 101),
        trigger(2, SELL, STOP, 120, QUOTE),
    ]
    waiting = waiting_of(*orders)
    assert [order.order_id for order in waiting.orders.values()] == [4, 1, 3, 5, 2]
    assert met(waiting, (105, 105, 120, None)) == [4, 1, 3, 5, 2]


def test_those_that_are_met_are_out_and_the_others_stay() -> None:
    waiting = waiting_of(trigger(1, stop_px=101), trigger(2, stop_px=102), trigger(3, stop_px=101))
    assert met(waiting, (101, 101, None, None)) == [1, 3]
    assert met(waiting, (101, 101, None, None)) == []
    assert list(waiting.orders) == [2]
    assert met(waiting, (102, 102, None, None)) == [2]
    assert not waiting.orders


def test_who_waits_does_not_work() -> None:
    waits = trigger()
    assert waits.working
    waiting_of(waits)
    assert not waits.working


@pytest.mark.parametrize("leaving", [1, 2, 3])
def test_any_order_leaves_and_may_come_back_behind_the_others(leaving: int) -> None:
    orders = {order_id: trigger(order_id) for order_id in (1, 2, 3)}
    waiting = waiting_of(*orders.values())
    waiting.remove(orders[leaving])
    waiting.check()
    others = [order_id for order_id in orders if order_id != leaving]
    assert list(waiting.orders) == others
    waiting.add(orders[leaving])
    assert met(waiting, (100, 100, None, None)) == [*others, leaving]


def test_the_only_order_of_a_price_leaves() -> None:
    only = trigger()
    waiting = waiting_of(only, trigger(2, stop_px=101))
    waiting.remove(only)
    waiting.check()
    assert met(waiting, (100, 100, None, None)) == []
    assert met(waiting, (101, 101, None, None)) == [2]


def test_who_waits_for_an_auction_has_no_trigger() -> None:
    auctioned = order(order_id=1, ord_type=LIMIT, time_in_force=AT_THE_CLOSE)
    waiting = waiting_of(auctioned, trigger(2))
    assert met(waiting, (1, 10**6, 100, 100)) == [2]
    assert list(waiting.orders) == [1] and not auctioned.working
    waiting.remove(auctioned)
    waiting.check()
    assert not waiting.orders


def _works(waiting: Waiting) -> None:
    waiting.orders[1].working = True


def _ended(waiting: Waiting) -> None:
    waiting.orders[1].leaves_qty = 0


def _traded(waiting: Waiting) -> None:
    waiting.orders[1].cum_qty = 1


def _moved_trigger(waiting: Waiting) -> None:
    waiting.orders[1].qualifiers = Qualifiers(stop_px=101)


def _other_side(waiting: Waiting) -> None:
    waiting.orders[1].side = SELL


def _other_key(waiting: Waiting) -> None:
    waiting.orders[3] = waiting.orders.pop(1)


def _no_trigger(waiting: Waiting) -> None:
    for prices in waiting._triggers.values():
        prices.clear()


def _empty_price(waiting: Waiting) -> None:
    for prices in waiting._triggers.values():
        prices[105] = {}


def _trigger_of_one_who_left(waiting: Waiting) -> None:
    del waiting.orders[1], waiting._places[1]


def _no_place(waiting: Waiting) -> None:
    del waiting._places[1]


def _disordered(waiting: Waiting) -> None:
    waiting._places[1] = 99


@pytest.mark.parametrize(
    "damage",
    [
        _works,
        _ended,
        _traded,
        _moved_trigger,
        _other_side,
        _other_key,
        _no_trigger,
        _empty_price,
        _trigger_of_one_who_left,
        _no_place,
        _disordered,
    ],
)
def test_check_finds_damage(damage: Callable[[Waiting], None]) -> None:
    waiting = waiting_of(trigger(1), trigger(2))
    damage(waiting)
    with pytest.raises((AssertionError, KeyError)):
        waiting.check()
