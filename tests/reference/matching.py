"""The book of the naive matcher: who trades with whom, and which orders a trade triggers."""

from collections.abc import Iterator
from copy import copy

from tests.reference.collars import CALLS, Collars
from tests.reference.order import Order, Told

TRIGGERED = ("stop", "stop limit", "market if touched", "limit if touched")
RESTING_TYPES = (
    "limit",
    "stop limit",
    "limit if touched",
    "market with left over as limit",
)
RESTING_TIMES = ("day", "gtc", "gtd")


class Matching(Collars):
    # The book

    def resting(self, symbol: str, side: str) -> list[Order]:
        """The orders of one side, whoever trades first at the front."""
        orders = [o for o in self.orders if (o.symbol, o.side) == (symbol, side) and o.leaves_qty]
        booked = [o for o in orders if o.place is not None and o.price is not None]
        return sorted(booked, key=lambda o: (-o.sign * (o.price or 0), o.place))

    def opposite(self, order: Order) -> list[Order]:
        return self.resting(order.symbol, "sell" if order.side == "buy" else "buy")

    def levels(self, symbol: str, side: str) -> list[tuple[int, int, int]]:
        """(price, shown quantity, number of orders) of one side, from the best price."""
        levels: dict[int, list[int]] = {}
        for order in self.resting(symbol, side):
            levels.setdefault(order.price or 0, []).append(order.slice)
        return [(price, sum(shown), len(shown)) for price, shown in levels.items()]

    def takeable(self, order: Order) -> list[Order]:
        """The resting orders that `order` may trade with, in turn."""
        limit = order.price
        orders = self.opposite(order)
        return [
            o for o in orders if limit is None or (o.price or 0) * order.sign <= limit * order.sign
        ]

    # Trading

    def trade(self, order: Order) -> Iterator[Told]:
        """Trade what can be traded; what is left rests or is canceled."""
        if not self.states[order.symbol].is_open:
            yield from self.collect(order)
            return
        unpriced = order.ord_type == "market with left over as limit" and order.price is None
        if unpriced:
            best = self.opposite(order)[:1]
            if not best:
                yield self.end("canceled", order)
                return
            order.price = best[0].price
        needed = order.leaves_qty if order.time_in_force == "fok" else 0
        if not order.min_qty_met:
            needed = max(needed, order.min_qty)
            order.min_qty_met = True
        if self.obtainable(order) < needed:
            yield self.end("canceled", order)
            return
        last = self.last_price(order.symbol)
        while order.leaves_qty and self.takeable(order):
            resting = self.takeable(order)[0]
            collar = self.collar_of(order, resting.price or 0, last)
            if collar:
                yield from self.stop_at(collar, order)
                if unpriced and order.leaves_qty and not order.cum_qty:
                    yield self.tell("restated", order, reason="repricing")
                return
            if self.same_id(order, resting):
                yield from self.prevent(order, resting)
            else:
                yield from self.fill(order, resting)
        if order.leaves_qty:
            if order.ord_type in RESTING_TYPES and order.time_in_force in RESTING_TIMES:
                order.place = next(self.places)
                order.show(order.display_qty)
                if unpriced and not order.cum_qty:
                    yield self.tell("restated", order, reason="repricing")
            else:
                yield self.end("canceled", order)

    def fill(self, aggressor: Order, resting: Order) -> Iterator[Told]:
        price = resting.price or 0
        qty = min(aggressor.leaves_qty, resting.slice)
        for order in (aggressor, resting):
            order.cum_qty += qty
            order.notional += qty * price
        self.take_slice(resting, qty)
        self.last[aggressor.symbol] = price, qty
        self.prints[aggressor.symbol].append(price)
        trade = {"trade_id": next(self.trade_ids), "last_qty": qty, "last_px": price}
        yield self.tell("filled", aggressor, liquidity="removed", **trade)
        yield self.tell("filled", resting, liquidity="added", **trade)

    def take_slice(self, resting: Order, qty: int) -> None:
        """An iceberg shows its next slice, at the back of the queue, when one is gone."""
        resting.slice -= qty
        if resting.slice == 0 and resting.leaves_qty:
            resting.show(resting.refresh_qty)
            resting.place = next(self.places)

    def obtainable(self, order: Order) -> int:
        """How much `order` would trade before it has traded all, or cannot go on: by trial."""
        got = 0
        last = self.last_price(order.symbol)
        orders = []
        for o in self.takeable(order):
            if self.collar_of(order, o.price or 0, last):
                break
            orders.append(copy(o))
        while orders and got < order.leaves_qty:
            resting = min(orders, key=lambda o: (-o.sign * (o.price or 0), o.place))
            qty = min(order.leaves_qty - got, resting.slice)
            if not self.same_id(order, resting):
                got += qty
                resting.cum_qty += qty
                self.take_slice(resting, qty)
            elif order.self_match_prevention_instruction == "cancel resting":
                resting.ended = "canceled"
            else:
                break
            orders = [o for o in orders if o.leaves_qty]
        return got

    # Self-match prevention

    def same_id(self, order: Order, other: Order) -> bool:
        own = order.firm, order.self_match_prevention_id
        same = own == (other.firm, other.self_match_prevention_id)
        return same and order.self_match_prevention_id != ""

    def prevent(self, aggressor: Order, resting: Order) -> Iterator[Told]:
        """What happens where two orders of one id meet: the resting order is told first."""
        instruction = aggressor.self_match_prevention_instruction
        less = min(aggressor.leaves_qty, resting.leaves_qty)
        if instruction == "decrement" and aggressor.leaves_qty == resting.leaves_qty:
            instruction = "cancel both"
        if instruction == "cancel both":
            yield self.end("canceled", resting, reason="self match both")
            yield self.end("canceled", aggressor, reason="self match both")
        elif instruction == "cancel resting":
            yield self.end("canceled", resting, reason="self match resting")
        elif instruction == "cancel aggressor":
            yield self.end("canceled", aggressor, reason="self match aggressor")
        elif less == resting.leaves_qty:
            yield self.end("canceled", resting, reason="self match resting")
            aggressor.order_qty -= less
            yield self.tell("restated", aggressor, reason="partial decline")
        else:
            resting.order_qty -= less
            resting.show(resting.slice)
            yield self.tell("restated", resting, reason="partial decline")
            yield self.end("canceled", aggressor, reason="self match aggressor")

    # Triggers

    def meets(self, order: Order, price: int | None) -> bool:
        """Whether `price` triggers `order`: a stop runs after the market, a touched one waits for
        a better price.
        """
        if price is None or order.stop_px is None:
            return False
        rising = (order.side == "buy") == order.ord_type.startswith("stop")
        return price >= order.stop_px if rising else price <= order.stop_px

    def is_met(self, order: Order) -> bool:
        """Whether the last trade or the quote is where `order` waits for it."""
        if not self.states[order.symbol].is_open:
            return False
        if order.trigger_price_type == "last trade":
            price, _ = self.last.get(order.symbol, (None, 0))
            return self.meets(order, price)
        best = self.opposite(order)[:1]
        return bool(best) and self.meets(order, best[0].price)

    def is_met_by_request(self, order: Order) -> bool:
        """The same, of any trade of the request, even if that has interrupted trading."""
        prints = self.prints[order.symbol]
        if order.trigger_price_type == "last trade" and any(self.meets(order, p) for p in prints):
            state = self.states[order.symbol]
            return state.is_open or state.phase in CALLS
        return self.is_met(order)

    def settle(self) -> Iterator[Told]:
        """Trigger what waited for this, instrument by instrument."""
        for symbol in self.terms:
            yield from self.cascade(symbol)

    def cascade(self, symbol: str) -> Iterator[Told]:
        """The oldest first; then what its trades trigger, behind those already met; and so on."""
        due: list[Order] = []
        while True:
            live = [o for o in self.orders if o.symbol == symbol and o.leaves_qty]
            waiting = [o for o in live if o.waiting and o not in due]
            met = [o for o in waiting if o.ord_type in TRIGGERED and self.is_met_by_request(o)]
            due += sorted(met, key=lambda o: o.age)
            self.prints[symbol].clear()
            if not due:
                return
            yield from self.trigger(due.pop(0))

    def trigger(self, order: Order) -> Iterator[Told]:
        order.waiting = False
        yield self.tell("triggered", order)
        yield from self.trade(order)
