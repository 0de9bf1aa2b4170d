import pytest

from tests.unit.core.test_book import order
from venue.core.types import LIVE, OrdStatus


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


def test_cancel_leaves_nothing_but_the_fills() -> None:
    canceled = order(qty=5)
    canceled.fill(2, 100)
    canceled.cancel()
    assert not canceled.live and canceled.ord_status is OrdStatus.CANCELED
    assert (canceled.order_qty, canceled.cum_qty, canceled.leaves_qty) == (5, 2, 0)


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
    ],
)
def test_state_holds_every_field(field: str, value: object) -> None:
    first, second = order(), order()
    assert first.state() == second.state()
    setattr(second, field, value)
    assert first.state() != second.state()
