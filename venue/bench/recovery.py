"""`scripts/bench`: how fast a venue is there again, and what a snapshot costs while it runs."""

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from venue.bench.servers import READY, Server, load
from venue.core import commands as c
from venue.core.events import Event
from venue.core.order import Order
from venue.core.types import OrdType, Side, TimeInForce
from venue.fix.message import format_time
from venue.fix.outbound import encode
from venue.fix.versions import VERSIONS
from venue.journal.batch import Batch, Sent, encode_batch
from venue.journal.recovery import recover
from venue.journal.session_log import RESEND_WINDOW
from venue.journal.snapshot import DIRECTORY
from venue.journal.sqlite import SqliteJournal

SYMBOL = "BTC-USD"
"""Not the one that the load is about: nothing of it trades."""
FIRMS = {"FIX.4.4:TRADER1": "ALPHA", "FIX.4.4:TRADER2": "ALPHA", "FIX.4.4:TRADER3": "BETA"}
SESSIONS = tuple(FIRMS)
VERSION = "FIX.4.4"
TAKES = 0.05
"""Orders that take the best price; the others rest."""
LEVELS = 500
PER_BATCH = 50
APART = 1_000_000
"""Nanoseconds from one batch to the next."""
RATE = 1_000
"""Orders a second while the loop is watched."""
SNAPSHOT_SECONDS = 3
WATCHED_SECONDS = 15
STOP_SECONDS = 60

NO_SNAPSHOTS = (
    *("--set", "journal.snapshot_batches=1000000000"),
    *("--set", "journal.snapshot_seconds=86400"),
)
"""Options with which a running venue makes none."""

Results = dict[str, Any]


class Business:
    """Random orders and cancels, `live` orders at most, in batches as a venue journals them."""

    def __init__(self, data: Path, live: int) -> None:
        self._journal = SqliteJournal(data, "off")
        self._venue, _, _ = recover(data, self._journal, RESEND_WINDOW)
        self._most_live = live
        self._live: list[Order] = []
        self._rng = random.Random(1)
        self._numbers = dict.fromkeys(FIRMS, (1, 1))
        self._ids = 0
        self._market = self._venue.markets[SYMBOL]

    def close(self) -> None:
        self._journal.close()

    def write(self, orders: int) -> None:
        """Journal so many new orders, and the cancels of others between them."""
        version = VERSIONS[VERSION]
        now = max(time.time_ns() - orders * APART, self._venue.time)
        while self._venue.ids.order_id < orders:
            now += APART
            commands: list[c.Journaled] = []
            texts: dict[str, list[str]] = {}
            transact_time = format_time(now)
            self._venue.handle(c.AdvanceTime(now))
            for _ in range(PER_BATCH):
                command = self._next()
                commands.append(command)
                for event in self._handle(command):
                    text = encode(event, self._venue.instruments, transact_time, version)
                    texts.setdefault(event.session, []).append(text)
            sent = []
            for session, own in texts.items():
                first, target = self._numbers[session]
                self._numbers[session] = first + len(own), target + PER_BATCH
                sent.append(Sent(session, first, own))
            numbers = {each.session: self._numbers[each.session] for each in sent}
            self._journal.append(encode_batch(Batch(now, commands, sent, numbers)))

    def _handle(self, command: c.NewOrder | c.CancelOrder) -> list[Event]:
        events = self._venue.handle(command)
        if isinstance(command, c.NewOrder):
            self._live.append(self._venue.orders.by_id[self._venue.ids.order_id])
        return events

    def _next(self) -> c.NewOrder | c.CancelOrder:
        self._ids += 1
        while len(self._live) >= self._most_live:
            order = self._take_live()
            if order.leaves_qty:
                who = order.session, order.firm, f"C{self._ids:08d}"
                return c.CancelOrder(*who, order.cl_ord_id, "", SYMBOL, order.side)
        rng = self._rng
        session = rng.choice(SESSIONS)
        side = rng.choice((Side.BUY, Side.SELL))
        best = self._market.book.opposite(side).best
        middle = self._market.instrument.reference_ticks
        price = middle + rng.randint(1, LEVELS) * (-1 if side is Side.BUY else 1)
        if best is not None and rng.random() < TAKES:
            price = best.price
        qty = self._market.instrument.min_lots * rng.randint(1, 1000)
        terms = SYMBOL, side, OrdType.LIMIT, TimeInForce.GTC, price, qty
        return c.NewOrder(session, FIRMS[session], f"N{self._ids:08d}", *terms)

    def _take_live(self) -> Order:
        at = self._rng.randrange(len(self._live))
        self._live[at], self._live[-1] = self._live[-1], self._live[at]
        return self._live.pop()


@contextmanager
def serving(data: Path, *options: str, watch: Path | None = None) -> Iterator[tuple[Server, float]]:
    """A venue on `data`, and the seconds until it was ready. Whatever it does then, it is killed.

    It leaves what `venue.bench.pause` has seen of its loop in `watch`, where that is given.
    """
    module = ["venue"] if watch is None else ["venue.bench.pause", str(watch)]
    command = [sys.executable, "-m", *module, "serve", "--port", "0", "--data", str(data)]
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--set", "journal.sync=off", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = next((line for line in process.stdout if line.startswith(READY)), None)
        if line is None:
            raise SystemExit("the venue did not start again")
        port = int(line.split()[3].rpartition(":")[2])
        yield Server(port, process, data), time.perf_counter() - begun
    finally:
        process.kill()
        process.wait()


def stop_seconds(venue: Server) -> float:
    """End a venue in peace."""
    begun = time.perf_counter()
    venue.process.terminate()
    venue.process.wait(STOP_SECONDS)
    return time.perf_counter() - begun


def recovery(orders: int, live: int) -> Results:
    """Seconds until a venue is ready that has journaled so many orders, of which `live` are open:
    with all to carry out again, and from a snapshot. Seconds until it has stopped.
    """
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory)
        _prepare(data, orders, live)
        starts = _starts(data)
        with serving(data, *NO_SNAPSHOTS) as (venue, _):
            stop = stop_seconds(venue)
    return {"orders": orders, "open": live} | starts | {"stop_s": round(stop, 1)}


def pauses(resting: int) -> Results:
    """How a venue with so many resting orders starts, and what a snapshot costs its loop under a
    light load.
    """
    with tempfile.TemporaryDirectory() as directory:
        data, seen = Path(directory), Path(directory) / "watch.json"
        _prepare(data, resting, resting)
        starts = _starts(data)
        every = f"journal.snapshot_seconds={SNAPSHOT_SECONDS}"
        with serving(data, "--set", every, watch=seen) as (venue, _):
            load(venue, "add", RATE * WATCHED_SECONDS, RATE)
            stop_seconds(venue)
        found: Results = json.loads(seen.read_text())
        return {"orders": resting, "open": resting} | starts | {"rate": RATE} | found


def _starts(data: Path) -> Results:
    """By replay, and from a snapshot, which is then there."""
    with serving(data, *NO_SNAPSHOTS) as (_, replayed):
        pass
    command = [sys.executable, "-m", "venue.journal.snapshotter", str(data), str(RESEND_WINDOW)]
    subprocess.run(command, check=True)
    with serving(data, *NO_SNAPSHOTS) as (_, from_snapshot):
        pass
    return {
        "start_by_replay_s": round(replayed, 1),
        "start_from_snapshot_s": round(from_snapshot, 1),
    }


def lines(results: Results) -> Iterator[str]:
    """What people are told of either."""
    yield (
        f"start with {results['orders']:,} orders, {results['open']:,} of them open:"
        f" {results['start_by_replay_s']:.1f} s by replay,"
        f" {results['start_from_snapshot_s']:.1f} s from a snapshot"
    )
    if "stop_s" in results:
        yield f"stop, with a snapshot: {results['stop_s']:.1f} s"
    if "pause_ms" in results:
        yield (
            f"longest pause of the loop at {results['rate']:,} orders/s: {results['pause_ms']:.1f}"
            f" ms while a snapshot is made, {results['pause_otherwise_ms']:.1f} ms otherwise;"
            f" without others on its core {results['pause_own_ms']:.1f} ms and"
            f" {results['pause_otherwise_own_ms']:.1f} ms"
        )


def _prepare(data: Path, orders: int, live: int) -> None:
    """A journal of that much, and no snapshot."""
    with serving(data) as (venue, _):
        stop_seconds(venue)
    with closing(Business(data, live)) as business:
        business.write(orders)
    shutil.rmtree(data / DIRECTORY)
