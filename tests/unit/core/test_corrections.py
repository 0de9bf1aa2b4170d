"""Busts and corrections: what the ladders (tests/ladders/corrections.txt) do not draw."""

import pytest

from tests.unit.core.desk import (
    BUY,
    DAY,
    GTC,
    GTD,
    IOC,
    SELL,
    STOP_LIMIT,
    Desk,
    at,
    story,
)
from venue.core import commands as c
from venue.core import events as e
from venue.core.events import Event
from venue.core.image import copy, restore
from venue.core.order import Order
from venue.core.types import CostMethod, OrdStatus, PostOnly, TradingPhase

LOST = "not reinstated: "


@pytest.fixture
def desk() -> Desk:
    """a (TRADER1) bought 5 at 10000 from b (TRADER2), who had offered them: trade 1."""
    desk = Desk()
    desk.advance("20260105 12:00")
    sell(desk)
    return desk


def sell(desk: Desk, **terms: object) -> list[Event]:
    desk.new("b", SELL, 5, 10000, session="TRADER2", **terms)
    return desk.new("a", BUY, 5, 10000, IOC)


def bust(desk: Desk, trade_id: int = 1) -> list[Event]:
    events = desk.venue.handle(c.BustTrade(trade_id))
    desk.venue.check()
    return events


def correct(desk: Desk, qty: int, price: int, trade_id: int = 1) -> list[Event]:
    events = desk.venue.handle(c.CorrectTrade(trade_id, qty, price))
    desk.venue.check()
    return events


def offered(desk: Desk) -> Order:
    return desk.order("b", "TRADER2")


def why_lost(events: list[Event]) -> str:
    """Why the passive side, which is told first, is not reinstated; empty where it is."""
    assert isinstance(events[0], e.OrderTradeBusted) and events[0].session == "TRADER2"
    return events[0].text.partition(LOST)[2]


def test_both_owners_are_told_and_then_everybody(desk: Desk) -> None:
    events = bust(desk)
    assert story(events) == ["tradebusted b", "tradebusted a", "tradechanged"]
    changed = events[-1]
    assert isinstance(changed, e.TradeChanged)
    assert (changed.trade_id, changed.qty, changed.price) == (1, 0, 10000)
    assert desk.resting(SELL) == [("b", 5, 10000)]
    assert desk.venue.last_trade("AAPL") is None
    assert desk.venue.statistics("AAPL").volume == 0


def test_each_report_refers_to_the_last_one_of_the_trade(desk: Desk) -> None:
    last = {"a": 3, "b": 4}
    for qty in (4, 3, 0):
        for event in (correct(desk, qty, 10000) if qty else bust(desk))[:2]:
            assert isinstance(event, e.OrderTradeCorrected | e.OrderTradeBusted)
            assert event.exec_ref_id == last[event.cl_ord_id]
            last[event.cl_ord_id] = event.exec_id


def test_a_correction_tells_what_holds_now(desk: Desk) -> None:
    told = correct(desk, 3, 10100)[1]
    assert isinstance(told, e.OrderTradeCorrected)
    assert (told.last_qty, told.last_px, told.liquidity) == (3, 10100, "2")
    assert (told.cum_qty, told.notional, told.leaves_qty) == (3, 30300, 0)
    assert told.text == f"trade 1 is corrected, {LOST}the order never rests"
    assert desk.venue.last_trade("AAPL") == (10100, 3)


@pytest.mark.parametrize(
    ("trade_id", "why"),
    [
        (0, "TradeID(1003) 0 is no trade"),
        (-1, "TradeID(1003) -1 is no trade"),
        (3, "TradeID(1003) 3 is no trade"),
        (1, "TradeID(1003) 1 is not one of the last 1"),
    ],
)
def test_a_trade_that_is_not_remembered(desk: Desk, trade_id: int, why: str) -> None:
    desk.trade(10100)
    desk.venue.handle(c.DefineAccounting(CostMethod.AVERAGE, 1))
    before = desk.venue.state_hash()
    assert desk.venue.corrections.refuses_bust(trade_id) == why
    assert bust(desk, trade_id) == [] == correct(desk, 1, 1, trade_id)
    assert desk.venue.state_hash() == before


@pytest.mark.parametrize(
    ("qty", "price", "why"),
    [
        (0, 10000, "LastQty(32) 0 is not above 0"),
        (-1, 10000, "LastQty(32) -1 is not above 0"),
        (5, 0, "LastPx(31) 0 is not above 0"),
        (5, 10000, "LastQty(32) 5 at LastPx(31) 100 is what TradeID(1003) 1 has already"),
        (
            6,
            10000,
            "LastQty(32) 6 is more than 5, which is left of OrderQty(38) 5 of OrderID(37) 2",
        ),
    ],
)
def test_what_a_trade_cannot_have_been(desk: Desk, qty: int, price: int, why: str) -> None:
    before = desk.venue.state_hash()
    assert desk.venue.corrections.refuses_correction(1, qty, price) == why
    assert correct(desk, qty, price) == []
    assert desk.venue.state_hash() == before


@pytest.mark.parametrize("full", ["passive", "aggressor"])
def test_a_trade_takes_no_more_than_other_trades_have_left(full: str) -> None:
    """Of either side; the order of the other one has 6 left."""
    desk = Desk()
    if full == "passive":
        desk.new("b", SELL, 5, session="TRADER2")
        desk.new("c", BUY, 2)
        desk.new("a", BUY, 9)
    else:
        desk.new("c", SELL, 2, session="TRADER2")
        desk.new("b", SELL, 9, session="TRADER2")
        desk.new("a", BUY, 5)
    order_id = 1 if full == "passive" else 3
    assert desk.venue.corrections.refuses_correction(2, 4, 10000) == (
        f"LastQty(32) 4 is more than 3, which is left of OrderQty(38) 5 of OrderID(37) {order_id}"
    )
    assert correct(desk, 4, 10000, 2) == []


def test_a_busted_trade_is_over(desk: Desk) -> None:
    bust(desk)
    before = desk.venue.state_hash()
    why = "TradeID(1003) 1 is busted already"
    assert desk.venue.corrections.refuses_bust(1) == why
    assert desk.venue.corrections.refuses_correction(1, 2, 10000) == why
    assert bust(desk) == [] == correct(desk, 2, 10000)
    assert desk.venue.state_hash() == before


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"time_in_force": GTC}, ""),
        ({"time_in_force": GTD, "expire_date": "20260105"}, ""),
        ({"time_in_force": GTD, "expire_time": at("20260105 12:01")}, "ExpireTime(126) "),
        ({"ord_type": STOP_LIMIT, "stop_px": 10000}, ""),
        ({"post_only": PostOnly.REFUSE}, ""),
        ({"display_qty": 2, "refresh_qty": 2}, ""),
    ],
)
def test_who_may_rest_does(terms: dict[str, object], why: str) -> None:
    desk = Desk()
    desk.advance("20260105 12:00")
    if "stop_px" in terms:
        desk.trade(10000)
    sell(desk, **terms)
    desk.advance("20260105 12:02")
    assert why_lost(bust(desk, desk.venue.ids.trade_id)).startswith(why)
    assert offered(desk).live is not bool(why)
    assert (offered(desk).ord_status is OrdStatus.CANCELED) is bool(why)


def test_a_gtd_order_that_is_back_expires(desk: Desk) -> None:
    sold = Desk()
    sold.advance("20260105 12:00")
    sell(sold, time_in_force=GTD, expire_time=at("20260105 13:00"))
    sold.venue.handle(c.DefineTradingDay(at("19700101 17:00")))  # What is over is not due any more.
    assert why_lost(bust(sold)) == ""
    assert story(sold.advance("20260105 13:00")) == ["expired b"]


def test_an_order_of_an_earlier_day_stays_ended(desk: Desk) -> None:
    """It is told of from what its trade remembers, in a restored venue as well."""
    desk.advance("20260106 12:00")
    assert desk.venue.orders.by_id == {}
    before, (_, order) = desk.venue.state_hash(), desk.venue.past_orders()
    order.notional += 1
    assert desk.venue.state_hash() != before
    order.notional -= 1
    other = restore(copy(desk.venue))
    events = bust(desk)
    assert why_lost(events) == "the order's day is over"
    assert other.handle(c.BustTrade(1)) == events
    assert other.state_hash() == desk.venue.state_hash()


def test_the_past_of_an_order_is_what_it_was_on_each_day() -> None:
    desk = Desk()
    desk.advance("20260105 12:00")
    desk.new("a", BUY, 9, 10000, GTC)
    for day in ("20260105", "20260106"):
        desk.advance(f"{day} 13:00")
        desk.new("b", SELL, 2, 10000, IOC, session="TRADER2")
    other = restore(copy(desk.venue))
    for trade_id, carried in ((2, (2, 20000)), (1, (0, 0))):
        event = bust(desk, trade_id)[0]
        assert isinstance(event, e.OrderTradeBusted) and event.details is not None
        assert (event.details.carried_qty, event.details.carried_notional) == carried
        assert other.handle(c.BustTrade(trade_id))[0] == event


def test_an_order_whose_ids_are_forgotten_stays_ended(desk: Desk) -> None:
    desk.venue.handle(c.DefineRetention(1))
    for name in ("c", "d"):
        desk.new(name, SELL, 1, 10100, session="TRADER2")
    assert offered_is_forgotten(desk)
    assert why_lost(bust(desk)) == "the order's day is over"


def offered_is_forgotten(desk: Desk) -> bool:
    return "b" not in desk.venue.orders.clients["TRADER2"].orders


def test_who_is_gone_with_his_orders_gets_none_back() -> None:
    desk = Desk()
    desk.connect("TRADER2")
    sell(desk)
    desk.disconnect("TRADER2")
    other = restore(copy(desk.venue))
    assert other.state_hash() == desk.venue.state_hash()
    events = bust(desk)
    assert why_lost(events) == "TRADER2 is gone, and its orders with it"
    assert other.handle(c.BustTrade(1)) == events


def test_who_is_back_gets_it_back() -> None:
    desk = Desk()
    desk.connect("TRADER2")
    sell(desk)
    desk.disconnect("TRADER2")
    before = desk.venue.state_hash()
    desk.connect("TRADER2", cancel_on_disconnect=False)
    assert desk.venue.state_hash() != before
    assert why_lost(bust(desk)) == ""


def test_an_order_that_is_back_goes_with_its_session(desk: Desk) -> None:
    """Whoever speaks of all orders finds it, restored or not."""
    desk.mass_status(session="TRADER2")
    bust(desk)
    assert story(desk.mass_status(session="TRADER2")) == ["statusreported b"]
    desk.connect("TRADER2")
    assert story(desk.disconnect("TRADER2")) == ["canceled b"]


def test_a_stopped_firm_gets_nothing_back(desk: Desk) -> None:
    desk.venue.handle(c.EngageKillSwitch("SOUTH"))
    assert why_lost(bust(desk)) == "a kill switch is engaged"


@pytest.mark.parametrize("phase", [TradingPhase.CLOSED, TradingPhase.POST_CLOSE])
def test_nobody_comes_back_into_a_closed_market(desk: Desk, phase: TradingPhase) -> None:
    desk.venue.handle(c.EnterPhase("MAIN", phase))
    assert why_lost(bust(desk)) == f"Symbol(55) AAPL is in phase {phase.text}"


def test_nobody_comes_back_into_a_delisted_instrument(desk: Desk) -> None:
    desk.venue.handle(c.DelistInstrument("AAPL"))
    assert why_lost(bust(desk)) == "Symbol(55) AAPL is delisted"


def test_nobody_trades_because_of_a_bust(desk: Desk) -> None:
    desk.new("bid", BUY, 5, 10000, DAY)
    assert why_lost(bust(desk)) == "the order would trade at once"
    assert desk.resting(BUY) == [("bid", 5, 10000)]


def test_an_order_under_its_present_id() -> None:
    desk = Desk()
    desk.new("b", SELL, 9, 10000, session="TRADER2")
    desk.new("a", BUY, 5, 10000, IOC)
    desk.replace("b2", "b", 9, 10100, side=SELL, session="TRADER2")
    told = bust(desk)[0]
    assert isinstance(told, e.OrderTradeBusted)
    assert (told.cl_ord_id, told.price, told.leaves_qty) == ("b2", 10100, 9)
    assert desk.resting(SELL) == [("b2", 9, 10100)]


def test_a_correction_to_all_that_is_left_ends_the_order() -> None:
    desk = Desk()
    desk.new("b", SELL, 5, 10000, session="TRADER2")
    desk.new("a", BUY, 5, 10000, IOC)
    correct(desk, 3, 10000)
    assert desk.resting(SELL) == [("b", 2, 10000)]
    told = correct(desk, 5, 10000)
    assert isinstance(told[0], e.OrderTradeCorrected) and isinstance(told[1], e.OrderTradeCorrected)
    assert [event.ord_status for event in told[:2]] == [OrdStatus.FILLED, OrdStatus.FILLED]
    assert desk.resting(SELL) == []


def test_a_market_order_of_a_call_has_it_back_behind_the_others() -> None:
    """It has traded, then its trades went too far, and now it waits for the auction."""
    desk = Desk(dynamic_collar_percent="1", interruption_seconds=60)
    desk.advance("20260105 12:00")
    desk.trade(10000)
    desk.new("b1", SELL, 2, 10000, session="TRADER2")
    desk.new("b2", SELL, 9, 12000, session="TRADER2")
    desk.new("a", BUY, 5, None)
    desk.new("a2", BUY, 5, None)
    market = desk.venue.markets["AAPL"]
    assert list(market.unpriced) == [desk.order("a").order_id, desk.order("a2").order_id]
    bust(desk, 2)
    assert list(market.unpriced) == [desk.order("a2").order_id, desk.order("a").order_id]
    assert desk.order("a").leaves_qty == 5
    assert desk.resting(SELL) == [("b1", 2, 10000), ("b2", 9, 12000)]


def test_the_last_price_of_a_restored_venue_goes_back_to_what_was_forgotten(desk: Desk) -> None:
    desk.trade(10100, 10200)
    desk.venue.handle(c.DefineAccounting(CostMethod.AVERAGE, 1))
    venue = restore(copy(desk.venue))
    assert venue.state_hash() == desk.venue.state_hash()
    venue.handle(c.BustTrade(3))
    statistics = venue.statistics("AAPL")
    assert venue.last_trade("AAPL") == (10100, 1)
    assert (statistics.open, statistics.high, statistics.low) == (10000, 10100, 10000)
    assert (statistics.trades, statistics.volume, statistics.last) == (2, 6, 10100)


def test_the_last_auction_is_the_last_that_is_left_with_a_trade() -> None:
    """Whose price is what a static collar is around."""
    desk = Desk()
    market = desk.venue.markets["AAPL"]
    for number, price in enumerate((10000, 10100)):
        desk.venue.handle(c.EnterPhase("MAIN", TradingPhase.OPENING_AUCTION))
        desk.new(f"b{number}", BUY, 1, price)
        desk.new(f"s{number}", SELL, 1, price, session="TRADER2")
        desk.venue.handle(c.EnterPhase("MAIN", TradingPhase.CONTINUOUS))
    desk.trade(10200)
    assert market.auction_px == 10100
    bust(desk, 3)
    assert market.auction_px == 10100
    correct(desk, 1, 10150, 2)
    assert market.auction_px == 10150
    bust(desk, 2)
    assert market.auction_px == 10000
    bust(desk)
    assert market.auction_px is None and market.last_px is None


def test_trades_of_other_instruments_do_not_count(desk: Desk) -> None:
    desk.define("MSFT")
    desk.new("m1", SELL, 1, 10500, symbol="MSFT", session="TRADER2")
    desk.new("m2", BUY, 1, 10500, symbol="MSFT")
    desk.trade(10100)
    bust(desk, 3)
    assert desk.venue.last_trade("AAPL") == (10000, 5)
    assert desk.venue.statistics("AAPL").high == 10000
    assert desk.venue.last_trade("MSFT") == (10500, 1)
