"""`scripts/serve --web` as its users run it: the venue and its web, which end together."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.serve_script import ServeScript
from tests.e2e.web_process import ask, free_port


class Script(ServeScript):
    """`scripts/serve --web` on free ports."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.venue_port, self.web_port = free_port(), free_port()
        where = ("--port", str(self.venue_port), "--data", str(directory / "data"))
        web = ("--set", f"web.port={self.web_port}")
        super().__init__(directory, "--web", *where, *web, *options)


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
