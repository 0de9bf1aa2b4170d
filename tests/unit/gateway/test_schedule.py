"""The hours of a session, in its own time zone, over changes of the clock."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue.config import ScheduleConfig
from venue.gateway.schedule import Schedule

WEEKDAYS = range(5)
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
ZURICH, NEW_YORK, LORD_HOWE = "Europe/Zurich", "America/New_York", "Australia/Lord_Howe"
DAYTIME = Schedule(time(8), time(17), WEEKDAYS, None, ZURICH)
NIGHT = Schedule(time(22), time(6), [SUN, MON, TUE, WED, THU], None, "UTC")
WHOLE_DAY = Schedule(time(17), time(17), range(7), None, NEW_YORK)
WEEK = Schedule(time(17), time(17), [SUN], FRI, NEW_YORK)
WHOLE_WEEK = Schedule(time(9), time(9), [WED], WED)
ONE_DAY_A_WEEK = Schedule(time(9), time(10), [WED], WED)
SCHEDULES = (DAYTIME, NIGHT, WHOLE_DAY, WEEK, WHOLE_WEEK, ONE_DAY_A_WEEK)


def ns(text: str, zone: str = "UTC", fold: int = 0) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(moment.timestamp()) * 1_000_000_000


def state(schedule: Schedule, now: int) -> tuple[bool, int, int]:
    return schedule.is_open(now), schedule.last_boundary(now), schedule.next_change(now)


@pytest.mark.parametrize(
    ("schedule", "now", "is_open", "last_boundary", "next_change"),
    [
        # 2026-01-01 is a Thursday.
        (DAYTIME, "01-08 07:59:59", False, "01-07 08:00", "01-08 08:00"),
        (DAYTIME, "01-08 08:00", True, "01-08 08:00", "01-08 17:00"),
        (DAYTIME, "01-08 16:59:59", True, "01-08 08:00", "01-08 17:00"),
        (DAYTIME, "01-08 17:00", False, "01-08 08:00", "01-09 08:00"),
        (DAYTIME, "01-11 12:00", False, "01-09 08:00", "01-12 08:00"),
        (NIGHT, "01-08 05:59:59", True, "01-07 22:00", "01-08 06:00"),
        (NIGHT, "01-08 06:00", False, "01-07 22:00", "01-08 22:00"),
        (NIGHT, "01-10 00:00", False, "01-08 22:00", "01-11 22:00"),
        (WHOLE_DAY, "01-08 16:59:59", True, "01-07 17:00", "01-08 17:00"),
        (WHOLE_DAY, "01-08 17:00", True, "01-08 17:00", "01-09 17:00"),
        (WEEK, "01-11 16:59:59", False, "01-04 17:00", "01-11 17:00"),
        (WEEK, "01-11 17:00", True, "01-11 17:00", "01-16 17:00"),
        (WEEK, "01-16 16:59:59", True, "01-11 17:00", "01-16 17:00"),
        (WEEK, "01-16 17:00", False, "01-11 17:00", "01-18 17:00"),
        (WHOLE_WEEK, "01-07 08:59:59", True, "2025-12-31 09:00", "01-07 09:00"),
        (WHOLE_WEEK, "01-07 09:00", True, "01-07 09:00", "01-14 09:00"),
        (ONE_DAY_A_WEEK, "01-07 09:30", True, "01-07 09:00", "01-07 10:00"),
        (ONE_DAY_A_WEEK, "01-07 10:00", False, "01-07 09:00", "01-14 09:00"),
    ],
)
def test_hours(
    schedule: Schedule, now: str, is_open: bool, last_boundary: str, next_change: str
) -> None:
    zone = str(schedule).split()[-1]
    at, last, following = (
        ns(each if each.startswith("2025") else f"2026-{each}", zone)
        for each in (now, last_boundary, next_change)
    )
    assert state(schedule, at) == (is_open, last, following)


def test_a_nanosecond_counts() -> None:
    opens = ns("2026-01-08 08:00", ZURICH)
    assert not DAYTIME.is_open(opens - 1)
    assert DAYTIME.next_change(opens - 1) == opens


def test_local_time_in_summer_and_winter() -> None:
    assert DAYTIME.last_boundary(ns("2026-01-08 12:00")) == ns("2026-01-08 07:00")
    assert DAYTIME.last_boundary(ns("2026-07-08 12:00")) == ns("2026-07-08 06:00")


def test_hours_over_a_change_of_the_clock() -> None:
    """The clocks of New York went forward on 8 March 2026: a day of 23 hours."""
    start = WHOLE_DAY.last_boundary(ns("2026-03-08 12:00"))
    assert start == ns("2026-03-07 22:00")
    assert WHOLE_DAY.next_change(start) == ns("2026-03-08 21:00")


def test_a_start_that_the_clock_skips() -> None:
    """02:30 of 8 March 2026 is 03:30; the same on the other days as ever."""
    schedule = Schedule(time(2, 30), time(5), time_zone=NEW_YORK)
    opens = ns("2026-03-08 07:30")
    assert schedule.next_change(ns("2026-03-08 06:00")) == opens
    assert not schedule.is_open(opens - 1)
    assert schedule.next_change(opens) == ns("2026-03-08 05:00", NEW_YORK)


def test_a_start_that_comes_twice() -> None:
    """01:30 of 1 November 2026 in New York: at the first the period begins, at the second not."""
    schedule = Schedule(time(1, 30), time(5), time_zone=NEW_YORK)
    first, second = (ns("2026-11-01 01:30", NEW_YORK, fold) for fold in (0, 1))
    assert second - first == 3600 * 10**9
    assert schedule.next_change(first - 1) == first
    assert schedule.last_boundary(second) == first
    assert schedule.next_change(first) == ns("2026-11-01 05:00", NEW_YORK)


def test_an_end_that_comes_twice() -> None:
    schedule = Schedule(time(0), time(1, 30), time_zone=NEW_YORK)
    end = ns("2026-11-01 01:30", NEW_YORK)
    assert schedule.is_open(end - 1)
    assert not schedule.is_open(end)


def test_hours_that_the_clock_swallows() -> None:
    """From 02:30, which is 03:30, to 03:15: there is no such period on that day."""
    schedule = Schedule(time(2, 30), time(3, 15), time_zone=NEW_YORK)
    noon = ns("2026-03-08 12:00", NEW_YORK)
    assert schedule.last_boundary(noon) == ns("2026-03-07 02:30", NEW_YORK)
    assert schedule.next_change(noon) == ns("2026-03-09 02:30", NEW_YORK)


def test_a_period_ends_where_the_next_begins() -> None:
    """To 02:50, which is 03:50 on 8 March, where the next begins at 03:00."""
    schedule = Schedule(time(3), time(2, 50), time_zone=NEW_YORK)
    rolls = ns("2026-03-08 03:00", NEW_YORK)
    assert schedule.next_change(rolls - 10**9) == rolls
    assert schedule.last_boundary(rolls) == rolls
    assert schedule.is_open(rolls)


@given(
    moment=st.integers(ns("2024-01-01"), ns("2029-01-01")),
    start=st.times().map(lambda each: each.replace(microsecond=0)),
    end=st.times().map(lambda each: each.replace(microsecond=0)),
    days=st.sets(st.integers(0, 6), min_size=1),
    end_day=st.none() | st.integers(0, 6),
    zone=st.sampled_from([ZURICH, NEW_YORK, LORD_HOWE, "UTC", "Pacific/Apia"]),
)
def test_nothing_changes_between_changes(
    moment: int, start: time, end: time, days: set[int], end_day: int | None, zone: str
) -> None:
    """From any moment to its next change it is open or not, and of one period."""
    if end_day is not None:
        days = {min(days)}
    schedule = Schedule(start, end, days, end_day, zone)
    was_open, boundary, change = state(schedule, moment)
    assert boundary <= moment < change
    assert state(schedule, change - 1) == (was_open, boundary, change)
    assert (schedule.is_open(change), schedule.last_boundary(change)) != (was_open, boundary)
    assert schedule.is_open(boundary)
    local = datetime.fromtimestamp(boundary // 10**9, ZoneInfo(zone))
    assert local.weekday() in days
    assert schedule.last_boundary(boundary - 1) < boundary


def test_written_out() -> None:
    assert str(DAYTIME) == "mon, tue, wed, thu, fri 08:00:00 to 17:00:00 Europe/Zurich"
    assert str(WEEK) == "sun 17:00:00 to fri 17:00:00 America/New_York"
    assert str(WHOLE_DAY) == "every day 17:00:00 to 17:00:00 America/New_York"


def test_configured() -> None:
    daily = ScheduleConfig(start="08:00:00", end="17:00:00", days=("tue", "mon"), time_zone=ZURICH)
    weekly = ScheduleConfig(start="17:00:00", end="18:00:00", start_day="sun", end_day="fri")
    every_day = ScheduleConfig(start="17:00:00", end="17:00:00")
    assert [str(Schedule.configured(each)) for each in (daily, weekly, every_day)] == [
        "mon, tue 08:00:00 to 17:00:00 Europe/Zurich",
        "sun 17:00:00 to fri 18:00:00 UTC",
        "every day 17:00:00 to 17:00:00 UTC",
    ]
