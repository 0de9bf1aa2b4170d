"""A WebSocket without a network: it keeps what it is sent."""

import json
from typing import Any


class FakeLine:
    """`is_full` is what the test says; `ended` the code of the Close."""

    def __init__(self) -> None:
        self.is_full = False
        self.is_open = True
        self.waiting = 0
        self.ended: int | None = None
        self._frames: list[bytes] = []

    def write(self, frame: bytes) -> None:
        assert self.is_open
        self._frames.append(frame)

    def end(self, code: int, reason: str) -> None:
        assert reason
        self.ended = self.ended or code
        self.is_open = False

    def take(self) -> list[dict[str, Any]]:
        """What has come since the last time."""
        frames, self._frames = self._frames, []
        return [json.loads(payload(frame)) for frame in frames]


def payload(frame: bytes) -> bytes:
    """The text of an unmasked frame, by RFC 6455."""
    assert frame[0] == 0x81
    size = frame[1]
    start = 2
    if size == 126:
        start, size = 4, int.from_bytes(frame[2:4], "big")
    elif size == 127:
        start, size = 10, int.from_bytes(frame[2:10], "big")
    assert len(frame) == start + size
    return frame[start:]
