"""Price-time priority: the best price first, at a price the oldest first, always at the resting
price.

What an iceberg hides queues behind everybody who shows at its price, one slice at a time.
"""

from venue.core.events import Event
from venue.core.market import Market
from venue.core.order import Order
from venue.core.self_match import belongs_together, keep_apart, self_match_prevention_id
from venue.core.trades import Trades
from venue.core.types import SelfMatchPreventionInstruction as Instruction


def match(
    market: Market, order: Order, limit: int | None, time: int, trades: Trades, events: list[Event]
) -> None:
    """Trade `order` at `time` as far as `limit` allows, but never with one that belongs to it.

    Two fills a match go to `events`, the aggressor's first, both at the resting order's price.
    """
    opposite = market.book.opposite(order.side)
    guarded = self_match_prevention_id(order) is not None
    while order.leaves_qty and opposite.meets(limit):
        level = opposite.best
        assert level is not None
        resting = level.head
        assert resting is not None
        if guarded and belongs_together(order, resting):
            keep_apart(opposite, order, resting, trades.ids, events)
            continue
        price = level.price
        shown_qty = resting.leaves_qty - resting.hidden_qty
        qty = min(order.leaves_qty, shown_qty)
        order.fill(qty, price)
        resting.fill(qty, price)
        if not resting.leaves_qty:
            opposite.remove(resting, qty)
        elif qty < shown_qty:
            opposite.reduce(resting, qty)
        else:
            assert resting.qualifiers is not None
            opposite.refresh(resting, qty, min(resting.qualifiers.refresh_qty, resting.leaves_qty))
        market.last_px, market.last_qty = price, qty
        market.statistics.trade(time, price, qty)
        trades.execute(order, resting, qty, price, time, events)


def available(market: Market, order: Order, limit: int | None) -> int:
    """Lots that `order` could trade at once as far as `limit`, counted no further than it wants.

    What belongs to it does not count; nor does what stands behind that, unless the order's
    instruction takes only the resting one out of its way. O(levels), or O(orders) where it prevents
    self matches.
    """
    opposite = market.book.opposite(order.side)
    wanted = order.leaves_qty
    if self_match_prevention_id(order) is None:
        return opposite.available(wanted, limit)
    assert order.qualifiers is not None
    instruction = order.qualifiers.self_match_prevention_instruction
    steps_over = instruction is Instruction.CANCEL_RESTING
    total = 0
    for level in opposite:
        if total >= wanted or (limit is not None and (level.price - limit) * opposite.sign < 0):
            break
        hidden_qty = 0
        for resting in level:
            if belongs_together(order, resting):
                if not steps_over:
                    return total
                continue
            total += resting.shown_qty
            hidden_qty += resting.hidden_qty
        total += hidden_qty
    return total
