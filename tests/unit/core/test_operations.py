"""What an operator cancels and ends, whoever's it is, and whom it keeps out."""

from tests.unit.core.desk import (
    AT_THE_CLOSE,
    BUY,
    GTC,
    GTD,
    LIMIT_IF_TOUCHED,
    SELL,
    STOP,
    Desk,
    assert_accepted,
    assert_canceled,
    assert_rejected,
    story,
)
from venue.core import commands as c
from venue.core import events as e
from venue.core.image import copy, restore
from venue.core.operations import BY_VENUE
from venue.core.types import ExecRestatementReason, OrdRejReason, TradingPhase

REASON = ExecRestatementReason.MARKET_OPTION


def cancel(desk: Desk, *cl_ord_ids: str, firm: str = "", session: str = "TRADER1") -> list[e.Event]:
    order_id = desk.order(cl_ord_ids[0], session).order_id if cl_ord_ids else 0
    events = desk.venue.handle(c.CancelByVenue(order_id, firm))
    desk.venue.check()
    return events


def test_one_order_is_canceled_and_its_owner_told() -> None:
    desk = Desk()
    desk.new("a", BUY, 5, 10000)
    desk.new("b", SELL, 2, 10000, session="TRADER2")
    [told] = cancel(desk, "a")
    assert_canceled(told, "a", cum_qty=2, order_qty=5, orig_cl_ord_id=None, reason=REASON)
    assert (told.session, told.firm, told.text) == ("TRADER1", "NORTH", BY_VENUE)
    assert desk.resting(BUY) == []
    assert cancel(desk, "a") == [] == cancel(desk, "b", session="TRADER2"), "they have ended"
    assert desk.venue.handle(c.CancelByVenue(999)) == []


def test_every_order_of_a_firm_wherever_it_is() -> None:
    desk = Desk()
    desk.define("MSFT")
    desk.new("waits", BUY, 5, None, ord_type=STOP, stop_px=11000)
    desk.new("closes", BUY, 5, 9000, AT_THE_CLOSE, session="TRADER3")
    desk.new("theirs", BUY, 5, 9900, session="TRADER2")
    desk.new("rests", SELL, 5, 10100, session="TRADER3")
    desk.new("there", BUY, 5, 9900, GTC, symbol="MSFT")
    desk.venue.handle(c.EnterPhase("MAIN", TradingPhase.PRE_OPEN))
    desk.new("unpriced", BUY, 5, None)
    events = cancel(desk, firm="NORTH")
    assert story(events) == [
        f"canceled {x}" for x in ("waits", "closes", "rests", "there", "unpriced")
    ]
    assert [event.session for event in events] == [
        "TRADER1",
        "TRADER3",
        "TRADER3",
        "TRADER1",
        "TRADER1",
    ]
    assert desk.resting(BUY) == [("theirs", 5, 9900)]
    assert cancel(desk, firm="NORTH") == [] == cancel(desk, firm="NOBODY")


def test_a_cancel_by_the_venue_may_be_what_a_trigger_waits_for() -> None:
    desk = Desk()
    desk.new("low", SELL, 1, 10000, session="TRADER2")
    desk.new("high", SELL, 1, 10500, session="TRADER2")
    desk.new("stop", BUY, 1, None, ord_type=STOP, stop_px=10400, trigger_price_type="1")
    assert story(cancel(desk, "low", session="TRADER2")) == [
        "canceled low",
        "triggered stop",
        "filled stop 1 @ 10500",
        "filled high 1 @ 10500",
    ]


def test_a_day_that_ends_before_its_time() -> None:
    """What does not outlive the day ends, in a market with hours too; ids are free; what lives on
    is restated, and again at the end that the clock brings.
    """
    desk = Desk()
    desk.advance("20260105 12:00")
    desk.venue.handle(c.DefineTradingDay(0))

    desk.new("day", BUY, 5, 9900)
    desk.new("closes", BUY, 5, 9800, AT_THE_CLOSE)
    desk.new("gtc", BUY, 5, 9700, GTC)
    desk.new("gtd", BUY, 5, 9600, GTD, expire_date="20260105")
    desk.new("gone", BUY, 5, 9500)
    desk.cancel("x", "gone")
    events = desk.venue.handle(c.EndTradingDay())
    desk.venue.check()
    ended = ["expired day", "expired closes", "restated gtc", "restated gtd", "day ended"]
    assert story(events) == ended
    assert [each.text for each in events[:2]] == [
        "the trading day is over",
        "no closing auction was held",
    ]
    assert desk.order("gtc").carried is not None
    for cl_ord_id in ("day", "gone", "x"):
        assert_accepted(desk.new(cl_ord_id, BUY, 1, 9000)[0], cl_ord_id)
    [refused] = desk.new("gtc", BUY, 1, 9000)
    assert_rejected(refused, OrdRejReason.DUPLICATE_ORDER, "ClOrdID(11) gtc was used before")
    events = desk.advance("20260106 00:00")
    expired = {"expired day", "expired gone", "expired x", "expired gtd"}
    assert set(story(events)) == {*expired, "restated gtc", "day ended"}


def test_a_day_ends_in_a_market_that_has_hours() -> None:
    desk = Desk(market="XSWX")
    desk.advance("20260105 12:00")
    desk.venue.handle(c.EnterPhase("XSWX", TradingPhase.OPENING_AUCTION))
    desk.new("day", BUY, 5, 9900)
    desk.new("stop", SELL, 5, 9900, ord_type=LIMIT_IF_TOUCHED, stop_px=12000)
    desk.new("gtc", BUY, 5, 9900, GTC)
    began = desk.venue.statistics("AAPL").began
    told = story(desk.venue.handle(c.EndTradingDay()))
    assert told == ["expired day", "expired stop", "restated gtc", "day ended"]
    assert desk.venue.statistics("AAPL").began == began, "its day goes on"
    desk.venue.check()


def test_who_may_not_log_on_is_state() -> None:
    desk = Desk()
    fresh = desk.venue.state_hash()
    for comp_id in ("A", "B", "A"):
        assert desk.venue.handle(c.AllowSession(comp_id, False)) == []
    assert desk.venue.operations.disallowed == {"A", "B"}
    again = restore(copy(desk.venue))
    assert again.operations.disallowed == {"A", "B"}
    assert again.state_hash() == desk.venue.state_hash() != fresh
    for comp_id in ("A", "B", "C"):
        desk.venue.handle(c.AllowSession(comp_id, True))
    assert desk.venue.state_hash() == fresh


def test_what_is_recorded_changes_nothing() -> None:
    desk = Desk()
    fresh = desk.venue.state_hash()
    command = c.RecordOperation("OPERATOR", "R", "halt", {"symbol": "AAPL"}, True, "is halted")
    assert desk.venue.handle(command) == []
    assert desk.venue.state_hash() == fresh


def test_a_phase_by_hand_is_remembered_until_the_next() -> None:
    desk = Desk(market="XSWX")
    desk.advance("20260105 12:00")
    desk.venue.handle(c.EnterPhase("XSWX", TradingPhase.CONTINUOUS))
    assert desk.venue.phases.by_hand == {}
    desk.venue.handle(c.EnterPhase("XSWX", TradingPhase.CLOSED, by_hand=True))
    by_hand = {"XSWX": desk.venue.time}
    assert desk.venue.phases.by_hand == by_hand
    again = restore(copy(desk.venue))
    assert again.phases.by_hand == by_hand
    assert again.state_hash() == desk.venue.state_hash()
    desk.venue.handle(c.EnterPhase("XSWX", TradingPhase.PRE_OPEN))
    assert desk.venue.phases.by_hand == {}
