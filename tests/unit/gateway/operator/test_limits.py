"""Which limits an operator can set, and how each mistake is told."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import astuple

from tests.unit.core.desk import BUY
from tests.unit.gateway.operator.office import OPERATOR, Office
from venue.core import commands as c
from venue.core.limits import Limits, Scope
from venue.fix.operator import LIMITS, OperatorRequest


@pytest.fixture
def office() -> Office:
    return Office()


def limits(office: Office, *scope: str) -> Limits | None:
    return office.venue.risk.limits.get(Scope(*scope))


EVERY = {
    "max_order_qty": "10",
    "max_order_notional": "1000.5",
    "max_open_orders": "5",
    "max_open_notional": "5000",
    "max_long_position": "100",
    "max_short_position": "50",
    "max_daily_loss": "0",
    "price_collar_percent": "2.5",
    "max_messages": "10",
    "message_seconds": "2",
    "duplicate_milliseconds": "500",
    "restricted_symbols": "AAPL",
}


def test_every_limit_can_be_said(office: Office) -> None:
    told = office.does("limit", firm="NORTH", account="A", **EVERY)
    assert told.startswith("limits of firm NORTH, account A: max_order_qty 10, max_order_notional")
    assert limits(office, "NORTH", "A") == Limits(
        *(Decimal(10), Decimal("1000.5"), 5, Decimal(5000), Decimal(100), Decimal(50), Decimal(0)),
        *(Decimal("2.5"), 10, 2, 500, ("AAPL",)),
    )
    office.does("limit", firm="NORTH", symbol="AAPL", allow_short="N")
    assert limits(office, "NORTH", "", "AAPL") == Limits(allow_short=False)
    office.does("limit", max_open_orders="9")
    assert limits(office, "") == Limits(max_open_orders=9)


def test_what_is_not_said_stays_and_none_takes_away(office: Office) -> None:
    office.does("limit", firm="NORTH", **EVERY)
    for name in EVERY:
        if name != "message_seconds":
            office.does("limit", firm="NORTH", **{name: "none"})
            found = limits(office, "NORTH")
            assert found is None or getattr(found, name) == getattr(Limits(), name), name
    assert limits(office, "NORTH") is None, "the last was taken away"
    assert "firm NORTH has none" in office.refused("limit", firm="NORTH", max_order_qty="none")


def test_all_limits_of_a_scope_are_taken_away(office: Office) -> None:
    office.does("limit", firm="NORTH", **EVERY | {"restricted_symbols": "none"})
    office.does("limit", firm="NORTH", symbol="AAPL", max_order_qty="5")
    assert office.does("unlimit", firm="NORTH") == "firm NORTH has no limits"
    assert [*office.venue.risk.limits] == [Scope("NORTH", "", "AAPL")]
    expected = "OperatorFirm(9212) is NORTH, expected limits, firm NORTH has none"
    assert office.refused("unlimit", firm="NORTH") == expected
    assert office.refused("unlimit").endswith("is each firm, expected limits, each firm has none")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "MaxOrderQty(9220) is missing, expected this or another limit"),
        ({"max_order_qty": "0"}, "MaxOrderQty(9220) is 0, expected a decimal number above 0"),
        ({"max_order_qty": "-1"}, "MaxOrderQty(9220) is -1, expected a decimal number, or none"),
        ({"max_order_qty": "1E3"}, "MaxOrderQty(9220) is 1E3, expected a decimal number, or none"),
        ({"max_open_orders": "1.5"}, "MaxOpenOrders(9222) is 1.5, expected 1 to 10000000 orders"),
        ({"max_messages": "0"}, "MaxMessages(9228) is 0, expected 1 to 1000000 messages"),
        (
            {"duplicate_milliseconds": "3600001"},
            "DuplicateMilliseconds(9230) is 3600001, expected 1 to 3600000 milliseconds",
        ),
        ({"message_seconds": "5"}, "MessageSeconds(9229) is 5, expected at least one limit"),
        ({"allow_short": "no"}, "AllowShort(9232) is no, expected Y or N"),
        ({"restricted_symbols": "AAPL X"}, "RestrictedSymbols(9231) is X, expected an instrument"),
        (
            {"restricted_symbols": "AAPL AAPL"},
            "RestrictedSymbols(9231) is AAPL AAPL, expected each symbol once",
        ),
        ({"firm": "EAST"}, "OperatorFirm(9212) is EAST, expected one of NORTH, SOUTH"),
        ({"symbol": "X", "max_order_qty": "1"}, "Symbol(55) is X, expected an instrument"),
        ({"firm": "WEST", "account": "W3"}, "Account(1) is W3, expected one of W1, W2"),
        ({"account": "W1", "max_order_qty": "1"}, "Account(1) is W1, expected a firm with it"),
        (
            {"firm": "NORTH", "max_order_notional": "11"},
            "MaxOrderNotional(9221) is 11, expected at most the max_open_notional 10",
        ),
        (
            {"firm": "NORTH", "symbol": "AAPL", "max_open_notional": "10.5"},
            "MaxOpenNotional(9223) is 10.5, expected at most 10, which is the limit of firm NORTH",
        ),
        (
            {"symbol": "AAPL", "max_order_qty": "0.5"},
            "MaxOrderQty(9220) is 0.5, expected at least the min_qty 1 of AAPL",
        ),
    ],
)
def test_limits_that_cannot_be(office: Office, given: dict[str, str], text: str) -> None:
    office.does("limit", firm="NORTH", max_open_notional="10")
    assert office.refused("limit", **given).startswith(text)


def test_a_kill_switch(office: Office) -> None:
    office.new("a", BUY, 5, 9900)
    decision = office.decide("kill", firm="NORTH")
    assert decision.commands == (c.EngageKillSwitch("NORTH"),)
    assert office.does("kill", firm="NORTH") == "the kill switch of firm NORTH is engaged"
    assert not office.order("a").live
    text = "OperatorFirm(9212) is NORTH, expected one whose kill switch is not engaged"
    assert office.refused("kill", firm="NORTH") == text
    text = "OperatorFirm(9212) is NORTH, expected one whose kill switch is engaged"
    assert office.refused("release", firm="NORTH", account="A") == text
    assert office.does("release", firm="NORTH") == "the kill switch of firm NORTH is released"
    told = "the kill switch of firm WEST, account W1 is engaged"
    assert office.does("kill", firm="WEST", account="W1") == told
    assert office.refused("kill", firm="WEST", account="W").startswith("Account(1) is W, expected")
    assert office.refused("kill").startswith("OperatorFirm(9212) is missing, expected one of")


def test_whose_orders_are_taken(office: Office) -> None:
    def rows() -> list[tuple[str, ...]]:
        decision = office.decide("firms")
        assert decision.commands == () and decision.text.startswith("5 firms, ")
        return [astuple(row) for row in decision.rows or ()]

    firms = ["NORTH", "SOUTH", "VENUE", "WEST"]
    office.does("limit", firm="NORTH", max_open_orders="9")
    office.venue.handle(c.EngageKillSwitch("A, B*", ""))  # a firm of old, with a name of old
    assert rows() == [("A%2C%20B%2A", "killed", "()"), *((firm, "trading", "()") for firm in firms)]
    office.does("kill", firm="WEST", account="W2")
    office.does("kill", firm="WEST", account="W1")
    office.does("kill", firm="NORTH", account="a,b")
    office.does("kill", firm="SOUTH")
    assert office.decide("firms").text == "5 firms, 5 kill switches engaged"
    assert rows()[1:] == [
        ("NORTH", "trading", "a%2Cb"),
        ("SOUTH", "killed", "()"),
        ("VENUE", "trading", "()"),
        ("WEST", "trading", "W1,W2"),
    ]
    assert "absent with firms" in office.refused("firms", firm="WEST")


def test_which_limits_there_are(office: Office) -> None:
    def rows(**given: str) -> list[tuple[str, ...]]:
        decision = office.decide("limits", **given)
        assert decision.commands == ()
        return [astuple(row) for row in decision.rows or ()]

    assert office.decide("limits").text == "limits of 0 scopes" and rows() == []
    office.does("limit", firm="NORTH", account="A*", **EVERY)
    office.does("limit", firm="SOUTH", symbol="AAPL", allow_short="N")
    office.does("limit", max_messages="9")
    each = ("*", "*", "*", "max_messages=9,message_seconds=1")
    south = ("SOUTH", "*", "AAPL", "allow_short=N")
    every = ",".join(f"{name}={value}" for name, value in EVERY.items())
    north = ("NORTH", "A%2A", "*", every)
    assert rows() == [each, north, south]
    assert rows(firm="SOUTH") == [each, south]
    assert rows(firm="WEST") == [each]
    assert office.decide("limits", firm="NORTH").text == "limits of 2 scopes for firm NORTH"
    assert "OperatorFirm(9212) is NOBODY" in office.refused("limits", firm="NOBODY")
    assert "absent with limits" in office.refused("limits", symbol="AAPL")


NASTY = (
    "0",
    "-0",
    "1E+9",
    "NaN",
    "1_0",
    "none",
    "9" * 900,
    "0." + "0" * 900 + "1",
    "5",
    "Y",
    "AAPL",
)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.dictionaries(st.sampled_from([*LIMITS]), st.sampled_from(NASTY), min_size=1), min_size=1
    ),
    st.sampled_from(({}, {"firm": "NORTH"}, {"firm": "NORTH", "symbol": "AAPL"})),
)
def test_whatever_it_says_it_is_refused_or_can_be_done(
    requests: list[dict[str, str]], scope: dict[str, str]
) -> None:
    office = Office()
    for given_limits in requests:
        request = OperatorRequest(OPERATOR, "R", "limit", scope | given_limits)
        record, decision = office.operators.decide(request)
        assert len(record.text) < 2000
        if decision is not None:
            for command in decision.commands:
                office.venue.handle(command)
    office.new("a", BUY, 5, 9900)
    office.venue.check()
