"""What an accepted order does: it starts, trades, rests, triggers others, and is taken out."""

from collections import deque

from venue.core import events as e
from venue.core.events import Event
from venue.core.market import Market
from venue.core.matching import available, match
from venue.core.order import Order
from venue.core.reports import Ids, dropped, executed, restated
from venue.core.types import (
    TRIGGERED,
    ExecRestatementReason,
    OrdStatus,
    OrdType,
    PostOnly,
    Side,
    TimeInForce,
)

BUY = Side.BUY
IOC = TimeInForce.IOC
FOK = TimeInForce.FOK
AT_THE_CLOSE = TimeInForce.AT_THE_CLOSE
MARKET_WITH_LEFT_OVER = OrdType.MARKET_WITH_LEFT_OVER_AS_LIMIT
NO_LIQUIDITY = "no more liquidity at this price"


class Trading:
    """Every market, and the orders in them."""

    def __init__(self, ids: Ids) -> None:
        self.ids = ids
        self.markets: dict[str, Market] = {}

    def waits(self, order: Order) -> bool:
        """Tell whether `order` has to wait before it can start."""
        return order.ord_type in TRIGGERED or order.time_in_force is AT_THE_CLOSE

    def start(self, market: Market, order: Order, events: list[Event]) -> None:
        """Let `order` into the market for the first time, on the conditions it may make.

        MarketWithLeftoverAsLimit takes the best price of the other side as its limit; post-only
        steps back from it; FillOrKill and MinQty(110) want so much at once, or nothing.
        """
        best = market.book.opposite(order.side).best
        if order.ord_type is MARKET_WITH_LEFT_OVER and best is not None:
            order.price = best.price
        text = None
        qualifiers = order.qualifiers
        if qualifiers is not None:
            if qualifiers.post_only is PostOnly.REPRICE:
                self.step_back(market, order, events)
            text = _shortage(market, order, qualifiers.min_qty, "MinQty(110)")
        if order.time_in_force is FOK and text is None:
            text = _shortage(market, order, order.order_qty, "FillOrKill")
        if text is None:
            self.work(market, order, events)
            if order.ord_type is MARKET_WITH_LEFT_OVER and order.live and not order.cum_qty:
                text = "left over as limit at the best price"
                events.append(restated(order, self.ids, ExecRestatementReason.REPRICING, text))
        else:
            order.end(OrdStatus.CANCELED)
            events.append(dropped(order, self.ids, text))

    def step_back(self, market: Market, order: Order, events: list[Event]) -> None:
        """Reprice `order`, if it would trade, to the best price at which it does not."""
        opposite = market.book.opposite(order.side)
        if not opposite.meets(order.price):
            return
        assert opposite.best is not None
        order.price = opposite.best.price + opposite.sign
        text = "ExecInst(18) 6: repriced, it would have traded"
        events.append(restated(order, self.ids, ExecRestatementReason.REPRICING, text))

    def work(self, market: Market, order: Order, events: list[Event]) -> None:
        """Trade `order` as far as it goes; what is left rests or is canceled, as its terms say."""
        book = market.book
        if order.side is BUY:
            own, opposite = book.bids, book.offers
        else:
            own, opposite = book.offers, book.bids
        if opposite.meets(order.price):
            match(market, order, self.ids, events)
        if order.leaves_qty:
            time_in_force = order.time_in_force
            if order.price is None or time_in_force is IOC or time_in_force is FOK:
                order.end(OrdStatus.CANCELED)
                events.append(dropped(order, self.ids, NO_LIQUIDITY))
            else:
                if order.qualifiers is not None:
                    order.show(order.qualifiers.display_qty)
                own.add(order)

    def settle(self, market: Market, events: list[Event], seen: int = 0) -> None:
        """Trigger what the trades in `events`, all of this market but the first `seen`, and the
        quotes as they are now have met.

        The oldest goes first; whatever its trades trigger queues behind those already met.
        """
        due: deque[Order] = deque()
        waiting, book = market.waiting, market.book
        while True:
            prices = [] if market.last_px is None else [market.last_px]
            for event in events[seen:]:
                if type(event) is e.OrderFilled:
                    prices.append(event.last_px)
            seen = len(events)
            bid, offer = book.bids.best, book.offers.best
            met = waiting.met(
                min(prices, default=None),
                max(prices, default=None),
                None if bid is None else bid.price,
                None if offer is None else offer.price,
            )
            due.extend(met)
            if not due:
                return
            order = due.popleft()
            order.working = True
            events.append(e.OrderTriggered(*executed(order, self.ids)))
            self.start(market, order, events)

    def settle_all(self, events: list[Event]) -> None:
        """Settle every market after something but trades, in the order they were listed."""
        for market in self.markets.values():
            if market.waiting.orders:
                self.settle(market, events, len(events))

    def live(self) -> list[Order]:
        """Every live order, the oldest first. O(live orders)."""
        found = [order for market in self.markets.values() for order in market.orders()]
        return sorted(found, key=lambda order: order.order_id)

    def withdraw(self, order: Order) -> None:
        """Take a live order out of where it rests or waits."""
        market = self.markets[order.symbol]
        if order.working:
            market.book.side(order.side).remove(order, order.shown_qty)
        else:
            market.waiting.remove(order)

    def end(self, order: Order, ord_status: OrdStatus) -> None:
        self.withdraw(order)
        order.end(ord_status)


def _shortage(market: Market, order: Order, wanted: int, name: str) -> str | None:
    """Why an order that wants so much at once is not to trade at all, None where it may."""
    if not wanted:
        return None
    found = available(market, order)
    if found >= wanted:
        return None
    qty = market.instrument.qty.text
    return f"{name}: {qty(found)} of {qty(wanted)} available" if found else NO_LIQUIDITY
