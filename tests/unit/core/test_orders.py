import pytest

from tests.unit.core.desk import (
    FIRMS,
    IOC,
    Desk,
    assert_cancel_rejected,
    assert_canceled,
    assert_status,
    at,
)
from venue.core import events as e
from venue.core.types import CxlRejReason, CxlRejResponseTo, OrdStatus, OrdType

UNKNOWN = CxlRejReason.UNKNOWN_ORDER
DUPLICATE = CxlRejReason.DUPLICATE_CL_ORD_ID


@pytest.fixture
def desk() -> Desk:
    """A desk with one live order of TRADER1: id `a`, OrderID 1."""
    desk = Desk()
    desk.new("a")
    return desk


def test_unknown_by_cl_ord_id(desk: Desk) -> None:
    (event,) = desk.cancel("b", "x")
    text = "OrigClOrdID(41) x names no order of yours"
    assert_cancel_rejected(event, UNKNOWN, text, order_id=None, ord_status=OrdStatus.REJECTED)
    assert_cancel_rejected(event, UNKNOWN, text, orig_cl_ord_id="x", cl_ord_id="b")
    assert_cancel_rejected(event, UNKNOWN, text, response_to=CxlRejResponseTo.CANCEL)


@pytest.mark.parametrize(
    "order_id", ["2", "0", "-1", "1x", "x", "1.0", "\u0661\u0661", "\u00b2", "9" * 19, "9" * 5000]
)
def test_unknown_by_order_id(desk: Desk, order_id: str) -> None:
    (event,) = desk.cancel("b", order_id=order_id)
    text = f"OrderID(37) {order_id} names no order of yours"
    assert_cancel_rejected(event, UNKNOWN, text, order_id=None)


@pytest.mark.parametrize("session", ["TRADER2", "TRADER3"])
def test_cl_ord_ids_are_each_sessions_own(desk: Desk, session: str) -> None:
    (event,) = desk.cancel("b", "a", session=session)
    text = "OrigClOrdID(41) a names no order of yours"
    assert_cancel_rejected(event, UNKNOWN, text, order_id=None, session=session)


def test_another_firms_order_is_unknown(desk: Desk) -> None:
    (event,) = desk.cancel("b", order_id="1", session="TRADER2")
    text = "OrderID(37) 1 names no order of yours"
    assert_cancel_rejected(event, UNKNOWN, text, order_id=None, ord_status=OrdStatus.REJECTED)


def test_order_id_goes_before_orig_cl_ord_id(desk: Desk) -> None:
    desk.new("c")
    (event,) = desk.cancel("b", "c", order_id="1")
    text = "OrigClOrdID(41) c is not the current id a of OrderID(37) 1"
    assert_cancel_rejected(event, UNKNOWN, text, order_id=1, orig_cl_ord_id="c")


def test_order_id_and_its_current_id(desk: Desk) -> None:
    (event,) = desk.cancel("b", "a", order_id="1")
    assert_canceled(event, "b", orig_cl_ord_id="a")


def test_a_stale_id(desk: Desk) -> None:
    desk.replace("b", "a", 4)
    (event,) = desk.cancel("c", "a")
    text = "OrigClOrdID(41) a is not the current id b of OrderID(37) 1"
    assert_cancel_rejected(event, UNKNOWN, text, order_id=1, orig_cl_ord_id="a")
    assert_cancel_rejected(event, UNKNOWN, text, ord_status=OrdStatus.NEW)


def test_the_id_of_a_refused_request_stands_for_its_order(desk: Desk) -> None:
    desk.replace("b", "a", 1001)
    (event,) = desk.replace("c", "b", 4)
    text = "OrigClOrdID(41) b is not the current id a of OrderID(37) 1"
    assert_cancel_rejected(event, UNKNOWN, text, order_id=1, orig_cl_ord_id="a")


def test_the_id_of_a_request_for_no_order_stands_for_none(desk: Desk) -> None:
    desk.cancel("b", "x")
    (event,) = desk.cancel("c", "b")
    text = "OrigClOrdID(41) b names no order of yours"
    assert_cancel_rejected(event, UNKNOWN, text, order_id=None, orig_cl_ord_id="b")


def test_too_late(desk: Desk) -> None:
    desk.cancel("b", "a")
    (event,) = desk.cancel("c", "a")
    text = "OrderID(37) 1 is already canceled"
    late = CxlRejReason.TOO_LATE
    assert_cancel_rejected(event, late, text, order_id=1, ord_status=OrdStatus.CANCELED)
    (event,) = desk.replace("d", "a")
    assert_cancel_rejected(event, late, text, response_to=CxlRejResponseTo.REPLACE)


def test_too_late_for_a_filled_order(desk: Desk) -> None:
    desk.new("s", "2", 5, 10000, session="TRADER2")
    (event,) = desk.cancel("b", "a")
    text = "OrderID(37) 1 is already filled"
    assert_cancel_rejected(event, CxlRejReason.TOO_LATE, text, ord_status=OrdStatus.FILLED)


def test_a_used_id(desk: Desk) -> None:
    (event,) = desk.cancel("a", "a")
    text = "ClOrdID(11) a was used before"
    assert_cancel_rejected(event, DUPLICATE, text, order_id=1, ord_status=OrdStatus.NEW)
    (event,) = desk.cancel("a", "x")
    assert_cancel_rejected(event, DUPLICATE, text, order_id=None, ord_status=OrdStatus.REJECTED)


def test_a_used_id_never_turns_into_a_refused_one(desk: Desk) -> None:
    """The order's own id, sent again as a request, still names the order."""
    desk.cancel("a", "a")
    (event,) = desk.cancel("b", "a")
    assert_canceled(event, "b", orig_cl_ord_id="a")


def test_a_resent_request_is_a_status(desk: Desk) -> None:
    desk.replace("b", "a", 4)
    (event,) = desk.replace("b", "a", 4, poss_resend=True)
    assert_status(event, "b", order_id=1, order_qty=4, ord_status_req_id="")


def test_a_resent_request_that_was_refused_is_a_status(desk: Desk) -> None:
    desk.replace("b", "a", 1001)
    (event,) = desk.replace("b", "a", 1001, poss_resend=True)
    assert_status(event, "b", order_id=1, order_qty=5)


def test_a_resent_request_for_no_order_is_a_duplicate(desk: Desk) -> None:
    desk.cancel("b", "x")
    (event,) = desk.cancel("b", "x", poss_resend=True)
    assert_cancel_rejected(event, DUPLICATE, "ClOrdID(11) b was used before", order_id=None)


def test_a_resent_request_never_seen_is_carried_out(desk: Desk) -> None:
    (event,) = desk.cancel("b", "a", poss_resend=True)
    assert_canceled(event, "b", orig_cl_ord_id="a")


def test_no_name_at_all(desk: Desk) -> None:
    (event,) = desk.cancel("b")
    assert_cancel_rejected(event, UNKNOWN, event.text, order_id=None, orig_cl_ord_id="")


def test_a_mass_cancel_uses_up_its_id(desk: Desk) -> None:
    desk.mass_cancel("q", "AAPL", "2")
    (event,) = desk.cancel("q", "a")
    assert_cancel_rejected(event, DUPLICATE, "ClOrdID(11) q was used before", order_id=1)
    (event,) = desk.cancel("b", "q")
    text = "OrigClOrdID(41) q names no order of yours"
    assert_cancel_rejected(event, UNKNOWN, text, order_id=None)


@pytest.mark.parametrize("order_id", ["", "1"])
def test_an_order_that_waits_is_found(desk: Desk, order_id: str) -> None:
    desk.new("w", ord_type=OrdType.STOP_LIMIT, stop_px=10000)
    (event,) = desk.cancel("x", "w", "2" if order_id else "")
    assert_canceled(event, "x", orig_cl_ord_id="w", order_id=2)


def test_too_late_for_an_order_of_a_mass_cancel(desk: Desk) -> None:
    desk.mass_cancel("q")
    (event,) = desk.cancel("late", "a")
    assert_cancel_rejected(event, CxlRejReason.TOO_LATE, "OrderID(37) 1 is already canceled")


def test_too_late_for_an_expired_order(desk: Desk) -> None:
    """It is remembered until its day is over."""
    desk.advance("20260105 12:00")
    time = {"expire_time": at("20260105 13:00")}
    desk.replace("g", "a", time_in_force="6", **time)
    desk.advance("20260105 13:00")
    (event,) = desk.cancel("late", "g")
    text = "OrderID(37) 1 is already expired"
    assert_cancel_rejected(event, CxlRejReason.TOO_LATE, text, ord_status=OrdStatus.EXPIRED)


def test_the_live_orders_of_a_session(desk: Desk) -> None:
    """The oldest first, whatever their ids; a replaced one is as old as it was."""
    desk.new("w", ord_type=OrdType.STOP_LIMIT, stop_px=10001)
    desk.new("other", session="TRADER3")
    desk.new("c")
    desk.new("d", time_in_force=IOC)
    desk.replace("b", "a", 6, 9999)

    def live(session: str) -> list[str]:
        return [order.cl_ord_id for order in desk.venue.orders.live(session)]

    assert live("TRADER1") == ["b", "w", "c"]
    assert live("TRADER3") == ["other"] and live("TRADER2") == live("nobody") == []
    desk.cancel("x", "w")
    desk.cancel("y", order_id="4", session="TRADER3")
    assert live("TRADER1") == ["b"]
    desk.venue.orders.forget_ended()
    assert live("TRADER1") == ["b"]
    assert set(desk.venue.orders.clients) == {"TRADER1", "TRADER3"}


def test_forget_ended(desk: Desk) -> None:
    """What is live keeps the ids it has had; what only a refused request had may be used again."""
    desk.replace("b", "a", 4)
    desk.new("c")
    desk.cancel("d", "c")
    desk.replace("refused", "b", 1001)
    desk.new("e", session="TRADER2")
    desk.cancel("f", order_id="1", side="2", session="TRADER3")
    desk.cancel("g", "e", session="TRADER2")
    orders = desk.venue.orders
    orders.forget_ended()
    assert list(orders.by_id) == [1] and list(orders.clients) == ["TRADER1"]
    client = orders.clients["TRADER1"]
    assert list(client.orders) == ["a", "b"] and client.refused == set()
    assert orders.live("TRADER1") == [orders.by_id[1]]
    assert set(client.orders.values()) == {orders.by_id[1]}
    desk.venue.check()
    (event,) = desk.cancel("x", "refused")
    text = "OrigClOrdID(41) refused names no order of yours"
    assert_cancel_rejected(event, UNKNOWN, text, order_id=None)


def test_a_session_of_another_firm_now_has_none_of_its_orders(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A configuration may give a session to another firm while orders of it live."""
    monkeypatch.setitem(FIRMS, "TRADER1", "SOUTH")
    (event,) = desk.cancel("b", "a")
    assert_cancel_rejected(event, UNKNOWN, "OrigClOrdID(41) a names no order of yours")
    (event,) = desk.replace("c", "a")
    assert_cancel_rejected(event, UNKNOWN, "OrigClOrdID(41) a names no order of yours")
    (event,) = desk.status("a")
    assert isinstance(event, e.UnknownStatusReported)
    (event,) = desk.mass_status("m")
    assert isinstance(event, e.NoOrdersReported)
    (event,) = desk.mass_cancel("q")
    assert isinstance(event, e.MassCancelReported) and event.total_affected_orders == 0
    (event,) = desk.new("a")
    assert isinstance(event, e.OrderRejected), "not with the other firm's order in it"
    (event,) = desk.cancel("a", "a", poss_resend=True)
    assert isinstance(event, e.CancelRejected)
