"""The scripts of this directory against a venue, in every version they apply to.

Scripts that wait for the end of a trading day run all at once, in the background, against a second
venue whose day ends while the others run.
"""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
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
BY_DAY = [(script, version) for script, version in EACH if "DAY_END" not in script.needs]
BY_NIGHT = [(script, version) for script, version in EACH if "DAY_END" in script.needs]
UNTIL_NIGHT = 15
"""Seconds in which the second venue has to start, and every script to get its orders in; half of
them for either. A machine on which the start takes longer gets more.
"""

Case = tuple[Script, str]
Sessions = list[dict[str, Any]]


def name(case: Case) -> str:
    return f"{case[0].name}-{case[1]}"


def start(directory: Path, sessions: Sessions, symbols: list[str], *options: str) -> VenueProcess:
    """The shipped configuration, and more sessions and instruments."""
    configuration: dict[str, Any] = yaml.safe_load((ROOT / "config/venue.yaml").read_text())
    model = next(each for each in configuration["instruments"] if each["symbol"] == "AAPL")
    configuration["sessions"] += sessions
    configuration["instruments"] += [model | {"symbol": symbol} for symbol in symbols]
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


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Result]]]:
    """The results, still to come, of the scripts that need the end of a day.

    Each has an instrument and CompIDs of its own.
    """
    sessions: Sessions = []
    for number in range(len(BY_NIGHT)):
        for who, firm in (("S", "ALPHA"), ("O", "BETA")):
            session = {"comp_id": f"{who}{number}", "firm": firm, "roles": ["order_entry"]}
            sessions.append(session)
    symbols = [f"SYM{number}" for number in range(len(BY_NIGHT))]
    for seconds in (UNTIL_NIGHT, 4 * UNTIL_NIGHT):
        end = datetime.now(UTC) + timedelta(seconds=seconds)
        day_ends = f"venue.day_ends={end:%H:%M:%S}"
        directory = tmp_path_factory.mktemp("night")
        venue = start(directory, sessions, symbols, "--set", day_ends)
        if datetime.now(UTC) < end - timedelta(seconds=UNTIL_NIGHT / 2):
            break
        end_soundly(venue)
    variables = {"DAY_END": f"{seconds + 10}", "DAY": f"{end:%Y%m%d}"}

    def play(number: int, case: Case) -> Result:
        own = {"SENDER": f"S{number}", "OTHER": f"O{number}", "SYMBOL": f"SYM{number}"}
        runner = Runner(Venue(port=venue.port, variables=variables | own))
        try:
            return runner.run(*case)
        finally:
            runner.close()

    with ThreadPoolExecutor(max(len(BY_NIGHT), 1)) as pool:
        yield {name(case): pool.submit(play, number, case) for number, case in enumerate(BY_NIGHT)}
    end_soundly(venue)


@pytest.fixture(scope="module")
def runner(
    tmp_path_factory: pytest.TempPathFactory, night: dict[str, Future[Result]]
) -> Iterator[Runner]:
    trader: dict[str, Any] = {"firm": "GAMMA", "roles": ["order_entry", "market_data"]}
    reprice = trader | {"comp_id": "REPRICER", "post_only": "reprice"}
    quotes = trader | {"comp_id": "QUOTES", "trigger_price": "best_quote"}
    itself = trader | {"comp_id": "ITSELF"}
    itself["self_match_prevention"] = {"id": "ITSELF", "instruction": "cancel_aggressor"}
    venue = start(tmp_path_factory.mktemp("day"), [reprice, quotes, itself], [])
    variables = {"REPRICER": "REPRICER", "QUOTE_WATCHER": "QUOTES", "SELF_MATCHER": "ITSELF"}
    runner = Runner(Venue(port=venue.port, variables=variables))
    yield runner
    runner.close()
    end_soundly(venue)


@pytest.mark.parametrize("case", BY_DAY, ids=name)
def test_script(runner: Runner, case: Case) -> None:
    passed(runner.run(*case))


@pytest.mark.parametrize("case", BY_NIGHT, ids=name)
def test_script_over_the_end_of_a_day(night: dict[str, Future[Result]], case: Case) -> None:
    passed(night[name(case)].result())
