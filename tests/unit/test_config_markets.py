"""Markets, their phases and their holidays load as written, or one line says what is wrong."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.test_config import MINIMAL, load_text, refused, refused_text, swapped
from venue.config import (
    Config,
    MarketDataConfig,
    PhaseConfig,
    Role,
    StatisticsConfig,
    load,
)
from venue.core.types import SCHEDULED, TradingPhase
from venue.files import shipped

MARKETS = """\
markets:
  - name: XSWX
    time_zone: Europe/Zurich
    days: [mon, tue, wed, thu, fri]
    holidays: [2026-12-25, 2027-01-01]
    phases:
      - {phase: pre_open, at: 07:00:00}
      - {phase: opening_auction, at: 08:50:00}
      - {phase: continuous, at: 09:00:00}
      - {phase: closing_auction, at: 17:20:00}
      - {phase: post_close, at: 17:30:00}
      - {phase: closed, at: 18:00:00}
  - name: CRYPTO
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "venue.yaml"
    path.write_text(MARKETS + MINIMAL)
    return path


def phases(file: Path, *listed: str) -> str:
    """An override that gives the first market other phases, each `WORD TIME`."""
    words = (each.split() for each in listed)
    return f"markets.XSWX.phases=[{', '.join(f'{{phase: {w}, at: {at}}}' for w, at in words)}]"


def test_a_market(file: Path) -> None:
    market, other = load(file).markets
    assert (market.name, market.time_zone) == ("XSWX", "Europe/Zurich")
    assert market.days == ("mon", "tue", "wed", "thu", "fri")
    assert market.holidays == (date(2026, 12, 25), date(2027, 1, 1))
    assert [each.phase for each in market.phases] == [
        *SCHEDULED[1:],
        TradingPhase.CLOSED,
    ]
    assert market.phases[1] == PhaseConfig(phase=TradingPhase.OPENING_AUCTION, at="08:50:00")
    assert [(step.phase, step.seconds) for step in market.steps][::5] == [
        (TradingPhase.PRE_OPEN, 7 * 3600),
        (TradingPhase.CLOSED, 18 * 3600),
    ]
    assert (other.name, other.time_zone, len(other.days)) == ("CRYPTO", "UTC", 7)
    assert (other.holidays, other.phases, other.steps) == ((), (), ())


def test_without_markets(file: Path) -> None:
    config = load_text(file, MINIMAL)
    assert config.markets == ()
    assert {each.market for each in config.instruments} == {"MAIN"}


@pytest.mark.parametrize(
    ("listed", "steps"),
    [
        # over midnight
        (
            ("continuous 18:00:00", "closed 17:00:00"),
            [("continuous", 18), ("closed", 41)],
        ),
        (
            ("pre_open 22:00:00", "continuous 00:00:00", "closed 21:00:00"),
            [("pre_open", 22), ("continuous", 24), ("closed", 45)],
        ),
        # closed first: the end of the day before
        (
            ("closed 00:00:00", "continuous 08:00:00", "post_close 17:00:00"),
            [("continuous", 8), ("post_close", 17), ("closed", 24)],
        ),
        (
            ("closed 22:00:00", "continuous 02:00:00"),
            [("continuous", 2), ("closed", 22)],
        ),
        # more than one close, an auction after a break, an auction alone
        (
            ("continuous 8:", "closed 12:", "continuous 13:", "closed 17:"),
            [("continuous", 8), ("closed", 12), ("continuous", 13), ("closed", 17)],
        ),
        (
            (
                *("opening_auction 9:", "continuous 10:", "post_close 12:"),
                *("pre_open 13:", "opening_auction 14:", "continuous 15:", "closed 16:"),
            ),
            [
                *(("opening_auction", 9), ("continuous", 10), ("post_close", 12)),
                *(("pre_open", 13), ("opening_auction", 14), ("continuous", 15), ("closed", 16)),
            ],
        ),
        (
            ("pre_open 9:", "opening_auction 11:", "post_close 12:", "closed 13:"),
            [("pre_open", 9), ("opening_auction", 11), ("post_close", 12), ("closed", 13)],
        ),
    ],
)
def test_days(file: Path, listed: tuple[str, ...], steps: list[tuple[str, int]]) -> None:
    whole = [
        f"{word} {int(at[:-1]):02}:00:00" if at.endswith(":") else f"{word} {at}"
        for word, at in (each.split() for each in listed)
    ]
    market = load(file, [phases(file, *whole)]).markets[0]
    assert [(step.phase, step.seconds) for step in market.steps] == [
        (phase, hours * 3600) for phase, hours in steps
    ]
    assert [market.phases[step.listed].phase for step in market.steps] == [
        phase for phase, _ in steps
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "found", "expected"),
    [
        ("name: XSWX", "nam: XSWX", 2, "markets[0].nam", "an unknown key", "(name?)"),
        ("  - name: CRYPTO\n", "  - {}\n", 13, "markets[1].name", "nothing", "1 to 32 printable"),
        ("CRYPTO", "XSWX", 13, "markets[1].name", "XSWX", "each name once (markets[0] has it"),
        ("Europe/Zurich", "Europe/Basel", 3, "markets[0].time_zone", "Europe/Basel", "IANA"),
        ("thu, fri]", "thu, fr]", 4, "markets[0].days[4]", "fr", "one of mon, tue"),
        ("thu, fri]", "thu, mon]", 4, "markets[0].days[4]", "mon", "each value once"),
        ("[mon, tue, wed, thu, fri]", "[]", 4, "markets[0].days", "an empty list", "at least one"),
        ("2027-01-01", "01.01.2027", 5, "markets[0].holidays[1]", "01.01.2027", "YYYY-MM-DD"),
        ("2027-01-01", "2026-02-30", 5, "markets[0].holidays[1]", "2026-02-30", "YYYY-MM-DD"),
        ("2027-01-01", "2026-12-25", 5, "markets[0].holidays[1]", "2026-12-25", "each date once"),
        ("holidays: [", "holidays: x # [", 5, "markets[0].holidays", "x", "a list"),
        (
            "name: CRYPTO",
            "{name: CRYPTO, holidays: [2027-01-01]}",
            13,
            "markets[1].holidays",
            "a list",
            "no holidays where there are no phases",
        ),
        ("pre_open", "preopen", 7, "markets[0].phases[0].phase", "preopen", "one of closed, pre_"),
        ("pre_open", "halt", 7, "markets[0].phases[0].phase", "halt", "one of closed, pre_open"),
        (
            "post_close",
            "volatility_auction",
            11,
            "markets[0].phases[4].phase",
            "volatility_auction",
            "one of closed, pre_open, opening_auction, continuous, closing_auction, post_close",
        ),
        (", at: 09:00:00", "", 9, "markets[0].phases[2].at", "nothing", "HH:MM:SS"),
        ("09:00:00", "9:00", 9, "markets[0].phases[2].at", "9:00", "HH:MM:SS"),
        ("18:00:00", "24:00:00", 12, "markets[0].phases[5].at", "24:00:00", "23:59:59"),
        ("at: 09:00:00", "time: 09:00:00", 9, "markets[0].phases[2].time", "an unknown", "phase"),
        ("{phase: continuous, at: 09:00:00}", "continuous", 9, "markets[0].phases[2]", "c", "keys"),
        # times
        ("08:50:00", "07:00:00", 8, "markets[0].phases[1].at", "07:00:00", "after 07:00:00"),
        ("17:20:00", "08:55:00", 10, "markets[0].phases[3].at", "08:55:00", "after 09:00:00, or"),
        ("17:30:00", "17:10:00", 11, "markets[0].phases[4].at", "17:10:00", "before 07:00:00"),
        ("18:00:00", "07:00:00", 12, "markets[0].phases[5].at", "07:00:00", "before 07:00:00"),
        ("09:00:00", "02:00:00", 10, "markets[0].phases[3].at", "17:20:00", "before 07:00:00"),
        # what follows what
        ("phase: closed", "phase: continuous", 12, "markets[0].phases[5].phase", "cont", "closed,"),
        (
            "phase: opening_auction",
            "phase: pre_open",
            8,
            "markets[0].phases[1].phase",
            "pre_open",
            "another phase than the one before",
        ),
        (
            "phase: opening_auction",
            "phase: post_close",
            8,
            "markets[0].phases[1].phase",
            "post_close",
            "opening_auction or continuous after pre_open",
        ),
        (
            "phase: continuous",
            "phase: post_close",
            10,
            "markets[0].phases[3].phase",
            "closing_auction",
            "continuous between opening_auction and closing_auction",
        ),
        (
            "      - {phase: continuous, at: 09:00:00}\n",
            "",
            9,
            "markets[0].phases[3].phase".replace("3", "2"),
            "closing_auction",
            "continuous between opening_auction and closing_auction",
        ),
        (
            "phase: post_close",
            "phase: pre_open",
            11,
            "markets[0].phases[4].phase",
            "pre_open",
            "continuous between closing_auction and pre_open",
        ),
    ],
)
def test_refused_market(
    file: Path, old: str, new: str, line: int, key: str, found: str, expected: str
) -> None:
    assert MARKETS.count(old) == 1
    error = refused_text(file, MARKETS.replace(old, new) + MINIMAL)
    assert (error.line, error.key) == (line, key)
    assert error.found.startswith(found)
    assert expected in error.expected


@pytest.mark.parametrize(
    ("listed", "key", "expected"),
    [
        (["closed 00:00:00"], "[0].phase", "other phases besides it"),
        (["continuous 00:00:00"], "[0].phase", "closed, with which a day ends"),
        (["continuous 09:00:00", "post_close 10:00:00"], "[1].phase", "closed, with which"),
        (
            ["continuous 08:00:00", "closed 12:00:00", "continuous 13:00:00"],
            "[2].phase",
            "closed, with which a day ends",
        ),
        (
            ["closed 00:00:00", "continuous 08:00:00", "closed 17:00:00"],
            "[0].phase",
            "another phase than the one before it",
        ),
        (
            ["closed 18:00:00", "continuous 08:00:00", "post_close 19:00:00"],
            "[2].at",
            "after 08:00:00 and before 18:00:00",
        ),
    ],
)
def test_refused_day(file: Path, listed: list[str], key: str, expected: str) -> None:
    error = refused(file, phases(file, *listed))
    assert error.key == f"markets[0].phases{key}"
    assert expected in error.expected


def test_markets_are_reached_by_their_names(file: Path) -> None:
    config = load(file, ["markets.CRYPTO.time_zone=Asia/Tokyo", "instruments.BRK.market=XSWX"])
    assert config.markets[1].time_zone == "Asia/Tokyo"
    assert [each.market for each in config.instruments] == ["XSWX", "MAIN"]


def test_an_unknown_market(file: Path) -> None:
    error = refused(file, "instruments.BRK.market=XSWS")
    assert error.key == "instruments[0].market"
    assert error.expected == "one of XSWX, CRYPTO, MAIN"


def test_the_main_market_may_have_a_day(file: Path) -> None:
    config = load_text(file, MARKETS.replace("XSWX", "MAIN") + MINIMAL)
    assert config.markets[0].name == "MAIN"
    error = refused(file, "instruments.BRK.market=XSWX")
    assert error.expected == "one of MAIN, CRYPTO"


def test_collars_and_interruptions(file: Path) -> None:
    settings = {
        "market": "CRYPTO",
        "security_type": "CS",
        "dynamic_collar_percent": "2.5",
        "static_collar_percent": "10",
        "interruption_seconds": "120",
        "interruption_random_seconds": "30",
    }
    config = load(file, [f"instruments.BRK.{key}={value}" for key, value in settings.items()])
    instrument, plain = config.instruments
    assert (instrument.market, instrument.security_type) == ("CRYPTO", "CS")
    assert instrument.dynamic_collar_percent == Decimal("2.5")
    assert instrument.static_collar_percent == Decimal(10)
    assert instrument.interruption_seconds == 120
    assert instrument.interruption_random_seconds == 30
    assert (plain.market, plain.security_type) == ("MAIN", "")
    assert (plain.dynamic_collar_percent, plain.static_collar_percent) == (None, None)
    assert (plain.interruption_seconds, plain.interruption_random_seconds) == (0, 0)


@pytest.mark.parametrize(
    ("settings", "key", "expected"),
    [
        ("security_type=XX", "security_type", "one of CS, PS"),
        ("security_type=''", "security_type", "one of CS, PS"),
        ("dynamic_collar_percent=0", "dynamic_collar_percent", "above 0"),
        ("dynamic_collar_percent=-1", "dynamic_collar_percent", "above 0"),
        ("dynamic_collar_percent=a", "dynamic_collar_percent", "above 0"),
        ("static_collar_percent=NaN", "static_collar_percent", "above 0"),
        ("static_collar_percent=1e-19", "static_collar_percent", "18 digits"),
        ("interruption_seconds=-1", "interruption_seconds", "0 to 86400 seconds"),
        ("interruption_seconds=86401", "interruption_seconds", "0 to 86400 seconds"),
        ("interruption_seconds=1.5", "interruption_seconds", "0 to 86400 seconds"),
        ("interruption_seconds=5", "interruption_seconds", "dynamic_collar_percent or static_"),
        (
            "dynamic_collar_percent=5 interruption_random_seconds=5",
            "interruption_random_seconds",
            "interruption_seconds with it",
        ),
        ("market=A B", "market", "without spaces"),
    ],
)
def test_refused_instrument(file: Path, settings: str, key: str, expected: str) -> None:
    given = settings.split() if " B" not in settings else [settings]
    error = refused(file, *(f"instruments.BRK.{each}" for each in given))
    assert error.key == f"instruments[0].{key}"
    assert expected in error.expected


def test_market_data_and_statistics(file: Path) -> None:
    config = load(file)
    assert config.marketdata == MarketDataConfig(0, "127.0.0.1", None, None)
    assert config.statistics == StatisticsConfig((300, 3600, 86400))
    assert {each.marketdata_interval_ms for each in config.sessions} == {None}
    config = load(
        file,
        [
            "marketdata={interval_ms: 100, host: 0.0.0.0, port: 9879, address: md.example.com}",
            "sessions.SELLER.marketdata_interval_ms=250",
            "statistics.volatility_windows=[60, 120]",
        ],
    )
    assert config.marketdata == MarketDataConfig(100, "0.0.0.0", 9879, "md.example.com")
    assert config.sessions[1].marketdata_interval_ms == 250
    assert config.statistics.volatility_windows == (60, 120)
    assert config.marketdata.told == "md.example.com"
    assert MarketDataConfig(port=5).told == "127.0.0.1:5"


@pytest.mark.parametrize(
    ("override", "key", "expected"),
    [
        ("marketdata.interval_ms=-1", "marketdata.interval_ms", "0 to 60000 milliseconds"),
        ("marketdata.interval_ms=60001", "marketdata.interval_ms", "0 to 60000 milliseconds"),
        ("marketdata.port=65536", "marketdata.port", "a port number"),
        ("marketdata.address=x", "marketdata.address", "no address where there is no port"),
        (
            "sessions.BUYER.marketdata_interval_ms=x",
            "sessions[0].marketdata_interval_ms",
            "0 to 60000 milliseconds",
        ),
        ("statistics.volatility_windows=60", "statistics.volatility_windows", "a list"),
        ("statistics.volatility_windows=[90]", "statistics.volatility_windows[0]", "whole minutes"),
        ("statistics.volatility_windows=[0]", "statistics.volatility_windows[0]", "60 to 2592000"),
        (
            "statistics.volatility_windows=[60, 60]",
            "statistics.volatility_windows[1]",
            "each window once",
        ),
    ],
)
def test_refused_figures(file: Path, override: str, key: str, expected: str) -> None:
    error = refused(file, override)
    assert error.key == key
    assert expected in error.expected


def test_an_operator(file: Path) -> None:
    config = load_text(file, swapped("[order_entry]", "[operator]"))
    assert config.sessions[0].roles == (Role.OPERATOR,)


def test_the_shipped_exchange() -> None:
    """A complete day, and each kind of instrument and session."""
    config: Config = load(shipped("config/exchange.yaml"))
    [market] = config.markets
    assert {each.phase for each in market.phases} == set(SCHEDULED)
    assert market.holidays
    assert {role for session in config.sessions for role in session.roles} == set(Role)
    kinds = {
        (each.market, each.dynamic_collar_percent is not None, each.interruption_seconds > 0)
        for each in config.instruments
    }
    assert kinds == {("XSWX", True, True), ("XSWX", True, False), ("MAIN", False, False)}
