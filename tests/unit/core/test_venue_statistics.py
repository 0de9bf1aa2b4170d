"""The statistics of a venue see every trade and quote, whoever causes it, and are its state."""

from fractions import Fraction

import pytest

from tests.unit.core.desk import AT_THE_CLOSE, BUY, FOK, GTC, MARKET, SELL, STOP, Desk, at
from tests.unit.core.test_image import beside
from venue.core import commands as c
from venue.core.statistics import Statistics
from venue.core.types import TradingPhase

MINUTE = 60 * 10**9
CLOSED, POST_CLOSE = TradingPhase.CLOSED, TradingPhase.POST_CLOSE
PRE_OPEN, OPENING = TradingPhase.PRE_OPEN, TradingPhase.OPENING_AUCTION
CONTINUOUS, CLOSING = TradingPhase.CONTINUOUS, TradingPhase.CLOSING_AUCTION


@pytest.fixture
def desk() -> Desk:
    """Monday noon."""
    desk = Desk()
    desk.advance("20260105 12:00")
    return desk


def told(desk: Desk) -> Statistics:
    return desk.venue.statistics("AAPL")


def now(desk: Desk) -> int:
    return desk.venue.time


def enter(desk: Desk, phase: TradingPhase, time: str) -> None:
    desk.advance(time)
    desk.venue.handle(c.EnterPhase("MAIN", phase))


def test_an_aggressor_through_the_book(desk: Desk) -> None:
    desk.new("a", SELL, 3, 10001)
    desk.new("b", SELL, 2, 10003)
    desk.new("c", SELL, 5, 10002)
    desk.new("d", BUY, 9, 10003, session="TRADER2")
    day = told(desk)
    assert (day.open, day.high, day.low, day.last) == (10001, 10003, 10001, 10003)
    assert (day.trades, day.volume) == (3, 9)
    assert day.turnover == 3 * 10001 + 5 * 10002 + 10003
    desk.new("e", BUY, 4, 9998)
    desk.new("f", BUY, 4, 9999)
    desk.new("g", SELL, 8, 9998, session="TRADER2")
    assert (day.open, day.high, day.low, day.last) == (10001, 10003, 9998, 9998)
    assert (day.trades, day.volume) == (5, 17)


def test_the_slices_of_an_iceberg_are_trades_of_their_own(desk: Desk) -> None:
    desk.new("a", SELL, 9, 10000, display_qty=2, refresh_qty=2)
    desk.new("b", BUY, 7, 10000, session="TRADER2")
    assert (told(desk).trades, told(desk).volume) == (4, 7)


def test_orders_that_were_triggered_and_replaced_trade_too(desk: Desk) -> None:
    desk.new("a", SELL, 2, 10000)
    desk.new("b", SELL, 3, 10005)
    desk.new("stop", BUY, 3, None, GTC, ord_type=STOP, stop_px=10000, session="TRADER2")
    desk.new("c", BUY, 2, 10000, session="TRADER3")
    assert (told(desk).volume, told(desk).last) == (5, 10005)
    desk.new("d", BUY, 4, 9990, session="TRADER2")
    desk.new("e", SELL, 4, 10010)
    desk.replace("f", "e", 4, 9990, side=SELL)
    assert (told(desk).volume, told(desk).last) == (9, 9990)


def test_what_does_not_trade_does_not_count(desk: Desk) -> None:
    own = {"self_match_prevention_id": "x"}
    desk.new("a", SELL, 2, 10000, **own)
    desk.new("b", BUY, 2, 10000, **own)
    desk.new("c", SELL, 2, 10001)
    desk.new("d", BUY, 5, 10001, FOK, session="TRADER2")
    assert (told(desk).trades, told(desk).last) == (0, None)


def test_a_book_that_changes_is_a_quote_of_the_whole_batch(desk: Desk) -> None:
    """Nobody need end a batch: the next one's time does, or whoever looks at the state."""
    desk.new("a", BUY, 1, 9990)
    desk.new("b", SELL, 1, 10010)
    desk.advance("20260105 12:01")
    desk.new("c", BUY, 1, 10000)
    desk.cancel("d", "c")
    desk.new("e", BUY, 1, 10005)
    desk.advance("20260105 12:04")
    desk.cancel("f", "b", side=SELL)
    desk.advance("20260105 12:09")
    desk.new("g", SELL, 1, 10006)
    copy = beside(desk)
    desk.advance("20260105 12:10")
    copy.advance("20260105 12:10")
    expected = Fraction(20 * 1 + 5 * 3 + 1 * 1, 5)
    assert told(desk).spread(now(desk)) == told(copy).spread(now(copy)) == expected


@pytest.mark.parametrize("how", ["level_changes", "forget_level_changes", "state_hash", "check"])
def test_batches_that_are_ended_have_the_same_statistics(desk: Desk, how: str) -> None:
    other = Desk()
    other.advance("20260105 12:00")
    for each in (desk, other):
        for minute in range(1, 30):
            each.advance(f"20260105 12:{minute:02}")
            each.new(f"b{minute}", BUY, 1, 9990 + minute)
            each.new(f"s{minute}", SELL, 1, 10018 - minute, session="TRADER2")
            if each is other:
                getattr(each.venue, how)()
    assert told(desk).volume and desk.venue.state_hash() == other.venue.state_hash()


def test_the_end_of_a_batch_is_not_state(desk: Desk) -> None:
    desk.new("a", BUY, 1, 9990)
    desk.new("b", SELL, 1, 10010)
    before = desk.venue.state_hash()
    desk.venue.forget_level_changes()
    assert desk.venue.state_hash() == before


def test_no_quote_counts_while_trading_is_not_open(desk: Desk) -> None:
    desk.new("a", BUY, 1, 9990)
    desk.new("b", SELL, 1, 10010)
    desk.advance("20260105 12:02")
    desk.venue.handle(c.HaltInstrument("AAPL"))
    desk.advance("20260105 12:05")
    desk.venue.handle(c.ResumeInstrument("AAPL", 60))
    desk.new("c", BUY, 1, 10000)
    desk.advance("20260105 12:07")
    desk.advance("20260105 12:08")
    expected = Fraction(20 * 2 + 10 * 2, 4)
    assert told(desk).spread(now(desk)) == expected


def test_a_day_of_a_market_with_a_schedule(desk: Desk) -> None:
    enter(desk, CLOSED, "20260105 12:00")
    enter(desk, PRE_OPEN, "20260105 13:00")
    assert told(desk).began == at("20260105 13:00")
    desk.new("a", BUY, 5, 10000, GTC)
    desk.new("b", SELL, 3, 9990, session="TRADER2")
    enter(desk, OPENING, "20260105 13:10")
    enter(desk, CONTINUOUS, "20260105 13:20")
    day = told(desk)
    assert (day.open, day.volume, day.auction_volume, day.close) == (day.last, 3, 3, None)
    opening = day.open
    desk.advance("20260105 13:30")
    desk.new("c", SELL, 1, 10000, session="TRADER2")
    enter(desk, CLOSING, "20260105 13:40")
    desk.new("d", SELL, 1, 10000, AT_THE_CLOSE, session="TRADER2")
    enter(desk, POST_CLOSE, "20260105 13:50")
    assert (day.close, day.volume, day.auction_volume) == (10000, 5, 4)
    assert opening is not None
    expected = Fraction(opening * 10 + 10000 * 20, 30)
    assert day.twap(now(desk)) == expected
    enter(desk, CLOSED, "20260105 14:00")
    desk.advance("20260106 00:00")
    assert (day.volume, day.twap(now(desk))) == (5, expected)
    enter(desk, PRE_OPEN, "20260106 09:00")
    assert (day.volume, day.close, day.began) == (0, 10000, at("20260106 09:00"))


def test_a_market_that_closes_without_an_auction(desk: Desk) -> None:
    desk.trade(10001, 10003)
    enter(desk, POST_CLOSE, "20260105 13:00")
    assert (told(desk).close, told(desk).volume) == (10003, 2)
    enter(desk, PRE_OPEN, "20260105 14:00")
    assert (told(desk).close, told(desk).volume) == (10003, 0)


def test_a_market_that_never_closes_begins_its_day_with_the_venue(desk: Desk) -> None:
    desk.venue.handle(c.DefineTradingDay(17 * 60 * MINUTE))
    desk.trade(10001, 10003)
    desk.advance("20260105 16:59")
    assert (told(desk).volume, told(desk).close) == (2, None)
    desk.advance("20260105 17:00")
    day = told(desk)
    assert (day.volume, day.open, day.close, day.last) == (0, None, 10003, 10003)
    assert day.began == at("20260105 17:00")


def test_an_interruption_is_an_auction_like_others() -> None:
    desk = Desk(dynamic_collar_percent="1", interruption_seconds=60)
    desk.advance("20260105 12:00")
    desk.trade(10000)
    desk.new("a", SELL, 4, 10200)
    desk.new("b", BUY, 4, 10200, session="TRADER2")
    assert (told(desk).volume, desk.venue.phase("AAPL")) == (1, TradingPhase.VOLATILITY_AUCTION)
    desk.advance("20260105 12:01")
    day = told(desk)
    assert (day.volume, day.auction_volume, day.high, day.close) == (5, 4, 10200, None)


def test_windows_are_a_command_and_state(desk: Desk) -> None:
    before = desk.venue.state_hash()
    assert desk.venue.handle(c.DefineStatistics((60, 300))) == []
    assert told(desk).windows == (60, 300) and desk.venue.trading.windows == (60, 300)
    desk.define("MSFT")
    assert desk.venue.statistics("MSFT").windows == (60, 300)
    assert desk.venue.state_hash() != before
    other = beside(desk)
    other.define("TSLA")
    assert other.venue.statistics("TSLA").windows == (60, 300)
    for each in (desk, other):
        each.advance("20260105 12:01")
        each.trade(10000)
        each.advance("20260105 12:02")
        each.trade(10100)
    assert told(desk).volatility(60, now(desk)) == told(other).volatility(60, now(other))
    assert told(desk).volatility(60, now(desk))


@pytest.mark.parametrize(
    "happens",
    [
        lambda desk: desk.new("b", SELL, 1, 9990, session="TRADER2"),
        lambda desk: desk.new("b", SELL, 1, 10010),
        lambda desk: desk.venue.handle(c.EnterPhase("MAIN", PRE_OPEN)),
    ],
    ids=["trade", "quote", "phase"],
)
def test_a_copy_goes_on_alike(desk: Desk, happens: object) -> None:
    desk.new("a", BUY, 1, 9990)
    desk.trade(10000)
    desk.advance("20260105 12:03")
    copy = beside(desk)
    assert callable(happens)
    for each in (desk, copy):
        happens(each)
        each.advance("20260105 12:17")
        each.venue.handle(c.EnterPhase("MAIN", CONTINUOUS))
        each.new("z", BUY, 1, None, ord_type=MARKET)
    assert told(copy).image() == told(desk).image()
    assert copy.venue.state_hash() == desk.venue.state_hash()
