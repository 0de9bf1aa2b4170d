"""Limits load as written, or one line says which of them contradict and where."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.test_config import MINIMAL, refused_text
from venue.config import load
from venue.configuration.limits import LimitsConfig, contradictions
from venue.core.limits import Limits, Scope

FIRMS = """\
firms:
  - {name: ALPHA, accounts: [A1, A2]}
  - {name: BETA}
"""
AT = (FIRMS + MINIMAL).count("\n") + 2
"""The line of the first limits."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "venue.yaml"


def limits(*entries: str) -> str:
    """A configuration with limits, one a line."""
    return FIRMS + MINIMAL + "limits:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries)


def test_no_limits(file: Path) -> None:
    file.write_text(MINIMAL)
    assert load(file).limits == ()


def test_every_limit(file: Path) -> None:
    orders = "max_order_qty: 5, max_order_notional: 5e2, max_open_orders: 3, max_open_notional: 900"
    positions = "max_long_position: 0, max_short_position: 12.5, max_daily_loss: 0.5"
    rest = (
        "price_collar_percent: 2.5, max_messages: 7, message_seconds: 2,"
        " duplicate_milliseconds: 100, restricted_symbols: [BRK.B]"
    )
    file.write_text(
        limits(
            f"{orders}, {positions}, {rest}",
            "firm: ALPHA, account: A1, symbol: BRK, max_order_qty: 5, allow_short: false",
        )
    )
    first, second = load(file).limits
    assert first.scope == Scope("")
    assert first.limits == Limits(
        *(Decimal(5), Decimal(500), 3, Decimal(900), Decimal(0), Decimal("12.5")),
        *(Decimal("0.5"), Decimal("2.5"), 7, 2, 100, ("BRK.B",), True),
    )
    assert second.scope == Scope("ALPHA", "A1", "BRK")
    assert second.limits == Limits(max_order_qty=Decimal(5), allow_short=False)


def test_the_fields_are_those_of_the_core() -> None:
    fields = LimitsConfig.__struct_fields__
    assert fields == (*Scope.__struct_fields__, *Limits.__struct_fields__)
    assert LimitsConfig().limits == Limits()


@pytest.mark.parametrize(
    ("entry", "key", "found", "expected"),
    [
        ("max_order_qty: 0", "max_order_qty", "0", "a decimal number above 0 with at most 18"),
        ("max_order_qty: NaN", "max_order_qty", "NaN", "a decimal number above 0"),
        ("max_order_qty: much", "max_order_qty", "much", "a decimal number above 0"),
        ("max_long_position: -1", "max_long_position", "-1", "a decimal number, 0 or above"),
        ("max_daily_loss: 1e-19", "max_daily_loss", "1e-19", "18 digits on either side"),
        ("max_open_orders: 0", "max_open_orders", "0", "1 to 10000000 orders"),
        ("max_messages: 1, message_seconds: 0", "message_seconds", "0", "1 to 3600 seconds"),
        ("duplicate_milliseconds: 0", "duplicate_milliseconds", "0", "1 to 3600000 milliseconds"),
        (
            *("duplicate_milliseconds: 3600001", "duplicate_milliseconds", "3600001"),
            "1 to 3600000 milliseconds",
        ),
        ("max_orders: 1", "max_orders", "an unknown key", "max_open_orders"),
        ("firm: GAMMA, max_order_qty: 1", "firm", "GAMMA", "one of ALPHA, BETA"),
        ("firm: ALPHA, account: A9, max_order_qty: 1", "account", "A9", "an account of ALPHA: A1"),
        ("account: A1, max_order_qty: 1", "account", "A1", "a firm with it"),
        ("symbol: IBM, max_order_qty: 1", "symbol", "IBM", "one of BRK, BRK.B"),
        ("restricted_symbols: [IBM]", "restricted_symbols[0]", "IBM", "one of BRK, BRK.B"),
        ("restricted_symbols: [BRK, BRK]", "restricted_symbols[1]", "BRK", "each symbol once"),
        ("message_seconds: 2, max_order_qty: 1", "message_seconds", "2", "max_messages with it"),
        # What contradicts itself
        ("firm: ALPHA", "", "a mapping", "at least one limit"),
        ("symbol: BRK, restricted_symbols: [BRK]", "restricted_symbols", "a list", "none: these"),
        (
            "max_order_notional: 9, max_open_notional: 8.5",
            *("max_order_notional", "9", "at most the max_open_notional 8.5"),
        ),
        (
            "max_order_qty: 9, max_long_position: 5, max_short_position: 3",
            *("max_order_qty", "9", "at most 8, from the shortest to the longest"),
        ),
        (
            "max_order_qty: 9, max_long_position: 5, allow_short: false",
            *("max_order_qty", "9", "at most 5, from the shortest to the longest"),
        ),
        (
            "allow_short: false, max_short_position: 5",
            *("max_short_position", "5", "none where allow_short is false"),
        ),
        ("symbol: BRK.B, max_order_qty: 0.2", "max_order_qty", "0.2", "at least the min_qty 0.3"),
    ],
)
def test_refused_limits(file: Path, entry: str, key: str, found: str, expected: str) -> None:
    error = refused_text(file, limits("firm: BETA, max_open_orders: 1", entry))
    whole = f"limits[1].{key}" if key else "limits[1]"
    assert (error.line, error.key, error.found) == (AT + 1, whole, found)
    assert expected in error.expected


@pytest.mark.parametrize(
    ("wider", "entry", "key", "expected"),
    [
        ("firm: ALPHA", "firm: ALPHA", "", "each scope once (limits[0] is firm ALPHA, too)"),
        ("firm: ALPHA", "firm: ALPHA, account: A1", "max_order_qty", "at most 5, which is the"),
        ("firm: ALPHA", "firm: ALPHA, symbol: BRK", "max_order_qty", "the limit of firm ALPHA"),
        ("symbol: BRK", "firm: ALPHA, symbol: BRK", "max_order_qty", "of each firm, symbol BRK"),
        (
            "firm: ALPHA, restricted_symbols: [BRK]",
            *("firm: ALPHA, account: A1, symbol: BRK", "symbol", "in which firm ALPHA is not"),
        ),
    ],
)
def test_limits_that_a_wider_scope_contradicts(
    file: Path, wider: str, entry: str, key: str, expected: str
) -> None:
    qty = 4 if key == "symbol" else 6
    text = limits(f"{wider}, max_order_qty: 5", f"{entry}, max_order_qty: {qty}")
    error = refused_text(file, text)
    assert (error.line, error.key) == (AT + 1, f"limits[1].{key}" if key else "limits[1]")
    assert expected in error.expected


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("firm: ALPHA, max_order_qty: 5", "firm: BETA, max_order_qty: 6"),
        ("firm: ALPHA, account: A1, max_order_qty: 5", "firm: ALPHA, max_order_qty: 6"),
        (
            "firm: ALPHA, symbol: BRK, max_order_qty: 5",
            "firm: ALPHA, account: A1, max_order_qty: 6",
        ),
        ("firm: ALPHA, restricted_symbols: [BRK]", "symbol: BRK, max_order_qty: 6"),
        (
            "firm: ALPHA, max_messages: 5",
            "firm: ALPHA, account: A1, max_messages: 6, message_seconds: 9",
        ),
    ],
)
def test_limits_that_go_together(file: Path, first: str, second: str) -> None:
    file.write_text(limits(first, second))
    assert len(load(file).limits) == 2


def test_duplicates_and_messages_of_a_wider_scope() -> None:
    wider = {Scope("A"): Limits(max_messages=5, duplicate_milliseconds=100)}
    own = Limits(max_messages=6, duplicate_milliseconds=99)
    assert list(contradictions(Scope("A", "1"), own, wider)) == [
        ("duplicate_milliseconds", "at least 100, which is that of firm A"),
        ("max_messages", "at most 5, which is the limit of firm A"),
    ]
    assert list(contradictions(Scope("A"), own, wider)) == []
