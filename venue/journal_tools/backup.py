"""`venue journal backup`: a copy of one moment of a data directory, beside a running venue, too.

SQLite copies the journal within one read of it: the venue goes on writing meanwhile, and nothing
begins anew for that. Archives are copied after it, so that a batch which moves is in one of them.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from venue.errors import JournalError
from venue.journal.archive import DIRECTORY as ARCHIVES
from venue.journal.archive import archives, sync
from venue.journal.read_only import open_read_only
from venue.journal.snapshot import DIRECTORY as SNAPSHOTS
from venue.journal.snapshot import snapshots
from venue.journal_tools.history import JOURNAL

SECRETS = ("passwords", "web-tokens", "web-key", "web-logged-out")
"""What else is in a data directory and cannot be made anew."""


def backup(data: Path, target: Path) -> Iterator[str]:
    """Copy the journal, its archives, the newest snapshot and the secrets to `target`, a directory
    that is new or empty; iterate lines that tell of it.

    Raise `JournalError` where something cannot be read or written; then `target` has no journal.
    """
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(target.iterdir()):
            raise JournalError(f"{target} is not empty: a backup needs a directory of its own")
        # Before the journal, which so has all that it is of.
        newest = [path for _, path in snapshots(data)[:1]]
        unfinished = target / f"{JOURNAL}.new"
        last, size = _copy_journal(data / JOURNAL, unfinished)
        yield f"journal up to batch {last}, {size / 1e6:,.1f} MB"
        archived = [each.path for each in archives(data)]
        _copy(archived, target / ARCHIVES)
        if archived:
            yield f"{len(archived)} archive{'' if len(archived) == 1 else 's'}"
        if _copy(newest, target / SNAPSHOTS):
            yield f"snapshot {newest[0].name}"
        if secrets := _copy([data / name for name in SECRETS], target):
            yield ", ".join(secrets)
        unfinished.rename(target / JOURNAL)
        sync(target)
    except (OSError, sqlite3.Error) as error:
        raise JournalError(f"{data} is not copied to {target}: {error}") from error


def _copy_journal(path: Path, copy: Path) -> tuple[int, int]:
    """Copy it as it is at one moment; return its last batch, 0 if there is none, and its bytes."""
    _touch(copy)
    with closing(open_read_only(path)) as mine, closing(sqlite3.connect(copy)) as its:
        mine.backup(its)  # all pages in one step: with a few at a time it would never end
        [(last,)] = its.execute(
            "SELECT max(coalesce((SELECT max(seq) FROM batches), 0),"
            " coalesce((SELECT max(last) FROM archived), 0))"
        )
    sync(copy)
    return last, copy.stat().st_size


def _copy(files: list[Path], directory: Path) -> list[str]:
    """Copy those that there are; return their names."""
    found = []
    for path in files:
        copy = directory / path.name
        with suppress(FileNotFoundError), path.open("rb") as source:
            directory.mkdir(mode=0o700, exist_ok=True)
            _touch(copy)
            with copy.open("wb") as file:
                shutil.copyfileobj(source, file)
            sync(copy)
            found.append(path.name)
    if found:
        sync(directory)
    return found


def _touch(path: Path) -> None:
    """Make a file that nobody else can read."""
    path.touch(mode=0o600, exist_ok=False)
