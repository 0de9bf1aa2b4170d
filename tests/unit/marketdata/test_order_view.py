import pytest

from tests.unit.marketdata.books import BUY, SELL, Books
from venue.marketdata.entries import BookUpdate, MDUpdateAction
from venue.marketdata.order_view import OrderView

NEW, CHANGE, DELETE = MDUpdateAction.NEW, MDUpdateAction.CHANGE, MDUpdateAction.DELETE


@pytest.fixture
def books() -> Books:
    """Two bids of 99 and one of 98, two offers of 101."""
    books = Books()
    for order_id, side, price in ((3, BUY, 98), (1, BUY, 99), (2, BUY, 99)):
        books.put(order_id, side, price, 5)
    for order_id in (7, 6):
        books.put(order_id, SELL, 101, 4)
    return books


def ids(view: OrderView) -> list[int | None]:
    return [entry.order_id for entry in view.entries()]


def update(view: OrderView, *order_ids: int) -> list[BookUpdate]:
    view.touch(order_ids)
    return view.update() if view.is_behind else []


def test_entries_are_in_the_order_in_which_they_trade(books: Books) -> None:
    view = OrderView(books, "A", None)
    assert ids(view) == [1, 2, 3, 7, 6]
    assert view.entries()[2] == BookUpdate(NEW, BUY, 98, 5, 3)


@pytest.mark.parametrize(
    ("depth", "expected"), [(1, [1, 2, 7, 6]), (2, [1, 2, 3, 7, 6]), (3, [1, 2, 3, 7, 6])]
)
def test_a_depth_counts_prices(books: Books, depth: int, expected: list[int]) -> None:
    assert ids(OrderView(books, "A", depth)) == expected


@pytest.mark.parametrize("depth", [None, 2])
def test_new_changed_and_gone(books: Books, depth: int | None) -> None:
    view = OrderView(books, "A", depth)
    touched = books.put(9, SELL, 101, 1), books.reduce(1, 3), books.take(7)
    assert update(view, *touched) == [
        BookUpdate(DELETE, SELL, 101, 0, 7),
        BookUpdate(CHANGE, BUY, 99, 3, 1),
        BookUpdate(NEW, SELL, 101, 1, 9),
    ]
    assert ids(view) == [1, 2, 3, 6, 9]
    assert not view.is_behind


@pytest.mark.parametrize("depth", [None, 2])
def test_who_loses_the_place_is_deleted_and_new(books: Books, depth: int | None) -> None:
    """At the same price with the same quantity, so that nothing else would tell."""
    view = OrderView(books, "A", depth)
    assert update(view, books.put(1, BUY, 99, 5)) == [
        BookUpdate(DELETE, BUY, 99, 0, 1),
        BookUpdate(NEW, BUY, 99, 5, 1),
    ]
    assert ids(view) == [2, 1, 3, 7, 6]


def test_new_orders_come_as_they_queue(books: Books) -> None:
    view = OrderView(books, "A", None)
    touched = [books.put(order_id, BUY, 99, 1) for order_id in (30, 10, 20)]
    assert [each.order_id for each in update(view, *touched)] == [30, 10, 20]


def test_nothing_of_what_was_not_shown_and_is_not(books: Books) -> None:
    view = OrderView(books, "A", None)
    assert update(view, 44, 2) == []


def test_a_price_that_falls_out_of_view_takes_its_orders_along(books: Books) -> None:
    view = OrderView(books, "A", 1)
    assert update(view, books.put(9, BUY, 100, 1)) == [
        BookUpdate(DELETE, BUY, 99, 0, 1),
        BookUpdate(DELETE, BUY, 99, 0, 2),
        BookUpdate(NEW, BUY, 100, 1, 9),
    ]
    assert update(view, books.take(9)) == [
        BookUpdate(DELETE, BUY, 100, 0, 9),
        BookUpdate(NEW, BUY, 99, 5, 1),
        BookUpdate(NEW, BUY, 99, 5, 2),
    ]


def test_one_comes_to_the_worst_price_in_view(books: Books) -> None:
    view = OrderView(books, "A", 1)
    for order_id, side, price in ((9, BUY, 99), (10, SELL, 101)):
        updates = update(view, books.put(order_id, side, price, 1))
        assert updates == [BookUpdate(NEW, side, price, 1, order_id)]


def test_what_is_out_of_view_costs_one_look(books: Books) -> None:
    view = OrderView(books, "A", 1)
    books.reads = 0
    assert update(view, books.put(9, BUY, 97, 1)) == []
    assert books.reads == 1


def test_a_whole_book_costs_what_has_changed(books: Books) -> None:
    view = OrderView(books, "A", None)
    books.reads = 0
    update(view, books.reduce(1, 2), books.reduce(6, 2))
    assert books.reads == 2


@pytest.mark.parametrize("depth", [None, 1])
def test_touch_all_compares_whatever_was_not_told(books: Books, depth: int | None) -> None:
    view = OrderView(books, "A", depth)
    books.take(1)
    books.put(8, SELL, 101, 1)
    view.touch_all()
    assert view.update() == [
        BookUpdate(DELETE, BUY, 99, 0, 1),
        BookUpdate(NEW, SELL, 101, 1, 8),
    ]


def test_deletions_come_first(books: Books) -> None:
    view = OrderView(books, "A", None)
    touched = [books.take(order_id) for order_id in (6, 7)]
    updates = update(view, *touched, books.put(9, BUY, 101, 1))
    assert [each.action for each in updates] == [DELETE, DELETE, NEW]
