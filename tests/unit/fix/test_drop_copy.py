"""What a copy of a report has that the report has not."""

import pytest

from tests.unit.fix.events import event
from tests.unit.fix.texts import INSTRUMENTS, TIME
from venue.core import events as e
from venue.fix.drop_copy import as_copy
from venue.fix.message import parse_pairs
from venue.fix.outbound import encode
from venue.fix.versions import FIX42, VERSIONS, Version


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
@pytest.mark.parametrize("kind", [e.OrderFilled, e.OrderRejected])
def test_a_copy_is_the_report_and_whose_it_is(kind: type[e.Event], version: Version) -> None:
    report = encode(event(kind), INSTRUMENTS, TIME, version)
    copy = parse_pairs(as_copy(report, version, "TRADER1"))
    added = [("115", "TRADER1")] + ([("797", "Y")] if version is not FIX42 else [])
    assert copy == [*parse_pairs(report)[:3], *added, *parse_pairs(report)[3:]]
    named = parse_pairs(as_copy(report, version, "TRADER1", "NORTH"))
    assert named[3:5] == [("115", "TRADER1"), ("116", "NORTH")]
