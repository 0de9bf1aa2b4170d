"""A client's connection to which the venue writes market data itself, beside QuickFIX.

QuickFIX takes more than twice as long to send one message to many. But it has a queue for each
connection, in which may be half a message, and which cannot be seen. So every byte that it is given
is counted, and a message is written here only when the kernel has had them all, and has room for
the whole of it.
"""

import socket
from contextlib import suppress

import structlog

from venue.gateway.kernel import kernel_of, room_of

SEGMENT_BYTES = 4096
"""What a message may take of a send buffer beside twice its own length, and more."""

log = structlog.get_logger()


class Line:
    """Sends whole messages, or says that QuickFIX has to.

    `given` are the bytes that were sent over the connection, by QuickFIX or here.
    """

    __slots__ = ("_before", "_is_clear", "_room", "_socket", "given")

    def __init__(self, connection: socket.socket, written: int) -> None:
        """QuickFIX's queue of `connection` is empty; `written` is what the kernel has had of it."""
        self.given = 0
        self._socket = connection
        self._before = written
        self._room = 0
        self._is_clear = True

    def note(self, size: int) -> None:
        """Note that QuickFIX is given so many bytes for this connection."""
        self.given += size
        self._is_clear = False

    def write(self, message: bytes) -> bool:
        """Send `message`, or nothing at all; tell whether it was sent.

        A kernel without memory may take half of it. Then the connection is ended: nothing sensible
        can follow.
        """
        size = len(message)
        need = 2 * size + SEGMENT_BYTES
        if not ((self._is_clear and need <= self._room) or self._look(need)):
            return False
        try:
            sent = self._socket.send(message)
        except OSError:  # it is full after all, or gone
            self._room = 0
            return False
        self.given += sent
        self._room -= need
        if sent < size:
            log.warning("cut off", text=f"the kernel has taken {sent} of a message's {size} bytes")
            self.note(size)
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        return True

    def _look(self, need: int) -> bool:
        """See whether QuickFIX has nothing left to send, and there is room for so many bytes."""
        if not self._is_clear:
            kernel = kernel_of(self._socket)
            self._is_clear = kernel is not None and kernel.written == self._before + self.given
        self._room = room_of(self._socket)
        return self._is_clear and need <= self._room


def open_line(connection: socket.socket) -> Line | None:
    """A line over a connection for which QuickFIX has nothing to send; None where the kernel does
    not tell enough.
    """
    kernel = kernel_of(connection)
    if kernel is None or not room_of(connection):
        return None
    return Line(connection, kernel.written)
