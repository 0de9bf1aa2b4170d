"""`venue journal show`: every kind of command and report in words."""

import json
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.core.desk import aapl
from tests.unit.journal.test_batch import ONE_OF_EACH, QUALIFIERS
from tests.unit.journal_tools.made import START, Writer, cancel, new
from venue.core import commands as c
from venue.core.fees import FeeRule, FeeSchedule, FeeTier
from venue.core.instrument import Instrument
from venue.core.qualifiers import Changes
from venue.core.types import FeeBasis, FeeRounding, OrdType, Side, TimeInForce
from venue.errors import JournalError
from venue.journal.batch import Batch, Sent, encode_batch
from venue.journal.sqlite import SqliteJournal
from venue.journal_tools.show import show
from venue.journal_tools.words import describe, line

AAPL = {"AAPL": Instrument(aapl())}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two orders that trade, a cancel that comes too late, and a stop."""
    with closing(Writer(tmp_path)) as writer:
        writer.write(c.DefineInstrument(aapl()))
        writer.write(new("TRADER1", "a", "buy", 5, 10050))
        writer.write(new("TRADER2", "b", "sell", 5, None), cancel("TRADER1", "x", "a", "buy"))
        writer.write(stopped=True)
    return tmp_path


def lines(data: Path, session: str | None = None, first: int | None = None) -> list[str]:
    return "\n".join(show(data, first, None, session, as_json=False)).split("\n")


def test_a_batch_for_people(data: Path) -> None:
    shown = lines(data, first=2)
    assert shown[:2] == [
        "batch 2  2026-11-21T08:00:02.000000000Z",
        "  new_order session=TRADER1 firm=NORTH cl_ord_id=a symbol=AAPL side=buy ord_type=limit"
        " time_in_force=day price=100.5 order_qty=5",
    ]
    assert shown[2].startswith("  to TRADER1 1: 8=FIX.4.4|9=0|35=8|150=0|39=0|37=1|11=a|17=1|")
    assert shown[3] == "  next of TRADER1: 2 out, 2 in"
    assert shown[-2:] == ["batch 4  2026-11-21T08:00:04.000000000Z", "  the venue stopped"]
    assert not any("\x01" in each for each in shown)


def test_from_and_to(data: Path) -> None:
    batches = [each.split()[1] for each in show(data, 2, 3, None, as_json=False)]
    assert batches == ["2", "3"]


@pytest.mark.parametrize(("first", "last"), [(0, None), (5, None), (9, 12)])
def test_a_batch_that_is_not_there(data: Path, first: int, last: int | None) -> None:
    with pytest.raises(JournalError, match=rf"^batch {first} is not in .*, which has 1 to 4$"):
        list(show(data, first, last, None, as_json=False))


def test_one_session(data: Path) -> None:
    shown = lines(data, "TRADER2")
    assert [each for each in shown if each.startswith("batch")] == [
        "batch 3  2026-11-21T08:00:03.000000000Z"
    ]
    assert "TRADER1" not in "\n".join(shown)
    assert sum("to TRADER2" in each for each in shown) == 2


def test_json_is_one_object_a_line(data: Path) -> None:
    objects = [json.loads(each) for each in show(data, None, None, None, as_json=True)]
    assert [each["seq"] for each in objects] == [1, 2, 3, 4]
    assert objects[1]["commands"] == [
        {
            "command": "new_order",
            "session": "TRADER1",
            "firm": "NORTH",
            "cl_ord_id": "a",
            "symbol": "AAPL",
            "side": "buy",
            "ord_type": "limit",
            "time_in_force": "day",
            "price": "100.5",
            "order_qty": "5",
        }
    ]
    assert objects[1]["numbers"] == {"TRADER1": {"next_sender": 2, "next_target": 2}}
    assert objects[2]["sent"][1]["first"] == 1
    assert objects[3]["stopped"] is True


def test_what_is_about_sessions(tmp_path: Path) -> None:
    with closing(SqliteJournal(tmp_path, "off")) as journal:
        journal.append(encode_batch(Batch(START, [], [Sent("A", 0, ["8=x\x01"])])))
        journal.append(encode_batch(Batch(START, [], reset={"A": START}, told={"A": 1})))
    assert lines(tmp_path) == [
        "batch 1  2026-11-21T08:00:00.000000000Z",
        "  waits to A: 8=x|",
        "batch 2  2026-11-21T08:00:00.000000000Z",
        "  numbers of A began anew",
        "  A is told what waited for it",
    ]
    assert lines(tmp_path, "B") == [""]


def test_every_command_has_words() -> None:
    for command in ONE_OF_EACH:
        described = describe(command, AAPL)
        json.dumps(described)
        told = line(described)
        assert told.isprintable() and "<" not in told and "." not in told.split()[0]


def test_terms_and_changes() -> None:
    terms = "AAPL", Side.SELL, OrdType.STOP_LIMIT, TimeInForce.GTD, 10_000, 50, "ACC", True
    order = c.NewOrder("T", "F", "a", *terms, QUALIFIERS)
    assert line(describe(order, AAPL)) == (
        "new_order session=T firm=F cl_ord_id=a symbol=AAPL side=sell ord_type=stop_limit"
        " time_in_force=gtd price=100 order_qty=50 account=ACC poss_resend=yes stop_px=100.5"
        " trigger_price_type=best_quote expire_date=20260301"
        " expire_time=2026-03-01T00:00:00.000000000Z display_qty=5 refresh_qty=4 min_qty=3"
        " post_only=reprice all_or_none=yes self_match_prevention_id=DESK"
        " self_match_prevention_instruction=decrement cancel_on_halt=yes"
    )
    changes = Changes(stop_px=9_900, display_qty=0, post_only=False)
    replaced = c.ReplaceOrder(
        "T", "F", "b", "a", "", "AAPL", "2", "4", "6", None, 40, changes=changes
    )
    assert line(describe(replaced, AAPL)) == (
        "replace_order session=T firm=F cl_ord_id=b orig_cl_ord_id=a symbol=AAPL side=sell"
        " ord_type=stop_limit time_in_force=gtd order_qty=40 stop_px=99 display_qty=0 post_only=no"
    )


def test_a_correction_does_not_name_the_instrument() -> None:
    told = line(describe(c.CorrectTrade(7, 3, 10100), AAPL))
    assert told == 'correct_trade trade_id=7 qty="3 lots" price="10100 ticks"'


def test_an_instrument_that_nobody_knows() -> None:
    told = line(describe(new("TRADER1", "a", "buy", 5, 10050), {}))
    assert 'price="10050 ticks"' in told
    assert 'order_qty="5 lots"' in told


def test_what_does_not_print_is_escaped() -> None:
    told = line(describe(new("TRADER1", "a\nb\x1b", "buy", 5, 10050), AAPL))
    assert r"cl_ord_id=a\nb\x1b" in told


def test_a_damaged_batch(data: Path) -> None:
    """What comes before it is told."""
    with closing(SqliteJournal(data, "off")) as journal:
        journal.append(b"garbage")
    found = show(data, 3, None, None, as_json=False)
    next(found), next(found)
    with pytest.raises(JournalError, match=r"^batch 5 cannot be read"):
        next(found)


def test_a_schedule_of_fees() -> None:
    rates = FeeTier(Decimal(0), Decimal("-0.2"), Decimal("0.5"), Decimal(0))
    more = FeeTier(Decimal("1E+3"), Decimal("-0.3"), Decimal("0.4"), Decimal(1))
    mode = FeeRounding.HALF_EVEN
    rules = (
        FeeRule("", "", FeeBasis.BPS, (rates, more), Decimal(0), 2, mode, ""),
        FeeRule("NORTH", "AAPL", FeeBasis.UNIT, (rates,), Decimal("0.01"), 8, mode, "EUR"),
    )
    assert describe(c.DefineFees(FeeSchedule(rules)), AAPL)["rules"] == [
        "bps 0:-0.2/0.5/0 1000:-0.3/0.4/1 2:half_even",
        "NORTH AAPL unit 0:-0.2/0.5/0 8:half_even minimum=0.01 currency=EUR",
    ]
    assert line(describe(c.DefineFees(FeeSchedule()), AAPL)) == "define_fees rules=none"
