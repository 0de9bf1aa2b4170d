"""`scripts/bench --web`: how soon WebSocket clients hear of a change of the book, and what the web
costs the FIX loop (`venue.bench.web_cost`).

The venue has a core of its own, the clients the other one; the web gets what the scheduler gives
it, where it is measured itself.
"""

import subprocess
import sys
import time
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from venue.bench.servers import cores, server
from venue.bench.web_cost import show_cost, web_cost
from venue.bench.web_server import web

RATE = 1_000
"""Changes of the book a second."""
CLIENTS = (1, 10, 50)
POINTS = ("p50", "p90", "p99", "p99.9", "max")
MOST_BEHIND_MS = 100
IDLE_SECONDS = 5.0

Results = dict[str, Any]


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


def idle_percent() -> float:
    """Processor use of a web that nobody talks to, in percent of one core."""
    with server("off") as venue, web(venue) as served:
        time.sleep(1.0)
        before = served.cpu_seconds()
        time.sleep(IDLE_SECONDS)
        return (served.cpu_seconds() - before) / IDLE_SECONDS * 100


def web_bench(seconds: int, rounds: int, progress: Progress) -> Results:
    """Latencies of the round with the median p50, and what the web costs, of all rounds."""
    task = progress.add_task("web", total=rounds * len(CLIENTS) + 1)
    samples: dict[int, list[Results]] = {clients: [] for clients in CLIENTS}
    for _ in range(rounds):
        for clients, found in samples.items():
            found.append(measure(clients, seconds))
            progress.advance(task)
    results: Results = {
        "latency": [
            sorted(found, key=lambda each: each["p50"])[rounds // 2] for found in samples.values()
        ],
        "idle_percent": round(idle_percent(), 1),
    }
    progress.advance(task)
    return results | {"cost": web_cost(rounds, progress)}


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
    console.print(f"idle web: {results['idle_percent']:.1f} % of a core", highlight=False)
    show_cost(results["cost"], console)
