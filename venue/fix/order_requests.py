"""D, F, G and H to commands of the core. A faulty one is a command, too: it draws an answer."""

from venue.core import commands as c
from venue.core.types import CxlRejReason, CxlRejResponseTo, OrdRejReason
from venue.fix.desks import checked_account
from venue.fix.encoding import Instruments
from venue.fix.message import Fields
from venue.fix.order_fault import MAX_ID, OrderFaultError
from venue.fix.order_fields import parse_order_terms
from venue.fix.party import Party
from venue.fix.qualifier_fields import parse_changes, parse_qualifiers

CXL_REJ_REASON = {OrdRejReason.INVALID_PRICE_INCREMENT: CxlRejReason.INVALID_PRICE_INCREMENT}
NO_ORDER_ID = "NONE"
"""What OrigClOrdID(41) says where OrderID(37) alone names the order."""


def parse_new_order(
    fields: Fields, party: Party, instruments: Instruments
) -> c.NewOrder | c.RefuseOrder:
    try:
        terms = parse_order_terms(fields, instruments, replaces=False)
        account = checked_account(fields.get("1", ""), party)
        qualifiers = parse_qualifiers(fields, terms, party)
    except OrderFaultError as fault:
        return _refused_order(fields, party, fault.reason, fault.text)
    return c.NewOrder(
        party.session,
        party.firm,
        fields["11"],
        terms.instrument.symbol,
        terms.side,
        terms.ord_type,
        terms.time_in_force,
        terms.price,
        terms.order_qty,
        account,
        fields.get("97") == "Y",
        qualifiers,
    )


def _refused_order(fields: Fields, party: Party, reason: OrdRejReason, text: str) -> c.RefuseOrder:
    def echo(tag: str) -> str:
        value = fields.get(tag, "")
        return value if len(value) <= MAX_ID else ""

    return c.RefuseOrder(
        party.session,
        party.firm,
        fields["11"],
        reason,
        text,
        echo("55"),
        echo("54"),
        echo("40"),
        fields.get("59", "0"),
        echo("44"),
        echo("38"),
        echo("1"),
        fields.get("97") == "Y",
    )


def parse_cancel_order(fields: Fields, party: Party, instruments: Instruments) -> c.CancelOrder:
    return c.CancelOrder(
        party.session,
        party.firm,
        fields["11"],
        _orig_cl_ord_id(fields),
        fields.get("37", ""),
        fields.get("55", "")[:MAX_ID],
        fields.get("54", ""),
        fields.get("97") == "Y",
    )


def parse_replace_order(
    fields: Fields, party: Party, instruments: Instruments
) -> c.ReplaceOrder | c.RefuseCancel:
    try:
        terms = parse_order_terms(fields, instruments, replaces=True)
        changes = parse_changes(fields, terms)
    except OrderFaultError as fault:
        return c.RefuseCancel(
            party.session,
            party.firm,
            fields["11"],
            _orig_cl_ord_id(fields),
            fields.get("37", ""),
            CxlRejResponseTo.REPLACE,
            CXL_REJ_REASON.get(fault.reason, CxlRejReason.OTHER),
            fault.text,
            fields.get("97") == "Y",
        )
    return c.ReplaceOrder(
        party.session,
        party.firm,
        fields["11"],
        _orig_cl_ord_id(fields),
        fields.get("37", ""),
        terms.instrument.symbol,
        terms.side,
        terms.ord_type,
        fields.get("59"),
        terms.price,
        terms.order_qty,
        fields.get("97") == "Y",
        changes,
    )


def _orig_cl_ord_id(fields: Fields) -> str:
    orig_cl_ord_id = fields.get("41", "")
    return "" if "37" in fields and orig_cl_ord_id == NO_ORDER_ID else orig_cl_ord_id


def parse_request_status(fields: Fields, party: Party, instruments: Instruments) -> c.RequestStatus:
    return c.RequestStatus(
        party.session,
        party.firm,
        fields["11"],
        fields.get("37", ""),
        fields.get("55", "")[:MAX_ID],
        fields.get("54", ""),
        fields.get("790", ""),
    )
