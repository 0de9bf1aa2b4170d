"""Orders: placed, amended, canceled, looked at. An answer tells what the venue has answered."""

import time
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Header, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from venue.web.accounts.dependencies import TheWeb, Trading
from venue.web.api.amounts import AnyOrderId, ClientOrderId, Symbol
from venue.web.api.answers import answer
from venue.web.api.described import BODY, VENUE, header, problems
from venue.web.api.examples import CHANGES, ORDERS
from venue.web.api.pages import LINKED, BeforeOrder, Limit, page
from venue.web.api.requests import OrderChanges, OrderRequest
from venue.web.api.route import StrictRoute
from venue.web.api.shapes import Canceled
from venue.web.api.validation import unfit
from venue.web.api.words import changes, terms
from venue.web.shapes import Order, Side

router = APIRouter(route_class=StrictRoute, tags=["orders"])

Id = Annotated[AnyOrderId, Path(description="Any id that the order has had.")]
OrSymbol = Annotated[Symbol | None, Query(description="Only of this instrument.")]
_COMMON = (401, 403, 429, *VENUE)


@router.post(
    "/v1/orders",
    status_code=201,
    response_model=Order,
    response_description="The order is new.",
    responses={
        201: {"headers": {"Location": header("The order's path.")}},
        200: {
            "model": Order,
            "description": "It had been placed before: this is what has become of it.",
            "headers": {"Location": header("The order's path.")},
        },
        **problems(*_COMMON, *BODY, 409),
    },
)
async def place_order(
    desk: Trading,
    web: TheWeb,
    order: Annotated[OrderRequest, Body(openapi_examples=ORDERS)],
    idempotency_key: Annotated[
        ClientOrderId | None, Header(description="The same as `client_order_id`.")
    ] = None,
) -> Response:
    """Place an order. It answers when the venue has, with what was filled at once."""
    name = order.client_order_id or idempotency_key
    if idempotency_key not in (None, name):
        raise unfit("Idempotency-Key", idempotency_key, f"{name}, as client_order_id, or nothing")
    meant = terms(order)
    begun = time.perf_counter()
    placed, is_new = await desk.place(meant, name)
    web.performance.order_answered(time.perf_counter() - begun)
    headers = {"Location": f"/v1/orders/{placed.client_order_id}"}
    return answer(placed, 201 if is_new else 200, headers)


@router.get("/v1/orders", response_model=list[Order], responses=LINKED | problems(*_COMMON, 422))
async def list_orders(
    request: Request,
    desk: Trading,
    symbol: OrSymbol = None,
    status: Annotated[
        Literal["working", "ended", "all"], Query(description="`ended`: nothing is left of it.")
    ] = "all",
    limit: Limit = 100,
    before: BeforeOrder = None,
) -> Response:
    """List orders of this session, and working ones of its firm, newest first."""
    found = await desk.orders(symbol=symbol, status=status, limit=limit, before=before)
    return page(request, found, limit, lambda order: order.order_id)


@router.delete("/v1/orders", response_model=Canceled, responses=problems(*_COMMON, 422))
async def cancel_orders(
    desk: Trading,
    symbol: OrSymbol = None,
    side: Annotated[Side | None, Query(description="Only of this side.")] = None,
) -> Response:
    """Cancel all working orders of this session, or those of a symbol or side."""
    return answer(Canceled(canceled=await desk.mass_cancel(symbol, side)))


@router.get(
    "/v1/orders/{client_order_id:path}",
    response_model=Order,
    responses=problems(*_COMMON, 404, 422),
)
async def get_order(desk: Trading, client_order_id: Id) -> Response:
    """Tell what has become of an order."""
    return answer(await desk.order(client_order_id))


@router.patch(
    "/v1/orders/{client_order_id:path}",
    response_model=Order,
    responses=problems(*_COMMON, *BODY, 404, 409),
)
async def amend_order(
    desk: Trading,
    web: TheWeb,
    client_order_id: Id,
    wanted: Annotated[OrderChanges, Body(openapi_examples=CHANGES)],
) -> Response:
    """Change a working order. What is filled stays filled and counts in its quantity."""
    meant = changes(wanted)
    begun = time.perf_counter()
    amended = await desk.amend(client_order_id, meant, wanted.client_order_id)
    web.performance.order_answered(time.perf_counter() - begun)
    return answer(amended)


@router.delete(
    "/v1/orders/{client_order_id:path}",
    response_model=Order,
    responses=problems(*_COMMON, 404, 409, 422),
)
async def cancel_order(desk: Trading, web: TheWeb, client_order_id: Id) -> Response:
    """Cancel an order."""
    begun = time.perf_counter()
    canceled = await desk.cancel(client_order_id)
    web.performance.order_answered(time.perf_counter() - begun)
    return answer(canceled)
