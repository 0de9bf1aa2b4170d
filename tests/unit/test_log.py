"""Whatever becomes of the reader of what the venue prints, the venue goes on."""

import subprocess
import sys

import pytest

from venue.log import say

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
        assert process.wait(10) == 0
        assert process.stdout is not None
        assert process.stdout.read(3) == b"0 x"


def test_a_pipe_that_is_closed() -> None:
    with subprocess.Popen([sys.executable, "-c", TALK], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(10) == 0
