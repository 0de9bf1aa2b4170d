"""What `scripts/bench --web` has by turns and not: the web's sessions, its subscriptions to every
instrument, and a page that is open.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from venue.bench.flows import SYMBOL
from venue.bench.servers import Server, cores, pinned
from venue.bench.subscribers import Client
from venue.bench.switched_web import OFF, ON
from venue.bench.web_clients import WebClient, masked
from venue.bench.web_server import Served, web

PAGE: tuple[Mapping[str, object], ...] = (
    {"channel": "instruments"},
    {"channel": "orders"},
    {"channel": "fills"},
    {"channel": "positions"},
    {"channel": "depth", "symbol": SYMBOL, "levels": 200},
    {"channel": "bbo", "symbol": SYMBOL},
    {"channel": "statistics", "symbol": SYMBOL},
    {"channel": "trades", "symbol": SYMBOL},
)
COMP_IDS = ("WEBMD", "WEB1", "WEB2", "WEBOP")
PING, PONG = 0x89, 0x8A
"""What whole frames begin with."""
_LOGON = b"\x0135=A\x01"


class Switch(Protocol):
    """Something that is there or not, and a process beside the venue."""

    def turn(self, is_on: bool) -> None: ...
    def cpu_nanoseconds(self) -> int: ...


class Sessions:
    """Sessions like the web's, which log on and do nothing: bare sockets, for the venue is the one
    that is measured.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._clients: list[Client] = []

    def turn(self, is_on: bool) -> None:
        clients, self._clients = self._clients, []
        for client in clients:
            client.send("35=5|", "")
        for client in clients:
            while client.socket.recv(1 << 16):
                pass
            client.socket.close()
        if is_on:
            self._clients = [Client(self._port, comp_id) for comp_id in COMP_IDS]
        for client in self._clients:
            client.wait_for(_LOGON)

    def cpu_nanoseconds(self) -> int:
        return 0


class Subscriptions:
    """Those of the web to all instruments, and of a page to the web."""

    def __init__(self, served: Served, page: "Page | None") -> None:
        self._served = served
        self._page = page
        self.cpu_nanoseconds = served.cpu_nanoseconds

    def turn(self, is_on: bool) -> None:
        if self._page is not None:
            self._page.turn(is_on)
        self._served.process.send_signal(ON if is_on else OFF)


class Page(WebClient):
    """A WebSocket that is subscribed, by turns, to what the page is that has one symbol open."""

    subscriptions = ()

    def turn(self, is_on: bool) -> None:
        """Subscribe, or end that."""
        for subscription in PAGE:
            self.ask({"op": "subscribe" if is_on else "unsubscribe", **subscription})

    def read(self) -> None:
        """Read until the end, and answer pings as a browser does."""
        self.socket.settimeout(None)
        unread = b""
        while chunk := self.socket.recv(1 << 17):
            pings, unread = pings_of(unread + chunk)
            for payload in pings:
                self.socket.sendall(masked(payload, PONG))


def pings_of(text: bytes) -> tuple[list[bytes], bytes]:
    """The payloads of the pings in `text`, which begins with a frame of a server; and what there is
    of a frame that has not come to its end.
    """
    pings: list[bytes] = []
    at = 0
    while len(text) - at >= 2:
        code, size, start = text[at], text[at + 1], at + 2
        for marker, width in ((126, 2), (127, 8)):
            if size == marker:
                size, start = int.from_bytes(text[start : start + width], "big"), start + width
                break
        if start + size > len(text):
            break
        if code == PING:
            pings.append(text[start : start + size])
        at = start + size
    return pings, text[at:]


@contextmanager
def sessions(venue: Server) -> Iterator[Switch]:
    """What are the web's sessions, without the web."""
    found = Sessions(venue.port)
    yield found
    found.turn(False)


@contextmanager
def nobody_there(venue: Server) -> Iterator[Switch]:
    """A web, on the core of the load, whose sessions are logged on all the time."""
    with web(venue, cores()[1], "venue.bench.switched_web") as served:
        yield Subscriptions(served, None)


@contextmanager
def page_open(venue: Server) -> Iterator[Switch]:
    """The same, and a client that reads what it is sent."""
    with web(venue, cores()[1], "venue.bench.switched_web") as served:
        page = Page(served.port, "the page")
        reader = threading.Thread(target=page.read, daemon=True)
        with pinned(cores()[1]):
            reader.start()
        yield Subscriptions(served, page)
    reader.join()
