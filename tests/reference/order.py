"""An order, and what a session is told of it."""

from dataclasses import dataclass
from typing import NamedTuple


class Told(NamedTuple):
    """One thing that session `to` is told; None where it has no such field."""

    to: str
    what: str
    cl_ord_id: str | None = None
    orig_cl_ord_id: str | None = None
    exec_id: int | None = None
    order_id: int | None = None
    status: str | None = None
    symbol: str | None = None
    side: str | None = None
    ord_type: str | None = None
    time_in_force: str | None = None
    price: int | None = None
    order_qty: int | None = None
    leaves_qty: int | None = None
    cum_qty: int | None = None
    notional: int | None = None
    trade_id: int | None = None
    last_qty: int | None = None
    last_px: int | None = None
    liquidity: str | None = None
    exec_ref_id: int | None = None
    reason: str | None = None
    mass_status_req_id: str | None = None
    total_reports: int | None = None
    last_report: bool | None = None
    scope: str | None = None
    total_affected_orders: int | None = None
    market: str | None = None
    phase: str | None = None
    is_new: bool | None = None
    qty: int | None = None
    stop_px: int | None = None
    expire_date: str | None = None
    expire_time: int | None = None
    display_qty: int | None = None
    refresh_qty: int | None = None
    min_qty: int | None = None
    working: bool | None = None
    shown_qty: int | None = None
    carried_over: bool | None = None
    carried_qty: int | None = None
    carried_notional: int | None = None


STATE = (*Told._fields[5:16], *Told._fields[-11:])
"""What every report of an order tells of it."""


@dataclass(frozen=True)
class Terms:
    """The limits of one instrument; collars are in percent, of the last or reference price.

    The static one is of the last auction's or the reference price.
    """

    reference_price: int
    min_qty: int
    max_qty: int
    collar: int
    market: str = "MAIN"
    dynamic_collar: int | None = None
    static_collar: int | None = None
    interruption_seconds: int = 0
    interruption_random_seconds: int = 0


@dataclass
class State:
    """What an instrument is in."""

    phase: str = "continuous"
    scheduled: str = "continuous"
    has_schedule: bool = False
    listed: bool = True
    halted: bool = False
    call: str | None = None
    """The call whose orders nobody has matched yet."""
    call_ends: int | None = None
    auction_price: int | None = None

    @property
    def collected(self) -> bool:
        return self.call is not None

    @property
    def is_open(self) -> bool:
        return self.listed and self.phase == "continuous"


@dataclass(eq=False)
class Order:
    order_id: int
    session: str
    firm: str
    cl_ord_id: str
    symbol: str
    side: str
    ord_type: str
    time_in_force: str
    price: int | None
    order_qty: int

    stop_px: int | None = None
    trigger_price_type: str = "last trade"
    expire_date: str = ""
    expire_time: int = 0
    display_qty: int = 0
    refresh_qty: int = 0
    min_qty: int = 0
    post_only: str | None = None
    all_or_none: bool = False
    cancel_on_halt: bool = False
    self_match_prevention_id: str = ""
    self_match_prevention_instruction: str = "cancel resting"

    cum_qty: int = 0
    notional: int = 0
    ended: str | None = None
    """ "canceled" or "expired" where it did not end by trading."""
    waiting: bool = False
    """For its trigger or for an auction; it is not in the book."""
    age: int = 0
    """Of the orders that wait, whoever has the lower one is triggered first."""
    place: int | None = None
    """In the book: whoever has the lower place is served first. None while it is not there.

    Orders without a price have one in a call.
    """
    slice: int = 0
    """How much the book shows of it."""
    min_qty_met: bool = False
    carried_over: bool = False
    carried_qty: int = 0
    carried_notional: int = 0

    @property
    def sign(self) -> int:
        """1 for one who buys, whom lower prices suit better; -1 for one who sells."""
        return 1 if self.side == "buy" else -1

    @property
    def status(self) -> str:
        if self.cum_qty == self.order_qty:
            return "filled"
        if self.ended:
            return self.ended
        return "partially filled" if self.cum_qty else "new"

    @property
    def leaves_qty(self) -> int:
        return 0 if self.ended else self.order_qty - self.cum_qty

    @property
    def working(self) -> bool:
        return not self.waiting

    @property
    def shown_qty(self) -> int:
        """What the book shows of it, or would if it were there."""
        if self.waiting:
            return 0
        if self.place is None or self.price is None:
            return min(self.display_qty or self.leaves_qty, self.leaves_qty)
        return min(self.slice, self.leaves_qty)

    def show(self, qty: int) -> None:
        """Show `qty` of what is left, everything where `qty` is 0."""
        self.slice = min(qty, self.leaves_qty) if qty else self.leaves_qty
