"""What was asked a moment ago: how many messages came, and which orders were accepted.

Times are nanoseconds since 1970 UTC and never go back.
"""

from collections import deque

from msgspec import Struct

from venue.core.limits import Limits, Scope
from venue.core.types import Side

SECOND = 1_000_000_000
MILLISECOND = 1_000_000
NEVER = 1 << 62

Alike = tuple[str, str, Side, int, int | None, int | None]
"""Account, symbol, side, quantity in lots, price and trigger price in ticks: orders with equal ones
are alike."""


class RecentImage(Struct, array_like=True, frozen=True):
    """The state of a `Recent`: messages as (scope, firm, [when, how many]), and accepted orders as
    (firm, [when, which]).
    """

    messages: list[tuple[Scope, str, list[tuple[int, int]]]]
    accepted: list[tuple[str, list[tuple[int, Alike]]]]


class Window:
    """How many messages have come in the `seconds` before `time`, and when."""

    __slots__ = ("_batches", "_before", "_span", "count", "seconds", "time")

    def __init__(self, seconds: int) -> None:
        self.count = 0
        self.time = 0
        self.seconds = seconds
        self._span = seconds * SECOND
        self._before = 0
        self._batches: deque[tuple[int, int]] = deque()

    def turn(self, time: int) -> None:
        """It is `time` now: forget what is older than the window. Amortised O(1).

        Who has one more message come counts it up.
        """
        batches = self._batches
        if self.count > self._before:
            came = self.count - self._before
            if batches and batches[-1][0] == self.time:
                came += batches.pop()[1]
            batches.append((self.time, came))
        self.time = time
        while batches and time - batches[0][0] >= self._span:
            self.count -= batches.popleft()[1]
        self._before = self.count

    def last(self, seconds: int, time: int) -> None:
        """Be `seconds` long from `time` on: what is not in it any more does not come back."""
        self.turn(time)
        self.seconds = seconds
        self._span = seconds * SECOND
        self.turn(time)

    def image(self) -> list[tuple[int, int]]:
        """When messages came, and how many; whatever the time is, the same."""
        batches = list(self._batches)
        came = self.count - self._before
        if came and batches and batches[-1][0] == self.time:
            came += batches.pop()[1]
        return [*batches, (self.time, came)] if came else batches

    def restore(self, batches: list[tuple[int, int]]) -> None:
        self._batches.extend(batches)
        self.count = self._before = sum(count for _, count in batches)


class Repeats:
    """A firm's orders that were accepted in the last `span` nanoseconds, and when: the last ones
    in `times`, which begin anew `until` some time, others in `older`. What is older than the span
    is forgotten at some time.
    """

    __slots__ = ("older", "span", "times", "until")

    def __init__(self, span: int) -> None:
        self.until = self.span = span
        self.times: dict[Alike, int] = {}
        self.older: dict[Alike, int] = {}

    def last(self, alike: Alike) -> int:
        """When the last such order was accepted."""
        at = self.times.get(alike)
        return self.older.get(alike, -NEVER) if at is None else at

    def begin(self, time: int) -> None:
        """Begin `times` anew: a span has passed."""
        self.until = time + self.span
        self.older, self.times = self.times, {}

    def remember(self, span: int, time: int) -> None:
        """Keep orders for `span` from `time` on: what is forgotten by then does not come back."""
        accepted = self._within(time)
        self.span = span
        self.restore(accepted, time)

    def image(self) -> list[tuple[int, Alike]]:
        """What was remembered when the last one was accepted, the oldest first: whatever the time
        is, the same.
        """
        times = (*self.older.values(), *self.times.values())
        return self._within(max(times, default=0))

    def _within(self, time: int) -> list[tuple[int, Alike]]:
        """What is not older than the span at `time`."""
        both = self.older | self.times
        found = ((at, alike) for alike, at in both.items() if time - at < self.span)
        return sorted(found, key=lambda each: (each[0], repr(each[1])))

    def restore(self, accepted: list[tuple[int, Alike]], time: int) -> None:
        self.until, self.older = time + self.span, {}
        self.times = {alike: at for at, alike in accepted}


class Recent:
    """The messages of each scope and firm that has a limit of them, and the accepted orders of each
    firm that may not repeat them. `limits` are those in force.
    """

    def __init__(self, limits: dict[Scope, Limits]) -> None:
        self._limits = limits
        self._windows: dict[tuple[Scope, str], Window] = {}
        self._repeats: dict[str, Repeats] = {}

    def window(self, scope: Scope, firm: str, seconds: int) -> Window:
        """The messages of `firm` that a limit of `scope` counts."""
        window = self._windows.get((scope, firm))
        if window is None:
            window = self._windows[scope, firm] = Window(seconds)
        return window

    def repeats(self, firm: str) -> Repeats:
        repeats = self._repeats.get(firm)
        if repeats is None:
            repeats = self._repeats[firm] = Repeats(self._span(firm))
        return repeats

    def limit(self, scope: Scope, time: int) -> None:
        """The limits of `scope` are others since `time`: remember as much as they need."""
        limits = self._limits.get(scope)
        for key in [key for key in self._windows if key[0] == scope]:
            if limits is None or limits.max_messages is None:
                del self._windows[key]
            else:
                self._windows[key].last(limits.message_seconds, time)
        for firm, repeats in list(self._repeats.items()):
            span = self._span(firm)
            if span:
                repeats.remember(span, time)
            else:
                del self._repeats[firm]

    def _span(self, firm: str) -> int:
        """How long a firm's orders are to be remembered, in nanoseconds."""
        spans = [
            limits.duplicate_milliseconds or 0
            for scope, limits in self._limits.items()
            if scope.firm in ("", firm)
        ]
        return max(spans, default=0) * MILLISECOND

    def image(self) -> RecentImage:
        """What is remembered."""
        messages, accepted = [], []
        for (scope, firm), window in self._windows.items():
            batches = window.image()
            if batches:
                messages.append((scope, firm, batches))
        for firm, repeats in self._repeats.items():
            found = repeats.image()
            if found:
                accepted.append((firm, found))
        messages.sort(key=lambda each: (each[0].firm, each[0].account, each[0].symbol, each[1]))
        return RecentImage(messages, sorted(accepted))

    def restore(self, image: RecentImage, time: int) -> None:
        """Go on from `image` at `time`; the limits have been restored before."""
        for scope, firm, batches in image.messages:
            self.window(scope, firm, self._limits[scope].message_seconds).restore(batches)
        for firm, accepted in image.accepted:
            self.repeats(firm).restore(accepted, time)
