"""Lists that are longer than an answer, page by page."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, urlencode

from fastapi import Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from venue.web.api.amounts import Count
from venue.web.api.answers import answer
from venue.web.api.described import header
from venue.web.shapes import Fill, Order, Trade

T = TypeVar("T", Order, Fill, Trade)

Limit = Annotated[Count, Query(description="At most so many.")]
LINKED: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            "Link": header('Where the next page is, if there may be one: rel="next".', always=False)
        }
    }
}
_OLDER = "Only older ones than the one with this"
_Counted = Annotated[str, Field(pattern="^[0-9]{1,18}$")]
_Side = Annotated[str, Field(pattern="^[0-9]{1,18}(-[0-9]{1,18})?$")]
BeforeOrder = Annotated[_Counted | None, Query(description=f"{_OLDER} `order_id`.")]
BeforeTrade = Annotated[_Counted | None, Query(description=f"{_OLDER} `trade_id`.")]
BeforeFill = Annotated[
    _Side | None,
    Query(description=f"{_OLDER} `trade_id`, or `trade_id-order_id`: both sides may be own ones."),
]


def page(request: Request, found: Sequence[T], limit: int, id_of: Callable[[T], str]) -> Response:
    """Write a page of a list, and where that is full a Link to the next one (RFC 8288)."""
    if len(found) < limit:
        return answer(found)
    query = urlencode(dict(request.query_params) | {"before": id_of(found[-1])})
    target = f"{quote(request.scope['path'])}?{query}"
    return answer(found, headers={"Link": f'<{target}>; rel="next"'})
