"""Paths and shapes that programs written for small engines know, over the same desks.

| path                                                 | answer                          |
|------------------------------------------------------|---------------------------------|
| POST /order, /orders, /submit_order, /api/v1/orders, | the order and its trades        |
|   /api/v3/orders                                     |                                 |
| GET /orderbook/{symbol}, /api/v1/orderbook/{symbol}  | [price, quantity] of the levels |
| GET /bbo/{symbol}                                    | best bid and ask                |

Numbers in answers are text, errors are those of /v1. There is nothing here that /v1 cannot do.
"""

import time
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Body, Path, Query
from starlette.responses import Response

from venue.web.accounts.dependencies import Authenticated, TheWeb, Trading
from venue.web.accounts.users import Principal
from venue.web.api.amounts import Count, Symbol
from venue.web.api.answers import answer
from venue.web.api.compat_requests import CompatRequest
from venue.web.api.described import BODY, VENUE, problems
from venue.web.api.examples import COMPAT_ORDERS
from venue.web.api.route import StrictRoute
from venue.web.api.shapes import CompatBbo, CompatBook, CompatOrder, CompatTrade
from venue.web.api.words import terms
from venue.web.problems import Problem
from venue.web.shapes import Fill, Order, Side
from venue.web.trading.desk import Desk

if TYPE_CHECKING:
    from venue.web.web import Web

router = APIRouter(route_class=StrictRoute, tags=["compatibility"])

ORDER_PATHS = ("/order", "/orders", "/submit_order", "/api/v1/orders", "/api/v3/orders")
BOOK_PATHS = ("/orderbook/{symbol:path}", "/api/v1/orderbook/{symbol:path}")
OfSymbol = Annotated[Symbol, Path(description="An instrument.")]
_MARKET = problems(401, 404, 422, 429, *VENUE)
_OPPOSITE: dict[Side, Side] = {"buy": "sell", "sell": "buy"}


async def submit_order(
    desk: Trading,
    who: Authenticated,
    web: TheWeb,
    order: Annotated[CompatRequest, Body(openapi_examples=COMPAT_ORDERS)],
) -> Response:
    """Place an order, as POST /v1/orders does."""
    if order.user_id is not None:
        desk = _desk_of(order.user_id, who, web)
    plain = order.plain()
    meant = terms(plain)
    begun = time.perf_counter()
    placed, _ = await desk.place(meant, plain.client_order_id)
    web.performance.order_answered(time.perf_counter() - begun)
    return answer(_order(placed))


async def get_order_book(
    who: Authenticated,
    web: TheWeb,
    symbol: OfSymbol,
    levels: Annotated[Count, Query()] = 10,
) -> Response:
    """Tell the best levels, as GET /v1/book does."""
    book = await web.market.book(symbol, levels)
    return answer(
        CompatBook(
            symbol=book.symbol,
            timestamp=book.time,
            bids=[[level.price, level.quantity] for level in book.bids],
            asks=[[level.price, level.quantity] for level in book.asks],
        )
    )


async def get_best_prices(who: Authenticated, web: TheWeb, symbol: OfSymbol) -> Response:
    """Tell the best bid and ask, as GET /v1/bbo does."""
    bbo = await web.market.bbo(symbol)
    bid, ask = bbo.bid, bbo.ask
    return answer(
        CompatBbo(
            symbol=bbo.symbol,
            timestamp=bbo.time,
            best_bid=None if bid is None else bid.price,
            best_bid_quantity=None if bid is None else bid.quantity,
            best_ask=None if ask is None else ask.price,
            best_ask_quantity=None if ask is None else ask.quantity,
            spread=bbo.spread,
            mid_price=bbo.mid,
        )
    )


for _path in ORDER_PATHS:
    router.post(
        _path,
        response_model=CompatOrder,
        responses=problems(401, 403, 409, 429, *BODY, *VENUE),
        name=f"submit order {_path}",
    )(submit_order)
for _path in BOOK_PATHS:
    router.get(_path, response_model=CompatBook, responses=_MARKET)(get_order_book)
router.get("/bbo/{symbol:path}", response_model=CompatBbo, responses=_MARKET)(get_best_prices)


def _desk_of(name: str, who: Principal, web: "Web") -> Desk:
    """The desk of a user. Raise `Problem` 403 where who asks is not that user: whoever needs no
    login at all may be any user who needs no password.
    """
    assert who.user is not None
    may_be = [who.user.name]
    if who.via == "anonymous":
        may_be += web.accounts.without_password
    user = web.accounts.users.get(name)
    if name not in may_be or user is None:
        raise Problem(403, "wrong_user", f"user_id: expected {who.user.name}, found {name!r}")
    if user.desk is None:
        raise Problem(403, "no_trading", f"{name} has no session for orders")
    return user.desk


def _order(order: Order) -> CompatOrder:
    return CompatOrder(
        order_id=order.order_id,
        client_order_id=order.client_order_id,
        status=order.status,
        resting=order.is_working,
        symbol=order.symbol,
        side=order.side,
        order_type=order.type,
        price=order.price,
        trigger_price=order.trigger_price,
        quantity=order.quantity,
        filled_quantity=order.filled_quantity,
        remaining_quantity=order.remaining_quantity,
        average_price=order.average_price,
        trades=[_trade(fill) for fill in order.fills],
        timestamp=order.updated_at or order.created_at,
    )


def _trade(fill: Fill) -> CompatTrade:
    is_maker, is_taker = fill.liquidity == "maker", fill.liquidity == "taker"
    aggressor = fill.side if is_taker else _OPPOSITE[fill.side] if is_maker else None
    return CompatTrade(
        trade_id=fill.trade_id,
        price=fill.price,
        quantity=fill.quantity,
        aggressor_side=aggressor,
        maker_order_id=fill.order_id if is_maker else None,
        taker_order_id=fill.order_id if is_taker else None,
        maker_fee=fill.fee if is_maker else None,
        taker_fee=fill.fee if is_taker else None,
        timestamp=fill.time,
    )
