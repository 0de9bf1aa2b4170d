"""What one journal record holds, and its bytes: versioned msgpack."""

import msgspec
from msgspec import Struct

from venue.core.commands import Journaled
from venue.errors import JournalError

FORMAT = 2
"""Another number whenever the same commands would lead elsewhere than when they were written.

1 had no trading day: orders that were live for days would expire in a replay.
"""


class Batch(Struct, array_like=True, gc=False):
    """The commands of one round of the loop, carried out in this order at `time`.

    `time` is in nanoseconds since 1970 UTC, and never before the last batch's. A batch without
    commands is one in which time alone did something: orders expired, the trading day ended.
    Replaying every batch gives the venue's state again.
    """

    time: int
    commands: list[Journaled]
    format: int = FORMAT


encode_batch = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Batch).decode


def decode_batch(body: bytes, seq: int) -> Batch:
    """Raise `JournalError` naming batch `seq` where `body` is none that this version can read."""
    try:
        batch = _decode(body)
    except (msgspec.DecodeError, ValueError) as error:
        raise JournalError(f"batch {seq} cannot be read: {error}") from error
    if batch.format != FORMAT:
        raise JournalError(f"batch {seq} has format {batch.format}, this venue reads {FORMAT}")
    return batch
