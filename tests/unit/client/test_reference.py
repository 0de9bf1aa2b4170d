"""Instruments, phases and statistics: what is asked, and what is read of the answers."""

from decimal import Decimal

import pytest

from tests.unit.fix.notices import FULL, listings
from venue.client import (
    DayStatistics,
    SecurityList,
    SecurityStatus,
    TradingSessionStatus,
    UnreadableMessage,
)
from venue.client.events import Event
from venue.client.inquiries import (
    END,
    SNAPSHOT,
    UPDATES,
    instruments_fields,
    security_status_fields,
    trading_session_fields,
)
from venue.client.parse import parse_event
from venue.client.versions import VERSIONS
from venue.core.types import TradingPhase
from venue.fix.reference import SecurityListReject, SecurityRequestResult, encode_security_list
from venue.fix.status import encode_security_status, encode_trading_session_status
from venue.fix.versions import VERSIONS as SPOKEN

D = Decimal
OLD, NEW = VERSIONS["FIX.4.4"], VERSIONS["FIX.5.0SP2"]
TIME = "20260101-10:00:00.000"


def test_what_is_asked_of_instruments() -> None:
    assert instruments_fields("R", SNAPSHOT, OLD) == [(320, "R"), (559, "4"), (263, "0")]
    of_one = instruments_fields("R", UPDATES, NEW, "AAPL")
    assert of_one == [(320, "R"), (559, "0"), (55, "AAPL"), (263, "1")]
    assert (336, "XSWX") in instruments_fields("R", SNAPSHOT, OLD, market="XSWX")
    assert (1301, "XSWX") in instruments_fields("R", SNAPSHOT, NEW, market="XSWX")


def test_what_is_asked_of_phases() -> None:
    status = [(324, "R"), (55, "AAPL"), (263, "2")]
    assert security_status_fields("R", END, "AAPL") == status
    assert trading_session_fields("R", SNAPSHOT, OLD) == [(335, "R"), (263, "0")]
    assert (1301, "XSWX") in trading_session_fields("R", UPDATES, NEW, "XSWX")


@pytest.mark.parametrize("version", ["FIX.4.4", "FIX.5.0SP2"])
def test_instruments_are_read_as_the_venue_writes_them(version: str) -> None:
    told = listings()
    [text] = encode_security_list(told, SPOKEN[version], "R", "1")
    heard = parse_event(text)
    assert isinstance(heard, SecurityList)
    assert (heard.security_req_id, heard.total, heard.is_last) == ("R", len(told), True)
    assert not heard.is_refused
    for (instrument, status), listing in zip(told, heard.listings, strict=True):
        spec = instrument.spec
        assert (listing.symbol, listing.market) == (spec.symbol, spec.market)
        assert listing.currency == spec.currency
        assert (listing.security_type or "") == spec.security_type
        assert listing.is_listed is (status == "1")
        assert (listing.tick, listing.lot) == (spec.tick, spec.lot)
        assert (listing.min_qty, listing.max_qty) == (spec.min_qty, spec.max_qty)
        assert listing.reference_price == spec.reference_price
        assert listing.collar_percent == spec.collar_percent
    full = next(each for each in heard.listings if "static_collar_percent" in each.words)
    assert full.words["static_collar_percent"] == "10"
    assert full.text is not None and "static_collar_percent=10" in full.text


def test_a_list_of_nothing() -> None:
    version = SPOKEN["FIX.4.4"]
    [text] = encode_security_list([], version, "R", "1")
    nothing = parse_event(text)
    assert isinstance(nothing, SecurityList)
    assert (nothing.listings, nothing.is_refused) == ((), False)
    refused = parse_event(
        SecurityListReject("R", "7", SecurityRequestResult.NOT_AUTHORIZED).encode(version)
    )
    assert isinstance(refused, SecurityList) and refused.is_refused


@pytest.mark.parametrize("version", SPOKEN)
@pytest.mark.parametrize("phase", TradingPhase)
def test_phases_are_read_as_the_venue_writes_them(version: str, phase: TradingPhase) -> None:
    text = encode_security_status(FULL, phase, SPOKEN[version], "R", TIME, news=True)
    status = parse_event(text)
    assert isinstance(status, SecurityStatus)
    assert (status.symbol, status.market, status.unsolicited) == (FULL.symbol, "XSWX", True)
    assert status.is_listed and status.is_halted is (phase is TradingPhase.HALT)
    assert status.statistics is None
    text = encode_trading_session_status("XSWX", phase, SPOKEN[version], "R", TIME, news=False)
    session = parse_event(text)
    assert isinstance(session, TradingSessionStatus)
    assert (session.market, session.is_refused, session.text) == ("XSWX", False, phase.text)
    if version != "FIX.4.2":  # which has one code for several
        assert status.phase == phase
        assert phase is TradingPhase.HALT or session.phase == phase


def heard(body: str) -> Event:
    return parse_event(f"8=FIX.4.4|9=1|{body}|10=000|".replace("|", "\x01"))


def test_who_is_not_listed() -> None:
    for code, word in (("19", "delisted"), ("20", "unknown")):
        status = heard(f"35=f|324=R|55=AAPL|325=N|326={code}|60={TIME}|58=Symbol(55) AAPL is gone")
        assert isinstance(status, SecurityStatus)
        assert (status.phase, status.is_listed) == (word, False)
        assert status.text == "Symbol(55) AAPL is gone"


def test_a_market_that_there_is_not() -> None:
    status = heard("35=h|335=R|336=NOPE|325=N|340=6|567=1|58=NOPE is no market of this venue")
    assert isinstance(status, TradingSessionStatus)
    assert (status.is_refused, status.phase) == (True, "unknown")


def test_statistics() -> None:
    words = "trades=3 volume=12 auction_volume=5 turnover=1200.5 open=100 high=101.5 last=101"
    more = "volatility_300=0.0125 volatility_60=0"
    head = f"35=f|324=R|55=AAPL|325=N|326=24|625=4|60={TIME}|58=closing auction"
    status = heard(f"{head} {words} {more}")
    assert isinstance(status, SecurityStatus)
    assert (status.phase, status.text) == ("closing_auction", "closing auction")
    assert status.statistics == DayStatistics(
        trades=3,
        volume=D(12),
        auction_volume=D(5),
        turnover=D("1200.5"),
        open=D(100),
        high=D("101.5"),
        last=D(101),
        volatility={300: D("0.0125"), 60: D(0)},
    )
    with pytest.raises(UnreadableMessage):
        heard(f"{head} {words.replace('volume=12', 'volume=x')}")
