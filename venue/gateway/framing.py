"""Whole FIX messages of a body that many are sent, as QuickFIX would frame them.

What all copies have in common is put together and summed up once; each of them costs a microsecond.
"""

from functools import lru_cache
from zlib import adler32

Addressee = tuple[bytes, int]
"""What stands between SendingTime(52) and the body, from the value of TargetCompID(56) on, and the
sum of its bytes."""

_SUM = 0xFFFF
"""The low half of an Adler-32 is 1 more than the sum of the bytes, up to 256 of them (RFC 1950)."""


class Framing:
    """A body in one version, at one time."""

    __slots__ = ("_begin", "_body", "_head", "_length", "_middle", "_sum")

    def __init__(
        self, begin_string: str, msg_type: str, comp_id: str, sending_time: str, body: str
    ) -> None:
        """`comp_id` sends; `body` is what follows MDReqID(262)."""
        self._begin = f"8={begin_string}\x019=".encode()
        self._head = f"\x0135={msg_type}\x0134=".encode()
        self._middle = f"\x0149={comp_id}\x0152={sending_time}\x0156=".encode()
        self._body = to_bytes(body)
        self._length = len(self._head) - 1 + len(self._middle) + len(self._body)
        parts = self._begin, self._head, self._middle, self._body
        self._sum = sum(map(sum, parts)) - 2  # what Adler-32 adds twice

    def message(self, number: int, addressee: Addressee) -> bytes:
        """The copy that has MsgSeqNum(34) `number`."""
        target, target_sum = addressee
        digits = b"%d" % number
        length = b"%d" % (self._length + len(digits) + len(target))
        sums = (adler32(digits) & _SUM) + (adler32(length) & _SUM) + target_sum + self._sum
        return b"%s%s%s%s%s%s%s10=%03d\x01" % (
            self._begin,
            length,
            self._head,
            digits,
            self._middle,
            target,
            self._body,
            sums & 255,
        )


@lru_cache(maxsize=1 << 14)
def addressee(comp_id: str, md_req_id: str) -> Addressee:
    """Who is sent a copy, and under which MDReqID(262)."""
    target = to_bytes(f"{comp_id}\x01262={md_req_id}\x01")
    return target, sum(target)


def to_bytes(text: str) -> bytes:
    """The bytes of a text that came from QuickFIX, or goes to it."""
    return text.encode("utf-8", "surrogateescape")
