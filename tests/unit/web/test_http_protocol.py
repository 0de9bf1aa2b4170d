"""What one connection may send, before and behind the head of a request."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from tests.unit.web.fake_transport import FakeTransport, turns
from venue.web.http_protocol import LARGEST_HEAD, LARGEST_REST, HttpProtocol

HEAD = b"POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
BODY = b"2\r\n{}\r\n"
GET = b"GET /%d HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Line:
    """A connection; the application reads a body, and answers with it once the gate is open."""

    def __init__(self, state: ServerState | None = None) -> None:
        self.transport = FakeTransport()
        self.gate = asyncio.Event()
        self.gate.set()
        config = uvicorn.Config(self._app, interface="asgi3", log_config=None)
        config.load()
        self.protocol = HttpProtocol(config, state or ServerState(), {}, asyncio.get_running_loop())
        self.protocol.connection_made(self.transport)

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message["more_body"]:
                break
        await self.gate.wait()
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def run(test: Callable[[Line], Awaitable[None]]) -> None:
    async def main() -> None:
        line = Line()
        await test(line)
        line.protocol.connection_lost(None)
        await turns(3)

    asyncio.run(main())


@pytest.mark.parametrize(
    ("begin", "more"),
    [
        (BODY + b"0\r\n", b"X-More: " + b"a" * 1000 + b"\r\n"),
        (BODY + b"0\r\nX-One: ", b"a" * 1000),
        (b"2;x=", b"a" * 1000),
        (b"", b"1\r\n \r\n" * 200),
    ],
    ids=["trailers", "one trailer", "chunk extension", "small chunks"],
)
def test_what_comes_behind_a_head_is_bounded(begin: bytes, more: bytes) -> None:
    async def test(line: Line) -> None:
        line.protocol.data_received(HEAD)
        line.protocol.data_received(begin)
        sent = len(begin)
        while not line.transport.is_closing():
            assert sent <= LARGEST_REST
            line.protocol.data_received(more)
            sent += len(more)
            await turns(1)
        assert line.transport.written.startswith(b"HTTP/1.1 413 ")

    run(test)


def test_it_is_counted_for_each_request_anew() -> None:
    async def test(line: Line) -> None:
        for _ in range(2 * LARGEST_REST // 50_000):
            line.protocol.data_received(HEAD)
            line.protocol.data_received(b"c350\r\n" + b" " * 50_000 + b"\r\n0\r\n\r\n")
            await turns(5)
        assert line.transport.written.count(b"HTTP/1.1 200 ") == 2 * LARGEST_REST // 50_000

    run(test)


def test_trailers_are_no_headers() -> None:
    async def test(line: Line) -> None:
        line.protocol.data_received(HEAD + BODY + b"0\r\nAuthorization: Bearer x\r\n\r\n")
        await turns(5)
        assert line.transport.written.endswith(b"{}")
        assert [name for name, _ in line.protocol.headers] == [b"host", b"transfer-encoding"]

    run(test)


def test_a_head_behind_a_request_that_is_not_answered_yet() -> None:
    """It is bounded as well; and what is written of it is not the answer of the one before."""

    async def test(line: Line) -> None:
        line.gate.clear()
        line.protocol.data_received(GET % 1)
        line.protocol.data_received(b"GET / HTTP/1.1\r\nX-Much: ")
        for _ in range(LARGEST_HEAD // 1000 + 1):
            line.protocol.data_received(b"a" * 1000)
        assert line.transport.is_closing()
        assert not line.transport.written

    run(test)


def test_who_goes_away_is_answered_no_more() -> None:
    async def test(line: Line) -> None:
        line.gate.clear()
        line.protocol.data_received(GET % 1 + GET % 2 + GET % 3)
        await turns(3)
        line.protocol.connection_lost(ConnectionResetError())
        line.gate.set()
        await turns(5)
        assert not line.transport.written
        line.protocol = Line().protocol  # which can be lost, too

    run(test)


def test_where_there_are_too_many_who_is_idle_for_longest_makes_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(HttpProtocol, "most", 3)
    monkeypatch.setattr(HttpProtocol, "idle", {})

    async def main() -> None:
        state = ServerState()
        lines = [Line(state) for _ in range(3)]
        busy, answered, idle = lines
        busy.gate.clear()
        busy.protocol.data_received(GET % 1)
        answered.protocol.data_received(GET % 1)
        await turns(5)
        newest = Line(state)
        closed = [line.transport.is_closing() for line in (*lines, newest)]
        assert closed == [False, False, True, False]
        idle.protocol.connection_lost(None)
        newest.gate.clear()
        newest.protocol.data_received(GET % 1)
        third = Line(state)
        closed = [line.transport.is_closing() for line in (busy, answered, newest, third)]
        assert closed == [False, True, False, False]
        answered.protocol.connection_lost(None)
        third.protocol.connection_lost(None)
        last = Line(state)
        last.gate.clear()
        last.protocol.data_received(GET % 1)
        assert Line(state).transport.is_closing()  # nobody is idle
        for line in (busy, newest, last):
            assert not line.transport.is_closing()
            line.protocol.connection_lost(None)
        await turns(3)

    asyncio.run(main())
