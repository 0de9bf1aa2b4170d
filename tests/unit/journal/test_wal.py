import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from venue.errors import JournalError
from venue.journal.sqlite import SqliteJournal, Sync
from venue.journal.wal import check_wal

FRAME = 24 + 4096


@pytest.fixture
def wal(tmp_path: Path) -> Iterator[Path]:
    """The log of ten writes of two pages or more, as it is while SQLite has it open."""
    with closing(sqlite3.connect(tmp_path / "any.db", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE some (body)")
        for _ in range(10):
            db.execute("INSERT INTO some VALUES (hex(randomblob(3000)))")
        yield tmp_path / "any.db-wal"


def test_a_whole_log(wal: Path) -> None:
    found = check_wal(wal)
    assert found == ((wal.stat().st_size - 32) // FRAME, False, "")
    assert found.frames > 20


def test_no_log_and_an_empty_one(tmp_path: Path) -> None:
    assert check_wal(tmp_path / "none") == (0, False, "")
    (tmp_path / "empty").touch()
    assert check_wal(tmp_path / "empty") == (0, False, "")


@pytest.mark.parametrize("length", [10, 32 + 100, 32 + FRAME + 100])
def test_the_middle_of_a_write(wal: Path, length: int) -> None:
    wal.write_bytes(wal.read_bytes()[:length])
    assert check_wal(wal) == (max(0, (length - 32) // FRAME), True, "")


def test_a_last_frame_that_is_half_there(wal: Path) -> None:
    content = bytearray(wal.read_bytes())
    content[-2000:] = bytes(2000)
    wal.write_bytes(content)
    whole = (len(content) - 32) // FRAME - 1
    assert check_wal(wal) == (whole, True, "")


@pytest.mark.parametrize("at", [32 + 8 * FRAME + 500, 32 + 8 * FRAME + 3, 32 + 8 * FRAME + 10])
def test_damage_before_the_last_write(wal: Path, at: int) -> None:
    content = bytearray(wal.read_bytes())
    content[at] ^= 1
    wal.write_bytes(content)
    frames = (len(content) - 32) // FRAME
    damage = f"frame 9 of {frames} is damaged, it and the rest are not read"
    assert check_wal(wal) == (8, False, damage)


@pytest.mark.parametrize("at", [0, 9, 17, 25])
def test_a_damaged_header(wal: Path, at: int) -> None:
    content = bytearray(wal.read_bytes())
    content[at] ^= 1
    wal.write_bytes(content)
    assert check_wal(wal) == (0, False, "its header is damaged, nothing in it is read")


def test_what_an_earlier_log_left(tmp_path: Path) -> None:
    """A log that was brought into the database begins again at its start."""
    with closing(sqlite3.connect(tmp_path / "any.db", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE some (body)")
        for _ in range(10):
            db.execute("INSERT INTO some VALUES (zeroblob(6000))")
        db.execute("PRAGMA wal_checkpoint(RESTART)")
        db.execute("INSERT INTO some VALUES (1)")
        found = check_wal(tmp_path / "any.db-wal")
    assert found.frames < 5
    assert (found.torn, found.damage) == (False, "")


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """The directory of a journal whose venue was killed: every batch is in the log."""
    with closing(SqliteJournal(tmp_path / "running", "off")) as journal:
        for number in range(20):
            journal.append(b"%d" % number * 1000)
            journal.flush()
        return Path(shutil.copytree(tmp_path / "running", tmp_path / "killed"))


def damage(directory: Path, at: int) -> None:
    wal = directory / "journal.db-wal"
    content = bytearray(wal.read_bytes())
    content[at] ^= 1
    wal.write_bytes(content)


@pytest.mark.parametrize("at", [5, -10 * FRAME])
def test_a_damaged_log_stops_the_start(killed: Path, at: int) -> None:
    damage(killed, at)
    with pytest.raises(JournalError, match=r"journal\.db-wal: .* is damaged.*venue journal check"):
        SqliteJournal(killed, "batch")


@pytest.mark.parametrize("sync", ["interval", "off"])
def test_what_was_not_on_disk_yet_may_be_lost(
    killed: Path, sync: Sync, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(killed, -10 * FRAME)
    with closing(SqliteJournal(killed, sync)) as journal:
        assert 0 < journal.seq < 20
    assert "the end of the journal is lost" in capsys.readouterr().out


def test_a_torn_write_stops_nobody(killed: Path) -> None:
    damage(killed, -10)
    with closing(SqliteJournal(killed, "batch")) as journal:
        assert journal.seq == 19
