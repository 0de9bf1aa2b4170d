from decimal import Decimal
from typing import Any

import msgspec

from venue.client.book import Book, Books
from venue.client.events import MarketDataIncrement, MarketDataSnapshot, MDEntry
from venue.client.requests import Subscription

BID, OFFER, TRADE = "0", "1", "2"
NEW, CHANGE, DELETE = "0", "1", "2"


def entry(
    kind: str, price: str, size: int | None, action: str | None = None, symbol: str = "A"
) -> MDEntry:
    return MDEntry(
        md_entry_type=kind,
        md_update_action=action,
        symbol=symbol,
        md_entry_px=Decimal(price),
        md_entry_size=None if size is None else Decimal(size),
    )


def snapshot(*entries: MDEntry, md_req_id: str = "M") -> MarketDataSnapshot:
    return MarketDataSnapshot(md_req_id=md_req_id, symbol="A", entries=entries)


def increment(*entries: MDEntry, md_req_id: str = "M") -> MarketDataIncrement:
    return MarketDataIncrement(md_req_id=md_req_id, entries=entries)


def subscribed(*entries: MDEntry, **how: Any) -> Books:
    books = Books()
    books.open("M", Subscription(symbols=("A",), **how))
    books.apply(snapshot(*entries))
    return books


def levels(books: Books, symbol: str = "A") -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    book = books.find(symbol)
    assert book is not None
    return (
        [(str(price), int(size)) for price, size in book.bids],
        [(str(price), int(size)) for price, size in book.offers],
    )


def test_a_snapshot_is_sorted_from_the_touch() -> None:
    books = subscribed(
        entry(BID, "9", 1), entry(BID, "10", 2), entry(OFFER, "12", 3), entry(OFFER, "11", 4)
    )
    assert levels(books) == ([("10", 2), ("9", 1)], [("11", 4), ("12", 3)])


def test_increments_add_change_and_delete_levels() -> None:
    books = subscribed(entry(BID, "10", 2), entry(OFFER, "11", 4))
    books.apply(
        increment(
            entry(BID, "9", 5, NEW), entry(BID, "10", 7, CHANGE), entry(OFFER, "11", None, DELETE)
        )
    )
    assert levels(books) == ([("10", 7), ("9", 5)], [])
    book = books.find("A")
    assert book is not None
    assert book.faults == []


def test_a_second_snapshot_starts_anew_but_keeps_the_tape() -> None:
    books = subscribed(entry(BID, "10", 2), entry(TRADE, "10", 1))
    books.apply(snapshot(entry(OFFER, "11", 4), entry(TRADE, "10", 1)))
    assert levels(books) == ([], [("11", 4)])
    book = books.find("A")
    assert book is not None
    assert len(book.tape) == 1


def test_trades_go_to_the_tape_and_not_to_the_book() -> None:
    books = subscribed(entry(BID, "10", 2))
    books.apply(increment(entry(TRADE, "10", 1, NEW), entry(TRADE, "9", 3, NEW)))
    book = books.find("A")
    assert book is not None
    assert [(trade.price, trade.qty) for trade in book.tape] == [
        (Decimal(10), Decimal(1)),
        (Decimal(9), Decimal(3)),
    ]
    assert levels(books) == ([("10", 2)], [])


def test_a_trade_that_is_changed_or_busted() -> None:
    books = subscribed()
    first, second, third = (
        msgspec.structs.replace(entry(TRADE, price, 3, NEW), md_entry_id=f"T{price}")
        for price in ("7", "8", "9")
    )
    books.apply(increment(first, second, third))
    changed = msgspec.structs.replace(
        first, md_update_action=CHANGE, md_entry_px=Decimal(6), md_entry_size=Decimal(2)
    )
    busted = msgspec.structs.replace(
        second, md_update_action=DELETE, md_entry_px=None, md_entry_size=None
    )
    books.apply(increment(changed, busted))
    book = books.find("A")
    assert book is not None and book.faults == []
    assert [(trade.trade_id, trade.price, trade.qty) for trade in book.tape] == [
        ("7", Decimal(6), Decimal(2)),
        ("9", Decimal(9), Decimal(3)),
    ]


def test_what_does_not_fit_the_book_is_a_fault() -> None:
    books = subscribed(entry(BID, "10", 2))
    books.apply(increment(entry(BID, "10", 3, NEW)))
    books.apply(increment(entry(BID, "8", 3, CHANGE)))
    books.apply(increment(entry(OFFER, "12", None, DELETE)))
    books.apply(increment(entry(OFFER, "12", None, NEW)))
    book = books.find("A")
    assert book is not None
    assert len(book.faults) == 4


def test_subscriptions_do_not_mix() -> None:
    books = subscribed(entry(BID, "10", 2))
    books.open("TOP", Subscription(symbols=("A",)))
    books.apply(snapshot(entry(BID, "7", 1), md_req_id="TOP"))
    books.apply(increment(entry(BID, "9", 5, NEW), md_req_id="M"))
    top, full = books.find("A"), books.find("A", "M")
    assert top is not None
    assert full is not None
    assert [price for price, _ in top.bids] == [7]
    assert [price for price, _ in full.bids] == [10, 9]


def test_a_closed_subscription_is_forgotten_and_ignored() -> None:
    books = subscribed(entry(BID, "10", 2))
    books.close("M")
    books.apply(increment(entry(BID, "9", 5, NEW)))
    books.apply(snapshot(entry(BID, "9", 5)))
    assert books.find("A") is None


def the_book(books: Books) -> Book:
    book = books.find("A")
    assert book is not None
    return book


def order(
    order_id: str, price: str, size: int | None, action: str | None = None, kind: str = BID
) -> MDEntry:
    return msgspec.structs.replace(entry(kind, price, size, action), order_id=order_id)


def test_orders_queue_as_they_come() -> None:
    """One that was deleted and is new has lost its place; one that changed has not."""
    bids = order("1", "10", 5), order("2", "10", 5), order("3", "11", 5)
    books = subscribed(*bids, aggregated=False)
    book = the_book(books)
    assert [name for name, _, _ in book.orders(BID)] == ["3", "1", "2"]
    assert book.bids == [(Decimal(11), Decimal(5)), (Decimal(10), Decimal(10))]
    books.apply(increment(order("1", "10", None, DELETE), order("1", "10", 5, NEW)))
    books.apply(increment(order("2", "10", 4, CHANGE)))
    assert book.orders(BID) == [
        ("3", Decimal(11), Decimal(5)),
        ("2", Decimal(10), Decimal(4)),
        ("1", Decimal(10), Decimal(5)),
    ]
    assert book.faults == [] and book.orders(OFFER) == []


def test_an_order_without_a_name_is_a_fault() -> None:
    book = the_book(subscribed(entry(BID, "10", 5), aggregated=False))
    assert len(book.faults) == 1 and book.bids == []


def test_figures_come_change_and_go() -> None:
    books = subscribed(entry("4", "10", None))
    book = the_book(books)
    assert book.figures == {"4": (Decimal(10), None)}
    books.apply(increment(entry("7", "12", None, NEW), entry("4", "11", None, CHANGE)))
    assert book.figures == {"4": (Decimal(11), None), "7": (Decimal(12), None)}
    gone = MDEntry(md_entry_type="4", md_update_action=DELETE, symbol="A")
    books.apply(increment(gone))
    assert book.figures == {"7": (Decimal(12), None)} and book.faults == []
    books.apply(increment(gone))
    assert len(book.faults) == 1


def numbered(number: int) -> MDEntry:
    return msgspec.structs.replace(entry(TRADE, "10", 1, NEW), rpt_seq=number)


def test_a_gap_is_a_fault() -> None:
    books = Books()
    books.open("M", Subscription(symbols=("A",)))
    books.apply(msgspec.structs.replace(snapshot(), rpt_seq=7))
    books.apply(increment(numbered(8), numbered(9)))
    book = the_book(books)
    assert (book.rpt_seq, book.faults) == (9, [])
    books.apply(increment(numbered(11)))
    assert book.faults == ["entry 11 follows entry 9"]


def test_with_full_refresh_every_snapshot_has_the_next_number_and_new_trades() -> None:
    books = Books()
    books.open("M", Subscription(symbols=("A",), full_refresh=True))
    for number in (3, 4, 6):
        books.apply(msgspec.structs.replace(snapshot(entry(TRADE, "10", 1)), rpt_seq=number))
    book = the_book(books)
    assert len(book.tape) == 3 and book.faults == ["entry 6 follows entry 4"]
