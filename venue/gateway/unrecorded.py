"""What stands for the journal where sessions have none: their numbers begin with each Logon, and
nothing is sent again.
"""

from collections.abc import Iterator

from venue.gateway.recorder import Recorder
from venue.gateway.resend import Gap, Repeat
from venue.journal.batch import Batch, Numbers
from venue.journal.session_log import SessionLogs


class Unrecorded(Recorder):
    """Remembers, as long as this process lives, what hours need to know of numbers."""

    def __init__(self) -> None:
        self.logs = SessionLogs()
        self.time = 0

    def append(self, batch: Batch) -> None:
        self.time = batch.time
        self.logs.record(0, batch)

    def numbers(self, session: str) -> Numbers:
        return 1, 1

    def resend(self, session: str, first: int, last: int) -> Iterator[Repeat | Gap]:
        """Nothing: QuickFIX's own gap fill stands."""
        return iter(())
