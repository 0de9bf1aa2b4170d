"""The `venue conform` command: runs scripts, prints the report as it comes, writes it to files."""

import re
from pathlib import Path

from venue.conform import report
from venue.conform.errors import ScriptError
from venue.conform.runner import Outcome, Runner, Venue
from venue.conform.script import VERSIONS, find_scripts


def run(
    venue: Venue, paths: list[Path], versions: str, junit: Path | None, as_json: Path | None
) -> int:
    """Return 0 where nothing failed, else 1. Raises ScriptError."""
    scripts = find_scripts(paths)
    spoken = [VERSIONS.get(version, version) for version in re.split("[, ]+", versions.strip())]
    if unknown := [version for version in spoken if version not in VERSIONS.values()]:
        known = ", ".join(VERSIONS.values())
        raise ScriptError(f"version {unknown[0]!r} is not one of {known}")
    results = []
    runner = Runner(venue)
    try:
        for result in runner.run_all(scripts, spoken):
            results.append(result)
            print(*report.lines(result), sep="\n", flush=True)
    finally:
        runner.close()
    print(report.summary(results))
    if junit is not None:
        junit.write_text(report.as_junit(results), "utf-8")
    if as_json is not None:
        as_json.write_bytes(report.as_json(results))
    return int(any(result.outcome is Outcome.FAILED for result in results))
