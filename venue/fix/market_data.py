"""MarketDataRequest (V) to a subscription, and market data to W and X."""

from venue.core.instrument import Instrument
from venue.fix.encoding import Instruments
from venue.fix.message import SOH, parse_fields, parse_pairs
from venue.fix.order_fault import MAX_ID
from venue.fix.refusal import MarketDataReject
from venue.fix.versions import Version
from venue.marketdata.feed import Publication
from venue.marketdata.requests import (
    ENTRY_TYPE,
    MDEntryType,
    MDReqRejReason,
    Subscribe,
    Unsubscribe,
)
from venue.marketdata.view import MDUpdateAction

ENTRY_TYPES = frozenset(entry_type.value for entry_type in MDEntryType)
MAX_DEPTH = 1_000_000


def parse_market_data_request(
    text: str, permitted: bool, instruments: Instruments
) -> Subscribe | Unsubscribe | MarketDataReject:
    """Refuse the whole request for its first fault: nothing is ever half subscribed."""
    fields = parse_fields(text)
    md_req_id = fields.get("262", "")

    def reject(reason: MDReqRejReason, why: str) -> MarketDataReject:
        return MarketDataReject(md_req_id[:MAX_ID], reason, why)

    if not md_req_id or len(md_req_id) > MAX_ID:
        why = f"MDReqID(262) has {len(md_req_id)} characters, 1 to {MAX_ID} are allowed"
        return reject(MDReqRejReason.DUPLICATE_MD_REQ_ID, why)
    if not permitted:
        why = "this session does not have the role market_data"
        return reject(MDReqRejReason.INSUFFICIENT_PERMISSIONS, why)
    request_type = fields.get("263", "")
    if request_type not in ("0", "1", "2"):
        why = f"SubscriptionRequestType(263) {request_type[:MAX_ID]} is not one of 0, 1, 2"
        return reject(MDReqRejReason.UNSUPPORTED_SUBSCRIPTION_REQUEST_TYPE, why)
    if request_type == "2":
        return Unsubscribe(md_req_id, fields.get("34", "0"))
    depth_text = fields.get("264", "")
    if not depth_text.isdecimal() or len(depth_text) > 7 or int(depth_text) > MAX_DEPTH:
        why = f"MarketDepth(264) {depth_text[:MAX_ID]} is not a number from 0 to {MAX_DEPTH}"
        return reject(MDReqRejReason.UNSUPPORTED_MARKET_DEPTH, why)
    update_type = fields.get("265", "" if request_type == "1" else "0")
    if update_type not in ("0", "1"):
        why = f"MDUpdateType(265) {update_type[:MAX_ID]} is not one of 0, 1"
        return reject(MDReqRejReason.UNSUPPORTED_MD_UPDATE_TYPE, why)
    if fields.get("266", "Y") != "Y":
        why = f"AggregatedBook(266) {fields['266'][:MAX_ID]} is not Y: one entry a price"
        return reject(MDReqRejReason.UNSUPPORTED_AGGREGATED_BOOK, why)
    pairs = parse_pairs(text)
    entry_types = frozenset(value for tag, value in pairs if tag == "269")
    unsupported = sorted(entry_types - ENTRY_TYPES)
    if unsupported or not entry_types:
        why = f"MDEntryType(269) {', '.join(unsupported)[:MAX_ID]} is not one of 0, 1, 2"
        return reject(MDReqRejReason.UNSUPPORTED_MD_ENTRY_TYPE, why)
    symbols = tuple(dict.fromkeys(value for tag, value in pairs if tag == "55"))
    unknown = [symbol for symbol in symbols if symbol not in instruments]
    if unknown or not symbols:
        why = f"Symbol(55) {', '.join(unknown)[:MAX_ID]} is not traded here"
        return reject(MDReqRejReason.UNKNOWN_SYMBOL, why)
    updates = request_type == "1"
    depth = int(depth_text) or None
    return Subscribe(md_req_id, symbols, depth, entry_types, updates, update_type == "0")


def encode_publication(
    publication: Publication,
    instrument: Instrument,
    time: str,
    version: Version,
    md_req_id: str,
) -> str:
    """MarketDataSnapshotFullRefresh (W) or MarketDataIncrementalRefresh (X).

    `time` is the UTCTimestamp of the batch, and so of its trades. Every entry of an X names its
    symbol; a deleted level is named by its price.
    """
    price, qty = instrument.price.text, instrument.qty.text
    snapshot = publication.snapshot
    symbol = f"55={publication.symbol}{SOH}"
    entries = []
    for trade_px, trade_qty, trade_id in publication.trades:
        entry = f"269=2{SOH}270={price(trade_px)}{SOH}271={qty(trade_qty)}{SOH}"
        if not snapshot:
            told = f"278=T{trade_id}{SOH}273={time.partition('-')[2]}{SOH}"
            entry = f"279={MDUpdateAction.NEW}{SOH}{entry}{symbol}{told}"
        entries.append(entry)
    for level in publication.levels:
        entry = f"269={ENTRY_TYPE[level.side]}{SOH}"
        if not snapshot:
            entry = f"279={level.action}{SOH}{entry}{symbol}"
        entry += f"270={price(level.price)}{SOH}"
        if level.action is not MDUpdateAction.DELETE:
            entry += f"271={qty(level.qty)}{SOH}"
        entries.append(entry)
    msg_type, root = ("W", symbol) if snapshot else ("X", "")
    if snapshot and version.last_update_time:
        root += f"779={time}{SOH}"
    return (
        f"8={version.begin_string}{SOH}9=0{SOH}35={msg_type}{SOH}262={md_req_id}{SOH}{root}"
        f"268={len(entries)}{SOH}{''.join(entries)}10=0{SOH}"
    )
