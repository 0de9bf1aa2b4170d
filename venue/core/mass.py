"""What speaks of many orders at once: mass cancel, mass status, a session that comes and goes."""

import msgspec

from venue.core import commands as c
from venue.core import events as e
from venue.core.events import Event
from venue.core.order import Order
from venue.core.orders import Orders
from venue.core.reports import dropped, state
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

    `connected` are the sessions whose orders are canceled when they go, with their firms, `away`
    those of which that was so when they went.
    """

    def __init__(self, trading: Trading, orders: Orders) -> None:
        self.trading = trading
        self.orders = orders
        self.ids = orders.ids
        self.connected: dict[str, str] = {}
        self.away: set[str] = set()

    def mass_cancel(self, command: c.MassCancel) -> list[Event]:
        """Report how many orders end, then cancel them under the request's ClOrdID(11)."""
        refusal = self._used_before(command)
        unknown = self._unknown_symbol(command)
        if refusal is None and unknown is not None:
            refusal = MassCancelRejectReason.UNKNOWN_SECURITY, unknown
        if refusal is not None:
            return [self._report(command, 0, *refusal)]
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
        refusal = self._used_before(command) or (command.reason, command.text)
        return [self._report(command, 0, *refusal)]

    def request_mass_status(self, command: c.RequestMassStatus) -> list[Event]:
        """Tell how each of the session's live orders stands."""
        found = self._found(command)
        mass_status_req_id = command.mass_status_req_id
        if not found:
            reason, text = OrdRejReason.UNKNOWN_ORDER, "this session has no such live order"
            unknown = self._unknown_symbol(command)
            if unknown is not None:
                reason, text = OrdRejReason.UNKNOWN_SYMBOL, unknown
            to = command.session, mass_status_req_id, command.symbol, command.side or ""
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
        self.away.discard(command.session)
        if command.cancel_on_disconnect:
            self.connected[command.session] = command.firm
        else:
            self.connected.pop(command.session, None)
        return []

    def session_disconnected(self, command: c.SessionDisconnected) -> list[Event]:
        """Cancel the session's orders, if it wants that; the witnesses get the same reports."""
        if self.connected.pop(command.session, None) is None:
            return []
        self.away.add(command.session)
        events: list[Event] = []
        for order in self.orders.live(command.session):
            self.trading.end(order, OrdStatus.CANCELED)
            canceled = dropped(order, self.ids, GONE[command.reason], command.reason)
            events.append(canceled)
            for witness in command.witnesses:
                events.append(msgspec.structs.replace(canceled, session=witness))
        self.trading.settle_all(events)
        return events

    def _used_before(
        self, command: c.MassCancel | c.RefuseMassCancel
    ) -> tuple[MassCancelRejectReason, str] | None:
        if command.cl_ord_id not in self.orders.clients[command.session].orders:
            return None
        return MassCancelRejectReason.OTHER, f"ClOrdID(11) {command.cl_ord_id} was used before"

    def _unknown_symbol(self, command: c.MassCancel | c.RequestMassStatus) -> str | None:
        if command.scope is MassScope.ALL or command.symbol in self.trading.markets:
            return None
        return f"Symbol(55) {command.symbol} is not traded here"

    def _found(self, command: c.MassCancel | c.RequestMassStatus) -> list[Order]:
        return [
            order
            for order in self.orders.live(command.session)
            if order.firm == command.firm
            and (command.scope is MassScope.ALL or order.symbol == command.symbol)
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
        if command.cl_ord_id not in self.orders.clients[command.session].orders:
            self.orders.use(command.session, command.cl_ord_id, None)
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
