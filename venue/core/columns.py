"""Many values of a kind in few bytes, and back: what makes an image of a million orders small."""

from array import array
from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

V = TypeVar("V", bound=Hashable)

WIDTHS = (("b", 7), ("h", 15), ("i", 31), ("q", 63))
"""Codes of `array`, and the bits of an integer each has beside the sign."""


class Ints(Struct, array_like=True, frozen=True):
    """Integers: an `array` of kind `code`, or decimal text where they do not fit in 64 bits."""

    code: str
    body: bytes


class Choices(Struct, Generic[V], array_like=True, frozen=True):
    """Values of which many are equal: each one once, and where each stands in that list."""

    values: list[V]
    places: Ints


def pack(values: Sequence[int]) -> Ints:
    """The same integers in as few bytes each as the largest needs."""
    low, high = min(values, default=0), max(values, default=0)
    for code, bits in WIDTHS:
        if -(1 << bits) <= low and high < 1 << bits:
            return Ints(code, array(code, values).tobytes())
    return Ints("", " ".join(map(str, values)).encode())


def unpack(ints: Ints) -> Sequence[int]:
    if not ints.code:
        return list(map(int, ints.body.split()))
    values = array(ints.code)
    values.frombytes(ints.body)
    return values


def choose(values: Collection[V]) -> Choices[V]:
    """The same values, each different one once."""
    known = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return Choices(list(known), pack(list(map(known.__getitem__, values))))


def chosen(choices: Choices[V]) -> Iterable[V]:
    """The values again; equal ones are the same object."""
    return map(choices.values.__getitem__, unpack(choices.places))
