"""Whom an operator logs out, keeps out and tells, and how each mistake is told."""

import socket

import pytest

from tests.unit.gateway.operator.office import Office
from tests.unit.gateway.test_exchange import Link
from venue.core import commands as c
from venue.fix.listings import SessionState
from venue.fix.news import News
from venue.gateway.operator.decision import Decision

NOW, NEVER = "FIX.4.4:", "FIX.4.2:"


@pytest.fixture
def office() -> Office:
    return Office()


def dismissed(decision: Decision) -> dict[str, str]:
    return {session.name: text for session, text in decision.dismissed}


def told(decision: Decision) -> list[str]:
    return [session.name for session, _ in decision.news]


def test_a_session_is_disconnected(office: Office) -> None:
    text = "the operator has disconnected this session"
    for name in ("TRADER1", "FIX.4.4:TRADER1"):
        decision = office.decide("disconnect", session=name)
        assert (decision.text, decision.commands) == ("FIX.4.4:TRADER1 disconnected", ())
        assert dismissed(decision) == {"FIX.4.4:TRADER1": text}
    office.sessions["FIX.4.2:TRADER1"].logged_on = True
    decision = office.decide("disconnect", session="TRADER1", text="tests are over")
    why = f"{text}: tests are over"
    assert dismissed(decision) == {"FIX.4.2:TRADER1": why, "FIX.4.4:TRADER1": why}


def test_only_who_is_there_is_disconnected(office: Office) -> None:
    expected = "expected a session that is logged on"
    assert office.refused("disconnect") == f"OperatorSession(9213) is missing, {expected}"
    text = office.refused("disconnect", session="FIX.4.2:TRADER1")
    assert text == f"OperatorSession(9213) is FIX.4.2:TRADER1, {expected}"
    text = office.refused("disconnect", session="NOBODY")
    example = "as in FIX.4.2:TRADER1 or TRADER1"
    assert text == f"OperatorSession(9213) is NOBODY, {expected}, {example}"


def test_a_lock_is_lifted_where_there_can_be_one(office: Office) -> None:
    text = "OperatorSession(9213) is TRADER1, expected nobody, none has a password"
    assert office.refused("unlock", session="TRADER1") == text
    office.sessions["FIX.4.4:TRADER2"].has_password = True
    decision = office.decide("unlock", session="TRADER2")
    assert (decision.text, decision.unlocked) == (
        "every address may try again to log on as TRADER2",
        "TRADER2",
    )
    text = "OperatorSession(9213) is TRADER1, expected one of TRADER2"
    assert office.refused("unlock", session="TRADER1") == text


def test_a_comp_id_is_disabled_and_enabled(office: Office) -> None:
    decision = office.decide("disable", session="TRADER2", text="unpaid")
    assert decision.commands == (c.AllowSession("TRADER2", False),)
    text = "the operator has disabled this session: unpaid"
    assert dismissed(decision) == {"FIX.4.4:TRADER2": text}
    assert office.does("disable", session="TRADER2") == "TRADER2 is disabled"
    refused = office.refused("disable", session="TRADER2")
    assert refused == "OperatorSession(9213) is TRADER2, expected a CompID that is not disabled"
    refused = office.refused("enable", session="TRADER1")
    assert refused == "OperatorSession(9213) is TRADER1, expected one of TRADER2"
    assert office.does("enable", session="TRADER2") == "TRADER2 is enabled"
    refused = office.refused("enable", session="TRADER2")
    assert refused == "OperatorSession(9213) is TRADER2, expected nobody, none is disabled"
    assert office.venue.operations.disallowed == set()


def test_who_cannot_be_disabled(office: Office) -> None:
    known = "OPERATOR, TRADER1, TRADER2, TRADER3"
    for name in ("NOBODY", "FIX.4.4:TRADER1"):
        refused = office.refused("disable", session=name)
        assert refused == f"OperatorSession(9213) is {name}, expected one of {known}"
    refused = office.refused("disable", session="OPERATOR")
    assert refused.endswith("is OPERATOR, expected another CompID than the one that asks")


def test_who_is_disabled_and_configured_no_more_can_be_enabled(office: Office) -> None:
    office.venue.handle(c.AllowSession("GONE", False))
    assert office.does("enable", session="GONE") == "GONE is enabled"


def test_news_for_everybody_else(office: Office) -> None:
    decision = office.decide("news", headline="Early close", text="at noon")
    traders = ["FIX.4.4:TRADER1", "FIX.4.4:TRADER2", "FIX.4.4:TRADER3"]
    assert told(decision) == traders
    assert {news for _, news in decision.news} == {News("Early close", "at noon")}
    assert decision.text == "told to 3 sessions"


def test_news_for_some(office: Office) -> None:
    news = {"headline": "H", "text": "T"}
    decision = office.decide("news", **news, firm="NORTH")
    assert told(decision) == ["FIX.4.4:TRADER1", "FIX.4.4:TRADER3"]
    decision = office.decide("news", **news, session="TRADER2")
    assert (told(decision), decision.text) == (["FIX.4.4:TRADER2"], "told to 1 session")
    assert told(office.decide("news", **news, firm="WEST")) == [], "nobody is there"


def test_news_wait_for_who_has_been_here(office: Office) -> None:
    office.known.add("FIX.4.2:TRADER2")
    decision = office.decide("news", headline="H", text="T", firm="SOUTH")
    assert told(decision) == ["FIX.4.2:TRADER2", "FIX.4.4:TRADER2"]
    assert decision.text == "told to 2 sessions, 1 of them when they log on"


def test_news_that_cannot_be(office: Office) -> None:
    text = office.refused("news", text="T")
    assert text == "Headline(148) is missing, expected 1 to 200 characters"
    text = office.refused("news", headline="H" * 201, text="T")
    assert text == "Headline(148) is 201 characters long, expected 1 to 200 characters"
    text = office.refused("news", headline="H")
    assert text == "Text(58) is missing, expected what is to be told"
    text = office.refused("news", headline="H", text="T", session="TRADER1", firm="NORTH")
    assert text == "OperatorFirm(9212) is NORTH, expected absent with OperatorSession(9213)"
    text = office.refused("news", headline="H", text="T", firm="EAST")
    assert text == "OperatorFirm(9212) is EAST, expected one of NORTH, SOUTH, VENUE, WEST"
    assert "is NOBODY" in office.refused("news", headline="H", text="T", session="NOBODY")


def test_how_all_sessions_stand(office: Office) -> None:
    office.known.update(("FIX.4.4:TRADER1", "FIX.4.4:TRADER2", "FIX.4.4:TRADER3"))
    there = office.sessions["FIX.4.4:TRADER1"]
    going = office.sessions["FIX.4.4:TRADER3"]
    going.logged_on = False
    office.does("disable", session="TRADER2")
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as there.socket,
        socket.socket() as going.socket,
    ):
        there.link = Link(7, 5)
        decision = office.decide("sessions")
        host, port = server.getsockname()
    there.socket = going.socket = None
    assert decision.text == f"{len(office.sessions)} sessions, 3 logged on"
    assert (decision.commands, decision.dismissed) == ((), ())
    rows = [row for row in decision.rows or () if isinstance(row, SessionState)]
    states = {f"{each.version}:{each.comp_id}": each for each in rows}
    assert list(states) == list(office.sessions)
    role = "order_entry"
    assert states["FIX.4.4:TRADER1"] == SessionState(
        *("TRADER1", "FIX.4.4", "NORTH", role, "logged_on", "7", "5", f"{host}:{port}")
    )
    assert states["FIX.4.2:TRADER1"] == SessionState(
        *("TRADER1", "FIX.4.2", "NORTH", role, "never", "1", "1", "none")
    )
    assert states["FIX.4.4:TRADER2"].state == states["FIX.4.2:TRADER2"].state == "disabled"
    assert states["FIX.4.4:TRADER3"].state == "logged_off"
    assert states["FIX.4.4:OPERATOR"].roles == "operator"
    refused = office.refused("sessions", session="TRADER1")
    assert refused == "OperatorSession(9213) is TRADER1, expected absent with sessions"


def test_how_a_session_stands(office: Office) -> None:
    office.known.update(("FIX.4.4:TRADER1", "FIX.4.4:TRADER2"))
    link = office.sessions["FIX.4.4:TRADER1"]
    link.link = Link(7, 5)
    told = "FIX.4.4:TRADER1 of NORTH logged on, next 7 out, 5 in"
    decision = office.decide("session", session="FIX.4.4:TRADER1")
    assert (decision.text, decision.commands, decision.dismissed) == (told, (), ())
    never = "FIX.4.2:TRADER1 of NORTH never logged on"
    assert office.does("session", session="TRADER1") == f"{never}; {told}"
    office.does("disable", session="TRADER2")
    office.sessions["FIX.4.4:TRADER2"].logged_on = False
    told = "FIX.4.4:TRADER2 of SOUTH not logged on, disabled"
    assert office.does("session", session="FIX.4.4:TRADER2") == told
    assert "is NOBODY" in office.refused("session", session="NOBODY")
