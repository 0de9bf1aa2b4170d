from fractions import Fraction

from tests.unit.marketdata.books import Books, Day, Outlook
from venue.marketdata.entries import FigureUpdate, MDUpdateAction
from venue.marketdata.figures import FigureView
from venue.marketdata.requests import MDEntryType

NEW, CHANGE, DELETE = MDUpdateAction.NEW, MDUpdateAction.CHANGE, MDUpdateAction.DELETE
OPEN, CLOSE, HIGH = MDEntryType.OPENING_PRICE, MDEntryType.CLOSING_PRICE, MDEntryType.HIGH_PRICE
LOW, VWAP, VOLUME = MDEntryType.LOW_PRICE, MDEntryType.VWAP, MDEntryType.TRADE_VOLUME
PRICE, IMBALANCE = MDEntryType.AUCTION_CLEARING_PRICE, MDEntryType.IMBALANCE


def test_a_day_without_trades_has_no_figures() -> None:
    assert FigureView(Books(), "A").entries() == []


def test_every_figure_of_a_day() -> None:
    books = Books()
    books.days["A"] = Day(100, 99, 105, 98, Fraction(203, 2), 7)
    figures = [
        (entry.entry_type, entry.price, entry.qty) for entry in FigureView(books, "A").entries()
    ]
    assert figures == [
        (OPEN, 100, None),
        (CLOSE, 99, None),
        (HIGH, 105, None),
        (LOW, 98, None),
        (VWAP, Fraction(203, 2), None),
        (VOLUME, None, 7),
    ]


def test_only_what_has_changed_is_told() -> None:
    books = Books()
    view = FigureView(books, "A")
    books.days["A"] = Day(100, None, 100, 100, Fraction(100), 1)
    view.touch_statistics()
    assert [(each.action, each.entry_type) for each in view.update()] == [
        (NEW, kind) for kind in (OPEN, HIGH, LOW, VWAP, VOLUME)
    ]
    books.days["A"] = Day(100, None, 102, 100, Fraction(101), 2)
    view.touch_statistics()
    assert view.update() == [
        FigureUpdate(CHANGE, HIGH, 102, None),
        FigureUpdate(CHANGE, VWAP, Fraction(101), None),
        FigureUpdate(CHANGE, VOLUME, None, 2),
    ]
    assert not view.is_behind


def test_a_new_day_takes_its_figures_away() -> None:
    books = Books()
    books.days["A"] = Day(100, None, 100, 100, Fraction(100), 1)
    view = FigureView(books, "A")
    books.days["A"] = Day(close=100)
    view.touch_statistics()
    updates = {each.entry_type: each.action for each in view.update()}
    assert updates == {CLOSE: NEW} | dict.fromkeys((OPEN, HIGH, LOW, VWAP, VOLUME), DELETE)


def test_a_call_from_its_beginning_to_its_end() -> None:
    books = Books()
    view = FigureView(books, "A")
    books.outlooks["A"] = Outlook(None, 0, 0)
    view.touch_auction()
    assert view.update() == []
    books.outlooks["A"] = Outlook(100, 5, -2)
    view.touch_auction()
    assert view.update() == [
        FigureUpdate(NEW, IMBALANCE, 100, -2),
        FigureUpdate(NEW, PRICE, 100, 5),
    ]
    books.outlooks["A"] = Outlook(100, 7, -2)
    view.touch_auction()
    assert view.update() == [FigureUpdate(CHANGE, PRICE, 100, 7)]
    books.outlooks["A"] = Outlook(None, 0, 4)
    view.touch_auction()
    assert view.update() == [
        FigureUpdate(CHANGE, IMBALANCE, None, 4),
        FigureUpdate(DELETE, PRICE, None, None),
    ]
    del books.outlooks["A"]
    view.touch_auction()
    assert view.update() == [FigureUpdate(DELETE, IMBALANCE, None, None)]
