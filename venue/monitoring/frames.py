"""The wire between a venue's loop and the process that is asked about it: what one wants is a byte,
what the other tells is a kind, a length and so many bytes.
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress

PING, PAINT = b"p", b"P"
"""Asked: whether the loop is there, and for a picture."""
STATE, OPEN, PONG, PICTURE = b"s", b"o", b"p", b"P"
"""Told: what the venue does, where to listen, that the loop is there, a picture."""
REFUSED = b"x"
"""What is answered instead of `OPEN` where nobody can listen there."""

_HEAD = struct.Struct("!cI")
CHUNK = 1 << 16


class Frames:
    """One end. Nothing here waits: what the other end does not take yet is kept. `descriptors` are
    those that have come along.
    """

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)
        self.socket = end
        self.is_over = False
        self._unsent = b""
        self._seen = bytearray()
        self.descriptors: list[int] = []

    @property
    def is_clear(self) -> bool:
        """Whether all that was told is on its way."""
        return not self._unsent

    def tell(self, kind: bytes, body: bytes = b"") -> None:
        self.send(_HEAD.pack(kind, len(body)) + body)

    def hand_over(self, kind: bytes, body: bytes, descriptors: list[int]) -> None:
        """Tell something short, before anything else is owed, and give descriptors along."""
        with suppress(OSError):
            socket.send_fds(self.socket, [_HEAD.pack(kind, len(body)) + body], descriptors)

    def send(self, more: bytes = b"") -> None:
        """Send what is owed, and `more`, as far as the other end takes it."""
        self._unsent += more
        try:
            while self._unsent:
                self._unsent = self._unsent[self.socket.send(self._unsent) :]
        except BlockingIOError:
            pass
        except OSError:
            self.is_over, self._unsent = True, b""

    def read(self) -> bytes:
        """What has come; `is_over` tells when nothing will any more."""
        with suppress(BlockingIOError):
            try:
                seen, descriptors, _, _ = socket.recv_fds(self.socket, CHUNK, 1)
                self.descriptors += descriptors
            except ConnectionError:
                seen = b""
            self.is_over = self.is_over or not seen
            return seen
        return b""

    def told(self) -> Iterator[tuple[bytes, bytes]]:
        """Every (kind, body) that is whole."""
        while more := self.read():
            self._seen += more
        while len(self._seen) >= _HEAD.size:
            kind, size = _HEAD.unpack_from(self._seen)
            end = _HEAD.size + size
            if len(self._seen) < end:
                return
            body = bytes(self._seen[_HEAD.size : end])
            del self._seen[:end]
            yield kind, body
