"""What subscribers of one depth have been shown of a book, and how to bring them up to date."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from venue.core.events import LevelChanged
from venue.core.types import Side


class MDUpdateAction(StrEnum):
    """MDUpdateAction(279)."""

    NEW = "0"
    CHANGE = "1"
    DELETE = "2"


class LevelUpdate(Struct, frozen=True):
    """One price level as a subscriber should now have it, in ticks and lots."""

    action: MDUpdateAction
    side: Side
    price: int
    qty: int


class BookReader(Protocol):
    """What market data reads of the venue."""

    def levels(self, symbol: str, side: Side) -> Iterator[tuple[int, int, int]]:
        """Iterate the (price, qty, count) of a book side from the best."""

    def last_trade(self, symbol: str) -> tuple[int, int] | None:
        """Return the (price, qty) of the last trade."""


class BookView:
    """The first `depth` price levels of each side, all where it is None, as last shown.

    Shared by every subscriber of its symbol and depth.
    """

    def __init__(self, reader: BookReader, symbol: str, depth: int | None) -> None:
        self._reader = reader
        self._symbol = symbol
        self._depth = depth
        self.shown = {side: self._read(side) for side in Side}

    def _read(self, side: Side) -> dict[int, int]:
        shown: dict[int, int] = {}
        for price, qty, _ in self._reader.levels(self._symbol, side):
            if len(shown) == self._depth:
                break
            shown[price] = qty
        return shown

    def snapshot(self) -> list[LevelUpdate]:
        """Every level shown, bids and then offers, each from the best."""
        return [
            LevelUpdate(MDUpdateAction.NEW, side, price, qty)
            for side, levels in self.shown.items()
            for price, qty in sorted(levels.items(), reverse=side is Side.BUY)
        ]

    def update(self, changes: Iterable[LevelChanged]) -> list[LevelUpdate]:
        """Show the book as it is now, given every level of it touched since the last call.

        With a depth, a level that falls out of it is deleted and one that comes into it is new.
        Deletions come first: who applies the updates one by one never sees a crossed book.
        """
        updates = []
        for side, shown in self.shown.items():
            if self._depth is None:
                now = {change.price: change.qty for change in changes if change.side is side}
            else:
                now = dict.fromkeys(shown, 0) | self._read(side)
            for price, after in sorted(now.items(), reverse=side is Side.BUY):
                before = shown.get(price, 0)
                if after == before:
                    continue
                if after:
                    shown[price] = after
                    action = MDUpdateAction.CHANGE if before else MDUpdateAction.NEW
                else:
                    del shown[price]
                    action = MDUpdateAction.DELETE
                updates.append(LevelUpdate(action, side, price, after))
        return sorted(updates, key=lambda update: update.action is not MDUpdateAction.DELETE)
