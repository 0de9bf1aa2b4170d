"""`venue journal check`: whatever happened to the files, it says what can be read of them."""

import random
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.journal_tools.made import SECOND, START, Writer, make_journal, trading
from venue.journal.archive import write_archive
from venue.journal.batch import Batch, Sent, encode_batch
from venue.journal.sqlite import SqliteJournal
from venue.journal_tools import salvage
from venue.journal_tools.check import Check

BATCHES = 200


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory after a clean stop: all is in the database."""
    data = tmp_path_factory.mktemp("closed")
    make_journal(data, BATCHES)
    return data


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory after a kill: all is in the write-ahead log."""
    data = tmp_path_factory.mktemp("killed")
    writer = Writer(data / "running")
    with closing(writer):
        for commands in trading(BATCHES):
            writer.write(*commands)
        writer.journal.flush()
        shutil.copytree(data / "running", data / "killed")
    return data / "killed"


def checked(data: Path) -> tuple[str, int]:
    check = Check(data)
    return "\n".join(line.text for line in check.lines()), check.faults


def readable(report: str) -> int:
    found = re.search(r"readable: .*?(?:\((\d+) in all\)|no batch)", report)
    return 0 if found is None else int(found[1] or 0)


def execute(data: Path, *statements: str) -> None:
    with closing(sqlite3.connect(data / "journal.db", isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_a_whole_journal(closed: Path, killed: Path) -> None:
    for data in (closed, killed):
        report, faults = checked(data)
        assert faults == 0, report
        assert f"readable: batches 1 to {BATCHES} ({BATCHES} in all)" in report


def test_no_journal(tmp_path: Path) -> None:
    report, faults = checked(tmp_path)
    assert f"there is no journal {tmp_path / 'journal.db'}" in report
    assert faults == 1


def test_nothing_is_changed(killed: Path, tmp_path: Path) -> None:
    data = shutil.copytree(killed, tmp_path / "copy")
    before = {name: (data / name).read_bytes() for name in ("journal.db", "journal.db-wal")}
    checked(data)
    assert before == {name: (data / name).read_bytes() for name in before}


def test_a_flipped_bit_in_a_batch(closed: Path, tmp_path: Path) -> None:
    data = shutil.copytree(closed, tmp_path / "copy")
    execute(data, "UPDATE batches SET body = x'ff' || substr(body, 2) WHERE seq IN (58, 59, 90)")
    report, faults = checked(data)
    assert "batches 58 to 59 are lost: its checksum is wrong" in report
    assert "batch 90 is lost: its checksum is wrong" in report
    assert "readable: batches 1 to 57, batches 60 to 89, batches 91 to 200 (197 in all)" in report
    assert faults == 2


def test_missing_batches(closed: Path, tmp_path: Path) -> None:
    data = shutil.copytree(closed, tmp_path / "copy")
    execute(data, "DELETE FROM batches WHERE seq IN (1, 50, 51)")
    report, faults = checked(data)
    assert "batch 1 is missing" in report
    assert "batches 50 to 51 are missing" in report
    assert faults == 2


def test_garbage_in_a_page(closed: Path, tmp_path: Path) -> None:
    """The batches of that page are lost, not those before it and after it."""
    data = shutil.copytree(closed, tmp_path / "copy")
    path = data / "journal.db"
    content = bytearray(path.read_bytes())
    content[20 * 4096 : 21 * 4096] = b"\xff" * 4096
    path.write_bytes(content)
    report, faults = checked(data)
    assert faults > 1
    assert "SQLite: " in report
    lost = sum(
        int(last or first) - int(first) + 1
        for first, last in re.findall(r"batch(?:es)? (\d+)(?: to (\d+))? (?:is|are) lost", report)
    )
    assert 0 < lost < 20
    assert readable(report) == BATCHES - lost
    assert f"to {BATCHES} (" in report


def test_a_file_that_was_cut_off(closed: Path, tmp_path: Path) -> None:
    """SQLite by itself reads nothing of it."""
    data = shutil.copytree(closed, tmp_path / "copy")
    path = data / "journal.db"
    path.write_bytes(path.read_bytes()[: 4096 * 40])
    report, faults = checked(data)
    assert faults > 1
    assert "readable: batches 1 to " in report
    assert 30 < readable(report) < BATCHES


def test_a_damaged_write_ahead_log(killed: Path, tmp_path: Path) -> None:
    """SQLite reads what comes before the damage and does not say that there was more."""
    data = shutil.copytree(killed, tmp_path / "copy")
    wal = data / "journal.db-wal"
    flip(wal, wal.stat().st_size // 2)
    report, faults = checked(data)
    assert re.search(r"journal.db-wal: frame \d+ of \d+ is damaged, it and the rest", report)
    assert faults == 1
    assert 0 < readable(report) < BATCHES


def test_a_torn_last_write_is_no_fault(killed: Path, tmp_path: Path) -> None:
    data = shutil.copytree(killed, tmp_path / "copy")
    wal = data / "journal.db-wal"
    wal.write_bytes(wal.read_bytes()[:-1000])
    report, faults = checked(data)
    assert "journal.db-wal: its last write was interrupted, nobody was answered" in report
    assert faults == 0


def test_a_snapshot_tells_of_batches_that_are_lost(closed: Path, tmp_path: Path) -> None:
    data = shutil.copytree(closed, tmp_path / "copy")
    (data / "snapshots").mkdir()
    (data / "snapshots" / f"{BATCHES:012}.snap").touch()
    assert checked(data)[1] == 0
    later = data / "snapshots" / f"{BATCHES + 1:012}.snap"
    later.touch()
    report, faults = checked(data)
    assert f"{later} is of a later batch than {BATCHES}: some are lost" in report
    assert faults == 1


def test_bytes_that_are_no_batch(tmp_path: Path) -> None:
    with closing(SqliteJournal(tmp_path, "off")) as journal:
        journal.append(encode_batch(Batch(1, [])))
        journal.append(b"garbage")
        journal.append(encode_batch(Batch(1, [], format=9)))
    report, faults = checked(tmp_path)
    assert "batch 2 cannot be read: " in report
    assert "batch 3 has format 9" in report
    assert faults == 2


def batch(at: int, **fields: object) -> Batch:
    made = Batch(START + at * SECOND, [])
    for name, value in fields.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("batches", "fault"),
    [
        ([batch(2), batch(1)], "batch 2: its time 2026-11-21T08:00:01.000000000Z is before"),
        (
            [batch(1, numbers={"A": (5, 5)}), batch(2, numbers={"A": (4, 5)})],
            "batch 2: A's next number out goes back from 5 to 4",
        ),
        (
            [batch(1, numbers={"A": (5, 5)}), batch(2, numbers={"A": (5, 4)})],
            "batch 2: A's next number in goes back from 5 to 4",
        ),
        (
            [batch(1, sent=[Sent("A", 3, ["x", "y"])]), batch(2, sent=[Sent("A", 4, ["z"])])],
            "batch 2: A was sent 4 again, 5 was next",
        ),
    ],
)
def test_what_goes_back(tmp_path: Path, batches: list[Batch], fault: str) -> None:
    with closing(SqliteJournal(tmp_path, "off")) as journal:
        for each in batches:
            journal.append(encode_batch(each))
    report, faults = checked(tmp_path)
    assert fault in report
    assert faults == 1


def test_numbers_that_begin_anew(tmp_path: Path) -> None:
    with closing(SqliteJournal(tmp_path, "off")) as journal:
        journal.append(encode_batch(batch(1, sent=[Sent("A", 9, ["x"])], numbers={"A": (10, 7)})))
        journal.append(encode_batch(batch(2, reset={"A": 5}, numbers={"A": (2, 2)})))
        journal.append(encode_batch(batch(3, sent=[Sent("A", 0, ["waits"])])))
    report, faults = checked(tmp_path)
    assert faults == 0, report


def test_many_faults_are_counted(closed: Path, tmp_path: Path) -> None:
    data = shutil.copytree(closed, tmp_path / "copy")
    execute(data, "DELETE FROM batches WHERE seq % 2 = 0")
    report, faults = checked(data)
    assert faults == BATCHES // 2 - 1
    assert f"and {faults - 20} more faults" in report
    assert len(report) < 3000


def test_archives_are_read_too(closed: Path, tmp_path: Path) -> None:
    data = shutil.copytree(closed, tmp_path / "copy")
    with closing(SqliteJournal(data, "batch")) as journal:
        kept = list(journal.read())
        write_archive(data, 1, 50, kept[:50])
        write_archive(data, 51, 100, kept[50:100])
        journal.give_up(100, [7])
    report, faults = checked(data)
    assert faults == 0, report
    assert report.count("readable: ") == 3
    assert "readable: batches 51 to 100 (50 in all)" in report
    archive = data / "archive" / "000000000001-000000000050.db"
    with closing(sqlite3.connect(archive)) as db:
        db.execute("UPDATE batches SET body = x'00' WHERE seq = 13")
        db.commit()
    report, faults = checked(data)
    assert "batch 13 is lost" in report and faults == 1
    archive.unlink()
    report, faults = checked(data)
    assert "batches 1 to 50 are in no archive here" in report and faults == 0
    execute(data, "UPDATE batches SET crc = 0 WHERE seq = 7")
    assert "batch 7, kept for resends, is damaged" in checked(data)[0]


def test_an_archive_run_that_was_interrupted(closed: Path, tmp_path: Path) -> None:
    data = shutil.copytree(closed, tmp_path / "copy")
    with closing(SqliteJournal(data, "batch")) as journal:
        write_archive(data, 1, 50, list(journal.read())[:50])
    report, faults = checked(data)
    assert "batches 1 to 50 are in an archive, too" in report
    assert faults == 0


Damage = Callable[[random.Random, bytearray], None]


def flip_bits(choose: random.Random, content: bytearray) -> None:
    for _ in range(choose.choice((1, 5, 50))):
        content[choose.randrange(len(content))] ^= 1 << choose.randrange(8)


def cut(choose: random.Random, content: bytearray) -> None:
    del content[choose.randrange(len(content)) :]


def overwrite(choose: random.Random, content: bytearray) -> None:
    at = choose.randrange(len(content)) // 4096 * 4096
    page = content[at : at + 4096]
    content[at : at + 4096] = choose.choice((bytes(len(page)), choose.randbytes(len(page))))


def damage_head(choose: random.Random, content: bytearray) -> None:
    content[choose.randrange(min(200, len(content)))] = choose.randrange(256)


def replace(choose: random.Random, content: bytearray) -> None:
    content[:] = choose.randbytes(choose.choice((0, 10, 5000)))


@pytest.mark.parametrize("damage", [flip_bits, cut, overwrite, damage_head, replace])
@pytest.mark.parametrize("name", ["journal.db", "journal.db-wal"])
def test_any_damage_is_a_report(
    damage: Damage,
    name: str,
    closed: Path,
    killed: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(salvage, "PROBES", 500)
    choose = random.Random(f"{damage.__name__} {name}")
    for number in range(8):
        source = closed if name == "journal.db" else killed
        data = shutil.copytree(source, tmp_path / str(number))
        content = bytearray((data / name).read_bytes())
        damage(choose, content)
        (data / name).write_bytes(content)
        report, faults = checked(data)
        assert readable(report) <= BATCHES
        if readable(report) < BATCHES and "its last write was interrupted" not in report:
            assert faults or (damage is cut and name == "journal.db-wal"), report
