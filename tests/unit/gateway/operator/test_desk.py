"""Which fields go with which action, and what the audit is told of every request."""

import pytest

from tests.unit.gateway.operator.office import OPERATOR, Office
from venue.core import commands as c
from venue.core.types import TradingPhase
from venue.fix.operator import FIELDS, OperatorAction, OperatorRequest
from venue.fix.refusal import (
    BusinessReject,
    BusinessRejectReason,
    SessionReject,
    SessionRejectReason,
)
from venue.gateway.operator.decision import LONGEST_TEXT
from venue.gateway.operator.desk import MAY_SAY, record_refused


@pytest.fixture
def office() -> Office:
    return Office()


def test_every_action_has_its_fields() -> None:
    assert MAY_SAY.keys() == set(OperatorAction)
    assert {name for names in MAY_SAY.values() for name in names} == FIELDS.keys()


def test_another_action(office: Office) -> None:
    text = office.refused("burn")
    assert text.startswith(
        "OperatorAction(9202) is burn, expected one of define, delist, halt, res"
    )
    assert text.endswith("snapshot, end_day")


@pytest.mark.parametrize("action", OperatorAction)
def test_what_does_not_go_with_an_action(office: Office, action: OperatorAction) -> None:
    for name in FIELDS.keys() - set(MAY_SAY[action]):
        tag, field = FIELDS[name]
        text = office.refused(action, **{name: "5"})
        assert text == f"{field}({tag}) is 5, expected absent with {action}"


def test_texts_that_cannot_be(office: Office) -> None:
    text = office.refused("halt", symbol="A\nB")
    assert text == "Symbol(55) is 'A\\nB', expected printable characters"
    text = office.refused("news", headline="H", text="x" * (LONGEST_TEXT + 1))
    assert text == "Text(58) is 1001 characters long, expected at most 1000 characters"


def test_the_audit_keeps_no_more_than_can_be_said(office: Office) -> None:
    request = OperatorRequest(OPERATOR, "R", "halt", {"symbol": "x" * 9999})
    record, _ = office.operators.decide(request)
    assert record.request == {"symbol": "x" * LONGEST_TEXT}
    assert not record.accepted and len(record.text) < 200


def test_the_audit_hears_of_who_may_not_ask(office: Office) -> None:
    session = office.sessions["FIX.4.4:TRADER1"]
    reject = BusinessReject("7", "U1", BusinessRejectReason.NOT_AUTHORIZED, "no role", "R")
    expected = c.RecordOperation(session.name, "R", "", {}, False, "no role")
    assert record_refused(session, reject) == expected
    wrong = SessionReject("7", "U1", "9201", SessionRejectReason.VALUE_IS_INCORRECT, "too long")
    assert record_refused(session, wrong) == c.RecordOperation(
        session.name, "", "", {}, False, "too long"
    )


def test_a_day_and_a_snapshot(office: Office) -> None:
    assert office.decide("end_day").commands == (c.EndTradingDay(),)
    assert office.does("end_day") == "the trading day is ended"
    decision = office.decide("snapshot")
    assert (decision.snapshot, decision.commands) == (True, ())
    assert office.venue.phase("AAPL") is TradingPhase.CONTINUOUS
