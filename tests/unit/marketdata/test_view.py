import pytest

from tests.unit.marketdata.books import BUY, SELL, Books
from venue.core.types import Side
from venue.marketdata.view import BookView, LevelUpdate, MDUpdateAction

NEW, CHANGE, DELETE = MDUpdateAction.NEW, MDUpdateAction.CHANGE, MDUpdateAction.DELETE


@pytest.fixture
def books() -> Books:
    books = Books()
    for side, price, qty in ((BUY, 99, 5), (BUY, 98, 4), (SELL, 101, 3), (SELL, 102, 2)):
        books.set(side, price, qty)
    return books


def shown(view: BookView, side: Side) -> list[tuple[int, int]]:
    return [(level.price, level.qty) for level in view.snapshot() if level.side is side]


def test_a_snapshot_goes_from_the_best_bid_down_and_the_best_offer_up(books: Books) -> None:
    assert BookView(books, "A", None).snapshot() == [
        LevelUpdate(NEW, BUY, 99, 5),
        LevelUpdate(NEW, BUY, 98, 4),
        LevelUpdate(NEW, SELL, 101, 3),
        LevelUpdate(NEW, SELL, 102, 2),
    ]


@pytest.mark.parametrize(("depth", "levels"), [(1, 1), (2, 2), (3, 2), (None, 2)])
def test_a_snapshot_is_as_deep_as_asked(books: Books, depth: int | None, levels: int) -> None:
    view = BookView(books, "A", depth)
    assert shown(view, BUY) == [(99, 5), (98, 4)][:levels]
    assert shown(view, SELL) == [(101, 3), (102, 2)][:levels]


def test_new_changed_and_gone(books: Books) -> None:
    view = BookView(books, "A", None)
    changes = [books.set(BUY, 97, 1), books.set(BUY, 98, 6), books.set(SELL, 101, 0)]
    assert view.update(changes) == [
        LevelUpdate(DELETE, SELL, 101, 0),
        LevelUpdate(CHANGE, BUY, 98, 6),
        LevelUpdate(NEW, BUY, 97, 1),
    ]
    assert view.update([]) == []


@pytest.mark.parametrize("depth", [None, 2])
def test_what_came_and_went_in_between_is_not_told(books: Books, depth: int | None) -> None:
    view = BookView(books, "A", depth)
    assert view.update([books.set(BUY, 100, 0), books.set(BUY, 99, 5)]) == []


def test_a_level_that_falls_out_of_view_is_deleted(books: Books) -> None:
    view = BookView(books, "A", 2)
    assert view.update([books.set(BUY, 100, 7)]) == [
        LevelUpdate(DELETE, BUY, 98, 0),
        LevelUpdate(NEW, BUY, 100, 7),
    ]
    assert shown(view, BUY) == [(100, 7), (99, 5)]


def test_a_level_that_comes_into_view_is_new(books: Books) -> None:
    view = BookView(books, "A", 1)
    assert view.update([books.set(SELL, 101, 0)]) == [
        LevelUpdate(DELETE, SELL, 101, 0),
        LevelUpdate(NEW, SELL, 102, 2),
    ]


def test_a_change_out_of_view_is_not_told(books: Books) -> None:
    view = BookView(books, "A", 1)
    assert view.update([books.set(BUY, 98, 9), books.set(SELL, 103, 1)]) == []


@pytest.mark.parametrize("depth", [None, 1, 2])
def test_deletions_come_first_so_that_no_book_crosses(books: Books, depth: int | None) -> None:
    """The market jumps up by three: who adds the new bid first would cross the old offers."""
    view = BookView(books, "A", depth)
    moves = [(BUY, 99, 0), (BUY, 98, 0), (SELL, 101, 0), (SELL, 102, 0), (BUY, 103, 1)]
    changes = [books.set(*move) for move in moves] + [books.set(SELL, 104, 1)]
    actions = [update.action for update in view.update(changes)]
    assert actions == sorted(actions, key=lambda action: action is not DELETE)
    assert actions.count(DELETE) == (2 if depth == 1 else 4) and actions.count(NEW) == 2
