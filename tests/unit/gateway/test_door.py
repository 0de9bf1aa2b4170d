"""Who comes in, from where, and what a proxy may say of that."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from venue.gateway import door as door_module
from venue.gateway.caller import Caller, ProxyError, normal
from venue.gateway.door import Door
from venue.gateway.entrance import LogonRefusedError

BODY = b"35=A\x0134=1\x01"
LOGON = b"8=FIX.4.4\x019=%d\x01%b" % (len(BODY), BODY)
LOGON += b"10=%03d\x01" % (sum(LOGON) % 256)
LOOPBACK = (ip_network("127.0.0.1"),)
SESSION: Any = object()


class Hall:
    """What comes past the door."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, bytes]] = []
        self.is_known = True
        self.asked: list[str] = []

    def recognize(self, logon: str, caller: Caller) -> Any:
        self.asked.append(str(caller.address))
        return SESSION if self.is_known else None

    def hand_over(self, session: Any, caller: Caller, logon: bytes) -> bool:
        assert session is SESSION
        self.arrived.append((str(caller), caller.connection.recv(1 << 16)))
        return True


@pytest.fixture
def hall() -> Hall:
    return Hall()


Open = Callable[..., Door]


@pytest.fixture
def opened(hall: Hall) -> Iterator[Open]:
    with ExitStack() as stack:
        yield lambda proxies=(): stack.enter_context(
            closing(Door("127.0.0.1", 0, hall.recognize, proxies))
        )


def call(door: Door, *pieces: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", door.port), timeout=30)
    for piece in pieces:
        connection.sendall(piece)
    return connection


def steps(door: Door, hall: Hall, until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not until():
        door.step(hall.hand_over)
        assert time.monotonic() < deadline
        time.sleep(0.001)


def hung_up(client: socket.socket) -> bool:
    """Whether the door has closed a connection, without a word."""
    client.setblocking(False)
    try:
        assert client.recv(1) == b""
    except BlockingIOError:
        return False
    return True


def test_who_sends_a_logon_comes_in(opened: Open, hall: Hall) -> None:
    door = opened()
    with call(door, LOGON[:9], LOGON[9:]) as client:
        steps(door, hall, lambda: bool(hall.arrived))
        host, port = client.getsockname()
        assert hall.arrived == [(f"{host}:{port}", LOGON)]


def test_who_is_not_known_yet_waits_and_is_asked_for_again(opened: Open, hall: Hall) -> None:
    door = opened()
    hall.is_known = False
    with call(door, LOGON) as client:
        steps(door, hall, lambda: len(hall.asked) > 2)
        assert not hall.arrived
        hall.is_known = True
        steps(door, hall, lambda: bool(hall.arrived))
        assert client.recv(1) == b"", "the door's end of it is closed"


def test_who_waits_in_vain_is_closed(
    opened: Open, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = opened()
    hall.is_known = False
    monkeypatch.setattr(door_module, "LOGON_SECONDS", 0.05)
    with call(door, LOGON) as waiting, call(door) as silent:
        steps(door, hall, lambda: len(hall.asked) > 2 and not door._callers)
        assert waiting.recv(1) == b"" and silent.recv(1) == b""


def test_who_waits_when_the_venue_stops_is_closed(opened: Open, hall: Hall) -> None:
    door = opened()
    hall.is_known = False
    with call(door, LOGON) as client:
        steps(door, hall, lambda: bool(hall.asked))
        door.close()
        with client, suppress(ConnectionResetError):
            assert client.recv(1) == b""


@pytest.mark.parametrize(
    ("line", "address"),
    [
        (b"PROXY TCP4 198.51.100.7 192.0.2.1 4711 9879\r\n", "198.51.100.7:4711"),
        (b"PROXY TCP6 2001:db8::7 2001:db8::1 4711 9879\r\n", "[2001:db8::7]:4711"),
    ],
)
@pytest.mark.parametrize("cut", [0, 3, 40])
def test_a_proxy_tells_whose_connection_it_is(
    opened: Open, hall: Hall, line: bytes, address: str, cut: int
) -> None:
    door = opened(LOOPBACK)
    sent = line + LOGON
    with call(door, sent[:cut]) as client:
        steps(door, hall, lambda: bool(door._callers))
        door.step(hall.hand_over)
        client.sendall(sent[cut:])
        steps(door, hall, lambda: bool(hall.arrived))
    assert hall.arrived == [(address, LOGON)]
    assert hall.asked[0] == address.rpartition(":")[0].strip("[]")


def test_a_proxys_own_connection_needs_no_line(opened: Open, hall: Hall) -> None:
    door = opened(LOOPBACK)
    with call(door, LOGON):
        steps(door, hall, lambda: bool(hall.arrived))
    assert hall.arrived[0][0].startswith("127.0.0.1:")


@pytest.mark.parametrize(
    "line",
    [
        b"PROXY UNKNOWN\r\n",
        b"PROXY TCP4 999.1.1.1 192.0.2.1 1 2\r\n",
        b"PROXY TCP4 198.51.100.7\r\n",
        b"PROXY TCP4 198.51.100.7 192.0.2.1 1 2\n\r\n",
        b"PROXY " + b"x" * 200,
        b"PROXY TCP4 198.51.100.7 192.0.2.1 1 2\r\nPROXY TCP4 198.51.100.8 192.0.2.1 1 2\r\n",
    ],
)
def test_a_line_that_makes_no_sense(opened: Open, hall: Hall, line: bytes) -> None:
    door = opened(LOOPBACK)
    with call(door, line + LOGON) as client:
        steps(door, hall, lambda: hung_up(client))
    assert not hall.arrived


def test_nobody_else_may_tell_whose_connection_it_is(opened: Open, hall: Hall) -> None:
    door = opened((ip_network("192.0.2.0/24"),))
    with call(door, b"PROXY TCP4 198.51.100.7 192.0.2.1 4711 9879\r\n" + LOGON) as client:
        steps(door, hall, lambda: hung_up(client))
    assert not hall.asked


def test_one_address_does_not_fill_the_hall(
    opened: Open, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_module, "MOST_OF_ONE", 2)
    monkeypatch.setattr(door_module, "MOST_WAITING", 3)
    for proxies, most in (((), 2), (LOOPBACK, 3)):
        door = opened(proxies)
        with ExitStack() as stack:
            for _ in range(5):
                stack.enter_context(call(door))
            steps(door, hall, lambda door=door, most=most: len(door._callers) == most)
            for _ in range(3):
                door.step(hall.hand_over)
            assert len(door._callers) == most


@pytest.mark.parametrize(
    "line",
    [
        b"PROXY TCP4 198.51.100.%d 192.0.2.1 4711 9879\r\n",
        b"PROXY TCP6 2001:db8:0:%d::%d 2001:db8::1 4711 9879\r\n",
    ],
)
def test_one_address_does_not_fill_the_hall_through_a_proxy(
    opened: Open, hall: Hall, monkeypatch: pytest.MonkeyPatch, line: bytes
) -> None:
    """Of IPv6 the addresses of one network are one."""
    monkeypatch.setattr(door_module, "MOST_OF_ONE", 2)
    door = opened(LOOPBACK)
    with ExitStack() as stack:
        for at, (network, most) in enumerate(((7, 1), (7, 2), (7, 2), (8, 3), (7, 3))):
            told = line % ((network, at) if line.count(b"%d") == 2 else network)
            client = stack.enter_context(call(door, told))
            while not hung_up(client) and not any(is_told(each, client) for each in door._callers):
                door.step(hall.hand_over)
            assert len(door._callers) == most


def is_told(caller: Caller, client: socket.socket) -> bool:
    """Whether it is a client's, and its proxy has said from where that comes."""
    try:
        return caller.connection.getpeername() == client.getsockname() and not caller.is_proxy
    except OSError:
        return False


def test_an_address_of_ipv4_is_one_however_it_is_written() -> None:
    assert normal("::ffff:192.0.2.1") == normal("192.0.2.1") == ip_address("192.0.2.1")
    assert normal("fe80::1%lo") == ip_address("fe80::1")
    with pytest.raises(ValueError, match="appear to be"):
        normal("venue")
    assert issubclass(ProxyError, ValueError)
    assert LogonRefusedError("x").answer == b""
