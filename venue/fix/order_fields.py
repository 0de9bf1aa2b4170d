"""The fields that every order has: what they may be on the wire, and what they mean."""

from collections.abc import Iterable

from msgspec import Struct

from venue.core.instrument import Instrument
from venue.core.types import PRICED, OrdRejReason, OrdType, Side, TimeInForce
from venue.fix.encoding import Instruments
from venue.fix.message import Fields
from venue.fix.order_fault import (
    MAX_ID,
    OTHER,
    UNSUPPORTED,
    OrderFaultError,
    contradiction,
    missing,
    steps,
)

SIDES = {side.value: side for side in Side}
ORD_TYPES = {
    ord_type.value: ord_type for ord_type in OrdType if ord_type is not OrdType.LIMIT_IF_TOUCHED
}
TIMES_IN_FORCE = {tif.value: tif for tif in TimeInForce}
LIMIT = OrdType.LIMIT
LEFT_OVER_AS_LIMIT = OrdType.MARKET_WITH_LEFT_OVER_AS_LIMIT

UNSUPPORTED_FIELDS = {
    "152": "CashOrderQty",
    "168": "EffectiveTime",
    "211": "PegOffsetValue",
    "388": "DiscretionInst",
    "1085": "DisplayLowQty",
    "1086": "DisplayHighQty",
    "1103": "TriggerSymbol",
    "1104": "TriggerSecurityID",
    "1110": "TriggerNewPrice",
    "1111": "TriggerOrderType",
    "1112": "TriggerNewQty",
}
"""Fields that would change what an order means: refused rather than ignored, unless they say 0."""
_UNSUPPORTED_TAGS = UNSUPPORTED_FIELDS.keys()
TRIGGER_TAGS = ("1100", "1102", "1101", "1107", "1109")
"""The fields of a limit-if-touched order."""


class OrderTerms(Struct, gc=False, frozen=True):
    """What an order says in the fields that every order has; prices are ticks, quantities lots."""

    instrument: Instrument
    side: Side
    ord_type: OrdType
    time_in_force: TimeInForce
    price: int | None
    order_qty: int


def parse_order_terms(fields: Fields, instruments: Instruments, replaces: bool) -> OrderTerms:
    """The terms of a new order, or of one that `replaces` another. Raise `OrderFaultError`."""
    symbol = fields.get("55", "")
    instrument = instruments.get(symbol)
    if instrument is None:
        text = f"Symbol(55) {symbol[:MAX_ID]} is not traded here"
        raise OrderFaultError(OrdRejReason.UNKNOWN_SYMBOL, text)
    side = SIDES.get(fields.get("54", ""))
    if side is None:
        raise _not_one_of("54", "Side", fields.get("54", ""), SIDES)
    ord_type: OrdType | None = ORD_TYPES.get(fields.get("40", ""))
    if ord_type is None:
        raise _not_one_of("40", "OrdType", fields.get("40", ""), ORD_TYPES)
    time_in_force = TIMES_IN_FORCE.get(fields.get("59", "0"))
    if time_in_force is None:
        raise _not_one_of("59", "TimeInForce", fields["59"], TIMES_IN_FORCE)
    if ord_type is LIMIT and any(tag in fields for tag in TRIGGER_TAGS):
        ord_type = OrdType.LIMIT_IF_TOUCHED
    for tag in _UNSUPPORTED_TAGS & fields.keys():
        if fields[tag].strip("0.") or not fields[tag]:
            text = f"{UNSUPPORTED_FIELDS[tag]}({tag}) {fields[tag][:MAX_ID]} is not supported"
            raise OrderFaultError(UNSUPPORTED, text)
    if "38" not in fields:
        raise OrderFaultError(OrdRejReason.INCORRECT_QUANTITY, "OrderQty(38) is required")
    order_qty = steps(fields, "38", instrument.qty.steps, lot(instrument))
    price = _price(fields, instrument, ord_type, replaces)
    currency = instrument.spec.currency
    if fields.get("15", currency) != currency:
        text = f"Currency(15) {fields['15'][:MAX_ID]} is not {currency}, the one of {symbol}"
        raise OrderFaultError(OTHER, text)
    return OrderTerms(instrument, side, ord_type, time_in_force, price, order_qty)


def lot(instrument: Instrument) -> str:
    """What quantities are multiples of, in words."""
    return f"lot {instrument.spec.lot:f}"


def tick(instrument: Instrument) -> str:
    """What prices are multiples of, in words."""
    return f"tick {instrument.spec.tick:f}"


def _price(fields: Fields, instrument: Instrument, ord_type: OrdType, replaces: bool) -> int | None:
    """Price(44) in ticks, None where the order has none.

    What a market order left over as limit has one, so its replacement may name it.
    """
    if ord_type in PRICED:
        if "44" not in fields:
            raise missing(fields, "44", "40")
    elif "44" not in fields:
        return None
    elif not (replaces and ord_type is LEFT_OVER_AS_LIMIT):
        raise contradiction(fields, "44", "40", "which has no price")
    return steps(fields, "44", instrument.price.steps, tick(instrument))


def _not_one_of(tag: str, name: str, value: str, allowed: Iterable[str]) -> OrderFaultError:
    text = f"{name}({tag}) {value[:MAX_ID]} is not one of {', '.join(allowed)}"
    return OrderFaultError(UNSUPPORTED, text)
