"""From the journal back to the state it led to."""

import contextlib
import gc
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import structlog

from venue.core.commands import AdvanceTime
from venue.core.venue import Venue
from venue.errors import JournalError
from venue.journal.batch import decode_replayed
from venue.journal.session_log import SessionLogs
from venue.journal.snapshot import Snapshot, usable

log = structlog.get_logger()


class History(Protocol):
    """Batches up to `seq`, of which those up to `archived` are not in the journal any more."""

    seq: int
    archived: int

    def read(self, first: int = 1) -> Iterator[tuple[int, bytes]]:
        """Iterate (sequence number, body) from `first` on. Raise `JournalError`."""

    def fetch(self, seq: int) -> bytes:
        """The body of one batch. Raise `JournalError`."""


def recover(data: Path, history: History, window: int) -> tuple[Venue, SessionLogs, int]:
    """What the history in a data directory led to, and the batch of the snapshot it was begun from.

    That is the newest good snapshot, or 0: everything is replayed. Raise `JournalError` where the
    history cannot be read, or does not reach back to a good snapshot.
    """
    with collector_off():
        venue, logs, begun = _begin(data, history, window)
        replay(history, venue, logs, begun + 1)
    return venue, logs, begun


def replay(history: History, venue: Venue, logs: SessionLogs | None = None, first: int = 1) -> int:
    """Carry out every batch from `first` on again, and record it in `logs`; return the number of
    the last.

    A command that met a defect when it was first carried out meets it again, with the same effect.
    """
    seq = first - 1
    handle = venue.handle
    for seq, body in history.read(first):
        batch = decode_replayed(body, seq)
        for command in (AdvanceTime(batch.time), *batch.commands):
            try:
                handle(command)
            except Exception:  # as then: what it has done until then stays done
                continue
        if logs is not None:
            logs.record(seq, batch)
        venue.forget_level_changes()
    return seq


def _begin(data: Path, history: History, window: int) -> tuple[Venue, SessionLogs, int]:
    for snapshot in usable(data, history.seq):
        try:
            _compare(snapshot, history)
            venue, logs = snapshot.restore(window)
        except Exception as error:
            log.warning("snapshot is not used", batch=snapshot.seq, reason=str(error))
        else:
            return venue, logs, snapshot.seq
    return Venue(), SessionLogs(window), 0


def _compare(snapshot: Snapshot, history: History) -> None:
    """Raise `JournalError` where the history went on otherwise after the snapshot was taken."""
    seq = snapshot.seq
    if seq > history.archived and zlib.crc32(history.fetch(seq)) != snapshot.crc:
        raise JournalError(f"batch {seq} of the journal is another")


@contextlib.contextmanager
def collector_off() -> Iterator[None]:
    """Nothing that a start makes is garbage: do not look for any."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
