"""The rate of a session: what is let through, and when it is too often too much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue.config import ThrottleConfig
from venue.gateway.throttle import SECOND, Throttle

START = 1_790_000_000 * SECOND


def let_through(throttle: Throttle, now: int, messages: int) -> int:
    return sum(throttle.take(now) for _ in range(messages))


def test_a_burst_and_what_comes_anew() -> None:
    throttle = Throttle(10, 2, 5, 30)
    assert let_through(throttle, START, 15) == 10
    assert let_through(throttle, START + SECOND // 5 - 1, 1) == 0
    assert let_through(throttle, START + SECOND // 5, 2) == 1
    assert let_through(throttle, START + SECOND, 10) == 4
    assert let_through(throttle, START + 100 * SECOND, 15) == 10


def test_a_steady_flow_at_the_rate_goes_through() -> None:
    """Also at a rate that does not divide a second."""
    throttle = Throttle(7, 3, 1, 1)
    assert all(throttle.take(START + number * 3 * SECOND // 7 + number) for number in range(1000))


@given(
    messages=st.integers(1, 50),
    seconds=st.integers(1, 10),
    gaps=st.lists(st.integers(0, 2 * SECOND), max_size=200),
)
def test_never_more_than_the_rate(messages: int, seconds: int, gaps: list[int]) -> None:
    """From any message on: a bucket full, and what has come anew."""
    throttle = Throttle(messages, seconds, 1, 1)
    now, taken = START, []
    for gap in gaps:
        now += gap
        if throttle.take(now):
            taken.append(now)
    for first, begin in enumerate(taken):
        for count, end in enumerate(taken[first:], 1):
            assert (count - messages) * seconds * SECOND <= (end - begin) * messages


def test_too_often() -> None:
    throttle = Throttle(1, 1, 3, 30)
    first = [throttle.breach(START + at * SECOND) for at in (0, 20, 31)]
    assert first == [False, False, False]
    assert throttle.breach(START + 50 * SECOND)
    then = [throttle.breach(START + at * SECOND) for at in (50, 51, 80)]
    assert then == [False, False, True]


def test_at_once() -> None:
    assert Throttle(1, 1, 1, 1).breach(START)


@pytest.mark.parametrize(
    ("config", "text"),
    [
        (ThrottleConfig(messages=5), "over the session's rate of 5 messages in 1 s"),
        (ThrottleConfig(messages=9, seconds=60), "over the session's rate of 9 messages in 60 s"),
    ],
)
def test_configured(config: ThrottleConfig, text: str) -> None:
    throttle = Throttle.configured(config)
    assert throttle.text == text
    assert let_through(throttle, START, 100) == config.messages
    assert [throttle.breach(START + 30 * SECOND) for _ in range(10)] == [False] * 9 + [True]
