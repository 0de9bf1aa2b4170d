"""What a trade costs each side of it.

An amount is computed from exact fractions and rounded once, to the places of its rule.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import Struct

from venue.core.types import FeeBasis, FeeRounding, Liquidity

if TYPE_CHECKING:
    from venue.core.market import Market
    from venue.core.volumes import Volumes

FEE_DIGITS = 8
"""Fees are whole numbers of 10 ** -8 of their currency."""

ADDED = Liquidity.ADDED
REMOVED = Liquidity.REMOVED


class Fee(Struct, array_like=True, gc=False, frozen=True):
    """What one side of a trade pays, in units of 10 ** -FEE_DIGITS; a rebate is below 0."""

    amount: int
    currency: str


class FeeTier(Struct, array_like=True, frozen=True):
    """The rates from a volume of the last days on: basis points of the notional or money a unit,
    below 0 for a rebate. `auction` is for both sides of an auction's trades.
    """

    volume: Decimal
    maker: Decimal
    taker: Decimal
    auction: Decimal


class FeeRule(Struct, array_like=True, frozen=True):
    """What trades of a firm in an instrument cost, of all firms or in all instruments where those
    are "". The last of the `tiers` counts whose volume the firm has reached, from 0 on.

    What is charged for a fill is at least `minimum`. Amounts have `decimals` places, and are in
    `currency`, or the instrument's where that is "".
    """

    firm: str
    symbol: str
    basis: FeeBasis
    tiers: tuple[FeeTier, ...]
    minimum: Decimal
    decimals: int
    rounding: FeeRounding
    currency: str


class FeeSchedule(Struct, array_like=True, frozen=True):
    """What trades cost. Of the rules that fit, one for the firm and the instrument goes first, then
    one for the firm, then one for the instrument; without any, there is no fee.
    """

    rules: tuple[FeeRule, ...] = ()


class Rate(Struct, gc=False, frozen=True):
    """A fee of `numerator` / `denominator` steps of `step` units for a lot or a tick-lot, and of at
    least `minimum` units, None for a rebate.
    """

    by_lot: bool
    numerator: int
    denominator: int
    step: int
    minimum: int | None
    rounded: Callable[[int, int], int]
    currency: str

    def fee(self, qty: int, price: int) -> Fee:
        """What `qty` lots at `price` ticks cost."""
        size = qty if self.by_lot else abs(qty * price)
        amount = self.rounded(size * self.numerator, self.denominator) * self.step
        if self.minimum is not None and amount < self.minimum:
            amount = self.minimum
        return Fee(amount, self.currency)


class Fees:
    """Computes fees by the schedule in force; `schedule` is None while nothing costs anything."""

    def __init__(self, markets: "Mapping[str, Market]", volumes: "Volumes") -> None:
        self.schedule: FeeSchedule | None = None
        self._markets = markets
        self._volumes = volumes
        self._rates: dict[tuple[str, str, Liquidity], Rate | None] = {}

    def define(self, schedule: FeeSchedule) -> None:
        """Let trades cost so from now on."""
        self.schedule = schedule if schedule.rules else None
        self._rates.clear()

    def reread_volumes(self) -> None:
        """Let the volumes of the last days, which have changed, decide anew."""
        self._rates.clear()

    def charge(
        self, firm: str, symbol: str, liquidity: Liquidity, qty: int, price: int
    ) -> Fee | None:
        """What a firm pays for `qty` lots at `price` ticks, None where no rule fits."""
        key = firm, symbol, liquidity
        try:
            rate = self._rates[key]
        except KeyError:
            rate = self._rates[key] = self._rate(firm, symbol, liquidity)
        return None if rate is None else rate.fee(qty, price)

    def _rate(self, firm: str, symbol: str, liquidity: Liquidity) -> Rate | None:
        rule = self._rule(firm, symbol)
        if rule is None:
            return None
        spec = self._markets[symbol].instrument.spec
        tier = rule.tiers[0]
        if len(rule.tiers) > 1:
            volume = self._volumes.past(firm, spec.currency)
            tier = [each for each in rule.tiers if Fraction(each.volume) <= volume][-1]
        given = tier.auction
        if liquidity is ADDED or liquidity is REMOVED:
            given = tier.maker if liquidity is ADDED else tier.taker
        by_lot = rule.basis is FeeBasis.UNIT
        steps = Fraction(given) * Fraction(spec.lot) * 10**rule.decimals
        if not by_lot:
            steps *= Fraction(spec.tick) / 10_000
        return Rate(
            by_lot,
            steps.numerator,
            steps.denominator,
            10 ** (FEE_DIGITS - rule.decimals),
            int(Fraction(rule.minimum) * 10**FEE_DIGITS) if given > 0 else None,
            ROUNDED[rule.rounding],
            rule.currency or spec.currency,
        )

    def _rule(self, firm: str, symbol: str) -> FeeRule | None:
        """The rule that fits best."""
        rules = self.schedule.rules if self.schedule is not None else ()
        fitting = [
            rule for rule in rules if rule.firm in (firm, "") and rule.symbol in (symbol, "")
        ]
        return max(fitting, key=lambda rule: (rule.firm != "", rule.symbol != ""), default=None)


def _half_even(numerator: int, denominator: int) -> int:
    whole, rest = divmod(numerator, denominator)
    twice = 2 * rest
    return whole + (twice > denominator or (twice == denominator and whole & 1))


def _half_up(numerator: int, denominator: int) -> int:
    whole, rest = divmod(abs(numerator), denominator)
    whole += 2 * rest >= denominator
    return whole if numerator > 0 else -whole


def _half_down(numerator: int, denominator: int) -> int:
    whole, rest = divmod(abs(numerator), denominator)
    whole += 2 * rest > denominator
    return whole if numerator > 0 else -whole


def _ceiling(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def _floor(numerator: int, denominator: int) -> int:
    return numerator // denominator


def _up(numerator: int, denominator: int) -> int:
    return _ceiling(numerator, denominator) if numerator > 0 else numerator // denominator


def _down(numerator: int, denominator: int) -> int:
    return numerator // denominator if numerator > 0 else _ceiling(numerator, denominator)


ROUNDED: dict[FeeRounding, Callable[[int, int], int]] = {
    FeeRounding.HALF_EVEN: _half_even,
    FeeRounding.HALF_UP: _half_up,
    FeeRounding.HALF_DOWN: _half_down,
    FeeRounding.UP: _up,
    FeeRounding.DOWN: _down,
    FeeRounding.CEILING: _ceiling,
    FeeRounding.FLOOR: _floor,
}
"""A fraction, of any sign over one above 0, to the whole number that each rule makes of it."""
