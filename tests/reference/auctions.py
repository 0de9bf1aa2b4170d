"""Calls and the auctions that end them: every price is tried."""

from collections.abc import Iterator
from typing import NamedTuple

from tests.reference.matching import Matching
from tests.reference.order import Order, Told

Quantities = list[tuple[int, int]]
"""(limit price, quantity) of one side."""


class Outcome(NamedTuple):
    """What an auction at `price` trades, and who is left over there: buyers, if above 0."""

    price: int
    qty: int
    surplus: int


def best_outcome(
    bids: Quantities, offers: Quantities, market_bids: int, market_offers: int, reference: int
) -> Outcome | None:
    """By trying every price from the lowest to the highest limit, None if none trades anything."""
    limits = [price for price, _ in bids + offers] or [reference]
    outcomes = []
    for price in range(min(limits), max(limits) + 1):
        wanted = market_bids + sum(qty for limit, qty in bids if limit >= price)
        offered = market_offers + sum(qty for limit, qty in offers if limit <= price)
        outcomes.append(Outcome(price, min(wanted, offered), wanted - offered))
    most = max(outcome.qty for outcome in outcomes)
    if not most:
        return None
    outcomes = [outcome for outcome in outcomes if outcome.qty == most]
    least = min(abs(outcome.surplus) for outcome in outcomes)
    outcomes = [outcome for outcome in outcomes if abs(outcome.surplus) == least]
    if all(outcome.surplus > 0 for outcome in outcomes):
        return outcomes[-1]
    if all(outcome.surplus < 0 for outcome in outcomes):
        return outcomes[0]
    return min(outcomes, key=lambda outcome: (abs(outcome.price - reference), outcome.price))


class Auctions(Matching):
    def unpriced(self, symbol: str, side: str) -> list[Order]:
        """The orders of a call that trade at any price, the first to trade first."""
        orders = [o for o in self.orders if (o.symbol, o.side) == (symbol, side) and o.leaves_qty]
        called = [o for o in orders if o.place is not None and o.price is None]
        return sorted(called, key=lambda o: o.place or 0)

    def in_turn(self, symbol: str, side: str) -> list[Order]:
        """Everybody in a call: of a price, whoever is there for the auction alone comes first."""
        resting = self.resting(symbol, side)
        prices = list(dict.fromkeys(order.price for order in resting))
        resting.sort(key=lambda o: (prices.index(o.price), not for_auctions(o)))
        return self.unpriced(symbol, side) + resting

    def outcome(self, symbol: str) -> Outcome | None:
        """What the auction would bring, if it were now."""
        bids, offers = (
            [(o.price or 0, o.leaves_qty) for o in self.resting(symbol, side)]
            for side in ("buy", "sell")
        )
        unpriced = [
            sum(o.leaves_qty for o in self.unpriced(symbol, side)) for side in ("buy", "sell")
        ]
        return best_outcome(bids, offers, unpriced[0], unpriced[1], self.last_price(symbol))

    def indication(self, symbol: str) -> tuple[int | None, int, int] | None:
        """(price, quantity, imbalance) that a call tells, of what is shown; None if it tells
        nothing.
        """
        state = self.states[symbol]
        if state.phase not in ("opening auction", "closing auction", "volatility auction"):
            return None
        if not state.listed:
            return None
        outcome = self.outcome(symbol)
        price = outcome.price if outcome else None
        shown = []
        for side, sign in (("buy", 1), ("sell", -1)):
            orders = self.unpriced(symbol, side)
            if price is not None:
                rest = self.resting(symbol, side)
                orders += [o for o in rest if (o.price or 0) * sign >= price * sign]
            shown.append(sum(order.shown_qty for order in orders))
        return price, 0 if price is None else min(shown), shown[0] - shown[1]

    def hold_auction(self, symbol: str) -> Iterator[Told]:
        state, outcome = self.states[symbol], self.outcome(symbol)
        price, left = (outcome.price, outcome.qty) if outcome else (None, 0)
        yield Told("", "auction", symbol=symbol, phase=state.call, price=price, qty=left)
        if price is not None:
            state.auction_price = price
        while left:
            buyer, seller = (self.in_turn(symbol, side)[0] for side in ("buy", "sell"))
            qty = min(buyer.leaves_qty, seller.leaves_qty, left)
            left -= qty
            self.last[symbol] = price or 0, qty
            self.prints[symbol].append(price or 0)
            trade = {"trade_id": next(self.trade_ids), "last_qty": qty, "last_px": price}
            for order in (buyer, seller):
                self.take(order, qty, price or 0)
                yield self.tell("filled", order, liquidity="auction", **trade)
        yield from self.leave_over(symbol, price)

    def take(self, order: Order, qty: int, price: int) -> None:
        """An iceberg trades what it hides, too, and then shows as much as at first."""
        hides = order.slice < order.leaves_qty
        order.cum_qty += qty
        order.notional += qty * price
        if not order.leaves_qty:
            order.place, order.slice = None, 0
        elif hides:
            order.show(order.display_qty)
        else:
            order.slice -= qty

    def leave_over(self, symbol: str, price: int | None) -> Iterator[Told]:
        """Limits rest; what is for auctions alone, or has no limit, is over."""
        for order in sorted(
            self.unpriced(symbol, "buy") + self.unpriced(symbol, "sell"), key=lambda o: o.place or 0
        ):
            to_limit = order.ord_type == "market with left over as limit"
            if to_limit and price is not None and not for_auctions(order):
                order.price = price
                yield self.tell("restated", order, reason="repricing")
                yield from self.collect(order)
            else:
                yield self.end("canceled", order)
        over = self.resting(symbol, "buy") + self.resting(symbol, "sell")
        for order in sorted(over, key=lambda o: o.order_id):
            if for_auctions(order):
                yield self.end("canceled", order)


def for_auctions(order: Order) -> bool:
    return order.time_in_force in ("at the opening", "at the close")
