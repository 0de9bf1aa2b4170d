"""`venue statement`: what a firm is told of a trading day is what its reports said."""

import csv
import random
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.unit.core.desk import aapl
from tests.unit.core.test_fees import rule, tier
from tests.unit.journal_tools.made import Writer, add_snapshot, new
from venue.core import commands as c
from venue.core.fees import FeeSchedule
from venue.core.types import CostMethod, FeeBasis, TimeInForce
from venue.errors import ConfigError, JournalError
from venue.fix.message import parse_fields
from venue.journal_tools.history import History
from venue.journal_tools.statement import COLUMNS, FORMS, statement

DAY = 86_400 * 1_000_000_000
FEES = FeeSchedule(
    (
        rule(),
        rule("SOUTH", "", tier(maker="-0.005", taker="0.01"), basis=FeeBasis.UNIT, currency="EUR"),
    )
)
BEGIN = (
    c.DefineInstrument(aapl(lot="0.1", min_qty="0.1")),
    c.DefineTradingDay(0),
    c.DefineFees(FEES),
)
FIRST, SECOND_DAY, THIRD_DAY = "2026-11-21", "2026-11-22", "2026-11-23"

Rows = list[dict[str, str]]


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., Rows]:
    def rows(day: str, record: str, firm: str = "NORTH") -> Rows:
        lines = statement(tmp_path, firm, day, "csv")
        return [each for each in csv.DictReader(lines) if each["record"] == record]

    return rows


def some(row: dict[str, str], *names: str) -> tuple[str, ...]:
    return tuple(row[name] for name in names)


def write(data: Path, *batches: Any) -> None:
    """A journal of batches; a number is so many days that nothing happens."""
    writer = Writer(data)
    with closing(writer):
        for batch in batches:
            if isinstance(batch, int):
                writer.time += batch * DAY
            else:
                writer.write(*batch)


def sold(qty: int, price: int, number: int) -> tuple[c.NewOrder, c.NewOrder]:
    """TRADER2 (SOUTH) buys from TRADER1 (NORTH)."""
    return (
        new("TRADER1", f"s{number}", "sell", qty, price),
        new("TRADER2", f"b{number}", "buy", qty, price),
    )


def test_a_day(tmp_path: Path, told: Any) -> None:
    write(tmp_path, BEGIN, sold(10, 10000, 1), sold(20, 10300, 2))
    first, second = told(FIRST, "trade")
    assert some(first, "firm", "date", "time") == ("NORTH", FIRST, "2026-11-21T08:00:02.000000000Z")
    assert some(first, "kind", "side", "qty", "price", "amount") == (
        *("trade", "sell", "1", "100", "100"),
    )
    assert some(first, "liquidity", "fee", "fee_currency") == ("added", "-0.002", "USD")
    assert some(second, "trade_id", "qty", "fee") == ("2", "2", "-0.00412")
    [total] = told(FIRST, "total")
    assert some(total, "fills", "bought_qty", "sold_qty", "sold_amount") == ("2", "0", "3", "306")
    [position] = told(FIRST, "position")
    assert some(position, "begin_qty", "end_qty", "avg_px", "value") == ("0", "-3", "102", "-309")
    assert some(position, "realised", "unrealised", "pnl") == ("0", "-3", "-3")
    [total] = told(FIRST, "sum")
    assert some(total, "pnl", "fee", "net", "currency") == ("-3", "-0.00612", "-2.99388", "USD")
    other, own = told(FIRST, "sum", "SOUTH")
    assert some(other, "fee", "net", "currency") == ("0.03", "-0.03", "EUR")
    assert some(own, "fee", "net", "currency") == ("0", "3", "USD")
    [fees] = told(FIRST, "fees", "SOUTH")
    assert some(fees, "charged", "rebated", "fee", "fee_currency") == ("0.03", "0", "0.03", "EUR")


def test_a_trade_that_was_busted_the_day_after(tmp_path: Path, told: Any) -> None:
    write(tmp_path, BEGIN, sold(10, 10000, 1), sold(10, 10100, 2), 1, (c.BustTrade(1),))
    assert len(told(FIRST, "trade")) == 2
    [busted] = told(SECOND_DAY, "trade")
    assert some(busted, "kind", "trade_id", "exec_id") == ("busted", "1", told_id(told))
    assert some(busted, "qty", "amount", "fee") == ("-1", "-100", "0.002")
    [total] = told(SECOND_DAY, "total")
    assert some(total, "fills", "sold_qty", "sold_amount") == ("-1", "-1", "-100")
    [position] = told(SECOND_DAY, "position")
    assert some(position, "begin_qty", "end_qty", "avg_px") == ("-2", "-1", "101")
    assert some(position, "unrealised", "unrealised_change", "pnl") == ("0", "1", "1")
    [fees] = told(SECOND_DAY, "fees")
    assert some(fees, "charged", "rebated", "fee") == ("0", "0.002", "0.002")


def told_id(told: Any) -> str:
    found: str = told(FIRST, "trade")[0]["exec_id"]
    return found


def test_a_correction(tmp_path: Path, told: Any) -> None:
    write(tmp_path, BEGIN, sold(10, 10000, 1), (c.CorrectTrade(1, 5, 10200),))
    assert [some(row, "kind", "qty", "amount", "fee") for row in told(FIRST, "trade")] == [
        ("trade", "1", "100", "-0.002"),
        ("corrected", "-1", "-100", "0.002"),
        ("correction", "0.5", "51", "-0.00102"),
    ]
    [position] = told(FIRST, "position")
    assert some(position, "end_qty", "avg_px") == ("-0.5", "102")


def test_days_apart(tmp_path: Path, told: Any) -> None:
    write(
        tmp_path,
        BEGIN,
        sold(10, 10000, 1),
        1,
        [new("TRADER2", "s", "sell", 4, 9900), new("TRADER1", "b", "buy", 4, 9900)],
        1,
        sold(1, 9000, 2),
    )
    [position] = told(SECOND_DAY, "position")
    assert some(position, "begin_qty", "end_qty", "last_px") == ("-1", "-0.6", "99")
    assert some(position, "realised", "unrealised", "pnl") == ("0.4", "0.6", "1")
    [row] = told(SECOND_DAY, "trade")
    assert some(row, "side", "liquidity", "fee") == ("buy", "removed", "0.00198")
    text = list(statement(tmp_path, "NORTH", SECOND_DAY, "text"))
    assert text[0] == "statement of NORTH for 2026-11-22"
    assert text[-1] == "the trading day is over"
    assert list(statement(tmp_path, "NORTH", THIRD_DAY, "text"))[-1].startswith("until 2026-11-23T")


def test_a_firm_that_there_is_not_has_no_heading(tmp_path: Path) -> None:
    write(tmp_path, BEGIN, sold(10, 10000, 1), 1)
    lines = statement(tmp_path, "NOBODY", FIRST, "text")
    with pytest.raises(ConfigError, match="NOBODY"):
        next(lines)


def test_a_day_that_there_was_not(tmp_path: Path, told: Any) -> None:
    write(tmp_path, BEGIN, sold(10, 10000, 1), 3, sold(1, 9000, 2))
    [position] = told(THIRD_DAY, "position")
    assert some(position, "begin_qty", "end_qty", "realised") == ("-1", "-1", "0")
    assert told(THIRD_DAY, "trade") == []
    text = list(statement(tmp_path, "NORTH", THIRD_DAY, "text"))
    assert text[-1] == "no trading day ended on this date"


def test_a_day_that_was_ended_by_hand_goes_on(tmp_path: Path, told: Any) -> None:
    write(tmp_path, BEGIN, sold(10, 10000, 1), (c.EndTradingDay(),), sold(5, 10000, 2), 1, ())
    assert [row["qty"] for row in told(FIRST, "trade")] == ["1", "0.5"]
    [position] = told(FIRST, "position")
    assert some(position, "begin_qty", "end_qty") == ("0", "-1.5")


def test_what_trades_while_a_day_ends_is_of_that_day(tmp_path: Path, told: Any) -> None:
    """A batch after midnight ends the day first, then trades."""
    write(tmp_path, BEGIN, sold(10, 10000, 1), 1, sold(5, 10000, 2))
    assert [row["qty"] for row in told(FIRST, "trade")] == ["1"]
    assert [row["qty"] for row in told(SECOND_DAY, "trade")] == ["0.5"]


def test_what_trades_just_after_a_day_is_of_the_next(tmp_path: Path, told: Any) -> None:
    """The batch that ends the day also ends a call that was to end later."""
    kept = [
        msgspec.structs.replace(order, time_in_force=TimeInForce.GTC) for order in sold(5, 10200, 2)
    ]
    call = (c.HaltInstrument("AAPL"), c.ResumeInstrument("AAPL", 20 * 3600), *kept)
    write(tmp_path, BEGIN, sold(10, 10000, 1), call, 1, ())
    [first], [second] = told(FIRST, "trade"), told(SECOND_DAY, "trade")
    assert (first["qty"], second["qty"], second["liquidity"]) == ("1", "0.5", "auction")
    [before], [after] = told(FIRST, "position"), told(SECOND_DAY, "position")
    assert some(before, "end_qty", "last_px") == ("-1", "100")
    assert some(after, "begin_qty", "end_qty", "pnl") == ("-1", "-1.5", "-2")


@pytest.mark.parametrize("form", FORMS)
def test_nothing_to_tell(tmp_path: Path, form: str) -> None:
    write(tmp_path, BEGIN)
    lines = list(statement(tmp_path, "WEST", FIRST, form, known=["WEST"]))
    assert len(lines) == (1 if form == "csv" else 3)
    if form == "csv":
        assert lines == [",".join(COLUMNS)]


@pytest.mark.parametrize(
    ("firm", "day", "form", "wrong"),
    [
        ("NOTH", FIRST, "csv", "--firm: found NOTH, expected one of NORTH, SOUTH"),
        ("NORTH", "yesterday", "csv", "--date: found yesterday, expected a date"),
        ("NORTH", FIRST, "pdf", "--format: found pdf, expected one of text, csv"),
    ],
)
def test_what_is_asked_wrongly(tmp_path: Path, firm: str, day: str, form: str, wrong: str) -> None:
    write(tmp_path, BEGIN, sold(10, 10000, 1))
    with pytest.raises(ConfigError, match=wrong):
        list(statement(tmp_path, firm, day, form))


@pytest.mark.parametrize(
    ("day", "wrong"),
    [
        ("2026-11-22", "no trading day 20261122 yet: the journal is in that of 20261121"),
        ("2026-11-20", "no trading day 20261120: the journal begins with that of 20261121"),
    ],
)
def test_a_day_outside_the_journal(tmp_path: Path, day: str, wrong: str) -> None:
    write(tmp_path, BEGIN, sold(10, 10000, 1))
    with pytest.raises(JournalError, match=wrong):
        list(statement(tmp_path, "NORTH", day, "csv"))


def test_an_empty_journal(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(JournalError, match="no batch yet"):
        list(statement(tmp_path, "NORTH", FIRST, "csv"))


@pytest.mark.parametrize("method", CostMethod)
def test_a_statement_is_what_the_reports_said(
    tmp_path: Path, told: Any, method: CostMethod
) -> None:
    """Three days of random trading with busts and corrections, from a snapshot too."""
    choose = random.Random(5)
    batches: list[Any] = [(*BEGIN, c.DefineAccounting(method, 1000))]
    for number in range(1, 200):
        commands: list[Any] = []
        for at in range(3):
            side, session = choose.choice(("buy", "sell")), choose.choice(("TRADER1", "TRADER2"))
            price = choose.randint(9990, 10010)
            order = new(session, f"o{number}-{at}", side, choose.randint(1, 50), price)
            commands.append(order)
        if number % 9 == 0:
            commands.append(c.BustTrade(choose.randint(1, number)))
        if number % 7 == 0:
            commands.append(c.CorrectTrade(choose.randint(1, number), 1, 10007))
        batches.append(tuple(commands))
        if number % 70 == 0:
            batches.append(1)
    write(tmp_path, *batches)
    reported = reports(tmp_path)
    add_snapshot(tmp_path, 100)
    total: defaultdict[str, Decimal] = defaultdict(Decimal)
    for day in (FIRST, SECOND_DAY, THIRD_DAY):
        rows = told(day, "trade")
        assert rows
        for row in rows:
            total["qty"] += Decimal(row["qty"]) * (1 if row["side"] == "buy" else -1)
            total["amount"] += Decimal(row["amount"])
            total["fee"] += Decimal(row["fee"])
            if row["kind"] in ("trade", "correction"):
                said = reported[row["exec_id"]]
                assert (said["32"], said["31"], said["12"]) == some(row, "qty", "price", "fee")
                assert said["479"] == row["fee_currency"]
            else:
                assert row["exec_id"] in reported
        [position] = told(day, "position")
        assert Decimal(position["end_qty"]) == total["qty"]
        last = Decimal(position["last_px"]) * total["qty"]
        [total_pnl] = told(day, "sum")
        total["pnl"] += Decimal(total_pnl["pnl"])
        total["net"] += Decimal(total_pnl["net"])
        assert total["pnl"] == total["amount"] + last
        assert total["net"] == total["pnl"] - total["fee"]


def reports(data: Path) -> dict[str, dict[str, str]]:
    """What NORTH was told, by ExecID."""
    found = {}
    with closing(History(data)) as history:
        for _, batch in history.batches(1):
            for sent in batch.sent:
                if sent.session == "TRADER1":
                    for text in sent.texts:
                        fields = parse_fields(text)
                        found[fields.get("17", "")] = fields
    return found
