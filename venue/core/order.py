"""One order through its life."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct

from venue.core.qualifiers import PLAIN, Details, Qualifiers
from venue.core.types import OrdStatus, OrdType, Side, TimeInForce

if TYPE_CHECKING:
    from venue.core.book import Level
    from venue.core.bounds import Bounds

PARTIALLY_FILLED = OrdStatus.PARTIALLY_FILLED
FILLED = OrdStatus.FILLED
NEW = OrdStatus.NEW


class Order(Struct, eq=False, gc=False):
    """An order as the venue holds it: price in ticks, quantities in lots, notional in tick-lots.

    `leaves_qty` is 0 once the status is terminal, else `order_qty - cum_qty` (FIX 4.4,
    LeavesQty(151)). `level`, `prev` and `next` link it into the queue of its price while it rests,
    and are None otherwise; `hidden_qty` lots of it the book does not show then. Who is not
    `working` waits for its trigger or an auction. `carried` are the CumQty(14), the notional and
    the last trade id with which it began the current trading day, None in its first one. `names`
    are the ClOrdIDs, of any session, that are remembered to speak of it. `place` grows whenever it
    queues anew at a price. `bounds` are its limits, which have counted `counted_qty` lots at
    `counted_px`.
    """

    order_id: int
    session: str
    firm: str
    cl_ord_id: str
    symbol: str
    side: Side
    ord_type: OrdType
    time_in_force: TimeInForce
    price: int | None
    order_qty: int
    leaves_qty: int
    account: str = ""
    qualifiers: Qualifiers | None = None
    cum_qty: int = 0
    notional: int = 0
    ord_status: OrdStatus = NEW
    hidden_qty: int = 0
    working: bool = True
    carried: tuple[int, int, int] | None = None
    names: int = 1
    place: int = 0
    bounds: Bounds | None = None
    counted_qty: int = 0
    counted_px: int = 0
    level: Level | None = None
    prev: Order | None = None
    next: Order | None = None

    @property
    def live(self) -> bool:
        return self.leaves_qty > 0

    @property
    def shown_qty(self) -> int:
        """What the book shows of it, or would if it rested; 0 of an order that waits."""
        if self.level is not None:
            return self.leaves_qty - self.hidden_qty
        if not self.working:
            return 0
        display_qty = self.qualifiers.display_qty if self.qualifiers is not None else 0
        return min(self.leaves_qty, display_qty or self.leaves_qty)

    def state(self) -> tuple[object, ...]:
        """Every field but the links, and what is counted."""
        return _STATE(self)

    def details(self) -> Details | None:
        """What a report adds for an order that is not plain."""
        if self.qualifiers is None:
            return None
        carried_qty, carried_notional, _ = self.carried or (0, 0, 0)
        return Details(
            self.qualifiers,
            self.working,
            self.shown_qty,
            self.carried is not None,
            carried_qty,
            carried_notional,
        )

    def fill(self, qty: int, price: int) -> None:
        """Book one execution."""
        self.cum_qty += qty
        self.notional += qty * price
        leaves = self.leaves_qty = self.leaves_qty - qty
        self.ord_status = PARTIALLY_FILLED if leaves else FILLED

    def end(self, ord_status: OrdStatus) -> None:
        """Leave nothing to be traded, for the reason that `ord_status` gives."""
        self.leaves_qty = self.hidden_qty = 0
        self.ord_status = ord_status

    def reduce(self, qty: int) -> None:
        """Take `qty` lots, less than are left, off the order; what it hides goes first."""
        self.order_qty -= qty
        self.leaves_qty -= qty
        self.hidden_qty = max(0, self.hidden_qty - qty)

    def replace(self, price: int | None, order_qty: int) -> None:
        """Take a new price and a total quantity of at least `cum_qty`."""
        self.price = price
        self.order_qty = order_qty
        self.leaves_qty = order_qty - self.cum_qty
        if not self.leaves_qty:
            self.ord_status = FILLED

    def show(self, qty: int) -> None:
        """Show `qty` lots, or all where that is 0 or fewer are left, and hide the rest."""
        self.hidden_qty = max(0, self.leaves_qty - qty) if qty else 0

    def revise(self, trade_id: int, qty: int, notional: int) -> None:
        """A trade of it was of so many lots and tick-lots more than was booked, less if below 0;
        what that leaves is not decided yet.
        """
        self.cum_qty += qty
        self.notional += notional
        carried = self.carried
        if carried is not None and trade_id <= carried[2]:
            self.carried = carried[0] + qty, carried[1] + notional, carried[2]

    def reopen(self) -> None:
        """Have all that has not traded be open again."""
        self.leaves_qty = self.order_qty - self.cum_qty
        self.ord_status = PARTIALLY_FILLED if self.cum_qty else NEW

    def carry_over(self, trade_id: int) -> None:
        """Begin another trading day after `trade_id` (FIX 4.4, DayCumQty(425))."""
        self.carried = self.cum_qty, self.notional, trade_id
        self.qualifiers = self.qualifiers or PLAIN


_DERIVED = ("level", "prev", "next", "names", "place", "bounds", "counted_qty", "counted_px")
_STATE: Callable[[Order], tuple[object, ...]] = attrgetter(
    *(field for field in Order.__struct_fields__ if field not in _DERIVED)
)
