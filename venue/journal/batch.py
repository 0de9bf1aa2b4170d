"""What one journal record holds, and its bytes: versioned msgpack."""

import zlib
from collections.abc import Callable
from typing import TypeVar

import msgspec
from msgspec import Raw, Struct

from venue.core.commands import Journaled
from venue.errors import JournalError

FORMAT = 5
"""Another number whenever the same batches would lead elsewhere than when they were written.

1 had no trading day, 2 no messages and sequence numbers of the sessions, 3 no trading phases, and
market orders that traded at any price, 4 no positions.
"""

Numbers = tuple[int, int]
"""The MsgSeqNum(34) that a session's next message has, out and in."""


class Sent(Struct, array_like=True, gc=False):
    """Reports to one session, numbered from `first` on.

    `texts` are without what QuickFIX fills in: 34, 49, 52, 56. Their SendingTime(52) is the batch's
    time. With `first` 0 the session is away: they wait for its next Logon.
    """

    session: str
    first: int
    texts: list[str]


class Batch(Struct, array_like=True, gc=False):
    """What one round of the loop did, in this order, at `time`.

    `time` is in nanoseconds since 1970 UTC, and never before the last batch's. A batch without
    commands is one in which time alone did something (orders expired, the trading day ended), or
    which is about sessions only: `reset` names those whose numbers began anew, and when; `told`
    those that were now sent what had waited for them in so many batches, which stands in `sent`,
    too; `numbers` what is next after all that. A batch that is `stopped` is the last of a clean
    stop: its numbers are exact.
    Replaying every batch gives the venue's state again, and that of its sessions.
    """

    time: int
    commands: list[Journaled]
    sent: list[Sent] = []
    numbers: dict[str, Numbers] = {}
    reset: dict[str, int] = {}
    told: dict[str, int] = {}
    stopped: bool = False
    format: int = FORMAT


class SentBatch(Struct, array_like=True, gc=False):
    """A batch of which only the reports are wanted."""

    time: int
    commands: Raw
    sent: list[Sent]


class SentTo(Struct, array_like=True, gc=False):
    """Reports to one session, without the reports."""

    session: str
    first: int


class Replayed(Struct, array_like=True, gc=False):
    """A batch without its reports: the same fields, for who does it all again."""

    time: int
    commands: list[Journaled]
    sent: list[SentTo] = []
    numbers: dict[str, Numbers] = {}
    reset: dict[str, int] = {}
    told: dict[str, int] = {}
    stopped: bool = False
    format: int = FORMAT


encode_batch = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Batch).decode
_decode_replayed = msgspec.msgpack.Decoder(Replayed).decode
_decode_sent = msgspec.msgpack.Decoder(SentBatch).decode


def is_whole(body: object, crc: object) -> bool:
    """Whether a journal's row has the body that it was written with."""
    return isinstance(body, bytes) and zlib.crc32(body) == crc


def decode_batch(body: bytes, seq: int) -> Batch:
    """Raise `JournalError` naming batch `seq` where `body` is none that this version can read."""
    return _checked(_decode, body, seq)


def decode_replayed(body: bytes, seq: int) -> Replayed:
    """A batch but for its reports. Raise `JournalError` as `decode_batch` does."""
    return _checked(_decode_replayed, body, seq)


def decode_sent(body: bytes, seq: int) -> SentBatch:
    """The reports of a batch. Raise `JournalError` where `body` is no batch."""
    return _decoded(_decode_sent, body, seq)


B = TypeVar("B", Batch, Replayed)
D = TypeVar("D", Batch, Replayed, SentBatch)


def _decoded(decode: Callable[[bytes], D], body: bytes, seq: int) -> D:
    try:
        return decode(body)
    except (msgspec.DecodeError, ValueError) as error:
        raise JournalError(f"batch {seq} cannot be read: {error}") from error


def _checked(decode: Callable[[bytes], B], body: bytes, seq: int) -> B:
    batch = _decoded(decode, body, seq)
    if batch.format != FORMAT:
        raise JournalError(f"batch {seq} has format {batch.format}, this venue reads {FORMAT}")
    return batch
