"""What /openapi.json says, and the page that shows it."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant

from tests.unit.web.api.fakes import Server
from venue.web.accounts import routes
from venue.web.api import account, compat, market, orders
from venue.web.api import operations as operator
from venue.web.api import status as web_status
from venue.web.api.openapi import DOCS, OPEN
from venue.web.api.route import StrictRoute


@pytest.fixture
def description(server: Server) -> dict[str, Any]:
    told: dict[str, Any] = server.ask("GET", "/openapi.json").json()
    return told


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in description["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def test_every_operation_says_what_may_go_wrong(description: dict[str, Any]) -> None:
    for path, _, operation in operations(description):
        statuses = operation["responses"].keys()
        assert "421" in statuses and ({"401", "429"} <= statuses or path in OPEN)
        if "requestBody" in operation:
            assert {"400", "413", "415", "422"} <= statuses
            assert operation["requestBody"]["content"]["application/json"]["examples"]
        if operation.get("parameters"):
            assert "422" in statuses
        for status, response in operation["responses"].items():
            kinds = list(response.get("content", {}))
            assert kinds == (["application/json"] if status < "3" else ["application/problem+json"])
        assert operation["description"] and operation["tags"]


def test_every_reference_leads_somewhere(description: dict[str, Any]) -> None:
    text = str(description)
    known = description["components"]["schemas"]
    named = set(re.findall(r"#/components/schemas/(\w+)", text))
    assert "Order" in named and named <= known.keys()
    assert "HTTPValidationError" not in known


def test_every_operation_says_who_may_ask(description: dict[str, Any]) -> None:
    for path, method, operation in operations(description):
        ways = [set(way) for way in operation["security"]]
        if path in OPEN:
            assert ways == []
        elif method == "get":
            assert ways == [{"token"}, {"cookie"}]
        else:
            assert ways == [{"token"}, {"cookie", "csrf"}]
    assert description["components"]["securitySchemes"]["cookie"]["name"] == "venue_8000"


def test_operations_have_names_of_their_own(description: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(description)]
    assert len(set(names)) == len(names)


def test_the_page_fetches_nothing_from_elsewhere(server: Server) -> None:
    page = server.ask("GET", "/docs")
    assert page.headers["content-type"].startswith("text/html")
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert "/docs/docs.js" in links and all(link[0] in "/#" for link in links)
    assert not re.search(r"<script(?![^>]*src)|<style| style=| on\w+=", page.text)
    for name, kind in (("docs.js", "text/javascript"), ("docs.css", "text/css")):
        file = server.ask("GET", f"/docs/{name}")
        assert file.headers["content-type"].startswith(kind)
        assert file.text == (DOCS / name).read_text("utf-8")
        assert "http:" not in file.text and "https:" not in file.text
        assert "innerHTML" not in file.text


def test_nothing_runs_in_a_thread() -> None:
    """FastAPI would run whatever is no coroutine function in one, and hand the request over."""

    def calls(dependant: Dependant) -> Iterator[Any]:
        yield dependant.call
        for each in dependant.dependencies:
            yield from calls(each)

    for module in (account, compat, market, operator, orders, routes, web_status):
        for route in module.router.routes:
            assert isinstance(route, StrictRoute)
            for call in calls(route.dependant):
                assert inspect.iscoroutinefunction(call), f"{route.path}: {call}"
