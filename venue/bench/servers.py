"""The servers that are measured, each in a process of its own, and the load that is put on them."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

READY = "venue ready on "
STOP_SECONDS = 60
"""A venue that has a million orders makes a snapshot of them before it ends."""


class Server(Struct):
    """A running server: where it listens, its process, and where a venue keeps its data."""

    port: int
    process: subprocess.Popen[str]
    data: Path

    def cpu_seconds(self) -> float:
        """Processor time used so far (Linux: /proc/PID/stat, fields utime and stime)."""
        text = Path(f"/proc/{self.process.pid}/stat").read_text()
        fields = text.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cores() -> tuple[int | None, int | None]:
    """One core for the server and another for the load, where there are two to be had."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    usable = sorted(os.sched_getaffinity(0))
    return (usable[0], usable[1]) if len(usable) > 1 else (None, None)


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """Have this thread, and those it starts, on a core."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def server(kind: str, *options: str) -> Iterator[Server]:
    """Run a server in an empty directory: `ceiling`, `corked` (the ceiling with the venue's way
    out), or the venue with `kind` as its `journal.sync`, and more `options`.
    """
    with tempfile.TemporaryDirectory() as directory:
        if kind in ("ceiling", "corked"):
            command = ["-m", "venue.bench.ceiling", "--port", "0"]
            command += ["--cork"] if kind == "corked" else []
        else:
            own = ["--port", "0", "--data", directory, "--set", f"journal.sync={kind}", *options]
            command = ["-m", "venue", "serve", *own]
        with running(kind, command, READY, Path(directory)) as target:
            yield target


@contextmanager
def running(name: str, command: Sequence[str], ready: str, data: Path) -> Iterator[Server]:
    """Run Python with `command` on the core of servers; `ready` and its address tell that it is."""
    core, _ = cores()
    with launched(f"server {name}", command, ready, core) as (process, port):
        yield Server(port, process, data)


@contextmanager
def launched(
    name: str, command: Sequence[str], ready: str, core: int | None
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run Python with `command` on a core, if one is said; yield the process, whose output can be
    read on, and the port that the line which begins with `ready` tells.
    """
    process = subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=None if core is None else lambda: os.sched_setaffinity(0, {core}),
    )
    try:
        assert process.stdout is not None
        line = next((line for line in process.stdout if line.startswith(ready)), None)
        if line is None:
            raise SystemExit(f"the {name} did not start")
        address = line.removeprefix(ready).split()[0].rstrip("/")
        yield process, int(address.rpartition(":")[2])
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def load(target: Server, flow: str, orders: int, rate: int = 0, constant: bool = False) -> Any:
    """Run the load generator against `target` and return what it measured."""
    _, core = cores()
    command = ["-m", "venue.bench.load", "--port", str(target.port), "--flow", flow]
    command += ["--orders", str(orders), "--rate", str(rate)]
    command += ["--answers", "1"] if constant else []
    command += [] if core is None else ["--cpu", str(core)]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the load generator failed: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout)


def idle_cpu_percent(seconds: float = 3.0) -> float:
    """Processor use of a venue that nobody talks to, in percent of one core."""
    with server("off") as quiet:
        time.sleep(1.0)
        before = quiet.cpu_seconds()
        time.sleep(seconds)
        return (quiet.cpu_seconds() - before) / seconds * 100
