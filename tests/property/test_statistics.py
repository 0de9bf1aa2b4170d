"""The statistics of random trading are what their definitions say of all that was told."""

import math
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from hypothesis import settings
from hypothesis.stateful import invariant

from tests.property.orders import SECOND
from tests.property.phases import Phases
from tests.property.twins import TERMS
from venue.core import commands as c
from venue.core import events as e
from venue.core.types import Liquidity, Side, TradingPhase

OVER = ("post close", "closed")
WINDOW = 60


class Record(NamedTuple):
    """Something that happened to an instrument: a trade, a closing auction that traded, the
    beginning of a day with the `price` that closed the one before, the end of trading, or another
    difference of the best prices, `gap`, None where there is none.
    """

    time: int
    what: str
    price: int = 0
    qty: int = 0
    in_auction: bool = False
    gap: int | None = None
    trade_ids: tuple[int, ...] = ()


class Days(Phases):
    """Trading with a record of everything, from which the statistics follow by definition."""

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, list[Record]] = {symbol: [] for symbol in TERMS}
        self.before = self.scheduled()
        assert self.venue.handle(c.DefineStatistics((WINDOW,))) == []

    def scheduled(self) -> dict[str, str]:
        return {symbol: state.scheduled for symbol, state in self.reference.states.items()}

    def move_to(self, time: int) -> None:
        """Stop where a call ends, so that its auction is then."""
        while ends := [
            state.call_ends
            for state in self.reference.states.values()
            if state.call_ends is not None and state.call_ends < time
        ]:
            super().move_to(min(ends))
        super().move_to(time)

    def note(self, events: list[e.Event]) -> None:
        super().note(events)
        before, after = self.before, self.scheduled()
        for symbol, phase in after.items():
            if before[symbol] in OVER and phase not in OVER:
                self.begin_day(symbol)
        for place, event in enumerate(events):
            if isinstance(event, e.OrderFilled) and event.side is Side.BUY:
                in_auction = event.liquidity is Liquidity.AUCTION
                terms = event.last_px, event.last_qty, in_auction
                self.record(event.symbol, "trade", *terms, trade_ids=(event.trade_id,))
            elif isinstance(event, e.AuctionHeld) and event.price is not None:
                if event.phase is TradingPhase.CLOSING_AUCTION:
                    trade_ids = matched(event, events[place + 1 :])
                    self.record(event.symbol, "close", event.price, trade_ids=trade_ids)
            elif isinstance(event, e.TradeChanged):
                self.change(event)
            elif isinstance(event, e.DayEnded):
                for symbol, state in self.reference.states.items():
                    if not state.has_schedule:
                        self.begin_day(symbol)
        for symbol, phase in after.items():
            if phase in OVER and before[symbol] != phase:
                self.record(symbol, "end")
            best = [self.reference.levels(symbol, side)[:1] for side in ("buy", "sell")]
            gap = None
            if all(best) and self.reference.states[symbol].is_open:
                gap = best[1][0][0] - best[0][0][0]
            self.record(symbol, "quote", gap=gap)
        self.before = after

    def begin_day(self, symbol: str) -> None:
        """What an earlier day closed with stays, whatever becomes of its trades."""
        records = self.records[symbol]
        self.record(symbol, "day", close([*records, Record(self.time, "end")]) or 0)

    def change(self, event: e.TradeChanged) -> None:
        """Have the records that there would be, had the trade always been so."""
        records, trade_id = self.records[event.symbol], event.trade_id
        ids = [record.trade_ids if record.what == "trade" else () for record in records]
        place = ids.index((trade_id,))
        if event.qty:
            records[place] = records[place]._replace(price=event.price, qty=event.qty)
        else:
            del records[place]
        left = {record.trade_ids: record for record in records if record.what == "trade"}
        for place, record in enumerate(records):
            if record.what == "close" and trade_id in record.trade_ids:
                traded = [left[each,].price for each in record.trade_ids if (each,) in left]
                if not traded:
                    del records[place]
                    return
                records[place] = record._replace(price=traded[-1])

    def record(self, symbol: str, what: str, *more: Any, **named: Any) -> None:
        self.records[symbol].append(Record(self.time, what, *more, **named))

    @invariant()
    def positions_are_what_was_traded(self) -> None:
        """As if a trade that is busted or corrected had always been so."""
        wanted: Counter[tuple[str, str, str]] = Counter()
        for match in self.reference.matches.values():
            for order, _, _ in match.sides:
                wanted[order.firm, order.symbol, "qty"] += order.sign * match.qty
                wanted[order.firm, order.symbol, "cash"] -= order.sign * match.qty * match.price
        found: Counter[tuple[str, str, str]] = Counter()
        for (firm, _), positions in self.venue.ledger.accounts.items():
            for symbol, position in positions.items():
                found[firm, symbol, "qty"] += position.qty
                found[firm, symbol, "cash"] += position.cash
        assert found == wanted

    @invariant()
    def statistics_are_what_they_are_defined_to_be(self) -> None:
        self.venue.trading.quote()
        for symbol, records in self.records.items():
            told = self.venue.statistics(symbol)
            for now in (self.time, self.time + SECOND):
                found = {
                    "began": told.began,
                    **{name: getattr(told, name) for name in ("open", "high", "low", "last")},
                    **{name: getattr(told, name) for name in ("close", "trades", "volume")},
                    **{name: getattr(told, name) for name in ("turnover", "auction_volume")},
                    "vwap": told.vwap,
                    "twap": told.twap(now),
                    "spread": told.spread(now),
                }
                assert found == defined(records, now)
                expected = volatility(records, now)
                found_volatility = told.volatility(WINDOW, now)
                assert (found_volatility is None) is (expected is None)
                if expected is not None:
                    assert found_volatility == pytest.approx(expected)


def matched(auction: e.AuctionHeld, events: list[e.Event]) -> tuple[int, ...]:
    """The ids of an auction's trades, which are the next ones."""
    trade_ids, left = [], auction.qty
    for event in events:
        if isinstance(event, e.OrderFilled) and event.side is Side.BUY and left:
            trade_ids.append(event.trade_id)
            left -= event.last_qty
    return tuple(trade_ids)


def defined(records: list[Record], now: int) -> dict[str, Any]:
    days = [at for at, record in enumerate(records) if record.what == "day"]
    first = days[-1] if days else 0
    began = records[first].time if days else 0
    today = records[first:]
    trades = [record for record in today if record.what == "trade"]
    prices = [trade.price for trade in trades]
    volume = sum(trade.qty for trade in trades)
    turnover = sum(trade.price * trade.qty for trade in trades)
    every = [record.price for record in records if record.what == "trade"]
    return {
        "began": began,
        "open": prices[0] if prices else None,
        "high": max(prices, default=None),
        "low": min(prices, default=None),
        "last": every[-1] if every else None,
        "close": close(records),
        "trades": len(trades),
        "volume": volume,
        "turnover": turnover,
        "auction_volume": sum(trade.qty for trade in trades if trade.in_auction),
        "vwap": Fraction(turnover, volume) if volume else None,
        "twap": mean(price_steps(today), prices[-1] if prices else None, now),
        "spread": mean(gap_steps(records, first, began), gap(records), now),
    }


def close(records: list[Record]) -> int | None:
    made: int | None = None
    last, by_auction = None, False
    for record in records:
        if record.what == "trade":
            last = record.price
        elif record.what == "close":
            made, by_auction = record.price, True
        elif record.what in ("end", "day"):
            if last is not None and not by_auction:
                made = last
            if record.what == "day":
                made, last, by_auction = record.price or None, None, False
    return made


Steps = list[tuple[int, int | None]]
"""From when on there is which value."""


def price_steps(today: list[Record]) -> Steps:
    values = {"trade": True, "end": False}
    return [
        (record.time, record.price if values[record.what] else None)
        for record in today
        if record.what in values
    ]


def gap(records: list[Record]) -> int | None:
    quotes = [record.gap for record in records if record.what == "quote"]
    return quotes[-1] if quotes else None


def gap_steps(records: list[Record], first: int, began: int) -> Steps:
    quotes = [record for record in records[first:] if record.what == "quote"]
    return [(began, gap(records[:first])), *((quote.time, quote.gap) for quote in quotes)]


def mean(steps: Steps, present: int | None, now: int) -> Fraction | int | None:
    total = time = 0
    for (since, value), (until, _) in pairwise([*steps, (now, None)]):
        if value is not None:
            total += value * (until - since)
            time += until - since
    return Fraction(total, time) if time else present


def volatility(records: list[Record], now: int) -> float | None:
    ends = [at for at, record in enumerate(records) if record.what == "end"]
    after = records[ends[-1] :] if ends else records
    trades = [record for record in after if record.what == "trade"]
    step = WINDOW * SECOND // 60
    path = []
    for back in range(60, -1, -1):
        moment = (now // step - back) * step
        path += [trade.price for trade in trades if trade.time <= moment][-1:]
    if len(path) < 2:
        return None
    return math.sqrt(sum(math.log(b / a) ** 2 for a, b in pairwise(path)))


TestDays = Days.TestCase
TestDays.settings = settings(max_examples=max(50, settings.default.max_examples // 2))
