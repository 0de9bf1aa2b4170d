"""A problem as an answer."""

from http import HTTPStatus

import msgspec
from starlette.responses import Response

from venue.web.problems import Problem

MEDIA_TYPE = "application/problem+json"


def problem_response(problem: Problem) -> Response:
    """The answer of RFC 9457: type, title, status, detail, and the members `code` and more."""
    try:
        title = HTTPStatus(problem.status).phrase
    except ValueError:
        title = "Error"
    body = {
        "type": f"/problems/{problem.code}",
        "title": title,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        **{key: value for key, value in problem.more.items() if value is not None},
    }
    content = msgspec.json.encode(body)
    return Response(content, problem.status, problem.headers, media_type=MEDIA_TYPE)
