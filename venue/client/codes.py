"""FIX codes and the words people use for them."""

from collections.abc import Mapping

SIDES = {"buy": "1", "sell": "2"}
ORD_TYPES = {
    "market": "1",
    "limit": "2",
    "stop": "3",
    "stop_limit": "4",
    "market_if_touched": "J",
    "market_with_leftover_as_limit": "K",
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
MD_ENTRY_TYPES = {"bid": "0", "offer": "1", "trade": "2"}

TRADE_EXEC_TYPES = frozenset("F12")  # 1 and 2 are FIX.4.2's partial fill and fill
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
