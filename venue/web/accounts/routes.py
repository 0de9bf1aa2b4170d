"""Logging in to the page and out of it, and who one is."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from venue.web.accounts.dependencies import Authenticated, Maybe, TheWeb
from venue.web.accounts.users import Principal, Right, Via
from venue.web.api.described import BODY, problems
from venue.web.api.route import StrictRoute

router = APIRouter(prefix="/v1", tags=["accounts"], route_class=StrictRoute)


class LogIn(BaseModel):
    """Who logs in. Users of this machine may have no password."""

    model_config = ConfigDict(extra="forbid")
    user: Annotated[str, Field(min_length=1, max_length=32)]
    password: Annotated[str | None, Field(max_length=1000)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who one is, and what one may do. `session` and `operator` are the CompIDs whose orders and
    whose view of the venue one sees, `read_only` or not. `csrf` goes with every request that
    changes something, as X-CSRF-Token, where one has come with a cookie.
    """

    user: str
    roles: list[Right]
    via: Via
    read_only: bool
    session: str | None
    operator: str | None
    csrf: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Logins:
    """How one may log in: `users` need no password; who does nothing is `anonymous`."""

    users: list[str]
    anonymous: str | None


@router.get("/login", responses=problems(421, 429))
async def logins(request: Request, web: TheWeb) -> Logins:
    """Who may log in without a password."""
    anonymous = web.accounts.anonymous(request)
    return Logins(
        users=web.accounts.without_password, anonymous=anonymous.name if anonymous else None
    )


@router.post("/login", responses=problems(401, 403, 421, 429, 503, *BODY))
async def log_in(body: LogIn, request: Request, response: Response, web: TheWeb) -> Me:
    """Log in; the cookie of the answer is the login."""
    cookie, who = await web.accounts.log_in(body.user, body.password, request)
    seconds = web.settings.cookie_hours * 3600
    response.headers["Set-Cookie"] = web.accounts.cookie(cookie, seconds, request)
    return _me(who)


@router.post("/logout", status_code=204, responses=problems(400, 401, 403, 408, 413, 415, 421, 429))
async def log_out(who: Maybe, request: Request, response: Response, web: TheWeb) -> None:
    """Log out: the login ends, also where its cookie was copied to."""
    await web.accounts.log_out(who)
    response.headers["Set-Cookie"] = web.accounts.cookie("", 0, request)


@router.get("/me", responses=problems(401, 421, 429))
async def me(who: Authenticated) -> Me:
    """Who one is, and what one may do."""
    return _me(who)


def _me(who: Principal) -> Me:
    assert who.user is not None
    return Me(
        user=who.user.name,
        roles=who.user.rights(who.read_only),
        via=who.via,
        read_only=who.read_only,
        session=who.user.config.session,
        operator=who.user.config.operator,
        csrf=who.csrf,
    )
