"""The state machine follows whole books; here is what each subscriber is sent, and when."""

from typing import Any

import pytest

from tests.unit.core.test_book import order
from tests.unit.marketdata.books import BUY, SELL, Books
from venue.core.events import LevelChanged, OrderFilled
from venue.core.reports import state
from venue.core.types import Liquidity
from venue.marketdata.feed import MAX_SUBSCRIPTIONS, Feed, Publication
from venue.marketdata.requests import MDReqRejReason, Subscribe


def subscription(md_req_id: str = "R", **changes: Any) -> Subscribe:
    fields = {
        "symbols": ("A",),
        "depth": None,
        "entry_types": frozenset("012"),
        "updates": True,
        "full_refresh": False,
    }
    return Subscribe(md_req_id, **fields | changes)


def fill(trade_id: int, last_px: int = 101, last_qty: int = 2) -> OrderFilled:
    """The aggressor's side of a trade in A."""
    aggressor = order(price=last_px, qty=last_qty)
    aggressor.symbol = "A"
    told = state(aggressor, 1, "TRADER1", "X")
    return OrderFilled(*told, trade_id, last_qty, last_px, Liquidity.REMOVED)


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
        self, *changes: LevelChanged, fills: tuple[OrderFilled, ...] = ()
    ) -> list[Publication]:
        return self.feed.publish(changes, fills)


@pytest.fixture
def market() -> Market:
    return Market()


def levels(publication: Publication) -> list[tuple[str, int, int]]:
    return [(level.side.name, level.price, level.qty) for level in publication.levels]


def test_a_snapshot_comes_first(market: Market) -> None:
    market.feed.subscribe("MD1", subscription(symbols=("A", "B")))
    first, second = market.publish(market.books.set(BUY, 100, 1))
    assert (first.symbol, first.snapshot, first.targets) == ("A", True, [("MD1", "R")])
    assert levels(first) == [("BUY", 100, 1), ("BUY", 99, 5), ("SELL", 101, 3)]
    assert (second.symbol, second.snapshot, levels(second)) == ("B", True, [("BUY", 9, 1)])


def test_the_book_of_a_snapshot_may_be_empty(market: Market) -> None:
    market.feed.subscribe("MD1", subscription(symbols=("C",)))
    (snapshot,) = market.publish()
    assert (snapshot.snapshot, snapshot.levels, snapshot.trades) == (True, [], [])


def test_a_snapshot_shows_the_last_trade(market: Market) -> None:
    market.books.last["A"] = 100, 7
    market.feed.subscribe("MD1", subscription())
    market.feed.subscribe("MD2", subscription(entry_types=frozenset("01")))
    with_trades, without = market.publish(fills=(fill(1),))
    assert with_trades.trades == [(100, 7, 0)] and without.trades == []


def test_an_increment_after_it(market: Market) -> None:
    market.join()
    (increment,) = market.publish(market.books.set(BUY, 100, 1), fills=(fill(1), fill(2, 102)))
    assert not increment.snapshot and levels(increment) == [("BUY", 100, 1)]
    assert increment.trades == [(101, 2, 1), (102, 2, 2)]


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
    (refresh,) = market.publish(market.books.set(BUY, 99, 0), fills=(fill(1),))
    assert refresh.snapshot and levels(refresh) == [("SELL", 101, 3)]
    assert refresh.trades == [(101, 2, 1)]


@pytest.mark.parametrize(
    ("entry_types", "seen", "trades"),
    [
        ("0", ["BUY"], 0),
        ("1", ["SELL"], 0),
        ("2", [], 1),
        ("02", ["BUY"], 1),
        ("012", ["BUY", "SELL"], 1),
    ],
)
def test_only_what_was_asked_for(
    market: Market, entry_types: str, seen: list[str], trades: int
) -> None:
    market.join(entry_types=frozenset(entry_types))
    changes = market.books.set(BUY, 98, 1), market.books.set(SELL, 102, 1)
    (increment,) = market.publish(*changes, fills=(fill(1),))
    assert [side for side, _, _ in levels(increment)] == seen
    assert len(increment.trades) == trades


@pytest.mark.parametrize("entry_types", ["0", "2"])
def test_a_change_that_was_not_asked_for_is_not_sent(market: Market, entry_types: str) -> None:
    market.join(entry_types=frozenset(entry_types))
    assert market.publish(market.books.set(SELL, 102, 1)) == []


def test_subscribers_alike_share_a_publication(market: Market) -> None:
    market.join("MD1")
    market.join("MD2", md_req_id="S")
    market.join("MD2", md_req_id="T", full_refresh=True)
    market.join("MD2", md_req_id="U", depth=1)
    published = market.publish(market.books.set(BUY, 98, 1), fills=(fill(1),))
    assert [(p.targets, p.snapshot, len(p.levels)) for p in published] == [
        ([("MD1", "R"), ("MD2", "S")], False, 1),
        ([("MD2", "T")], True, 3),
        ([("MD2", "U")], False, 0),
    ]


def test_a_late_subscriber_does_not_disturb_the_early_one(market: Market) -> None:
    market.join("MD1")
    market.feed.subscribe("MD2", subscription())
    increment, snapshot = market.publish(market.books.set(BUY, 100, 1))
    assert (increment.targets, levels(increment)) == ([("MD1", "R")], [("BUY", 100, 1)])
    assert (snapshot.targets, len(snapshot.levels)) == ([("MD2", "R")], 3)


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
