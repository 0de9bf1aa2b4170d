"""What a user has, what his sessions are and say."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from venue.configuration.sessions import SessionConfig
from venue.web.accounts.dependencies import Authenticated, TheWeb, Trading
from venue.web.api.amounts import Name, Symbol
from venue.web.api.answers import answer
from venue.web.api.described import VENUE, problems
from venue.web.api.pages import LINKED, BeforeFill, Limit, page
from venue.web.api.pnl import pnl
from venue.web.api.route import StrictRoute
from venue.web.api.shapes import Pnl
from venue.web.link import Link
from venue.web.problems import unknown
from venue.web.shapes import Fill, FixMessage, Position, Session

router = APIRouter(route_class=StrictRoute, tags=["account"])

_TRADER = problems(401, 403, 429, *VENUE)
VERSION = "FIX.5.0SP2"
"""What the web speaks."""


@router.get("/v1/positions", response_model=list[Position], responses=_TRADER)
async def list_positions(desk: Trading) -> Response:
    """List the positions of the accounts of this session's firm."""
    return answer(await desk.positions())


@router.get("/v1/pnl", response_model=list[Pnl], responses=_TRADER)
async def list_pnl(desk: Trading) -> Response:
    """Tell profit and loss of all positions together, by currency."""
    return answer(pnl(await desk.positions()))


@router.get("/v1/fees", response_model=dict[str, str], responses=_TRADER)
async def get_fees(desk: Trading) -> Response:
    """Tell what was charged, by currency. Below 0 is a rebate."""
    return answer(await desk.fees())


@router.get(
    "/v1/fills",
    response_model=list[Fill],
    responses=LINKED | problems(401, 403, 422, 429, *VENUE),
)
async def list_fills(
    request: Request,
    desk: Trading,
    symbol: Annotated[Symbol | None, Query(description="Only of this instrument.")] = None,
    limit: Limit = 100,
    before: BeforeFill = None,
) -> Response:
    """List own trades, newest first."""
    found = await desk.fills(symbol=symbol, limit=limit, before=before)
    return page(request, found, limit, lambda fill: f"{fill.trade_id}-{fill.order_id}")


@router.get("/v1/sessions", response_model=list[Session], responses=problems(401, 429, *VENUE))
async def list_sessions(who: Authenticated, web: TheWeb) -> Response:
    """List this user's FIX sessions; for an operator all of the venue."""
    assert who.user is not None
    if who.user.operator is not None:
        return answer(await who.user.operator.sessions())
    own = who.user.sessions
    known = {each.comp_id: each for each in web.config.sessions}
    links = [link for link in web.links.statuses() if link.comp_id in own]
    return answer([_session(web.links.of(each.comp_id), known[each.comp_id]) for each in links])


@router.get("/v1/messages", response_model=list[FixMessage], responses=problems(401, 404, 422, 429))
async def list_messages(
    who: Authenticated,
    web: TheWeb,
    session: Annotated[Name | None, Query(description="A CompID. Default: all.")] = None,
    limit: Limit = 200,
) -> Response:
    """List the last FIX messages of this user's sessions, oldest first; for an operator those of
    all sessions of the web.
    """
    assert who.user is not None
    allowed = who.user.sessions
    if who.user.operator is not None:
        allowed = [link.comp_id for link in web.links.statuses()]
    if session is not None and session not in allowed:
        raise unknown("session", session)
    return answer(web.messages.recent([session] if session else allowed, limit))


def _session(link: Link, configured: SessionConfig) -> Session:
    next_in, next_out = link.next_numbers or (None, None)
    return Session(
        comp_id=link.comp_id,
        version=VERSION,
        firm=configured.firm,
        roles=[role.value for role in configured.roles],
        state=link.state,
        next_in=next_in,
        next_out=next_out,
        text=link.text,
    )
