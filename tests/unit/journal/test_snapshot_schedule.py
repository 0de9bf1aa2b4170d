"""When a running venue has its snapshots made, and what it does not do meanwhile."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from venue.core.venue import Venue
from venue.errors import JournalError
from venue.journal import snapshotter
from venue.journal.batch import Batch, encode_batch
from venue.journal.session_log import SessionLogs
from venue.journal.snapshot import snapshots
from venue.journal.snapshot_schedule import SnapshotSchedule
from venue.journal.snapshotter import DONE, FAILED
from venue.journal.sqlite import SqliteJournal

Make = Callable[..., SnapshotSchedule]


class Process:
    """Waits, and answers when a test says so."""

    def __init__(self, command: list[str], pass_fds: tuple[int, ...]) -> None:
        self.command = command
        [told] = pass_fds
        self._told: int | None = os.dup(told)
        self.stdin = BytesIO()
        self.killed = False

    @property
    def asked(self) -> int:
        """How often."""
        return self.stdin.getvalue().count(b"\n")

    def answer(self, answer: bytes) -> None:
        assert self._told is not None
        os.write(self._told, answer)

    def die(self) -> None:
        if self._told is not None:
            os.close(self._told)
        self._told = None

    def kill(self) -> None:
        self.killed = True

    def communicate(self) -> None:
        assert self.killed
        self.die()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    with closing(SqliteJournal(tmp_path, "batch")) as journal:
        yield journal


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Process]]:
    """Those that were begun."""
    begun: list[Process] = []

    def begin(command: list[str], pass_fds: tuple[int, ...], **_: Any) -> Process:
        begun.append(Process(command, pass_fds))
        return begun[-1]

    monkeypatch.setattr(subprocess, "Popen", begin)
    yield begun
    for process in begun:
        process.die()


@pytest.fixture
def make(journal: SqliteJournal) -> Iterator[Callable[..., SnapshotSchedule]]:
    """A schedule that ends with the test."""
    made: list[SnapshotSchedule] = []

    def schedule(batches: int, seconds: int = 3600, last: int = 0) -> SnapshotSchedule:
        made.append(SnapshotSchedule(journal, SessionLogs(77), last, batches, seconds))
        return made[-1]

    yield schedule
    for each in made:
        each.end()


def append(journal: SqliteJournal, count: int) -> None:
    for _ in range(count):
        journal.append(encode_batch(Batch(journal.seq + 1, [])))


def test_after_so_many_batches(
    journal: SqliteJournal, make: Make, processes: list[Process]
) -> None:
    schedule = make(batches=3)
    [process] = processes
    data = str(journal.path.parent)
    assert process.command[1:-2] == ["-m", "venue.journal.snapshotter", data, "77"]
    assert process.command[-1] == "text"
    append(journal, 2)
    schedule.tick()
    assert process.asked == 0 and not schedule.running
    append(journal, 1)
    schedule.tick()
    assert process.asked == 1 and schedule.running


def test_one_at_a_time(journal: SqliteJournal, make: Make, processes: list[Process]) -> None:
    schedule = make(batches=1)
    append(journal, 1)
    schedule.tick()
    append(journal, 5)
    schedule.tick()
    [process] = processes
    assert process.asked == 1
    process.answer(DONE)
    schedule.tick()
    assert not schedule.running
    schedule.tick()
    assert process.asked == 2
    process.answer(DONE)
    schedule.tick()
    schedule.tick()
    assert process.asked == 2, "nothing is new"


def test_what_a_start_has_replayed_counts(
    journal: SqliteJournal, make: Make, processes: list[Process]
) -> None:
    append(journal, 5)
    make(batches=3, last=3).tick()
    make(batches=3, last=2).tick()
    assert [process.asked for process in processes] == [0, 1]


def test_after_so_many_seconds_if_there_is_anything(
    journal: SqliteJournal,
    make: Make,
    processes: list[Process],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    schedule = make(batches=1000, seconds=60)
    [process] = processes
    now += 61
    schedule.tick()
    assert process.asked == 0
    append(journal, 1)
    schedule.tick()
    assert process.asked == 1
    process.answer(DONE)
    schedule.tick()
    append(journal, 1)
    now += 59
    schedule.tick()
    assert process.asked == 1
    now += 1
    schedule.tick()
    assert process.asked == 2
    process.answer(DONE)
    now += 61
    schedule.tick()
    schedule.tick()
    assert process.asked == 2, "nothing is new"


def test_one_that_failed_is_tried_again_in_time(
    journal: SqliteJournal, make: Make, processes: list[Process]
) -> None:
    schedule = make(batches=2)
    append(journal, 2)
    schedule.tick()
    processes[0].answer(FAILED)
    schedule.tick()
    schedule.tick()
    assert processes[0].asked == 1
    append(journal, 2)
    schedule.tick()
    assert processes[0].asked == 2


def test_a_process_that_has_ended_is_begun_again(
    journal: SqliteJournal, make: Make, processes: list[Process]
) -> None:
    schedule = make(batches=1)
    append(journal, 1)
    schedule.tick()
    processes[0].die()
    with capture_logs() as logs:
        schedule.tick()
    assert [log["reason"] for log in logs] == ["its process has ended"]
    append(journal, 1)
    schedule.tick()
    assert [process.asked for process in processes] == [1, 1]


def test_where_no_process_can_be_begun(
    journal: SqliteJournal, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(journal.path.parent / "none"))
    with capture_logs() as logs:
        schedule = make(batches=1)
        append(journal, 1)
        schedule.tick()
        schedule.tick()
    assert [log["event"] for log in logs] == ["no snapshots are made"]


def wait(schedule: SnapshotSchedule) -> None:
    deadline = time.monotonic() + 300  # it is made when nobody else has anything to do
    while schedule.running:
        assert time.monotonic() < deadline
        time.sleep(0.01)
        schedule.tick()


def test_as_it_is_in_truth(journal: SqliteJournal, make: Make) -> None:
    """One process makes one after the other."""
    schedule = make(batches=1)
    for seq in (1, 2):
        append(journal, 1)
        schedule.tick()
        wait(schedule)
        assert snapshots(journal.path.parent)[0][0] == seq
        process = schedule._process
        assert process is not None
        assert os.getsid(process.pid) == process.pid, "it gets no ^C"


def priority() -> tuple[int, int]:
    return os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0)


def test_it_has_the_processor_when_nobody_else_wants_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for who reads: he has locks of the database. Nor does the next one inherit it."""
    seen: list[tuple[int, int]] = []

    def write(data: Path, window: int, reader: Executor, form: str) -> bool:
        seen.extend([priority(), reader.submit(priority).result()])
        return True

    monkeypatch.setattr(snapshotter, "write", write)
    usual = priority()
    assert snapshotter.write_behind_others(tmp_path, 100)
    assert seen == [(os.SCHED_IDLE, 19), usual] and priority() == usual


def test_it_ends_with_the_venue(journal: SqliteJournal, make: Make) -> None:
    """However that ended: its input does."""
    schedule = make(batches=1)
    process = schedule._process
    assert process is not None and process.stdin is not None
    process.stdin.close()
    assert process.wait(60) == 0


def test_a_process_that_was_killed(journal: SqliteJournal, make: Make) -> None:
    schedule = make(batches=1)
    assert schedule._process is not None
    schedule._process.kill()
    schedule._process.wait()
    append(journal, 1)
    schedule.tick()
    schedule.tick()
    append(journal, 1)
    schedule.tick()
    wait(schedule)
    assert [seq for seq, _ in snapshots(journal.path.parent)] == [2]


def test_one_that_cannot_be_made_is_logged(
    journal: SqliteJournal, make: Make, capfd: pytest.CaptureFixture[str]
) -> None:
    schedule = make(batches=1)
    (journal.path.parent / "snapshots").write_text("in the way")
    append(journal, 1)
    schedule.tick()
    wait(schedule)
    assert "no snapshot was made" in capfd.readouterr().out


def test_a_clean_stop_writes_its_own(
    journal: SqliteJournal, make: Make, processes: list[Process]
) -> None:
    """In process, and whatever another process was about to write is not waited for."""
    schedule = make(batches=1)
    append(journal, 1)
    schedule.tick()
    append(journal, 1)
    schedule.finish(Venue())
    assert processes[0].killed
    assert [seq for seq, _ in snapshots(journal.path.parent)] == [2]


def test_a_stop_without_room_on_the_disk_is_clean(
    journal: SqliteJournal, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = make(batches=1)
    append(journal, 1)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with capture_logs() as logs:
        schedule.finish(Venue())
    assert [log["event"] for log in logs] == ["no snapshot was made"]


def test_those_of_batches_that_the_journal_lost_are_removed(
    journal: SqliteJournal, make: Make
) -> None:
    append(journal, 3)
    make(batches=1).finish(Venue())
    [(_, path)] = snapshots(journal.path.parent)
    path.rename(path.with_name("000000000004.snap"))
    with pytest.raises(JournalError, match="is of batch 4, but the journal ends with batch 3"):
        make(batches=1)
    journal.sync = "interval"
    make(batches=1)
    assert snapshots(journal.path.parent) == []


def test_one_that_is_asked_for(
    journal: SqliteJournal, make: Make, processes: list[Process]
) -> None:
    """It is made with the next tick, or where one is being made after that, and once."""
    schedule = make(100)
    [process] = processes
    append(journal, 1)
    schedule.tick()
    assert process.asked == 0
    schedule.make()
    schedule.make()
    schedule.tick()
    assert (process.asked, schedule.last) == (1, 1)
    append(journal, 1)
    schedule.make()
    schedule.tick()
    assert process.asked == 1, "one at a time"
    process.answer(DONE)
    schedule.tick()
    schedule.tick()
    assert (process.asked, schedule.last) == (2, 2)
    process.answer(DONE)
    schedule.tick()
    append(journal, 1)
    schedule.tick()
    assert process.asked == 2
