"""What a session can ask of market data, in the codes of MarketDataRequest (V)."""

from enum import StrEnum

from msgspec import Struct

from venue.core.types import Side


class MDEntryType(StrEnum):
    """MDEntryType(269)."""

    BID = "0"
    OFFER = "1"
    TRADE = "2"


ENTRY_TYPE = {Side.BUY: MDEntryType.BID, Side.SELL: MDEntryType.OFFER}


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

    `depth` is None for the whole book, else the number of levels a side. `full_refresh` asks for
    a new snapshot (W) instead of an increment (X) at every change (MDUpdateType(265) 0).
    """

    md_req_id: str
    symbols: tuple[str, ...]
    depth: int | None
    entry_types: frozenset[str]
    updates: bool
    full_refresh: bool


class Unsubscribe(Struct, frozen=True):
    """A MarketDataRequest that ends an earlier one; `ref_seq_num` is its own MsgSeqNum(34)."""

    md_req_id: str
    ref_seq_num: str
