"""`scripts/sabotage`: break the venue in each known way, and demand that some test fails.

Works on a copy. `--fast` tries every twelfth fault; words choose the faults whose names have them.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.sabotage.faults import FAULTS, Fault

ROOT = Path(__file__).parent.parent.parent
COPIED = ("venue", "tests", "config", "fixspec", "setup.cfg")
SUITES = (
    "tests/ladders tests/unit/core tests/unit/fix tests/unit/marketdata tests/unit/journal",
    "tests/property",
)
"""Tried one after the other, until one finds the fault."""
EVERY = 12


def finder(copy: Path, fault: Fault) -> str | None:
    """The first test that fails with `fault` in the code, None where none does."""
    path = copy / fault.path
    sound = path.read_text("utf-8")
    if sound.count(fault.old) != 1:
        raise SystemExit(f"{fault.name}: {fault.old!r} stands not once in {fault.path}")
    path.write_text(sound.replace(fault.old, fault.new), "utf-8")
    try:
        for suite in SUITES:
            found = first_failure(copy, suite)
            if found is not None:
                return found
        return None
    finally:
        path.write_text(sound, "utf-8")


def first_failure(copy: Path, suite: str) -> str | None:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "HYPOTHESIS_PROFILE": "default"}
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
    parser.add_argument("--fast", action="store_true", help="only every twelfth fault")
    parser.add_argument("words", nargs="*", help="only faults whose names have these words")
    chosen = parser.parse_args()
    faults = FAULTS[::EVERY] if chosen.fast else FAULTS
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
        for suite in SUITES:
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
