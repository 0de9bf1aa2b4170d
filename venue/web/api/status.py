"""How the web is, and what FIX calls things."""

from fastapi import APIRouter
from starlette.responses import Response

from venue.web.accounts.dependencies import Authenticated, Maybe, TheWeb
from venue.web.api.answers import answer
from venue.web.api.described import problems
from venue.web.api.dictionary import dictionary
from venue.web.api.route import StrictRoute
from venue.web.api.shapes import Dictionary, Performance, Status

router = APIRouter(route_class=StrictRoute, tags=["web"])


@router.get("/v1/status", response_model=Status, responses=problems(401, 429))
async def get_status(who: Maybe, web: TheWeb) -> Response:
    """Tell whether the web is logged on to the venue, and its sessions. It needs no login."""
    is_up = web.links.is_venue_up
    return answer(Status(venue="up" if is_up else "down", links=web.links.statuses()))


@router.get("/v1/performance", response_model=Performance, responses=problems(401, 429))
async def get_performance(who: Authenticated, web: TheWeb) -> Response:
    """Tell how fast orders were answered, how late the event loop is, and what was counted."""
    return answer(web.performance.told())


@router.get("/v1/dictionary", response_model=Dictionary, responses=problems(401, 429))
async def get_dictionary(who: Authenticated) -> Response:
    """Tell the names of FIX tags, their enumerations, and the venue's own tags."""
    return Response(await dictionary(), media_type="application/json")
