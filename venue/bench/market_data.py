"""`scripts/bench --marketdata`: what it takes until a change of the book has been told to all who
watch it, by the venue itself and by the market data process.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from venue.bench.servers import Server, cores, running, server
from venue.files import shipped

RATE = 2_000
"""Changes of the book a second."""
POINTS = ("p50", "p99", "p99.9")
MOST_BEHIND_MS = 100
"""After the last order; who is further behind has fallen behind."""
READY = "market data ready on "

Results = dict[str, Any]


class Kind(Struct, frozen=True):
    """So many clients: of mixed depths, aggregated and by order, or all with the whole book; of the
    venue, or of the market data process beside it.
    """

    clients: int
    mixed: bool = True
    beside: bool = False

    @property
    def name(self) -> str:
        depths = "mixed" if self.mixed else "full depth"
        return f"{self.clients} {depths}{', beside' if self.beside else ''}"


KINDS = (
    *(Kind(clients) for clients in (1, 10, 50, 200)),
    Kind(50, mixed=False),
    Kind(1, mixed=False, beside=True),
    Kind(50, mixed=False, beside=True),
)


@contextmanager
def served(kind: Kind) -> Iterator[tuple[Server, Server]]:
    """A venue that syncs in the background, with sessions for all clients, and who has its market
    data.
    """
    configuration = yaml.safe_load(shipped("config/venue.yaml").read_text())
    configuration["sessions"] += [
        {"comp_id": f"SUB{n}", "firm": "DATA", "roles": ["market_data"]}
        for n in range(kind.clients)
    ]
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        path = directory / "venue.yaml"
        path.write_text(json.dumps(configuration))
        options = ["--config", str(path)]
        options += ["--set", "marketdata.port=0"] if kind.beside else []
        venue = stack.enter_context(server("interval", *options))
        if kind.beside:
            command = ["-m", "venue", "marketdata", "--data", str(venue.data), *options]
            feed = stack.enter_context(running("market data", command, READY, venue.data))
            yield venue, feed
        else:
            yield venue, venue


def measure(kind: Kind, seconds: int) -> Results:
    """What clients saw of `RATE` changes a second; latencies in microseconds."""
    with served(kind) as (venue, feed):
        before, start = feed.cpu_seconds(), time.perf_counter()
        found = watch(venue.port, feed.port, kind, seconds)
        spent = time.perf_counter() - start
        found["busy_percent"] = round((feed.cpu_seconds() - before) / spent * 100)
    found["updates_per_s"] = round(found["updates"] / seconds)
    return {"kind": kind.name} | found


def watch(port: int, feed_port: int, kind: Kind, seconds: int) -> Results:
    """Run the clients and return what they saw."""
    _, core = cores()
    command = ["-m", "venue.bench.subscribers", "--port", str(port), "--feed-port", str(feed_port)]
    command += ["--clients", str(kind.clients), "--rate", str(RATE), "--seconds", str(seconds)]
    command += ["--mixed"] if kind.mixed else []
    command += [] if core is None else ["--cpu", str(core)]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the subscribers failed: {done.stderr.strip()[-500:]}")
    found: Results = json.loads(done.stdout)
    return found


def market_data(seconds: int, rounds: int, progress: Progress) -> list[Results]:
    """For each of `KINDS` the round with the median p50."""
    task = progress.add_task("market data", total=rounds * len(KINDS))
    samples: dict[Kind, list[Results]] = {kind: [] for kind in KINDS}
    for _ in range(rounds):
        for kind, own in samples.items():
            own.append(measure(kind, seconds))
            progress.advance(task)
    return [sorted(own, key=lambda each: each["p50"])[len(own) // 2] for own in samples.values()]


def show_market_data(rows: Sequence[Results], console: Console) -> None:
    """Print what was measured as a table, with what each p50 is of that of one client."""
    table = Table(
        *("clients", "X/s in all", *POINTS, "of one's", "busy", "behind at the end"),
        title=f"order to X, us, open loop, {RATE:,} changes/s of one book",
    )
    for row in rows:
        points = (f"{row[point]:,.0f}" for point in POINTS)
        ratio = row["p50"] / rows[0]["p50"]
        behind = f"{row['behind_ms']:,.1f} ms"
        if row["behind_ms"] > MOST_BEHIND_MS:
            behind += ": IT FELL BEHIND"
        busy = f"{row['busy_percent']} %"
        table.add_row(
            row["kind"], f"{row['updates_per_s']:,}", *points, f"{ratio:.2f}", busy, behind
        )
    console.print(table)
