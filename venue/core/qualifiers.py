"""What an order may say beyond side, type, price, quantity and time in force.

A plain order has no `Qualifiers` at all, and costs nothing for them.
"""

from msgspec import Struct

from venue.core.types import PostOnly, SelfMatchPreventionInstruction, TriggerPriceType


class Qualifiers(Struct, array_like=True, gc=False, frozen=True):
    """Prices are ticks, quantities lots; a value's default says that the order has no such term.

    `stop_px` is StopPx(99), the trigger price of every type that waits for one.
    `display_qty` is the quantity an iceberg shows at first, `refresh_qty` what it shows each time
    that is gone; both are 0 or both are not. `expire_date` is ExpireDate(432), `expire_time`
    ExpireTime(126) in nanoseconds since 1970 UTC; the order has at most one of them.
    `cancel_on_halt` is ExecInst(18) K.
    """

    stop_px: int | None = None
    trigger_price_type: TriggerPriceType = TriggerPriceType.LAST_TRADE
    expire_date: str = ""
    expire_time: int = 0
    display_qty: int = 0
    refresh_qty: int = 0
    min_qty: int = 0
    post_only: PostOnly | None = None
    all_or_none: bool = False
    self_match_prevention_id: str = ""
    self_match_prevention_instruction: SelfMatchPreventionInstruction = (
        SelfMatchPreventionInstruction.CANCEL_RESTING
    )
    cancel_on_halt: bool = False


class Changes(Struct, array_like=True, gc=False, frozen=True):
    """What a replace request says of an order's qualifiers; None where it says nothing.

    `display_qty` 0 shows the whole order from now on. `expire_date` and `expire_time` are as in
    `Qualifiers`. The rest cannot be changed: it is there to be compared.
    """

    stop_px: int | None = None
    display_qty: int | None = None
    refresh_qty: int | None = None
    expire_date: str = ""
    expire_time: int = 0
    min_qty: int | None = None
    post_only: bool | None = None
    all_or_none: bool | None = None
    self_match_prevention_id: str | None = None
    self_match_prevention_instruction: SelfMatchPreventionInstruction | None = None
    cancel_on_halt: bool | None = None


NO_CHANGES = Changes()
PLAIN = Qualifiers()
"""The terms of an order that has none."""


class Details(Struct, gc=False, frozen=True):
    """An order's qualifiers, and how far it is with them.

    `working` is False while the order waits for its trigger or an auction, `shown_qty` what the
    book shows of it. `carried_qty` lots were filled, for `carried_notional` tick-lots, before the
    current trading day.
    """

    qualifiers: Qualifiers
    working: bool
    shown_qty: int
    carried_over: bool
    carried_qty: int
    carried_notional: int
