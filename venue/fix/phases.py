"""Trading phases in FIX: SecurityTradingStatus(326), TradSesStatus(340), TradingSessionSubID(625).

The codes are those of 5.0SP2; `Version.security_trading_statuses` has what an older version says.
"""

from enum import StrEnum

from venue.core.types import TradingPhase


class SecurityTradingStatus(StrEnum):
    """SecurityTradingStatus(326)."""

    TRADING_HALT = "2"
    READY_TO_TRADE = "17"
    NOT_AVAILABLE_FOR_TRADING = "18"
    NOT_TRADED_ON_THIS_MARKET = "19"
    """Delisted."""
    UNKNOWN_OR_INVALID = "20"
    PRE_OPEN = "21"
    OPENING_ROTATION = "22"
    PRE_CROSS = "24"
    POST_CLOSE = "26"


class TradSesStatus(StrEnum):
    """TradSesStatus(340)."""

    HALTED = "1"
    OPEN = "2"
    CLOSED = "3"
    PRE_OPEN = "4"
    PRE_CLOSE = "5"
    REQUEST_REJECTED = "6"


SECURITY_TRADING_STATUS = {
    TradingPhase.CLOSED: SecurityTradingStatus.NOT_AVAILABLE_FOR_TRADING,
    TradingPhase.PRE_OPEN: SecurityTradingStatus.PRE_OPEN,
    TradingPhase.OPENING_AUCTION: SecurityTradingStatus.OPENING_ROTATION,
    TradingPhase.CONTINUOUS: SecurityTradingStatus.READY_TO_TRADE,
    TradingPhase.CLOSING_AUCTION: SecurityTradingStatus.PRE_CROSS,
    TradingPhase.POST_CLOSE: SecurityTradingStatus.POST_CLOSE,
    TradingPhase.HALT: SecurityTradingStatus.TRADING_HALT,
    TradingPhase.VOLATILITY_AUCTION: SecurityTradingStatus.PRE_CROSS,
}
TRAD_SES_STATUS = {
    TradingPhase.CLOSED: TradSesStatus.CLOSED,
    TradingPhase.PRE_OPEN: TradSesStatus.PRE_OPEN,
    TradingPhase.OPENING_AUCTION: TradSesStatus.PRE_OPEN,
    TradingPhase.CONTINUOUS: TradSesStatus.OPEN,
    TradingPhase.CLOSING_AUCTION: TradSesStatus.PRE_CLOSE,
    TradingPhase.POST_CLOSE: TradSesStatus.CLOSED,
    TradingPhase.HALT: TradSesStatus.HALTED,
    TradingPhase.VOLATILITY_AUCTION: TradSesStatus.HALTED,
}
TRADING_SESSION_SUB_ID = {
    TradingPhase.CLOSED: "7",
    TradingPhase.PRE_OPEN: "1",
    TradingPhase.OPENING_AUCTION: "2",
    TradingPhase.CONTINUOUS: "3",
    TradingPhase.CLOSING_AUCTION: "4",
    TradingPhase.POST_CLOSE: "5",
    TradingPhase.HALT: "7",
    TradingPhase.VOLATILITY_AUCTION: "9",
}
"""Quiescent is 7, an unscheduled intraday auction 9; of a version without the field, nothing."""
