import pytest

from tests.unit.marketdata.books import BUY, SELL, Books
from venue.core.events import LevelChanged
from venue.core.types import Side
from venue.marketdata.entries import BookUpdate, MDUpdateAction
from venue.marketdata.level_view import LevelView

NEW, CHANGE, DELETE = MDUpdateAction.NEW, MDUpdateAction.CHANGE, MDUpdateAction.DELETE


@pytest.fixture
def books() -> Books:
    books = Books()
    for side, price, qty in ((BUY, 99, 5), (BUY, 98, 4), (SELL, 101, 3), (SELL, 102, 2)):
        books.set(side, price, qty)
    return books


def shown(view: LevelView, side: Side) -> list[tuple[int, int]]:
    return [(level.price, level.qty) for level in view.entries() if level.side is side]


def level(action: MDUpdateAction, side: Side, price: int, qty: int, count: int = 1) -> BookUpdate:
    return BookUpdate(action, side, price, qty, None, count)


def update(view: LevelView, *changes: LevelChanged) -> list[BookUpdate]:
    view.touch(changes)
    return view.update() if view.is_behind else []


def test_entries_go_from_the_best_bid_down_and_the_best_offer_up(books: Books) -> None:
    assert LevelView(books, "A", None).entries() == [
        level(NEW, BUY, 99, 5),
        level(NEW, BUY, 98, 4),
        level(NEW, SELL, 101, 3),
        level(NEW, SELL, 102, 2),
    ]


@pytest.mark.parametrize(("depth", "levels"), [(1, 1), (2, 2), (3, 2), (None, 2)])
def test_a_view_is_as_deep_as_asked(books: Books, depth: int | None, levels: int) -> None:
    view = LevelView(books, "A", depth)
    assert shown(view, BUY) == [(99, 5), (98, 4)][:levels]
    assert shown(view, SELL) == [(101, 3), (102, 2)][:levels]


def test_new_changed_and_gone(books: Books) -> None:
    view = LevelView(books, "A", None)
    changes = [books.set(BUY, 97, 1), books.set(BUY, 98, 6), books.set(SELL, 101, 0)]
    assert update(view, *changes) == [
        BookUpdate(DELETE, SELL, 101, 0),
        level(CHANGE, BUY, 98, 6),
        level(NEW, BUY, 97, 1),
    ]
    assert not view.is_behind


@pytest.mark.parametrize("depth", [None, 2])
def test_as_much_in_more_orders_is_a_change(books: Books, depth: int | None) -> None:
    view = LevelView(books, "A", depth)
    changes = [books.set(BUY, 99, 5, count=2), books.set(SELL, 101, 3)]
    assert update(view, *changes) == [level(CHANGE, BUY, 99, 5, 2)]
    assert level(NEW, BUY, 99, 5, 2) in view.entries()


@pytest.mark.parametrize("depth", [None, 2])
def test_what_came_and_went_in_between_is_not_told(books: Books, depth: int | None) -> None:
    view = LevelView(books, "A", depth)
    assert update(view, books.set(BUY, 100, 0), books.set(BUY, 99, 5)) == []
    view.touch([books.set(BUY, 99, 9)])
    assert update(view, books.set(BUY, 99, 5)) == []


def test_a_level_that_falls_out_of_view_is_deleted(books: Books) -> None:
    view = LevelView(books, "A", 2)
    assert update(view, books.set(BUY, 100, 7)) == [
        BookUpdate(DELETE, BUY, 98, 0),
        level(NEW, BUY, 100, 7),
    ]
    assert shown(view, BUY) == [(100, 7), (99, 5)]


def test_a_level_that_comes_into_view_is_new(books: Books) -> None:
    view = LevelView(books, "A", 1)
    assert update(view, books.set(SELL, 101, 0)) == [
        BookUpdate(DELETE, SELL, 101, 0),
        level(NEW, SELL, 102, 2),
    ]


def test_a_change_out_of_view_is_not_even_looked_at(books: Books) -> None:
    view = LevelView(books, "A", 1)
    books.reads = 0
    assert update(view, books.set(BUY, 98, 9), books.set(SELL, 103, 1)) == []
    assert not view.is_behind and books.reads == 0


def test_one_that_was_out_of_view_when_it_changed_may_come_into_it(books: Books) -> None:
    view = LevelView(books, "A", 1)
    view.touch([books.set(BUY, 98, 9)])
    view.touch([books.set(BUY, 99, 0)])
    assert view.update() == [BookUpdate(DELETE, BUY, 99, 0), level(NEW, BUY, 98, 9)]


def test_a_whole_book_costs_what_has_changed(books: Books) -> None:
    view = LevelView(books, "A", None)
    books.reads = 0
    update(view, books.set(BUY, 97, 1))
    assert books.reads == 0


@pytest.mark.parametrize("depth", [None, 1])
def test_touch_all_compares_whatever_was_not_told(books: Books, depth: int | None) -> None:
    view = LevelView(books, "A", depth)
    for price in (98, 99):
        books.set(BUY, price, 0)
    books.set(SELL, 101, 8)
    view.touch_all()
    assert view.is_behind
    gone = [BookUpdate(DELETE, BUY, price, 0) for price in ([99] if depth else [99, 98])]
    assert view.update() == [*gone, level(CHANGE, SELL, 101, 8)]
    assert view.update() == []


@pytest.mark.parametrize("depth", [None, 1, 2])
def test_deletions_come_first_so_that_no_book_crosses(books: Books, depth: int | None) -> None:
    """The market jumps up by three: who adds the new bid first would cross the old offers."""
    view = LevelView(books, "A", depth)
    moves = [(BUY, 99, 0), (BUY, 98, 0), (SELL, 101, 0), (SELL, 102, 0), (BUY, 103, 1)]
    changes = [books.set(*move) for move in moves] + [books.set(SELL, 104, 1)]
    actions = [each.action for each in update(view, *changes)]
    assert actions == sorted(actions, key=lambda action: action is not DELETE)
    assert actions.count(DELETE) == (2 if depth == 1 else 4) and actions.count(NEW) == 2
