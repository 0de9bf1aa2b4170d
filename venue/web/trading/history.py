"""Fills of before: what the venue remembers of trades, asked for when somebody wants to know.

It tells of the trades of the whole firm, and of each whose session's order it was.
"""

import asyncio
import itertools
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from venue.client import TradeCaptureReport, TradeCaptureReportRequestAck
from venue.client.inquiries import SNAPSHOT, When, trades_fields
from venue.client.wire import Field
from venue.web.link import Link
from venue.web.problems import Problem, refused
from venue.web.requests import PATIENCE, Requests
from venue.web.shapes import Fill, Order
from venue.web.trading.fills import Fills, fills_of_trade
from venue.web.trading.records import Record, Records
from venue.web.trading.watchers import Watchers

WINDOWS = timedelta(minutes=10), timedelta(hours=24)
"""What is asked for: the second where the first has not enough."""
OVERLAP = timedelta(minutes=1)
"""How much of before a lost connection is asked for again."""
AT_ONCE = 50
"""Requests for trades that are under way: the venue takes 100."""
SLICE = 200
"""Fills that are noted, and orders that are made, without a turn for others."""
MANY = 20
"""Orders whose fills are asked for one by one; for more of them the trades of a day are."""
SECONDS = 10.0
COMPLETED = "1"
"""TradeRequestStatus(750)."""


class History:
    """The fills of this process, and those that the venue remembers of before it.

    With a `drop_copy` they are those of all sessions of the firm.
    """

    def __init__(
        self,
        link: Link,
        requests: Requests,
        records: Records,
        watchers: Watchers,
        drop_copy: Link | None,
    ) -> None:
        self._link = link
        self._requests = requests
        self._records = records
        self._watchers = watchers
        self._session = None if drop_copy is not None else link.comp_id
        self._drop_copy = drop_copy
        self._fills = Fills()
        self._loaded_from: datetime | None = None
        self._missing_from: datetime | None = None
        self._losses = 0
        self._loading = asyncio.Lock()
        self._slots = asyncio.Semaphore(AT_ONCE)

    def miss(self) -> None:
        """A connection is lost: what comes from now on is not told, and has to be asked for until
        all who tell are logged on again.
        """
        self._losses += 1
        if self._missing_from is None:
            self._missing_from = datetime.now(UTC) - OVERLAP

    def add(self, fill: Fill) -> None:
        """Take note of a fill, of one of the records or of an order that is no record yet."""
        is_news = self._fills.add(fill)
        noted = self._fills.find(fill.trade_id, fill.order_id) or fill
        record = self._records.with_order_id(fill.order_id)
        if record is not None and record.fills.get(fill.trade_id) != noted:
            record.add(noted)
            self._watchers.order(record)
        if is_news:
            self._watchers.fill(noted)

    def apply(self, event: TradeCaptureReport | TradeCaptureReportRequestAck) -> None:
        """Give an answer about trades to who has asked."""
        request = self._requests.find(event.trade_request_id)
        if request is None:
            return
        request.touch()
        if isinstance(event, TradeCaptureReport):
            request.found += fills_of_trade(event, self._session)
        elif event.is_refused:
            code, text = event.trade_request_result, event.text
            request.fail(refused(f"{request.what}: {text}", code=code, text=text))
        elif event.trade_request_status == COMPLETED:
            request.answer(request.found)

    async def complete(self, record: Record) -> None:
        """Have all fills of an order, if it has traded more than is known. Where the venue does not
        answer that, they are those that are known: what has become of the order is told anyway.
        """
        if not _lacks_fills(record):
            return
        quantity = record.report.cum_qty
        with suppress(Problem):
            found = await self._ask(order_id=record.order_id)
            await self._add([fill for fill in found if fill.order_id == record.order_id])
            record.asked_for = quantity

    async def complete_all(self, records: Iterable[Record]) -> None:
        """Have all fills of orders, as far as the venue tells them."""
        lacking = [record for record in records if _lacks_fills(record)]
        if len(lacking) > MANY:
            with suppress(Problem):
                await self._load(datetime.now(UTC) - WINDOWS[-1])
        await asyncio.gather(*map(self.complete, lacking))

    async def _add(self, fills: Sequence[Fill]) -> None:
        for at in range(0, len(fills), SLICE):
            for fill in fills[at : at + SLICE]:
                self.add(fill)
            await asyncio.sleep(0)

    async def newest(self, symbol: str | None, limit: int, before: str | None = None) -> list[Fill]:
        """Return own fills, of those before one as `Fills.newest`: those of a day, and older ones
        that are known.
        """
        found: list[Fill] = []
        for window in WINDOWS:
            await self._load(datetime.now(UTC) - window)
            found = list(itertools.islice(self._fills.newest(symbol, before), limit))
            if len(found) == limit:
                break
        return found

    async def _load(self, since: datetime) -> None:
        """Have all trades since then."""
        async with self._loading:
            if self._loaded_from is None:
                await self._catch_up(since)
                self._loaded_from = since
            elif self._missing_from is not None:
                await self._catch_up(self._missing_from)
            if since < self._loaded_from:
                await self._add(await self._ask(when=(since, self._loaded_from)))
                self._loaded_from = since

    async def _catch_up(self, since: datetime) -> None:
        """Have all trades from then to now; and again what comes meanwhile, if it may be missed."""
        begun, losses = datetime.now(UTC), self._losses
        is_told = self._drop_copy is None or self._drop_copy.is_up
        await self._add(await self._ask(when=(since,)))
        is_complete = is_told and losses == self._losses
        self._missing_from = None if is_complete else begun - OVERLAP

    async def _ask(self, when: tuple[When, ...] = (), order_id: str | None = None) -> list[Fill]:
        async with self._slots:
            req_id = self._link.client().next_id()
            criteria: list[Field] = [] if order_id is None else [(37, order_id)]
            fields = trades_fields(req_id, SNAPSHOT, when=when, criteria=criteria)
            found: list[Fill] = await self._requests.ask(
                "the trades", [("AD", fields)], req_id, seconds=SECONDS, patience=PATIENCE
            )
            return found


async def shown(records: Sequence[Record]) -> list[Order]:
    """Many orders, with the last of their fills."""
    orders = []
    for record in records:
        orders.append(record.brief)
        if len(orders) % SLICE == 0:
            await asyncio.sleep(0)
    return orders


def _lacks_fills(record: Record) -> bool:
    """Tell whether an order has traded more than is known, and may be asked for it."""
    filled = record.report.cum_qty
    if filled == record.asked_for or (not filled and not record.fills):
        return False
    known = sum(Decimal(fill.quantity) for fill in record.fills.values() if _counts(fill))
    return known != filled


def _counts(fill: Fill) -> bool:
    return fill.status != "busted"
