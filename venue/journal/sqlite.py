"""The journal in an embedded database: one row a batch, in WAL mode."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal

from venue.errors import JournalError

Sync = Literal["batch", "interval", "off"]
MOST_PENDING = 64

_SCHEMA = "CREATE TABLE IF NOT EXISTS batches (seq INTEGER PRIMARY KEY, body BLOB NOT NULL)"
_APPEND = "INSERT INTO batches VALUES (?, ?)"
_SYNCHRONOUS = {"batch": "FULL", "interval": "NORMAL", "off": "OFF"}
"""NORMAL syncs around a checkpoint, FULL with every batch too."""
_READ = "SELECT seq, body FROM batches WHERE seq >= ? ORDER BY seq"


class SqliteJournal:
    """Batches by sequence number from 1, without a gap.

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
        self._pending: list[tuple[int, bytes]] = []
        self._wal: int | None = None
        with ExitStack() as undo:
            try:
                directory.mkdir(parents=True, exist_ok=True)
                self._lock = _lock(directory / "venue.lock")
                undo.callback(os.close, self._lock)
                self._db = sqlite3.connect(self.path, isolation_level=None)
                undo.callback(self._db.close)
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute(f"PRAGMA synchronous = {_SYNCHRONOUS[sync]}")
                self._db.execute(_SCHEMA)
                row = self._db.execute("SELECT coalesce(max(seq), 0) FROM batches").fetchone()
            except (OSError, sqlite3.Error) as error:
                raise JournalError(f"journal {self.path} cannot be opened: {error}") from error
            undo.pop_all()
        self.seq: int = row[0]
        self._execute = self._db.execute
        if sync == "interval":
            self._wal = os.open(f"{self.path}-wal", os.O_RDWR | os.O_CREAT)

    def append(self, body: bytes) -> None:
        """Add the next batch. Raise `JournalError` where it cannot be made durable."""
        self._pending.append((self.seq + 1, body))
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
        expected = first
        try:
            for seq, body in self._db.execute(_READ, (first,)):
                if seq != expected:
                    raise JournalError(f"batch {expected} is missing from {self.path}")
                yield seq, body
                expected += 1
        except sqlite3.Error as error:
            raise JournalError(f"batch {expected} cannot be read: {error}") from error

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
