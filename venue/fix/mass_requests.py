"""OrderMassCancelRequest (q) and OrderMassStatusRequest (AF): which of the session's orders, or of
a firm's that it gets drop copies of.
"""

from msgspec import Struct

from venue.core import commands as c
from venue.core.types import MassCancelRejectReason, MassScope
from venue.fix.encoding import Instruments
from venue.fix.message import Fields
from venue.fix.order_fault import MAX_ID
from venue.fix.order_fields import SIDES
from venue.fix.party import Party
from venue.fix.refusal import BusinessReject, BusinessRejectReason, business_reject
from venue.marketdata.inquiries import SubscriptionRequestType

SCOPES = {scope.value: scope for scope in MassScope}
NOT_SUPPORTED = MassCancelRejectReason.NOT_SUPPORTED
OTHER = MassCancelRejectReason.OTHER
Fault = tuple[MassCancelRejectReason, str]


class CopiesRequest(Struct, frozen=True):
    """An OrderMassStatusRequest (AF) for the live orders of `firm`; what is empty is not asked for.

    With `tells_firms`, for who clears, the reports name the firm of each.
    """

    req_id: str
    ref_seq_num: str
    firm: str
    tells_firms: bool
    symbol: str
    side: str

    @property
    def request_type(self) -> SubscriptionRequestType:
        return SubscriptionRequestType.SNAPSHOT

    def wants(self, firm: str, symbol: str, side: str) -> bool:
        return self.firm in ("", firm) and self.symbol in ("", symbol) and self.side in ("", side)


def parse_mass_cancel(
    fields: Fields, party: Party, instruments: Instruments
) -> c.MassCancel | c.RefuseMassCancel:
    """Cancel nothing where it is not clear what; whether the symbol is traded, the core knows."""
    scope, symbol, side = fields.get("530", ""), fields.get("55", "")[:MAX_ID], fields.get("54", "")
    fault = _fault(fields, "MassCancelRequestType(530)", scope)
    if fault is not None:
        reason, text = fault
        who = party.session, party.firm, fields["11"]
        return c.RefuseMassCancel(*who, scope, symbol, side, reason, text)
    return c.MassCancel(
        party.session, party.firm, fields["11"], SCOPES[scope], symbol, SIDES.get(side)
    )


def parse_mass_status(
    fields: Fields, party: Party, instruments: Instruments
) -> c.RequestMassStatus | CopiesRequest | BusinessReject:
    """A fault has no code of its own in an ExecutionReport: it draws a BusinessMessageReject."""
    scope = fields.get("585", "")
    fault = _fault(fields, "MassStatusReqType(585)", scope)
    if fault is not None:
        return business_reject(fields, BusinessRejectReason.OTHER, fault[1])
    if not party.order_entry:
        return CopiesRequest(
            fields["584"],
            fields["34"],
            "" if party.clearing else party.firm,
            party.clearing,
            fields.get("55", "")[:MAX_ID],
            fields.get("54", ""),
        )
    return c.RequestMassStatus(
        party.session,
        party.firm,
        fields["584"],
        SCOPES[scope],
        fields.get("55", "")[:MAX_ID],
        SIDES.get(fields.get("54", "")),
    )


def _fault(fields: Fields, scope_name: str, scope: str) -> Fault | None:
    """What keeps the request from naming orders."""
    symbol = fields.get("55", "")[:MAX_ID]
    if scope not in SCOPES:
        text = f"{scope_name} {scope[:MAX_ID]} is not one of {', '.join(SCOPES)}"
        return NOT_SUPPORTED, text
    if scope == MassScope.SECURITY and not symbol:
        return OTHER, f"Symbol(55) is required for {scope_name} {scope}"
    if scope == MassScope.ALL and symbol:
        return OTHER, f"Symbol(55) {symbol} contradicts {scope_name} {scope}, every instrument"
    side = fields.get("54")
    if side is not None and side not in SIDES:
        return OTHER, f"Side(54) {side[:MAX_ID]} is not one of {', '.join(SIDES)}"
    return None
