"""The server over sockets: whoever asks wrongly, slowly or too often harms nobody."""

import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from venue.monitoring import server
from venue.monitoring.frames import PAINT, PICTURE, PING, PONG, STATE, Frames
from venue.monitoring.server import MOST, RUNNING, Server

LARGE = 32 << 20
PATIENCE = 30.0
"""Seconds after which what has to come is not waited for any more."""


class Hall:
    """A server in a thread; the test is the loop at the other end, and its clients."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self.loop = Frames(ours)
        self.made: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        pages = {"/metrics": self._make, "/broken": self._fail, "/large": self._exaggerate}
        self.server = Server(Frames(theirs), pages)
        self.server.listen(self.listener)
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()
        self.theirs = theirs

    def _make(self, picture: bytes) -> tuple[bytes, str]:
        self.made.append(picture)
        return picture * 2, "text/x"

    def _fail(self, picture: bytes) -> tuple[bytes, str]:
        raise ValueError("a defect")

    def _exaggerate(self, picture: bytes) -> tuple[bytes, str]:
        return b"x" * LARGE, "text/x"

    def run(self) -> None:
        self.loop.tell(STATE, RUNNING.encode())

    def asked(self) -> bytes:
        """Wait for what the loop is asked."""
        deadline = time.monotonic() + PATIENCE
        while not (seen := self.loop.read()):
            assert time.monotonic() < deadline
            time.sleep(0.001)
        return seen

    def connect(self, text: bytes = b"") -> socket.socket:
        client = socket.create_connection(self.listener.getsockname())
        client.settimeout(PATIENCE)
        client.sendall(text)
        return client

    def get(self, path: str) -> socket.socket:
        return self.connect(f"GET {path} HTTP/1.1\r\n\r\n".encode())

    def close(self) -> None:
        self.loop.socket.close()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()
        for each in (self.listener, self.theirs):
            each.close()


def answer(client: socket.socket) -> tuple[int, bytes]:
    """The status and the body, when the connection ends."""
    with closing(client):
        whole = b""
        while chunk := client.recv(1 << 16):
            whole += chunk
    head, _, body = whole.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is, unless a test says otherwise: the test may be held up by others."""
    for patience in ("SECONDS", "LATE_SECONDS", "PICTURE_SECONDS"):
        monkeypatch.setattr(server, patience, PATIENCE)


@pytest.fixture
def hall() -> Iterator[Hall]:
    hall = Hall()
    yield hall
    hall.close()


def test_before_and_after_it_runs(hall: Hall) -> None:
    assert answer(hall.get("/healthz")) == (503, b"starting\n")
    assert answer(hall.get("/metrics")) == (503, b"starting\n")
    hall.loop.tell(STATE, b"the journal fails: no room")
    deadline = time.monotonic() + PATIENCE
    while (told := answer(hall.get("/healthz"))) == (503, b"starting\n"):
        assert time.monotonic() < deadline
    assert told == (503, b"the journal fails: no room\n")


def test_pages_are_made_of_what_the_loop_tells(hall: Hall) -> None:
    hall.run()
    first, second = hall.get("/metrics"), hall.get("/metrics")
    assert hall.asked().startswith(PAINT)
    hall.loop.tell(PICTURE, b"ab")
    assert answer(first) == (200, b"abab")
    while not select.select([second], [], [], 0.01)[0]:
        if hall.loop.read():  # it came too late for the first picture
            hall.loop.tell(PICTURE, b"cd")
    assert answer(second)[0] == 200


def test_a_picture_older_than_the_question_is_no_answer(hall: Hall) -> None:
    hall.run()
    first = hall.get("/metrics")
    assert hall.asked() == PAINT
    late = hall.get("/metrics")
    time.sleep(0.05)
    hall.loop.tell(PICTURE, b"1")
    assert answer(first) == (200, b"11")
    assert hall.asked() == PAINT
    hall.loop.tell(PICTURE, b"2")
    assert answer(late) == (200, b"22")


def test_health_is_the_loops_own_answer(hall: Hall) -> None:
    hall.run()
    client = hall.get("/healthz")
    assert hall.asked() == PING
    hall.loop.tell(PONG)
    assert answer(client) == (200, b"running\n")


def test_a_loop_that_hangs(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    for patience in ("LATE_SECONDS", "PICTURE_SECONDS"):
        monkeypatch.setattr(server, patience, 0.1)
    hall.run()
    status, text = answer(hall.get("/healthz"))
    assert (status, text) == (503, b"the loop has not answered for 0.1 s\n")
    assert answer(hall.get("/metrics"))[0] == 503
    assert hall.loop.read() == PING + PAINT
    monkeypatch.setattr(server, "LATE_SECONDS", PATIENCE)
    hall.loop.tell(PONG)
    client = hall.get("/healthz")
    assert hall.asked() == PING
    hall.loop.tell(PONG)
    assert answer(client)[0] == 200


def test_a_page_that_cannot_be_made(hall: Hall) -> None:
    hall.run()
    broken = hall.get("/broken")
    assert hall.asked() == PAINT
    hall.loop.tell(PICTURE, b"x")
    assert answer(broken)[0] == 500
    assert answer(hall.get("/nothing")) == (404, b"there are /metrics /broken /large /healthz\n")


@pytest.mark.parametrize(("text", "status"), [(b"\xff\x00", 400), (b"PUT / HTTP/1.1\r\n\r\n", 405)])
def test_garbage_is_answered(hall: Hall, text: bytes, status: int) -> None:
    assert answer(hall.connect(text))[0] == status


def test_who_says_nothing_is_closed(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SECONDS", 0.1)
    with closing(hall.connect(b"GET /metr")) as silent:
        assert silent.recv(1) == b""


def test_a_crowd_does_not_keep_others_out(hall: Hall) -> None:
    hall.run()
    crowd = [hall.connect() for _ in range(MOST + 5)]
    client = hall.get("/healthz")
    assert hall.asked() == PING
    hall.loop.tell(PONG)
    assert answer(client)[0] == 200
    assert [each.recv(1) for each in crowd[:5]] == [b""] * 5
    for each in crowd:
        each.close()


def test_who_does_not_read_is_closed(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SECONDS", 2.0)
    hall.run()
    deaf = hall.get("/large")
    assert hall.asked() == PAINT
    hall.loop.tell(PICTURE, b"")
    other = hall.get("/healthz")
    assert hall.asked() == PING
    hall.loop.tell(PONG)
    assert answer(other)[0] == 200
    deadline = time.monotonic() + PATIENCE
    while hall.server._clients:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    read = 0
    with closing(deaf), suppress(ConnectionError):
        while chunk := deaf.recv(1 << 20):
            read += len(chunk)
    assert read < LARGE


def test_it_ends_with_its_venue(hall: Hall) -> None:
    hall.loop.socket.shutdown(socket.SHUT_RDWR)
    hall.thread.join(PATIENCE)
    assert not hall.thread.is_alive()
