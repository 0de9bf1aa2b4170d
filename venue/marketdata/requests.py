"""What a session can ask of market data, in the codes of MarketDataRequest (V)."""

from enum import StrEnum

from msgspec import Struct

from venue.core.types import Code, Side


class MDEntryType(Code):
    """MDEntryType(269)."""

    BID = "0"
    OFFER = "1"
    TRADE = "2"
    OPENING_PRICE = "4"
    CLOSING_PRICE = "5"
    HIGH_PRICE = "7"
    LOW_PRICE = "8"
    VWAP = "9"
    IMBALANCE = "A"
    TRADE_VOLUME = "B"
    AUCTION_CLEARING_PRICE = "Q"


ENTRY_TYPE = {Side.BUY: MDEntryType.BID, Side.SELL: MDEntryType.OFFER}
BOOK = frozenset(ENTRY_TYPE.values())
STATISTICS = frozenset(
    {
        MDEntryType.OPENING_PRICE,
        MDEntryType.CLOSING_PRICE,
        MDEntryType.HIGH_PRICE,
        MDEntryType.LOW_PRICE,
        MDEntryType.VWAP,
        MDEntryType.TRADE_VOLUME,
    }
)
AUCTION = frozenset({MDEntryType.AUCTION_CLEARING_PRICE, MDEntryType.IMBALANCE})


class MDReqRejReason(StrEnum):
    """MDReqRejReason(281)."""

    UNKNOWN_SYMBOL = "0"
    DUPLICATE_MD_REQ_ID = "1"
    INSUFFICIENT_BANDWIDTH = "2"
    INSUFFICIENT_PERMISSIONS = "3"
    UNSUPPORTED_SUBSCRIPTION_REQUEST_TYPE = "4"
    UNSUPPORTED_MARKET_DEPTH = "5"
    UNSUPPORTED_MD_UPDATE_TYPE = "6"
    UNSUPPORTED_AGGREGATED_BOOK = "7"
    UNSUPPORTED_MD_ENTRY_TYPE = "8"


class Subscribe(Struct, frozen=True):
    """A MarketDataRequest for a snapshot, and for what comes after it where `updates`.

    `depth` is None for the whole book, else the number of price levels a side. `full_refresh` asks
    for a new snapshot (W) instead of an increment (X) at every change (MDUpdateType(265) 0);
    `aggregated` for an entry a price instead of one an order. No more than one message a symbol
    comes in `interval` nanoseconds, 0 for one a batch. `numbered` asks for the sequence numbers of
    entries where the groups of the FIX version have none.
    """

    md_req_id: str
    symbols: tuple[str, ...]
    depth: int | None
    entry_types: frozenset[str]
    updates: bool
    full_refresh: bool
    aggregated: bool = True
    interval: int = 0
    numbered: bool = False


class Unsubscribe(Struct, frozen=True):
    """A MarketDataRequest that ends an earlier one; `ref_seq_num` is its own MsgSeqNum(34)."""

    md_req_id: str
    ref_seq_num: str
