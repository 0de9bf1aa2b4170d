"""Events to the FIX text that each session is sent.

Fields stand in no order: that is QuickFIX's business.
"""

from collections.abc import Callable, Mapping
from typing import Any

from venue.core import events as e
from venue.core.instrument import Instrument
from venue.core.types import OrdStatus, OrdType, Side, TimeInForce
from venue.fix.message import SOH, format_message
from venue.fix.versions import Version

Instruments = Mapping[str, Instrument]
Encoder = Callable[[Any, Instruments, str, Version], str]


TERMS = {
    (side, ord_type, time_in_force): f"54={side}{SOH}40={ord_type}{SOH}59={time_in_force}{SOH}"
    for side in Side
    for ord_type in OrdType
    for time_in_force in TimeInForce
}
NOTHING_TRADED = f"14=0{SOH}6=0{SOH}"
STATUS = {status: f"39={status}{SOH}" for status in OrdStatus}


def encode(event: e.Event, instruments: Instruments, time: str, version: Version) -> str:
    """The message that tells the event's session of it; `time` is TransactTime(60)."""
    return ENCODERS[type(event)](event, instruments, time, version)


def _report(
    event: e.OrderEvent,
    exec_type: str,
    extra: str,
    instruments: Instruments,
    time: str,
    version: Version,
) -> str:
    """An ExecutionReport of an order; `extra` are the fields that its ExecType(150) adds."""
    instrument = instruments[event.symbol]
    qty = instrument.qty.text
    order_qty, leaves_qty, cum_qty = event.order_qty, event.leaves_qty, event.cum_qty
    price = event.price
    limit = "" if price is None else f"44={instrument.price.text(price)}\x01"
    account = f"1={event.account}\x01" if event.account else ""
    if cum_qty:
        traded = f"14={qty(cum_qty)}\x016={instrument.avg_px(event.notional, cum_qty)}\x01"
    else:
        traded = NOTHING_TRADED
    total = qty(order_qty)
    leaves = total if leaves_qty == order_qty else qty(leaves_qty)
    return (
        f"{version.report_head}37={event.order_id}\x0111={event.cl_ord_id}\x0117={event.exec_id}\x01"
        f"150={exec_type}\x01{STATUS[event.ord_status]}55={event.symbol}\x01"
        f"{TERMS[event.side, event.ord_type, event.time_in_force]}{limit}38={total}\x01"
        f"151={leaves}\x01{traded}60={time}\x01{account}{extra}10=0\x01"
    )


def encode_accepted(
    event: e.OrderAccepted, instruments: Instruments, time: str, version: Version
) -> str:
    return _report(event, "0", "", instruments, time, version)


def encode_filled(
    event: e.OrderFilled, instruments: Instruments, time: str, version: Version
) -> str:
    instrument = instruments[event.symbol]
    extra = (
        f"31={instrument.price.text(event.last_px)}\x0132={instrument.qty.text(event.last_qty)}\x01"
        f"{version.trade_id_tag}={event.trade_id}\x01851={event.liquidity}\x01"
    )
    return _report(event, "F", extra, instruments, time, version)


def encode_canceled(
    event: e.OrderCanceled, instruments: Instruments, time: str, version: Version
) -> str:
    extra = f"41={event.orig_cl_ord_id}\x01" if event.orig_cl_ord_id is not None else ""
    if event.text is not None:
        extra += f"58={event.text}\x01"
    return _report(event, "4", extra, instruments, time, version)


def encode_replaced(
    event: e.OrderReplaced, instruments: Instruments, time: str, version: Version
) -> str:
    return _report(event, "5", f"41={event.orig_cl_ord_id}\x01", instruments, time, version)


def encode_status(
    event: e.OrderStatusReported, instruments: Instruments, time: str, version: Version
) -> str:
    extra = f"790={event.ord_status_req_id}\x01" if event.ord_status_req_id else ""
    return _report(event, "I", extra, instruments, time, version)


def encode_duplicate(
    event: e.DuplicateRejected, instruments: Instruments, time: str, version: Version
) -> str:
    reason = version.ord_rej_reasons.get(event.reason, event.reason)
    extra = f"103={reason}\x0158={event.text}\x01"
    return _report(event, "8", extra, instruments, time, version)


def encode_rejected(
    event: e.OrderRejected, instruments: Instruments, time: str, version: Version
) -> str:
    return format_message(
        version.begin_string,
        "8",
        ("37", event.order_id),
        ("11", event.cl_ord_id),
        ("17", event.exec_id),
        ("150", "8"),
        ("39", OrdStatus.REJECTED),
        ("103", version.ord_rej_reasons.get(event.reason, event.reason)),
        ("1", event.account or None),
        ("55", event.symbol or None),
        ("54", event.side or None),
        ("38", event.order_qty or None),
        ("40", event.ord_type or None),
        ("44", event.price or None),
        ("59", event.time_in_force),
        ("151", 0),
        ("14", 0),
        ("6", 0),
        ("60", time),
        ("58", event.text),
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
        ("58", event.text),
    )


def encode_unknown_status(
    event: e.UnknownStatusReported, instruments: Instruments, time: str, version: Version
) -> str:
    return format_message(
        version.begin_string,
        "8",
        ("37", "NONE"),
        ("11", event.cl_ord_id),
        ("17", 0),
        ("150", "I"),
        ("39", OrdStatus.REJECTED),
        ("103", "5"),
        ("790", event.ord_status_req_id or None),
        ("55", event.symbol),
        ("54", event.side),
        ("38", 0),
        ("151", 0),
        ("14", 0),
        ("6", 0),
        ("60", time),
        ("58", f"ClOrdID(11) {event.cl_ord_id} names no order of yours"),
    )


ENCODERS: dict[type[e.Event], Encoder] = {
    e.OrderAccepted: encode_accepted,
    e.OrderFilled: encode_filled,
    e.OrderCanceled: encode_canceled,
    e.OrderReplaced: encode_replaced,
    e.OrderStatusReported: encode_status,
    e.DuplicateRejected: encode_duplicate,
    e.OrderRejected: encode_rejected,
    e.CancelRejected: encode_cancel_rejected,
    e.UnknownStatusReported: encode_unknown_status,
}
