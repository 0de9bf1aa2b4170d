"""uvicorn's WebSocket, with a way out for frames that are ready.

One frame goes to many clients, so it is encoded once and written to each transport as it is: 9.7
microseconds a frame instead of 13.7 through ASGI (websockets-sansio; 23.8 with `websockets`), of
which the system call is most. Everything else (handshake, pings, limits) is uvicorn's.

What waits for a client is bounded: QUEUE bytes here and BUFFER in the kernel. A client is told of
`paused` and `resumed` through `on_resume`; what to leave out meanwhile is its own business.

What a client sends is parsed PIECE bytes a turn of the loop, and not at all while a message waits
to be heard. Frames that are no messages (pings, pongs, fragments) are counted: nobody hears them,
so nobody else would slow down who sends nothing but those.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Any

from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request
from websockets.protocol import State

EXTENSION = "venue.frames"
"""Key of scope["extensions"]: the protocol."""
QUEUE = 64 << 10
BUFFER = 64 << 10
UNSENT = 16 << 10
"""The kernel takes more only while less than this is unsent, so that what waits is not stale."""
CLOSE_SECONDS = 5.0
"""For the answer to a Close; then the connection is cut."""
GOING_AWAY, NOT_UTF8, POLICY = 1001, 1007, 1008
BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
"""To a handshake that has a body, a line that is too long, or too many headers."""
PIECE = 4 << 10
"""Bytes parsed at once: 7 ms where all frames are empty."""
FRAMES, MOST_FRAMES = 100, 1_000
"""Frames besides whole messages that a client may send: a second, and at once."""


class FrameProtocol(WebSocketsSansIOProtocol):
    """`write` sends a frame, `end` closes; `is_full` while the client should get no more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_full = False
        self.on_resume: Callable[[], None] | None = None
        self._unread = bytearray()
        self._is_due = False
        self._is_deaf = False
        self._frames_left = float(MOST_FRAMES)
        self._counted_at = self.loop.time()

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
        self.read_paused = False
        self._go_on()
        self.close_timer = self.loop.call_later(CLOSE_SECONDS, self.transport.abort)

    def data_received(self, data: bytes) -> None:
        if not self.handshake_initiated:
            super().data_received(data)
            if not self.handshake_initiated:  # the whole head was there, and is none
                self._refuse()
        elif not self._is_deaf:
            self._unread += data
            if not self._is_due:
                self._parse()

    def _refuse(self) -> None:
        self.handshake_initiated = self.handshake_complete = self.close_sent = True
        self.transport.write(BAD_REQUEST)
        self.transport.close()

    async def receive(self) -> ASGIReceiveEvent:
        message = await self.queue.get()
        if self.read_paused and self.queue.empty():
            self.read_paused = False
            self._go_on()
        return message

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if message["type"] == "websocket.http.response.body":  # else its end is called a defect
            self.handshake_complete = not message.get("more_body", False)

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text":
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self.frames = []
                self.end(NOT_UTF8, "text that is not UTF-8")
                return
        super().send_receive_event_to_app()

    def handle_ping(self) -> None:
        pongs = b"".join(self.conn.data_to_send())
        if not (self.is_full or self.transport.is_closing()):
            self.transport.write(pongs)
        self._count()

    def handle_pong(self, event: Frame) -> None:
        super().handle_pong(event)
        self._count()

    def handle_cont(self, event: Frame) -> None:
        super().handle_cont(event)
        self._count()

    def handle_text(self, event: Frame) -> None:
        super().handle_text(event)
        if self.close_sent or not event.fin:
            self._count()

    def handle_bytes(self, event: Frame) -> None:
        super().handle_bytes(event)
        if self.close_sent or not event.fin:
            self._count()

    def _go_on(self) -> None:
        """Parse the next piece in the next turn, or read more."""
        if self.transport.is_closing():
            return
        if not self._unread:
            self.transport.resume_reading()
        elif not self._is_due:
            self._is_due = True
            self.transport.pause_reading()
            self.loop.call_soon(self._parse)

    def _parse(self) -> None:
        self._is_due = False
        if self.read_paused or self._is_deaf or self.transport.is_closing():
            return
        piece = bytes(self._unread[:PIECE])
        del self._unread[:PIECE]
        super().data_received(piece)
        if not self.read_paused:
            self._go_on()

    def _count(self) -> None:
        now = self.loop.time()
        more = (now - self._counted_at) * FRAMES
        self._frames_left = min(float(MOST_FRAMES), self._frames_left + more) - 1
        self._counted_at = now
        if self._frames_left >= 0 or self._is_deaf:
            return
        self._is_deaf = True
        self._unread.clear()
        if self.conn.state is State.OPEN and not self.close_sent:
            self.end(POLICY, "too many frames that are no messages")
        else:
            self.transport.abort()

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
