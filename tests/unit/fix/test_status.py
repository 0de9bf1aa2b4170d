"""Phases as each version says them. The expected codes are written out, not computed."""

import pytest

from tests.unit.fix.notices import FULL
from tests.unit.fix.texts import TIME
from venue.core.types import TradingPhase
from venue.fix.message import parse_pairs
from venue.fix.status import (
    encode_no_security,
    encode_security_status,
    encode_trading_session_status,
    encode_unknown_market,
)
from venue.fix.versions import FIX42, FIX44, FIX50SP2

CODES = {
    "closed": ("18", "18", "18", "3", "7"),
    "pre_open": ("5", "21", "21", "4", "1"),
    "opening_auction": ("5", "22", "22", "4", "2"),
    "continuous": ("17", "17", "17", "2", "3"),
    "closing_auction": ("5", "5", "24", "5", "4"),
    "post_close": ("18", "18", "26", "3", "5"),
    "halt": ("2", "2", "2", "1", "7"),
    "volatility_auction": ("5", "5", "24", "1", "9"),
}
"""326 in 4.2, 4.4 and 5.0, 340, 625."""


def body(text: str) -> str:
    return "|".join(f"{tag}={value}" for tag, value in parse_pairs(text)[3:-1])


def test_there_is_a_code_for_each_phase() -> None:
    assert CODES.keys() == {phase.value for phase in TradingPhase}


@pytest.mark.parametrize("phase", TradingPhase)
def test_the_status_of_an_instrument(phase: TradingPhase) -> None:
    of_42, of_44, of_50, _, sub_id = CODES[phase]
    said = {
        version.name: body(encode_security_status(FULL, phase, version, "R", TIME, False))
        for version in (FIX42, FIX44, FIX50SP2)
    }
    end = f"60={TIME}"
    assert said["FIX.4.2"] == f"324=R|55=AAPL|336=XSWX|325=N|326={of_42}|{end}"
    end += f"|58={phase.text}"
    assert said["FIX.4.4"] == f"324=R|55=AAPL|336=XSWX|625={sub_id}|325=N|326={of_44}|{end}"
    assert said["FIX.5.0SP2"] == f"324=R|55=AAPL|1301=XSWX|625={sub_id}|325=N|326={of_50}|{end}"


@pytest.mark.parametrize("phase", TradingPhase)
def test_the_status_of_a_market(phase: TradingPhase) -> None:
    _, _, _, code, sub_id = CODES[phase]
    said = {
        version.name: body(encode_trading_session_status("XSWX", phase, version, "R", TIME, True))
        for version in (FIX42, FIX44, FIX50SP2)
    }
    text = f"58={phase.text}"
    assert said["FIX.4.2"] == f"335=R|336=XSWX|325=Y|340={code}|{text}"
    assert said["FIX.4.4"] == f"335=R|336=XSWX|625={sub_id}|325=Y|340={code}|{text}"
    assert said["FIX.5.0SP2"] == (
        f"335=R|336=1|1301=XSWX|625={sub_id}|325=Y|340={code}|60={TIME}|{text}"
    )


def test_a_symbol_that_is_none() -> None:
    said = body(encode_no_security("NOPE", False, FIX44, "R", TIME, False))
    assert said == f"324=R|55=NOPE|325=N|326=20|60={TIME}|58=Symbol(55) NOPE is not traded here"
    said = body(encode_no_security("GONE", True, FIX42, "R", TIME, True))
    assert said == f"324=R|55=GONE|325=Y|326=19|60={TIME}"


def test_a_market_that_is_none() -> None:
    said = body(encode_unknown_market("NOPE", FIX44, "R", TIME))
    assert said == "335=R|336=NOPE|325=N|340=6|567=1|58=NOPE is no market of this venue"
    said = body(encode_unknown_market("NOPE", FIX50SP2, "R", TIME))
    assert said.startswith("335=R|336=1|1301=NOPE|325=N|340=6|567=1|")
