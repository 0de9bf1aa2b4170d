"""`venue statement`: what a firm has traded, paid, earned and holds on a trading day."""

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from io import StringIO
from itertools import chain, islice
from pathlib import Path

from venue.errors import ConfigError
from venue.journal.recovery import collector_off
from venue.journal_tools.account_day import AccountDay
from venue.journal_tools.history import History
from venue.journal_tools.statement_records import RECORDS, Record, Summary
from venue.journal_tools.times import format_iso

FORMS = ("text", "csv")
COLUMNS = (
    "record",
    "firm",
    "date",
    *dict.fromkeys(name for each in RECORDS.values() for name in each),
)
TITLES = {
    "trade": "Trades",
    "total": "Bought and sold",
    "position": "Positions",
    "fees": "Fees",
    "sum": "In all",
}
WIDTHS = {"time": 30, "kind": 10, "cl_ord_id": 16, "amount": 16, "fee": 12}
"""Of the columns of trades, which are printed as they are found."""
WIDTH = 9


def statement(
    data: Path, firm: str, day: str, form: str, known: Collection[str] = ()
) -> Iterator[str]:
    """Iterate the lines of a firm's statement for the trading day of a date, in text or CSV.

    Raise `ConfigError` for what is no date or form, and for a firm that has never traded and is not
    `known` either; `JournalError` where the journal does not have the day.
    """
    if form not in FORMS:
        raise ConfigError("command line", "--format", form, f"one of {', '.join(FORMS)}")
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise ConfigError("command line", "--date", day, "a date as 2026-11-21") from None
    history = History(data)
    try:
        with collector_off():
            account_day = AccountDay(history, firm, found)
            told = _csv if form == "csv" else _text
            yield from told(account_day, found, known)
    finally:
        history.close()


def _records(day: AccountDay, known: Collection[str]) -> Iterator[Record]:
    summary = Summary(day)
    for entry in day.entries():
        yield summary.note(entry)
    firms = sorted({*known, *day.venue.ledger.firms})
    if day.firm not in firms:
        expected = f"one of {', '.join(firms)}" if firms else "a firm: none has traded yet"
        raise ConfigError("command line", "--firm", day.firm, expected)
    yield from summary.records()


def _csv(day: AccountDay, date: date, known: Collection[str]) -> Iterator[str]:
    whose = {"firm": day.firm, "date": f"{date}"}
    is_headed = False
    for kind, fields in _records(day, known):
        if not is_headed:
            yield _row(COLUMNS)
            is_headed = True
        told = {"record": kind, **whose, **fields}
        yield _row(told.get(name, "") for name in COLUMNS)
    if not is_headed:
        yield _row(COLUMNS)


def _row(values: Iterable[str]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue()


def _text(day: AccountDay, date: date, known: Collection[str]) -> Iterator[str]:
    rows: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    trades = 0
    records = _records(day, known)
    first = list(islice(records, 1))  # before anything is said: there may be no such firm
    yield f"statement of {day.firm} for {date}"
    for kind, fields in chain(first, records):
        values = tuple(fields[name] for name in RECORDS[kind])
        if kind != "trade":
            rows[kind].append(values)
            continue
        if not trades:
            yield from ("", TITLES[kind], _trade_line(RECORDS[kind]))
        trades += 1
        yield _trade_line(values)
    for kind in RECORDS:
        if rows[kind]:
            yield from ("", TITLES[kind])
            yield from _aligned([_titles(RECORDS[kind]), *rows[kind]])
    yield ""
    if not day.until:
        yield "no trading day ended on this date"
    elif day.is_over:
        yield "the trading day is over"
    else:
        yield f"until {format_iso(day.until)}, the trading day is not over"


def _titles(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.replace("_", " ") for name in names)


def _trade_line(values: tuple[str, ...]) -> str:
    names = RECORDS["trade"]
    cells = (
        each.replace("_", " ").ljust(WIDTHS.get(name, WIDTH))
        for name, each in zip(names, values, strict=True)
    )
    return " ".join(cells).rstrip()


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (each.ljust(width) for each, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
