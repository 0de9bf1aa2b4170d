"""What market data reads of the venue. Prices are ticks, quantities lots, as they are shown."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Protocol

from venue.core.types import Side


class DayFigures(Protocol):
    """An instrument's trading day; what there is not yet is None."""

    @property
    def open(self) -> int | None: ...
    @property
    def high(self) -> int | None: ...
    @property
    def low(self) -> int | None: ...
    @property
    def vwap(self) -> Fraction | None: ...

    close: int | None
    volume: int


class Outlook(Protocol):
    """What an auction would do now: `imbalance` is what buyers would be left over with."""

    @property
    def price(self) -> int | None: ...
    @property
    def qty(self) -> int: ...
    @property
    def imbalance(self) -> int: ...


class BookReader(Protocol):
    """A venue, or what stands for one. A book that is collected for an auction reads as empty."""

    def listed(self, symbol: str) -> bool:
        """Tell whether there is such an instrument, and it is not delisted."""

    def levels(self, symbol: str, side: Side) -> Iterator[tuple[int, int, int]]:
        """Iterate the (price, qty, count) of a book side from the best."""

    def resting(self, symbol: str, side: Side) -> Iterator[tuple[int, int, int, int]]:
        """Iterate the (order_id, price, qty, place) of a book side: best price and place first.

        An order that queues anew at its price gets a higher place.
        """

    def shown(self, order_id: int) -> tuple[int, int, int, int, Side] | None:
        """Return an order as `resting` does, and its side; None unless it rests and is shown."""

    def last_trade(self, symbol: str) -> tuple[int, int] | None:
        """Return the (price, qty) of the last trade."""

    def statistics(self, symbol: str) -> DayFigures:
        """Return what an instrument's trading day looks like."""

    def indicative(self, symbol: str) -> Outlook | None:
        """Return what the auction of a call would do now; None outside of calls."""
