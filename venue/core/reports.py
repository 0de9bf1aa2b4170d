"""Orders to events: the one place that copies an order's state into what is told of it."""

from typing import Any, TypeVar

from venue.core.events import OrderEvent
from venue.core.order import Order

E = TypeVar("E", bound=OrderEvent)


class Ids:
    """The sequences every id of the venue comes from. Only ever counted up."""

    __slots__ = ("exec_id", "order_id", "trade_id")

    def __init__(self) -> None:
        self.order_id = 0
        self.exec_id = 0
        self.trade_id = 0


def report(
    kind: type[E], order: Order, exec_id: int, session: str, cl_ord_id: str, *extra: Any
) -> E:
    """Tell `session` of `order` as it stands, under `cl_ord_id`; `extra` are the fields `kind`
    adds.
    """
    return kind(
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
        *extra,
    )
