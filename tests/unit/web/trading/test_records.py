"""Orders as reports tell them."""

from typing import Any

import pytest

from tests.unit.web.trading.fake_link import message, report
from venue.client import ExecutionReport
from venue.client.parse import parse_event
from venue.web.counted_ids import age
from venue.web.shapes import Fill, Order
from venue.web.trading import records as module
from venue.web.trading.fills import fill_of_report
from venue.web.trading.records import KEPT_IDS, TOLD_FILLS, Records


def told(records: Records, session: str | None = None, **said: Any) -> bool:
    event = parse_event(message("8", report(**said)))
    assert isinstance(event, ExecutionReport)
    return records.apply(event, session) is not None


def order(records: Records, id_: str = "one") -> Order:
    record = records.get(id_)
    assert record is not None
    return record.order


def test_report_is_an_order() -> None:
    records = Records("WEB1")
    told(
        records, _1088="3", _1138="2", _110="4", _18="6 J", _1102="99.5", _636="N", _432="20300101"
    )
    assert order(records) == Order(
        order_id="1",
        client_order_id="one",
        client_order_ids=["one"],
        symbol="AAPL",
        side="buy",
        type="take_profit_limit",
        time_in_force="day",
        quantity="10",
        price="100",
        trigger_price="99.5",
        display_quantity="3",
        min_quantity="4",
        post_only=True,
        expires="2030-01-01",
        status="new",
        is_working=True,
        is_waiting=True,
        is_triggered=False,
        filled_quantity="0",
        remaining_quantity="10",
        average_price=None,
        text=None,
        created_at="2026-01-02T10:00:00.000Z",
        updated_at="2026-01-02T10:00:00.000Z",
        session="WEB1",
    )


def test_triggered() -> None:
    records = Records("WEB1")
    told(records, _40="4", _99="99", _636="N")
    assert order(records).is_waiting and not order(records).is_triggered
    told(records, _40="4", _99="99", _636="Y", _150="L")
    assert not order(records).is_waiting and order(records).is_triggered


def test_triggered_before_it_was_asked_for() -> None:
    records = Records("WEB1")
    told(records, _40="4", _99="99", _636="Y", _150="I", _584="all")
    assert order(records).is_triggered


def test_ids_of_an_order() -> None:
    records = Records("WEB1")
    told(records)
    told(records, _150="5", _11="two", _41="one", _38="20", _151="20")
    told(records, _150="5", _11="three", _41="two", _38="30", _151="30")
    assert order(records).client_order_ids == ["one", "two", "three"]
    assert order(records) == order(records, "two") == order(records, "three")
    told(records, _150="4", _39="4", _11="cancel", _41="three", _151="0")
    assert order(records).client_order_id == "three"
    assert records.get("cancel") is None


def test_old_id_that_was_asked_with() -> None:
    records = Records("WEB1")
    told(records, _150="I", _11="present", _584="all")
    told(records, _150="I", _11="old", _790="status")
    assert order(records, "old").client_order_ids == ["old", "present"]
    told(records, _150="F", _11="newer", _39="1", _14="1", _151="9")
    assert order(records, "old").client_order_ids == ["old", "present", "newer"]


def test_status_that_says_nothing_new() -> None:
    records = Records("WEB1")
    assert told(records)
    assert not told(records, _150="I", _790="status", _60="20260102-11:00:00.000")
    assert order(records).updated_at == "2026-01-02T10:00:00.000Z"
    assert told(records, _150="I", _790="status", _14="1", _151="9", _39="1")


def test_why_it_ended_is_not_forgotten() -> None:
    records = Records("WEB1")
    told(records)
    told(records, _150="4", _39="4", _151="0", _58="by the operator")
    told(records, _150="I", _39="4", _151="0", _790="status")
    assert order(records).text == "by the operator"


def test_what_is_about_no_order() -> None:
    records = Records("WEB1")
    told(records)
    assert not told(records, _150="8", _39="0", _103="6", _58="used before")
    assert not told(records, _150="I", _39="8", _103="5", _37="NONE", _11="nothing")
    assert order(records).status == "new" and len(records) == 1


def test_of_another_session() -> None:
    records = Records("WEB1")
    told(records, session="TRADER1", _37="7", _11="theirs")
    told(records)
    assert records.get("theirs") is None
    newest = [record.order for record in records.newest(None, "all", 10)]
    assert [(each.session, each.is_own) for each in newest] == [
        ("TRADER1", False),
        ("WEB1", True),
    ]


def test_newest_first() -> None:
    records = Records("WEB1")
    for order_id in (9, 100, 10, 2):
        told(records, _37=order_id, _11=f"o{order_id}", _55="X" if order_id == 10 else "AAPL")
    told(records, _37="9", _11="o9", _150="4", _39="4", _151="0")
    ids = [record.order_id for record in records.newest(None, "all", 3)]
    assert ids == ["100", "10", "9"]
    assert [each.order_id for each in records.newest("X", "all", 3)] == ["10"]
    assert [each.order_id for each in records.newest(None, "ended", 3)] == ["9"]
    assert [each.order_id for each in records.newest(None, "working", 9)] == ["100", "10", "2"]
    for before, older in {"101": ["100", "10"], "100": ["10", "9"], "9": ["2"], "2": []}.items():
        assert [each.order_id for each in records.newest(None, "all", 2, before)] == older


def test_ended_ones_are_forgotten() -> None:
    records = Records("WEB1", kept=2)
    told(records, _37="1", _11="live")
    for order_id in (2, 3, 4):
        told(records, _37=order_id, _11=f"o{order_id}")
        told(records, _37=order_id, _11=f"o{order_id}", _150="4", _39="4", _151="0")
    assert records.get("o2") is None and records.get("o3") is not None
    assert [record.order_id for record in records.working] == ["1"] and len(records) == 3


def test_busted_trade_opens_an_order_again() -> None:
    records = Records("WEB1", kept=1)
    told(records)
    told(records, _150="F", _39="2", _14="10", _151="0")
    told(records, _150="H", _39="0", _14="0", _151="10")
    for order_id in (2, 3):
        told(records, _37=order_id, _11=f"o{order_id}", _150="4", _39="4", _151="0")
    assert order(records).is_working and records.get("o2") is None


def test_lost() -> None:
    records = Records("WEB1")
    told(records)
    record = records.lose("1")
    assert record is not None and record.order.status == "unknown"
    assert not record.order.is_working and record.order.remaining_quantity == "0"
    assert records.lose("1") is None and records.working == []
    told(records, _150="I", _584="all")
    assert order(records).status == "new" and order(records).is_working


def amended(records: Records, count: int) -> None:
    """The order was entered as o0 and amended so often."""
    told(records, _11="o0")
    for n in range(1, count + 1):
        told(records, _150="5", _11=f"o{n}", _41=f"o{n - 1}", _44=n)


def test_first_and_newest_ids_are_told() -> None:
    records = Records("WEB1")
    amended(records, 100)
    ids = ["o0", *(f"o{n}" for n in range(81, 101))]
    assert order(records, "o100").client_order_ids == ids
    assert order(records, "o50").client_order_id == "o100"
    told(records, _150="I", _11="o50", _790="status")
    told(records, _150="F", _11="o100", _39="1", _14="1", _151="9")
    assert order(records, "o50").client_order_ids == ids


def test_oldest_ids_are_forgotten() -> None:
    records = Records("WEB1", kept=1)
    amended(records, KEPT_IDS + 100)
    assert records.get("o50") is None
    assert records.get("o0") is records.get("o500") is records.get(f"o{KEPT_IDS + 100}")
    told(records, _150="I", _11="o50", _790="status")  # the venue knows it all the same
    assert order(records, "o0").client_order_ids[:2] == ["o0", f"o{KEPT_IDS + 81}"]


def test_ids_of_a_forgotten_order_are_forgotten() -> None:
    records = Records("WEB1", kept=0)
    amended(records, 100)
    told(records, _150="4", _39="4", _11="cancel", _41="o100", _151="0")
    assert [records.get(id_) for id_ in ("o0", "o50", "o100")] == [None, None, None]


def fill_of(trade_id: int) -> Fill:
    event = parse_event(message("8", report(_150="F", _880=trade_id, _32="1", _31="100")))
    assert isinstance(event, ExecutionReport)
    fill = fill_of_report(event)
    assert fill is not None
    return fill


def test_fills_are_put_in_order_when_they_are_told() -> None:
    records = Records("WEB1")
    told(records)
    record = records.get("one")
    assert record is not None
    for trade_id in (10, 9, 11, 9, 100):
        record.add(fill_of(trade_id))
    assert [fill.trade_id for fill in record.order.fills] == ["9", "10", "11", "100"]
    record.add(fill_of(12))
    assert [fill.trade_id for fill in record.order.fills][-2:] == ["12", "100"]


def test_lists_have_the_last_fills_of_an_order() -> None:
    records = Records("WEB1")
    told(records)
    record = records.get("one")
    assert record is not None
    for trade_id in range(1, TOLD_FILLS + 6):
        record.add(fill_of(trade_id))
    assert len(record.order.fills) == TOLD_FILLS + 5
    told_ids = [fill.trade_id for fill in record.brief.fills]
    assert told_ids == [str(n) for n in range(6, TOLD_FILLS + 6)]


def test_fills_of_one_order_are_not_sorted_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    monkeypatch.setattr(module, "age", lambda name: looked_at.append(name) or age(name))
    records = Records("WEB1")
    told(records)
    record = records.get("one")
    assert record is not None
    for trade_id in (*range(200, 400), *range(200)):
        record.add(fill_of(trade_id))
    assert [fill.trade_id for fill in record.order.fills] == [str(n) for n in range(400)]
    assert len(looked_at) < 1_500
