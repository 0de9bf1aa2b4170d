"""Own orders as the venue's ExecutionReports tell them, and nothing else."""

from collections import deque
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from venue.client.codes import ENDED_ORD_STATUSES
from venue.client.events import ExecutionReport

ZERO = Decimal(0)
REPLACED, REJECTED, STATUS = "5", "8", "I"
UNKNOWN_ORDER, DUPLICATE_ORDER = "5", "6"


class Order(msgspec.Struct, kw_only=True):
    """An own order; cl_ord_id is the last one the venue accepted for it."""

    cl_ord_id: str
    cl_ord_ids: list[str]
    order_id: str
    symbol: str
    side: str
    ord_type: str | None = None
    time_in_force: str | None = None
    price: Decimal | None = None
    order_qty: Decimal = ZERO
    cum_qty: Decimal = ZERO
    leaves_qty: Decimal = ZERO
    avg_px: Decimal = ZERO
    ord_status: str = "0"
    text: str | None = None

    @property
    def is_working(self) -> bool:
        """Tell whether the order may still trade."""
        return self.ord_status not in ENDED_ORD_STATUSES


class OwnOrders:
    """Own orders, oldest first; `orders[cl_ord_id]` takes any id of an order's chain.

    Of the ended ones the latest `ended_kept` stay.
    """

    def __init__(self, ended_kept: int = 10_000) -> None:
        self._by_order_id: dict[str, Order] = {}
        self._by_cl_ord_id: dict[str, Order] = {}
        self._ended: deque[Order] = deque()
        self._ended_kept = ended_kept

    def __iter__(self) -> Iterator[Order]:
        return (order for id_, order in self._by_cl_ord_id.items() if id_ == order.cl_ord_ids[0])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, cl_ord_id: object) -> bool:
        return cl_ord_id in self._by_cl_ord_id

    def __getitem__(self, cl_ord_id: str) -> Order:
        return self._by_cl_ord_id[cl_ord_id]

    def get(self, cl_ord_id: str | None) -> Order | None:
        """Return the order an id of its chain belongs to, if the venue has reported it."""
        return None if cl_ord_id is None else self._by_cl_ord_id.get(cl_ord_id)

    @property
    def working(self) -> list[Order]:
        """Return the orders that may still trade."""
        return [order for order in self if order.is_working]

    def apply(self, report: ExecutionReport) -> None:
        """Bring the order of a report up to date."""
        if report.cl_ord_id is None or _is_about_no_order(report):
            return
        order = self._find(report)
        if order is None:
            order = Order(
                cl_ord_id=report.cl_ord_id,
                cl_ord_ids=[],
                order_id=report.order_id,
                symbol=report.symbol,
                side=report.side,
            )
            if report.order_id != "NONE":
                self._by_order_id[report.order_id] = order
        elif report.exec_type == REPLACED:
            order.cl_ord_id = report.cl_ord_id
        if report.cl_ord_id not in self._by_cl_ord_id:
            self._by_cl_ord_id[report.cl_ord_id] = order
            order.cl_ord_ids.append(report.cl_ord_id)
        was_working = order.is_working
        _copy(report, order)
        if was_working and not order.is_working:
            self._ended.append(order)
            if len(self._ended) > self._ended_kept:
                self._forget(self._ended.popleft())

    def _forget(self, order: Order) -> None:
        if not order.is_working:
            self._by_order_id.pop(order.order_id, None)
            for cl_ord_id in order.cl_ord_ids:
                self._by_cl_ord_id.pop(cl_ord_id, None)

    def _find(self, report: ExecutionReport) -> Order | None:
        by_id = self._by_order_id.get(report.order_id)  # OrderID stays for life, ClOrdID does not
        return by_id or self.get(report.orig_cl_ord_id) or self.get(report.cl_ord_id)


def _is_about_no_order(report: ExecutionReport) -> bool:
    if report.exec_type == REJECTED:
        return report.ord_rej_reason == DUPLICATE_ORDER
    return report.exec_type == STATUS and report.ord_rej_reason == UNKNOWN_ORDER


def _copy(report: ExecutionReport, order: Order) -> None:
    if report.order_qty is not None:
        order.order_qty = report.order_qty
    if report.price is not None:
        order.price = report.price
    order.ord_type = report.ord_type or order.ord_type
    order.time_in_force = report.time_in_force or order.time_in_force
    order.cum_qty = report.cum_qty
    order.leaves_qty = report.leaves_qty
    order.avg_px = report.avg_px
    order.ord_status = report.ord_status
    order.text = report.text
