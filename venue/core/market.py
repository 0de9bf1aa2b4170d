"""One instrument's trading: its terms, its book, its last price, and what these refuse."""

from collections.abc import Iterator

from venue.core.book import Book
from venue.core.instrument import Instrument
from venue.core.order import Order
from venue.core.qualifiers import Qualifiers
from venue.core.types import OrdRejReason
from venue.core.waiting import Waiting

MOST_SLICES = 100
"""How often an iceberg may show itself: each slice is a match of its own."""

Refusal = tuple[OrdRejReason, str]
"""Why an order cannot be had: the code and a text that names field, value and limit."""


class Market:
    """`last_px` and `last_qty` are the last trade's, in ticks and lots; None before the first."""

    __slots__ = ("book", "instrument", "last_px", "last_qty", "waiting")

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.book = Book()
        self.waiting = Waiting()
        self.last_px: int | None = None
        self.last_qty: int | None = None

    def orders(self) -> Iterator[Order]:
        """Every live order: those that rest and those that wait."""
        for side in (self.book.bids, self.book.offers):
            for level in side:
                yield from level
        yield from self.waiting.orders.values()

    def refuses(self, qty: int, price: int | None, stop_px: int | None = None) -> Refusal | None:
        """Check OrderQty(38) in lots and Price(44) in ticks against the instrument's limits.

        The collar is around the last trade, or for an order with a trigger around that.
        """
        instrument = self.instrument
        if not instrument.min_lots <= qty <= instrument.max_lots:
            return self._quantity_refusal(qty)
        if price is not None:
            centre = instrument.reference_ticks if self.last_px is None else self.last_px
            if stop_px is not None:
                centre = stop_px
            width = instrument.collar(centre)
            if not -width <= price - centre <= width:
                return self._collar_refusal(price, centre, stop_px is not None)
        return None

    def refuses_display(self, qty: int, qualifiers: Qualifiers) -> Refusal | None:
        """Check that an iceberg does not trade in too many slices."""
        for name, shown_qty in (
            ("DisplayQty(1138)", qualifiers.display_qty),
            ("RefreshQty(1088)", qualifiers.refresh_qty),
        ):
            if qualifiers.display_qty and shown_qty * MOST_SLICES < qty:
                text = self.instrument.qty.text
                return OrdRejReason.INCORRECT_QUANTITY, (
                    f"{name} {text(shown_qty)} is less than a {MOST_SLICES}th of"
                    f" OrderQty(38) {text(qty)}"
                )
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

    def _collar_refusal(self, price: int, centre: int, triggered: bool) -> Refusal:
        instrument = self.instrument
        text = instrument.price.text
        width = instrument.collar(centre)
        source = "reference price" if self.last_px is None else "last trade"
        source = "trigger price" if triggered else source
        return (
            OrdRejReason.PRICE_EXCEEDS_BAND,
            f"Price(44) {text(price)} is outside the collar {text(centre - width)} to"
            f" {text(centre + width)}, {instrument.spec.collar_percent:f} % around the {source}"
            f" {text(centre)}",
        )
