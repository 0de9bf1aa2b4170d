"""How much a price has moved within a window of time up to now."""

from collections import deque
from itertools import pairwise, repeat
from math import fsum, log1p, sqrt

from msgspec import Struct

from venue.core.columns import Ints, pack, unpack

RETURNS = 60
"""A window is as long as so many steps of its grid."""
SECOND = 1_000_000_000


class SamplesImage(Struct, array_like=True, frozen=True):
    """The state of `Samples`."""

    window: int
    next: int
    prices: Ints


class Samples:
    """The last trade's price at each of the last moments of a grid, for one window.

    `window` is in seconds and divides into `RETURNS` steps of whole nanoseconds. A moment is a
    multiple of `step` nanoseconds since 1970 UTC; `next` is the number of the one that is sampled
    next, -1 while there is nothing to sample. No more than `RETURNS` + 1 samples are kept.
    """

    __slots__ = ("next", "prices", "step", "window")

    def __init__(self, window: int) -> None:
        self.window = window
        self.step, rest = divmod(window * SECOND, RETURNS)
        assert self.step and not rest, f"a window of {window} s has no grid"
        self.next = -1
        self.prices: deque[int] = deque(maxlen=RETURNS + 1)

    def image(self) -> SamplesImage:
        return SamplesImage(self.window, self.next, pack(self.prices))

    @staticmethod
    def of(image: SamplesImage) -> "Samples":
        samples = Samples(image.window)
        samples.next = image.next
        samples.prices.extend(unpack(image.prices))
        return samples

    @property
    def due(self) -> int:
        """A price that changes after this moment has to be taken before: nanoseconds."""
        return self.next * self.step

    def take(self, price: int | None, time: int) -> None:
        """`price` was the last one, None if there was none, until `time`, when it may change."""
        after = -(-time // self.step)
        if price is not None and self.next >= 0:
            self.prices.extend(repeat(price, min(after - self.next, RETURNS + 1)))
        self.next = after

    def revise(self, price: int | None, time: int, until: int | None) -> None:
        """From `time` until the next trade, None if there was none, `price` was the last one, None
        if there was none before. All until now has been taken.
        """
        prices, step = self.prices, self.step
        first = self.next - len(prices)
        end = self.next if until is None else min(-(-until // step), self.next)
        if price is not None:
            for number in range(max(-(-time // step), first), end):
                prices[number - first] = price
            return
        for _ in range(end - first):
            prices.popleft()
        if until is None:
            self.next = -1

    def drop(self) -> None:
        """Forget every sample; the next price begins anew."""
        self.next = -1
        self.prices.clear()

    def volatility(self, price: int | None, now: int) -> float | None:
        """The realised volatility of the window until `now`, when `price` is the last one.

        The square root of the realised variance, the sum of r_i^2 over the last `RETURNS` log
        returns r_i = ln(p_i / p_(i-1)), or as many as there are; p_i is the price of the last trade
        at or before moment i of the grid. It is that of the window, not of a year: 0.01 is one per
        cent. None before the first return, and where a price is not above 0. O(`RETURNS`).

        Source: Andersen, Bollerslev: Answering the Skeptics, International Economic Review 39
        (1998); Andersen, Bollerslev, Diebold, Labys: Modeling and Forecasting Realized Volatility,
        Econometrica 71 (2003).
        """
        prices = list(self.prices)
        if price is not None and self.next >= 0:
            prices.extend(repeat(price, min(now // self.step + 1 - self.next, RETURNS + 1)))
        prices = prices[-RETURNS - 1 :]
        if len(prices) < 2 or min(prices) <= 0:
            return None
        returns = [log1p((b - a) / a) for a, b in pairwise(prices) if a != b]
        return sqrt(fsum(each * each for each in returns))
