"""What happened since the process began, as plain numbers: to count costs next to nothing."""

from bisect import bisect_left
from collections import Counter
from enum import Enum

from msgspec import Struct

from venue.core.events import (
    CancelRejected,
    DuplicateRejected,
    Event,
    MassCancelReported,
    OrderRejected,
)

SIZES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0)
SECONDS = (
    *(0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005),
    *(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)
REFUSED = frozenset({OrderRejected, DuplicateRejected, CancelRejected, MassCancelReported})
"""Events with a `reason`, of which that of a mass cancel is None where it was carried out."""


class Histogram:
    """How many values were up to each of `bounds`, and above the one before; the last of `counts`
    are above all. `total` is their sum.
    """

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


class Counts:
    """One process's.

    `turn_messages` and `turn_seconds` are of turns in which anything came in, `commit_seconds` of
    batches given to the journal. `events` are by class, what is refused by message and reason.
    `answered` are messages that the journal has, `published` those it does not, `resent` those of
    before, `happened` what is not counted yet; `gaps` are ResendRequests of the venue,
    `resend_requests` its clients'.
    """

    __slots__ = (
        "answered",
        "commit_seconds",
        "events",
        "gaps",
        "happened",
        "published",
        "refused",
        "resend_requests",
        "resent",
        "turn_messages",
        "turn_seconds",
    )

    def __init__(self) -> None:
        self.turn_messages = Histogram(SIZES)
        self.turn_seconds = Histogram(SECONDS)
        self.commit_seconds = Histogram(SECONDS)
        self.happened: list[Event] = []
        self.events: Counter[type] = Counter()
        self.refused: Counter[tuple[str, str]] = Counter()
        self.answered = self.published = self.resent = 0
        self.resend_requests = self.gaps = 0

    def tally(self) -> None:
        """Count what `happened` since the last time, and what was refused of it."""
        happened = self.happened
        kinds = list(map(type, happened))
        self.events.update(kinds)
        if not REFUSED.isdisjoint(kinds):
            for event in happened:
                reason = getattr(event, "reason", None) if type(event) in REFUSED else None
                if reason is not None:
                    self.refuse(type(event).__name__, reason)
        happened.clear()

    def refuse_request(self, refusal: Struct) -> None:
        """Count a request that was none of the core's business and is refused, for a `reason` if
        it has one.
        """
        self.refuse(type(refusal).__name__, getattr(refusal, "reason", "other"))

    def refuse(self, what: str, reason: object) -> None:
        """Count something as refused for a reason: an enum, or a code."""
        self.refused[what, reason.name.lower() if isinstance(reason, Enum) else str(reason)] += 1
