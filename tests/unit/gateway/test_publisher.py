"""Batches in, messages out: what the publisher asks of the venue, and when."""

from typing import Any

import pytest

from tests.unit.core.desk import aapl
from venue.config import Role, SessionConfig
from venue.core import commands as c
from venue.core.types import OrdType, Side, TimeInForce
from venue.core.venue import Venue
from venue.fix.versions import FIX44
from venue.gateway.publisher import Publisher
from venue.gateway.sessions import Session
from venue.marketdata.entries import BookUpdate, Publication, TradeEntry
from venue.marketdata.feed import NEVER
from venue.marketdata.requests import MDReqRejReason, Subscribe

NOW = 10**18
MS = 10**6


class Sender:
    """Keeps what was published; it can fail."""

    def __init__(self) -> None:
        self.behind: set[str] = set()
        self.sent: list[tuple[Publication, str, list[tuple[str, str]]]] = []
        self.fails = False

    def publish(self, publication: Publication, instrument: Any, time: str, targets: Any) -> None:
        if self.fails:
            raise ValueError
        assert instrument.symbol == publication.symbol
        told = [(session.name, md_req_id) for session, md_req_id in targets]
        self.sent.append((publication, time, told))


class Floor:
    """A venue of AAPL, and a session that subscribes to it."""

    def __init__(self) -> None:
        self.venue = Venue()
        self.venue.handle(c.AdvanceTime(NOW))
        self.venue.handle(c.DefineInstrument(aapl()))
        self.session = Session(SessionConfig("MD1", "DATA", (Role.MARKET_DATA,)), FIX44)
        self.sender = Sender()
        sessions = {self.session.name: self.session}
        self.publisher = Publisher(self.venue, sessions, self.sender)  # type: ignore[arg-type]
        self._ids = 0

    def subscribe(self, md_req_id: str = "R", interval: int = 0, symbol: str = "AAPL") -> Any:
        request = Subscribe(
            md_req_id, (symbol,), None, frozenset("012"), True, False, interval=interval
        )
        return self.publisher.subscribe(self.session, request)

    def order(self, side: Side, price: int = 10_000) -> None:
        self._ids += 1
        who = "TRADER1", "ALPHA", f"id{self._ids}"
        terms = side, OrdType.LIMIT, TimeInForce.DAY, price, 5
        self.publisher.note(self.venue.handle(c.NewOrder(*who, "AAPL", *terms)))

    def end_batch(self, now: int = NOW) -> list[Publication]:
        self.publisher.end_batch(now)
        return self.publish(now)

    def publish(self, now: int) -> list[Publication]:
        self.publisher.publish(now)
        sent, self.sender.sent = self.sender.sent, []
        return [publication for publication, _, _ in sent]


@pytest.fixture
def floor() -> Floor:
    return Floor()


def trades(publication: Publication) -> list[int]:
    return [each.trade_id for each in publication.entries if isinstance(each, TradeEntry)]


def test_a_snapshot_and_increments(floor: Floor) -> None:
    assert floor.subscribe() is None
    floor.publisher.end_batch(NOW)
    floor.publisher.publish(NOW)
    ((snapshot, time, targets),) = floor.sender.sent
    assert (snapshot.snapshot, time) == (True, "20010909-01:46:40.000")
    assert targets == [("FIX.4.4:MD1", "R")]
    floor.sender.sent.clear()
    floor.order(Side.BUY)
    (increment,) = floor.end_batch()
    assert [type(entry) for entry in increment.entries] == [BookUpdate]


def test_each_batch_is_noted_once(floor: Floor) -> None:
    """A trade of the last batch is not one of the next, nor one from before the subscription."""
    floor.order(Side.BUY)
    floor.order(Side.SELL)
    floor.subscribe()
    assert trades(floor.end_batch()[0]) == [0]
    for trade_id in (2, 3):
        floor.order(Side.BUY)
        floor.order(Side.SELL)
        assert [trades(each) for each in floor.end_batch()] == [[trade_id]]
    assert floor.end_batch() == []


def test_batches_may_be_published_together(floor: Floor) -> None:
    floor.subscribe()
    floor.end_batch()
    for _ in range(2):
        floor.order(Side.BUY)
        floor.order(Side.SELL)
        floor.publisher.end_batch(NOW)
    (increment,) = floor.publish(NOW)
    assert trades(increment) == [1, 2]


def test_without_a_subscriber_nothing_is_kept(floor: Floor) -> None:
    floor.order(Side.BUY)
    assert floor.end_batch() == []
    assert floor.venue.level_changes() == [] and floor.publisher.deadline == NEVER


def test_what_an_interval_holds_back_has_a_deadline(floor: Floor) -> None:
    floor.subscribe(interval=50 * MS)
    floor.end_batch()
    for price, messages in ((9_900, 1), (9_901, 0)):
        floor.order(Side.BUY, price)
        assert len(floor.end_batch()) == messages
    assert floor.publisher.deadline == NOW + 50 * MS
    assert len(floor.publish(floor.publisher.deadline)) == 1
    assert floor.publisher.deadline == NEVER


def test_a_defect_costs_everybody_a_new_snapshot(floor: Floor) -> None:
    floor.subscribe()
    floor.end_batch()
    floor.order(Side.BUY)
    floor.sender.fails = True
    assert floor.end_batch() == []
    assert floor.publisher.deadline == NOW + 100 * MS
    floor.sender.fails = False
    (snapshot,) = floor.publish(NOW)
    assert snapshot.snapshot and len(snapshot.entries) == 1
    assert floor.publisher.deadline == NEVER


def test_a_defect_that_nobody_is_left_to_hear_of(floor: Floor) -> None:
    """Or the loop would never sleep again."""
    floor.subscribe()
    floor.end_batch()
    floor.order(Side.BUY)
    floor.sender.fails = True
    floor.end_batch()
    floor.publisher.drop_session(floor.session)
    floor.publish(NOW + 100 * MS)
    assert floor.publisher.deadline == NEVER


def test_who_is_behind_is_owed(floor: Floor) -> None:
    floor.subscribe()
    floor.end_batch()
    floor.sender.behind.add(floor.session.name)
    floor.order(Side.BUY)
    assert floor.end_batch() == [] and floor.publisher.owing
    floor.sender.behind.clear()
    (snapshot,) = floor.publish(NOW)
    assert snapshot.snapshot and not floor.publisher.owing


def test_refusals_and_ends(floor: Floor) -> None:
    assert floor.subscribe(symbol="NOPE")[0] is MDReqRejReason.UNKNOWN_SYMBOL
    floor.subscribe()
    assert floor.subscribe()[0] is MDReqRejReason.DUPLICATE_MD_REQ_ID
    assert floor.publisher.unsubscribe(floor.session, "R")
    assert not floor.publisher.unsubscribe(floor.session, "R")
    floor.subscribe()
    floor.publisher.drop_session(floor.session)
    assert floor.end_batch() == []
