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


class Pace:
    """Keeps a session below the venue's throttle: buckets of tokens, one a message.

    Questions have a bucket of their own, where there is enough for two, so that who only looks
    keeps nobody from trading.
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

    def reserve(self, messages: int, patience: float, is_question: bool) -> float:
        """Take the tokens of messages, return in how many seconds they may be sent. Raise a Problem
        of 429, and take none, where that is longer than `patience`.
        """
        bucket = self._questions if is_question else self._orders
        return bucket.reserve(messages, patience)


class _Bucket:
    """A share of the tokens of a throttle."""

    def __init__(self, throttle: ThrottleConfig, share: float, clock: Callable[[], float]) -> None:
        self._most = max(1.0, share * SHARE_AT_ONCE * throttle.messages)
        self._a_second = share * SHARE_OF_RATE * throttle.messages / throttle.seconds
        self._clock = clock
        self._left, self._time = self._most, clock()

    def reserve(self, messages: int, patience: float) -> float:
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._time) * self._a_second)
        self._time = now
        delay = max(0.0, (min(messages, self._most) - self._left) / self._a_second)
        if delay > patience:
            headers = {"Retry-After": str(math.ceil(delay))}
            detail = "too many messages: the venue would not take so many of this session"
            raise Problem(429, "throttled", detail, headers=headers)
        self._left -= messages
        return delay
