"""The venue that is killed: `python -m venue serve` with a faulty disk, in a process of its own."""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.e2e.venue_process import ROOT
from tests.e2e.web_process import free_port
from tests.recovery import faulty_disk
from tests.recovery.fleet import MEMBERS
from tests.recovery.flow import SYMBOLS
from tests.recovery.lost_cache import restore
from tests.recovery.wire import VENUE, ViolationError

START_SECONDS = 90.0
SNAPSHOT_BATCHES = 200
"""A life has some snapshots."""


class Victim:
    """Each life goes on from the data of the one before, on the same port.

    `directory` gets the configuration, `data`, and the log of each life.
    """

    def __init__(self, directory: Path, sync: str) -> None:
        self.directory, self.data = directory, directory / "data"
        self.orders, self._undo = directory / "orders", directory / "undo"
        self.lives = 0
        self._damaged: list[Path] = []
        self.port = free_port()
        self.configuration = directory / "venue.yaml"
        self.configuration.write_text(json.dumps(_configuration(self.port, self.data, sync)))
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.directory / f"venue-{self.lives}.log"

    @property
    def is_dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def start(self) -> bool:
        """Start the next life; return False if it was killed before it was ready."""
        self.lives += 1
        for log in self.directory.glob("undo.*"):
            log.unlink()
        self.data.mkdir(exist_ok=True)
        disk = faulty_disk.environment(self.data, self.orders, self._undo)
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "venue", "serve", "--config", str(self.configuration)],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": str(ROOT)} | disk,
            )
        deadline = time.monotonic() + START_SECONDS
        while "venue ready on" not in self.log.read_text():
            if self.is_dead:
                self._was_killed()
                return False
            if time.monotonic() > deadline:
                raise ViolationError(f"the venue does not start: {self.log.read_text()[-3000:]}")
            time.sleep(0.01)
        return True

    def kill(self) -> None:
        """See it dead, by our hand if not by its disk's."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(START_SECONDS)
        self._was_killed()

    def stop(self) -> None:
        """Ask it to stop; `ended` waits for that."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)

    def ended(self) -> bool:
        """Wait until it has; return False where its disk killed it."""
        assert self.process is not None
        status = self.process.wait(START_SECONDS)
        self.orders.unlink(missing_ok=True)
        if status not in (0, -signal.SIGKILL):
            raise ViolationError(f"ends with {status}: {self.log.read_text()[-3000:]}")
        self._is_sound()
        return status == 0

    def lose_cache(self, some: random.Random | None) -> int:
        """Put its files back to what its disk had; return how many changes are lost.

        The power is cut for the processes beside it, too.
        """
        self.end_others()
        restored = self.directory / "restored"
        lost = restore(self.data, self._undo, restored, some)
        shutil.rmtree(self.data)
        restored.rename(self.data)
        return lost

    def end_others(self) -> None:
        """End what the venue has begun, too."""
        while others := self._beside():
            for each in others:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
            time.sleep(0.01)

    def damage_snapshot(self, dice: random.Random) -> bool:
        """Change a bit of the newest snapshot, if there is one."""
        snapshots = sorted((self.data / "snapshots").glob("*.snap"))
        if not snapshots:
            return False
        content = bytearray(snapshots[-1].read_bytes())
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        snapshots[-1].write_bytes(content)
        self._damaged.append(snapshots[-1])
        return True

    def forget_damaged(self) -> None:
        """Remove the snapshots that are damaged."""
        for path in self._damaged:
            path.unlink(missing_ok=True)
        self._damaged.clear()

    def _beside(self) -> list[int]:
        """Processes that the venue has begun on its data and that outlive it."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if str(self.data).encode() in path.read_bytes().split(b"\0"):
                    found.append(int(path.parent.name))
        return found

    def _was_killed(self) -> None:
        assert self.process is not None
        self.orders.unlink(missing_ok=True)
        if self.process.wait() != -signal.SIGKILL:
            status = self.process.returncode
            raise ViolationError(f"ends with {status}: {self.log.read_text()[-3000:]}")
        self._is_sound()

    def _is_sound(self) -> None:
        output = self.log.read_text()
        if "defect" in output or "Traceback" in output:
            raise ViolationError(f"a defect: {output[-3000:]}")


def _configuration(port: int, data: Path, sync: str) -> dict[str, Any]:
    """A market for the fleet, whose trading day ends in half a day."""
    day_ends = (datetime.now(UTC) + timedelta(hours=12)).strftime("%H:%M:%S")
    roles = ["order_entry", "market_data"]
    instrument = {"currency": "USD", "tick": "0.01", "lot": 1, "reference_price": 100}
    limits = {"min_qty": 1, "max_qty": 1_000_000, "collar_percent": 50}
    return {
        "venue": {"comp_id": VENUE, "port": port, "data": str(data), "day_ends": day_ends},
        "journal": {"sync": sync, "snapshot_batches": SNAPSHOT_BATCHES},
        "quickfix": {"SocketNodelay": "Y"},
        "sessions": [
            {"comp_id": comp_id, "firm": comp_id, "roles": roles, "versions": [version]}
            for comp_id, version in MEMBERS
        ],
        "instruments": [{"symbol": symbol} | instrument | limits for symbol in SYMBOLS],
    }
