"""Channels of what happens to one symbol: its book, its trades, its auction."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

from venue.web.market.book import DepthView, Row
from venue.web.market.feed import Change, Feed
from venue.web.shapes import Auction, Instrument
from venue.web.ws.channels import Channel, Key
from venue.web.ws.frames import frame, items

if TYPE_CHECKING:
    from venue.web.market.market import Market

SHOWN_TRADES = 200
"""Of a snapshot of trades."""
HISTORY_SECONDS = 1.0
"""So long trades wait for the history of their symbol."""


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


class WholeChannel(FeedChannel):
    """One whose news are always the whole, which `_begin` writes."""

    _ready: bytes | None = None

    def _tell(self, feed: Feed) -> None:
        self._begin(feed)
        assert self._ready is not None
        self.publish(self._ready)

    def snapshot(self) -> bytes | None:
        return self._ready if self._feed is not None and self._feed.is_live else None


class BboChannel(WholeChannel):
    """The best bid and offer."""

    def __init__(self, key: Key, market: Market, symbol: str) -> None:
        super().__init__(key, market, symbol)
        self._sequence = 0
        self._best: tuple[Row | None, Row | None] | None = None

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
            self._tell(feed)


class AuctionChannel(WholeChannel):
    """What the auction of a call would do; None outside of calls."""

    def __init__(self, key: Key, market: Market, symbol: str) -> None:
        super().__init__(key, market, symbol)
        self._told: Auction | None = None
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
            self._look(change.is_new)

    def _phase_changed(self, is_all: bool, instruments: list[Instrument]) -> None:
        if any(each.symbol == self.symbol for each in instruments):
            self._look(False)

    def _look(self, is_new: bool) -> None:
        """Tell what would be done now, if that is something else."""
        feed = self._feed
        if feed is None or not feed.is_live:
            return
        if is_new or feed.auction(self._market.listings.phase(self.symbol)) != self._told:
            self._tell(feed)


class TradesChannel(FeedChannel):
    """The last trades, then each that happens; all again where an earlier one has changed, or where
    trades are told without those of before, whose history takes long, and it has come.
    """

    with_tape = True
    _is_late = False
    _waiting: asyncio.TimerHandle | None = None

    def open(self) -> None:
        super().open()
        self._is_late = False
        self._waiting = asyncio.get_running_loop().call_later(HISTORY_SECONDS, self._too_late)

    def close(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        super().close()

    def _too_late(self) -> None:
        """Wait for the history no longer."""
        self._is_late = True
        if self._feed is not None and not self._feed.tape.is_complete:
            self.show_all()

    def _changed(self, change: Change) -> None:
        if change.is_revised or change.is_new:
            self.show_all()
        elif change.trades:
            own = {"symbol": self.symbol}
            self.publish(items("trades", "update", "trades", change.trades, **own))

    def snapshot(self) -> bytes | None:
        feed = self._feed
        if feed is None or not feed.is_live or not (feed.tape.is_complete or self._is_late):
            return None
        newest = feed.tape.last(SHOWN_TRADES)[::-1]
        return items("trades", "snapshot", "trades", newest, symbol=self.symbol)
