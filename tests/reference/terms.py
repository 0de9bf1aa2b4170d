"""What may be asked of an order when it is entered or replaced, and how it begins."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.reference.collars import CALLS
from tests.reference.matching import RESTING_TIMES, TRIGGERED
from tests.reference.order import Order, Told
from tests.reference.phases import Phases

ALSO_LIMIT = ("limit if touched", "market with left over as limit")
"""What a replace request may call a limit order."""


class Conditions(Phases):
    def refuses(self, order: Order) -> str | None:
        """Why `order` is no order."""
        reason = self.is_closed(order.symbol) or self.beyond_limits(order, order.price)
        reason = reason or self.does_not_suit_the_phase(order)
        if reason:
            return reason
        deadline = self.deadline(order)
        if deadline is not None and deadline <= self.time:
            return "other"
        return "other" if self.cannot_only_add(order) else None

    def is_closed(self, symbol: str) -> str | None:
        """Whether nobody may enter or change orders now."""
        state = self.states[symbol]
        if not state.listed:
            return "unknown symbol"
        return None if state.phase in ("continuous", *CALLS) else "exchange closed"

    def does_not_suit_the_phase(self, order: Order) -> str | None:
        state = self.states[order.symbol]
        if order.time_in_force == "at the opening" and state.phase not in CALLS[:2]:
            return "too late to enter"
        at_once = order.time_in_force in ("ioc", "fok") or order.post_only is not None
        wants_much = order.min_qty and order.ord_type not in TRIGGERED
        return "exchange closed" if not state.is_open and (at_once or wants_much) else None

    def beyond_limits(self, order: Order, price: int | None) -> str | None:
        """Whether its quantity, or `price` if that is one, is out of bounds."""
        terms = self.terms[order.symbol]
        if not terms.min_qty <= order.order_qty <= terms.max_qty:
            return "quantity"
        centre = self.last_price(order.symbol)
        waits = order.waiting or not order.order_id
        if order.stop_px is not None and waits and not self.is_there_already(order):
            centre = order.stop_px
        if price is not None and 100 * abs(price - centre) > terms.collar * centre:
            return "collar"
        if order.display_qty and 100 * min(order.display_qty, order.refresh_qty) < order.order_qty:
            return "quantity"
        return None

    def is_there_already(self, order: Order) -> bool:
        """Whether the price that `order` would wait for has come; the last one stays in a call."""
        if order.trigger_price_type == "last trade":
            return self.meets(order, self.last.get(order.symbol, (None, 0))[0])
        return self.is_met(order)

    def crosses(self, order: Order) -> bool:
        """Whether it would take liquidity, were it to enter the book now."""
        at_once = self.states[order.symbol].is_open and order.time_in_force != "at the close"
        return at_once and bool(self.takeable(order))

    def cannot_only_add(self, order: Order) -> bool:
        """Whether a post-only order would take, and is not to be or cannot be repriced."""
        if order.post_only is None or not self.crosses(order):
            return False
        return order.post_only == "refuse" or self.beside(order) < 1

    def beside(self, order: Order) -> int:
        """One tick from the best opposite price."""
        return (self.opposite(order)[0].price or 0) - order.sign

    def enter(self, order: Order) -> Iterator[Told]:
        for_close = order.time_in_force == "at the close"
        closing = self.states[order.symbol].phase == "closing auction"
        order.waiting = order.ord_type in TRIGGERED or (for_close and not closing)
        order.age = next(self.ages)
        yield self.tell("accepted", order)
        yield from self.begin(order)

    def begin(self, order: Order) -> Iterator[Told]:
        """Let an order that was entered or replaced do what it can do at once."""
        if not order.waiting:
            yield from self.reprice(order)
            yield from self.trade(order)
        elif order.ord_type in TRIGGERED and self.is_met(order):
            yield from self.trigger(order)

    def reprice(self, order: Order) -> Iterator[Told]:
        if order.post_only == "reprice" and self.crosses(order):
            order.price = self.beside(order)
            yield self.tell("restated", order, reason="repricing")

    # Replacing

    def refuses_change(
        self,
        order: Order,
        session: str,
        *,
        symbol: str,
        side: str,
        ord_type: str,
        time_in_force: str | None,
        price: int | None,
        order_qty: int,
        changes: dict[str, Any] | None,
        **_: Any,
    ) -> str | None:
        """Why `order` cannot be had so."""
        changes = changes or {}
        same_type = ord_type == order.ord_type or (
            ord_type == "limit" and order.ord_type in ALSO_LIMIT
        )
        if (
            self.is_closed(order.symbol)
            or session != order.session
            or (symbol, side) != (order.symbol, order.side)
            or not same_type
            or (price is None) != (order.price is None)
            or self.changes_the_unchangeable(order, changes)
        ):
            return "other"
        fixed = order.time_in_force.startswith("at the")
        times = (order.time_in_force,) if fixed else RESTING_TIMES
        if time_in_force not in (None, *times):
            return "other"
        after = self.changed(order, price, order_qty, time_in_force, changes)
        dated = changes.get("expire_date") or changes.get("expire_time")
        if dated and after.time_in_force != "gtd":
            return "other"
        if after.time_in_force == "gtd":
            if not (after.expire_date or after.expire_time):
                return "other"
            if (self.deadline(after) or 0) <= self.time:
                return "other"
        if changes.get("refresh_qty") and not after.display_qty:
            return "other"
        if order_qty <= order.cum_qty:
            return None
        same = (after.price, after.stop_px) == (order.price, order.stop_px)
        reason = self.beyond_limits(after, None if same else price)
        if reason is None and self.cannot_only_add(after):
            reason = "other"
        if reason is None and order.waiting and order_qty < order.min_qty:
            reason = "other"
        return "other" if reason == "quantity" else reason

    def changes_the_unchangeable(self, order: Order, changes: dict[str, Any]) -> bool:
        fixed = {
            "min_qty": order.min_qty,
            "post_only": order.post_only is not None,
            "all_or_none": order.all_or_none,
            "cancel_on_halt": order.cancel_on_halt,
            "self_match_prevention_id": order.self_match_prevention_id,
            "self_match_prevention_instruction": order.self_match_prevention_instruction,
        }
        if not order.waiting or order.stop_px is None:
            fixed["stop_px"] = order.stop_px
        return any(changes.get(name) not in (None, value) for name, value in fixed.items())

    def changed(
        self,
        order: Order,
        price: int | None,
        order_qty: int,
        time_in_force: str | None,
        changes: dict[str, Any],
    ) -> Order:
        """What `order` would be with these changes."""
        after = replace(order, price=price, order_qty=max(order_qty, order.cum_qty))
        after.time_in_force = time_in_force or order.time_in_force
        if after.time_in_force != "gtd" or changes.get("expire_date") or changes.get("expire_time"):
            after.expire_date = changes.get("expire_date", "")
            after.expire_time = changes.get("expire_time", 0)
        if changes.get("stop_px") is not None:
            after.stop_px = changes["stop_px"]
        if changes.get("display_qty") is not None:
            after.display_qty = after.refresh_qty = changes["display_qty"]
        if changes.get("refresh_qty"):
            after.refresh_qty = changes["refresh_qty"]
        return after

    def change(
        self,
        order: Order,
        replaced: str,
        *,
        price: int | None,
        order_qty: int,
        time_in_force: str | None,
        changes: dict[str, Any] | None,
        **_: Any,
    ) -> Iterator[Told]:
        """A new trigger or a larger quantity waits behind all others. In the book, so does a new
        price and a larger display, and these orders may trade.
        """
        after = self.changed(order, price, order_qty, time_in_force, changes or {})
        more = after.order_qty > order.order_qty
        repriced = after.price != order.price
        shows_more = order.display_qty and not 0 < after.display_qty <= order.display_qty
        retriggered = after.stop_px != order.stop_px
        vars(order).update(vars(after))
        if not order.leaves_qty:
            order.place, order.slice = None, 0
        elif order.waiting:
            order.age = next(self.ages) if more or retriggered else order.age
        elif more or repriced or shows_more:
            order.place, order.slice = None, 0
        else:
            order.show(min(order.slice, order.display_qty or order.slice))
        yield self.tell("replaced", order, orig_cl_ord_id=replaced)
        if order.leaves_qty and order.place is None:
            yield from self.begin(order)
