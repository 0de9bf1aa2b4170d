"""One order through its life."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from venue.core.types import LIVE, OrdStatus, OrdType, Side, TimeInForce

if TYPE_CHECKING:
    from venue.core.book import Level

PARTIALLY_FILLED = OrdStatus.PARTIALLY_FILLED
FILLED = OrdStatus.FILLED
NEW = OrdStatus.NEW


class Order(Struct, eq=False, gc=False):
    """An order as the venue holds it: price in ticks, quantities in lots, notional in tick-lots.

    `leaves_qty` is 0 once the status is terminal, else `order_qty - cum_qty` (FIX 4.4,
    LeavesQty(151)). `level`, `prev` and `next` link it into the queue of its price while it rests,
    and are None otherwise.
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
    cum_qty: int = 0
    notional: int = 0
    ord_status: OrdStatus = NEW
    level: Level | None = None
    prev: Order | None = None
    next: Order | None = None

    @property
    def live(self) -> bool:
        return self.ord_status in LIVE

    def state(self) -> tuple[object, ...]:
        """Every field but the links."""
        return (
            self.order_id,
            self.session,
            self.firm,
            self.cl_ord_id,
            self.symbol,
            self.side,
            self.ord_type,
            self.time_in_force,
            self.price,
            self.order_qty,
            self.leaves_qty,
            self.cum_qty,
            self.notional,
            self.ord_status,
            self.account,
        )

    def fill(self, qty: int, price: int) -> None:
        """Book one execution."""
        self.cum_qty += qty
        self.notional += qty * price
        leaves = self.leaves_qty = self.leaves_qty - qty
        self.ord_status = PARTIALLY_FILLED if leaves else FILLED

    def cancel(self) -> None:
        self.leaves_qty = 0
        self.ord_status = OrdStatus.CANCELED

    def replace(self, price: int | None, order_qty: int) -> None:
        """Take a new price and a total quantity of at least `cum_qty`."""
        self.price = price
        self.order_qty = order_qty
        self.leaves_qty = order_qty - self.cum_qty
        if not self.leaves_qty:
            self.ord_status = FILLED
