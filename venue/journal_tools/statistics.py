"""`venue statistics`: every instrument's trading day in numbers, at any past moment."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path

from venue.core.day_words import day_words
from venue.core.venue import Venue
from venue.errors import ConfigError
from venue.journal.recovery import collector_off
from venue.journal_tools.history import History
from venue.journal_tools.moment import last_until, named_time, rebuild
from venue.journal_tools.times import format_iso

FORMS = ("table", "csv")
ACROSS = 4
"""So many instruments stand beside each other in a table."""

Column = tuple[str, ...]
"""What an instrument has of everything in `names`, empty where there is nothing."""


def statistics(data: Path, until: str | None, symbol: str | None, form: str) -> Iterator[str]:
    """Iterate the lines that tell the statistics at `until`, a batch number or a time, or after the
    last batch: of all instruments, or of `symbol`.

    Raise `ConfigError` for what is no such moment, instrument or form, and `JournalError` where the
    moment cannot be had.
    """
    if form not in FORMS:
        raise ConfigError("command line", "--format", form, f"one of {', '.join(FORMS)}")
    history = History(data)
    try:
        seq = last_until(history, "--until", until)
        with collector_off():
            moment = rebuild(history, seq)
    finally:
        history.close()
    venue = moment.venue
    if symbol is not None and symbol not in venue.markets:
        known = ", ".join(venue.markets)
        raise ConfigError("command line", "--symbol", symbol, f"one of {known}")
    now = moment.time
    if until is not None:
        now = max(now, named_time("--until", until) or 0)
    rows = [values(venue, each, now) for each in (venue.markets if symbol is None else (symbol,))]
    if form == "csv":
        yield from _csv([("seq", "time", *names(venue))])
        yield from _csv((str(seq), format_iso(now), *row) for row in rows)
        return
    yield f"batch {seq}  {format_iso(now)}" if seq else "no batch"
    for first in range(0, len(rows), ACROSS):
        yield ""
        yield from _table(names(venue), rows[first : first + ACROSS])


def names(venue: Venue) -> Column:
    return ("symbol", "phase", "day_began", *_figures(venue))


def _figures(venue: Venue) -> Column:
    """Names of `day_words`."""
    return (
        *("open", "high", "low", "last", "close"),
        *("trades", "volume", "auction_volume", "turnover", "vwap", "twap", "spread"),
        *(f"volatility_{window}" for window in venue.trading.windows),
    )


def values(venue: Venue, symbol: str, now: int) -> Column:
    """What `names` are of, as `day_words` has it."""
    market = venue.markets[symbol]
    day = market.statistics
    words = day_words(market.instrument, day, now)
    return (
        symbol,
        market.phase.value if market.listed else "delisted",
        format_iso(day.began) if day.began else "",
        *(words.get(name, "") for name in _figures(venue)),
    )


def _csv(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for row in rows:
        line = StringIO()
        csv.writer(line, lineterminator="").writerow(row)
        yield line.getvalue()


def _table(titles: Column, instruments: Sequence[Column]) -> Iterator[str]:
    """An instrument a column, and whatever it has in a line of its own."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    for _ in instruments:
        table.add_column(no_wrap=True, justify="right")
    for title, *its in zip(titles, *instruments, strict=True):
        table.add_row(title.replace("_", " "), *(each or "-" for each in its))
    console = Console(file=StringIO(), width=10_000, color_system=None, markup=False)
    with console.capture() as printed:
        console.print(table)
    yield from (line.rstrip() for line in printed.get().splitlines())
