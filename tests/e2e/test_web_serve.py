"""`scripts/serve --web` as its users run it: the venue and its web, which end together."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.client import DEADLINE
from tests.e2e.venue_process import ROOT
from tests.e2e.web_process import ask, free_port


class Script:
    """`scripts/serve --web`, in a process group of its own, as a terminal would have it."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.venue_port, self.web_port = free_port(), free_port()
        self.log = directory / "log"
        where = ["--port", str(self.venue_port), "--data", str(directory / "data")]
        web = ["--set", f"web.port={self.web_port}"]
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [ROOT / "scripts/serve", "--web", *where, *web, *options],
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
        """Wait until it has ended, and nobody of its group is left."""
        status = self.process.wait(3 * DEADLINE)
        with pytest.raises(ProcessLookupError):
            os.killpg(self.process.pid, 0)
        return status

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Script]]:
    with ExitStack() as stack:

        def started(*options: str) -> Script:
            script = Script(tmp_path, *options)
            stack.callback(script.kill)
            return script

        yield started


def test_both_serve_and_ctrl_c_ends_both(start: Callable[..., Script]) -> None:
    script = start("--set=journal.sync=off")
    script.wait_for(f"venue ready on 127.0.0.1:{script.venue_port}")
    script.wait_for(f"web ready on http://127.0.0.1:{script.web_port}/")
    script.wait_for("session=WEBMD state=up")
    page = ask(f"http://127.0.0.1:{script.web_port}/")
    assert page.status == 200 and "<!doctype html>" in page.text
    os.killpg(script.process.pid, signal.SIGINT)
    assert script.end() == 0, script.output
    assert "Traceback" not in script.output and "has ended" not in script.output


@pytest.mark.parametrize("killed", ["serve", "web"])
def test_when_one_ends_the_other_ends_too(start: Callable[..., Script], killed: str) -> None:
    script = start()
    script.wait_for("venue ready on ")
    script.wait_for("web ready on ")
    os.kill(script.pid_of(killed), signal.SIGKILL)
    assert script.end() != 0
    assert ("the web has ended, so the venue ends, too" in script.output) == (killed == "web")


def test_a_web_that_cannot_start_ends_the_venue(start: Callable[..., Script]) -> None:
    script = start("--set", "web.market_data=TRADER9")
    assert script.end() != 0
    assert "web.market_data" in script.output
