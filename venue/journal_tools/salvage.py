"""Reading a damaged journal: every batch that can still be had, and a word for what cannot."""

import sqlite3
import zlib
from collections.abc import Iterator
from typing import NamedTuple

CHUNK = 256
PROBES = 20_000
"""Batches in a row that are looked for one by one before the rest is given up."""

_ROWS = "SELECT seq, crc, body FROM batches WHERE seq >= ? ORDER BY seq LIMIT ?"
_ROW = "SELECT seq, crc, body FROM batches WHERE seq = ?"
_LAST = "SELECT coalesce(max(seq), 0) FROM batches"


class Found(NamedTuple):
    """Batch `seq`; without a `body` `fault` says why. With `rest` all that follow are lost too."""

    seq: int
    body: bytes | None
    fault: str = ""
    rest: bool = False


def salvage(db: sqlite3.Connection, first: int) -> Iterator[Found]:
    """Iterate what is left of the batches from `first` on, by ascending number, whatever is wrong
    with the file. A batch that is simply not there is passed over in silence.
    """
    db.text_factory = bytes
    last = _last(db)
    expected, chunk = first, CHUNK
    lost_from, losses = first, 0
    while last is None or expected <= last:
        try:
            rows = db.execute(_ROWS, (expected, chunk)).fetchall()
            if not rows:
                return
            if rows[0][0] < expected:
                raise sqlite3.DatabaseError("batches are out of order")
        except (sqlite3.Error, MemoryError) as error:
            if chunk > 1:
                chunk //= 4
                continue
            lost_from, losses = lost_from if losses else expected, losses + 1
            if losses > PROBES:
                yield Found(lost_from, None, str(error), rest=True)
                return
            yield from _look_for(db, expected, last)
            expected += 1
            continue
        for seq, crc, body in rows:
            if seq >= expected:
                yield _judged(seq, crc, body)
                expected = seq + 1
        chunk, losses = min(CHUNK, chunk * 4), 0
    return


def _look_for(db: sqlite3.Connection, seq: int, last: int | None) -> Iterator[Found]:
    """One batch, where the next that is there cannot be read."""
    try:
        for row in db.execute(_ROW, (seq,)):
            yield _judged(*row)
    except (sqlite3.Error, MemoryError) as error:
        if last is not None:
            yield Found(seq, None, str(error))


def _judged(seq: int, crc: object, body: object) -> Found:
    if not isinstance(body, bytes) or zlib.crc32(body) != crc:
        return Found(seq, None, "its checksum is wrong")
    return Found(seq, body)


def _last(db: sqlite3.Connection) -> int | None:
    """The last batch, None where the file does not tell."""
    try:
        [(last,)] = db.execute(_LAST)
    except sqlite3.Error:
        return None
    return int(last)
