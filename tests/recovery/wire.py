"""FIX on a socket, in the three versions, strictly; shares no code with the venue."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from tests.e2e.message import SOH, Message

FIX42, FIX44, FIX50SP2 = "FIX.4.2", "FIX.4.4", "FIX.5.0SP2"
VENUE = "VENUE"

Field = tuple[int, object]

_BEGIN = re.compile(rb"8=([^\x01]+)\x019=(\d+)\x01")
_OF_ONE_COPY = frozenset((9, 10, 43, 52, 122))
"""Fields that differ between a message and its repetition."""


class ViolationError(AssertionError):
    """The venue has broken its word."""


def begin_string(version: str) -> str:
    return "FIXT.1.1" if version == FIX50SP2 else version


def utc_now() -> str:
    return datetime.now(UTC).strftime("%Y%m%d-%H:%M:%S.%f")[:-3]


def frame(version: str, fields: Iterable[Field]) -> bytes:
    """A whole message from its fields, MsgType(35) first."""
    body = "".join(f"{tag}={value}{SOH}" for tag, value in fields).encode("ascii")
    whole = b"8=%s\x019=%d\x01" % (begin_string(version).encode(), len(body)) + body
    return whole + b"10=%03d\x01" % (sum(whole) % 256)


class Stream:
    """Messages from the bytes of one connection. Raise `ViolationError` for a wrong frame."""

    def __init__(self, version: str) -> None:
        self._begin = begin_string(version).encode()
        self._unread = b""

    def feed(self, received: bytes) -> Iterator[Message]:
        self._unread += received
        while begin := _BEGIN.match(self._unread):
            end = begin.end() + int(begin[2]) + len("10=000|")
            if len(self._unread) < end:
                return
            content, self._unread = self._unread[:end], self._unread[end:]
            wrong = content[-7:] != b"10=%03d\x01" % (sum(content[:-7]) % 256)
            if wrong or begin[1] != self._begin:
                raise ViolationError(f"a wrong frame: {content!r}")
            yield Message(content.decode("ascii"))
        if len(self._unread) > 40:
            raise ViolationError(f"no FIX: {self._unread[:200]!r}")


def content(message: Message) -> tuple[tuple[int, str], ...]:
    """What a message and its repetition have in common, in order."""
    return tuple(pair for pair in message.pairs if pair[0] not in _OF_ONE_COPY)


def average(notional: Decimal, qty: int, tick: Decimal) -> Decimal:
    """AvgPx(6) as the venue has to round it: half even, six places below the tick."""
    if not qty:
        return Decimal(0)
    return (notional / qty).quantize(tick.scaleb(-6), ROUND_HALF_EVEN)
