"""The journal as the sessions see it: every batch is written here, and what it says of sessions is
known at once.
"""

import time
from collections.abc import Iterator

import structlog

from venue.errors import JournalError
from venue.gateway.resend import Gap, Repeat, repeats
from venue.journal.batch import Batch, Numbers, SentBatch, decode_sent, encode_batch
from venue.journal.session_log import SessionLogs
from venue.journal.sqlite import SqliteJournal
from venue.monitoring.counts import Counts

JUMP = 10_000
"""How far sender numbers jump after a stop that was not clean: what was sent last is not known."""
MARK = 1_000
"""Numbers that a session may be sent before the journal is told: far less than `JUMP`."""

log = structlog.get_logger()


class Recorder:
    """Appends batches to `journal`, and keeps `logs`.

    `time` is that of the last batch, in nanoseconds since 1970 UTC.
    """

    def __init__(
        self, journal: SqliteJournal, logs: SessionLogs, time: int, counts: Counts | None = None
    ) -> None:
        self.journal = journal
        self.logs = logs
        self.time = time
        self._commit_seconds = (counts or Counts()).commit_seconds

    def append(self, batch: Batch) -> None:
        """Write the next batch. Raise `JournalError` where it cannot be made durable."""
        body = encode_batch(batch)
        begun = time.perf_counter()
        self.journal.append(body)
        self._commit_seconds.observe(time.perf_counter() - begun)
        self.time = batch.time
        self.logs.record(self.journal.seq, batch)

    def note(self, numbers: dict[str, Numbers], reset: dict[str, int] | None = None) -> None:
        """Write what the numbers of sessions are, and which of them began anew, when."""
        self.append(Batch(self.time, [], numbers=numbers, reset=reset or {}))

    def numbers(self, session: str) -> Numbers:
        """What a session's next messages are to be numbered after a start."""
        log = self.logs[session]
        begun = log.next_sender > 1
        return log.next_sender + (JUMP if begun and not self.logs.clean else 0), log.next_target

    def is_behind(self, session: str, next_sender: int) -> bool:
        """Whether the journal knows too little of a session's numbers to be safe after a crash."""
        return next_sender >= self.logs[session].next_sender + MARK

    def untold(self, session: str, batches: int) -> list[str]:
        """The reports that wait for a session's next Logon, those of the first `batches`."""
        texts = []
        for seq in self.logs[session].untold[:batches]:
            try:
                batch = self._fetch(seq)
            except JournalError as error:
                log.error("reports are lost", session=session, error=str(error))
                continue
            for sent in batch.sent:
                if sent.session == session and not sent.first:
                    texts += sent.texts
        return texts

    def resend(self, session: str, first: int, last: int) -> Iterator[Repeat | Gap]:
        """What was sent to a session under the numbers `first` to `last`."""
        log = self.logs[session]
        oldest = max(first, log.next_sender - self.logs.window)
        return repeats(session, first, last, oldest, list(log.batches(oldest, last)), self._fetch)

    def _fetch(self, seq: int) -> SentBatch:
        return decode_sent(self.journal.fetch(seq), seq)
