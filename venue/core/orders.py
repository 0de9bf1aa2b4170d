"""Which order a request speaks of: OrderID(37), ClOrdID(11), OrigClOrdID(41) and what they were
used for.
"""

from collections import defaultdict
from itertools import chain, islice

from venue.core import commands as c
from venue.core import events as e
from venue.core.order import Order
from venue.core.reports import Ids, state
from venue.core.types import CxlRejReason, OrdStatus

CancelRequest = c.CancelOrder | c.ReplaceOrder | c.RefuseCancel


class ClOrdIds:
    """One session's memory of its own request ids over D, F, G and q, a trading day long.

    `orders` maps every id used to the order it spoke of, None where there was none (a refused new
    order, a cancel of an unknown one, a mass cancel). `refused` holds the ids of refused cancel and
    replace requests: they are used up, yet never became an id of the order.
    """

    __slots__ = ("_live", "_seen", "orders", "refused")

    def __init__(self) -> None:
        self.orders: dict[str, Order | None] = {}
        self.refused: set[str] = set()
        self._live: dict[int, Order] = {}
        self._seen = 0

    def live(self, session: str) -> list[Order]:
        """The session's live orders, the oldest first.

        O(those, and the ids used since last asked): nothing is kept up while orders come in.
        """
        known = chain(self._live.values(), islice(self.orders.values(), self._seen, None))
        self._live = {
            order.order_id: order
            for order in known
            if order is not None and order.leaves_qty and order.session == session
        }
        self._seen = len(self.orders)
        return list(self._live.values())

    def forget_ended(self) -> None:
        """Keep the ids that live orders have had."""
        self.orders = {
            cl_ord_id: order
            for cl_ord_id, order in self.orders.items()
            if order is not None and order.live and cl_ord_id not in self.refused
        }
        self.refused.clear()
        self._live, self._seen = {}, 0


class Orders:
    """Every order of the trading day and those still live, by OrderID(37) and by each session's
    ClOrdIDs.
    """

    def __init__(self, ids: Ids) -> None:
        self.ids = ids
        self.by_id: dict[int, Order] = {}
        self.clients: defaultdict[str, ClOrdIds] = defaultdict(ClOrdIds)

    def locate(self, command: CancelRequest | c.RequestStatus, cl_ord_id: str) -> Order | None:
        """The firm's order by OrderID(37), or where that is absent the session's by any of its
        ids.
        """
        if not command.order_id:
            client = self.clients.get(command.session)
            return None if client is None else client.orders.get(cl_ord_id)
        if not command.order_id.isdecimal() or len(command.order_id) > 18:
            return None
        order = self.by_id.get(int(command.order_id))
        return order if order is not None and order.firm == command.firm else None

    def live(self, session: str) -> list[Order]:
        """A session's live orders, the oldest first."""
        client = self.clients.get(session)
        return [] if client is None else client.live(session)

    def forget_ended(self) -> None:
        """Keep what is live, and the ids it has had; every other id may be used again."""
        self.by_id = {key: order for key, order in self.by_id.items() if order.live}
        for session, client in list(self.clients.items()):
            client.forget_ended()
            if not client.orders:
                del self.clients[session]

    def find(self, command: CancelRequest) -> Order | e.Event:
        """The live order that a cancel or replace request names, or the answer that there is none.

        The request must name the order by its current id (D.1.a); an id that only a refused
        request had stands for the order that request spoke of (D.2.c), and is refused with the
        order's own id.
        """
        orders = self.clients[command.session].orders
        orig_cl_ord_id = command.orig_cl_ord_id
        if command.order_id:
            order = self.locate(command, orig_cl_ord_id)
        else:
            order = orders.get(orig_cl_ord_id)
        if command.cl_ord_id in orders:
            known = orders[command.cl_ord_id]
            if command.poss_resend and known is not None:
                return self.status(command, known)
            text = f"ClOrdID(11) {command.cl_ord_id} was used before"
            return self.reject_cancel(command, order, CxlRejReason.DUPLICATE_CL_ORD_ID, text)
        if order is None:
            field, value = "OrigClOrdID(41)", orig_cl_ord_id
            if command.order_id:
                field, value = "OrderID(37)", command.order_id
            text = f"{field} {value} names no order of yours"
            return self.reject_cancel(command, None, CxlRejReason.UNKNOWN_ORDER, text)
        if not order.leaves_qty:
            text = f"OrderID(37) {order.order_id} is already {order.ord_status.name.lower()}"
            return self.reject_cancel(command, order, CxlRejReason.TOO_LATE, text)
        if orig_cl_ord_id and orig_cl_ord_id != order.cl_ord_id:
            text = (
                f"OrigClOrdID(41) {orig_cl_ord_id} is not the current id {order.cl_ord_id}"
                f" of OrderID(37) {order.order_id}"
            )
            return self.reject_cancel(command, order, CxlRejReason.UNKNOWN_ORDER, text)
        return order

    def reject_cancel(
        self, command: CancelRequest, order: Order | None, reason: CxlRejReason, text: str
    ) -> e.CancelRejected:
        """Refuse a cancel or replace request and use up its ClOrdID(11)."""
        ids = self.clients[command.session]
        orig_cl_ord_id = command.orig_cl_ord_id
        if order is not None and (not orig_cl_ord_id or orig_cl_ord_id in ids.refused):
            orig_cl_ord_id = order.cl_ord_id
        if command.cl_ord_id not in ids.orders:
            ids.orders[command.cl_ord_id] = order
            ids.refused.add(command.cl_ord_id)
        return e.CancelRejected(
            command.session,
            command.firm,
            command.cl_ord_id,
            orig_cl_ord_id,
            None if order is None else order.order_id,
            OrdStatus.REJECTED if order is None else order.ord_status,
            command.response_to,
            reason,
            text,
        )

    def status(
        self, command: c.Command, order: Order, ord_status_req_id: str = ""
    ) -> e.OrderStatusReported:
        """Tell the asking session how `order` stands, under the request's own ClOrdID(11)
        (G.1.c).
        """
        assert isinstance(command, c.NewOrder | c.RefuseOrder | CancelRequest | c.RequestStatus)
        found = state(order, 0, command.session, command.cl_ord_id)
        return e.OrderStatusReported(*found, ord_status_req_id)
