"""The vocabulary of an order, in FIX's own words and codes.

Every enumeration's value is the code of FIX 5.0SP2, the richest set; `venue.fix.versions` says
what an older version calls it. Compare members with `is`.
"""

from enum import StrEnum


class Side(StrEnum):
    """Side(54)."""

    BUY = "1"
    SELL = "2"


class OrdType(StrEnum):
    """OrdType(40)."""

    MARKET = "1"
    LIMIT = "2"


class TimeInForce(StrEnum):
    """TimeInForce(59)."""

    DAY = "0"
    GTC = "1"
    IOC = "3"
    FOK = "4"


class OrdStatus(StrEnum):
    """OrdStatus(39)."""

    NEW = "0"
    PARTIALLY_FILLED = "1"
    FILLED = "2"
    CANCELED = "4"
    REJECTED = "8"


LIVE = frozenset({OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED})


class Liquidity(StrEnum):
    """LastLiquidityInd(851)."""

    ADDED = "1"
    REMOVED = "2"


class OrdRejReason(StrEnum):
    """OrdRejReason(103)."""

    UNKNOWN_SYMBOL = "1"
    DUPLICATE_ORDER = "6"
    UNSUPPORTED_ORDER_CHARACTERISTIC = "11"
    INCORRECT_QUANTITY = "13"
    PRICE_EXCEEDS_BAND = "16"
    INVALID_PRICE_INCREMENT = "18"
    OTHER = "99"


class CxlRejReason(StrEnum):
    """CxlRejReason(102)."""

    TOO_LATE = "0"
    UNKNOWN_ORDER = "1"
    DUPLICATE_CL_ORD_ID = "6"
    PRICE_EXCEEDS_BAND = "8"
    INVALID_PRICE_INCREMENT = "18"
    OTHER = "99"


class CxlRejResponseTo(StrEnum):
    """CxlRejResponseTo(434)."""

    CANCEL = "1"
    REPLACE = "2"
