"""What a web costs the FIX loop, for `scripts/bench --web`: that its sessions are logged on, that
it is subscribed to every instrument while nobody is there, and that a page is open.

One venue has all the orders it can take, and each of these is there by turns, in spans of a fifth
of a second (`venue.bench.blocks`), so that the machine's moods take no part. The venue has a core
of its own; the web shares the other one with whoever makes the load.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Literal

import msgspec
from rich.console import Console
from rich.progress import Progress

from venue.bench.blocks import Quad, Row, Span, beside, micros, more, order, quads
from venue.bench.monitoring import confidence
from venue.bench.servers import READY, Server, cores, load, pinned, running
from venue.bench.web_switches import Switch, nobody_there, page_open, sessions

ORDERS = 400_000
"""Of a process: 10 s or more."""
SPAN_SECONDS = 0.2
KINDS: dict[str, Callable[[Server], AbstractContextManager[Switch]]] = {
    "its sessions are logged on": sessions,
    "it is subscribed, nobody is there": nobody_there,
    "it is subscribed, a page is open": page_open,
}
"""The latter two beside one whose sessions are logged on."""
NAMES: dict[Literal["cpu", "clock"], str] = {
    "cpu": "of the loop's processor time",
    "clock": "on the clock",
}

Results = dict[str, Any]


def web_cost(rounds: int, progress: Progress) -> dict[str, Results]:
    """What each of `KINDS` costs, of all rounds."""
    task = progress.add_task("what a web costs", total=rounds * len(KINDS))
    found: dict[str, list[Quad]] = {kind: [] for kind in KINDS}
    for _ in range(rounds):
        for kind, switched in KINDS.items():
            found[kind] += measure(switched)
            progress.advance(task)
    return {kind: summary(own) for kind, own in found.items()}


def summary(found: list[Quad]) -> Results:
    """Microseconds a message without it; what it adds, in percent, with the bounds between which
    that is 95 times of 100; and what the web has of a core.
    """
    if not found:
        raise SystemExit("the load was too short, or too thin, to compare anything")
    result: Results = {"differences": len(found)}
    for measure in NAMES:
        differences = [100 * more(quad, measure) for quad in found]
        result[f"{measure}_us"] = round(median(micros(quad, False, measure) for quad in found), 2)
        result[f"{measure}_percent"] = round(median(differences), 1)
        result[f"{measure}_from_to"] = [round(each, 1) for each in confidence(differences)]
    result["web_percent"] = round(100 * beside(found, True), 1)
    return result


def measure(switched: Callable[[Server], AbstractContextManager[Switch]]) -> list[Quad]:
    """Drive one venue, beside something that is there by turns."""
    with TemporaryDirectory() as data:
        path = Path(data) / "turns.json"
        command = ["-m", "venue.bench.noted", str(path), "serve", "--port", "0", "--data", data]
        command += ["--set", "journal.sync=off"]
        with (
            running("noted", command, READY, Path(data)) as venue,
            switched(venue) as switch,
        ):
            spans = drive(venue, switch)
        rows = msgspec.json.decode(path.read_bytes(), type=list[Row])
    return quads(rows, spans)


def drive(venue: Server, switch: Switch) -> list[Span]:
    """Put the load on, and switch until it is over."""
    spans: list[Span] = []
    was_on = None
    with pinned(cores()[1]), ThreadPoolExecutor(1) as pool:
        loading = pool.submit(load, venue, "mixed", ORDERS)
        while not loading.done():
            is_on = order(len(spans))
            if is_on is not was_on:
                switch.turn(is_on)
                was_on = is_on
            start, before = time.monotonic_ns(), switch.cpu_nanoseconds()
            time.sleep(SPAN_SECONDS)
            spent = switch.cpu_nanoseconds() - before
            spans.append(Span(is_on, start, time.monotonic_ns(), spent))
        loading.result()
    return spans


def show_cost(results: dict[str, Results], console: Console) -> None:
    """Print what was measured."""
    lines = ["what a web costs the venue, flow mixed, sync off, by turns within one process:"]
    for kind, own in results.items():
        lines.append(f"  {kind}, of {own['differences']} differences:")
        for measure, name in NAMES.items():
            percent, us = own[f"{measure}_percent"], own[f"{measure}_us"]
            low, high = own[f"{measure}_from_to"]
            lines.append(
                f"    {percent:+.1f} % {name}, which is {us:.1f} us an order without it, with 95 %"
                f" confidence {low:+.1f} to {high:+.1f} %"
            )
        if own["web_percent"]:
            lines.append(f"    {own['web_percent']:.0f} % of a core is what the web has")
    both = sum(own["cpu_percent"] for own in list(results.values())[:2])
    lines.append(f"  logged on and subscribed, together: {both:+.1f} % of the processor time")
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)
