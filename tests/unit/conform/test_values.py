"""What stands in angle brackets."""

from datetime import UTC, datetime, timedelta

import pytest

from venue.conform.errors import ScriptError
from venue.conform.values import Values, utc_timestamp


def values(**more: str) -> Values:
    return Values({"PX": "100", "TICK": "0.05", "LOT": "10", "SYMBOL": "S"} | more, "U")


@pytest.mark.parametrize(
    ("tag", "text", "sent"),
    [
        ("44", "<PX>", "100"),
        ("44", "<PX+3>", "100.15"),
        ("44", "<PX-0.5>", "99.975"),
        ("38", "7", "70"),
        ("38", "0.5", "5"),
        ("38", "ten", "ten"),
        ("38", "<MUCH>", "9"),
        ("34", "<SEQ-1>", "4"),
        ("11", "<ID:X>", "X-U"),
        ("58", "a <SYMBOL> b", "a S b"),
    ],
)
def test_value_sent(tag: str, text: str, sent: str) -> None:
    known = values(MUCH="9")
    known.seq = 5
    assert known.to_send(tag, text) == sent


@pytest.mark.parametrize(
    ("tag", "text", "got", "expected"),
    [
        ("38", "7", "70.0", None),
        ("38", "7", "7", "70"),
        ("44", "<PX>", "100.00", None),
        ("11", "1", "1.0", "1"),
        ("17", "<*>", "anything", None),
        ("58", "<~a~b>", "b and a", None),
        ("58", "<~a~b>", "a", "a text with 'b'"),
        ("52", "<TIME>", "20260101-00:00:00.123456", None),
        ("52", "<TIME>", "2026-01-01", "a UTCTimestamp"),
    ],
)
def test_value_expected(tag: str, text: str, got: str, expected: str | None) -> None:
    assert values().mismatch(tag, text, got) == expected


def test_a_name_is_bound_once() -> None:
    known = values()
    with pytest.raises(ScriptError, match="<A> has no value yet"):
        known.to_send("37", "<A>")
    assert known.mismatch("37", "<A>", "1") is None
    assert known.mismatch("37", "<A>", "1") is None
    assert known.mismatch("37", "<A>", "2") == "1"
    assert known.to_send("37", "<A>") == "1"


def test_times() -> None:
    today = datetime.now(UTC)
    assert values().to_send("432", "<DATE+400>") == (today + timedelta(days=400)).strftime("%Y%m%d")
    assert utc_timestamp() <= values().to_send("60", "<TIME>") <= utc_timestamp()
    assert values().to_send("60", "<TIME+60>") > utc_timestamp(50)


def test_prices_have_to_be_numbers() -> None:
    with pytest.raises(ScriptError, match=r"PX: .much. is not a decimal number"):
        values(PX="much")


def test_a_part_of_a_value_is_bound() -> None:
    known = values()
    assert known.mismatch("58", "trade <T>", "trade 7") is None
    assert known.variables["T"] == "7"
    assert known.mismatch("58", "trade <T>", "trade 8") == "trade 7"
    with pytest.raises(ScriptError, match="<U> has no value yet"):
        known.mismatch("58", "trade <U>", "fill 8")
