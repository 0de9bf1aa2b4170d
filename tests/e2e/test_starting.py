"""What stops the start says why in one line; what does not starts what it says."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.e2e.client import BUY, DEADLINE, FILLED, SELL
from tests.e2e.raw import RawClient
from tests.e2e.venue_process import ROOT, VenueProcess

SERVE = [sys.executable, "-m", "venue", "serve"]


def fails(*options: str) -> str:
    """The one line that a venue which cannot start leaves."""
    command = [*SERVE, *options]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=3 * DEADLINE, check=False
    )
    assert ended.returncode not in (0, -6, -11), ended
    assert ended.stdout == ""
    [line] = ended.stderr.splitlines()
    assert "Traceback" not in line
    return line


@contextmanager
def default_venue(data: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """The venue as it comes, on a free port; its output is ours to read or to leave."""
    command = [*SERVE, "--port", "0", "--data", str(data)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as venue:
        assert venue.stdout is not None
        try:
            line = venue.stdout.readline()
            assert line.startswith("venue ready on 127.0.0.1:") and "FIX.4.4" in line
            yield venue, int(line.split()[3].rpartition(":")[2])
            venue.terminate()
            assert venue.wait(DEADLINE) == 0
        finally:
            venue.kill()


def trade(port: int) -> None:
    with (
        closing(RawClient(port, "TRADER1")) as buyer,
        closing(RawClient(port, "TRADER3")) as seller,
    ):
        seller.enter("AAPL", SELL, 1, "100")
        buyer.enter("AAPL", BUY, 1, "100")
        for client in (buyer, seller):
            client.receive().has({150: "F", 39: FILLED})


def test_the_default_configuration_runs(tmp_path: Path) -> None:
    with default_venue(tmp_path / "data") as (_, port):
        trade(port)
        with closing(RawClient(port, "MD1")) as watcher:
            for symbol in ("BTC-USD", "ETH-USD", "AAPL", "EURUSD"):
                watcher.request_market_data(symbol)
                watcher.receive("W").has({55: symbol})


def test_nobody_reads_the_log(tmp_path: Path) -> None:
    """As in `venue serve | head -1`."""
    with default_venue(tmp_path / "data") as (venue, port):
        assert venue.stdout is not None
        venue.stdout.close()
        for _ in range(3):
            trade(port)
        RawClient(port, "TRADER1").reset()
        trade(port)


def test_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = fails("--port", str(port), "--data", str(tmp_path / "data"))
    assert f"127.0.0.1:{port}" in line and "in use" in line


def test_data_directory_in_use(serve: Callable[..., VenueProcess]) -> None:
    venue = serve()
    line = fails("--port", "0", "--data", str(venue.data))
    assert str(venue.data) in line and str(venue.process.pid) in line
    trade(venue.port)
    venue.stop()


def test_data_directory_that_is_none(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.touch()
    assert str(occupied) in fails("--port", "0", "--data", str(occupied))


@pytest.mark.parametrize(
    ("key", "named"),
    [
        ("journal.sync=never", ("journal.sync", "never", "batch")),
        ("journal.speed=1", ("journal", "speed")),
        ("instruments.AAPL.tick=0", ("instruments", "tick", "0")),
        ("venue.port=70000", ("venue.port", "70000")),
        ("sessions.MD1.roles=[king]", ("sessions", "roles", "king")),
    ],
)
def test_configuration_that_cannot_be(tmp_path: Path, key: str, named: tuple[str, ...]) -> None:
    line = fails("--data", str(tmp_path / "data"), "--set", key)
    assert all(word in line for word in named), line
    assert not (tmp_path / "data").exists()


def test_journal_of_another_configuration(serve: Callable[..., VenueProcess]) -> None:
    """Orders in the journal have prices in its ticks: another tick would change them."""
    venue = serve()
    trade(venue.port)
    venue.stop()
    line = fails("--port", "0", "--data", str(venue.data), "--set", "instruments.AAPL.tick=0.05")
    assert "AAPL.tick" in line and "0.05" in line and str(venue.data) in line
