"""Who follows a journal gets every batch once, in order, whatever becomes of its files."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.journal_tools.made import Writer, add_snapshot, make_journal, trading
from venue.core.commands import AdvanceTime, Command
from venue.core.venue import Venue
from venue.errors import JournalError
from venue.journal import follower as module
from venue.journal.archive import write_archive
from venue.journal.batch import FORMAT, Replayed
from venue.journal.follower import Follower, is_new
from venue.journal.recovery import recover
from venue.journal.sqlite import SqliteJournal
from venue.journal_tools.archive import archive

BATCHES = list(trading(60))


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with closing(Writer(tmp_path)) as writer:
        yield writer


@pytest.fixture(autouse=True)
def checks_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHECK_SECONDS", 0.0)


class Replica:
    """A venue made of what a follower takes."""

    def __init__(self, data: Path) -> None:
        self.follower = Follower(data)
        self.venue, _, _ = recover(data, self.follower, 1)
        self.seqs: list[int] = []

    def follow(self) -> None:
        """Take everything that is there."""
        while batches := self.follower.take():
            for seq, batch in batches:
                self.carry_out(seq, batch)

    def carry_out(self, seq: int, batch: Replayed) -> None:
        self.seqs.append(seq)
        commands: tuple[Command, ...] = (AdvanceTime(batch.time), *batch.commands)
        for command in commands:
            self.venue.handle(command)
        self.venue.forget_level_changes()

    def close(self) -> None:
        self.follower.close()


def write(writer: Writer, first: int, last: int) -> None:
    """Write the batches of `BATCHES` from `first` to `last`, counted from 1."""
    for commands in BATCHES[first - 1 : last]:
        writer.write(*commands)
    writer.journal.flush()


def test_batches_as_they_come(writer: Writer, tmp_path: Path) -> None:
    write(writer, 1, 10)
    with closing(Replica(tmp_path)) as replica:
        assert replica.follower.seq == 10
        assert replica.venue.state_hash() == writer.hashes[10]
        replica.follow()
        assert replica.seqs == []
        for last in (11, 12, 30, 31):
            write(writer, len(replica.seqs) + 11, last)
            replica.follow()
            assert replica.venue.state_hash() == writer.hashes[last]
        assert replica.seqs == list(range(11, 32))


def test_from_the_newest_snapshot(writer: Writer, tmp_path: Path) -> None:
    write(writer, 1, 20)
    add_snapshot(tmp_path, 15)
    with closing(Replica(tmp_path)) as replica:
        assert replica.venue.state_hash() == writer.hashes[20]


def test_many_at_once(writer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(writer, 1, 1)
    with closing(Replica(tmp_path)) as replica:
        for _ in range(600):
            writer.write()
        writer.journal.flush()
        taken = replica.follower.take()
        assert [seq for seq, _ in taken] == list(range(2, 2 + len(taken)))
        assert len(taken) < 300
        replica.follow()
        assert replica.follower.seq == 601


def test_what_is_not_written_yet_comes_later(writer: Writer, tmp_path: Path) -> None:
    write(writer, 1, 5)
    with closing(Replica(tmp_path)) as replica:
        writer.write(*BATCHES[5])
        replica.follow()
        assert replica.seqs == []
        writer.journal.flush()
        replica.follow()
        assert replica.seqs == [6]


def test_archiving_and_restarts(tmp_path: Path) -> None:
    """Also batches that are archived before the follower has taken them."""
    writer = Writer(tmp_path)
    write(writer, 1, 20)
    with closing(Replica(tmp_path)) as replica:
        write(writer, 21, 30)
        replica.follow()
        write(writer, 31, 40)
        writer.close()
        add_snapshot(tmp_path, 35)
        assert [line for line in archive(tmp_path, 0) if "archived batches 1 to 35" in line]
        with closing(SqliteJournal(tmp_path, "batch")) as journal:
            writer.journal = journal
            write(writer, 41, 45)
            replica.follow()
            assert replica.seqs == list(range(21, 46))
            assert replica.venue.state_hash() == writer.hashes[45]
        with closing(SqliteJournal(tmp_path, "interval")) as journal:
            writer.journal = journal
            write(writer, 46, 50)
            add_snapshot(tmp_path, 50)
        list(archive(tmp_path, 0))
        replica.follow()
        assert replica.seqs == list(range(21, 51))
        assert replica.venue.state_hash() == writer.hashes[50]
    with closing(Replica(tmp_path)) as replica:
        assert replica.venue.state_hash() == writer.hashes[50]


def test_reports_that_stay_behind_are_no_gap(tmp_path: Path) -> None:
    """An archive run leaves rows in the journal that a session may ask for."""
    writer = Writer(tmp_path)
    write(writer, 1, 12)
    with closing(Replica(tmp_path)) as replica:
        write(writer, 13, 40)
        writer.close()
        with closing(SqliteJournal(tmp_path, "batch")) as journal:
            batches = [(seq, body) for seq, body in journal.read() if seq <= 40]
            write_archive(tmp_path, 1, 40, batches)
            journal.give_up(40, [13, 15, 16, 30])
        replica.follow()
        assert replica.seqs == list(range(13, 41))
        assert replica.venue.state_hash() == writer.hashes[40]


def test_a_venue_that_was_killed(tmp_path: Path) -> None:
    """Its log stays, and the next venue goes on with it."""
    writer = Writer(tmp_path)
    write(writer, 1, 10)
    with closing(Replica(tmp_path)) as replica:
        writer.journal._db.close()
        os.close(writer.journal._lock)
        with closing(SqliteJournal(tmp_path, "batch")) as journal:
            writer.journal = journal
            write(writer, 11, 20)
            replica.follow()
        assert replica.seqs == list(range(11, 21))
        assert replica.venue.state_hash() == writer.hashes[20]


def test_a_lock_is_waited_for(writer: Writer, tmp_path: Path) -> None:
    write(writer, 1, 10)
    with closing(Replica(tmp_path)) as replica:
        replica.follower._wait_for_lock(_locked(), 100.0)
        replica.follower._wait_for_lock(_locked(), 129.0)
        with pytest.raises(JournalError, match="batch 11 cannot be read: database is locked"):
            replica.follower._wait_for_lock(_locked(), 131.0)


def _locked() -> sqlite3.Error:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


def test_a_journal_that_was_cut(writer: Writer, tmp_path: Path) -> None:
    write(writer, 1, 20)
    with closing(Replica(tmp_path)) as replica:
        write(writer, 21, 25)
        replica.follow()
        writer.journal._execute("DELETE FROM batches WHERE seq > 22")
        with pytest.raises(JournalError, match="was followed: it ends with batch 22, not 25"):
            replica.follow()


def test_a_journal_that_was_cut_and_went_on(
    writer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(writer, 1, 20)
    with closing(Replica(tmp_path)) as replica:
        write(writer, 21, 25)
        replica.follow()
        monkeypatch.setattr(module, "CHECK_SECONDS", 1000.0)
        writer.journal._execute("UPDATE batches SET crc = 7 WHERE seq = 25")
        with pytest.raises(JournalError, match="was followed: batch 25 is another one now"):
            replica.follow()


def test_another_journal_in_its_place(tmp_path: Path) -> None:
    make_journal(tmp_path / "a", 10)
    make_journal(tmp_path / "b", 10, seed=2)
    with closing(Replica(tmp_path / "a")) as replica:
        shutil.move(tmp_path / "a/journal.db", tmp_path / "gone.db")
        with pytest.raises(JournalError, match="the file is gone, or another one"):
            replica.follow()
        shutil.copy(tmp_path / "b/journal.db", tmp_path / "a/journal.db")
        with pytest.raises(JournalError, match="the file is gone, or another one"):
            replica.follow()


def test_a_batch_that_is_missing(writer: Writer, tmp_path: Path) -> None:
    write(writer, 1, 10)
    with closing(Replica(tmp_path)) as replica:
        write(writer, 11, 20)
        writer.journal._execute("DELETE FROM batches WHERE seq = 15")
        with pytest.raises(JournalError, match=r"batch 15 is missing from .*journal\.db"):
            replica.follow()
        assert replica.seqs == [11, 12, 13, 14]


def test_a_batch_that_is_damaged(writer: Writer, tmp_path: Path) -> None:
    write(writer, 1, 10)
    with closing(Replica(tmp_path)) as replica:
        write(writer, 11, 20)
        writer.journal._execute("UPDATE batches SET body = x'00' WHERE seq = 11")
        with pytest.raises(JournalError, match=r"batch 11 is damaged in .*journal\.db"):
            replica.follow()


def test_what_is_no_journal(tmp_path: Path) -> None:
    assert is_new(tmp_path)
    with pytest.raises(JournalError, match="there is no journal"):
        Follower(tmp_path)
    path = tmp_path / "journal.db"
    path.touch()
    assert is_new(tmp_path)
    with closing(SqliteJournal(tmp_path, "off")) as journal:
        assert not is_new(tmp_path)
        journal._execute(f"PRAGMA user_version = {FORMAT + 1}")
        with pytest.raises(JournalError, match=f"has format {FORMAT + 1}, this venue reads"):
            Follower(tmp_path)
    path.write_bytes(b"garbage" * 1000)
    assert not is_new(tmp_path)
    with pytest.raises(JournalError, match=r"journal\.db cannot be read: file is not a database"):
        Follower(tmp_path)


def test_an_empty_journal(writer: Writer, tmp_path: Path) -> None:
    with closing(Replica(tmp_path)) as replica:
        assert replica.follower.seq == 0
        write(writer, 1, 3)
        replica.follow()
        assert replica.venue.state_hash() == writer.hashes[3] != Venue().state_hash()
