"""Own orders as the venue's ExecutionReports tell them, and nothing else."""

from collections import deque
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from venue.client.codes import (
    AT_THE_CLOSE,
    ENDED_ORD_STATUSES,
    LIMIT_IF_TOUCHED,
    TRIGGERED_ORD_TYPES,
    ExecType,
)
from venue.client.events import ExecutionReport
from venue.client.order_request import LIMIT, OrderRequest

ZERO = Decimal(0)
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
    stop_px: Decimal | None = None
    expire: str | None = None
    display_qty: Decimal | None = None
    order_qty: Decimal = ZERO
    cum_qty: Decimal = ZERO
    leaves_qty: Decimal = ZERO
    avg_px: Decimal = ZERO
    ord_status: str = "0"
    text: str | None = None
    is_waiting: bool = False
    """Not in the book yet: it waits for its trigger or an auction."""
    is_triggered: bool = False

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

    def with_order_id(self, order_id: str) -> Order | None:
        """Return the order that the venue gave this OrderID, if it has reported it."""
        return self._by_order_id.get(order_id)

    @property
    def working(self) -> list[Order]:
        """Return the orders that may still trade."""
        return [order for order in self if order.is_working]

    def apply(self, report: ExecutionReport, asked: OrderRequest | None = None) -> None:
        """Bring the order of a report up to date; `asked` is the request that it answers."""
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
        elif report.exec_type == ExecType.REPLACED:
            order.cl_ord_id = report.cl_ord_id
        if report.cl_ord_id not in self._by_cl_ord_id:
            self._by_cl_ord_id[report.cl_ord_id] = order
            order.cl_ord_ids.append(report.cl_ord_id)
        was_working = order.is_working
        if asked is not None:
            _take_terms(asked, order)
        _copy(report, order)
        _follow_trigger(report, order)
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
    if report.exec_type == ExecType.REJECTED:
        return report.ord_rej_reason == DUPLICATE_ORDER
    return report.exec_type == ExecType.ORDER_STATUS and report.ord_rej_reason == UNKNOWN_ORDER


def _take_terms(asked: OrderRequest, order: Order) -> None:
    """Note what the reports of some versions leave out."""
    order.ord_type = asked.ord_type
    order.time_in_force = asked.time_in_force
    order.expire = asked.expire
    if asked.stop_px is not None:
        order.stop_px = asked.stop_px
    if asked.display_qty is not None:
        order.display_qty = asked.display_qty


def _follow_trigger(report: ExecutionReport, order: Order) -> None:
    if report.exec_type == ExecType.TRIGGERED:
        order.is_triggered = True
    if report.working is not None:
        order.is_waiting = not report.working
    elif report.exec_type == ExecType.NEW:
        waits = order.ord_type in TRIGGERED_ORD_TYPES or order.time_in_force == AT_THE_CLOSE
        order.is_waiting = waits
    elif report.exec_type in (ExecType.TRIGGERED, ExecType.TRADE):
        order.is_waiting = False


def _copy(report: ExecutionReport, order: Order) -> None:
    if report.order_qty is not None:
        order.order_qty = report.order_qty
    if report.price is not None:
        order.price = report.price
    if report.stop_px is not None:
        order.stop_px = report.stop_px
    if order.ord_type is None:
        is_touched = report.ord_type == LIMIT and report.stop_px is not None
        order.ord_type = LIMIT_IF_TOUCHED if is_touched else report.ord_type
    order.expire = report.expire or order.expire
    order.display_qty = order.display_qty or report.display_qty
    order.time_in_force = report.time_in_force or order.time_in_force
    order.cum_qty = report.cum_qty
    order.leaves_qty = report.leaves_qty
    order.avg_px = report.avg_px
    order.ord_status = report.ord_status
    order.text = report.text
