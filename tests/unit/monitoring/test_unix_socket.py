"""A socket file: where the path is too long for the kernel, and where one is left from before."""

import socket
import stat
from contextlib import closing
from pathlib import Path

import pytest

from venue.monitoring.unix_socket import connect, listen


def greet(path: Path, listener: socket.socket) -> bytes:
    """What one who connects hears."""
    with closing(connect(path, 1)) as client:
        with closing(listener.accept()[0]) as accepted:
            accepted.sendall(b"hello")
        return client.recv(10)


@pytest.fixture(params=[1, 200])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    directory = tmp_path / ("d" * request.param)
    directory.mkdir()
    return directory / "venue.sock"


def test_it_is_reached_by_its_user(path: Path) -> None:
    with closing(listen(path)) as listener:
        assert greet(path, listener) == b"hello"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["venue.sock"]


def test_what_is_left_of_a_dead_one_is_replaced(path: Path) -> None:
    listen(path).close()
    with pytest.raises(ConnectionRefusedError):
        connect(path, 1)
    with closing(listen(path)) as listener:
        assert greet(path, listener) == b"hello"


def test_one_that_is_alive_is_not(path: Path) -> None:
    with closing(listen(path)) as first:
        with pytest.raises(FileExistsError):
            listen(path)
        first.accept()[0].close()
        assert greet(path, first) == b"hello"
    assert [each.name for each in path.parent.iterdir()] == ["venue.sock"]


def test_no_directory(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        listen(tmp_path / "nowhere" / "venue.sock")
    with pytest.raises(FileNotFoundError):
        connect(tmp_path / "venue.sock", 1)
