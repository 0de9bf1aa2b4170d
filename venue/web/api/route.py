"""How an endpoint is reached: its query is known, its body is JSON, its defects are its own."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from venue.web.api.handlers import defect
from venue.web.api.strict_json import parse
from venue.web.api.validation import FieldError, invalid, shown
from venue.web.problem_response import problem_response
from venue.web.problems import Problem


class StrictRoute(APIRoute):
    """A route that takes only what it has announced; its dependencies have no query."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        known = sorted(field.alias for field in self.dependant.query_params)
        has_body = self.body_field is not None

        async def strict(request: Request) -> Response:
            try:
                _look_at_query(request, known)
                if has_body:
                    request = await _JsonRequest.read(request)
                return await handle(request)
            except (Problem, RequestValidationError, HTTPException, ClientDisconnect):
                raise
            except Exception as error:
                return problem_response(defect(request, error))

        return strict


class _JsonRequest(Request):
    """A request whose body has been read, strictly."""

    parsed: Any

    @classmethod
    async def read(cls, request: Request) -> "_JsonRequest":
        body = await request.body()
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if body and kind != "application/json":
            detail = f"Content-Type: expected application/json, found {shown(kind)!r}"
            raise Problem(415, "wrong_content_type", detail)
        read = cls(request.scope, request.receive)
        read._body = body
        read.parsed = parse(body) if body else None
        return read

    async def json(self) -> Any:
        return self.parsed


def _look_at_query(request: Request, known: list[str]) -> None:
    names = list(dict.fromkeys(name for name, _ in request.query_params.multi_items()))
    expected = f"one of {', '.join(known)}" if known else "no parameter"
    errors = [
        FieldError(shown(name), shown(request.query_params[name]), expected)
        for name in names
        if name not in known
    ]
    errors += [
        FieldError(name, f"{len(values)} values", "one value")
        for name in known
        if len(values := request.query_params.getlist(name)) > 1
    ]
    if errors:
        raise invalid(errors)
