"""What one client leaves unread of what it is sent, or sends without sense; when it is too much.

QuickFIX's queue of a connection has no bound and cannot be seen. What it holds follows from what it
was given, and from what the kernel has had of it: that is right to a few bytes a message, and put
right whenever the queue is known to be empty. Where the kernel does not tell, a client that answers
a TestRequest(1) has read all that was sent before.
"""

from venue.gateway.kernel import Kernel

STALL_SECONDS = 1.0
"""Without a byte read, before a client is asked whether it still is there."""


class Reader:
    """The client at the other end of one connection.

    `handed` is what was sent until the last look; `queued` and `waiting` are the bytes that wait in
    QuickFIX and in the kernel; `has_lagged` is for who looks. Times are those of `time.monotonic`,
    in seconds.
    """

    def __init__(self, most: int, seconds: int, now: float) -> None:
        """`most` bytes may wait, and nothing may be read for so many `seconds`."""
        self.handed = 0
        self.queued = 0
        self.waiting = 0
        self.has_lagged = False
        self._most = most
        self._seconds = seconds
        self._written = 0
        self._ahead = 0  # by how much the kernel's count is ahead of that of what was handed
        self._taken = -1  # what the kernel does not tell
        self._answered = 0
        self._target = 0
        self._received = 0
        self._moved = now
        self._asked: tuple[float, int] | None = None
        self._over: int | None = None

    @property
    def is_measured(self) -> bool:
        """Whether the kernel tells."""
        return self._taken >= 0

    @property
    def unread(self) -> int:
        return self.queued + self.waiting

    def note(self, handed: int, kernel: Kernel | None, now: float) -> None:
        """Note how much QuickFIX was given so far, and what the kernel, if it tells, has of it."""
        self.handed = handed
        if kernel is None:
            self.queued = handed - self._answered
            return
        if kernel.taken > self._taken or not self.unread:  # or it had nothing to read
            self._moved = now
        self._taken, self._written = kernel.taken, kernel.written
        self._ahead = max(self._ahead, kernel.written - handed)
        self.waiting = kernel.waiting
        self.queued = handed + self._ahead - kernel.written

    def is_emptied(self, kernel: Kernel) -> bool:
        """Whether QuickFIX, which had its chance to write since `note`, had nothing; if so, its
        queue is known to be empty.
        """
        if kernel.written != self._written:
            return False
        self._ahead = kernel.written - self.handed
        self.waiting = kernel.waiting
        self.queued = 0
        return True

    def is_suspect(self, now: float) -> bool:
        """Whether it is time to send a TestRequest(1)."""
        if self._asked is not None or not self.unread:
            return False
        if self.is_measured:
            return now - self._moved >= STALL_SECONDS
        return self.unread >= self._most // 8

    def ask(self, now: float) -> None:
        """Note that a TestRequest(1) is sent."""
        self._asked = now, self.handed

    def answer(self, now: float) -> None:
        """Note that it is answered."""
        if self._asked is not None:
            self._answered = self._asked[1]
            self._moved = now
            self._asked = None

    def fault(self, now: float) -> str | None:
        """Why the client is to be cut off, if it is.

        Half of what may wait is kept for what is sent after the first half has come together: so
        nobody is cut off for the answers to a single request, however large.
        """
        if self.unread <= self._most // 2:
            self._over = None
        elif self._over is None:
            self._over = self.handed
        elif self.handed - self._over > self._most // 2:
            return f"{self.unread} bytes are unread, more than {self._most}"
        if self._asked is not None:
            silent = now - max(self._asked[0], self._moved)
            if silent >= self._seconds:
                return f"{self.unread} bytes are unread, and none was read for {silent:.0f} s"
        return None

    def senseless(self, next_target: int, kernel: Kernel) -> str | None:
        """Why the client is to be cut off for what it sends, if it is.

        QuickFIX keeps what is no whole message yet, and messages that come before the one it
        expects, which is number `next_target`: neither has a bound, and each message takes 2.6 KB.
        """
        if next_target != self._target:
            self._target, self._received = next_target, kernel.received
        excess = kernel.received - self._received
        if excess > self._most // 8:
            most = self._most // 8
            return f"{excess} bytes came without message {next_target}, more than {most}"
        return None
