"""`venue export`: trades, orders or executions of a history, by carrying it out again."""

from collections.abc import Iterator
from pathlib import Path

from venue.errors import ConfigError
from venue.journal.recovery import collector_off
from venue.journal_tools.history import History
from venue.journal_tools.moment import begin, first_from, last_until
from venue.journal_tools.progress import tracked
from venue.journal_tools.rows import Executions, Orders, Row, Trades
from venue.journal_tools.tables import csv_table, parquet_table

Source = Trades | Executions | Orders

KINDS: dict[str, type[Source]] = {"trades": Trades, "orders": Orders, "executions": Executions}
FORMATS = {"csv": csv_table, "parquet": parquet_table}


def export(
    data: Path, kind: str, form: str, out: Path | None, first: str | None, until: str | None
) -> int:
    """Write what happened from `first` until `until` (batch numbers or times), both included, and
    return the number of rows. Memory is that of the venue, however long the history.

    Raise `ConfigError` for a kind or format that is none, `JournalError` where the history cannot
    be read, `VenueError` where `out` cannot be written.
    """
    for option, value, known in (("KIND", kind, KINDS), ("--format", form, FORMATS)):
        if value not in known:
            raise ConfigError("command line", option, value, f"one of {', '.join(known)}")
    history = History(data)
    try:
        start = max(first_from(history, "--from", first), history.first)
        end = last_until(history, "--until", until)
        source = KINDS[kind]()
        rows = 0
        with collector_off(), FORMATS[form](out, source.columns) as table:
            for row in _rows(history, source, start, end):
                table.write(row)
                rows += 1
    finally:
        history.close()
    return rows


def _rows(history: History, source: Source, start: int, end: int) -> Iterator[Row]:
    moment = begin(history, start - 1)
    batches = history.replayed(moment.seq + 1, end)
    instruments = moment.venue.instruments
    for seq, batch in tracked(batches, max(0, end - moment.seq), "export"):
        events = moment.carry_out(seq, batch)
        if seq >= start and events:
            yield from source.rows(seq, batch.time, events, instruments)
    yield from source.rest(instruments)
