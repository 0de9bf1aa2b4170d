"""What the signature of an endpoint may ask for."""

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from venue.web.accounts.accounts import SAFE
from venue.web.accounts.users import Principal
from venue.web.operator import OperatorDesk
from venue.web.problems import Problem
from venue.web.trading.desk import Desk

if TYPE_CHECKING:
    from venue.web.web import Web


async def the_web(connection: HTTPConnection) -> "Web":
    """What the web is made of."""
    web: Web = connection.app.state.web
    return web


async def maybe(connection: HTTPConnection) -> Principal:
    """Who has asked, and be it nobody. Raise the `Problem` of what he came with."""
    who = connection.scope["venue.principal"]
    if isinstance(who, Problem):
        raise who
    assert isinstance(who, Principal)
    return who


async def principal(connection: HTTPConnection) -> Principal:
    """Who has asked. Raise a `Problem` (401) where that is nobody."""
    who = await maybe(connection)
    if who.user is None:
        raise Problem(
            *(401, "login_required", "log in, or send a token: Authorization: Bearer TOKEN"),
            headers={"WWW-Authenticate": "Bearer"},
        )
    return who


async def trader(connection: HTTPConnection) -> Desk:
    """His desk. Raise a `Problem` (403) where he has none, or may only look."""
    who = await principal(connection)
    assert who.user is not None
    if who.user.desk is None:
        raise Problem(403, "no_trading", f"{who.user.name} has no session for orders")
    _may_change(who, connection)
    return who.user.desk


async def operator(connection: HTTPConnection) -> OperatorDesk:
    """His operator's desk. Raise a `Problem` (403) where he has none, or may only look."""
    who = await principal(connection)
    assert who.user is not None
    if who.user.operator is None:
        raise Problem(403, "no_operator", f"{who.user.name} is no operator")
    _may_change(who, connection)
    return who.user.operator


def _may_change(who: Principal, connection: HTTPConnection) -> None:
    if who.read_only and connection.scope.get("method", "GET") not in SAFE:
        raise Problem(403, "read_only", "this token or user may only read")


Authenticated = Annotated[Principal, Depends(principal)]
Maybe = Annotated[Principal, Depends(maybe)]
Trading = Annotated[Desk, Depends(trader)]
Operating = Annotated[OperatorDesk, Depends(operator)]
TheWeb = Annotated["Web", Depends(the_web)]
