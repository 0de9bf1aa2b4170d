"""What subscribers of one depth have been shown of price levels, and how to bring them up to date.

Deletions come first: who applies updates one by one never sees a crossed book, for what is left is
part of the book before and of the book after.
"""

from collections.abc import Iterable

from venue.core.events import LevelChanged
from venue.core.types import Side
from venue.marketdata.entries import BookUpdate, MDUpdateAction
from venue.marketdata.reader import BookReader

NEW, CHANGE, DELETE = MDUpdateAction.NEW, MDUpdateAction.CHANGE, MDUpdateAction.DELETE
Content = tuple[int, int]
"""Of a level: its lots, and in how many orders."""
GONE: Content = (0, 0)


class LevelView:
    """The first `depth` price levels of each side, all where it is None, as last shown.

    `is_behind` tells that something may have to be shown since.
    """

    def __init__(self, reader: BookReader, symbol: str, depth: int | None) -> None:
        self._reader = reader
        self._symbol = symbol
        self._depth = depth
        self._touched: dict[Side, dict[int, Content]] = {side: {} for side in Side}
        self._whole: set[Side] = set()
        self.shown = {side: self._read(side) for side in Side}
        self.is_behind = False

    def _read(self, side: Side) -> dict[int, Content]:
        """What there is to be shown now, from the best."""
        shown: dict[int, Content] = {}
        for price, qty, count in self._reader.levels(self._symbol, side):
            if len(shown) == self._depth:
                break
            shown[price] = qty, count
        return shown

    def touch(self, changes: Iterable[LevelChanged]) -> None:
        """Levels have changed. O(changes); those that lie below all that is shown do not matter."""
        for change in changes:
            side, price = change.side, change.price
            if self._depth is None:
                self._touched[side][price] = change.qty, change.count
            elif side not in self._whole:
                shown = self.shown[side]
                if len(shown) == self._depth and price not in shown:
                    worst = min(shown) if side is Side.BUY else max(shown)
                    if (price < worst) is (side is Side.BUY):
                        continue
                self._whole.add(side)
            self.is_behind = True

    def touch_all(self) -> None:
        """Anything may have changed."""
        self._whole.update(Side)
        self.is_behind = True

    def update(self) -> list[BookUpdate]:
        """Show the book as it is now: each level that is another than it was shown, once.

        O(changes) where all levels are shown; else, or after `touch_all`, O(levels shown).
        """
        deleted: list[BookUpdate] = []
        others: list[BookUpdate] = []
        for side, shown in self.shown.items():
            touched = self._touched[side]
            if side in self._whole:
                touched = dict.fromkeys(shown, GONE) | self._read(side)
            for price, after in sorted(touched.items(), reverse=side is Side.BUY):
                before = shown.get(price, GONE)
                if after == before:
                    continue
                if after == GONE:
                    del shown[price]
                    deleted.append(BookUpdate(DELETE, side, price, 0))
                    continue
                shown[price] = after
                action = NEW if before == GONE else CHANGE
                qty, count = after
                others.append(BookUpdate(action, side, price, qty, None, count))
            self._touched[side].clear()
        self._whole.clear()
        self.is_behind = False
        return deleted + others

    def entries(self) -> list[BookUpdate]:
        """Every level shown, bids and then offers, each from the best."""
        return [
            BookUpdate(NEW, side, price, qty, None, count)
            for side, levels in self.shown.items()
            for price, (qty, count) in sorted(levels.items(), reverse=side is Side.BUY)
        ]
