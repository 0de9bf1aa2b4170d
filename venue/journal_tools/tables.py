"""Where an export goes: CSV on a stream, or a Parquet file."""

import csv
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Protocol, TextIO

from venue.errors import VenueError
from venue.journal_tools.rows import Columns, Kind, Row
from venue.journal_tools.times import format_iso

GROUP = 50_000
"""Rows of a Parquet row group: so many are held at once."""


class Table(Protocol):
    """Takes rows of the columns it was made for."""

    def write(self, row: Row) -> None:
        """Add a row."""


@contextmanager
def csv_table(out: Path | None, columns: Columns) -> Iterator[Table]:
    """A CSV (UTF-8, header, times in ISO 8601) in `out`, or on standard output."""
    if out is None:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        yield _Csv(sys.stdout, columns)
        sys.stdout.flush()
        return
    with _replacing(out) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        yield _Csv(file, columns)


class _Csv:
    def __init__(self, stream: TextIO, columns: Columns) -> None:
        self._write: Any = csv.writer(stream, lineterminator="\n").writerow
        self._times = [at for at, kind in enumerate(columns.values()) if kind is Kind.TIME]
        self._write(columns)

    def write(self, row: Row) -> None:
        values: list[Any] = list(row)
        for at in self._times:
            values[at] = None if values[at] is None else format_iso(values[at])
        self._write(values)


@contextmanager
def parquet_table(out: Path | None, columns: Columns) -> Iterator[Table]:
    """A Parquet file: decimals as decimal128(38, 18), times as UTC timestamps in nanoseconds.

    Raise `VenueError` without pyarrow.
    """
    if out is None:
        raise VenueError("a Parquet file needs a name: --out FILE")
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise VenueError("Parquet needs pyarrow: pip install pyarrow, or --format csv") from None
    with _replacing(out) as unfinished:
        table = _Parquet(pyarrow, unfinished, columns)
        try:
            yield table
            table.flush()
        finally:
            table.close()


class _Parquet:
    def __init__(self, pyarrow: Any, path: Path, columns: Columns) -> None:
        self._pyarrow = pyarrow
        kinds = {
            Kind.TIME: pyarrow.timestamp("ns", tz="UTC"),
            Kind.INTEGER: pyarrow.int64(),
            Kind.DECIMAL: pyarrow.decimal128(38, 18),
            Kind.TEXT: pyarrow.string(),
        }
        self._columns = columns
        self._schema = pyarrow.schema([(name, kinds[kind]) for name, kind in columns.items()])
        self._writer = pyarrow.parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[Row] = []

    def write(self, row: Row) -> None:
        self._rows.append(row)
        if len(self._rows) >= GROUP:
            self.flush()

    def flush(self) -> None:
        if not self._rows:
            return
        values = zip(*self._rows, strict=True)
        arrays = [
            self._array(field, each) for field, each in zip(self._schema, values, strict=True)
        ]
        self._writer.write_batch(self._pyarrow.RecordBatch.from_arrays(arrays, schema=self._schema))
        self._rows.clear()

    def _array(self, field: Any, values: Sequence[Any]) -> Any:
        """A column. Digits beyond the 18th after the point are rounded: only AvgPx(6) has such."""
        pyarrow = self._pyarrow
        if self._columns[field.name] is not Kind.DECIMAL:
            return pyarrow.array(values, field.type)
        try:
            return pyarrow.array([_within_scale(each) for each in values]).cast(field.type)
        except pyarrow.ArrowInvalid as error:
            raise VenueError(
                f"{field.name} does not fit in Parquet, --format csv: {error}"
            ) from None

    def close(self) -> None:
        self._writer.close()


def _within_scale(text: str | None) -> str | None:
    if text is None or len(text) <= 19 or len(text.partition(".")[2]) <= 18:
        return text
    from decimal import Decimal

    return f"{round(Decimal(text), 18):f}"


@contextmanager
def _replacing(out: Path) -> Iterator[Path]:
    """Give a path to write to, which becomes `out` once that is done; `out` itself where that is
    no regular file.
    """
    if out.exists() and not out.is_file():
        yield out
        return
    unfinished = out.with_name(f"{out.name}.unfinished")
    try:
        yield unfinished
        unfinished.replace(out)
    except OSError as error:
        raise VenueError(f"{out} cannot be written: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
