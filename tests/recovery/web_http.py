"""HTTP/1.1 as a program speaks it that trusts nobody: what is lost on the way is told so."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, NamedTuple

SECONDS = 60.0
"""Every request of the web ends long before."""


class Lost(Exception):  # noqa: N818
    """There is no answer. `may_have_arrived`: some of the request was written."""

    def __init__(self, may_have_arrived: bool) -> None:
        super().__init__(f"lost, may have arrived: {may_have_arrived}")
        self.may_have_arrived = may_have_arrived


class Reply(NamedTuple):
    """An answer: its status, and what its JSON says."""

    status: int
    body: Any

    @property
    def code(self) -> str | None:
        """The word of a problem."""
        return self.body.get("code") if isinstance(self.body, dict) else None


class Http:
    """Connections of one user, each kept for the next request. `on_sent` is called with a request
    on its way.
    """

    def __init__(self, port: int, token: str, on_sent: Callable[[], None]) -> None:
        self._port, self._token, self._on_sent = port, token, on_sent
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, method: str, path: str, body: object = None) -> Reply:
        """Raise `Lost` where no whole answer comes."""
        try:
            connection = self._idle.pop() if self._idle else await self._open()
        except OSError:
            self._on_sent()
            raise Lost(may_have_arrived=False) from None
        reader, writer = connection
        try:
            async with asyncio.timeout(SECONDS):
                writer.write(self._request(method, path, body))
                self._on_sent()
                await writer.drain()
                reply = await _read(reader)
        except (OSError, EOFError, ValueError, asyncio.IncompleteReadError):
            writer.close()
            raise Lost(may_have_arrived=True) from None
        except BaseException:
            writer.close()
            raise
        self._idle.append(connection)
        return reply

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 26)

    def _request(self, method: str, path: str, body: object) -> bytes:
        content = b"" if body is None else json.dumps(body).encode()
        head = [
            f"{method} {path} HTTP/1.1",
            "Host: localhost",
            f"Authorization: Bearer {self._token}",
            f"Content-Length: {len(content)}",
        ]
        if body is not None:
            head.append("Content-Type: application/json")
        return "\r\n".join([*head, "", ""]).encode() + content


async def _read(reader: asyncio.StreamReader) -> Reply:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    length = 0
    for line in head[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            length = int(value)
    content = await reader.readexactly(length)
    return Reply(int(head[0].split(" ")[1]), json.loads(content) if content else None)
