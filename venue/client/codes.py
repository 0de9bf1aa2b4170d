"""FIX codes and the words people use for them."""

from collections.abc import Mapping
from enum import StrEnum


class ExecType(StrEnum):
    """ExecType(150) of an ExecutionReport, as FIX 5.0SP2 has it."""

    NEW = "0"
    DONE_FOR_DAY = "3"
    CANCELED = "4"
    REPLACED = "5"
    REJECTED = "8"
    EXPIRED = "C"
    RESTATED = "D"
    TRADE = "F"
    TRADE_CORRECT = "G"
    TRADE_CANCEL = "H"
    ORDER_STATUS = "I"
    TRIGGERED = "L"


LIMIT_IF_TOUCHED = "LIT"
"""OrdType(40) has no code for it: on the wire it is a limit order with a TriggerPrice(1102)."""
SIDES = {"buy": "1", "sell": "2"}
ORD_TYPES = {
    "market": "1",
    "limit": "2",
    "stop": "3",
    "stop_limit": "4",
    "market_if_touched": "J",
    "limit_if_touched": LIMIT_IF_TOUCHED,
    "market_to_limit": "K",
}
TIMES_IN_FORCE = {
    "day": "0",
    "gtc": "1",
    "at_the_opening": "2",
    "ioc": "3",
    "fok": "4",
    "gtd": "6",
    "at_the_close": "7",
}
GTD, AT_THE_CLOSE = "6", "7"
SELF_MATCH_PREVENTION_INSTRUCTIONS = {
    "cancel_aggressor": "1",
    "cancel_resting": "2",
    "cancel_both": "3",
    "decrement": "4",
}
MD_ENTRY_TYPES = {
    "bid": "0",
    "offer": "1",
    "trade": "2",
    "opening_price": "4",
    "closing_price": "5",
    "high_price": "7",
    "low_price": "8",
    "vwap": "9",
    "imbalance": "A",
    "trade_volume": "B",
    "auction_clearing_price": "Q",
}

TOUCHED_ORD_TYPES = frozenset({"J", LIMIT_IF_TOUCHED})
TRIGGERED_ORD_TYPES = frozenset({"3", "4"}) | TOUCHED_ORD_TYPES
ENDED_ORD_STATUSES = frozenset("2348C")

SIDE_WORDS = {code: word for word, code in SIDES.items()}
TIME_IN_FORCE_WORDS = {code: word.replace("_", " ") for word, code in TIMES_IN_FORCE.items()}
ORD_STATUS_WORDS = {
    "0": "working",
    "1": "part filled",
    "2": "filled",
    "3": "done for day",
    "4": "canceled",
    "5": "replaced",
    "6": "pending cancel",
    "8": "refused",
    "9": "suspended",
    "A": "pending new",
    "C": "expired",
    "E": "pending replace",
}
ORD_REJ_REASON_WORDS = {
    "1": "unknown symbol",
    "2": "exchange closed",
    "3": "order exceeds limit",
    "4": "too late to enter",
    "5": "unknown order",
    "6": "duplicate order",
    "11": "unsupported order characteristic",
    "13": "incorrect quantity",
    "15": "unknown account",
    "16": "price exceeds the price band",
    "18": "invalid price increment",
}
CXL_REJ_REASON_WORDS = {
    "0": "too late to cancel",
    "1": "unknown order",
    "3": "already pending",
    "6": "duplicate ClOrdID",
}
MASS_CANCEL_REJECT_REASON_WORDS = {
    "0": "mass cancel not supported",
    "1": "unknown symbol",
}
MD_REQ_REJ_REASON_WORDS = {
    "0": "unknown symbol",
    "1": "duplicate MDReqID",
    "2": "too many subscriptions",
    "3": "no permission",
    "4": "unsupported SubscriptionRequestType",
    "5": "unsupported MarketDepth",
    "6": "unsupported MDUpdateType",
    "7": "unsupported AggregatedBook",
    "8": "unsupported MDEntryType",
}


def code_of(name: str, word: str, codes: Mapping[str, str]) -> str:
    """Return the FIX code of a word; a code passes unchanged."""
    if word in codes:
        return codes[word]
    if word in codes.values():
        return word
    raise ValueError(f"{name}: {word!r} is none of {', '.join(codes)}")
