from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.core.desk import BUY, DAY, SELL
from venue.core.book import Book, Level
from venue.core.order import Order
from venue.core.types import OrdStatus, OrdType, Side

Levels = list[tuple[int, int, int]]


def order(
    side: Side = BUY, price: int = 100, qty: int = 5, order_id: int = 1, **terms: Any
) -> Order:
    who = {"session": "TRADER1", "firm": "NORTH", "cl_ord_id": f"id{order_id}", "symbol": "AAPL"}
    what = {"side": side, "ord_type": OrdType.LIMIT, "time_in_force": DAY, "price": price}
    return Order(
        **{"order_id": order_id, **who, **what, "order_qty": qty, "leaves_qty": qty} | terms
    )


def book_of(*orders: Order) -> Book:
    book = Book("AAPL", set())
    for each in orders:
        book.side(each.side).add(each)
    book.check()
    return book


def levels(book: Book, side: Side) -> Levels:
    return [(level.price, level.qty, level.count) for level in book.side(side)]


def test_sides() -> None:
    book = Book("AAPL", set())
    assert book.side(BUY) is book.bids is book.opposite(SELL)
    assert book.side(SELL) is book.offers is book.opposite(BUY)
    assert book.bids.best is None and book.offers.best is None
    book.check()


def test_levels_from_the_best() -> None:
    book = book_of(
        *(order(BUY, price) for price in (97, 98, 99)),
        *(order(SELL, price) for price in (103, 102, 101, 101)),
    )
    assert levels(book, BUY) == [(99, 5, 1), (98, 5, 1), (97, 5, 1)]
    assert levels(book, SELL) == [(101, 10, 2), (102, 5, 1), (103, 5, 1)]


def test_a_level_keeps_the_order_of_arrival() -> None:
    orders = [order(order_id=order_id) for order_id in range(4)]
    book = book_of(*orders)
    assert book.bids.best is not None and list(book.bids.best) == orders


@pytest.mark.parametrize("leaving", [0, 1, 2, 3])
def test_any_order_of_a_queue_leaves(leaving: int) -> None:
    orders = [order(order_id=order_id) for order_id in range(4)]
    book = book_of(*orders)
    gone = orders.pop(leaving)
    book.bids.remove(gone, gone.leaves_qty)
    book.check()
    assert book.bids.best is not None and list(book.bids.best) == orders
    assert (gone.level, gone.prev, gone.next) == (None, None, None)


def test_an_order_that_left_may_come_back() -> None:
    first, second = order(order_id=1), order(order_id=2)
    book = book_of(first, second)
    book.bids.remove(first, 5)
    book.bids.add(first)
    book.check()
    assert book.bids.best is not None and list(book.bids.best) == [second, first]


@pytest.mark.parametrize(("side", "prices"), [(BUY, [101, 100, 99]), (SELL, [99, 100, 101])])
def test_the_next_level_is_best_when_the_best_is_gone(side: Side, prices: list[int]) -> None:
    orders = [order(side, price) for price in prices]
    book = book_of(*orders)
    for each in orders:
        best = book.side(side).best
        assert best is not None and best.price == each.price
        book.side(side).remove(each, 5)
        book.check()
    assert book.side(side).best is None


def test_reduce_keeps_the_place() -> None:
    first, second = order(order_id=1), order(order_id=2)
    book = book_of(first, second)
    first.fill(2, 100)
    book.bids.reduce(first, 2)
    book.check()
    assert levels(book, BUY) == [(100, 8, 2)]
    assert book.bids.best is not None and book.bids.best.head is first


@pytest.mark.parametrize(
    ("wanted", "limit", "available"),
    [
        (3, None, 5),
        (5, None, 5),
        (5, 101, 5),
        (6, 101, 5),
        (6, 102, 10),
        (99, 102, 10),
        (99, None, 15),
        (1, 100, 0),
    ],
)
def test_available_to_a_buyer(wanted: int, limit: int | None, available: int) -> None:
    book = book_of(*(order(SELL, price) for price in (101, 102, 103)))
    assert book.offers.available(wanted, limit) == available


@pytest.mark.parametrize(("limit", "available"), [(99, 5), (98, 10), (100, 0), (None, 15)])
def test_available_to_a_seller(limit: int | None, available: int) -> None:
    book = book_of(*(order(BUY, price) for price in (99, 98, 97)))
    assert book.bids.available(99, limit) == available


@pytest.mark.parametrize(
    ("side", "limit", "meets"),
    [
        (SELL, 101, True),
        (SELL, 102, True),
        (SELL, 100, False),
        (SELL, None, True),
        (BUY, 99, True),
        (BUY, 98, True),
        (BUY, 100, False),
        (BUY, None, True),
    ],
)
def test_meets(side: Side, limit: int | None, meets: bool) -> None:
    """Whether an order of the other side with that limit would trade here."""
    book = book_of(order(BUY, 99), order(SELL, 101))
    assert book.side(side).meets(limit) is meets


@pytest.mark.parametrize("limit", [None, 1, 10**9])
def test_an_empty_side_meets_nothing(limit: int | None) -> None:
    assert not Book("AAPL", set()).bids.meets(limit) and not Book("AAPL", set()).offers.meets(limit)


def test_touched_are_the_levels_that_changed() -> None:
    first, second = order(BUY, 99), order(SELL, 101)
    book = book_of(first, second)
    assert {(level.side, level.price) for level in book.touched} == {(BUY, 99), (SELL, 101)}
    book.touched.clear()
    book.offers.reduce(second, 0)
    assert {level.price for level in book.touched} == {101}
    book.touched.clear()
    book.bids.remove(first, 5)
    assert {level.price for level in book.touched} == {99}


def test_a_level_counts_what_it_shows_and_what_it_hides() -> None:
    iceberg, plain = order(qty=9, hidden_qty=6), order(qty=5)
    book = book_of(iceberg, plain)
    (level,) = book.bids
    assert (level.qty, level.hidden_qty, level.count) == (8, 6, 2)
    book.bids.remove(iceberg, 3)
    book.check()
    assert (level.qty, level.hidden_qty, level.count) == (5, 0, 1)
    assert iceberg.hidden_qty == 0


def test_reduce_what_is_hidden() -> None:
    iceberg = order(qty=9, hidden_qty=6)
    book = book_of(iceberg)
    iceberg.reduce(7)
    book.bids.reduce(iceberg, 1, 6)
    book.check()
    assert levels(book, BUY) == [(100, 2, 1)]


@pytest.mark.parametrize(("number", "place"), [(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2)])
def test_a_refreshed_order_queues_at_the_back(number: int, place: int) -> None:
    """Whatever its place was; the first in line is the one that trades."""
    orders = [order(qty=9, hidden_qty=6, order_id=order_id) for order_id in range(number)]
    book = book_of(*orders)
    refreshed = orders.pop(place)
    refreshed.fill(3, 100)
    book.touched.clear()
    book.bids.refresh(refreshed, 3, 2)
    book.check()
    (level,) = book.bids
    assert list(level) == [*orders, refreshed] and book.touched == {level}
    assert (refreshed.shown_qty, refreshed.hidden_qty) == (2, 4)
    assert (level.qty, level.hidden_qty) == (3 * number - 1, 6 * number - 2)


def test_what_is_hidden_is_available() -> None:
    book = book_of(order(SELL, 101, 9, hidden_qty=6), order(SELL, 102, 5))
    assert book.offers.available(99, 101) == 9
    assert book.offers.available(9, 102) == 9
    assert book.offers.available(10, 102) == 14


def _best_forgotten(book: Book) -> None:
    book.bids.best = None


def _worse_best(book: Book) -> None:
    book.bids.best = book.bids.levels[98]


def _empty_level(book: Book) -> None:
    book.bids.levels[90] = Level("AAPL", BUY, 90)


def _wrong_level_qty(book: Book) -> None:
    book.bids.levels[99].qty += 1


def _wrong_level_count(book: Book) -> None:
    book.bids.levels[99].count -= 1


def _lost_tail(book: Book) -> None:
    book.bids.levels[99].tail = book.bids.levels[99].head


def _broken_link_back(book: Book) -> None:
    book.bids.levels[99].tail.prev = None


def _order_of_another_level(book: Book) -> None:
    book.bids.levels[99].head.level = book.bids.levels[98]


def _order_at_another_price(book: Book) -> None:
    book.bids.levels[99].head.price = 98


def _order_of_the_other_side(book: Book) -> None:
    book.bids.levels[98].head.side = SELL


def _canceled_order_rests(book: Book) -> None:
    head = book.bids.levels[98].head
    book.bids.levels[98].qty -= head.leaves_qty
    head.end(OrdStatus.CANCELED)


def _wrong_leaves(book: Book) -> None:
    book.bids.levels[98].head.leaves_qty += 1
    book.bids.levels[98].qty += 1


def _wrong_hidden_qty(book: Book) -> None:
    book.bids.levels[98].hidden_qty += 1


def _hides_more_than_it_has(book: Book) -> None:
    level = book.bids.levels[98]
    level.head.hidden_qty += level.qty
    level.hidden_qty += level.qty
    level.qty = 0


def _waiting_order_rests(book: Book) -> None:
    book.bids.levels[98].head.working = False


def _crossed(book: Book) -> None:
    book.offers.add(order(SELL, 99))


def _locked_order_at_a_foreign_key(book: Book) -> None:
    book.bids.levels[95] = book.bids.levels.pop(98)


@pytest.mark.parametrize(
    "damage",
    [
        _best_forgotten,
        _worse_best,
        _empty_level,
        _wrong_level_qty,
        _wrong_level_count,
        _lost_tail,
        _broken_link_back,
        _order_of_another_level,
        _order_at_another_price,
        _order_of_the_other_side,
        _canceled_order_rests,
        _wrong_leaves,
        _wrong_hidden_qty,
        _hides_more_than_it_has,
        _waiting_order_rests,
        _crossed,
        _locked_order_at_a_foreign_key,
    ],
)
def test_check_finds_damage(damage: Callable[[Book], None]) -> None:
    book = book_of(order(BUY, 99), order(BUY, 99, order_id=2), order(BUY, 98), order(SELL, 101))
    damage(book)
    with pytest.raises(AssertionError):
        book.check()
