"""Books for market data tests: levels, orders and figures that a test sets, read as the venue's."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from venue.core.events import LevelChanged
from venue.core.types import Side

BUY, SELL = Side.BUY, Side.SELL


@dataclass
class Day:
    """An instrument's day."""

    open: int | None = None
    close: int | None = None
    high: int | None = None
    low: int | None = None
    vwap: Fraction | None = None
    volume: int = 0


@dataclass
class Outlook:
    """What a call would lead to."""

    price: int | None
    qty: int
    imbalance: int


class Books:
    """A `BookReader` whose levels and orders a test writes, apart from each other; `set` says what
    changed, as the venue would.
    """

    def __init__(self) -> None:
        self.levels_of: dict[tuple[str, Side], dict[int, tuple[int, int]]] = {}
        self.placed: dict[int, tuple[str, Side, int, int, int]] = {}
        self.last: dict[str, tuple[int, int]] = {}
        self.days: defaultdict[str, Day] = defaultdict(Day)
        self.outlooks: dict[str, Outlook] = {}
        self.delisted: set[str] = set()
        self.reads = 0
        """Levels and orders that were asked for."""
        self._places = count(1)

    def set(
        self, side: Side, price: int, qty: int, symbol: str = "A", count: int = 1
    ) -> LevelChanged:
        levels = self.levels_of.setdefault((symbol, side), {})
        levels.pop(price, None)
        if qty:
            levels[price] = qty, count
        return LevelChanged(symbol, side, price, qty, count if qty else 0)

    def put(self, order_id: int, side: Side, price: int, qty: int, symbol: str = "A") -> int:
        """Queue an order, anew if it is there already; return its id."""
        self.placed[order_id] = symbol, side, price, qty, next(self._places)
        return order_id

    def reduce(self, order_id: int, qty: int) -> int:
        """Show another quantity of an order in its place."""
        symbol, side, price, _, place = self.placed[order_id]
        self.placed[order_id] = symbol, side, price, qty, place
        return order_id

    def take(self, order_id: int) -> int:
        del self.placed[order_id]
        return order_id

    def listed(self, symbol: str) -> bool:
        return symbol not in self.delisted

    def levels(self, symbol: str, side: Side) -> Iterator[tuple[int, int, int]]:
        levels = self.levels_of.get((symbol, side), {})
        for price in sorted(levels, reverse=side is BUY):
            self.reads += 1
            yield price, *levels[price]

    def resting(self, symbol: str, side: Side) -> Iterator[tuple[int, int, int, int]]:
        sign = -1 if side is BUY else 1
        there = [(i, p) for i, p in self.placed.items() if p[:2] == (symbol, side)]
        for order_id, (_, _, price, qty, place) in sorted(
            there, key=lambda each: (sign * each[1][2], each[1][4])
        ):
            self.reads += 1
            yield order_id, price, qty, place

    def shown(self, order_id: int) -> tuple[int, int, int, int, Side] | None:
        self.reads += 1
        if order_id not in self.placed:
            return None
        _, side, price, qty, place = self.placed[order_id]
        return order_id, price, qty, place, side

    def last_trade(self, symbol: str) -> tuple[int, int] | None:
        return self.last.get(symbol)

    def statistics(self, symbol: str) -> Day:
        return self.days[symbol]

    def indicative(self, symbol: str) -> Outlook | None:
        return self.outlooks.get(symbol)
