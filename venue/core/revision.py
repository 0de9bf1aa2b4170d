"""What it means for an instrument's statistics that a trade is not what it was.

Trades are forgotten in the order in which they were made, so of those before a remembered one only
the last needs to be known, and the highest and the lowest price: what is said here is exact.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from venue.core.types import Liquidity

if TYPE_CHECKING:
    from venue.core.statistics import Statistics
    from venue.core.trades import Trade

AUCTION = Liquidity.AUCTION


class Past(Struct, array_like=True):
    """What is kept of an instrument's trades that are forgotten: the last one, the last one of an
    auction and of a closing auction, each with id 0 where there is none; the highest and the lowest
    price among those of the last one's day.
    """

    trade_id: int = 0
    price: int = 0
    qty: int = 0
    high: int = 0
    low: int = 0
    auction_id: int = 0
    auction_px: int = 0
    closing_id: int = 0
    closing_px: int = 0

    def add(self, trade: "Trade", statistics: "Statistics") -> None:
        """`trade`, which has been told to `statistics`, is forgotten."""
        if not trade.qty:
            return
        price, before = trade.price, statistics.before
        same_day = self.trade_id > before
        self.high = max(self.high, price) if same_day else price
        self.low = min(self.low, price) if same_day else price
        self.trade_id, self.price, self.qty = trade.trade_id, price, trade.qty
        if trade.first.liquidity is AUCTION:
            self.auction_id, self.auction_px = trade.trade_id, price
            for first_id, last_id in statistics.closings:
                if first_id <= trade.trade_id <= last_id:
                    self.close(first_id)

    def close(self, first_id: int) -> None:
        """An auction whose trades begin with this id has closed the day."""
        if self.auction_id >= first_id:
            self.closing_id, self.closing_px = self.auction_id, self.auction_px


class Revision(Struct, frozen=True):
    """A trade at `time`, which had `old_qty` lots at `old_price`, is to have had `qty` at `price`,
    0 and None if it was not to be.

    `before` is the (id, price) of the trade before it, `after` the (time, price) of the one after
    it, None where there is none. Of the present day, if the trade is one of it: `high` and `low`
    are what they will be, 0 where no trade is left; `closing` is the price of its closing auction,
    None where that has no trade left.
    """

    trade_id: int
    time: int
    in_auction: bool
    old_qty: int
    old_price: int
    qty: int
    price: int | None
    before: tuple[int, int] | None
    after: tuple[int, int] | None
    high: int
    low: int
    closing: int | None


class History:
    """The remembered trades of one instrument, and the `past` of those that are not.

    `last_id` is the last trade id there is.
    """

    def __init__(
        self, symbol: str, remembered: dict[int, "Trade"], last_id: int, past: Past
    ) -> None:
        self.symbol = symbol
        self.past = past
        self._remembered = remembered
        self._first_id = last_id - len(remembered) + 1
        self._last_id = last_id

    def until(self, trade_id: int) -> Iterator["Trade"]:
        """The trades with ids up to this one, the last one first."""
        return self._found(range(min(trade_id, self._last_id), self._first_id - 1, -1))

    def since(self, trade_id: int) -> Iterator["Trade"]:
        """The trades with ids from this one on."""
        return self._found(range(max(trade_id, self._first_id), self._last_id + 1))

    def _found(self, trade_ids: range) -> Iterator["Trade"]:
        symbol = self.symbol
        for trade in map(self._remembered.__getitem__, trade_ids):
            if trade.qty and trade.symbol == symbol:
                yield trade

    def last(self) -> tuple[int, int] | None:
        """The (price, qty) of the last trade, None where there is none."""
        for trade in self.until(self._last_id):
            return trade.price, trade.qty
        return (self.past.price, self.past.qty) if self.past.trade_id else None

    def auction_px(self) -> int | None:
        """The price of the last trade of an auction, None where there is none."""
        for trade in self.until(self._last_id):
            if trade.first.liquidity is AUCTION:
                return trade.price
        return self.past.auction_px if self.past.auction_id else None

    def _closing_px(self, statistics: "Statistics") -> int | None:
        """The price of the last trade of the day's closing auctions, None where there is none."""
        for first_id, last_id in reversed(statistics.closings):
            for trade in self.until(last_id):
                if trade.trade_id < first_id:
                    break
                return trade.price
        return self.past.closing_px if self.past.closing_id > statistics.before else None

    def revision(
        self, trade: "Trade", old_qty: int, old_price: int, statistics: "Statistics"
    ) -> Revision:
        """What is to be done to the instrument's statistics now that `trade` is another."""
        qty, trade_id = trade.qty, trade.trade_id
        before = next(((t.trade_id, t.price) for t in self.until(trade_id - 1)), None)
        if before is None and self.past.trade_id:
            before = self.past.trade_id, self.past.price
        return Revision(
            trade_id,
            trade.time,
            trade.first.liquidity is AUCTION,
            old_qty,
            old_price,
            qty,
            trade.price if qty else None,
            before,
            next(((t.time, t.price) for t in self.since(trade_id + 1)), None),
            *self._extremes(trade, old_price, statistics),
            self._closing_px(statistics),
        )

    def _extremes(
        self, trade: "Trade", old_price: int, statistics: "Statistics"
    ) -> tuple[int, int]:
        """The highest and the lowest price of the present day, each 0 where it has no trade."""
        high, low = statistics.high or 0, statistics.low or 0
        if trade.trade_id > statistics.before and old_price in (high, low):
            prices = [other.price for other in self.since(statistics.before + 1)]
            if self.past.trade_id > statistics.before:
                prices += [self.past.high, self.past.low]
            return max(prices, default=0), min(prices, default=0)
        return max(high, trade.price), min(low, trade.price)
