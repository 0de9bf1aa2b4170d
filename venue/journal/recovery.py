"""From the journal back to the state it led to."""

import contextlib

from venue.core.commands import AdvanceTime
from venue.core.venue import Venue
from venue.journal.batch import decode_batch
from venue.journal.sqlite import SqliteJournal


def replay(journal: SqliteJournal, venue: Venue) -> int:
    """Carry out every batch again and return their number.

    A command that met a defect when it was first carried out meets it again, with the same effect.
    """
    batches = 0
    for seq, body in journal.read():
        batch = decode_batch(body, seq)
        for command in (AdvanceTime(batch.time), *batch.commands):
            with contextlib.suppress(Exception):
                venue.handle(command)
        batches += 1
    venue.forget_level_changes()
    return batches
