"""The venue as it was after some batch of its history, and how to get on from there."""

import re
from collections.abc import Callable

from venue.core.commands import AdvanceTime
from venue.core.events import Event
from venue.core.venue import Venue
from venue.errors import ConfigError, JournalError
from venue.journal.batch import Replayed
from venue.journal.session_log import SessionLogs
from venue.journal_tools.history import History
from venue.journal_tools.progress import tracked
from venue.journal_tools.snapshots import Restored, good_snapshots
from venue.journal_tools.times import format_iso, parse_time

_SEQ = re.compile("[0-9]{1,18}")


class Moment:
    """After batch `seq`, which was at `time`; 0 and 0 before the first."""

    def __init__(self, snapshot: Restored | None = None) -> None:
        self.seq = 0
        self.time = 0
        self.venue = Venue()
        self.logs = SessionLogs()
        if snapshot is not None:
            self.seq, self.time = snapshot.snapshot.seq, snapshot.snapshot.time
            self.venue, self.logs = snapshot.venue, snapshot.logs

    def carry_out(self, seq: int, batch: Replayed) -> list[Event]:
        """Go on to the end of batch `seq`, the next one; return what happens in it.

        A command that met a defect when it was first carried out meets it again.
        """
        handle: Callable[..., list[Event]] = self.venue.handle
        events: list[Event] = []
        for command in (AdvanceTime(batch.time), *batch.commands):
            try:
                events += handle(command)
            except Exception:  # as then: what it has done until then stays done
                continue
        self.venue.forget_level_changes()
        self.logs.record(seq, batch)
        self.seq, self.time = seq, batch.time
        return events


def begin(history: History, seq: int) -> Moment:
    """The moment nearest before or at the end of batch `seq` that needs no replay."""
    moment = Moment(next(good_snapshots(history, seq), None))
    if moment.seq >= history.first:
        moment.time = history.time_of(moment.seq)
    if history.first > moment.seq + 1:
        raise JournalError(
            f"the history in {history.data} begins with batch {history.first}, and no snapshot"
            f" leads to batch {seq}: put the archives back there"
        )
    return moment


def rebuild(history: History, seq: int) -> Moment:
    """The moment after batch `seq`. Raise `JournalError` where the history does not lead there."""
    moment = begin(history, seq)
    batches = history.replayed(moment.seq + 1, seq)
    for number, batch in tracked(batches, seq - moment.seq, "replay"):
        moment.carry_out(number, batch)
    return moment


def last_until(history: History, option: str, text: str | None) -> int:
    """The last batch until `text`, a batch number or a time; of all, where that is None.

    Raise `ConfigError` where it is neither, `JournalError` where no batch is that early.
    """
    if text is None:
        return history.last
    if _SEQ.fullmatch(text):
        seq = int(text)
        if not seq:
            raise ConfigError("command line", option, text, "a batch number from 1 on, or a time")
        if seq > history.last:
            raise JournalError(f"{option} {seq}: the journal ends with batch {history.last}")
    else:
        time = _parse(option, text)
        seq = _count_until(history, time)
        if seq < history.first:
            when = format_iso(history.time_of(history.first)) if history.last >= 1 else "never"
            raise JournalError(f"{option} {text}: the journal in {history.data} begins {when}")
    return seq


def named_time(option: str, text: str) -> int | None:
    """The nanoseconds since 1970 UTC of a moment, None where it is a batch number.

    Raise `ConfigError` where it is neither.
    """
    return None if _SEQ.fullmatch(text) else _parse(option, text)


def first_from(history: History, option: str, text: str | None) -> int:
    """The first batch from `text` on, a batch number or a time; of all, where that is None."""
    if text is None:
        return history.first
    if _SEQ.fullmatch(text):
        return int(text)
    return _count_until(history, _parse(option, text) - 1) + 1


def _parse(option: str, text: str) -> int:
    try:
        return parse_time(text)
    except ValueError:
        expected = "a batch number, 2026-11-21T08:00:00Z or 20261121-08:00:00.000"
        raise ConfigError("command line", option, text, expected) from None


def _count_until(history: History, time: int) -> int:
    """The last batch not after `time`, `history.first - 1` where there is none. O(log batches)."""
    before, after = history.first - 1, history.last + 1
    while after - before > 1:
        middle = (before + after) // 2
        if history.time_of(middle) <= time:
            before = middle
        else:
            after = middle
    return before
