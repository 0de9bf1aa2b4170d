"""Orders that are in the venue but not in the book: they wait for a trigger price, or an auction.

A trigger watches the last trade, the best bid or the best offer. It is met where that price rises
to it (who buys with a stop, or sells when touched) or falls to it (the other two). Finding those
that are met is O(log prices), and costs nothing where none waits.
"""

from typing import Any

from sortedcontainers import SortedDict

from venue.core.order import Order
from venue.core.types import TOUCHED, TRIGGERED, OrdType, Side, TriggerPriceType

Watched = tuple[TriggerPriceType, Side, bool]
"""Which price a trigger watches (of quotes: whose best), and whether it is met by rising."""


class Waiting:
    """The orders of one instrument that wait, by OrderID(37) and by trigger.

    `orders` holds them in the order in which they began to.
    """

    __slots__ = ("_added", "_places", "_triggers", "orders")

    def __init__(self) -> None:
        self.orders: dict[int, Order] = {}
        self._added = 0
        self._places: dict[int, int] = {}
        self._triggers: dict[Watched, Any] = {}

    def add(self, order: Order) -> None:
        """Let `order` wait behind all others."""
        self._added += 1
        self._places[order.order_id] = self._added
        order.working = False
        self.orders[order.order_id] = order
        if order.ord_type in TRIGGERED:
            prices = self._triggers.setdefault(_watched_by(order), SortedDict())
            prices.setdefault(_trigger(order), {})[order.order_id] = order

    def remove(self, order: Order) -> None:
        del self.orders[order.order_id], self._places[order.order_id]
        if order.ord_type in TRIGGERED:
            prices = self._triggers[_watched_by(order)]
            price = _trigger(order)
            del prices[price][order.order_id]
            if not prices[price]:
                del prices[price]

    def met(
        self, low: int | None, high: int | None, bid: int | None, offer: int | None
    ) -> list[Order]:
        """Take out the orders whose trigger is met, the oldest first.

        In ticks, None where there is none: the lowest and the highest of the last trades, the best
        bid and the best offer.
        """
        met: list[Order] = []
        for (price_type, side, rises), prices in self._triggers.items():
            if price_type is TriggerPriceType.LAST_TRADE:
                price = high if rises else low
            else:
                price = bid if side is Side.BUY else offer
            while price is not None and prices:
                trigger, orders = prices.peekitem(0 if rises else -1)
                if trigger > price if rises else trigger < price:
                    break
                met.extend(orders.values())
                del prices[trigger]
        met.sort(key=lambda order: self._places[order.order_id])
        for order in met:
            del self.orders[order.order_id], self._places[order.order_id]
        return met

    def check(self) -> None:
        """Assert every invariant of the structure. O(orders)."""
        triggered = {}
        for watched, prices in self._triggers.items():
            for price, orders in prices.items():
                assert orders, "an empty trigger price stayed"
                for order in orders.values():
                    assert _trigger(order) == price and _watched_by(order) == watched
                triggered.update(orders)
        for order_id, order in self.orders.items():
            assert order.order_id == order_id and order.live and not order.working
            assert order.cum_qty == 0 and order.level is None
            assert (order_id in triggered) is (order.ord_type in TRIGGERED)
        assert triggered.keys() <= self.orders.keys() == self._places.keys()
        assert list(self.orders) == sorted(self.orders, key=self._places.__getitem__)


def _trigger(order: Order) -> int:
    assert order.qualifiers is not None and order.qualifiers.stop_px is not None
    return order.qualifiers.stop_px


def _watched_by(order: Order) -> Watched:
    assert order.qualifiers is not None
    return watched(order.side, order.ord_type, order.qualifiers.trigger_price_type)


def watched(side: Side, ord_type: OrdType, price_type: TriggerPriceType) -> Watched:
    """What the trigger of such an order watches."""
    rises = (side is Side.BUY) is not (ord_type in TOUCHED)
    return price_type, Side.SELL if side is Side.BUY else Side.BUY, rises
