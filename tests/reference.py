"""A naive matcher: what the venue has to do, written a second time and as plainly as possible.

It shares no code with the venue. All orders are in one list, and whose turn it is comes from
sorting that list. Prices are ticks, quantities lots, everything else words. Every method takes one
request and returns what the sessions are told of it, in order.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple


class Told(NamedTuple):
    """One thing that session `to` is told; None where it has no such field."""

    to: str
    what: str
    cl_ord_id: str
    orig_cl_ord_id: str | None = None
    exec_id: int | None = None
    order_id: int | None = None
    status: str | None = None
    symbol: str | None = None
    side: str | None = None
    ord_type: str | None = None
    time_in_force: str | None = None
    price: int | None = None
    order_qty: int | None = None
    leaves_qty: int | None = None
    cum_qty: int | None = None
    notional: int | None = None
    trade_id: int | None = None
    last_qty: int | None = None
    last_px: int | None = None
    liquidity: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Terms:
    """The limits of one instrument; the collar is in percent of the last or reference price."""

    reference_price: int
    min_qty: int
    max_qty: int
    collar: int


@dataclass(eq=False)
class Order:
    order_id: int
    session: str
    firm: str
    cl_ord_id: str
    symbol: str
    side: str
    ord_type: str
    time_in_force: str
    price: int | None
    order_qty: int
    cum_qty: int = 0
    notional: int = 0
    canceled: bool = False
    place: int = 0
    """Whoever has the lower place is served first."""

    @property
    def status(self) -> str:
        if self.cum_qty == self.order_qty:
            return "filled"
        if self.canceled:
            return "canceled"
        return "partially filled" if self.cum_qty else "new"

    @property
    def leaves_qty(self) -> int:
        return 0 if self.canceled else self.order_qty - self.cum_qty


class Reference:
    def __init__(self, terms: dict[str, Terms]) -> None:
        self.terms = terms
        self.orders: list[Order] = []
        self.last: dict[str, tuple[int, int]] = {}
        """Price and quantity of each symbol's last trade."""
        self.used: defaultdict[str, dict[str, Order | None]] = defaultdict(dict)
        """What each session used its ClOrdIDs for."""
        self.refused: set[tuple[str, str]] = set()
        """Ids of cancel and replace requests that were refused."""
        self.order_ids, self.exec_ids, self.trade_ids, self.places = (count(1) for _ in range(4))

    # The book

    def resting(self, symbol: str, side: str) -> list[Order]:
        """The orders of one side, whoever trades first at the front."""
        orders = [o for o in self.orders if (o.symbol, o.side) == (symbol, side) and o.leaves_qty]
        sign = -1 if side == "buy" else 1
        return sorted(orders, key=lambda o: (sign * (o.price or 0), o.place))

    def levels(self, symbol: str, side: str) -> list[tuple[int, int, int]]:
        """(price, quantity, number of orders) of one side, from the best price."""
        levels: dict[int, list[int]] = {}
        for order in self.resting(symbol, side):
            levels.setdefault(order.price or 0, []).append(order.leaves_qty)
        return [(price, sum(leaves), len(leaves)) for price, leaves in levels.items()]

    def takeable(self, order: Order) -> list[Order]:
        """The resting orders that `order` may trade with, in turn."""
        limit = order.price
        if order.side == "buy":
            offers = self.resting(order.symbol, "sell")
            return [o for o in offers if limit is None or (o.price or 0) <= limit]
        bids = self.resting(order.symbol, "buy")
        return [o for o in bids if limit is None or (o.price or 0) >= limit]

    def trade(self, order: Order) -> Iterator[Told]:
        """Trade what can be traded; what is left rests or is canceled."""
        available = sum(resting.leaves_qty for resting in self.takeable(order))
        if order.time_in_force != "fok" or available >= order.leaves_qty:
            while order.leaves_qty and self.takeable(order):
                resting = self.takeable(order)[0]
                yield from self.fill(order, resting)
        if order.leaves_qty:
            if order.ord_type == "limit" and order.time_in_force in ("day", "gtc"):
                order.place = next(self.places)
            else:
                order.canceled = True
                yield self.tell("canceled", order)

    def fill(self, aggressor: Order, resting: Order) -> Iterator[Told]:
        price = resting.price or 0
        qty = min(aggressor.leaves_qty, resting.leaves_qty)
        for order in (aggressor, resting):
            order.cum_qty += qty
            order.notional += qty * price
        self.last[aggressor.symbol] = price, qty
        trade = {"trade_id": next(self.trade_ids), "last_qty": qty, "last_px": price}
        yield self.tell("filled", aggressor, liquidity="removed", **trade)
        yield self.tell("filled", resting, liquidity="added", **trade)

    # Requests

    def new(self, session: str, firm: str, cl_ord_id: str, **order: Any) -> list[Told]:
        resend = order.pop("poss_resend")
        if cl_ord_id in self.used[session]:
            return self.rejected(session, cl_ord_id, "duplicate", resend)
        reason = self.beyond_limits(order["symbol"], order["order_qty"], order["price"])
        if reason:
            return self.rejected(session, cl_ord_id, reason, resend)
        entered = Order(next(self.order_ids), session, firm, cl_ord_id, **order)
        self.orders.append(entered)
        self.used[session][cl_ord_id] = entered
        return [self.tell("accepted", entered), *self.trade(entered)]

    def rejected(self, session: str, cl_ord_id: str, reason: str, resend: bool) -> list[Told]:
        """A new order that cannot be one."""
        if cl_ord_id in self.used[session]:
            reason = "duplicate"
        order = self.used[session].setdefault(cl_ord_id, None)
        if order and resend:
            return [self.tell("status", order, session, cl_ord_id)]
        if order:
            return [self.tell("duplicate", order, session, cl_ord_id, reason=reason)]
        ids = {"exec_id": next(self.exec_ids), "order_id": next(self.order_ids)}
        return [Told(session, "rejected", cl_ord_id, reason=reason, **ids)]

    def cancel(self, session: str, firm: str, cl_ord_id: str, **names: Any) -> list[Told]:
        order, answer = self.find(session, firm, cl_ord_id, **names)
        if order is None:
            return answer
        if (names["symbol"], names["side"]) != (order.symbol, order.side):
            return self.cancel_rejected(session, cl_ord_id, order, "other", **names)
        self.used[session][cl_ord_id] = order
        order.canceled = True
        told = [self.tell("canceled", order, session, cl_ord_id, orig_cl_ord_id=order.cl_ord_id)]
        if session != order.session:
            told.append(self.tell("canceled", order))
        return told

    def replace(self, session: str, firm: str, cl_ord_id: str, **names: Any) -> list[Told]:
        order, answer = self.find(session, firm, cl_ord_id, **names)
        if order is None:
            return answer
        time_in_force, price, qty = names["time_in_force"], names["price"], names["order_qty"]
        reason = None
        if (
            session != order.session
            or (names["symbol"], names["side"]) != (order.symbol, order.side)
            or names["ord_type"] != order.ord_type
            or time_in_force not in (None, "day", "gtc")
        ):
            reason = "other"
        elif qty > order.cum_qty:
            new_price = None if price == order.price else price
            reason = self.beyond_limits(order.symbol, qty, new_price)
            reason = "other" if reason == "quantity" else reason
        if reason:
            return self.cancel_rejected(session, cl_ord_id, order, reason, **names)
        keeps_place = price == order.price and qty <= order.order_qty
        orig_cl_ord_id, order.cl_ord_id = order.cl_ord_id, cl_ord_id
        self.used[session][cl_ord_id] = order
        order.time_in_force = time_in_force or order.time_in_force
        order.price = price
        order.order_qty = max(qty, order.cum_qty)
        told = [self.tell("replaced", order, orig_cl_ord_id=orig_cl_ord_id)]
        return told if keeps_place or not order.leaves_qty else [*told, *self.trade(order)]

    def refuse_cancel(self, session: str, firm: str, cl_ord_id: str, **names: Any) -> list[Told]:
        """A cancel or replace request with a fault of its own."""
        reason = names.pop("reason")
        order, answer = self.find(session, firm, cl_ord_id, **names)
        if order is None:
            return answer
        return self.cancel_rejected(session, cl_ord_id, order, reason, **names)

    def status(self, session: str, firm: str, cl_ord_id: str, order_id: int | None) -> list[Told]:
        order = self.named(session, firm, cl_ord_id, order_id)
        if order is None:
            return [Told(session, "unknown", cl_ord_id)]
        return [self.tell("status", order, session, cl_ord_id)]

    # Rules

    def named(self, session: str, firm: str, cl_ord_id: str, order_id: int | None) -> Order | None:
        if order_id is None:
            return self.used[session].get(cl_ord_id)
        return next((o for o in self.orders if (o.order_id, o.firm) == (order_id, firm)), None)

    def find(
        self, session: str, firm: str, cl_ord_id: str, **names: Any
    ) -> tuple[Order | None, list[Told]]:
        """The live order that a request names by its current id, or why there is none."""
        orig_cl_ord_id = names["orig_cl_ord_id"]
        order = self.named(session, firm, orig_cl_ord_id, names["order_id"])
        if cl_ord_id in self.used[session]:
            known = self.used[session][cl_ord_id]
            if known and names["poss_resend"]:
                return None, [self.tell("status", known, session, cl_ord_id)]
            reason = "duplicate"
        elif order is None:
            reason = "unknown order"
        elif not order.leaves_qty:
            reason = "too late"
        elif orig_cl_ord_id not in ("", order.cl_ord_id):
            reason = "unknown order"
        else:
            return order, []
        return None, self.cancel_rejected(session, cl_ord_id, order, reason, **names)

    def cancel_rejected(
        self, session: str, cl_ord_id: str, order: Order | None, reason: str, **names: Any
    ) -> list[Told]:
        """The id is used up but never was the order's; 41 names the last id accepted (D.2.c)."""
        orig = names["orig_cl_ord_id"]
        if order and (not orig or (session, orig) in self.refused):
            orig = order.cl_ord_id
        if cl_ord_id not in self.used[session]:
            self.used[session][cl_ord_id] = order
            self.refused.add((session, cl_ord_id))
        order_id, status = (order.order_id, order.status) if order else (None, "rejected")
        told = Told(session, "cancel rejected", cl_ord_id, orig, reason=reason)
        return [told._replace(order_id=order_id, status=status)]

    def beyond_limits(self, symbol: str, qty: int, price: int | None) -> str | None:
        terms = self.terms[symbol]
        if not terms.min_qty <= qty <= terms.max_qty:
            return "quantity"
        centre, _ = self.last.get(symbol, (terms.reference_price, 0))
        if price is not None and 100 * abs(price - centre) > terms.collar * centre:
            return "collar"
        return None

    def tell(
        self,
        what: str,
        order: Order,
        session: str | None = None,
        cl_ord_id: str | None = None,
        **extra: Any,
    ) -> Told:
        """Tell `session`, or else the owner, how `order` stands."""
        exec_id = 0 if what == "status" else next(self.exec_ids)
        fields = ("order_id", "status", "symbol", "side", "ord_type", "time_in_force", "price")
        numbers = ("order_qty", "leaves_qty", "cum_qty", "notional")
        state = {field: getattr(order, field) for field in fields + numbers}
        to = session or order.session, what, cl_ord_id or order.cl_ord_id
        return Told(*to, exec_id=exec_id, **state, **extra)
