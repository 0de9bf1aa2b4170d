"""FIX messages as bytes and as fields. Knows framing and repeating groups, not what fields mean."""

import re
from collections.abc import Iterable

from venue.conform.errors import BreachError

SOH = "\x01"
Pair = tuple[str, str]
"""Tag and value."""

_BEGIN = re.compile(rb"8=([^\x01]{1,12})\x019=(\d{1,7})\x01")
_TRAILER = len("10=000|")


class Message:
    """A message as it arrived: its fields in order."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.pairs = list(pairs)
        self._first: dict[str, str] = {}
        for tag, value in self.pairs:
            self._first.setdefault(tag, value)

    @property
    def type(self) -> str:
        return self._first.get("35", "")

    def get(self, tag: str) -> str | None:
        """The first value of `tag`, or None."""
        return self._first.get(tag)

    def __str__(self) -> str:
        return "".join(f"{tag}={value}|" for tag, value in self.pairs)


def frame(pairs: list[Pair]) -> bytes:
    """The bytes of a message; BodyLength(9) and CheckSum(10) are put in unless they are there."""
    tags = [tag for tag, _ in pairs]
    begin = "".join(f"{tag}={value}{SOH}" for tag, value in pairs[:1])
    rest = "".join(f"{tag}={value}{SOH}" for tag, value in pairs[1:])
    if "9" not in tags:
        begin += f"9={len(rest.encode('latin-1'))}{SOH}"
    content = (begin + rest).encode("latin-1")
    if "10" not in tags:
        content += f"10={sum(content) % 256:03}{SOH}".encode()
    return content


def take(unread: bytes) -> tuple[Message | None, bytes]:
    """Take the first whole message off `unread`; None while there is not yet one.

    Raises BreachError where the bytes are no FIX, or length or checksum are wrong.
    """
    begin = _BEGIN.match(unread)
    if begin is None:
        if len(unread) > 24 or not b"8=FIX".startswith(unread[:5]):
            raise BreachError(["what came is no FIX message"], repr(unread[:200]))
        return None, unread
    end = begin.end() + int(begin[2]) + _TRAILER
    if len(unread) < end:
        return None, unread
    content = unread[:end]
    readable = content.replace(b"\x01", b"|").decode("latin-1")
    if not re.fullmatch(rb"10=\d{3}\x01", content[-_TRAILER:]):
        raise BreachError(
            [f"BodyLength(9) {begin[2].decode()} does not lead to CheckSum(10)"], readable
        )
    right = f"{sum(content[:-_TRAILER]) % 256:03}"
    if content[-4:-1] != right.encode():
        raise BreachError([f"CheckSum(10) is not {right}"], readable)
    pairs = []
    for field in content[:-1].decode("latin-1").split(SOH):
        tag, equals, value = field.partition("=")
        if not tag.isdecimal() or not equals or not value:
            raise BreachError([f"{field!r} is no field"], readable)
        pairs.append((tag, value))
    return Message(pairs), unread[end:]
