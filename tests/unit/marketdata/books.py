"""Books for market data tests: plain levels that a test sets, read as the venue's are."""

from collections.abc import Iterator

from venue.core.events import LevelChanged
from venue.core.types import Side

BUY, SELL = Side.BUY, Side.SELL


class Books:
    """A `BookReader` whose levels a test writes; `set` says what changed, as the venue would."""

    def __init__(self) -> None:
        self.levels_of: dict[tuple[str, Side], dict[int, int]] = {}
        self.last: dict[str, tuple[int, int]] = {}

    def set(self, side: Side, price: int, qty: int, symbol: str = "A") -> LevelChanged:
        levels = self.levels_of.setdefault((symbol, side), {})
        levels.pop(price, None)
        if qty:
            levels[price] = qty
        return LevelChanged(symbol, side, price, qty, bool(qty))

    def levels(self, symbol: str, side: Side) -> Iterator[tuple[int, int, int]]:
        levels = self.levels_of.get((symbol, side), {})
        for price in sorted(levels, reverse=side is BUY):
            yield price, levels[price], 1

    def last_trade(self, symbol: str) -> tuple[int, int] | None:
        return self.last.get(symbol)
