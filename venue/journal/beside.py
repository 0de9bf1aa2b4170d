"""The journal read beside the venue that writes it, for its next snapshot.

Whoever reads an SQLite database takes locks for an instant. One of no priority who is interrupted
then would let the venue wait for him: so another thread reads, which has the usual one.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TypeVar

from venue.errors import JournalError
from venue.journal.archive import read_archived
from venue.journal.read_only import CHUNK, open_read_only, read_batches
from venue.journal.recovery import recover
from venue.journal.snapshot import take, write_snapshot

T = TypeVar("T")


class JournalBeside:
    """The journal of a venue that may be running, as it was when this was made.

    It is only touched in the one thread of `reader`.
    """

    def __init__(self, data: Path, reader: Executor) -> None:
        """Raise `JournalError` where there is none that can be read."""
        self._data = data
        self._path = data / "journal.db"
        self._reader = reader
        self._venue = os.getppid()
        self._read(self._open)

    def _open(self) -> None:
        self._db = open_read_only(self._path)
        try:
            [(self.archived,)] = self._db.execute("SELECT coalesce(max(last), 0) FROM archived")
            [(last,)] = self._db.execute("SELECT coalesce(max(seq), 0) FROM batches")
        except sqlite3.Error as error:
            self._db.close()
            raise JournalError(f"{self._path} cannot be read: {error}") from error
        self.seq: int = max(last, self.archived)

    def _read(self, what: Callable[[], T]) -> T:
        return self._reader.submit(what).result()

    def read(self, first: int = 1, last: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Iterate (sequence number, body), to the end unless `last` says otherwise. Raise
        `JournalError` where that cannot be, or when the venue is gone and nobody waits for it.
        """
        last = self.seq if last is None else last
        yield from read_archived(self._data, first, min(last, self.archived))
        for begin in range(max(first, self.archived + 1), last + 1, CHUNK):
            end = min(begin + CHUNK - 1, last)
            if os.getppid() != self._venue:
                raise JournalError("the venue has ended")
            yield from self._read(partial(self._chunk, begin, end))

    def _chunk(self, first: int, last: int) -> list[tuple[int, bytes]]:
        return list(read_batches(self._db, self._path, first, last))

    def fetch(self, seq: int) -> bytes:
        [(_, body)] = self.read(seq, seq)
        return body

    def close(self) -> None:
        self._read(self._db.close)


def write_next(data: Path, window: int, reader: Executor) -> Path | None:
    """Write the snapshot after the journal's last batch, unless it is there. Raise `JournalError`
    where it cannot be.
    """
    with closing(JournalBeside(data, reader)) as journal:
        venue, logs, begun = recover(data, journal, window)
        if begun == journal.seq:
            return None
        snapshot = take(journal.seq, journal.fetch(journal.seq), venue, logs)
    return write_snapshot(data, snapshot)
