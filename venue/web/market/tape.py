"""The trades of one symbol: those the venue remembers, then those that happen. Pure.

History is asked for once it is wanted, and again when a trade of it is busted or corrected. Until
it is complete the tape shows what it had before; what happens meanwhile waits, and is left out
where the history has it.
"""

from collections.abc import Iterable
from itertools import dropwhile, islice
from typing import Literal, cast

from venue.client import TradeCaptureReport
from venue.web.counted_ids import age
from venue.web.market.candles import Candles
from venue.web.market.wire import CHANGE, DELETE, NEW, Print, iso
from venue.web.shapes import Candle, Trade

KEPT = 10_000
"""Trades, the newest; candles are made of all."""


_ACTIONS = {"1": DELETE, "2": CHANGE}
"""By TradeReportTransType(487): what became of a trade."""


class _Past:
    """Candles of all trades, and the newest trades by id, oldest first."""

    def __init__(self, kept: int) -> None:
        self.candles = Candles()
        self.trades: dict[str, Print] = {}
        self.count = 0
        self._kept = kept

    def add(self, printed: Print) -> None:
        """A trade as it is now; a busted one never was."""
        self.count += 1
        if printed.action == DELETE or printed.trade_id in self.trades:
            return
        self.trades[printed.trade_id] = printed
        self.candles.add(printed)
        if len(self.trades) > self._kept:
            del self.trades[next(iter(self.trades))]

    def change(self, printed: Print) -> None:
        """A trade is busted, or another price or quantity; its candles stay as they were."""
        before = self.trades.get(printed.trade_id)
        if before is None:
            return
        if printed.action == DELETE:
            del self.trades[printed.trade_id]
        else:
            changed = before._replace(price=printed.price, quantity=printed.quantity)
            self.trades[printed.trade_id] = changed


class Tape:
    """The newest trades and candles. `is_complete` once the history has been told."""

    def __init__(self, symbol: str, kept: int = KEPT) -> None:
        self.symbol = symbol
        self.is_complete = False
        self._kept = kept
        self._past = _Past(kept)
        self._next: _Past | None = None
        self._waiting: list[Print] = []

    @property
    def told(self) -> int:
        """How many trades of the history that is on its way there are."""
        return 0 if self._next is None else self._next.count

    @property
    def is_asking(self) -> bool:
        """Whether a history is on its way."""
        return self._next is not None

    def restart(self) -> None:
        """The history has been asked for."""
        self._next = _Past(self._kept)
        self._waiting.clear()

    def give_up(self) -> None:
        """No history will come, for now."""
        self._next = None
        self._waiting.clear()

    def remember(self, printed: Print) -> None:
        """A trade of the history, in the order in which they happened."""
        if self._next is not None:
            self._next.add(printed)

    def complete(self) -> bool:
        """The history is all there. Return whether another one is needed: a trade of it has changed
        meanwhile.
        """
        if self._next is None:
            return False
        self._past, self._next = self._next, None
        self.is_complete = True
        waiting, self._waiting = self._waiting, []
        return self.add_all(waiting)

    def add_all(self, prints: Iterable[Print]) -> bool:
        """Add some, in order. Return what `add` does of any."""
        needs_history = False
        for printed in prints:
            needs_history = self.add(printed) or needs_history
        return needs_history

    def add(self, printed: Print) -> bool:
        """A trade has happened, or something to one. Return whether candles can only be right after
        another history.
        """
        if not printed.trade_id:
            return False
        if self._next is not None:
            self._waiting.append(printed)
        if printed.action == NEW:
            self._past.add(printed)
            return False
        self._past.change(printed)
        return self._next is None

    def last(self, limit: int, before: str | None = None) -> list[Trade]:
        """The newest trades, or of those before one with this id, newest first."""
        newest: Iterable[Print] = reversed(self._past.trades.values())
        if before is not None:
            end = age(before)
            newest = dropwhile(lambda printed: age(printed.trade_id) >= end, newest)
        return trades_of(self.symbol, islice(newest, max(0, limit)))

    def candles(self, seconds: int, limit: int) -> list[Candle]:
        """The newest candles of an interval, oldest first."""
        return self._past.candles.last(seconds, limit)


def trades_of(symbol: str, prints: Iterable[Print]) -> list[Trade]:
    """The same as the web tells them."""
    return [
        Trade(
            trade_id=printed.trade_id,
            symbol=symbol,
            price=printed.price,
            quantity=printed.quantity,
            aggressor_side=cast(Literal["buy", "sell"] | None, printed.side),
            time=printed.time,
        )
        for printed in prints
    ]


def remembered(report: TradeCaptureReport) -> Print:
    """A trade of the history, as it is now."""
    action = _ACTIONS.get(report.trade_report_trans_type, NEW)
    price, quantity = f"{report.last_px:f}", f"{report.last_qty:f}"
    time = iso(report.transact_time)
    return Print(report.trade_id, price, quantity, report.aggressor_side, time, action)
