"""What a trading day of one instrument looks like in numbers, kept up to date trade by trade.

"FIX" in a docstring is the code of MDEntryType(269) that has the same meaning.
"""

from copy import copy
from fractions import Fraction

from msgspec import Struct

from venue.core.columns import Ints, pack, unpack
from venue.core.revision import Past, Revision
from venue.core.types import TradingPhase
from venue.core.volatility import Samples, SamplesImage

NEVER = 1 << 62
CLOSING_AUCTION = TradingPhase.CLOSING_AUCTION
NUMBERS = (
    *("began", "before", "trades", "volume", "turnover", "auction_volume", "_open", "_high"),
    *("_low", "_closed", "_ended", "_dropped"),
    *("_price_moment", "_price_clock", "_gap_moment", "_gap_clock"),
)
"""What of a `Statistics` always is a number.

Of what is weighted by time, `moment` is the sum of time * change: its integral until t is its value
* t - moment, and nothing needs to be done while it stays. `clock` is the same of whether it has a
value, so t - clock is how long it has had one.
"""


class StatisticsImage(Struct, array_like=True, frozen=True):
    """The state of a `Statistics`; `numbers` are `NUMBERS`."""

    last: int | None
    close: int | None
    prior_close: int | None
    past: Past
    price: int | None
    gap: int | None
    numbers: Ints
    samples: list[SamplesImage]
    closings: list[tuple[int, int]]


class Statistics:
    """An instrument's trading day: prices in ticks, quantities in lots, `turnover` in tick-lots.

    Times are nanoseconds since 1970 UTC and never go back. Reading changes nothing, so the state
    depends on nothing but what was traded and quoted, and it is exact: integers, and fractions of
    them. Only `volatility` is a float.

    `began`: when the trading day did, 0 before the first `begin_day`; `before`: the last trade id
    until then.
    `last`: FIX 2, the price of the last trade of all days, None before the first.
    `close`: FIX 5, the price of the closing auction or, without one that traded, of the last trade
    when trading or the day ends; until then that of the last day that had a trade, None before.
    `gap`: how far the best prices are apart, None while they are not both there.
    `trades`: the matches of the day. `volume`: FIX B, the lots that they traded, each match counted
    once. `turnover`: the sum of price * quantity over them. Auctions count everywhere;
    `auction_volume` is their part of `volume`. `past` is of the trades that are
    forgotten; `prior_close` what `close` was when the day began; `closings` are the first and the
    last trade id of each closing auction of the day.
    """

    __slots__ = (
        *NUMBERS,
        *("_due", "_price", "_samples", "close", "closings", "gap", "last", "past", "prior_close"),
    )

    def __init__(self, windows: tuple[int, ...] = ()) -> None:
        self.began = self.before = 0
        self.last: int | None = None
        self.close: int | None = None
        self.prior_close: int | None = None
        self.past = Past()
        self.trades = self.volume = self.turnover = self.auction_volume = 0
        self._open = self._high = self._low = 0
        self._closed = self._ended = self._dropped = 0
        self.closings: list[tuple[int, int]] = []
        self._price: int | None = None
        self._price_moment = self._price_clock = 0
        self.gap: int | None = None
        self._gap_moment = self._gap_clock = 0
        self._samples: dict[int, Samples] = {}
        self._due = NEVER
        self.configure(windows, 0)

    def configure(self, windows: tuple[int, ...], time: int) -> None:
        """Have `volatility` over these windows, in seconds; a new one begins at `time`, what there
        is of the others stays.
        """
        known = self._samples
        self._samples = {window: known.get(window) or Samples(window) for window in windows}
        if self._price is not None:
            self._sample(time)
        self._due = self._next_due()

    @property
    def windows(self) -> tuple[int, ...]:
        return tuple(self._samples)

    def trade(self, time: int, price: int, qty: int, count: int = 1) -> None:
        """At `time` `qty` lots traded at `price`, in `count` matches. O(1), but for the moments of
        a grid that have passed.
        """
        before = self._price
        if price != before:
            if time > self._due:
                self._sample(time)
            if before is not None:
                self._price_moment += time * (price - before)
            else:
                self._price_moment += time * price
                self._price_clock += time
            if not self.trades:
                self._open = self._high = self._low = price
            elif price > self._high:
                self._high = price
            elif price < self._low:
                self._low = price
            self._price = self.last = price
        self.trades += count
        self.volume += qty
        self.turnover += price * qty

    def auction(
        self,
        phase: TradingPhase,
        price: int | None,
        qty: int,
        first_id: int = 0,
        last_id: int = 0,
    ) -> None:
        """The auction after a call in `phase` traded `qty` lots at `price`, None for nothing; its
        matches, with the trade ids from first to last, are told to `trade`, too.
        """
        self.auction_volume += qty
        if phase is CLOSING_AUCTION and price is not None:
            self.close = price
            self._closed = 1
            self.closings.append((first_id, last_id))
            self.past.close(first_id)

    def quote(self, time: int, gap: int | None) -> None:
        """From `time` on the best prices are `gap` ticks apart; None where there are not both, or
        while trading is not continuous. O(1).
        """
        if self.gap is not None:
            self._gap_moment -= time * self.gap
            self._gap_clock -= time
        if gap is not None:
            self._gap_moment += time * gap
            self._gap_clock += time
        self.gap = gap

    def end_trading(self, time: int, trade_id: int = 0) -> None:
        """The market closes after `trade_id`: no price counts until the next trade, which is of
        another day, and volatility begins anew.

        Not for a halt, nor between the days of a market that never closes.
        """
        self._fix_close()
        self._dropped = trade_id
        if self._price is not None:
            self._ended = time
            self._price_moment -= time * self._price
            self._price_clock -= time
            self._price = None
        for samples in self._samples.values():
            samples.drop()
        self._due = self._next_due()

    def begin_day(self, time: int, trade_id: int = 0) -> None:
        """Another trading day begins after `trade_id`: with no trade yet, and the quotes that
        there are.
        """
        self._fix_close()
        self.began, self.before = time, trade_id
        self.prior_close = self.close
        self.trades = self.volume = self.turnover = self.auction_volume = 0
        self._open = self._high = self._low = 0
        self._closed = self._ended = 0
        self.closings = []
        self._price = None
        self._price_moment = self._price_clock = 0
        self._gap_moment = self._gap_clock = 0
        if self.gap is not None:
            self._gap_moment, self._gap_clock = time * self.gap, time

    def revise(self, revision: Revision, now: int) -> None:
        """Be at `now` what would be, had a trade that was told always been what it is said to be.

        A price that closed an earlier day stays.
        """
        if revision.trade_id > self._dropped:
            self._resample(revision, now)
        if revision.after is None:
            before = revision.before[1] if revision.before is not None else None
            self.last = before if revision.price is None else revision.price
        if revision.trade_id > self.before:
            self._revise_day(revision)

    def _revise_day(self, revision: Revision) -> None:
        more, price = revision.qty - revision.old_qty, revision.price
        self.trades -= price is None
        self.volume += more
        self.turnover += revision.qty * (price or 0) - revision.old_qty * revision.old_price
        if revision.in_auction:
            self.auction_volume += more
        self._high, self._low = revision.high, revision.low
        before, after = _since(revision, self.before), revision.after
        value = before if price is None else price
        if before is None:
            self._open = value if value is not None else after[1] if after is not None else 0
        end = after or ((self._ended, None) if self._ended else None)
        for of_time, sign in ((revision.old_price, -1), (value, 1)):
            self._step(sign * revision.time, before, of_time)
            if end is not None:
                self._step(sign * end[0], of_time, end[1])
        if end is None:
            self._price = value
        if self._closed and revision.closing is not None:
            self.close = revision.closing
        else:
            self._closed = 0
            self.close = self.last if self._ended and self.trades else self.prior_close

    def _step(self, time: int, before: int | None, after: int | None) -> None:
        """At `time` the price changed so; a `time` below 0 takes it back."""
        self._price_moment += time * ((after or 0) - (before or 0))
        self._price_clock += time * ((after is not None) - (before is not None))

    def _resample(self, revision: Revision, now: int) -> None:
        price = revision.price
        if price is None:
            price = _since(revision, self._dropped)
        until = None if revision.after is None else revision.after[0]
        for samples in self._samples.values():
            if samples.next >= 0:
                samples.take(self.last, max(now, samples.due))
                samples.revise(price, revision.time, until)
        self._due = self._next_due()

    def _fix_close(self) -> None:
        if self.trades and not self._closed:
            self.close = self.last

    @property
    def open(self) -> int | None:
        """FIX 4: the price of the day's first trade, the opening auction's if it had one; None
        before it.
        """
        return self._open if self.trades else None

    @property
    def high(self) -> int | None:
        """FIX 7: the highest price of the day's trades, None before the first."""
        return self._high if self.trades else None

    @property
    def low(self) -> int | None:
        """FIX 8: the lowest price of the day's trades, None before the first."""
        return self._low if self.trades else None

    @property
    def vwap(self) -> Fraction | None:
        """FIX 9, the volume-weighted average price: the sum of price * quantity over the sum of
        quantity of the day's matches, None before the first.

        Source: Berkowitz, Logue, Noser: The Total Cost of Transactions on the NYSE, Journal of
        Finance 43 (1988).
        """
        return Fraction(self.turnover, self.volume) if self.volume else None

    def twap(self, now: int) -> Fraction | None:
        """The time-weighted average price: the integral of p(t) dt, by the time it is over.

        p(t) is the price of the last trade at or before t; the time is that from the day's first
        trade until `now`, less that from an `end_trading` until the next trade. It is what the mean
        of prices sampled at equal intervals tends to as these get shorter. The last price as long
        as no time has passed, None before the day's first trade.
        """
        if self.last is None or not self.trades:
            return None
        total, time = -self._price_moment, -self._price_clock
        if self._price is not None:
            total += self._price * now
            time += now
        return Fraction(total, time) if time else Fraction(self.last)

    def spread(self, now: int) -> Fraction | None:
        """The time-weighted quoted spread of the day until `now`: the integral of offer - bid dt,
        by the time in which there were both.

        While a side is empty, or nothing can trade at once (closed, call, halt), there is no
        spread: such time counts neither above nor below the line. The present spread as long as no
        time has passed, None without any.

        Source: Holden, Jacobsen: Liquidity Measurement Problems in Fast, Competitive Markets,
        Journal of Finance 69 (2014).
        """
        total, time = -self._gap_moment, -self._gap_clock
        if self.gap is not None:
            total += self.gap * now
            time += now
        if time:
            return Fraction(total, time)
        return None if self.gap is None else Fraction(self.gap)

    def volatility(self, window: int, now: int) -> float | None:
        """The realised volatility of the `window` seconds until `now`, as in `Samples.volatility`.

        Raise `KeyError` for a window that is none of `windows`.
        """
        return self._samples[window].volatility(self.last, now)

    def _sample(self, time: int) -> None:
        """The last price was so until `time`, when it may change."""
        for samples in self._samples.values():
            if time > samples.due:
                samples.take(self.last, time)
        self._due = self._next_due()

    def _next_due(self) -> int:
        return min((samples.due for samples in self._samples.values()), default=NEVER)

    def image(self) -> StatisticsImage:
        numbers = [getattr(self, name) for name in NUMBERS]
        samples = [each.image() for each in self._samples.values()]
        prices = self.last, self.close, self.prior_close, copy(self.past), self._price, self.gap
        return StatisticsImage(*prices, pack(numbers), samples, list(self.closings))

    @staticmethod
    def of(image: StatisticsImage) -> "Statistics":
        """What goes on exactly as that of which `image` is."""
        found = Statistics()
        found.last, found.close = image.last, image.close
        found.prior_close, found.past = image.prior_close, copy(image.past)
        found._price, found.gap = image.price, image.gap
        found.closings = list(image.closings)
        for name, number in zip(NUMBERS, unpack(image.numbers), strict=True):
            setattr(found, name, number)
        found._samples = {each.window: Samples.of(each) for each in image.samples}
        found._due = found._next_due()
        return found


def _since(revision: Revision, trade_id: int) -> int | None:
    """The price before that of the revised trade, None if it is not of one after `trade_id`."""
    return revision.before[1] if revision.before and revision.before[0] > trade_id else None
