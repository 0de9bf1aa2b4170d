"""How fast the web may send, so that the venue's throttle never stops a session."""

import math
import time
from collections.abc import Callable

from venue.config import ThrottleConfig
from venue.web.problems import Problem

SHARE_AT_ONCE, SHARE_OF_RATE = 0.75, 0.9
"""Of the venue's throttle: messages do not arrive as evenly as they are sent, and some are neither
asked for nor waited for.
"""
FOR_QUESTIONS = 1 / 3
"""Of that."""
LEAST_SHARED = 10
"""Messages of a throttle."""
STILL_SECONDS = 0.1
"""After a message so long without a word from the venue, it stands still."""


class Pace:
    """Keeps a session below the venue's throttle: buckets of tokens, one a message.

    Questions have a bucket of their own, where there is enough for two, so that who only looks
    keeps nobody from trading. The venue counts a message when it takes it: while it stands still
    there are no new tokens, for what is sent meanwhile it takes at once.
    """

    def __init__(
        self,
        throttle: ThrottleConfig,
        only_asks: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if only_asks or throttle.messages < LEAST_SHARED:
            self._orders = self._questions = _Bucket(throttle, 1.0, clock)
        else:
            self._orders = _Bucket(throttle, 1 - FOR_QUESTIONS, clock)
            self._questions = _Bucket(throttle, FOR_QUESTIONS, clock)

    def heard(self) -> None:
        """The venue has said something."""
        self._orders.heard()
        if self._questions is not self._orders:
            self._questions.heard()

    def delay(self) -> float:
        """In how many seconds a question may be sent, as things are now."""
        return self._questions.delay(1)

    def reserve(self, messages: int, patience: float, is_question: bool) -> float:
        """Take the tokens of messages, return in how many seconds they may be sent. Raise a Problem
        of 429, and take none, where that is longer than `patience`.
        """
        bucket = self._questions if is_question else self._orders
        return bucket.reserve(messages, patience)


class _Bucket:
    """A share of the tokens of a throttle. `_last` is when the last message is sent; since
    `_unheard` there was no word from the venue after one, None if there was.
    """

    def __init__(self, throttle: ThrottleConfig, share: float, clock: Callable[[], float]) -> None:
        self._most = max(1.0, share * SHARE_AT_ONCE * throttle.messages)
        self._a_second = share * SHARE_OF_RATE * throttle.messages / throttle.seconds
        self._clock = clock
        self._left, self._time = self._most, clock()
        self._last = self._time
        self._unheard: float | None = None

    def heard(self) -> None:
        self._refill()
        self._time = self._clock()
        self._unheard = self._last if self._last > self._time else None

    def delay(self, messages: int) -> float:
        self._refill()
        return max(0.0, (min(messages, self._most) - self._left) / self._a_second)

    def _refill(self) -> None:
        now = self._clock()
        until = now if self._unheard is None else min(now, self._unheard + STILL_SECONDS)
        if until > self._time:
            self._left = min(self._most, self._left + (until - self._time) * self._a_second)
            self._time = until

    def reserve(self, messages: int, patience: float) -> float:
        delay = self.delay(messages)
        if delay > patience:
            headers = {"Retry-After": str(math.ceil(delay))}
            detail = "too many messages: the venue would not take so many of this session"
            raise Problem(429, "throttled", detail, headers=headers)
        self._left -= messages
        self._last = self._clock() + delay
        if self._unheard is None:
            self._unheard = self._last
        return delay
