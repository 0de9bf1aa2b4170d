"""What an operator asks for, and what becomes of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.unit.web.trading.fake_link import FakeLink
from venue.client import LoggedOut, OperatorReport
from venue.client.events import VenueFirm, VenueLimits, VenueSession
from venue.web.operator import OperatorDesk
from venue.web.problems import Problem
from venue.web.shapes import Firm, FirmLimits, OperatorAnswer, Session

LISTS: dict[str, Callable[[OperatorDesk], Awaitable[Any]]] = {
    "sessions": OperatorDesk.sessions,
    "firms": OperatorDesk.firms,
    "limits": lambda desk: desk.limits("ALPHA"),
}


def asked(action: str, *answer: Any, **terms: Any) -> tuple[dict[int, str], Any]:
    """What is sent, and what is told of an answer that arrives."""

    async def scenario() -> tuple[dict[int, str], Any]:
        link = FakeLink("WEBOP")
        desk = OperatorDesk(link.link)
        asking: asyncio.Future[Any] = asyncio.ensure_future(
            LISTS[action](desk) if action in LISTS else desk.act(action, **terms)
        )
        for _ in range(5):
            await asyncio.sleep(0)
        sent = link.last("U1") if link.sent else {}
        for each in answer:
            link.hear(each(sent))
        async with asyncio.timeout(10):
            return sent, await asking

    return asyncio.run(scenario())


def report(accepted: bool, text: str, **more: Any) -> Any:
    def of(sent: dict[int, str]) -> OperatorReport:
        ids = {"operator_req_id": sent[9201], "action": sent[9202]}
        return OperatorReport(**ids, accepted=accepted, text=text, **more)

    return of


def problem(awaitable: Awaitable[Any]) -> Problem:
    with pytest.raises(Problem) as raised:
        asyncio.run(awaitable)  # type: ignore[arg-type]
    return raised.value


@pytest.mark.parametrize("accepted", [True, False])
def test_answer(accepted: bool) -> None:
    sent, answer = asked("halt", report(accepted, "so it is"), symbol="AAPL", market=None)
    assert sent == {9201: sent[9201], 9202: "halt", 55: "AAPL"}
    assert answer == OperatorAnswer(action="halt", accepted=accepted, text="so it is")


def test_terms() -> None:
    sent, _ = asked(
        *("limit", report(True, "done")),
        firm="BETA",
        allow_short=False,
        restricted_symbols=["A", "B"],
    )
    assert (sent[9212], sent[9232], sent[9231]) == ("BETA", "N", "A B")


@pytest.mark.parametrize(
    "terms",
    [
        {"instrument": "AAPL"},
        {"text": "a\x01b"},
        {"text": "Zürich"},
        {"text": "a" * 1001},
        {"text": ""},
        {"restricted_symbols": ["A\x01"]},
    ],
)
def test_what_fix_cannot_say(terms: dict[str, Any]) -> None:
    link = FakeLink("WEBOP")
    refusal = problem(OperatorDesk(link.link).act("news", **terms))
    assert (refusal.status, refusal.code) == (422, "invalid")
    assert [each["field"] for each in refusal.more["errors"]] == [*terms]
    assert link.sent == []


def test_unknown_action() -> None:
    refusal = problem(OperatorDesk(FakeLink().link).act("dance"))
    assert (refusal.status, refusal.code) == (404, "unknown_action")


def test_connection_is_lost() -> None:
    with pytest.raises(Problem) as raised:
        asked("halt", lambda _: LoggedOut(), symbol="AAPL")
    assert (raised.value.status, raised.value.code) == (504, "no_answer")


def test_sessions() -> None:
    session = VenueSession(
        comp_id="WEB1",
        version="FIX.5.0SP2",
        firm="ALPHA",
        roles=("order_entry",),
        state="logged_on",
        next_out=7,
        next_in=5,
        address="127.0.0.1:9",
    )
    _, sessions = asked("sessions", report(True, "1 session", sessions=(session,)))
    assert sessions == [
        Session(
            comp_id="WEB1",
            version="FIX.5.0SP2",
            firm="ALPHA",
            roles=["order_entry"],
            state="logged_on",
            next_in=5,
            next_out=7,
            text="from 127.0.0.1:9",
        )
    ]


def test_firms() -> None:
    firms = (
        VenueFirm(name="ALPHA", is_killed=True, killed_accounts=()),
        VenueFirm(name="BETA", is_killed=False, killed_accounts=("A", "B")),
    )
    sent, told = asked("firms", report(True, "2 firms", firms=firms))
    assert sent[9202] == "firms"
    assert told == [
        Firm(name="ALPHA", is_killed=True, killed_accounts=[]),
        Firm(name="BETA", is_killed=False, killed_accounts=["A", "B"]),
    ]


def test_limits() -> None:
    limits = VenueLimits(firm=None, account="A", symbol=None, limits={"max_order_qty": "5"})
    sent, told = asked("limits", report(True, "1 scope", limits=(limits,)))
    assert (sent[9202], sent[9212]) == ("limits", "ALPHA")
    assert told == [FirmLimits(firm=None, account="A", symbol=None, limits={"max_order_qty": "5"})]


@pytest.mark.parametrize("action", LISTS)
def test_a_list_is_refused(action: str) -> None:
    with pytest.raises(Problem) as raised:
        asked(action, report(False, "not now"))
    assert (raised.value.status, raised.value.code) == (422, "refused")
    assert raised.value.more["venue_text"] == "not now"
