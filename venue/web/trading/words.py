"""FIX codes of orders and the web's words for them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar, cast

from venue.client.codes import LIMIT_IF_TOUCHED, ORD_TYPES, TIMES_IN_FORCE
from venue.web.shapes import Liquidity, OrderStatus, OrderType, Side, TimeInForce

W = TypeVar("W")

SIDES: Mapping[Side, str] = {"buy": "1", "sell": "2"}
ORDER_TYPES: Mapping[OrderType, str] = {
    "market": ORD_TYPES["market"],
    "limit": ORD_TYPES["limit"],
    "stop_market": ORD_TYPES["stop"],
    "stop_limit": ORD_TYPES["stop_limit"],
    "take_profit": ORD_TYPES["market_if_touched"],
    "take_profit_limit": LIMIT_IF_TOUCHED,
    "market_to_limit": ORD_TYPES["market_to_limit"],
}
TIME_IN_FORCE: Mapping[TimeInForce, str] = {
    "day": TIMES_IN_FORCE["day"],
    "gtc": TIMES_IN_FORCE["gtc"],
    "gtd": TIMES_IN_FORCE["gtd"],
    "ioc": TIMES_IN_FORCE["ioc"],
    "fok": TIMES_IN_FORCE["fok"],
    "at_open": TIMES_IN_FORCE["at_the_opening"],
    "at_close": TIMES_IN_FORCE["at_the_close"],
}
_SIDE_WORDS = {code: word for word, code in SIDES.items()}
_ORDER_TYPE_WORDS = {code: word for word, code in ORDER_TYPES.items()}
_TIME_IN_FORCE_WORDS = {code: word for word, code in TIME_IN_FORCE.items()}
_STATUS_WORDS: Mapping[str, OrderStatus] = {
    "0": "new",
    "1": "partially_filled",
    "2": "filled",
    "3": "done_for_day",
    "4": "canceled",
    "5": "new",
    "6": "pending_cancel",
    "8": "rejected",
    "9": "suspended",
    "A": "pending_new",
    "C": "expired",
    "E": "pending_replace",
}
_LIQUIDITY_WORDS: Mapping[str, Liquidity] = {"1": "maker", "2": "taker", "4": "auction"}


def side_word(code: str) -> Side:
    """Return the word of Side(54)."""
    return _SIDE_WORDS.get(code, "buy")


def order_type_word(ord_type: str | None, trigger_price: Decimal | None) -> OrderType:
    """Return the word of OrdType(40); a limit order with a trigger is a take_profit_limit."""
    if ord_type == ORD_TYPES["limit"] and trigger_price is not None:
        return "take_profit_limit"
    return _ORDER_TYPE_WORDS.get(ord_type or "", "limit")


def time_in_force_word(code: str | None) -> TimeInForce:
    return _TIME_IN_FORCE_WORDS.get(code or "0", "day")


def status_word(code: str) -> OrderStatus:
    return _STATUS_WORDS.get(code, "unknown")


def liquidity_word(code: str | None) -> Liquidity | None:
    return _LIQUIDITY_WORDS.get(code or "")


def code_of(word: str, codes: Mapping[Any, str]) -> str | None:
    """Return the code of a word that may be none of them."""
    return cast("Mapping[str, str]", codes).get(word)


def text_of(number: Decimal | None) -> str | None:
    """Write a number as it came, without an exponent."""
    return None if number is None else f"{number:f}"


def time_of(text: str | None) -> str | None:
    """Turn a UTCTimestamp, or a date, of FIX into ISO 8601."""
    if not text or len(text) < len("YYYYMMDD"):
        return None
    day = f"{text[:4]}-{text[4:6]}-{text[6:8]}"
    return day if len(text) == len("YYYYMMDD") else f"{day}T{text[9:]}Z"
