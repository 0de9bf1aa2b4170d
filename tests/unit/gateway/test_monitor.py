"""What a monitor makes of a venue: who is there, which book is shown, how much a second."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.core.desk import SELL, Desk, aapl
from tests.unit.gateway.test_exchange import Link
from venue.config import Role, SessionConfig
from venue.core import commands as c
from venue.core.types import TradingPhase
from venue.fix.versions import FIX42, FIX44
from venue.gateway import monitor as module
from venue.gateway.monitor import Monitor
from venue.gateway.sessions import Session
from venue.monitoring.counts import Counts
from venue.monitoring.picture import Picture


class Room:
    """A monitor over a desk, with two sessions of one who trades and sees the market."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.desk, self.counts, self.now = Desk(), Counts(), 1000.0
        config = SessionConfig("TRADER1", "ALPHA", (Role.ORDER_ENTRY, Role.MARKET_DATA))
        self.sessions = [Session(config, FIX42), Session(config, FIX44)]
        for session in self.sessions:
            session.link = Link(5, 7)
        self.sender = SimpleNamespace(behind=set(), resending=set())
        acceptor: Any = SimpleNamespace(
            sender=self.sender,
            readers=SimpleNamespace(unread=lambda session: 9),
            door=SimpleNamespace(port=9878, refused=4),
        )
        self.asked: list[Any] = []
        self.lookout: Any = SimpleNamespace(tick=self.asked.append)
        self.monitor = Monitor(
            *(self.lookout, self.desk.venue, acceptor, self.sessions, self.counts),
            ("VENUE", "127.0.0.1", ("FIX.4.4",)),
            lambda: {"journal_batch": 3},
        )
        clock = SimpleNamespace(monotonic=lambda: self.now, time_ns=time.time_ns)
        monkeypatch.setattr(module, "time", clock)

    def picture(self) -> Picture:
        return self.monitor.picture()


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(monkeypatch)


def test_numbers(room: Room) -> None:
    for events in (room.desk.new("A"), room.desk.new("B", SELL, session="TRADER2")):
        room.counts.happened += events
    room.counts.tally()
    picture = room.picture()
    assert (picture.address, picture.batch) == ("127.0.0.1:9878", 3)
    numbers = picture.numbers
    assert (numbers["orders"], numbers["trades"], numbers["connections_refused"]) == (2, 1, 4)
    assert picture.events["OrderFilled"] == 2
    assert (numbers["orders_remembered"], numbers["positions"]) == (2, 2)


def test_sessions(room: Room) -> None:
    away, here = room.sessions
    here.logged_on, here.since, away.since = True, 77, 66
    room.sender.behind.add(here.name)
    room.sender.resending.add(here)
    first, second = room.picture().sessions
    assert (first.since, first.is_behind, first.is_resending) == (0, False, False)
    assert (second.since, second.is_behind, second.is_resending) == (77, True, True)
    assert (second.next_in, second.next_out, second.unread) == (7, 5, 9)
    assert second.roles == ["order_entry", "market_data"]


def test_a_book_is_hidden_while_orders_are_collected(room: Room) -> None:
    room.desk.new("A", qty=3, price=9990)
    [book] = room.picture().books
    assert (book.bid, book.offer, book.last, book.levels) == ((9990, 3), None, None, (1, 0))
    room.desk.venue.handle(c.EnterPhase("MAIN", TradingPhase.OPENING_AUCTION))
    [book] = room.picture().books
    assert (book.bid, book.phase, book.levels) == (None, "opening_auction", (1, 0))
    assert aapl().symbol == book.symbol


def test_rates(room: Room) -> None:
    room.monitor.tick()
    for second in range(1, 31):
        room.now = 1000.0 + second
        room.counts.answered += 10 if second > 20 else 0
        room.monitor.tick()
    rates = room.picture().rates["messages_sent"]
    assert rates == pytest.approx((10.0, 10.0, 100 / 30))
    room.now += 1000
    room.monitor.tick()
    assert room.picture().rates["messages_sent"][0] == 0
    assert room.asked == [room.monitor.picture] * 32


def test_a_defect_stays_here(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(paint: object) -> None:
        raise ValueError("a defect")

    room.lookout.tick = fail
    room.monitor.tick()
    assert "monitoring" in capsys.readouterr().out
