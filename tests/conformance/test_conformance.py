"""The scripts of this directory against a venue, in every version they apply to.

Scripts that wait for the end of a trading day run all at once, in the background, against a second
venue whose day ends while the others run; those that need a market with a trading day against a
third one, which goes through one meanwhile.
"""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.venue_process import ROOT, VenueProcess
from venue.conform import report
from venue.conform.runner import Outcome, Result, Runner, Venue
from venue.conform.script import Script, find_scripts

SCRIPTS = find_scripts([Path(__file__).parent])
EACH = [(script, version) for script in SCRIPTS for version in script.versions]
BY_NIGHT = [(script, version) for script, version in EACH if "DAY_END" in script.needs]
BY_PHASE = [(script, version) for script, version in EACH if "TRADING_DAY" in script.needs]
BY_DAY = [each for each in EACH if each not in (*BY_NIGHT, *BY_PHASE)]
UNTIL_NIGHT = 15
"""Seconds in which the second venue has to start, and every script to get its orders in; half of
them for either. A machine on which the start takes longer gets more.
"""

UNTIL_OPENING = 15
"""Likewise, until the third venue's opening auction is called."""
A_PHASE = 4
"""Seconds from one phase to the next, from then on."""
PHASES = (
    *("pre_open", "opening_auction", "continuous", "closing_auction", "post_close", "closed"),
)

FEES = (
    "fees={maker: 0, taker: 0, overrides: [{symbol: CHARGED, basis: unit, maker: -0.001,"
    " taker: 0.002, minimum: 0.05, decimals: 4}]}"
)
LIMITS = (
    "limits=[{symbol: LIMITED, max_order_qty: 100, max_open_orders: 2, max_long_position: 150,"
    " allow_short: false, duplicate_milliseconds: 600000, price_collar_percent: 5}]"
)

Case = tuple[Script, str]
Sessions = list[dict[str, Any]]
Terms = dict[str, object]


def name(case: Case) -> str:
    return f"{case[0].name}-{case[1]}"


def start(
    directory: Path, sessions: Sessions, instruments: list[Terms], *options: str
) -> VenueProcess:
    """The shipped configuration, and more sessions, and instruments that are AAPL but for terms."""
    configuration: dict[str, Any] = yaml.safe_load((ROOT / "config/venue.yaml").read_text())
    model = next(each for each in configuration["instruments"] if each["symbol"] == "AAPL")
    configuration["sessions"] += sessions
    configuration["instruments"] += [model | terms for terms in instruments]
    file = directory / "venue.yaml"
    file.write_text(json.dumps(configuration))
    return VenueProcess(directory, "--config", str(file), "--set", "journal.sync=off", *options)


def end_soundly(venue: VenueProcess) -> None:
    try:
        venue.is_sound()
        venue.stop()
    finally:
        venue.kill()


def passed(result: Result) -> None:
    if result.outcome is not Outcome.OK:
        pytest.fail("\n".join(report.lines(result)), pytrace=False)


def owners(cases: list[Case], market: str = "MAIN") -> tuple[Sessions, list[Terms]]:
    """CompIDs and an instrument for each script."""
    sessions: Sessions = []
    for number, (script, _) in enumerate(cases):
        for who, firm, role in (
            ("S", "ALPHA", "order_entry"),
            ("O", "BETA", "order_entry"),
            ("W", "DATA", "market_data"),
            ("P", "VENUE", "operator"),
        ):
            if role != "operator" or "OPERATOR" in script.needs:
                sessions.append({"comp_id": f"{who}{number}", "firm": firm, "roles": [role]})
    return sessions, [{"symbol": f"SYM{n}", "market": market} for n in range(len(cases))]


@contextmanager
def all_at_once(
    venue: VenueProcess, cases: list[Case], variables: dict[str, str]
) -> Iterator[dict[str, Future[Result]]]:
    """Play scripts, each with an instrument and CompIDs of its own; the results are to come."""

    def play(number: int, case: Case) -> Result:
        own = {"SENDER": f"S{number}", "OTHER": f"O{number}", "WATCHER": f"W{number}"}
        own |= {"OPERATOR": f"P{number}", "SYMBOL": f"SYM{number}"}
        runner = Runner(Venue(port=venue.port, variables=variables | own))
        try:
            return runner.run(*case)
        finally:
            runner.close()

    with ThreadPoolExecutor(max(len(cases), 1)) as pool:
        yield {name(case): pool.submit(play, number, case) for number, case in enumerate(cases)}
    end_soundly(venue)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VenueProcess]:
    """The venue of most scripts; it starts while nothing else runs."""
    trader: dict[str, Any] = {"firm": "GAMMA", "roles": ["order_entry", "market_data"]}
    reprice = trader | {"comp_id": "REPRICER", "post_only": "reprice"}
    quotes = trader | {"comp_id": "QUOTES", "trigger_price": "best_quote"}
    itself = trader | {"comp_id": "ITSELF"}
    itself["self_match_prevention"] = {"id": "ITSELF", "instruction": "cancel_aggressor"}
    collared: Terms = {"symbol": "COLLARED", "dynamic_collar_percent": 2}
    interrupted = collared | {"symbol": "INTERRUPTED", "interruption_seconds": 3}
    charged: Terms = {"symbol": "CHARGED"}
    directory = tmp_path_factory.mktemp("day")
    terms = [collared, interrupted, charged, {"symbol": "LIMITED"}]
    options = "--set", FEES, "--set", LIMITS
    venue = start(directory, [reprice, quotes, itself], terms, *options)
    yield venue
    end_soundly(venue)


@pytest.fixture(scope="module")
def night(
    tmp_path_factory: pytest.TempPathFactory, day: VenueProcess
) -> Iterator[dict[str, Future[Result]]]:
    """The results, still to come, of the scripts that need the end of a day."""
    for seconds in (UNTIL_NIGHT, 4 * UNTIL_NIGHT):
        end = datetime.now(UTC) + timedelta(seconds=seconds)
        day_ends = f"venue.day_ends={end:%H:%M:%S}"
        directory = tmp_path_factory.mktemp("night")
        venue = start(directory, *owners(BY_NIGHT), "--set", day_ends)
        if datetime.now(UTC) < end - timedelta(seconds=UNTIL_NIGHT / 2):
            break
        end_soundly(venue)
    variables = {"DAY_END": f"{seconds + 10}", "DAY": f"{end:%Y%m%d}"}
    with all_at_once(venue, BY_NIGHT, variables) as results:
        yield results


@pytest.fixture(scope="module")
def market(
    tmp_path_factory: pytest.TempPathFactory, night: dict[str, Future[Result]]
) -> Iterator[dict[str, Future[Result]]]:
    """The results, still to come, of the scripts that need a market with a trading day."""
    for seconds in (UNTIL_OPENING, 4 * UNTIL_OPENING):
        begin = datetime.now(UTC).replace(microsecond=0)
        opening = begin + timedelta(seconds=seconds)
        times = [begin, *(opening + timedelta(seconds=n * A_PHASE) for n in range(5))]
        phases = [
            f"{{phase: {phase}, at: '{time:%H:%M:%S}'}}"
            for phase, time in zip(PHASES, times, strict=True)
        ]
        schedule = f"markets=[{{name: DAILY, phases: [{', '.join(phases)}]}}]"
        directory = tmp_path_factory.mktemp("market")
        venue = start(directory, *owners(BY_PHASE, "DAILY"), "--set", schedule)
        if datetime.now(UTC) < opening - timedelta(seconds=UNTIL_OPENING / 2):
            break
        end_soundly(venue)
    variables = {"TRADING_DAY": f"{seconds + 5 * A_PHASE + 10}"}
    with all_at_once(venue, BY_PHASE, variables) as results:
        yield results


@pytest.fixture(scope="module")
def runner(
    day: VenueProcess, night: dict[str, Future[Result]], market: dict[str, Future[Result]]
) -> Iterator[Runner]:
    variables = {"REPRICER": "REPRICER", "QUOTE_WATCHER": "QUOTES", "SELF_MATCHER": "ITSELF"}
    variables |= {each: each for each in ("COLLARED", "INTERRUPTED", "CHARGED", "LIMITED")}
    variables["FIRM"] = "ALPHA"
    runner = Runner(Venue(port=day.port, variables=variables))
    yield runner
    runner.close()


@pytest.mark.parametrize("case", BY_DAY, ids=name)
def test_script(runner: Runner, case: Case) -> None:
    passed(runner.run(*case))


@pytest.mark.parametrize("case", BY_NIGHT, ids=name)
def test_script_over_the_end_of_a_day(night: dict[str, Future[Result]], case: Case) -> None:
    passed(night[name(case)].result())


@pytest.mark.parametrize("case", BY_PHASE, ids=name)
def test_script_over_a_trading_day(market: dict[str, Future[Result]], case: Case) -> None:
    passed(market[name(case)].result())
