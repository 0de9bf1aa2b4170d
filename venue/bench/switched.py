"""`python -m venue.bench.switched serve ...`: the venue that counts what it does not at all and
sixteen times over, by turns, and writes at its end, into `blocks.json` of its data directory, what
each of these blocks of messages took.

Blocks that follow each other by milliseconds meet the same machine, whatever else that does;
processes that follow each other by seconds do not. And what is done sixteen times stands out of the
noise sixteen times as far as what is done once.
"""

import ast
import inspect
import textwrap
import time
from contextlib import suppress
from pathlib import Path
from types import CodeType
from typing import Any

import msgspec
from msgspec import Struct

from venue import app, cli
from venue.config import Config
from venue.gateway.exchange import Exchange
from venue.gateway.monitor import Monitor
from venue.gateway.recorder import Recorder
from venue.gateway.sender import Sender
from venue.monitoring.lookout import Lookout

BLOCK = 200
"""Messages of a block, at least: one turn, or a few."""
TIMES = 16
"""So often it counts."""
FILE = "blocks.json"
COUNTED: tuple[Any, ...] = (Exchange._tell, Exchange._conclude, Sender.send, Recorder.append)
"""Functions on the way of an order that count. So does `Loop.run`, once a turn: no part of this."""
COUNTING = frozenset({"_counts", "_commit_seconds", "begun"})
"""What a statement of them mentions that is there to count."""


class Block(Struct):
    """`nanoseconds` are processor time of the loop's thread, without that of `Monitor.tick`."""

    times: int
    messages: int
    nanoseconds: int


class Course(Struct):
    """All blocks, in the order ABBA, and the nanoseconds that meanwhile went by, on the clock, and
    that the loop, its `Monitor.tick` and the process that is asked had of a processor.
    """

    blocks: list[Block]
    clock: int = 0
    loop: int = 0
    ticks: int = 0
    lookout: int = 0


def counting(function: Any, times: int) -> CodeType:
    """The code of a function with each of its statements that count as often as that. Raise
    `ValueError` where it has none.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    repeat = _Repeat(times)
    made: dict[str, Any] = {}
    repeated = ast.fix_missing_locations(repeat.visit(tree))
    if not repeat.found:
        raise ValueError(f"{function.__qualname__} counts nothing")
    exec(compile(repeated, function.__code__.co_filename, "exec"), function.__globals__, made)
    code: CodeType = made[function.__name__].__code__
    return code


class _Repeat(ast.NodeTransformer):
    def __init__(self, times: int) -> None:
        self.found = 0
        self._times = times

    def generic_visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.Expr | ast.Assign | ast.AugAssign):
            names = {getattr(each, "attr", getattr(each, "id", "")) for each in ast.walk(node)}
            if names & COUNTING:
                self.found += 1
                return [node] * self._times or ast.Pass()
        return super().generic_visit(node)


class Switch:
    """Lets the venue count so often or not at all, and notes what the blocks took."""

    def __init__(self) -> None:
        self._codes = [
            (each, {times: counting(each, times) for times in (0, TIMES)}) for each in COUNTED
        ]
        self.course = Course([])
        self.ticks = 0
        self.lookout: Lookout | None = None
        self._times = TIMES
        self._messages = 0
        self._start: tuple[int, ...] = ()
        self._block = 0, 0

    def turn(self, messages: int) -> None:
        """Before a turn of so many messages: begin the next block, if it is time for that."""
        if not self._start or self._messages >= BLOCK:
            self._end_block()
            self._times = TIMES if len(self.course.blocks) % 4 in (0, 3) else 0
            for function, codes in self._codes:
                function.__code__ = codes[self._times]
            self._messages = 0
            self._block = time.thread_time_ns(), self.ticks
        self._messages += messages

    def _end_block(self) -> None:
        loop, ticks = time.thread_time_ns(), self.ticks
        now = time.monotonic_ns(), loop, ticks, self._of_lookout()
        if not self._start:
            self._start = now
            return
        course = self.course
        spans = (end - start for end, start in zip(now, self._start, strict=True))
        course.clock, course.loop, course.ticks, course.lookout = spans
        began, ticks_before = self._block
        took = loop - began - (ticks - ticks_before)
        course.blocks.append(Block(self._times, self._messages, took))

    def _of_lookout(self) -> int:
        """Nanoseconds of processor time (Linux: /proc/PID/schedstat)."""
        with suppress(OSError, AttributeError):
            process = self.lookout._process  # type: ignore[union-attr]
            return int(Path(f"/proc/{process}/schedstat").read_text().split()[0])
        return 0


def main() -> None:
    switch = Switch()
    turn, tick, serve = Exchange.turn, Monitor.tick, app.serve

    class SeenLookout(Lookout):
        def __init__(self) -> None:
            super().__init__()
            switch.lookout = self

    def switched_turn(self: Exchange, inbox: list[Any]) -> None:
        switch.turn(len(inbox))
        turn(self, inbox)

    def timed_tick(self: Monitor) -> None:
        begun = time.thread_time_ns()
        tick(self)
        switch.ticks += time.thread_time_ns() - begun

    def noted_serve(config: Config) -> int:
        status = serve(config)
        path = Path(config.venue.data) / FILE
        path.write_bytes(msgspec.json.encode(switch.course))
        return status

    named: tuple[tuple[Any, str, Any], ...] = (
        (Exchange, "turn", switched_turn),
        (Monitor, "tick", timed_tick),
        (app, "serve", noted_serve),
        (app, "Lookout", SeenLookout),
    )
    for owner, name, new in named:
        setattr(owner, name, new)
    cli.main()


if __name__ == "__main__":
    main()
