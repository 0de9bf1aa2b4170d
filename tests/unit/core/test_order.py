from typing import Any

import pytest

from tests.unit.core.desk import GTC
from tests.unit.core.test_book import book_of, order
from venue.core.qualifiers import PLAIN, Details, Qualifiers
from venue.core.types import LIVE, OrdStatus

ICEBERG = Qualifiers(display_qty=2, refresh_qty=2)


def test_a_new_order_is_live() -> None:
    new = order(qty=5)
    assert new.live and new.ord_status is OrdStatus.NEW
    assert (new.cum_qty, new.leaves_qty, new.notional) == (0, 5, 0)


def test_fills_add_up() -> None:
    filled = order(qty=5)
    filled.fill(2, 100)
    assert filled.live and filled.ord_status is OrdStatus.PARTIALLY_FILLED
    assert (filled.cum_qty, filled.leaves_qty, filled.notional) == (2, 3, 200)
    filled.fill(3, 90)
    assert not filled.live and filled.ord_status is OrdStatus.FILLED
    assert (filled.cum_qty, filled.leaves_qty, filled.notional) == (5, 0, 470)


@pytest.mark.parametrize("ord_status", [OrdStatus.CANCELED, OrdStatus.EXPIRED])
def test_an_end_leaves_nothing_but_the_fills(ord_status: OrdStatus) -> None:
    ended = order(qty=5, hidden_qty=3)
    ended.fill(2, 100)
    ended.end(ord_status)
    assert not ended.live and ended.ord_status is ord_status
    assert (ended.order_qty, ended.cum_qty, ended.leaves_qty, ended.hidden_qty) == (5, 2, 0, 0)


@pytest.mark.parametrize(
    ("filled", "order_qty", "leaves_qty", "ord_status"),
    [
        (0, 3, 3, OrdStatus.NEW),
        (0, 9, 9, OrdStatus.NEW),
        (2, 9, 7, OrdStatus.PARTIALLY_FILLED),
        (2, 3, 1, OrdStatus.PARTIALLY_FILLED),
        (2, 2, 0, OrdStatus.FILLED),
    ],
)
def test_replace(filled: int, order_qty: int, leaves_qty: int, ord_status: OrdStatus) -> None:
    replaced = order(qty=5)
    if filled:
        replaced.fill(filled, 100)
    replaced.replace(101, order_qty)
    assert (replaced.price, replaced.order_qty, replaced.cum_qty) == (101, order_qty, filled)
    assert (replaced.leaves_qty, replaced.ord_status) == (leaves_qty, ord_status)


@pytest.mark.parametrize(("qty", "hidden_qty"), [(0, 0), (1, 4), (4, 1), (5, 0), (6, 0)])
def test_show(qty: int, hidden_qty: int) -> None:
    shown = order(qty=5, hidden_qty=2)
    shown.show(qty)
    assert (shown.hidden_qty, shown.leaves_qty) == (hidden_qty, 5)


@pytest.mark.parametrize(("qty", "hidden_qty"), [(1, 2), (3, 0), (4, 0)])
def test_reduce_takes_from_what_is_hidden_first(qty: int, hidden_qty: int) -> None:
    reduced = order(qty=7, hidden_qty=3)
    reduced.fill(2, 100)
    reduced.reduce(qty)
    assert (reduced.order_qty, reduced.leaves_qty) == (7 - qty, 5 - qty)
    assert (reduced.hidden_qty, reduced.cum_qty) == (hidden_qty, 2)
    assert reduced.ord_status is OrdStatus.PARTIALLY_FILLED


@pytest.mark.parametrize(
    ("terms", "shown_qty"),
    [
        ({}, 5),
        ({"qualifiers": PLAIN}, 5),
        ({"qualifiers": ICEBERG}, 2),
        ({"qualifiers": ICEBERG, "qty": 1}, 1),
        ({"qualifiers": ICEBERG, "working": False}, 0),
        ({"working": False}, 0),
    ],
)
def test_what_an_order_outside_the_book_would_show(terms: dict[str, Any], shown_qty: int) -> None:
    assert order(**terms).shown_qty == shown_qty


def test_what_a_resting_order_shows_is_what_its_slice_has_left() -> None:
    resting = order(qty=9, qualifiers=ICEBERG, hidden_qty=8)
    book_of(resting)
    assert resting.shown_qty == 1


def test_details_of_a_plain_order_are_none() -> None:
    assert order().details() is None


def test_details() -> None:
    iceberg = order(qualifiers=ICEBERG)
    assert iceberg.details() == Details(ICEBERG, True, 2, False, 0, 0)
    waiting = order(qualifiers=ICEBERG, working=False)
    assert waiting.details() == Details(ICEBERG, False, 0, False, 0, 0)


@pytest.mark.parametrize("qualifiers", [None, ICEBERG])
def test_an_order_that_is_carried_over_remembers_its_fills(qualifiers: Qualifiers | None) -> None:
    carried = order(qty=9, time_in_force=GTC, qualifiers=qualifiers)
    carried.fill(2, 100)
    carried.carry_over(7)
    carried.fill(3, 110)
    assert carried.carried == (2, 200, 7)
    shown_qty = 2 if qualifiers else 4
    assert carried.details() == Details(qualifiers or PLAIN, True, shown_qty, True, 2, 200)
    carried.carry_over(8)
    assert carried.carried == (5, 530, 8)
    carried.revise(8, -2, -200)
    carried.revise(9, 1, 120)
    assert (carried.carried, carried.cum_qty, carried.notional) == ((3, 330, 8), 4, 450)


def test_live_statuses() -> None:
    assert {OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED} == LIVE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("order_id", 9),
        ("session", "TRADER2"),
        ("firm", "SOUTH"),
        ("cl_ord_id", "other"),
        ("symbol", "MSFT"),
        ("side", "2"),
        ("ord_type", "1"),
        ("time_in_force", "1"),
        ("price", 1),
        ("order_qty", 1),
        ("leaves_qty", 1),
        ("account", "ACC"),
        ("cum_qty", 1),
        ("notional", 1),
        ("ord_status", "4"),
        ("qualifiers", PLAIN),
        ("qualifiers", ICEBERG),
        ("hidden_qty", 1),
        ("working", False),
        ("carried", (0, 0, 0)),
    ],
)
def test_state_holds_every_field(field: str, value: object) -> None:
    first, second = order(), order()
    assert first.state() == second.state()
    setattr(second, field, value)
    assert first.state() != second.state()


def test_state_knows_no_neighbours() -> None:
    """They would print each other without end; the book knows the order of its queues."""
    alone, first, second = order(), order(), order()
    book_of(first, second)
    assert first.state() == alone.state()
