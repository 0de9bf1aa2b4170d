"""MarketDataRequest (V) to a subscription."""

from venue.fix.encoding import Instruments
from venue.fix.message import Fields, parse_fields, parse_pairs
from venue.fix.order_fault import MAX_ID
from venue.fix.party import Party
from venue.fix.refusal import MarketDataReject
from venue.marketdata.requests import BOOK, MDReqRejReason, Subscribe, Unsubscribe

MAX_DEPTH = 1_000_000
MAX_INTERVAL_MS = 60_000
MILLISECOND = 1_000_000
Fault = tuple[MDReqRejReason, str]


def parse_market_data_request(
    text: str, party: Party, instruments: Instruments
) -> Subscribe | Unsubscribe | MarketDataReject:
    """Refuse the whole request for its first fault: nothing is ever half subscribed."""
    fields = parse_fields(text)
    md_req_id = fields.get("262", "")
    request_type = fields.get("263", "")
    fault = _fault_of_request(md_req_id, request_type, party)
    if fault is None and request_type == "2":
        return Unsubscribe(md_req_id, fields.get("34", "0"))
    pairs = parse_pairs(text)
    entry_types = frozenset(value for tag, value in pairs if tag == "269")
    symbols = tuple(dict.fromkeys(value for tag, value in pairs if tag == "55"))
    fault = (
        fault
        or _fault_of_terms(fields, request_type, party)
        or _fault_of_entry_types(entry_types, fields, party)
        or _fault_of_symbols(symbols, instruments)
    )
    if fault is not None:
        return MarketDataReject(md_req_id[:MAX_ID], *fault)
    updates = request_type == "1"
    interval_ms = int(fields.get("9084", party.interval_ms)) if updates else 0
    return Subscribe(
        md_req_id,
        symbols,
        int(fields["264"]) or None,
        entry_types,
        updates,
        fields.get("265", "0") == "0",
        fields.get("266") != "N",
        interval_ms * MILLISECOND,
        fields.get("9083") == "Y",
    )


def _fault_of_request(md_req_id: str, request_type: str, party: Party) -> Fault | None:
    if not md_req_id or len(md_req_id) > MAX_ID:
        why = f"MDReqID(262) has {len(md_req_id)} characters, 1 to {MAX_ID} are allowed"
        return MDReqRejReason.DUPLICATE_MD_REQ_ID, why
    if not party.market_data:
        why = "this session does not have the role market_data"
        return MDReqRejReason.INSUFFICIENT_PERMISSIONS, why
    if request_type not in ("0", "1", "2"):
        why = f"SubscriptionRequestType(263) {request_type[:MAX_ID]} is not one of 0, 1, 2"
        return MDReqRejReason.UNSUPPORTED_SUBSCRIPTION_REQUEST_TYPE, why
    return None


def _fault_of_terms(fields: Fields, request_type: str, party: Party) -> Fault | None:
    """What is wrong with how much, how often and how it is to be told."""
    depth = fields.get("264", "")
    if not _is_number(depth, MAX_DEPTH):
        why = f"MarketDepth(264) {depth[:MAX_ID]} is not a number from 0 to {MAX_DEPTH}"
        return MDReqRejReason.UNSUPPORTED_MARKET_DEPTH, why
    update_type = fields.get("265", "" if request_type == "1" else "0")
    if update_type not in ("0", "1"):
        why = f"MDUpdateType(265) {update_type[:MAX_ID]} is not one of 0, 1"
        return MDReqRejReason.UNSUPPORTED_MD_UPDATE_TYPE, why
    numbered = fields.get("9083", "N")
    if numbered not in ("Y", "N"):
        why = f"MDRptSeq(9083) {numbered[:MAX_ID]} is not one of Y, N"
        return MDReqRejReason.UNSUPPORTED_MD_UPDATE_TYPE, why
    interval = fields.get("9084", "0")
    if not _is_number(interval, MAX_INTERVAL_MS):
        why = f"MDInterval(9084) {interval[:MAX_ID]} is not a number from 0 to {MAX_INTERVAL_MS}"
        return MDReqRejReason.UNSUPPORTED_MD_UPDATE_TYPE, why
    aggregated = fields.get("266", "Y")
    if aggregated not in ("Y", "N"):
        why = f"AggregatedBook(266) {aggregated[:MAX_ID]} is not one of Y, N"
        return MDReqRejReason.UNSUPPORTED_AGGREGATED_BOOK, why
    return None


def _is_number(text: str, most: int) -> bool:
    return text.isdecimal() and len(text) <= len(str(most)) and int(text) <= most


def _fault_of_entry_types(
    entry_types: frozenset[str], fields: Fields, party: Party
) -> Fault | None:
    version = party.version
    unsupported = sorted(entry_types - version.md_entry_types)
    if unsupported or not entry_types:
        known = ", ".join(sorted(version.md_entry_types))
        why = f"MDEntryType(269) {', '.join(unsupported)[:MAX_ID]} is not one of {known}"
        return MDReqRejReason.UNSUPPORTED_MD_ENTRY_TYPE, why
    if fields.get("266") == "N" and entry_types.isdisjoint(BOOK):
        why = "MDEntryType(269) is neither 0 nor 1, and AggregatedBook(266) N is about these"
        return MDReqRejReason.UNSUPPORTED_MD_ENTRY_TYPE, why
    return None


def _fault_of_symbols(symbols: tuple[str, ...], instruments: Instruments) -> Fault | None:
    unknown = [symbol for symbol in symbols if symbol not in instruments]
    if unknown or not symbols:
        why = f"Symbol(55) {', '.join(unknown)[:MAX_ID]} is not traded here"
        return MDReqRejReason.UNKNOWN_SYMBOL, why
    return None
