"""What the kernel tells of a connection. Only Linux does."""

import socket
import struct
import sys

from msgspec import Struct

if sys.platform == "linux":
    from fcntl import ioctl
    from socket import TCP_INFO
    from termios import TIOCOUTQ

SO_MEMINFO = 55
"""Of Linux, since 4.12."""

_ACKED_AND_RECEIVED = struct.Struct("=120xQQ")  # of struct tcp_info
_INT = struct.Struct("i")
_SEND_BUFFER = struct.Struct("=12xI4xI12x")  # SK_MEMINFO_SNDBUF and SK_MEMINFO_WMEM_QUEUED


class Kernel(Struct, frozen=True, gc=False):
    """Bytes of a connection: those that the client's side has taken, those that wait for it, and
    those that came from it.
    """

    taken: int
    waiting: int
    received: int

    @property
    def written(self) -> int:
        return self.taken + self.waiting


def kernel_of(connection: socket.socket) -> Kernel | None:
    """What the kernel knows of a connection, None where it does not tell.

    It is asked until nothing was taken between its two answers: then both are of one moment.
    """
    if sys.platform != "linux":
        return None
    taken, waiting = -1, 0
    try:
        while True:
            info = connection.getsockopt(socket.IPPROTO_TCP, TCP_INFO, _ACKED_AND_RECEIVED.size)
            before, (taken, received) = taken, _ACKED_AND_RECEIVED.unpack(info)
            if taken == before:
                return Kernel(taken, waiting, received)
            [waiting] = _INT.unpack(ioctl(connection, TIOCOUTQ, bytes(_INT.size)))
    except (OSError, struct.error):  # gone, or no TCP
        return None


def room_of(connection: socket.socket) -> int:
    """Bytes of memory that the kernel yet gives to what is sent, 0 where it does not tell."""
    try:
        told = connection.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, _SEND_BUFFER.size)
        allowed, queued = _SEND_BUFFER.unpack(told)
    except (OSError, struct.error):
        return 0
    return int(allowed - queued)
