"""What speaks of many orders at once: mass cancel, mass status, a session that comes and goes."""

import msgspec

from venue.core import commands as c
from venue.core import events as e
from venue.core.events import Event
from venue.core.order import Order
from venue.core.orders import Orders
from venue.core.reports import state
from venue.core.trading import Trading
from venue.core.types import (
    ExecRestatementReason,
    MassCancelRejectReason,
    MassScope,
    OrdRejReason,
    OrdStatus,
)

GONE = {
    ExecRestatementReason.CONNECTION_LOSS: "canceled: the connection was lost",
    ExecRestatementReason.LOGOUT: "canceled: the session logged out",
}


class MassActions:
    """Carries out q and AF, and the cancels of a session that is gone.

    `connected` are the sessions whose orders are canceled when they go, with their firms.
    """

    def __init__(self, trading: Trading, orders: Orders) -> None:
        self.trading = trading
        self.orders = orders
        self.ids = orders.ids
        self.connected: dict[str, str] = {}

    def mass_cancel(self, command: c.MassCancel) -> list[Event]:
        """Report how many orders end, then cancel them under the request's ClOrdID(11)."""
        unknown = command.scope is MassScope.SECURITY and (
            command.symbol not in self.trading.markets
        )
        used = command.cl_ord_id in self.orders.clients[command.session].orders
        if unknown or used:
            reason = MassCancelRejectReason.UNKNOWN_SECURITY
            text = f"Symbol(55) {command.symbol} is not traded here"
            refused = c.RefuseMassCancel(
                command.session,
                command.firm,
                command.cl_ord_id,
                command.scope,
                command.symbol,
                command.side or "",
                reason,
                text,
            )
            return self.refuse_mass_cancel(refused)
        found = self._found(command)
        events: list[Event] = [self._report(command, len(found), None, "")]
        for order in found:
            self.trading.end(order, OrdStatus.CANCELED)
            self.ids.exec_id += 1
            canceled = state(order, self.ids.exec_id, order.session, command.cl_ord_id)
            events.append(e.OrderCanceled(*canceled, order.cl_ord_id, None))
        self.trading.settle_all(events)
        return events

    def refuse_mass_cancel(self, command: c.RefuseMassCancel) -> list[Event]:
        reason, text = command.reason, command.text
        if command.cl_ord_id in self.orders.clients[command.session].orders:
            reason = MassCancelRejectReason.OTHER
            text = f"ClOrdID(11) {command.cl_ord_id} was used before"
        return [self._report(command, 0, reason, text)]

    def request_mass_status(self, command: c.RequestMassStatus) -> list[Event]:
        """Tell how each of the session's live orders stands."""
        found = self._found(command)
        mass_status_req_id, symbol = command.mass_status_req_id, command.symbol
        if not found:
            reason, text = OrdRejReason.UNKNOWN_ORDER, "this session has no such live order"
            if command.scope is MassScope.SECURITY and symbol not in self.trading.markets:
                reason = OrdRejReason.UNKNOWN_SYMBOL
                text = f"Symbol(55) {symbol} is not traded here"
            to = command.session, mass_status_req_id, symbol, command.side or ""
            return [e.NoOrdersReported(*to, reason, text)]
        last, total = found[-1], len(found)
        return [
            e.OrderStatusReported(
                *state(order, 0, order.session, order.cl_ord_id),
                "",
                mass_status_req_id,
                total,
                order is last,
            )
            for order in found
        ]

    def session_connected(self, command: c.SessionConnected) -> list[Event]:
        if command.cancel_on_disconnect:
            self.connected[command.session] = command.firm
        else:
            self.connected.pop(command.session, None)
        return []

    def session_disconnected(self, command: c.SessionDisconnected) -> list[Event]:
        """Cancel the session's orders, if it wants that; the witnesses get the same reports."""
        if self.connected.pop(command.session, None) is None:
            return []
        events: list[Event] = []
        for order in self.orders.live(command.session):
            self.trading.end(order, OrdStatus.CANCELED)
            canceled = self.trading.dropped(order, GONE[command.reason], command.reason)
            events.append(canceled)
            for witness in command.witnesses:
                events.append(msgspec.structs.replace(canceled, session=witness))
        self.trading.settle_all(events)
        return events

    def _found(self, command: c.MassCancel | c.RequestMassStatus) -> list[Order]:
        return [
            order
            for order in self.orders.live(command.session)
            if (command.scope is MassScope.ALL or order.symbol == command.symbol)
            and (command.side is None or order.side is command.side)
        ]

    def _report(
        self,
        command: c.MassCancel | c.RefuseMassCancel,
        total_affected_orders: int,
        reason: MassCancelRejectReason | None,
        text: str,
    ) -> e.MassCancelReported:
        """Answer the request, and use up its ClOrdID(11)."""
        self.orders.clients[command.session].orders.setdefault(command.cl_ord_id, None)
        self.ids.order_id += 1
        return e.MassCancelReported(
            command.session,
            self.ids.order_id,
            command.cl_ord_id,
            command.scope,
            command.symbol,
            command.side or "",
            total_affected_orders,
            reason,
            text,
        )
