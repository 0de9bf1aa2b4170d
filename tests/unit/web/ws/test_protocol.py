"""Frames that nobody hears are counted, and nobody's frames hold up the others."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from tests.unit.web.fake_transport import FakeTransport, turns
from venue.web.ws import protocol
from venue.web.ws.protocol import MOST_FRAMES, PIECE, FrameProtocol

HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
TEXT, CONTINUATION, PING, PONG, FINAL = 0x1, 0x0, 0x9, 0xA, 0x80
CLOSED = b"\x88"
POLICY = (1008).to_bytes(2, "big")


def frame(first: int, payload: bytes = b"") -> bytes:
    """As a client sends it, with a mask that changes nothing."""
    assert len(payload) < 126
    return bytes((first, FINAL | len(payload))) + bytes(4) + payload


class Line:
    """A client's end; `heard` are the messages that the application has taken."""

    def __init__(self) -> None:
        self.transport = FakeTransport()
        self.heard: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        config = uvicorn.Config(
            self._app, interface="asgi3", ws_ping_interval=None, log_config=None
        )
        config.load()
        self.protocol = FrameProtocol(config, ServerState(), {}, asyncio.get_running_loop())
        self.protocol.connection_made(self.transport)

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await self.gate.wait()
            self.heard.append(message["text"])

    async def open(self) -> None:
        self.protocol.data_received(HANDSHAKE)
        await turns(5)
        self.transport.written.clear()

    def say(self, *frames: bytes) -> None:
        self.protocol.data_received(b"".join(frames))


def run(test: Callable[[Line], Awaitable[None]]) -> None:
    async def main() -> None:
        line = Line()
        await line.open()
        await test(line)
        line.protocol.connection_lost(None)
        await turns(3)

    asyncio.run(main())


@pytest.mark.parametrize(
    "flood", [frame(FINAL | PING), frame(FINAL | PONG), frame(CONTINUATION)], ids=str
)
def test_who_sends_what_nobody_hears_is_ended(flood: bytes) -> None:
    async def test(line: Line) -> None:
        line.say(frame(TEXT))  # a message that does not end
        for _ in range(4 * MOST_FRAMES // 100):
            line.say(flood * 100)
            await turns(2)
        assert line.transport.written.count(CLOSED) == 1
        assert POLICY in line.transport.written[-50:]
        assert not line.transport.is_paused  # what still comes is thrown away
        assert not line.protocol.frames or len(line.protocol.frames) <= MOST_FRAMES + PIECE

    run(test)


def test_some_of_them_are_well() -> None:
    async def test(line: Line) -> None:
        line.say(frame(TEXT, b"a"), *[frame(CONTINUATION, b"b")] * 200, frame(FINAL, b"c"))
        line.say(*[frame(FINAL | PING, b"?")] * 300)
        await turns(5)
        assert line.heard == ["a" + 200 * "b" + "c"]
        assert line.transport.written == b"\x8a\x01?" * 300

    run(test)


def test_a_piece_is_parsed_in_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "MOST_FRAMES", 1 << 20)
    number = 6_000

    async def test(line: Line) -> None:
        line.protocol._frames_left = 1 << 20
        line.say(frame(FINAL | PING) * number)
        assert 0 < len(line.transport.written) <= 2 * PIECE // 6
        assert line.transport.is_paused
        await turns(20)
        assert len(line.transport.written) == 2 * number
        assert not line.transport.is_paused

    run(test)


def test_messages_wait_until_those_before_are_heard() -> None:
    texts = [str(number) for number in range(5_000)]

    async def test(line: Line) -> None:
        line.gate.clear()
        for text in ("taken", "waits"):
            line.say(frame(FINAL | TEXT, text.encode()))
            await turns(5)
        assert line.transport.is_paused
        line.say(*(frame(FINAL | TEXT, text.encode()) for text in texts))
        await turns(5)
        assert line.transport.is_paused and line.protocol.queue.qsize() < PIECE // 6
        line.gate.set()
        await turns(100)
        assert line.heard == ["taken", "waits", *texts]
        assert not line.transport.is_paused

    run(test)


def test_pongs_are_left_out_while_the_client_does_not_read() -> None:
    async def test(line: Line) -> None:
        line.protocol.pause_writing()
        line.say(frame(FINAL | PING, b"1"))
        line.protocol.resume_writing()
        line.say(frame(FINAL | PING, b"2"))
        assert line.transport.written == b"\x8a\x012"

    run(test)


def test_a_handshake_that_is_refused_is_no_defect(caplog: pytest.LogCaptureFixture) -> None:
    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        start: MutableMapping[str, Any] = {"type": "websocket.http.response.start", "status": 403}
        await send(start | {"headers": []})
        body = json.dumps({"code": "wrong_origin"}).encode()
        await send({"type": "websocket.http.response.body", "body": body})

    async def main() -> None:
        line = Line()
        line.protocol.app = refuse  # type: ignore[assignment]
        line.protocol.data_received(HANDSHAKE)
        await turns(5)
        assert line.transport.written.startswith(b"HTTP/1.1 403 ")
        assert line.transport.written.endswith(b'{"code": "wrong_origin"}')

    asyncio.run(main())
    assert not [each for each in caplog.records if each.levelname == "ERROR"]


@pytest.mark.parametrize(
    "more",
    [
        b"Content-Length: 2\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"X-Long: " + b"a" * 9_000 + b"\r\n",
        b"X-Many: a\r\n" * 130,
    ],
    ids=["length", "encoding", "long", "many"],
)
def test_a_handshake_that_websockets_does_not_read(more: bytes) -> None:
    async def main() -> None:
        line = Line()
        line.protocol.data_received(
            HANDSHAKE.replace(b"Upgrade: websocket", more[:-2] + b"\r\nUpgrade: websocket")
        )
        await turns(5)
        assert line.transport.written.startswith(b"HTTP/1.1 400 ")
        assert line.transport.is_closing()
        line.protocol.shutdown()

    asyncio.run(main())


def test_text_that_is_not_utf_8(caplog: pytest.LogCaptureFixture) -> None:
    async def test(line: Line) -> None:
        line.say(frame(FINAL | TEXT, b"\xff"), frame(FINAL | TEXT, b"{}"))
        await turns(5)
        assert line.transport.written[2:4] == (1007).to_bytes(2, "big")
        assert line.heard == []

    run(test)
    assert not caplog.records
