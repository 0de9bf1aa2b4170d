"""`scripts/bench --web`: how soon WebSocket clients hear of a change of the book, and what the web
costs the FIX loop.

The venue has a core of its own, the clients and the load generator the other one; the web gets what
the scheduler gives it where it is measured itself, and the generator's core where the venue is.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from venue.bench.flows import RESTING
from venue.bench.servers import Server, cores, load, server
from venue.bench.web_clients import WebClient

RATE = 1_000
"""Changes of the book a second."""
CLIENTS = (1, 10, 50)
POINTS = ("p50", "p90", "p99", "p99.9", "max")
MOST_BEHIND_MS = 100
READY = "web ready on http://"
UP_SECONDS = 60.0
"""The web reads its dictionaries, connects and logs on."""
IDLE_SECONDS = 5.0
PRESENCES = ("no web", "web, nobody there", "web, a page open")

Results = dict[str, Any]


class Served(Struct):
    """A web that is logged on: where it listens, and its process."""

    port: int
    process: subprocess.Popen[str]

    def cpu_seconds(self) -> float:
        return Server(self.port, self.process, Path()).cpu_seconds()


@contextmanager
def web(venue: Server, core: int | None = None) -> Iterator[Served]:
    """Run `venue web` of a venue, on a core if one is said."""
    options = ["--port", "0", "--data", str(venue.data), "--set", f"venue.port={venue.port}"]
    process = subprocess.Popen(
        [sys.executable, "-m", "venue", "web", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=None if core is None else lambda: os.sched_setaffinity(0, {core}),
    )
    try:
        assert process.stdout is not None
        line = next((line for line in process.stdout if line.startswith(READY)), None)
        if line is None:
            raise SystemExit("the web did not start")
        threading.Thread(target=process.stdout.read, daemon=True).start()
        served = Served(int(line.rstrip("/\n").rpartition(":")[2]), process)
        wait_until_up(served.port)
        yield served
    finally:
        process.terminate()
        process.wait(UP_SECONDS)


def wait_until_up(port: int) -> None:
    """Wait until all sessions of the web are logged on."""
    deadline = time.monotonic() + UP_SECONDS
    request = b"GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    while time.monotonic() < deadline:
        with socket.create_connection(("127.0.0.1", port)) as asking:
            asking.sendall(request)
            answer = b"".join(iter(lambda: asking.recv(1 << 16), b""))
        states = {
            link["state"] for link in msgspec.json.decode(answer.split(b"\r\n\r\n", 1)[1])["links"]
        }
        if states == {"up"}:
            return
        time.sleep(0.1)
    raise SystemExit("the web does not get up")


def measure(clients: int, seconds: int) -> Results:
    """What clients saw of `RATE` changes a second; latencies in microseconds."""
    with server("interval") as venue, web(venue) as served:
        before, start = served.cpu_seconds(), time.perf_counter()
        found = watch(venue.port, served.port, clients, seconds)
        spent = time.perf_counter() - start
        found["busy_percent"] = round((served.cpu_seconds() - before) / spent * 100)
    found["frames_per_s"] = round(found["frames"] / seconds)
    return {"clients": clients} | found


def watch(port: int, web_port: int, clients: int, seconds: int) -> Results:
    """Run the clients and return what they saw."""
    _, core = cores()
    command = ["-m", "venue.bench.web_clients", "--port", str(port), "--web-port", str(web_port)]
    command += ["--clients", str(clients), "--rate", str(RATE), "--seconds", str(seconds)]
    command += [] if core is None else ["--cpu", str(core)]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the WebSocket clients failed: {done.stderr.strip()[-500:]}")
    found: Results = msgspec.json.decode(done.stdout)
    return found


@contextmanager
def used(port: int, by_a_page: bool) -> Iterator[None]:
    """With or without a client that is subscribed and reads."""
    if not by_a_page:
        yield
        return
    client = WebClient(port, "the page")
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set() and client.socket.recv(1 << 17):
            pass

    client.socket.settimeout(None)
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield
    finally:
        ended.set()
        client.socket.shutdown(socket.SHUT_RDWR)
        reader.join()


def throughput(presence: str, orders: int) -> tuple[float, float]:
    """Microseconds an order of a venue beside which there is nothing, a web, or one in use; and of
    its processor's time, which a busy machine changes less.
    """
    _, core = cores()
    with server("off") as venue:
        if presence == PRESENCES[0]:
            return _spent(venue, orders)
        with web(venue, core) as served, used(served.port, presence == PRESENCES[2]):
            return _spent(venue, orders)


def _spent(venue: Server, orders: int) -> tuple[float, float]:
    before = venue.cpu_seconds()
    micros = float(load(venue, "mixed", orders)["us"])
    return micros, (venue.cpu_seconds() - before) / (orders + RESTING) * 1e6


def idle_percent() -> float:
    """Processor use of a web that nobody talks to, in percent of one core."""
    with server("off") as venue, web(venue) as served:
        time.sleep(1.0)
        before = served.cpu_seconds()
        time.sleep(IDLE_SECONDS)
        return (served.cpu_seconds() - before) / IDLE_SECONDS * 100


def web_bench(seconds: int, orders: int, rounds: int, progress: Progress) -> Results:
    """Latencies of the round with the median p50; costs are medians of ratios within a round."""
    task = progress.add_task("web", total=rounds * (len(CLIENTS) + len(PRESENCES)) + 1)
    samples: dict[int, list[Results]] = {clients: [] for clients in CLIENTS}
    spent: dict[str, list[tuple[float, float]]] = {presence: [] for presence in PRESENCES}
    for _ in range(rounds):
        for clients, found in samples.items():
            found.append(measure(clients, seconds))
            progress.advance(task)
        for presence, own in spent.items():
            own.append(throughput(presence, orders))
            progress.advance(task)
    results: Results = {
        "latency": [
            sorted(found, key=lambda each: each["p50"])[rounds // 2] for found in samples.values()
        ],
        "us_per_order": {
            name: round(median(wall for wall, _ in own), 2) for name, own in spent.items()
        },
        "cost_percent": {name: _cost(own, spent[PRESENCES[0]], 0) for name, own in spent.items()},
        "cpu_percent": {name: _cost(own, spent[PRESENCES[0]], 1) for name, own in spent.items()},
        "idle_percent": round(idle_percent(), 1),
    }
    progress.advance(task)
    return results


def _cost(
    own: Sequence[tuple[float, float]], alone: Sequence[tuple[float, float]], at: int
) -> float:
    ratios = [mine[at] / base[at] for mine, base in zip(own, alone, strict=True)]
    return round((median(ratios) - 1) * 100, 1)


def show_web(results: Results, console: Console) -> None:
    """Print what was measured."""
    table = Table(
        *("clients", "frames/s in all", *POINTS, "busy", "behind at the end"),
        title=f"order to WebSocket, us, open loop, {RATE:,} changes/s of one book",
    )
    for row in results["latency"]:
        behind = f"{row['behind_ms']:,.1f} ms"
        if row["behind_ms"] > MOST_BEHIND_MS:
            behind += ": IT FELL BEHIND"
        points = (f"{row[point]:,.0f}" for point in POINTS)
        busy = f"{row['busy_percent']} %"
        table.add_row(f"{row['clients']}", f"{row['frames_per_s']:,}", *points, busy, behind)
    console.print(table)
    table = Table("", "us/order", "cost", "processor", title="the venue beside a web, flow mixed")
    for name, micros in results["us_per_order"].items():
        costs = (f"{results[kind][name]:+.1f} %" for kind in ("cost_percent", "cpu_percent"))
        table.add_row(name, f"{micros:.1f}", *costs)
    console.print(table)
    console.print(f"idle web: {results['idle_percent']:.1f} % of a core", highlight=False)
