"""The console on a pseudo-terminal, against a stub venue."""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.unit.client.stub_venue import StubVenue

SHOW_CURSOR, LEAVE_ALTERNATE_SCREEN = "\x1b[?25h", "\x1b[?1049l"
SCRIPT = "import sys; from venue.console.app import run; sys.exit(run(*{!r}))"


class Terminal:
    """A console process and the terminal it runs on."""

    def __init__(self, port: int) -> None:
        self._master, self._slave = pty.openpty()
        self.settings = termios.tcgetattr(self._slave)
        self.shown = ""
        arguments = ("TRADER1", "127.0.0.1", port, "VENUE", "FIX.4.4")
        self.process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT.format(arguments)],
            stdin=self._slave,
            stdout=self._slave,
            env=os.environ | {"TERM": "xterm", "COLUMNS": "80", "LINES": "24"},
            # What runs in the background ignores it, and so would this process.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)
        os.close(self._slave)

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def read(self, timeout: float = 0.2) -> str:
        """Take what was drawn until nothing is for a while."""
        drawn = b""
        while select.select([self._master], [], [], timeout)[0]:
            drawn += os.read(self._master, 65536)
        self.shown += drawn.decode(errors="replace")
        return self.shown

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + 60
        while text not in self.read(0.05):
            assert time.monotonic() < deadline, f"{text!r} is not in {self.shown!r}"

    def assert_restored(self) -> None:
        assert termios.tcgetattr(self._slave) == self.settings
        end = self.read()
        assert end.rfind(SHOW_CURSOR) > end.rfind("\x1b[?25l")
        assert end.rfind(LEAVE_ALTERNATE_SCREEN) > end.rfind("\x1b[?1049h")


@pytest.fixture
def stub() -> Iterator[StubVenue]:
    with closing(StubVenue()) as stub:
        yield stub


@pytest.fixture
def terminal(stub: StubVenue) -> Iterator[Terminal]:
    with closing(Terminal(stub.port)) as terminal:
        terminal.wait_for("own orders")
        assert "|35=AF|" in stub.next()
        assert termios.tcgetattr(terminal._slave) != terminal.settings
        yield terminal


@pytest.mark.parametrize(
    ("signal_number", "status"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
)
def test_a_signal_leaves_the_terminal_as_it_was(
    terminal: Terminal, signal_number: signal.Signals, status: int
) -> None:
    terminal.process.send_signal(signal_number)
    assert terminal.process.wait(30) == status
    terminal.assert_restored()


@pytest.mark.parametrize("keys", ["quit\r", "\x04", "q\n"])
def test_leaving_by_keyboard(terminal: Terminal, keys: str) -> None:
    terminal.press(keys)
    assert terminal.process.wait(30) == 0
    terminal.assert_restored()


def test_what_is_typed_is_drawn_sent_and_its_report_shown(
    stub: StubVenue, terminal: Terminal
) -> None:
    terminal.press("buy 7 AAPL 5.2")
    terminal.wait_for("buy 7 AAPL 5.2")
    terminal.press("5\r")
    cl_ord_id = stub.next().partition("|11=")[2].partition("|")[0]
    assert "|35=V|" in stub.next()
    stub.say(
        f"35=8|37=O1|17=E1|150=0|39=0|11={cl_ord_id}|55=AAPL|54=1|38=7|40=2|44=5.25|59=0"
        "|151=7|14=0|6=0"
    )
    terminal.wait_for("#1 buy 7 AAPL @ 5.25: accepted")
    terminal.press("jump\r")
    terminal.wait_for("'jump' is not a command")
    terminal.press("quit\r")
    assert terminal.process.wait(30) == 0
    assert "1 own order left working at the venue" in terminal.read()
