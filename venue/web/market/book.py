"""The book of one symbol as the venue has told it, and what views of it show. Pure.

A side is a sorted map from a key (the price, of bids below 0, so that the best comes first) to a
row (price, quantity, orders), price and quantity as text, as it is sent.
"""

from collections.abc import Iterable
from decimal import Decimal
from itertools import islice

from sortedcontainers import SortedDict

from venue.web.market.wire import BID, OFFER, LevelUpdate

Row = tuple[str, str, int]
Key = Decimal
Touched = tuple[set[Key], set[Key]]
"""Which levels may be others than before: of the bids and of the offers."""
BIDS, ASKS = 0, 1
_SIDE = {BID: BIDS, OFFER: ASKS}


class LiveBook:
    """Both sides, as of the last message. `time` is that message's."""

    def __init__(self) -> None:
        self.sides: tuple[SortedDict, SortedDict] = (SortedDict(), SortedDict())
        self.time = ""
        self._touched: Touched = (set(), set())

    def restart(self, levels: Iterable[LevelUpdate], time: str) -> None:
        """Begin anew from a snapshot's levels. What is gone counts as touched."""
        for side, touched in zip(self.sides, self._touched, strict=True):
            touched.update(side)
            side.clear()
        self.apply(levels, time)

    def apply(self, levels: Iterable[LevelUpdate], time: str) -> None:
        """Change levels: (269, price, quantity, orders), quantity "0" where it is gone."""
        self.time = time
        for entry_type, price, quantity, orders in levels:
            at = _SIDE[entry_type]
            key = Decimal(price) if at else -Decimal(price)
            if quantity == "0":
                self.sides[at].pop(key, None)
            else:
                self.sides[at][key] = price, quantity, orders
            self._touched[at].add(key)

    def take_touched(self) -> Touched:
        """What was touched since the last call."""
        touched, self._touched = self._touched, (set(), set())
        return touched

    def top(self, at: int, levels: int) -> list[Row]:
        """The best rows of a side, all of them where `levels` is 0."""
        return list(islice(self.sides[at].values(), levels or None))


class DepthView:
    """The best `levels` of each side, all where it is 0, as they were told last."""

    def __init__(self, book: LiveBook, levels: int) -> None:
        self.levels = levels
        self._book = book
        self._shown: tuple[dict[Key, Row], dict[Key, Row]] = self._read(BIDS), self._read(ASKS)

    def _read(self, at: int) -> dict[Key, Row]:
        return dict(islice(self._book.sides[at].items(), self.levels or None))

    def rows(self) -> tuple[list[Row], list[Row]]:
        """What was told last: bids and offers, best first."""
        bids, asks = (
            [shown[key] for key in sorted(shown)] if self.levels == 0 else list(shown.values())
            for shown in self._shown
        )
        return bids, asks

    def update(self, touched: Touched) -> tuple[list[Row], list[Row]] | None:
        """Show the book as it is now; return the rows that are others than before, quantity "0"
        where one is gone, or None where all is the same. O(touched) where all levels are shown, or
        where none came or went; else O(levels).
        """
        bids, asks = self._changes(BIDS, touched[BIDS]), self._changes(ASKS, touched[ASKS])
        return (bids, asks) if bids or asks else None

    def _changes(self, at: int, touched: set[Key]) -> list[Row]:
        shown, side = self._shown[at], self._book.sides[at]
        if not touched:
            return []
        changes: list[Row] = []
        if self.levels == 0:
            for key in touched:
                _change(shown, key, side.get(key), changes)
            return changes
        is_full = len(shown) == self.levels
        worst = next(reversed(shown)) if shown else None
        for key in touched:
            row = side.get(key)
            if key in shown and row is not None:
                _change(shown, key, row, changes)
            elif key in shown or (row and not (is_full and worst is not None and key > worst)):
                return changes + self._reread(at)
        return changes

    def _reread(self, at: int) -> list[Row]:
        """As `_changes`, where levels have come or gone."""
        before, now = self._shown[at], self._read(at)
        gone: list[Row] = [(row[0], "0", 0) for key, row in before.items() if key not in now]
        others = [row for key, row in now.items() if before.get(key) != row]
        before.clear()
        before.update(now)
        return gone + others


def _change(shown: dict[Key, Row], key: Key, row: Row | None, changes: list[Row]) -> None:
    before = shown.get(key)
    if row == before:
        return
    if row is None:
        assert before is not None
        del shown[key]
        changes.append((before[0], "0", 0))
    else:
        shown[key] = row
        changes.append(row)
