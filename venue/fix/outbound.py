"""Events to the FIX text that each session is sent.

Fields stand in no order: that is QuickFIX's business. What differs by version is in its tables
(`venue.fix.versions`), what a plain order does not have in `venue.fix.details`.
"""

from venue.core import events as e
from venue.core.instrument import Instrument
from venue.fix import no_order
from venue.fix.details import encode_details, trigger_text
from venue.fix.encoding import Encoder, Instruments
from venue.fix.fees import encode_fee
from venue.fix.message import format_fields
from venue.fix.versions import ExecType, Version

NEW, TRADE, CANCELED = ExecType.NEW, ExecType.TRADE, ExecType.CANCELED
NOTHING_TRADED = "14=0\x016=0\x01"


def encode(event: e.Event, instruments: Instruments, time: str, version: Version) -> str:
    """The message that tells the event's session of it; `time` is TransactTime(60)."""
    return ENCODERS[type(event)](event, instruments, time, version)


def _report(
    event: e.OrderEvent,
    exec_type: ExecType,
    extra: str,
    instrument: Instrument,
    time: str,
    version: Version,
) -> str:
    """An ExecutionReport of an order; `extra` are the fields that its ExecType(150) adds."""
    qty = instrument.qty.text
    order_qty, leaves_qty, cum_qty = event.order_qty, event.leaves_qty, event.cum_qty
    price = event.price
    limit = "" if price is None else f"44={instrument.price.text(price)}\x01"
    account = f"1={event.account}\x01" if event.account else ""
    if cum_qty:
        traded = f"14={qty(cum_qty)}\x016={instrument.avg_px(event.notional, cum_qty)}\x01"
    else:
        traded = NOTHING_TRADED
    if event.details is not None:
        extra += encode_details(event, event.details, instrument, version)
    total = qty(order_qty)
    leaves = total if leaves_qty == order_qty else qty(leaves_qty)
    return (
        f"{version.heads[exec_type][event.ord_status]}37={event.order_id}\x0111={event.cl_ord_id}\x01"
        f"17={event.exec_id}\x0155={event.symbol}\x01"
        f"{version.terms[event.side, event.ord_type, event.time_in_force]}{limit}38={total}\x01"
        f"151={leaves}\x01{traded}60={time}\x01{account}{extra}10=0\x01"
    )


def encode_accepted(
    event: e.OrderAccepted, instruments: Instruments, time: str, version: Version
) -> str:
    return _report(event, NEW, "", instruments[event.symbol], time, version)


def encode_triggered(
    event: e.OrderTriggered, instruments: Instruments, time: str, version: Version
) -> str:
    instrument = instruments[event.symbol]
    extra = f"58={trigger_text(event, instrument)}\x01"
    return _report(event, ExecType.TRIGGERED, extra, instrument, time, version)


def encode_filled(
    event: e.OrderFilled, instruments: Instruments, time: str, version: Version
) -> str:
    instrument = instruments[event.symbol]
    extra = _traded(event, f"{version.trade_id}{event.trade_id}\x01", instrument, version)
    return _report(event, TRADE, extra, instrument, time, version)


def encode_trade_busted(
    event: e.OrderTradeBusted, instruments: Instruments, time: str, version: Version
) -> str:
    extra = f"31=0\x0132=0\x01{_changed(event, version)}"
    return _report(event, ExecType.TRADE_CANCEL, extra, instruments[event.symbol], time, version)


def encode_trade_corrected(
    event: e.OrderTradeCorrected, instruments: Instruments, time: str, version: Version
) -> str:
    instrument = instruments[event.symbol]
    extra = _traded(event, _changed(event, version), instrument, version)
    return _report(event, ExecType.TRADE_CORRECT, extra, instrument, time, version)


def _traded(
    event: e.OrderFilled | e.OrderTradeCorrected,
    which: str,
    instrument: Instrument,
    version: Version,
) -> str:
    """What a trade is, and `which`."""
    extra = (
        f"31={instrument.price.text(event.last_px)}\x0132={instrument.qty.text(event.last_qty)}\x01"
        f"{which}{version.liquidity[event.liquidity]}"
    )
    return extra if event.fee is None else extra + encode_fee(event.fee, version)


def _changed(event: e.OrderTradeBusted | e.OrderTradeCorrected, version: Version) -> str:
    """Which trade is another now; Text(58) names it, too."""
    trade = "" if version.trade_id_in_text else f"{version.trade_id}{event.trade_id}\x01"
    return f"19={event.exec_ref_id}\x01{trade}58={event.text}\x01"


def encode_canceled(
    event: e.OrderCanceled, instruments: Instruments, time: str, version: Version
) -> str:
    extra = f"41={event.orig_cl_ord_id}\x01" if event.orig_cl_ord_id is not None else ""
    if event.text is not None:
        extra += f"58={event.text}\x01"
    if event.reason is not None:
        extra += f"378={version.exec_restatement_reasons.get(event.reason, event.reason)}\x01"
    return _report(event, CANCELED, extra, instruments[event.symbol], time, version)


def encode_expired(
    event: e.OrderExpired, instruments: Instruments, time: str, version: Version
) -> str:
    extra = f"58={event.text}\x01"
    return _report(event, ExecType.EXPIRED, extra, instruments[event.symbol], time, version)


def encode_restated(
    event: e.OrderRestated, instruments: Instruments, time: str, version: Version
) -> str:
    reason = version.exec_restatement_reasons.get(event.reason, event.reason)
    extra = f"378={reason}\x0158={event.text}\x01"
    return _report(event, ExecType.RESTATED, extra, instruments[event.symbol], time, version)


def encode_replaced(
    event: e.OrderReplaced, instruments: Instruments, time: str, version: Version
) -> str:
    extra = f"41={event.orig_cl_ord_id}\x01"
    return _report(event, ExecType.REPLACED, extra, instruments[event.symbol], time, version)


def encode_status(
    event: e.OrderStatusReported, instruments: Instruments, time: str, version: Version
) -> str:
    extra = ""
    if event.ord_status_req_id and version.ord_status_req_id:
        extra = f"790={event.ord_status_req_id}\x01"
    if event.total_reports and version.mass_requests:
        extra += format_fields(
            ("584", event.mass_status_req_id),
            ("911", event.total_reports),
            ("912", "Y" if event.last_report else "N"),
        )
    return _report(event, ExecType.ORDER_STATUS, extra, instruments[event.symbol], time, version)


def encode_duplicate(
    event: e.DuplicateRejected, instruments: Instruments, time: str, version: Version
) -> str:
    reason = version.ord_rej_reasons.get(event.reason, event.reason)
    extra = f"103={reason}\x0158={event.text}\x01"
    return _report(event, ExecType.REJECTED, extra, instruments[event.symbol], time, version)


ENCODERS: dict[type[e.Event], Encoder] = {
    e.OrderAccepted: encode_accepted,
    e.OrderTriggered: encode_triggered,
    e.OrderFilled: encode_filled,
    e.OrderTradeBusted: encode_trade_busted,
    e.OrderTradeCorrected: encode_trade_corrected,
    e.OrderCanceled: encode_canceled,
    e.OrderExpired: encode_expired,
    e.OrderRestated: encode_restated,
    e.OrderReplaced: encode_replaced,
    e.OrderStatusReported: encode_status,
    e.DuplicateRejected: encode_duplicate,
    **no_order.ENCODERS,
}
"""Every event that anybody is told of: all but `DayEnded`."""
