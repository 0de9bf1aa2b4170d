"""Somebody removes what is in the temporary directory: who comes later can log on all the same."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.client import BUY, SELL
from tests.e2e.raw import RawClient
from tests.e2e.venue_process import VenueProcess
from venue.scratch import PREFIX

Serve = Callable[..., VenueProcess]
Connect = Callable[..., RawClient]


@pytest.fixture
def short_path() -> Iterator[Path]:
    """For sockets, whose paths are at most about 100 characters long."""
    with tempfile.TemporaryDirectory(prefix="tidy-", dir="/tmp") as directory:
        yield Path(directory)


def test_the_temporary_directory_is_tidied_up(
    serve: Serve, raw_client: Connect, short_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(short_path))
    venue = serve()
    seller = raw_client(venue, "TRADER1")
    for comp_id in ("TRADER3", "TRADER4"):
        (removed,) = short_path.glob(f"{PREFIX}*")
        shutil.rmtree(removed)
        buyer = raw_client(venue, comp_id)
        seller.enter("AAPL", SELL, 1, "100")
        buyer.enter("AAPL", BUY, 1, "100")
        buyer.receive("8").has({150: "F", 39: "2"})
        seller.receive("8").has({150: "F", 39: "2"})
    venue.stop()
    assert not list(short_path.iterdir())
