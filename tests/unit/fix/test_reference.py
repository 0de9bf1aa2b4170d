"""Lists and definitions as each version writes them."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.unit.fix.notices import FULL, PLAIN
from tests.unit.fix.texts import TIME
from venue.core.instrument import Instrument, InstrumentSpec
from venue.fix.message import parse_fields, parse_pairs
from venue.fix.reference import (
    MOST_INSTRUMENTS,
    SecurityStatus,
    encode_security_definition,
    encode_security_list,
)
from venue.fix.versions import FIX42, FIX44, FIX50SP2, Version

ACTIVE, DELISTED = SecurityStatus


def body(text: str) -> str:
    return "|".join(f"{tag}={value}" for tag, value in parse_pairs(text)[3:-1])


def listed(spec: InstrumentSpec, version: Version, status: SecurityStatus = ACTIVE) -> str:
    [text] = encode_security_list([(Instrument(spec), status)], version, "R", "1")
    return body(text)


def defined(spec: InstrumentSpec, version: Version, one: bool = True) -> str:
    listings = [(Instrument(spec), ACTIVE)]
    [text] = encode_security_definition(listings, version, "R", "1", TIME, one)
    return body(text)


def test_a_list_of_one_in_4_4() -> None:
    assert listed(PLAIN, FIX44) == (
        "320=R|322=1|560=0|393=1|893=Y|146=1|55=AAPL|15=USD|561=1|562=1|336=MAIN|"
        "58=status=active tick=0.01 max_qty=1000000 reference_price=100 collar_percent=50"
    )


def test_a_list_of_one_in_5_0() -> None:
    assert listed(PLAIN, FIX50SP2) == (
        "320=R|322=1|560=0|393=1|893=Y|146=1|55=AAPL|1151=MAIN|965=1|969=0.01|"
        "1306=2|1148=50|1149=50|1150=100|562=1|1140=1000000|561=1|15=USD"
    )


def test_everything_that_an_instrument_may_have() -> None:
    words = "dynamic_collar_percent=2.5 static_collar_percent=10 "
    words += "interruption_seconds=120 interruption_random_seconds=30"
    for version in (FIX44, FIX50SP2):
        text = listed(FULL, version)
        assert "|167=CS|" in text
        assert text.endswith(words)
    assert "|336=XSWX|" in listed(FULL, FIX44)
    assert "|1151=XSWX|" in listed(FULL, FIX50SP2)
    assert defined(FULL, FIX42).endswith(f" {words}")


def test_a_delisted_instrument() -> None:
    assert "|58=status=delisted " in listed(PLAIN, FIX44, DELISTED)
    assert "|965=5|" in listed(PLAIN, FIX50SP2, DELISTED)


def test_numbers_are_written_out() -> None:
    small = replace(PLAIN, lot=Decimal("1E-8"), min_qty=Decimal("1E-8"), max_qty=Decimal("1E+3"))
    assert "|561=0.00000001|562=0.00000001|" in listed(small, FIX44)
    assert "|562=0.00000001|1140=1000|561=0.00000001|" in listed(small, FIX50SP2)


def test_definitions() -> None:
    assert defined(PLAIN, FIX42) == (
        "320=R|322=1|323=1|393=1|55=AAPL|15=USD|336=MAIN|58=status=active tick=0.01 lot=1 "
        "min_qty=1 max_qty=1000000 reference_price=100 collar_percent=50"
    )
    assert defined(PLAIN, FIX44) == (
        "320=R|322=1|323=1|55=AAPL|15=USD|561=1|562=1|336=MAIN|58=status=active tick=0.01 "
        "max_qty=1000000 reference_price=100 collar_percent=50"
    )
    assert defined(PLAIN, FIX50SP2) == (
        "320=R|322=1|323=1|55=AAPL|1151=MAIN|965=1|969=0.01|15=USD|1310=1|1301=MAIN|"
        f"1306=2|1148=50|1149=50|1150=100|562=1|1140=1000000|561=1|60={TIME}"
    )


@pytest.mark.parametrize(("version", "code"), [(FIX42, "4"), (FIX44, "1"), (FIX50SP2, "4")])
def test_definitions_of_several(version: Version, code: str) -> None:
    listings = [(Instrument(replace(PLAIN, symbol=each)), ACTIVE) for each in "ABC"]
    texts = list(encode_security_definition(listings, version, "R", "1", TIME, False))
    assert [parse_fields(text)["55"] for text in texts] == ["A", "B", "C"]
    assert {parse_fields(text)["323"] for text in texts} == {code}
    assert {parse_fields(text).get("393") for text in texts} == {"3" if version is FIX42 else None}


def test_nothing_found() -> None:
    [text] = encode_security_list([], FIX44, "R", "1")
    assert body(text) == "320=R|322=1|560=2"
    [text] = encode_security_definition([], FIX42, "R", "1", TIME, True)
    assert body(text).startswith("320=R|322=1|323=6|393=0|58=")


@pytest.mark.parametrize(
    ("count", "parts"),
    [
        (1, [1]),
        (MOST_INSTRUMENTS, [MOST_INSTRUMENTS]),
        (MOST_INSTRUMENTS + 1, [MOST_INSTRUMENTS, 1]),
        (2 * MOST_INSTRUMENTS, [MOST_INSTRUMENTS] * 2),
    ],
)
def test_long_lists_come_in_parts(count: int, parts: list[int]) -> None:
    listings = [
        (Instrument(replace(PLAIN, symbol=f"S{number}")), ACTIVE) for number in range(count)
    ]
    texts = list(encode_security_list(listings, FIX44, "R", "1"))
    fields = [parse_fields(text) for text in texts]
    assert [int(each["146"]) for each in fields] == parts
    assert [each["893"] for each in fields] == ["N"] * (len(parts) - 1) + ["Y"]
    assert {(each["393"], each["322"]) for each in fields} == {(str(count), "1")}
    symbols = [value for text in texts for tag, value in parse_pairs(text) if tag == "55"]
    assert symbols == [f"S{number}" for number in range(count)]
