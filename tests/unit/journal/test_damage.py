"""A journal that was damaged while no venue ran: all that was acknowledged is there, or the damage
is told. Never less in silence, never another error than a `JournalError`.
"""

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from venue.errors import JournalError
from venue.journal.sqlite import SqliteJournal, Sync

BATCHES = 118
BODIES = [random.Random(seq).randbytes(50 + 37 * seq % 900) for seq in range(1, BATCHES + 1)]

LEAF = 13
"""The first byte of a page with rows of a table."""
FRAME = 24 + 4096
"""Bytes of a frame of the log: a header and a page."""

Damage = Callable[[Path], None]


def written(directory: Path, *, killed: bool) -> Path:
    """A data directory with two starts in its past, the last of which ended by itself or not."""
    live = directory / "live"
    for part in (BODIES[: BATCHES // 2], BODIES[BATCHES // 2 :]):
        journal = SqliteJournal(live, "batch")
        for body in part:
            journal.append(body)
        shutil.copytree(live, directory / "killed", dirs_exist_ok=True)
        journal.close()
    return directory / "killed" if killed else live


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("killed"), killed=True)


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("closed"), killed=False)


def outcome(data: Path, sync: Sync = "batch") -> str:
    """Open a journal as a start of the venue does, and tell what becomes of it."""
    with capture_logs() as told:
        try:
            journal = SqliteJournal(data, sync)
            try:
                read = [body for _, body in journal.read()]
            finally:
                journal.close()
        except JournalError as error:
            return "refused" if str(error).isprintable() else "refused in more than a line"
    assert read == BODIES[: len(read)], "another batch than was written"
    if len(read) == BATCHES:
        return "whole"
    assert any(each["log_level"] == "warning" for each in told), f"only {len(read)}, in silence"
    return "warned"


def damaged(sound: Path, directory: Path, name: str, damage: Damage) -> Path:
    data = directory / "data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(sound, data)
    damage(data / name)
    return data


def flip(offset: int, bit: int) -> Damage:
    def damage(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[offset] ^= 1 << bit
        path.write_bytes(content)

    return damage


def cut(length: int) -> Damage:
    def damage(path: Path) -> None:
        path.write_bytes(path.read_bytes()[:length])

    return damage


def zeros(offset: int) -> Damage:
    """A sector that was never written."""

    def damage(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[offset : offset + 512] = bytes(len(content[offset : offset + 512]))
        path.write_bytes(content)

    return damage


def outcomes(sound: Path, directory: Path, name: str, damages: list[Damage]) -> set[str]:
    return {outcome(damaged(sound, directory, name, damage)) for damage in damages}


def offsets(path: Path, count: int, *more: int) -> list[int]:
    size = path.stat().st_size
    chosen = random.Random(count).sample(range(size), min(count, size))
    return sorted({*chosen, *(each for each in more if each < size)})


def test_nothing_is_damaged(killed: Path, closed: Path, tmp_path: Path) -> None:
    for number, sound in enumerate((killed, closed)):
        shutil.copytree(sound, tmp_path / str(number))
        assert outcome(tmp_path / str(number)) == "whole"


@pytest.mark.parametrize("name", ["journal.db", "journal.db-wal", "journal.db-shm"])
def test_flipped_bits_after_a_crash(killed: Path, tmp_path: Path, name: str) -> None:
    heads = range(0, 132, 3)
    damages = [flip(offset, offset % 8) for offset in offsets(killed / name, 60, *heads)]
    found = outcomes(killed, tmp_path, name, damages)
    expected = {"journal.db": "refused", "journal.db-wal": "refused", "journal.db-shm": "whole"}
    assert expected[name] in found


def test_flipped_bits_after_a_clean_stop(closed: Path, tmp_path: Path) -> None:
    """Also in the pages' own headers, where whole rows may vanish."""
    pages = range(0, (closed / "journal.db").stat().st_size, 4096)
    heads = [page + byte for page in pages for byte in (0, 3, 4, 5, 6, 8, 9)]
    chosen = offsets(closed / "journal.db", 60, *range(0, 132, 3), *heads)
    found = outcomes(closed, tmp_path, "journal.db", [flip(each, each % 8) for each in chosen])
    assert {"whole", "refused"} <= found


def test_rows_that_vanish_after_a_clean_stop(closed: Path, tmp_path: Path) -> None:
    """A page that says to have a row less is a good page to SQLite."""

    def one_less(page: int) -> Damage:
        def damage(path: Path) -> None:
            content = bytearray(path.read_bytes())
            content[page + 4] -= 1
            path.write_bytes(content)

        return damage

    content = (closed / "journal.db").read_bytes()
    leaves = [page for page in range(4096, len(content), 4096) if content[page] == LEAF]
    damages = [one_less(page) for page in leaves if content[page + 4]]
    assert len(damages) > 10
    assert "refused" in outcomes(closed, tmp_path, "journal.db", damages)


def test_the_last_rows_are_gone(closed: Path, tmp_path: Path) -> None:
    def without_the_last(path: Path) -> None:
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("DELETE FROM batches WHERE seq > ?", (BATCHES - 3,))

    assert outcome(damaged(closed, tmp_path, "journal.db", without_the_last)) == "refused"


@pytest.mark.parametrize("byte", range(24))
def test_the_head_of_the_last_write(killed: Path, tmp_path: Path, byte: int) -> None:
    """Also where the damage makes it look like what an earlier log has left there."""
    last = (killed / "journal.db-wal").stat().st_size - FRAME
    data = damaged(killed, tmp_path, "journal.db-wal", flip(last + byte, byte % 8))
    assert outcome(data) == "warned"


@pytest.mark.parametrize("name", ["journal.db", "journal.db-wal"])
def test_cut_off_after_a_crash(killed: Path, tmp_path: Path, name: str) -> None:
    """What is cut off a log at the end of a write leaves no trace in it."""
    damages = [cut(length) for length in offsets(killed / name, 40, 0, 31, 32)]
    if name == "journal.db":
        assert "refused" in outcomes(killed, tmp_path, name, damages)
        return
    for damage in damages:
        data = damaged(killed, tmp_path, name, damage)
        journal = None
        try:
            journal = SqliteJournal(data, "batch")
            read = [body for _, body in journal.read()]
            assert read == BODIES[: len(read)]
            assert len(read) >= BATCHES // 2, "what the clean stop left"
        except JournalError:
            continue
        finally:
            if journal is not None:
                journal.close()


def test_cut_off_after_a_clean_stop(closed: Path, tmp_path: Path) -> None:
    damages = [cut(length) for length in offsets(closed / "journal.db", 40, 16, 100, 4096)]
    assert "whole" not in outcomes(closed, tmp_path, "journal.db", damages)


@pytest.mark.parametrize("trace", ["snapshots/1", "archive/1-5.db"])
@pytest.mark.parametrize("length", [None, 0])
def test_a_journal_that_is_gone(tmp_path: Path, trace: str, length: int | None) -> None:
    """In a new directory it is made, in one that has been used it is missed."""
    SqliteJournal(tmp_path / "data", "batch").close()
    other = tmp_path / "data" / trace
    other.parent.mkdir()
    other.write_text("something")
    if length is None:
        (tmp_path / "data" / "journal.db").unlink()
    else:
        cut(length)(tmp_path / "data" / "journal.db")
    with pytest.raises(JournalError, match=f"gone or empty, though .*{trace}"):
        SqliteJournal(tmp_path / "data", "batch")


@pytest.mark.parametrize("name", ["journal.db", "journal.db-wal"])
def test_sectors_of_zeros(killed: Path, tmp_path: Path, name: str) -> None:
    damages = [zeros(offset) for offset in range(0, (killed / name).stat().st_size, 512 * 7)]
    assert "refused" in outcomes(killed, tmp_path, name, damages)


def test_a_log_whose_last_write_is_torn(killed: Path, tmp_path: Path) -> None:
    """It is cut, with a warning that names the batch, and the log is kept."""
    wal = (killed / "journal.db-wal").stat().st_size
    data = damaged(killed, tmp_path, "journal.db-wal", zeros(wal - 600))
    content = (data / "journal.db-wal").read_bytes()
    with capture_logs() as told:
        journal = SqliteJournal(data, "batch")
    assert journal.seq == BATCHES - 1
    journal.append(b"on")
    journal.close()
    [warning] = [each for each in told if each["log_level"] == "warning"]
    assert warning["first_missing_batch"] == BATCHES
    assert (data / warning["kept_in"]).read_bytes() == content


def test_damage_where_not_every_batch_was_on_disk(killed: Path, tmp_path: Path) -> None:
    """With `interval` a power cut may leave holes: the start goes on, with a warning."""
    data = damaged(killed, tmp_path, "journal.db-wal", flip(50_000, 1))
    assert outcome(data) == "refused"
    assert outcome(data, "interval") == "warned"
