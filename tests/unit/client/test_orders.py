from decimal import Decimal
from typing import Any

import pytest

from venue.client.events import ExecutionReport
from venue.client.orders import OwnOrders


def report(cl_ord_id: str, exec_type: str, ord_status: str, **fields: Any) -> ExecutionReport:
    leaves = fields.pop("leaves", 10)
    cum = fields.pop("cum", 0)
    values: dict[str, Any] = {
        "order_id": "O1",
        "exec_id": "E",
        "symbol": "AAPL",
        "side": "1",
        "order_qty": Decimal(10),
        "price": Decimal(5),
        "leaves_qty": Decimal(leaves),
        "cum_qty": Decimal(cum),
        "avg_px": Decimal(0),
    }
    return ExecutionReport(
        cl_ord_id=cl_ord_id, exec_type=exec_type, ord_status=ord_status, **values | fields
    )


def orders_after(*reports: ExecutionReport, ended_kept: int = 10) -> OwnOrders:
    orders = OwnOrders(ended_kept)
    for each in reports:
        orders.apply(each)
    return orders


def test_an_order_is_what_its_last_report_says() -> None:
    orders = orders_after(
        report("A", "0", "0"), report("A", "F", "1", leaves=6, cum=4, avg_px=Decimal("4.5"))
    )
    [order] = orders
    assert order.ord_status == "1"
    assert (order.leaves_qty, order.cum_qty) == (Decimal(6), Decimal(4))
    assert order.avg_px == Decimal("4.5")
    assert order.is_working


@pytest.mark.parametrize("ord_status", ["2", "3", "4", "8", "C"])
def test_an_ended_order_no_longer_works(ord_status: str) -> None:
    orders = orders_after(report("A", "0", "0"), report("A", "4", ord_status, leaves=0))
    assert orders.working == []
    assert len(orders) == 1


def test_a_replace_chain_is_one_order() -> None:
    orders = orders_after(
        report("A", "0", "0"),
        report("B", "5", "0", orig_cl_ord_id="A", order_qty=Decimal(8), leaves=8),
        report("C", "5", "0", orig_cl_ord_id="B", price=Decimal(6), leaves=8),
    )
    [order] = orders
    assert order.cl_ord_id == "C"
    assert order.cl_ord_ids == ["A", "B", "C"]
    assert orders["A"] is orders["C"] is order
    assert order.price == 6


def test_a_cancel_ends_the_order_under_the_id_it_had() -> None:
    orders = orders_after(
        report("A", "0", "0"), report("B", "4", "4", orig_cl_ord_id="A", leaves=0)
    )
    assert orders["B"].cl_ord_id == "A"
    assert orders["B"] is orders["A"]


def test_a_mass_cancel_is_found_by_order_id() -> None:
    orders = orders_after(
        report("A", "0", "0"),
        report("B", "0", "0", order_id="O2"),
        report("Q", "4", "4", leaves=0),
        report("Q", "4", "4", order_id="O2", leaves=0),
    )
    assert len(orders) == 2
    assert orders.working == []


def test_the_refusal_of_a_duplicate_leaves_the_first_order_alone() -> None:
    orders = orders_after(
        report("A", "0", "0"), report("A", "8", "8", order_id="NONE", ord_rej_reason="6", leaves=0)
    )
    assert orders["A"].is_working


def test_the_status_of_an_unknown_order_is_no_order() -> None:
    orders = orders_after(report("A", "I", "8", order_id="NONE", ord_rej_reason="5", leaves=0))
    assert len(orders) == 0


def test_refused_orders_without_an_order_id_stay_apart() -> None:
    orders = orders_after(
        report("A", "8", "8", order_id="NONE", ord_rej_reason="1", leaves=0),
        report("B", "8", "8", order_id="NONE", ord_rej_reason="1", leaves=0),
    )
    assert [order.cl_ord_id for order in orders] == ["A", "B"]


def test_only_the_latest_ended_orders_are_kept() -> None:
    orders = OwnOrders(ended_kept=2)
    orders.apply(report("W", "0", "0", order_id="W"))
    for n in range(5):
        orders.apply(report(f"A{n}", "0", "0", order_id=f"O{n}"))
        orders.apply(report(f"B{n}", "4", "4", order_id=f"O{n}", orig_cl_ord_id=f"A{n}", leaves=0))
    assert [order.cl_ord_id for order in orders] == ["W", "A3", "A4"]
    assert "B0" not in orders
    assert orders.get("A4") is not None


def test_an_order_that_works_again_after_a_bust_is_not_forgotten() -> None:
    orders = orders_after(
        report("A", "0", "0"),
        report("A", "F", "2", leaves=0, cum=10),
        report("A", "H", "1", leaves=4, cum=6),
        report("B", "0", "0", order_id="O2"),
        report("C", "4", "4", order_id="O2", orig_cl_ord_id="B", leaves=0),
        ended_kept=1,
    )
    assert [order.cl_ord_id for order in orders.working] == ["A"]
