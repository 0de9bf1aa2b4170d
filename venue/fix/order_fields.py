"""What the fields of an order may be on the wire, and what is said of them where they may not.

Parsing is optimistic: `venue.fix.inbound` converts, and asks for the `fault` only where that fails.
"""

from collections.abc import Callable

from venue.core.grid import LONGEST, OffGridError, TooLargeError
from venue.core.instrument import Instrument
from venue.core.types import OrdRejReason, OrdType, Side, TimeInForce
from venue.fix.message import Fields

SIDES = {side.value: side for side in Side}
ORD_TYPES = {ord_type.value: ord_type for ord_type in OrdType}
TIMES_IN_FORCE = {tif.value: tif for tif in TimeInForce}
MAX_ID = 64
"""The longest id or name that is taken from a client, in characters."""

UNSUPPORTED = {
    "18": "ExecInst",
    "99": "StopPx",
    "110": "MinQty",
    "111": "MaxFloor",
    "126": "ExpireTime",
    "152": "CashOrderQty",
    "168": "EffectiveTime",
    "211": "PegOffsetValue",
    "388": "DiscretionInst",
    "432": "ExpireDate",
}
"""Fields that would change what an order means: refused rather than ignored, unless they say 0."""

Fault = tuple[OrdRejReason, str]


def fault(fields: Fields, instrument: Instrument | None) -> Fault | None:
    """The first thing wrong with an order: the code, and the field, its value and what it may
    be.
    """
    symbol = fields.get("55", "")[:MAX_ID]
    if instrument is None:
        return OrdRejReason.UNKNOWN_SYMBOL, f"Symbol(55) {symbol} is not traded here"
    return (
        _terms_fault(fields)
        or _qty_fault(fields, instrument)
        or _price_fault(fields, instrument)
        or _currency_fault(fields, instrument)
    )


def _terms_fault(fields: Fields) -> Fault | None:
    unsupported = OrdRejReason.UNSUPPORTED_ORDER_CHARACTERISTIC
    for tag, name, allowed in (
        ("54", "Side", SIDES.keys()),
        ("40", "OrdType", ORD_TYPES.keys()),
        ("59", "TimeInForce", TIMES_IN_FORCE.keys()),
    ):
        value = fields.get(tag, "0" if tag == "59" else "")
        if value not in allowed:
            return unsupported, f"{name}({tag}) {value[:MAX_ID]} is not one of {', '.join(allowed)}"
    for tag, name in UNSUPPORTED.items():
        value = fields.get(tag, "0")
        if value.strip("0.") or not value:
            return unsupported, f"{name}({tag}) {value[:MAX_ID]} is not supported"
    return None


def _qty_fault(fields: Fields, instrument: Instrument) -> Fault | None:
    if "38" not in fields:
        return OrdRejReason.INCORRECT_QUANTITY, "OrderQty(38) is required"
    lot = f"lot {instrument.spec.lot:f}"
    problem = _number_fault(fields["38"], instrument.qty.steps, lot)
    return problem and (OrdRejReason.INCORRECT_QUANTITY, f"OrderQty(38) {problem[1]}")


def _price_fault(fields: Fields, instrument: Instrument) -> Fault | None:
    if fields["40"] == OrdType.MARKET:
        if "44" not in fields:
            return None
        text = f"Price(44) {fields['44'][:MAX_ID]} contradicts OrdType(40) 1, which has no price"
        return OrdRejReason.UNSUPPORTED_ORDER_CHARACTERISTIC, text
    if "44" not in fields:
        return OrdRejReason.OTHER, f"Price(44) is required for OrdType(40) {fields['40']}"
    tick = f"tick {instrument.spec.tick:f}"
    problem = _number_fault(fields["44"], instrument.price.steps, tick)
    return problem and (problem[0], f"Price(44) {problem[1]}")


def _number_fault(text: str, steps: Callable[[str], int], step: str) -> Fault | None:
    shown = text[:MAX_ID]
    try:
        if steps(text) > 0:
            return None
        return OrdRejReason.OTHER, f"{shown} must be greater than 0"
    except OffGridError:
        return OrdRejReason.INVALID_PRICE_INCREMENT, f"{shown} is not a multiple of {step}"
    except TooLargeError:
        return OrdRejReason.OTHER, f"{shown} is more than 2^53 times the {step}"
    except ValueError:
        return (
            OrdRejReason.OTHER,
            f"{shown} is not a decimal number of at most {LONGEST} characters",
        )


def _currency_fault(fields: Fields, instrument: Instrument) -> Fault | None:
    currency = instrument.spec.currency
    if fields.get("15", currency) == currency:
        return None
    text = f"Currency(15) {fields['15'][:MAX_ID]} is not {currency}, the one of {instrument.symbol}"
    return OrdRejReason.OTHER, text
