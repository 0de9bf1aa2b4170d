import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from venue.errors import JournalError
from venue.journal.sqlite import LONGEST_TAIL, MOST_PENDING, SqliteJournal, Sync

SYNCS: list[Sync] = ["batch", "interval", "off"]
SECOND_VENUE = """
import sys
from pathlib import Path
from venue.errors import JournalError
from venue.journal.sqlite import SqliteJournal

try:
    SqliteJournal(Path(sys.argv[1]), "off")
except JournalError as error:
    print(error)
"""


@contextmanager
def opened(directory: Path, sync: Sync = "off", interval_ms: int = 50) -> Iterator[SqliteJournal]:
    with closing(SqliteJournal(directory, sync, interval_ms)) as journal:
        yield journal


@contextmanager
def opened_beside(directory: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(directory / "journal.db", isolation_level=None)) as db:
        yield db


def written(db: sqlite3.Connection) -> int:
    """Batches that another process finds."""
    return int(db.execute("SELECT count(*) FROM batches").fetchone()[0])


def damage(directory: Path, statement: str) -> None:
    with opened_beside(directory) as db:
        db.execute(statement)


@pytest.mark.parametrize("sync", SYNCS)
def test_batches_come_back_in_order(tmp_path: Path, sync: Sync) -> None:
    bodies = [b"one", b"", bytes(range(256)), b"x" * 100_000]
    with opened(tmp_path, sync) as journal:
        assert journal.seq == 0 and list(journal.read()) == []
        for body in bodies:
            journal.append(body)
        assert journal.seq == 4
        assert list(journal.read()) == list(enumerate(bodies, 1))
    with opened(tmp_path, sync) as journal:
        assert journal.seq == 4
        journal.append(b"five")
        assert list(journal.read()) == list(enumerate([*bodies, b"five"], 1))


def test_read_from_the_middle(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        for body in (b"1", b"2", b"3"):
            journal.append(body)
        assert list(journal.read(2)) == [(2, b"2"), (3, b"3")]
        assert list(journal.read(4)) == []


@pytest.mark.parametrize("gone", [1, 2])
def test_a_gap(tmp_path: Path, gone: int) -> None:
    with opened(tmp_path) as journal:
        for body in (b"1", b"2", b"3"):
            journal.append(body)
    damage(tmp_path, f"DELETE FROM batches WHERE seq = {gone}")
    with opened(tmp_path) as journal:
        with pytest.raises(JournalError, match=f"batch {gone} is missing from "):
            list(journal.read())
        assert [seq for seq, _ in journal.read(3)] == [3]


def test_the_directory_is_made(tmp_path: Path) -> None:
    with opened(tmp_path / "a" / "b") as journal:
        assert journal.path == tmp_path / "a" / "b" / "journal.db"
        assert journal.path.exists()


def test_a_second_venue_in_another_process_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path):
        command = [sys.executable, "-c", SECOND_VENUE, str(tmp_path)]
        root = Path(__file__).parents[3]
        second = subprocess.run(command, capture_output=True, text=True, cwd=root, check=True)
    assert second.stdout == f"{tmp_path} is in use by the venue of process {os.getpid()}\n"
    assert second.stderr == ""


def test_a_second_venue_in_the_same_process_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(JournalError, match="is in use by the venue of process"):
        SqliteJournal(tmp_path, "off")


def test_close_gives_the_directory_free(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.append(b"1")
    with opened(tmp_path) as journal:
        assert journal.seq == 1


def test_a_killed_venue_leaves_its_batches_and_no_lock(tmp_path: Path) -> None:
    killed = """
import os, sys
from pathlib import Path
from venue.journal.sqlite import SqliteJournal

journal = SqliteJournal(Path(sys.argv[1]), "batch")
for n in range(10):
    journal.append(b"%d" % n)
os._exit(9)
"""
    root = Path(__file__).parents[3]
    child = subprocess.run([sys.executable, "-c", killed, str(tmp_path)], cwd=root, check=False)
    assert child.returncode == 9
    with opened(tmp_path) as journal:
        assert [body for _, body in journal.read()] == [b"%d" % n for n in range(10)]


def test_what_is_no_database(tmp_path: Path) -> None:
    """And no lock stays behind: the second try says the same."""
    (tmp_path / "journal.db").write_bytes(b"no database, but long enough to be taken for one" * 99)
    for _ in range(2):
        with pytest.raises(JournalError, match=r"journal .*journal.db cannot be opened: "):
            SqliteJournal(tmp_path, "off")


def test_a_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="cannot be opened: "):
        SqliteJournal(tmp_path / "file" / "below", "off")


def test_a_damaged_page(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        for _ in range(50):
            journal.append(b"x" * 3000)
    path = tmp_path / "journal.db"
    body = bytearray(path.read_bytes())
    body[40_000:60_000] = b"\xff" * 20_000
    path.write_bytes(body)
    with (
        pytest.raises(JournalError, match=r"(batch [0-9]+|journal).* `venue journal check`"),
        opened(tmp_path) as journal,
    ):
        list(journal.read())


def change(directory: Path, *seqs: int) -> None:
    """Flip a bit in the body of batches."""
    for seq in seqs:
        damage(directory, f"UPDATE batches SET body = x'ff' || substr(body, 2) WHERE seq = {seq}")


@pytest.mark.parametrize("damaged", [1, 3, LONGEST_TAIL])
def test_a_damaged_end_is_cut_off_and_kept(
    tmp_path: Path, damaged: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(tmp_path) as journal:
        for n in range(LONGEST_TAIL + 10):
            journal.append(b"batch %d" % n)
    last = LONGEST_TAIL + 10 - damaged
    change(tmp_path, *range(last + 1, LONGEST_TAIL + 11))
    with opened(tmp_path) as journal:
        assert f"{last + 1} to {LONGEST_TAIL + 10}" in capsys.readouterr().out
        assert journal.seq == last
        assert len(list(journal.read())) == last
        journal.append(b"goes on")
        assert journal.fetch(last + 1) == b"goes on"
    with closing(sqlite3.connect(tmp_path / "journal.db")) as db:
        cut = [seq for (seq,) in db.execute("SELECT seq FROM cut ORDER BY seq")]
    assert cut == list(range(last + 1, LONGEST_TAIL + 11))


def test_more_than_an_end_that_is_damaged_is_not_touched(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        for n in range(LONGEST_TAIL + 2):
            journal.append(b"batch %d" % n)
    change(tmp_path, *range(2, LONGEST_TAIL + 3))
    with pytest.raises(JournalError, match="is damaged from batch 2 or before"):
        SqliteJournal(tmp_path, "off")
    with closing(sqlite3.connect(tmp_path / "journal.db")) as db:
        assert written(db) == LONGEST_TAIL + 2


def test_a_damaged_batch_in_the_middle(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        for n in range(5):
            journal.append(b"batch %d" % n)
    change(tmp_path, 3)
    with opened(tmp_path) as journal:
        with pytest.raises(JournalError, match=r"^batch 3 is damaged; `venue journal check`"):
            list(journal.read())
        with pytest.raises(JournalError, match=r"^batch 3 is damaged"):
            journal.fetch(3)
        assert [seq for seq, _ in journal.read(4)] == [4, 5]


def test_a_journal_of_another_format(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    damage(tmp_path, "PRAGMA user_version = 2")
    with pytest.raises(JournalError, match="has an older format, this venue reads 5"):
        SqliteJournal(tmp_path, "off")
    damage(tmp_path, "PRAGMA user_version = 6")
    with pytest.raises(JournalError, match="has format 6, this venue reads 5"):
        SqliteJournal(tmp_path, "off")


def test_one_batch_is_fetched_while_others_wait_to_be_written(tmp_path: Path) -> None:
    with opened(tmp_path, "off") as journal:
        journal.append(b"one")
        journal.append(b"two")
        assert journal.fetch(2) == b"two"
        with pytest.raises(JournalError, match=r"^batch 3 is missing"):
            journal.fetch(3)


@pytest.mark.parametrize("sync", ["batch", "interval"])
def test_a_batch_that_cannot_be_written_leaves_no_gap(tmp_path: Path, sync: Sync) -> None:
    with opened(tmp_path, sync) as journal:
        journal.append(b"1")
        damage(tmp_path, "ALTER TABLE batches RENAME TO elsewhere")
        with pytest.raises(JournalError, match="batch 2 is not written: "):
            journal.append(b"2")
        damage(tmp_path, "ALTER TABLE elsewhere RENAME TO batches")
        journal.append(b"3")
        assert list(journal.read()) == [(1, b"1"), (2, b"3")]


def test_off_writes_behind_the_answers(tmp_path: Path) -> None:
    with opened(tmp_path, "off") as journal, opened_beside(tmp_path) as other:
        for n in range(MOST_PENDING - 1):
            journal.append(b"%d" % n)
        assert written(other) == 0
        journal.append(b"more")
        assert written(other) == MOST_PENDING
        journal.append(b"one more")
        journal.flush()
        assert written(other) == MOST_PENDING + 1
        journal.append(b"the last")
    with opened(tmp_path, "off") as journal:
        assert [body for _, body in journal.read(MOST_PENDING)] == [
            b"more",
            b"one more",
            b"the last",
        ]


@pytest.mark.parametrize("batches", [1, 3])
def test_off_that_cannot_be_written(tmp_path: Path, batches: int) -> None:
    journal = SqliteJournal(tmp_path, "off")
    for _ in range(batches):
        journal.append(b"lost")
    damage(tmp_path, "ALTER TABLE batches RENAME TO elsewhere")
    with pytest.raises(JournalError, match="batch 1 is not written: "):
        journal.close()
    damage(tmp_path, "ALTER TABLE elsewhere RENAME TO batches")
    with opened(tmp_path) as journal:
        assert list(journal.read()) == []


@pytest.mark.parametrize("sync", ["batch", "interval"])
def test_a_batch_is_written_when_append_returns(tmp_path: Path, sync: Sync) -> None:
    with opened(tmp_path, sync) as journal, opened_beside(tmp_path) as other:
        journal.append(b"1")
        assert written(other) == 1


@pytest.mark.parametrize(("sync", "synchronous"), [("batch", 2), ("interval", 1), ("off", 0)])
def test_how_durable_sqlite_is_told_to_be(tmp_path: Path, sync: Sync, synchronous: int) -> None:
    with opened(tmp_path, sync) as journal:
        assert journal._db.execute("PRAGMA synchronous").fetchone() == (synchronous,)
        assert journal._db.execute("PRAGMA journal_mode").fetchone() == (b"wal",)


@pytest.mark.parametrize(
    ("sync", "interval_ms", "syncs"),
    [("interval", 0, 3), ("interval", 60_000, 0), ("batch", 0, 0), ("off", 0, 0)],
)
def test_interval_syncs_what_it_owes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sync: Sync, interval_ms: int, syncs: int
) -> None:
    synced: list[int] = []
    with opened(tmp_path, sync, interval_ms) as journal:
        monkeypatch.setattr(os, "fdatasync", synced.append)
        journal.append(b"1")
        journal.append(b"2")
        journal.flush()
        assert len(synced) == syncs
        monkeypatch.undo()


@pytest.mark.parametrize("sync", ["batch", "off"])
def test_a_reader_that_holds_the_lock_for_an_instant(tmp_path: Path, sync: Sync) -> None:
    """The writer tries again at once, and loses nothing."""
    with (
        opened(tmp_path, sync) as journal,
        closing(
            sqlite3.connect(journal.path, isolation_level=None, check_same_thread=False)
        ) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.05, other.execute, ["ROLLBACK"])
        release.start()
        journal.append(b"one")
        journal.append(b"two")
        journal.flush()
        release.join()
        assert [body for _, body in journal.read()] == [b"one", b"two"]
