"""What is asked for, in FIX."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.web.trading.fake_link import message, report
from venue.client.parse import parse_event
from venue.web.problems import Problem
from venue.web.shapes import Order
from venue.web.trading.records import Records
from venue.web.trading.terms import (
    OrderChanges,
    OrderTerms,
    changed_order,
    difference,
    has_changed,
    order_fields,
)

NOON = datetime.datetime(2030, 1, 2, 12, 0, 0, 500_000, tzinfo=datetime.UTC)
MIDNIGHT = datetime.datetime(
    2030, 1, 2, 0, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=1))
)


def terms(**said: Any) -> OrderTerms:
    usual: dict[str, Any] = {"symbol": "AAPL", "side": "buy", "type": "limit"}
    return OrderTerms(**usual | {"quantity": Decimal(10), "price": Decimal(100)} | said)


def order(**said: Any) -> Order:
    records = Records("WEB1")
    records.apply(parse_event(message("8", report(**said))))  # type: ignore[arg-type]
    return records.newest(None, "all", 1)[0].order


def fields(**said: Any) -> dict[int, str]:
    return dict(order_fields("one", terms(**said), "20260102-10:00:00.000"))


def test_order() -> None:
    plain = {11: "one", 21: "1", 55: "AAPL", 54: "1", 60: "20260102-10:00:00.000", 38: "10"}
    assert fields() == plain | {40: "2", 44: "100", 59: "0"}


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ({"side": "sell"}, {54: "2"}),
        ({"type": "market", "price": None}, {40: "1"}),
        ({"type": "market_to_limit", "price": None}, {40: "K"}),
        ({"type": "stop_market", "trigger_price": Decimal(9)}, {40: "3", 99: "9"}),
        ({"type": "stop_limit", "trigger_price": Decimal(9)}, {40: "4", 99: "9"}),
        ({"type": "take_profit", "trigger_price": Decimal(9)}, {40: "J", 99: "9"}),
        ({"type": "take_profit_limit", "trigger_price": Decimal(9)}, {40: "2", 1102: "9"}),
        ({"time_in_force": "ioc"}, {59: "3"}),
        ({"time_in_force": "at_open"}, {59: "2"}),
        ({"time_in_force": "at_close"}, {59: "7"}),
        ({"expires": datetime.date(2030, 1, 2)}, {59: "6", 432: "20300102"}),
        ({"expires": NOON}, {59: "6", 126: "20300102-12:00:00.500"}),
        ({"expires": MIDNIGHT}, {59: "6", 126: "20300101-23:00:00.000"}),
        ({"display_quantity": Decimal(2)}, {1138: "2"}),
        ({"min_quantity": Decimal(2)}, {110: "2"}),
        ({"post_only": True}, {18: "6"}),
        ({"all_or_none": True, "time_in_force": "fok"}, {18: "G", 59: "4"}),
        (
            {"self_match_prevention_id": "A", "self_match_prevention": "decrement"},
            {2362: "A", 2964: "4"},
        ),
        ({"account": "A-1"}, {1: "A-1"}),
        ({"quantity": Decimal("1E+3"), "price": Decimal("0.10")}, {38: "1000", 44: "0.10"}),
    ],
)
def test_qualifiers(said: dict[str, Any], sent: dict[int, str]) -> None:
    written = fields(**said)
    assert {tag: written.get(tag) for tag in sent} == sent
    assert (44 in written) == ("price" not in said or said["price"] is not None)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"symbol": "A\x01B"}, "symbol"),
        ({"symbol": ""}, "symbol"),
        ({"symbol": "A" * 65}, "symbol"),
        ({"account": "Zürich"}, "account"),
        ({"self_match_prevention_id": "a b"}, "self_match_prevention_id"),
        ({"self_match_prevention": "never"}, "self_match_prevention"),
        ({"type": "wish"}, "type"),
        ({"side": "both"}, "side"),
        ({"time_in_force": "forever"}, "time_in_force"),
        ({"quantity": Decimal("NaN")}, "quantity"),
        ({"quantity": Decimal("-Infinity")}, "quantity"),
        ({"price": Decimal("1e1000000")}, "price"),
        ({"price": Decimal("1e-1000000")}, "price"),
        ({"price": Decimal("1." + "0" * 50)}, "price"),
        ({"price": Decimal("0e1000000")}, "price"),
        ({"expires": datetime.datetime(2030, 1, 1)}, "expires"),
        ({"expires": datetime.date(9999, 1, 1)}, "expires"),
    ],
)
def test_what_fix_cannot_say(said: dict[str, Any], field: str) -> None:
    with pytest.raises(Problem) as raised:
        fields(**said)
    assert (raised.value.status, raised.value.code) == (422, "invalid")
    assert [each["field"] for each in raised.value.more["errors"]] == [field]


def other_than(wanted: OrderTerms, known: Order, is_amended: bool, **said: Any) -> str | None:
    return difference(wanted, known, said.get("account"), said.get("exec_inst", ()), is_amended)


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ({}, None),
        ({"account": "A1"}, "account"),
        ({"all_or_none": True}, "all_or_none"),
        ({"min_quantity": Decimal(2)}, "min_quantity"),
        ({"display_quantity": Decimal(2)}, "display_quantity"),
        ({"price": Decimal("100.00")}, None),
        ({"price": Decimal(101)}, "price"),
        ({"quantity": Decimal(11)}, "quantity"),
        ({"side": "sell"}, "side"),
        ({"symbol": "MSFT"}, "symbol"),
        ({"type": "market_to_limit"}, "type"),
        ({"time_in_force": "gtc"}, "time_in_force"),
        ({"post_only": True}, "post_only"),
        ({"time_in_force": "day", "expires": datetime.date(2030, 1, 1)}, "expires"),
    ],
)
def test_difference(said: dict[str, Any], other: str | None) -> None:
    assert other_than(terms(**said), order(), False) == other


def test_amended_order_differs_in_what_does_not_change() -> None:
    assert other_than(terms(price=Decimal(1), quantity=Decimal(2)), order(), True) is None
    assert other_than(terms(side="sell"), order(), True) == "side"


def test_difference_in_what_only_the_report_says() -> None:
    known = order(_1088="3", _110="4")
    wanted = terms(display_quantity=Decimal(3), min_quantity=Decimal("4.0"), account="A1")
    assert other_than(wanted, known, False, account="A1") is None
    assert other_than(wanted, known, False, account="B1") == "account"
    assert other_than(wanted, known, False, account="A1", exec_inst="G") == "all_or_none"
    assert other_than(terms(display_quantity=Decimal(3)), known, False) == "min_quantity"
    assert other_than(terms(min_quantity=Decimal(4)), known, False) == "display_quantity"
    assert other_than(terms(min_quantity=Decimal(4)), known, True) is None


def test_difference_of_times() -> None:
    wanted = terms(expires=datetime.datetime(2030, 1, 2, 12, tzinfo=datetime.UTC))
    assert other_than(wanted, order(_59="6", _126="20300102-12:00:00"), False) is None
    assert other_than(wanted, order(_59="6", _126="20300102-12:00:01"), False) == "expires"


def test_changes() -> None:
    request = changed_order(order(), OrderChanges(price=Decimal("99.5")))
    assert (request.price, request.order_qty, request.time_in_force) == (
        *(Decimal("99.5"), Decimal(10)),
        "0",
    )
    gtd = order(_59="6", _126="20300102-12:00:00.000")
    assert changed_order(gtd, OrderChanges()).expire == "20300102-12:00:00.000"
    assert changed_order(gtd, OrderChanges(time_in_force="gtc")).expire is None
    assert changed_order(order(), OrderChanges(expires=datetime.date(2030, 1, 2))).expire == (
        "20300102"
    )
    with pytest.raises(Problem):
        changed_order(order(), OrderChanges(price=Decimal("NaN")))


def test_an_order_that_shows_all_again_has_changed() -> None:
    nothing = OrderChanges(display_quantity=Decimal(0))
    assert has_changed(order(), nothing) and has_changed(order(_1088="0"), nothing)
    assert not has_changed(order(_1088="3"), nothing)
    assert has_changed(order(_1088="3"), OrderChanges(display_quantity=Decimal("3.0")))
    assert not has_changed(order(), OrderChanges(display_quantity=Decimal(3)))


def test_has_changed() -> None:
    assert has_changed(order(), OrderChanges(price=Decimal("100.0"), quantity=Decimal(10)))
    assert not has_changed(order(), OrderChanges(price=Decimal(101)))
    assert not has_changed(order(), OrderChanges(trigger_price=Decimal(1)))
    assert not has_changed(order(), OrderChanges(expires=datetime.date(2030, 1, 2)))
