"""The statistics of an instrument's day: asked for at most once a second, whoever wants them."""

import asyncio
import contextlib
from decimal import Decimal
from typing import NamedTuple

from venue.client import Event
from venue.client.inquiries import SNAPSHOT, security_status_fields
from venue.client.reference import DayStatistics, SecurityStatus
from venue.web.link import Link
from venue.web.market.wire import iso
from venue.web.problems import no_answer, unknown, venue_down
from venue.web.shapes import Statistics

ANSWER_SECONDS = 5.0
FRESH_SECONDS = 1.0


class Day(NamedTuple):
    """An answer, when it came by the loop's clock and by the venue's."""

    statistics: DayStatistics
    at: float
    time: str


class Days:
    """Asks with SecurityStatusRequest (e); all who ask in the same second get the same answer."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._known: dict[str, Day] = {}
        self._pending: dict[str, asyncio.Future[Day]] = {}
        self._asked: dict[str, str] = {}

    def take(self, event: Event) -> None:
        """Learn from an event of the session."""
        if not isinstance(event, SecurityStatus):
            return
        symbol = self._asked.pop(event.security_status_req_id, None)
        future = self._pending.pop(symbol, None) if symbol is not None else None
        if future is None or future.done() or symbol is None:
            return
        if not event.is_listed or event.statistics is None:
            future.set_exception(unknown("symbol", symbol))
            return
        loop = asyncio.get_running_loop()
        day = Day(event.statistics, loop.time(), iso(event.transact_time or ""))
        self._known[symbol] = day
        future.set_result(day)

    def logged_out(self) -> None:
        """No answer will come."""
        pending, self._pending = self._pending, {}
        self._asked.clear()
        self._known.clear()
        for future in pending.values():
            if not future.done():
                future.set_exception(venue_down(self._link.text))

    async def get(self, symbol: str) -> Day:
        """The day as it is now, or was less than a second ago."""
        loop = asyncio.get_running_loop()
        known = self._known.get(symbol)
        if known is not None and loop.time() - known.at < FRESH_SECONDS:
            return known
        future = self._pending.get(symbol)
        if future is None:
            future = self._ask(symbol, loop)
        try:
            return await asyncio.wait_for(asyncio.shield(future), ANSWER_SECONDS)
        except TimeoutError:
            if self._pending.get(symbol) is future:
                del self._pending[symbol]
                self._asked = {asked: of for asked, of in self._asked.items() if of != symbol}
            raise no_answer("a SecurityStatusRequest") from None

    def _ask(self, symbol: str, loop: asyncio.AbstractEventLoop) -> asyncio.Future[Day]:
        asked = self._link.client().next_id()
        fields = security_status_fields(asked, SNAPSHOT, symbol)
        self._link.when_allowed(lambda: self._link.send("e", fields))
        future: asyncio.Future[Day] = loop.create_future()
        future.add_done_callback(_heard)
        self._pending[symbol] = future
        self._asked[asked] = symbol
        return future


def statistics(symbol: str, day: Day, spread: Decimal | None) -> Statistics:
    """What the web tells; `spread` is that of the book now."""
    own = day.statistics
    return Statistics(
        symbol=symbol,
        open=_text(own.open),
        high=_text(own.high),
        low=_text(own.low),
        last=_text(own.last),
        close=_text(own.close),
        prior_close=_text(own.prior_close),
        trades=own.trades,
        volume=f"{own.volume:f}",
        turnover=_text(own.turnover),
        vwap=_text(own.vwap),
        twap=_text(own.twap),
        spread=_text(own.spread),
        current_spread=_text(spread),
        volatility={str(window): f"{value:f}" for window, value in own.volatility.items()},
        time=day.time,
    )


def _heard(future: "asyncio.Future[Day]") -> None:
    """Look at the exception, so that one nobody waits for any more is no warning."""
    with contextlib.suppress(asyncio.CancelledError):
        future.exception()


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
