import pytest

from tests.unit.core.desk import Desk, assert_cancel_rejected, assert_canceled, assert_status
from venue.core.types import CxlRejReason, CxlRejResponseTo, OrdStatus

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
