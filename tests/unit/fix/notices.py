"""Every answer to an inquiry, every news and every operator's report, in every shape."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec.structs import replace

from tests.unit.fix.texts import INSTRUMENTS, TIME
from venue.configuration.instruments import SECURITY_TYPES
from venue.core.instrument import Instrument
from venue.core.types import TradingPhase
from venue.fix.listings import FirmState, LimitState, SessionState
from venue.fix.news import News
from venue.fix.operator import OperatorReport, OperatorRequest
from venue.fix.reference import (
    MOST_INSTRUMENTS,
    Listing,
    SecurityDefinitionReject,
    SecurityListReject,
    SecurityRequestResult,
    SecurityStatus,
    encode_security_definition,
    encode_security_list,
)
from venue.fix.status import (
    encode_no_security,
    encode_security_status,
    encode_trading_session_status,
    encode_unknown_market,
)
from venue.fix.versions import Version

PLAIN = INSTRUMENTS["AAPL"].spec
FULL = replace(
    PLAIN,
    market="XSWX",
    security_type="CS",
    dynamic_collar_percent=Decimal("2.5"),
    static_collar_percent=Decimal(10),
    interruption_seconds=120,
    interruption_random_seconds=30,
)


def listings() -> list[Listing]:
    specs = [PLAIN, FULL, *(replace(PLAIN, security_type=each) for each in SECURITY_TYPES)]
    return [(Instrument(spec), status) for spec in specs for status in SecurityStatus]


def every_notice(version: Version) -> Iterator[str]:
    """Every y, d, f and h."""
    if version.security_lists:
        many = listings() * (1 + 2 * MOST_INSTRUMENTS // len(listings()))
        for some in ([], *([each] for each in listings()), many):
            yield from encode_security_list(some, version, "R", "1")
        for result in SecurityRequestResult:
            yield SecurityListReject("R", "7", result).encode(version)
    for one in (True, False):
        for some in ([], listings()):
            yield from encode_security_definition(some, version, "R", "1", TIME, one)
    yield SecurityDefinitionReject("R", "7", "why").encode(version)
    for news in (True, False):
        for phase in TradingPhase:
            yield encode_security_status(FULL, phase, version, "R", TIME, news)
            yield encode_trading_session_status("XSWX", phase, version, "R", TIME, news)
        for is_delisted in (True, False):
            yield encode_no_security("AAPL", is_delisted, version, "R", TIME, news)
    if version.trad_ses_status_rej_reason:
        yield encode_unknown_market("NOPE", version, "R", TIME)


def every_operator_report(version: Version) -> Iterator[str]:
    for given in ({"symbol": "AAPL"}, {}):
        request = OperatorRequest("OPERATOR", "R", "halt", given)
        for accepted in (True, False):
            yield OperatorReport(request, accepted, "why").encode(version, TIME)
    there = SessionState("A", version.name, "F", "operator", "logged_on", "7", "5", "1.2.3.4:5")
    away = SessionState("B", version.name, "F", "operator,drop_copy", "never", "1", "1", "none")
    firms = FirmState("A%20B", "trading", "()"), FirmState("C", "killed", "X,Y%2C1")
    limits = LimitState("A", "*", "*", "max_order_qty=5"), LimitState("*", "X", "Y", "a=1,b=2%203")
    listed = {"sessions": (there, away), "firms": firms, "limits": limits}
    for action, rows in listed.items():
        request = OperatorRequest("OPERATOR", "R", action, {})
        yield OperatorReport(request, True, "2", rows).encode(version, TIME)


def news(version: Version) -> str:
    """A B."""
    return News("a headline", "a text").encode(version)
