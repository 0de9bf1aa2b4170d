"""`venue journal archive`: moving batches that a start no longer needs out of the journal.

A batch is always in the journal or in an archive that was read back: whatever ends this, the next
run goes on from there.
"""

from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

from venue.errors import JournalError
from venue.journal.archive import Archive, archives, write_archive
from venue.journal.read_only import open_read_only, read_batches
from venue.journal.session_log import SessionLogs
from venue.journal.sqlite import SqliteJournal
from venue.journal_tools.history import JOURNAL, History
from venue.journal_tools.progress import tracked
from venue.journal_tools.snapshots import good_snapshots


def archive(data: Path, keep: int) -> Iterator[str]:
    """Move what comes before the newest good snapshot and is not one of the last `keep` batches;
    iterate lines that tell of it.

    Reports that a session may yet ask for stay in the journal, too. Raise `JournalError` where a
    venue runs on the directory, or where something does not read back as it is.
    """
    if not (data / JOURNAL).is_file():
        raise JournalError(f"there is no journal {data / JOURNAL}")
    with closing(SqliteJournal(data, "batch")) as journal:
        seq, logs = _newest_snapshot(data)
        last = min(seq, journal.seq - keep)
        if last <= journal.archived:
            newest = f"the newest good snapshot is of batch {seq}" if seq else "no good snapshot"
            yield f"nothing to archive: {newest}, the journal has {journal.seq - journal.archived}"
            return
        for written in _complete(data, journal, last):
            kept = set(_kept(logs, written.last))
            journal.give_up(written.last, kept)
            yield f"archived batches {written.first} to {written.last} in {written.path}"
            if kept:
                told = f"{len(kept)} of the batches up to {written.last} stay in the journal, too"
                yield f"{told}: sessions may ask for their reports (retention.resend_messages)"


def _newest_snapshot(data: Path) -> tuple[int, SessionLogs]:
    """The batch and the sessions of the newest good snapshot, 0 and none where there is none."""
    with closing(History(data)) as history:
        for found in good_snapshots(history, history.last):
            return found.snapshot.seq, found.logs
    return 0, SessionLogs()


def _complete(data: Path, journal: SqliteJournal, last: int) -> Iterator[Archive]:
    """Archive the journal's batches up to `last`, those first that an interrupted run has."""
    for found in archives(data):
        if found.first > journal.archived:
            _compare(found, journal)
            if found.last <= last:
                yield found
            else:  # the journal has all of it, and this run is to leave it more
                found.path.unlink()
    first = journal.archived + 1
    if first <= last:
        batches = _up_to(journal, first, last)
        yield write_archive(data, first, last, tracked(batches, last - first + 1, "archive"))


def _up_to(journal: SqliteJournal, first: int, last: int) -> Iterator[tuple[int, bytes]]:
    for seq, body in journal.read(first):
        yield seq, body
        if seq == last:
            return


def _compare(found: Archive, journal: SqliteJournal) -> None:
    """Raise `JournalError` unless an archive holds what the journal still has, too."""
    if found.first != journal.archived + 1:
        raise JournalError(
            f"archive {found.path} does not begin with batch {journal.archived + 1}: move it away"
        )
    with closing(open_read_only(found.path)) as db:
        batches = read_batches(db, found.path, found.first, found.last)
        for mine, its in zip(_up_to(journal, found.first, found.last), batches, strict=True):
            if mine != its:
                raise JournalError(
                    f"batch {mine[0]} is another in archive {found.path}: move it away"
                )


def _kept(logs: SessionLogs, last: int) -> Iterator[int]:
    """The batches up to `last` with reports that a session may ask for, or that wait for it."""
    for log in logs.by_name.values():
        yield from (seq for seq in chain(log.seqs, log.untold) if seq <= last)
