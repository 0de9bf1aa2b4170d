"""What is said of an order's fields where they may not be what they are."""

from collections.abc import Callable

from venue.core.grid import LONGEST, OffGridError, TooLargeError
from venue.core.types import OrdRejReason
from venue.fix.message import Fields

MAX_ID = 64
"""The longest id or name that is taken from a client, in characters."""

NAMES = {
    "18": "ExecInst",
    "38": "OrderQty",
    "40": "OrdType",
    "44": "Price",
    "54": "Side",
    "59": "TimeInForce",
    "99": "StopPx",
    "110": "MinQty",
    "111": "MaxFloor",
    "126": "ExpireTime",
    "432": "ExpireDate",
    "1083": "DisplayWhen",
    "1084": "DisplayMethod",
    "1088": "RefreshQty",
    "1100": "TriggerType",
    "1101": "TriggerAction",
    "1102": "TriggerPrice",
    "1107": "TriggerPriceType",
    "1109": "TriggerPriceDirection",
    "1138": "DisplayQty",
    "2362": "SelfMatchPreventionID",
    "2964": "SelfMatchPreventionInstruction",
    "9362": "SelfMatchPreventionID",
    "9964": "SelfMatchPreventionInstruction",
}
INVALID_PRICE_INCREMENT = OrdRejReason.INVALID_PRICE_INCREMENT
INCORRECT_QUANTITY = OrdRejReason.INCORRECT_QUANTITY
UNSUPPORTED = OrdRejReason.UNSUPPORTED_ORDER_CHARACTERISTIC
OTHER = OrdRejReason.OTHER


class OrderFaultError(Exception):
    """The first thing wrong with an order: the code, and the field, its value and what it may be.

    It never leaves `venue.fix`.
    """

    def __init__(self, reason: OrdRejReason, text: str) -> None:
        super().__init__(text)
        self.reason = reason
        self.text = text


def told(fields: Fields, tag: str) -> str:
    """A field as it is named in a text: StopPx(99) 101."""
    value = fields.get(tag, "0" if tag == "59" else "")
    return f"{NAMES[tag]}({tag}) {value[:MAX_ID]}"


def contradiction(fields: Fields, tag: str, other: str, why: str = "") -> OrderFaultError:
    """Two fields that cannot both be meant."""
    text = f"{told(fields, tag)} contradicts {told(fields, other)}"
    return OrderFaultError(UNSUPPORTED, f"{text}, {why}" if why else text)


def missing(fields: Fields, tag: str, because: str) -> OrderFaultError:
    """A field that another one makes necessary."""
    return OrderFaultError(OTHER, f"{NAMES[tag]}({tag}) is required for {told(fields, because)}")


def unsupported(fields: Fields, tag: str, allowed: str) -> OrderFaultError:
    """A value that means something the venue does not do."""
    return OrderFaultError(UNSUPPORTED, f"{told(fields, tag)} is not {allowed}")


def said(fields: Fields, tag: str) -> bool:
    """Tell whether a number is there and is not 0."""
    return bool(fields.get(tag, "0").strip("0."))


def steps(
    fields: Fields, tag: str, to_steps: Callable[[str], int], step: str, least: int = 1
) -> int:
    """A price in ticks or a quantity in lots; `step` says what they are multiples of."""
    text = fields[tag]
    try:
        number = to_steps(text)
    except ValueError as error:
        raise _number_fault(fields, tag, step, error) from None
    if number < least:
        allowed = "greater than 0" if least else "at least 0"
        raise OrderFaultError(_reason(step), f"{told(fields, tag)} must be {allowed}")
    return number


def _number_fault(fields: Fields, tag: str, step: str, error: ValueError) -> OrderFaultError:
    shown = told(fields, tag)
    reason = _reason(step)
    if isinstance(error, OffGridError):
        if reason is OTHER:
            reason = INVALID_PRICE_INCREMENT
        return OrderFaultError(reason, f"{shown} is not a multiple of {step}")
    if isinstance(error, TooLargeError):
        return OrderFaultError(reason, f"{shown} is more than 2^53 times the {step}")
    text = f"{shown} is not a decimal number of at most {LONGEST} characters"
    return OrderFaultError(reason, text)


def _reason(step: str) -> OrdRejReason:
    return INCORRECT_QUANTITY if step.startswith("lot") else OTHER
