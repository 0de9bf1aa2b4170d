"""Turns the clock into the phases of the markets: the core knows phases, and no time zones.

Local times are those of `venue.gateway.schedule`: a time that the clock skips is as much later as
the clock skips, but not later than the phase after it; of one that comes twice the first is meant.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

import structlog

from venue.config import DAYS, MarketConfig
from venue.core.commands import EnterPhase
from venue.core.types import CALLS, TradingPhase

NS = 1_000_000_000
NEVER = 1 << 62
_A_DAY = 86_400
_ONE = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CLOSED = TradingPhase.CLOSED
LATE = 60 * NS
"""After which a close that ends a call comes too late for an auction of the day's orders."""

log = structlog.get_logger()


class Transition(NamedTuple):
    """A phase and when it begins, in nanoseconds since 1970 UTC."""

    at: int
    phase: TradingPhase


class Stretch(NamedTuple):
    """From one transition, when the phase `began`, to before the next: `closed` is when the market
    last closed by then, `ends` when its next phase begins.
    """

    phase: TradingPhase
    began: int
    closed: int
    ends: int


class MarketHours:
    """The phases of one market, for ever."""

    def __init__(self, config: MarketConfig) -> None:
        """`config` has phases."""
        self._zone = ZoneInfo(config.time_zone)
        self._steps = config.steps
        self._days = {DAYS.index(day) for day in config.days}
        self._holidays = frozenset(config.holidays)

    def stretch(self, now: int) -> Stretch:
        """What the market is in at `now`. O(days until there is one that is no holiday)."""
        today = datetime.fromtimestamp(now // NS, self._zone).date()
        passed: list[Transition] = []
        for day in self._days_from(today, -1):
            begun = [each for each in self._transitions(day) if each.at <= now]
            passed = begun + passed
            if any(each.phase is CLOSED for each in passed):
                break
        closed = max(each.at for each in passed if each.phase is CLOSED)
        coming = (
            each.at
            for day in self._days_from(today - _ONE, 1)
            for each in self._transitions(day)
            if each.at > now
        )
        present = passed[-1]
        return Stretch(present.phase, present.at, closed, next(coming))

    def _days_from(self, day: date, step: int) -> Iterator[date]:
        """The market's days from `day` on, forwards or with a `step` of -1 backwards."""
        while True:
            if day.weekday() in self._days and day not in self._holidays:
                yield day
            day += step * _ONE

    def _transitions(self, day: date) -> list[Transition]:
        """Those of a market's day, in order, all before the first of another day."""
        found: list[Transition] = []
        latest = self._moment(day + _ONE, self._steps[0].seconds)
        for phase, seconds, _ in reversed(self._steps):
            latest = min(latest, self._moment(day, seconds))
            found.append(Transition(latest, phase))
        found.reverse()
        return found

    def _moment(self, day: date, seconds: int) -> int:
        """When the clock on the wall shows `seconds` after the midnight with which `day` begins."""
        days, rest = divmod(seconds, _A_DAY)
        local = time(rest // 3600, rest // 60 % 60, rest % 60)
        passed = datetime.combine(day + days * _ONE, local, self._zone) - _EPOCH
        return (passed.days * _A_DAY + passed.seconds) * NS


class PhaseSchedule:
    """The phases of every market that has a schedule.

    `deadline` is when something is due next, in nanoseconds since 1970 UTC; 0 before the first
    look.
    """

    def __init__(self, markets: Iterable[MarketConfig], since: int = 0) -> None:
        """`since` is when the venue was last in the phases it says it is in, 0 if never."""
        self.deadline = 0
        self._hours = {each.name: MarketHours(each) for each in markets if each.phases}
        self._since = since

    def phase(self, market: str, now: int) -> TradingPhase | None:
        """What a market's schedule says, None where it has none."""
        hours = self._hours.get(market)
        return None if hours is None else hours.stretch(now).phase

    def due(
        self,
        now: int,
        current: Mapping[str, TradingPhase],
        by_hand: Mapping[str, int] = MappingProxyType({}),
    ) -> list[EnterPhase]:
        """What brings the markets from their `current` phases, which only those have that had a
        schedule, to those of `now`; O(1) before the deadline. A market that was led elsewhere
        `by_hand`, at some time, stays there until its next phase begins.

        Who has missed a close is closed first. Nothing else is made up for: a call that should have
        begun meanwhile does not, and one that should have ended has no Day orders any more.
        """
        if now < self.deadline:
            return []
        commands: list[EnterPhase] = []
        deadline = NEVER
        for market, hours in self._hours.items():
            phase, began, closed, ends = hours.stretch(now)
            deadline = min(deadline, ends)
            if by_hand.get(market, -1) >= began:
                continue
            before = current.get(market)
            if before not in (None, CLOSED) and closed > self._since > 0:
                late = before in CALLS and now - closed > LATE
                commands.append(EnterPhase(market, CLOSED, late))
                before = CLOSED
            if before is not phase:
                commands.append(EnterPhase(market, phase))
        without = [each for each in current if each not in self._hours and each not in by_hand]
        commands += [EnterPhase(market, None) for market in without]
        for command in commands:
            log.info("phase", market=command.market, phase=f"{command.phase or 'no schedule'}")
        self._since = now
        self.deadline = deadline
        return commands
