"""The venue and the web that are killed, each in a process of its own, on a port that it keeps."""

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tests.e2e.venue_process import ROOT
from tests.e2e.web_process import free_port
from tests.recovery.flow import SYMBOLS
from tests.recovery.wire import FIX50SP2, VENUE, ViolationError

START_SECONDS = 60.0
CLEARING = "CLEARING"
MARKET_DATA = "WEBMD"


class Person(NamedTuple):
    """A user of the web: his session and, where he has one, that of his firm's drop copies."""

    name: str
    session: str
    firm: str
    drop_copy: str | None = None

    @property
    def token(self) -> str:
        return f"token-of-{self.name}"


PEOPLE = (
    Person("anna", "WEBA", "ALPHA", "DROPA"),
    Person("aldo", "WEBX", "ALPHA"),
    Person("bert", "WEBB", "BETA"),
    Person("carl", "WEBC", "GAMMA"),
)
FIX_TRADERS = {"COLLEAGUE": "ALPHA", "OTHER": "DELTA"}
"""CompIDs of clients that speak FIX, and their firms."""
FIRMS = {person.session: person.firm for person in PEOPLE} | FIX_TRADERS


class Killed:
    """A process that is killed and started again. Each life has a log in `directory`."""

    def __init__(self, directory: Path, name: str, command: tuple[str, ...], ready: str) -> None:
        self.name = name
        self.lives = 0
        self.process: subprocess.Popen[bytes] | None = None
        self._directory, self._command, self._ready = directory, command, ready

    @property
    def log(self) -> Path:
        return self._directory / f"{self.name}-{self.lives}.log"

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def begin(self) -> None:
        """Start it; `ready` waits until it serves."""
        self.lives += 1
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self._command],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
            )

    async def ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while self._ready not in self.log.read_text():
            if not self.is_alive or time.monotonic() > deadline:
                raise ViolationError(f"{self.name} does not start: {self.log.read_text()[-3000:]}")
            await asyncio.sleep(0.02)

    def kill(self) -> None:
        """End it as a power cut does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(START_SECONDS)
            self.check()

    def signal(self, number: int) -> None:
        if self.process is not None and self.is_alive:
            self.process.send_signal(number)

    async def stop(self) -> None:
        """End it as its user does. Raise `ViolationError` unless it goes in peace."""
        assert self.process is not None
        self.signal(signal.SIGTERM)
        deadline = time.monotonic() + START_SECONDS
        while (status := self.process.poll()) is None:
            if time.monotonic() > deadline:
                raise ViolationError(f"{self.name} does not stop: {self.log.read_text()[-3000:]}")
            await asyncio.sleep(0.01)
        if status != 0:
            raise ViolationError(f"{self.name} ends with {status}: {self.log.read_text()[-3000:]}")
        self.check()

    def check(self) -> None:
        """Raise `ViolationError` if it has met a defect."""
        output = self.log.read_text()
        for word in ("defect", "Traceback"):
            if word in output:
                at = output.index(word)
                raise ViolationError(f"{self.log}: {output[max(0, at - 500) : at + 3000]}")

    @property
    def megabytes(self) -> int:
        """What it has in memory."""
        assert self.process is not None
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) // 1024
        return 0


class Site:
    """A venue and a web that reaches it through `wire_port`, in `directory`."""

    def __init__(self, directory: Path) -> None:
        self.venue_port, self.wire_port, self.web_port = free_port(), free_port(), free_port()
        self.venue = self._process(directory, "venue", "serve", self.venue_port)
        self.web = self._process(directory, "web", "web", self.wire_port)

    def close(self) -> None:
        for each in (self.web, self.venue):
            if each.process is not None:
                each.process.kill()
                each.process.wait()

    def _process(self, directory: Path, name: str, command: str, venue_port: int) -> Killed:
        file = directory / f"{name}.yaml"
        data = directory / f"{name}-data"
        file.write_text(json.dumps(_configuration(data, venue_port, self.web_port)))
        words = ("venue", command, "--config", str(file))
        return Killed(directory, name, words, f"{name} ready on ")


def _configuration(data: Path, venue_port: int, web_port: int) -> dict[str, Any]:
    """A market whose trading day ends in half a day."""
    day_ends = (datetime.now(UTC) + timedelta(hours=12)).strftime("%H:%M:%S")
    where = {"comp_id": VENUE, "port": venue_port, "data": str(data), "day_ends": day_ends}
    sessions = [_session(MARKET_DATA, "DATA", "market_data"), _session(CLEARING, VENUE, "clearing")]
    users = []
    for comp_id, firm in FIX_TRADERS.items():
        sessions.append(_session(comp_id, firm, "order_entry"))
    for person in PEOPLE:
        sessions.append(_session(person.session, person.firm, "order_entry"))
        digest = hashlib.sha256(person.token.encode()).hexdigest()
        token = {"name": "program", "hash": f"sha256:{digest}"}
        user = {"name": person.name, "session": person.session, "tokens": [token]}
        if person.drop_copy is not None:
            sessions.append(_session(person.drop_copy, person.firm, "drop_copy"))
            user["drop_copy"] = person.drop_copy
        users.append(user)
    instrument = {"currency": "USD", "tick": "0.01", "lot": 1, "reference_price": 100}
    limits = {"min_qty": 1, "max_qty": 1_000_000, "collar_percent": 50}
    return {
        "venue": where | {"versions": [FIX50SP2]},
        "journal": {"sync": "interval", "snapshot_batches": 2_000},
        "quickfix": {"SocketNodelay": "Y"},
        "sessions": sessions,
        "web": {
            "port": web_port,
            "market_data": MARKET_DATA,
            "users": users,
            "rate": {"requests": 100_000, "seconds": 1},
        },
        "instruments": [{"symbol": symbol} | instrument | limits for symbol in SYMBOLS],
    }


def _session(comp_id: str, firm: str, role: str) -> dict[str, Any]:
    return {"comp_id": comp_id, "firm": firm, "roles": [role]}
