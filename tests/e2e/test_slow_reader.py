"""A client that does not read what it is sent is found and cut off; a slow reader is not."""

import os
import re
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e.books import ReportedBook, ShownBook
from tests.e2e.client import BUY, DEADLINE, IOC, LIMIT, SELL
from tests.e2e.flow import RandomFlow
from tests.e2e.message import utc_now
from tests.e2e.raw import RawClient
from tests.e2e.venue_process import VenueProcess

Connect = Callable[..., RawClient]
Serve = Callable[..., VenueProcess]

MIB = 1 << 20
MOST = 32
"""Subscriptions that a session may have to one symbol."""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel does not tell")


def resident(venue: VenueProcess) -> int:
    """Bytes of memory that the venue's process has."""
    pages = Path(f"/proc/{venue.process.pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def silence(venue: VenueProcess) -> int:
    """For how many seconds the last who was cut off for that had read nothing."""
    told = re.findall(r"bytes are unread, and none was read for (\d+) s", venue.output)
    assert told, venue.output
    return int(told[-1])


def started(serve: Serve, size: int, seconds: int = 60) -> VenueProcess:
    options = {
        "journal.sync": "off",
        "venue.slow_reader.bytes": size,
        "venue.slow_reader.seconds": seconds,
    }
    chosen = [word for key, value in options.items() for word in ("--set", f"{key}={value}")]
    return serve(*chosen)


def subscriber(
    venue: VenueProcess, connect: Connect, subscriptions: int, comp_id: str = "MD1"
) -> RawClient:
    """One to whom every change of AAPL is told so many times; its kernel keeps little for it."""
    client = connect(venue, comp_id)
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    for number in range(subscriptions):
        entries = [(269, "0"), (269, "1"), (269, "2")]
        terms = [(262, f"R{number}"), (263, "1"), (264, 0), (265, 1), (267, len(entries))]
        client.send("V", [*terms, *entries, (146, 1), (55, "AAPL")])
    for _ in range(subscriptions):
        client.receive("W")
    return client


def trade(client: RawClient, trades: int) -> None:
    """Have a session trade with itself, a few trades at a time, and miss no report of it."""
    for _ in range(trades // 5):
        ids = []
        for side in (SELL, BUY) * 5:
            ids.append(client.unused_id())
            terms = {11: ids[-1], 55: "AAPL", 54: side, 38: 1, 40: LIMIT, 44: "100.00"}
            client.send("D", terms | {60: utc_now()})
        reports = [client.receive() for _ in range(20)]
        assert sorted({report[11] for report in reports}) == sorted(ids)
        assert sum(report[150] == "F" for report in reports) == 10


def flood(client: RawClient, orders: int, bytes_each: int = 0) -> None:
    """Enter orders that are canceled at once, and read little of their reports: so much each
    hundred.
    """
    terms = {55: "BTC-USD", 54: BUY, 38: 1, 40: LIMIT, 44: "60000", 59: IOC, 60: utc_now()}
    for _ in range(orders // 100):
        ids = [client.unused_id() for _ in range(100)]
        client.send_bytes(b"".join(client.bytes_of("D", {11: each} | terms) for each in ids))
        if bytes_each:
            client.socket.recv(bytes_each)


def trader_who_reads_little(venue: VenueProcess, connect: Connect) -> RawClient:
    client = connect(venue, "TRADER2")
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    return client


def test_one_that_never_reads(serve: Serve, raw_client: Connect) -> None:
    """It is cut off before the venue has kept more for it than it may; nobody else notices."""
    venue = started(serve, 4 * MIB)
    trader, other = (raw_client(venue, comp_id) for comp_id in ("TRADER1", "TRADER3"))
    trade(trader, 100)
    deaf = trader_who_reads_little(venue, raw_client)
    before = resident(venue)
    deadline = time.monotonic() + 6 * DEADLINE
    while "cut off" not in venue.output:
        with suppress(ConnectionError):
            flood(deaf, 1000)
        trade(trader, 20)
        trade(other, 20)
        assert resident(venue) - before < 32 * MIB
        assert time.monotonic() < deadline, "nobody finds out"
    assert "bytes are unread, more than 4194304" in venue.output
    assert "session=FIX.4.4:TRADER2" in venue.output
    trade(trader, 20)
    deaf.close()
    again = raw_client(venue, "TRADER2")
    again.settle()
    venue.is_sound()


def test_a_subscriber_that_never_reads(serve: Serve, raw_client: Connect) -> None:
    """Nothing piles up for it. It is cut off for its silence; nobody else notices."""
    venue = started(serve, MIB, 4)
    trader = raw_client(venue, "TRADER1")
    trade(trader, 100)
    deaf = subscriber(venue, raw_client, MOST)
    before = resident(venue)
    deadline = time.monotonic() + 6 * DEADLINE
    while "cut off" not in venue.output:
        trade(trader, 20)
        assert resident(venue) - before < 16 * MIB
        assert time.monotonic() < deadline, "nobody finds out"
    assert "behind " in venue.output
    assert silence(venue) >= 4
    deaf.close()
    raw_client(venue, "MD1").settle()
    venue.is_sound()


@pytest.mark.parametrize("comp_id", ["MD1", "TRADER2"])
def test_a_subscriber_that_is_behind(serve: Serve, raw_client: Connect, comp_id: str) -> None:
    """It gets no more until it has read what waits, and then the book as it is: whatever it has
    missed, what it is shown is right again, and goes on. Another never notices.
    """
    venue = started(serve, 64 * MIB)
    trader, watcher = raw_client(venue, "TRADER1"), raw_client(venue, "MD2")
    slow = subscriber(venue, raw_client, 0, comp_id)
    shown = {}
    for client in (watcher, *[slow] * MOST):
        md_req_id = client.request_market_data("AAPL", 0)
        shown[md_req_id] = ShownBook(md_req_id, "AAPL")
        shown[md_req_id].apply(client.receive("W"))
    [first, *rest] = shown.values()
    flow, book = RandomFlow(1, "AAPL", "S"), ReportedBook()

    def trade_on(requests: int) -> None:
        for _ in range(requests):
            trader.send(*flow.next_request())
            for message in trader.settle():
                book.apply(message)
        while first.levels != book.levels():
            first.apply(watcher.receive_any("WX"))

    for _ in range(200):
        trade_on(10)
        if "behind " in venue.output:
            break
    trade_on(100)
    changes = first.messages
    while any(each.levels != book.levels() for each in rest):
        message = slow.receive_any("WX")
        shown[message[262]].apply(message)
    assert all(5 < each.messages < changes - 50 for each in rest)
    for message in slow.settle():
        shown[message[262]].apply(message)
    trade_on(3)
    while any(each.levels != book.levels() for each in rest):
        message = slow.receive("X")
        shown[message[262]].apply(message)
    venue.is_sound()


def test_one_that_stops_reading(serve: Serve, raw_client: Connect) -> None:
    """Little waits for it, but for long."""
    venue = started(serve, 64 * MIB, 3)
    trader = raw_client(venue, "TRADER1")
    deaf = subscriber(venue, raw_client, MOST)
    start = time.monotonic()
    trade(trader, 200)
    venue.wait_for("cut off")
    assert time.monotonic() - start > 2
    assert silence(venue) >= 3
    deaf.close()
    trade(trader, 20)
    venue.is_sound()


def read_slowly(client: RawClient, bytes_each: int, until: bytes) -> bytes:
    """Read so much ten times a second, until `until` has come."""
    found = b""
    while until not in found[-2 * bytes_each :]:
        chunk = client.socket.recv(bytes_each)
        assert chunk, "the venue hung up"
        found += chunk
        time.sleep(0.1)
    return found


def test_one_that_reads_slowly(serve: Serve, raw_client: Connect) -> None:
    """It does not come to answer a TestRequest in time, but it reads."""
    venue = started(serve, 64 * MIB, 4)
    trader = raw_client(venue, "TRADER1")
    slow = trader_who_reads_little(venue, raw_client)
    flood(slow, 30_000, 1 << 13)
    start = time.monotonic()
    time.sleep(1.5)
    slow.send("1", {112: "LAST"})
    found = read_slowly(slow, 1 << 17, b"\x01112=LAST\x01")
    assert time.monotonic() - start > 5
    assert b"\x0135=1\x01" in found
    assert found.count(b"\x0135=8\x01") > 20_000
    trade(trader, 20)
    assert "cut off" not in venue.output
    venue.is_sound()


def test_one_that_catches_up(serve: Serve, raw_client: Connect) -> None:
    """Who has not read for a while is sent the rest as fast as it reads then."""
    venue = started(serve, 128 * MIB)
    trader = raw_client(venue, "TRADER1")
    slow = trader_who_reads_little(venue, raw_client)
    flood(slow, 30_000)
    trade(trader, 20)
    slow.send("1", {112: "LAST"})
    deadline = time.monotonic() + 6 * DEADLINE
    found = b""
    slow.socket.settimeout(DEADLINE)
    while b"\x01112=LAST\x01" not in found[-(1 << 17) :]:
        chunk = slow.socket.recv(1 << 16)
        assert chunk, "the venue hung up"
        found += chunk
        assert time.monotonic() < deadline, f"only {len(found)} bytes came"
    assert len(found) > 10 * MIB
    venue.is_sound()


def test_a_resend_waits_for_its_reader(serve: Serve, raw_client: Connect) -> None:
    """What was missed is sent as it is read, however much it is."""
    venue = started(serve, MIB)
    trader = raw_client(venue, "TRADER1")
    trade(trader, 2500)
    trader.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    trader.send("2", {7: 2, 16: 0})
    time.sleep(1.5)
    read_slowly(trader, 1 << 17, f"\x0134={trader.next_received - 1}\x01".encode())
    assert "cut off" not in venue.output
    venue.is_sound()


@pytest.mark.parametrize("kind", ["a gap", "no end"])
def test_one_that_sends_what_can_only_be_kept(serve: Serve, raw_client: Connect, kind: str) -> None:
    venue = started(serve, 4 * MIB)
    rude, trader = (raw_client(venue, comp_id) for comp_id in ("TRADER3", "TRADER1"))
    order = {55: "AAPL", 54: BUY, 38: 1, 40: LIMIT, 44: "100.00", 60: utc_now()}
    if kind == "a gap":
        rude.next_sent += 1
    else:
        rude.send_bytes(b"8=FIX.4.4\x019=999999999\x0135=D\x01")
    content = b"".join(rude.bytes_of("D", order | {11: rude.unused_id()}) for _ in range(1000))
    before = resident(venue)
    rude.socket.settimeout(3 * DEADLINE)
    with pytest.raises(ConnectionError):
        rude.send_bytes(content * 1000)
    venue.wait_for("cut off")
    assert resident(venue) - before < 64 * MIB
    assert "bytes came without message 2, more than 524288" in venue.output
    trade(trader, 20)
    venue.is_sound()
