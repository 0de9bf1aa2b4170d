"""Rates and failed attempts: exactly so many, and room for no more than so many keys."""

import pytest

from venue.web.accounts import rate
from venue.web.accounts.rate import Attempts, Buckets


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_so_many_at_once_and_so_many_anew(clock: Clock) -> None:
    buckets = Buckets(4, 2, clock)
    assert [buckets.take("a") for _ in range(5)] == [0, 0, 0, 0, 0.5]
    clock.now += 0.25
    assert buckets.take("a") == 0.25
    clock.now += 0.25
    assert buckets.take("a") == 0
    assert buckets.take("a") == 0.5
    clock.now += 100
    assert [buckets.take("a") for _ in range(5)] == [0, 0, 0, 0, 0.5]


def test_each_key_has_its_own(clock: Clock) -> None:
    buckets = Buckets(1, 1, clock)
    assert [buckets.take(key) for key in "aabb"] == [0, 1, 0, 1]


def test_keys_are_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "MOST_KEYS", 10)
    buckets = Buckets(1, 1, clock)
    for number in range(1000):
        buckets.take(str(number))
        assert len(buckets._left) <= 10
    clock.now += 2
    assert [buckets.take("hasty") for _ in range(2)] == [0, 1]
    buckets.take("another")
    assert buckets.take("hasty") == 1


def test_too_many_failures_have_to_wait(clock: Clock) -> None:
    attempts = Attempts(3, 60, 300, clock)
    for _ in range(2):
        attempts.failed("a")
        assert attempts.wait("a") == 0
    attempts.failed("a")
    assert attempts.wait("a") == 300
    assert attempts.wait("b") == 0
    clock.now += 299
    assert attempts.wait("a") == 1
    clock.now += 1
    assert attempts.wait("a") == 0


def test_only_failures_of_late_count(clock: Clock) -> None:
    attempts = Attempts(3, 60, 300, clock)
    for _ in range(10):
        attempts.failed("a")
        assert attempts.wait("a") == 0
        clock.now += 31


def test_success_forgets_failures(clock: Clock) -> None:
    attempts = Attempts(2, 60, 300, clock)
    attempts.failed("a")
    attempts.succeeded("a")
    attempts.failed("a")
    assert attempts.wait("a") == 0
    attempts.failed("a")
    assert attempts.wait("a") == 300


def test_one_failure_may_be_one_too_many(clock: Clock) -> None:
    attempts = Attempts(1, 60, 300, clock)
    attempts.failed("a")
    assert attempts.wait("a") == 300


def test_who_has_failed_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "MOST_KEYS", 10)
    attempts = Attempts(1, 60, 300, clock)
    for number in range(100):
        attempts.failed(str(number))
    assert len(attempts._failed) == 10
    assert attempts.wait("99") == 300 and attempts.wait("0") == 0
