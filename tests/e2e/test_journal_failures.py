"""A journal that cannot be written: nobody is answered what is not recorded, everybody is told, and
the venue ends with one line.
"""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e.client import BUY, DEADLINE, SELL
from tests.e2e.codes import VERSIONS
from tests.e2e.message import Message, utc_now
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient
from tests.e2e.test_continuity import come_back
from tests.e2e.venue_process import VenueProcess
from tests.recovery.faulty_disk import COMPILER, environment, give

needs_compiler = pytest.mark.skipif(COMPILER is None, reason="needs a C compiler")

Connect = Callable[..., RawClient]
Serve = Callable[..., VenueProcess]

FAILURES = {
    "disk full": "fail write journal.db* ENOSPC",
    "read-only disk": "fail any journal.db* EROFS",
    "disk broken": "fail write journal.db* EIO",
    "fsync fails": "fail sync journal.db* EIO",
}
JUMP = 10_000
SYNCS = pytest.mark.parametrize("sync", ["batch", "interval"])
ROOM = 8 << 20
"""Bytes of a small disk; the dictionaries and the journal's own files take a third of it."""


class FailingDisk:
    """Venues on a disk that `fails` on demand and is `repaired` again."""

    def __init__(self, serve: Serve, directory: Path) -> None:
        self._serve = serve
        self._orders = directory / "disk"
        self.data = directory / "venue" / "data"
        self.data.mkdir(parents=True)
        self._environment = environment(self.data, self._orders)

    def serve(
        self, *options: str, command: tuple[str, ...] = ("venue", "serve"), wait: bool = True
    ) -> VenueProcess:
        return self._serve(*options, command=command, wait=wait, environment=self._environment)

    def fails(self, line: str) -> None:
        give(self._orders, line)

    def repaired(self) -> None:
        self._orders.unlink(missing_ok=True)


@pytest.fixture
def disk(serve: Serve, tmp_path: Path) -> FailingDisk:
    return FailingDisk(serve, tmp_path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, which is the venue's data directory."""
    directory = tmp_path / "venue" / "data"
    directory.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(directory)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("mounting a file system is not allowed")
    yield directory
    subprocess.run(["umount", "--lazy", str(directory)], check=True)


def ended(venue: VenueProcess) -> str:
    """Wait until the venue has ended by itself; return its last words."""
    status = venue.process.wait(DEADLINE)
    output = venue.output
    assert status == 1, output[-5000:]
    assert "Traceback" not in output and "defect" not in output, output[-5000:]
    return output.splitlines()[-1]


def order(cl_ord_id: str, price: object = 99) -> dict[int, object]:
    return {11: cl_ord_id, 55: "AAPL", 54: BUY, 38: 1, 40: 2, 44: price, 60: utc_now()}


def cancel(cl_ord_id: str, kept: Message) -> dict[int, object]:
    return {11: cl_ord_id, 41: kept[11], 55: "AAPL", 54: BUY, 60: utc_now()}


def is_logged_out(client: RawClient) -> None:
    client.receive_session_message("5").names("journal")
    client.send("5", {})
    assert client.is_disconnected() == []


def meets_the_failure(client: RawClient, kept: Message, by_itself: bool = False) -> list[Message]:
    """Ask for two things that cannot be recorded, the second after the Logout; return what is
    answered. With `by_itself` the venue finds out before the first.
    """
    if by_itself:
        client.receive_message().has({35: "5"}).names("journal")
    sent = client.next_sent
    client.send("D", order("REFUSED"))
    refused = client.receive_message().has({35: "j", 45: sent, 372: "D", 379: "REFUSED", 380: 4})
    if not by_itself:
        client.receive_message().has({35: "5"}).names("journal")
    client.send("F", cancel("LATE", kept))
    late = client.receive("j").has({45: sent + 1, 372: "F", 379: "LATE", 380: 4})
    client.send("5", {})
    assert client.is_disconnected() == []
    return [refused, late]


def nothing_was_done(client: RawClient, kept: Message) -> None:
    """Assert that of a client's orders there is only `kept`, as it was, and that it is served."""
    client.send("AF", {584: "ALL", 585: 7})
    client.receive().has({150: "I", 11: kept[11], 39: "1", 151: 3, 911: 1})
    client.hears_nothing()
    client.send("D", order("NEXT"))
    client.receive().has({150: "0", 11: "NEXT"})


def fills_the_gap(client: RawClient, *first: int) -> None:
    """Answer a ResendRequest from one of `first` on with nothing."""
    asked = int(client.receive_session_message("2")[7])
    assert asked in first
    client.send("4", {123: "Y", 36: client.next_sent}, {34: asked, 43: "Y", 122: utc_now()})


def partly_filled(client: RawClient, other: RawClient) -> Message:
    kept = client.enter("AAPL", BUY, 5, 99)
    other.enter("AAPL", SELL, 2, 99)
    for each in (client, other):
        each.receive().has({150: "F"})
    return kept


@needs_compiler
@pytest.mark.parametrize(
    ("failure", "sync"),
    [*((failure, "batch") for failure in sorted(FAILURES)), ("fsync fails", "interval")],
)
def test_nothing_can_be_written(
    disk: FailingDisk, raw_client: Connect, failure: str, sync: str
) -> None:
    """The refusal says that it may be asked for again; it is not carried out without that. An fsync
    that was put off is made, and fails, though nobody asks for anything.
    """
    venue = disk.serve("--set", f"journal.sync={sync}", "--set", "journal.interval_ms=1")
    client, other = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    kept = partly_filled(client, other)
    disk.fails(FAILURES[failure])
    for reject in meets_the_failure(client, kept, by_itself=sync == "interval"):
        reject.names("after its restart", "asked for again")
    is_logged_out(other)
    assert "journal.db" in ended(venue)
    disk.repaired()
    venue = disk.serve()
    client = come_back(raw_client, venue, client, JUMP)
    refused = client.next_sent - 4  # then came the cancel, the Logout, the Logon
    # an fsync may fail after all has been written
    fills_the_gap(client, refused, refused + 1)
    nothing_was_done(client, kept)
    venue.is_sound()


@needs_compiler
@SYNCS
def test_the_reserve_is_enough_for_the_last_batch(
    disk: FailingDisk, raw_client: Connect, sync: str
) -> None:
    """What is refused for good is not asked for again; the refusals can be, as any report."""
    command = ("tests.e2e.full_disk", "serve")
    venue = disk.serve("--set", f"journal.sync={sync}", command=command)
    assert (disk.data / "reserve").stat().st_blocks * 512 >= 1 << 20
    client, other = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    kept = partly_filled(client, other)
    disk.fails(FAILURES["disk full"])
    rejects = meets_the_failure(client, kept)
    for reject in rejects:
        reject.names("not carried out")
        assert "again" not in reject[58]
    is_logged_out(other)
    line = ended(venue)
    assert "journal.db" in line and "full" in line
    assert not (disk.data / "reserve").exists()
    venue = disk.serve()
    assert (disk.data / "reserve").exists()
    client = come_back(raw_client, venue, client, 0)
    first = rejects[0][34]
    assert client.next_received == int(rejects[1][34]) + 2, "a Logon, and no jump"
    client.send("2", {7: first, 16: first})
    client.receive("j").has({34: first, 43: "Y", 379: "REFUSED", 122: rejects[0][52]})
    nothing_was_done(client, kept)
    venue.is_sound()


def test_a_disk_that_is_full(small_disk: Path, serve: Serve, raw_client: Connect) -> None:
    """A real one: what was acknowledged is there, no more and no less."""
    venue = serve()
    client, other = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    kept = partly_filled(client, other)
    with suppress(OSError), (small_disk / "ballast").open("wb", 0) as ballast:
        while True:
            ballast.write(bytes(4096))
    accepted = []
    while True:
        sent = client.next_sent
        client.send("D", order(f"ORDER{sent}"))
        answer = client.next_message(time.monotonic() + DEADLINE)
        assert answer is not None
        if answer.type == "j":
            break
        accepted.append(answer.has({150: "0"})[11])
    answer.has({45: sent, 379: f"ORDER{sent}", 380: 4}).names("not carried out")
    is_logged_out(client)
    assert "full" in ended(venue)
    (small_disk / "ballast").unlink()
    venue = serve()
    client = come_back(raw_client, venue, client, JUMP)
    client.send("AF", {584: "ALL", 585: 7})
    assert [client.receive()[11] for _ in range(1 + len(accepted))] == [kept[11], *accepted]
    client.hears_nothing()
    venue.is_sound()


@needs_compiler
def test_off_promises_nothing_but_ends_well(disk: FailingDisk, raw_client: Connect) -> None:
    venue = disk.serve("--set", "journal.sync=off")
    client = raw_client(venue, "TRADER1")
    client.enter("AAPL", BUY, 5, 99)
    disk.fails(FAILURES["disk full"])
    client.new_order("AAPL", BUY, 5, 99)
    assert client.receive_message().type in "8j"
    client.receive_message()
    assert "is not written" in ended(venue)
    disk.repaired()
    venue = disk.serve("--set", "journal.sync=off")
    raw_client(venue, "TRADER1").enter("AAPL", BUY, 5, 99)
    venue.is_sound()


@needs_compiler
@pytest.mark.parametrize("version", VERSIONS)
def test_a_stock_client_is_told(disk: FailingDisk, version: str) -> None:
    """What it is told pleases QuickFIX in each version."""
    venue = disk.serve("--set", f"venue.versions=[{version}]")
    client = StockClient(venue.port, "TRADER1", {"ReconnectInterval": "60"}, version)
    client.enter("AAPL", BUY, 5, 99)
    disk.fails(FAILURES["disk full"])
    client.new_order("AAPL", BUY, 5, 99, {11: "REFUSED"})
    client.receive("j").has({372: "D", 379: "REFUSED", 380: 4})
    client.receive("5").names("journal")
    ended(venue)
    assert client.complaints == []
    client.close()


@needs_compiler
def test_market_data_is_refused_too(disk: FailingDisk, raw_client: Connect) -> None:
    """It is not recorded itself, but that its request was received is."""
    venue = disk.serve()
    client = raw_client(venue, "MD1")
    disk.fails(FAILURES["disk full"])
    md_req_id = client.request_market_data("AAPL")
    client.receive("j").has({372: "V", 379: md_req_id, 380: 4})
    is_logged_out(client)
    ended(venue)


@needs_compiler
def test_a_logon_that_cannot_be_recorded(disk: FailingDisk, raw_client: Connect) -> None:
    venue = disk.serve()
    client = raw_client(venue, "TRADER1")
    disk.fails(FAILURES["disk broken"])
    late = raw_client(venue, "TRADER3", log_on=False)
    late.send_logon()
    is_logged_out(client)
    late.is_disconnected()
    ended(venue)


@needs_compiler
def test_a_clean_stop_that_cannot_be_recorded(disk: FailingDisk, raw_client: Connect) -> None:
    """What was acknowledged is there all the same; the Logout is asked for again."""
    venue = disk.serve()
    client, other = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    kept = partly_filled(client, other)
    disk.fails(FAILURES["disk full"])
    venue.process.terminate()
    client.receive_session_message("5").names("stopping")
    client.send("5", {})
    client.is_disconnected()
    ended(venue)
    disk.repaired()
    venue = disk.serve()
    client = come_back(raw_client, venue, client, JUMP)
    fills_the_gap(client, client.next_sent - 2)
    nothing_was_done(client, kept)


@needs_compiler
@pytest.mark.parametrize(
    ("failure", "used"),
    [*((failure, False) for failure in sorted(FAILURES)), ("disk broken", True)],
)
def test_a_start_that_fails(disk: FailingDisk, failure: str, used: bool) -> None:
    """One line, in a new directory and in one that has been used."""
    if used:
        disk.serve().stop()
    disk.fails(FAILURES[failure].replace("journal.db*", "*"))
    venue = disk.serve(wait=False)
    line = ended(venue)
    assert str(disk.data) in line
    assert venue.output.count("\n") == 1
    disk.repaired()
    disk.serve().stop()


@pytest.mark.parametrize("free_kb", [0, 500, 1100, 1300, 2000])
def test_a_disk_that_is_too_small(small_disk: Path, serve: Serve, free_kb: int) -> None:
    """One line, wherever it is that the start needs more."""
    with suppress(OSError), (small_disk / "ballast").open("wb", 0) as ballast:
        while True:
            ballast.write(bytes(4096))
    os.truncate(small_disk / "ballast", (small_disk / "ballast").stat().st_size - free_kb * 1024)
    venue = serve(wait=False, versions=VERSIONS)
    assert str(venue.data) in ended(venue)
    assert venue.output.count("\n") == 1
    (small_disk / "ballast").unlink()
    serve(versions=VERSIONS).stop()
