"""A book rebuilt from snapshots and increments, as any subscriber would."""

from collections import deque
from collections.abc import Iterable
from decimal import Decimal

import msgspec

from venue.client.events import MarketDataIncrement, MarketDataSnapshot, MDEntry
from venue.client.requests import Subscription

Level = tuple[Decimal, Decimal]
Figure = tuple[Decimal | None, Decimal | None]
BID, OFFER, TRADE = "0", "1", "2"
NEW, CHANGE, DELETE = "0", "1", "2"


class Trade(msgspec.Struct, frozen=True):
    """One print of the tape; `aggressor_side` is a Side(54), where it is known."""

    price: Decimal
    qty: Decimal
    time: str | None = None
    trade_id: str | None = None
    aggressor_side: str | None = None
    trade_condition: str | None = None


class Book:
    """The price levels of one symbol, or its orders, its tape and its figures.

    `figures` are the (price, quantity) of other MDEntryTypes(269), each None where it has none;
    `rpt_seq` is the number of the last entry, None where they have none. `faults` lists every entry
    that did not fit the book it was sent for, and every gap; a correct feed has none.
    """

    def __init__(
        self,
        symbol: str,
        tape_length: int = 1000,
        aggregated: bool = True,
        full_refresh: bool = False,
    ) -> None:
        self.symbol = symbol
        self.has_snapshot = False
        self.tape: deque[Trade] = deque(maxlen=tape_length)
        self.figures: dict[str, Figure] = {}
        self.rpt_seq: int | None = None
        self.faults: list[str] = []
        self._aggregated = aggregated
        self._full_refresh = full_refresh
        self._sides: dict[str, dict[Decimal | str, Level]] = {BID: {}, OFFER: {}}

    @property
    def bids(self) -> list[Level]:
        """Return (price, quantity) from the highest bid down."""
        return sorted(self._levels(BID), reverse=True)

    @property
    def offers(self) -> list[Level]:
        """Return (price, quantity) from the lowest offer up."""
        return sorted(self._levels(OFFER))

    def orders(self, md_entry_type: str) -> list[tuple[str, Decimal, Decimal]]:
        """Return (OrderID, price, quantity) of the bids (0) or offers (1), what trades first first;
        none if the book is aggregated.
        """
        if self._aggregated:
            return []
        sign = -1 if md_entry_type == BID else 1
        orders = [(str(name), *level) for name, level in self._sides[md_entry_type].items()]
        return sorted(orders, key=lambda order: sign * order[1])

    def restart(self, entries: Iterable[MDEntry], rpt_seq: int | None = None) -> None:
        """Begin anew from a snapshot's entries."""
        is_update = self._full_refresh and self.has_snapshot
        if is_update:
            self._count(rpt_seq)
        for levels in self._sides.values():
            levels.clear()
        self.figures.clear()
        for entry in entries:
            if entry.md_entry_type == TRADE:
                if is_update or not self.has_snapshot:
                    self._print(entry)
            else:
                self._change(entry, NEW)
        self.rpt_seq = rpt_seq
        self.has_snapshot = True

    def apply(self, increment: MarketDataIncrement) -> None:
        """Apply the entries of an increment that are about the symbol."""
        for entry in increment.entries:
            if entry.symbol == self.symbol:
                self.change(entry)

    def change(self, entry: MDEntry) -> None:
        """Apply one entry of an increment."""
        if entry.rpt_seq is not None:
            self._count(entry.rpt_seq)
        if entry.md_entry_type != TRADE:
            self._change(entry, entry.md_update_action)
        elif entry.md_update_action == NEW:
            self._print(entry)
        else:
            self._reprint(entry)

    def _levels(self, md_entry_type: str) -> Iterable[Level]:
        levels = self._sides[md_entry_type].values()
        if self._aggregated:
            return levels
        totals: dict[Decimal, Decimal] = {}
        for price, size in levels:
            totals[price] = totals.get(price, Decimal()) + size
        return totals.items()

    def _count(self, rpt_seq: int | None) -> None:
        if rpt_seq is not None and self.rpt_seq is not None and rpt_seq != self.rpt_seq + 1:
            self.faults.append(f"entry {rpt_seq} follows entry {self.rpt_seq}")
        self.rpt_seq = rpt_seq

    def _reprint(self, entry: MDEntry) -> None:
        """A trade is busted, or was of another price or quantity."""
        trade_id = _trade_id(entry)
        tape = list(self.tape)
        self.tape.clear()
        for trade in tape:
            if trade.trade_id != trade_id:
                self.tape.append(trade)
            elif entry.md_entry_px is not None and entry.md_entry_size is not None:
                price, qty = entry.md_entry_px, entry.md_entry_size
                self.tape.append(msgspec.structs.replace(trade, price=price, qty=qty))

    def _print(self, entry: MDEntry) -> None:
        if entry.md_entry_px is not None and entry.md_entry_size is not None:
            trade = Trade(
                entry.md_entry_px,
                entry.md_entry_size,
                entry.md_entry_time,
                _trade_id(entry),
                entry.aggressor_side,
                entry.trade_condition,
            )
            self.tape.append(trade)

    def _change(self, entry: MDEntry, action: str | None) -> None:
        if entry.md_entry_type in self._sides:
            self._change_level(entry, action)
            return
        name = entry.md_entry_type or ""
        self._check(entry, name in self.figures, action)
        if action == DELETE:
            self.figures.pop(name, None)
        else:
            self.figures[name] = entry.md_entry_px, entry.md_entry_size

    def _change_level(self, entry: MDEntry, action: str | None) -> None:
        levels = self._sides[entry.md_entry_type or ""]
        price, size = entry.md_entry_px, entry.md_entry_size
        name = price if self._aggregated else entry.order_id
        if price is None or name is None or (size is None and action != DELETE):
            self.faults.append(f"an entry without price, size or OrderID: {entry}")
            return
        self._check(entry, name in levels, action)
        if action == DELETE:
            levels.pop(name, None)
        elif size is not None:
            levels[name] = price, size

    def _check(self, entry: MDEntry, there: bool, action: str | None) -> None:
        if there == (action == NEW):
            self.faults.append(f"what it is about is {'' if there else 'not '}there: {entry}")


class Books:
    """The books of a session, by subscription and symbol."""

    def __init__(self) -> None:
        self._books: dict[tuple[str | None, str], Book] = {}

    def open(self, md_req_id: str, wanted: Subscription) -> None:
        """Expect market data for the subscription's symbols."""
        how = {"aggregated": wanted.aggregated, "full_refresh": wanted.full_refresh}
        for symbol in wanted.symbols:
            self._books[md_req_id, symbol] = Book(symbol, **how)

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
                book.restart(event.entries, event.rpt_seq)
            return
        for symbol in dict.fromkeys(entry.symbol for entry in event.entries):
            book = self._books.get((event.md_req_id, symbol))
            if book is not None:
                book.apply(event)


def _trade_id(entry: MDEntry) -> str | None:
    return entry.md_entry_id and entry.md_entry_id.removeprefix("T")
