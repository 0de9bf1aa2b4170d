"""What a trading day looks like in numbers: by hand, and against the definitions, moment by moment.

Prices are ticks, quantities lots. The definitions go over every nanosecond, so days are short.
"""

from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from venue.core.statistics import Statistics, StatisticsImage
from venue.core.types import TradingPhase

decode = msgspec.msgpack.Decoder(StatisticsImage).decode
CLOSING, OPENING = TradingPhase.CLOSING_AUCTION, TradingPhase.OPENING_AUCTION


def traded(statistics: Statistics, time: int, *matches: tuple[int, int]) -> None:
    """One aggressor's (price, quantity)s."""
    for price, qty in matches:
        statistics.trade(time, price, qty)


def values(statistics: Statistics, now: int) -> dict[str, Any]:
    names = (
        *("began", "open", "high", "low", "last", "close"),
        *("trades", "volume", "turnover", "auction_volume", "vwap"),
    )
    told = {name: getattr(statistics, name) for name in names}
    return told | {"twap": statistics.twap(now), "spread": statistics.spread(now)}


def copied(statistics: Statistics) -> Statistics:
    return Statistics.of(decode(msgspec.msgpack.encode(statistics.image())))


# By hand


def test_before_anything() -> None:
    nothing = dict.fromkeys(("open", "high", "low", "last", "close", "vwap", "twap", "spread"))
    counts = dict.fromkeys(("began", "trades", "volume", "turnover", "auction_volume"), 0)
    assert values(Statistics(), 7) == nothing | counts


def test_a_day() -> None:
    day = Statistics()
    day.begin_day(1000)
    day.quote(1000, 4)  # 4 wide for 10
    day.quote(1010, 2)  # 2 wide for 30
    traded(day, 1020, (101, 3), (102, 1))
    day.quote(1040, None)  # none for 10
    traded(day, 1040, (99, 2))  # 102 for 20
    day.quote(1050, 1)  # 1 wide for 10
    traded(day, 1055, (100, 4))  # 99 for 15
    assert values(day, 1060) == {
        "began": 1000,
        "open": 101,
        "high": 102,
        "low": 99,
        "last": 100,  # for 5
        "close": None,
        "trades": 4,
        "volume": 10,
        "turnover": 303 + 102 + 198 + 400,
        "auction_volume": 0,
        "vwap": Fraction(1003, 10),
        "twap": Fraction(102 * 20 + 99 * 15 + 100 * 5, 40),
        "spread": Fraction(4 * 10 + 2 * 30 + 1 * 10, 50),
    }


def test_many_matches_at_one_price() -> None:
    day = Statistics()
    day.trade(1, 50, 70, 3)
    day.trade(1, 52, 5)
    assert (day.open, day.last, day.high, day.low) == (50, 52, 52, 50)
    assert (day.trades, day.volume, day.turnover) == (4, 75, 50 * 70 + 52 * 5)


def test_as_long_as_no_time_has_passed_the_present_counts() -> None:
    day = Statistics()
    day.quote(5, 3)
    traded(day, 5, (10, 1), (12, 1))
    assert (day.twap(5), day.spread(5)) == (12, 3)
    traded(day, 5, (13, 1))
    day.quote(5, 1)
    assert (day.twap(5), day.spread(5)) == (13, 1)
    assert (day.twap(6), day.spread(6)) == (13, 1)


def test_reading_changes_nothing() -> None:
    day = Statistics((60,))
    traded(day, 10**9, (10, 1))
    day.quote(10**9, 1)
    before = day.image()
    for now in (2 * 10**9, 90 * 10**9):
        values(day, now)
        day.volatility(60, now)
    assert day.image() == before


def test_the_closing_auction_makes_the_close() -> None:
    day = Statistics()
    traded(day, 1, (100, 5))
    traded(day, 2, (103, 7))
    day.auction(CLOSING, 103, 7)
    assert (day.close, day.auction_volume, day.volume) == (103, 7, 12)
    traded(day, 3, (104, 1))
    day.end_trading(4)
    day.begin_day(5)
    assert (day.close, day.last, day.auction_volume) == (103, 104, 0)


@pytest.mark.parametrize("end", ["end_trading", "begin_day"])
def test_without_a_closing_auction_the_last_trade_makes_the_close(end: str) -> None:
    day = Statistics()
    traded(day, 1, (100, 5))
    day.auction(OPENING, 100, 5)
    day.auction(CLOSING, None, 0)
    traded(day, 2, (104, 1))
    assert day.close is None
    getattr(day, end)(3)
    assert day.close == 104


def test_the_close_stays_over_a_day_without_a_trade() -> None:
    day = Statistics()
    traded(day, 1, (100, 5))
    day.begin_day(2)
    day.begin_day(3)
    day.end_trading(4)
    assert day.close == 100
    traded(day, 5, (90, 1))
    assert day.close == 100
    day.end_trading(6)
    assert day.close == 90


def test_a_new_day_has_the_quotes_and_the_last_price_of_the_old_one() -> None:
    day = Statistics()
    day.quote(10, 2)
    traded(day, 20, (100, 5))
    day.begin_day(30)
    empty = dict.fromkeys(("open", "high", "low", "vwap", "twap"))
    empty |= dict.fromkeys(("trades", "volume", "turnover", "auction_volume"), 0)
    assert values(day, 40) == {"began": 30, "last": 100, "close": 100, "spread": 2} | empty
    day.quote(40, 6)
    traded(day, 45, (98, 1))
    assert (day.spread(50), day.twap(50)) == (Fraction(2 * 10 + 6 * 10, 20), 98)
    assert (day.open, day.high, day.low, day.vwap) == (98, 98, 98, 98)


def test_the_time_between_the_end_of_trading_and_the_next_trade_is_no_price_s() -> None:
    day = Statistics()
    traded(day, 10, (100, 1))
    day.end_trading(30)
    assert day.twap(1000) == 100
    traded(day, 1000, (200, 1))
    assert day.twap(1010) == Fraction(100 * 20 + 200 * 10, 30)
    day.end_trading(1010)
    day.end_trading(1020)
    assert day.twap(9999) == Fraction(100 * 20 + 200 * 10, 30)


def test_sums_beyond_64_bits_survive() -> None:
    day = Statistics()
    day.quote(0, 9007199254740991)
    traded(day, 0, (2**53, 2**53))
    traded(day, 86_400 * 10**9, (2**53, 2**53))
    again = copied(day)
    assert again.turnover == 2**107
    assert values(again, 2**60) == values(day, 2**60)


# Against the definitions


class Traded(Struct):
    matches: list[tuple[int, int]]


class Auctioned(Struct):
    phase: TradingPhase
    price: int
    qty: int


class Quoted(Struct):
    bid: int | None
    offer: int | None


class EndedTrading(Struct):
    pass


class BegunDay(Struct):
    pass


PRICES = st.integers(1, 12)
QTYS = st.integers(1, 5)
MATCHES = st.lists(st.tuples(PRICES, QTYS), min_size=1, max_size=4)
PHASES = st.sampled_from([CLOSING, OPENING])
HAPPENED = st.one_of(
    st.builds(Traded, MATCHES),
    st.builds(Traded, MATCHES),
    st.builds(Quoted, st.none() | st.integers(1, 6), st.none() | st.integers(7, 12)),
    st.builds(Auctioned, PHASES, st.sampled_from([0, 5, 8]), QTYS),
    st.builds(EndedTrading),
    st.builds(BegunDay),
)
DAYS = st.lists(st.tuples(st.integers(0, 4), HAPPENED), max_size=25)
Told = list[tuple[int, Any]]
"""What happened, and when."""


def tell(statistics: Statistics, time: int, happened: object) -> None:
    match happened:
        case Traded(matches):
            traded(statistics, time, *matches)
        case Quoted(bid, offer):
            statistics.quote(time, None if bid is None or offer is None else offer - bid)
        case Auctioned(phase, price, qty):
            if price:
                traded(statistics, time, (price, qty))
            statistics.auction(phase, price or None, qty if price else 0)
        case EndedTrading():
            statistics.end_trading(time)
        case BegunDay():
            statistics.begin_day(time)


def matches_of(happened: object) -> list[tuple[int, int]]:
    match happened:
        case Traded(matches):
            return matches
        case Auctioned(_, price, qty) if price:
            return [(price, qty)]
    return []


def definition(told: Told, now: int) -> dict[str, Any]:
    """What the statistics are to be, from the raw list and nothing else."""
    starts = [at for at, (_, happened) in enumerate(told) if isinstance(happened, BegunDay)]
    begun = starts[-1] if starts else -1
    today = told[begun + 1 :]
    began = told[begun][0] if starts else 0
    matches = [match for _, happened in today for match in matches_of(happened)]
    prices = [price for price, _ in matches]
    volume = sum(qty for _, qty in matches)
    turnover = sum(price * qty for price, qty in matches)
    auctions = [happened for _, happened in today if isinstance(happened, Auctioned)]
    every = [price for _, happened in told for price, _ in matches_of(happened)]
    return {
        "began": began,
        "open": prices[0] if prices else None,
        "high": max(prices, default=None),
        "low": min(prices, default=None),
        "last": every[-1] if every else None,
        "close": close(told),
        "trades": len(matches),
        "volume": volume,
        "turnover": turnover,
        "auction_volume": sum(each.qty for each in auctions if each.price),
        "vwap": Fraction(turnover, volume) if volume else None,
        "twap": mean(
            [price_at(today, moment) for moment in range(began, now)], price_at(today, now), today
        ),
        "spread": mean([spread_at(told, moment) for moment in range(began, now)], None, [])
        if any(spread_at(told, moment) is not None for moment in range(began, now))
        else spread_at(told, now),
    }


def close(told: Told) -> int | None:
    """The last of all closes that were made."""
    made: list[int | None] = [None]
    auction = trade = None
    for _, happened in told:
        if matches := matches_of(happened):
            trade = matches[-1][0]
        if isinstance(happened, Auctioned) and happened.phase is CLOSING and happened.price:
            auction = happened.price
            made.append(auction)
        if isinstance(happened, EndedTrading | BegunDay) and trade and not auction:
            made.append(trade)
        if isinstance(happened, BegunDay):
            auction = trade = None
    return made[-1]


def price_at(today: Told, moment: int) -> int | None:
    """The price at a moment; none before a trade, nor since the end of trading."""
    price = None
    for time, happened in today:
        if time <= moment:
            if matches := matches_of(happened):
                price = matches[-1][0]
            elif isinstance(happened, EndedTrading):
                price = None
    return price


def spread_at(told: Told, moment: int) -> int | None:
    quotes = [each for time, each in told if isinstance(each, Quoted) and time <= moment]
    if not quotes or quotes[-1].bid is None or quotes[-1].offer is None:
        return None
    return int(quotes[-1].offer - quotes[-1].bid)


def mean(each: list[int | None], present: int | None, today: Told) -> Fraction | int | None:
    """The mean over the moments that have one; where none has, what there is at present, or was
    last in the day.
    """
    some = [value for value in each if value is not None]
    if some:
        return Fraction(sum(some), len(some))
    prices = [price for _, happened in today for price, _ in matches_of(happened)]
    return present if present is not None or not prices else prices[-1]


@given(DAYS, st.integers(0, 5))
def test_every_number_is_what_its_definition_says(day: list[tuple[int, Any]], later: int) -> None:
    statistics = Statistics()
    told: Told = []
    time = 0
    for elapsed, happened in day:
        time += elapsed
        tell(statistics, time, happened)
        told.append((time, happened))
        assert values(statistics, time) == definition(told, time)
    assert values(statistics, time + later) == definition(told, time + later)


@given(DAYS, DAYS, st.sampled_from([(), (60,), (60, 120)]))
@settings(max_examples=200)
def test_a_copy_has_the_same_future(
    past: list[tuple[int, Any]], future: list[tuple[int, Any]], windows: tuple[int, ...]
) -> None:
    """A unit of time is a third of a second here, so that moments of the grid pass."""
    unit = 333_333_333
    statistics, time = Statistics(windows), 0
    for elapsed, happened in past:
        time += elapsed * unit
        tell(statistics, time, happened)
    copy = copied(statistics)
    assert copy.image() == statistics.image()
    for elapsed, happened in future:
        time += elapsed * unit
        for each in (statistics, copy):
            tell(each, time, happened)
        assert copy.image() == statistics.image()
        assert values(copy, time) == values(statistics, time)
        for window in windows:
            assert copy.volatility(window, time) == statistics.volatility(window, time)
