"""Phases of markets and instruments. Whole days, halts and interruptions are the ladders'."""

import pytest

from tests.unit.core.desk import (
    BUY,
    FOK,
    GTC,
    IOC,
    MARKET,
    SELL,
    STOP,
    Desk,
    aapl,
    assert_cancel_rejected,
    assert_rejected,
    at,
)
from venue.core import commands as c
from venue.core import events as e
from venue.core.types import (
    CxlRejReason,
    OrdRejReason,
    OrdType,
    PostOnly,
    TimeInForce,
    TradingPhase,
)

AT_THE_OPENING = TimeInForce.AT_THE_OPENING
CLOSED, CONTINUOUS = TradingPhase.CLOSED, TradingPhase.CONTINUOUS
PRE_OPEN, OPENING = TradingPhase.PRE_OPEN, TradingPhase.OPENING_AUCTION
CLOSING, POST_CLOSE = TradingPhase.CLOSING_AUCTION, TradingPhase.POST_CLOSE
HALT, VOLATILITY = TradingPhase.HALT, TradingPhase.VOLATILITY_AUCTION
NOON = at("20260105 12:00")
SECOND = 1_000_000_000


def enter(desk: Desk, phase: TradingPhase | None, market: str = "MAIN") -> list[e.Event]:
    return desk.venue.handle(c.EnterPhase(market, phase))


def halt(desk: Desk) -> list[e.Event]:
    return desk.venue.handle(c.HaltInstrument("AAPL"))


def resume(desk: Desk, seconds: int = 0) -> list[e.Event]:
    return desk.venue.handle(c.ResumeInstrument("AAPL", seconds))


def delist(desk: Desk) -> list[e.Event]:
    return desk.venue.handle(c.DelistInstrument("AAPL"))


# Markets and their instruments


def test_a_market_takes_all_its_instruments_along_and_no_others() -> None:
    desk = Desk()
    desk.define("MSFT")
    desk.venue.handle(c.DefineInstrument(aapl(symbol="SAP", market="XETR")))
    assert enter(desk, PRE_OPEN) == [
        e.MarketPhaseEntered("", "MAIN", PRE_OPEN),
        e.PhaseEntered("", "AAPL", PRE_OPEN),
        e.PhaseEntered("", "MSFT", PRE_OPEN),
    ]
    assert desk.venue.phase("SAP") is CONTINUOUS
    assert enter(desk, PRE_OPEN) == [e.MarketPhaseEntered("", "MAIN", PRE_OPEN)]


def test_an_instrument_is_listed_into_its_markets_phase() -> None:
    desk = Desk()
    enter(desk, CLOSED)
    events = desk.venue.handle(c.DefineInstrument(aapl(symbol="MSFT")))
    assert events == [
        e.InstrumentDefined("", "MSFT", True),
        e.PhaseEntered("", "MSFT", CLOSED),
    ]


def test_an_instrument_that_changes_its_market_changes_its_phase() -> None:
    desk = Desk()
    enter(desk, CLOSED, "XETR")
    events = desk.venue.handle(c.DefineInstrument(aapl(market="XETR")))
    assert events == [
        e.InstrumentDefined("", "AAPL", False),
        e.PhaseEntered("", "AAPL", CLOSED),
    ]


def test_a_relisted_instrument_tells_what_it_has_missed() -> None:
    desk = Desk()
    delist(desk)
    assert enter(desk, CLOSING) == [e.MarketPhaseEntered("", "MAIN", CLOSING)]
    events = desk.venue.handle(c.DefineInstrument(aapl()))
    assert events == [
        e.InstrumentDefined("", "AAPL", True),
        e.PhaseEntered("", "AAPL", CLOSING),
    ]
    assert desk.venue.indicative("AAPL") is not None


def test_a_delisted_instrument_holds_no_auction() -> None:
    desk = Desk()
    enter(desk, OPENING)
    desk.new("bid")
    events = delist(desk)
    assert events[0] == e.InstrumentDelisted("", "AAPL") and len(events) == 2
    assert desk.venue.indicative("AAPL") is None
    assert enter(desk, CONTINUOUS) == [e.MarketPhaseEntered("", "MAIN", CONTINUOUS)]
    assert delist(desk) == []


def test_day_orders_of_a_market_with_a_schedule_expire_when_it_closes() -> None:
    desk = Desk()
    desk.venue.handle(c.DefineTradingDay(0))
    desk.venue.handle(c.AdvanceTime(NOON))
    enter(desk, CONTINUOUS)
    desk.new("day")
    desk.new("good", time_in_force=GTC)
    midnight = desk.advance("20260106 00:00")
    assert not any(isinstance(event, e.OrderExpired) for event in midnight)
    enter(desk, POST_CLOSE)
    _, _, expired = enter(desk, CLOSED)
    assert isinstance(expired, e.OrderExpired) and expired.cl_ord_id == "day"
    assert expired.text == "the market has closed"
    enter(desk, None)
    desk.new("day of no schedule")
    expired, *_ = desk.advance("20260107 00:00")
    assert isinstance(expired, e.OrderExpired) and expired.cl_ord_id == "day of no schedule"


def test_a_day_order_does_not_trade_in_a_call_that_outlived_its_day() -> None:
    """The venue was down when the market closed: what lives longer meets at the late close."""
    desk = Desk()
    enter(desk, PRE_OPEN)
    desk.new("day", BUY, 5, 10100)
    desk.new("market", BUY, 5, None, ord_type=OrdType.MARKET)
    desk.new("gtc", BUY, 5, 10050, TimeInForce.GTC)
    desk.new("offer", SELL, 20, 9900, TimeInForce.GTC)
    events = desk.venue.handle(c.EnterPhase("MAIN", CLOSED, late=True))
    told = [event for event in events if isinstance(event, e.OrderEvent)]
    assert [type(event) for event in told[:2]] == [e.OrderExpired] * 2
    assert [event.cl_ord_id for event in told] == ["day", "market", "gtc", "offer"]
    assert desk.order("offer").leaves_qty == 15
    desk.venue.check()


def test_nothing_of_a_call_is_shown_and_all_of_it_after() -> None:
    desk = Desk()
    desk.new("before", BUY, 5, 9900)
    desk.venue.level_changes()
    enter(desk, PRE_OPEN)
    desk.new("bid", BUY, 5, 10000)
    desk.new("offer", SELL, 3, 9950)
    assert desk.venue.level_changes() == []
    for side in (BUY, SELL):
        assert list(desk.venue.levels("AAPL", side)) == list(desk.venue.resting("AAPL", side)) == []
    assert desk.venue.shown(1) is None and desk.venue.indicative("AAPL") is None
    enter(desk, OPENING)
    told = desk.venue.indicative("AAPL")
    assert told is not None and (told.price, told.qty, told.imbalance) == (10000, 3, 2)
    halt(desk)
    assert list(desk.venue.levels("AAPL", BUY)) == []
    enter(desk, CONTINUOUS)
    assert list(desk.venue.levels("AAPL", BUY)) == []
    resume(desk)
    assert list(desk.venue.levels("AAPL", BUY)) == [(10000, 2, 1), (9900, 5, 1)]


# Who may do what


@pytest.mark.parametrize("phase", [CLOSED, POST_CLOSE, HALT])
def test_no_orders_and_no_changes_while_there_is_no_trading(phase: TradingPhase) -> None:
    desk = Desk()
    desk.new("bid", time_in_force=GTC)
    if phase is HALT:
        halt(desk)
    else:
        enter(desk, phase)
    (rejected,) = desk.new("a")
    text = f"Symbol(55) AAPL is in phase {phase.text}"
    assert_rejected(rejected, OrdRejReason.EXCHANGE_CLOSED, text)
    (rejected,) = desk.replace("b", "bid", 4)
    assert_cancel_rejected(rejected, CxlRejReason.OTHER, text)
    assert isinstance(desk.cancel("c", "bid")[0], e.OrderCanceled)


def test_a_delisted_symbol_is_unknown() -> None:
    desk = Desk()
    delist(desk)
    (rejected,) = desk.new("a")
    assert_rejected(rejected, OrdRejReason.UNKNOWN_SYMBOL, "Symbol(55) AAPL is delisted")


@pytest.mark.parametrize("phase", [PRE_OPEN, OPENING, CLOSING])
def test_what_wants_to_trade_at_once_has_no_place_in_a_call(phase: TradingPhase) -> None:
    desk = Desk()
    enter(desk, phase)
    name = phase.text
    for cl_ord_id, asked, text in (
        ("a", {"time_in_force": IOC}, "TimeInForce(59) 3"),
        ("b", {"time_in_force": FOK}, "TimeInForce(59) 4"),
        ("c", {"min_qty": 2}, "MinQty(110)"),
        ("d", {"post_only": PostOnly.REFUSE}, "ExecInst(18) 6"),
    ):
        (rejected,) = desk.new(cl_ord_id, BUY, 5, 10000, **asked)
        text = f"{text}: AAPL is in phase {name}"
        assert_rejected(rejected, OrdRejReason.EXCHANGE_CLOSED, text)
    stop = {"ord_type": STOP, "stop_px": 10100, "min_qty": 2}
    assert isinstance(desk.new("e", BUY, 5, None, **stop)[0], e.OrderAccepted)
    assert desk.waiting() == ["e"]


@pytest.mark.parametrize(
    ("phase", "taken"),
    [(PRE_OPEN, True), (OPENING, True), (CONTINUOUS, False), (CLOSING, False)],
)
def test_orders_for_the_opening_come_before_it(phase: TradingPhase, taken: bool) -> None:
    desk = Desk()
    enter(desk, phase)
    (event,) = desk.new("a", time_in_force=AT_THE_OPENING)
    if taken:
        assert isinstance(event, e.OrderAccepted)
    else:
        text = f"TimeInForce(59) 2: AAPL is in phase {phase.text}"
        assert_rejected(event, OrdRejReason.TOO_LATE_TO_ENTER, text)


def test_a_replaced_order_of_a_call_queues_anew_or_keeps_its_place() -> None:
    desk = Desk()
    enter(desk, OPENING)
    for name in ("a", "b"):
        desk.new(name, BUY, 5, None)
    desk.replace("less", "a", 4, None, ord_type=MARKET)
    desk.replace("more", "less", 6, None, ord_type=MARKET)
    unpriced = desk.venue.markets["AAPL"].unpriced
    assert [order.cl_ord_id for order in unpriced.values()] == ["b", "more"]
    desk.venue.check()
    assert isinstance(desk.mass_cancel("all")[0], e.MassCancelReported)
    assert unpriced == {}


# Halts and interruptions


def test_halting_twice_and_resuming_what_trades_do_nothing() -> None:
    desk = Desk()
    assert resume(desk) == []
    assert halt(desk) == [e.PhaseEntered("", "AAPL", HALT)]
    assert halt(desk) == []
    assert resume(desk) == [e.PhaseEntered("", "AAPL", CONTINUOUS)]


def test_a_halt_outlasts_the_schedule() -> None:
    desk = Desk()
    halt(desk)
    for phase in (CLOSED, OPENING):
        assert enter(desk, phase) == [e.MarketPhaseEntered("", "MAIN", phase)]
    assert desk.venue.phase("AAPL") is HALT
    assert resume(desk, 5) == [e.PhaseEntered("", "AAPL", OPENING)], "that call ends by itself"


def test_an_auction_is_of_the_call_even_if_that_was_halted() -> None:
    desk = Desk()
    enter(desk, CLOSING)
    desk.new("bid")
    desk.new("offer", SELL)
    halt(desk)
    enter(desk, POST_CLOSE)
    held = resume(desk)[0]
    assert held == e.AuctionHeld("", "AAPL", CLOSING, 10000, 5)
    assert desk.venue.statistics("AAPL").close == 10000


def interrupted(seed: int, symbol: str = "AAPL", time: int = NOON, random: int = 30) -> int:
    """Nanoseconds that an interruption of 10 seconds and up to `random` more takes."""
    terms = {"dynamic_collar_percent": "1", "interruption_seconds": 10}
    desk = Desk()
    spec = aapl(**terms, symbol=symbol, interruption_random_seconds=random)
    desk.venue.handle(c.DefineInstrument(spec))
    desk.venue.handle(c.DefineSeed(seed))
    desk.venue.handle(c.AdvanceTime(time))
    desk.new("far", SELL, 5, 10200, symbol=symbol)
    _, entered = desk.new("bid", BUY, 5, 10200, symbol=symbol)
    assert entered == e.PhaseEntered("", symbol, VOLATILITY)
    return desk.venue.deadline - time


def test_interruptions_end_at_random_in_the_time_they_have() -> None:
    lengths = [interrupted(seed) for seed in range(200)]
    assert len(set(lengths)) == 200
    assert 10 * SECOND <= min(lengths) < 12 * SECOND
    assert 38 * SECOND < max(lengths) <= 40 * SECOND
    assert 24 * SECOND < sum(lengths) / 200 < 26 * SECOND


def test_the_end_follows_from_seed_instrument_and_moment() -> None:
    assert interrupted(1) == interrupted(1)
    assert len({interrupted(1), interrupted(1, "MSFT"), interrupted(1, time=NOON + 1)}) == 3
    assert interrupted(1, random=0) == 10 * SECOND


def test_calls_end_in_turn_and_others_go_on() -> None:
    desk = Desk()
    desk.define("MSFT")
    desk.venue.handle(c.AdvanceTime(NOON))
    for symbol, seconds in (("MSFT", 5), ("AAPL", 8)):
        desk.venue.handle(c.HaltInstrument(symbol))
        desk.venue.handle(c.ResumeInstrument(symbol, seconds))
    assert desk.venue.deadline == NOON + 5 * SECOND
    events = desk.venue.handle(c.AdvanceTime(NOON + 6 * SECOND))
    assert [type(event) for event in events] == [e.AuctionHeld, e.PhaseEntered]
    assert events[1] == e.PhaseEntered("", "MSFT", CONTINUOUS)
    assert desk.venue.deadline == NOON + 8 * SECOND
    events = desk.venue.handle(c.AdvanceTime(NOON + 60 * SECOND))
    assert events[1:] == [e.PhaseEntered("", "AAPL", CONTINUOUS)]
