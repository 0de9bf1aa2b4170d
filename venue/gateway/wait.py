"""Sleeping until a socket of this process has something to read.

QuickFIX's `poll()` never waits and does not tell which sockets it has, but the process's own table
of descriptors does. An epoll over them wakes at once; a sleep would cost its length of latency.
"""

import os
import select
import stat
import time

DESCRIPTORS = "/dev/fd"
RESCAN_SECONDS = 0.05
FALLBACK_SECONDS = 0.0002


def socket_descriptors() -> dict[int, int]:
    """The descriptors of this process that are sockets, each with its inode."""
    found = {}
    for name in os.listdir(DESCRIPTORS):
        try:
            status = os.fstat(int(name))
        except OSError:
            continue
        if stat.S_ISSOCK(status.st_mode):
            found[int(name)] = status.st_ino
    return found


class Waiter:
    """Waits for the sockets that the process has; looks for new ones every `RESCAN_SECONDS`.

    A socket opened since the last look is not waited for, so its first bytes may wait that long.
    `listening` is where new ones come from: after it was readable the next `wait` looks at once.
    """

    def __init__(self, listening: int) -> None:
        self._listening = listening
        self._epoll = select.epoll() if hasattr(select, "epoll") else None
        self._known: dict[int, int] = {}
        self._next_scan = 0.0

    def wait(self) -> None:
        """Return when a socket is readable, after `RESCAN_SECONDS` at the latest."""
        if self._epoll is None:
            time.sleep(FALLBACK_SECONDS)
            return
        now = time.monotonic()
        if now >= self._next_scan:
            self._scan(self._epoll)
            self._next_scan = now + RESCAN_SECONDS
        if any(fd == self._listening for fd, _ in self._epoll.poll(RESCAN_SECONDS)):
            self._next_scan = 0.0

    def _scan(self, epoll: select.epoll) -> None:
        found = socket_descriptors()
        for fd in [fd for fd, inode in self._known.items() if found.get(fd) != inode]:
            del self._known[fd]
            try:
                epoll.unregister(fd)
            except OSError:
                continue  # closed, and with that forgotten by the kernel
        for fd, inode in found.items():
            if fd not in self._known:
                epoll.register(fd, select.EPOLLIN)
                self._known[fd] = inode

    def close(self) -> None:
        if self._epoll is not None:
            self._epoll.close()
