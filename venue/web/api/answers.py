"""Success as JSON: written once, the same as the WebSocket writes it."""

from typing import Any

import msgspec
from starlette.responses import Response

_encode = msgspec.json.Encoder().encode


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Write shapes, or lists and dicts of them."""
    return Response(_encode(value), status, headers, "application/json")
