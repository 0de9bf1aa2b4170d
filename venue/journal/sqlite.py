"""The journal in an embedded database: one row a batch, in WAL mode."""

import fcntl
import os
import shutil
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Literal

import structlog

from venue.errors import JournalError
from venue.journal.archive import read_archived
from venue.journal.batch import FORMAT, is_whole
from venue.journal.wal import Wal, check_wal

Sync = Literal["batch", "interval", "off"]
MOST_PENDING = 64
LONGEST_TAIL = MOST_PENDING
"""Batches at the end that may be damaged by what ended the venue; more is another damage."""

TABLE = "(seq INTEGER PRIMARY KEY, crc INTEGER NOT NULL, body BLOB NOT NULL)"
"""CRC-32 of the body: SQLite itself does not notice a flipped bit."""
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
_APPEND = "INSERT INTO batches VALUES (?, ?, ?)"
LONGEST_LOG = 1 << 26
"""Bytes of SQLite's log that stay on disk after a long reader let it grow."""
_SYNCHRONOUS = {"batch": "FULL", "interval": "NORMAL", "off": "OFF"}
"""NORMAL syncs around a checkpoint, FULL with every batch too."""
_READ = "SELECT seq, crc, body FROM batches WHERE seq >= ? ORDER BY seq"
_FETCH = "SELECT seq, crc, body FROM batches WHERE seq = ?"
_LAST = (
    f"SELECT seq, crc, body FROM batches WHERE seq > ? ORDER BY seq DESC LIMIT {LONGEST_TAIL + 1}"
)
RETRY_SECONDS, MOST_RETRIES = 0.0002, 100_000
"""A reader may hold the lock of writers for an instant; SQLite itself would wait for 18 ms."""
ADVICE = "; `venue journal check` tells what can be read"

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
        self.sync = sync
        self._interval = interval_ms / 1000
        self._flushed = time.monotonic()
        self._pending: list[tuple[int, int, bytes]] = []
        self._wal: int | None = None
        with ExitStack() as undo:
            try:
                directory.mkdir(parents=True, exist_ok=True)
                self._lock = _lock(directory / "venue.lock")
                undo.callback(os.close, self._lock)
                self._check_whether_new()
                wal = self._check_wal()
                self._db = sqlite3.connect(self.path, isolation_level=None)
                undo.callback(self._db.close)
                self._db.text_factory = bytes  # where damage made a text of a body
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute(f"PRAGMA synchronous = {_SYNCHRONOUS[sync]}")
                self._db.execute(f"PRAGMA journal_size_limit = {LONGEST_LOG}")
                self._prepare()
                self.archived = self._last_archived()
                self.seq = self._cut_tail()
                if wal is not None:
                    log.warning(
                        "the end of the journal is lost" if wal.damage else "last batch is cut off",
                        first_missing_batch=self.seq + 1,
                        reason=wal.damage or "it was not written to the end, nobody was answered",
                        kept_in=self._copy_of_wal.name,
                    )
            except (OSError, sqlite3.Error) as error:
                damaged = getattr(error, "sqlite_errorcode", None) in _DAMAGED
                advice = ADVICE if damaged else ""
                raise JournalError(
                    f"journal {self.path} cannot be opened: {error}{advice}"
                ) from error
            undo.pop_all()
        self._db.execute("PRAGMA busy_timeout = 0")
        self._execute = self._db.execute
        if sync == "interval":
            self._wal = os.open(f"{self.path}-wal", os.O_RDWR | os.O_CREAT)

    def _check_whether_new(self) -> None:
        """Refuse a journal that is gone, or empty, where there has been one: SQLite would begin
        anew, and delete what is left.
        """
        if self.path.exists() and self.path.stat().st_size:
            return
        traces = (f"{self.path.name}-wal", "snapshots/*", "archive/*")
        for found in (each for trace in traces for each in self.path.parent.glob(trace)):
            if found.stat().st_size:
                raise JournalError(f"journal {self.path} is gone or empty, though {found} is there")

    @property
    def _copy_of_wal(self) -> Path:
        return self.path.with_name(f"{self.path.name}-wal.cut")

    def _check_wal(self) -> Wal | None:
        """What SQLite will pass over in its write-ahead log without a word, None if nothing; a copy
        is kept.

        Refuse a log that is damaged before its last write. Where not every batch was on disk when
        it was answered, that is what a power cut leaves.
        """
        path = self.path.with_name(f"{self.path.name}-wal")
        found = check_wal(path)
        if not found.torn and not found.damage:
            return None
        if found.damage and self.sync == "batch":
            raise JournalError(
                f"journal {path}: {found.damage}{ADVICE}; a start with journal.sync=interval goes"
                " on without what is lost"
            )
        shutil.copyfile(path, self._copy_of_wal)
        return found

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
        self._db.execute("CREATE TABLE IF NOT EXISTS ended (last INTEGER NOT NULL)")

    def _last_archived(self) -> int:
        [(last,)] = self._db.execute("SELECT coalesce(max(last), 0) FROM archived")
        return int(last)

    def _cut_tail(self) -> int:
        """Put the batches at the end that are damaged aside; return the number of the last."""
        last = self.archived
        damaged: list[int] = []
        for seq, crc, body in self._db.execute(_LAST, (last,)):
            if is_whole(body, crc):
                last = seq
                break
            damaged.append(seq)
        ended = self._ended_with()
        if ended > (damaged[0] if damaged else last):
            raise JournalError(
                f"journal {self.path} ends with batch {last}, not {ended} as when it was closed"
                f"{ADVICE}"
            )
        if damaged and len(damaged) <= LONGEST_TAIL:
            with _transaction(self._db):
                self._db.execute("INSERT INTO cut SELECT * FROM batches WHERE seq > ?", (last,))
                self._db.execute("DELETE FROM batches WHERE seq > ?", (last,))
                self._db.execute("DELETE FROM ended")
            batches = f"{damaged[-1]} to {damaged[0]}"
            log.warning("damaged end of the journal is cut off", batches=batches, kept_in="cut")
        elif damaged:
            raise JournalError(
                f"journal {self.path} is damaged from batch {damaged[-1]} or before{ADVICE}"
            )
        return last

    def _ended_with(self) -> int:
        """The last batch when the journal was last closed: where SQLite's own pages are damaged,
        rows can be gone without a trace.
        """
        [(last,)] = self._db.execute("SELECT coalesce(max(last), 0) FROM ended")
        return int(last)

    def _note_end(self) -> None:
        with suppress(sqlite3.Error), _transaction(self._db):
            self._db.execute("DELETE FROM ended")
            self._db.execute("INSERT INTO ended VALUES (?)", (self.seq,))

    def append(self, body: bytes) -> None:
        """Add the next batch. Raise `JournalError` where it cannot be made durable; then it is not
        there, and what was there before is.
        """
        self._sync_wal()
        self._pending.append((self.seq + 1, zlib.crc32(body), body))
        if self.sync != "off" or len(self._pending) >= MOST_PENDING:
            try:
                self._write()
            except JournalError:
                self._pending.pop()
                raise
        self.seq += 1

    @property
    def pending(self) -> int:
        """Batches that were appended and are not written yet."""
        return len(self._pending)

    def flush(self) -> None:
        """Write what is pending, and bring to disk what `interval` has owed for its interval."""
        self._write()
        self._sync_wal()

    def _sync_wal(self) -> None:
        if self._wal is not None and time.monotonic() >= self._flushed + self._interval:
            self._bring_to_disk(self._wal)
            self._flushed = time.monotonic()

    def _bring_to_disk(self, wal: int) -> None:
        try:
            os.fdatasync(wal)
        except OSError as error:
            raise JournalError(f"{self.path} is not brought to disk: {error}") from error

    def _write(self) -> None:
        pending, patience = self._pending, MOST_RETRIES
        while pending:
            try:
                if len(pending) == 1:
                    self._execute(_APPEND, pending[0])
                else:
                    with _transaction(self._db):
                        self._db.executemany(_APPEND, pending)
                self._pending = pending = []
            except sqlite3.Error as error:
                if patience and getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                    patience -= 1
                    time.sleep(RETRY_SECONDS)
                    continue
                batch = pending[0][0]
                text = f"batch {batch} is not written: {error} ({self.path})"
                raise JournalError(text) from error

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
            raise JournalError(f"batch {expected} cannot be read: {error}{ADVICE}") from error

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
            self._db.execute("PRAGMA busy_timeout = 5000")
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
        """Leave everything on disk, and give the directory free. Raise `JournalError`."""
        try:
            self._write()
            if self._wal is not None:
                self._bring_to_disk(self._wal)
            self._note_end()
        finally:
            if self._wal is not None:
                os.close(self._wal)
            self._db.close()
            os.close(self._lock)


def _whole(seq: int, crc: int, body: bytes) -> bytes:
    if not is_whole(body, crc):
        raise JournalError(f"batch {seq} is damaged{ADVICE}")
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
