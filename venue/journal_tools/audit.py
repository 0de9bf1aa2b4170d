"""`venue audit`: what operators have asked for, and what became of it."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from venue.core.commands import RecordOperation
from venue.errors import ConfigError
from venue.journal.batch import decode_replayed
from venue.journal_tools.history import History
from venue.journal_tools.moment import first_from, last_until
from venue.journal_tools.times import format_iso
from venue.journal_tools.words import printable

FORMS = ("table", "csv")
WIDTH = 160
"""Characters of a line where there is no terminal."""
COLUMNS = ("seq", "time", "operator", "req_id", "action", "result", "request", "text")
NARROW = ("seq", "time", "result")
"""Columns whose values are never long."""


class Wanted(Struct, frozen=True):
    """Which operations; None is any. `operator` is a CompID or a session's name."""

    operator: str | None = None
    action: str | None = None
    refused: bool = False

    def has(self, operation: RecordOperation) -> bool:
        names = (operation.operator, operation.operator.partition(":")[2])
        return (
            (self.operator is None or self.operator in names)
            and (self.action is None or self.action == operation.action)
            and not (self.refused and operation.accepted)
        )


def audit(
    data: Path, wanted: Wanted, first: str | None, until: str | None, form: str, width: int = WIDTH
) -> Iterator[str]:
    """Iterate the lines of the operations from `first` until `until` (batch numbers or times), both
    included, the oldest first. A table has lines of `width` characters.

    Raise `ConfigError` for what is no such moment or form, and `JournalError` where the history
    cannot be read.
    """
    if form not in FORMS:
        raise ConfigError("command line", "--format", form, f"one of {', '.join(FORMS)}")
    history = History(data)
    try:
        start = max(first_from(history, "--from", first), history.first)
        end = last_until(history, "--until", until)
        rows = (
            _row(seq, time, operation)
            for seq, time, operation in operations(history, start, end)
            if wanted.has(operation)
        )
        yield from _csv(rows) if form == "csv" else _table(rows, width)
    finally:
        history.close()


def operations(
    history: History, first: int, last: int
) -> Iterator[tuple[int, int, RecordOperation]]:
    """The batch, the time in nanoseconds since 1970 UTC, and the operation."""
    tag = msgspec.msgpack.encode("O")
    for seq, body in history.read(first, last):
        if tag in body:  # few batches have any
            batch = decode_replayed(body, seq)
            for command in batch.commands:
                if isinstance(command, RecordOperation):
                    yield seq, batch.time, command


def _row(seq: int, time: int, operation: RecordOperation) -> tuple[str, ...]:
    request = " ".join(f"{name}={_quoted(value)}" for name, value in operation.request.items())
    result = "done" if operation.accepted else "refused"
    told = (operation.operator, operation.req_id, operation.action, result, request, operation.text)
    return (str(seq), format_iso(time), *map(printable, told))


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value


def _csv(rows: Iterator[Sequence[str]]) -> Iterator[str]:
    for row in (COLUMNS, *rows):
        line = StringIO()
        csv.writer(line, lineterminator="").writerow(row)
        yield line.getvalue()


def _table(rows: Iterator[Sequence[str]], width: int) -> Iterator[str]:
    """What is too long for its column goes on in the next line."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in COLUMNS:
        side: Literal["left", "right"] = "right" if column == "seq" else "left"
        table.add_column(column, no_wrap=column in NARROW, overflow="fold", justify=side)
    for row in rows:
        table.add_row(*row)
    console = Console(file=StringIO(), width=width, color_system=None, markup=False)
    with console.capture() as printed:
        console.print(table)
    yield from (line.rstrip() for line in printed.get().splitlines())
