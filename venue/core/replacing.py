"""Replace requests: what may change of a live order, and what that does to its place (C.1.a to
D.2.c).
"""

import msgspec

from venue.core import commands as c
from venue.core import events as e
from venue.core.auction import FOR_AUCTIONS
from venue.core.events import Event
from venue.core.market import Market, Refusal
from venue.core.order import Order
from venue.core.order_entry import mismatch, refuses_post_only
from venue.core.orders import Orders
from venue.core.qualifiers import NO_CHANGES, PLAIN, Changes, Qualifiers
from venue.core.reports import executed
from venue.core.risk import Risk
from venue.core.trading import Trading
from venue.core.trading_day import TradingDay
from venue.core.types import (
    CxlRejReason,
    OrdRejReason,
    OrdType,
    PostOnly,
    TimeInForce,
)

RESTING = {"0": TimeInForce.DAY, "1": TimeInForce.GTC, "6": TimeInForce.GTD}
"""The TimeInForce(59) that an order may be given, by code."""
CXL_REJ_REASON = {OrdRejReason.PRICE_EXCEEDS_BAND: CxlRejReason.PRICE_EXCEEDS_BAND}
ALSO_LIMIT = (OrdType.LIMIT_IF_TOUCHED, OrdType.MARKET_WITH_LEFT_OVER_AS_LIMIT)
"""What a replace request may also call a limit order."""


class Replacing:
    """Carries out G."""

    def __init__(self, trading: Trading, orders: Orders, day: TradingDay, risk: Risk) -> None:
        self.trading = trading
        self.orders = orders
        self.day = day
        self.risk = risk
        self.ids = orders.ids

    def replace_order(self, command: c.ReplaceOrder) -> list[Event]:
        """Change the terms of a live order.

        A smaller quantity at the same price keeps its place; a quantity of at most CumQty(14)
        leaves the order filled (C.3.b, C.3.c); anything else queues anew and may trade.
        """
        order = self.orders.find(command)
        if not isinstance(order, Order):
            return [order]
        market = self.trading.markets[order.symbol]
        time_in_force, qualifiers = _terms_after(command, order)
        refusal = self._refuses(command, order, market, time_in_force, qualifiers)
        if refusal is not None:
            return [self.orders.reject_cancel(command, order, *refusal)]
        orig_cl_ord_id, order.cl_ord_id = order.cl_ord_id, command.cl_ord_id
        self.orders.use(order.session, order.cl_ord_id, order)
        stays = self._rewrite(command, order, market, time_in_force, qualifiers)
        replaced = executed(order, self.ids)
        events: list[Event] = [e.OrderReplaced(*replaced, orig_cl_ord_id)]
        if not stays and order.leaves_qty and order.working:
            reprice = qualifiers is not None and qualifiers.post_only is PostOnly.REPRICE
            if reprice and market.open:
                self.trading.step_back(market, order, events)
            self.trading.work(market, order, events)
        if market.waiting.orders:
            self.trading.settle(market, events)
        return events

    def _rewrite(
        self,
        command: c.ReplaceOrder,
        order: Order,
        market: Market,
        time_in_force: TimeInForce,
        qualifiers: Qualifiers | None,
    ) -> bool:
        """Give `order` its new terms, and tell whether it stays where it is.

        If not, it is out of the book, or waits at a new place.
        """
        before, after = order.qualifiers or PLAIN, qualifiers or PLAIN
        qty = max(command.order_qty, order.cum_qty)
        stays = (
            (command.price == order.price or not order.working)
            and after.stop_px == before.stop_px
            and order.cum_qty < qty <= order.order_qty
            and not (order.working and _shows_more(before, after))
        )
        shown_qty, hidden_qty = order.shown_qty, order.hidden_qty
        if order.time_in_force is TimeInForce.GTD:
            self.day.forget(order)
        if not stays:
            self.trading.withdraw(order)
        order.replace(command.price, qty)
        order.time_in_force, order.qualifiers = time_in_force, qualifiers
        if stays and order.level is not None:
            order.show(after.display_qty)
            order.hidden_qty = max(order.hidden_qty, order.leaves_qty - shown_qty)
            side = market.book.side(order.side)
            side.reduce(order, shown_qty - order.shown_qty, hidden_qty - order.hidden_qty)
        if order.leaves_qty:
            if not stays and not order.working:
                market.waiting.add(order)
            if time_in_force is TimeInForce.GTD:
                self.day.remember(order)
        return stays

    def _refuses(
        self,
        command: c.ReplaceOrder,
        order: Order,
        market: Market,
        time_in_force: TimeInForce,
        qualifiers: Qualifiers | None,
    ) -> tuple[CxlRejReason, str] | None:
        """Why the order cannot be had as requested, None where it can."""
        changes, before = command.changes or NO_CHANGES, order.qualifiers or PLAIN
        closed = market.is_closed()
        text = (
            (closed and closed[1])
            or mismatch(command, order)
            or _forbidden(command, order)
            or _unchangeable(changes, order, market)
        )
        if text is None and time_in_force is TimeInForce.GTD:
            text = self.day.refuses(qualifiers or PLAIN)
        dated = changes.expire_date or changes.expire_time
        if text is None and dated and time_in_force is not TimeInForce.GTD:
            name = "ExpireDate(432)" if changes.expire_date else "ExpireTime(126)"
            text = f"{name} contradicts TimeInForce(59) {time_in_force}, only 6 has a date"
        if text is not None:
            return CxlRejReason.OTHER, text
        if command.order_qty <= order.cum_qty:
            return None
        stop_px = None if qualifiers is None or order.working else qualifiers.stop_px
        unchanged = command.price == order.price and (order.working or stop_px == before.stop_px)
        price = None if unchanged else command.price
        awaited = None
        if stop_px is not None and qualifiers is not None:
            awaited = market.awaited(order.side, order.ord_type, qualifiers)
        refusal: Refusal | None = market.refuses(command.order_qty, price, awaited)
        if refusal is None and qualifiers is not None:
            refusal = market.refuses_display(command.order_qty, qualifiers)
        if refusal is None and not order.working and command.order_qty < before.min_qty:
            least, qty = map(market.instrument.qty.text, (before.min_qty, command.order_qty))
            text = f"OrderQty(38) {qty} is less than MinQty(110) {least}"
            refusal = OrdRejReason.INCORRECT_QUANTITY, text
        if refusal is not None:
            return CXL_REJ_REASON.get(refusal[0], CxlRejReason.OTHER), refusal[1]
        post_only = None if qualifiers is None else qualifiers.post_only
        if order.working and market.open and post_only is not None:
            text = refuses_post_only(market, order.side, command.price, post_only)
        if text is None and self.risk.checks:
            refusal = self.risk.refuses_replace(command, order, market, qualifiers)
            if refusal is not None:
                return CXL_REJ_REASON.get(refusal[0], CxlRejReason.OTHER), refusal[1]
        return None if text is None else (CxlRejReason.OTHER, text)


def _terms_after(command: c.ReplaceOrder, order: Order) -> tuple[TimeInForce, Qualifiers | None]:
    """The order's time in force and qualifiers if the request is granted."""
    time_in_force = order.time_in_force
    if command.time_in_force is not None:
        time_in_force = RESTING.get(command.time_in_force, time_in_force)
    changes, qualifiers = command.changes, order.qualifiers
    if changes is None and time_in_force is order.time_in_force:
        return time_in_force, qualifiers
    changes, qualifiers = changes or NO_CHANGES, qualifiers or PLAIN
    dated = time_in_force is TimeInForce.GTD
    redated = not dated or changes.expire_date or changes.expire_time
    display_qty, refresh_qty = qualifiers.display_qty, qualifiers.refresh_qty
    if changes.display_qty is not None:
        display_qty = refresh_qty = changes.display_qty
    if changes.refresh_qty is not None and display_qty:
        refresh_qty = changes.refresh_qty
    after = msgspec.structs.replace(
        qualifiers,
        stop_px=qualifiers.stop_px if changes.stop_px is None else changes.stop_px,
        expire_date=changes.expire_date if redated else qualifiers.expire_date,
        expire_time=changes.expire_time if redated else qualifiers.expire_time,
        display_qty=display_qty,
        refresh_qty=refresh_qty,
    )
    return time_in_force, None if order.qualifiers is None and after == PLAIN else after


def _forbidden(command: c.ReplaceOrder, order: Order) -> str | None:
    """Why the request cannot be one for this order."""
    if command.session != order.session:
        return f"OrderID(37) {order.order_id} was entered by session {order.session}"
    also_limit = order.ord_type in ALSO_LIMIT and command.ord_type == OrdType.LIMIT
    if command.ord_type != order.ord_type and not also_limit:
        asked, is_now = _named(command.ord_type), _named(order.ord_type)
        return f"OrdType(40) {asked} does not match the order's {is_now}"
    fixed = order.time_in_force in FOR_AUCTIONS
    allowed = order.time_in_force.value if fixed else ", ".join(RESTING)
    if command.time_in_force is not None and command.time_in_force not in allowed.split(", "):
        return f"TimeInForce(59) {command.time_in_force} of a resting order: only {allowed}"
    if command.price is None and order.price is not None:
        return f"Price(44) is required for OrdType(40) {command.ord_type}"
    if command.price is not None and order.price is None:
        return f"Price(44) contradicts OrdType(40) {command.ord_type}, which has no price"
    return None


def _named(ord_type: str) -> str:
    """OrdType(40) as a client says it."""
    if ord_type == OrdType.LIMIT_IF_TOUCHED:
        return f"{OrdType.LIMIT} with TriggerType(1100)"
    return ord_type


def _unchangeable(changes: Changes, order: Order, market: Market) -> str | None:
    """What the request would change, and cannot."""
    qualifiers = order.qualifiers or PLAIN
    instrument = market.instrument
    fixed = order.working or qualifiers.stop_px is None
    if fixed and changes.stop_px not in (None, qualifiers.stop_px):
        stop_px = instrument.price.text(changes.stop_px)
        if qualifiers.stop_px is None:
            return f"StopPx(99) {stop_px} contradicts OrdType(40) {order.ord_type}"
        return f"StopPx(99) {stop_px}: the order has triggered"
    shows_all = not (qualifiers.display_qty if changes.display_qty is None else changes.display_qty)
    if changes.refresh_qty and shows_all:
        return f"RefreshQty(1088) {instrument.qty.text(changes.refresh_qty)} needs DisplayQty(1138)"
    if changes.min_qty not in (None, qualifiers.min_qty):
        was, now = map(instrument.qty.text, (qualifiers.min_qty, changes.min_qty))
        return f"MinQty(110) {now} does not match the order's {was}"
    prevention_id = changes.self_match_prevention_id
    if prevention_id not in (None, qualifiers.self_match_prevention_id):
        return f"SelfMatchPreventionID(2362) {prevention_id} does not match the order's"
    instruction = changes.self_match_prevention_instruction
    if instruction not in (None, qualifiers.self_match_prevention_instruction):
        return f"SelfMatchPreventionInstruction(2964) {instruction} does not match the order's"
    for given, has, code in (
        (changes.post_only, qualifiers.post_only is not None, "6"),
        (changes.all_or_none, qualifiers.all_or_none, "G"),
        (changes.cancel_on_halt, qualifiers.cancel_on_halt, "K"),
    ):
        if given is not None and given is not has:
            return f"ExecInst(18) {code} {'given' if given else 'missing'}: it cannot be changed"
    return None


def _shows_more(before: Qualifiers, after: Qualifiers) -> bool:
    """Tell whether a larger part of the order would be seen; a display of 0 is all of it."""
    if not before.display_qty:
        return False
    return not after.display_qty or after.display_qty > before.display_qty
