"""Trades that are undone or changed after the fact."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.reference.matching import RESTING_TIMES
from tests.reference.order import Order, Terms, Told
from tests.reference.requests import Requests

OVER = ("post close", "closed")


@dataclass
class Match:
    """One trade; `sides` are its orders, what each did, and the ExecID that told of it last."""

    trade_id: int
    symbol: str
    qty: int
    price: int
    sides: list[tuple[Order, str, int]] = field(default_factory=list)


class Corrections(Requests):
    def __init__(self, terms: dict[str, Terms]) -> None:
        super().__init__(terms)
        self.matches: dict[int, Match] = {}
        self.first_of_day = dict.fromkeys(terms, 1)
        """The first trade id that is of the present day of each symbol."""
        self.first_since_carried: dict[Order, int] = {}
        self.remembered = 100_000
        """How many of the last trades can be busted and corrected."""
        self.away: set[str] = set()
        """Sessions that went, and took their orders with them."""

    def tell(self, what: str, order: Order, *to: Any, **extra: Any) -> Told:
        told = super().tell(what, order, *to, **extra)
        if what == "filled":
            trade_id, qty, price = extra["trade_id"], extra["last_qty"], extra["last_px"]
            match = self.matches.setdefault(trade_id, Match(trade_id, order.symbol, qty, price))
            match.sides.append((order, extra["liquidity"], told.exec_id or 0))
        return told

    def connected(self, session: str, cancel_on_disconnect: bool) -> list[Told]:
        self.away.discard(session)
        return super().connected(session, cancel_on_disconnect)

    def disconnected(self, session: str, reason: str, witnesses: tuple[str, ...]) -> list[Told]:
        if self.canceled_on_disconnect.get(session):
            self.away.add(session)
        return super().disconnected(session, reason, witnesses)

    def schedule(self, symbol: str, phase: str) -> Iterator[Told]:
        if self.states[symbol].scheduled in OVER and phase not in OVER:
            self.first_of_day[symbol] = self.trade_ids.last + 1
        yield from super().schedule(symbol, phase)

    def carry_over(self) -> Iterator[Told]:
        yield from super().carry_over()
        for symbol, state in self.states.items():
            if not state.has_schedule:
                self.first_of_day[symbol] = self.trade_ids.last + 1
        for order in self.orders:
            if order.carried_over:
                self.first_since_carried[order] = self.trade_ids.last + 1

    def define_accounting(self, trades: int) -> list[Told]:
        self.remembered = trades
        return []

    def match_of(self, trade_id: int) -> Match | None:
        """A trade that is remembered and not busted."""
        match = self.matches.get(trade_id)
        forgotten = trade_id <= self.trade_ids.last - self.remembered
        return None if match is None or forgotten or not match.qty else match

    def bust(self, trade_id: int) -> list[Told]:
        match = self.match_of(trade_id)
        if match is None:
            return []
        return list(self.rewrite(match, 0, match.price))

    def correct(self, trade_id: int, qty: int, price: int) -> list[Told]:
        match = self.match_of(trade_id)
        if match is None or qty < 1 or price < 1:
            return []
        if (qty, price) == (match.qty, match.price):
            return []
        for order, _, _ in match.sides:
            if order.cum_qty - match.qty + qty > order.order_qty:
                return []
        return list(self.rewrite(match, qty, price))

    def rewrite(self, match: Match, qty: int, price: int) -> Iterator[Told]:
        more, notional = qty - match.qty, qty * price - match.qty * match.price
        match.qty, match.price = qty, price
        self.look_back(match)
        what = "corrected" if qty else "busted"
        sides = sorted(match.sides, key=lambda side: (side[1] != "added", side[0].order_id))
        for order, liquidity, exec_ref_id in sides:
            was_live, was_filled = order.leaves_qty > 0, order.status == "filled"
            order.cum_qty += more
            order.notional += notional
            if match.trade_id < self.first_since_carried.get(order, 0):
                order.carried_qty += more
                order.carried_notional += notional
            if more < 0 and (was_live or was_filled):
                self.restore(order, match, was_live)
            elif more > 0:
                self.shrink(order)
            extra = {"last_qty": qty, "last_px": price, "liquidity": liquidity} if qty else {}
            ids = {"trade_id": match.trade_id, "exec_ref_id": exec_ref_id}
            told = self.tell(what, order, **ids, **extra)
            place = match.sides.index((order, liquidity, exec_ref_id))
            match.sides[place] = order, liquidity, told.exec_id or 0
            yield told
        now = {"trade_id": match.trade_id, "qty": qty, "price": price}
        yield Told("", "trade changed", symbol=match.symbol, **now)
        yield from self.cascade(match.symbol)

    def look_back(self, match: Match) -> None:
        """The last prices are those of the trades that there are."""
        symbol = match.symbol
        left = [m for m in self.matches.values() if m.symbol == symbol and m.qty]
        self.last.pop(symbol, None)
        if left:
            self.last[symbol] = left[-1].price, left[-1].qty
        if match.sides[0][1] == "auction":
            auctioned = [m.price for m in left if m.sides[0][1] == "auction"]
            self.states[symbol].auction_price = auctioned[-1] if auctioned else None

    def restore(self, order: Order, match: Match, was_live: bool) -> None:
        """What has not traded is there again, at the end of its price."""
        if not was_live and not self.may_return(order, match):
            order.ended = "canceled"
            return
        order.ended = None
        order.place = next(self.places)
        order.show(order.display_qty)

    def shrink(self, order: Order) -> None:
        order.slice = min(order.slice, order.leaves_qty)
        if not order.leaves_qty:
            order.place = None

    def may_return(self, order: Order, match: Match) -> bool:
        """Whether a filled order may rest, and does not trade at once."""
        deadline = self.deadline(order) if order.time_in_force == "gtd" else None
        return (
            order.price is not None
            and order.time_in_force in RESTING_TIMES
            and match.trade_id >= self.first_of_day[order.symbol]
            and self.used[order.session].get(order.cl_ord_id) is order
            and not self.is_closed(order.symbol)
            and (deadline is None or deadline > self.time)
            and order.session not in self.away
            and not self.takeable(order)
        )
