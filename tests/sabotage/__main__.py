"""`scripts/sabotage`: break the venue in each known way, and demand that some test fails.

Works on a copy, after the tests have passed on sound code. `--fast` tries a few that are found
soon, at once; words choose the faults whose names have them.
"""

import argparse
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.sabotage.every import EVERY_FAULT, FEW
from tests.sabotage.faults import Fault

ROOT = Path(__file__).parent.parent.parent
COPIED = ("venue", "tests", "config", "fixspec", "setup.cfg")
SUITES = {
    "venue/gateway/message_log.py": ("tests/e2e/test_monitoring.py",),
    "venue/gateway": (
        "tests/unit/gateway",
        "tests/e2e/test_continuity.py tests/e2e/test_bad_logons.py tests/e2e/test_schedule.py"
        " tests/e2e/test_journal_failures.py tests/e2e/test_throttle.py"
        " tests/e2e/test_slow_reader.py tests/e2e/test_quiet_sessions.py"
        " tests/e2e/test_tidied_up.py",
        "tests/recovery",
    ),
    "venue/journal_tools": ("tests/unit/journal_tools", "tests/e2e/test_journal_tools.py"),
    "venue/journal": (
        "tests/unit/journal tests/unit/gateway",
        "tests/e2e/test_continuity.py tests/e2e/test_snapshots.py",
        "tests/recovery",
    ),
    "venue/log.py": ("tests/unit/test_log.py",),
    "venue/lean_dictionary.py": ("tests/unit/test_lean_dictionary.py tests/unit/gateway",),
    "venue/scratch.py": ("tests/unit/test_scratch.py",),
    "venue/signals.py": ("tests/unit/test_signals.py",),
    "venue/fix/listings.py": ("tests/unit/gateway/operator tests/unit/gateway/test_notices.py",),
    "venue/monitoring": ("tests/unit/monitoring", "tests/e2e/test_monitoring.py"),
    "venue/config": (
        "tests/unit/test_config.py tests/unit/test_config_markets.py"
        " tests/unit/test_config_access.py tests/unit/test_config_fees.py"
        " tests/unit/test_config_limits.py",
    ),
    "venue/password": ("tests/unit/test_passwords.py",),
    "venue/app.py": (
        "tests/unit/test_app.py",
        "tests/e2e/test_snapshots.py tests/e2e/test_retention.py",
    ),
    "venue/marketdata": (
        "tests/unit/marketdata tests/unit/gateway/test_notices.py",
        "tests/property",
    ),
    "venue/client": ("tests/unit/client", "tests/e2e/test_client_of_the_web.py"),
    "venue/web/static": (
        "tests/browser/test_amending.py tests/browser/test_ladder.py"
        " tests/browser/test_auction_page.py tests/browser/test_readers.py"
        " tests/browser/test_crowded_page.py tests/browser/test_trading_page.py"
        " tests/browser/test_recovery_page.py",
    ),
    "venue/web": (
        "tests/unit/web",
        "tests/e2e/test_web_trading.py tests/e2e/test_web_link.py tests/e2e/test_web_rest.py"
        " tests/e2e/test_web_socket.py tests/e2e/test_web_security.py",
    ),
    "venue/conform": ("tests/unit/conform",),
    "": (
        "tests/ladders tests/unit/core tests/unit/fix tests/unit/marketdata tests/unit/journal",
        "tests/property",
    ),
}
"""By where the fault is; tried one after the other, until one finds it."""
_times = itertools.count(10**9)
"""Modification times, none twice."""


def suites(fault: Fault) -> tuple[str, ...]:
    return next(found for start, found in SUITES.items() if fault.path.startswith(start))


def finder(copy: Path, fault: Fault) -> str | None:
    """The first test that fails with `fault` in the code, None where none does."""
    path = copy / fault.path
    sound = path.read_text("utf-8")
    if sound.count(fault.old) != 1:
        raise SystemExit(f"{fault.name}: {fault.old!r} stands not once in {fault.path}")
    _write(path, sound.replace(fault.old, fault.new))
    try:
        for suite in suites(fault):
            found = first_failure(copy, suite)
            if found is not None:
                return found
        return None
    finally:
        _write(path, sound)


def _write(path: Path, text: str) -> None:
    """Write a module that is never taken for what was there before: Python knows what it has
    compiled by the time in seconds.
    """
    path.write_text(text, "utf-8")
    time = next(_times)
    os.utime(path, (time, time))


def first_failure(copy: Path, suite: str) -> str | None:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    compiled = {"PYTHONDONTWRITEBYTECODE": ""}  # the copy's own, once and not for every fault
    environment = os.environ | compiled | {"HYPOTHESIS_PROFILE": "unshrunk"}
    done = subprocess.run(
        [*command, *suite.split()],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return None
    lines = done.stdout.splitlines()
    failures = [line.split()[1] for line in lines if line.startswith(("FAILED ", "ERROR "))]
    return failures[0] if failures else f"pytest ended with status {done.returncode}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fast", action="store_true", help="only a few")
    parser.add_argument("words", nargs="*", help="only faults whose names have these words")
    chosen = parser.parse_args()
    faults = FEW if chosen.fast else EVERY_FAULT
    faults = tuple(each for each in faults if all(word in each.name for word in chosen.words))
    survivors = 0
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory)
        for name in COPIED:
            if (ROOT / name).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / name, copy / name, ignore=ignored)
            else:
                shutil.copy(ROOT / name, copy / name)
        tried = () if chosen.fast else (suite for fault in faults for suite in suites(fault))
        for suite in dict.fromkeys(tried):
            broken = first_failure(copy, suite)
            if broken is not None:
                raise SystemExit(f"not worth trying, {broken} fails on sound code")
        for fault in faults:
            found = finder(copy, fault)
            survivors += found is None
            print(f"{'found   ' if found else 'SURVIVED'}  {fault.name}  {found or ''}", flush=True)
    print(f"{len(faults)} faults, {survivors} survived")
    return 1 if survivors else 0


if __name__ == "__main__":
    raise SystemExit(main())
