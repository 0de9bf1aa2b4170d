"""The venue's end of the process beside it: what is asked, and how often it has time for that."""

import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.unit.monitoring.pictures import picture
from venue.errors import VenueError
from venue.monitoring import lookout
from venue.monitoring.frames import OPEN, PAINT, PICTURE, PING, PONG, REFUSED, Frames
from venue.monitoring.lookout import LONGEST, SHARE, Lookout
from venue.monitoring.picture import Picture

MADE = 0.005
"""Seconds that a picture takes."""


class Window:
    """A lookout with nothing forked: the test is the other process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pairs = socket.socketpair()
        monkeypatch.setattr(socket, "socketpair", lambda: pairs)
        monkeypatch.setattr(os, "fork", lambda: os.getpid())
        self.other = Frames(pairs[1].dup())
        self.lookout = Lookout()
        self.painted = 0
        self.now = 100.0
        for clock in ("monotonic", "thread_time"):
            monkeypatch.setattr(lookout.time, clock, lambda: self.now)

    def paint(self) -> Picture:
        self.painted += 1
        self.now += MADE
        return picture()

    def tick(self) -> list[bytes]:
        """The kinds of what is told."""
        self.lookout.tick(self.paint)
        return [kind for kind, _ in self.other.told()]


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    window = Window(monkeypatch)
    yield window
    window.other.socket.close()
    window.lookout._link.socket.close()


def test_nothing_is_done_for_nobody(window: Window) -> None:
    assert window.tick() == []
    assert window.painted == 0


def test_it_is_answered(window: Window) -> None:
    window.other.send(PING + PAINT)
    window.lookout.tick(window.paint)
    (pong, _), (kind, body) = window.other.told()
    assert (pong, kind) == (PONG, PICTURE)
    assert msgspec.msgpack.decode(body, type=Picture) == picture()


def test_pictures_take_a_hundredth_of_the_time(window: Window) -> None:
    window.other.send(PAINT)
    assert window.tick() == [PICTURE]
    window.other.send(PAINT + PING)
    assert window.tick() == [PONG]
    window.now += SHARE * MADE * 0.9
    assert window.tick() == []
    window.now += SHARE * MADE * 0.2
    assert window.tick() == [PICTURE]
    assert window.painted == 2


def test_nobody_waits_for_long(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "MADE", 60.0)
    window.other.send(PAINT)
    assert window.tick() == [PICTURE]
    window.other.send(PAINT)
    window.now += LONGEST
    assert window.tick() == [PICTURE]


def test_who_does_not_take_it_gets_no_more(window: Window) -> None:
    window.lookout.say("x" * (4 << 20))
    window.other.send(PAINT)
    window.lookout.tick(window.paint)
    assert window.painted == 0
    told: list[bytes] = []
    while PICTURE not in told:
        told += window.tick()
    assert window.painted == 1


def test_its_death_is_told_once(window: Window, capsys: pytest.CaptureFixture[str]) -> None:
    window.other.socket.shutdown(socket.SHUT_RDWR)
    for _ in range(3):
        window.lookout.tick(window.paint)
    assert capsys.readouterr().out.count("nobody can ask") == 1


def test_a_port_that_is_taken(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookout, "PATIENCE", -1.0)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(VenueError, match=rf"cannot listen on 127.0.0.1:{port} \(monitoring\)"):
            window.lookout.open(Path("venue.sock"), "127.0.0.1", port)


def test_an_address_that_is_none(window: Window) -> None:
    with pytest.raises(VenueError, match=r"cannot listen on 192.0.2.1:0 \(monitoring\)"):
        window.lookout.open(Path("venue.sock"), "192.0.2.1", 0)


def test_the_listening_socket_is_handed_over(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "venue.sock"
    path.touch()
    window.other.send(OPEN)
    window.lookout.open(path, "127.0.0.1", 0)
    assert list(window.other.told()) == [(OPEN, bytes(path))]
    with socket.socket(fileno=window.other.descriptors[0]) as listener:
        socket.create_connection(listener.getsockname(), 1).close()
    monkeypatch.setattr(os, "kill", lambda *_: None)
    window.lookout.end()
    window.lookout.end()
    assert not path.exists()


def test_a_socket_that_is_not_ours_is_left_alone(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "venue.sock"
    path.touch()
    window.other.send(REFUSED)
    window.lookout.open(path, "127.0.0.1", None)
    monkeypatch.setattr(os, "kill", lambda *_: None)
    window.lookout.end()
    assert path.exists()


def test_a_port_that_is_about_to_be_free() -> None:
    other = socket.create_server(("127.0.0.1", 0))
    port = other.getsockname()[1]
    until = time.monotonic() + 0.1
    real = time.sleep

    def sleep(seconds: float) -> None:
        real(seconds)
        if time.monotonic() > until:
            other.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lookout.time, "sleep", sleep)
        lookout._listen("127.0.0.1", port).close()
