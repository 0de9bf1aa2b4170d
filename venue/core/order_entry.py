"""The life of an order: what each request does to it and how the venue answers.

The rules are FIX 4.4's order state changes (volume 4, appendix D; the letters in docstrings are its
scenarios) for a venue that answers at once. Codes and texts of refusals stand in fixspec/RULES.md.
"""

from venue.core import commands as c
from venue.core import events as e
from venue.core.events import Event
from venue.core.market import Market, Refusal
from venue.core.matching import match
from venue.core.order import Order
from venue.core.orders import Orders
from venue.core.reports import state
from venue.core.types import CxlRejReason, OrdRejReason, OrdType, Side, TimeInForce

BUY = Side.BUY
MARKET = OrdType.MARKET
FOK = TimeInForce.FOK
RESTING = {"0": TimeInForce.DAY, "1": TimeInForce.GTC}
"""The TimeInForce(59) that may rest, by code."""
CXL_REJ_REASON = {OrdRejReason.PRICE_EXCEEDS_BAND: CxlRejReason.PRICE_EXCEEDS_BAND}


class OrderEntry:
    """Carries out D, F, G and H, and the refusals that the border already decided."""

    def __init__(self, markets: dict[str, Market], orders: Orders) -> None:
        self.markets = markets
        self.orders = orders
        self.ids = orders.ids

    def new_order(self, command: c.NewOrder) -> list[Event]:
        """Accept, match, and rest or cancel what is left (A.1.a, I.1.a, I.1.b)."""
        session, cl_ord_id = command.session, command.cl_ord_id
        used = self.orders.clients[session].orders
        market = self.markets[command.symbol]
        qty = command.order_qty
        if cl_ord_id in used:
            return self.refuse_order(_refused(command, market))
        refusal = market.refuses(qty, command.price)
        if refusal is not None:
            return self.refuse_order(_refused(command, market, *refusal))
        ids = self.ids
        ids.order_id += 1
        ids.exec_id += 1
        order = Order(
            ids.order_id,
            session,
            command.firm,
            cl_ord_id,
            command.symbol,
            command.side,
            command.ord_type,
            command.time_in_force,
            command.price,
            qty,
            qty,
            command.account,
        )
        used[cl_ord_id] = order
        self.orders.by_id.append(order)
        events: list[Event] = [e.OrderAccepted(*state(order, ids.exec_id, session, cl_ord_id))]
        self._work(market, order, events)
        return events

    def refuse_order(self, command: c.RefuseOrder) -> list[Event]:
        """Reject what is no order; where its ClOrdID(11) is known, for that (F.1.a, PossResend
        F.1.b).
        """
        used = self.orders.clients[command.session].orders
        reason, text = command.reason, command.text
        if command.cl_ord_id in used:
            reason = OrdRejReason.DUPLICATE_ORDER
            text = f"ClOrdID(11) {command.cl_ord_id} was used before"
        order = used.setdefault(command.cl_ord_id, None)
        if order is not None and command.poss_resend:
            return [self.orders.status(command, order)]
        ids = self.ids
        ids.exec_id += 1
        if order is not None:
            known = state(order, ids.exec_id, command.session, command.cl_ord_id)
            return [e.DuplicateRejected(*known, reason, text)]
        ids.order_id += 1
        self.orders.by_id.append(None)
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
        mismatch = _mismatch(command, order)
        if mismatch:
            return [self.orders.reject_cancel(command, order, CxlRejReason.OTHER, mismatch)]
        session, cl_ord_id = command.session, command.cl_ord_id
        self.orders.clients[session].orders[cl_ord_id] = order
        self.markets[order.symbol].book.side(order.side).remove(order, order.leaves_qty)
        order.cancel()
        self.ids.exec_id += 1
        canceled = state(order, self.ids.exec_id, session, cl_ord_id)
        events: list[Event] = [e.OrderCanceled(*canceled, order.cl_ord_id, None)]
        if session != order.session:
            events.append(self._dropped(order, f"canceled by {session}"))
        return events

    def replace_order(self, command: c.ReplaceOrder) -> list[Event]:
        """Change price, quantity or time in force of a live order (C.1.a to D.2.c).

        A smaller quantity at the same price keeps its place; a quantity of at most CumQty(14)
        leaves the order filled (C.3.b, C.3.c); anything else queues anew and may trade.
        """
        order = self.orders.find(command)
        if not isinstance(order, Order):
            return [order]
        market = self.markets[order.symbol]
        refusal = _refuses_replace(command, order, market)
        if refusal is not None:
            return [self.orders.reject_cancel(command, order, *refusal)]
        orig_cl_ord_id, order.cl_ord_id = order.cl_ord_id, command.cl_ord_id
        self.orders.clients[order.session].orders[order.cl_ord_id] = order
        if command.time_in_force is not None:
            order.time_in_force = RESTING[command.time_in_force]
        side = market.book.side(order.side)
        qty = max(command.order_qty, order.cum_qty)
        keeps_place = command.price == order.price and order.cum_qty < qty <= order.order_qty
        if keeps_place:
            side.reduce(order, order.order_qty - qty)
        else:
            side.remove(order, order.leaves_qty)
        order.replace(command.price, qty)
        self.ids.exec_id += 1
        replaced = state(order, self.ids.exec_id, order.session, order.cl_ord_id)
        events: list[Event] = [e.OrderReplaced(*replaced, orig_cl_ord_id)]
        if not keeps_place:
            self._work(market, order, events)
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

    def _work(self, market: Market, order: Order, events: list[Event]) -> None:
        """Trade `order` as far as it goes; what is left rests or is canceled, as its terms say."""
        book = market.book
        if order.side is BUY:
            own, opposite = book.bids, book.offers
        else:
            own, opposite = book.offers, book.bids
        text = "no more liquidity at this price"
        if opposite.meets(order.price):
            short = _fill_or_kill_shortage(market, order) if order.time_in_force is FOK else None
            if short is None:
                match(market, order, self.ids, events)
            text = short or text
        if order.leaves_qty:
            if order.time_in_force in RESTING and order.ord_type is not MARKET:
                own.add(order)
            else:
                order.cancel()
                events.append(self._dropped(order, text))

    def _dropped(self, order: Order, text: str) -> Event:
        """Tell the owner of a cancel that it did not ask for (E.1.b)."""
        self.ids.exec_id += 1
        dropped = state(order, self.ids.exec_id, order.session, order.cl_ord_id)
        return e.OrderCanceled(*dropped, None, text)


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


def _fill_or_kill_shortage(market: Market, order: Order) -> str | None:
    """Why a FillOrKill that crosses cannot be filled in whole, None where it can."""
    available = market.book.opposite(order.side).available(order.leaves_qty, order.price)
    if available >= order.leaves_qty:
        return None
    qty = market.instrument.qty.text
    return f"FillOrKill: {qty(available)} of {qty(order.leaves_qty)} available"


def _mismatch(command: c.CancelOrder | c.ReplaceOrder, order: Order) -> str | None:
    """Which field of the request contradicts the order it names (check 14)."""
    if command.symbol != order.symbol:
        return f"Symbol(55) {command.symbol} does not match the order's {order.symbol}"
    if command.side != order.side:
        return f"Side(54) {command.side} does not match the order's {order.side}"
    return None


def _refuses_replace(
    command: c.ReplaceOrder, order: Order, market: Market
) -> tuple[CxlRejReason, str] | None:
    text = _mismatch(command, order)
    if text is None and command.session != order.session:
        text = f"OrderID(37) {order.order_id} was entered by session {order.session}"
    if text is None and command.ord_type != order.ord_type:
        text = f"OrdType(40) {command.ord_type} does not match the order's {order.ord_type}"
    if text is None and command.time_in_force not in (None, *RESTING):
        text = f"TimeInForce(59) {command.time_in_force} of a resting order: only 0 or 1"
    if text is not None:
        return CxlRejReason.OTHER, text
    if command.order_qty <= order.cum_qty:
        return None
    price = None if command.price == order.price else command.price
    refusal: Refusal | None = market.refuses(command.order_qty, price)
    if refusal is None:
        return None
    return CXL_REJ_REASON.get(refusal[0], CxlRejReason.OTHER), refusal[1]
