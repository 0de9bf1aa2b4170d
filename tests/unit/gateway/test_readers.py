"""Which connections are looked at, and what is done about them."""

import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest

from venue.config import SlowReaderConfig
from venue.gateway.kernel import Kernel, kernel_of
from venue.gateway.readers import AT_A_TIME, CAUGHT_UP, LAG, Readers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel does not tell")
MOST = 1 << 16


class Session:
    """What of a session and of QuickFIX's link to it is asked for."""

    def __init__(self, number: int) -> None:
        self.name = f"S{number}"
        self.socket: socket.socket | None = None
        self.client: socket.socket
        self.handed = 0
        self.dismissed = 0.0
        self.link = self
        self.told: list[str] = []
        self.disconnected = False

    def connect(self, listener: socket.socket, stack: ExitStack) -> None:
        self.client = stack.enter_context(socket.create_connection(listener.getsockname()))
        self.socket = stack.enter_context(listener.accept()[0])
        self.socket.setblocking(False)

    def write(self) -> None:
        """Have QuickFIX send what it can of a message, and keep the rest."""
        assert self.socket is not None
        self.handed += 1 << 20
        with suppress(BlockingIOError):
            self.socket.send(bytes(1 << 20))

    def getExpectedTargetNum(self) -> int:  # noqa: N802 - as QuickFIX calls it
        return 7

    def disconnect(self) -> None:
        self.disconnected = True
        self.socket = None


class Floor:
    """Many sessions, of which the first and the last are connected."""

    def __init__(self, stack: ExitStack) -> None:
        self.sessions = [Session(number) for number in range(3 * AT_A_TIME)]
        self.first, self.last = self.sessions[0], self.sessions[-1]
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        for session in (self.first, self.last):
            session.connect(listener, stack)
        self.polls = 0
        self.room = True
        everybody: Any = self.sessions
        config = SlowReaderConfig(MOST, 30)
        self.readers = Readers(everybody, config, self.poll, self.ask, self.dismiss)

    def poll(self) -> None:
        self.polls += 1

    def ask(self, session: Any, test_req_id: str) -> None:
        session.told.append(test_req_id)

    def dismiss(self, session: Any, text: str) -> None:
        session.told.append(text)

    def look(self) -> None:
        self.readers.look(lambda: self.room)


@pytest.fixture
def floor() -> Iterator[Floor]:
    with ExitStack() as stack:
        yield Floor(stack)


def test_all_are_looked_at_in_time(floor: Floor) -> None:
    floor.look()
    floor.look()
    floor.look()
    floor.last.client.sendall(bytes(MOST // 8 + 1))
    floor.look()
    assert not floor.last.told
    floor.look()
    floor.look()
    assert floor.last.told == ["8193 bytes came without message 7, more than 8192"]
    assert floor.last.disconnected
    assert not floor.first.told
    floor.look()


def test_who_does_not_read_is_cut_off_and_nobody_else(floor: Floor) -> None:
    deaf, other = floor.last, floor.first
    for _ in range(20):
        deaf.write()
        other.write()
        while kernel_of(other.socket).waiting:  # type: ignore[arg-type, union-attr]
            other.client.recv(1 << 20)
        other.handed = kernel_of(other.socket).written  # type: ignore[arg-type, union-attr]
        floor.look()
        if deaf.disconnected:
            break
    assert [text for text in deaf.told if "are unread, more than 65536" in text]
    assert not other.told and not other.disconnected


def test_who_is_behind_is_written_to_when_it_can_be(floor: Floor) -> None:
    slow = floor.first
    slow.write()
    slow.handed += 100
    floor.readers = Readers(
        [slow],  # type: ignore[list-item]
        SlowReaderConfig(1 << 30, 30),
        slow.write,
        floor.ask,
        floor.dismiss,
    )
    floor.look()
    assert floor.readers.behind == [slow.socket]
    full = slow.handed
    floor.readers.write_queues(lambda: True)
    assert slow.handed == full
    slow.client.settimeout(0.2)
    with suppress(TimeoutError):
        while slow.client.recv(1 << 20):
            pass
    floor.readers.write_queues(lambda: False)
    assert slow.handed == full
    floor.readers.write_queues(lambda: True)
    assert slow.handed > full


def test_a_queue_that_is_none(floor: Floor) -> None:
    """More was said to be handed than was: after a few polls that is known."""
    session = floor.first
    session.handed = 500
    floor.look()
    assert floor.polls
    assert floor.readers.behind == []
    polls = floor.polls
    floor.look()
    assert floor.polls == polls


def test_nothing_is_polled_where_there_is_no_room(floor: Floor) -> None:
    floor.first.handed = 500
    floor.room = False
    floor.look()
    assert not floor.polls
    assert floor.readers.behind == []


def test_who_is_behind_with_market_data(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """From 256 KiB that it leaves unread until 64 KiB: so it is not sent a snapshot each moment."""
    slow, other = floor.first, floor.last
    lagging: set[str] = set()
    everybody: Any = floor.sessions
    config = SlowReaderConfig(1 << 30, 30)
    floor.readers = Readers(everybody, config, floor.poll, floor.ask, floor.dismiss, lagging)
    unread = 0

    def kernel(connection: socket.socket) -> Kernel:
        session, waiting = (slow, unread) if connection is slow.socket else (other, 100)
        return Kernel(session.handed - waiting, waiting, 0)

    monkeypatch.setattr("venue.gateway.readers.kernel_of", kernel)
    for unread, behind in (
        (LAG, False),
        (LAG + 1, True),
        (LAG, True),
        (CAUGHT_UP + 1, True),
        (CAUGHT_UP, False),
        (LAG, False),
        (LAG + 1, True),
        (0, False),
        (LAG + 1, True),
    ):
        slow.handed += 1 << 20
        other.handed += 1 << 20
        floor.look()
        assert lagging == ({slow.name} if behind else set()), unread
    slow.disconnect()
    floor.look()
    assert lagging == set()
