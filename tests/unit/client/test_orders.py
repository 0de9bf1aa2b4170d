from decimal import Decimal
from typing import Any

import pytest

from venue.client.events import ExecutionReport
from venue.client.order_request import order_request
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


def test_an_order_is_found_by_its_order_id() -> None:
    orders = orders_after(report("A", "0", "0"), report("B", "5", "0", orig_cl_ord_id="A"))
    assert orders.with_order_id("O1") is orders["A"]
    assert orders.with_order_id("O2") is None


@pytest.mark.parametrize("working", [None, False])
def test_a_stop_waits_until_it_is_triggered(working: bool | None) -> None:
    """FIX.4.2 does not say that it waits."""
    new = report("A", "0", "0", ord_type="3", stop_px=Decimal(6), price=None, working=working)
    orders = orders_after(new)
    order = orders["A"]
    assert (order.is_waiting, order.is_triggered, order.is_working) == (True, False, True)
    assert (order.ord_type, order.stop_px) == ("3", 6)
    orders.apply(report("A", "I", "0", ord_type="3", working=working))
    orders.apply(report("B", "5", "0", orig_cl_ord_id="A", ord_type="3", working=working))
    assert (order.is_waiting, order.is_triggered) == (True, False)
    orders.apply(report("A", "L", "0", ord_type="3", working=working is not None or None))
    assert (order.is_waiting, order.is_triggered) == (False, True)


def test_an_order_that_trades_or_works_does_not_wait() -> None:
    orders = orders_after(report("A", "0", "0", ord_type="J"), report("A", "F", "1", leaves=9))
    assert not orders["A"].is_waiting
    orders = orders_after(report("A", "0", "0", ord_type="3", working=True))
    assert not orders["A"].is_waiting


def test_an_order_for_the_close_waits() -> None:
    assert orders_after(report("A", "0", "0", time_in_force="7"))["A"].is_waiting
    assert not orders_after(report("A", "0", "0"))["A"].is_waiting
    orders = OwnOrders()  # FIX.4.2 has no code for it
    asked = order_request("AAPL", "buy", 10, 5, time_in_force="at_the_close")
    orders.apply(report("A", "0", "0"), asked)
    assert orders["A"].is_waiting


def test_what_a_version_can_not_report_is_known_from_the_request() -> None:
    asked = order_request(
        "AAPL", "buy", 10, 5, ord_type="limit_if_touched", stop_px=4, display_qty=2
    )
    orders = OwnOrders()
    orders.apply(report("A", "0", "0", ord_type="2"), asked)
    orders.apply(report("A", "I", "0", ord_type="2"))
    order = orders["A"]
    assert (order.ord_type, order.stop_px, order.display_qty) == ("LIT", 4, 2)
    assert order.is_waiting
    stop = order_request("AAPL", "buy", 10, stop_px=4)
    orders.apply(report("B", "0", "0", order_id="O2", price=None), stop)
    assert orders["B"].ord_type == "3"


def test_an_order_nobody_here_entered_is_what_its_report_says() -> None:
    status = report("A", "I", "0", ord_type="2", stop_px=Decimal(4), expire="20261201")
    order = orders_after(status)["A"]
    assert (order.ord_type, order.stop_px, order.expire) == ("LIT", 4, "20261201")
