"""Batches that a start no longer needs, in files of their own: DATA/archive/<first>-<last>.db.

Each is an SQLite database with the journal's table. A file that has its name is whole: it was
written under another, brought to disk and read back before.
"""

import os
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from venue.errors import JournalError
from venue.journal.batch import FORMAT
from venue.journal.read_only import open_read_only, read_batches

DIRECTORY = "archive"
_NAME = re.compile(r"([0-9]{12})-([0-9]{12})\.db")
_TABLE = "CREATE TABLE batches (seq INTEGER PRIMARY KEY, crc INTEGER NOT NULL, body BLOB NOT NULL)"


class Archive(NamedTuple):
    """A file with the batches from `first` to `last`."""

    first: int
    last: int
    path: Path


def archives(data: Path) -> list[Archive]:
    """The archives of a data directory, by their first batch."""
    found = []
    for path in (data / DIRECTORY).glob("*.db"):
        match = _NAME.fullmatch(path.name)
        if match is not None:
            found.append(Archive(int(match[1]), int(match[2]), path))
    return sorted(found)


def read_archived(data: Path, first: int, last: int) -> Iterator[tuple[int, bytes]]:
    """Iterate (sequence number, body) from `first` to `last`. Raise `JournalError` at the first
    batch that no archive has, or that is damaged.
    """
    for archive in archives(data):
        if archive.last < first or archive.first > last:
            continue
        if archive.first > first:
            break
        with closing(open_read_only(archive.path)) as db:
            yield from read_batches(db, archive.path, first, min(last, archive.last))
        first = archive.last + 1
    if first <= last:
        where = data / DIRECTORY
        raise JournalError(f"batch {first} was archived, and is not in {where}: put it back there")


def write_archive(
    data: Path, first: int, last: int, batches: Iterable[tuple[int, bytes]]
) -> Archive:
    """Write `batches`, which are those from `first` to `last`, to a file that is on disk and was
    read back when it gets its name. Raise `JournalError`, and leave no such file, where it cannot.
    """
    directory = data / DIRECTORY
    path = directory / f"{first:012}-{last:012}.db"
    unfinished = path.with_suffix(".db.new")
    try:
        directory.mkdir(mode=0o700, exist_ok=True)
        sync(data)
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)  # with everybody's orders
        total = _write(unfinished, batches)
        _bring_to_disk(unfinished)
        with closing(open_read_only(unfinished)) as db:
            read_back = _digest(read_batches(db, unfinished, first, last))
        if read_back != total:
            raise JournalError(f"{unfinished} is not read back as it was written")
        os.rename(unfinished, path)
        sync(directory)
    except (OSError, sqlite3.Error) as error:
        raise JournalError(f"archive {path} cannot be written: {error}") from error
    return Archive(first, last, path)


def _write(path: Path, batches: Iterable[tuple[int, bytes]]) -> tuple[int, int]:
    total = count = 0
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute(_TABLE)
        db.execute(f"PRAGMA user_version = {FORMAT}")
        db.execute("BEGIN")
        for seq, body in batches:
            crc = zlib.crc32(body)
            db.execute("INSERT INTO batches VALUES (?, ?, ?)", (seq, crc, body))
            total = zlib.crc32(b"%d %d" % (seq, crc), total)
            count += 1
        db.execute("COMMIT")
    return count, total


def _digest(batches: Iterable[tuple[int, bytes]]) -> tuple[int, int]:
    total = count = 0
    for seq, body in batches:
        total = zlib.crc32(b"%d %d" % (seq, zlib.crc32(body)), total)
        count += 1
    return count, total


def _bring_to_disk(path: Path) -> None:
    """Sync the file, and let the next read come from the disk where the system can do that."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def sync(path: Path) -> None:
    """Bring a file, or the names in a directory, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
