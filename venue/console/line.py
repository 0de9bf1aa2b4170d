"""The words of a typed line. Pure."""

from decimal import Decimal, InvalidOperation


class GrammarError(ValueError):
    """A line that is no command; its text is for the person who typed it."""


class Words:
    """The words of a line, taken one by one; a # that stands alone begins a comment."""

    def __init__(self, line: str) -> None:
        self.left = line.split()
        if "#" in self.left:
            del self.left[self.left.index("#") :]

    def next(self, expected: str) -> str:
        """Take a word; `expected` says what it should have been where there is none."""
        if not self.left:
            raise GrammarError(f"expected {expected} at the end of the line")
        return self.left.pop(0)

    def skip(self, *words: str) -> bool:
        """Take the next word if it is one of these."""
        if self.left and self.left[0].lower() in words:
            del self.left[0]
            return True
        return False

    def next_is_number(self) -> bool:
        """Tell whether a number comes next."""
        return bool(self.left) and _number(self.left[0]).is_finite()

    def number(self, expected: str) -> Decimal:
        word = self.next(expected)
        number = _number(word)
        if not number.is_finite():
            raise GrammarError(f"{word!r} is not {expected}")
        return number

    def next_is_order_number(self) -> bool:
        """Tell whether the number of an own order comes next."""
        return bool(self.left) and _is_digits(self.left[0].removeprefix("#"))

    def order_number(self) -> int:
        expected = "the number of an own order"
        word = self.next(expected).removeprefix("#")
        if not _is_digits(word):
            raise GrammarError(f"{word!r} is not {expected}")
        return int(word)

    def symbol(self, expected: str = "a symbol") -> str:
        word = self.next(expected)
        if not word.isascii():
            raise GrammarError(f"{word!r} is not {expected}")
        return word.upper()

    def symbols(self) -> tuple[str, ...]:
        symbols = [self.symbol()]
        while self.left:
            symbols.append(self.symbol())
        return tuple(symbols)

    def end(self) -> None:
        if self.left:
            raise GrammarError(f"{self.left[0]!r} is one word too many")


def _number(word: str) -> Decimal:
    try:
        return Decimal(word)
    except InvalidOperation:
        return Decimal("NaN")


def _is_digits(word: str) -> bool:
    return word.isascii() and word.isdigit()
