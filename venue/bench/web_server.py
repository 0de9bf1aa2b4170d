"""The web that is measured, in a process of its own."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from venue.bench.servers import Server

READY = "web ready on http://"
UP_SECONDS = 60.0
"""The web reads its dictionaries, connects and logs on."""


class Served(Struct):
    """A web that is logged on: where it listens, and its process."""

    port: int
    process: subprocess.Popen[str]

    def cpu_seconds(self) -> float:
        return Server(self.port, self.process, Path()).cpu_seconds()

    def cpu_nanoseconds(self) -> int:
        """Of all its threads that are alive (Linux: /proc/PID/task/*/schedstat)."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(each.read_text().split()[0]) for each in tasks)


@contextmanager
def web(venue: Server, core: int | None = None, module: str = "venue") -> Iterator[Served]:
    """Run `venue web` of a venue, on a core if one is said; `module` may be one that changes it."""
    options = ["--port", "0", "--data", str(venue.data), "--set", f"venue.port={venue.port}"]
    process = subprocess.Popen(
        [sys.executable, "-m", module, "web", *options],
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
