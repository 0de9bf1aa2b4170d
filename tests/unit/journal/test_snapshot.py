"""Snapshots: a start uses the newest good one, and nothing that could be wrong."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from structlog.testing import capture_logs

from tests.unit.core.desk import BUY, SELL, Desk, aapl
from venue.core import commands as c
from venue.core.venue import Venue
from venue.errors import JournalError
from venue.journal import snapshot as module
from venue.journal.batch import Batch, Sent, encode_batch
from venue.journal.beside import JournalBeside, write_next
from venue.journal.recovery import History, recover, replay
from venue.journal.session_log import SessionLog, SessionLogs
from venue.journal.snapshot import (
    SessionImage,
    Snapshot,
    discard_newer,
    read_snapshot,
    snapshots,
    take,
    usable,
    write_snapshot,
)
from venue.journal.sqlite import SqliteJournal

WINDOW = 100
READER = ThreadPoolExecutor(1)
SESSION = "FIX.4.4:TRADER1"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    with closing(SqliteJournal(tmp_path, "batch")) as journal:
        yield journal


def trade(journal: SqliteJournal, *names: str) -> None:
    """A batch for each order, with a report."""
    for name in names:
        desk, commands = Desk(), [c.DefineInstrument(aapl())] if journal.seq == 0 else []
        desk.venue.handle = commands.append  # type: ignore[assignment,method-assign]
        desk.new(name, SELL if name.startswith("s") else BUY, 5, 9900)
        number = journal.seq + 1
        sent = [Sent(SESSION, number, ["report"]), Sent("FIX.4.4:AWAY", 0, ["report"])]
        numbers = {SESSION: (number + 1, number + 5)}
        reset = {SESSION: 7} if journal.seq == 0 else {}
        batch = Batch(number, commands, sent, numbers, reset, stopped=name == "stop")
        journal.append(encode_batch(batch))


def snapped(journal: SqliteJournal, *names: str) -> Path:
    """Trade, then take a snapshot."""
    trade(journal, *names)
    path = write_next(journal.path.parent, WINDOW, READER)
    assert path is not None
    return path


class Watched:
    """A history that knows which batches were read."""

    def __init__(self, history: History) -> None:
        self.seq, self.archived, self.fetch = history.seq, history.archived, history.fetch
        self._history = history
        self.replayed: list[int] = []

    def read(self, first: int = 1) -> Iterator[tuple[int, bytes]]:
        for seq, body in self._history.read(first):
            self.replayed.append(seq)
            yield seq, body


def start(journal: SqliteJournal) -> list[int]:
    """The batches that a start carries out again; it must lead to where all of them do."""
    watched, venue, logs = Watched(journal), Venue(), SessionLogs(WINDOW)
    found, sessions, begun = recover(journal.path.parent, watched, WINDOW)
    replay(journal, venue, logs)
    found.check()
    assert (found.time, found.state_hash()) == (venue.time, venue.state_hash())
    assert found.level_changes() == []
    assert sessions.clean == logs.clean and sessions.window == WINDOW
    assert sessions.by_name.keys() == logs.by_name.keys()
    for name, log in logs.by_name.items():
        assert fields(sessions[name]) == fields(log)
    assert watched.replayed == list(range(begun + 1, journal.seq + 1))
    return watched.replayed


def fields(log: SessionLog) -> list[object]:
    return [getattr(log, name) for name in SessionLog.__slots__]


def test_a_start_needs_only_what_came_after(journal: SqliteJournal) -> None:
    snapped(journal, "a", "b", "s")
    trade(journal, "d", "e")
    assert start(journal) == [4, 5]


def test_a_snapshot_of_the_last_batch_is_all(journal: SqliteJournal) -> None:
    snapped(journal, "a", "stop")
    assert start(journal) == []
    _, logs, _ = recover(journal.path.parent, journal, WINDOW)
    assert logs.clean


def test_a_snapshot_while_it_runs_is_no_clean_stop(journal: SqliteJournal) -> None:
    snapped(journal, "a")
    assert start(journal) == []
    _, logs, _ = recover(journal.path.parent, journal, WINDOW)
    assert not logs.clean


def test_every_field_of_a_session_is_in_it() -> None:
    assert set(SessionImage.__struct_fields__) - {"name"} == set(SessionLog.__slots__)


def test_the_sessions_go_on_from_it(journal: SqliteJournal) -> None:
    snapped(journal, "a", "b")
    _, logs, _ = recover(journal.path.parent, journal, WINDOW)
    log = logs[SESSION]
    assert (log.next_sender, log.next_target, log.reset_time) == (3, 7, 7)
    assert list(log.batches(1, 2)) == [1, 2] and logs["FIX.4.4:AWAY"].untold == [1, 2]
    log.firsts.append(2**40)


def test_without_any_snapshot_everything_is_carried_out(journal: SqliteJournal) -> None:
    trade(journal, "a", "b")
    assert start(journal) == [1, 2]


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def of_another_version(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content.replace(b"snapshot 5", b"snapshot 4", 1))


def of_another_layout(path: Path) -> None:
    """With a digest that is right."""
    body = msgspec.msgpack.encode(["no", "snapshot"])
    digest = module.blake2b(body, digest_size=32).digest()
    path.write_bytes(module.HEADER + digest + body)


def of_another_history(path: Path) -> None:
    """After a batch that ended in another CRC."""
    rewrite(path, crc=1)


def rewrite(path: Path, **changes: object) -> None:
    changed = msgspec.structs.replace(read_snapshot(path), **changes)
    write_snapshot(path.parents[1], changed)


DAMAGES = [flip, cut, empty, of_another_version, of_another_layout, of_another_history]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_bad_one_falls_back_to_an_older(
    journal: SqliteJournal, damage: Callable[[Path], None]
) -> None:
    snapped(journal, "a")
    damage(snapped(journal, "b"))
    trade(journal, "d")
    with capture_logs() as logs:
        assert start(journal) == [2, 3]
    assert [(log["log_level"], log["event"]) for log in logs] == [
        ("warning", "snapshot is not used")
    ]


@pytest.mark.parametrize("damage", DAMAGES)
def test_at_last_everything_is_carried_out(
    journal: SqliteJournal, damage: Callable[[Path], None]
) -> None:
    damage(snapped(journal, "a", "b"))
    assert start(journal) == [1, 2]


def test_what_cannot_have_been_is_not_used(journal: SqliteJournal) -> None:
    """It can be read, but its orders are of sessions that it does not name."""
    path = snapped(journal, "a", "b")
    venue = read_snapshot(path).venue
    session = msgspec.structs.replace(venue.orders.session, values=[])
    orders = msgspec.structs.replace(venue.orders, session=session)
    rewrite(path, venue=msgspec.structs.replace(venue, orders=orders))
    assert start(journal) == [1, 2]


def test_one_that_is_newer_than_the_journal_is_not_used(journal: SqliteJournal) -> None:
    """The journal lost its end; what its next batches will be is open."""
    snapped(journal, "a")
    newer = snapped(journal, "b", "d")
    with sqlite3.connect(journal.path) as db:
        db.execute("DELETE FROM batches WHERE seq > 2")
    db.close()
    journal.seq = 2
    with capture_logs() as logs:
        assert start(journal) == [2]
    assert "does not have" in logs[0]["reason"]
    with pytest.raises(JournalError, match=r"is of batch 3, but the journal ends with batch 2"):
        discard_newer(journal.path.parent, journal.seq, True)
    discard_newer(journal.path.parent, journal.seq, False)
    assert not newer.exists() and len(snapshots(journal.path.parent)) == 1


def test_of_a_journal_that_does_not_reach_back(journal: SqliteJournal) -> None:
    """The error says which batches are needed."""
    path = snapped(journal, "a", "b")
    with sqlite3.connect(journal.path) as db:
        db.execute("DELETE FROM batches WHERE seq = 1")
    db.close()
    recover(journal.path.parent, journal, WINDOW)
    path.unlink()
    with pytest.raises(JournalError, match="batch 1 is missing"):
        recover(journal.path.parent, journal, WINDOW)


def test_the_newest_three_are_kept(journal: SqliteJournal) -> None:
    data = journal.path.parent
    for name in "abdef":
        snapped(journal, name)
    (data / "snapshots/000000000009.new").write_bytes(b"left by a process that was killed")
    assert [seq for seq, _ in snapshots(data)] == [5, 4, 3]
    snapped(journal, "g")
    assert sorted(path.name for path in (data / "snapshots").iterdir()) == [
        f"00000000000{seq}.snap" for seq in (4, 5, 6)
    ]


def test_the_one_just_written_is_never_removed(journal: SqliteJournal) -> None:
    data = journal.path.parent
    first = read_snapshot(snapped(journal, "a"))
    for name in "bde":
        snapped(journal, name)
    assert write_snapshot(data, first).exists()


def test_a_file_is_whole_and_on_disk_before_it_has_its_name(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the name is on disk before an older one is removed."""
    trade(journal, "a")
    told: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def synced(descriptor: int) -> None:
        told.append("sync " + Path(os.readlink(f"/proc/self/fd/{descriptor}")).name)
        fsync(descriptor)

    def renamed(path: Path, target: Path) -> Path:
        told.append(f"{path.name} to {target.name}")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "rename", renamed)
    write_next(journal.path.parent, WINDOW, READER)
    name = "000000000001"
    assert told[:3] == [f"sync {name}.new", f"{name}.new to {name}.snap", "sync snapshots"]


def test_the_disk_is_full(journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    trade(journal, "a")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(JournalError, match=r"000000000001\.snap cannot be written: .*No space"):
        write_next(journal.path.parent, WINDOW, READER)
    assert list((journal.path.parent / "snapshots").iterdir()) == []


def test_its_hash_is_that_of_the_state(journal: SqliteJournal) -> None:
    trade(journal, "a", "s")
    venue, logs, _ = recover(journal.path.parent, journal, WINDOW)
    snapshot = take(2, journal.fetch(2), venue, logs)
    assert snapshot.state_hash == venue.state_hash()
    [found] = usable_after(journal, snapshot)
    assert found == snapshot and found.time == 2


def usable_after(journal: SqliteJournal, snapshot: Snapshot) -> list[Snapshot]:
    write_snapshot(journal.path.parent, snapshot)
    return list(usable(journal.path.parent, journal.seq))


def test_nothing_new(journal: SqliteJournal) -> None:
    data = journal.path.parent
    assert write_next(data, WINDOW, READER) is None
    snapped(journal, "a")
    assert write_next(data, WINDOW, READER) is None


def test_the_journal_is_read_as_it_was(journal: SqliteJournal) -> None:
    """Batches that a running venue adds meanwhile are for the next one."""
    trade(journal, "a", "b")
    with closing(JournalBeside(journal.path.parent, READER)) as beside:
        trade(journal, "d")
        assert [seq for seq, _ in beside.read()] == [1, 2]
        assert beside.seq == 2 and beside.fetch(1) == journal.fetch(1)


def test_reading_lets_the_log_of_the_database_go(journal: SqliteJournal) -> None:
    """A checkpoint does not wait for a snapshot that is read slowly."""
    trade(journal, *(f"a{nth}" for nth in range(600)))
    with closing(JournalBeside(journal.path.parent, READER)) as beside:
        reading = beside.read()
        next(reading)
        with closing(sqlite3.connect(journal.path)) as db:
            [(busy, *_)] = db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert not busy
        assert len(list(reading)) == 599


def test_it_ends_when_the_venue_is_gone(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    trade(journal, "a", "b")
    with closing(JournalBeside(journal.path.parent, READER)) as beside:
        monkeypatch.setattr(os, "getppid", lambda: 1)
        with pytest.raises(JournalError, match="the venue has ended"):
            list(beside.read())


def test_as_a_process(journal: SqliteJournal) -> None:
    trade(journal, "a")
    data = journal.path.parent
    command = [sys.executable, "-m", "venue.journal.snapshotter"]
    subprocess.run([*command, str(data), "100"], check=True, timeout=300)
    assert [seq for seq, _ in snapshots(data)] == [1]
    failed = subprocess.run(
        [*command, str(data / "none"), "100"], capture_output=True, text=True, check=False
    )
    assert failed.returncode == 1
    [line] = failed.stdout.splitlines()
    assert "no snapshot was made" in line and "there is no journal" in line
