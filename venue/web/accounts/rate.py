"""How much one may ask: a token bucket for each key, and a bound for failed logins."""

import time
from collections.abc import Callable

MOST_KEYS = 10_000


class Buckets:
    """`requests` at once, and as many anew in so many `seconds`, for each key by itself."""

    def __init__(
        self, requests: int, seconds: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = requests
        self._a_second = requests / seconds
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> float:
        """Take one. 0, or in how many seconds there is one again."""
        now = self._clock()
        left, before = self._left.get(key, (float(self._most), now))
        left = min(self._most, left + (now - before) * self._a_second)
        if left < 1:
            self._left[key] = left, now
            return (1 - left) / self._a_second
        if len(self._left) >= MOST_KEYS and key not in self._left:
            self._forget(now)
        self._left[key] = left - 1, now
        return 0

    def _forget(self, now: float) -> None:
        """Keep those who have taken something lately, but not if they are that many."""
        lately = now - self._most / self._a_second
        kept = {key: each for key, each in self._left.items() if each[1] > lately}
        self._left = kept if len(kept) < MOST_KEYS // 2 else {}


class Attempts:
    """Who has failed `failures` times `within` so many seconds has to wait for `seconds`."""

    def __init__(
        self,
        failures: int,
        within: int,
        seconds: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failures, self._within, self._seconds = failures, within, seconds
        self._clock = clock
        self._failed: dict[str, list[float]] = {}

    def wait(self, key: str) -> float:
        """In how many seconds one may try again; 0 is now."""
        failed = self._failed.get(key, [])
        if len(failed) < self._failures:
            return 0
        return max(0.0, failed[-1] + self._seconds - self._clock())

    def failed(self, key: str) -> None:
        """Note that somebody has failed."""
        now = self._clock()
        before = self._failed.pop(key, [])
        lately = [at for at in before if now - at < self._within]
        while len(self._failed) >= MOST_KEYS:
            del self._failed[next(iter(self._failed))]
        self._failed[key] = [*lately, now][-self._failures :]

    def succeeded(self, key: str) -> None:
        """Forget what failed."""
        self._failed.pop(key, None)
