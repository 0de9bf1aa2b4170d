"""The venue and its sessions after some batch, in a file: a start needs only the batches after it.

DATA/snapshots/<batch, 12 digits>.snap is a line that names the format, the digest of the rest, and
the rest: msgpack. A file that has its name is whole and on disk. What cannot be used for whatever
reason (damage, another version of the venue, another history) is no snapshot, and no loss either.
"""

import os
import re
import sys
import zlib
from array import array
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import msgspec
import structlog
from msgspec import Struct

from venue.core.columns import Ints, pack, unpack
from venue.core.image import Image, copy, restore
from venue.core.venue import Venue
from venue.errors import JournalError
from venue.journal.archive import sync
from venue.journal.batch import FORMAT
from venue.journal.session_log import SessionLog, SessionLogs

DIRECTORY = "snapshots"
KEPT = 3
CHUNK = 1 << 20
"""Bytes that are brought to disk at once: whoever else waits for the disk waits for no more."""

_NAME = re.compile(r"([0-9]{12})\.snap")
_DIGEST_SIZE = 32

log = structlog.get_logger()


class SessionImage(Struct, array_like=True, frozen=True):
    """A `SessionLog` and its session's name."""

    name: str
    next_sender: int
    next_target: int
    reset_time: int
    firsts: Ints
    seqs: Ints
    untold: list[int]


class Snapshot(Struct, array_like=True, frozen=True):
    """What batch `seq`, whose body has the CRC-32 `crc`, led to. `time` is the venue's."""

    seq: int
    crc: int
    time: int
    state_hash: str
    venue: Image
    sessions: list[SessionImage]
    clean: bool

    def restore(self, window: int) -> tuple[Venue, SessionLogs]:
        """The venue and its sessions, of which `window` numbers are remembered."""
        logs = SessionLogs(window)
        logs.clean = self.clean
        for image in self.sessions:
            each = logs[image.name]
            each.next_sender, each.next_target = image.next_sender, image.next_target
            each.reset_time = image.reset_time
            each.firsts = array("q", unpack(image.firsts))
            each.seqs = array("q", unpack(image.seqs))
            each.untold = image.untold.copy()
        return restore(self.venue), logs


def _layout() -> int:
    """A number that is another one as soon as anything in a snapshot is."""
    return zlib.crc32(msgspec.json.encode(msgspec.json.schema(Snapshot)))


HEADER = f"venue snapshot {FORMAT} {_layout():08x} {sys.byteorder}\n".encode()
_decode = msgspec.msgpack.Decoder(Snapshot).decode


def take(seq: int, body: bytes, venue: Venue, logs: SessionLogs) -> Snapshot:
    """The snapshot after batch `seq`, which has `body`. O(orders)."""
    return Snapshot(
        seq,
        zlib.crc32(body),
        venue.time,
        venue.state_hash(),
        copy(venue),
        [_session(name, each) for name, each in logs.by_name.items()],
        logs.clean,
    )


def _session(name: str, own: SessionLog) -> SessionImage:
    numbers = own.next_sender, own.next_target, own.reset_time
    return SessionImage(name, *numbers, pack(own.firsts), pack(own.seqs), own.untold.copy())


def snapshots(data: Path) -> list[tuple[int, Path]]:
    """(Batch, file) of every snapshot in a data directory, the newest first."""
    found = []
    for path in (data / DIRECTORY).glob("*.snap"):
        match = _NAME.fullmatch(path.name)
        if match is not None:
            found.append((int(match[1]), path))
    return sorted(found, reverse=True)


def write_snapshot(data: Path, snapshot: Snapshot) -> Path:
    """Write a snapshot to disk, then remove all but the newest `KEPT`.

    Raise `JournalError` where it cannot be written.
    """
    directory = data / DIRECTORY
    path = directory / f"{snapshot.seq:012}.snap"
    unfinished = path.with_suffix(".new")
    try:
        directory.mkdir(exist_ok=True)
        body = memoryview(msgspec.msgpack.encode(snapshot))
        with unfinished.open("wb") as file:
            file.write(HEADER + blake2b(body, digest_size=_DIGEST_SIZE).digest())
            for at in range(0, len(body), CHUNK):
                file.write(body[at : at + CHUNK])
                file.flush()
                os.fsync(file.fileno())
        unfinished.rename(path)
        sync(directory)
        sync(data)
        for _, old in snapshots(data)[KEPT:]:
            if old != path:
                old.unlink(missing_ok=True)
        for left in directory.glob("*.new"):
            left.unlink(missing_ok=True)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise JournalError(f"snapshot {path} cannot be written: {error}") from error
    return path


def read_snapshot(path: Path) -> Snapshot:
    """Raise `JournalError` where the file is no snapshot that this version can use."""
    try:
        content = memoryview(path.read_bytes())
    except OSError as error:
        raise JournalError(f"snapshot {path} cannot be read: {error}") from error
    body = content[len(HEADER) + _DIGEST_SIZE :]
    if content[: len(HEADER)] != HEADER:
        raise JournalError(f"snapshot {path} is not of this version of the venue")
    if blake2b(body, digest_size=_DIGEST_SIZE).digest() != content[len(HEADER) :][:_DIGEST_SIZE]:
        raise JournalError(f"snapshot {path} is damaged")
    try:
        return _decode(body)
    except (msgspec.DecodeError, ValueError) as error:
        raise JournalError(f"snapshot {path} cannot be read: {error}") from error


def discard_newer(data: Path, last: int, is_proof: bool) -> None:
    """Remove what says to be of batches after `last`, the last one of the journal: what these will
    be is not known yet.

    Raise `JournalError` where it `is_proof` of a loss, for every batch was on disk when a snapshot
    could be made of it.
    """
    for seq, path in snapshots(data):
        if seq > last and is_proof:
            raise JournalError(
                f"{path} is of batch {seq}, but the journal ends with batch {last}: the others are"
                " gone; a start with journal.sync=interval goes on without them"
            )
        if seq > last:
            log.warning("snapshot is removed", path=str(path), last_batch=last)
            path.unlink(missing_ok=True)


def usable(data: Path, last: int) -> Iterator[Snapshot]:
    """Iterate the good snapshots of batches up to `last`, the newest first; log the others."""
    for seq, path in snapshots(data):
        try:
            if seq > last:
                raise JournalError(f"snapshot {path} is of a batch that the journal does not have")
            snapshot = read_snapshot(path)
            if snapshot.seq != seq:
                raise JournalError(f"snapshot {path} has another one's name")
        except JournalError as error:
            log.warning("snapshot is not used", reason=str(error))
        else:
            yield snapshot
