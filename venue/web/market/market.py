"""The market, on demand: what nobody asks for is not subscribed to.

A feed is made when somebody first wants a symbol, and ended some time after the last one did: much
later if it has a tape, whose history is a message a trade. What comes in one turn of the loop is
one change for those who watch.
"""

import asyncio
import contextlib

import structlog

from venue.client import (
    BusinessReject,
    Event,
    LoggedOn,
    LoggedOut,
    MarketDataReject,
    TradeCaptureReport,
    TradeCaptureReportRequestAck,
)
from venue.client.codes import MD_REQ_REJ_REASON_WORDS
from venue.client.requests import Subscription, market_data_fields, unsubscribe_fields
from venue.web.link import Link
from venue.web.market.days import Days, statistics
from venue.web.market.feed import ENTRY_TYPES, Feed
from venue.web.market.histories import Histories
from venue.web.market.listings import Listings
from venue.web.market.wire import Update, msg_type, parse_update
from venue.web.problems import Problem, no_answer, unknown, venue_down
from venue.web.shapes import Bbo, Book, Candle, Instrument, Statistics, Trade

log = structlog.get_logger()

ANSWER_SECONDS = 5.0
HISTORY_SECONDS = 30.0
"""How long a history may take, as long as some of it comes every `ANSWER_SECONDS`."""
KEPT_SECONDS = 30.0
"""How long a feed outlives the last interest in it."""
TAPE_SECONDS = 3600.0
MOST_TAPES = 20
"""The same of feeds with a tape, of which so many are kept, those used last."""
SWEEP_SECONDS = 5.0
INTERVAL_MS = 2
"""MDInterval(9084): the venue makes one message of what happens to a symbol in it. That is the tick
of everything here: the loop's own timers would add a millisecond, as they count whole ones.
"""
UNKNOWN_SYMBOL = "0"
"""MDReqRejReason(281)."""


class Market:
    """What REST and the WebSocket show of the market. All of it on the event loop."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.listings = Listings(link)
        self._days = Days(link)
        self._feeds: dict[str, Feed] = {}
        self._subscriptions: dict[str, Feed] = {}
        self._histories = Histories(link, self._is_followed, self._revised)
        self._dirty: dict[Feed, None] = {}
        self._is_due = False
        self._messages = self._gaps = 0
        self._sweeping: asyncio.Task[None] | None = None
        link.listen(self._hear)

    async def start(self) -> None:
        self._sweeping = asyncio.get_running_loop().create_task(self._sweep())

    async def stop(self) -> None:
        if self._sweeping is not None:
            self._sweeping.cancel()

    def figures(self) -> dict[str, int]:
        """Counts since the start, and how many symbols are followed now."""
        return {
            "symbols": len(self._feeds),
            "messages": self._messages,
            "gaps": self._gaps,
        }

    async def instruments(self) -> list[Instrument]:
        return await self.listings.all()

    async def instrument(self, symbol: str) -> Instrument:
        return await self.listings.one(symbol)

    async def book(self, symbol: str, levels: int) -> Book:
        """The best levels of a book, all of them where `levels` is 0."""
        feed = await self._live(symbol)
        return feed.shown_book(levels, self.listings.phase(symbol))

    async def bbo(self, symbol: str) -> Bbo:
        return (await self._live(symbol)).shown_bbo()

    async def trades(self, symbol: str, limit: int, before: str | None = None) -> list[Trade]:
        """The newest trades, or of those before one with this id, newest first."""
        return (await self._taped(symbol)).tape.last(limit, before)

    async def candles(self, symbol: str, seconds: int, limit: int) -> list[Candle]:
        """The newest candles of an interval of `candles.INTERVALS`, oldest first."""
        return (await self._taped(symbol)).tape.candles(seconds, limit)

    async def statistics(self, symbol: str) -> Statistics:
        """The day of an instrument, at most a second old."""
        feed = await self._live(symbol)
        day = await self._days.get(symbol)
        return statistics(symbol, day, feed.spread)

    def hold(self, symbol: str, with_tape: bool = False) -> Feed:
        """Want a symbol until it is released, whether the venue is there or not."""
        feed = self._feed(symbol)
        feed.holds += 1
        self._want(feed, with_tape)
        return feed

    def release(self, feed: Feed) -> None:
        feed.holds -= 1
        feed.used_at = asyncio.get_running_loop().time()

    async def _live(self, symbol: str) -> Feed:
        """A feed whose book is there. Raise a Problem where there is none."""
        if not self.link.is_up:
            raise venue_down(self.link.text)
        if self.listings.known(symbol) is not True:
            await self.listings.one(symbol)
        feed = self._feed(symbol)
        self._want(feed, False)
        try:
            await feed.wait(ANSWER_SECONDS)
        except TimeoutError:
            raise no_answer("a MarketDataRequest") from None
        return feed

    async def _taped(self, symbol: str) -> Feed:
        """A live feed with its history."""
        feed = await self._live(symbol)
        self._want(feed, True)
        now = asyncio.get_running_loop().time
        latest, told = now() + HISTORY_SECONDS, -1
        while not feed.tape.is_complete:
            if not self.link.is_up:
                raise venue_down(self.link.text)
            if feed.tape.told != told:
                told, deadline = feed.tape.told, min(latest, now() + ANSWER_SECONDS)
            if now() > deadline:
                raise no_answer("a TradeCaptureReportRequest")
            await asyncio.sleep(0.005)
        return feed

    def _feed(self, symbol: str) -> Feed:
        feed = self._feeds.get(symbol)
        if feed is None:
            feed = self._feeds[symbol] = Feed(symbol)
        feed.used_at = asyncio.get_running_loop().time()
        return feed

    def _want(self, feed: Feed, with_tape: bool) -> None:
        """Ask the venue for what is not there yet; nothing while it is down."""
        feed.wants_tape = feed.wants_tape or with_tape
        with contextlib.suppress(Problem):
            if feed.req_id is None and self.listings.known(feed.symbol) is not False:
                self._subscribe(feed)
            if feed.wants_tape and not (feed.tape.is_complete or feed.tape.is_asking):
                self._histories.ask(feed)

    def _want_again(self, feed: Feed) -> None:
        """What cannot be asked for is no reason not to ask for the others."""
        try:
            self._want(feed, False)
        except Exception:
            log.exception("defect", symbol=feed.symbol)

    def _subscribe(self, feed: Feed) -> None:
        symbols, interval = (feed.symbol,), INTERVAL_MS
        wanted = Subscription(symbols=symbols, entry_types=ENTRY_TYPES, interval_ms=interval)
        req_id = self.link.client().next_id()
        feed.asked(req_id)
        self._subscriptions[req_id] = feed
        self.link.when_allowed(lambda: self._send_for(feed, req_id, wanted))

    def _send_for(self, feed: Feed, req_id: str, wanted: Subscription) -> None:
        if feed.req_id != req_id:  # it is not wanted any more
            return
        try:
            self.link.send("V", market_data_fields(req_id, wanted))
        except BaseException:
            del self._subscriptions[req_id]
            feed.req_id = None
            raise

    def _unsubscribe(self, feed: Feed) -> None:
        req_id, symbols = feed.req_id, (feed.symbol,)
        if req_id is not None:
            self._subscriptions.pop(req_id, None)
            with contextlib.suppress(Problem):
                fields = unsubscribe_fields(req_id, symbols)
                self.link.when_allowed(lambda: self.link.send("V", fields))

    def _hear(self, event: Event) -> None:
        match event:
            case LoggedOn():
                self._logged_on()
            case LoggedOut():
                self._logged_out()
            case TradeCaptureReport() | TradeCaptureReportRequestAck():
                self._histories.take(event)
            case MarketDataReject():
                self._refused(event)
            case BusinessReject():
                log.warning("refused", session=self.link.comp_id, text=event.text)
                self._histories.rejected(event)
            case _:
                if msg_type(event.raw) in ("W", "X"):
                    self._update(parse_update(event.raw))
                else:
                    self.listings.take(event)
                    self._days.take(event)

    def _logged_on(self) -> None:
        self.listings.logged_on()
        for feed in self._feeds.values():
            feed.tape.is_complete = False
            self._want_again(feed)

    def _logged_out(self) -> None:
        self._subscriptions.clear()
        self._histories.clear()
        self._days.logged_out()
        self.listings.logged_out()
        for symbol, feed in list(self._feeds.items()):
            feed.lost(venue_down(self.link.text))
            if not feed.holds:
                del self._feeds[symbol]

    def _update(self, update: Update) -> None:
        self._messages += 1
        feed = self._subscriptions.get(update.req_id)
        if feed is None:
            return
        was_live = feed.is_live
        if feed.take(update):
            self._dirty[feed] = None
            self._flush_soon()
            if was_live and update.is_snapshot:  # the web has read too slowly: trades are missing
                self._histories.again(feed)
        elif was_live:
            self._gaps += 1
            log.warning("gap", symbol=feed.symbol, session=self.link.comp_id)
            with contextlib.suppress(Problem):
                self._unsubscribe(feed)
                self._subscribe(feed)
            self._histories.again(feed)

    def _flush_soon(self) -> None:
        if self._is_due:
            return
        self._is_due = True
        asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        self._is_due = False
        dirty, self._dirty = self._dirty, {}
        for feed in dirty:
            try:
                if feed.flush():
                    self._histories.again_soon(feed)
            except Exception:
                log.exception("defect", symbol=feed.symbol)

    def _is_followed(self, feed: Feed) -> bool:
        return self._feeds.get(feed.symbol) is feed

    def _revised(self, feed: Feed) -> None:
        """Its history has come."""
        feed.revised()
        self._dirty[feed] = None
        self._flush_soon()

    def _refused(self, event: MarketDataReject) -> None:
        feed = self._subscriptions.pop(event.md_req_id, None)
        if feed is None:
            return
        reason = event.md_req_rej_reason or ""
        if reason == UNKNOWN_SYMBOL:
            feed.lost(unknown("symbol", feed.symbol))
            return
        word = MD_REQ_REJ_REASON_WORDS.get(reason, reason)
        log.warning("no market data", symbol=feed.symbol, reason=word, text=event.text)
        feed.lost(venue_down(event.text or word))

    async def _sweep(self) -> None:
        """End the feeds that nobody wants any more; ask again for others that were refused."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            unused = [feed for feed in self._feeds.values() if not feed.holds]
            for feed in self._feeds.values():
                if feed.holds:
                    self._want_again(feed)
            now, tapes = asyncio.get_running_loop().time(), 0
            for feed in sorted(unused, key=lambda feed: feed.used_at, reverse=True):
                tapes += feed.tape.is_complete
                has_tape = feed.tape.is_complete and tapes <= MOST_TAPES
                if now - feed.used_at >= (TAPE_SECONDS if has_tape else KEPT_SECONDS):
                    del self._feeds[feed.symbol]
                    self._unsubscribe(feed)
