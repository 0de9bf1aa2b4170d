"""`scripts/bench --soak`: what a day of orders takes, in the memory of a venue and on its disk."""

import os
import selectors
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from rich.console import Console

from venue.bench.day import Flow, make_flows
from venue.bench.flows import frame
from venue.bench.servers import Server, server
from venue.fix.message import format_time

REPORTS = (b"\x0135=8\x01", b"\x0135=9\x01")
TAIL = len(REPORTS[0]) - 1
CHUNK = 200
"""Messages that are sent to a session at once; more follow when fewer reports are owed."""
TIMEOUT_SECONDS = 60
PAGE = os.sysconf("SC_PAGE_SIZE")
MOST_BYTES = 2 << 30
"""Resident memory that a venue may have after a million orders."""


class Sample(Struct):
    """What there was after so many `orders` and other `requests`, `seconds` after the first.

    Bytes: `rss` is the venue's resident memory, `peak` the most of it so far and of the process
    that makes its snapshots, `journal` the database, `wal` its log.
    """

    orders: int
    requests: int
    live: int
    seconds: float
    rss: int
    peak: int
    journal: int
    wal: int


class Trader:
    """A logged on session that works through a flow: `owed` reports have not come yet."""

    def __init__(self, port: int, flow: Flow) -> None:
        self.flow = flow
        self.owed = 0
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(TIMEOUT_SECONDS)
        self._number = 1
        self._tail = b""
        now = format_time(time.time_ns())
        self._send(f"35=A|34=1|49={flow.comp_id}|52={now}|56=VENUE|98=0|108=60|141=Y|")
        if b"\x0135=A\x01" not in self.socket.recv(4096):
            raise SystemExit("the venue refuses the logon")

    def _send(self, body: str) -> None:
        self.socket.sendall(frame(body))

    def send(self, orders: int) -> None:
        """Send the next messages on the way to so many orders."""
        now = format_time(time.time_ns())
        chunk: list[bytes] = []
        while len(chunk) < CHUNK and self.flow.orders < orders:
            step, reports = self.flow.step()
            self._number += 1
            self.owed += reports
            chunk.append(self.flow.encode(step, self._number, now))
        self.socket.sendall(b"".join(chunk))

    def read(self) -> None:
        """Count the reports that have come."""
        found = self.socket.recv(1 << 20)
        if not found:
            raise SystemExit("the venue closed a connection")
        text = self._tail + found
        self.owed -= sum(map(text.count, REPORTS))
        self._tail = text[-TAIL:]
        if self.owed < 0:
            raise SystemExit(f"{self.flow.comp_id} got {-self.owed} reports more than there were")

    def live_orders(self) -> int:
        """How many orders the venue says are live: TotNumReports(911) of a mass status."""
        now, text = format_time(time.time_ns()), b""
        own = f"34={self._number + 1}|49={self.flow.comp_id}|52={now}|56=VENUE|584=S|585=7|"
        self._send(f"35=AF|{own}")
        while b"\x01912=Y\x01" not in text[-4096:]:
            text += self.socket.recv(1 << 20)
        return int(text.partition(b"\x01911=")[2].partition(b"\x01")[0])


def measure(orders: int, console: Console) -> dict[str, Any]:
    """Drive so many orders into a venue with its default configuration; print what that takes."""
    samples: list[Sample] = []

    def tell(sample: Sample) -> None:
        samples.append(sample)
        on_disk = sample.journal + sample.wal
        sizes = (f"{size / 2**20:,.0f}" for size in (sample.rss, sample.peak, on_disk))
        counts = (f"{count:,}" for count in (sample.orders, sample.requests, sample.live))
        columns = (*counts, f"{sample.seconds:.0f} s", *sizes)
        console.print("".join(f"{column:>11}" for column in columns), highlight=False)

    in_core = bytes_in_core(orders // 5)
    heads = ("orders", "others", "live", "time", "memory MiB", "peak MiB", "disk MiB")
    console.print("".join(f"{head:>11}" for head in heads), highlight=False)
    with server("batch") as target:
        live = soak(target, orders, tell)
    first, last = samples[0], samples[-1]
    each = (last.rss - first.rss) / last.orders
    on_disk = (last.journal + last.wal) / last.orders
    most = max(sample.peak for sample in samples)
    under = "under" if most < MOST_BYTES else "NOT UNDER"
    console.print(
        f"bytes an order, with what follows it: {each:,.0f} in the venue's memory,"
        f" {in_core:,.0f} in a core alone, {on_disk:,.0f} on disk\n{live:,} orders are live, says"
        f" the venue; memory at most {most / 2**20:,.0f} MiB, {under} {MOST_BYTES >> 20:,} MiB",
        highlight=False,
        soft_wrap=True,
    )
    return {
        "samples": [msgspec.structs.asdict(sample) for sample in samples],
        "bytes_per_order": round(each),
        "core_bytes_per_order": round(in_core),
        "journal_bytes_per_order": round(on_disk),
        "live": live,
    }


def soak(server: Server, orders: int, told: Callable[[Sample], object]) -> int:
    """Drive so many orders into `server`; `told` hears of what there was after each tenth.

    Return how many orders the venue says are live at the end.
    """
    flows = list(make_flows(orders // 10))
    traders = [Trader(server.port, flow) for flow in flows]
    start = time.perf_counter()
    for tenth in range(11):
        drive(traders, orders * tenth // (10 * len(traders)))
        told(_sample(server, flows, time.perf_counter() - start))
    return sum(trader.live_orders() for trader in traders)


def drive(traders: list[Trader], orders: int) -> None:
    """Send until every session has entered so many orders and heard of everything."""
    with selectors.DefaultSelector() as selector:
        for trader in traders:
            selector.register(trader.socket, selectors.EVENT_READ, trader)
        while True:
            for trader in traders:
                if trader.owed < CHUNK and trader.flow.orders < orders:
                    trader.send(orders)
            if not any(trader.owed for trader in traders):
                return
            found = selector.select(TIMEOUT_SECONDS)
            if not found:
                raise SystemExit("the venue does not answer any more")
            for key, _ in found:
                key.data.read()


def _sample(server: Server, flows: list[Flow], seconds: float) -> Sample:
    paths = server.data / "journal.db", server.data / "journal.db-wal"
    return Sample(
        sum(flow.orders for flow in flows),
        sum(flow.requests for flow in flows),
        sum(flow.live() for flow in flows),
        seconds,
        resident(server.process.pid),
        sum(map(peak, [server.process.pid, *children(server.process.pid)])),
        *(path.stat().st_size for path in paths),
    )


def resident(process: int | str) -> int:
    """Bytes of memory of a process (Linux: /proc)."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE


def peak(process: int) -> int:
    """The most bytes of memory that a process has had at once, 0 if it is gone (Linux: /proc)."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:"))


def children(process: int) -> list[int]:
    """The processes that a process has begun (Linux: /proc)."""
    return [
        int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


def bytes_in_core(orders: int) -> float:
    """Bytes an order of the same flow takes in the core alone, all its requests included."""
    flows = list(make_flows(orders // 10))
    each = orders // len(flows)
    before = resident("self")
    for flow in flows:
        while flow.orders < each:
            flow.step()
    return (resident("self") - before) / orders
