"""What a typed line means. Words and numbers are as `venue.client` takes them."""

from datetime import date, datetime
from decimal import Decimal

import msgspec


class Enter(msgspec.Struct, frozen=True):
    """buy, sell: a market order has no price; without `ord_type` price and stop_px decide."""

    side: str
    order_qty: Decimal
    symbol: str
    price: Decimal | None
    time_in_force: str | None = None
    ord_type: str | None = None
    stop_px: Decimal | None = None
    expire: date | datetime | None = None
    display_qty: Decimal | None = None
    refresh_qty: Decimal | None = None
    min_qty: Decimal | None = None
    post_only: bool = False
    all_or_none: bool = False
    self_match_prevention_id: str | None = None
    self_match_prevention_instruction: str | None = None

    @property
    def may_rest(self) -> bool:
        """Tell whether the order may stay at the venue."""
        is_market = self.price is None and self.stop_px is None and self.ord_type is None
        return not is_market and self.time_in_force not in ("ioc", "fok")


class Cancel(msgspec.Struct, frozen=True):
    """cancel: some orders by number, or (numbers None) all, of a symbol or side or of any."""

    numbers: tuple[int, ...] | None
    symbol: str | None = None
    side: str | None = None


class Replace(msgspec.Struct, frozen=True):
    """replace: None stays as it is."""

    number: int
    order_qty: Decimal | None = None
    price: Decimal | None = None
    time_in_force: str | None = None
    stop_px: Decimal | None = None
    expire: date | datetime | None = None
    display_qty: Decimal | None = None
    refresh_qty: Decimal | None = None


class Status(msgspec.Struct, frozen=True):
    """status."""

    number: int


class ShowOrders(msgspec.Struct, frozen=True):
    """orders."""

    ended_too: bool = False


class ShowBook(msgspec.Struct, frozen=True):
    """book."""

    symbol: str


class ShowTape(msgspec.Struct, frozen=True):
    """tape."""

    symbol: str


class Subscribe(msgspec.Struct, frozen=True):
    """sub."""

    symbols: tuple[str, ...]


class Unsubscribe(msgspec.Struct, frozen=True):
    """unsub."""

    symbols: tuple[str, ...]


class Help(msgspec.Struct, frozen=True):
    """help."""


class Quit(msgspec.Struct, frozen=True):
    """quit."""


Command = (
    Enter
    | Cancel
    | Replace
    | Status
    | ShowOrders
    | ShowBook
    | ShowTape
    | Subscribe
    | Unsubscribe
    | Help
    | Quit
)
