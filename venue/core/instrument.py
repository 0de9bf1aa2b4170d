"""What may be traded, and on which grid."""

from collections.abc import Callable
from decimal import Decimal

from msgspec import Struct

from venue.core.grid import Grid, Memo


class InstrumentSpec(Struct, frozen=True, array_like=True):
    """An instrument as configured: prices and quantities as exact decimals.

    `tick` and `lot` are the smallest steps of price and quantity; `collar_percent` bounds a limit
    price to that distance from the last trade or, before the first, from `reference_price`.
    """

    symbol: str
    tick: Decimal
    lot: Decimal
    reference_price: Decimal
    min_qty: Decimal
    max_qty: Decimal
    collar_percent: Decimal
    currency: str


class Instrument:
    """An instrument ready for trading: prices in ticks, quantities in lots.

    `collar(centre)` is how many whole ticks a price may be away from `centre`.
    """

    __slots__ = (
        "collar",
        "max_lots",
        "min_lots",
        "price",
        "qty",
        "reference_ticks",
        "spec",
        "symbol",
    )

    def __init__(self, spec: InstrumentSpec) -> None:
        """Raise `ValueError` (`OffGridError`) where the spec's own numbers are off its grid."""
        self.spec = spec
        self.symbol = spec.symbol
        self.price = Grid(spec.tick)
        self.qty = Grid(spec.lot)
        self.reference_ticks = self.price.steps(f"{spec.reference_price:f}")
        self.min_lots = self.qty.steps(f"{spec.min_qty:f}")
        self.max_lots = self.qty.steps(f"{spec.max_qty:f}")
        numerator, denominator = (spec.collar_percent / Decimal(100)).as_integer_ratio()
        collars = Memo[int, int](lambda centre: centre * numerator // denominator)
        self.collar: Callable[[int], int] = collars.__getitem__

    def avg_px(self, notional: int, cum_qty: int) -> str:
        """AvgPx(6) of `cum_qty` lots that cost `notional` tick-lots; "0" before the first fill."""
        if not cum_qty:
            return "0"
        ticks, rest = divmod(notional, cum_qty)
        return self.price.ratio(notional, cum_qty) if rest else self.price.text(ticks)
