"""What may be traded, and on which grid."""

from collections.abc import Callable
from decimal import Context, Decimal

from msgspec import Struct

from venue.core.grid import Grid, Memo

MAIN_MARKET = "MAIN"
"""The market of instruments that name none: open around the clock, if it has no schedule."""
_exact = Context(prec=100)


class InstrumentSpec(Struct, frozen=True, array_like=True):
    """An instrument as configured: prices and quantities as exact decimals.

    `tick` and `lot` are the smallest steps of price and quantity; `collar_percent` bounds a limit
    price, and how far a market order trades, to that distance from the last trade or, before the
    first, from `reference_price`. No trade is further than `dynamic_collar_percent` from the last
    one, nor than `static_collar_percent` from the last auction's price or before one from
    `reference_price`, where they are given: it is interrupted by an auction of
    `interruption_seconds` and up to `interruption_random_seconds` more, or where those are 0 the
    rest of the order is canceled. `market` names the market whose phases it is in.
    """

    symbol: str
    tick: Decimal
    lot: Decimal
    reference_price: Decimal
    min_qty: Decimal
    max_qty: Decimal
    collar_percent: Decimal
    currency: str
    market: str = MAIN_MARKET
    security_type: str = ""
    dynamic_collar_percent: Decimal | None = None
    static_collar_percent: Decimal | None = None
    interruption_seconds: int = 0
    interruption_random_seconds: int = 0


FIXED_TERMS = ("tick", "lot", "currency")
"""Terms that never change: prices, quantities and money are counted in them."""


class Instrument:
    """An instrument ready for trading: prices in ticks, quantities in lots.

    `collar(centre)` is how many whole ticks a price may be away from `centre`; `dynamic_collar` and
    `static_collar` are so for trades, None where there is none, `bounds_trades` tells whether there
    is either. `money` is the decimal text of tick-lots.
    """

    __slots__ = (
        "bounds_trades",
        "collar",
        "dynamic_collar",
        "max_lots",
        "min_lots",
        "money",
        "price",
        "qty",
        "reference_ticks",
        "spec",
        "static_collar",
        "symbol",
    )

    def __init__(self, spec: InstrumentSpec) -> None:
        """Raise `ValueError` (`OffGridError`) where the spec's own numbers are off its grid."""
        self.spec = spec
        self.symbol = spec.symbol
        self.price = Grid(spec.tick)
        self.qty = Grid(spec.lot)
        self.money = Grid(_exact.multiply(spec.tick, spec.lot)).text
        self.reference_ticks = self.price.steps(f"{spec.reference_price:f}")
        self.min_lots = self.qty.steps(f"{spec.min_qty:f}")
        self.max_lots = self.qty.steps(f"{spec.max_qty:f}")
        self.collar = _width(spec.collar_percent)
        dynamic, static = spec.dynamic_collar_percent, spec.static_collar_percent
        self.dynamic_collar = None if dynamic is None else _width(dynamic)
        self.static_collar = None if static is None else _width(static)
        self.bounds_trades = dynamic is not None or static is not None

    def avg_px(self, notional: int, cum_qty: int) -> str:
        """AvgPx(6) of `cum_qty` lots that cost `notional` tick-lots; "0" before the first fill."""
        if not cum_qty:
            return "0"
        ticks, rest = divmod(notional, cum_qty)
        return self.price.ratio(notional, cum_qty) if rest else self.price.text(ticks)


def _width(percent: Decimal) -> Callable[[int], int]:
    """How many whole ticks are `percent` of a price in ticks."""
    numerator, denominator = (percent / Decimal(100)).as_integer_ratio()
    return Memo[int, int](lambda centre: centre * numerator // denominator).__getitem__
