"""What a power cut leaves: files as they were last synced, by the undo log of the faulty disk."""

import os
import random
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_RECORD = struct.Struct("<BQQQQQ")
_WRITE, _SYNCED = 0, 1


class Change(NamedTuple):
    """In a file of `size` bytes `old` stood at `offset`, where then `span` bytes were written."""

    inode: int
    size: int
    offset: int
    span: int
    old: bytes


def restore(data: Path, undo: Path, copy: Path, some: random.Random | None = None) -> int:
    """Make `copy` of the directory `data` without what was never synced, by the files that begin
    with `undo`; return how many changes were taken back.

    With `some` each change that was not synced is lost or kept by chance, as a disk is free to.
    SQLite's -shm is left out: it lives in memory.
    """
    shutil.copytree(data, copy, ignore=shutil.ignore_patterns("*-shm", "*.sock"))
    by_inode: dict[int, Path] = {}
    for path in data.rglob("*"):
        if path.is_file():
            by_inode[path.stat().st_ino] = copy / path.relative_to(data)
    lost = 0
    logs = sorted(undo.parent.glob(f"{undo.name}.*"))
    for change in (change for log in logs for change in reversed(list(_not_synced(log)))):
        restored = by_inode.get(change.inode)
        if restored is None or not restored.exists():
            continue
        if some is not None and some.random() < 0.5:
            continue
        _take_back(restored, change, whole=some is None)
        lost += 1
    return lost


def _take_back(path: Path, change: Change, whole: bool) -> None:
    """Put the old bytes back; the old size only where all that is newer is gone as well."""
    with path.open("r+b") as file:
        size = os.fstat(file.fileno()).st_size
        file.seek(change.offset)
        file.write(change.old)
        if whole or change.size > size:
            file.truncate(change.size)
        else:  # what has never been written reads as zeros
            end = min(size, change.offset + change.span)
            file.write(bytes(max(0, end - file.tell())))


def _not_synced(log: Path) -> Iterator[Change]:
    """The changes after which their file was not synced, in order. The last may be cut off."""
    content = log.read_bytes()
    changes: list[Change] = []
    at = 0
    while at + _RECORD.size <= len(content):
        kind, inode, size, offset, span, length = _RECORD.unpack_from(content, at)
        at += _RECORD.size
        if kind == _SYNCED:
            changes = [change for change in changes if change.inode != inode]
            continue
        if at + length > len(content):
            break
        changes.append(Change(inode, size, offset, span, content[at : at + length]))
        at += length
    yield from changes
