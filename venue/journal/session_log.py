"""What the journal knows of each FIX session: its sequence numbers, and where its reports are."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator

from venue.journal.batch import Batch, Replayed

RESEND_WINDOW = 100_000


class SessionLog:
    """One session.

    `next_sender` and `next_target` are the MsgSeqNum(34) of the next message out and in, as far as
    the journal knows: heartbeats and market data have numbers as well that no batch tells of.
    Reports from number `firsts[i]` on are in batch `seqs[i]`. `untold` are batches with reports
    that wait for the next Logon. `reset_time` is when numbers last began anew, in nanoseconds since
    1970 UTC, 0 before the first Logon.
    """

    __slots__ = ("firsts", "next_sender", "next_target", "reset_time", "seqs", "untold")

    def __init__(self) -> None:
        self.untold: list[int] = []
        self.begin_anew(0)

    def begin_anew(self, time: int) -> None:
        """Forget the numbers and what was sent under them, not what waits."""
        self.next_sender = self.next_target = 1
        self.reset_time = time
        self.firsts: array[int] = array("q")
        self.seqs: array[int] = array("q")

    def batches(self, first: int, last: int) -> Iterator[int]:
        """The batches that hold any report numbered `first` to `last`, in order."""
        at = max(0, bisect_right(self.firsts, first) - 1)
        while at < len(self.firsts) and self.firsts[at] <= last:
            yield self.seqs[at]
            at += 1


class SessionLogs:
    """Every session, by name. `window` is how many numbers back a report can be asked for.

    `clean` tells whether the last batch recorded is the end of a clean stop.
    """

    def __init__(self, window: int = RESEND_WINDOW) -> None:
        self.window = window
        self.by_name: dict[str, SessionLog] = {}
        self.clean = True

    def __getitem__(self, name: str) -> SessionLog:
        log = self.by_name.get(name)
        if log is None:
            log = self.by_name[name] = SessionLog()
        return log

    def has_begun(self, name: str) -> bool:
        """Whether a session ever had numbers: that is, whether it has ever logged on."""
        log = self.by_name.get(name)
        return log is not None and log.reset_time > 0

    def record(self, seq: int, batch: Batch | Replayed) -> None:
        """Learn what batch number `seq` tells of sessions."""
        self.clean = batch.stopped
        for name, time in batch.reset.items():
            self[name].begin_anew(time)
        for name, batches in batch.told.items():
            del self[name].untold[:batches]
        for sent in batch.sent:
            log = self[sent.session]
            if sent.first:
                log.firsts.append(sent.first)
                log.seqs.append(seq)
                if sent.first - log.firsts[0] > 2 * self.window:
                    self._forget(log, sent.first - self.window)
            else:
                log.untold.append(seq)
        for name, numbers in batch.numbers.items():
            log = self[name]
            log.next_sender, log.next_target = numbers

    @staticmethod
    def _forget(log: SessionLog, before: int) -> None:
        """Forget the batches whose reports all have numbers smaller than `before`."""
        old = max(0, bisect_right(log.firsts, before) - 1)
        del log.firsts[:old], log.seqs[:old]
