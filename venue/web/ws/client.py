"""One WebSocket: what it is subscribed to, what it is owed, and whether it still reads.

A client that leaves its queue full is sent nothing more but what it asked for itself; of each
channel that had something for it, it is owed a snapshot, which it gets when it reads again. Who
takes nothing for a while is disconnected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from venue.web.accounts.users import Principal
    from venue.web.ws.channels import Channel

TOO_SLOW = 4008


class Line(Protocol):
    """What a client is written to; `protocol.FrameProtocol` is one."""

    is_full: bool

    @property
    def is_open(self) -> bool: ...
    @property
    def waiting(self) -> int: ...
    def write(self, frame: bytes) -> None: ...
    def end(self, code: int, reason: str) -> None: ...


class Counts:
    """What all clients together were sent."""

    def __init__(self) -> None:
        self.frames = self.bytes = self.dropped = self.closed_slow = 0


class Client:
    """`channels` are those it has joined, `owed` those of which it has missed something; it came at
    `since`, by the loop's clock.
    """

    def __init__(self, line: Line, principal: Principal, counts: Counts, since: float) -> None:
        self.line = line
        self.principal = principal
        self.channels: dict[tuple[object, ...], Channel] = {}
        self.owed: dict[Channel, None] = {}
        self.since = since
        self._counts = counts
        self._full_since: float | None = None
        self._waited = 0

    def write(self, frame: bytes) -> None:
        """Send what has to be sent, behind what waits."""
        if self.line.is_open:
            self.line.write(frame)
            self._counts.frames += 1
            self._counts.bytes += len(frame)

    def offer(self, channel: Channel, frame: bytes) -> None:
        """Send a channel's news; or leave it out and owe a snapshot, where the client is behind."""
        line = self.line
        if line.is_full:
            self.owed[channel] = None
            self._counts.dropped += 1
        elif channel in self.owed:
            self.show(channel)
        elif line.is_open:
            line.write(frame)
            self._counts.frames += 1
            self._counts.bytes += len(frame)

    def show(self, channel: Channel) -> None:
        """Send the state of a channel, as soon as there is one and the client reads."""
        frame = channel.snapshot()
        if frame is None or self.line.is_full:
            self.owed[channel] = None
            return
        self.owed.pop(channel, None)
        self.write(frame)

    def catch_up(self) -> None:
        """The client reads again: show it what it has missed."""
        self._full_since, self._waited = None, 0
        for channel in list(self.owed):
            if self.line.is_full:
                return
            self.show(channel)

    def judge(self, now: float, seconds: float) -> None:
        """Called now and then: end a client that has taken nothing for so many seconds."""
        waiting = self.line.waiting
        if not self.line.is_full or (self._waited and waiting < self._waited):
            self._full_since = None
        if self.line.is_full and self._full_since is None:
            self._full_since = now
        self._waited = waiting if self.line.is_full else 0
        if self._full_since is not None and now - self._full_since >= seconds:
            self._counts.closed_slow += self.line.is_open
            self.line.end(TOO_SLOW, "too slow: nothing read for a while")
