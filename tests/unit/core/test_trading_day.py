"""2026-01-05 is a Monday. Days end at midnight, unless a test says otherwise."""

import pytest

from tests.unit.core.desk import (
    AT_THE_CLOSE,
    BUY,
    DAY,
    GTC,
    GTD,
    SELL,
    STOP,
    STOP_LIMIT,
    Desk,
    assert_accepted,
    assert_cancel_rejected,
    assert_rejected,
    at,
    story,
)
from venue.core import commands as c
from venue.core import events as e
from venue.core.types import (
    CxlRejReason,
    ExecRestatementReason,
    OrdRejReason,
    OrdStatus,
    TimeInForce,
    TradingPhase,
    TriggerPriceType,
)

HOUR = 3600 * 10**9
TOMORROW = "20260106 00:00"
QUOTE = {"trigger_price_type": TriggerPriceType.BEST_QUOTE}


@pytest.fixture
def desk() -> Desk:
    """Monday noon."""
    desk = Desk()
    desk.advance("20260105 12:00")
    return desk


def ends(desk: Desk, hour: int) -> None:
    assert desk.venue.handle(c.DefineTradingDay(hour * HOUR)) == []


# Day orders


@pytest.mark.parametrize(
    ("time_in_force", "text"),
    [(DAY, "the trading day is over"), (AT_THE_CLOSE, "no closing auction was held")],
)
def test_an_order_of_the_day_expires_with_it(
    desk: Desk, time_in_force: TimeInForce, text: str
) -> None:
    desk.new("a", BUY, 5, 9000, time_in_force)
    assert desk.advance("20260105 23:59") == []
    expired, ended = desk.advance(TOMORROW)
    assert type(expired) is e.OrderExpired and expired.text == text
    assert (expired.session, expired.cl_ord_id, expired.leaves_qty) == ("TRADER1", "a", 0)
    assert expired.ord_status is OrdStatus.EXPIRED
    assert ended == e.DayEnded("")
    assert desk.resting(BUY) == desk.waiting() == []
    assert desk.advance(TOMORROW) == []
    desk.venue.check()


def test_a_part_filled_order_expires_with_its_fills(desk: Desk) -> None:
    desk.new("a", BUY, 5, 10000)
    desk.new("s", SELL, 2, 10000, session="TRADER2")
    expired, _ = desk.advance(TOMORROW)
    assert (expired.cum_qty, expired.leaves_qty, expired.notional) == (2, 0, 20000)


def test_orders_expire_by_order_id_wherever_they_are(desk: Desk) -> None:
    desk.define("MSFT")
    desk.new("a", SELL, 5, 10100, symbol="MSFT")
    desk.new("b", BUY, 5, None, ord_type=STOP, stop_px=10000)
    desk.new("c", SELL, 5, 10100)
    desk.new("d", BUY, 5, 9900, GTD, expire_date="20260105")
    desk.new("e", BUY, 5, 9950, session="TRADER2")
    desk.new("f", BUY, 5, 9950, GTC)
    desk.new("g", BUY, 5, 9950, GTD, expire_date="20260106")
    assert story(desk.advance(TOMORROW)) == [
        *(f"expired {name}" for name in "abcde"),
        "restated f",
        "restated g",
        "day ended",
    ]


def test_an_expiry_takes_an_exec_id(desk: Desk) -> None:
    desk.new("a", BUY, 5, 9000)
    desk.new("b", BUY, 5, 9000, GTC)
    expired, restated, _ = desk.advance(TOMORROW)
    assert (expired.exec_id, restated.exec_id) == (3, 4)
    assert_accepted(desk.new("c")[0], "c", exec_id=5)


# Orders that live on


def test_an_order_is_carried_over_with_its_fills(desk: Desk) -> None:
    desk.new("a", BUY, 9, 10000, GTC)
    desk.new("s1", SELL, 2, 10000, session="TRADER2")
    assert desk.order("a").qualifiers is None
    restated, _ = desk.advance(TOMORROW)
    assert type(restated) is e.OrderRestated and restated.text == "good for another trading day"
    assert restated.reason is ExecRestatementReason.GT_RENEWAL
    assert (restated.order_qty, restated.cum_qty, restated.leaves_qty) == (9, 2, 7)
    details = restated.details
    assert (details.carried_over, details.carried_qty, details.carried_notional) == (True, 2, 20000)
    _, _, fill = desk.new("s2", SELL, 3, 10000, session="TRADER2")
    assert (fill.cum_qty, fill.details.carried_qty, fill.details.carried_over) == (5, 2, True)
    restated, _ = desk.advance("20260107 00:00")
    assert (restated.details.carried_qty, restated.details.carried_notional) == (5, 50000)
    assert desk.resting(BUY) == [("a", 4, 10000)]


def test_a_new_order_of_a_later_day_is_plain(desk: Desk) -> None:
    desk.advance(TOMORROW)
    (accepted,) = desk.new("a", BUY, 5, 9000)
    assert accepted.details is None


def test_an_order_that_waits_is_carried_over_waiting(desk: Desk) -> None:
    desk.new("a", BUY, 9, 10000, GTC, ord_type=STOP_LIMIT, stop_px=10000)
    restated, _ = desk.advance(TOMORROW)
    assert not restated.details.working and desk.waiting() == ["a"]
    desk.trade(10000)
    assert desk.resting(BUY) == [("a", 9, 10000)]


def test_priority_outlives_the_day(desk: Desk) -> None:
    desk.new("a", BUY, 5, 9900, GTC, display_qty=2, refresh_qty=2)
    desk.new("b", BUY, 5, 9900)
    desk.new("c", BUY, 5, 9900, GTC)
    desk.advance(TOMORROW)
    assert desk.shown(BUY) == [("a", 2), ("c", 5)]
    desk.venue.check()


# Good till date


@pytest.mark.parametrize(
    ("terms", "hour", "until"),
    [
        ({"expire_date": "20260105"}, 0, "20260106 00:00"),
        ({"expire_date": "20260107"}, 0, "20260108 00:00"),
        ({"expire_date": "20260105"}, 22, "20260105 22:00"),
        ({"expire_date": "20260106"}, 22, "20260106 22:00"),
        ({"expire_time": at("20260105 12:01")}, 0, "20260105 12:01"),
        ({"expire_time": at("20260106 00:00")}, 0, "20260106 00:00"),
        ({"expire_time": at("20260107 12:00")}, 0, "20260107 12:00"),
        ({"expire_time": at("20260107 12:00")}, 22, "20260107 12:00"),
    ],
)
def test_good_till(desk: Desk, terms: dict[str, int | str], hour: int, until: str) -> None:
    ends(desk, hour)
    (accepted,) = desk.new("a", BUY, 5, 9000, GTD, **terms)
    assert accepted.time_in_force is GTD
    desk.venue.handle(c.AdvanceTime(at(until) - 1))
    assert desk.order("a").live
    expired, *_ = desk.advance(until)
    assert type(expired) is e.OrderExpired and expired.time_in_force is GTD
    text = "ExpireTime(126) is reached"
    if "expire_date" in terms:
        text = f"ExpireDate(432) {terms['expire_date']} is over"
    assert expired.text == text


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        ({"min_qty": 0}, "TimeInForce(59) 6 needs ExpireDate(432) or ExpireTime(126)"),
        ({"expire_date": "20260104"}, "ExpireDate(432) 20260104 is over"),
        (
            {"expire_time": at("20260105 12:00")},
            "ExpireTime(126) 20260105-12:00:00 is not after 20260105-12:00:00",
        ),
        (
            {"expire_time": at("20200229 23:59")},
            "ExpireTime(126) 20200229-23:59:00 is not after 20260105-12:00:00",
        ),
    ],
)
def test_good_till_the_past(desk: Desk, terms: dict[str, int | str], text: str) -> None:
    (event,) = desk.new("a", BUY, 5, 9000, GTD, **terms)
    assert type(event) is e.OrderRejected and desk.resting(BUY) == []
    assert_rejected(event, OrdRejReason.OTHER, event.text)
    assert event.text.replace(".000", "") == text
    desk.new("b", BUY, 5, 9000, GTC)
    (event,) = desk.replace("c", "b", 5, 9000, time_in_force="6", **terms)
    assert_cancel_rejected(event, CxlRejReason.OTHER, event.text)
    assert event.text.replace(".000", "") == text


def test_the_day_that_has_ended_is_over_at_its_hour(desk: Desk) -> None:
    ends(desk, 12)
    (event,) = desk.new("a", BUY, 5, 9000, GTD, expire_date="20260105")
    assert type(event) is e.OrderRejected
    ends(desk, 13)
    (event,) = desk.new("b", BUY, 5, 9000, GTD, expire_date="20260105")
    assert type(event) is e.OrderAccepted


@pytest.mark.parametrize("moved", ["20260105 13:00", "20260107 13:00"])
def test_an_order_whose_time_was_moved_expires_then(desk: Desk, moved: str) -> None:
    desk.new("a", BUY, 5, 9000, GTD, expire_time=at("20260105 15:00"))
    desk.replace("b", "a", 5, 9000, expire_time=at(moved))
    for time in ("20260105 12:59", "20260105 15:00", "20260107 12:59"):
        if time < moved:
            assert "expired b" not in story(desk.advance(time))
    assert story(desk.advance(moved)) == ["expired b"]


def test_an_order_is_kept_in_mind_once(desk: Desk) -> None:
    """However often its time was moved."""
    times = [at("20260105 15:00") + number for number in (0, 2, 1, 2, 5, 0)]
    desk.new("a", BUY, 5, 9000, GTD, expire_time=times[0])
    desk.new("b", BUY, 5, 9000, GTD, expire_time=times[0])
    for number, time in enumerate(times[1:]):
        name = f"a{number - 1}" if number else "a"
        desk.replace(f"a{number}", name, 5, 9000, expire_time=time)
    assert [len(orders) for orders in desk.venue._day._good_till.values()] == [2]
    desk.replace("c", "b", 5, 9000, time_in_force="0")
    assert story(desk.advance("20260105 15:00")) == ["expired a4"]


def test_an_order_that_is_good_till_canceled_now_does_not_expire(desk: Desk) -> None:
    desk.new("a", BUY, 5, 9000, GTD, expire_date="20260105")
    desk.replace("b", "a", 5, 9000, time_in_force="1")
    assert story(desk.advance(TOMORROW)) == ["restated b", "day ended"]
    desk.replace("c", "b", 5, 9000, time_in_force="6", expire_time=at("20260106 09:00"))
    assert story(desk.advance("20260106 09:00")) == ["expired c"]


def test_an_order_that_has_ended_does_not_expire(desk: Desk) -> None:
    desk.new("a", BUY, 5, 9000, GTD, expire_time=at("20260105 13:00"))
    desk.new("b", BUY, 5, 10000, GTD, expire_time=at("20260105 13:00"))
    desk.cancel("x", "a")
    desk.new("s", SELL, 5, 10000, session="TRADER2")
    assert desk.advance("20260105 13:00") == []


def test_orders_expire_in_the_order_of_time(desk: Desk) -> None:
    for name, time in (("a", "15:00"), ("b", "13:00"), ("c", "15:00"), ("d", "14:00")):
        desk.new(name, BUY, 5, 9000, GTD, expire_time=at(f"20260105 {time}"))
    assert story(desk.advance("20260105 18:00")) == [f"expired {name}" for name in "bdac"]


# What expires makes the quotes move


def test_an_expiry_triggers_before_the_day_ends(desk: Desk) -> None:
    """The stop is met when the nearer offer has expired; it trades in the old day."""
    desk.new("near", SELL, 1, 10100, session="TRADER2")
    desk.new("far", SELL, 1, 10200, GTC, session="TRADER2")
    desk.new("stop", BUY, 5, 10200, GTC, ord_type=STOP_LIMIT, stop_px=10150, **QUOTE)
    events = desk.advance(TOMORROW)
    assert story(events) == [
        "expired near",
        "triggered stop",
        "filled stop 1 @ 10200",
        "filled far 1 @ 10200",
        "restated stop",
        "day ended",
    ]
    assert events[-2].details.carried_qty == 1
    desk.venue.check()


def test_all_that_expire_are_gone_before_anything_triggers(desk: Desk) -> None:
    desk.new("near", SELL, 1, 10100, session="TRADER2")
    desk.new("far", SELL, 1, 10200, session="TRADER2")
    desk.new("stop", BUY, 5, 10200, GTC, ord_type=STOP_LIMIT, stop_px=10150, **QUOTE)
    assert story(desk.advance(TOMORROW)) == [
        "expired near",
        "expired far",
        "restated stop",
        "day ended",
    ]
    assert desk.waiting() == ["stop"]


def test_an_order_that_a_cascade_fills_is_not_carried_over(desk: Desk) -> None:
    desk.new("near", SELL, 1, 10100, GTD, session="TRADER2", expire_time=at("20260105 13:00"))
    desk.new("far", SELL, 1, 10200, GTC, session="TRADER2")
    desk.new("stop", BUY, 1, None, GTC, ord_type=STOP, stop_px=10150, **QUOTE)
    events = desk.advance(TOMORROW)
    assert story(events)[1:] == [
        "triggered stop",
        "filled stop 1 @ 10200",
        "filled far 1 @ 10200",
        "day ended",
    ]
    assert desk.venue.orders.by_id == {}


# The days themselves


def test_nothing_is_due_before_the_deadline(desk: Desk) -> None:
    assert desk.venue.deadline == at(TOMORROW)
    desk.new("a", BUY, 5, 9000, GTD, expire_time=at("20260105 15:00"))
    assert desk.venue.deadline == at("20260105 15:00")
    desk.advance("20260105 15:00")
    assert desk.venue.deadline == at(TOMORROW)
    desk.new("b", BUY, 5, 9000, GTD, expire_date="20260105")
    desk.new("c", BUY, 5, 9000, GTD, expire_time=at("20260107 09:00"))
    assert desk.venue.deadline == at(TOMORROW)
    desk.advance(TOMORROW)
    assert desk.venue.deadline == at("20260107 00:00")
    desk.advance("20260107 00:00")
    assert desk.venue.deadline == at("20260107 09:00")


@pytest.mark.parametrize(
    ("first", "hour", "end"),
    [
        ("20260105 12:00", 0, "20260106 00:00"),
        ("20260105 12:00", 22, "20260105 22:00"),
        ("20260105 22:00", 22, "20260106 22:00"),
        ("20260105 23:00", 22, "20260106 22:00"),
        ("20260105 00:00", 0, "20260106 00:00"),
    ],
)
@pytest.mark.parametrize("defined_first", [False, True])
def test_when_a_day_ends(first: str, hour: int, end: str, defined_first: bool) -> None:
    desk = Desk()
    if defined_first:
        ends(desk, hour)
    assert desk.advance(first) == []
    if not defined_first:
        ends(desk, hour)
    assert desk.venue.trading_day_ends == hour * HOUR
    assert desk.venue.deadline == at(end)
    assert desk.venue.handle(c.AdvanceTime(at(end) - 1)) == []
    assert story(desk.advance(end)) == ["day ended"]
    assert desk.venue.deadline == at(end) + 24 * HOUR


def test_another_end_of_the_day_moves_every_date(desk: Desk) -> None:
    desk.new("a", BUY, 5, 9000)
    desk.new("b", BUY, 5, 9000, GTD, expire_date="20260106")
    desk.new("c", BUY, 5, 9000, GTD, expire_time=at("20260106 20:00"))
    ends(desk, 18)
    assert story(desk.advance("20260105 18:00")) == [
        "expired a",
        "restated b",
        "restated c",
        "day ended",
    ]
    assert story(desk.advance("20260106 18:00")) == ["expired b", "restated c", "day ended"]
    assert story(desk.advance("20260106 20:00")) == ["expired c"]


def test_another_end_of_the_day_moves_the_deadline(desk: Desk) -> None:
    ends(desk, 22)
    desk.new("a", BUY, 5, 9000, GTD, expire_date="20260105")
    assert desk.venue.deadline == at("20260105 22:00")
    ends(desk, 0)
    assert desk.venue.deadline == at("20260106 00:00")
    ends(desk, 23)
    assert desk.venue.deadline == at("20260105 23:00")


def test_orders_entered_before_the_first_time_belong_to_its_day() -> None:
    desk = Desk()
    desk.new("a", BUY, 5, 9000)
    desk.new("b", BUY, 5, 9000, GTD, expire_date="20260104")
    assert story(desk.advance("20260105 12:00")) == ["expired b"]
    assert story(desk.advance(TOMORROW)) == ["expired a", "day ended"]


@pytest.mark.parametrize("time", ["20260109 12:00", "20260109 00:00"])
def test_several_days_at_once(desk: Desk, time: str) -> None:
    """What was to expire on the way expires in its turn; the rest is carried over once."""
    desk.new("a", BUY, 5, 9000)
    desk.new("b", BUY, 5, 9000, GTC)
    desk.new("c", BUY, 5, 9000, GTD, expire_date="20260107")
    desk.new("d", BUY, 5, 9000, GTD, expire_time=at("20260106 09:00"))
    assert story(desk.advance(time)) == [
        "expired a",
        "expired d",
        "expired c",
        "restated b",
        "day ended",
    ]
    assert desk.venue.deadline == at("20260110 00:00")
    assert [type(desk.new(name, BUY, 1, 9000)[0]) for name in "abcd"] == [
        e.OrderAccepted,
        e.DuplicateRejected,
        e.OrderAccepted,
        e.OrderAccepted,
    ]
    desk.venue.check()


def test_the_memory_of_ids_ends_with_the_day(desk: Desk) -> None:
    """Of an order that lives on, its ids stay taken; they name it still."""
    desk.new("gone", BUY, 5, 9000)
    desk.new("lives", BUY, 5, 9000, GTC)
    desk.new("refused", BUY, 1001, 9000)
    desk.replace("refused too", "lives", 1001, 9000)
    desk.replace("on", "lives", 4, 9000)
    desk.cancel("x", "gone")
    desk.cancel("unknown", "nothing")
    desk.mass_cancel("q", "AAPL", SELL)
    desk.advance(TOMORROW)
    assert list(desk.venue.orders.by_id) == [2]
    (status,) = desk.status("gone")
    assert type(status) is e.UnknownStatusReported
    for name in ("lives", "on"):
        (event,) = desk.new(name)
        assert type(event) is e.DuplicateRejected
        assert desk.status(name)[0].order_id == 2
    for name in ("gone", "refused", "refused too", "x", "unknown", "q"):
        (event,) = desk.new(name, BUY, 1, 9000)
        assert type(event) is e.OrderAccepted
    desk.venue.check()


def test_a_session_without_orders_is_forgotten(desk: Desk) -> None:
    desk.new("a", BUY, 5, 9000, GTC)
    desk.new("b", BUY, 5, 9000, session="TRADER2")
    desk.cancel("c", order_id="1", side=SELL, session="TRADER3")
    desk.advance(TOMORROW)
    assert list(desk.venue.orders.clients) == ["TRADER1"]


def test_ids_are_never_given_twice(desk: Desk) -> None:
    desk.new("a", BUY, 5, 9000)
    desk.advance(TOMORROW)
    (event,) = desk.new("a", BUY, 5, 9000)
    assert_accepted(event, "a", order_id=2, exec_id=3)


def test_a_trigger_remembers_the_last_trade_of_another_day(desk: Desk) -> None:
    desk.trade(10000)
    desk.advance(TOMORROW)
    events = desk.new("stop", BUY, 5, 10100, ord_type=STOP_LIMIT, stop_px=10000)
    assert story(events) == ["accepted stop", "triggered stop"]


def test_a_day_order_outlives_the_trading_day_where_its_market_is_open(desk: Desk) -> None:
    """Until the market closes; it is no GT order that would be renewed (H.1.a)."""
    desk.venue.handle(c.EnterPhase("MAIN", TradingPhase.CONTINUOUS))
    desk.new("day", BUY, 5, 9000)
    desk.new("gtc", BUY, 5, 8900, GTC)
    assert story(desk.advance(TOMORROW)) == ["restated gtc", "day ended"]
    (status,) = desk.status("day")
    assert isinstance(status, e.OrderStatusReported)
    assert (status.leaves_qty, status.details) == (5, None)
    events = desk.venue.handle(c.EnterPhase("MAIN", TradingPhase.CLOSED))
    assert [type(event) for event in events if event.session] == [e.OrderExpired]


@pytest.mark.parametrize(
    ("hour", "moment", "date"),
    [
        (0, "20260105 00:00", "20260105"),
        (0, "20260105 23:59", "20260105"),
        (17, "20260105 16:59", "20260105"),
        (17, "20260105 17:00", "20260106"),
        (17, "20260106 00:00", "20260106"),
    ],
)
def test_a_day_has_the_date_of_its_end(desk: Desk, hour: int, moment: str, date: str) -> None:
    ends(desk, hour)
    assert desk.venue.day.date_of(at(moment)) == date
