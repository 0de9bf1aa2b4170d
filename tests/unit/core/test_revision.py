"""Statistics of which trades are busted or corrected later are those of days in which they had
always been so.
"""

from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.test_book import order
from venue.core.revision import History, Past
from venue.core.statistics import Statistics
from venue.core.trades import Trade, TradeSide
from venue.core.types import Liquidity, TradingPhase

SECOND = 1_000_000_000
WINDOWS = (60, 120)
FIGURES = (
    *("open", "high", "low", "last", "trades", "volume", "turnover", "auction_volume", "vwap"),
    *("began", "close"),
)


class Told(NamedTuple):
    """What happened at a time: a trade, or an auction, in `matches` (id, price, quantity); the end
    of trading, or the beginning of a day.
    """

    time: int
    what: str
    matches: tuple[tuple[int, int, int], ...] = ()


PRICES = st.integers(1, 6)
MATCHES = st.tuples(PRICES, st.integers(1, 4))
STEPS = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 1, 2, 3, 60, 200]),
        st.one_of(
            st.tuples(st.just("trade"), MATCHES),
            st.tuples(st.just("trade"), MATCHES),
            st.tuples(st.sampled_from(["opening", "closing"]), PRICES, st.integers(1, 3)),
            st.tuples(st.sampled_from(["end", "day"])),
            st.tuples(st.just("change"), st.integers(0, 4), st.none() | MATCHES),
            st.tuples(st.just("change"), st.integers(0, 4), st.none() | MATCHES),
        ),
    ),
    max_size=20,
)


class Record:
    """Statistics, of which no more than `limit` trades are remembered, and all that was told."""

    def __init__(self, limit: int) -> None:
        self.statistics = Statistics(WINDOWS)
        self.limit = limit
        self.remembered: dict[int, Trade] = {}
        self.told: list[Told] = []
        self.trade_id = 0
        self.ended = False
        self.closes_as_told = True

    def tell(self, time: int, what: str, *more: Any) -> None:
        if what == "change":
            self.change(time, *more)
            return
        if what == "day" or (self.ended and what != "end"):
            self.add(Told(time, "day"))
        if what == "trade":
            self.trade_id += 1
            self.add(Told(time, what, ((self.trade_id, *more[0]),)))
        elif what in ("opening", "closing"):
            price, count = more
            first, self.trade_id = self.trade_id + 1, self.trade_id + count
            self.add(Told(time, what, tuple((first + n, price, n + 1) for n in range(count))))
        elif what == "end":
            self.add(Told(time, what))
        self.ended = what == "end"

    def add(self, told: Told) -> None:
        self.told.append(told)
        feed(self.statistics, told, self.trade_id)
        liquidity = Liquidity.AUCTION if told.what != "trade" else Liquidity.REMOVED
        for trade_id, price, qty in told.matches:
            sides = [TradeSide(order(), 0, "", liquidity, None, 0, ()) for _ in range(2)]
            self.remembered[trade_id] = Trade(trade_id, "AAPL", told.time, qty, price, *sides)
        while len(self.remembered) > self.limit:
            trade = self.remembered.pop(next(iter(self.remembered)))
            self.statistics.past.add(trade, self.statistics)

    def change(self, time: int, nth: int, match: tuple[int, int] | None) -> None:
        trade = self.remembered.get(self.trade_id - nth)
        if trade is None or not trade.qty:
            return
        old_qty, old_price = trade.qty, trade.price
        trade.price, trade.qty = match or (old_price, 0)
        known = self.remembered, self.trade_id, self.statistics.past
        revision = History("AAPL", *known).revision(trade, old_qty, old_price, self.statistics)
        self.statistics.revise(revision, time)
        changed = ((trade.trade_id, trade.price, trade.qty),) if trade.qty else ()
        for place, told in enumerate(self.told):
            ids = [trade_id for trade_id, _, _ in told.matches]
            if trade.trade_id in ids:
                at = ids.index(trade.trade_id)
                matches = told.matches[:at] + changed + told.matches[at + 1 :]
                self.told[place] = told._replace(matches=matches)
                days = [each for each in self.told[place:] if each.what == "day"]
                self.closes_as_told = self.closes_as_told and not days


def feed(statistics: Statistics, told: Told, last_id: int) -> None:
    for _, price, qty in told.matches:
        statistics.trade(told.time, price, qty)
    if told.what in ("opening", "closing") and told.matches:
        phase = TradingPhase[f"{told.what.upper()}_AUCTION"]
        (first_id, *_), (final_id, price, _) = told.matches[0], told.matches[-1]
        total = sum(qty for _, _, qty in told.matches)
        statistics.auction(phase, price, total, first_id, final_id)
    elif told.what == "end":
        statistics.end_trading(told.time, last_id)
    elif told.what == "day":
        statistics.begin_day(told.time, last_id)


@given(steps=STEPS, limit=st.sampled_from([1, 2, 4, 100]))
def test_as_if_it_had_always_been_so(steps: list[tuple[int, Any]], limit: int) -> None:
    record, time = Record(limit), SECOND
    for wait, step in steps:
        time += wait * SECOND // 2
        record.tell(time, *step)
        statistics, twin = record.statistics, Statistics(WINDOWS)
        for told in record.told:
            feed(twin, told, 0)
        for name in FIGURES:
            if name != "close" or record.closes_as_told:
                assert getattr(statistics, name) == getattr(twin, name), name
        for now in (time, time + 7 * SECOND):
            assert statistics.twap(now) == twin.twap(now)
            for window in WINDOWS:
                assert statistics.volatility(window, now) == twin.volatility(window, now)


def test_reading_and_an_image_lose_nothing() -> None:
    record = Record(1)
    for time, price in enumerate((5, 9, 3, 4), 1):
        record.tell(time * SECOND, "trade", (price, 1))
    image = record.statistics.image()
    assert Statistics.of(image).image() == image
    assert image.past == Past(trade_id=3, price=3, qty=1, high=9, low=3)
    record.statistics = Statistics.of(image)
    record.change(5 * SECOND, 0, None)
    found = record.statistics
    assert (found.high, found.low, found.last) == (9, 3, 3)
    assert image.past.trade_id == 3


def test_the_open_is_that_of_the_first_trade_that_is_left() -> None:
    record = Record(100)
    for price in (5, 6, 5):
        record.tell(SECOND, "trade", (price, 1))
    record.change(SECOND, 2, None)
    assert (record.statistics.open, record.statistics.high, record.statistics.low) == (6, 6, 5)


def test_no_auction_but_the_closing_one_closes_a_day() -> None:
    record = Record(100)
    record.tell(SECOND, "opening", 5, 1)
    record.tell(SECOND, "trade", (4, 1))
    record.tell(SECOND, "closing", 6, 2)
    record.change(SECOND, 0, None)
    assert record.statistics.close == 6
    record.change(SECOND, 1, None)
    assert record.statistics.close is None
    record.tell(SECOND, "end")
    assert record.statistics.close == 4


def test_what_closed_an_earlier_day_stays() -> None:
    record = Record(100)
    for price in (4, 5):
        record.tell(SECOND, "trade", (price, 1))
    record.tell(SECOND, "end")
    record.tell(2 * SECOND, "trade", (6, 1))
    record.tell(2 * SECOND, "end")
    assert record.statistics.close == 6
    record.change(3 * SECOND, 1, None)
    record.change(3 * SECOND, 0, None)
    assert (record.statistics.close, record.statistics.last) == (5, 4)


def test_the_mean_by_time_ends_with_trading() -> None:
    record = Record(100)
    record.tell(SECOND, "trade", (5, 1))
    record.tell(3 * SECOND, "trade", (7, 1))
    record.tell(5 * SECOND, "end")
    record.change(6 * SECOND, 0, None)
    assert record.statistics.twap(9 * SECOND) == 5


def test_volatility_moves_where_the_price_does() -> None:
    """At each moment of the grid, which is a second, from that of the trade on."""
    record, twin = Record(100), Statistics((60,))
    for time, price in ((1, 5), (3, 8), (6, 5)):
        record.tell(time * SECOND, "trade", (price, 1))
    for time, price in ((1, 5), (3, 6), (6, 5)):
        twin.trade(time * SECOND, price, 1)
    record.change(7 * SECOND, 1, (6, 1))
    found = record.statistics.volatility
    assert found(60, 7 * SECOND) == twin.volatility(60, 7 * SECOND)
    record.change(7 * SECOND, 2, None)
    twin = Statistics((60,))
    for time, price in ((3, 6), (6, 5)):
        twin.trade(time * SECOND, price, 1)
    for now in range(6, 70, 9):
        assert found(60, now * SECOND) == twin.volatility(60, now * SECOND)


def test_of_two_closing_auctions_the_last_that_is_left_with_a_trade_closes() -> None:
    """Also where nothing but its price is remembered."""
    for limit in (1, 3, 100):
        record = Record(limit)
        for what, price in (("closing", 5), ("opening", 7), ("closing", 6)):
            record.tell(SECOND, what, price, 1)
        record.change(SECOND, 0, None)
        assert record.statistics.close == 5


def test_a_busted_trade_leaves_nothing_when_it_is_forgotten() -> None:
    record = Record(2)
    for price in (5, 9):
        record.tell(SECOND, "trade", (price, 1))
    record.change(SECOND, 0, None)
    for price in (6, 7):
        record.tell(SECOND, "trade", (price, 1))
    record.change(SECOND, 0, None)
    record.change(SECOND, 1, None)
    assert (record.statistics.last, record.statistics.high) == (5, 5)
