"""`scripts/bench`: the venue beside the ceiling of this machine, in one run.

Every round measures the ceiling, the ceiling with the venue's way of sending, the venue without
fsync and the venue with one fsync a batch, one after the other; ratios are taken within a round, so
that a machine whose speed drifts does not count. Figures are medians over the rounds; the machine
should have nothing else to do. Nothing is judged here: the bars are in ARCHITECTURE.md.
"""

import json
import os
import platform
import subprocess
from pathlib import Path
from statistics import median
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from venue.bench.core import operations_per_second
from venue.bench.deaf import beside_a_subscriber, show_subscriber
from venue.bench.limits import limits, show_limits
from venue.bench.market_data import market_data, show_market_data
from venue.bench.monitoring import monitoring, show_monitoring
from venue.bench.recovery import lines, pauses, recovery
from venue.bench.servers import idle_cpu_percent, load, server
from venue.bench.soak import measure
from venue.bench.web import show_web, web_bench

KINDS = ("ceiling", "corked", "off", "batch")
NAMES = ("ceiling", "ceiling, corked", "venue, sync off", "venue, sync batch")
RATES = (1_000, 5_000, 20_000)
RESTING = 200_000
"""Orders that rest while the loop is watched."""
JOURNALED, OPEN = 1_000_000, 100_000
"""Orders of `--recovery`."""
PERCENTILES = ("p50", "p90", "p99", "p99.9", "max")

FlowName = Literal["add", "mixed"]
Results = dict[str, Any]


def throughput(flow: str, orders: int, rounds: int, progress: Progress) -> Results:
    """Orders a second of each kind, and the venue's share of the ceiling."""
    task = progress.add_task(f"throughput, {flow}", total=rounds * len(KINDS))
    samples: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(rounds):
        for kind in KINDS:
            with server(kind) as target:
                result = load(target, flow, orders, constant=kind in KINDS[:2])
            samples[kind].append(result["us"])
            progress.advance(task)
    ceiling = samples["ceiling"]
    ratios = {
        kind: [base / own for base, own in zip(ceiling, samples[kind], strict=True)]
        for kind in KINDS
    }
    micros = {kind: round(median(values), 2) for kind, values in samples.items()}
    return {
        "ratio": {kind: round(median(values), 3) for kind, values in ratios.items()},
        "us_per_order": micros,
        "orders_per_s": {kind: round(1e6 / value) for kind, value in micros.items()},
    }


def latency(rates: tuple[int, ...], seconds: int, rounds: int, progress: Progress) -> Results:
    """Round trips of resting orders in microseconds, by kind and offered rate.

    Each figure is from the round whose p50 is the median one of its kind.
    """
    task = progress.add_task("latency", total=len(rates) * rounds * 2)
    found: dict[str, Results] = {"ceiling": {}, "off": {}}
    for rate in rates:
        samples: dict[str, list[Results]] = {kind: [] for kind in found}
        for _ in range(rounds):
            for kind, own in samples.items():
                with server(kind) as target:
                    own.append(load(target, "add", rate * seconds, rate, kind == "ceiling"))
                progress.advance(task)
        for kind, own in samples.items():
            found[kind][str(rate)] = sorted(own, key=lambda each: each["p50"])[rounds // 2]
    return found


def machine() -> Results:
    """What the figures were measured on."""
    model = ""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = (line.partition(":") for line in cpuinfo.read_text().splitlines())
        model = next((value.strip() for key, _, value in lines if "model name" in key), "")
    revision = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return {
        "cpu": model or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "revision": revision.stdout.strip() or "unknown",
    }


def show(results: Results, console: Console) -> None:
    """Print `results` as tables."""
    about = results["machine"]
    title = f"{about['cpu']}, {about['cores']} cores, Python {about['python']}, {about['revision']}"
    console.print(title, highlight=False)
    flows = {"add": results, "mixed": results.get("mixed")}
    for flow, figures in flows.items():
        if figures and "orders_per_s" in figures:
            table = Table("", "orders/s", "us/order", "of ceiling", title=f"flow {flow}")
            for kind, name in zip(KINDS, NAMES, strict=True):
                share = figures["ratio"][kind]
                speed, micros = figures["orders_per_s"][kind], figures["us_per_order"][kind]
                table.add_row(name, f"{speed:,}", f"{micros:.1f}", f"{share:.2f}")
            console.print(table)
    if "latency_us" in results:
        table = Table("orders/s", "", *PERCENTILES, title="round trip, us, open loop")
        for rate, own in results["latency_us"].items():
            for name, row in (("ceiling", results["ceiling_latency_us"][rate]), ("venue", own)):
                table.add_row(rate, name, *(f"{row[point]:,.0f}" for point in PERCENTILES))
        console.print(table)
    if "idle_cpu_percent" in results:
        console.print(f"idle: {results['idle_cpu_percent']:.1f} % of a core", highlight=False)
    if "core_ops_per_s" in results:
        core = results["core_ops_per_s"]
        text = f"core: book {core['book']:,}, Venue.handle {core['venue']:,} operations/s"
        console.print(text, highlight=False)
    if "beside_a_subscriber" in results:
        show_subscriber(results["beside_a_subscriber"], console)
    if "monitoring" in results:
        show_monitoring(results["monitoring"], console)
    if "limits" in results:
        show_limits(results["limits"], console)
    if "market_data" in results:
        show_market_data(results["market_data"], console)
    if "web" in results:
        show_web(results["web"], console)
    for figures in results.get("recovery", ()):
        for line in lines(figures):
            console.print(line, highlight=False, soft_wrap=True)


def bench(
    flow: Annotated[FlowName | None, typer.Option(help="Only this flow; default: both.")] = None,
    core: Annotated[bool, typer.Option("--core", help="Only the core, in process.")] = False,
    soak_orders: Annotated[
        int,
        typer.Option("--soak-orders", help="Orders of --soak.", min=1000),
    ] = 1_000_000,
    soak_only: Annotated[
        bool, typer.Option("--soak", help="Only what a day of orders takes of memory and disk.")
    ] = False,
    recovery_only: Annotated[
        bool, typer.Option("--recovery", help="Only starts and snapshots, of a million orders too.")
    ] = False,
    deaf_only: Annotated[
        bool, typer.Option("--deaf", help="Only what a client that does not read costs the others.")
    ] = False,
    market_data_only: Annotated[
        bool, typer.Option("--marketdata", help="Only how soon subscribers hear of a change.")
    ] = False,
    monitoring_only: Annotated[
        bool, typer.Option("--monitoring", help="Only what metrics and scrapes cost.")
    ] = False,
    web_only: Annotated[
        bool, typer.Option("--web", help="Only how soon WebSocket clients hear, and what it costs.")
    ] = False,
    limits_only: Annotated[bool, typer.Option("--limits", help="Only what limits cost.")] = False,
    orders: Annotated[int, typer.Option(help="Orders of a throughput round.", min=1000)] = 30_000,
    rounds: Annotated[int, typer.Option(help="Rounds of each measurement.", min=1)] = 3,
    seconds: Annotated[int, typer.Option(help="Seconds of each latency rate.", min=2)] = 3,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the figures there, too.")
    ] = None,
) -> None:
    """Measure the venue, and what QuickFIX alone could do on this machine, in one run."""
    console = Console()
    results: Results = {"machine": machine()}
    if soak_only:
        results["soak"] = measure(soak_orders, console)
    only = core or soak_only or recovery_only or deaf_only or market_data_only
    only = only or monitoring_only or limits_only or web_only
    with Progress(console=console, transient=True) as progress:
        if not only:
            if flow != "mixed":
                results |= throughput("add", orders, rounds, progress)
            if flow != "add":
                results["mixed"] = throughput("mixed", orders, rounds, progress)
            if flow != "mixed":
                latencies = latency(RATES, seconds, rounds, progress)
                results["ceiling_latency_us"] = latencies["ceiling"]
                results["latency_us"] = latencies["off"]
                results["idle_cpu_percent"] = round(idle_cpu_percent(), 2)
        if deaf_only or (flow is None and not only):
            results["beside_a_subscriber"] = beside_a_subscriber(seconds, rounds, progress)
        if monitoring_only:
            results["monitoring"] = monitoring(rounds, progress)
        if limits_only:
            results["limits"] = limits(orders, rounds, progress)
        if market_data_only:
            results["market_data"] = market_data(seconds, rounds, progress)
        if web_only:
            results["web"] = web_bench(seconds, rounds, progress)
        if core or (flow is None and not only):
            results["core_ops_per_s"] = operations_per_second()
        if recovery_only or (flow is None and not only):
            task = progress.add_task("recovery", total=None)
            results["recovery"] = [recovery(JOURNALED, OPEN)] if recovery_only else []
            results["recovery"].append(pauses(RESTING))
            progress.remove_task(task)
    show(results, console)
    if json_file is not None:
        json_file.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    typer.run(bench)
