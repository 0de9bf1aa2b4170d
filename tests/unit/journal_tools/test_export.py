"""`venue export`: what comes out is what happened, exactly, and others can read it."""

import csv
import io
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.unit.core.desk import aapl
from tests.unit.core.test_fees import rule
from tests.unit.journal_tools.made import (
    SECOND,
    START,
    Writer,
    add_snapshot,
    cancel,
    make_journal,
    new,
    refuse,
)
from venue.core import commands as c
from venue.core import events as e
from venue.core.fees import FeeSchedule
from venue.core.qualifiers import Changes, Qualifiers
from venue.core.types import ExecRestatementReason, OrdType, Side, TimeInForce, TradingPhase
from venue.errors import ConfigError, JournalError, VenueError
from venue.journal_tools import tables
from venue.journal_tools.archive import archive
from venue.journal_tools.export import export
from venue.journal_tools.times import format_iso

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

Rows = list[dict[str, str]]
BATCHES = 120


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Writer:
    return make_journal(tmp_path_factory.mktemp("made"), BATCHES)


def exported(
    data: Path, kind: str, out: Path, first: str | None = None, until: str | None = None
) -> Rows:
    count = export(data, kind, "csv", out, first, until)
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert len(rows) == count
    return rows


def happened(made: Writer, *kinds: type[e.Event], first: int = 1, last: int = BATCHES) -> list[Any]:
    """(batch, event) of everything of these kinds that the venue did."""
    return [
        (seq, event)
        for seq in range(first, last + 1)
        for event in made.events[seq]
        if isinstance(event, kinds)
    ]


def test_executions_are_every_report_with_an_exec_id(made: Writer, tmp_path: Path) -> None:
    rows = exported(made.data, "executions", tmp_path / "x.csv")
    events = happened(made, e.OrderEvent, e.OrderRejected)
    assert [(row["seq"], row["exec_id"]) for row in rows] == [
        (str(seq), str(event.exec_id)) for seq, event in events
    ]
    assert len({row["exec_id"] for row in rows}) == len(rows) > 300
    for row, (seq, event) in zip(rows, events, strict=True):
        assert row["transact_time"] == format_iso(START + seq * SECOND)
        assert (row["session"], row["cl_ord_id"]) == (event.session, event.cl_ord_id)
        assert row["order_id"] == str(event.order_id)
        if isinstance(event, e.OrderFilled):
            assert Decimal(row["last_px"]) == Decimal(event.last_px) / 100
            assert row["last_qty"] == str(event.last_qty)
            assert row["trade_id"] == str(event.trade_id)
            assert row["exec_type"] == "trade"
        else:
            assert row["last_px"] == row["trade_id"] == ""


def test_trades_are_both_sides_of_each_match(made: Writer, tmp_path: Path) -> None:
    rows = exported(made.data, "trades", tmp_path / "x.csv")
    fills = happened(made, e.OrderFilled)
    assert len(rows) * 2 == len(fills) > 100
    by_exec_id = {str(event.exec_id): event for _, event in fills}
    for number, row in enumerate(rows, 1):
        assert row["trade_id"] == str(number)
        for name, side in (("buy", Side.BUY), ("sell", Side.SELL)):
            event = by_exec_id.pop(row[f"{name}_exec_id"])
            assert event.side is side
            assert (str(event.trade_id), str(event.last_qty)) == (row["trade_id"], row["last_qty"])
            assert row[f"{name}_order_id"] == str(event.order_id)
            assert row[f"{name}_cl_ord_id"] == event.cl_ord_id
            assert row[f"{name}_firm"] == event.firm
            took = event.liquidity == "2"
            assert took is (row["aggressor_side"] == name)
    assert not by_exec_id


def test_in_an_auction_nobody_is_the_aggressor(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    writer.write(c.DefineInstrument(aapl()), c.EnterPhase("MAIN", TradingPhase.PRE_OPEN))
    writer.write(new("TRADER1", "a", "sell", 5, 10000), new("TRADER1", "b", "sell", 2, 10000))
    writer.write(new("TRADER2", "c", "buy", 6, 10000))
    writer.write(c.EnterPhase("MAIN", TradingPhase.CONTINUOUS))
    writer.write(new("TRADER2", "d", "buy", 1, 10000))
    writer.close()
    rows = exported(tmp_path, "trades", tmp_path / "x.csv")
    names = "seq", "last_qty", "aggressor_side", "buy_cl_ord_id", "sell_cl_ord_id"
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("4", "5", "", "c", "a"),
        ("4", "1", "", "c", "b"),
        ("5", "1", "buy", "d", "b"),
    ]
    fills = [row for row in exported(tmp_path, "executions", tmp_path / "y.csv") if row["last_qty"]]
    assert [row["last_liquidity_ind"] for row in fills] == [*["auction"] * 4, "removed", "added"]


def test_orders_are_all_that_were_entered(made: Writer, tmp_path: Path) -> None:
    rows = exported(made.data, "orders", tmp_path / "x.csv")
    entered = happened(made, e.OrderAccepted, e.OrderRejected)
    assert sorted(int(row["order_id"]) for row in rows) == [event.order_id for _, event in entered]
    entry = {str(event.order_id): format_iso(START + seq * SECOND) for seq, event in entered}
    orders = made.venue.orders.by_id
    live = set()
    for row in rows:
        assert row["entry_time"] == entry[row["order_id"]] <= row["transact_time"]
        order = orders.get(int(row["order_id"]))
        if order is None:
            assert row["ord_status"] == "rejected"
            continue
        assert row["ord_status"] == order.ord_status.name.lower()
        assert (row["cum_qty"], row["leaves_qty"]) == (str(order.cum_qty), str(order.leaves_qty))
        assert row["cl_ord_id"] == order.cl_ord_id
        if order.live:
            live.add(row["order_id"])
    assert len(live) == sum(order.live for order in orders.values()) > 5


@pytest.mark.parametrize("snapshot", [None, 30, 49])
@pytest.mark.parametrize("kind", ["trades", "executions", "orders"])
def test_a_part_of_the_history(
    made: Writer, tmp_path: Path, kind: str, snapshot: int | None
) -> None:
    if snapshot is not None:
        made = make_journal(tmp_path / "own", BATCHES)
        add_snapshot(made.data, snapshot)
    rows = exported(made.data, kind, tmp_path / "x.csv", "50", "2026-11-21T08:01:20Z")
    ids = {"trades": "trade_id", "executions": "exec_id", "orders": "order_id"}
    expected = {
        "trades": [e.OrderFilled],
        "executions": [e.OrderEvent, e.OrderRejected],
        "orders": [e.OrderAccepted, e.OrderRejected],
    }
    events = happened(made, *expected[kind], first=50, last=80)
    assert {int(row[ids[kind]]) for row in rows} == {getattr(ev, ids[kind]) for _, ev in events}


def test_through_archives(made: Writer, tmp_path: Path) -> None:
    own = make_journal(tmp_path / "own", BATCHES)
    add_snapshot(own.data, 100)
    list(archive(own.data, 0))
    theirs = exported(made.data, "executions", tmp_path / "a.csv")
    assert exported(own.data, "executions", tmp_path / "b.csv") == theirs


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """One of everything that is not plain."""
    with closing(Writer(tmp_path / "odd")) as writer:
        write = writer.write
        write(c.DefineInstrument(aapl(tick="0.00000001", lot="0.5")))
        write(new("TRADER1", "a", "buy", 7, 10_000_000_001), refuse("TRADER2", 'x"\n,ä'))
        terms = "AAPL", "1", "2", None, 10_000_000_003, 9
        write(c.ReplaceOrder("TRADER1", "NORTH", "a2", "a", "", *terms, changes=Changes()))
        write(new("TRADER2", "s", "sell", 2, 10_000_000_000))
        stop = Qualifiers(stop_px=11_000_000_000)
        stopped = "AAPL", Side.BUY, OrdType.STOP, TimeInForce.DAY, None, 3
        write(c.NewOrder("TRADER3", "NORTH", "st", *stopped, "ACC", qualifiers=stop))
        write(new("TRADER2", "s", "sell", 2, 10_000_000_000))
        write(cancel("TRADER3", "by other", "", "buy"))
        order_id = c.CancelOrder("TRADER3", "NORTH", "by other 2", "", "1", "AAPL", "1")
        write(order_id)
        write(c.SessionConnected("TRADER3", "NORTH", True))
        write(c.SessionDisconnected("TRADER3", ExecRestatementReason.LOGOUT))
    return tmp_path / "odd"


def test_what_is_not_plain(odd: Path, tmp_path: Path) -> None:
    rows = exported(odd, "executions", tmp_path / "x.csv")
    told = [(row["exec_type"], row["ord_status"], row["session"], row["cl_ord_id"]) for row in rows]
    assert told == [
        ("new", "new", "TRADER1", "a"),
        ("rejected", "rejected", "TRADER2", 'x"\n,ä'),
        ("replaced", "new", "TRADER1", "a2"),
        ("new", "new", "TRADER2", "s"),
        ("trade", "filled", "TRADER2", "s"),
        ("trade", "partially_filled", "TRADER1", "a2"),
        ("new", "new", "TRADER3", "st"),
        ("rejected", "filled", "TRADER2", "s"),
        ("canceled", "canceled", "TRADER3", "by other 2"),
        ("canceled", "canceled", "TRADER1", "a2"),
        ("canceled", "canceled", "TRADER3", "st"),
    ]
    assert rows[2]["orig_cl_ord_id"] == "a"
    assert rows[2]["price"] == "100.00000003"
    assert rows[5]["avg_px"] == "100.00000003" and rows[5]["cum_qty"] == "1"
    assert rows[1]["reason"] == "unknown_symbol"
    assert rows[1]["symbol"] == "ÄÖ" and rows[1]["price"] == "" and rows[1]["order_qty"] == "5"
    assert rows[6]["stop_px"] == "110" and rows[6]["account"] == "ACC"
    assert rows[7]["reason"] == "duplicate_order"
    assert rows[9]["text"] == "canceled by TRADER3"
    assert rows[10]["reason"] == "logout"
    orders = exported(odd, "orders", tmp_path / "y.csv")
    told_of = [(row["order_id"], row["cl_ord_id"], row["ord_status"]) for row in orders]
    assert told_of == [
        ("2", 'x"\n,ä', "rejected"),
        ("3", "s", "filled"),
        ("1", "a2", "canceled"),
        ("4", "st", "canceled"),
    ]
    assert [row["session"] for row in orders][2] == "TRADER1"


def test_parquet_says_the_same(made: Writer, odd: Path, tmp_path: Path) -> None:
    for data in (made.data, odd):
        for kind in ("trades", "orders", "executions"):
            rows = exported(data, kind, tmp_path / "x.csv")
            out = tmp_path / "x.parquet"
            assert export(data, kind, "parquet", out, None, None) == len(rows)
            table = parquet.read_table(out)
            assert table.column_names == list(rows[0])
            assert table.schema.field("transact_time").type == pyarrow.timestamp("ns", tz="UTC")
            for name in table.column_names:
                kind_of = table.schema.field(name).type
                column = table.column(name)
                if pyarrow.types.is_decimal(kind_of):
                    for row, value in zip(rows, column.to_pylist(), strict=True):
                        assert value == (Decimal(row[name]) if row[name] else None)
                elif pyarrow.types.is_timestamp(kind_of):
                    times = column.cast(pyarrow.int64()).to_pylist()
                    assert [format_iso(time) for time in times] == [row[name] for row in rows]
                else:
                    values = ["" if value is None else str(value) for value in column.to_pylist()]
                    assert values == [row[name] for row in rows]


def test_parquet_in_groups(made: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "GROUP", 100)
    rows = export(made.data, "executions", "parquet", tmp_path / "x.parquet", None, None)
    file = parquet.ParquetFile(tmp_path / "x.parquet")
    assert file.metadata.num_rows == rows
    assert file.metadata.num_row_groups == -(-rows // 100)


def test_average_prices_of_many_digits(tmp_path: Path) -> None:
    """AvgPx has more digits than the tick, Parquet's decimals have 18."""
    with closing(Writer(tmp_path / "fine")) as writer:
        writer.write(c.DefineInstrument(aapl(tick="0.000000000000001", reference_price="0.001")))
        writer.write(
            new("TRADER1", "a", "sell", 1, 10**12), new("TRADER1", "b", "sell", 2, 10**12 + 1)
        )
        writer.write(new("TRADER2", "c", "buy", 3, 10**12 + 1))
    rows = exported(tmp_path / "fine", "executions", tmp_path / "x.csv")
    exact = next(row["avg_px"] for row in rows if row["cl_ord_id"] == "c" and row["cum_qty"] == "3")
    assert exact == "0.001000000000000666667"
    export(tmp_path / "fine", "executions", "parquet", tmp_path / "x.parquet", None, None)
    found = parquet.read_table(tmp_path / "x.parquet").column("avg_px").to_pylist()
    assert Decimal("0.001000000000000667") in found


def test_without_pyarrow(made: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(VenueError, match=r"^Parquet needs pyarrow: pip install pyarrow"):
        export(made.data, "trades", "parquet", tmp_path / "x.parquet", None, None)
    assert list(tmp_path.iterdir()) == []
    assert export(made.data, "trades", "csv", tmp_path / "x.csv", None, None) > 0


def test_csv_on_standard_output(made: Writer, capsys: pytest.CaptureFixture[str]) -> None:
    count = export(made.data, "trades", "csv", None, None, None)
    found = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert len(found) == count + 1


def test_parquet_needs_a_name(made: Writer) -> None:
    with pytest.raises(VenueError, match=r"^a Parquet file needs a name: --out FILE$"):
        export(made.data, "trades", "parquet", None, None, None)


def test_words_that_are_none(made: Writer) -> None:
    with pytest.raises(ConfigError, match=r"KIND: found fills, expected one of trades, orders"):
        export(made.data, "fills", "csv", None, None, None)
    with pytest.raises(ConfigError, match=r"--format: found xml, expected one of csv, parquet$"):
        export(made.data, "trades", "xml", None, None, None)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_file_that_fails_is_not_left_half_done(odd: Path, tmp_path: Path, form: str) -> None:
    """What was there before stays."""
    out = tmp_path / "x"
    out.write_text("before")
    with closing(Writer(tmp_path / "bad")) as writer:
        writer.write(c.DefineInstrument(aapl()))
        writer.write(new("TRADER1", "a", "buy", 5, 10050))
        writer.journal.append(b"garbage")
    with pytest.raises(JournalError, match=r"^batch 3 cannot be read"):
        export(tmp_path / "bad", "executions", form, out, None, None)
    assert out.read_text() == "before"
    assert not list(tmp_path.glob("*.unfinished"))


def test_a_file_that_cannot_be_written(made: Writer, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "x.csv"
    with pytest.raises(VenueError, match=r"^.*nowhere/x.csv cannot be written: .*No such file"):
        export(made.data, "trades", "csv", out, None, None)


def test_what_becomes_of_a_trade_has_rows_of_its_own(tmp_path: Path) -> None:
    """The last row of a trade, and of an order, is what holds; what was before stays above it."""
    writer = Writer(tmp_path)
    writer.write(c.DefineInstrument(aapl()))
    writer.write(new("TRADER2", "b", "sell", 5, 10000), new("TRADER1", "a", "buy", 5, 10000))
    writer.write(c.CorrectTrade(1, 3, 10100))
    writer.write(c.BustTrade(1))
    writer.close()
    trades = exported(tmp_path, "trades", tmp_path / "t.csv")
    wanted = [("", "5", "100", "buy"), ("corrected", "3", "101", "buy"), ("busted", "0", "", "")]
    names = "change", "last_qty", "last_px", "aggressor_side"
    assert [tuple(row[name] for name in names) for row in trades] == wanted
    assert {(row["trade_id"], row["buy_cl_ord_id"], row["sell_session"]) for row in trades} == {
        ("1", "a", "TRADER2")
    }
    executions = exported(tmp_path, "executions", tmp_path / "x.csv")
    told = {row["exec_id"]: row for row in executions}
    for cl_ord_id in "ab":
        corrected, busted = (
            row for row in executions if row["cl_ord_id"] == cl_ord_id and row["exec_ref_id"]
        )
        assert (corrected["exec_type"], busted["exec_type"]) == ("trade_correct", "trade_cancel")
        assert told[corrected["exec_ref_id"]]["exec_type"] == "trade"
        assert (corrected["last_qty"], corrected["last_px"]) == ("3", "101")
        assert busted["exec_ref_id"] == corrected["exec_id"] and busted["trade_id"] == "1"
    orders = exported(tmp_path, "orders", tmp_path / "o.csv")
    passive = [row for row in orders if row["cl_ord_id"] == "b"]
    assert [(row["ord_status"], row["cum_qty"]) for row in passive] == [
        ("filled", "5"),
        ("new", "0"),
    ]
    assert passive[0]["entry_time"] and not passive[1]["entry_time"]


def test_fees(tmp_path: Path) -> None:
    """Of each side, and of a corrected trade the new ones."""
    writer = Writer(tmp_path)
    with closing(writer):
        writer.write(c.DefineInstrument(aapl()), c.DefineFees(FeeSchedule((rule(),))))
        writer.write(new("TRADER1", "a", "sell", 5, 10000), new("TRADER2", "b", "buy", 5, 10000))
        writer.write(c.CorrectTrade(1, 5, 10100))
        writer.write(c.BustTrade(1))
    sides = "buy_fee", "buy_fee_currency", "sell_fee", "sell_fee_currency"
    rows = exported(tmp_path, "trades", tmp_path / "trades.csv")
    assert [tuple(row[name] for name in sides) for row in rows] == [
        ("0.025", "USD", "-0.01", "USD"),
        ("0.02525", "USD", "-0.0101", "USD"),
        ("", "", "", ""),
    ]
    rows = exported(tmp_path, "executions", tmp_path / "executions.csv")
    fees = [(row["exec_type"], row["fee"], row["fee_currency"]) for row in rows]
    assert fees[2:6] == [
        ("trade", "0.025", "USD"),
        ("trade", "-0.01", "USD"),
        ("trade_correct", "-0.0101", "USD"),
        ("trade_correct", "0.02525", "USD"),
    ]
    assert fees[0] == ("new", "", "") and fees[6] == ("trade_cancel", "", "")
