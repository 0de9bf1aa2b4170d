"""What market data messages say, entry by entry. Prices are ticks, quantities lots."""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from venue.core.types import Side, TradingPhase
from venue.marketdata.requests import ENTRY_TYPE, MDEntryType

Target = tuple[str, str]
"""(session, MDReqID(262))."""


class MDUpdateAction(StrEnum):
    """MDUpdateAction(279)."""

    NEW = "0"
    CHANGE = "1"
    DELETE = "2"


class BookUpdate(Struct, frozen=True, gc=False):
    """A price level of `count` orders, or with an `order_id` one order, as a subscriber should now
    have it.

    `qty` is what is shown of it, 0 where it is deleted.
    """

    action: MDUpdateAction
    side: Side
    price: int
    qty: int
    order_id: int | None = None
    count: int = 0

    @property
    def entry_type(self) -> MDEntryType:
        return ENTRY_TYPE[self.side]


class TradeEntry(Struct, frozen=True, gc=False):
    """A match at `time`, nanoseconds since 1970 UTC; with another `action` than NEW a trade that
    was told before was changed, or is deleted as it was busted.

    `aggressor` is the side that took, None in an auction, which ended a call in `phase`. Of the
    last trade that a snapshot begins with no more is known than price and quantity; its `trade_id`
    and `time` are 0.
    """

    price: int
    qty: int
    trade_id: int = 0
    aggressor: Side | None = None
    time: int = 0
    phase: TradingPhase | None = None
    action: MDUpdateAction = MDUpdateAction.NEW

    @property
    def entry_type(self) -> MDEntryType:
        return MDEntryType.TRADE


class FigureUpdate(Struct, frozen=True):
    """A number about an instrument: one of its day's, or of the auction that its call leads to.

    `price` may lie between ticks. `qty` of an imbalance is what buyers are left over with, negative
    for sellers. Both are None where the entry is deleted.
    """

    action: MDUpdateAction
    entry_type: MDEntryType
    price: int | Fraction | None
    qty: int | None


Entry = BookUpdate | TradeEntry | FigureUpdate


class Publication(Struct, frozen=True):
    """One message to all `targets`: a snapshot (W) or an increment (X).

    In each FIX version its text is the same for all of them but for MDReqID(262) and the header.
    `rpt_seq` is the number of its last entry, of a snapshot that of the last one before; whoever
    is `numbered` is told of it in fields of the venue's own.
    """

    symbol: str
    snapshot: bool
    entries: Sequence[Entry]
    rpt_seq: int
    numbered: bool
    targets: Sequence[Target]
