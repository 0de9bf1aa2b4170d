"""The phases of markets in their time zones, over weekends, holidays and changes of the clock."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue.config import MarketConfig, PhaseConfig
from venue.configuration.schedules import Day
from venue.core.commands import EnterPhase
from venue.core.types import TradingPhase
from venue.gateway.phases import NEVER, PhaseSchedule

ZURICH, NEW_YORK = "Europe/Zurich", "America/New_York"
WEEKDAYS = (Day.MON, Day.TUE, Day.WED, Day.THU, Day.FRI)
CLOSED, CONTINUOUS = TradingPhase.CLOSED, TradingPhase.CONTINUOUS
PRE_OPEN, POST_CLOSE = TradingPhase.PRE_OPEN, TradingPhase.POST_CLOSE
OPENING_AUCTION = TradingPhase.OPENING_AUCTION
CLOSING_AUCTION = TradingPhase.CLOSING_AUCTION

Phases = Sequence[tuple[TradingPhase, str]]

FULL_DAY = (
    (PRE_OPEN, "07:00:00"),
    (OPENING_AUCTION, "08:50:00"),
    (CONTINUOUS, "09:00:00"),
    (CLOSING_AUCTION, "17:20:00"),
    (POST_CLOSE, "17:30:00"),
    (CLOSED, "18:00:00"),
)


def market(
    phases: Phases,
    time_zone: str = "UTC",
    days: tuple[Day, ...] = tuple(Day),
    holidays: tuple[date, ...] = (),
    name: str = "MAIN",
) -> MarketConfig:
    listed = tuple(PhaseConfig(phase=phase, at=at) for phase, at in phases)
    config = MarketConfig(
        name=name, time_zone=time_zone, days=days, holidays=holidays, phases=listed
    )
    assert not list(config.faults())
    return config


def ns(text: str, zone: str = "UTC", fold: int = 0) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(moment.timestamp()) * 1_000_000_000


def day_of(config: MarketConfig, begin: int, days: int = 1) -> list[tuple[TradingPhase, int]]:
    """Every phase that the market enters within so many days after `begin`, which is not counted,
    and when.
    """
    schedule, current, entered = PhaseSchedule([config]), dict[str, TradingPhase](), []
    now = begin
    while now < begin + days * 86_400 * 10**9:
        for command in schedule.due(now, current):
            assert command.phase is not None
            current[command.market] = command.phase
            entered.append((command.phase, now))
        assert schedule.deadline > now
        now = schedule.deadline
    return [each for each in entered if each[1] > begin]


def at_once(config: MarketConfig, now: int, before: TradingPhase, since: int) -> list[EnterPhase]:
    return PhaseSchedule([config], since).due(now, {config.name: before})


def test_a_day_from_phase_to_phase() -> None:
    """2026-01-08 is a Thursday; Zurich is an hour ahead."""
    config = market(FULL_DAY, ZURICH, WEEKDAYS)
    expected = [(phase, ns(f"2026-01-08 {at}", ZURICH)) for phase, at in FULL_DAY]
    assert day_of(config, ns("2026-01-08 00:00")) == expected
    assert expected[2][1] == ns("2026-01-08 08:00")
    summer = [(phase, ns(f"2026-07-08 {at}", ZURICH)) for phase, at in FULL_DAY]
    assert day_of(config, ns("2026-07-08 00:00")) == summer
    assert summer[2][1] == ns("2026-07-08 07:00")


def test_weekends_and_holidays_have_no_phases() -> None:
    config = market(FULL_DAY, ZURICH, WEEKDAYS, (date(2026, 1, 12), date(2026, 1, 14)))
    days = [
        datetime.fromtimestamp(at / 10**9, ZoneInfo(ZURICH)).date()
        for phase, at in day_of(config, ns("2026-01-08 00:00"), 8)
        if phase is CLOSED
    ]
    assert days == [date(2026, 1, 8), date(2026, 1, 9), date(2026, 1, 13), date(2026, 1, 15)]


def test_a_long_closure() -> None:
    holidays = tuple(date(2026, 1, 8) + timedelta(days=n) for n in range(1, 60))
    config = market(FULL_DAY, ZURICH, WEEKDAYS, holidays)
    schedule = PhaseSchedule([config])
    assert schedule.due(ns("2026-02-10 12:00"), {}) == [EnterPhase("MAIN", CLOSED)]
    assert schedule.deadline == ns("2026-03-09 07:00", ZURICH)


@pytest.mark.parametrize(
    ("now", "phase", "deadline"),
    [
        ("01-11 17:59:59", CLOSED, "01-11 18:00"),
        ("01-11 18:00", PRE_OPEN, "01-11 19:00"),
        ("01-11 23:59:59", CONTINUOUS, "01-12 16:00"),
        ("01-12 00:00", CONTINUOUS, "01-12 16:00"),
        ("01-12 15:59:59", CONTINUOUS, "01-12 16:00"),
        ("01-12 16:00", CLOSED, "01-12 18:00"),
        ("01-16 15:00", CONTINUOUS, "01-16 16:00"),
        ("01-16 18:00", CLOSED, "01-18 18:00"),
    ],
)
def test_a_day_over_midnight(now: str, phase: TradingPhase, deadline: str) -> None:
    """It counts as the day on which it begins: Sunday to Thursday."""
    phases = ((PRE_OPEN, "18:00:00"), (CONTINUOUS, "19:00:00"), (CLOSED, "16:00:00"))
    config = market(phases, NEW_YORK, (Day.SUN, *WEEKDAYS[:4]))
    schedule = PhaseSchedule([config])
    due = schedule.due(ns(f"2026-{now}", NEW_YORK), {"MAIN": POST_CLOSE})
    assert due == [EnterPhase("MAIN", phase)]
    assert schedule.deadline == ns(f"2026-{deadline}", NEW_YORK)


def test_a_list_that_begins_with_closed() -> None:
    """Closed from midnight on is the end of the day before."""
    phases = ((CLOSED, "00:00:00"), (CONTINUOUS, "08:00:00"), (POST_CLOSE, "16:00:00"))
    config = market(phases, days=WEEKDAYS)
    entered = day_of(config, ns("2026-01-08 12:00"), 4)
    assert entered == [
        (POST_CLOSE, ns("2026-01-08 16:00")),
        (CLOSED, ns("2026-01-09 00:00")),
        (CONTINUOUS, ns("2026-01-09 08:00")),
        (POST_CLOSE, ns("2026-01-09 16:00")),
        (CLOSED, ns("2026-01-10 00:00")),
        (CONTINUOUS, ns("2026-01-12 08:00")),
    ]


def test_two_closes_a_day() -> None:
    phases = (
        (CONTINUOUS, "08:00:00"),
        (CLOSED, "12:00:00"),
        (CONTINUOUS, "13:00:00"),
        (CLOSED, "17:00:00"),
    )
    entered = day_of(market(phases), ns("2026-01-08 00:00"))
    assert [phase for phase, _ in entered] == [CONTINUOUS, CLOSED] * 2


class TestChangesOfTheClock:
    """New York's went forward at 02:00 on 8 March 2026 and back at 02:00 on 1 November."""

    def test_the_days_before_and_after(self) -> None:
        config = market(FULL_DAY, NEW_YORK)
        for day in ("2026-03-07", "2026-03-08", "2026-03-09", "2026-10-31", "2026-11-01"):
            expected = [(phase, ns(f"{day} {at}", NEW_YORK)) for phase, at in FULL_DAY]
            assert day_of(config, ns(f"{day} 04:00", NEW_YORK)) == expected

    def test_a_day_over_midnight_has_an_hour_less(self) -> None:
        config = market(((CONTINUOUS, "18:00:00"), (CLOSED, "17:00:00")), NEW_YORK)
        entered = day_of(config, ns("2026-03-07 20:00", NEW_YORK))
        assert entered[0] == (CLOSED, ns("2026-03-08 21:00"))

    def test_a_time_that_is_skipped_is_later(self) -> None:
        config = market(((PRE_OPEN, "02:30:00"), (CONTINUOUS, "04:00:00"), (CLOSED, "05:00:00")))
        config = market([(each.phase, each.at) for each in config.phases], NEW_YORK)
        assert day_of(config, ns("2026-03-08 06:00"))[:2] == [
            (PRE_OPEN, ns("2026-03-08 07:30")),
            (CONTINUOUS, ns("2026-03-08 04:00", NEW_YORK)),
        ]

    def test_but_not_later_than_the_next(self) -> None:
        """02:30 would be 03:30: the pre-open has no time at all."""
        phases = ((PRE_OPEN, "02:30:00"), (CONTINUOUS, "03:00:00"), (CLOSED, "05:00:00"))
        assert day_of(market(phases, NEW_YORK), ns("2026-03-08 06:00"))[:2] == [
            (CONTINUOUS, ns("2026-03-08 03:00", NEW_YORK)),
            (CLOSED, ns("2026-03-08 05:00", NEW_YORK)),
        ]

    def test_a_close_that_is_skipped_comes_before_the_next_day(self) -> None:
        phases = ((PRE_OPEN, "03:00:00"), (CONTINUOUS, "04:00:00"), (CLOSED, "02:30:00"))
        moment = ns("2026-03-08 03:00", NEW_YORK)
        assert day_of(market(phases, NEW_YORK), ns("2026-03-08 06:00"))[:3] == [
            (CLOSED, moment),
            (PRE_OPEN, moment),
            (CONTINUOUS, ns("2026-03-08 04:00", NEW_YORK)),
        ]

    def test_of_a_time_that_comes_twice_the_first_is_meant(self) -> None:
        phases = ((CONTINUOUS, "01:30:00"), (CLOSED, "05:00:00"))
        entered = day_of(market(phases, NEW_YORK), ns("2026-11-01 00:00", NEW_YORK))
        assert entered[:2] == [
            (CONTINUOUS, ns("2026-11-01 05:30")),
            (CLOSED, ns("2026-11-01 10:00")),
        ]


class TestAfterADowntime:
    CONFIG = market(FULL_DAY, ZURICH, WEEKDAYS)

    @pytest.mark.parametrize(
        ("since", "before", "now", "phases"),
        [
            # within one phase, into another, over a missed auction
            ("01-08 10:00", CONTINUOUS, "01-08 11:00", []),
            ("01-08 08:00", PRE_OPEN, "01-08 08:55", [OPENING_AUCTION]),
            ("01-08 08:00", PRE_OPEN, "01-08 10:00", [CONTINUOUS]),
            ("01-08 10:00", CONTINUOUS, "01-08 17:40", [POST_CLOSE]),
            # over a close
            ("01-08 10:00", CONTINUOUS, "01-08 18:00", [CLOSED]),
            ("01-08 10:00", CONTINUOUS, "01-08 23:00", [CLOSED]),
            ("01-08 10:00", CONTINUOUS, "01-09 07:00", [CLOSED, PRE_OPEN]),
            ("01-08 10:00", CONTINUOUS, "01-09 11:00", [CLOSED, CONTINUOUS]),
            ("01-08 08:00", PRE_OPEN, "01-09 08:00", [CLOSED, PRE_OPEN]),
            ("01-08 10:00", CONTINUOUS, "03-02 11:00", [CLOSED, CONTINUOUS]),
            # just when a call should have ended
            ("01-08 17:25", CLOSING_AUCTION, "01-08 18:01", [CLOSED]),
            # that the venue had already entered
            ("01-08 18:00", CLOSED, "01-08 23:00", []),
            ("01-08 18:00", CLOSED, "01-10 12:00", []),
            ("01-08 18:00", CLOSED, "01-12 09:30", [CONTINUOUS]),
            ("01-09 09:00", CONTINUOUS, "01-09 09:30", []),
            # killed between the close and the command
            ("01-08 17:59:59", POST_CLOSE, "01-08 18:00:01", [CLOSED]),
        ],
    )
    def test_what_is_due(
        self, since: str, before: TradingPhase, now: str, phases: list[TradingPhase]
    ) -> None:
        then, at = (ns(f"2026-{each}", ZURICH) for each in (since, now))
        due = at_once(self.CONFIG, at, before, then)
        assert [(each.market, each.phase) for each in due] == [("MAIN", each) for each in phases]

    @pytest.mark.parametrize(
        ("before", "now", "late"),
        [
            (CLOSING_AUCTION, "01-08 18:01:00", False),
            (CLOSING_AUCTION, "01-08 18:01:01", True),
            (PRE_OPEN, "01-09 09:30", True),
            (CONTINUOUS, "01-09 09:30", False),
        ],
    )
    def test_a_call_that_missed_the_close(self, before: TradingPhase, now: str, late: bool) -> None:
        then, at = (ns(f"2026-{each}", ZURICH) for each in ("01-08 08:00", now))
        closing, *_ = at_once(self.CONFIG, at, before, then)
        assert closing == EnterPhase("MAIN", CLOSED, late)

    def test_a_venue_that_begins_has_missed_nothing(self) -> None:
        now = ns("2026-01-08 10:00")
        assert at_once(self.CONFIG, now, CLOSED, 0) == [EnterPhase("MAIN", CONTINUOUS)]
        assert at_once(self.CONFIG, now, POST_CLOSE, 0) == [EnterPhase("MAIN", CONTINUOUS)]

    def test_a_market_that_has_a_schedule_from_now_on(self) -> None:
        """It is told so, and has missed no close."""
        since, now = ns("2026-01-08 10:00"), ns("2026-01-09 10:00")
        due = PhaseSchedule([self.CONFIG], since).due(now, {})
        assert due == [EnterPhase("MAIN", CONTINUOUS)]

    def test_a_machine_that_slept(self) -> None:
        """Its process was there all the time, and looked at no clock."""
        schedule = PhaseSchedule([self.CONFIG])
        current = {"MAIN": CONTINUOUS}
        assert schedule.due(ns("2026-01-08 10:00"), current) == []
        commands = schedule.due(ns("2026-01-09 10:00"), current)
        assert [each.phase for each in commands] == [CLOSED, CONTINUOUS]


def test_it_repeats_nothing() -> None:
    schedule = PhaseSchedule([market(FULL_DAY)])
    now = ns("2026-01-08 10:00")
    assert schedule.due(now, {"MAIN": CLOSED}) == [EnterPhase("MAIN", CONTINUOUS)]
    for later in (0, 1, 7 * 3600 * 10**9):
        assert schedule.due(now + later, {"MAIN": CONTINUOUS}) == []
    assert schedule.due(schedule.deadline - 1, {"MAIN": CONTINUOUS}) == []
    assert schedule.due(schedule.deadline, {"MAIN": CONTINUOUS}) != []


def test_it_leaves_alone_what_was_changed_meanwhile() -> None:
    """Between two transitions the venue knows better."""
    schedule = PhaseSchedule([market(FULL_DAY)])
    now = ns("2026-01-08 10:00")
    schedule.due(now, {})
    assert schedule.due(now + 10**9, {"MAIN": POST_CLOSE}) == []


def test_markets_are_independent() -> None:
    zurich = market(FULL_DAY, ZURICH, WEEKDAYS, name="XSWX")
    new_york = market(FULL_DAY, NEW_YORK, WEEKDAYS, name="XNYS")
    both = {"XSWX": CONTINUOUS, "XNYS": PRE_OPEN}
    for markets in ([zurich, new_york], [new_york, zurich]):
        schedule = PhaseSchedule(markets)
        assert schedule.due(ns("2026-01-08 12:00"), both) == []
        assert schedule.deadline == ns("2026-01-08 08:50", NEW_YORK)
    schedule = PhaseSchedule([zurich, new_york, MarketConfig(name="CRYPTO")])
    due = schedule.due(ns("2026-01-08 12:00"), {"XSWX": CLOSED, "XNYS": CLOSED})
    assert due == [EnterPhase("XSWX", CONTINUOUS), EnterPhase("XNYS", PRE_OPEN)]
    due = schedule.due(schedule.deadline, both)
    assert due == [EnterPhase("XNYS", OPENING_AUCTION)]
    assert schedule.deadline == ns("2026-01-08 09:00", NEW_YORK)


def test_a_market_without_a_schedule() -> None:
    """The venue is told once of one that has no schedule any more."""
    schedule = PhaseSchedule([MarketConfig(name="CRYPTO")], ns("2026-01-08 10:00"))
    now = ns("2026-01-09 12:00")
    assert schedule.due(now, {"GONE": CLOSED}) == [EnterPhase("GONE", None)]
    assert schedule.deadline == NEVER
    assert schedule.due(now + 10**18, {}) == []
    assert PhaseSchedule([]).due(now, {}) == []


TIMES = st.lists(st.integers(0, 86_399), min_size=2, max_size=6, unique=True)


@given(
    TIMES,
    st.integers(0, 10),
    st.sampled_from([NEW_YORK, ZURICH, "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
    st.sets(st.sampled_from(list(Day)), min_size=1),
    st.sets(st.dates(date(2026, 2, 20), date(2026, 4, 10)), max_size=10),
    st.integers(ns("2026-03-01"), ns("2026-04-10")),
)
def test_as_a_clock_on_the_wall_says(
    times: list[int], turn: int, zone: str, days: set[Day], holidays: set[date], now: int
) -> None:
    """Minute by minute, the naive way: nobody computes when anything is due."""
    times = sorted(times)
    turn %= len(times)
    times = times[turn:] + times[:turn]
    names = [CONTINUOUS, POST_CLOSE] * 3
    phases = [*zip(names, times[:-1], strict=False), (CLOSED, times[-1])]
    text = [(phase, f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}") for phase, at in phases]
    config = market(text, zone, tuple(days), tuple(holidays))
    now -= now % 10**9
    schedule = PhaseSchedule([config])
    [*_, last] = [CONTINUOUS] + [each.phase for each in schedule.due(now, {"MAIN": CONTINUOUS})]
    assert last is on_the_wall(config, now)
    deadline = schedule.deadline
    assert deadline > now
    for share in range(1, 20):
        between = now + (deadline - now) * share // 20
        assert on_the_wall(config, between) is last
    [*_, after] = [last] + [each.phase for each in schedule.due(deadline, {"MAIN": last})]
    assert after is on_the_wall(config, deadline)


def on_the_wall(config: MarketConfig, now: int) -> TradingPhase:
    """Try every time of the last weeks that the list says, and take the latest that has come."""
    zone = ZoneInfo(config.time_zone)
    today = datetime.fromtimestamp(now // 10**9, zone).date()
    latest = CLOSED
    for back in range(40, -2, -1):
        day = today - timedelta(days=back)
        if tuple(Day)[day.weekday()] not in config.days or day in config.holidays:
            continue
        before = None
        for each in config.phases:
            if before is not None and each.at < before:
                day += timedelta(days=1)
            before = each.at
            local = datetime.fromisoformat(f"{day} {each.at}").replace(tzinfo=zone)
            # A time that does not exist is an hour (or half) later; its successors overtake it.
            if local.astimezone(UTC) <= datetime.fromtimestamp(now // 10**9, UTC):
                latest = each.phase
    return latest


def test_what_was_done_by_hand_stands_until_the_next_phase() -> None:
    """Whenever the venue looks, after a restart too, and for its market alone."""
    other = market(((CONTINUOUS, "10:00:00"), (CLOSED, "16:00:00")), name="OTHER")
    config, now = market(FULL_DAY), ns("2026-01-05T12:00:00")
    current = {"MAIN": CLOSED, "OTHER": CONTINUOUS}
    for schedule in (PhaseSchedule([config, other], now - 1), PhaseSchedule([config, other])):
        assert schedule.due(now, current, {"MAIN": now}) == []
        look = ns("2026-01-05T16:00:00")
        assert schedule.deadline == look
        assert schedule.due(look, current, {"MAIN": now}) == [EnterPhase("OTHER", CLOSED)]
        current_then = current | {"OTHER": CLOSED}
        closing = ns("2026-01-05T17:20:00")
        entered = EnterPhase("MAIN", CLOSING_AUCTION)
        assert schedule.due(closing, current_then, {"MAIN": now}) == [entered]


def test_a_phase_by_hand_is_over_after_a_close_in_a_downtime() -> None:
    by_hand = {"MAIN": ns("2026-01-05T12:00:00")}
    schedule = PhaseSchedule([market(FULL_DAY)], ns("2026-01-05T12:30:00"))
    closed, opened = EnterPhase("MAIN", CLOSED, True), EnterPhase("MAIN", CONTINUOUS)
    assert schedule.due(ns("2026-01-06T12:00:00"), {"MAIN": PRE_OPEN}, by_hand) == [closed, opened]


def test_a_market_without_a_schedule_stays_as_it_was_led_by_hand() -> None:
    now = ns("2026-01-05T12:00:00")
    schedule = PhaseSchedule([], now)
    assert schedule.due(now, {"MAIN": CLOSED}, {"MAIN": 1}) == []
    assert PhaseSchedule([], now).due(now, {"MAIN": CLOSED}, {}) == [EnterPhase("MAIN", None)]


def test_what_a_schedule_says() -> None:
    schedule = PhaseSchedule([market(FULL_DAY)])
    assert schedule.phase("MAIN", ns("2026-01-05T08:50:00")) is OPENING_AUCTION
    assert schedule.phase("OTHER", ns("2026-01-05T08:50:00")) is None
