from decimal import Decimal

from venue.client.book import Books
from venue.client.events import MarketDataIncrement, MarketDataSnapshot, MDEntry

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


def subscribed(*entries: MDEntry) -> Books:
    books = Books()
    books.open("M", ["A"])
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
    books.open("TOP", ["A"])
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
