"""`venue statistics`: a trading day in numbers, at any moment, from the journal alone."""

import csv
from decimal import Decimal
from fractions import Fraction
from math import log
from pathlib import Path

import pytest

from tests.unit.core.desk import aapl
from tests.unit.journal_tools.made import SECOND, START, Writer, add_snapshot, make_journal, new
from venue.core import commands as c
from venue.core.events import OrderFilled
from venue.core.types import Side, TradingPhase
from venue.errors import ConfigError, JournalError
from venue.journal_tools.statistics import statistics
from venue.journal_tools.times import format_iso

BATCHES = 60
PRICES = ("open", "high", "low", "last", "close", "vwap", "twap", "spread")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Writer:
    return make_journal(tmp_path_factory.mktemp("made"), BATCHES)


def rows(data: Path, until: str | None = None, symbol: str | None = None) -> list[dict[str, str]]:
    return list(csv.DictReader(statistics(data, until, symbol, "csv"), strict=True))


def table(data: Path, symbol: str | None = None) -> list[tuple[str, str]]:
    """Titles and values of one instrument, without the first line."""
    lines = list(statistics(data, None, symbol, "table"))[1:]
    titled = [line.rsplit(maxsplit=1) for line in lines if line]
    return [(title.rstrip(), value) for title, value in titled]


@pytest.mark.parametrize("snapshot", [None, 20])
@pytest.mark.parametrize("last", [1, 17, 40, BATCHES])
def test_they_are_what_the_executions_say(
    made: Writer, tmp_path: Path, last: int, snapshot: int | None
) -> None:
    if snapshot is not None:
        made = make_journal(tmp_path / "own", BATCHES)
        add_snapshot(made.data, snapshot)
    [row] = rows(made.data, str(last))
    fills = [
        (seq, event)
        for seq in range(1, last + 1)
        for event in made.events[seq]
        if isinstance(event, OrderFilled) and event.side is Side.BUY
    ]
    assert (row["seq"], row["time"]) == (str(last), format_iso(START + last * SECOND))
    assert (row["symbol"], row["phase"]) == ("AAPL", "continuous")
    prices = [Decimal(event.last_px) / 100 for _, event in fills]
    qtys = [event.last_qty for _, event in fills]
    assert (row["trades"], row["volume"]) == (str(len(fills)), str(sum(qtys)))
    turnover = sum((a * b for a, b in zip(prices, qtys, strict=True)), Decimal(0))
    assert Decimal(row["turnover"]) == turnover
    if not fills:
        assert [row[name] for name in PRICES] == [""] * len(PRICES)
        return
    assert Decimal(row["open"]) == prices[0] and Decimal(row["last"]) == prices[-1]
    assert Decimal(row["high"]) == max(prices) and Decimal(row["low"]) == min(prices)
    assert Decimal(row["vwap"]) == round(turnover / sum(qtys), 8)
    lasts = {seq: event.last_px for seq, event in fills}
    path = [lasts[max(s for s in lasts if s <= seq)] for seq in range(fills[0][0], last)]
    twap = Fraction(sum(path), len(path)) / 100 if path else Fraction(prices[-1])
    assert abs(Fraction(row["twap"]) - twap) <= Fraction(1, 2 * 10**8)


def test_a_moment_between_batches_is_later_than_the_batch(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    writer.write(c.DefineInstrument(aapl()), c.DefineStatistics((60,)))
    writer.write(new("TRADER1", "a", "sell", 5, 10000), new("TRADER1", "b", "sell", 5, 10020))
    writer.write(new("TRADER2", "c", "buy", 5, 10000))
    writer.write(new("TRADER2", "d", "buy", 2, 10020), new("TRADER2", "e", "buy", 2, 10000))
    writer.close()
    [row] = rows(tmp_path)
    assert (row["twap"], row["spread"]) == ("100", "0.2")
    assert row["time"] == "2026-11-21T08:00:04.000000000Z"
    [row] = rows(tmp_path, "2026-11-21T08:00:07Z")
    assert row["time"] == "2026-11-21T08:00:07.000000000Z"
    assert (row["twap"], row["spread"]) == ("100.15", "0.2")
    assert row["volatility_60"] == f"{log(1.002):.12g}"
    [row] = rows(tmp_path, "2026-11-21T08:00:03.5Z")
    assert (row["seq"], row["twap"], row["volume"]) == ("3", "100", "5")


def test_quotients_are_rounded_below_the_tick_and_sums_are_not(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    terms = {"tick": "0.000000000000000001", "lot": "0.000000000000000001"}
    limits = {"min_qty": "0.000000000000000001", "max_qty": "0.000000000000009"}
    writer.write(
        c.DefineInstrument(aapl(**terms, **limits, reference_price="0.000000000000000100"))
    )
    for at, (price, qty) in enumerate([(100, 1), (101, 2)]):
        writer.write(
            new("TRADER1", f"s{at}", "sell", qty, price), new("TRADER2", f"b{at}", "buy", qty, None)
        )
    writer.close()
    [row] = rows(tmp_path)
    assert row["turnover"] == "0.000000000000000000000000000000000302"
    assert row["vwap"] == "0.000000000000000100666667"


def test_turnover_has_the_digits_of_tick_and_lot(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    terms = {"tick": "0.1234567", "lot": "0.7654321", "reference_price": "12.34567"}
    limits = {"min_qty": "0.7654321", "max_qty": "7654.321"}
    writer.write(c.DefineInstrument(aapl(**terms, **limits)))
    writer.write(new("TRADER1", "a", "sell", 7, 99), new("TRADER2", "b", "buy", 7, 99))
    writer.close()
    [row] = rows(tmp_path)
    assert row["turnover"] == "65.48692075006851"
    assert Decimal(row["turnover"]) == Decimal(row["volume"]) * Decimal(row["vwap"])


def test_every_instrument_has_its_own(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    symbols = ["AAPL", *(f"S{number}" for number in range(5))]
    writer.write(*(c.DefineInstrument(aapl(symbol=symbol)) for symbol in symbols))
    writer.write(new("TRADER1", "a", "sell", 5, 10000), new("TRADER2", "b", "buy", 5, 10000))
    writer.write(c.DelistInstrument("S3"), c.HaltInstrument("S1"))
    writer.write(c.EnterPhase("MAIN", TradingPhase.CLOSED))
    writer.write(c.EnterPhase("MAIN", TradingPhase.CONTINUOUS))
    writer.close()
    told = rows(tmp_path)
    assert [row["symbol"] for row in told] == symbols
    assert [row["phase"] for row in told] == [
        *("continuous", "continuous", "halt", "continuous", "delisted", "continuous")
    ]
    assert [row["close"] for row in told] == ["100", "", "", "", "", ""]
    assert told[0]["day_began"] == told[0]["time"] == "2026-11-21T08:00:05.000000000Z"
    assert rows(tmp_path, symbol="S3") == [told[4]]
    lines = list(statistics(tmp_path, None, None, "table"))
    assert lines[0] == "batch 5  2026-11-21T08:00:05.000000000Z"
    assert [line.split() for line in lines if line.startswith("symbol")] == [
        ["symbol", *symbols[:4]],
        ["symbol", *symbols[4:]],
    ]


def test_the_table_has_what_the_csv_has(made: Writer) -> None:
    [row] = rows(made.data)
    del row["seq"], row["time"]
    told = table(made.data)
    assert told == [(name.replace("_", " "), value or "-") for name, value in row.items()]
    assert table(made.data, "AAPL") == told


def test_what_cannot_be_told(made: Writer, tmp_path: Path) -> None:
    for arguments in (
        (None, "TSLA", "csv"),
        (None, None, "xml"),
        ("soon", None, "csv"),
        ("0", None, "csv"),
    ):
        with pytest.raises(ConfigError):
            list(statistics(made.data, *arguments))
    with pytest.raises(JournalError):
        list(statistics(made.data, "2020-01-01", None, "csv"))
    with pytest.raises(JournalError):
        list(statistics(tmp_path, None, None, "csv"))
