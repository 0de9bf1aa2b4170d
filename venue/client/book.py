"""A book rebuilt from snapshots and increments, as any subscriber would."""

from collections import deque
from collections.abc import Iterable
from decimal import Decimal

import msgspec

from venue.client.events import MarketDataIncrement, MarketDataSnapshot, MDEntry

Level = tuple[Decimal, Decimal]
BID, OFFER, TRADE = "0", "1", "2"
NEW, CHANGE, DELETE = "0", "1", "2"


class Trade(msgspec.Struct, frozen=True):
    """One print of the tape."""

    price: Decimal
    qty: Decimal
    time: str | None = None


class Book:
    """The price levels of one symbol and its tape.

    `faults` lists every entry that did not fit the book it was sent for; a correct feed has none.
    """

    def __init__(self, symbol: str, tape_length: int = 1000) -> None:
        self.symbol = symbol
        self.has_snapshot = False
        self.tape: deque[Trade] = deque(maxlen=tape_length)
        self.faults: list[str] = []
        self._sides: dict[str, dict[Decimal, Decimal]] = {BID: {}, OFFER: {}}

    @property
    def bids(self) -> list[Level]:
        """Return (price, quantity) from the highest bid down."""
        return sorted(self._sides[BID].items(), reverse=True)

    @property
    def offers(self) -> list[Level]:
        """Return (price, quantity) from the lowest offer up."""
        return sorted(self._sides[OFFER].items())

    def restart(self, entries: Iterable[MDEntry]) -> None:
        """Begin anew from a snapshot's entries."""
        for levels in self._sides.values():
            levels.clear()
        for entry in entries:
            if entry.md_entry_type == TRADE:
                if not self.has_snapshot:
                    self._print(entry)
            elif entry.md_entry_type in self._sides:
                self._change(entry, NEW)
        self.has_snapshot = True

    def change(self, entry: MDEntry) -> None:
        """Apply one entry of an increment."""
        if entry.md_entry_type == TRADE:
            self._print(entry)
        elif entry.md_entry_type in self._sides:
            self._change(entry, entry.md_update_action)

    def _print(self, entry: MDEntry) -> None:
        if entry.md_entry_px is not None and entry.md_entry_size is not None:
            self.tape.append(Trade(entry.md_entry_px, entry.md_entry_size, entry.md_entry_time))

    def _change(self, entry: MDEntry, action: str | None) -> None:
        levels = self._sides[entry.md_entry_type or ""]
        price, size = entry.md_entry_px, entry.md_entry_size
        if price is None or (size is None and action != DELETE):
            self.faults.append(f"an entry without price or size: {entry}")
            return
        if (price in levels) == (action == NEW):
            self.faults.append(
                f"the level {price} is {'' if price in levels else 'not '}in {entry}"
            )
        if action == DELETE:
            levels.pop(price, None)
        elif size is not None:
            levels[price] = size


class Books:
    """The books of a session, by subscription and symbol."""

    def __init__(self) -> None:
        self._books: dict[tuple[str | None, str], Book] = {}

    def open(self, md_req_id: str, symbols: Iterable[str]) -> None:
        """Expect market data for these symbols."""
        for symbol in symbols:
            self._books[md_req_id, symbol] = Book(symbol)

    def close(self, md_req_id: str) -> None:
        """Forget a subscription; what still arrives for it is ignored."""
        for key in [key for key in self._books if key[0] == md_req_id]:
            del self._books[key]

    def clear(self) -> None:
        """Forget every subscription."""
        self._books.clear()

    def find(self, symbol: str, md_req_id: str | None = None) -> Book | None:
        """Return the book of a symbol: of one subscription, or of the latest."""
        if md_req_id is not None:
            return self._books.get((md_req_id, symbol))
        matches = [book for (_, of), book in self._books.items() if of == symbol]
        return matches[-1] if matches else None

    def apply(self, event: MarketDataSnapshot | MarketDataIncrement) -> None:
        """Bring the books of the event's subscription up to date."""
        if isinstance(event, MarketDataSnapshot):
            book = self._books.get((event.md_req_id, event.symbol))
            if book is not None:
                book.restart(event.entries)
            return
        for entry in event.entries:
            book = self._books.get((event.md_req_id, entry.symbol))
            if book is not None:
                book.change(entry)
