"""Every scenario of every ladder script, at the venue and at the reference."""

from pathlib import Path

import pytest

from tests.ladders.desks import Desk, ReferenceDesk, VenueDesk
from tests.ladders.script import Request, Scenario, Tags, draw, parse_script

SCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))
SCENARIOS = [
    pytest.param(scenario, path.name, id=f"{path.stem}: {scenario.title}")
    for path in SCRIPTS
    for scenario in parse_script(path.read_text("utf-8"))
]


@pytest.mark.parametrize("desk_type", [VenueDesk, ReferenceDesk])
@pytest.mark.parametrize(("scenario", "file"), SCENARIOS)
def test_scenario(scenario: Scenario, file: str, desk_type: type[Desk]) -> None:
    desk = desk_type()
    enter_book(desk, scenario)
    for step in scenario.steps:
        reports = desk.send(step.request)
        where = f"{file}:{step.line}: {step.text}"
        said = [shown(report, asked) for report, asked in zip(reports, step.reports, strict=False)]
        assert said == step.reports, where
        assert len(reports) == len(step.reports), f"{where}: {reports[len(step.reports) :]}"
        if step.indicated is not None:
            assert desk.indicated() == step.indicated, where
        if step.after is not None:
            assert draw(desk.ladder()) == draw(step.after), where


def enter_book(desk: Desk, scenario: Scenario) -> None:
    for price, queues in scenario.before.items():
        for side, queue in zip(("buy", "sell"), queues, strict=True):
            for qty, cl_ord_id in queue:
                shown, _, hidden = qty.partition("+")
                total = int(shown) + int(hidden or 0)
                order = Request("D", cl_ord_id, "", side, total, price)
                if hidden:
                    order.display_qty = int(shown)
                desk.send(order)
    assert draw(desk.ladder()) == draw(scenario.before), "the book of the script cannot be entered"


def shown(report: Tags, asked: Tags) -> Tags:
    """The fields of a report that the script speaks of."""
    return {tag: report.get(tag, "-") for tag in asked}


def test_there_are_scenarios() -> None:
    assert len(SCENARIOS) > 40
