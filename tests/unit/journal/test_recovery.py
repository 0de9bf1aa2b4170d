from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.unit.core.desk import BUY, SELL, Desk, aapl, assert_accepted, assert_rejected
from venue.core import commands as c
from venue.core.types import OrdRejReason
from venue.core.venue import Venue
from venue.errors import JournalError
from venue.journal.batch import Batch, encode_batch
from venue.journal.recovery import replay
from venue.journal.sqlite import SqliteJournal


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    with closing(SqliteJournal(tmp_path, "off")) as journal:
        yield journal


class Recorder(Venue):
    """A venue that remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.commands: list[Any] = []

    def handle(self, command: c.Command) -> Any:
        if not isinstance(command, c.AdvanceTime):
            self.commands.append(command)
        return super().handle(command)


def trading_day(journal: SqliteJournal) -> Desk:
    """A desk after some trading, every request of it in the journal."""
    desk = Desk()
    venue = desk.venue = Recorder()
    venue.handle(c.AdvanceTime(10))
    venue.handle(c.DefineInstrument(aapl()))
    desk.new("a", BUY, 5, 9900)
    desk.new("b", BUY, 1001, 9900)
    venue.handle(c.AdvanceTime(20))
    desk.new("s", SELL, 9, 10100, session="TRADER2")
    desk.new("hit", BUY, 4, 10100)
    desk.replace("a2", "a", 4, 9900)
    desk.cancel("x", "unknown")
    for time, start in ((10, 0), (20, 3)):
        commands = venue.commands[start : start + 3] if start == 0 else venue.commands[start:]
        journal.append(encode_batch(Batch(time, commands)))
    return desk


def test_an_empty_journal(journal: SqliteJournal) -> None:
    venue = Venue()
    assert replay(journal, venue) == 0
    assert venue.state_hash() == Venue().state_hash()


def test_everything_is_back(journal: SqliteJournal) -> None:
    before = trading_day(journal)
    after = Desk()
    after.venue = Venue()
    assert replay(journal, after.venue) == 2
    after.venue.check()
    assert after.venue.time == 20
    assert after.venue.state_hash() == before.venue.state_hash()
    assert after.resting(BUY) == [("a2", 4, 9900)] and after.resting(SELL) == [("s", 5, 10100)]
    assert after.venue.last_trade("AAPL") == (10100, 4)


def test_ids_go_on_where_they_were(journal: SqliteJournal) -> None:
    before = trading_day(journal)
    after = Desk()
    after.venue = Venue()
    replay(journal, after.venue)
    (accepted,) = after.new("new", BUY, 1, 9900)
    assert_accepted(accepted, "new", order_id=5, exec_id=8)
    assert [accepted] == before.new("new", BUY, 1, 9900)
    (rejected,) = after.new("b")
    text = "ClOrdID(11) b was used before"
    assert_rejected(rejected, OrdRejReason.DUPLICATE_ORDER, text)


def test_a_replay_publishes_nothing(journal: SqliteJournal) -> None:
    trading_day(journal)
    venue = Venue()
    replay(journal, venue)
    assert venue.level_changes() == []


def test_a_command_that_meets_a_defect_does_not_stop_the_others(journal: SqliteJournal) -> None:
    """It met it the first time too, and the venue went on."""
    who = "TRADER1", "NORTH", "X"
    unlisted = c.NewOrder(*who, "NOPE", BUY, "2", "0", 1, 1)
    listed = c.DefineInstrument(aapl())
    journal.append(encode_batch(Batch(1, [unlisted, listed])))
    venue = Venue()
    assert replay(journal, venue) == 1
    assert "AAPL" in venue.markets


def test_time_alone_does_again_what_it_did(journal: SqliteJournal) -> None:
    """A batch without commands: the day order expired, under the same ExecID."""
    day = 86_400_000_000_000
    desk = Desk()
    venue = desk.venue = Recorder()
    venue.handle(c.AdvanceTime(day + 5))
    venue.handle(c.DefineInstrument(aapl()))
    desk.new("a", BUY, 5, 9900)
    journal.append(encode_batch(Batch(day + 5, venue.commands)))
    assert venue.handle(c.AdvanceTime(2 * day + 1))
    journal.append(encode_batch(Batch(2 * day + 1, [])))
    after = Venue()
    assert replay(journal, after) == 2
    assert (after.time, after.state_hash()) == (2 * day + 1, venue.state_hash())
    assert list(after.levels("AAPL", BUY)) == []


def test_a_defect_in_time_alone_stops_no_replay(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the venue went on when it met it."""
    trading_day(journal)
    handle = Venue.handle

    def faulty(venue: Venue, command: c.Command) -> Any:
        if isinstance(command, c.AdvanceTime):
            raise ValueError
        return handle(venue, command)

    monkeypatch.setattr(Venue, "handle", faulty)
    venue = Venue()
    assert replay(journal, venue) == 2
    assert "AAPL" in venue.markets


def test_a_corrupt_batch_stops_the_start(journal: SqliteJournal) -> None:
    trading_day(journal)
    journal.append(b"garbage")
    with pytest.raises(JournalError, match="batch 3 cannot be read"):
        replay(journal, Venue())
