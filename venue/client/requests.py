"""Typed requests to fields. Pure: ids and times come in as arguments."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import msgspec

from venue.client.codes import MD_ENTRY_TYPES, ORD_TYPES, SIDES, TIMES_IN_FORCE, code_of
from venue.client.wire import Field

Number = Decimal | int | str


class OrderRequest(msgspec.Struct, frozen=True, kw_only=True):
    """An order as its owner asked for it, in FIX codes."""

    symbol: str
    side: str
    order_qty: Decimal
    ord_type: str
    price: Decimal | None
    time_in_force: str


def exact(name: str, value: Number) -> Decimal:
    """Return a price or quantity as Decimal; a float is refused, it can not say 0.1."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        kind = type(value).__name__
        raise TypeError(f"{name}: expected Decimal, int or str, got {kind} {value!r}")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{name}: {value!r} is not a number") from None
    if not number.is_finite():
        raise ValueError(f"{name}: {value!r} is not a finite number")
    return number


def order_request(
    symbol: str,
    side: str,
    order_qty: Number,
    price: Number | None = None,
    time_in_force: str = "day",
    ord_type: str | None = None,
) -> OrderRequest:
    """Check an order's words and numbers; without a price it is a market order."""
    if ord_type is None:
        ord_type = "market" if price is None else "limit"
    return OrderRequest(
        symbol=symbol,
        side=code_of("side", side, SIDES),
        order_qty=exact("order_qty", order_qty),
        ord_type=code_of("ord_type", ord_type, ORD_TYPES),
        price=None if price is None else exact("price", price),
        time_in_force=code_of("time_in_force", time_in_force, TIMES_IN_FORCE),
    )


def new_order_fields(cl_ord_id: str, order: OrderRequest, transact_time: str) -> list[Field]:
    """Write a NewOrderSingle (D)."""
    return [(11, cl_ord_id), *_instruction(order, transact_time)]


def replace_fields(
    cl_ord_id: str, orig_cl_ord_id: str, order: OrderRequest, transact_time: str
) -> list[Field]:
    """Write an OrderCancelReplaceRequest (G)."""
    return [(41, orig_cl_ord_id), (11, cl_ord_id), *_instruction(order, transact_time)]


def cancel_fields(
    cl_ord_id: str,
    orig_cl_ord_id: str,
    symbol: str,
    side: str,
    order_qty: Decimal | None,
    transact_time: str,
) -> list[Field]:
    """Write an OrderCancelRequest (F)."""
    fields = [(41, orig_cl_ord_id), (11, cl_ord_id), (55, symbol), (54, side), (60, transact_time)]
    return fields if order_qty is None else [*fields, (38, f"{order_qty:f}")]


def status_fields(cl_ord_id: str, symbol: str, side: str, ord_status_req_id: str) -> list[Field]:
    """Write an OrderStatusRequest (H)."""
    return [(11, cl_ord_id), (790, ord_status_req_id), (55, symbol), (54, side)]


def market_data_fields(
    md_req_id: str, subscription_request_type: str, symbols: Sequence[str], depth: int
) -> list[Field]:
    """Write a MarketDataRequest (V); stock dictionaries want both groups in an unsubscribe too."""
    fields = [(262, md_req_id), (263, subscription_request_type), (264, str(depth))]
    if subscription_request_type == "1":
        fields.append((265, "1"))
    fields.append((267, str(len(MD_ENTRY_TYPES))))
    fields.extend((269, code) for code in MD_ENTRY_TYPES.values())
    fields.append((146, str(len(symbols))))
    fields.extend((55, symbol) for symbol in symbols)
    return fields


def _instruction(order: OrderRequest, transact_time: str) -> list[Field]:
    fields = [
        (21, "1"),
        (55, order.symbol),
        (54, order.side),
        (60, transact_time),
        (38, f"{order.order_qty:f}"),
        (40, order.ord_type),
    ]
    if order.price is not None:
        fields.append((44, f"{order.price:f}"))
    return [*fields, (59, order.time_in_force)]
