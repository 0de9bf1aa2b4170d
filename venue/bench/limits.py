"""What limits cost, for `scripts/bench --limits`: beside a venue without any, one with every limit
on a firm, and one with all of them on the instrument, too. None of them refuses anything.

They are run in the order A B C C B A, so that a machine that becomes faster or slower does not
count. In flow `mixed`, whose orders are mostly alike, duplicates are not looked for.
"""

import json
from statistics import median
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from venue.bench.flows import SYMBOL
from venue.bench.servers import load, server

FLOWS = ("varied", "mixed")
KINDS = ("none", "firm", "both")
NAMES = ("no limits", "every limit of a firm", "and every limit of it in the instrument")
EVERY: dict[str, Any] = {
    "max_order_qty": 1_000_000,
    "max_order_notional": 1_000_000_000,
    "max_open_orders": 10_000_000,
    "max_open_notional": 1_000_000_000_000,
    "max_long_position": 1_000_000_000,
    "max_short_position": 1_000_000_000,
    "max_daily_loss": 1_000_000_000,
    "price_collar_percent": 40,
    "max_messages": 1_000_000,
    "duplicate_milliseconds": 1,
}
RESTRICTED = {"restricted_symbols": ["EURUSD"]}
"""Not of the instrument that is traded."""

Results = dict[str, Any]
Micros = tuple[float, float]
"""On the clock, and of processor time."""


def limits(orders: int, rounds: int, progress: Progress) -> Results:
    """Microseconds an order of each flow and kind without fsync, on the clock and of the venue's
    processor time, and how many percent each is more than without limits.
    """
    task = progress.add_task("limits", total=rounds * len(FLOWS) * len(KINDS) * 2)
    results: Results = {}
    for flow in FLOWS:
        samples: dict[str, list[Micros]] = {kind: [] for kind in KINDS}
        for _ in range(rounds):
            both: dict[str, list[Micros]] = {kind: [] for kind in KINDS}
            for kind in (*KINDS, *reversed(KINDS)):
                both[kind].append(_measure(flow, kind, orders))
                progress.advance(task)
            for kind, twice in both.items():
                clock, cpu = (sum(each) / 2 for each in zip(*twice, strict=True))
                samples[kind].append((clock, cpu))
        results[flow] = _compared(samples)
    return results


def _measure(flow: str, kind: str, orders: int) -> Micros:
    every = dict(EVERY)
    if flow == "mixed":
        del every["duplicate_milliseconds"]
    scopes = {
        "none": [],
        "firm": [{"firm": "ALPHA", **every, **RESTRICTED}],
        "both": [
            {"firm": "ALPHA", **every, **RESTRICTED},
            {"firm": "ALPHA", "symbol": SYMBOL, **every},
        ],
    }
    with server("off", "--set", f"limits={json.dumps(scopes[kind])}") as target:
        before = target.cpu_seconds()
        clock = float(load(target, flow, orders)["us"])
        return clock, (target.cpu_seconds() - before) / orders * 1e6


def _compared(samples: dict[str, list[Micros]]) -> Results:
    plain = samples[KINDS[0]]
    compared: Results = {}
    for kind, own in samples.items():
        compared[kind] = {}
        for name, at in (("clock", 0), ("cpu", 1)):
            more = [mine[at] / base[at] - 1 for mine, base in zip(own, plain, strict=True)]
            us = round(median(each[at] for each in own), 2)
            compared[kind][name] = {"us": us, "percent": round(100 * median(more), 1)}
    return compared


def show_limits(results: Results, console: Console) -> None:
    for flow, figures in results.items():
        columns = "us/order", "more", "us of CPU", "more"
        title = f"what limits cost, flow {flow}, sync off"
        table = Table("the venue", *columns, title=title)
        for kind, name in zip(KINDS, NAMES, strict=True):
            row = [figures[kind][figure] for figure in ("clock", "cpu")]
            cells = (t for own in row for t in (f"{own['us']:.2f}", f"{own['percent']:+.1f} %"))
            table.add_row(name, *cells)
        console.print(table)
