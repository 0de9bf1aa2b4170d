"""The journal read while a venue writes it: every batch once, in order, as soon as it is there.

Nothing is held open between two looks, so a checkpoint, an archive or a start of the venue waits
for nobody. It goes on through all of them; only another journal, or one that was cut, ends it.
"""

import sqlite3
import time
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from venue.errors import JournalError
from venue.journal.archive import read_archived
from venue.journal.batch import Replayed, decode_replayed, is_whole
from venue.journal.read_only import CHUNK, open_read_only, read_batches

CHECK_SECONDS = 1.0
"""Between two looks whether the file is still the journal."""
BUSY_SECONDS = 30.0
"""For which a lock may keep everybody from reading."""

# The batch before comes along, without its body, to see that it is still the same.
_NEXT = (
    "SELECT seq, crc, CASE seq WHEN ?1 THEN NULL ELSE body END FROM batches"
    f" WHERE seq >= ?1 ORDER BY seq LIMIT {CHUNK + 1}"
)
_ENDS = (
    "SELECT (SELECT coalesce(max(seq), 0) FROM batches),"
    " (SELECT coalesce(max(last), 0) FROM archived)"
)


class Follower:
    """Batches after `seq`, which is moved on as they are taken. Those up to `archived` are in
    archives.
    """

    def __init__(self, data: Path) -> None:
        """Raise `JournalError` where there is no journal, or none that this version reads."""
        self._data = data
        self._path = data / "journal.db"
        self._inode = self._path.stat().st_ino if self._path.exists() else 0
        self._db = open_read_only(self._path, live=True)
        self._db.execute("PRAGMA busy_timeout = 0")
        self._crc: int | None = None
        self._next_check = self._busy_until = 0.0
        self.archived = 0
        self.seq = max(self._ends())

    def _ends(self) -> tuple[int, int]:
        """The last batch in the journal, and the last that was archived."""
        try:
            [(last, self.archived)] = self._db.execute(_ENDS)
        except sqlite3.Error as error:
            raise JournalError(f"{self._path} cannot be read: {error}") from error
        return last, self.archived

    def read(self, first: int = 1) -> Iterator[tuple[int, bytes]]:
        """Iterate (sequence number, body) from `first` to `seq`. Raise `JournalError`."""
        if first <= self.archived:
            yield from read_archived(self._data, first, self.archived)
        yield from read_batches(self._db, self._path, max(first, self.archived + 1), self.seq)

    def fetch(self, seq: int) -> bytes:
        """The body of one batch up to `seq`. Raise `JournalError`."""
        if seq <= self.archived:
            [(_, body)] = read_archived(self._data, seq, seq)
        else:
            [(_, body)] = read_batches(self._db, self._path, seq, seq)
        return body

    def take(self) -> list[tuple[int, Replayed]]:
        """The next batches, some hundred at most, without their reports. Raise `JournalError` where
        they cannot be read, or are not what follows.
        """
        now = time.monotonic()
        if now >= self._next_check:
            self._check()
            self._next_check = now + CHECK_SECONDS
        try:
            rows = self._db.execute(_NEXT, (self.seq,)).fetchall()
        except sqlite3.Error as error:
            self._wait_for_lock(error, now)
            return []
        self._busy_until = 0.0
        if rows and rows[0][0] == self.seq:
            _, crc, _ = rows.pop(0)
            if self._crc is not None and crc != self._crc:
                raise self._another(f"batch {self.seq} is another one now")
        if rows and rows[0][0] != self.seq + 1:
            return self._take_archived()
        return [self._taken(*row) for row in self._whole(rows)]

    def _whole(self, rows: list[tuple[int, int, bytes]]) -> Iterator[tuple[int, int, bytes]]:
        """The rows until the first that is missing: what was archived leaves some behind."""
        for place, row in enumerate(rows, self.seq + 1):
            if row[0] != place:
                return
            yield row

    def _taken(self, seq: int, crc: int, body: bytes) -> tuple[int, Replayed]:
        if not is_whole(body, crc):
            raise JournalError(f"batch {seq} is damaged in {self._path}")
        batch = decode_replayed(body, seq)
        self.seq, self._crc = seq, crc
        return seq, batch

    def _take_archived(self) -> list[tuple[int, Replayed]]:
        """The next batches, which are not in the journal any more."""
        first = self.seq + 1
        self._ends()
        if self.archived < first:
            raise JournalError(f"batch {first} is missing from {self._path}")
        last = min(self.archived, self.seq + CHUNK)
        archived = read_archived(self._data, first, last)
        return [self._taken(seq, zlib.crc32(body), body) for seq, body in archived]

    def _check(self) -> None:
        """See that the journal is still there and has what was taken from it."""
        try:
            inode = self._path.stat().st_ino
        except OSError:
            inode = 0
        if inode != self._inode:
            raise self._another("the file is gone, or another one")
        try:
            last = max(self._ends())
        except JournalError:  # locked: another time
            return
        if last < self.seq:
            raise self._another(f"it ends with batch {last}, not {self.seq}")

    def _another(self, why: str) -> JournalError:
        return JournalError(f"{self._path} is not the journal any more that was followed: {why}")

    def _wait_for_lock(self, error: sqlite3.Error, now: float) -> None:
        """Look again later where somebody has a lock. Raise `JournalError` where nobody has, or for
        too long.
        """
        busy = getattr(error, "sqlite_errorcode", 0) & 0xFF in (
            sqlite3.SQLITE_BUSY,
            sqlite3.SQLITE_LOCKED,
        )
        self._busy_until = self._busy_until or now + BUSY_SECONDS
        if not busy or now >= self._busy_until:
            raise JournalError(f"batch {self.seq + 1} cannot be read: {error}") from error

    def close(self) -> None:
        self._db.close()


def is_new(data: Path) -> bool:
    """Whether no venue has begun a journal in `data` yet."""
    path = data / "journal.db"
    if not path.is_file():
        return True
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            [(tables,)] = db.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.Error:  # whoever opens it is told what is wrong
        return False
    return not tables
