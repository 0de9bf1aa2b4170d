"""What an accepted order does: it starts, trades, rests, triggers others, and is taken out."""

from collections import deque
from hashlib import blake2b

from venue.core import events as e
from venue.core.book import Level
from venue.core.collars import Collar, collars, forbidding
from venue.core.events import Event
from venue.core.market import AT_ONCE, Market
from venue.core.matching import available, match
from venue.core.order import Order
from venue.core.reports import Ids, dropped, executed, restated
from venue.core.trades import Trade, Trades
from venue.core.types import (
    CALLS,
    TRIGGERED,
    ExecRestatementReason,
    OrdStatus,
    OrdType,
    PostOnly,
    Side,
    TimeInForce,
    TradingPhase,
)

BUY = Side.BUY
IOC = TimeInForce.IOC
FOK = TimeInForce.FOK
AT_THE_CLOSE = TimeInForce.AT_THE_CLOSE
MARKET_WITH_LEFT_OVER = OrdType.MARKET_WITH_LEFT_OVER_AS_LIMIT
NO_LIQUIDITY = "no more liquidity at this price"
SECOND = 1_000_000_000
"""Nanoseconds."""


class Trading:
    """Every market, and the orders in them.

    `time` is nanoseconds since 1970 UTC; `seed` what random ends are derived from; `windows` those
    of the statistics, in seconds; `call_ends` tell when the calls end that no schedule ends, by
    symbol; `touched` are the levels that changed since somebody last asked.
    """

    def __init__(self, ids: Ids) -> None:
        self.ids = ids
        self.time = 0
        self.seed = 0
        self.windows: tuple[int, ...] = ()
        self.markets: dict[str, Market] = {}
        self.trades = Trades(ids, self.markets)
        self.trades.forgotten = self._forgotten
        self.call_ends: dict[str, int] = {}
        self.touched: set[Level] = set()

    def _forgotten(self, trade: Trade) -> None:
        statistics = self.markets[trade.symbol].statistics
        statistics.past.add(trade, statistics)

    def quote(self) -> None:
        """Let the statistics know the best prices of every book that was touched. To be done before
        time goes on; doing it more often changes nothing.
        """
        quoted = None
        for level in self.touched:
            if level.symbol is not quoted:
                quoted = level.symbol
                self.markets[quoted].quote(self.time)

    def waits(self, market: Market, order: Order) -> bool:
        """Tell whether `order` has to wait before it can start."""
        if order.time_in_force is AT_THE_CLOSE:
            return market.phase is not TradingPhase.CLOSING_AUCTION
        return order.ord_type in TRIGGERED

    def start(self, market: Market, order: Order, events: list[Event]) -> None:
        """Let `order` into the market for the first time, on the conditions it may make.

        MarketWithLeftoverAsLimit takes the best price of the other side as its limit; post-only
        steps back from it; FillOrKill and MinQty(110) want so much at once, or nothing.
        """
        if not market.open:
            self.collect(market, order, events)
            return
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
        """Trade `order` as far as it goes; what is left rests or is canceled, as its terms say.

        Where nothing is matched in this phase, it is collected for the auction.
        """
        if not market.open:
            self.collect(market, order, events)
            return
        book = market.book
        if order.side is BUY:
            own, opposite = book.bids, book.offers
        else:
            own, opposite = book.offers, book.bids
        price = order.price
        if opposite.meets(price):
            if is_bounded(market, order):
                collar = self._trade_within_collars(market, order, events)
                if collar is not None:
                    self._stop_at(collar, market, order, events)
                    return
            else:
                match(market, order, price, self.time, self.trades, events)
        if order.leaves_qty:
            time_in_force = order.time_in_force
            if price is None or time_in_force is IOC or time_in_force is FOK:
                order.end(OrdStatus.CANCELED)
                events.append(dropped(order, self.ids, NO_LIQUIDITY))
            else:
                if order.qualifiers is not None:
                    order.show(order.qualifiers.display_qty)
                own.add(order)

    def _trade_within_collars(
        self, market: Market, order: Order, events: list[Event]
    ) -> Collar | None:
        """Match `order` as far as its price and the collars allow; return the collar that keeps it
        from trading on, if one does.
        """
        found = collars_of(market, order)
        opposite = market.book.opposite(order.side)
        best = opposite.best
        assert best is not None
        if forbidding(found, best.price) is None:
            match(market, order, bounded(order, found), self.time, self.trades, events)
        best = opposite.best
        if not order.leaves_qty or best is None or not opposite.meets(order.price):
            return None
        return forbidding(found, best.price)

    def _stop_at(self, collar: Collar, market: Market, order: Order, events: list[Event]) -> None:
        """Interrupt the market because of `order`, or cancel what is left of it."""
        spec = market.instrument.spec
        best = market.book.opposite(order.side).best
        assert best is not None
        text = collar.text(market.instrument, best.price)
        if collar.interrupts and spec.interruption_seconds:
            self.begin_call(
                market, spec.interruption_seconds, spec.interruption_random_seconds, events
            )
            if order.time_in_force not in AT_ONCE:
                self.collect(market, order, events)
                return
        order.end(OrdStatus.CANCELED)
        reason = ExecRestatementReason.TRADE_PRICE_VIOLATION
        events.append(dropped(order, self.ids, text, reason))

    def begin_call(
        self, market: Market, seconds: int, random_seconds: int, events: list[Event]
    ) -> None:
        """Collect orders for an auction in `seconds`, and up to `random_seconds` more."""
        symbol = market.instrument.symbol
        drawn = f"{self.seed} {symbol} {self.time} {self.ids.trade_id} {self.ids.exec_id}"
        number = int.from_bytes(blake2b(drawn.encode(), digest_size=8).digest())
        extra = number % (random_seconds * SECOND + 1)
        self.call_ends[symbol] = self.time + seconds * SECOND + extra
        market.enter(TradingPhase.VOLATILITY_AUCTION)
        market.quote(self.time)
        events.append(e.PhaseEntered("", symbol, market.phase))

    def collect(self, market: Market, order: Order, events: list[Event]) -> None:
        """Keep a working order for the auction, unless it is one that never rests."""
        if order.time_in_force in AT_ONCE:
            order.end(OrdStatus.CANCELED)
            text = f"nothing is matched in phase {market.phase.text}"
            events.append(dropped(order, self.ids, text))
        elif order.price is None:
            market.unpriced[order.order_id] = order
        else:
            if order.qualifiers is not None:
                order.show(order.qualifiers.display_qty)
            market.book.side(order.side).add(order)

    def settle(self, market: Market, events: list[Event], seen: int = 0) -> None:
        """Trigger what the trades in `events`, all of this market but the first `seen`, and the
        quotes as they are now have met, while trading is open. Whom the trades met that led to a
        call takes part in it.

        The oldest goes first; whatever its trades trigger queues behind those already met.
        """
        due: deque[Order] = deque()
        waiting, book = market.waiting, market.book
        while True:
            prices = [each.last_px for each in events[seen:] if type(each) is e.OrderFilled]
            seen = len(events)
            if market.open or (prices and market.phase in CALLS):
                if market.last_px is not None:
                    prices.append(market.last_px)
                bid, offer = book.bids.best, book.offers.best
                met = waiting.met(
                    min(prices, default=None),
                    max(prices, default=None),
                    None if bid is None or not market.open else bid.price,
                    None if offer is None or not market.open else offer.price,
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
        if not order.working:
            market.waiting.remove(order)
        elif order.level is None:
            del market.unpriced[order.order_id]
        else:
            market.book.side(order.side).remove(order, order.shown_qty)

    def end(self, order: Order, ord_status: OrdStatus) -> None:
        self.withdraw(order)
        order.end(ord_status)


def is_bounded(market: Market, order: Order) -> bool:
    """Whether anything but its price bounds the trades of `order`."""
    return (
        order.price is None
        or market.instrument.bounds_trades
        or order.ord_type is MARKET_WITH_LEFT_OVER
    )


def collars_of(market: Market, order: Order) -> list[Collar]:
    """What bounds the trades of `order` now."""
    priced = order.price is not None and order.ord_type is not MARKET_WITH_LEFT_OVER
    return collars(market.instrument, market.last_px, market.auction_px, priced)


def bounded(order: Order, found: list[Collar]) -> int:
    """How far `order` may trade, by its price and the collars."""
    if order.side is BUY:
        high = min(each.high for each in found)
        return high if order.price is None else min(order.price, high)
    low = max(each.low for each in found)
    return low if order.price is None else max(order.price, low)


def _shortage(market: Market, order: Order, wanted: int, name: str) -> str | None:
    """Why an order that wants so much at once is not to trade at all, None where it may."""
    if not wanted:
        return None
    limit = order.price
    best = market.book.opposite(order.side).best
    if best is not None and is_bounded(market, order):
        found = collars_of(market, order)
        collar = forbidding(found, best.price)
        if collar is not None:
            return collar.text(market.instrument, best.price)
        limit = bounded(order, found)
    total = available(market, order, limit)
    if total >= wanted:
        return None
    qty = market.instrument.qty.text
    return f"{name}: {qty(total)} of {qty(wanted)} available" if total else NO_LIQUIDITY
