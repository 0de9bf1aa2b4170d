"""Long lists: a page says where the next one is."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.unit.web.api.fakes import FILL, ORDER, Server


def following(server: Server, path: str) -> Any:
    """The query of a page's link to the next, and its path."""
    response = server.ask("GET", path)
    assert response.status_code == 200, response.text
    if "link" not in response.headers:
        return None
    target, _, rel = response.headers["link"].partition("; ")
    assert rel == 'rel="next"' and target[0] + target[-1] == "<>"
    link = urlsplit(target[1:-1])
    assert (link.scheme, link.netloc) == ("", "")
    return link.path, {name: value for name, [value] in parse_qs(link.query).items()}


def test_a_full_page_has_a_link(server: Server) -> None:
    asked = {"symbol": "AAPL", "limit": "1"}
    before = {"before": f"{FILL.trade_id}-{FILL.order_id}"}
    assert following(server, "/v1/fills?symbol=AAPL&limit=1") == ("/v1/fills", asked | before)
    asked = {"status": "ended", "limit": "1", "before": ORDER.order_id}
    assert following(server, "/v1/orders?before=77&status=ended&limit=1") == ("/v1/orders", asked)
    assert server.desk.asked[-1][1]["before"] == "77"


def test_a_page_that_is_not_full_is_the_last(server: Server) -> None:
    assert following(server, "/v1/orders?limit=2") is None
    assert following(server, "/v1/trades/AAPL?before=9&limit=1") is None
    assert server.market.asked[-1] == ("trades", "AAPL", 1, "9")


def test_a_path_in_a_link_is_written_as_such(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a symbol has in it."""

    async def trades(symbol: str, limit: int, before: str | None) -> list[Any]:
        return [replace(FILL, symbol=symbol)]

    monkeypatch.setattr(server.market, "trades", trades)
    path, _ = following(server, "/v1/trades/%3EX%22%3F?limit=1")
    assert path == "/v1/trades/%3EX%22%3F"


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/orders?before=x", "/v1/orders?before=1-2", "/v1/orders?before="),
        *("/v1/fills?before=1-", "/v1/fills?before=1-2-3", "/v1/trades/AAPL?before=-1"),
        f"/v1/trades/AAPL?before={'1' * 19}",
    ],
)
def test_what_is_no_id_is_refused(server: Server, path: str) -> None:
    problem = server.refuses("GET", path, status=422, code="invalid")
    assert "before" in problem["detail"]
