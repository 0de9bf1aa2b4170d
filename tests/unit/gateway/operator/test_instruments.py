"""What an operator may ask for, and that each mistake is told with field, value and limit."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.unit.core.desk import aapl
from venue.core import commands as c
from venue.core.types import TradingPhase
from venue.core.venue import Venue
from venue.fix.operator import TERMS, OperatorRequest
from venue.gateway.operator import Decision, OperatorDesk, OperatorFaultError

SPEC = replace(
    aapl(),
    dynamic_collar_percent=Decimal(3),
    static_collar_percent=Decimal(10),
    interruption_seconds=60,
    interruption_random_seconds=30,
    security_type="CS",
)
NEW = {
    "tick": "0.05",
    "lot": "10",
    "reference_price": "20",
    "min_qty": "10",
    "max_qty": "1000",
    "currency": "EUR",
}


@pytest.fixture
def venue() -> Venue:
    venue = Venue()
    venue.handle(c.AdvanceTime(1))
    venue.handle(c.DefineInstrument(SPEC))
    venue.handle(c.EnterPhase("XSWX", TradingPhase.CONTINUOUS))
    return venue


def decide(
    venue: Venue, action: str, symbol: str = "AAPL", seconds: str = "", **terms: str
) -> Decision:
    return OperatorDesk(venue).decide(OperatorRequest("R", action, symbol, seconds, terms))


def refused(
    venue: Venue, action: str, symbol: str = "AAPL", seconds: str = "", **terms: str
) -> str:
    before = venue.state_hash()
    with pytest.raises(OperatorFaultError) as error:
        decide(venue, action, symbol, seconds, **terms)
    assert venue.state_hash() == before
    return str(error.value)


def test_a_new_instrument(venue: Venue) -> None:
    command, told = decide(venue, "define", "NEW", **NEW)
    assert isinstance(command, c.DefineInstrument)
    assert not command.configured
    spec = command.spec
    assert (spec.symbol, spec.tick, spec.lot) == ("NEW", Decimal("0.05"), Decimal(10))
    assert (spec.reference_price, spec.currency) == (Decimal(20), "EUR")
    assert (spec.min_qty, spec.max_qty, spec.collar_percent) == (10, 1000, 50)
    assert (spec.market, spec.security_type, spec.dynamic_collar_percent) == ("MAIN", "", None)
    assert told == "NEW is listed"
    venue.handle(command)
    assert venue.listed("NEW")


def test_every_term_can_be_said(venue: Venue) -> None:
    terms = NEW | {
        "collar_percent": "20",
        "market": "XSWX",
        "security_type": "FUT",
        "dynamic_collar_percent": "2.5",
        "static_collar_percent": "8",
        "interruption_seconds": "120",
        "interruption_random_seconds": "20",
    }
    command, _ = decide(venue, "define", "NEW", **terms)
    assert isinstance(command, c.DefineInstrument)
    for name, value in terms.items():
        assert str(getattr(command.spec, name)) == value, name


def test_a_change_leaves_alone_what_it_does_not_say(venue: Venue) -> None:
    for name, value in (("collar_percent", "20"), ("max_qty", "500"), ("market", "XSWX")):
        command, told = decide(venue, "define", **{name: value})
        kind = type(getattr(SPEC, name))
        assert command == c.DefineInstrument(replace(SPEC, **{name: kind(value)}))
        assert told == "AAPL is changed"
    assert decide(venue, "define")[0] == c.DefineInstrument(SPEC)


def test_collars_can_be_taken_away(venue: Venue) -> None:
    nothing = {"interruption_seconds": "0", "interruption_random_seconds": "0"}
    command, _ = decide(
        venue, "define", dynamic_collar_percent="none", static_collar_percent="none", **nothing
    )
    assert isinstance(command, c.DefineInstrument)
    assert command.spec.dynamic_collar_percent is command.spec.static_collar_percent is None


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        ({"tick": "0.02"}, "MinPriceIncrement(969) is 0.02, expected 0.01, which cannot change"),
        ({"lot": "2", "min_qty": "2"}, "RoundLot(561) is 2, expected 1, which cannot change"),
        ({"max_qty": "1_0"}, "MaxTradeVol(1140) is 1_0, expected a decimal number above 0"),
        ({"max_qty": "1E3"}, "MaxTradeVol(1140) is 1E3, expected a decimal number above 0"),
        ({"tick": "sNaN"}, "MinPriceIncrement(969) is sNaN, expected a decimal number"),
        ({"tick": "x"}, "MinPriceIncrement(969) is x, expected a decimal number above 0"),
        ({"max_qty": "0.5"}, "MaxTradeVol(1140) is 0.5, expected a multiple of the lot 1"),
        ({"min_qty": "-1"}, "MinTradeVol(562) is -1, expected a decimal number above 0"),
        (
            {"reference_price": "1.001"},
            "TradingReferencePrice(1150) is 1.001, expected a multiple of the tick 0.01",
        ),
        ({"collar_percent": "none"}, "CollarPercent(9205) is none, expected a decimal number"),
        (
            {"currency": "usd"},
            "Currency(15) is usd, expected 3 to 8 capital letters or digits",
        ),
        ({"market": "NOPE"}, "InstrumentMarket(9206) is NOPE, expected one of MAIN, XSWX"),
        ({"market": "A B"}, "InstrumentMarket(9206) is A B, expected 1 to 32 printable"),
        ({"security_type": "XX"}, "SecurityType(167) is XX, expected one of CS, PS"),
        (
            {"dynamic_collar_percent": "0"},
            "DynamicCollarPercent(9207) is 0, expected a decimal number above 0",
        ),
        (
            {"interruption_seconds": "86401"},
            "InterruptionSeconds(9209) is 86401, expected 0 to 86400 seconds",
        ),
        (
            {"interruption_seconds": "0"},
            "InterruptionRandomSeconds(9210) is 30, expected interruption_seconds with it",
        ),
    ],
)
def test_terms_that_cannot_be(venue: Venue, terms: dict[str, str], text: str) -> None:
    assert refused(venue, "define", **terms).startswith(text)


@pytest.mark.parametrize("name", NEW)
def test_what_a_new_instrument_needs(venue: Venue, name: str) -> None:
    terms = {key: value for key, value in NEW.items() if key != name}
    assert " is missing, expected " in refused(venue, "define", "NEW", **terms)


@pytest.mark.parametrize("symbol", ["", "A B", "S" * 33])
def test_symbols_that_cannot_be(venue: Venue, symbol: str) -> None:
    assert refused(venue, "define", symbol, **NEW).startswith("Symbol(55) is ")


def test_a_long_value_is_not_repeated_at_length(venue: Venue) -> None:
    assert len(refused(venue, "define", tick="9" * 999)) < 200


NASTY = ("0", "-0", "1E+999999999", "1E-999999999", "NaN", "Infinity", "1_0", "٣", "", " 1", "+1")
NASTY += ("none", "9" * 4000, "0." + "0" * 4000 + "1", "0x10", "true", "null", "A", "1/3", "1.0")


@settings(deadline=None, max_examples=300)
@given(
    terms=st.dictionaries(
        st.sampled_from([*TERMS]), st.sampled_from(NASTY) | st.text(), min_size=1
    ),
    base=st.sampled_from([NEW, {}]),
    symbol=st.sampled_from(["AAPL", "NEW", ""]),
)
def test_whatever_it_says_it_is_refused_or_can_be_done(
    terms: dict[str, str], base: dict[str, str], symbol: str
) -> None:
    venue, why = Venue(), ""
    venue.handle(c.DefineInstrument(SPEC))
    try:
        command, _ = decide(venue, "define", symbol, **(base | terms))
    except OperatorFaultError as fault:
        why = str(fault)
    else:
        venue.handle(command)
        venue.check()
    assert len(why) < 300


def test_another_action(venue: Venue) -> None:
    expected = "OperatorAction(9202) is burn, expected one of define, delist, halt, resume"
    assert refused(venue, "burn") == expected


@pytest.mark.parametrize("action", ["delist", "halt", "resume"])
def test_what_does_not_go_with_an_action(venue: Venue, action: str) -> None:
    text = refused(venue, action, tick="0.01")
    assert text == f"MinPriceIncrement(969) is 0.01, expected absent with {action}"
    if action != "resume":
        text = refused(venue, action, seconds="5")
        assert text == f"AuctionSeconds(9204) is 5, expected absent with {action}"


@pytest.mark.parametrize("action", ["delist", "halt", "resume"])
def test_only_what_is_listed(venue: Venue, action: str) -> None:
    expected = "expected a listed instrument"
    assert refused(venue, action, "NOPE") == f"Symbol(55) is NOPE, {expected}"
    venue.handle(c.DelistInstrument("AAPL"))
    assert refused(venue, action) == f"Symbol(55) is AAPL, {expected}"


def test_delist_and_list_again(venue: Venue) -> None:
    command, told = decide(venue, "delist")
    assert (command, told) == (c.DelistInstrument("AAPL"), "AAPL is delisted")
    venue.handle(command)
    assert "cannot change" in refused(venue, "define", tick="0.02", reference_price="2")
    command, told = decide(venue, "define")
    assert (command, told) == (c.DefineInstrument(SPEC), "AAPL is listed")


def test_halt_and_resume(venue: Venue) -> None:
    assert refused(venue, "resume") == "Symbol(55) is AAPL, expected one that is halted"
    command, told = decide(venue, "halt")
    assert (command, told) == (c.HaltInstrument("AAPL"), "AAPL is halted")
    venue.handle(command)
    assert refused(venue, "halt") == "Symbol(55) is AAPL, expected one that is not halted"
    assert decide(venue, "resume") == (c.ResumeInstrument("AAPL", 0), "AAPL is resumed")
    command, told = decide(venue, "resume", seconds="86400")
    assert command == c.ResumeInstrument("AAPL", 86400)
    assert told == "AAPL is resumed with an auction of 86400 seconds"
    venue.handle(c.EnterPhase("MAIN", TradingPhase.CLOSED))
    _, told = decide(venue, "resume", seconds="60")
    assert told == "AAPL is resumed in phase closed"


@pytest.mark.parametrize("seconds", ["86401", "-1", "1.5", "x", "9" * 5000, "٣"])
def test_seconds_that_cannot_be(venue: Venue, seconds: str) -> None:
    venue.handle(c.HaltInstrument("AAPL"))
    text = refused(venue, "resume", seconds=seconds)
    assert text == f"AuctionSeconds(9204) is {seconds[:64]}, expected 0 to 86400 seconds"
