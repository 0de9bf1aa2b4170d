"""From the journal back to the state it led to."""

import contextlib

from venue.core.commands import AdvanceTime
from venue.core.venue import Venue
from venue.journal.batch import decode_batch
from venue.journal.session_log import SessionLogs
from venue.journal.sqlite import SqliteJournal


def replay(
    journal: SqliteJournal, venue: Venue, logs: SessionLogs | None = None, first: int = 1
) -> int:
    """Carry out every batch from `first` on again, and record it in `logs`; return the number of
    the last.

    A command that met a defect when it was first carried out meets it again, with the same effect.
    """
    seq = first - 1
    for seq, body in journal.read(first):
        batch = decode_batch(body, seq)
        for command in (AdvanceTime(batch.time), *batch.commands):
            with contextlib.suppress(Exception):
                venue.handle(command)
        if logs is not None:
            logs.record(seq, batch)
    venue.forget_level_changes()
    return seq
