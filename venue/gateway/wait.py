"""Sleeping until a socket of this process has something to read.

QuickFIX's `poll()` never waits and does not tell which sockets it has, but the process's own table
of descriptors does. An epoll over them wakes at once; a sleep would cost its length of latency.
"""

import select
import socket
import time
from collections.abc import Sequence

from venue.gateway.entrance import socket_descriptors

RESCAN_SECONDS = 0.05
FALLBACK_SECONDS = 0.0002
SHORT_SECONDS = 0.002
"""An epoll waits for whole milliseconds, select(2) for parts of one, too."""
SELECTABLE = 1024
"""Descriptors below that number."""


class Waiter:
    """Waits for the sockets that the process has; looks for new ones every `RESCAN_SECONDS`.

    Sockets are watched for their edges: bytes that stay unread wake nobody twice.
    """

    def __init__(self) -> None:
        self._epoll = select.epoll() if hasattr(select, "epoll") else None
        self._known: dict[int, int] = {}
        self._next_scan = 0.0

    def wait(self, writing: Sequence[socket.socket] = (), seconds: float = RESCAN_SECONDS) -> bool:
        """Return True when something arrives, or one of `writing` can be written to; False when
        `seconds`, or `RESCAN_SECONDS` if those are fewer, passed without.
        """
        seconds = min(seconds, RESCAN_SECONDS)
        if self._epoll is None:
            time.sleep(FALLBACK_SECONDS)
            return False
        if time.monotonic() >= self._next_scan:
            self.scan()
        if writing:
            either = select.poll()
            either.register(self._epoll, select.POLLIN)
            for each in writing:
                either.register(each, select.POLLOUT)
            happened = bool(either.poll(seconds * 1000))
            self._epoll.poll(0)
            return happened
        if seconds < SHORT_SECONDS and self._epoll.fileno() < SELECTABLE:
            if not select.select([self._epoll], [], [], seconds)[0]:
                return False
            seconds = 0
        return bool(self._epoll.poll(seconds))

    def scan(self) -> None:
        """Look now for sockets that are new or gone."""
        if self._epoll is None:
            return
        self._next_scan = time.monotonic() + RESCAN_SECONDS
        found = socket_descriptors()
        for fd in [fd for fd, inode in self._known.items() if found.get(fd) != inode]:
            del self._known[fd]
            try:
                self._epoll.unregister(fd)
            except OSError:
                continue  # closed, and with that forgotten by the kernel
        for fd, inode in found.items():
            if fd not in self._known:
                self._epoll.register(fd, select.EPOLLIN | select.EPOLLET)
                self._known[fd] = inode

    def close(self) -> None:
        if self._epoll is not None:
            self._epoll.close()
