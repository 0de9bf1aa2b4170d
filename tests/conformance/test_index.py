"""Every scenario and check is there: scripts and the section Scenarios of RULES.md say the same."""

import re
from pathlib import Path

import pytest

from tests.e2e.venue_process import ROOT
from venue.conform.script import find_scripts

GROUPS = {
    "A.1": "ab",
    "B.1": "abcdef",
    "C.1": "abc",
    "C.2": "a",
    "C.3": "abc",
    "D.1": "abc",
    "D.2": "abcd",
    "E.1": "abcdef",
    "F.1": "abc",
    "G.1": "abc",
    "H.1": "abcd",
    "I.1": "ab",
    "J.1": "abcd",
    "K.1": "ab",
    "L.1": "ab",
    "EX-A.1": "abcd",
    "EX-I.1": "ab",
}
SCENARIOS = [f"{group}.{letter}" for group, letters in GROUPS.items() for letter in letters]
"""FIX 5.0SP2's order state changes, and those for exchanges of FIX Latest."""
OLD = [f"D{number}" for number in range(1, 38)]
"""FIX.4.2's."""
CHECKS = [str(number) for number in range(1, 26)]
COVERS = {script.name: script.covers for script in find_scripts([Path(__file__).parent])}

SECTION = (ROOT / "fixspec/RULES.md").read_text("utf-8").partition("\n## Scenarios\n")[2]


def table(first: str) -> list[list[str]]:
    """The cells of the table whose first heading is `first`."""
    rows = SECTION.partition(f"\n| {first} |")[2].partition("\n\n")[0].splitlines()
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def scripts(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


def test_every_scenario_is_listed_once() -> None:
    rows = table("scenario")
    assert [row[0] for row in rows] == SCENARIOS
    assert sorted(row[1] for row in rows if row[1]) == sorted(OLD)
    assert [row[0] for row in table("check")] == CHECKS


@pytest.mark.parametrize("row", table("scenario"), ids=lambda row: row[0])
def test_scenario(row: list[str]) -> None:
    """It has the scripts that cover it, or a reason why none does."""
    scenario, old, cell, remark = row
    assert scripts(cell) == [name for name, covers in COVERS.items() if scenario in covers]
    if scripts(cell):
        assert not remark.startswith("not applicable")
        assert not old or any(old in COVERS[name] for name in scripts(cell))
    else:
        assert re.match(r"not applicable: .{10}|not applicable: as [A-Z]", remark)


@pytest.mark.parametrize("row", table("check"), ids=lambda row: row[0])
def test_check(row: list[str]) -> None:
    there = scripts(row[2])
    assert there
    assert there == [name for name, covers in COVERS.items() if f"check-{row[0]}" in covers]


def test_every_script_is_listed() -> None:
    assert sorted(set(scripts(SECTION)) & COVERS.keys()) == sorted(COVERS)
    listed = [row[0].strip("`") for row in table("other script")]
    known = [*SCENARIOS, *(f"check-{check}" for check in CHECKS)]
    assert listed == [name for name, covers in COVERS.items() if not {*covers} & {*known}]
