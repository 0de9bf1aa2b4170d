"""A venue starts from what it wrote while it ran, or when it stopped: the rest may be gone."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.e2e.client import BUY, CANCELED, DEADLINE, NEW
from tests.e2e.message import utc_now
from tests.e2e.raw import RawClient
from tests.e2e.venue_process import VenueProcess
from venue.journal.snapshot import snapshots

OPTIONS = ("--set", "journal.snapshot_batches=4", "--set", "journal.snapshot_seconds=1")

Serve = Callable[..., VenueProcess]
Connect = Callable[..., RawClient]


def wait_for_snapshot(venue: VenueProcess, since: int = 0) -> int:
    """The batch of the next one."""
    deadline = time.monotonic() + 10 * DEADLINE  # it is made when nobody else has anything to do
    while True:
        newest = max((seq for seq, _ in snapshots(venue.data)), default=0)
        if newest > since:
            return newest
        assert time.monotonic() < deadline, venue.output[-5000:]
        time.sleep(0.02)


def forget(data: Path, until: int) -> None:
    """Take the batches up to `until` out of the journal."""
    with closing(sqlite3.connect(data / "journal.db")) as db:
        db.execute("DELETE FROM batches WHERE seq <= ?", (until,))
        db.commit()


def trade(client: RawClient, *cl_ord_ids: str) -> None:
    """A batch for each order, which rests."""
    for cl_ord_id in cl_ord_ids:
        client.send("D", order(cl_ord_id))
        client.receive().has({11: cl_ord_id, 39: NEW})


def cancel_all(client: RawClient, *cl_ord_ids: str) -> None:
    """The venue must know them."""
    for cl_ord_id in cl_ord_ids:
        fields = {11: f"not {cl_ord_id}", 41: cl_ord_id, 55: "AAPL", 54: BUY, 60: utc_now()}
        client.send("F", fields)
        client.receive().has({41: cl_ord_id, 39: CANCELED})


def order(cl_ord_id: str) -> dict[int, object]:
    return {11: cl_ord_id, 55: "AAPL", 54: BUY, 38: 5, 40: 2, 44: 99, 59: 1, 60: utc_now()}


def come_back(connect: Connect, venue: VenueProcess, before: RawClient) -> RawClient:
    """Log on as a client that goes on where it was; the venue's numbers may jump."""
    client = connect(venue, before.comp_id, log_on=False)
    client.next_sent = before.next_sent
    client.next_received, client.jump = before.next_received, 10_000
    client.log_on({141: None})
    return client


def test_written_while_it_runs(serve: Serve, raw_client: Connect) -> None:
    """Orders and numbers of sessions are those of the snapshot and what came after."""
    venue = serve(*OPTIONS)
    client = raw_client(venue, "TRADER1")
    first = wait_for_snapshot(venue)
    trade(client, "a", "b", "c", "d", "e")
    newest = wait_for_snapshot(venue, first)
    trade(client, "f")
    venue.is_sound()
    venue.kill()
    client.close()
    forget(venue.data, newest - 1)
    client = come_back(raw_client, serve(*OPTIONS), client)
    cancel_all(client, "a", "b", "c", "d", "e", "f")


def test_written_by_a_clean_stop(serve: Serve, raw_client: Connect) -> None:
    """A start after it needs nothing else."""
    venue = serve()
    client = raw_client(venue, "TRADER1")
    trade(client, "a", "b")
    client.close()
    venue.stop()
    [(last, _)] = snapshots(venue.data)
    forget(venue.data, last - 1)
    client = come_back(raw_client, serve(), client)
    cancel_all(client, "a", "b")


def test_a_bad_one_costs_nothing_but_time(serve: Serve, raw_client: Connect) -> None:
    venue = serve()
    client = raw_client(venue, "TRADER1")
    trade(client, "a", "b")
    client.close()
    venue.stop()
    [(_, path)] = snapshots(venue.data)
    path.write_bytes(path.read_bytes()[:-1])
    venue = serve()
    assert f"snapshot {path} is damaged" in venue.output
    cancel_all(come_back(raw_client, venue, client), "a", "b")


def test_without_the_batches_before_the_start_says_what_it_lacks(
    serve: Serve, raw_client: Connect
) -> None:
    venue = serve()
    trade(raw_client(venue, "TRADER1"), "a")
    venue.kill()
    forget(venue.data, 1)
    venue = serve(wait=False)
    assert venue.process.wait(DEADLINE) == 1
    assert "batch 1 is missing" in venue.output and "Traceback" not in venue.output


def test_a_client_is_gone_though_a_snapshot_is_being_made(
    serve: Serve, raw_client: Connect
) -> None:
    """The process that makes it holds none of the venue's connections."""
    venue = serve("--set", "journal.snapshot_batches=1")
    for nth in range(5):
        client = raw_client(venue, "TRADER1")
        trade(client, f"order {nth}")
        client.send("5", {})
        client.is_disconnected()
    venue.is_sound()
