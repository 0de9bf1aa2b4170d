"""Trading phases of instruments and markets to SecurityStatus (f) and TradingSessionStatus (h)."""

from collections.abc import Mapping
from types import MappingProxyType

from venue.core.instrument import InstrumentSpec
from venue.core.types import TradingPhase
from venue.fix.message import format_message
from venue.fix.phases import (
    SECURITY_TRADING_STATUS,
    TRAD_SES_STATUS,
    TRADING_SESSION_SUB_ID,
    SecurityTradingStatus,
    TradSesStatus,
)
from venue.fix.versions import Version

UNKNOWN_TRADING_SESSION = "1"
"""TradSesStatusRejReason(567): UnknownOrInvalidTradingSessionID."""
DAY = "1"
"""TradingSessionID(336) where the market is named in MarketID(1301)."""


def encode_security_status(
    spec: InstrumentSpec,
    phase: TradingPhase,
    version: Version,
    req_id: str,
    time: str,
    news: bool,
    statistics: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """SecurityStatus (f) of a listed instrument; `news` tells of a change nobody asked about.

    `statistics` of the day stand behind the phase as `name=value` words.
    """
    status = SECURITY_TRADING_STATUS[phase]
    words = (f"{name}={value}" for name, value in statistics.items())
    return format_message(
        version.begin_string,
        "f",
        ("324", req_id),
        ("55", spec.symbol),
        ("1301" if version.market_id else "336", spec.market),
        ("625", TRADING_SESSION_SUB_ID[phase] if version.trading_session_sub_id else None),
        ("325", "Y" if news else "N"),
        ("326", version.security_trading_statuses.get(status, status)),
        ("60", time),
        ("58", " ".join([phase.text, *words]) if version.security_status_text else None),
    )


def encode_no_security(
    symbol: str, is_delisted: bool, version: Version, req_id: str, time: str, news: bool
) -> str:
    """SecurityStatus (f) of a symbol that is not traded, or no more."""
    status = SecurityTradingStatus.UNKNOWN_OR_INVALID
    text = "not traded here"
    if is_delisted:
        status, text = SecurityTradingStatus.NOT_TRADED_ON_THIS_MARKET, "delisted"
    return format_message(
        version.begin_string,
        "f",
        ("324", req_id),
        ("55", symbol),
        ("325", "Y" if news else "N"),
        ("326", status),
        ("60", time),
        ("58", f"Symbol(55) {symbol} is {text}" if version.security_status_text else None),
    )


def encode_trading_session_status(
    market: str, phase: TradingPhase, version: Version, req_id: str, time: str, news: bool
) -> str:
    """TradingSessionStatus (h) of a market."""
    return format_message(
        version.begin_string,
        "h",
        ("335", req_id),
        *_market(market, version),
        ("625", TRADING_SESSION_SUB_ID[phase] if version.trading_session_sub_id else None),
        ("325", "Y" if news else "N"),
        ("340", TRAD_SES_STATUS[phase]),
        ("60", time if version.market_id else None),
        ("58", phase.text),
    )


def encode_unknown_market(market: str, version: Version, req_id: str, time: str) -> str:
    """TradingSessionStatus (h) that refuses; only where `version.trad_ses_status_rej_reason`."""
    return format_message(
        version.begin_string,
        "h",
        ("335", req_id),
        *_market(market, version),
        ("325", "N"),
        ("340", TradSesStatus.REQUEST_REJECTED),
        ("567", UNKNOWN_TRADING_SESSION),
        ("60", time if version.market_id else None),
        ("58", unknown_market_text(market)),
    )


def unknown_market_text(market: str) -> str:
    return f"{market} is no market of this venue"


def _market(market: str, version: Version) -> list[tuple[str, object]]:
    if version.market_id:
        return [("336", DAY), ("1301", market)]
    return [("336", market)]
