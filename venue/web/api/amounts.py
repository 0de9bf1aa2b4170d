"""Numbers, days and names of requests: what they may be, exactly, and how OpenAPI says it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from venue.web.api.strict_json import JsonNumber

_PLAIN = r"[0-9]{1,18}(\.[0-9]{1,18})?"
_EXPONENT = re.compile(rf"-?{_PLAIN}([eE][+-]?[0-9]{{1,2}})?", re.ASCII)
_MOST = 10**18
_WHOLE = re.compile("-?[0-9]{1,18}", re.ASCII)
_DAY = re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT = re.compile(
    r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)


def wrong(expected: str) -> PydanticCustomError:
    """The error of a value that is not `expected`; `validation.py` makes the rest of it."""
    return PydanticCustomError("expected", "{expected}", {"expected": expected})


def _digits(value: Any) -> Any:
    if type(value) is str and not _WHOLE.fullmatch(value):
        raise wrong("a whole number")
    return value


Count = Annotated[int, BeforeValidator(_digits), Field(ge=1, le=1_000)]
"""Of a query: digits, and nothing that would have to be converted."""


def _decimal(sign: str, least: int) -> tuple[Callable[[Any], Decimal], dict[str, Any]]:
    pattern = re.compile(sign + _PLAIN, re.ASCII)
    negative = "" if least == 0 else ", maybe with a minus"
    expected = (
        f'a plain decimal as text, "1.25" for example{negative}, with at most 18 digits on either'
        " side of the point, or a JSON integer"
    )

    def exact(value: Any) -> Decimal:
        if type(value) is int and least <= value < _MOST:
            return Decimal(value)
        if type(value) is str and pattern.fullmatch(value):
            return Decimal(value)
        raise wrong(expected)

    schema = {
        "anyOf": [
            {"type": "string", "pattern": f"^{sign}{_PLAIN}$"},
            {"type": "integer", "minimum": least, "maximum": _MOST - 1},
        ]
    }
    return exact, schema


def _any_number(value: Any) -> Decimal:
    if type(value) is int and -_MOST < value < _MOST:
        return Decimal(value)
    text = value.text if isinstance(value, JsonNumber) else value
    if type(text) is str and _EXPONENT.fullmatch(text):
        number = Decimal(text)
        exponent = number.as_tuple().exponent
        if number.adjusted() < 18 and isinstance(exponent, int) and exponent >= -18:
            return number
    raise wrong("a decimal with at most 18 digits on either side of the point")


def expiry(value: Any) -> date | datetime:
    """A day, or a moment with its time zone."""
    try:
        if type(value) is str and _DAY.fullmatch(value):
            return date.fromisoformat(value)
        if type(value) is str and _MOMENT.fullmatch(value):
            return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise wrong('a day, "2027-01-31", or a moment with its time zone, "2027-01-31T16:00:00Z"')


_quantity, _quantity_schema = _decimal("", 0)
_price, _price_schema = _decimal("-?", 1 - _MOST)

Quantity = Annotated[Decimal, PlainValidator(_quantity), WithJsonSchema(_quantity_schema)]
Price = Annotated[Decimal, PlainValidator(_price), WithJsonSchema(_price_schema)]
AnyNumber = Annotated[
    Decimal,
    PlainValidator(_any_number),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": f"^-?{_PLAIN}$"}, {"type": "number"}]}),
]
"""As existing programs send them: text or any JSON number, taken as it was written."""
Expires = Annotated[
    date | datetime,
    PlainValidator(expiry),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": kind} for kind in ("date", "date-time")]}
    ),
]
Symbol = Annotated[str, Field(pattern="^[!-~]{1,32}$", examples=["BTC-USD"])]
Name = Annotated[str, Field(pattern="^[!-~]{1,32}$")]
Account = Annotated[str, Field(pattern="^[!-~]{1,64}$")]
ClientOrderId = Annotated[
    str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9._:~-]{0,63}$", examples=["my-order-1"])
]
AnyOrderId = Annotated[str, Field(pattern="^[!-~]{1,64}$", examples=["my-order-1"])]
"""An id of an order that something else may have placed."""
