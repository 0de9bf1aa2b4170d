"""Which signals end a process in an orderly way."""

import os
import signal
from collections.abc import Iterator

import pytest

from venue.signals import at_end

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in NUMBERS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", NUMBERS)
def test_each_ends(number: int) -> None:
    ended: list[bool] = []
    at_end(lambda: ended.append(True))
    os.kill(os.getpid(), number)
    assert ended == [True]


def test_nohup() -> None:
    ended: list[bool] = []
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    at_end(lambda: ended.append(True))
    os.kill(os.getpid(), signal.SIGHUP)
    assert ended == [] and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
