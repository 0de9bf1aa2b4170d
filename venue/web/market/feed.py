"""One symbol as the web follows it: its book, its tape, and who wants to hear of them."""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from venue.web.market.book import ASKS, BIDS, LiveBook, Row, Touched
from venue.web.market.tape import Tape, trades_of
from venue.web.market.wire import (
    AUCTION_PRICE,
    BID,
    IMBALANCE,
    NEW,
    OFFER,
    TRADE,
    Figure,
    Print,
    Update,
)
from venue.web.problems import Problem
from venue.web.shapes import Auction, Bbo, Book, Level, Trade

ENTRY_TYPES = (BID, OFFER, TRADE, AUCTION_PRICE, IMBALANCE)
"""MDEntryType(269) of what a feed takes."""
CALLS = frozenset({"pre_open", "opening_auction", "closing_auction", "volatility_auction"})
"""Phases that collect orders and match none."""


class Change(NamedTuple):
    """What has happened since the last one. With `is_new` the book was told anew, and may have
    missed something; with `is_revised` trades that were told before are others now, with
    `is_auction` what an auction would do is another.
    """

    is_new: bool
    touched: Touched
    trades: list[Trade]
    is_revised: bool
    is_auction: bool = False


Watcher = Callable[[Change], None]


class Feed:
    """`is_live` while the book is what the venue shows; else it is what it showed last. `holds`
    counts those who want it kept; others have `used_at`, by the loop's clock.
    """

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self.book = LiveBook()
        self.tape = Tape(symbol)
        self.is_live = False
        self.req_id: str | None = None
        self.wants_tape = False
        self.holds = 0
        self.used_at = 0.0
        self.sequence = 0
        self._number: int | None = None
        self._is_new = False
        self._is_revised = False
        self._is_auction = False
        self._figures: dict[str, Figure] = {}
        self._prints: list[Print] = []
        self._watchers: list[Watcher] = []
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def best(self) -> tuple[Row | None, Row | None]:
        """The best bid and offer."""
        bids, asks = self.book.top(BIDS, 1), self.book.top(ASKS, 1)
        return (bids[0] if bids else None), (asks[0] if asks else None)

    @property
    def spread(self) -> Decimal | None:
        bid, ask = self.best
        return Decimal(ask[0]) - Decimal(bid[0]) if bid and ask and self.is_live else None

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Hear of every change; return how to end that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def asked(self, req_id: str) -> None:
        """The market data was asked for under this id: what comes under others is of no use."""
        self.req_id = req_id
        self.is_live = False
        self._number = None

    def lost(self, problem: Problem) -> None:
        """The subscription is gone: nothing will come."""
        self.req_id = None
        self.is_live = False
        self.tape.give_up()
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_exception(problem)

    def take(self, update: Update) -> bool:
        """Apply a W or X. Return whether it fits: False after a gap, or before the first W."""
        if update.is_snapshot:
            self._figures.clear()
            self.book.restart(update.levels, update.time)
            self._is_new = self.is_live = True
            waiting, self._waiting = self._waiting, []
            for future in waiting:
                if not future.done():
                    future.set_result(None)
        elif not self.is_live or not self._follows(update):
            return False
        else:
            self.book.apply(update.levels, update.time)
            self._prints += update.prints
        for entry_type, figure in update.figures.items():
            self._is_auction = True
            if figure is None:
                self._figures.pop(entry_type, None)
            else:
                self._figures[entry_type] = figure
        self._number = update.last
        return True

    def _follows(self, update: Update) -> bool:
        return None in (update.first, self._number) or update.first == (self._number or 0) + 1

    async def wait(self, seconds: float) -> None:
        """Wait for the first W. Raise TimeoutError, or the Problem that there will be none."""
        if self.is_live:
            return
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            await asyncio.wait_for(future, seconds)
        finally:
            if future in self._waiting:
                self._waiting.remove(future)

    def revised(self) -> None:
        """The tape was told anew: who shows it has to show it again."""
        self._is_revised = True

    def flush(self) -> bool:
        """Tell everybody what has changed. Return whether the tape needs another history."""
        prints, self._prints = self._prints, []
        needs_history = self.wants_tape and self.tape.add_all(prints)
        new = trades_of(self.symbol, (each for each in prints if each.action == NEW))
        is_revised = self._is_revised or len(new) < len(prints)
        touched = self.book.take_touched()
        if any(touched):
            self.sequence += 1
        change = Change(self._is_new, touched, new, is_revised, self._is_auction)
        self._is_new = self._is_revised = self._is_auction = False
        for watcher in list(self._watchers):
            watcher(change)
        return needs_history

    def auction(self, phase: str) -> Auction | None:
        """What the auction would do now, if `phase` is that of a call."""
        price, imbalance = self._figures.get(AUCTION_PRICE), self._figures.get(IMBALANCE)
        if phase not in CALLS and price is None and imbalance is None:
            return None
        return Auction(
            phase=phase,
            price=None if price is None else price.price,
            quantity=None if price is None else price.quantity,
            imbalance=None if imbalance is None else imbalance.quantity,
            imbalance_side=None if imbalance is None else imbalance.side,
        )

    def shown_book(self, levels: int, phase: str = "") -> Book:
        bids, asks = ([_level(row) for row in self.book.top(side, levels)] for side in (BIDS, ASKS))
        return Book(
            symbol=self.symbol,
            sequence=self.sequence,
            bids=bids,
            asks=asks,
            auction=self.auction(phase),
            time=self.book.time,
        )

    def shown_bbo(self) -> Bbo:
        bid, ask = self.best
        mid = (Decimal(bid[0]) + Decimal(ask[0])) / 2 if bid and ask else None
        return Bbo(
            symbol=self.symbol,
            sequence=self.sequence,
            bid=_level(bid) if bid else None,
            ask=_level(ask) if ask else None,
            spread=None if self.spread is None else f"{self.spread:f}",
            mid=None if mid is None else f"{mid:f}",
            time=self.book.time,
        )


def _level(row: Row) -> Level:
    return Level(price=row[0], quantity=row[1], orders=row[2])
