"""What an operator may ask for of instruments and markets, and how each mistake is told."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.unit.core.desk import aapl
from tests.unit.gateway.operator.office import OPERATOR, SPEC, Office
from tests.unit.gateway.test_phases import market
from venue.core import commands as c
from venue.core.types import TradingPhase
from venue.core.venue import Venue
from venue.fix.operator import TERMS, OperatorRequest
from venue.gateway.operator.desk import OperatorDesk
from venue.gateway.phases import PhaseSchedule

NEW = {
    "tick": "0.05",
    "lot": "10",
    "reference_price": "20",
    "min_qty": "10",
    "max_qty": "1000",
    "currency": "EUR",
}


@pytest.fixture
def office() -> Office:
    return Office()


def defined(office: Office, symbol: str = "AAPL", **terms: str) -> tuple[c.DefineInstrument, str]:
    decision = office.decide("define", symbol=symbol, **terms)
    [command] = decision.commands
    assert isinstance(command, c.DefineInstrument)
    return command, decision.text


def test_a_new_instrument(office: Office) -> None:
    command, told = defined(office, "NEW", **NEW)
    assert not command.configured
    spec = command.spec
    assert (spec.symbol, spec.tick, spec.lot) == ("NEW", Decimal("0.05"), Decimal(10))
    assert (spec.reference_price, spec.currency) == (Decimal(20), "EUR")
    assert (spec.min_qty, spec.max_qty, spec.collar_percent) == (10, 1000, 50)
    assert (spec.market, spec.security_type, spec.dynamic_collar_percent) == ("MAIN", "", None)
    assert told == "NEW is listed"
    office.venue.handle(command)
    assert office.venue.listed("NEW")


def test_every_term_can_be_said(office: Office) -> None:
    terms = NEW | {
        "collar_percent": "20",
        "market": "XSWX",
        "security_type": "FUT",
        "dynamic_collar_percent": "2.5",
        "static_collar_percent": "8",
        "interruption_seconds": "120",
        "interruption_random_seconds": "20",
    }
    command, _ = defined(office, "NEW", **terms)
    for name, value in terms.items():
        assert str(getattr(command.spec, name)) == value, name


def test_a_change_leaves_alone_what_it_does_not_say(office: Office) -> None:
    for name, value in (("collar_percent", "20"), ("max_qty", "500"), ("market", "XSWX")):
        command, told = defined(office, **{name: value})
        kind = type(getattr(SPEC, name))
        assert command == c.DefineInstrument(replace(SPEC, **{name: kind(value)}))
        assert told == "AAPL is changed"
    assert defined(office)[0] == c.DefineInstrument(SPEC)


def test_collars_can_be_taken_away(office: Office) -> None:
    nothing = {"interruption_seconds": "0", "interruption_random_seconds": "0"}
    command, _ = defined(
        office, dynamic_collar_percent="none", static_collar_percent="none", **nothing
    )
    assert command.spec.dynamic_collar_percent is command.spec.static_collar_percent is None


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        ({"tick": "0.02"}, "MinPriceIncrement(969) is 0.02, expected 0.01, which cannot change"),
        ({"lot": "2", "min_qty": "2"}, "RoundLot(561) is 2, expected 1, which cannot change"),
        ({"currency": "EUR"}, "Currency(15) is EUR, expected USD, which cannot change"),
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
def test_terms_that_cannot_be(office: Office, terms: dict[str, str], text: str) -> None:
    assert office.refused("define", symbol="AAPL", **terms).startswith(text)


@pytest.mark.parametrize("name", NEW)
def test_what_a_new_instrument_needs(office: Office, name: str) -> None:
    terms = {key: value for key, value in NEW.items() if key != name}
    assert " is missing, expected " in office.refused("define", symbol="NEW", **terms)


@pytest.mark.parametrize("symbol", ["", "A B", "S" * 33])
def test_symbols_that_cannot_be(office: Office, symbol: str) -> None:
    assert office.refused("define", symbol=symbol, **NEW).startswith("Symbol(55) is ")


def test_a_long_value_is_not_repeated_at_length(office: Office) -> None:
    assert len(office.refused("define", symbol="AAPL", tick="9" * 999)) < 200


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
    venue = Venue()
    venue.handle(c.DefineInstrument(SPEC))
    desk = OperatorDesk(venue, {}, PhaseSchedule(()))
    request = OperatorRequest(OPERATOR, "R", "define", {"symbol": symbol} | base | terms)
    record, decision = desk.decide(request)
    if decision is not None:
        [command] = decision.commands
        venue.handle(command)
        venue.check()
    assert len(record.text) < 300


@pytest.mark.parametrize("action", ["delist", "halt", "resume"])
def test_only_what_is_listed(office: Office, action: str) -> None:
    expected = "expected a listed instrument"
    assert office.refused(action, symbol="NOPE") == f"Symbol(55) is NOPE, {expected}"
    assert office.refused(action) == f"Symbol(55) is missing, {expected}"
    office.does("delist", symbol="AAPL")
    assert office.refused(action, symbol="AAPL") == f"Symbol(55) is AAPL, {expected}"


def test_delist_and_list_again(office: Office) -> None:
    decision = office.decide("delist", symbol="AAPL")
    assert decision.commands == (c.DelistInstrument("AAPL"),)
    assert office.does("delist", symbol="AAPL") == "AAPL is delisted"
    refused = office.refused("define", symbol="AAPL", tick="0.02", reference_price="2")
    assert "cannot change" in refused
    assert defined(office) == (c.DefineInstrument(SPEC), "AAPL is listed")


def test_halt_and_resume(office: Office) -> None:
    about = {"symbol": "AAPL"}
    assert office.refused("resume", **about) == "Symbol(55) is AAPL, expected one that is halted"
    assert office.decide("halt", **about).commands == (c.HaltInstrument("AAPL"),)
    assert office.does("halt", **about) == "AAPL is halted"
    assert office.refused("halt", **about) == "Symbol(55) is AAPL, expected one that is not halted"
    decision = office.decide("resume", **about)
    assert (decision.commands, decision.text) == (
        (c.ResumeInstrument("AAPL", 0),),
        "AAPL is resumed",
    )
    decision = office.decide("resume", **about, auction_seconds="86400")
    assert decision.commands == (c.ResumeInstrument("AAPL", 86400),)
    assert decision.text == "AAPL is resumed with an auction of 86400 seconds"
    office.venue.handle(c.EnterPhase("MAIN", TradingPhase.CLOSED))
    decision = office.decide("resume", **about, auction_seconds="60")
    assert decision.text == "AAPL is resumed in phase closed"


@pytest.mark.parametrize("seconds", ["86401", "-1", "1.5", "x", "9" * 900])
def test_seconds_that_cannot_be(office: Office, seconds: str) -> None:
    office.does("halt", symbol="AAPL")
    text = office.refused("resume", symbol="AAPL", auction_seconds=seconds)
    assert text == f"AuctionSeconds(9204) is {seconds[:64]}, expected 0 to 86400 seconds"


def test_a_whole_market(office: Office) -> None:
    """Every instrument that is listed in it now, and no other; those that are halted stay so."""
    for symbol, where in (("B", "MAIN"), ("C", "XSWX"), ("D", "MAIN"), ("GONE", "MAIN")):
        office.venue.handle(c.DefineInstrument(aapl(symbol=symbol, market=where)))
    office.does("delist", symbol="GONE")
    office.does("halt", symbol="D")
    assert office.does("halt", market="MAIN") == "MAIN is halted, 2 instruments"
    halted = [
        each for each in office.venue.markets if office.venue.phase(each) is TradingPhase.HALT
    ]
    assert halted == ["AAPL", "B", "D"]
    expected = "InstrumentMarket(9206) is MAIN, expected one with an instrument that is not halted"
    assert office.refused("halt", market="MAIN") == expected
    told = "MAIN is resumed with an auction of 5 seconds, 3 instruments"
    assert office.does("resume", market="MAIN", auction_seconds="5") == told
    assert office.venue.phase("D") is TradingPhase.VOLATILITY_AUCTION
    expected = "InstrumentMarket(9206) is MAIN, expected one with an instrument that is halted"
    assert office.refused("resume", market="MAIN") == expected
    assert office.does("halt", market="XSWX") == "XSWX is halted, 1 instrument"
    office.does("phase", market="XSWX", phase="closed")
    told = "XSWX is resumed in phase closed, 1 instrument"
    assert office.does("resume", market="XSWX") == told


@pytest.mark.parametrize("action", ["halt", "resume", "phase"])
def test_only_a_market_that_is(office: Office, action: str) -> None:
    expected = "InstrumentMarket(9206) is NOPE, expected one of MAIN, XSWX"
    assert office.refused(action, market="NOPE") == expected
    if action != "phase":
        text = office.refused(action, symbol="AAPL", market="MAIN")
        assert text == "InstrumentMarket(9206) is MAIN, expected absent with Symbol(55)"


SCHEDULED = ((TradingPhase.CONTINUOUS, "00:00:00"), (TradingPhase.CLOSED, "12:00:00"))
"""Continuous at the time at which the office is."""


def test_a_phase_by_hand() -> None:
    office = Office(market(SCHEDULED, name="XSWX"))
    decision = office.decide("phase", market="XSWX", phase="pre_open")
    command = c.EnterPhase("XSWX", TradingPhase.PRE_OPEN, by_hand=True)
    assert (decision.commands, decision.text) == ((command,), "XSWX is in phase pre open")
    expected = "InstrumentMarket(9206) is XSWX, expected one whose phase was changed by hand"
    assert office.refused("phase", market="XSWX", phase="schedule") == expected
    office.does("phase", market="XSWX", phase="pre_open")
    expected = "OperatorPhase(9211) is pre_open, expected one that XSWX is not in"
    assert office.refused("phase", market="XSWX", phase="pre_open") == expected
    office.does("phase", market="XSWX", phase="continuous")
    assert office.venue.phases.by_hand == {"XSWX": 1}
    told = "XSWX follows its schedule again, in phase continuous"
    assert office.does("phase", market="XSWX", phase="schedule") == told
    assert office.venue.phases.by_hand == {}


def test_a_phase_by_hand_of_a_market_without_a_schedule() -> None:
    """Continuous, it is as it was before, and its Day orders end with the venue's day."""
    for back in ("continuous", "schedule"):
        office = Office()
        assert office.does("phase", market="MAIN", phase="closed") == "MAIN is in phase closed"
        assert office.venue.markets["AAPL"].is_scheduled
        office.does("phase", market="MAIN", phase=back)
        assert not office.venue.markets["AAPL"].is_scheduled
        assert office.venue.phases.by_hand == {}
        assert office.venue.phase("AAPL") is TradingPhase.CONTINUOUS


@pytest.mark.parametrize("phase", ["", "halt", "volatility_auction", "open", "CLOSED"])
def test_phases_that_cannot_be(office: Office, phase: str) -> None:
    found = f"is {phase}" if phase else "is missing"
    expected = (
        "closed, pre_open, opening_auction, continuous, closing_auction, post_close, schedule"
    )
    given = {"phase": phase} if phase else {}
    text = office.refused("phase", market="MAIN", **given)
    assert text == f"OperatorPhase(9211) {found}, expected one of {expected}"
