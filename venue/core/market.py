"""One instrument's trading: its terms, its book, its last price, and what these refuse."""

from venue.core.book import Book
from venue.core.instrument import Instrument
from venue.core.types import OrdRejReason

Refusal = tuple[OrdRejReason, str]
"""Why an order cannot be had: the code and a text that names field, value and limit."""


class Market:
    """`last_px` and `last_qty` are the last trade's, in ticks and lots; None before the first."""

    __slots__ = ("book", "instrument", "last_px", "last_qty")

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.book = Book()
        self.last_px: int | None = None
        self.last_qty: int | None = None

    def refuses(self, qty: int, price: int | None) -> Refusal | None:
        """Check OrderQty(38) in lots and Price(44) in ticks against the instrument's limits."""
        instrument = self.instrument
        if not instrument.min_lots <= qty <= instrument.max_lots:
            return self._quantity_refusal(qty)
        if price is not None:
            centre = instrument.reference_ticks if self.last_px is None else self.last_px
            if (
                abs(price - centre) * instrument.collar_denominator
                > centre * instrument.collar_numerator
            ):
                return self._collar_refusal(price, centre)
        return None

    def _quantity_refusal(self, qty: int) -> Refusal:
        text = self.instrument.qty.text
        bound, limit = (
            ("below the minimum", self.instrument.min_lots)
            if qty < self.instrument.min_lots
            else ("above the maximum", self.instrument.max_lots)
        )
        return (
            OrdRejReason.INCORRECT_QUANTITY,
            f"OrderQty(38) {text(qty)} is {bound} {text(limit)} of {self.instrument.symbol}",
        )

    def _collar_refusal(self, price: int, centre: int) -> Refusal:
        instrument = self.instrument
        text = instrument.price.text
        width = centre * instrument.collar_numerator // instrument.collar_denominator
        source = "reference price" if self.last_px is None else "last trade"
        return (
            OrdRejReason.PRICE_EXCEEDS_BAND,
            f"Price(44) {text(price)} is outside the collar {text(centre - width)} to"
            f" {text(centre + width)}, {instrument.spec.collar_percent:f} % around the {source}"
            f" {text(centre)}",
        )
