"""When a running venue's next snapshot is made: by a process of its own, of least priority.

That process is begun with the venue, and waits: to begin one may take as long as a busy machine
likes, to ask one takes microseconds.
"""

import os
import subprocess
import sys
import time

import structlog

from venue.core.venue import Venue
from venue.errors import JournalError
from venue.journal.session_log import SessionLogs
from venue.journal.snapshot import discard_newer, take, write_snapshot
from venue.journal.sqlite import SqliteJournal
from venue.log import form

log = structlog.get_logger()


class SnapshotSchedule:
    """Has a snapshot made after so many `batches`, or after so many `seconds` if there is any batch
    since the last; one at a time. `last` is the batch of the last one, 0 before the first;
    `running` tells whether one is being made.
    """

    def __init__(
        self, journal: SqliteJournal, logs: SessionLogs, last: int, batches: int, seconds: int
    ) -> None:
        """For a venue that starts with `journal` as it is."""
        self.last = last
        self.running = False
        self._data = journal.path.parent
        self._journal = journal
        self._logs = logs
        self._batches = batches
        self._seconds = seconds
        self._asked = time.monotonic()
        self._wanted = False
        self._process: subprocess.Popen[bytes] | None = None
        self._answers = -1
        discard_newer(self._data, journal.seq, journal.sync == "batch")
        self._begin()

    def make(self) -> None:
        """Have one made with the next tick, or after the one that is being made."""
        self._wanted = True

    @property
    def numbers(self) -> dict[str, int]:
        """The journal's last batch, those yet to be written, and those since the last snapshot."""
        return {
            "journal_batch": self._journal.seq,
            "journal_pending_batches": self._journal.pending,
            "journal_unsaved_batches": self._journal.seq - self.last,
        }

    def tick(self) -> None:
        """See whether one is due, or done."""
        if self.running:
            try:
                answer = os.read(self._answers, 1)
            except BlockingIOError:
                return
            self.running = False
            if not answer:
                log.warning("no snapshot was made", reason="its process has ended")
                self.end()
                self._begin()
        elif self._journal.seq > self.last:
            since = self._journal.seq - self.last
            is_due = since >= self._batches or time.monotonic() >= self._asked + self._seconds
            if is_due or self._wanted:
                self._ask()

    def _begin(self) -> None:
        """Begin the process, by vfork: the venue's memory is not copied. It gets none of our
        descriptors but two pipes, and no signal that is meant for us.
        """
        self._answers, told = os.pipe()
        os.set_blocking(self._answers, False)
        module = "venue.journal.snapshotter"
        arguments = [str(self._data.absolute()), str(self._logs.window), str(told), form()]
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                bufsize=0,
                stdin=subprocess.PIPE,
                pass_fds=(told,),
                start_new_session=True,
            )
        except OSError as error:
            log.warning("no snapshots are made", reason=str(error))
            os.close(self._answers)
        finally:
            os.close(told)

    def _ask(self) -> None:
        self._asked = time.monotonic()
        self._wanted = False
        self.last = self._journal.seq
        if self._process is not None:
            assert self._process.stdin is not None
            self.running = True
            try:
                self._process.stdin.write(b"\n")
            except BrokenPipeError:
                return  # the next tick finds out

    def end(self) -> None:
        """End the process, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
            os.close(self._answers)

    def finish(self, venue: Venue) -> None:
        """Write the snapshot of a clean stop, after the last batch. Where that cannot be, nothing
        is lost: the next start takes longer.
        """
        self.end()
        try:
            seq = self._journal.seq
            write_snapshot(self._data, take(seq, self._journal.fetch(seq), venue, self._logs))
        except JournalError as error:
            log.warning("no snapshot was made", reason=str(error))
