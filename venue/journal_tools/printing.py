"""Printing a report that may be long: whoever reads it may have seen enough of it."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


@contextmanager
def unless_unread() -> Iterator[None]:
    """Stop, as if done, where standard output is a pipe that nobody reads any more."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_lines(lines: Iterable[str]) -> None:
    with unless_unread():
        for line in lines:
            print(line)
