"""The web that is measured, in a process of its own."""

import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from venue.bench.servers import Server, launched

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
    command = ["-m", module, "web", *options]
    with launched("web", command, READY, core) as (process, port):
        assert process.stdout is not None
        threading.Thread(target=process.stdout.read, daemon=True).start()
        wait_until_up(port)
        yield Served(port, process)


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
