"""Price levels in price order, orders in time order: what rests, and nothing about why.

A side is a sorted map of levels with the best one at hand; a level is a linked list through its
orders. Adding to a known price, reducing and removing are O(1); a new or an emptied price is O(log
levels).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sortedcontainers import SortedDict

from venue.core.order import Order
from venue.core.types import Side

BUY = Side.BUY


class Level:
    """The orders of one price, the oldest first; `qty` lots are shown, `hidden_qty` are not."""

    __slots__ = ("count", "head", "hidden_qty", "price", "qty", "side", "symbol", "tail")

    def __init__(self, symbol: str, side: Side, price: int) -> None:
        self.symbol = symbol
        self.side = side
        self.price = price
        self.qty = 0
        self.hidden_qty = 0
        self.count = 0
        self.head: Order | None = None
        self.tail: Order | None = None

    def __iter__(self) -> Iterator[Order]:
        order = self.head
        while order is not None:
            yield order
            order = order.next


class BookSide:
    """The levels of one side; `best` is the highest bid or the lowest offer, `places` counts the
    orders that ever queued.
    """

    __slots__ = ("_touched", "best", "levels", "places", "side", "sign", "symbol")

    def __init__(self, symbol: str, side: Side, touched: set[Level]) -> None:
        self.symbol = symbol
        self.side = side
        self.sign = 1 if side is BUY else -1
        self.levels: Any = SortedDict()
        self.best: Level | None = None
        self.places = 0
        self._touched = touched

    def __iter__(self) -> Iterator[Level]:
        """Iterate the levels from the best."""
        levels = self.levels
        return map(levels.__getitem__, reversed(levels) if self.side is BUY else iter(levels))

    def add(self, order: Order) -> None:
        """Queue `order` behind every other of its price."""
        price = order.price
        level: Level | None = self.levels.get(price)
        if level is None:
            assert price is not None
            level = self.levels[price] = Level(self.symbol, self.side, price)
            best = self.best
            if best is None or (price - best.price) * self.sign > 0:
                self.best = level
            level.head = order
        else:
            tail = level.tail
            tail.next = order  # type: ignore[union-attr]
            order.prev = tail
        level.tail = order
        self.places = order.place = self.places + 1
        level.qty += order.leaves_qty
        level.count += 1
        if order.hidden_qty:
            level.qty -= order.hidden_qty
            level.hidden_qty += order.hidden_qty
        order.level = level
        self._touched.add(level)

    def reduce(self, order: Order, qty: int, hidden_qty: int = 0) -> None:
        """Account for what `order`, which keeps its place, has lost: shown and hidden lots."""
        level = order.level
        assert level is not None
        level.qty -= qty
        level.hidden_qty -= hidden_qty
        self._touched.add(level)

    def refresh(self, order: Order, qty: int, shown_qty: int) -> None:
        """Queue `order`, whose shown lots have traded, `qty` of them just now, anew with
        `shown_qty` of what it hid.
        """
        level = order.level
        assert level is not None
        level.qty += shown_qty - qty
        level.hidden_qty -= shown_qty
        order.hidden_qty -= shown_qty
        self.places = order.place = self.places + 1
        self._touched.add(level)
        after = order.next
        if after is None:
            return
        before = order.prev
        if before is None:
            level.head = after
        else:
            before.next = after
        after.prev = before
        tail = level.tail
        assert tail is not None
        tail.next, order.prev, order.next = order, tail, None
        level.tail = order

    def remove(self, order: Order, qty: int) -> None:
        """Unlink `order`, of which the level still counts `qty` shown lots and all it hides."""
        level = order.level
        assert level is not None
        before, after = order.prev, order.next
        if before is None:
            level.head = after
        else:
            before.next = after
            order.prev = None
        if after is None:
            level.tail = before
        else:
            after.prev = before
            order.next = None
        order.level = None
        level.qty -= qty
        level.count -= 1
        if order.hidden_qty:
            level.hidden_qty -= order.hidden_qty
            order.hidden_qty = 0
        self._touched.add(level)
        if level.head is None:
            del self.levels[level.price]
            if level is self.best:
                self.best = next(iter(self), None) if self.levels else None

    def meets(self, limit: int | None) -> bool:
        """Tell whether an order of the other side would trade here at once; None takes any."""
        best = self.best
        return best is not None and (limit is None or (best.price - limit) * self.sign >= 0)

    def available(self, wanted: int, limit: int | None) -> int:
        """Lots that rest at `limit` or better, hidden ones too, counted no further than `wanted`.
        O(levels).
        """
        total = 0
        for level in self:
            if total >= wanted or (limit is not None and (level.price - limit) * self.sign < 0):
                break
            total += level.qty + level.hidden_qty
        return total


class Book:
    """Both sides of one instrument; the levels that change are added to `touched`."""

    __slots__ = ("bids", "offers", "touched")

    def __init__(self, symbol: str, touched: set[Level]) -> None:
        self.touched = touched
        self.bids = BookSide(symbol, BUY, touched)
        self.offers = BookSide(symbol, Side.SELL, touched)

    def side(self, side: Side) -> BookSide:
        return self.bids if side is BUY else self.offers

    def opposite(self, side: Side) -> BookSide:
        return self.offers if side is BUY else self.bids

    def check(self, may_be_crossed: bool = False) -> None:
        """Assert every invariant of the structure. O(orders)."""
        for side in (self.bids, self.offers):
            levels = list(side)
            assert side.best is (levels[0] if levels else None)
            assert [level.price for level in levels] == sorted(side.levels, reverse=side.sign > 0)
            for level in levels:
                orders = list(level)
                assert orders, "an empty level stayed"
                assert level.tail is orders[-1] and level.count == len(orders)
                assert level.qty == sum(order.shown_qty for order in orders)
                assert level.hidden_qty == sum(order.hidden_qty for order in orders)
                for before, order in zip([None, *orders], orders, strict=False):
                    assert order.prev is before and order.level is level
                    assert order.price == level.price and order.side is side.side
                    assert order.working and order.leaves_qty == order.order_qty - order.cum_qty
                    assert order.live and order.shown_qty > 0
                    assert (0 if before is None else before.place) < order.place <= side.places
        if self.bids.best and self.offers.best and not may_be_crossed:
            assert self.bids.best.price < self.offers.best.price, "the book is crossed"
