"""What can be subscribed to: each channel is encoded once, for all its members.

A channel works only while it has members: `open` and `close` are called for the first and the last.
"""

from __future__ import annotations

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from venue.web.market.book import DepthView, Row
from venue.web.market.feed import Change, Feed
from venue.web.problems import Problem
from venue.web.shapes import Auction, Instrument
from venue.web.ws.client import Client
from venue.web.ws.frames import frame, items

if TYPE_CHECKING:
    from venue.web.links import Links
    from venue.web.market.market import Market

log = structlog.get_logger()

Key = tuple[object, ...]
SHOWN_TRADES = 200
"""Of a snapshot of trades."""
STATISTICS_SECONDS = 1.0


class Channel(ABC):
    """`key` names it; `members` are told what is published."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.members: dict[Client, None] = {}

    def join(self, client: Client) -> None:
        """Add a member, or show one that is there already everything again."""
        if not self.members:
            self.open()
        self.members[client] = None
        client.channels[self.key] = self
        client.show(self)

    def leave(self, client: Client) -> None:
        client.channels.pop(self.key, None)
        client.owed.pop(self, None)
        if client in self.members:
            del self.members[client]
            if not self.members:
                self.close()

    def publish(self, data: bytes) -> None:
        """Send news to all who are not behind."""
        for member in self.members:
            member.offer(self, data)

    def show_all(self) -> None:
        """Show everybody everything anew."""
        for member in self.members:
            member.show(self)

    @abstractmethod
    def open(self) -> None: ...
    @abstractmethod
    def close(self) -> None: ...
    @abstractmethod
    def snapshot(self) -> bytes | None:
        """A frame with all there is, None while that is not known."""


class FeedChannel(Channel):
    """A channel of one symbol."""

    with_tape = False

    def __init__(self, key: Key, market: Market, symbol: str) -> None:
        super().__init__(key)
        self.symbol = symbol
        self._market = market
        self._feed: Feed | None = None
        self._unwatch: Callable[[], None] | None = None

    def open(self) -> None:
        self._feed = self._market.hold(self.symbol, self.with_tape)
        self._unwatch = self._feed.watch(self._changed)
        if self._feed.is_live:
            self._begin(self._feed)

    def close(self) -> None:
        if self._unwatch is not None and self._feed is not None:
            self._unwatch()
            self._market.release(self._feed)
        self._feed = None

    def _begin(self, feed: Feed) -> None:
        """The book is there, or there anew."""

    @abstractmethod
    def _changed(self, change: Change) -> None: ...


class DepthChannel(FeedChannel):
    """The best levels: a snapshot, then what changed, each with the next number."""

    def __init__(self, key: Key, market: Market, symbol: str, levels: int) -> None:
        super().__init__(key, market, symbol)
        self._levels = levels
        self._sequence = 0
        self._view: DepthView | None = None
        self._ready: bytes | None = None

    def _begin(self, feed: Feed) -> None:
        self._view = DepthView(feed.book, self._levels)
        self._sequence += 1
        self._ready = None

    def _changed(self, change: Change) -> None:
        assert self._feed is not None
        if change.is_new or self._view is None:
            self._begin(self._feed)
            self.show_all()
            return
        rows = self._view.update(change.touched)
        if rows is not None:
            self._sequence += 1
            self._ready = None
            self.publish(self._frame("delta", *rows))

    def snapshot(self) -> bytes | None:
        if self._view is None or self._feed is None or not self._feed.is_live:
            return None
        if self._ready is None:
            self._ready = self._frame("snapshot", *self._view.rows())
        return self._ready

    def _frame(self, kind: str, bids: list[Row], asks: list[Row]) -> bytes:
        assert self._feed is not None
        return frame(
            {
                "channel": "depth",
                "symbol": self.symbol,
                "levels": self._levels,
                "type": kind,
                "sequence": self._sequence,
                "bids": bids,
                "asks": asks,
                "time": self._feed.book.time,
            }
        )


class BboChannel(FeedChannel):
    """The best bid and offer, whole each time."""

    def __init__(self, key: Key, market: Market, symbol: str) -> None:
        super().__init__(key, market, symbol)
        self._sequence = 0
        self._best: tuple[Row | None, Row | None] | None = None
        self._ready: bytes | None = None

    def _begin(self, feed: Feed) -> None:
        self._best = feed.best
        self._sequence += 1
        self._ready = frame(
            {
                "channel": "bbo",
                "symbol": self.symbol,
                "sequence": self._sequence,
                "bid": self._best[0],
                "ask": self._best[1],
                "time": feed.book.time,
            }
        )

    def _changed(self, change: Change) -> None:
        feed = self._feed
        assert feed is not None
        if change.is_new or feed.best != self._best:
            self._begin(feed)
            assert self._ready is not None
            self.publish(self._ready)

    def snapshot(self) -> bytes | None:
        return self._ready if self._feed is not None and self._feed.is_live else None


class AuctionChannel(FeedChannel):
    """What the auction of a call would do, whole each time; None outside of calls."""

    def __init__(self, key: Key, market: Market, symbol: str) -> None:
        super().__init__(key, market, symbol)
        self._told: Auction | None = None
        self._ready: bytes | None = None
        self._unwatch_phase: Callable[[], None] | None = None

    def open(self) -> None:
        super().open()
        self._unwatch_phase = self._market.listings.watch(self._phase_changed)

    def close(self) -> None:
        super().close()
        self._ready = None
        if self._unwatch_phase is not None:
            self._unwatch_phase()

    def _begin(self, feed: Feed) -> None:
        self._told = feed.auction(self._market.listings.phase(self.symbol))
        told = {"symbol": self.symbol, "auction": self._told, "time": feed.book.time}
        self._ready = frame({"channel": "auction", **told})

    def _changed(self, change: Change) -> None:
        if change.is_new or change.is_auction:
            self._tell(change.is_new)

    def _phase_changed(self, is_all: bool, instruments: list[Instrument]) -> None:
        if any(each.symbol == self.symbol for each in instruments):
            self._tell(False)

    def _tell(self, is_new: bool) -> None:
        feed = self._feed
        if feed is None or not feed.is_live:
            return
        if is_new or feed.auction(self._market.listings.phase(self.symbol)) != self._told:
            self._begin(feed)
            assert self._ready is not None
            self.publish(self._ready)

    def snapshot(self) -> bytes | None:
        return self._ready if self._feed is not None and self._feed.is_live else None


class TradesChannel(FeedChannel):
    """The last trades, then each that happens; all again where an earlier one has changed."""

    with_tape = True

    def _changed(self, change: Change) -> None:
        if change.is_revised or change.is_new:
            self.show_all()
        elif change.trades:
            own = {"symbol": self.symbol}
            self.publish(items("trades", "update", "trades", change.trades, **own))

    def snapshot(self) -> bytes | None:
        feed = self._feed
        if feed is None or not (feed.is_live and feed.tape.is_complete):
            return None
        newest = feed.tape.last(SHOWN_TRADES)[::-1]
        return items("trades", "snapshot", "trades", newest, symbol=self.symbol)


class StatisticsChannel(Channel):
    """The day of a symbol, at most once a second, and only where something is different."""

    def __init__(self, key: Key, market: Market, symbol: str) -> None:
        super().__init__(key)
        self.symbol = symbol
        self._market = market
        self._task: asyncio.Task[None] | None = None
        self._ready: bytes | None = None

    def open(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._follow())

    def close(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def snapshot(self) -> bytes | None:
        return self._ready if self._market.link.is_up else None

    async def _follow(self) -> None:
        before = None
        while True:
            with contextlib.suppress(Problem):
                day = await self._market.statistics(self.symbol)
                told = {
                    name: getattr(day, name) for name in day.__dataclass_fields__ if name != "time"
                }
                if told != before or self._ready is None:
                    before = told
                    self._ready = frame({"channel": "statistics", **told, "time": day.time})
                    self.publish(self._ready)
            await asyncio.sleep(STATISTICS_SECONDS)


class InstrumentsChannel(Channel):
    """What may be traded, and each change of it."""

    def __init__(self, key: Key, market: Market) -> None:
        super().__init__(key)
        self._market = market
        market.listings.watch(self._changed)

    def open(self) -> None: ...
    def close(self) -> None: ...

    def _changed(self, is_all: bool, instruments: list[Instrument]) -> None:
        if is_all:
            self.show_all()
        else:
            self.publish(items("instruments", "update", "instruments", instruments))

    def snapshot(self) -> bytes | None:
        listings = self._market.listings
        if not listings.is_complete:
            return None
        return items("instruments", "snapshot", "instruments", listings.now())


class StatusChannel(Channel):
    """Whether the venue is there, and every session of the web. Everybody is a member."""

    def __init__(self, key: Key, links: Links) -> None:
        super().__init__(key)
        self._links = links
        self._told = links.statuses()

    def open(self) -> None: ...
    def close(self) -> None: ...

    def check(self) -> None:
        """Tell everybody if something is different."""
        now = self._links.statuses()
        if now != self._told:
            self._told = now
            self.publish(self.snapshot())

    def snapshot(self) -> bytes:
        venue = "up" if self._links.is_venue_up else "down"
        return frame({"channel": "status", "links": self._links.statuses(), "venue": venue})
