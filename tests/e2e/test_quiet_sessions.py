"""Sessions that say little do not notice others that say as much as the venue can take."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.e2e.client import BUY
from tests.e2e.flood import Flood, orders
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient
from tests.e2e.test_slow_reader import MIB, resident
from tests.e2e.venue_process import VenueProcess
from venue.journal.batch import decode_batch
from venue.journal.sqlite import SqliteJournal

Connect = Callable[..., RawClient]
Serve = Callable[..., VenueProcess]

HEARTBEATS = 8
"""Of one a second; the others have something to say for much longer."""
LARGEST_BATCH = 256
ONE_READ = 8192 // 130
"""Orders that QuickFIX takes from a socket at once: its buffer is of 8192 bytes."""


def reading(client: RawClient) -> threading.Thread:
    """Take what comes to a client, and forget it."""

    def read() -> None:
        while True:
            try:
                if not client.socket.recv(1 << 20):
                    return
            except OSError:
                return

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread


def batch_sizes(data: Path) -> list[int]:
    """Commands of each batch in the journal of a venue that has ended."""
    with closing(SqliteJournal(data, "off")) as journal:
        return [len(decode_batch(body, seq).commands) for seq, body in journal.read()]


def test_heartbeats_are_on_time(serve: Serve, raw_client: Connect) -> None:
    """QuickFIX at its defaults never has to ask for one; who asks is answered; and one who says
    nothing, so that nothing of it reminds QuickFIX of the time, hears of it long before the others
    have said all.
    """
    venue = serve("--set", "journal.sync=off")
    loud = [raw_client(venue, comp_id) for comp_id in ("TRADER1", "TRADER2")]
    contents = [orders(client, 400_000) for client in loud]
    settings = {"HeartBtInt": "5"}
    with (
        closing(StockClient(venue.port, "TRADER3", settings)) as quiet,
        closing(raw_client(venue, "TRADER4")) as curious,
        closing(raw_client(venue, "MD1", log_on=False)) as mute,
    ):
        mute.log_on({108: 1})
        floods = [Flood(*each) for each in zip(loud, contents, strict=True)]
        for client in loud:
            reading(client)
        asked = 0
        while len(mute.session_messages) < HEARTBEATS or asked <= 20:
            curious.send("1", {112: f"ASKED-{asked}"})
            curious.receive_session_message("0").has({112: f"ASKED-{asked}"})
            asked += 1
            assert mute.next_message(time.monotonic() + 0.05) is None
        assert all(flood.is_on and not flood.has_failed for flood in floods), "no flood"
        assert (quiet.logons, quiet.logouts, quiet.test_requests) == (1, 0, 0)
        for flood in floods:
            flood.stop()
        assert quiet.complaints == []
        quiet.enter("AAPL", BUY, 1, "91.00")
    venue.is_sound()


def test_a_flood_without_a_reader(serve: Serve, raw_client: Connect) -> None:
    """Others are answered meanwhile; no batch is much larger than the others' patience, and what
    cannot be sent is not kept.
    """
    venue = serve("--set", "journal.sync=off")
    loud, other = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    loud.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    content = orders(loud, 200_000)
    before = resident(venue)
    flood = Flood(loud, content)
    answered = 0
    while flood.is_on and not flood.has_failed:
        other.enter("AAPL", BUY, 1, "91.00")
        answered += 1
    assert flood.has_failed
    venue.wait_for("cut off")
    assert answered > 20
    other.enter("AAPL", BUY, 1, "91.00")
    taken = flood.sent // (len(content) // 200_000)
    # An order that rests takes 1 KB or so.
    assert resident(venue) - before < 48 * MIB + taken * 2048
    flood.stop()
    venue.is_sound()
    venue.stop()
    sizes = batch_sizes(venue.data)
    assert sum(sizes) > 5000
    assert max(sizes) <= LARGEST_BATCH + 2 * ONE_READ
