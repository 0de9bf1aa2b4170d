"""`venue journal archive`: whatever ends it, every batch is in some place, and readable."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.unit.journal_tools.made import add_snapshot, make_journal
from venue.core.venue import Venue
from venue.errors import JournalError
from venue.journal.archive import archives, write_archive
from venue.journal.batch import Batch, Sent, encode_batch
from venue.journal.recovery import replay
from venue.journal.session_log import SessionLogs
from venue.journal.sqlite import SqliteJournal
from venue.journal_tools.archive import archive
from venue.journal_tools.check import Check
from venue.journal_tools.history import History

BATCHES = 100
SNAPSHOT = 80
OTHER = "import sys; from tests.unit.journal_tools import test_archive as t; t.hold(sys.argv[1])"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A journal with a snapshot, in which no session may ask for anything."""
    data = tmp_path / "data"
    with closing(SqliteJournal(data, "off")) as journal:
        for seq in range(1, BATCHES + 1):
            journal.append(encode_batch(Batch(seq, [])))
    add_snapshot(data, SNAPSHOT)
    return data


def everything(data: Path) -> list[tuple[int, bytes]]:
    with closing(History(data)) as history:
        return list(history.read(history.first))


def in_journal(data: Path) -> list[int]:
    with closing(sqlite3.connect(data / "journal.db")) as db:
        return [seq for (seq,) in db.execute("SELECT seq FROM batches ORDER BY seq")]


def is_whole(data: Path) -> bool:
    check = Check(data)
    return bool(list(check.lines())) and not check.faults


def test_what_a_start_needs_stays(data: Path) -> None:
    before = everything(data)
    (line,) = archive(data, 0)
    path = data / "archive" / f"{1:012}-{SNAPSHOT:012}.db"
    assert line == f"archived batches 1 to {SNAPSHOT} in {path}"
    assert archives(data) == [(1, SNAPSHOT, path)]
    assert in_journal(data) == list(range(SNAPSHOT + 1, BATCHES + 1))
    assert everything(data) == before
    assert is_whole(data)
    with closing(SqliteJournal(data, "off")) as journal:
        assert (journal.archived, journal.seq) == (SNAPSHOT, BATCHES)
        assert list(journal.read(SNAPSHOT + 1)) == before[SNAPSHOT:]
        assert list(journal.read()) == before
        assert list(journal.read(50)) == before[49:]


def test_it_is_its_owners_alone(data: Path) -> None:
    before = os.umask(0o022)
    try:
        list(archive(data, 0))
    finally:
        os.umask(before)
    [(_, _, path)] = archives(data)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600


def test_keep(data: Path) -> None:
    list(archive(data, 30))
    assert in_journal(data) == list(range(71, BATCHES + 1))
    (line,) = archive(data, 30)
    assert line == f"nothing to archive: the newest good snapshot is of batch {SNAPSHOT}," + (
        " the journal has 30"
    )


def test_one_archive_after_another(data: Path) -> None:
    before = everything(data)
    list(archive(data, 60))
    list(archive(data, 0))
    assert [each[:2] for each in archives(data)] == [(1, 40), (41, SNAPSHOT)]
    assert everything(data) == before
    assert is_whole(data)


def test_the_last_number_survives_an_archive_of_everything(data: Path) -> None:
    before = everything(data)
    add_snapshot(data, BATCHES)
    list(archive(data, 0))
    assert in_journal(data) == []
    with closing(SqliteJournal(data, "off")) as journal:
        assert journal.seq == BATCHES
        journal.append(encode_batch(Batch(BATCHES + 1, [])))
    assert in_journal(data) == [BATCHES + 1]
    assert everything(data)[:BATCHES] == before
    assert is_whole(data)


def test_the_file_shrinks(tmp_path: Path) -> None:
    with closing(SqliteJournal(tmp_path, "off")) as journal:
        for seq in range(1, 101):
            journal.append(encode_batch(Batch(seq, [], [Sent("A", seq, ["report" * 1000])])))
        journal.append(encode_batch(Batch(101, [], reset={"A": 101})))
    size = (tmp_path / "journal.db").stat().st_size
    add_snapshot(tmp_path, 101)
    list(archive(tmp_path, 10))
    assert (tmp_path / "journal.db").stat().st_size < size / 5
    assert not (tmp_path / "journal.db-wal").exists()


def test_what_sessions_may_ask_for_stays(tmp_path: Path) -> None:
    """Reports within the resend window, and those that wait."""
    with closing(SqliteJournal(tmp_path, "off")) as journal:
        for seq in range(1, 21):
            batch = Batch(seq, [])
            if seq in (3, 7):
                batch.sent = [Sent("A", seq, ["report"])]
            if seq == 5:
                batch.sent = [Sent("B", 0, ["waits"])]
            if seq in (1, 2):
                batch.sent = [Sent("C", seq, ["report"])]
            if seq == 10:
                batch.reset = {"C": 10}
            journal.append(encode_batch(batch))
    add_snapshot(tmp_path, 20)
    list(archive(tmp_path, 0))
    assert in_journal(tmp_path) == [3, 5, 7]
    with closing(SqliteJournal(tmp_path, "off")) as journal:
        assert journal.seq == 20
        assert journal.fetch(5) == encode_batch(Batch(5, [], [Sent("B", 0, ["waits"])]))
    assert is_whole(tmp_path)


def test_a_start_without_a_good_snapshot_reads_the_archives(tmp_path: Path) -> None:
    writer = make_journal(tmp_path, BATCHES)
    add_snapshot(tmp_path, SNAPSHOT)
    list(archive(tmp_path, 0))
    with closing(SqliteJournal(tmp_path, "off")) as journal:
        venue = Venue()
        replay(journal, venue, SessionLogs())
    assert venue.state_hash() == writer.hashes[BATCHES]


def test_an_archive_that_is_gone(data: Path) -> None:
    list(archive(data, 0))
    archives(data)[0].path.unlink()
    with closing(SqliteJournal(data, "off")) as journal:
        with pytest.raises(JournalError, match=r"^batch 5 was archived, and is not in .*archive"):
            list(journal.read(5))
        assert len(list(journal.read(SNAPSHOT + 1))) == BATCHES - SNAPSHOT


def test_nothing_to_archive(tmp_path: Path) -> None:
    make_journal(tmp_path, 5)
    assert list(archive(tmp_path, 0)) == ["nothing to archive: no good snapshot, the journal has 5"]
    assert in_journal(tmp_path) == [1, 2, 3, 4, 5]


def test_a_damaged_snapshot_is_no_reason(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = add_snapshot(data, 90)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    list(archive(data, 0))
    assert in_journal(data)[0] == SNAPSHOT + 1
    assert f"snapshot {path} is damaged" in capsys.readouterr().err


def test_no_journal(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=r"^there is no journal "):
        list(archive(tmp_path / "typo", 0))
    assert not (tmp_path / "typo").exists()


def hold(data: str) -> None:
    """Have the journal, until the standard input ends."""
    with closing(SqliteJournal(Path(data), "off")):
        print("held", flush=True)
        sys.stdin.read()


def test_a_venue_that_runs(data: Path) -> None:
    command = [sys.executable, "-c", OTHER, str(data)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as venue:
        assert venue.stdout is not None and venue.stdout.readline() == "held\n"
        with pytest.raises(JournalError, match=f"in use by the venue of process {venue.pid}$"):
            list(archive(data, 0))
        venue.communicate()
    assert in_journal(data) == list(range(1, BATCHES + 1))


class CrashError(Exception):
    """What ends the run in a test."""


def crash(*_: Any, **__: Any) -> None:
    raise CrashError


def crash_once_renamed(old: Any, new: Any) -> None:
    Path(old).replace(new)
    raise CrashError


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("venue.journal.archive._bring_to_disk", crash),
        ("os.rename", crash),
        ("os.rename", crash_once_renamed),
        ("venue.journal.sqlite.SqliteJournal.give_up", crash),
    ],
)
def test_a_crash_at_any_step(
    data: Path, where: str, what: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(data)
    with monkeypatch.context() as broken:
        broken.setattr(where, what)
        with pytest.raises(CrashError):
            list(archive(data, 0))
    assert in_journal(data) == list(range(1, BATCHES + 1))
    assert everything(data) == before
    assert is_whole(data)
    list(archive(data, 0))
    assert in_journal(data) == list(range(SNAPSHOT + 1, BATCHES + 1))
    assert everything(data) == before
    assert [each[:2] for each in archives(data)] == [(1, SNAPSHOT)]
    assert len(list((data / "archive").iterdir())) == 1


def test_a_crash_within_the_deletion_deletes_nothing(data: Path) -> None:
    """What deletes is one transaction: killed in it, the journal is as before."""
    before = everything(data)
    killed = (
        "import sqlite3, sys, os, signal\n"
        f"db = sqlite3.connect({str(data / 'journal.db')!r}, isolation_level=None)\n"
        "db.execute('BEGIN'); db.execute('DELETE FROM batches WHERE seq <= 80')\n"
        "db.execute('INSERT INTO archived VALUES (80)'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", killed], check=False)
    assert everything(data) == before
    list(archive(data, 0))
    assert everything(data) == before


def test_an_interrupted_run_and_then_one_that_keeps_more(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(data)
    with monkeypatch.context() as broken:
        broken.setattr("venue.journal.sqlite.SqliteJournal.give_up", crash)
        with pytest.raises(CrashError):
            list(archive(data, 0))
    list(archive(data, 50))
    assert [each[:2] for each in archives(data)] == [(1, 50)]
    assert everything(data) == before


@pytest.mark.parametrize("first", [1, 2])
def test_an_archive_of_another_history(data: Path, first: int) -> None:
    others = [(seq, encode_batch(Batch(0, []))) for seq in range(first, 31)]
    path = write_archive(data, first, 30, others).path
    with pytest.raises(JournalError, match=f"{path}.*: move it away$"):
        list(archive(data, 0))
    assert in_journal(data) == list(range(1, BATCHES + 1))


def test_what_does_not_read_back_is_not_deleted(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path)) as db:
            db.execute("UPDATE batches SET body = x'00', crc = 3523407757 WHERE seq = 3")
            db.commit()

    monkeypatch.setattr("venue.journal.archive._bring_to_disk", spoil)
    with pytest.raises(JournalError, match=r"is not read back as it was written$"):
        list(archive(data, 0))
    assert in_journal(data) == list(range(1, BATCHES + 1))
    assert archives(data) == []


def test_an_archive_that_cannot_be_written(data: Path) -> None:
    (data / "archive").write_text("in the way")
    with pytest.raises(JournalError, match=r"^archive .* cannot be written: "):
        list(archive(data, 0))
    assert in_journal(data) == list(range(1, BATCHES + 1))


def test_it_is_on_disk_before_anything_is_deleted(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, give_up = os.fsync, SqliteJournal.give_up

    def synced(descriptor: int) -> None:
        fsync(descriptor)
        file = os.fstat(descriptor).st_ino
        places = (data, *data.iterdir(), *data.glob("archive/*"))
        done.extend(place.name for place in places if place.stat().st_ino == file)

    def given_up(journal: SqliteJournal, *arguments: Any) -> None:
        done.append("given up")
        give_up(journal, *arguments)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(SqliteJournal, "give_up", given_up)
    list(archive(data, 0))
    name = f"{1:012}-{SNAPSHOT:012}.db.new"
    assert done == ["data", name, "archive", "given up"]
