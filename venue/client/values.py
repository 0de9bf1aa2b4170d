"""Text of a field to a value; None where the field is absent."""

from collections.abc import Mapping
from decimal import Decimal

Values = Mapping[int, str]


def decimal_of(values: Values, tag: int) -> Decimal | None:
    value = values.get(tag)
    return None if value is None else Decimal(value)


def int_of(values: Values, tag: int) -> int | None:
    value = values.get(tag)
    return None if value is None else int(value)


def bool_of(values: Values, tag: int) -> bool | None:
    value = values.get(tag)
    return None if value is None else value == "Y"
