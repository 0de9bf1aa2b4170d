"""What subscribers have been shown of an instrument's day and of the auction its call leads to."""

from collections.abc import Iterator
from fractions import Fraction

from venue.marketdata.entries import FigureUpdate, MDUpdateAction
from venue.marketdata.reader import BookReader
from venue.marketdata.requests import AUCTION, STATISTICS, MDEntryType

Figure = tuple[int | Fraction | None, int | None]
"""Price and quantity, either of which may have no meaning."""
Figures = dict[MDEntryType, Figure]


class FigureView:
    """The figures as last shown; `is_behind` tells that some may be others by now."""

    def __init__(self, reader: BookReader, symbol: str) -> None:
        self._reader = reader
        self._symbol = symbol
        self._stale: set[MDEntryType] = set()
        self.shown: Figures = dict(self._statistics()) | dict(self._auction())

    @property
    def is_behind(self) -> bool:
        return bool(self._stale)

    def touch_statistics(self) -> None:
        """There was a trade, or a day or phase began."""
        self._stale |= STATISTICS

    def touch_auction(self) -> None:
        """An order was entered, or changed, or a phase began."""
        self._stale |= AUCTION

    def update(self) -> list[FigureUpdate]:
        """Show the figures as they are now; those that are the same are not told again."""
        now: Figures = {}
        if not self._stale.isdisjoint(STATISTICS):
            now |= self._statistics()
        if not self._stale.isdisjoint(AUCTION):
            now |= self._auction()
        updates = []
        for entry_type in sorted(self._stale):
            before, after = self.shown.get(entry_type), now.get(entry_type)
            if after == before:
                continue
            if after is None:
                del self.shown[entry_type]
                updates.append(FigureUpdate(MDUpdateAction.DELETE, entry_type, None, None))
                continue
            self.shown[entry_type] = after
            action = MDUpdateAction.CHANGE if before else MDUpdateAction.NEW
            updates.append(FigureUpdate(action, entry_type, *after))
        self._stale.clear()
        return updates

    def entries(self) -> list[FigureUpdate]:
        """Every figure that there is."""
        return [
            FigureUpdate(MDUpdateAction.NEW, entry_type, *figure)
            for entry_type, figure in sorted(self.shown.items())
        ]

    def _statistics(self) -> Iterator[tuple[MDEntryType, Figure]]:
        day = self._reader.statistics(self._symbol)
        for entry_type, price in (
            (MDEntryType.OPENING_PRICE, day.open),
            (MDEntryType.CLOSING_PRICE, day.close),
            (MDEntryType.HIGH_PRICE, day.high),
            (MDEntryType.LOW_PRICE, day.low),
            (MDEntryType.VWAP, day.vwap),
        ):
            if price is not None:
                yield entry_type, (price, None)
        if day.volume:
            yield MDEntryType.TRADE_VOLUME, (None, day.volume)

    def _auction(self) -> Iterator[tuple[MDEntryType, Figure]]:
        outlook = self._reader.indicative(self._symbol)
        if outlook is None:
            return
        if outlook.price is not None:
            yield MDEntryType.AUCTION_CLEARING_PRICE, (outlook.price, outlook.qty)
        if outlook.price is not None or outlook.imbalance:
            yield MDEntryType.IMBALANCE, (outlook.price, outlook.imbalance)
