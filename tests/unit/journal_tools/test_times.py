import pytest

from tests.unit.journal_tools.made import SECOND, START
from venue.journal_tools.times import format_iso, parse_time


def test_all_digits_are_told() -> None:
    assert format_iso(START + 1) == "2026-11-21T08:00:00.000000001Z"
    assert format_iso(START + 999_999_999) == "2026-11-21T08:00:00.999999999Z"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("2026-11-21T08:00:00Z", 0),
        ("2026-11-21T08:00:00", 0),
        ("2026-11-21 08:00", 0),
        ("2026-11-21T09:30:00+01:30", 0),
        ("2026-11-21T08:00:01.5Z", 1_500_000_000),
        ("2026-11-21T08:00:00.123456789Z", 123_456_789),
        ("2026-11-21T08:00:00.123456789+00:00", 123_456_789),
        ("20261121-08:00:00", 0),
        ("20261121-08:00:02.250", 2_250_000_000),
        ("20261121-08:00:00.000000007", 7),
        ("2026-11-21", -8 * 3600 * SECOND),
    ],
)
def test_what_a_user_writes(text: str, after: int) -> None:
    assert parse_time(text) == START + after


def test_what_is_told_can_be_asked_for() -> None:
    for time in (START, START + 1, START + 123_456_789):
        assert parse_time(format_iso(time)) == time


@pytest.mark.parametrize("text", ["", "noon", "20261121-8:00", "2026-13-01", "20261121-25:00:00"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_time(text)
