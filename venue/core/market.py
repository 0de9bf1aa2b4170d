"""One instrument's trading: its terms, phase, book and last price, and what these refuse."""

from collections.abc import Iterator

from venue.core.book import Book, Level
from venue.core.instrument import Instrument
from venue.core.order import Order
from venue.core.qualifiers import PLAIN, Qualifiers
from venue.core.statistics import Statistics
from venue.core.types import (
    CALLS,
    TRIGGERED,
    OrdRejReason,
    OrdType,
    Side,
    TimeInForce,
    TradingPhase,
    TriggerPriceType,
)
from venue.core.waiting import Waiting, watched

AT_ONCE = frozenset({TimeInForce.IOC, TimeInForce.FOK})
OPENING = frozenset({TradingPhase.PRE_OPEN, TradingPhase.OPENING_AUCTION})
MOST_SLICES = 100
"""How often an iceberg may show itself: each slice is a match of its own."""

Refusal = tuple[OrdRejReason, str]
"""Why an order cannot be had: the code and a text that names field, value and limit."""


class Market:
    """`last_px` and `last_qty` are the last trade's, in ticks and lots, `auction_px` the price of
    the last auction; None before the first.

    `phase` is what the instrument is in, `scheduled` what it would be in were it not `halted` or
    interrupted; trading is `open` while a listed instrument's phase is continuous. `call` is
    the one whose orders were collected and not matched yet, so that the book may be crossed and
    nobody is shown it; `unpriced` are the market orders among them, by OrderID(37), the oldest
    first. Day orders expire at its close if it `is_scheduled`, else with the venue's trading day.
    """

    __slots__ = (
        "auction_px",
        "book",
        "call",
        "halted",
        "instrument",
        "is_scheduled",
        "last_px",
        "last_qty",
        "listed",
        "open",
        "phase",
        "scheduled",
        "statistics",
        "unpriced",
        "waiting",
    )

    def __init__(self, instrument: Instrument, touched: set[Level] | None = None) -> None:
        """The book's changes go to `touched`."""
        self.instrument = instrument
        self.book = Book(instrument.symbol, set() if touched is None else touched)
        self.waiting = Waiting()
        self.unpriced: dict[int, Order] = {}
        self.last_px: int | None = None
        self.last_qty: int | None = None
        self.auction_px: int | None = None
        self.statistics = Statistics()
        self.listed = True
        self.halted = False
        self.call: TradingPhase | None = None
        self.is_scheduled = False
        self.scheduled = self.phase = TradingPhase.CONTINUOUS
        self.open = True

    def enter(self, phase: TradingPhase) -> None:
        """Be in `phase`; whoever calls has seen to what the last one has left."""
        self.phase = phase
        self.open = self.listed and phase is TradingPhase.CONTINUOUS
        if phase in CALLS:
            self.call = phase
        elif phase is not TradingPhase.HALT:
            self.call = None

    @property
    def collected(self) -> bool:
        """Whether there is a book that nobody is shown."""
        return self.call is not None

    def orders(self) -> Iterator[Order]:
        """Every live order: those that rest, those for an auction and those that wait."""
        for side in (self.book.bids, self.book.offers):
            for level in side:
                yield from level
        yield from self.unpriced.values()
        yield from self.waiting.orders.values()

    def quote(self, time: int) -> None:
        """Let the statistics know the best prices of open trading, as they are from `time` on."""
        book, gap = self.book, None
        bid, offer = book.bids.best, book.offers.best
        if bid is not None and offer is not None and self.open:
            gap = offer.price - bid.price
        if gap != self.statistics.gap:
            self.statistics.quote(time, gap)

    def check(self) -> None:
        """Assert every invariant of the market. O(orders)."""
        self.book.check(self.collected)
        self.waiting.check()
        assert self.open is (self.listed and self.phase is TradingPhase.CONTINUOUS)
        assert self.collected or not self.unpriced, "a market order rests"
        for order_id, order in self.unpriced.items():
            assert order.order_id == order_id and order.live and order.working
            assert order.level is None and order.price is None

    def is_closed(self) -> Refusal | None:
        """Why no order can be entered or changed in this phase."""
        symbol, phase = self.instrument.symbol, self.phase
        if not self.listed:
            return OrdRejReason.UNKNOWN_SYMBOL, f"Symbol(55) {symbol} is delisted"
        if not self.open and phase not in CALLS:
            return OrdRejReason.EXCHANGE_CLOSED, f"Symbol(55) {symbol} is in phase {phase.text}"
        return None

    def refuses_terms(
        self, ord_type: OrdType, time_in_force: TimeInForce, qualifiers: Qualifiers | None
    ) -> Refusal | None:
        """Why such an order cannot be entered in this phase."""
        symbol, phase = self.instrument.symbol, self.phase
        if time_in_force is TimeInForce.AT_THE_OPENING and phase not in OPENING:
            text = f"TimeInForce(59) 2: {symbol} is in phase {phase.text}"
            return OrdRejReason.TOO_LATE_TO_ENTER, text
        if self.open:
            return None
        terms, waits = qualifiers or PLAIN, ord_type in TRIGGERED
        for given, name in (
            (time_in_force in AT_ONCE, f"TimeInForce(59) {time_in_force}"),
            (terms.min_qty and not waits, "MinQty(110)"),
            (terms.post_only is not None, "ExecInst(18) 6"),
        ):
            if given:
                text = f"{name}: {symbol} is in phase {phase.text}"
                return OrdRejReason.EXCHANGE_CLOSED, text
        return None

    def refuses(self, qty: int, price: int | None, stop_px: int | None = None) -> Refusal | None:
        """Check OrderQty(38) in lots and Price(44) in ticks against the instrument's limits.

        The collar is around the last trade, or for an order that waits for `stop_px` around that.
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

    def awaited(self, side: Side, ord_type: OrdType, qualifiers: Qualifiers) -> int | None:
        """The trigger price that such an order waits for, None where the market has come to it."""
        trigger = qualifiers.stop_px
        if trigger is None:
            return None
        price_type, quoted, rises = watched(side, ord_type, qualifiers.trigger_price_type)
        price = self.last_px
        if price_type is TriggerPriceType.BEST_QUOTE:
            best = self.book.side(quoted).best if self.open else None
            price = None if best is None else best.price
        is_there = price is not None and (price >= trigger if rises else price <= trigger)
        return None if is_there else trigger

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
