"""uvicorn's WebSocket, with a way out for frames that are ready.

One frame goes to many clients, so it is encoded once and written to each transport as it is: 9.7
microseconds a frame instead of 13.7 through ASGI (websockets-sansio; 23.8 with `websockets`), of
which the system call is most. Everything else (handshake, pings, limits) is uvicorn's.

What waits for a client is bounded: QUEUE bytes here and BUFFER in the kernel. A client is told of
`paused` and `resumed` through `on_resume`; what to leave out meanwhile is its own business.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

EXTENSION = "venue.frames"
"""Key of scope["extensions"]: the protocol."""
QUEUE = 64 << 10
BUFFER = 64 << 10
UNSENT = 16 << 10
"""The kernel takes more only while less than this is unsent, so that what waits is not stale."""
CLOSE_SECONDS = 5.0
"""For the answer to a Close; then the connection is cut."""
GOING_AWAY = 1001


class FrameProtocol(WebSocketsSansIOProtocol):
    """`write` sends a frame, `end` closes; `is_full` while the client should get no more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_full = False
        self.on_resume: Callable[[], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=QUEUE, low=QUEUE // 4)
        peer: socket.socket | None = transport.get_extra_info("socket")
        if peer is not None:
            with contextlib.suppress(OSError):
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
                if hasattr(socket, "TCP_NOTSENT_LOWAT"):
                    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions: dict[str, Any] = self.scope.setdefault("extensions", {})
            extensions[EXTENSION] = self

    @property
    def waiting(self) -> int:
        """Bytes that the kernel has not taken yet."""
        return self.transport.get_write_buffer_size()

    @property
    def is_open(self) -> bool:
        """Whether frames may be written."""
        return not (self.close_sent or self.disconnected or self.transport.is_closing())

    def write(self, frame: bytes) -> None:
        """Send a frame, or keep it where the client does not read."""
        self.transport.write(frame)

    def end(self, code: int, reason: str) -> None:
        """Send a Close behind what waits; cut the connection where no answer comes."""
        if not self.is_open:
            return
        self.stop_keepalive()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(CLOSE_SECONDS, self.transport.abort)

    def pause_writing(self) -> None:
        super().pause_writing()
        self.is_full = True

    def resume_writing(self) -> None:
        super().resume_writing()
        self.is_full = False
        if self.on_resume is not None:
            self.on_resume()

    def shutdown(self) -> None:
        """The server stops."""
        if self.handshake_complete and not self.close_sent:
            self.end(GOING_AWAY, "the web stops")
        else:
            super().shutdown()
