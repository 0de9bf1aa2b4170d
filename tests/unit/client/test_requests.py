from decimal import Decimal

import pytest

from venue.client.requests import (
    OPERATOR_ACTIONS,
    OPERATOR_TERMS,
    Subscription,
    cancel_fields,
    market_data_fields,
    mass_cancel_fields,
    mass_status_fields,
    operator_fields,
    status_fields,
    unsubscribe_fields,
)
from venue.client.versions import VERSIONS
from venue.fix.operator import FIELDS, OperatorAction

NOW = "20260101-10:00:00.000"


def test_cancel() -> None:
    cancel = dict(cancel_fields("B", "A", None, "AAPL", "1", Decimal(7), NOW))
    assert cancel == {41: "A", 11: "B", 55: "AAPL", 54: "1", 60: NOW, 38: "7"}
    assert 38 not in dict(cancel_fields("B", "A", None, "AAPL", "1", None, NOW))


def test_cancel_by_order_id_alone() -> None:
    cancel = dict(cancel_fields("B", None, "O1", "AAPL", "1", None, NOW))
    assert cancel == {37: "O1", 11: "B", 55: "AAPL", 54: "1", 60: NOW}


@pytest.mark.parametrize("version", VERSIONS)
def test_status_carries_an_id_where_the_version_has_one(version: str) -> None:
    status = dict(status_fields("A", "AAPL", "1", "S", VERSIONS[version]))
    has_id = version != "FIX.4.2"
    assert status == {11: "A", 55: "AAPL", 54: "1"} | ({790: "S"} if has_id else {})


@pytest.mark.parametrize(
    ("symbol", "side", "scope"),
    [
        (None, None, {"scope": "7"}),
        (None, "2", {"scope": "7", 54: "2"}),
        ("AAPL", None, {"scope": "1", 55: "AAPL"}),
        ("AAPL", "1", {"scope": "1", 55: "AAPL", 54: "1"}),
    ],
)
def test_mass_requests_name_what_they_are_about(
    symbol: str | None, side: str | None, scope: dict[int | str, str]
) -> None:
    kind = scope.pop("scope")
    assert dict(mass_cancel_fields("Q", symbol, side, NOW)) == {11: "Q", 530: kind, 60: NOW} | scope
    assert dict(mass_status_fields("M", symbol, side)) == {584: "M", 585: kind} | scope


def test_a_subscription_asks_for_bids_offers_and_trades() -> None:
    fields = market_data_fields("M", Subscription(symbols=("AAPL", "MSFT"), depth=5))
    assert fields == [
        (262, "M"), (263, "1"), (264, "5"), (265, "1"), (267, "3"), (269, "0"), (269, "1"),
        (269, "2"), (146, "2"), (55, "AAPL"), (55, "MSFT"),
    ]  # fmt: skip


def test_a_subscription_to_single_orders_that_are_numbered_and_conflated() -> None:
    wanted = Subscription(
        symbols=("AAPL",),
        entry_types=("0", "Q"),
        aggregated=False,
        full_refresh=True,
        interval_ms=0,
        numbered=True,
    )
    assert market_data_fields("M", wanted) == [
        (262, "M"), (263, "1"), (264, "0"), (265, "0"), (266, "N"), (267, "2"), (269, "0"),
        (269, "Q"), (146, "1"), (55, "AAPL"), (9083, "Y"), (9084, "0"),
    ]  # fmt: skip


def test_an_unsubscribe_has_the_groups_but_no_update_type() -> None:
    assert unsubscribe_fields("M", ["AAPL"]) == [
        (262, "M"), (263, "2"), (264, "0"), (267, "1"), (269, "0"), (146, "1"), (55, "AAPL"),
    ]  # fmt: skip


def test_what_an_operator_asks_for() -> None:
    terms = {"symbol": "AAPL", "tick": Decimal("1E-2"), "max_qty": 7, "lot": None}
    assert operator_fields("R", "define", terms) == [
        (9201, "R"), (9202, "define"), (55, "AAPL"), (969, "0.01"), (1140, "7"),
    ]  # fmt: skip
    limits = {"firm": "ALPHA", "restricted_symbols": ("A", "B"), "allow_short": False}
    assert operator_fields("R", "limit", limits)[2:] == [
        (9212, "ALPHA"),
        (9231, "A B"),
        (9232, "N"),
    ]
    with pytest.raises(KeyError):
        operator_fields("R", "define", {"ticks": "0.01"})


def test_the_client_knows_what_the_venue_knows() -> None:
    assert set(OPERATOR_ACTIONS) == set(OperatorAction)
    assert {n: str(tag) for n, tag in OPERATOR_TERMS.items()} == {
        n: t for n, (t, _) in FIELDS.items()
    }
