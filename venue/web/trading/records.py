"""Orders as the venue's ExecutionReports tell them, and nothing else. Pure.

The venue speaks FIX.5.0SP2 to the web, where each report says the whole state of its order.
"""

from collections import deque
from collections.abc import Sequence
from decimal import Decimal
from itertools import islice
from typing import Literal

import msgspec
from sortedcontainers import SortedDict

from venue.client import ExecType, ExecutionReport
from venue.client.codes import ENDED_ORD_STATUSES, TRIGGERED_ORD_TYPES
from venue.client.orders import DUPLICATE_ORDER, UNKNOWN_ORDER
from venue.client.wire import SOH
from venue.web.counted_ids import age
from venue.web.shapes import Fill, Order
from venue.web.trading.ids import chosen
from venue.web.trading.words import (
    order_type_word,
    side_word,
    status_word,
    text_of,
    time_in_force_word,
    time_of,
)

NO_ORDER_ID = "NONE"
LOST = "?"
"""OrdStatus(39) of an order that the venue does not know any more."""
KEPT = 10_000
TOLD_IDS, KEPT_IDS = 20, 2_000
"""ClOrdIDs of one order: the first and so many newest are told, so many in between lead to it; with
an older one the venue is asked.
"""
TOLD_FILLS = 100
"""Fills of one order in a list and in an update: the last."""
POST_ONLY = "6"
"""ExecInst(18)."""
Which = Literal["working", "ended", "all"]


class Record(msgspec.Struct, kw_only=True, eq=False):
    """An order. The last of `client_order_ids` is its present one where it `is_named`: else no more
    was told than the ids that it was asked for by. They are the first and the newest, `older_ids`
    those in between.

    `asked_for` is the filled quantity for which the venue was asked for all fills.
    """

    order_id: str
    session: str
    is_own: bool
    client_order_ids: list[str]
    is_named: bool = False
    report: ExecutionReport
    status: str
    is_triggered: bool = False
    text: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    fills: dict[str, Fill] = {}
    is_in_order: bool = True
    asked_for: Decimal | None = None
    older_ids: dict[str, None] = {}
    shape: Order | None = None

    @property
    def is_working(self) -> bool:
        return self.status not in ENDED_ORD_STATUSES and not self.is_lost

    @property
    def is_lost(self) -> bool:
        """Tell whether the venue does not know it any more: another may have its ClOrdID."""
        return self.status == LOST

    @property
    def client_order_id(self) -> str:
        return self.client_order_ids[-1]

    @property
    def order(self) -> Order:
        """The order as it is told, made when it is asked for."""
        if self.shape is None:
            self.shape = _shape(self, len(self.fills))
        return self.shape

    @property
    def brief(self) -> Order:
        """The order with no more than the last TOLD_FILLS of its fills."""
        return self.order if len(self.fills) <= TOLD_FILLS else _shape(self, TOLD_FILLS)

    def add(self, fill: Fill) -> None:
        """Note a fill, or what has become of one. They are put in order when they are told."""
        fills = self.fills
        if self.is_in_order and fills and fill.trade_id not in fills:
            self.is_in_order = age(fill.trade_id) > age(next(reversed(fills)))
        fills[fill.trade_id] = fill
        self.shape = None


class Records:
    """Orders by OrderID, those of `session` by each ClOrdID. Of ended ones the last are kept."""

    def __init__(self, session: str, kept: int = KEPT) -> None:
        self.session = session
        self._kept = kept
        self._by_age: SortedDict = SortedDict()
        self._by_client_order_id: dict[str, Record] = {}
        self._ended: deque[Record] = deque()

    def __len__(self) -> int:
        return len(self._by_age)

    def get(self, client_order_id: str) -> Record | None:
        """Return the own order that has, or had, this ClOrdID."""
        return self._by_client_order_id.get(client_order_id)

    def with_order_id(self, order_id: str) -> Record | None:
        found: Record | None = self._by_age.get(age(order_id))
        return found

    @property
    def working(self) -> list[Record]:
        return [record for record in self._by_age.values() if record.is_working]

    def newest(
        self, symbol: str | None, which: Which, limit: int, before: str | None = None
    ) -> list[Record]:
        """Return so many orders, of those before one with the OrderID `before`, newest first."""
        found: list[Record] = []
        end = None if before is None else age(before)
        for key in self._by_age.irange(maximum=end, inclusive=(True, False), reverse=True):
            record: Record = self._by_age[key]
            if len(found) >= limit:
                break
            if symbol is not None and record.report.symbol != symbol:
                continue
            if which == "all" or record.is_working == (which == "working"):
                found.append(record)
        return found

    def apply(self, report: ExecutionReport, session: str | None = None) -> Record | None:
        """Bring an order up to date and return it; None where nothing of any order has changed.

        `session` is whose it is, where it is not the own one.
        """
        if report.order_id == NO_ORDER_ID or _is_about_no_order(report):
            return None
        record = self.with_order_id(report.order_id)
        if record is None:
            record = self._new(report, session)
            was: tuple[object, ...] = ()
        else:
            was = _state(record)
        was_working = record.is_working
        self._name(record, report)
        _follow(record, report)
        if was and _state(record) == was:
            return None
        record.shape = None
        if (was_working or not was) and not record.is_working:
            self._end(record)
        return record

    def lose(self, order_id: str) -> Record | None:
        """Take note that the venue does not know an order."""
        record = self.with_order_id(order_id)
        if record is None or not record.is_working:
            return None
        record.status, record.shape = LOST, None
        record.text = "the venue does not know this order any more"
        self._end(record)
        return record

    def _new(self, report: ExecutionReport, session: str | None) -> Record:
        record = Record(
            order_id=report.order_id,
            session=session or self.session,
            is_own=session is None,
            client_order_ids=[],
            report=report,
            status=report.ord_status,
            fills={},
        )
        self._by_age[age(report.order_id)] = record
        return record

    def _name(self, record: Record, report: ExecutionReport) -> None:
        """Note a ClOrdID: most reports have the present one, an answer to H the one asked with."""
        ids, older = record.client_order_ids, record.older_ids
        for id_, is_present in _client_order_ids(report):
            record.is_named |= is_present
            if id_ in older or (id_ not in ids and len(ids) > TOLD_IDS and not is_present):
                continue
            if id_ not in ids:
                ids.insert(len(ids) if is_present else 0, id_)
            elif is_present and ids[-1] != id_:
                ids.remove(id_)
                ids.append(id_)
            if record.is_own:
                self._by_client_order_id[id_] = record
        if not ids:
            ids.append(report.cl_ord_id or NO_ORDER_ID)
        while len(ids) > TOLD_IDS + 1:
            older[ids.pop(1)] = None
        while len(older) > KEPT_IDS:
            oldest = next(iter(older))
            del older[oldest]
            self._unname(record, oldest)

    def _unname(self, record: Record, id_: str) -> None:
        if self._by_client_order_id.get(id_) is record:
            del self._by_client_order_id[id_]

    def _end(self, record: Record) -> None:
        self._ended.append(record)
        while len(self._ended) > self._kept:
            oldest = self._ended.popleft()
            if oldest.is_working:  # a busted trade has opened it again
                continue
            self._by_age.pop(age(oldest.order_id), None)
            for id_ in (*oldest.client_order_ids, *oldest.older_ids):
                self._unname(oldest, id_)


def field_of(report: ExecutionReport, tag: int) -> str | None:
    """Return a field of a report that the client has no name for; without taking it apart."""
    begin = report.raw.find(f"{SOH}{tag}=")
    if begin < 0:
        return None
    begin = report.raw.index("=", begin) + 1
    return report.raw[begin : report.raw.index(SOH, begin)]


def _is_about_no_order(report: ExecutionReport) -> bool:
    if report.exec_type == ExecType.REJECTED:
        return report.ord_rej_reason == DUPLICATE_ORDER
    return report.exec_type == ExecType.ORDER_STATUS and report.ord_rej_reason == UNKNOWN_ORDER


def _client_order_ids(report: ExecutionReport) -> Sequence[tuple[str, bool]]:
    """Names of the order that a report has, and whether it is the present one."""
    id_, original = report.cl_ord_id, report.orig_cl_ord_id
    if report.exec_type == ExecType.CANCELED and original is not None:
        return [(original, True)]  # 11 is the cancel's own
    if id_ is None:
        return []
    if report.exec_type == ExecType.ORDER_STATUS:
        return [(id_, report.mass_status_req_id is not None)]
    if report.exec_type == ExecType.REPLACED and original is not None:
        return [(original, False), (id_, True)]
    return [(id_, True)]


def _state(record: Record) -> tuple[object, ...]:
    report = record.report
    return (
        *(record.status, report.cum_qty, report.leaves_qty, report.price, report.order_qty),
        *(report.stop_px, report.working, report.avg_px, report.time_in_force, report.expire),
        *(record.is_triggered, record.text, len(record.client_order_ids)),
        record.client_order_ids[-1:],
    )


def _follow(record: Record, report: ExecutionReport) -> None:
    is_status = report.exec_type == ExecType.ORDER_STATUS
    has_ended = report.ord_status in ENDED_ORD_STATUSES
    if not (is_status and has_ended and record.status == report.ord_status and record.text):
        record.text = report.text  # a status does not repeat why it has ended
    record.report, record.status = report, report.ord_status
    if not is_status:  # whose time is that of the question
        record.updated_at = time_of(report.transact_time)
        if report.exec_type == ExecType.NEW:
            record.created_at = record.updated_at
    waits_for_trigger = report.ord_type in TRIGGERED_ORD_TYPES or report.stop_px is not None
    if report.exec_type == ExecType.TRIGGERED or (waits_for_trigger and report.working):
        record.is_triggered = True


def _shape(record: Record, most_fills: int) -> Order:
    if not record.is_in_order:
        record.fills = dict(sorted(record.fills.items(), key=lambda each: age(each[0])))
        record.is_in_order = True
    fills = list(islice(reversed(record.fills.values()), most_fills))
    report = record.report
    is_working, present = record.is_working, record.client_order_id
    shown = field_of(report, 1088) or text_of(report.display_qty)
    return Order(
        order_id=record.order_id,
        client_order_id=chosen(present) if record.is_own else present,
        client_order_ids=list(record.client_order_ids),
        symbol=report.symbol,
        side=side_word(report.side),
        type=order_type_word(report.ord_type, report.stop_px),
        time_in_force=time_in_force_word(report.time_in_force),
        quantity=text_of(report.order_qty) or "0",
        price=text_of(report.price),
        trigger_price=text_of(report.stop_px),
        display_quantity=shown,
        min_quantity=field_of(report, 110),
        post_only=POST_ONLY in (field_of(report, 18) or "").split(),
        expires=time_of(report.expire),
        status=status_word(record.status),
        is_working=is_working,
        is_waiting=is_working and report.working is False,
        is_triggered=record.is_triggered,
        filled_quantity=text_of(report.cum_qty) or "0",
        remaining_quantity=(text_of(report.leaves_qty) or "0") if is_working else "0",
        average_price=text_of(report.avg_px) if report.cum_qty > Decimal(0) else None,
        text=record.text,
        created_at=record.created_at,
        updated_at=record.updated_at,
        session=record.session,
        is_own=record.is_own,
        fills=fills[::-1],
    )
