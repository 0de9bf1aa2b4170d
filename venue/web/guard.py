"""What every request and every WebSocket has to be before anybody looks at it.

- Host(names this machine): else a page of somebody else's has pointed a name of its own here.
- Origin: a browser may change something, or open a WebSocket, for our own pages alone.
- A body is JSON, whole within some seconds, and not too large.
- Not more requests than the rate allows.

Every answer has the headers that make a browser careful. An exception is a defect: it is logged,
and the answer is 500.
"""

import asyncio
import re
from collections.abc import Sequence

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from venue.web.accounts.accounts import SAFE, Accounts
from venue.web.accounts.users import Principal
from venue.web.problem_response import problem_response
from venue.web.problems import Problem

PRINCIPAL = "venue.principal"
"""Key of the scope: a `Principal`, or the `Problem` of what somebody came with."""
LARGEST_BODY = 64 << 10
BODY_SECONDS = 10.0
LOCAL = ("localhost", "127.0.0.1", "[::1]")
_PUBLIC = re.compile(r"/|/favicon\.ico|/static/.*")
"""What anybody may have, as often as he likes: files that do not change."""
_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

logger = structlog.get_logger()


class Guard:
    """ASGI middleware. `hosts` are names besides this machine's, `origins` those of CORS."""

    def __init__(
        self, app: ASGIApp, accounts: Accounts, hosts: Sequence[str], origins: Sequence[str]
    ) -> None:
        self._app = app
        self._accounts = accounts
        self._hosts = frozenset(each.lower() for each in (*LOCAL, *hosts))
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        is_public = scope["type"] == "http" and bool(_PUBLIC.fullmatch(scope["path"]))
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                self._dress(MutableHeaders(raw=message["headers"]), is_public)
            begun = True
            await send(message)

        try:
            self._check_host(connection)
            self._check_origin(connection)
            if not is_public:
                who = self._who(connection)
                scope[PRINCIPAL] = who
                key = f"address:{self._accounts.address(connection)}"
                self._accounts.limit(who.key if isinstance(who, Principal) else key)
            if scope["type"] == "http":
                receive = await _with_body(connection, receive)
            await self._app(scope, receive, sending)
        except Problem as problem:
            await problem_response(problem)(scope, receive, sending)
        except Exception:
            logger.exception("defect", path=scope["path"])
            if begun:
                raise
            await problem_response(Problem(500, "defect", "this is a defect of the web"))(
                scope, receive, sending
            )

    def _who(self, connection: HTTPConnection) -> Principal | Problem:
        try:
            return self._accounts.identify(connection)
        except Problem as problem:
            return problem

    def _check_host(self, connection: HTTPConnection) -> None:
        host = connection.headers.get("host", "")
        if len(connection.headers.getlist("host")) != 1 or _name(host) not in self._hosts:
            detail = f"the Host {host[:100]!r} is not one of this server: see web.allowed_hosts"
            raise Problem(421, "wrong_host", detail)

    def _check_origin(self, connection: HTTPConnection) -> None:
        if connection.scope["type"] == "http" and connection.scope["method"] in SAFE:
            return
        origin = connection.headers.get("origin")
        if origin is None:
            if connection.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
                raise Problem(403, "wrong_origin", "a page of another origin may not do this")
        elif origin not in self._origins:
            scheme, _, host = origin.partition("://")
            if scheme not in ("http", "https") or host.lower() != (
                connection.headers["host"].lower()
            ):
                detail = f"the Origin {origin[:100]!r} may not do this"
                raise Problem(403, "wrong_origin", detail)

    def _dress(self, headers: MutableHeaders, is_public: bool) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if not self._origins:
            headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Cache-Control", "no-cache" if is_public else "no-store")


async def _with_body(connection: HTTPConnection, receive: Receive) -> Receive:
    """Read the body, and give what hands it out. Raise a `Problem` if it is not as it has to be."""
    headers = connection.headers
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:20]) > LARGEST_BODY:
        raise _too_large()
    body = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise Problem(400, "incomplete", "the body has not come to its end")
                body += message.get("body", b"")
                if len(body) > LARGEST_BODY:
                    raise _too_large()
                if not message.get("more_body", False):
                    break
    except TimeoutError:
        problem = Problem(408, "too_slow", f"the body was not there within {BODY_SECONDS:g} s")
        problem.headers["Connection"] = "close"
        raise problem from None
    if body and headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Problem(
            415, "wrong_content_type", "a body has to be of Content-Type application/json"
        )
    is_given = False

    async def again() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _too_large() -> Problem:
    detail = f"a body may have {LARGEST_BODY} bytes"
    return Problem(413, "too_large", detail, headers={"Connection": "close"})


def _name(host: str) -> str:
    """The name in a Host header, without the port."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() else host).lower()
