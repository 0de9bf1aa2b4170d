"""New orders, cancels and status requests: how the venue answers each.

The rules are FIX 4.4's order state changes (volume 4, appendix D; the letters in docstrings are its
scenarios) for a venue that answers at once. Codes and texts of refusals stand in fixspec/RULES.md.
"""

from venue.core import commands as c
from venue.core import events as e
from venue.core.events import Event
from venue.core.exposure import own_price
from venue.core.market import Market, Refusal
from venue.core.order import Order
from venue.core.orders import Orders
from venue.core.qualifiers import PLAIN
from venue.core.reports import dropped, state
from venue.core.risk import Risk
from venue.core.trading import Trading
from venue.core.trading_day import TradingDay
from venue.core.types import (
    CxlRejReason,
    OrdRejReason,
    OrdStatus,
    OrdType,
    PostOnly,
    Side,
    TimeInForce,
)

LIMIT = OrdType.LIMIT
DAY = TimeInForce.DAY
GTC = TimeInForce.GTC
IOC = TimeInForce.IOC


class OrderEntry:
    """Carries out D, F and H, and the refusals that the border already decided."""

    def __init__(self, trading: Trading, orders: Orders, day: TradingDay, risk: Risk) -> None:
        self.trading = trading
        self.markets = trading.markets
        self.orders = orders
        self.day = day
        self.risk = risk
        self.ids = orders.ids

    def new_order(self, command: c.NewOrder) -> list[Event]:
        """Accept, match, and rest or cancel what is left (A.1.a, I.1.a, I.1.b); or wait (E.1.f)."""
        orders, cl_ord_id = self.orders, command.cl_ord_id
        client = orders.clients[command.session]
        used, session = client.orders, client.session
        market = self.markets[command.symbol]
        qty, ord_type, time_in_force = command.order_qty, command.ord_type, command.time_in_force
        qualifiers = command.qualifiers
        if cl_ord_id in used:
            return self.refuse_order(_refused(command, market))
        plain = (
            market.open
            and qualifiers is None
            and ord_type is LIMIT
            and (time_in_force is DAY or time_in_force is GTC or time_in_force is IOC)
        )
        if plain:
            refusal = market.refuses(qty, command.price)
        else:
            refusal = self._refuses_terms(command, market)
        is_another = command.account != client.account
        if refusal is None and is_another and command.account:
            refusal = self._refuses_account(command)
        if refusal is None and self.risk.checks:
            refusal = self.risk.refuses_order(command)
        if refusal is not None:
            return self.refuse_order(_refused(command, market, *refusal))
        ids = self.ids
        ids.order_id += 1
        if command.firm != client.firm:
            client.firm = command.firm
        if is_another:
            client.account = command.account
            if command.account:
                self.trading.trades.ledger.open_account(command.firm, command.account)
        order = Order(
            ids.order_id,
            session,
            client.firm,
            cl_ord_id,
            market.instrument.symbol,
            command.side,
            ord_type,
            time_in_force,
            command.price,
            qty,
            qty,
            client.account,
            qualifiers,
        )
        used[cl_ord_id] = orders.by_id[ids.order_id] = order
        if len(used) > orders.cl_ord_ids:
            orders.forget_oldest(client)
        if not plain:
            self._prepare(market, order)
        if self.risk.follows:
            price = command.price
            order.bounds, order.counted_qty = self.risk.asked, qty
            order.counted_px = own_price(None, qualifiers) if price is None else price
        ids.exec_id += 1
        events: list[Event] = [e.OrderAccepted(*state(order, ids.exec_id, session, cl_ord_id))]
        if plain:
            self.trading.work(market, order, events)
        elif order.working:
            self.trading.start(market, order, events)
        if market.waiting.orders:
            self.trading.settle(market, events)
        return events

    def _prepare(self, market: Market, order: Order) -> None:
        """Let an order wait that has to, and note when it expires."""
        if self.trading.waits(market, order):
            order.qualifiers = order.qualifiers or PLAIN
            market.waiting.add(order)
        if order.time_in_force is TimeInForce.GTD:
            self.day.remember(order)

    def refuse_order(self, command: c.RefuseOrder) -> list[Event]:
        """Reject what is no order; where its ClOrdID(11) is known, for that (F.1.a, PossResend
        F.1.b).
        """
        used = self.orders.clients[command.session].orders
        reason, text = command.reason, command.text
        order = used.get(command.cl_ord_id)
        if order is not None and order.firm != command.firm:
            order = None
        if command.cl_ord_id in used:
            reason = OrdRejReason.DUPLICATE_ORDER
            text = f"ClOrdID(11) {command.cl_ord_id} was used before"
        else:
            self.orders.use(command.session, command.cl_ord_id, None)
        if order is not None and command.poss_resend:
            return [self.orders.status(command, order)]
        ids = self.ids
        ids.exec_id += 1
        if order is not None:
            known = state(order, ids.exec_id, command.session, command.cl_ord_id)
            return [e.DuplicateRejected(*known, reason, text)]
        ids.order_id += 1
        return [
            e.OrderRejected(
                command.session,
                ids.exec_id,
                ids.order_id,
                command.firm,
                command.cl_ord_id,
                reason,
                text,
                command.symbol,
                command.side,
                command.ord_type,
                command.time_in_force,
                command.price,
                command.order_qty,
                command.account,
            )
        ]

    def cancel_order(self, command: c.CancelOrder) -> list[Event]:
        """Cancel what is left of a live order (B.1.a to B.1.f)."""
        order = self.orders.find(command)
        if not isinstance(order, Order):
            return [order]
        text = mismatch(command, order)
        if text is not None:
            return [self.orders.reject_cancel(command, order, CxlRejReason.OTHER, text)]
        session, cl_ord_id = command.session, command.cl_ord_id
        self.orders.use(session, cl_ord_id, order)
        market = self.markets[order.symbol]
        self.trading.end(order, OrdStatus.CANCELED)
        self.ids.exec_id += 1
        canceled = state(order, self.ids.exec_id, session, cl_ord_id)
        events: list[Event] = [e.OrderCanceled(*canceled, order.cl_ord_id, None)]
        if session != order.session:
            events.append(dropped(order, self.ids, f"canceled by {session}"))
        if market.waiting.orders:
            self.trading.settle(market, events)
        return events

    def refuse_cancel(self, command: c.RefuseCancel) -> list[Event]:
        """Reject a cancel or replace for its own fault, unless the order it names is one
        already.
        """
        order = self.orders.find(command)
        if not isinstance(order, Order):
            return [order]
        return [self.orders.reject_cancel(command, order, command.reason, command.text)]

    def request_status(self, command: c.RequestStatus) -> list[Event]:
        """Tell how an order stands (G.1.a, G.1.c)."""
        order = self.orders.locate(command, command.cl_ord_id)
        if order is not None:
            return [self.orders.status(command, order, command.ord_status_req_id)]
        return [
            e.UnknownStatusReported(
                command.session,
                command.cl_ord_id,
                command.symbol,
                command.side,
                command.ord_status_req_id,
            )
        ]

    def _refuses_account(self, command: c.NewOrder) -> Refusal | None:
        text = self.trading.trades.ledger.refuses(command.firm, command.account)
        return None if text is None else (OrdRejReason.UNKNOWN_ACCOUNT, text)

    def _refuses_terms(self, command: c.NewOrder, market: Market) -> Refusal | None:
        """Why an order cannot be had: within the limits, at this time, or in this book."""
        qualifiers, qty = command.qualifiers or PLAIN, command.order_qty
        ord_type, time_in_force = command.ord_type, command.time_in_force
        awaited = market.awaited(command.side, ord_type, qualifiers)
        refused = market.is_closed() or market.refuses(qty, command.price, awaited)
        refused = refused or market.refuses_display(qty, qualifiers)
        refused = refused or market.refuses_terms(ord_type, time_in_force, qualifiers)
        if refused is not None:
            return refused
        refusal = None
        if time_in_force is TimeInForce.GTD:
            refusal = self.day.refuses(qualifiers)
        at_once = time_in_force is not TimeInForce.AT_THE_CLOSE
        if refusal is None and at_once and qualifiers.post_only is not None:
            refusal = refuses_post_only(market, command.side, command.price, qualifiers.post_only)
        return None if refusal is None else (OrdRejReason.OTHER, refusal)


def _refused(
    command: c.NewOrder,
    market: Market,
    reason: OrdRejReason = OrdRejReason.OTHER,
    text: str = "",
) -> c.RefuseOrder:
    """The refusal of a well-formed order, its numbers turned back into text."""
    instrument = market.instrument
    return c.RefuseOrder(
        command.session,
        command.firm,
        command.cl_ord_id,
        reason,
        text,
        command.symbol,
        command.side,
        command.ord_type,
        command.time_in_force,
        "" if command.price is None else instrument.price.text(command.price),
        instrument.qty.text(command.order_qty),
        command.account,
        command.poss_resend,
    )


def refuses_post_only(
    market: Market, side: Side, price: int | None, post_only: PostOnly
) -> str | None:
    """Why an order that may only add liquidity cannot, None where it can."""
    opposite = market.book.opposite(side)
    if not opposite.meets(price):
        return None
    best = opposite.best
    assert best is not None and price is not None
    if post_only is PostOnly.REPRICE and best.price + opposite.sign > 0:
        return None
    text = market.instrument.price.text
    name = "offer" if side is Side.BUY else "bid"
    return (
        f"ExecInst(18) 6: Price(44) {text(price)} would trade with the best {name}"
        f" {text(best.price)}"
    )


def mismatch(command: c.CancelOrder | c.ReplaceOrder, order: Order) -> str | None:
    """Which field of the request contradicts the order it names (check 14)."""
    if command.symbol != order.symbol:
        return f"Symbol(55) {command.symbol} does not match the order's {order.symbol}"
    if command.side != order.side:
        return f"Side(54) {command.side} does not match the order's {order.side}"
    return None
