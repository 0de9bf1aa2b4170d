"""Events that belong to no order, and answers to a request as a whole, to FIX text."""

from venue.core import events as e
from venue.core.types import OrdRejReason, OrdStatus
from venue.fix.encoding import Encoder, Instruments
from venue.fix.message import SOH, format_fields, format_message
from venue.fix.versions import ExecType, Version

NOTHING_TRADED = f"151=0{SOH}14=0{SOH}6=0{SOH}"
NO_SYMBOL = "[N/A]"
"""Symbol(55) of a report that must have one, to a request that had none."""
UNDISCLOSED = "7"
"""Side(54), which every report has, of a report on orders of both sides."""


def _report(version: Version, exec_type: ExecType, terms: str, *fields: tuple[str, object]) -> str:
    head = version.heads[exec_type][OrdStatus.REJECTED]
    return f"{head}{terms}{format_fields(*fields)}{NOTHING_TRADED}10=0{SOH}"


def _symbol(symbol: str, version: Version) -> tuple[str, str | None]:
    return "55", symbol or (NO_SYMBOL if version.symbol_required else None)


def encode_rejected(
    event: e.OrderRejected, instruments: Instruments, time: str, version: Version
) -> str:
    return _report(
        version,
        ExecType.REJECTED,
        version.told(event.ord_type, event.time_in_force),
        ("37", event.order_id),
        ("11", event.cl_ord_id),
        ("17", event.exec_id),
        ("103", version.ord_rej_reasons.get(event.reason, event.reason)),
        ("1", event.account or None),
        _symbol(event.symbol, version),
        ("54", event.side or UNDISCLOSED),
        ("38", event.order_qty or None),
        ("44", event.price or None),
        ("60", time),
        ("58", event.text or None),
    )


def encode_cancel_rejected(
    event: e.CancelRejected, instruments: Instruments, time: str, version: Version
) -> str:
    return format_message(
        version.begin_string,
        "9",
        ("37", "NONE" if event.order_id is None else event.order_id),
        ("11", event.cl_ord_id),
        ("41", event.orig_cl_ord_id or "NONE"),
        ("39", event.ord_status),
        ("434", event.response_to),
        ("102", version.cxl_rej_reasons.get(event.reason, event.reason)),
        ("60", time),
        ("58", event.text or None),
    )


def encode_unknown_status(
    event: e.UnknownStatusReported, instruments: Instruments, time: str, version: Version
) -> str:
    return _nothing(
        event,
        OrdRejReason.UNKNOWN_ORDER,
        version,
        ("11", event.cl_ord_id),
        ("790", (version.ord_status_req_id and event.ord_status_req_id) or None),
        ("60", time),
        ("58", f"ClOrdID(11) {event.cl_ord_id} names no order of yours"),
    )


def encode_no_orders(
    event: e.NoOrdersReported, instruments: Instruments, time: str, version: Version
) -> str:
    return _nothing(
        event,
        event.reason,
        version,
        ("11", "NONE"),
        ("584", event.mass_status_req_id),
        ("911", 0),
        ("912", "Y"),
        ("60", time),
        ("58", event.text or None),
    )


def _nothing(
    event: e.UnknownStatusReported | e.NoOrdersReported,
    reason: OrdRejReason,
    version: Version,
    *fields: tuple[str, object],
) -> str:
    """The status of what is no order (G.1.a); `fields` are those that depend on the request."""
    return _report(
        version,
        ExecType.ORDER_STATUS,
        "",
        ("37", "NONE"),
        ("17", 0),
        ("103", version.ord_rej_reasons.get(reason, reason)),
        _symbol(event.symbol, version),
        ("54", event.side or UNDISCLOSED),
        ("38", 0),
        *fields,
    )


def encode_mass_cancel(
    event: e.MassCancelReported, instruments: Instruments, time: str, version: Version
) -> str:
    refused = event.reason is not None
    return format_message(
        version.begin_string,
        "r",
        ("37", event.order_id),
        ("1369", event.order_id if version.mass_action_report_id else None),
        ("11", event.cl_ord_id),
        ("530", event.scope),
        ("531", "0" if refused else event.scope),
        ("532", event.reason),
        ("533", event.total_affected_orders),
        ("55", event.symbol or None),
        ("54", event.side or None),
        ("60", time),
        ("58", event.text or None),
    )


ENCODERS: dict[type[e.Event], Encoder] = {
    e.OrderRejected: encode_rejected,
    e.CancelRejected: encode_cancel_rejected,
    e.UnknownStatusReported: encode_unknown_status,
    e.NoOrdersReported: encode_no_orders,
    e.MassCancelReported: encode_mass_cancel,
}
