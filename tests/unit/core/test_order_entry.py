"""The texts and fields of every answer; what happens to the book is the ladders' to tell."""

import pytest

from tests.unit.core.desk import (
    BUY,
    DAY,
    FOK,
    GTC,
    IOC,
    SELL,
    Desk,
    assert_accepted,
    assert_cancel_rejected,
    assert_canceled,
    assert_filled,
    assert_rejected,
    assert_status,
    story,
)
from venue.core import commands as c
from venue.core import events as e
from venue.core.types import (
    CxlRejReason,
    CxlRejResponseTo,
    OrdRejReason,
    OrdStatus,
    OrdType,
    PostOnly,
    Side,
    TimeInForce,
)

NO_LIQUIDITY = "no more liquidity at this price"


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_new_order_is_accepted(desk: Desk) -> None:
    (event,) = desk.new("a", qty=7, price=9950, time_in_force=GTC, account="ACC")
    assert_accepted(event, "a", session="TRADER1", firm="NORTH", order_id=1, exec_id=1)
    assert_accepted(event, "a", symbol="AAPL", side="1", ord_type=OrdType.LIMIT, account="ACC")
    assert_accepted(event, "a", time_in_force=GTC, price=9950, order_qty=7, leaves_qty=7)
    assert desk.resting(BUY) == [("a", 7, 9950)]


@pytest.mark.parametrize(
    ("qty", "price", "reason", "text"),
    [
        (1001, 10000, OrdRejReason.INCORRECT_QUANTITY, "OrderQty(38) 1001 is above the maximum"),
        (5, 15001, OrdRejReason.PRICE_EXCEEDS_BAND, "Price(44) 150.01 is outside the collar 50"),
    ],
)
def test_a_new_order_beyond_a_limit(
    desk: Desk, qty: int, price: int, reason: OrdRejReason, text: str
) -> None:
    (event,) = desk.new("a", qty=qty, price=price, time_in_force=IOC, account="ACC")
    assert isinstance(event, e.OrderRejected) and event.text.startswith(text)
    assert_rejected(event, reason, event.text, session="TRADER1", firm="NORTH", cl_ord_id="a")
    assert_rejected(event, reason, event.text, order_id=1, exec_id=1, symbol="AAPL", side="1")
    echoed = {"price": f"{price / 100:g}", "order_qty": str(qty), "account": "ACC"}
    assert_rejected(event, reason, event.text, ord_type="2", time_in_force="3", **echoed)
    assert desk.resting(BUY) == []


def test_a_market_order_has_no_price_to_refuse(desk: Desk) -> None:
    (event,) = desk.new("a", qty=1001, price=None)
    assert_rejected(event, OrdRejReason.INCORRECT_QUANTITY, event.text, price="", ord_type="1")


@pytest.mark.parametrize("resend", [False, True])
def test_an_id_that_was_refused_is_used_up(desk: Desk, resend: bool) -> None:
    desk.new("a", qty=1001)
    (event,) = desk.new("a", poss_resend=resend)
    text = "ClOrdID(11) a was used before"
    assert_rejected(event, OrdRejReason.DUPLICATE_ORDER, text, order_id=2, exec_id=2)


def test_a_used_id_is_refused_with_the_state_of_its_order(desk: Desk) -> None:
    desk.new("a", qty=7, price=9950)
    (event,) = desk.new("a", SELL, 9, 9900)
    assert type(event) is e.DuplicateRejected
    text = "ClOrdID(11) a was used before"
    live = {"ord_status": OrdStatus.NEW, "order_qty": 7, "leaves_qty": 7, "price": 9950}
    assert_rejected(event, OrdRejReason.DUPLICATE_ORDER, text, order_id=1, exec_id=2, **live)


def test_a_used_id_is_the_reason_before_any_other(desk: Desk) -> None:
    desk.new("a")
    (event,) = desk.new("a", qty=1001)
    text = "ClOrdID(11) a was used before"
    assert_rejected(event, OrdRejReason.DUPLICATE_ORDER, text)


def test_a_resent_order_is_a_status(desk: Desk) -> None:
    desk.new("a", qty=7)
    (event,) = desk.new("a", qty=7, poss_resend=True)
    assert_status(event, "a", order_id=1, ord_status=OrdStatus.NEW, leaves_qty=7)
    assert event.ord_status_req_id == ""
    (event,) = desk.new("b", qty=1, price=10000)
    assert_accepted(event, "b", exec_id=2)


@pytest.mark.parametrize("time_in_force", [DAY, GTC, IOC, FOK])
def test_a_market_order_never_rests(desk: Desk, time_in_force: TimeInForce) -> None:
    accepted, canceled = desk.new("a", price=None, time_in_force=time_in_force)
    assert_accepted(accepted, "a", ord_type=OrdType.MARKET, price=None, leaves_qty=5)
    assert_canceled(canceled, "a", exec_id=2, cum_qty=0, orig_cl_ord_id=None, text=NO_LIQUIDITY)


def test_ioc_cancels_its_remainder(desk: Desk) -> None:
    desk.new("offer", SELL, 2, 10000, session="TRADER2")
    _, fill, _, canceled = desk.new("a", qty=5, price=10000, time_in_force=IOC)
    assert_filled(fill, "a", 2, 10000, 3)
    assert_canceled(canceled, "a", cum_qty=2, orig_cl_ord_id=None, text=NO_LIQUIDITY)


def test_fok_says_how_much_there_was(desk: Desk) -> None:
    desk.new("offer", SELL, 2, 10000, session="TRADER2")
    _, canceled = desk.new("a", qty=5, price=10000, time_in_force=FOK)
    text = "FillOrKill: 2 of 5 available"
    assert_canceled(canceled, "a", cum_qty=0, orig_cl_ord_id=None, text=text)


def test_fok_that_meets_nothing(desk: Desk) -> None:
    _, canceled = desk.new("a", time_in_force=FOK)
    assert_canceled(canceled, "a", cum_qty=0, orig_cl_ord_id=None, text=NO_LIQUIDITY)


@pytest.mark.parametrize("ord_type", [OrdType.MARKET, OrdType.LIMIT])
def test_an_order_without_qualifiers_has_none_whatever_it_is(desk: Desk, ord_type: OrdType) -> None:
    price = None if ord_type is OrdType.MARKET else 10000
    events = desk.new("a", price=price, time_in_force=FOK)
    assert [event.details for event in events] == [None, None]
    assert desk.order("a").qualifiers is None


def test_it_is_too_late_for_the_opening(desk: Desk) -> None:
    (event,) = desk.new("a", time_in_force=TimeInForce.AT_THE_OPENING)
    text = "TimeInForce(59) 2: AAPL is in phase continuous"
    assert_rejected(event, OrdRejReason.TOO_LATE_TO_ENTER, text, time_in_force="2")
    assert desk.resting(BUY) == desk.waiting() == []


def test_limits_come_before_terms(desk: Desk) -> None:
    (event,) = desk.new("a", qty=1001, time_in_force=TimeInForce.AT_THE_OPENING)
    assert_rejected(event, OrdRejReason.INCORRECT_QUANTITY, event.text)


@pytest.mark.parametrize(
    ("price", "stop_px", "text"),
    [
        (10000, 20001, "Price(44) 100 is outside the collar 100.01 to 300.01"),
        (10000, 6667, None),
        (10000, 6666, "Price(44) 100 is outside the collar 33.33 to 99.99"),
        (None, 10**9, None),
    ],
)
def test_the_collar_of_a_stop_is_around_its_trigger(
    desk: Desk, price: int | None, stop_px: int, text: str | None
) -> None:
    ord_type = OrdType.STOP if price is None else OrdType.STOP_LIMIT
    (event,) = desk.new("a", SELL, 5, price, ord_type=ord_type, stop_px=stop_px)
    if text is None:
        assert_accepted(event, "a")
    else:
        assert_rejected(event, OrdRejReason.PRICE_EXCEEDS_BAND, event.text)
        assert event.text.startswith(text) and event.text.endswith(f"price {stop_px / 100:g}")


@pytest.mark.parametrize(
    ("display_qty", "refresh_qty", "text"),
    [
        (2, 2, "DisplayQty(1138) 2 is less than a 100th of OrderQty(38) 201"),
        (3, 2, "RefreshQty(1088) 2 is less than a 100th of OrderQty(38) 201"),
        (3, 3, None),
        (0, 0, None),
    ],
)
def test_an_iceberg_has_at_most_so_many_slices(
    desk: Desk, display_qty: int, refresh_qty: int, text: str | None
) -> None:
    display = {"display_qty": display_qty, "refresh_qty": refresh_qty, "min_qty": 0}
    (event,) = desk.new("a", qty=201, price=9000, **display)
    if text is None:
        assert_accepted(event, "a")
    else:
        assert_rejected(event, OrdRejReason.INCORRECT_QUANTITY, text)


@pytest.mark.parametrize(
    ("side", "price", "name"), [(BUY, 10100, "offer"), (BUY, 10200, "offer"), (SELL, 9900, "bid")]
)
def test_post_only_is_refused_where_it_would_trade(
    desk: Desk, side: Side, price: int, name: str
) -> None:
    desk.new("bid", BUY, 5, 9900, session="TRADER2")
    desk.new("offer", SELL, 5, 10100, session="TRADER2")
    (event,) = desk.new("a", side, 5, price, post_only=PostOnly.REFUSE)
    best = "101" if side is BUY else "99"
    shown = f"{price / 100:g}"
    text = f"ExecInst(18) 6: Price(44) {shown} would trade with the best {name} {best}"
    assert_rejected(event, OrdRejReason.OTHER, text)
    assert len(desk.resting(BUY)) == len(desk.resting(SELL)) == 1


def test_post_only_at_the_close_takes_nothing_yet(desk: Desk) -> None:
    desk.new("offer", SELL, 5, 10100, session="TRADER2")
    time_in_force = TimeInForce.AT_THE_CLOSE
    (event,) = desk.new("a", BUY, 5, 10100, time_in_force, post_only=PostOnly.REFUSE)
    assert_accepted(event, "a")
    assert desk.waiting() == ["a"]


def test_post_only_has_nowhere_to_step_back_to() -> None:
    desk = Desk(reference_price="0.02")
    desk.new("offer", SELL, 5, 2, session="TRADER2")
    desk.new("lowest", BUY, 5, 2, post_only=PostOnly.REPRICE)
    assert desk.resting(BUY) == [("lowest", 5, 1)]
    desk.cancel("x", "lowest")
    desk.new("lower", SELL, 5, 1, session="TRADER2")
    (event,) = desk.new("a", BUY, 5, 1, post_only=PostOnly.REPRICE)
    text = "ExecInst(18) 6: Price(44) 0.01 would trade with the best offer 0.01"
    assert_rejected(event, OrdRejReason.OTHER, text)


def test_a_past_date_is_a_fault_of_any_order(desk: Desk) -> None:
    desk.advance("20260105 12:00")
    terms = {"expire_date": "20260104", "post_only": PostOnly.REFUSE}
    (event,) = desk.new("a", BUY, 5, 9000, TimeInForce.GTD, **terms)
    assert_rejected(event, OrdRejReason.OTHER, "ExpireDate(432) 20260104 is over")


def test_a_refused_order_never_waits_nor_expires(desk: Desk) -> None:
    desk.advance("20260105 12:00")
    terms = {"ord_type": OrdType.STOP_LIMIT, "stop_px": 10000}
    desk.new("a", BUY, 1001, 10000, TimeInForce.GTD, expire_date="20260105", **terms)
    assert desk.waiting() == []
    assert story(desk.advance("20260106 00:00")) == ["day ended"]


def test_refused_at_the_border(desk: Desk) -> None:
    echoed = ("AAPL", "1", "2", "0", "1.005", "5", "ACC")
    reason = OrdRejReason.INVALID_PRICE_INCREMENT
    refused = c.RefuseOrder("TRADER1", "NORTH", "a", reason, "a text", *echoed)
    (event,) = desk.venue.handle(refused)
    fields = ("symbol", "side", "ord_type", "time_in_force", "price", "order_qty", "account")
    assert_rejected(event, reason, "a text", exec_id=1, order_id=1, firm="NORTH", cl_ord_id="a")
    assert_rejected(event, reason, "a text", **dict(zip(fields, echoed, strict=True)))
    (event,) = desk.new("a")
    assert_rejected(event, OrdRejReason.DUPLICATE_ORDER, "ClOrdID(11) a was used before")


def test_cancel(desk: Desk) -> None:
    desk.new("a", qty=7, account="ACC")
    (event,) = desk.cancel("b", "a")
    assert_canceled(event, "b", orig_cl_ord_id="a", session="TRADER1", order_id=1, exec_id=2)
    assert_canceled(event, "b", text=None, order_qty=7, cum_qty=0, account="ACC")
    assert desk.resting(BUY) == []


@pytest.mark.parametrize("how", ["new", "cancel", "replace", "mass cancel"])
def test_an_id_is_used_up_by_any_request(desk: Desk, how: str) -> None:
    desk.new("a")
    answers = {
        "new": lambda: desk.new("x"),
        "cancel": lambda: desk.cancel("x", "a"),
        "replace": lambda: desk.replace("x", "a", 4),
        "mass cancel": lambda: desk.mass_cancel("x"),
    }
    answers[how]()
    (event,) = desk.new("x")
    text = "ClOrdID(11) x was used before"
    assert_rejected(event, OrdRejReason.DUPLICATE_ORDER, text)


def test_cancel_of_an_iceberg_takes_what_it_hides(desk: Desk) -> None:
    desk.new("a", qty=9, display_qty=2, refresh_qty=2)
    desk.new("b", qty=3)
    desk.cancel("x", "a")
    assert list(desk.venue.levels("AAPL", BUY)) == [(10000, 3, 1)]
    desk.venue.check()


def test_cancel_by_another_session_tells_both(desk: Desk) -> None:
    desk.new("a")
    asked, owner = desk.cancel("x", order_id="1", session="TRADER3")
    assert_canceled(asked, "x", orig_cl_ord_id="a", session="TRADER3", exec_id=2, text=None)
    text = "canceled by TRADER3"
    assert_canceled(owner, "a", orig_cl_ord_id=None, session="TRADER1", exec_id=3, text=text)


@pytest.mark.parametrize(
    ("of", "text"),
    [
        ({"symbol": "MSFT"}, "Symbol(55) MSFT does not match the order's AAPL"),
        ({"side": "2"}, "Side(54) 2 does not match the order's 1"),
        ({"symbol": "", "side": ""}, "Symbol(55)  does not match the order's AAPL"),
    ],
)
def test_cancel_of_something_else(desk: Desk, of: dict[str, str], text: str) -> None:
    desk.new("a")
    (event,) = desk.cancel("b", "a", **of)
    assert_cancel_rejected(event, CxlRejReason.OTHER, text, order_id=1, ord_status=OrdStatus.NEW)
    assert_cancel_rejected(event, CxlRejReason.OTHER, text, cl_ord_id="b", orig_cl_ord_id="a")


def test_refused_replace_of_an_unknown_order_is_unknown_first(desk: Desk) -> None:
    who = "TRADER1", "NORTH", "b", "a", "", CxlRejResponseTo.REPLACE
    refused = c.RefuseCancel(*who, CxlRejReason.INVALID_PRICE_INCREMENT, "a text")
    (event,) = desk.venue.handle(refused)
    text = "OrigClOrdID(41) a names no order of yours"
    assert_cancel_rejected(event, CxlRejReason.UNKNOWN_ORDER, text, order_id=None)


def test_refused_replace_of_a_live_order(desk: Desk) -> None:
    desk.new("a")
    who = "TRADER1", "NORTH", "b", "a", "", CxlRejResponseTo.REPLACE
    reason = CxlRejReason.INVALID_PRICE_INCREMENT
    (event,) = desk.venue.handle(c.RefuseCancel(*who, reason, "a text"))
    assert_cancel_rejected(event, reason, "a text", order_id=1, orig_cl_ord_id="a")
    (event,) = desk.replace("b", "a")
    text = "ClOrdID(11) b was used before"
    assert_cancel_rejected(event, CxlRejReason.DUPLICATE_CL_ORD_ID, text)


def test_status(desk: Desk) -> None:
    desk.new("a", qty=7)
    desk.replace("b", "a", 6)
    for cl_ord_id in ("a", "b"):
        (event,) = desk.status(cl_ord_id)
        assert_status(event, cl_ord_id, order_id=1, order_qty=6, ord_status_req_id="REQ")


def test_status_by_order_id_is_the_firms(desk: Desk) -> None:
    desk.new("a")
    (event,) = desk.status("x", "1", session="TRADER3")
    assert_status(event, "x", order_id=1, session="TRADER3")
    (event,) = desk.status("x", "1", session="TRADER2")
    assert type(event) is e.UnknownStatusReported


def test_status_of_an_unknown_order(desk: Desk) -> None:
    (event,) = desk.status("x")
    assert event == e.UnknownStatusReported("TRADER1", "x", "AAPL", "1", "REQ")


def test_status_changes_nothing(desk: Desk) -> None:
    desk.new("a")
    before = desk.venue.state_hash()
    for session in ("TRADER1", "TRADER2"):
        desk.status("a", session=session)
        desk.status("x", "1", session=session)
    assert desk.venue.state_hash() == before
    (event,) = desk.new("x", session="TRADER2")
    assert_accepted(event, "x", exec_id=2)
