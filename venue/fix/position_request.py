"""RequestForPositions (AN) to a request."""

from venue.fix.back_office import NO_RIGHTS, Ids, fault_of_ids, may_ask, parties
from venue.fix.encoding import Instruments
from venue.fix.message import Fields, parse_fields, parse_pairs
from venue.fix.order_fault import MAX_ID
from venue.fix.parties import EXECUTING_FIRM, NO_ACCOUNT
from venue.fix.party import Party
from venue.fix.positions import POSITIONS, PositionReject, PositionRequest, PosReqResult
from venue.fix.refusal import BusinessReject, SessionReject
from venue.marketdata.inquiries import SubscriptionRequestType

IDS: Ids = {"710": "PosReqID", "1": "Account", "448": "PartyID"}


def parse_position_request(
    text: str, party: Party, instruments: Instruments
) -> PositionRequest | PositionReject | BusinessReject | SessionReject:
    """What a RequestForPositions (AN) asks for. One that ends another needs no more than its id."""
    fields, pairs = parse_fields(text), parse_pairs(text)
    fault = fault_of_ids(fields, pairs, IDS, "710")
    if fault is not None:
        return fault
    req_id, ref_seq_num = fields["710"], fields["34"]
    if not may_ask(party):
        result, text = PosReqResult.NOT_AUTHORIZED, NO_RIGHTS
        return PositionReject(req_id, ref_seq_num, result, party.firm, text)
    request_type = fields.get("263", SubscriptionRequestType.SNAPSHOT)
    if request_type == SubscriptionRequestType.END:
        return PositionRequest(req_id, ref_seq_num, SubscriptionRequestType.END)
    refusal = _fault(fields, parties(pairs), party, instruments)
    if refusal is not None:
        return PositionReject(req_id, ref_seq_num, refusal[0], party.firm, refusal[1])
    named = [party_id for party_id, _ in parties(pairs)]
    account = fields.get("1")
    return PositionRequest(
        req_id,
        ref_seq_num,
        SubscriptionRequestType(request_type),
        (named[0] if named else "") if party.clearing else party.firm,
        "" if account == NO_ACCOUNT else account,
        fields.get("55", ""),
        fields.get("715", ""),
    )


def _fault(
    fields: Fields, named: list[tuple[str, str]], party: Party, instruments: Instruments
) -> tuple[PosReqResult, str] | None:
    request_type = fields.get("263", "0")
    if request_type not in ("0", "1"):
        why = f"SubscriptionRequestType(263) {request_type[:MAX_ID]} is not one of 0, 1, 2"
        return PosReqResult.INVALID, why
    kind = fields.get("724", "")
    if kind != POSITIONS:
        return PosReqResult.NOT_SUPPORTED, f"PosReqType(724) {kind[:MAX_ID]} is not 0, positions"
    if len(named) > 1:
        return PosReqResult.INVALID, f"NoPartyIDs(453) {len(named)} is more than 1"
    for party_id, role in named:
        if role != EXECUTING_FIRM:
            return PosReqResult.INVALID, f"PartyRole(452) {role[:MAX_ID]} is not 1, a firm"
        if party_id != party.firm and not party.clearing:
            return PosReqResult.NOT_AUTHORIZED, f"PartyID(448) {party_id} is not your firm"
    symbol = fields.get("55")
    if symbol is not None and symbol not in instruments:
        return PosReqResult.INVALID, f"Symbol(55) {symbol[:MAX_ID]} is not traded here"
    return None
