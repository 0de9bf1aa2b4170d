"""Realised volatility: by hand, and against its definition over every trade there was."""

import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.test_statistics import copied, traded
from venue.core.statistics import Statistics

SECOND = 10**9
START = 1_795_248_000 * SECOND
"""A moment of every grid."""


def volatility(price: float, *others: float) -> float:
    """Of a path of prices."""
    path = (price, *others)
    returns = [math.log(b / a) for a, b in pairwise(path)]
    return math.sqrt(sum(each**2 for each in returns))


def at(seconds: float) -> int:
    return START + int(seconds * SECOND)


@pytest.fixture
def minute() -> Statistics:
    """A window of 60 s has a grid of seconds."""
    return Statistics((60,))


def test_it_is_none_before_a_return(minute: Statistics) -> None:
    assert minute.volatility(60, at(5)) is None
    traded(minute, at(5.5), (100, 1))
    assert minute.volatility(60, at(5.5)) is None
    assert minute.volatility(60, at(6.9)) is None
    assert minute.volatility(60, at(7)) == 0


def test_a_price_counts_where_it_is_the_last_one_at_a_moment_of_the_grid(
    minute: Statistics,
) -> None:
    traded(minute, at(1), (100, 1))
    traded(minute, at(1.5), (200, 1))  # gone before a moment
    traded(minute, at(1.8), (110, 1))
    traded(minute, at(2), (121, 1))  # at the moment itself
    traded(minute, at(2.1), (90, 1), (99, 1))
    assert minute.volatility(60, at(2.5)) == pytest.approx(volatility(100, 121))
    assert minute.volatility(60, at(3)) == pytest.approx(volatility(100, 121, 99))
    assert minute.volatility(60, at(9)) == pytest.approx(volatility(100, 121, 99))


def test_a_return_leaves_the_window(minute: Statistics) -> None:
    traded(minute, at(0), (100, 1))
    traded(minute, at(0.5), (110, 1))
    traded(minute, at(30), (120, 1))
    both, later = volatility(100, 110, 120), volatility(110, 120)
    assert minute.volatility(60, at(60)) == pytest.approx(both)
    assert minute.volatility(60, at(60.999)) == pytest.approx(both)
    assert minute.volatility(60, at(61)) == pytest.approx(later)
    assert minute.volatility(60, at(89.9)) == pytest.approx(later)
    assert minute.volatility(60, at(90)) == 0
    traded(minute, at(10_000), (130, 1))
    assert minute.volatility(60, at(10_000)) == pytest.approx(volatility(120, 130))


def test_small_returns_are_not_lost_in_rounding(minute: Statistics) -> None:
    """Prices of 16 digits: the logarithm of their ratio has the digits of their difference."""
    traded(minute, at(0), (2**52, 1))
    traded(minute, at(1), (2**52 + 1, 1))
    assert minute.volatility(60, at(1)) == pytest.approx(2.0**-52, rel=1e-12)


def test_a_price_of_zero_has_no_logarithm(minute: Statistics) -> None:
    traded(minute, at(0), (100, 1))
    traded(minute, at(1), (0, 1))
    traded(minute, at(2), (100, 1))
    assert minute.volatility(60, at(5)) is None
    assert minute.volatility(60, at(62)) == 0


def test_windows_are_apart() -> None:
    day = Statistics((60, 300))
    assert day.windows == (60, 300)
    traded(day, at(0), (100, 1))
    traded(day, at(1), (200, 1))
    traded(day, at(4), (110, 1))
    assert day.volatility(60, at(4)) == pytest.approx(volatility(100, 200, 110))
    assert day.volatility(300, at(5)) == pytest.approx(volatility(100, 110))
    assert day.volatility(300, at(4)) is None
    with pytest.raises(KeyError):
        day.volatility(61, at(4))


def test_it_goes_on_over_the_days_of_a_market_that_never_closes(minute: Statistics) -> None:
    traded(minute, at(0), (100, 1))
    minute.begin_day(at(10))
    traded(minute, at(20), (110, 1))
    assert minute.volatility(60, at(20)) == pytest.approx(volatility(100, 110))


def test_it_begins_anew_where_trading_had_ended(minute: Statistics) -> None:
    traded(minute, at(0), (100, 1))
    traded(minute, at(1), (101, 1))
    minute.end_trading(at(2))
    assert minute.volatility(60, at(20)) is None
    minute.begin_day(at(10))
    traded(minute, at(20), (110, 1))
    traded(minute, at(21), (111, 1))
    assert minute.volatility(60, at(21)) == pytest.approx(volatility(110, 111))


def test_other_windows_keep_what_there_is_of_the_old_ones(minute: Statistics) -> None:
    traded(minute, at(0), (100, 1))
    traded(minute, at(1), (110, 1))
    minute.configure((300, 60), at(2))
    assert minute.windows == (300, 60)
    assert minute.volatility(60, at(1)) == pytest.approx(volatility(100, 110))
    assert minute.volatility(300, at(9)) is None
    assert minute.volatility(300, at(10)) == 0
    traded(minute, at(60), (110, 1))
    traded(minute, at(61), (121, 1))
    assert minute.volatility(300, at(65)) == pytest.approx(volatility(110, 121))
    minute.configure((), at(66))
    assert copied(minute).windows == minute.windows == ()
    traded(minute, at(70), (121, 1))


def test_memory_does_not_grow(minute: Statistics) -> None:
    for second in range(1000):
        traded(minute, at(second), (100 + second, 1))
    longest = len(minute.image().samples[0].prices.body)
    for second in range(1000, 9000):
        traded(minute, at(second), (100 + second % 50, 1))
    assert len(minute.image().samples[0].prices.body) <= longest


TICKS = st.tuples(st.integers(0, 30), st.integers(1, 30))


@given(st.lists(TICKS, min_size=1, max_size=40), st.integers(0, 300))
def test_it_is_what_its_definition_says(ticks: list[tuple[int, int]], later: int) -> None:
    """Trades come at multiples of a quarter second; the windows are a minute and two."""
    day = Statistics((60, 120))
    trades: list[Any] = []
    time = 0
    for elapsed, price in ticks:
        time += elapsed
        traded(day, at(time / 4), (price, 1))
        trades.append((time, price))
    for now in (time, time + later):
        for window in (60, 120):
            step = window * 4 // 60
            moments = [now // step * step - back * step for back in range(61)]
            path = []
            for moment in reversed(moments):
                known = [price for at_, price in trades if at_ <= moment]
                path += known[-1:]
            found = day.volatility(window, at(now / 4))
            if len(path) < 2:
                assert found is None
            else:
                assert found == pytest.approx(volatility(*path))
