"""Reading the journal's files beside a venue that runs on them, without being in its way."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from venue.errors import JournalError
from venue.journal.batch import FORMAT, is_whole

CHUNK = 256
"""Batches read at once. Nothing is held open in between, so a checkpoint waits for nobody long."""

_ROWS = "SELECT seq, crc, body FROM batches WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?"


def open_read_only(path: Path, damaged: bool = False, live: bool = False) -> sqlite3.Connection:
    """Open a journal or an archive of it for reading only; with `damaged` also one that SQLite
    says is too short, and with `live` only so that what is written later is seen.

    Raise `JournalError` where that cannot be, or the file is of another format.
    """
    try:
        db, found = _connect(path, "mode=ro", damaged)
    except sqlite3.Error as error:
        wal = path.with_name(f"{path.name}-wal")
        if not path.is_file():
            raise JournalError(f"there is no journal {path}") from None
        if live or (wal.exists() and wal.stat().st_size):
            raise JournalError(f"{path} cannot be read: {error}") from error
        try:  # a directory where SQLite may make no file beside it, and needs none
            db, found = _connect(path, "immutable=1", damaged)
        except sqlite3.Error:
            raise JournalError(f"{path} cannot be read: {error}") from error
    if found != FORMAT:
        db.close()
        if found is None:
            raise JournalError(f"{path} is empty")
        older = "an older format" if found < FORMAT else f"format {found}"
        raise JournalError(f"{path} has {older}, this venue reads {FORMAT}")
    return db


def _connect(path: Path, how: str, damaged: bool) -> tuple[sqlite3.Connection, int | None]:
    """A connection, and the format that the file says it has, None where there is nothing in it."""
    db = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)
    try:
        if damaged:  # what SQLite calls this lets it open a file that was cut off
            db.execute("PRAGMA writable_schema = ON")
        [(found,)] = db.execute("PRAGMA user_version")
        [(tables,)] = db.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.Error:
        db.close()
        raise
    return db, found if tables else None


def read_batches(
    db: sqlite3.Connection, path: Path, first: int, last: int
) -> Iterator[tuple[int, bytes]]:
    """Iterate (sequence number, body) from `first` to `last`, in chunks. Raise `JournalError` at
    the first batch that is missing or damaged.
    """
    expected = first
    while expected <= last:
        try:
            rows = db.execute(_ROWS, (expected, last, CHUNK)).fetchall()
        except sqlite3.Error as error:
            raise JournalError(f"batch {expected} cannot be read: {error}") from error
        if not rows:
            raise JournalError(f"batch {expected} is missing from {path}")
        for seq, crc, body in rows:
            if seq != expected:
                raise JournalError(f"batch {expected} is missing from {path}")
            if not is_whole(body, crc):
                raise JournalError(f"batch {seq} is damaged in {path}")
            yield seq, body
            expected += 1
