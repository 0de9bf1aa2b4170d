"""`venue journal check`: what can be read of a journal and its archives, and what cannot.

Nothing is changed. Whatever the files hold, the answer is a report.
"""

import sqlite3
import time
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from venue.errors import JournalError
from venue.journal.archive import Archive, archives
from venue.journal.batch import Batch, decode_batch
from venue.journal.read_only import open_read_only
from venue.journal.snapshot import snapshots
from venue.journal.wal import check_wal
from venue.journal_tools.history import JOURNAL, last_archived
from venue.journal_tools.salvage import salvage
from venue.journal_tools.times import format_iso

MOST_FAULTS = 20
"""Faults told of each file; the rest is counted."""
MOST_OF_SQLITE = 3
SETTLE_SECONDS = 0.2


class Line(NamedTuple):
    """A line of the report, and whether it tells of a fault."""

    text: str
    fault: bool = False


class _Watch:
    """What must hold from batch to batch: time and session numbers do not go back."""

    def __init__(self) -> None:
        self.time = 0
        self.numbers: dict[str, tuple[int, int]] = {}

    def faults(self, batch: Batch) -> Iterator[str]:
        if batch.time < self.time:
            yield f"its time {format_iso(batch.time)} is before {format_iso(self.time)}"
        self.time = batch.time
        for session in batch.reset:
            self.numbers.pop(session, None)
        for sent in batch.sent:
            known = self.numbers.get(sent.session, (1, 1))
            if 0 < sent.first < known[0]:
                yield f"{sent.session} was sent {sent.first} again, {known[0]} was next"
            if sent.first:
                self.numbers[sent.session] = sent.first + len(sent.texts), known[1]
        for session, numbers in batch.numbers.items():
            known = self.numbers.get(session, (1, 1))
            for direction, now, before in zip(("out", "in"), numbers, known, strict=True):
                if now < before:
                    yield f"{session}'s next number {direction} goes back from {before} to {now}"
            self.numbers[session] = numbers


class Check:
    """Walks through the files of a data directory; `lines` is the report."""

    def __init__(self, data: Path) -> None:
        self.faults = 0
        self._data = data if data.is_dir() else data.parent
        self._journal_path = data / JOURNAL if data.is_dir() else data
        self._watch = _Watch()
        self._next = 1

    def lines(self) -> Iterator[Line]:
        newest = snapshots(self._data)[:1]  # of what is there now: a venue may go on meanwhile
        kept = archives(self._data)
        for archive in kept:
            yield from self._counted(self._archive(archive))
        if self._journal_path.exists() or not kept:
            yield from self._counted(self._journal(self._journal_path))
        for seq, path in newest:
            if seq >= self._next:
                self.faults += 1
                yield Line(f"{path} is of a later batch than {self._next - 1}: some are lost", True)

    def _counted(self, lines: Iterator[Line]) -> Iterator[Line]:
        told = 0
        for line in lines:
            self.faults += line.fault
            told += line.fault
            if not line.fault or told <= MOST_FAULTS:
                yield line
        if told > MOST_FAULTS:
            yield Line(f"  and {told - MOST_FAULTS} more faults")

    def _archive(self, archive: Archive) -> Iterator[Line]:
        yield Line(str(archive.path))
        if archive.first > self._next:
            yield Line(f"  batches {self._next} to {archive.first - 1} are in no archive here")
        self._next = archive.first
        try:
            with closing(open_read_only(archive.path, damaged=True)) as db:
                yield from _integrity(db)
                yield from self._batches(db)
        except JournalError as error:
            yield Line(f"  {error}", fault=True)
        if self._next <= archive.last:
            yield Line(f"  batches {self._next} to {archive.last} are missing", fault=True)
            self._next = archive.last + 1

    def _journal(self, path: Path) -> Iterator[Line]:
        yield Line(str(path))
        yield from _wal(path)
        try:
            with closing(open_read_only(path, damaged=True)) as db:
                yield from _integrity(db)
                yield from self._after_archives(db)
                yield from self._batches(db)
                yield from _cut(db)
        except JournalError as error:
            yield Line(f"  {error}", fault=True)

    def _after_archives(self, db: sqlite3.Connection) -> Iterator[Line]:
        """Get ready for the first batch that the journal has to have."""
        archived = 0
        try:
            archived = last_archived(db)
            kept = "SELECT seq, crc, body FROM batches WHERE seq <= ? ORDER BY seq"
            for seq, crc, body in db.execute(kept, (archived,)):
                if not isinstance(body, bytes) or zlib.crc32(body) != crc:
                    yield Line(f"  batch {seq}, kept for resends, is damaged", fault=True)
        except sqlite3.Error as error:
            yield Line(f"  what was kept of archived batches cannot be read: {error}", fault=True)
        if self._next <= archived:
            yield Line(f"  batches {self._next} to {archived} are in no archive here")
        elif self._next > archived + 1:
            yield Line(
                f"  batches {archived + 1} to {self._next - 1} are in an archive, too: `venue"
                " journal archive` was interrupted, the next one goes on with it"
            )
            self._watch = _Watch()
        self._next = archived + 1

    def _batches(self, db: sqlite3.Connection) -> Iterator[Line]:
        """Read every batch from the one that is next, and tell what is wrong and what is right."""
        whole = _Ranges()
        lost: tuple[int, int, str] | None = None
        for found in salvage(db, self._next):
            fault = found.fault
            if lost is not None and (found.seq != lost[1] + 1 or fault != lost[2]):
                yield _lost(*lost)
                lost = None
            if found.seq > self._next:
                yield Line(f"  {_range(self._next, found.seq - 1)} missing", fault=True)
            self._next = found.seq + 1
            if found.rest:
                yield Line(
                    f"  nothing after batch {found.seq - 1} can be read: {fault}", fault=True
                )
            elif found.body is None:
                lost = (found.seq if lost is None else lost[0]), found.seq, fault
            else:
                try:
                    batch = decode_batch(found.body, found.seq)
                except JournalError as error:
                    yield Line(f"  {error}", fault=True)
                    continue
                whole.add(found.seq)
                for fault in self._watch.faults(batch):
                    yield Line(f"  batch {found.seq}: {fault}", fault=True)
        if lost is not None:
            yield _lost(*lost)
        yield Line(f"  readable: {whole}")


class _Ranges:
    """Numbers that were added in ascending order, as text with their ranges."""

    def __init__(self) -> None:
        self._ranges: list[list[int]] = []
        self._count = 0

    def add(self, number: int) -> None:
        self._count += 1
        if self._ranges and self._ranges[-1][1] == number - 1:
            self._ranges[-1][1] = number
        else:
            self._ranges.append([number, number])

    def __str__(self) -> str:
        told = ", ".join(_range(first, last, False) for first, last in self._ranges[:MOST_FAULTS])
        more = " ..." if len(self._ranges) > MOST_FAULTS else ""
        return f"{told}{more} ({self._count} in all)" if self._count else "no batch"


def _range(first: int, last: int, verb: bool = True) -> str:
    if first == last:
        return f"batch {first}{' is' if verb else ''}"
    return f"batches {first} to {last}{' are' if verb else ''}"


def _lost(first: int, last: int, fault: str) -> Line:
    return Line(f"  {_range(first, last)} lost: {fault}", fault=True)


def _integrity(db: sqlite3.Connection) -> Iterator[Line]:
    """What SQLite itself says of the file."""
    try:
        for (said,) in db.execute(f"PRAGMA integrity_check({MOST_OF_SQLITE})"):
            for line in said.splitlines():
                if line != "ok":
                    yield Line(f"  SQLite: {line}", fault=True)
    except sqlite3.Error as error:
        yield Line(f"  SQLite: {error}", fault=True)


def _wal(path: Path) -> Iterator[Line]:
    """What SQLite does not say of its write-ahead log. A venue that writes to it meanwhile may
    leave a frame half done at first.
    """
    wal = path.with_name(f"{path.name}-wal")
    try:
        found = check_wal(wal)
        if found.damage:
            time.sleep(SETTLE_SECONDS)
            found = check_wal(wal)
    except OSError as error:
        yield Line(f"  {wal.name}: {error}", fault=True)
        return
    if found.damage:
        yield Line(f"  {wal.name}: {found.damage}", fault=True)
    if (kept := path.with_name(f"{wal.name}.cut")).exists():
        yield Line(f"  {kept.name}: what an earlier start found damaged or torn is kept in it")
    if found.torn and not found.damage:
        yield Line(f"  {wal.name}: its last write was interrupted, nobody was answered for it")


def _cut(db: sqlite3.Connection) -> Iterator[Line]:
    try:
        [(count, first, last)] = db.execute("SELECT count(*), min(seq), max(seq) FROM cut")
    except sqlite3.Error:
        return
    if count:
        yield Line(f"  cut off the end by an earlier start, damaged: {_range(first, last, False)}")
