"""The past trades of symbols, asked for one after the other: a message a trade.

A history is asked for once, and again where trades of it have changed or may be missing.
"""

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from venue.client import BusinessReject, TradeCaptureReport, TradeCaptureReportRequestAck
from venue.client.inquiries import SNAPSHOT, trades_fields
from venue.web.link import Link
from venue.web.market.feed import Feed
from venue.web.market.tape import remembered
from venue.web.problems import Problem

log = structlog.get_logger()

HISTORY_PAUSE = 2.0
"""Seconds between two histories of a symbol whose trades change, or were refused."""
MOST_HISTORIES = 50
"""Under way at a time; the venue takes 100 such requests of a session."""


class Histories:
    """Those under way, and feeds that wait until others have theirs. `is_followed` tells whether a
    feed is wanted any more, `revised` hears of each whose history has come.
    """

    def __init__(
        self,
        link: Link,
        is_followed: Callable[[Feed], bool],
        revised: Callable[[Feed], None],
    ) -> None:
        self._link = link
        self._is_followed = is_followed
        self._revised = revised
        self._under_way: dict[str, Feed] = {}
        self._queued: dict[Feed, None] = {}

    def clear(self) -> None:
        """None will come: the connection is lost."""
        self._under_way.clear()
        self._queued.clear()

    def ask(self, feed: Feed) -> None:
        """Ask for the trades of a symbol, or do so as soon as others have theirs."""
        if len(self._under_way) >= MOST_HISTORIES:
            self._queued[feed] = None
            return
        self._queued.pop(feed, None)
        asked = self._link.client().next_id()
        fields = trades_fields(asked, SNAPSHOT, symbol=feed.symbol)
        self._under_way[asked] = feed
        feed.tape.restart()
        self._link.when_allowed(lambda: self._link.send("AD", fields))

    def again(self, feed: Feed) -> None:
        """Ask once more, if it is wanted and not under way."""
        with contextlib.suppress(Problem):
            if feed.wants_tape and self._is_followed(feed) and not feed.tape.is_asking:
                self.ask(feed)

    def again_soon(self, feed: Feed) -> None:
        """Not too often."""
        asyncio.get_running_loop().call_later(HISTORY_PAUSE, self.again, feed)

    def take(self, event: TradeCaptureReport | TradeCaptureReportRequestAck) -> None:
        """A trade of a history, its beginning or its end."""
        feed = self._under_way.get(event.trade_request_id or "")
        if feed is None:
            return
        if isinstance(event, TradeCaptureReport):
            feed.tape.remember(remembered(event))
        elif event.is_refused:
            log.warning("no history", symbol=feed.symbol, text=event.text)
            self._no_history(event.trade_request_id)
        elif event.trade_request_status != "0":
            del self._under_way[event.trade_request_id]
            self._ask_queued()
            if feed.tape.complete():
                self.again_soon(feed)
            self._revised(feed)

    def rejected(self, event: BusinessReject) -> None:
        """A request was refused: a history, if it was one."""
        if event.ref_msg_type == "AD":
            named = event.business_reject_ref_id
            for asked in [named] if named in self._under_way else list(self._under_way):
                self._no_history(asked)

    def _no_history(self, asked: str) -> None:
        """It was refused: what there was before stays, and it is asked for again."""
        feed = self._under_way.pop(asked)
        feed.tape.give_up()
        self.again_soon(feed)
        self._ask_queued()

    def _ask_queued(self) -> None:
        with contextlib.suppress(Problem):
            while self._queued and len(self._under_way) < MOST_HISTORIES:
                feed = next(iter(self._queued))
                del self._queued[feed]
                if self._is_followed(feed) and not feed.tape.is_asking:
                    self.ask(feed)
