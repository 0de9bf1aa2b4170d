"""Snapshots as the tools use them: each is held against the history that it is of."""

import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from venue.core.venue import Venue
from venue.errors import JournalError
from venue.journal.session_log import RESEND_WINDOW, SessionLogs
from venue.journal.snapshot import Snapshot, read_snapshot, snapshots
from venue.journal_tools.history import History


class Restored(NamedTuple):
    """A snapshot, and the venue and the sessions in it."""

    snapshot: Snapshot
    venue: Venue
    logs: SessionLogs


def restored(path: Path, seq: int, history: History) -> Restored:
    """Read the snapshot of batch `seq`. Raise `JournalError` where it is none of this history, or
    not what it says of itself.
    """
    snapshot = read_snapshot(path)
    crc = _crc(history, seq)
    if snapshot.seq != seq or crc not in (None, snapshot.crc):
        raise JournalError(f"snapshot {path} is of another history")
    try:
        venue, logs = snapshot.restore(RESEND_WINDOW)
    except Exception as error:
        raise JournalError(f"snapshot {path} cannot be restored: {error}") from error
    if venue.state_hash() != snapshot.state_hash:
        raise JournalError(f"snapshot {path} does not have the state hash it names")
    return Restored(snapshot, venue, logs)


def _crc(history: History, seq: int) -> int | None:
    """The checksum of a batch, None where it is archived elsewhere."""
    if seq < history.first:
        return None
    return next(zlib.crc32(body) for _, body in history.read(seq, seq))


def good_snapshots(history: History, last: int) -> Iterator[Restored]:
    """Iterate the snapshots of batches up to `last` that are good, the newest first; say on stderr
    which are not.
    """
    for seq, path in snapshots(history.data):
        if seq <= last:
            try:
                found = restored(path, seq, history)
            except JournalError as error:
                print(error, file=sys.stderr)
            else:
                yield found
