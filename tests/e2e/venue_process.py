"""The venue as its users run it: `python -m venue serve` in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from tests.e2e.client import DEADLINE

ROOT = Path(__file__).parents[2]


def write_configuration(path: Path, symbols: list[str], comp_ids: list[str]) -> None:
    """The default configuration with more instruments like AAPL, and more traders, of one firm."""
    configuration: dict[str, Any] = yaml.safe_load((ROOT / "config/venue.yaml").read_text())
    instruments, sessions = configuration["instruments"], configuration["sessions"]
    model = next(each for each in instruments if each["symbol"] == "AAPL")
    instruments += [model | {"symbol": symbol} for symbol in symbols]
    roles = ["order_entry", "market_data"]
    sessions += [{"comp_id": each, "firm": "GAMMA", "roles": roles} for each in comp_ids]
    path.write_text(json.dumps(configuration))


def spoken_only(versions: Iterable[str]) -> tuple[str, str]:
    """The options of a venue that speaks these versions and no others."""
    return "--set", f"venue.versions=[{','.join(dict.fromkeys(versions))}]"


def _hours_away() -> tuple[str, ...]:
    """The options of a venue whose trading day does not end soon; it does at midnight UTC else."""
    is_late = datetime.now(UTC).hour >= 22
    return ("--set", "venue.day_ends=12:00:00") if is_late else ()


DAY_ENDS = _hours_away()


class VenueProcess:
    """Serving when the constructor returns, unless it is told not to wait. Then it says `READY`."""

    READY = "venue ready on "

    def __init__(
        self,
        directory: Path,
        *options: str,
        command: tuple[str, ...] = ("venue", "serve"),
        wait: bool = True,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Keeps journal and log in `directory`, and goes on from the venue before it in there."""
        directory.mkdir(exist_ok=True)
        self.data = directory / "data"
        self.log = directory / f"venue-{len(list(directory.glob('*.log')))}.log"
        self.port = 0
        where = ["--data", self.data, "--port", "0", *DAY_ENDS]
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command, *where, *options],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": str(ROOT)} | dict(environment or {}),
            )
        if wait:
            self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until it serves; raise `AssertionError` where it does not."""
        deadline = time.monotonic() + 6 * DEADLINE  # many may start at once
        while self.READY not in self.output:
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise AssertionError(f"the venue does not start: {self.output}")
            time.sleep(0.01)
        address = self.output.partition(self.READY)[2].split()[0].rstrip("/")
        self.port = int(address.rpartition(":")[2])

    @property
    def output(self) -> str:
        return self.log.read_text()

    def is_sound(self) -> None:
        """Assert that it runs, and has met no defect of its own."""
        assert self.process.poll() is None, f"the venue is gone: {self.output[-5000:]}"
        assert "defect" not in self.output, self.output[-5000:]

    def wait_for(self, text: str) -> None:
        """Wait until the log says `text`."""
        deadline = time.monotonic() + DEADLINE
        while text not in self.output:
            assert time.monotonic() < deadline, f"no {text!r} in {self.output[-5000:]}"
            time.sleep(0.01)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it as a user does, and assert that it goes in peace."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            assert self.process.wait(DEADLINE) == 0, self.output[-5000:]
        finally:
            self.process.kill()

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait(DEADLINE)
