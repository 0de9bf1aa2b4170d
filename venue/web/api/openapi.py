"""What is at /openapi.json, made once, and the page at /docs that shows it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import FileResponse, Response

from venue.web.api.described import PROBLEM, header, problems

DOCS = Path(__file__).parent / "docs"
FILES = {"docs.js": "text/javascript", "docs.css": "text/css"}
DESCRIPTION = """\
Orders, the market and the accounts of a FIX trading venue.

Numbers are text, exact decimals; in requests JSON integers are taken, too, and floats are not.
Times are ISO 8601 in UTC. Lists are JSON arrays. An unknown member or query parameter is an error.
An order is answered when the venue has answered; `client_order_id` makes it safe to send it again.

Errors are `application/problem+json` (RFC 9457): `detail` is for people, `code` for programs,
`venue_code` and `venue_text` are the venue's own.

Who asks sends `Authorization: Bearer TOKEN` (`venue web-token USER` makes one), or the cookie that
POST /v1/login sets, with its X-CSRF-Token whenever something may change. Where the configuration
says `anonymous`, neither is needed on this machine.

Every answer says Cache-Control: no-store, and to a browser what it may do with it
(Content-Security-Policy, X-Content-Type-Options, X-Frame-Options, Referrer-Policy).
"""
TAGS = {
    "orders": "Placed, amended, canceled, looked at.",
    "market": "Instruments, books, trades, statistics, candles.",
    "account": "Positions, fees, fills, sessions.",
    "operator": "What the venue's operator does.",
    "accounts": "Who is asking.",
    "web": "How this web is.",
    "compatibility": "Paths and shapes that programs written for small engines know.",
}
OPEN = {"/v1/status", "/v1/login", "/v1/logout"}
"""What needs no login."""
SETS_COOKIE = {("/v1/login", "post"): "200", ("/v1/logout", "post"): "204"}
_METHODS = ("get", "post", "patch", "put", "delete")
_CHANGING = ("post", "patch", "put", "delete")
_FROM_THE_GUARD = (421,)


def install_docs(app: FastAPI, cookie: str) -> None:
    """Add /openapi.json and /docs; `cookie` is the name of the login's cookie."""
    described: bytes | None = None

    async def openapi() -> Response:
        nonlocal described
        if described is None:
            described = msgspec.json.encode(describe(app, cookie))
        return Response(described, media_type="application/json")

    async def docs() -> Response:
        return FileResponse(DOCS / "index.html", media_type="text/html")

    def sending(name: str, kind: str) -> Any:
        async def file() -> Response:
            return FileResponse(DOCS / name, media_type=kind)

        return file

    app.add_api_route("/openapi.json", openapi, include_in_schema=False)
    app.add_api_route("/docs", docs, include_in_schema=False)
    for name, kind in FILES.items():
        app.add_api_route(f"/docs/{name}", sending(name, kind), include_in_schema=False)


def describe(app: FastAPI, cookie: str) -> dict[str, Any]:
    """What FastAPI knows of the routes, and what it does not: problems, and who may ask."""
    tree = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
    )
    components = tree.setdefault("components", {})
    components["schemas"]["Problem"] = PROBLEM
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": cookie},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
    }
    for path, method, operation in _operations(tree):
        _mend_responses(operation)
        if (path, method) in SETS_COOKIE:
            response = operation["responses"][SETS_COOKIE[path, method]]
            response["headers"] = {"Set-Cookie": header("The login, or its end.")}
        if path in OPEN:
            operation["security"] = []
        elif method in _CHANGING:
            operation["security"] = [{"token": []}, {"cookie": [], "csrf": []}]
        else:
            operation["security"] = [{"token": []}, {"cookie": []}]
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    return tree


def _operations(tree: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in tree["paths"].items():
        for method, operation in item.items():
            if method in _METHODS:
                yield path, method, operation


def _mend_responses(operation: dict[str, Any]) -> None:
    """No answer of FastAPI's own to bad requests, but ours; and the guard's for a wrong Host."""
    responses = operation["responses"]
    validation = responses.get("422", {}).get("content", {}).get("application/json")
    if validation is not None:
        responses |= {str(status): each for status, each in problems(422).items()}
    responses |= {str(status): each for status, each in problems(*_FROM_THE_GUARD).items()}
    operation["responses"] = dict(sorted(responses.items()))
