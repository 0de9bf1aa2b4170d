"""What a report says of an order's qualifiers, where its version has a field for it."""

from venue.core.events import OrderEvent
from venue.core.instrument import Instrument
from venue.core.qualifiers import Details, Qualifiers
from venue.core.types import (
    TRIGGERED,
    OrdType,
    SelfMatchPreventionInstruction,
    Side,
    TimeInForce,
    TriggerPriceType,
)
from venue.fix.message import SOH, format_time
from venue.fix.versions import Version

WATCHED = {
    (TriggerPriceType.LAST_TRADE, Side.BUY): "2",
    (TriggerPriceType.LAST_TRADE, Side.SELL): "2",
    (TriggerPriceType.BEST_QUOTE, Side.BUY): "1",
    (TriggerPriceType.BEST_QUOTE, Side.SELL): "3",
}
"""TriggerPriceType(1107) on the wire: last trade, best offer, best bid."""
DIRECTION = {Side.BUY: "D", Side.SELL: "U"}
"""TriggerPriceDirection(1109) of an order that waits for a better price."""


def encode_details(
    event: OrderEvent, details: Details, instrument: Instrument, version: Version
) -> str:
    """The fields that an order with `details` adds to each of its reports."""
    qualifiers = details.qualifiers
    qty = instrument.qty.text
    waits = event.ord_type in TRIGGERED or event.time_in_force is TimeInForce.AT_THE_CLOSE
    told = []
    if qualifiers.stop_px is not None:
        told.append(_trigger(event, qualifiers, instrument, version))
    if waits and version.working_indicator:
        told.append(f"636={'Y' if details.working else 'N'}{SOH}")
    if qualifiers.expire_date:
        told.append(f"432={qualifiers.expire_date}{SOH}")
    if qualifiers.expire_time:
        told.append(f"126={format_time(qualifiers.expire_time)}{SOH}")
    if qualifiers.display_qty:
        if version.display_instruction:
            shown, refresh = qty(details.shown_qty), qty(qualifiers.refresh_qty)
            told.append(f"1138={shown}{SOH}1088={refresh}{SOH}")
        else:
            told.append(f"111={qty(qualifiers.display_qty)}{SOH}")
    if qualifiers.min_qty:
        told.append(f"110={qty(qualifiers.min_qty)}{SOH}")
    exec_inst = ["6"] if qualifiers.post_only is not None else []
    exec_inst += ["G"] if qualifiers.all_or_none else []
    exec_inst += ["K"] if qualifiers.cancel_on_halt else []
    if exec_inst:
        told.append(f"18={' '.join(exec_inst)}{SOH}")
    if qualifiers.self_match_prevention_id and version.self_match_prevention:
        told.append(_self_match_prevention(qualifiers))
    if details.carried_over:
        told.append(_day(event, details, instrument))
    return "".join(told)


def trigger_text(event: OrderEvent, instrument: Instrument) -> str:
    """What met the trigger, in words."""
    assert event.details is not None
    if event.details.qualifiers.stop_px is None:
        return "the closing auction has begun"
    return f"triggered at StopPx(99) {instrument.price.text(event.details.qualifiers.stop_px)}"


def _trigger(
    event: OrderEvent, qualifiers: Qualifiers, instrument: Instrument, version: Version
) -> str:
    assert qualifiers.stop_px is not None
    price = instrument.price.text(qualifiers.stop_px)
    if event.ord_type is not OrdType.LIMIT_IF_TOUCHED or not version.triggering_instruction:
        return f"99={price}{SOH}"
    watched = WATCHED[qualifiers.trigger_price_type, event.side]
    direction = DIRECTION[event.side]
    return f"1100=4{SOH}1101=1{SOH}1102={price}{SOH}1107={watched}{SOH}1109={direction}{SOH}"


def _self_match_prevention(qualifiers: Qualifiers) -> str:
    """The id, and the instruction where the standard has a code for it."""
    instruction = qualifiers.self_match_prevention_instruction
    told = f"2362={qualifiers.self_match_prevention_id}{SOH}"
    if instruction is SelfMatchPreventionInstruction.DECREMENT:
        return told
    return f"{told}2964={instruction}{SOH}"


def _day(event: OrderEvent, details: Details, instrument: Instrument) -> str:
    """DayOrderQty(424), DayCumQty(425), DayAvgPx(426) of an order of an earlier day (H.1.a)."""
    qty = instrument.qty.text
    day_qty = event.cum_qty - details.carried_qty
    day_avg_px = instrument.avg_px(event.notional - details.carried_notional, day_qty)
    return (
        f"424={qty(event.order_qty - details.carried_qty)}{SOH}425={qty(day_qty)}{SOH}"
        f"426={day_avg_px}{SOH}"
    )
