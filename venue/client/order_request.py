"""An order as its owner asks for it: words and numbers checked, then written as fields. Pure."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

import msgspec

from venue.client.codes import (
    GTD,
    LIMIT_IF_TOUCHED,
    ORD_TYPES,
    SELF_MATCH_PREVENTION_INSTRUCTIONS,
    SIDES,
    TIMES_IN_FORCE,
    code_of,
)
from venue.client.versions import Version
from venue.client.wire import Field

Number = Decimal | int | str
Expiry = date | datetime
"""The last trading day of an order, or (with its time zone) the moment it ends."""
MARKET_TO_LIMIT = ORD_TYPES["market_to_limit"]
LIMIT = ORD_TYPES["limit"]
REPLACEABLE_TIMES_IN_FORCE = ("0", "1", GTD)


class OrderRequest(msgspec.Struct, frozen=True, kw_only=True):
    """An order in FIX codes. `expire` is ExpireDate(432) or, if it is longer, ExpireTime(126)."""

    symbol: str
    side: str
    order_qty: Decimal
    ord_type: str
    price: Decimal | None = None
    stop_px: Decimal | None = None
    time_in_force: str = TIMES_IN_FORCE["day"]
    expire: str | None = None
    display_qty: Decimal | None = None
    refresh_qty: Decimal | None = None
    min_qty: Decimal | None = None
    post_only: bool = False
    all_or_none: bool = False
    self_match_prevention_id: str | None = None
    self_match_prevention_instruction: str | None = None


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


def exact_or_none(name: str, value: Number | None) -> Decimal | None:
    """Return what `exact` does, and None for None."""
    return None if value is None else exact(name, value)


def expiry(expire: Expiry) -> str:
    """Write ExpireDate(432) or ExpireTime(126)."""
    if not isinstance(expire, datetime):
        return expire.strftime("%Y%m%d")
    if expire.tzinfo is None:
        raise ValueError(f"expire: {expire} has no time zone: datetime(..., tzinfo=UTC)")
    return expire.astimezone(UTC).strftime("%Y%m%d-%H:%M:%S.%f")[:-3]


def order_request(
    symbol: str,
    side: str,
    order_qty: Number,
    price: Number | None = None,
    *,
    ord_type: str | None = None,
    stop_px: Number | None = None,
    time_in_force: str | None = None,
    expire: Expiry | None = None,
    display_qty: Number | None = None,
    refresh_qty: Number | None = None,
    min_qty: Number | None = None,
    post_only: bool = False,
    all_or_none: bool = False,
    self_match_prevention_id: str | None = None,
    self_match_prevention_instruction: str | None = None,
) -> OrderRequest:
    """Check an order's words and numbers. What contradicts itself the venue refuses.

    Without `ord_type` it is a stop or stop limit order if it has a `stop_px`, else a limit or
    market order; with `expire` and without `time_in_force` it is good till then.
    """
    if ord_type is None:
        plain, stop = ("market", "stop") if price is None else ("limit", "stop_limit")
        ord_type = plain if stop_px is None else stop
    if self_match_prevention_instruction is not None:
        self_match_prevention_instruction = code_of(
            "self_match_prevention_instruction",
            self_match_prevention_instruction,
            SELF_MATCH_PREVENTION_INSTRUCTIONS,
        )
    return OrderRequest(
        symbol=symbol,
        side=code_of("side", side, SIDES),
        order_qty=exact("order_qty", order_qty),
        ord_type=code_of("ord_type", ord_type, ORD_TYPES),
        price=exact_or_none("price", price),
        stop_px=exact_or_none("stop_px", stop_px),
        time_in_force=time_in_force_code(time_in_force, expire) or TIMES_IN_FORCE["day"],
        expire=None if expire is None else expiry(expire),
        display_qty=exact_or_none("display_qty", display_qty),
        refresh_qty=exact_or_none("refresh_qty", refresh_qty),
        min_qty=exact_or_none("min_qty", min_qty),
        post_only=post_only,
        all_or_none=all_or_none,
        self_match_prevention_id=self_match_prevention_id,
        self_match_prevention_instruction=self_match_prevention_instruction,
    )


def time_in_force_code(time_in_force: str | None, expire: Expiry | None) -> str | None:
    """Return the code of what is said; None where nothing is."""
    if time_in_force is not None:
        return code_of("time_in_force", time_in_force, TIMES_IN_FORCE)
    return None if expire is None else GTD


def changed_request(
    known: OrderRequest,
    *,
    order_qty: Number | None = None,
    price: Number | None = None,
    stop_px: Number | None = None,
    time_in_force: str | None = None,
    expire: Expiry | None = None,
    display_qty: Number | None = None,
    refresh_qty: Number | None = None,
) -> OrderRequest:
    """Return the terms that a replace asks for. What is None stays, but for the qualifiers:
    those a replace need not repeat are None in the result.
    """
    tif = time_in_force_code(time_in_force, expire) or known.time_in_force
    kept_expiry = known.expire if tif == GTD else None
    return msgspec.structs.replace(
        known,
        order_qty=known.order_qty if order_qty is None else exact("order_qty", order_qty),
        price=known.price if price is None else exact("price", price),
        stop_px=exact_or_none("stop_px", stop_px),
        time_in_force=tif,
        expire=kept_expiry if expire is None else expiry(expire),
        display_qty=exact_or_none("display_qty", display_qty),
        refresh_qty=exact_or_none("refresh_qty", refresh_qty),
        min_qty=None,
        post_only=False,
        all_or_none=False,
        self_match_prevention_id=None,
        self_match_prevention_instruction=None,
    )


def new_order_fields(
    cl_ord_id: str, order: OrderRequest, version: Version, transact_time: str
) -> list[Field]:
    """Write a NewOrderSingle (D)."""
    return [
        (11, cl_ord_id),
        *_terms(order, order.ord_type, transact_time),
        *_time_in_force(order),
        *_qualifiers(order, version),
    ]


def replace_fields(
    cl_ord_id: str, orig_cl_ord_id: str, order: OrderRequest, version: Version, transact_time: str
) -> list[Field]:
    """Write an OrderCancelReplaceRequest (G) for the terms of `changed_request`."""
    ord_type = order.ord_type
    if ord_type == MARKET_TO_LIMIT and order.price is not None:
        ord_type = LIMIT  # which is what has become of it
    return [
        (41, orig_cl_ord_id),
        (11, cl_ord_id),
        *_terms(order, ord_type, transact_time),
        *(_time_in_force(order) if order.time_in_force in REPLACEABLE_TIMES_IN_FORCE else ()),
        *_qualifiers(order, version),
    ]


def _terms(order: OrderRequest, ord_type: str, transact_time: str) -> list[Field]:
    fields = [
        (21, "1"),
        (55, order.symbol),
        (54, order.side),
        (60, transact_time),
        (38, f"{order.order_qty:f}"),
        (40, LIMIT if ord_type == LIMIT_IF_TOUCHED else ord_type),
    ]
    return fields if order.price is None else [*fields, (44, f"{order.price:f}")]


def _time_in_force(order: OrderRequest) -> list[Field]:
    fields = [(59, order.time_in_force)]
    if order.expire is not None:
        fields.append((432 if len(order.expire) == len("YYYYMMDD") else 126, order.expire))
    return fields


def _qualifiers(order: OrderRequest, version: Version) -> list[Field]:
    fields: list[Field] = []
    if order.stop_px is not None:
        if order.ord_type == LIMIT_IF_TOUCHED:
            fields += [(1100, "4"), (1102, f"{order.stop_px:f}")]
        else:
            fields.append((99, f"{order.stop_px:f}"))
    exec_inst = [
        code for code, asked in (("6", order.post_only), ("G", order.all_or_none)) if asked
    ]
    if exec_inst:
        fields.append((18, " ".join(exec_inst)))
    quantities = (
        (version.display_qty, order.display_qty),
        (1088, order.refresh_qty),
        (110, order.min_qty),
    )
    fields += [(tag, f"{qty:f}") for tag, qty in quantities if qty is not None]
    names = (order.self_match_prevention_id, order.self_match_prevention_instruction)
    tags = version.self_match_prevention
    fields += [(tag, name) for tag, name in zip(tags, names, strict=True) if name is not None]
    return fields
