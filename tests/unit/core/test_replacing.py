import re
from typing import Any

import pytest

from tests.unit.core.desk import (
    AT_THE_CLOSE,
    BUY,
    DAY,
    GTC,
    GTD,
    IF_TOUCHED,
    LIMIT_IF_TOUCHED,
    SELL,
    STOP,
    STOP_LIMIT,
    TO_LIMIT,
    Desk,
    aapl,
    assert_cancel_rejected,
    assert_filled,
    assert_replaced,
    story,
)
from venue.core import commands as c
from venue.core import events as e
from venue.core.types import (
    CxlRejReason,
    CxlRejResponseTo,
    ExecRestatementReason,
    OrdStatus,
    OrdType,
    PostOnly,
    Side,
    TimeInForce,
)
from venue.core.types import SelfMatchPreventionInstruction as Instruction

NOON = "20260105 12:00"


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.advance(NOON)
    return desk


def test_replace(desk: Desk) -> None:
    desk.new("a", qty=7, price=9950, account="ACC")
    (event,) = desk.replace("b", "a", 9, 9960, time_in_force="1")
    assert_replaced(event, "b", "a", session="TRADER1", order_id=1, exec_id=2, account="ACC")
    assert_replaced(event, "b", "a", order_qty=9, price=9960, leaves_qty=9, time_in_force=GTC)
    assert desk.resting(BUY) == [("b", 9, 9960)]


def test_replace_without_time_in_force_keeps_it(desk: Desk) -> None:
    desk.new("a", time_in_force=GTC)
    (event,) = desk.replace("b", "a", 4)
    assert_replaced(event, "b", "a", time_in_force=GTC)


@pytest.mark.parametrize(
    ("change", "reason", "text"),
    [
        ({"symbol": "MSFT"}, "99", "Symbol(55) MSFT does not match the order's AAPL"),
        ({"side": "2"}, "99", "Side(54) 2 does not match the order's 1"),
        ({"ord_type": "1", "price": None}, "99", "OrdType(40) 1 does not match the order's 2"),
        ({"time_in_force": "3"}, "99", "TimeInForce(59) 3 of a resting order: only 0, 1, 6"),
        ({"time_in_force": "7"}, "99", "TimeInForce(59) 7 of a resting order: only 0, 1, 6"),
        ({"time_in_force": ""}, "99", "TimeInForce(59)  of a resting order: only 0, 1, 6"),
        ({"qty": 1001}, "99", "OrderQty(38) 1001 is above the maximum 1000 of AAPL"),
        (
            {"price": 15001},
            "8",
            "Price(44) 150.01 is outside the collar 50 to 150, 50 % around the reference price 100",
        ),
    ],
)
def test_refused_replace(desk: Desk, change: dict[str, object], reason: str, text: str) -> None:
    desk.new("a", qty=7, price=9950)
    (event,) = desk.replace("b", "a", **change)
    where = {"order_id": 1, "ord_status": OrdStatus.NEW, "response_to": CxlRejResponseTo.REPLACE}
    assert_cancel_rejected(event, CxlRejReason(reason), text, **where)
    assert desk.resting(BUY) == [("a", 7, 9950)]


def test_replace_from_another_session_of_the_firm(desk: Desk) -> None:
    desk.new("a")
    (event,) = desk.replace("x", order_id="1", session="TRADER3")
    text = "OrderID(37) 1 was entered by session TRADER1"
    assert_cancel_rejected(event, CxlRejReason.OTHER, text, session="TRADER3", orig_cl_ord_id="a")


def test_a_price_that_left_the_collar_may_stay(desk: Desk) -> None:
    """The collar moves with the last trade; an order beyond it may still change its quantity."""
    desk.new("far", qty=9, price=5000)
    desk.new("offer", SELL, 1, 14000, session="TRADER2")
    desk.new("bid", qty=1, price=14000)
    (event,) = desk.replace("smaller", "far", 5, 5000)
    assert_replaced(event, "smaller", "far", order_qty=5)
    (event,) = desk.replace("moved", "smaller", 5, 5001)
    assert_cancel_rejected(event, CxlRejReason.PRICE_EXCEEDS_BAND, event.text)
    assert event.text.startswith("Price(44) 50.01 is outside the collar 70 to 210")


# What a new order of one's own loses or keeps its place for


@pytest.mark.parametrize(
    ("change", "keeps"),
    [
        ({}, True),
        ({"qty": 4}, True),
        ({"qty": 6}, False),
        ({"price": 9901}, False),
        ({"price": 9899, "qty": 4}, False),
        ({"time_in_force": "1"}, True),
        ({"time_in_force": "6", "expire_date": "20260107"}, True),
        ({"display_qty": 2}, True),
        ({"display_qty": 5}, True),
    ],
)
def test_the_place_of_a_plain_order(desk: Desk, change: dict[str, Any], keeps: bool) -> None:
    desk.new("a", BUY, 5, 9900)
    desk.new("z", BUY, 5, 9900)
    (event,) = desk.replace("b", "a", **{"qty": 5, "price": 9900} | change)
    assert_replaced(event, "b", "a")
    desk.replace("c", "b", 4, 9900, time_in_force=change.get("time_in_force"))
    assert [name for name, _, _ in desk.resting(BUY)] == (["c", "z"] if keeps else ["z", "c"])
    desk.venue.check()


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({}, [("b", 2), ("z", 5)]),
        ({"qty": 6}, [("b", 2), ("z", 5)]),
        ({"qty": 4}, [("b", 2), ("z", 5)]),
        ({"qty": 2}, [("b", 1), ("z", 5)]),
        ({"qty": 10}, [("z", 5), ("b", 3)]),
        ({"price": 9899}, [("z", 5), ("b", 3)]),
        ({"display_qty": 3}, [("b", 2), ("z", 5)]),
        ({"display_qty": 2}, [("b", 2), ("z", 5)]),
        ({"display_qty": 1}, [("b", 1), ("z", 5)]),
        ({"display_qty": 4}, [("z", 5), ("b", 4)]),
        ({"display_qty": 0}, [("z", 5), ("b", 7)]),
        ({"refresh_qty": 9}, [("b", 2), ("z", 5)]),
    ],
)
def test_the_place_of_an_iceberg(
    desk: Desk, change: dict[str, Any], shown: list[tuple[str, int]]
) -> None:
    """It has traded 1 of the 3 it shows at a time: it shows 2 of the 7 that are left."""
    desk.new("a", BUY, 9, 9900, display_qty=3, refresh_qty=3)
    desk.new("s", SELL, 1, 9900, session="TRADER2")
    desk.replace("a1", "a", 8, 9900)
    desk.new("z", BUY, 5, 9900)
    order = desk.order("a")
    assert (order.shown_qty, order.hidden_qty, order.cum_qty) == (2, 5, 1)
    (event,) = desk.replace("b", "a1", **{"qty": 8, "price": 9900} | change)
    assert_replaced(event, "b", "a1", cum_qty=1)
    assert desk.shown(BUY) == shown
    assert event.details.shown_qty == dict(shown)["b"]
    levels = list(desk.venue.levels("AAPL", BUY))
    assert sum(qty for _, qty, _ in levels) == sum(qty for _, qty in shown)
    desk.venue.check()


@pytest.mark.parametrize(
    ("changes", "becomes"),
    [
        ({"display_qty": 4}, (4, 4)),
        ({"display_qty": 4, "refresh_qty": 5}, (4, 5)),
        ({"refresh_qty": 5}, (2, 5)),
        ({"display_qty": 0}, (0, 0)),
        ({"min_qty": 0}, (2, 3)),
    ],
)
def test_display_and_refresh(desk: Desk, changes: dict[str, int], becomes: tuple[int, int]) -> None:
    desk.new("a", BUY, 9, 9900, display_qty=2, refresh_qty=3)
    (event,) = desk.replace("b", "a", 9, 9900, **changes)
    qualifiers = event.details.qualifiers
    assert (qualifiers.display_qty, qualifiers.refresh_qty) == becomes


def test_an_iceberg_that_queues_anew_may_trade_all_of_it(desk: Desk) -> None:
    desk.new("a", BUY, 9, 9900, display_qty=2, refresh_qty=2)
    desk.new("s", SELL, 4, 9950, session="TRADER2")
    _, fill, _ = desk.replace("b", "a", 9, 9950)
    assert_filled(fill, "b", 4, 9950, 5)
    assert desk.shown(BUY) == [("b", 2)]


@pytest.mark.parametrize(("qty", "ends"), [(3, True), (2, True), (4, False)])
@pytest.mark.parametrize("price", [10000, 9999])
def test_a_quantity_of_at_most_what_has_traded_fills(
    desk: Desk, qty: int, ends: bool, price: int
) -> None:
    desk.new("a", BUY, 9, 10000, display_qty=2, refresh_qty=2)
    desk.new("s", SELL, 3, 10000, session="TRADER2")
    (event,) = desk.replace("b", "a", qty, price)
    status = OrdStatus.FILLED if ends else OrdStatus.PARTIALLY_FILLED
    assert_replaced(
        event, "b", "a", ord_status=status, order_qty=max(qty, 3), leaves_qty=max(qty - 3, 0)
    )
    assert bool(desk.resting(BUY)) is not ends
    desk.venue.check()


@pytest.mark.parametrize("post_only", [None, *PostOnly])
@pytest.mark.parametrize("qty", [3, 2])
def test_who_is_filled_so_is_not_asked_for_more(qty: int, post_only: PostOnly | None) -> None:
    """No limit of the instrument, no collar, no price of the other side."""
    desk = Desk(min_qty="3")
    desk.new("a", BUY, 9, 10000, post_only=post_only)
    desk.new("s", SELL, 3, 10000, session="TRADER2")
    desk.new("offer", SELL, 5, 14000, session="TRADER2")
    (event,) = desk.replace("b", "a", qty, 15001)
    assert_replaced(event, "b", "a", ord_status=OrdStatus.FILLED, leaves_qty=0)
    desk.venue.check()


def test_a_replaced_plain_order_stays_plain(desk: Desk) -> None:
    desk.new("a", BUY, 9, 9900)
    for number, change in enumerate(({"qty": 8}, {"price": 9901}, {"time_in_force": "1"})):
        terms = {"qty": 8, "price": 9901} | change
        (event,) = desk.replace(f"b{number}", f"b{number - 1}" if number else "a", **terms)
        assert event.details is None
    assert desk.order("a").qualifiers is None


# Dates


@pytest.mark.parametrize(
    ("had", "change", "has"),
    [
        (("", 0), {"time_in_force": "6", "expire_date": "20260107"}, (GTD, "20260107", 0)),
        (("", 0), {"time_in_force": "6", "expire_time": 2 * 10**18}, (GTD, "", 2 * 10**18)),
        (("20260106", 0), {"expire_date": "20260107"}, (GTD, "20260107", 0)),
        (("20260106", 0), {"expire_time": 2 * 10**18}, (GTD, "", 2 * 10**18)),
        (("", 2 * 10**18), {"expire_date": "20260107"}, (GTD, "20260107", 0)),
        (("20260106", 0), {}, (GTD, "20260106", 0)),
        (("20260106", 0), {"time_in_force": "6"}, (GTD, "20260106", 0)),
        (("20260106", 0), {"min_qty": 0}, (GTD, "20260106", 0)),
        (("20260106", 0), {"time_in_force": "0"}, (DAY, "", 0)),
        (("", 2 * 10**18), {"time_in_force": "1"}, (GTC, "", 0)),
    ],
)
def test_dates(
    desk: Desk, had: tuple[str, int], change: dict[str, Any], has: tuple[TimeInForce, str, int]
) -> None:
    date = {"expire_date": had[0], "expire_time": had[1]} if any(had) else {}
    desk.new("a", BUY, 5, 9900, GTD if any(had) else DAY, **date)
    (event,) = desk.replace("b", "a", 5, 9900, **change)
    qualifiers = event.details.qualifiers
    assert (event.time_in_force, qualifiers.expire_date, qualifiers.expire_time) == has


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"time_in_force": "6"}, "TimeInForce(59) 6 needs ExpireDate(432) or ExpireTime(126)"),
        (
            {"time_in_force": "6", "post_only": False},
            "TimeInForce(59) 6 needs ExpireDate(432) or ExpireTime(126)",
        ),
        (
            {"expire_date": "20260107"},
            "ExpireDate(432) contradicts TimeInForce(59) 0, only 6 has a date",
        ),
        (
            {"expire_time": 1, "time_in_force": "1"},
            "ExpireTime(126) contradicts TimeInForce(59) 1, only 6 has a date",
        ),
        ({"stop_px": 9000}, "StopPx(99) 90 contradicts OrdType(40) 2"),
        ({"min_qty": 2}, "MinQty(110) 2 does not match the order's 0"),
        ({"post_only": True}, "ExecInst(18) 6 given: it cannot be changed"),
        ({"all_or_none": True}, "ExecInst(18) G given: it cannot be changed"),
        ({"refresh_qty": 2}, "RefreshQty(1088) 2 needs DisplayQty(1138)"),
        ({"display_qty": 0, "refresh_qty": 2}, "RefreshQty(1088) 2 needs DisplayQty(1138)"),
        (
            {"qty": 201, "display_qty": 2},
            "DisplayQty(1138) 2 is less than a 100th of OrderQty(38) 201",
        ),
        (
            {"qty": 201, "display_qty": 5, "refresh_qty": 2},
            "RefreshQty(1088) 2 is less than a 100th of OrderQty(38) 201",
        ),
        ({"price": None}, "Price(44) is required for OrdType(40) 2"),
        (
            {"symbol": "MSFT", "expire_date": "20260107", "qty": 1001},
            "Symbol(55) MSFT does not match the order's AAPL",
        ),
        (
            {"self_match_prevention_id": "ID"},
            "SelfMatchPreventionID(2362) ID does not match the order's",
        ),
        (
            {"self_match_prevention_instruction": Instruction.DECREMENT},
            "SelfMatchPreventionInstruction(2964) 4 does not match the order's",
        ),
    ],
)
def test_refused_changes(desk: Desk, change: dict[str, Any], text: str) -> None:
    desk.new("a", BUY, 5, 9900)
    before = desk.order("a").state()
    (event,) = desk.replace("b", "a", **{"qty": 5, "price": 9900} | change)
    assert_cancel_rejected(event, CxlRejReason.OTHER, text, order_id=1)
    assert desk.order("a").state() == before
    desk.venue.check()


@pytest.mark.parametrize(
    ("terms", "repeated"),
    [
        ({"min_qty": 2}, {"min_qty": 2}),
        ({"post_only": PostOnly.REPRICE}, {"post_only": True}),
        ({"all_or_none": True}, {"all_or_none": True}),
        ({"self_match_prevention_id": "ID"}, {"post_only": False, "all_or_none": False}),
        ({"self_match_prevention_id": "ID"}, {"self_match_prevention_id": "ID"}),
        (
            {"self_match_prevention_instruction": Instruction.DECREMENT},
            {"self_match_prevention_instruction": Instruction.DECREMENT},
        ),
    ],
)
def test_what_cannot_be_changed_may_be_repeated(
    desk: Desk, terms: dict[str, Any], repeated: dict[str, Any]
) -> None:
    desk.new("a", BUY, 5, 9900, AT_THE_CLOSE, **terms)
    before = desk.order("a").qualifiers
    (event,) = desk.replace("b", "a", 4, 9900, **repeated)
    assert_replaced(event, "b", "a")
    assert event.details.qualifiers == before


def test_what_cannot_be_changed_cannot_be_dropped(desk: Desk) -> None:
    desk.new("a", BUY, 5, 9900, post_only=PostOnly.REFUSE)
    (event,) = desk.replace("b", "a", 5, 9900, post_only=False)
    text = "ExecInst(18) 6 missing: it cannot be changed"
    assert_cancel_rejected(event, CxlRejReason.OTHER, text)


# Post-only


@pytest.mark.parametrize(("side", "price", "name"), [(BUY, 10100, "offer"), (SELL, 9900, "bid")])
def test_post_only_that_would_trade(desk: Desk, side: Side, price: int, name: str) -> None:
    best = f"{price / 100:g}"
    desk.new("other", SELL if side is BUY else BUY, 5, price, session="TRADER2")
    desk.new("a", side, 5, 10000, post_only=PostOnly.REFUSE)
    (event,) = desk.replace("b", "a", 5, price, side=side)
    text = f"ExecInst(18) 6: Price(44) {best} would trade with the best {name} {best}"
    assert_cancel_rejected(event, CxlRejReason.OTHER, text)
    assert desk.resting(side) == [("a", 5, 10000)]


def test_post_only_steps_back(desk: Desk) -> None:
    desk.new("offer", SELL, 5, 10100, session="TRADER2")
    desk.new("a", BUY, 5, 10000, post_only=PostOnly.REPRICE)
    replaced, restated = desk.replace("b", "a", 5, 10200)
    assert_replaced(replaced, "b", "a", price=10200)
    assert type(restated) is e.OrderRestated
    assert restated.reason is ExecRestatementReason.REPRICING and restated.price == 10099
    assert desk.resting(BUY) == [("b", 5, 10099)]
    desk.venue.check()


def test_post_only_at_the_close_takes_nothing_yet(desk: Desk) -> None:
    desk.new("offer", SELL, 5, 10100, session="TRADER2")
    desk.new("a", BUY, 5, 10200, AT_THE_CLOSE, post_only=PostOnly.REFUSE)
    (event,) = desk.replace("b", "a", 4, 10200)
    assert_replaced(event, "b", "a")


# Orders that wait


@pytest.mark.parametrize(
    ("change", "keeps"),
    [
        ({}, True),
        ({"qty": 4}, True),
        ({"price": 10101}, True),
        ({"price": 10099, "qty": 4}, True),
        ({"time_in_force": "1"}, True),
        ({"display_qty": 2}, True),
        ({"stop_px": 10000}, True),
        ({"stop_px": 9999}, False),
        ({"qty": 6}, False),
    ],
)
def test_the_age_of_an_order_that_waits(desk: Desk, change: dict[str, Any], keeps: bool) -> None:
    """It is counted from its entry, its last new trigger price or larger quantity."""
    for name in ("a", "z"):
        desk.new(name, BUY, 5, 10100, ord_type=STOP_LIMIT, stop_px=10000)
    terms = {"qty": 5, "price": 10100} | change
    (event,) = desk.replace("b", "a", ord_type=STOP_LIMIT, **terms)
    assert_replaced(event, "b", "a", price=terms["price"], order_qty=terms["qty"])
    assert not event.details.working
    assert desk.waiting() == (["b", "z"] if keeps else ["z", "b"])
    desk.venue.check()


def test_an_iceberg_that_waits_may_show_more(desk: Desk) -> None:
    for name in ("a", "z"):
        display = {"display_qty": 2, "refresh_qty": 2}
        desk.new(name, BUY, 5, 10100, ord_type=STOP_LIMIT, stop_px=10000, **display)
    (event,) = desk.replace("b", "a", 5, 10100, ord_type=STOP_LIMIT, display_qty=3)
    assert event.details.shown_qty == 0 and desk.waiting() == ["b", "z"]
    desk.trade(10000)
    assert desk.shown(BUY) == [("b", 3), ("z", 2)]


@pytest.mark.parametrize(("stop_px", "triggers"), [(10000, True), (10001, False)])
def test_a_new_trigger_price_is_looked_at_at_once(desk: Desk, stop_px: int, triggers: bool) -> None:
    desk.trade(10000)
    desk.new("a", BUY, 5, 10100, ord_type=STOP_LIMIT, stop_px=10050)
    events = desk.replace("b", "a", 5, 10100, ord_type=STOP_LIMIT, stop_px=stop_px)
    assert story(events) == ["replaced b", *(["triggered b"] if triggers else [])]
    assert desk.waiting() == ([] if triggers else ["b"])


def test_the_old_trigger_price_is_gone(desk: Desk) -> None:
    desk.new("a", BUY, 5, 10100, ord_type=STOP_LIMIT, stop_px=10050)
    desk.replace("b", "a", 5, 10100, ord_type=STOP_LIMIT, stop_px=10080)
    desk.trade(10050)
    assert desk.waiting() == ["b"]
    desk.trade(10080)
    assert desk.waiting() == []


@pytest.mark.parametrize(("stop_px", "is_same"), [(10000, True), (10001, False)])
def test_a_trigger_price_stays_once_it_is_met(desk: Desk, stop_px: int, is_same: bool) -> None:
    desk.trade(10000)
    desk.new("a", BUY, 5, 10100, ord_type=STOP_LIMIT, stop_px=10000)
    (event,) = desk.replace("b", "a", 4, 10100, ord_type=STOP_LIMIT, stop_px=stop_px)
    if is_same:
        assert_replaced(event, "b", "a")
    else:
        text = "StopPx(99) 100.01: the order has triggered"
        assert_cancel_rejected(event, CxlRejReason.OTHER, text)


@pytest.mark.parametrize("ord_type", [STOP, IF_TOUCHED])
def test_an_order_without_a_price_gets_none(desk: Desk, ord_type: OrdType) -> None:
    desk.new(
        "a", SELL if ord_type is IF_TOUCHED else BUY, 5, None, ord_type=ord_type, stop_px=10050
    )
    side = desk.order("a").side
    (event,) = desk.replace("b", "a", 5, 10000, side=side, ord_type=ord_type)
    text = f"Price(44) contradicts OrdType(40) {ord_type}, which has no price"
    assert_cancel_rejected(event, CxlRejReason.OTHER, text)
    (event,) = desk.replace("c", "a", 4, None, side=side, ord_type=ord_type, stop_px=10060)
    assert_replaced(event, "c", "a", price=None, order_qty=4)


@pytest.mark.parametrize(
    ("change", "centre"),
    [
        ({"stop_px": 20000}, "50 % around the trigger price 200"),
        ({"price": 15001}, "50 % around the trigger price 100"),
        ({"price": 15001, "stop_px": 10001}, None),
    ],
)
def test_the_collar_of_an_order_that_waits(
    desk: Desk, change: dict[str, int], centre: str | None
) -> None:
    desk.new("a", BUY, 5, 9900, ord_type=STOP_LIMIT, stop_px=10000)
    (event,) = desk.replace("b", "a", ord_type=STOP_LIMIT, **{"qty": 5, "price": 9900} | change)
    if centre is None:
        assert_replaced(event, "b", "a")
    else:
        assert_cancel_rejected(event, CxlRejReason.PRICE_EXCEEDS_BAND, event.text)
        assert event.text.endswith(centre)


def test_the_collar_of_a_triggered_order_is_around_the_last_trade(desk: Desk) -> None:
    desk.new("a", BUY, 5, 9000, ord_type=STOP_LIMIT, stop_px=10000)
    desk.trade(10000, 14000)
    (event,) = desk.replace("b", "a", 5, 6999, ord_type=STOP_LIMIT)
    assert re.search("around the last trade 140", event.text)
    (event,) = desk.replace("c", "a", 5, 7000, ord_type=STOP_LIMIT)
    assert_replaced(event, "c", "a")
    desk.trade(15000)
    (event,) = desk.replace("d", "c", 4, 7000, ord_type=STOP_LIMIT)
    assert_replaced(event, "d", "c")


def test_a_price_beyond_a_new_collar_may_stay_while_the_order_waits(desk: Desk) -> None:
    desk.new("a", BUY, 5, 9000, ord_type=STOP_LIMIT, stop_px=10000)
    desk.venue.handle(c.DefineInstrument(aapl(collar_percent="1")))
    (event,) = desk.replace("b", "a", 4, 9000, ord_type=STOP_LIMIT)
    assert_replaced(event, "b", "a")
    (event,) = desk.replace("c", "b", 4, 9000, ord_type=STOP_LIMIT, stop_px=10001)
    assert_cancel_rejected(event, CxlRejReason.PRICE_EXCEEDS_BAND, event.text)


@pytest.mark.parametrize(("qty", "waits"), [(3, True), (2, False)])
def test_an_order_that_waits_still_wants_its_min_qty(desk: Desk, qty: int, waits: bool) -> None:
    desk.new("a", BUY, 5, None, ord_type=STOP, stop_px=10000, min_qty=3)
    (event,) = desk.replace("b", "a", qty, None, ord_type=STOP)
    if waits:
        assert_replaced(event, "b", "a")
    else:
        text = "OrderQty(38) 2 is less than MinQty(110) 3"
        assert_cancel_rejected(event, CxlRejReason.OTHER, text)


def test_a_working_order_has_had_its_min_qty(desk: Desk) -> None:
    desk.new("offer", SELL, 1, 9900, session="TRADER2")
    desk.new("a", BUY, 5, 9900, min_qty=1)
    (event,) = desk.replace("b", "a", 2, 9900)
    assert_replaced(event, "b", "a", leaves_qty=1)


@pytest.mark.parametrize(
    ("ord_type", "named"),
    [(LIMIT_IF_TOUCHED, "2"), (LIMIT_IF_TOUCHED, "LIT"), (TO_LIMIT, "2"), (TO_LIMIT, "K")],
)
def test_some_orders_may_be_called_limit_orders(desk: Desk, ord_type: OrdType, named: str) -> None:
    desk.new("offer", SELL, 1, 9900, session="TRADER2")
    if ord_type is TO_LIMIT:
        desk.new("a", BUY, 5, None, ord_type=ord_type)
    else:
        desk.new("a", BUY, 5, 9900, ord_type=ord_type, stop_px=9000)
    (event,) = desk.replace("b", "a", 4, 9900, ord_type=named)
    assert_replaced(event, "b", "a", ord_type=ord_type, price=9900)


@pytest.mark.parametrize("named", ["1", "3", "K", "LIT", ""])
def test_a_stop_limit_is_nothing_else(desk: Desk, named: str) -> None:
    desk.new("a", BUY, 5, 10100, ord_type=STOP_LIMIT, stop_px=10000)
    for ord_type in (named, "2"):
        (event,) = desk.replace(f"b{ord_type}", "a", 4, 10100, ord_type=ord_type)
        asked = "2 with TriggerType(1100)" if ord_type == "LIT" else ord_type
        text = f"OrdType(40) {asked} does not match the order's 4"
        assert_cancel_rejected(event, CxlRejReason.OTHER, text)


@pytest.mark.parametrize("named", ["1", "3", "4", "K"])
def test_a_limit_if_touched_order_is_nothing_but_a_limit_order(desk: Desk, named: str) -> None:
    desk.new("a", BUY, 5, 9900, ord_type=LIMIT_IF_TOUCHED, stop_px=9000)
    (event,) = desk.replace("b", "a", 4, 9900, ord_type=named)
    text = f"OrdType(40) {named} does not match the order's 2 with TriggerType(1100)"
    assert_cancel_rejected(event, CxlRejReason.OTHER, text)


def test_a_replaced_market_to_limit_order_is_a_limit_order(desk: Desk) -> None:
    """It does not take the best price of the other side again."""
    desk.new("offer", SELL, 1, 9900, session="TRADER2")
    desk.new("a", BUY, 5, None, ord_type=TO_LIMIT)
    desk.new("worse", SELL, 1, 10000, session="TRADER2")
    desk.new("far", SELL, 1, 10100, session="TRADER2")
    replaced, fill, _ = desk.replace("b", "a", 5, 10050, ord_type="K")
    assert_replaced(replaced, "b", "a", price=10050)
    assert_filled(fill, "b", 1, 10000, 3)
    assert desk.resting(BUY) == [("b", 3, 10050)]


@pytest.mark.parametrize(
    ("time_in_force", "text"),
    [
        (None, None),
        ("7", None),
        ("0", "TimeInForce(59) 0 of a resting order: only 7"),
        ("6", "TimeInForce(59) 6 of a resting order: only 7"),
    ],
)
@pytest.mark.parametrize("price", [None, 10000])
def test_an_order_at_the_close_stays_one(
    desk: Desk, time_in_force: str | None, text: str | None, price: int | None
) -> None:
    ord_type = "1" if price is None else "2"
    desk.new("a", BUY, 5, price, AT_THE_CLOSE)
    new_price = None if price is None else 10100
    terms = {"ord_type": ord_type, "time_in_force": time_in_force}
    (event,) = desk.replace("b", "a", 9, new_price, **terms)
    if text is None:
        fields = {"time_in_force": AT_THE_CLOSE, "price": new_price, "order_qty": 9}
        assert_replaced(event, "b", "a", **fields)
    else:
        assert_cancel_rejected(event, CxlRejReason.OTHER, text)
    assert len(desk.waiting()) == 1
    desk.venue.check()


def test_a_replace_triggers_others(desk: Desk) -> None:
    desk.new("stop", SELL, 5, 10000, ord_type=STOP_LIMIT, stop_px=9950, session="TRADER2")
    desk.new("offer", SELL, 1, 9950, session="TRADER2")
    desk.new("a", BUY, 5, 9900)
    events = desk.replace("b", "a", 5, 9950)
    assert story(events) == [
        "replaced b",
        "filled b 1 @ 9950",
        "filled offer 1 @ 9950",
        "triggered stop",
    ]


def test_too_late_for_an_order_that_waited(desk: Desk) -> None:
    desk.new("a", BUY, 5, 10100, ord_type=STOP_LIMIT, stop_px=10000)
    desk.trade(10000)
    desk.new("s", SELL, 5, 10100, session="TRADER2")
    (event,) = desk.replace("b", "a", 4, 10100, ord_type=STOP_LIMIT, stop_px=10001)
    assert_cancel_rejected(event, CxlRejReason.TOO_LATE, "OrderID(37) 1 is already filled")
