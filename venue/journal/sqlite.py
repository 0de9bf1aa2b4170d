"""The journal in an embedded database: one row a batch, in WAL mode."""

import fcntl
import os
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal

import structlog

from venue.errors import JournalError
from venue.journal.archive import read_archived
from venue.journal.batch import FORMAT

Sync = Literal["batch", "interval", "off"]
MOST_PENDING = 64
LONGEST_TAIL = MOST_PENDING
"""Batches at the end that may be damaged by what ended the venue; more is another damage."""

TABLE = "(seq INTEGER PRIMARY KEY, crc INTEGER NOT NULL, body BLOB NOT NULL)"
"""CRC-32 of the body: SQLite itself does not notice a flipped bit."""
_APPEND = "INSERT INTO batches VALUES (?, ?, ?)"
_SYNCHRONOUS = {"batch": "FULL", "interval": "NORMAL", "off": "OFF"}
"""NORMAL syncs around a checkpoint, FULL with every batch too."""
_READ = "SELECT seq, crc, body FROM batches WHERE seq >= ? ORDER BY seq"
_FETCH = "SELECT seq, crc, body FROM batches WHERE seq = ?"
_LAST = (
    f"SELECT seq, crc, body FROM batches WHERE seq > ? ORDER BY seq DESC LIMIT {LONGEST_TAIL + 1}"
)

log = structlog.get_logger()


class SqliteJournal:
    """Batches by sequence number from 1, without a gap. Those up to `archived` are in archives, but
    for a few that sessions may yet ask for.

    When `append` returns, the batch is as durable as `sync` says: `batch` on disk, `interval` with
    the operating system and on disk at most `interval_ms` later, `off` in memory, written with the
    next `flush` or after `MOST_PENDING` batches. Somebody has to call `flush` now and then. Holds a
    lock on the directory.
    """

    def __init__(self, directory: Path, sync: Sync, interval_ms: int = 50) -> None:
        """Raise `JournalError` where the directory cannot be written or another venue has it."""
        self.path = directory / "journal.db"
        self._sync = sync
        self._interval = interval_ms / 1000
        self._flushed = time.monotonic()
        self._pending: list[tuple[int, int, bytes]] = []
        self._wal: int | None = None
        with ExitStack() as undo:
            try:
                directory.mkdir(parents=True, exist_ok=True)
                self._lock = _lock(directory / "venue.lock")
                undo.callback(os.close, self._lock)
                self._db = sqlite3.connect(self.path, isolation_level=None)
                undo.callback(self._db.close)
                self._db.text_factory = bytes  # where damage made a text of a body
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute(f"PRAGMA synchronous = {_SYNCHRONOUS[sync]}")
                self._prepare()
                self.archived = self._last_archived()
                self.seq = self._cut_tail()
            except (OSError, sqlite3.Error) as error:
                advice = "; `venue journal check` tells what can be read"
                advice = advice if isinstance(error, sqlite3.DatabaseError) else ""
                raise JournalError(
                    f"journal {self.path} cannot be opened: {error}{advice}"
                ) from error
            undo.pop_all()
        self._execute = self._db.execute
        if sync == "interval":
            self._wal = os.open(f"{self.path}-wal", os.O_RDWR | os.O_CREAT)

    def _prepare(self) -> None:
        """Make the tables of a new journal; refuse one of another format."""
        [(tables,)] = self._db.execute("SELECT count(*) FROM sqlite_master")
        [(found,)] = self._db.execute("PRAGMA user_version")
        if tables and found != FORMAT:
            older = "an older format" if found < FORMAT else f"format {found}"
            raise JournalError(f"journal {self.path} has {older}, this venue reads {FORMAT}")
        if not tables:
            with _transaction(self._db):
                self._db.execute(f"CREATE TABLE batches {TABLE}")
                self._db.execute("CREATE TABLE cut (seq INTEGER, crc INTEGER, body BLOB)")
                self._db.execute("CREATE TABLE archived (last INTEGER NOT NULL)")
                self._db.execute(f"PRAGMA user_version = {FORMAT}")

    def _last_archived(self) -> int:
        [(last,)] = self._db.execute("SELECT coalesce(max(last), 0) FROM archived")
        return int(last)

    def _cut_tail(self) -> int:
        """Put the batches at the end that are damaged aside; return the number of the last."""
        last = self.archived
        damaged: list[int] = []
        for seq, crc, body in self._db.execute(_LAST, (last,)):
            if _is_whole(crc, body):
                last = seq
                break
            damaged.append(seq)
        if damaged and len(damaged) <= LONGEST_TAIL:
            with _transaction(self._db):
                self._db.execute("INSERT INTO cut SELECT * FROM batches WHERE seq > ?", (last,))
                self._db.execute("DELETE FROM batches WHERE seq > ?", (last,))
            batches = f"{damaged[-1]} to {damaged[0]}"
            log.warning("damaged end of the journal is cut off", batches=batches, kept_in="cut")
        elif damaged:
            raise JournalError(
                f"journal {self.path} is damaged from batch {damaged[-1]} or before;"
                " `venue journal check` tells what can be read"
            )
        return last

    def append(self, body: bytes) -> None:
        """Add the next batch. Raise `JournalError` where it cannot be made durable."""
        self._pending.append((self.seq + 1, zlib.crc32(body), body))
        if self._sync != "off" or len(self._pending) >= MOST_PENDING:
            self.flush()
        self.seq += 1

    def flush(self) -> None:
        """Write what is pending, and bring to disk what `interval` has owed for its interval."""
        self._write()
        if self._wal is not None and time.monotonic() >= self._flushed + self._interval:
            try:
                os.fdatasync(self._wal)
            except OSError as error:
                raise JournalError(f"{self.path} is not brought to disk: {error}") from error
            self._flushed = time.monotonic()

    def _write(self) -> None:
        pending, self._pending = self._pending, []
        try:
            if len(pending) == 1:
                self._execute(_APPEND, pending[0])
            elif pending:
                with _transaction(self._db):
                    self._db.executemany(_APPEND, pending)
        except sqlite3.Error as error:
            raise JournalError(f"batch {pending[0][0]} is not written: {error}") from error

    def read(self, first: int = 1) -> Iterator[tuple[int, bytes]]:
        """Iterate (sequence number, body) from `first` on. Raise `JournalError` at a gap."""
        self.flush()
        if first <= self.archived:
            yield from read_archived(self.path.parent, first, self.archived)
        expected = first = max(first, self.archived + 1)
        try:
            for seq, crc, body in self._db.execute(_READ, (first,)):
                if seq != expected:
                    raise JournalError(f"batch {expected} is missing from {self.path}")
                yield seq, _whole(seq, crc, body)
                expected += 1
        except sqlite3.Error as error:
            raise JournalError(f"batch {expected} cannot be read: {error}") from error

    def fetch(self, seq: int) -> bytes:
        """The body of one batch. Raise `JournalError` where it is not there."""
        self._write()
        try:
            row = self._db.execute(_FETCH, (seq,)).fetchone()
        except sqlite3.Error as error:
            raise JournalError(f"batch {seq} cannot be read: {error}") from error
        if row is None:
            raise JournalError(f"batch {seq} is missing from {self.path}")
        return _whole(*row)

    def give_up(self, last: int, kept: Iterable[int]) -> None:
        """Delete the batches up to `last`, which are in archives now, but those of `kept`; give
        their space back. Raise `JournalError` where nothing is deleted.
        """
        try:
            with _transaction(self._db):
                self._db.execute("CREATE TEMP TABLE kept (seq INTEGER PRIMARY KEY)")
                rows = ((seq,) for seq in kept)
                self._db.executemany("INSERT OR IGNORE INTO kept VALUES (?)", rows)
                gone = "DELETE FROM batches WHERE seq <= ? AND seq NOT IN (SELECT seq FROM kept)"
                self._db.execute(gone, (last,))
                self._db.execute("DROP TABLE kept")
                self._db.execute("DELETE FROM archived")
                self._db.execute("INSERT INTO archived VALUES (?)", (last,))
        except sqlite3.Error as error:
            raise JournalError(f"batches up to {last} are not deleted: {error}") from error
        self.archived = last
        try:
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            log.warning("the journal does not shrink", journal=str(self.path), error=str(error))

    def close(self) -> None:
        """Leave everything on disk, and give the directory free."""
        try:
            self._write()
            if self._wal is not None:
                os.fdatasync(self._wal)
        finally:
            if self._wal is not None:
                os.close(self._wal)
            self._db.close()
            os.close(self._lock)


def _is_whole(crc: int, body: object) -> bool:
    return isinstance(body, bytes) and zlib.crc32(body) == crc


def _whole(seq: int, crc: int, body: bytes) -> bytes:
    if not _is_whole(crc, body):
        raise JournalError(f"batch {seq} is damaged; `venue journal check` tells what can be read")
    return body


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN")
    try:
        yield
        db.execute("COMMIT")
    except sqlite3.Error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _lock(path: Path) -> int:
    """Take the directory, leaving our process id for whoever comes second."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 32).decode(errors="replace").strip()
        os.close(lock)
        raise JournalError(f"{path.parent} is in use by the venue of process {holder}") from None
    os.truncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())
    return lock
