"""`scripts/serve` as its users run it."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from tests.e2e.client import DEADLINE
from tests.e2e.venue_process import ROOT


class ServeScript:
    """It runs in a process group of its own, as a terminal would have it; its log is in
    `directory`.
    """

    def __init__(self, directory: Path, *options: str) -> None:
        self.log = directory / "log"
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [ROOT / "scripts/serve", *options],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.log.read_text()

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + 3 * DEADLINE
        while text not in self.output:
            assert time.monotonic() < deadline and self.process.poll() is None, self.output
            time.sleep(0.01)

    def pid_of(self, command: str) -> int:
        """The process of the group that runs `venue COMMAND`."""
        shown = subprocess.run(["ps", "-wweo", "pid,pgid,args"], capture_output=True, text=True)
        for line in shown.stdout.splitlines():
            pid, group, arguments = line.split(maxsplit=2)
            if group == str(self.process.pid) and f"venue {command}" in arguments:
                return int(pid)
        raise AssertionError(shown.stdout)

    def end(self) -> int:
        """Wait until it has ended, and nobody of its group is left; return its status."""
        deadline = time.monotonic() + 3 * DEADLINE
        status = self.process.wait(3 * DEADLINE)
        with suppress(ProcessLookupError):
            while True:  # who has ended is there until somebody has seen it
                os.killpg(self.process.pid, 0)
                assert time.monotonic() < deadline, "somebody of its group is left"
                time.sleep(0.01)
        return status

    def stop(self) -> int:
        """End it as a service manager would."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.end()
        finally:
            self.kill()

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
