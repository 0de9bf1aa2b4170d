"""How OpenAPI describes what may go wrong: every status, its headers and the problem in it."""

from typing import Any

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "examples": ["/problems/refused"]},
        "title": {"type": "string", "examples": ["Unprocessable Content"]},
        "status": {"type": "integer", "examples": [422]},
        "detail": {"type": "string", "description": "Names field, value and limit."},
        "code": {"type": "string", "description": "A stable word for programs."},
        "venue_code": {
            "type": ["string", "null"],
            "description": "The venue's own code, OrdRejReason(103) or CxlRejReason(102).",
        },
        "venue_text": {"type": ["string", "null"], "description": "The venue's own Text(58)."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "value", "expected"],
                "properties": {
                    "field": {"type": "string"},
                    "value": {"type": ["string", "integer", "boolean", "null"]},
                    "expected": {"type": "string"},
                },
            },
        },
    },
}
_TEXT = {"type": "string"}
_RETRY = {"Retry-After": {"description": "Seconds.", "schema": _TEXT, "required": True}}
_WHAT: dict[int, tuple[str, dict[str, Any]]] = {
    400: ("The body is not JSON.", {}),
    401: (
        "Nobody is logged in, or the token or cookie is not good (any more).",
        {"WWW-Authenticate": {"description": "`Bearer`, unless it was a cookie.", "schema": _TEXT}},
    ),
    403: ("Known, but not allowed: see `code`.", {}),
    404: ("There is no such thing, or not for this user.", {}),
    408: ("The body was not there in time.", {}),
    409: ("The id names an order with other terms.", {}),
    413: ("The body is longer than 64 KiB.", {}),
    415: ("The body is not application/json.", {}),
    421: ("The Host is not one of this web's.", {}),
    422: ("A field is not as it has to be (`errors`), or the venue refuses (`venue_text`).", {}),
    429: ("Too many requests.", _RETRY),
    502: ("The venue's answer cannot be read; ask what became of the request.", {}),
    503: ("The venue cannot be reached: try again.", _RETRY),
    504: ("The venue has not answered in time; what became of the request is not known.", {}),
}
BODY = (400, 408, 413, 415, 422)
"""What may be wrong with any body."""
VENUE = (502, 503, 504)
"""What may happen to a question to the venue."""


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint that may answer with these, and with 422 as all do, for a
    parameter that there is not.
    """
    return {status: _described(status) for status in sorted({422, *statuses})}


def header(description: str, always: bool = True) -> dict[str, Any]:
    """A header of an answer."""
    return {"description": description, "schema": _TEXT, "required": always}


def _described(status: int) -> dict[str, Any]:
    what, headers = _WHAT[status]
    schema = {"$ref": "#/components/schemas/Problem"}
    described: dict[str, Any] = {
        "description": what,
        "content": {"application/problem+json": {"schema": schema}},
    }
    return described | ({"headers": headers} if headers else {})
