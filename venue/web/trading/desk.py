"""Orders, fills and positions of one order entry session, for all users of it.

What it tells of orders is what the venue has reported, and nothing else. Behind each order and each
amendment an OrderStatusRequest (H) goes out: its answer comes after all that the order has done at
once, so an answer is complete without waiting for what may come.
"""

import asyncio
from collections.abc import Callable, Collection
from typing import Any
from weakref import WeakValueDictionary

from venue.client import (
    BusinessReject,
    Event,
    ExecType,
    ExecutionReport,
    LoggedOn,
    LoggedOut,
    MassCancelReport,
    OrderCancelReject,
    PositionReport,
    RequestForPositionsAck,
    SessionReject,
    TradeCaptureReport,
    TradeCaptureReportRequestAck,
)
from venue.client.asking import utc_now
from venue.client.order_request import replace_fields
from venue.client.requests import cancel_fields, mass_cancel_fields
from venue.web.link import Link
from venue.web.problems import Problem, unknown
from venue.web.requests import PATIENCE, Requests, status_message
from venue.web.shapes import Fill, Order, Position
from venue.web.shared import Shared
from venue.web.trading.answers import Answers
from venue.web.trading.copies import Copies
from venue.web.trading.entered import Entered, in_use
from venue.web.trading.fills import fill_of_report
from venue.web.trading.history import History, shown
from venue.web.trading.ids import amended, check_new
from venue.web.trading.positions import Positions, total_fees
from venue.web.trading.records import Record, Records, Which
from venue.web.trading.recovery import Recovery
from venue.web.trading.status import Answer, ask_status, is_unknown
from venue.web.trading.terms import (
    VERSION,
    OrderChanges,
    OrderTerms,
    changed_order,
    checked_name,
    has_changed,
    invalid,
    order_fields,
)
from venue.web.trading.watchers import KINDS, Kind, Watchers
from venue.web.trading.words import SIDES, code_of

MASS_SECONDS = 30.0


class Desk:
    """`drop_copy` tells of the firm's other sessions, whose orders can be seen and not changed.

    `logons` counts those of both: after each, what is shown may have missed something.
    """

    def __init__(self, link: Link, drop_copy: Link | None = None) -> None:
        self._link = link
        self._requests = Requests(link)
        self._watchers = Watchers()
        self._records = Records(link.comp_id)
        shared = (link, self._requests, self._records, self._watchers)
        self._recovery = Recovery(*shared)
        self._history = History(*shared, drop_copy=drop_copy)
        self._positions = Positions(link, self._requests, self._watchers)
        self._up_to_date = Shared(self._catch_up)
        self._entered = Entered()
        self._changing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._placing: dict[str, asyncio.Future[None]] = {}
        self._answers = Answers(self._requests, self._records)
        self.logons = 0
        link.listen(self._hear)
        self._copies: Copies | None = None
        if drop_copy is not None:
            self._copies = Copies(drop_copy, self._records, self._apply, self._recovery.look_up)
            drop_copy.listen(self._hear_copies)

    @property
    def comp_id(self) -> str:
        return self._link.comp_id

    async def place(self, terms: OrderTerms, client_order_id: str | None) -> tuple[Order, bool]:
        """Enter an order and return it, and whether it is new: with an id that is known it is the
        order that has it. Of one that has ended the venue is asked: ids are free again when the
        trading day is over.

        Raise a Problem: 409 where the id is that of something else, 422 where the order cannot be
        said in FIX or the venue has refused it, 503 where it was not sent, 504 where the venue has
        not answered. Then the same order with the same id tells what has become of it.
        """
        id_ = client_order_id or self._link.client().next_id()
        fields = order_fields(checked_name("client_order_id", id_), terms, utc_now())
        while id_ in self._placing:
            await asyncio.wait([self._placing[id_]])
        record = self._records.get(id_)
        if record is not None and record.is_working:
            await self._up_to_date.answer()
            if record.is_working:
                return await self._repeated(record, id_, terms), False
        if client_order_id is not None and record is None:
            check_new("client_order_id", id_, self._link.client().next_id())
        req_id = self._link.client().next_id()
        messages = [("D", fields), status_message(req_id, id_)]
        self._placing[id_] = asyncio.get_running_loop().create_future()
        try:
            answer: Answer = await self._requests.ask(
                f"order {id_}", messages, id_, req_id, is_question=False
            )
        except Problem as problem:
            if problem.code == "refused":
                self._entered.refused(id_, terms, problem)
            raise
        finally:
            self._placing.pop(id_).set_result(None)
        report, refusals = answer
        record = self._records.with_order_id(report.order_id)
        if record is None or is_unknown(report):
            raise self._entered.refusal(id_, terms)
        if refusals:
            return await self._repeated(record, id_, terms), False
        self._entered.accepted(id_, terms)
        return record.order, True

    async def amend(
        self, client_order_id: str, changes: OrderChanges, new_id: str | None = None
    ) -> Order:
        """Change an order and return it; it has another ClOrdID then: `new_id`, or one that begins
        as the one it had. Raise a Problem as `place`
        does, and 404 where there is no such order.
        """
        record = await self._own(client_order_id)
        async with self._changing.setdefault(record.order_id, asyncio.Lock()):
            await self._amend(record, client_order_id, changes, new_id)
        return await self._whole(record)

    async def _amend(
        self, record: Record, client_order_id: str, changes: OrderChanges, new_id: str | None
    ) -> None:
        known = None if new_id is None else self._records.get(checked_name("new_id", new_id))
        if new_id is not None and known is not None:
            if known is record and has_changed(record.order, changes):
                return
            if known is record or known.is_working:
                raise in_use(new_id, "is that of an order")
        if new_id is not None:
            check_new("new_id", new_id, self._link.client().next_id())
        id_ = new_id or amended(record.client_order_id, self._link.client().next_id())
        req_id = self._link.client().next_id()
        order = changed_order(record.order, changes)
        fields = replace_fields(id_, record.client_order_id, order, VERSION, utc_now())
        messages = [
            ("G", [*fields, (37, record.order_id)]),
            status_message(req_id, record.client_order_id, record.order_id),
        ]
        what = f"the amendment of {client_order_id}"
        await self._requests.ask(what, messages, id_, req_id, is_question=False)

    async def cancel(self, client_order_id: str, new_id: str | None = None) -> Order:
        """Cancel an order and return it. Raise a Problem as `amend` does."""
        record = await self._own(client_order_id)
        if new_id is not None:
            check_new("new_id", new_id, self._link.client().next_id())
        async with self._changing.setdefault(record.order_id, asyncio.Lock()):
            id_ = new_id or self._link.client().next_id()
            report = record.report
            names = (id_, record.client_order_id, record.order_id, report.symbol, report.side)
            fields = cancel_fields(*names, None, utc_now())
            what = f"the cancel of {client_order_id}"
            await self._requests.ask(
                what, [("F", fields)], id_, patience=PATIENCE, is_question=False
            )
        return await self._whole(record)

    async def mass_cancel(self, symbol: str | None = None, side: str | None = None) -> list[Order]:
        """Cancel all orders of this session, or of a symbol or a side of it; return them."""
        id_, req_id = self._link.client().next_id(), self._link.client().next_id()
        if symbol is not None:
            checked_name("symbol", symbol)
        code = None if side is None else code_of(side, SIDES)
        if side is not None and code is None:
            raise invalid(("side", side, f"one of {', '.join(SIDES)}"))
        messages = [
            ("q", mass_cancel_fields(id_, symbol, code, utc_now())),
            status_message(req_id, id_),
        ]
        canceled = self._answers.mass_canceled[id_] = []
        try:
            what = "the mass cancel"
            await self._requests.ask(
                what,
                messages,
                *(id_, req_id),
                seconds=MASS_SECONDS,
                patience=PATIENCE,
                is_question=False,
            )
        finally:
            del self._answers.mass_canceled[id_]
        return await shown(canceled)

    async def order(self, client_order_id: str) -> Order:
        """Return an order by any of its ClOrdIDs, with its fills; raise a Problem of 404."""
        record = await self._own(client_order_id)
        if record.is_working:
            await self._up_to_date.answer()
        return await self._whole(record)

    async def orders(
        self,
        *,
        symbol: str | None = None,
        status: Which = "all",
        limit: int = 100,
        before: str | None = None,
    ) -> list[Order]:
        """Return orders, of those before the OrderID `before`, the newest first, with the last of
        their fills.
        """
        await self._recovery.done()
        if self._copies is not None:
            await self._copies.done()
        await self._up_to_date.answer()
        found = self._records.newest(symbol, status, limit, before)
        await self._history.complete_all(found)
        return await shown(found)

    async def fills(
        self, *, symbol: str | None = None, limit: int = 100, before: str | None = None
    ) -> list[Fill]:
        """Return fills, the newest first: of the last day, and of before that if they are known;
        with `before` older ones than that, as `Fills.newest` has it.
        """
        await self._recovery.done()
        await self._up_to_date.answer()
        return await self._history.newest(symbol, limit, before)

    async def positions(self) -> list[Position]:
        """Return the positions of the firm as they are now."""
        return await self._positions.all()

    async def fees(self) -> dict[str, str]:
        """Return what was paid in fees less rebates, by currency."""
        return total_fees(await self.positions())

    def watch(
        self, callback: Callable[[str, list[Any]], None], kinds: Collection[Kind] = KINDS
    ) -> Callable[[], None]:
        """Call `callback` with "orders", "fills" or "positions" and those that have changed; return
        how to end that.
        """
        unwatch = self._watchers.watch(callback, kinds)
        self._positions.follow()
        return unwatch

    async def _catch_up(self) -> None:
        """Have all that the venue has told this session by now: ask for an order that is none, and
        everything of before is there when the answer is.
        """
        await ask_status(self._link, self._requests, self._link.client().next_id())

    async def _own(self, client_order_id: str) -> Record:
        """Return an order of this session, asked for where it is not known here."""
        self._link.client()
        record = self._records.get(client_order_id)
        if record is not None:
            if record.is_working or record.is_lost:  # or was, before the connection was lost
                await self._recovery.done()
            return record
        try:
            checked_name("client_order_id", client_order_id)
        except Problem:
            raise unknown("order", client_order_id) from None
        report = await ask_status(self._link, self._requests, client_order_id)
        record = self._records.with_order_id(report.order_id)
        if is_unknown(report) or record is None:
            raise unknown("order", client_order_id)
        return record

    async def _whole(self, record: Record) -> Order:
        """Return an order with all its fills."""
        await self._history.complete(record)
        return record.order

    async def _repeated(self, record: Record, id_: str, terms: OrderTerms) -> Order:
        """Return the order that has an id already, if that is the order that is asked for."""
        order = await self._whole(record)
        self._entered.check(record, id_, terms)
        return order

    def _hear(self, event: Event) -> None:
        match event:
            case ExecutionReport(copy_of=None) if not self._is_of_others(event):
                self._apply(event)
                self._answers.report(event)
            case OrderCancelReject():
                self._answers.cancel_refused(event)
            case MassCancelReport():
                self._answers.mass_cancel_answered(event)
            case PositionReport() | RequestForPositionsAck():
                self._positions.apply(event)
            case TradeCaptureReport() | TradeCaptureReportRequestAck():
                self._history.apply(event)
            case LoggedOn():
                self.logons += 1
                self._recovery.begin()
                self._positions.follow()
            case LoggedOut():
                self._requests.apply(event)
                self._recovery.end()
                self._history.miss()
                self._positions.logged_out()
            case BusinessReject() | SessionReject():
                self._requests.apply(event)

    def _hear_copies(self, event: Event) -> None:
        match event:
            case LoggedOn():
                self.logons += 1
            case LoggedOut():
                self._history.miss()

    def _is_of_others(self, report: ExecutionReport) -> bool:
        """Tell whether it is what others who share the session have asked for, who may see more."""
        if report.exec_type != ExecType.ORDER_STATUS:
            return False
        asked = report.mass_status_req_id or report.ord_status_req_id
        if self._records.with_order_id(report.order_id) is not None:
            return False
        return self._requests.find(asked) is None and not self._requests.is_probe(asked)

    def _apply(self, report: ExecutionReport, session: str | None = None) -> None:
        record = None
        if report.exec_type != ExecType.REJECTED:
            record = self._records.apply(report, session)
        fill = fill_of_report(report)
        if fill is not None:
            self._history.add(fill)
        if record is not None:
            self._watchers.order(record)
