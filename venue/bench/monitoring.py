"""What it costs that a venue can be seen, for `scripts/bench --monitoring`: beside one that counts
nothing, one that nobody asks, and one that is asked for its metrics every second.

They are run in the order A B C C B A, so that a machine that becomes faster or slower does not
count.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from venue.bench.servers import READY, Server, load, running, server
from venue.errors import VenueError
from venue.monitoring.ask import ask

KINDS = ("uncounted", "counted", "scraped")
NAMES = ("counts nothing", "counts", "and is scraped every second")
SCRAPE_SECONDS = 1.0

Results = dict[str, Any]
Micros = tuple[float, float]
"""On the clock, and of processor time."""


def monitoring(orders: int, rounds: int, progress: Progress) -> Results:
    """Microseconds an order of each kind without fsync, on the clock and of the venue's processor
    time, and how many percent each is more than without.
    """
    task = progress.add_task("monitoring", total=rounds * len(KINDS) * 2)
    samples: dict[str, list[Micros]] = {kind: [] for kind in KINDS}
    for _ in range(rounds):
        both: dict[str, list[Micros]] = {kind: [] for kind in KINDS}
        for kind in (*KINDS, *reversed(KINDS)):
            both[kind].append(_measure(kind, orders))
            progress.advance(task)
        for kind, twice in both.items():
            clock, cpu = (sum(each) / 2 for each in zip(*twice, strict=True))
            samples[kind].append((clock, cpu))
    plain = samples[KINDS[0]]
    results: Results = {}
    for kind, own in samples.items():
        results[kind] = {}
        for name, at in (("clock", 0), ("cpu", 1)):
            more = [mine[at] / base[at] - 1 for mine, base in zip(own, plain, strict=True)]
            results[kind][name] = {
                "us": round(median(each[at] for each in own), 2),
                "percent": round(100 * median(more), 2),
            }
    return results


def _measure(kind: str, orders: int) -> Micros:
    if kind == "uncounted":
        with TemporaryDirectory() as data:
            own = ["serve", "--port", "0", "--data", data, "--set", "journal.sync=off"]
            command = ["-m", "venue.bench.uncounted", *own]
            with running(kind, command, READY, Path(data)) as target:
                return _loaded(target, orders)
    with server("off") as target:
        if kind == "counted":
            return _loaded(target, orders)
        with scraped(target.data / "venue.sock"):
            return _loaded(target, orders)


def _loaded(target: Server, orders: int) -> Micros:
    before = target.cpu_seconds()
    clock = float(load(target, "add", orders)["us"])
    return clock, (target.cpu_seconds() - before) / orders * 1e6


@contextmanager
def scraped(path: Path) -> Iterator[None]:
    """Ask for metrics every second, meanwhile."""
    over = threading.Event()

    def scrape() -> None:
        while True:
            with suppress(VenueError):
                ask(path, "/metrics")
            if over.wait(SCRAPE_SECONDS):
                return

    thread = threading.Thread(target=scrape)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def show_monitoring(results: Results, console: Console) -> None:
    columns = "us/order", "more", "us of CPU", "more"
    table = Table("the venue", *columns, title="what it costs to be seen, sync off")
    for kind, name in zip(KINDS, NAMES, strict=True):
        row = [results[kind][figure] for figure in ("clock", "cpu")]
        cells = (text for own in row for text in (f"{own['us']:.2f}", f"{own['percent']:+.2f} %"))
        table.add_row(name, *cells)
    console.print(table)
