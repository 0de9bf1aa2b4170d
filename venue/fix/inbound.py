"""FIX text to what the venue is asked: a command of the core, a market data request, or a refusal.

Whatever the text holds, the answer is a value: nothing here raises for a client's mistake.
"""

import re
from collections.abc import Callable

from venue.core import commands as c
from venue.core.types import OrdType
from venue.fix.desks import acting_party
from venue.fix.encoding import Instruments
from venue.fix.inquiry import parse_inquiry
from venue.fix.market_data_request import parse_market_data_request
from venue.fix.mass_requests import CopiesRequest, parse_mass_cancel, parse_mass_status
from venue.fix.message import Fields, parse_fields, parse_pairs
from venue.fix.operator import OperatorRequest, parse_operator_request
from venue.fix.order_fault import MAX_ID
from venue.fix.order_fields import SIDES, TIMES_IN_FORCE
from venue.fix.order_requests import (
    parse_cancel_order,
    parse_new_order,
    parse_replace_order,
    parse_request_status,
)
from venue.fix.party import Party
from venue.fix.position_request import parse_position_request
from venue.fix.positions import PositionRequest
from venue.fix.qualifier_fields import default_qualifiers
from venue.fix.refusal import (
    BusinessReject,
    BusinessRejectReason,
    Refusal,
    SessionReject,
    SessionRejectReason,
    business_reject,
)
from venue.fix.trade_capture import TradeRequest
from venue.fix.trade_capture_request import parse_trade_request
from venue.marketdata.inquiries import Inquiry, Topic
from venue.marketdata.requests import Subscribe, Unsubscribe

OrderRequest = c.Journaled | c.RequestStatus | c.RequestMassStatus
BackOfficeRequest = PositionRequest | TradeRequest | CopiesRequest
Request = (
    OrderRequest | Subscribe | Unsubscribe | Inquiry | BackOfficeRequest | OperatorRequest | Refusal
)

ID_FIELDS = {
    "1": "Account",
    "11": "ClOrdID",
    "37": "OrderID",
    "41": "OrigClOrdID",
    "584": "MassStatusReqID",
    "790": "OrdStatusReqID",
    "2362": "SelfMatchPreventionID",
    "9362": "SelfMatchPreventionID",
}
"""Fields that are kept or echoed, and therefore bounded."""
_ID_TAGS = ID_FIELDS.keys()
LIMIT = OrdType.LIMIT


def _plain(msg_type: str, body: str) -> Callable[[str], re.Match[str] | None]:
    """Match a message of `msg_type` in QuickFIX's field order; in `body`, | stands for SOH."""
    head = "8=[^|]++[|]9=[0-9]++[|]35=%s[|]34=[0-9]++[|]49=[^|]++[|]52=[^|]++[|]56=[^|]++[|]"
    head += "(?:1128=9[|])?"
    pattern = head % msg_type + body + "60=[^|]++[|]10=[0-9]++[|]"
    return re.compile(pattern.replace("|", "\x01")).fullmatch


# The commonest messages are taken apart in one step; any other takes the long way.
_PLAIN_LIMIT_ORDER = _plain(
    "D",
    "(?:1=([^|]{1,64}+)[|])?11=([^|]{1,64}+)[|](?:21=[^|][|])?38=([^|]++)[|]40=2[|]44=([^|]++)[|]"
    "54=([^|])[|]55=([^|]++)[|](?:59=([0134])[|])?",
)
_PLAIN_CANCEL = _plain(
    "F",
    "11=([^|]{1,64}+)[|](?:38=[^|]++[|])?41=([^|]{1,64}+)[|]54=([^|])[|]55=([^|]{1,64}+)[|]",
)


def parse(text: str, party: Party, instruments: Instruments) -> Request | None:
    """What `party` asks for with the application message `text`; None where no answer is due."""
    if not text.isascii():
        return _not_ascii(text)
    if party.order_entry:
        plain = _parse_plain(text, party, instruments)
        if plain is not None:
            return plain
    fields = parse_fields(text)
    msg_type = fields["35"]
    if fields.get("1128", "9") != "9":
        return _another_version(fields)
    if msg_type == "V":
        return parse_market_data_request(text, party, instruments)
    if msg_type in INQUIRIES and (msg_type != "x" or party.version.security_lists):
        return parse_inquiry(fields, party)
    if msg_type in BACK_OFFICE and party.version.back_office:
        acting = acting_party(fields, party)
        if isinstance(acting, BusinessReject):
            return acting
        return BACK_OFFICE[msg_type](text, acting, instruments)
    if msg_type == "U1":
        return parse_operator_request(fields, party)
    parser = PARSERS.get(msg_type)
    if parser is None or (msg_type in MASS_REQUESTS and not party.version.mass_requests):
        if msg_type == "j":
            return None
        return business_reject(
            fields, BusinessRejectReason.UNSUPPORTED_MESSAGE_TYPE, "Unsupported Message Type"
        )
    watches = msg_type == "AF" and (party.drop_copy or party.clearing)
    if not (party.order_entry or watches):
        text = "this session does not have the role order_entry"
        return business_reject(fields, BusinessRejectReason.NOT_AUTHORIZED, text)
    id_tag = "584" if msg_type == "AF" else "11"
    if not fields.get(id_tag):
        missing = BusinessRejectReason.CONDITIONALLY_REQUIRED_FIELD_MISSING
        return business_reject(fields, missing, f"{ID_FIELDS[id_tag]}({id_tag}) is required")
    for tag in _ID_TAGS & fields.keys():
        if len(fields[tag]) > MAX_ID:
            return _too_long(fields, tag)
    if party.desks is not None or "115" in fields:
        acting = acting_party(fields, party)
        if isinstance(acting, BusinessReject):
            return acting
        party = acting
    return parser(fields, party, instruments)


def _parse_plain(
    text: str, party: Party, instruments: Instruments
) -> c.NewOrder | c.CancelOrder | None:
    order = _PLAIN_LIMIT_ORDER(text)
    if order is not None:
        account, cl_ord_id, qty, price, side, symbol, time_in_force = order.groups()
        try:
            instrument = instruments[symbol]
            ticks, lots = instrument.price.steps(price), instrument.qty.steps(qty)
            if ticks > 0 and lots > 0:
                qualifiers = None
                if party.accounts is not None:
                    if account is None:
                        account = party.account
                    elif account not in party.accounts:
                        return None
                if party.self_match_prevention_id:
                    qualifiers = default_qualifiers(party)
                return c.NewOrder(
                    party.session,
                    party.firm,
                    cl_ord_id,
                    symbol,
                    SIDES[side],
                    LIMIT,
                    TIMES_IN_FORCE[time_in_force or "0"],
                    ticks,
                    lots,
                    account or "",
                    False,
                    qualifiers,
                )
        except (KeyError, ValueError):
            return None
    cancel = _PLAIN_CANCEL(text)
    if cancel is not None:
        cl_ord_id, orig_cl_ord_id, side, symbol = cancel.groups()
        return c.CancelOrder(party.session, party.firm, cl_ord_id, orig_cl_ord_id, "", symbol, side)
    return None


Parser = Callable[[Fields, Party, Instruments], OrderRequest | CopiesRequest | Refusal]
PARSERS: dict[str, Parser] = {
    "D": parse_new_order,
    "F": parse_cancel_order,
    "G": parse_replace_order,
    "H": parse_request_status,
    "q": parse_mass_cancel,
    "AF": parse_mass_status,
}
BACK_OFFICE: dict[str, Callable[[str, Party, Instruments], BackOfficeRequest | Refusal]] = {
    "AN": parse_position_request,
    "AD": parse_trade_request,
}
MASS_REQUESTS = frozenset({"q", "AF"})
INQUIRIES = frozenset(Topic)
TAKEN = frozenset({*PARSERS, *INQUIRIES, *BACK_OFFICE, "V", "U1"})
"""Every MsgType(35) that may be answered by what it asks for."""


def _another_version(fields: Fields) -> SessionReject:
    text = f"ApplVerID(1128) {fields['1128'][:MAX_ID]} is not 9, the DefaultApplVerID(1137)"
    reason = SessionRejectReason.INVALID_APPLICATION_VERSION
    return SessionReject(fields["34"], fields["35"], "1128", reason, text)


def _too_long(fields: Fields, tag: str) -> SessionReject:
    name, length = f"{ID_FIELDS[tag]}({tag})", len(fields[tag])
    text = f"{name} has {length} characters, at most {MAX_ID} are allowed"
    reason = SessionRejectReason.VALUE_IS_INCORRECT
    return SessionReject(fields["34"], fields["35"], tag, reason, text)


def _not_ascii(text: str) -> SessionReject:
    pairs = parse_pairs(text)
    tag = next((tag for tag, value in pairs if not value.isascii()), "58")
    fields = parse_fields(text)
    reason = SessionRejectReason.INCORRECT_DATA_FORMAT
    return SessionReject(fields["34"], fields["35"], tag, reason, f"tag {tag} is not ASCII")
