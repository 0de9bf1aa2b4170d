"""What an operator may ask for, and what becomes of it."""

from typing import Any

import pytest

from tests.unit.web.api.fakes import Server
from venue.client.requests import OPERATOR_ACTIONS


@pytest.fixture
def boss(server: Server) -> Server:
    server.who = server.who._replace(user=server.boss)
    return server


@pytest.mark.parametrize("action", OPERATOR_ACTIONS)
def test_every_action_is_handed_on(boss: Server, action: str) -> None:
    told = boss.ask("POST", f"/v1/operator/{action}", {"symbol": "AAPL"}).json()
    assert told == {"action": action, "accepted": True, "text": "done"}
    assert boss.operator.asked == [(action, "AAPL", {})]


def test_terms_are_text(boss: Server) -> None:
    body = {"firm": "ALPHA", "max_open_orders": 5, "allow_short": False, "text": "so be it"}
    assert boss.ask("POST", "/v1/operator/limit", body).status_code == 200
    terms = {"firm": "ALPHA", "max_open_orders": "5", "allow_short": "N", "text": "so be it"}
    assert boss.operator.asked == [("limit", None, terms)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"simbol": "AAPL"}, "simbol"),
        ({"self": "AAPL"}, "self"),
        ({"action": "halt"}, "action"),
        ({"text": "a\x01b"}, "text"),
        ({"text": "\u00fc"}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"text": ""}, "text"),
        ({"text": "a" * 1001}, "text"),
        ({"qty": 1.5}, "qty"),
        ({"qty": 10**18}, "qty"),
        ({"qty": None}, "qty"),
        ({"qty": True}, "qty"),
        ({"qty": [1]}, "qty"),
        ({"allow_short": "maybe"}, "allow_short"),
        ({"allow_short": 1}, "allow_short"),
    ],
)
def test_what_is_no_term_is_told(boss: Server, body: dict[str, Any], field: str) -> None:
    told = boss.refuses("POST", "/v1/operator/limit", body, status=422, code="invalid")
    assert [error["field"] for error in told["errors"]] == [field]
    assert boss.operator.asked == []


def test_an_unknown_action_is_told(boss: Server) -> None:
    told = boss.refuses("POST", "/v1/operator/explode", {}, status=422, code="invalid")
    assert told["errors"][0]["field"] == "action"


def test_who_is_no_operator_operates_nothing(server: Server) -> None:
    server.refuses("POST", "/v1/operator/halt", {}, status=403, code="no_operator")
    assert server.operator.asked == []


def test_what_the_venue_refuses_is_a_problem(boss: Server) -> None:
    boss.operator.refusal = "OperatorFirm(9212) is NOPE, expected one of ALPHA"
    told = boss.refuses("POST", "/v1/operator/kill", {"firm": "NOPE"}, status=422, code="refused")
    assert told["venue_text"] == boss.operator.refusal and "NOPE" in told["detail"]
