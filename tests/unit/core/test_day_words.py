"""A trading day in words."""

from tests.unit.core.desk import aapl
from venue.core.day_words import day_words
from venue.core.instrument import Instrument
from venue.core.statistics import Statistics
from venue.core.types import TradingPhase

SECOND = 1_000_000_000
NOTHING = {"trades": "0", "volume": "0", "auction_volume": "0", "turnover": "0"}


def test_what_there_is_none_of_is_left_out() -> None:
    instrument = Instrument(aapl())
    assert day_words(instrument, Statistics((60,)), SECOND) == NOTHING


def test_a_day_and_the_one_before() -> None:
    instrument = Instrument(aapl())
    day = Statistics()
    day.begin_day(0)
    day.trade(1 * SECOND, 10_000, 3)
    day.begin_day(2 * SECOND)
    day.quote(2 * SECOND, 3)
    day.trade(3 * SECOND, 10_100, 1)
    day.trade(5 * SECOND, 10_000, 2)
    day.auction(TradingPhase.CLOSING_AUCTION, 10_050, 4)
    assert day_words(instrument, day, 9 * SECOND) == {
        "trades": "2",
        "volume": "3",
        "auction_volume": "4",
        "turnover": "301",
        "open": "101",
        "high": "101",
        "low": "100",
        "last": "100",
        "close": "100.5",
        "prior_close": "100",
        "vwap": "100.33333333",
        "twap": "100.33333333",
        "spread": "0.03",
    }


def test_volatility_by_window() -> None:
    instrument = Instrument(aapl())
    day = Statistics((60,))
    for second in range(1, 70):
        day.trade(second * SECOND, 10_000 + second % 2, 1)
    words = day_words(instrument, day, 70 * SECOND)
    volatility = day.volatility(60, 70 * SECOND)
    assert volatility and words["volatility_60"] == f"{volatility:.12g}"
