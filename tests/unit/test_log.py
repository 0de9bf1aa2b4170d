"""Whatever becomes of the reader of what the venue prints, the venue goes on."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog

from venue import log
from venue.log import BURST, MOST_KINDS, PER_SECOND, TOLD_SECONDS, Flood, say

TALK = """
from venue.log import say
for number in range(200):
    say(f"{number} " + "x" * 3000)
"""


def test_a_line_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    say("x" * 5000)
    say("end")
    assert capsys.readouterr().out == "x" * 5000 + "\nend\n"


def test_a_pipe_that_nobody_reads() -> None:
    """It takes 64 KB; then lines are dropped, and nobody waits."""
    with subprocess.Popen([sys.executable, "-c", TALK], stdout=subprocess.PIPE) as process:
        assert process.wait(60) == 0
        assert process.stdout is not None
        assert process.stdout.read(3) == b"0 x"


def test_a_pipe_that_is_closed() -> None:
    with subprocess.Popen([sys.executable, "-c", TALK], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(60) == 0


@pytest.fixture(autouse=True)
def usual_log() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    log.configure()
    structlog.reset_defaults()


@pytest.mark.parametrize("text", ["\udcff", "é\u2028", "\x1b[2J"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_that_a_client_sends_breaks_a_line(
    form: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A lone surrogate is what QuickFIX makes of a byte that is no UTF-8."""
    log.configure(form)
    dropped = log.dropped()
    structlog.get_logger().info("logout received", session="S", text=text + "\nlevel=error")
    say(text)
    say("end")
    first, *_, last = capsys.readouterr().out.split("\n")[:-1]
    assert last == "end" and log.dropped() == dropped
    assert first.isprintable() and first.isascii()
    if form == "json":
        assert json.loads(first)["text"].endswith("\nlevel=error")


def test_a_line_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure()
    structlog.get_logger().info("logon", session="FIX.4.4:A", count=3, path=Path("/x"), text="a b")
    line = capsys.readouterr().out
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z info +(.*)\n", line)
    assert line.endswith(' logon session=FIX.4.4:A count=3 path=/x text="a b"\n')


def test_a_line_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("json")
    try:
        raise ValueError("554=secret")
    except ValueError:
        structlog.get_logger().exception("defect", message="8=FIX|925=secret|")
    line = json.loads(capsys.readouterr().out)
    assert (line["level"], line["event"]) == ("error", "defect")
    assert line["exception"].startswith("Traceback")
    assert "secret" not in str(line)


def test_a_message_is_always_logged(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("json")
    for _ in range(2 * BURST):
        log.message("message in", "S", "8=FIX.4.4|35=0|")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 * BURST
    assert json.loads(lines[-1])["text"] == "8=FIX.4.4|35=0|"


class Flooded:
    """Lines of one kind, at times that the test says."""

    def __init__(self) -> None:
        self.now = 0.0
        self.flood = Flood(lambda: self.now)

    def passes(self, lines: int, event: str = "reject sent", **fields: str) -> int:
        """How many of them."""
        passed = 0
        for _ in range(lines):
            with suppress(structlog.DropEvent):
                self.last = self.flood(None, "info", {"event": event, **fields})
                passed += 1
        return passed


def test_a_flood_is_bounded() -> None:
    flooded = Flooded()
    assert flooded.passes(10 * BURST) == BURST
    flooded.now = 1.0
    assert flooded.passes(10 * BURST) == PER_SECOND
    assert flooded.flood.suppressed == 9 * BURST + 10 * BURST - PER_SECOND
    flooded.now = 2.0
    assert flooded.passes(1) == 1
    assert flooded.last["suppressed"] == 10 * BURST - PER_SECOND
    assert flooded.passes(1) == 1
    assert "suppressed" not in flooded.last


def test_others_are_heard_meanwhile() -> None:
    flooded = Flooded()
    flooded.passes(10 * BURST, session="A")
    assert flooded.passes(1, session="A") == 0
    assert flooded.passes(1, session="B") == 1
    assert flooded.passes(1, "logon", session="A") == 1


def test_kinds_are_bounded() -> None:
    flooded = Flooded()
    for number in range(3 * MOST_KINDS):
        flooded.passes(1, session=str(number))
    assert len(flooded.flood._kinds) <= MOST_KINDS


def test_what_has_ceased_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure()
    for _ in range(BURST + 7):
        structlog.get_logger().info("reject sent", session="A")
    assert log.suppressed() == 7
    log.tell_suppressed()
    assert "lines=7" not in capsys.readouterr().out
    time.sleep(TOLD_SECONDS)
    log.tell_suppressed()
    log.tell_suppressed()
    told = capsys.readouterr().out
    assert told.endswith(' suppressed kind="reject sent" lines=7 session=A\n')
    assert told.count("\n") == 1
