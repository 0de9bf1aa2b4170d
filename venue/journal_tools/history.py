"""Every batch of a data directory: those in the archives, then those in the journal."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from venue.errors import JournalError
from venue.journal.archive import archives, read_archived
from venue.journal.batch import Batch, Replayed, decode_batch, decode_replayed
from venue.journal.read_only import open_read_only, read_batches

JOURNAL = "journal.db"


class History:
    """The batches from `first` to `last`, those that were there when it was opened.

    Nothing is written, and a venue may go on meanwhile. Without a batch `last` is `first - 1`.
    """

    def __init__(self, data: Path) -> None:
        """`data` is a data directory, or the journal in it. Raise `JournalError` where neither a
        journal nor an archive is there.
        """
        self.data = data if data.is_dir() else data.parent
        self.path = data / JOURNAL if data.is_dir() else data
        self._db: sqlite3.Connection | None = None
        kept = archives(self.data)
        self.archived = kept[-1].last if kept else 0
        self.last = self.archived
        if self.path.exists() or not kept:
            self._db = open_read_only(self.path)
            try:
                self.archived = last_archived(self._db)
                [(last,)] = self._db.execute("SELECT coalesce(max(seq), 0) FROM batches")
            except sqlite3.Error as error:
                raise JournalError(f"{self.path} cannot be read: {error}") from error
            self.last = max(last, self.archived)
        kept = [archive for archive in kept if archive.last <= self.archived]
        self.first = self.archived + 1
        for archive in reversed(kept):
            if archive.last + 1 == self.first:
                self.first = archive.first

    def read(self, first: int, last: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Iterate (sequence number, body). Raise `JournalError` at the first batch that is missing
        or damaged.
        """
        last = self.last if last is None else min(last, self.last)
        if first <= self.archived:
            until = min(last, self.archived)
            yield from read_archived(self.data, first, until)
            first = until + 1
        if first <= last:
            assert self._db is not None
            yield from read_batches(self._db, self.path, first, last)

    def batches(self, first: int, last: int | None = None) -> Iterator[tuple[int, Batch]]:
        """Iterate (sequence number, batch), as `read` does."""
        for seq, body in self.read(first, last):
            yield seq, decode_batch(body, seq)

    def replayed(self, first: int, last: int | None = None) -> Iterator[tuple[int, Replayed]]:
        """As `batches`, without the reports."""
        for seq, body in self.read(first, last):
            yield seq, decode_replayed(body, seq)

    def time_of(self, seq: int) -> int:
        """When a batch was, in nanoseconds since 1970 UTC."""
        [(_, body)] = self.read(seq, seq)
        return decode_replayed(body, seq).time

    def close(self) -> None:
        if self._db is not None:
            self._db.close()


def last_archived(db: sqlite3.Connection) -> int:
    """The last batch that was archived, 0 where there is none. Raise `sqlite3.Error`."""
    [(tables,)] = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'archived'")
    if not tables:
        return 0
    [(last,)] = db.execute("SELECT coalesce(max(last), 0) FROM archived")
    return int(last)
