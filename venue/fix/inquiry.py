"""Requests for instruments, their status and that of markets: x, c, e and g to `Inquiry`s."""

from collections.abc import Callable, Mapping

from venue.fix.message import Fields
from venue.fix.order_fault import MAX_ID
from venue.fix.party import Party
from venue.fix.reference import (
    SecurityDefinitionReject,
    SecurityListReject,
    SecurityRequestResult,
)
from venue.fix.refusal import (
    BusinessReject,
    BusinessRejectReason,
    SessionReject,
    SessionRejectReason,
    business_reject,
)
from venue.marketdata.inquiries import Inquiry, SubscriptionRequestType, Topic

InquiryRefusal = BusinessReject | SessionReject | SecurityListReject | SecurityDefinitionReject
Terms = dict[str, str]
"""What an `Inquiry` is about, by its field."""
ID_TAGS = {
    Topic.SECURITY_LIST: ("320", "SecurityReqID(320)"),
    Topic.SECURITY_DEFINITION: ("320", "SecurityReqID(320)"),
    Topic.SECURITY_STATUS: ("324", "SecurityStatusReqID(324)"),
    Topic.TRADING_SESSION_STATUS: ("335", "TradSesReqID(335)"),
}
REQUEST_TYPES = frozenset(SubscriptionRequestType)


def parse_inquiry(fields: Fields, party: Party) -> Inquiry | InquiryRefusal:
    """What a SecurityListRequest (x), SecurityDefinitionRequest (c), SecurityStatusRequest (e) or
    TradingSessionStatusRequest (g) asks for.

    A request that ends another needs no more than its id.
    """
    topic = Topic(fields["35"])
    id_tag, id_name = ID_TAGS[topic]
    req_id, ref_seq_num = fields.get(id_tag, ""), fields["34"]
    if not req_id:
        missing = BusinessRejectReason.CONDITIONALLY_REQUIRED_FIELD_MISSING
        return business_reject(fields, missing, f"{id_name} is required")
    if len(req_id) > MAX_ID:
        text = f"{id_name} has {len(req_id)} characters, at most {MAX_ID} are allowed"
        reason = SessionRejectReason.VALUE_IS_INCORRECT
        return SessionReject(ref_seq_num, topic, id_tag, reason, text)
    if not (party.order_entry or party.market_data):
        if topic is Topic.SECURITY_LIST:
            return SecurityListReject(req_id, ref_seq_num, SecurityRequestResult.NOT_AUTHORIZED)
        text = "this session has neither the role order_entry nor market_data"
        return business_reject(fields, BusinessRejectReason.NOT_AUTHORIZED, text)
    request_type = fields.get("263", SubscriptionRequestType.SNAPSHOT)
    if request_type not in REQUEST_TYPES:
        text = f"SubscriptionRequestType(263) {request_type[:MAX_ID]} is not one of 0, 1, 2"
        return refused(fields, text)
    if request_type == SubscriptionRequestType.END:
        return Inquiry(topic, req_id, ref_seq_num, SubscriptionRequestType.END)
    about = _ABOUT[topic](fields, party)
    if isinstance(about, str):
        return refused(fields, about)
    return Inquiry(topic, req_id, ref_seq_num, SubscriptionRequestType(request_type), **about)


def refused(fields: Fields, text: str) -> InquiryRefusal:
    """The refusal of a request of a known id, in the message that answers it if that can say so."""
    topic = Topic(fields["35"])
    req_id = fields[ID_TAGS[topic][0]]
    if topic is Topic.SECURITY_LIST:
        return SecurityListReject(req_id, fields["34"], SecurityRequestResult.INVALID)
    if topic is Topic.SECURITY_DEFINITION:
        return SecurityDefinitionReject(req_id, fields["34"], text)
    return business_reject(fields, BusinessRejectReason.OTHER, text)


def _security_list(fields: Fields, party: Party) -> Terms | str:
    request_type = fields.get("559", "")
    if request_type == "4":
        return {}
    if request_type == "0":
        return _given("symbol", "Symbol(55)", fields.get("55"))
    if request_type == "1":
        return _given("security_type", "SecurityType(167)", fields.get("167"))
    if request_type == "3" or (request_type == "5" and party.version.market_id):
        return _given("market", "TradingSessionID(336)", _market(fields, party))
    return f"SecurityListRequestType(559) {request_type[:MAX_ID]} is not one of 0, 1, 3, 4"


def _security_definition(fields: Fields, party: Party) -> Terms | str:
    request_type = fields.get("321", "")
    if request_type == "0":
        return _given("symbol", "Symbol(55)", fields.get("55"))
    if request_type == "3":
        return {
            "symbol": fields.get("55", "")[:MAX_ID],
            "security_type": fields.get("167", ""),
            "market": _market(fields, party),
        }
    return f"SecurityRequestType(321) {request_type[:MAX_ID]} is not one of 0, 3"


def _security_status(fields: Fields, party: Party) -> Terms | str:
    return _given("symbol", "Symbol(55)", fields.get("55"))


def _trading_session_status(fields: Fields, party: Party) -> Terms | str:
    return {"market": _market(fields, party)}


def _market(fields: Fields, party: Party) -> str:
    """A market by its name, empty where none is named."""
    market = fields.get("336", "")
    if party.version.market_id:
        market = fields.get("1301", market)
    return market[:MAX_ID]


def _given(term: str, name: str, value: str | None) -> Terms | str:
    return {term: value[:MAX_ID]} if value else f"{name} is required"


_ABOUT: Mapping[Topic, Callable[[Fields, Party], Terms | str]] = {
    Topic.SECURITY_LIST: _security_list,
    Topic.SECURITY_DEFINITION: _security_definition,
    Topic.SECURITY_STATUS: _security_status,
    Topic.TRADING_SESSION_STATUS: _trading_session_status,
}
