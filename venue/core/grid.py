"""Text to whole steps and back: the only place where a decimal number becomes an integer.

Prices are whole ticks, quantities whole lots, positions in between do not exist inside the venue.
All arithmetic is on integers, so nothing here can round.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

LARGEST = 2**53
"""No price in ticks or quantity in lots exceeds this: clients may hold numbers as doubles."""

LONGEST = 40
"""Characters of a number, its needless zeros included."""

_NUMBER = re.compile(r"(-?)([0-9]*)(?:\.([0-9]*))?")
_MEMO_SIZE = 1 << 14
"""An instrument has five memos: full ones take 2 MB each, and half a millisecond to be emptied."""

K = TypeVar("K")
V = TypeVar("V")


class OffGridError(ValueError):
    """The text is a number, but not a whole multiple of the step."""


class TooLargeError(ValueError):
    """The number has more steps than `LARGEST`."""


class Memo(dict[K, V]):
    """A dict that computes what it misses and forgets everything when it is full."""

    def __init__(self, compute: Callable[[K], V]) -> None:
        self.compute = compute

    def __missing__(self, key: K) -> V:
        if len(self) >= _MEMO_SIZE:
            self.clear()
        value = self[key] = self.compute(key)
        return value


class Grid:
    """The multiples of one decimal step.

    `steps(text)` gives the integer of a FIX decimal (no exponent, no sign but minus) and raises
    `OffGridError`, `TooLargeError`, or plain `ValueError` where the text is no number.
    `text(steps)` is its shortest decimal.
    """

    def __init__(self, step: Decimal) -> None:
        if not step.is_finite() or step <= 0:
            raise ValueError(f"step {step} is not a positive number")
        _, digits, exponent = step.as_tuple()
        assert isinstance(exponent, int)
        self.step = step
        self._decimals = max(0, -exponent)
        self._units = int("".join(map(str, digits))) * 10 ** max(0, exponent)
        self.steps: Callable[[str], int] = Memo(self._parse).__getitem__
        self.text: Callable[[int], str] = Memo(self._format).__getitem__

    def _parse(self, text: str) -> int:
        match = _NUMBER.fullmatch(text)
        if match is None or not (match[2] or match[3]):
            raise ValueError(f"{text[:LONGEST]} is not a decimal number")
        if len(text) > LONGEST:
            raise ValueError(f"{text[:LONGEST]} ... is too long a number")
        whole, fraction = match[2], (match[3] or "").rstrip("0")
        missing = self._decimals - len(fraction)
        if missing < 0:
            raise OffGridError(text)
        steps: int
        steps, rest = divmod(int((whole or "0") + fraction) * 10**missing, self._units)
        if rest:
            raise OffGridError(text)
        if steps > LARGEST:
            raise TooLargeError(text)
        return -steps if match[1] else steps

    def _format(self, steps: int) -> str:
        return format_units(steps * self._units, self._decimals)

    def ratio(self, numerator: int, denominator: int, decimals: int = 6) -> str:
        """`numerator / denominator` steps as text, rounded half even `decimals` places below the
        step.
        """
        places = self._decimals + decimals
        scaled = numerator * self._units * 10**decimals
        whole, rest = divmod(scaled, denominator)
        if rest * 2 > denominator or (rest * 2 == denominator and whole % 2):
            whole += 1
        return format_units(whole, places)


def format_units(units: int, decimals: int) -> str:
    """`units / 10**decimals` as its shortest decimal text."""
    if not decimals:
        return str(units)
    digits = str(abs(units)).rjust(decimals + 1, "0")
    text = f"{digits[:-decimals]}.{digits[-decimals:]}".rstrip("0").rstrip(".")
    return f"-{text}" if units < 0 else text
