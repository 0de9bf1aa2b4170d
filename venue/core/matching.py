"""Price-time priority: the best price first, at a price the oldest first, always at the resting
price.
"""

from venue.core.events import Event, OrderFilled
from venue.core.market import Market
from venue.core.order import Order
from venue.core.reports import Ids, state
from venue.core.types import Liquidity

ADDED = Liquidity.ADDED
REMOVED = Liquidity.REMOVED


def match(market: Market, order: Order, ids: Ids, events: list[Event]) -> None:
    """Trade `order` as far as its price allows.

    Two fills a match go to `events`, the aggressor's first, both at the resting order's price.
    """
    opposite = market.book.opposite(order.side)
    while order.leaves_qty and opposite.meets(order.price):
        level = opposite.best
        assert level is not None
        resting = level.head
        assert resting is not None
        price = level.price
        qty = min(order.leaves_qty, resting.leaves_qty)
        order.fill(qty, price)
        resting.fill(qty, price)
        if resting.leaves_qty:
            opposite.reduce(resting, qty)
        else:
            opposite.remove(resting, qty)
        market.last_px, market.last_qty = price, qty
        ids.trade_id += 1
        for party, liquidity in ((order, REMOVED), (resting, ADDED)):
            ids.exec_id += 1
            filled = state(party, ids.exec_id, party.session, party.cl_ord_id)
            events.append(OrderFilled(*filled, ids.trade_id, qty, price, liquidity))
