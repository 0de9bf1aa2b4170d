"""A data directory that was damaged, or is held: the venue says so in one line, or starts with all
that was acknowledged.
"""

import os
import random
import shutil
import time
from collections.abc import Callable

import pytest

from tests.e2e.client import BUY, DEADLINE
from tests.e2e.raw import RawClient
from tests.e2e.venue_process import VenueProcess

Connect = Callable[..., RawClient]
Serve = Callable[..., VenueProcess]
ORDERS = 40


def entered(venue: VenueProcess, connect: Connect) -> list[str]:
    """The ClOrdIDs of orders that were acknowledged, each in a batch of its own."""
    client = connect(venue, "TRADER1")
    return [client.enter("AAPL", BUY, 1, 99)[11] for _ in range(ORDERS)]


def live(venue: VenueProcess, connect: Connect) -> list[str]:
    client = connect(venue, "TRADER1")
    client.send("AF", {584: "ALL", 585: 7})
    first = client.receive()
    count = 0 if first[150] == "8" else int(first[911])
    return [first[11], *(client.receive()[11] for _ in range(count - 1))] if count else []


def start(serve: Serve) -> VenueProcess | None:
    """A venue that serves, or None if it has refused to start, in one line."""
    venue = serve(wait=False)
    deadline = time.monotonic() + 3 * DEADLINE  # many may start at once
    while "venue ready on" not in venue.output and venue.process.poll() is None:
        assert time.monotonic() < deadline, venue.output
        time.sleep(0.01)
    if venue.process.poll() is None:
        venue.wait_until_ready()
        return venue
    assert venue.process.returncode == 1, venue.output
    assert "Traceback" not in venue.output, venue.output
    assert str(venue.data) in venue.output.splitlines()[-1], venue.output
    return None


@pytest.mark.parametrize(
    ("end", "name", "snapshots"),
    [
        ("kill", "journal.db", False),
        ("kill", "journal.db-wal", False),
        ("stop", "journal.db", False),
        ("stop", "journal.db", True),
    ],
)
def test_flipped_bytes(
    serve: Serve, raw_client: Connect, end: str, name: str, snapshots: bool
) -> None:
    """Everything is there, or a warning names the batch that is not, or nothing is served."""
    venue = serve()
    acknowledged = entered(venue, raw_client)
    getattr(venue, end)()
    sound = venue.data.with_name("sound")
    shutil.copytree(venue.data, sound, ignore=shutil.ignore_patterns("*.sock"))
    for seed in range(3):
        shutil.rmtree(venue.data)
        shutil.copytree(sound, venue.data)
        if not snapshots:
            shutil.rmtree(venue.data / "snapshots", ignore_errors=True)
        content = bytearray((sound / name).read_bytes())
        content[random.Random(f"{name}{seed}").randrange(len(content))] ^= 0xFF
        (venue.data / name).write_bytes(content)
        after = start(serve)
        if after is not None:
            found = live(after, raw_client)
            assert found == acknowledged[: len(found)]
            assert len(found) == ORDERS or "batch" in after.output, after.output
            after.is_sound()
            after.kill()


def test_a_journal_that_is_empty(serve: Serve, raw_client: Connect) -> None:
    venue = serve()
    entered(venue, raw_client)
    venue.stop()
    (venue.data / "journal.db").write_bytes(b"")
    assert start(serve) is None


@pytest.mark.parametrize("content", ["ours", "999999999\n", "\0garbage", ""])
def test_a_lock_that_nobody_holds(serve: Serve, content: str) -> None:
    """What a killed venue left in it does not matter, even if another process has its id now."""
    venue = serve()
    venue.kill()
    lock = venue.data / "venue.lock"
    assert lock.read_text() == f"{venue.process.pid}\n"
    lock.write_text(f"{os.getpid()}\n" if content == "ours" else content)
    venue = serve()
    second = serve(wait=False)
    assert second.process.wait(3 * DEADLINE) == 1
    [line] = second.output.splitlines()
    assert str(venue.data) in line and line.endswith(f"process {venue.process.pid}")
    venue.stop()
