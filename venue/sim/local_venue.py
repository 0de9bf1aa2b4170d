"""A venue of one's own for a while: a free port, a data directory that goes away."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_TIMEOUT = 15.0
STOP_TIMEOUT = 5.0


class VenueFailed(Exception):  # noqa: N818 - what happened is the better name
    """The venue did not start, or did not stop cleanly; the text ends with what it printed."""


@contextmanager
def local_venue() -> Iterator[int]:
    """Serve the default configuration from another process; yield its port."""
    with tempfile.TemporaryDirectory(prefix="venue-") as directory:
        port = _free_port()
        log = Path(directory, "venue.log")
        data = str(Path(directory, "data"))
        command = [sys.executable, "-m", "venue", "serve", "--port", str(port), "--data", data]
        with log.open("w") as output:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(process, log)
            yield port
        except BaseException:
            process.kill()
            process.wait()
            raise
        _stop(process, log)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text().splitlines()[-10:])


def _wait_until_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while "venue ready on" not in log.read_text():
        if process.poll() is not None:
            status = process.returncode
            raise VenueFailed(f"the venue ended with status {status}:\n{_end_of(log)}")
        if time.monotonic() > deadline:
            raise VenueFailed(f"not ready within {START_TIMEOUT:g} s:\n{_end_of(log)}")
        time.sleep(0.02)


def _stop(process: "subprocess.Popen[bytes]", log: Path) -> None:
    process.terminate()
    try:
        status = process.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise VenueFailed(f"not stopped within {STOP_TIMEOUT:g} s:\n{_end_of(log)}") from None
    if status != 0:
        raise VenueFailed(f"the venue stopped with status {status}:\n{_end_of(log)}")
