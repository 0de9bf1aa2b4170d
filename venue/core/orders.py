"""Which order a request speaks of: OrderID(37), ClOrdID(11), OrigClOrdID(41) and what they were
used for.
"""

from collections.abc import Callable
from itertools import chain, islice

from venue.core import commands as c
from venue.core import events as e
from venue.core.order import Order
from venue.core.reports import Ids, state
from venue.core.types import CxlRejReason, OrdStatus

CancelRequest = c.CancelOrder | c.ReplaceOrder | c.RefuseCancel

CL_ORD_IDS = 1_000_000
"""How many ids of a session are remembered where no `DefineRetention` says otherwise."""
PAGE = 1 << 15
"""Ids that are looked up at once where the oldest are wanted: to find the first of a dict takes
longer the more were deleted before it, 2 ms where they were a million."""


class ClOrdIds:
    """One session's memory of its own request ids over D, F, G and q: a trading day long, or as far
    back as `Orders` allows.

    `orders` maps ids used, in the order in which they may be forgotten, to the order each spoke of,
    None where there was none (a refused new order, a cancel of an unknown one, a mass cancel).
    `refused` holds the ids of refused cancel and replace requests: they are used up, yet never
    became an id of the order. `firm` and `account` are those of the last order, which the next
    mostly shares.
    """

    __slots__ = (
        "_gone",
        "_live",
        "_oldest",
        "_seen",
        "account",
        "firm",
        "orders",
        "refused",
        "session",
    )

    def __init__(self, session: str) -> None:
        self.session = session
        self.firm = self.account = ""
        self.orders: dict[str, Order | None] = {}
        self.refused: set[str] = set()
        self._begin_anew()

    def _begin_anew(self) -> None:
        """Know nothing of `orders`: `_gone` ids were taken from its front, `_seen` is how many were
        used when last asked for live ones, `_oldest` its first ids, backwards.
        """
        self._gone = self._seen = 0
        self._live: dict[int, Order] = {}
        self._oldest: list[str] = []

    def live(self) -> list[Order]:
        """The session's live orders, the oldest first.

        O(those, and the ids used since last asked): nothing is kept up while orders come in.
        """
        used = self._gone + len(self.orders)
        unseen = islice(reversed(self.orders.values()), used - self._seen)
        found = {
            order.order_id: order
            for order in chain(self._live.values(), unseen)
            if order is not None and order.leaves_qty and order.session == self.session
        }
        self._live, self._seen = dict(sorted(found.items())), used
        return list(self._live.values())

    def revive(self, order: Order) -> None:
        """An order of this session that had ended is live again."""
        self._live[order.order_id] = order

    def forget_oldest(self) -> Order | None:
        """Forget the oldest id, and return the order it spoke of.

        The present id of a live order is kept, as if it had been used just now: None.
        """
        if not self._oldest:
            self._oldest = list(islice(self.orders, PAGE))
            self._oldest.reverse()
        cl_ord_id = self._oldest.pop()
        order = self.orders.pop(cl_ord_id)
        self._gone += 1
        if order is not None and order.leaves_qty and order.cl_ord_id == cl_ord_id:
            self.orders[cl_ord_id] = order
            return None
        self.refused.discard(cl_ord_id)
        return order

    def forget_ended(self) -> None:
        """Keep the ids that live orders have had, and count them."""
        self.orders = {
            cl_ord_id: order
            for cl_ord_id, order in self.orders.items()
            if order is not None and order.leaves_qty and cl_ord_id not in self.refused
        }
        self.refused.clear()
        for order in self.orders.values():
            assert order is not None
            order.names += 1
        self._begin_anew()


class Clients(dict[str, ClOrdIds]):
    """Every session's memory, made when it is first needed."""

    def __missing__(self, session: str) -> ClOrdIds:
        ids = self[session] = ClOrdIds(session)
        return ids


class Orders:
    """Every order of the trading day and those still live, by OrderID(37) and by each session's
    ClOrdIDs.

    Of a session that has used more than `cl_ord_ids` the oldest are forgotten, but for the present
    ids of live orders, two at most with each new one. An order that has ended is forgotten with the
    last of its ids; `forgotten` is told of it.
    """

    def __init__(self, ids: Ids) -> None:
        self.ids = ids
        self.cl_ord_ids = CL_ORD_IDS
        self.by_id: dict[int, Order] = {}
        self.clients = Clients()
        self.forgotten: Callable[[Order], None] = lambda order: None

    def use(self, session: str, cl_ord_id: str, order: Order | None) -> None:
        """Remember that a request, which spoke of `order`, has used up a ClOrdID(11)."""
        client = self.clients[session]
        client.orders[cl_ord_id] = order
        if order is not None:
            order.names += 1
        if len(client.orders) > self.cl_ord_ids:
            self.forget_oldest(client)

    def forget_oldest(self, client: ClOrdIds) -> None:
        """Bring what is remembered of a session nearer to its bound: O(1), two ids at most."""
        for _ in range(2):
            if len(client.orders) > self.cl_ord_ids:
                order = client.forget_oldest()
                if order is not None:
                    order.names -= 1
                    if not order.names:
                        del self.by_id[order.order_id]
                        self.forgotten(order)

    def locate(self, command: CancelRequest | c.RequestStatus, cl_ord_id: str) -> Order | None:
        """The firm's order by OrderID(37), or where that is absent the session's by any of its
        ids: a session that trades for another firm now has none of those it had.
        """
        order = None
        if not command.order_id:
            client = self.clients.get(command.session)
            if client is not None:
                order = client.orders.get(cl_ord_id)
        elif command.order_id.isdecimal() and len(command.order_id) <= 18:
            order = self.by_id.get(int(command.order_id))
        return order if order is not None and order.firm == command.firm else None

    def knows(self, order: Order) -> bool:
        """Whether an order is remembered under its present ClOrdID(11)."""
        client = self.clients.get(order.session)
        return client is not None and client.orders.get(order.cl_ord_id) is order

    def revive(self, order: Order) -> None:
        """An order that had ended, and that it `knows`, is live again."""
        self.clients[order.session].revive(order)

    def live(self, session: str) -> list[Order]:
        """A session's live orders, the oldest first."""
        client = self.clients.get(session)
        return [] if client is None else client.live()

    def forget_ended(self) -> None:
        """Keep what is live, and the ids it has had; every other id may be used again."""
        self.by_id = {key: order for key, order in self.by_id.items() if order.leaves_qty}
        for order in self.by_id.values():
            order.names = 0
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
        order = self.locate(command, orig_cl_ord_id)
        if command.cl_ord_id in orders:
            known = orders[command.cl_ord_id]
            if command.poss_resend and known is not None and known.firm == command.firm:
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
            ids.refused.add(command.cl_ord_id)
            self.use(command.session, command.cl_ord_id, order)
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
