"""How far from the trades before it a trade may be: limit-up and limit-down.

A market order never trades beyond the collar that bounds limit prices. Nobody trades beyond the
dynamic collar, around the last trade, or the static one, around the last auction's price: who
would interrupts the market, as with the price ranges of Xetra's market model.
"""

from typing import NamedTuple

from venue.core.instrument import Instrument


class Collar(NamedTuple):
    """Trades from `low` to `high` ticks are allowed; who would trade beyond interrupts the market,
    if it `interrupts`.
    """

    name: str
    low: int
    high: int
    interrupts: bool

    def text(self, instrument: Instrument, price: int) -> str:
        """Why there is no trade at `price`."""
        low, high, at = map(instrument.price.text, (self.low, self.high, price))
        return f"a trade at {at} would leave the {self.name} {low} to {high}"


def forbidding(found: list[Collar], price: int) -> Collar | None:
    """The first collar that allows no trade at `price`."""
    return next((each for each in found if not each.low <= price <= each.high), None)


def collars(
    instrument: Instrument, last_px: int | None, auction_px: int | None, priced: bool
) -> list[Collar]:
    """What bounds the trades of the next order, `priced` or not.

    `last_px` and `auction_px` are the last trade's and the last auction's, None before the first.
    """
    reference = instrument.reference_ticks
    last = reference if last_px is None else last_px
    found = []
    if instrument.dynamic_collar is not None:
        width = instrument.dynamic_collar(last)
        found.append(Collar("dynamic collar", last - width, last + width, True))
    if instrument.static_collar is not None:
        centre = reference if auction_px is None else auction_px
        width = instrument.static_collar(centre)
        found.append(Collar("static collar", centre - width, centre + width, True))
    if not priced:
        width = instrument.collar(last)
        found.append(Collar("collar", last - width, last + width, False))
    return found
