"""Orders to events: the one place that copies an order's state into what is told of it."""

from venue.core.events import OrderCanceled, OrderRestated
from venue.core.order import Order
from venue.core.qualifiers import Details
from venue.core.types import ExecRestatementReason, OrdStatus, OrdType, Side, TimeInForce

State = tuple[
    *tuple[str, int, str, int, str, str, Side, OrdType, TimeInForce],
    *tuple[int | None, int, int, int, int, OrdStatus, str, Details | None],
]
"""The fields of `venue.core.events.OrderEvent`, in its order."""


class Ids:
    """The sequences every id of the venue comes from. Only ever counted up."""

    __slots__ = ("exec_id", "order_id", "trade_id")

    def __init__(self) -> None:
        self.order_id = 0
        self.exec_id = 0
        self.trade_id = 0


def state(order: Order, exec_id: int, session: str, cl_ord_id: str) -> State:
    """What every `OrderEvent` begins with, for `session` and under `cl_ord_id`."""
    return (
        session,
        exec_id,
        order.firm,
        order.order_id,
        cl_ord_id,
        order.symbol,
        order.side,
        order.ord_type,
        order.time_in_force,
        order.price,
        order.order_qty,
        order.leaves_qty,
        order.cum_qty,
        order.notional,
        order.ord_status,
        order.account,
        None if order.qualifiers is None else order.details(),
    )


def executed(order: Order, ids: Ids) -> State:
    """The state of `order` for its owner, under an ExecID(17) of its own."""
    ids.exec_id += 1
    return state(order, ids.exec_id, order.session, order.cl_ord_id)


def dropped(
    order: Order, ids: Ids, text: str, reason: ExecRestatementReason | None = None
) -> OrderCanceled:
    """Tell the owner of a cancel that it did not ask for (E.1.b)."""
    return OrderCanceled(*executed(order, ids), None, text, reason)


def restated(order: Order, ids: Ids, reason: ExecRestatementReason, text: str) -> OrderRestated:
    """Tell the owner of a change that it did not ask for (E.1.c)."""
    return OrderRestated(*executed(order, ids), reason, text)
