"""How much money firms have traded in the last trading days: what the tiers of fees go by."""

from collections import deque
from collections.abc import Iterable
from fractions import Fraction

from msgspec import Struct

from venue.core.instrument import InstrumentSpec

DAYS = 30
MONEY_DIGITS = 36
"""Money is whole numbers of 10 ** -36 of its currency: tick and lot have up to 18 places each."""

Owner = tuple[str, str]
"""A firm and a currency."""


class DayVolume(Struct, array_like=True):
    """What was traded in a trading day, with the trade ids after `after` up to `last`: of each firm
    and currency the sum of price * quantity of its fills, in units of 10 ** -MONEY_DIGITS.
    """

    after: int
    last: int
    money: dict[Owner, int]


class Volumes:
    """The volumes of the last `DAYS` trading days, the present one not among them."""

    def __init__(self) -> None:
        self.days: deque[DayVolume] = deque(maxlen=DAYS)

    def past(self, firm: str, currency: str) -> Fraction:
        """What a firm has traded in a currency."""
        owner = firm, currency
        return Fraction(sum(day.money.get(owner, 0) for day in self.days), 10**MONEY_DIGITS)

    def end_day(
        self, after: int, last: int, traded: Iterable[tuple[str, InstrumentSpec, int]]
    ) -> None:
        """A day ends with the trade `last`, in which firms have traded so many tick-lots each."""
        money: dict[Owner, int] = {}
        for firm, spec, turnover in traded:
            owner = firm, spec.currency
            money[owner] = money.get(owner, 0) + turnover * tick_lot(spec)
        self.days.append(DayVolume(after, last, money))

    def change(self, trade_id: int, firm: str, spec: InstrumentSpec, turnover: int) -> None:
        """A firm has traded so many tick-lots more, with a trade of a day that is over."""
        owner = firm, spec.currency
        for day in self.days:
            if day.after < trade_id <= day.last:
                total = day.money.pop(owner, 0) + turnover * tick_lot(spec)
                if total:
                    day.money[owner] = total


def tick_lot(spec: InstrumentSpec) -> int:
    """What a tick-lot is worth, in units of 10 ** -MONEY_DIGITS."""
    return int(Fraction(spec.tick) * Fraction(spec.lot) * 10**MONEY_DIGITS)
