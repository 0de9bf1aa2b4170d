"""A connection of the web: HTTP by uvicorn, with bounds for who is slow or sends too much."""

import socket
from asyncio import Task, TimerHandle, Transport
from typing import Any, ClassVar

import structlog
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

HEAD_SECONDS = 10.0
"""For the first line and the headers of a request."""
LARGEST_HEAD = 32 << 10
LARGEST_REST = 256 << 10
"""Of a request behind its head, with all that chunks need: four times what `guard` lets through."""
MORE_CONNECTIONS = 500
"""Besides those that may be WebSockets."""
READ_SECONDS = 30
"""After which a peer that reads nothing is gone."""

logger = structlog.get_logger()


class HttpProtocol(HttpToolsProtocol):
    """A connection that has to send the head of a request in time, and not too much of it, nor of
    what comes behind. Trailers are nobody's: they would be headers that no guard has seen. Where
    there are too many connections, the one that has been idle for longest makes room.
    """

    most = MORE_CONNECTIONS
    idle: ClassVar[dict["HttpProtocol", None]] = {}
    tasks: "set[Task[None]]"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._timer: TimerHandle | None = None
        self._head = self._rest = 0
        self._is_head = True
        self._running: RequestResponseCycle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.most:
            logger.warning("too many connections", most=self.most)
            oldest = next(iter(self.idle), self)
            oldest.transport.abort()
            if oldest is self:
                return
            self.connections.discard(oldest)  # it is told later
            del self.idle[oldest]
        peer: socket.socket | None = transport.get_extra_info("socket")
        if peer is not None and hasattr(socket, "TCP_USER_TIMEOUT"):
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, READ_SECONDS * 1000)
        self.idle[self] = None
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self.idle.pop(self, None)
        super().connection_lost(exc)
        if self._running is not None:  # uvicorn tells the youngest of those in a pipeline alone
            self._running.disconnected = True
            self._running.message_event.set()

    def data_received(self, data: bytes) -> None:
        if self._is_head:
            self._await_head()
            room = LARGEST_HEAD - self._head
            self._head += len(data)
            if len(data) > room:
                super().data_received(data[:room])
                if self._timer is not None:
                    self._refuse(431)
                data = data[room:]
        else:
            self._rest += len(data)
            if self._rest > LARGEST_REST:
                self._refuse(413)
        if not self.transport.is_closing():
            super().data_received(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._is_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        self.idle.pop(self, None)
        self._is_head = False
        self._rest = 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_head = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.timeout_keep_alive_task is not None:
            self.idle[self] = None

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _await_head(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(HEAD_SECONDS, self._refuse, 408)

    def _stop_waiting(self) -> None:
        self._head = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: int) -> None:
        self._stop_waiting()
        if self.transport.is_closing():
            return
        if self._may_answer():
            self.transport.write(
                STATUS_LINE[status] + b"content-length: 0\r\nconnection: close\r\n\r\n"
            )
        self.transport.close()

    def _may_answer(self) -> bool:
        """Whether an answer would be that of the request that is read now."""
        running = self._running
        if running is None or running.response_complete:
            return True
        return running is self.cycle and not (self._is_head or running.response_started)
