"""What lies between the web and the venue: connections that can be cut, with all on them."""

import asyncio
import random
import re
from collections.abc import Callable

_SENDER = re.compile(rb"\x0149=([^\x01]+)\x01")
CHUNK = 1 << 16


class Proxy:
    """Listens on `port` while it is open, and leads each connection to the venue's port."""

    def __init__(self, port: int, venue_port: int, dice: random.Random) -> None:
        self._port, self._venue_port, self._dice = port, venue_port, dice
        self._server: asyncio.Server | None = None
        self._wires: dict[_Wire, None] = {}

    async def open(self) -> None:
        """There is a venue."""
        if self._server is None:
            self._server = await asyncio.start_server(
                self._lead, "127.0.0.1", self._port, limit=CHUNK
            )

    def close(self) -> None:
        """The venue is gone: refuse who comes. Who is connected hears the last of it, or not."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._dice.random() < 0.5:
            self.cut(lambda _: True)

    def cut(self, matches: Callable[[str], bool]) -> int:
        """Cut the connections of these CompIDs, in both directions at once; return how many."""
        chosen = [wire for wire in self._wires if matches(wire.comp_id)]
        for wire in chosen:
            wire.cut()
        return len(chosen)

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there = await asyncio.open_connection("127.0.0.1", self._venue_port, limit=CHUNK)
        except OSError:
            writer.transport.abort()
            return
        wire = _Wire((reader, writer), there)
        self._wires[wire] = None
        try:
            await wire.run()
        finally:
            del self._wires[wire]


class _Wire:
    """One connection of the web and the one that leads it on."""

    def __init__(
        self,
        here: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        there: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self.comp_id = ""
        self._here, self._there = here, there

    def cut(self) -> None:
        for _, writer in (self._here, self._there):
            writer.transport.abort()

    async def run(self) -> None:
        out = self._pass_on(self._here[0], self._there[1], is_out=True)
        back = self._pass_on(self._there[0], self._here[1], is_out=False)
        await asyncio.gather(out, back)

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_out: bool
    ) -> None:
        try:
            while content := await reader.read(CHUNK):
                if is_out and not self.comp_id and (found := _SENDER.search(content)):
                    self.comp_id = found[1].decode()
                writer.write(content)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()
