"""Whatever goes wrong with a request becomes one answer in the form of RFC 9457."""

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from venue.web.api.validation import field_errors, invalid, shown
from venue.web.problem_response import problem_response
from venue.web.problems import Problem

_log = structlog.get_logger()


def install_handlers(app: FastAPI) -> None:
    """Answer every exception, the framework's own as well."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def defect(request: Request, error: Exception) -> Problem:
    """500, which tells the log everything and the client nothing."""
    _log.error("defect", path=shown(request.url.path), exc_info=error)
    return Problem(500, "defect", "the web has met a defect of its own; its log tells more")


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_response(error)


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return problem_response(invalid(field_errors(error.errors())))


async def _unexpected(request: Request, error: Exception) -> Response:
    return problem_response(defect(request, error))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = shown(request.url.path)
    if error.status_code == 404:
        problem = Problem(404, "unknown_path", f"there is nothing at {path}")
    elif error.status_code == 405:
        methods = ", ".join(sorted(_methods(request)))
        detail = f"{request.method[:16]} is not for {path}: {methods} are"
        problem = Problem(405, "wrong_method", detail, headers={"Allow": methods})
    else:
        headers = dict(error.headers or {})
        problem = Problem(error.status_code, "http", str(error.detail), headers=headers)
    return problem_response(problem)


def _methods(request: Request) -> set[str]:
    """What may be asked of this path."""
    methods: set[str] = set()
    for method in ("GET", "POST", "PATCH", "PUT", "DELETE"):
        scope = dict(request.scope) | {"method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes):
            methods.add(method)
    return methods
