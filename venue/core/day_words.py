"""The numbers of a trading day as text, by name: what `venue statistics` and SecurityStatus (f)
tell.
"""

from decimal import Context
from fractions import Fraction

from venue.core.grid import Grid
from venue.core.instrument import Instrument
from venue.core.statistics import Statistics

_exact = Context(prec=100)


def day_words(instrument: Instrument, day: Statistics, now: int) -> dict[str, str]:
    """What there is of `day` at `now`, in nanoseconds since 1970 UTC; a price that there is none of
    is left out.

    Prices, quantities and turnover are exact decimals. What is a quotient is rounded half to even
    six places below the tick; volatility has 12 digits.
    """
    price, qty, spec = instrument.price.text, instrument.qty.text, instrument.spec
    words = {
        "trades": str(day.trades),
        "volume": qty(day.volume),
        "auction_volume": qty(day.auction_volume),
        "turnover": Grid(_exact.multiply(spec.tick, spec.lot)).text(day.turnover),
    }
    for name in ("open", "high", "low", "last", "close", "prior_close"):
        ticks: int | None = getattr(day, name)
        if ticks is not None:
            words[name] = price(ticks)
    ratios = {"vwap": day.vwap, "twap": day.twap(now), "spread": day.spread(now)}
    for name, ratio in ratios.items():
        if ratio is not None:
            words[name] = _ratio(instrument, ratio)
    for window in day.windows:
        volatility = day.volatility(window, now)
        if volatility is not None:
            words[f"volatility_{window}"] = f"{volatility:.12g}"
    return words


def _ratio(instrument: Instrument, ticks: Fraction) -> str:
    return instrument.price.ratio(ticks.numerator, ticks.denominator)
