"""What it costs that a venue can be seen, for `scripts/bench --monitoring`: to count, in percent of
the loop's processor time, and to be asked for its metrics every second, in percent of a core.

To count is compared within one process (`venue.bench.switched`), for some milliseconds sixteen
times over and for some not at all, in hundreds of differences; the `Monitor.tick` that answers is
timed, and the process that renders it, too.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import sqrt
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import Progress

from venue.bench.servers import READY, load, running
from venue.bench.switched import FILE, TIMES, Block, Course
from venue.errors import VenueError
from venue.monitoring.ask import ask

ORDERS = 120_000
"""Of a process: about 5 s."""
PROCESSES = 2
"""Of a round: each has its own places in memory, which matter."""
SCRAPE_SECONDS = 1.0

Results = dict[str, Any]


def monitoring(rounds: int, progress: Progress) -> Results:
    """Microseconds an order without fsync, and percent of them."""
    task = progress.add_task("monitoring", total=rounds * PROCESSES)
    courses = []
    for _ in range(rounds * PROCESSES):
        courses.append(_measure())
        progress.advance(task)
    own = [differences(course.blocks) for course in courses]
    more = [each for differences in own for each in differences]
    low, high = confidence(more)
    medians = [round(100 * median(differences), 3) for differences in own]
    loop, clock = sum(each.loop for each in courses), sum(each.clock for each in courses)
    messages = sum(block.messages for course in courses for block in course.blocks)
    return {
        "us": round(loop / messages / 1000, 2),
        "differences": len(more),
        "counting_percent_of_processes": medians,
        "counting_percent": round(100 * median(more), 3),
        "counting_from_to_percent": [round(100 * low, 3), round(100 * high, 3)],
        "answering_percent": round(100 * sum(each.ticks for each in courses) / clock, 3),
        "process_percent": round(100 * sum(each.lookout for each in courses) / clock, 3),
    }


def differences(blocks: list[Block]) -> list[float]:
    """By what part of the time without it a message takes longer where it is counted once: of every
    four blocks ABBA, in which what grows or shrinks steadily does not count.
    """
    found = []
    for first in range(0, len(blocks) - 3, 4):
        nanoseconds, messages = {TIMES: 0, 0: 0}, {TIMES: 0, 0: 0}
        for block in blocks[first : first + 4]:
            nanoseconds[block.times] += block.nanoseconds
            messages[block.times] += block.messages
        most, none = (nanoseconds[times] / messages[times] for times in (TIMES, 0))
        found.append((most / none - 1) / TIMES)
    return found


def confidence(values: list[float]) -> tuple[float, float]:
    """Between which two of `values` the median lies 95 times of 100, whatever they are like."""
    ordered = sorted(values)
    half, reach = len(values) / 2, 1.96 * sqrt(len(values)) / 2
    last = len(values) - 1
    return ordered[max(0, int(half - reach))], ordered[min(last, int(half + reach))]


def _measure() -> Course:
    with TemporaryDirectory() as data:
        own = ["serve", "--port", "0", "--data", data, "--set", "journal.sync=off"]
        command = ["-m", "venue.bench.switched", *own]
        with running("switched", command, READY, Path(data)) as target:
            path = target.data / "venue.sock"
            ask(path, "/metrics")  # the first one imports what is needed
            with scraped(path):
                load(target, "add", ORDERS)
        return msgspec.json.decode((Path(data) / FILE).read_bytes(), type=Course)


@contextmanager
def scraped(path: Path) -> Iterator[None]:
    """Ask for metrics every second, meanwhile."""
    over = threading.Event()

    def scrape() -> None:
        while not over.wait(SCRAPE_SECONDS):
            with suppress(VenueError):
                ask(path, "/metrics")

    thread = threading.Thread(target=scrape)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def show_monitoring(results: Results, console: Console) -> None:
    low, high = results["counting_from_to_percent"]
    own = results["counting_percent_of_processes"]
    for line in (
        f"monitoring, of {results['us']:.1f} us of processor time an order, sync off:",
        f"  counting {results['counting_percent']:+.2f} %, with 95 % confidence {low:+.2f} to"
        f" {high:+.2f} %, of {results['differences']} differences in {len(own)} processes, of which"
        f" one by one {min(own):+.2f} to {max(own):+.2f} %",
        f"  the loop's answer to a scrape a second {results['answering_percent']:.2f} % of a core",
        f"  its process {results['process_percent']:.2f} % of a core, the venue's or another",
    ):
        console.print(line, highlight=False, soft_wrap=True)
