"""TradeCaptureReportRequest (AD) to a request."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain

from venue.fix.back_office import Ids, fault_of_ids, may_ask, parties
from venue.fix.encoding import Instruments
from venue.fix.message import Fields, Pairs, parse_fields, parse_pairs, parse_time
from venue.fix.order_fault import MAX_ID
from venue.fix.parties import CUSTOMER_ACCOUNT, EXECUTING_FIRM, NO_ACCOUNT
from venue.fix.party import Party
from venue.fix.refusal import BusinessReject, SessionReject
from venue.fix.trade_capture import (
    ALL_TRADES,
    FOREVER,
    MATCHED_TRADES,
    TradeReject,
    TradeRequest,
    TradeRequestResult,
)
from venue.marketdata.inquiries import SubscriptionRequestType

IDS: Ids = {
    "568": "TradeRequestID",
    "448": "PartyID",
    "17": "ExecID",
    "37": "OrderID",
    "11": "ClOrdID",
    "880": "TrdMatchID",
}
REFUSED = {
    "150": "ExecType",
    "336": "TradingSessionID",
    "571": "TradeReportID",
    "573": "MatchStatus",
    "625": "TradingSessionSubID",
    "715": "ClearingBusinessDate",
    "818": "SecondaryTradeReportID",
    "820": "TradeLinkID",
    "828": "TrdType",
    "829": "TrdSubType",
    "855": "SecondaryTrdType",
    "943": "TimeBracket",
    "1003": "TradeID",
}
"""Criteria that the venue does not know: to ignore them would be to answer something else."""
INDISCREET = {
    "54": "Side",
    "17": "ExecID",
    "37": "OrderID",
    "11": "ClOrdID",
    "880": "TrdMatchID",
    "453": "NoPartyIDs",
}
"""Criteria of who may know whose a trade was."""
NO_TRADES = "this session has none of the roles order_entry, market_data, drop_copy, clearing"


def parse_trade_request(
    text: str, party: Party, instruments: Instruments
) -> TradeRequest | TradeReject | BusinessReject | SessionReject:
    """What a TradeCaptureReportRequest (AD) asks for. One that ends another needs no more than its
    id and type.
    """
    fields, pairs = parse_fields(text), parse_pairs(text)
    fault = fault_of_ids(fields, pairs, IDS, "568")
    if fault is not None:
        return fault
    req_id, kind = fields["568"], fields.get("569", ALL_TRADES)
    anonymous = party.market_data and not may_ask(party)
    if not (may_ask(party) or anonymous):
        return TradeReject(req_id, kind, TradeRequestResult.NOT_AUTHORIZED, NO_TRADES)
    if fields.get("263") == SubscriptionRequestType.END:
        return TradeRequest(req_id, fields["34"], SubscriptionRequestType.END, kind)
    faults = _faults(fields, parties(pairs), party, instruments)
    refusal = next(chain(_indiscretions(fields) if anonymous else (), faults), None)
    if refusal is not None:
        return TradeReject(req_id, kind, *refusal)
    try:
        dates, times = _when(pairs)
    except ValueError as error:
        return TradeReject(req_id, kind, TradeRequestResult.OTHER, str(error))
    named = {role: party_id for party_id, role in parties(pairs)}
    account = named.get(CUSTOMER_ACCOUNT)
    return TradeRequest(
        req_id,
        fields["34"],
        SubscriptionRequestType(fields.get("263", SubscriptionRequestType.SNAPSHOT)),
        kind,
        named.get(EXECUTING_FIRM, "") if party.clearing or anonymous else party.firm,
        "" if account == NO_ACCOUNT else account,
        fields.get("55", ""),
        fields.get("54", ""),
        fields.get("17", ""),
        fields.get("37", ""),
        fields.get("11", ""),
        fields.get("880", ""),
        dates,
        times,
        anonymous,
    )


def _indiscretions(fields: Fields) -> Iterator[tuple[TradeRequestResult, str]]:
    """What would tell a session that has only market data whose a trade was."""
    for tag, name in INDISCREET.items():
        if tag in fields:
            why = f"{name}({tag}) is no criterion for a session with the role market_data alone"
            yield TradeRequestResult.NOT_AUTHORIZED, why


def _faults(
    fields: Fields, named: list[tuple[str, str]], party: Party, instruments: Instruments
) -> Iterator[tuple[TradeRequestResult, str]]:
    kind, request_type = fields.get("569", ALL_TRADES), fields.get("263", "0")
    if kind not in (ALL_TRADES, MATCHED_TRADES):
        why = f"TradeRequestType(569) {kind[:MAX_ID]} is not one of 0, 1"
        yield TradeRequestResult.TYPE_NOT_SUPPORTED, why
    if request_type not in ("0", "1"):
        why = f"SubscriptionRequestType(263) {request_type[:MAX_ID]} is not one of 0, 1, 2"
        yield TradeRequestResult.OTHER, why
    for tag, name in REFUSED.items():
        if tag in fields:
            yield TradeRequestResult.OTHER, f"{name}({tag}) is not a criterion here"
    roles = [role for _, role in named]
    for party_id, role in named:
        if role not in (EXECUTING_FIRM, CUSTOMER_ACCOUNT):
            why = f"PartyRole(452) {role[:MAX_ID]} is not one of 1, a firm, and 24, an account"
            yield TradeRequestResult.INVALID_PARTIES, why
        elif roles.count(role) > 1:
            yield TradeRequestResult.INVALID_PARTIES, f"PartyRole(452) {role} is there twice"
        elif role == EXECUTING_FIRM and party_id != party.firm and not party.clearing:
            yield TradeRequestResult.INVALID_PARTIES, f"PartyID(448) {party_id} is not your firm"
    symbol, side = fields.get("55"), fields.get("54", "1")
    if symbol is not None and symbol not in instruments:
        why = f"Symbol(55) {symbol[:MAX_ID]} is not traded here"
        yield TradeRequestResult.UNKNOWN_INSTRUMENT, why
    if side not in ("1", "2"):
        yield TradeRequestResult.OTHER, f"Side(54) {side[:MAX_ID]} is not one of 1, 2"


def _when(pairs: Pairs) -> tuple[tuple[str, str], tuple[int, int]]:
    """The range of TradeDate(75) and of TransactTime(60). One date is that day, one time and what
    came since. Raise `ValueError`, whose text tells why, for what is neither one nor two.
    """
    dates = [_date(value) for tag, value in pairs if tag == "75"]
    times = [_time(value) for tag, value in pairs if tag == "60"]
    for name, count in (("TradeDate(75)", len(dates)), ("TransactTime(60)", len(times))):
        if count > 2:
            raise ValueError(f"{name} is there {count} times, at most 2 are a range")
    if sorted(dates) != dates:
        raise ValueError("TradeDate(75) begins after its end")
    if sorted(times) != times:
        raise ValueError("TransactTime(60) begins after its end")
    first_date, last_date = (dates[0], dates[-1]) if dates else ("", "~")
    since = times[0] if times else 0
    return (first_date, last_date), (since, times[1] if len(times) == 2 else FOREVER)


def _date(text: str) -> str:
    try:
        if len(text) == 8 and text.isdecimal():
            datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC)
            return text
    except ValueError:
        pass
    raise ValueError(f"TradeDate(75) {text[:MAX_ID]} is no date YYYYMMDD")


def _time(text: str) -> int:
    try:
        return parse_time(text)
    except ValueError:
        raise ValueError(f"TransactTime(60) {text[:MAX_ID]} is no time YYYYMMDD-HH:MM:SS") from None
