"""Two write to one connection: whole messages, in order, never one inside another."""

import random
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest

from venue.gateway.line import Line, open_line

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel does not tell")


class Engine:
    """QuickFIX's end: a queue of messages of which the first may be half written."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.queue = b""

    def send(self, line: Line, message: bytes) -> None:
        line.note(len(message))
        self.queue += message
        self.poll()

    def poll(self) -> None:
        if self.queue:
            with suppress(BlockingIOError):
                self.queue = self.queue[self._connection.send(self.queue) :]


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The venue's and the client's, with little room between them."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        client = stack.enter_context(socket.socket())
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
        client.connect(listener.getsockname())
        mine = stack.enter_context(listener.accept()[0])
        mine.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
        mine.setblocking(False)
        client.setblocking(False)
        yield mine, client


def opened(connection: socket.socket) -> Line:
    line = open_line(connection)
    assert line is not None
    return line


def read(client: socket.socket) -> bytes:
    found = b""
    try:
        while chunk := client.recv(1 << 20):
            found += chunk
    except BlockingIOError:
        pass
    return found


def read_all(client: socket.socket, size: int) -> bytes:
    client.settimeout(30)
    found = b""
    while len(found) < size:
        found += client.recv(1 << 20)
    return found


def test_it_waits_for_what_quickfix_has(ends: tuple[socket.socket, socket.socket]) -> None:
    mine, client = ends
    mine.send(b"LOGON")
    line = opened(mine)
    assert line.write(b"first")
    line.note(6)
    assert not line.write(b"too early")
    mine.send(b"HEA")
    assert not line.write(b"too early")
    mine.send(b"RT.")
    assert line.write(b"second")
    assert read_all(client, 22) == b"LOGONfirstHEART.second"
    assert line.given == 17


def test_it_keeps_away_from_a_full_kernel(ends: tuple[socket.socket, socket.socket]) -> None:
    mine, client = ends
    line = opened(mine)
    written = 0
    while line.write(bytes(1000)):
        written += 1
    assert 3 < written < 200
    assert not line.write(bytes(1000))
    assert len(read_all(client, written * 1000)) == written * 1000
    for _ in range(1000):
        if line.write(bytes(1000)):
            break
    else:
        pytest.fail("there is room again")


def test_what_is_larger_than_the_room_is_left_to_quickfix(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    mine, client = ends
    line = opened(mine)
    assert not line.write(bytes(1 << 20))
    assert read(client) == b""
    assert line.given == 0
    assert line.write(b"x")


@pytest.mark.parametrize("seed", range(5))
def test_both_at_random(ends: tuple[socket.socket, socket.socket], seed: int) -> None:
    """A client that reads now and then gets every message whole, and in the order of sending."""
    mine, client = ends
    rng = random.Random(seed)
    line, engine = opened(mine), Engine(mine)
    expected = found = b""
    direct = 0
    for number in range(3_000):
        message = b"<%d:%s>" % (number, bytes(rng.randint(0, 3_000)))
        if rng.random() < 0.9 and line.write(message):
            direct += 1
            assert not engine.queue
        else:
            engine.send(line, message)
        expected += message
        if rng.random() < 0.3:
            engine.poll()
        if rng.random() < 0.4:
            found += read(client)
    while engine.queue:
        engine.poll()
        found += read(client)
    found += read_all(client, len(expected) - len(found))
    assert found == expected
    assert 300 < direct < 3_000
    assert line.given == len(expected)


class Stingy:
    """A socket whose kernel takes half of what it is given."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def fileno(self) -> int:
        return self._connection.fileno()

    def send(self, content: bytes) -> int:
        return self._connection.send(content[: len(content) // 2])


def test_half_a_message_ends_the_connection(ends: tuple[socket.socket, socket.socket]) -> None:
    mine, client = ends
    stingy: Any = Stingy(mine)
    line = opened(stingy)
    assert line.write(b"12345678")
    assert not line.write(b"more")
    client.settimeout(30)
    assert client.recv(100) == b"1234"
    assert client.recv(100) == b""
    with pytest.raises(BrokenPipeError):
        mine.send(b"of QuickFIX")


def test_a_connection_that_is_gone(ends: tuple[socket.socket, socket.socket]) -> None:
    mine, client = ends
    line = opened(mine)
    client.close()
    for _ in range(10):
        line.write(b"x" * 100)
    assert not line.write(b"x")


def test_no_line_without_a_kernel_that_tells() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert open_line(one) is None
