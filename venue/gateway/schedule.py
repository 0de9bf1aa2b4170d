"""When a session may be logged on, and when its sequence numbers begin anew: at every start of its
hours.

Local times follow RFC 5545 where the clock changes: a time that the clock skips is as much later as
the clock skips (02:30 is 03:30 that day), of one that comes twice the first is meant.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from venue.config import DAYS, ScheduleConfig

NS = 1_000_000_000
EVERY_DAY = range(7)
_FAR = 15
"""Days within which there is a period in any week, also where a clock change has swallowed one."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Period(NamedTuple):
    """From `start` to before `end`, in nanoseconds since 1970 UTC."""

    start: int
    end: int


class Schedule:
    """Periods that begin at the local time `start` on each of `days` (0 is Monday).

    They last until the first `end` after that, or with an `end_day` until the first on that day of
    the week; a period that begins while another lasts ends that. With `start` and `end` the same,
    one period follows the other.
    """

    def __init__(
        self,
        start: time,
        end: time,
        days: Collection[int] = EVERY_DAY,
        end_day: int | None = None,
        time_zone: str = "UTC",
    ) -> None:
        """`time_zone` is a name of the IANA database; raise `ZoneInfoNotFoundError` if not."""
        self._start = start
        self._end = end
        self._days = sorted(set(days))
        self._end_day = end_day
        self._zone = ZoneInfo(time_zone)

    @classmethod
    def configured(cls, config: ScheduleConfig) -> Self:
        start, end = time.fromisoformat(config.start), time.fromisoformat(config.end)
        if config.start_day is not None and config.end_day is not None:
            days, end_day = [DAYS.index(config.start_day)], DAYS.index(config.end_day)
            return cls(start, end, days, end_day, config.time_zone)
        days = [DAYS.index(day) for day in config.days or DAYS]
        return cls(start, end, days, None, config.time_zone)

    def is_open(self, now: int) -> bool:
        """Whether it is within a period at `now`, in nanoseconds since 1970 UTC."""
        return now < self._current(now).end

    def last_boundary(self, now: int) -> int:
        """The start of the current period, or of the most recent one, in ns since 1970 UTC."""
        return self._current(now).start

    def next_change(self, now: int) -> int:
        """When it next opens, closes or begins anew after `now`, in ns since 1970 UTC."""
        end = self._current(now).end
        following = next(each.start for each in self._periods(now, 1) if each.start > now)
        return min(end, following) if now < end else following

    def _current(self, now: int) -> Period:
        return next(each for each in self._periods(now, -1) if each.start <= now)

    def _periods(self, now: int, step: int) -> Iterator[Period]:
        """Those from the day before or after `now` on, a day after the other, or with a `step` of
        -1 before it.
        """
        today = datetime.fromtimestamp(now // NS, self._zone).date()
        for distance in range(-1, _FAR):
            day = today + timedelta(days=distance * step)
            if day.weekday() in self._days:
                period = Period(self._moment(day, self._start), self._end_of(day))
                if period.start < period.end:
                    yield period

    def _end_of(self, day: date) -> int:
        """When the period ends that begins on `day`."""
        days = int(self._end <= self._start)
        if self._end_day is not None:
            days = (self._end_day - day.weekday()) % 7 or 7 * days
        return self._moment(day + timedelta(days=days), self._end)

    def _moment(self, day: date, local: time) -> int:
        passed = datetime.combine(day, local, self._zone) - _EPOCH
        return (passed.days * 86_400 + passed.seconds) * NS

    def __str__(self) -> str:
        first = DAYS[self._days[0]]
        if self._end_day is not None:
            hours = f"{first} {self._start} to {DAYS[self._end_day]} {self._end}"
        else:
            days = "every day" if len(self._days) == 7 else ", ".join(DAYS[i] for i in self._days)
            hours = f"{days} {self._start} to {self._end}"
        return f"{hours} {self._zone}"
