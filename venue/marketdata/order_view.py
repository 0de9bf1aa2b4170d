"""What subscribers have been shown of single orders, and how to bring them up to date.

Whoever applies the updates, and queues what is new behind what stands at its price already, has the
orders of each price in the order in which they would trade. Hidden quantity is not read at all.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from venue.core.types import Side
from venue.marketdata.entries import BookUpdate, MDUpdateAction
from venue.marketdata.reader import BookReader

NEW, CHANGE, DELETE = MDUpdateAction.NEW, MDUpdateAction.CHANGE, MDUpdateAction.DELETE


class Place(NamedTuple):
    """Where an order stands: two of one side compare as they queue, the first one less.

    `rank` is the price, negative for bids.
    """

    rank: int
    place: int
    side: Side
    qty: int

    def update(self, action: MDUpdateAction, order_id: int) -> BookUpdate:
        price = -self.rank if self.side is Side.BUY else self.rank
        qty = 0 if action is DELETE else self.qty
        return BookUpdate(action, self.side, price, qty, order_id)


def _place(side: Side, price: int, qty: int, place: int) -> Place:
    return Place(-price if side is Side.BUY else price, place, side, qty)


class OrderView:
    """The orders of the first `depth` price levels of each side, all where it is None, as last
    shown. `is_behind` tells that something may have to be shown since.
    """

    def __init__(self, reader: BookReader, symbol: str, depth: int | None) -> None:
        self._reader = reader
        self._symbol = symbol
        self._depth = depth
        self._touched: set[int] = set()
        self._whole = False
        self._worst: dict[Side, int | None] = {}
        self.shown = {order_id: place for side in Side for order_id, place in self._read(side)}
        self.is_behind = False

    def _read(self, side: Side) -> Iterator[tuple[int, Place]]:
        """What there is to be shown now, first what trades first."""
        depth, ranks = self._depth, 0
        last: int | None = None
        self._worst[side] = None
        for order_id, price, qty, place in self._reader.resting(self._symbol, side):
            found = _place(side, price, qty, place)
            if found.rank != last:
                if ranks == depth:
                    self._worst[side] = last
                    return
                ranks, last = ranks + 1, found.rank
            yield order_id, found
        if ranks == depth:
            self._worst[side] = last

    def _find(self, order_id: int) -> Place | None:
        found = self._reader.shown(order_id)
        if found is None:
            return None
        _, price, qty, place, side = found
        return _place(side, price, qty, place)

    def touch(self, order_ids: Iterable[int]) -> None:
        """Something has happened to these orders. O(orders)."""
        if self._depth is None:
            self._touched.update(order_ids)
            self.is_behind = self.is_behind or bool(self._touched)
        elif not self._whole:
            self._whole = any(map(self._matters, order_ids))
            self.is_behind = self.is_behind or self._whole

    def _matters(self, order_id: int) -> bool:
        """Tell whether an order is among those shown, or has come among them."""
        if order_id in self.shown:
            return True
        now = self._find(order_id)
        if now is None:
            return False
        worst = self._worst[now.side]
        return worst is None or now.rank <= worst

    def touch_all(self) -> None:
        """Anything may have changed."""
        self._whole = self.is_behind = True

    def update(self) -> list[BookUpdate]:
        """Show the orders as they are now: each that is another than it was shown, once, or twice
        where it lost its place. O(changes) where all are shown; else, or after `touch_all`,
        O(orders shown).
        """
        shown = self.shown
        if self._whole:
            now = {order_id: place for side in Side for order_id, place in self._read(side)}
            found: Iterable[tuple[int, Place | None]] = (
                (order_id, now.get(order_id)) for order_id in {**shown, **now}
            )
        else:
            found = ((order_id, self._find(order_id)) for order_id in self._touched)
        deleted: list[tuple[int, Place]] = []
        others: list[tuple[Place, MDUpdateAction, int]] = []
        for order_id, after in found:
            before = shown.get(order_id)
            if after == before:
                continue
            stays = before is not None and after is not None and before[:3] == after[:3]
            if before is not None and not stays:
                deleted.append((order_id, before))
            if after is not None:
                others.append((after, CHANGE if stays else NEW, order_id))
        for order_id, _ in deleted:
            del shown[order_id]
        others.sort(key=lambda each: (each[0].side, each[0]))
        for after, _, order_id in others:
            shown[order_id] = after
        self._touched.clear()
        self._whole = self.is_behind = False
        updates = [before.update(DELETE, order_id) for order_id, before in sorted(deleted)]
        return updates + [after.update(action, order_id) for after, action, order_id in others]

    def entries(self) -> list[BookUpdate]:
        """Every order shown, bids and then offers, each in the order in which they trade."""
        ranked = sorted(self.shown.items(), key=lambda each: (each[1].side, each[1]))
        return [place.update(NEW, order_id) for order_id, place in ranked]
