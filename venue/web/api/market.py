"""The market: instruments, books, trades, statistics, candles."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from venue.web.accounts.dependencies import Authenticated, TheWeb
from venue.web.api.amounts import Count, Symbol
from venue.web.api.answers import answer
from venue.web.api.described import VENUE, problems
from venue.web.api.pages import LINKED, BeforeTrade, Limit, page
from venue.web.api.route import StrictRoute
from venue.web.shapes import Bbo, Book, Candle, Instrument, Statistics, Trade

router = APIRouter(route_class=StrictRoute, tags=["market"])

INTERVALS = {
    "1s": 1,
    "5s": 5,
    "15s": 15,
    "1m": 60,
    "5m": 300,
    "15m": 900,
    "1h": 3_600,
    "1d": 86_400,
}
"""Seconds of a candle."""
Interval = Literal["1s", "5s", "15s", "1m", "5m", "15m", "1h", "1d"]
OfSymbol = Annotated[Symbol, Path(description="An instrument.")]
_OF_ALL = problems(401, 429, *VENUE)
_OF_ONE = problems(401, 404, 422, 429, *VENUE)


@router.get("/v1/instruments", response_model=list[Instrument], responses=_OF_ALL)
async def list_instruments(who: Authenticated, web: TheWeb) -> Response:
    """List what is traded, and whether it is now."""
    return answer(await web.market.instruments())


@router.get("/v1/instruments/{symbol:path}", response_model=Instrument, responses=_OF_ONE)
async def get_instrument(who: Authenticated, web: TheWeb, symbol: OfSymbol) -> Response:
    """Tell an instrument's terms and phase."""
    return answer(await web.market.instrument(symbol))


@router.get("/v1/book/{symbol:path}", response_model=Book, responses=_OF_ONE)
async def get_book(
    who: Authenticated,
    web: TheWeb,
    symbol: OfSymbol,
    levels: Annotated[Count, Query(description="Of each side.")] = 10,
) -> Response:
    """Tell the best levels of both sides. In an auction's call the book is empty."""
    return answer(await web.market.book(symbol, levels))


@router.get("/v1/bbo/{symbol:path}", response_model=Bbo, responses=_OF_ONE)
async def get_bbo(who: Authenticated, web: TheWeb, symbol: OfSymbol) -> Response:
    """Tell the best bid and offer."""
    return answer(await web.market.bbo(symbol))


@router.get("/v1/trades/{symbol:path}", response_model=list[Trade], responses=LINKED | _OF_ONE)
async def list_trades(
    request: Request,
    who: Authenticated,
    web: TheWeb,
    symbol: OfSymbol,
    limit: Limit = 100,
    before: BeforeTrade = None,
) -> Response:
    """List everybody's trades, newest first."""
    found = await web.market.trades(symbol, limit, before)
    return page(request, found, limit, lambda trade: trade.trade_id)


@router.get("/v1/statistics/{symbol:path}", response_model=Statistics, responses=_OF_ONE)
async def get_statistics(who: Authenticated, web: TheWeb, symbol: OfSymbol) -> Response:
    """Tell the statistics of the trading day: VWAP, TWAP, volatility, spread, volume and more."""
    return answer(await web.market.statistics(symbol))


@router.get("/v1/candles/{symbol:path}", response_model=list[Candle], responses=_OF_ONE)
async def list_candles(
    who: Authenticated,
    web: TheWeb,
    symbol: OfSymbol,
    interval: Annotated[Interval, Query(description="Of a candle.")] = "1m",
    limit: Limit = 500,
) -> Response:
    """List candles, oldest first."""
    return answer(await web.market.candles(symbol, INTERVALS[interval], limit))
