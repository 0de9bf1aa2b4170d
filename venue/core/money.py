"""Money as whole numbers, so that what is open in any instruments of a currency adds up exactly."""

from decimal import Decimal
from fractions import Fraction

from venue.core.grid import format_units
from venue.core.instrument import Instrument


class Money:
    """Amounts of a currency: whole numbers of 10 ** -`digits`.

    No more digits than tick-lots need: small numbers are added and compared faster.
    """

    __slots__ = ("currency", "digits")

    def __init__(self, currency: str, digits: int) -> None:
        self.currency, self.digits = currency, digits

    def unit(self, instrument: Instrument) -> int:
        """A tick-lot as money; `AssertionError` where that is finer."""
        unit: Fraction = tick_lot(instrument) * 10**self.digits
        assert unit.denominator == 1
        return unit.numerator

    def floor(self, amount: Decimal) -> int:
        """The most money that is no more than `amount`."""
        most: int = Fraction(amount) * 10**self.digits // 1
        return most

    def text(self, money: int) -> str:
        return f"{format_units(money, self.digits)} {self.currency}"

    def amount_text(self, amount: Decimal) -> str:
        """Any amount, however many digits it has."""
        exponent = amount.as_tuple().exponent
        assert isinstance(exponent, int)
        digits = max(0, -exponent)
        return Money(self.currency, digits).text(int(Fraction(amount) * 10**digits))


def tick_lot(instrument: Instrument) -> Fraction:
    """What one lot costs at a price of one tick."""
    return Fraction(instrument.spec.tick) * Fraction(instrument.spec.lot)


def digits_of(instrument: Instrument) -> int:
    """How many decimals the money of an instrument has."""
    amount, digits = tick_lot(instrument), 0
    while (amount * 10**digits).denominator != 1:
        digits += 1
    return digits
