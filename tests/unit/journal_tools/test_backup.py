"""`venue journal backup`: a copy of one moment, from which a venue goes on."""

import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.journal_tools.made import add_snapshot
from venue.errors import JournalError
from venue.journal.batch import Batch, encode_batch
from venue.journal.sqlite import SqliteJournal
from venue.journal_tools import backup as module
from venue.journal_tools.archive import archive
from venue.journal_tools.backup import backup
from venue.journal_tools.check import Check
from venue.journal_tools.history import History


def write(data: Path, *seqs: int) -> None:
    with closing(SqliteJournal(data, "off")) as journal:
        for seq in seqs:
            journal.append(encode_batch(Batch(seq, [])))


def everything(data: Path) -> list[tuple[int, bytes]]:
    with closing(History(data)) as history:
        return list(history.read(history.first))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A journal with an archive, a snapshot and secrets."""
    data = tmp_path / "data"
    write(data, *range(1, 21))
    add_snapshot(data, 15)
    list(archive(data, 0))
    (data / "passwords").write_text("secret")
    (data / "web-key").write_bytes(b"\0key")
    (data / "other").write_text("not ours")
    return data


def test_everything_is_copied(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "backups" / "today"
    journal, *others = backup(data, target)
    assert journal.startswith("journal up to batch 20, ")
    assert others == ["1 archive", f"snapshot {15:012}.snap", "passwords, web-key"]
    names = {path.name for path in target.iterdir()}
    assert names == {"journal.db", "archive", "snapshots", "passwords", "web-key"}
    assert everything(target) == everything(data)
    check = Check(target)
    assert list(check.lines()) and not check.faults
    assert (target / "web-key").read_bytes() == b"\0key"
    for path in (target, *target.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
    write(target, 21, 22)
    assert [seq for seq, _ in everything(target)] == list(range(1, 23))


def test_everything_is_archived(tmp_path: Path) -> None:
    data = tmp_path / "data"
    write(data, 1, 2, 3)
    add_snapshot(data, 3)
    list(archive(data, 0))
    assert next(backup(data, tmp_path / "copy")).startswith("journal up to batch 3, ")


def test_beside_a_venue_that_writes(tmp_path: Path) -> None:
    """It has what was written before, and it ends."""
    data, target = tmp_path / "data", tmp_path / "copy"
    ended = threading.Event()
    begun = threading.Event()

    def venue() -> None:
        with closing(SqliteJournal(data, "off")) as journal:
            seq = 0
            while not ended.is_set():
                seq += 1
                journal.append(encode_batch(Batch(seq, [])))
                if seq == 2_000:
                    begun.set()

    thread = threading.Thread(target=venue)
    thread.start()
    try:
        assert begun.wait(60)
        list(backup(data, target))
    finally:
        ended.set()
        thread.join()
    copied = everything(target)
    assert copied == everything(data)[: len(copied)] and len(copied) > 1_000


def test_a_directory_with_something_in_it(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    target.mkdir()
    (target / "journal.db-wal").write_text("of another journal")
    with pytest.raises(JournalError, match="not empty"):
        list(backup(data, target))
    assert [path.name for path in target.iterdir()] == ["journal.db-wal"]


@pytest.mark.parametrize("name", ["_copy", "_copy_journal"])
def test_half_a_backup_is_none(
    name: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, name, fail)
    with pytest.raises(JournalError, match="No space left"):
        list(backup(data, tmp_path / "copy"))
    assert not (tmp_path / "copy" / "journal.db").exists()


def test_there_is_no_journal(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="there is no journal"):
        list(backup(tmp_path / "nothing", tmp_path / "copy"))
