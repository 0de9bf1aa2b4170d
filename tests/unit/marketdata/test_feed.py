"""The state machine follows whole books; here is what each subscriber is sent, and when."""

from collections.abc import Container
from typing import Any

import pytest

from tests.unit.core.test_book import order
from tests.unit.marketdata.books import BUY, SELL, Books, Day, Outlook
from venue.core.events import (
    AuctionHeld,
    DayEnded,
    Event,
    InstrumentDefined,
    InstrumentDelisted,
    LevelChanged,
    MarketPhaseEntered,
    OrderAccepted,
    OrderFilled,
    PhaseEntered,
    TradeChanged,
)
from venue.core.reports import state
from venue.core.types import Liquidity, Side, TradingPhase
from venue.marketdata.entries import (
    BookUpdate,
    FigureUpdate,
    MDUpdateAction,
    Publication,
    TradeEntry,
)
from venue.marketdata.feed import MAX_OF_A_SYMBOL, MAX_SUBSCRIPTIONS, NEVER, Feed
from venue.marketdata.requests import MDEntryType, MDReqRejReason, Subscribe

NOW = 1000
CALL = TradingPhase.OPENING_AUCTION


def subscription(md_req_id: str = "R", **changes: Any) -> Subscribe:
    fields = {
        "symbols": ("A",),
        "depth": None,
        "entry_types": frozenset("012"),
        "updates": True,
        "full_refresh": False,
    }
    return Subscribe(md_req_id, **fields | changes)


def fill(
    trade_id: int,
    last_px: int = 101,
    last_qty: int = 2,
    liquidity: Liquidity = Liquidity.REMOVED,
    side: Side = BUY,
    symbol: str = "A",
) -> OrderFilled:
    """One side of a trade in A, by default the aggressor's."""
    aggressor = order(side, last_px, last_qty)
    aggressor.symbol = symbol
    told = state(aggressor, 1, "TRADER1", "X")
    return OrderFilled(*told, trade_id, last_qty, last_px, liquidity)


def accepted(order_id: int, symbol: str = "A") -> OrderAccepted:
    entered = order(order_id=order_id)
    entered.symbol = symbol
    return OrderAccepted(*state(entered, 1, "TRADER1", "X"))


def trade(price: int, qty: int, trade_id: int, time: int = NOW) -> TradeEntry:
    return TradeEntry(price, qty, trade_id, BUY, time)


class Market:
    """A feed over books with one bid and one offer."""

    def __init__(self) -> None:
        self.books = Books()
        self.books.set(BUY, 99, 5)
        self.books.set(SELL, 101, 3)
        self.books.set(BUY, 9, 1, "B")
        self.feed = Feed(self.books)

    def join(self, session: str = "MD1", **changes: Any) -> None:
        assert self.feed.subscribe(session, subscription(**changes)) is None
        self.publish()

    def publish(
        self,
        *changes: LevelChanged,
        events: tuple[Event, ...] = (),
        now: int = NOW,
        behind: Container[str] = (),
    ) -> list[Publication]:
        """What is sent for a batch."""
        self.feed.note(changes, events, now)
        return self.feed.publish(now, behind)


@pytest.fixture
def market() -> Market:
    return Market()


def levels(publication: Publication) -> list[tuple[str, int, int]]:
    updates = [entry for entry in publication.entries if isinstance(entry, BookUpdate)]
    return [(update.side.name, update.price, update.qty) for update in updates]


def trades(publication: Publication) -> list[TradeEntry]:
    return [entry for entry in publication.entries if isinstance(entry, TradeEntry)]


def test_a_snapshot_comes_first(market: Market) -> None:
    market.feed.subscribe("MD1", subscription(symbols=("A", "B")))
    first, second = market.publish(market.books.set(BUY, 100, 1))
    assert (first.symbol, first.snapshot, first.targets) == ("A", True, [("MD1", "R")])
    assert levels(first) == [("BUY", 100, 1), ("BUY", 99, 5), ("SELL", 101, 3)]
    assert (second.symbol, second.snapshot, levels(second)) == ("B", True, [("BUY", 9, 1)])


def test_the_book_of_a_snapshot_may_be_empty(market: Market) -> None:
    market.feed.subscribe("MD1", subscription(symbols=("C",)))
    (snapshot,) = market.publish()
    assert (snapshot.snapshot, snapshot.entries, snapshot.rpt_seq) == (True, [], 0)


def test_a_snapshot_shows_the_last_trade(market: Market) -> None:
    market.books.last["A"] = 100, 7
    market.feed.subscribe("MD1", subscription())
    market.feed.subscribe("MD2", subscription(entry_types=frozenset("01")))
    with_trades, without = market.publish(events=(fill(1),))
    assert trades(with_trades) == [TradeEntry(100, 7)] and trades(without) == []


def test_an_increment_after_it(market: Market) -> None:
    market.join()
    (increment,) = market.publish(market.books.set(BUY, 100, 1), events=(fill(1), fill(2, 102)))
    assert not increment.snapshot and levels(increment) == [("BUY", 100, 1)]
    assert trades(increment) == [trade(101, 2, 1), trade(102, 2, 2)]
    assert increment.entries[:2] == trades(increment)


def test_nothing_happened_nothing_is_sent(market: Market) -> None:
    market.join()
    assert market.publish() == []
    assert market.publish(market.books.set(BUY, 99, 5)) == []
    assert market.publish(market.books.set(BUY, 8, 5, "B")) == []


def test_a_snapshot_alone_is_sent_once(market: Market) -> None:
    market.feed.subscribe("MD1", subscription(updates=False))
    assert len(market.publish()) == 1
    assert market.publish(market.books.set(BUY, 100, 1)) == []
    assert not market.feed.wanted
    assert market.feed.subscribe("MD1", subscription(updates=False)) is None


def test_full_refresh_is_a_snapshot_at_every_change(market: Market) -> None:
    market.join(full_refresh=True)
    (refresh,) = market.publish(market.books.set(BUY, 99, 0), events=(fill(1),))
    assert refresh.snapshot and levels(refresh) == [("SELL", 101, 3)]
    assert trades(refresh) == [trade(101, 2, 1)]


@pytest.mark.parametrize(
    ("entry_types", "seen", "printed"),
    [
        ("0", ["BUY"], 0),
        ("1", ["SELL"], 0),
        ("2", [], 1),
        ("02", ["BUY"], 1),
        ("012", ["BUY", "SELL"], 1),
    ],
)
def test_only_what_was_asked_for(
    market: Market, entry_types: str, seen: list[str], printed: int
) -> None:
    market.join(entry_types=frozenset(entry_types))
    changes = market.books.set(BUY, 98, 1), market.books.set(SELL, 102, 1)
    (increment,) = market.publish(*changes, events=(fill(1),))
    assert [side for side, _, _ in levels(increment)] == seen
    assert len(trades(increment)) == printed


@pytest.mark.parametrize("entry_types", ["0", "2"])
def test_a_change_that_was_not_asked_for_is_not_sent(market: Market, entry_types: str) -> None:
    market.join(entry_types=frozenset(entry_types))
    assert market.publish(market.books.set(SELL, 102, 1)) == []


def test_subscribers_alike_share_a_publication(market: Market) -> None:
    market.join("MD1")
    market.join("MD2", md_req_id="S")
    market.join("MD2", md_req_id="T", full_refresh=True)
    market.join("MD2", md_req_id="U", depth=1)
    published = market.publish(market.books.set(BUY, 98, 1), events=(fill(1),))
    assert [(p.targets, p.snapshot, len(levels(p))) for p in published] == [
        ([("MD1", "R"), ("MD2", "S")], False, 1),
        ([("MD2", "T")], True, 3),
        ([("MD2", "U")], False, 0),
    ]


def test_a_late_subscriber_does_not_disturb_the_early_one(market: Market) -> None:
    market.join("MD1")
    market.feed.subscribe("MD2", subscription())
    increment, snapshot = market.publish(market.books.set(BUY, 100, 1))
    assert (increment.targets, levels(increment)) == ([("MD1", "R")], [("BUY", 100, 1)])
    assert (snapshot.targets, len(levels(snapshot))) == ([("MD2", "R")], 3)


@pytest.mark.parametrize("updates", [True, False])
def test_an_id_in_use(market: Market, updates: bool) -> None:
    market.feed.subscribe("MD1", subscription(updates=updates))
    refusal = market.feed.subscribe("MD1", subscription(symbols=("B",)))
    assert refusal == (MDReqRejReason.DUPLICATE_MD_REQ_ID, "MDReqID(262) R is in use")
    assert market.feed.subscribe("MD2", subscription()) is None
    assert {p.symbol for p in market.publish()} == {"A"}


def test_too_many_subscriptions(market: Market) -> None:
    symbols = tuple(f"S{n}" for n in range(MAX_SUBSCRIPTIONS))
    assert market.feed.subscribe("MD1", subscription(symbols=symbols)) is None
    refusal = market.feed.subscribe("MD1", subscription("S", symbols=("A", "B")))
    why = (
        f"NoRelatedSym(146) 2 and the {MAX_SUBSCRIPTIONS} subscribed to exceed {MAX_SUBSCRIPTIONS}"
    )
    assert refusal == (MDReqRejReason.INSUFFICIENT_BANDWIDTH, why)
    assert market.feed.subscribe("MD2", subscription("S")) is None
    market.feed.unsubscribe("MD1", "R")
    assert market.feed.subscribe("MD1", subscription("S")) is None


def test_too_many_subscriptions_to_a_symbol(market: Market) -> None:
    for number in range(MAX_OF_A_SYMBOL):
        assert market.feed.subscribe("MD1", subscription(f"R{number}")) is None
    why = f"Symbol(55) A has {MAX_OF_A_SYMBOL} subscriptions of this session"
    refusal = market.feed.subscribe("MD1", subscription("S", symbols=("B", "A")))
    assert refusal == (MDReqRejReason.INSUFFICIENT_BANDWIDTH, why)
    assert market.feed.subscribe("MD1", subscription("S", updates=False)) is None
    assert market.feed.subscribe("MD2", subscription("S")) is None


def test_snapshots_count_until_they_are_sent(market: Market) -> None:
    symbols = tuple(f"S{n}" for n in range(MAX_SUBSCRIPTIONS))
    once = subscription("R", symbols=symbols, updates=False)
    assert market.feed.subscribe("MD1", once) is None
    refusal = market.feed.subscribe("MD1", subscription("S", updates=False))
    assert refusal is not None and refusal[0] is MDReqRejReason.INSUFFICIENT_BANDWIDTH
    market.publish()
    assert market.feed.subscribe("MD1", subscription("S", updates=False)) is None


def test_unsubscribe(market: Market) -> None:
    market.join("MD1")
    market.join("MD2")
    assert market.feed.unsubscribe("MD1", "R")
    (increment,) = market.publish(market.books.set(BUY, 100, 1))
    assert increment.targets == [("MD2", "R")]
    assert not market.feed.unsubscribe("MD1", "R")
    assert not market.feed.unsubscribe("MD9", "R")


def test_unsubscribe_before_the_snapshot(market: Market) -> None:
    market.feed.subscribe("MD1", subscription())
    assert market.feed.unsubscribe("MD1", "R")
    assert market.publish() == []
    assert not market.feed.wanted


def test_an_id_may_be_used_again(market: Market) -> None:
    market.join(symbols=("A", "B"))
    market.feed.unsubscribe("MD1", "R")
    market.feed.subscribe("MD1", subscription(symbols=("B",), depth=1))
    (snapshot,) = market.publish()
    assert (snapshot.symbol, snapshot.snapshot) == ("B", True)
    assert market.publish(market.books.set(BUY, 100, 1)) == []


def test_a_view_that_nobody_shared_starts_anew(market: Market) -> None:
    market.join()
    market.feed.unsubscribe("MD1", "R")
    market.publish(market.books.set(BUY, 100, 1))
    market.feed.subscribe("MD1", subscription())
    (snapshot,) = market.publish()
    assert levels(snapshot) == [("BUY", 100, 1), ("BUY", 99, 5), ("SELL", 101, 3)]


def test_drop_session(market: Market) -> None:
    market.join("MD1")
    market.join("MD2")
    market.feed.subscribe("MD1", subscription("S"))
    market.feed.subscribe("MD1", subscription("T", updates=False))
    market.feed.drop_session("MD1")
    market.feed.drop_session("MD9")
    (increment,) = market.publish(market.books.set(BUY, 100, 1))
    assert increment.targets == [("MD2", "R")]
    assert market.feed.subscribe("MD1", subscription()) is None


def test_start_over_is_a_new_snapshot_for_everybody(market: Market) -> None:
    market.join("MD1")
    market.join("MD2", depth=1)
    market.publish(market.books.set(BUY, 100, 1))
    market.feed.start_over()
    assert market.feed.wanted
    first, second = market.publish(market.books.set(SELL, 101, 0))
    assert (first.targets, first.snapshot, levels(first)) == (
        [("MD1", "R")],
        True,
        [("BUY", 100, 1), ("BUY", 99, 5)],
    )
    assert (second.targets, second.snapshot, levels(second)) == (
        [("MD2", "R")],
        True,
        [("BUY", 100, 1)],
    )
    increments = market.publish(market.books.set(BUY, 100, 2))
    assert [(p.targets, p.snapshot) for p in increments] == [
        ([("MD1", "R")], False),
        ([("MD2", "R")], False),
    ]


def test_wanted(market: Market) -> None:
    assert not market.feed.wanted
    market.feed.subscribe("MD1", subscription())
    assert market.feed.wanted
    market.publish()
    assert market.feed.wanted
    market.feed.drop_session("MD1")
    assert not market.feed.wanted


def test_who_asks_for_the_same_at_once_is_sent_the_same(market: Market) -> None:
    for session in ("MD1", "MD2", "MD3"):
        market.feed.subscribe(session, subscription(updates=session != "MD3"))
    both, once = market.publish()
    assert both.targets == [("MD1", "R"), ("MD2", "R")] and once.targets == [("MD3", "R")]


def test_a_delisted_symbol_refuses_the_whole_request(market: Market) -> None:
    market.books.delisted.add("B")
    refusal = market.feed.subscribe("MD1", subscription(symbols=("A", "B")))
    assert refusal == (MDReqRejReason.UNKNOWN_SYMBOL, "Symbol(55) B is delisted")
    assert not market.feed.wanted and market.publish() == []


def test_entries_are_numbered_by_channel(market: Market) -> None:
    """A later subscriber's snapshot says the last number; what it shares it numbers alike."""
    market.join("MD1")
    market.publish(market.books.set(BUY, 98, 1), market.books.set(BUY, 97, 1))
    market.feed.subscribe("MD2", subscription())
    market.feed.subscribe("MD3", subscription(entry_types=frozenset("0")))
    increment, same, other = market.publish(market.books.set(BUY, 97, 2), events=(fill(1),))
    assert (increment.rpt_seq, same.rpt_seq, other.rpt_seq) == (4, 4, 0)
    published = market.publish(market.books.set(SELL, 102, 2))
    assert [(p.rpt_seq, len(p.targets)) for p in published] == [(5, 2)]


def test_each_message_of_full_refresh_has_the_next_number(market: Market) -> None:
    market.join("MD1", full_refresh=True)
    for number in (1, 2):
        (refresh,) = market.publish(market.books.set(BUY, 98, number), events=(fill(number),))
        assert (refresh.snapshot, refresh.rpt_seq) == (True, number)


def test_orders_one_by_one(market: Market) -> None:
    """What a level holds is not looked at, nor told."""
    books = market.books
    books.put(1, BUY, 99, 5)
    market.join(aggregated=False)
    books.put(2, BUY, 99, 2)
    (increment,) = market.publish(books.set(BUY, 98, 7), events=(accepted(2), accepted(3, "B")))
    assert increment.entries == [BookUpdate(MDUpdateAction.NEW, BUY, 99, 2, 2)]
    assert market.publish(books.set(BUY, 98, 7)) == []


def test_a_trade_tells_who_took_it(market: Market) -> None:
    market.join()
    sides = fill(4, side=SELL), fill(4, liquidity=Liquidity.ADDED)
    (increment,) = market.publish(events=(*sides, fill(9, symbol="B")))
    assert increment.entries == [TradeEntry(101, 2, 4, SELL, NOW, None)]


@pytest.mark.parametrize(
    ("qty", "action"), [(0, MDUpdateAction.DELETE), (1, MDUpdateAction.CHANGE)]
)
def test_what_becomes_of_a_trade(market: Market, qty: int, action: MDUpdateAction) -> None:
    """Who wants it all anew is told of figures only."""
    market.join()
    market.join("MD2", full_refresh=True)
    market.join("MD3", entry_types=frozenset("01"))
    changed = TradeChanged("", "A", 7, qty, 101)
    increment, refresh = market.publish(events=(changed, TradeChanged("", "B", 8, 0, 9)))
    assert trades(increment) == [TradeEntry(101, qty, 7, time=NOW, action=action)]
    assert refresh.snapshot and trades(refresh) == [] and levels(refresh)


def test_figures_follow_what_becomes_of_a_trade(market: Market) -> None:
    market.join(entry_types=frozenset("47"))
    market.books.days["A"].high = 101
    (publication,) = market.publish(events=(fill(1),))
    assert [entry.action for entry in publication.entries] == [MDUpdateAction.NEW]
    market.books.days["A"].high = None
    (publication,) = market.publish(events=(TradeChanged("", "A", 1, 0, 101),))
    assert [entry.action for entry in publication.entries] == [MDUpdateAction.DELETE]


def test_an_auctions_trades(market: Market) -> None:
    """Each match once, though neither side took it, with the phase of the call."""
    market.join()
    sides = [fill(n, 100, 1, Liquidity.AUCTION, side) for n in (1, 2) for side in (BUY, SELL)]
    (increment,) = market.publish(events=(AuctionHeld("", "A", CALL, 100, 2), *sides))
    assert increment.entries == [TradeEntry(100, 1, n, None, NOW, CALL) for n in (1, 2)]


def test_a_phase_makes_the_whole_book_be_compared(market: Market) -> None:
    market.join()
    market.join("MD2", depth=1)
    market.books.levels_of.clear()
    phase = PhaseEntered("", "A", CALL)
    assert [levels(p) for p in market.publish(events=(phase,))] == [
        [("BUY", 99, 0), ("SELL", 101, 0)]
    ] * 2
    assert market.publish(events=(PhaseEntered("", "B", CALL),)) == []


@pytest.mark.parametrize(
    "event", [InstrumentDelisted("", "A"), InstrumentDefined("", "A", is_new=True)]
)
def test_so_does_what_becomes_of_the_instrument(market: Market, event: Event) -> None:
    market.join()
    market.books.levels_of.clear()
    assert len(market.publish(events=(event,))) == 1


def test_figures_of_the_day(market: Market) -> None:
    market.join(entry_types=frozenset("27B"))
    market.books.days["A"] = Day(high=101, low=101, volume=2)
    (increment,) = market.publish(events=(fill(1),))
    high, volume = MDEntryType.HIGH_PRICE, MDEntryType.TRADE_VOLUME
    assert increment.entries == [
        trade(101, 2, 1),
        FigureUpdate(MDUpdateAction.NEW, high, 101, None),
        FigureUpdate(MDUpdateAction.NEW, volume, None, 2),
    ]
    market.books.days["A"] = Day()
    (increment,) = market.publish(events=(DayEnded(""),))
    gone = MDUpdateAction.DELETE
    assert increment.entries == [
        FigureUpdate(gone, high, None, None),
        FigureUpdate(gone, volume, None, None),
    ]


def test_a_market_may_close_and_the_instrument_stay_halted(market: Market) -> None:
    """No phase of its own begins then, but it has a closing price."""
    market.join(entry_types=frozenset("5"))
    market.books.days["A"] = Day(close=100)
    (increment,) = market.publish(events=(MarketPhaseEntered("", "X", TradingPhase.CLOSED),))
    assert increment.entries == [
        FigureUpdate(MDUpdateAction.NEW, MDEntryType.CLOSING_PRICE, 100, None)
    ]


def test_what_a_call_would_lead_to(market: Market) -> None:
    market.join(entry_types=frozenset("AQ"))
    market.books.outlooks["A"] = Outlook(100, 5, -3)
    (increment,) = market.publish(events=(accepted(1),))
    assert [entry.entry_type for entry in increment.entries] == ["A", "Q"]
    market.feed.subscribe("MD2", subscription(entry_types=frozenset("AQ")))
    (snapshot,) = market.publish()
    assert [entry.entry_type for entry in snapshot.entries] == ["A", "Q"]


def test_a_batch_of_what_nobody_watches_costs_nothing(market: Market) -> None:
    market.join()
    market.books.reads = 0
    assert market.publish(market.books.set(BUY, 8, 1, "B"), events=(accepted(1, "B"),)) == []
    assert market.books.reads == 0


def test_an_interval(market: Market) -> None:
    """The first change goes out at once; what comes too early waits, trades and all."""
    market.join(interval=50)
    market.join("MD2")
    slow, fast = market.publish(market.books.set(BUY, 98, 1), now=1100)
    assert (slow.targets, fast.targets) == ([("MD1", "R")], [("MD2", "R")])
    assert market.feed.deadline == NEVER
    (fast,) = market.publish(market.books.set(BUY, 98, 2), events=(fill(1),), now=1120)
    assert fast.targets == [("MD2", "R")] and market.feed.deadline == 1150
    market.publish(market.books.set(BUY, 98, 3), events=(fill(2),), now=1149)
    (slow,) = market.feed.publish(1150)
    assert (slow.targets, levels(slow)) == ([("MD1", "R")], [("BUY", 98, 3)])
    assert trades(slow) == [trade(101, 2, 1, 1120), trade(101, 2, 2, 1149)]
    assert market.feed.deadline == NEVER and market.feed.publish(1300) == []
    assert len(market.publish(market.books.set(BUY, 98, 4), now=1301)) == 2
    market.publish(market.books.set(BUY, 98, 5), now=1302)
    assert market.feed.deadline == 1351


def test_what_has_come_and_gone_meanwhile_is_not_told(market: Market) -> None:
    market.join(interval=50)
    market.publish(market.books.set(BUY, 98, 1), now=1100)
    market.publish(market.books.set(BUY, 98, 9), now=1110)
    market.publish(market.books.set(BUY, 98, 1), now=1120)
    assert market.feed.deadline == 1150
    assert market.feed.publish(1150) == [] and market.feed.deadline == NEVER


def test_who_joins_a_slow_stream_gets_the_present_book(market: Market) -> None:
    """And those who share it, their increment before their time."""
    market.join(interval=50)
    market.publish(market.books.set(BUY, 98, 1), now=1100)
    market.publish(market.books.set(BUY, 98, 2), now=1110)
    market.feed.subscribe("MD2", subscription(interval=50))
    increment, snapshot = market.publish(now=1111)
    assert (increment.targets, levels(increment)) == ([("MD1", "R")], [("BUY", 98, 2)])
    assert (snapshot.targets, len(levels(snapshot))) == ([("MD2", "R")], 3)
    assert increment.rpt_seq == snapshot.rpt_seq == 2


def test_a_slow_stream_that_ends_owes_nothing(market: Market) -> None:
    market.join(interval=50)
    market.publish(market.books.set(BUY, 98, 1), now=1100)
    market.publish(market.books.set(BUY, 98, 2), now=1110)
    market.feed.unsubscribe("MD1", "R")
    assert market.feed.deadline == NEVER and market.feed.publish(2000) == []


def test_after_a_defect_nothing_is_due_by_an_interval(market: Market) -> None:
    market.join(interval=50)
    market.publish(market.books.set(BUY, 98, 1), now=1100)
    market.publish(market.books.set(BUY, 98, 2), now=1110)
    market.feed.start_over()
    assert market.feed.deadline == NEVER


def test_who_is_behind_gets_a_snapshot_when_that_is_over(market: Market) -> None:
    market.join("MD1")
    market.join("MD2")
    (increment,) = market.publish(market.books.set(BUY, 98, 1), behind={"MD2"})
    assert increment.targets == [("MD1", "R")] and market.feed.owing
    (increment,) = market.publish(market.books.set(BUY, 98, 2), behind={"MD2"})
    assert increment.targets == [("MD1", "R")]
    (snapshot,) = market.publish()
    assert (snapshot.targets, snapshot.snapshot) == ([("MD2", "R")], True)
    assert levels(snapshot) == [("BUY", 99, 5), ("BUY", 98, 2), ("SELL", 101, 3)]
    assert snapshot.rpt_seq == 2 and not market.feed.owing
    (increment,) = market.publish(market.books.set(BUY, 98, 3))
    assert len(increment.targets) == 2 and increment.rpt_seq == 3


def test_numbers_go_on_while_nobody_can_be_told(market: Market) -> None:
    market.join("MD1")
    assert market.publish(market.books.set(BUY, 98, 1), behind={"MD1"}) == []
    snapshot, *_ = market.publish(market.books.set(BUY, 98, 2))
    assert (snapshot.snapshot, snapshot.rpt_seq) == (True, 2)


def test_who_is_behind_and_missed_nothing_is_owed_nothing(market: Market) -> None:
    market.join("MD1")
    assert market.publish(behind={"MD1"}) == []
    assert not market.feed.owing and market.publish() == []


def test_who_is_behind_may_leave(market: Market) -> None:
    market.join("MD1")
    market.publish(market.books.set(BUY, 98, 1), behind={"MD1"})
    market.feed.drop_session("MD1")
    assert not market.feed.owing and not market.feed.wanted and market.publish() == []


def test_a_view_that_had_only_trades_to_show_is_brought_up_to_date(market: Market) -> None:
    market.join("MD1", entry_types=frozenset("2"))
    market.publish(market.books.set(BUY, 98, 1))
    market.feed.subscribe("MD2", subscription(entry_types=frozenset("01")))
    (snapshot,) = market.publish(market.books.set(BUY, 97, 1))
    assert len(levels(snapshot)) == 4
