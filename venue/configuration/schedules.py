"""When sessions may be logged on, and which phases a market goes through in a day."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from venue.configuration.values import Fault, LocalTime, Name, Text, below, choice, seconds_of
from venue.core.types import CALLS, SCHEDULED, TradingPhase

A_DAY = 86_400
"""Seconds, of a day on which nobody moves the clock."""
_FOLLOWS_PRE_OPEN = (TradingPhase.OPENING_AUCTION, TradingPhase.CONTINUOUS)


class Day(StrEnum):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


DAYS = tuple(Day)
DayName = Annotated[Day, Meta(description=f"one of {', '.join(Day)}")]
Date = Annotated[date, Meta(description="a date, YYYY-MM-DD")]
PhaseName = Annotated[TradingPhase, Meta(description=f"one of {', '.join(SCHEDULED)}")]


class ScheduleConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a session may be logged on: from `start` to `end` on `days`, or once a week from
    `start_day` to `end_day`.
    """

    start: LocalTime
    end: LocalTime
    days: tuple[DayName, ...] | None = None
    start_day: DayName | None = None
    end_day: DayName | None = None
    time_zone: Text = "UTC"

    def faults(self) -> Iterator[Fault]:
        if self.days is not None:
            yield from choice("days", self.days, DAYS)
        if self.days is not None and self.start_day is not None:
            yield ("start_day",), "either days, or start_day and end_day"
        if (self.start_day is None) != (self.end_day is None):
            given = "end_day" if self.start_day is None else "start_day"
            yield (given,), "start_day and end_day together"
        yield from _time_zone_faults(self.time_zone)


class PhaseConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A market is in `phase` from `at` on."""

    phase: PhaseName
    at: LocalTime


class Step(NamedTuple):
    """A phase that begins so many seconds, by the clock on the wall, after a day's first midnight.

    `listed` is where in the configuration it stands.
    """

    phase: TradingPhase
    seconds: int
    listed: int


class MarketConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The phases of a market's day, and the days that have them; without phases it is open around
    the clock.
    """

    name: Name
    time_zone: Text = "UTC"
    days: tuple[DayName, ...] = DAYS
    holidays: tuple[Date, ...] = ()
    phases: tuple[PhaseConfig, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The phases of a day, from the first that is not closed to closed, maybe a day later.

        A list that begins with closed means the same as one that ends with it.
        """
        order = list(range(len(self.phases)))
        if len(order) > 1 and self.phases[0].phase is TradingPhase.CLOSED:
            order = order[1:] + order[:1]
        steps: list[Step] = []
        for listed in order:
            seconds = seconds_of(self.phases[listed].at)
            if steps and seconds <= steps[-1].seconds:
                seconds += A_DAY
            steps.append(Step(self.phases[listed].phase, seconds, listed))
        return tuple(steps)

    def faults(self) -> Iterator[Fault]:
        yield from _time_zone_faults(self.time_zone)
        yield from choice("days", self.days, DAYS)
        for index, holiday in enumerate(self.holidays):
            if holiday in self.holidays[:index]:
                yield ("holidays", index), "each date once"
        if self.phases:
            for index, fault in self._phase_faults():
                yield from below(("phases", index), iter([fault]))
        elif self.holidays:
            yield ("holidays",), "no holidays where there are no phases"

    def _phase_faults(self) -> Iterator[tuple[int, Fault]]:
        for index, each in enumerate(self.phases):
            if each.phase not in SCHEDULED:
                yield index, (("phase",), f"one of {', '.join(SCHEDULED)}")
        yield from self._time_faults()
        yield from self._order_faults()

    def _time_faults(self) -> Iterator[tuple[int, Fault]]:
        first = before = self.phases[0].at
        is_next_day = False
        for index, each in enumerate(self.phases[1:], 1):
            if is_next_day:
                if not before < each.at < first:
                    yield index, (("at",), f"a time after {before} and before {first}")
            elif each.at == before:
                yield index, (("at",), f"a time after {before}")
            else:
                is_next_day = each.at < before
                if is_next_day and each.at >= first:
                    wanted = f"a time after {before}, or past midnight and before {first}"
                    yield index, (("at",), wanted)
            before = each.at

    def _order_faults(self) -> Iterator[tuple[int, Fault]]:
        steps = self.steps
        if steps[-1].phase is not TradingPhase.CLOSED:
            yield steps[-1].listed, (("phase",), "closed, with which a day ends")
        if len(steps) == 1:
            yield 0, (("phase",), "other phases besides it")
        before, called = TradingPhase.CLOSED, None
        for phase, _, listed in steps:
            if phase is before:
                yield listed, (("phase",), "another phase than the one before it")
            if before is TradingPhase.PRE_OPEN and phase not in _FOLLOWS_PRE_OPEN:
                yield listed, (("phase",), "opening_auction or continuous after pre_open")
            if phase in CALLS:
                is_auction_of_pre_open = before is TradingPhase.PRE_OPEN
                if called is not None and not is_auction_of_pre_open:
                    yield listed, (("phase",), f"continuous between {called} and {phase}")
                called = phase
            elif phase in (TradingPhase.CONTINUOUS, TradingPhase.CLOSED):
                called = None
            before = phase


def _time_zone_faults(name: str) -> Iterator[Fault]:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        yield ("time_zone",), "a name of the IANA time zone database, as in Europe/Zurich"
