from typing import Any

import pytest

from tests.unit.core.desk import (
    BUY,
    FOK,
    IOC,
    SELL,
    TO_LIMIT,
    Desk,
    assert_canceled,
    assert_filled,
    story,
)
from venue.core import events as e
from venue.core.types import ExecRestatementReason, OrdStatus
from venue.core.types import SelfMatchPreventionInstruction as Instruction

TEXT = "self-match prevention"
AGGRESSOR = ExecRestatementReason.SELF_MATCH_AGGRESSOR
RESTING = ExecRestatementReason.SELF_MATCH_RESTING
BOTH = ExecRestatementReason.SELF_MATCH_BOTH


@pytest.fixture
def desk() -> Desk:
    return Desk()


def own(**instruction: Instruction) -> dict[str, Any]:
    """The qualifiers of an order with an id, and an instruction where one is given."""
    terms = {"self_match_prevention_id": "ID"}
    return terms | {f"self_match_prevention_{name}": value for name, value in instruction.items()}


def assert_restated(event: e.Event, cl_ord_id: str, **fields: Any) -> None:
    assert type(event) is e.OrderRestated and event.cl_ord_id == cl_ord_id
    assert event.reason is ExecRestatementReason.PARTIAL_DECLINE and event.text == TEXT
    assert {name: getattr(event, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("instruction", "canceled"),
    [
        (Instruction.CANCEL_AGGRESSOR, [("bid", AGGRESSOR)]),
        (Instruction.CANCEL_RESTING, [("offer", RESTING)]),
        (Instruction.CANCEL_BOTH, [("offer", BOTH), ("bid", BOTH)]),
    ],
)
@pytest.mark.parametrize("session", ["TRADER1", "TRADER3"])
def test_instructions(
    desk: Desk,
    instruction: Instruction,
    canceled: list[tuple[str, ExecRestatementReason]],
    session: str,
) -> None:
    """Any two sessions of one firm."""
    desk.new("offer", SELL, 5, 10000, session=session, **own())
    _, *events = desk.new("bid", BUY, 3, 10000, **own(instruction=instruction))
    assert [(event.cl_ord_id, event.reason) for event in events] == canceled
    for event in events:
        told = session if event.cl_ord_id == "offer" else "TRADER1"
        who = {"session": told, "orig_cl_ord_id": None, "text": TEXT, "cum_qty": 0}
        assert_canceled(event, event.cl_ord_id, **who)
    assert [event.exec_id for event in events] == [3, 4][: len(events)]
    gone = {cl_ord_id for cl_ord_id, _ in canceled}
    assert desk.resting(SELL) == ([] if "offer" in gone else [("offer", 5, 10000)])
    assert desk.resting(BUY) == ([] if "bid" in gone else [("bid", 3, 10000)])
    assert desk.venue.last_trade("AAPL") is None and desk.venue.ids.trade_id == 0
    desk.venue.check()


def test_cancel_resting_is_the_default_and_goes_on_behind(desk: Desk) -> None:
    desk.new("first", SELL, 1, 10000, session="TRADER2")
    desk.new("own", SELL, 5, 10000, **own())
    desk.new("behind", SELL, 1, 10000, session="TRADER2")
    desk.new("worse", SELL, 1, 10100, session="TRADER2")
    _, *events = desk.new("bid", BUY, 4, 10100, **own())
    assert story(events[::2]) == [
        "filled bid 1 @ 10000",
        "canceled own",
        "filled behind 1 @ 10000",
        "filled worse 1 @ 10100",
    ]
    assert desk.resting(BUY) == [("bid", 1, 10100)]


@pytest.mark.parametrize(
    ("instruction", "qty"), [(Instruction.CANCEL_AGGRESSOR, 5), (Instruction.CANCEL_BOTH, 0)]
)
def test_what_traded_before_the_own_order_stays(
    desk: Desk, instruction: Instruction, qty: int
) -> None:
    desk.new("first", SELL, 1, 10000, session="TRADER2")
    desk.new("own", SELL, 5, 10000, **own())
    *_, canceled = desk.new("bid", BUY, 4, 10000, **own(instruction=instruction))
    assert_canceled(canceled, "bid", cum_qty=1)
    assert sum(leaves_qty for _, leaves_qty, _ in desk.resting(SELL)) == qty


@pytest.mark.parametrize(
    ("offered", "wanted", "qty", "told"),
    [
        (5, 3, {"offer": 2}, ["restated offer", "canceled bid"]),
        (3, 5, {"bid": 2}, ["canceled offer", "restated bid"]),
        (4, 4, {}, ["canceled offer", "canceled bid"]),
    ],
)
def test_decrement(
    desk: Desk, offered: int, wanted: int, qty: dict[str, int], told: list[str]
) -> None:
    desk.new("offer", SELL, offered, 10000, session="TRADER3", **own())
    _, *events = desk.new("bid", BUY, wanted, 10000, **own(instruction=Instruction.DECREMENT))
    assert story(events) == told
    assert [event.exec_id for event in events] == [3, 4]
    for event in events:
        left = qty.get(event.cl_ord_id, 0)
        if left:
            state = {"order_qty": left, "leaves_qty": left, "ord_status": OrdStatus.NEW}
            session = "TRADER3" if event.cl_ord_id == "offer" else "TRADER1"
            assert_restated(event, event.cl_ord_id, session=session, **state)
        else:
            reason = RESTING if event.cl_ord_id == "offer" else AGGRESSOR
            assert_canceled(event, event.cl_ord_id, reason=reason if qty else BOTH, text=TEXT)
    assert {name: left for name, left, _ in desk.resting(SELL) + desk.resting(BUY)} == qty
    desk.venue.check()


def test_decrement_of_a_part_filled_order_keeps_its_fills_and_its_place(desk: Desk) -> None:
    desk.new("own", SELL, 9, 10000, **own())
    desk.new("behind", SELL, 1, 10000, session="TRADER2")
    desk.new("taker", BUY, 2, 10000, session="TRADER2")
    _, restated, _ = desk.new("bid", BUY, 3, 10000, **own(instruction=Instruction.DECREMENT))
    fields = {"order_qty": 6, "leaves_qty": 4, "cum_qty": 2}
    assert_restated(restated, "own", ord_status=OrdStatus.PARTIALLY_FILLED, **fields)
    assert desk.resting(SELL) == [("own", 4, 10000), ("behind", 1, 10000)]
    assert list(desk.venue.levels("AAPL", SELL)) == [(10000, 5, 2)]


def test_a_decremented_aggressor_goes_on(desk: Desk) -> None:
    desk.new("own", SELL, 3, 10000, **own())
    desk.new("other", SELL, 1, 10000, session="TRADER2")
    desk.new("own2", SELL, 9, 10000, **own())
    _, _, restated, fill, _, restated2, canceled = desk.new(
        "bid", BUY, 6, 10000, **own(instruction=Instruction.DECREMENT)
    )
    assert_restated(restated, "bid", order_qty=3, leaves_qty=3)
    assert_filled(fill, "bid", 1, 10000, 2)
    assert_restated(restated2, "own2", order_qty=7, leaves_qty=7)
    assert_canceled(canceled, "bid", order_qty=3, cum_qty=1)


@pytest.mark.parametrize(("wanted", "shown", "left"), [(5, 3, 4), (6, 3, 3), (7, 2, 2), (8, 1, 1)])
def test_decrement_takes_from_what_an_iceberg_hides_first(
    desk: Desk, wanted: int, shown: int, left: int
) -> None:
    """Of 9 it shows 3."""
    desk.new("berg", SELL, 9, 10000, display_qty=3, refresh_qty=3, **own())
    _, restated, _ = desk.new("bid", BUY, wanted, 10000, **own(instruction=Instruction.DECREMENT))
    assert restated.details.shown_qty == shown
    assert desk.shown(SELL) == [("berg", shown)] and desk.resting(SELL) == [("berg", left, 10000)]
    assert list(desk.venue.levels("AAPL", SELL)) == [(10000, shown, 1)]
    desk.venue.check()


@pytest.mark.parametrize(
    ("instruction", "wanted"), [(Instruction.CANCEL_RESTING, 1), (Instruction.DECREMENT, 10)]
)
def test_an_iceberg_is_taken_out_whole(desk: Desk, instruction: Instruction, wanted: int) -> None:
    desk.new("berg", SELL, 9, 10000, display_qty=3, refresh_qty=3, **own())
    desk.new("other", SELL, 5, 10000, session="TRADER2")
    desk.new("bid", BUY, wanted, 10000, **own(instruction=instruction))
    assert list(desk.venue.levels("AAPL", SELL)) == [(10000, 4, 1)]
    assert desk.order("bid").cum_qty == 1
    desk.venue.check()


@pytest.mark.parametrize(
    ("session", "resting", "aggressor"),
    [
        ("TRADER2", own(), own()),
        ("TRADER1", own(), {}),
        ("TRADER1", {}, own()),
        ("TRADER1", own() | {"self_match_prevention_id": "OTHER"}, own()),
        ("TRADER1", {}, {}),
        ("TRADER1", {"self_match_prevention_id": ""}, {"self_match_prevention_id": ""}),
    ],
)
def test_others_trade(
    desk: Desk, session: str, resting: dict[str, Any], aggressor: dict[str, Any]
) -> None:
    """Another firm's, one without an id, one with another."""
    desk.new("offer", SELL, 5, 10000, session=session, **resting)
    _, fill, _ = desk.new("bid", BUY, 5, 10000, **aggressor)
    assert_filled(fill, "bid", 5, 10000, 0)


@pytest.mark.parametrize("both", [False, True])
def test_the_aggressors_instruction_counts(desk: Desk, both: bool) -> None:
    gone, stays = Instruction.CANCEL_AGGRESSOR, Instruction.CANCEL_RESTING
    desk.new("offer", SELL, 5, 10000, **own(instruction=stays if both else gone))
    _, canceled = desk.new("bid", BUY, 5, 10000, **own(instruction=gone if both else stays))
    assert canceled.cl_ord_id == ("bid" if both else "offer")


NONE = "no more liquidity at this price"
ONLY = Instruction.CANCEL_RESTING


@pytest.mark.parametrize(
    ("instruction", "queue", "qty", "text"),
    [
        (ONLY, [("own", 9)], 5, NONE),
        (ONLY, [("own", 9), ("other", 4)], 5, "4 of 5 available"),
        (ONLY, [("other", 3), ("own", 9), ("other", 2)], 5, None),
        (Instruction.CANCEL_AGGRESSOR, [("own", 9), ("other", 9)], 5, NONE),
        (Instruction.CANCEL_AGGRESSOR, [("other", 4), ("own", 9), ("other", 9)], 5, "4 of 5"),
        (Instruction.CANCEL_AGGRESSOR, [("other", 5), ("own", 9)], 5, None),
        (Instruction.CANCEL_BOTH, [("other", 4), ("own", 9), ("other", 9)], 5, "4 of 5"),
        (Instruction.DECREMENT, [("other", 4), ("own", 1), ("other", 9)], 5, "4 of 5"),
        (Instruction.DECREMENT, [("other", 5), ("own", 1), ("other", 9)], 5, None),
        (ONLY, [("berg", 9), ("own", 9)], 9, None),
        (ONLY, [("berg", 9), ("own", 9)], 10, "9 of 10"),
        (Instruction.CANCEL_BOTH, [("berg", 9), ("other", 1), ("own", 9)], 4, "3 of 4"),
        (Instruction.CANCEL_BOTH, [("berg", 9), ("other", 1), ("own", 9)], 3, None),
    ],
)
@pytest.mark.parametrize("name", ["FillOrKill", "MinQty(110)"])
def test_what_is_ones_own_does_not_count(
    desk: Desk,
    instruction: Instruction,
    queue: list[tuple[str, int]],
    qty: int,
    text: str | None,
    name: str,
) -> None:
    """A fill or kill of `qty`, or an order of 20 that wants `qty` at once; "berg" shows 2 of 9."""
    for number, (whose, offered) in enumerate(queue):
        terms: dict[str, Any] = {"session": "TRADER2"} if whose != "own" else own()
        terms |= {"display_qty": 2, "refresh_qty": 2} if whose == "berg" else {}
        desk.new(f"{whose}{number}", SELL, offered, 10000, **terms)
    terms = own(instruction=instruction)
    if name == "FillOrKill":
        events = desk.new("bid", BUY, qty, 10000, FOK, **terms)
    else:
        events = desk.new("bid", BUY, 20, 10000, IOC, min_qty=qty, **terms)
    if text is None:
        assert desk.order("bid").cum_qty >= qty
        return
    _, canceled = events
    assert_canceled(canceled, "bid", cum_qty=0, reason=None)
    assert canceled.text == text if text == NONE else canceled.text.startswith(f"{name}: {text}")
    assert len(desk.resting(SELL)) == len(queue)


def test_fok_counts_no_further_than_its_price(desk: Desk) -> None:
    for side, price, worse in ((SELL, 10000, 10001), (BUY, 9000, 8999)):
        desk.new(f"near{side}", side, 2, price, session="TRADER2")
        desk.new(f"far{side}", side, 9, worse, session="TRADER2")
        other = BUY if side is SELL else SELL
        _, canceled = desk.new(f"fok{side}", other, 5, price, FOK, **own())
        assert canceled.text == "FillOrKill: 2 of 5 available"
        _, *fills = desk.new(f"fits{side}", other, 5, worse, FOK, **own())
        assert len(fills) == 4


def test_market_orders_count_every_price(desk: Desk) -> None:
    desk.new("near", SELL, 2, 10000, session="TRADER2")
    desk.new("far", SELL, 9, 10100, session="TRADER2")
    _, *fills = desk.new("bid", BUY, 5, None, FOK, **own())
    assert len(fills) == 4


def test_a_replaced_order_meets_its_own(desk: Desk) -> None:
    desk.new("offer", SELL, 5, 10000, **own())
    desk.new("bid", BUY, 5, 9900, **own(instruction=Instruction.CANCEL_AGGRESSOR))
    replaced, canceled = desk.replace("crosses", "bid", 5, 10000)
    assert story([replaced, canceled]) == ["replaced crosses", "canceled crosses"]
    assert desk.resting(BUY) == [] and desk.resting(SELL) == [("offer", 5, 10000)]
    desk.venue.check()


def test_market_to_limit_clears_its_own_best_price(desk: Desk) -> None:
    """It is told at which price it rests, since no trade tells it."""
    desk.new("own", SELL, 5, 10000, **own())
    desk.new("worse", SELL, 5, 10100, session="TRADER2")
    _, canceled, restated = desk.new("bid", BUY, 5, None, ord_type=TO_LIMIT, **own())
    assert_canceled(canceled, "own", reason=RESTING)
    assert type(restated) is e.OrderRestated
    assert (restated.price, restated.leaves_qty, restated.exec_id) == (10000, 5, 5)
    assert restated.reason is ExecRestatementReason.REPRICING
    assert restated.text == "left over as limit at the best price"
    assert desk.resting(BUY) == [("bid", 5, 10000)]


def test_market_to_limit_that_has_traded_is_not_restated(desk: Desk) -> None:
    desk.new("own", SELL, 5, 10000, **own())
    desk.new("other", SELL, 1, 10000, session="TRADER2")
    events = desk.new("bid", BUY, 5, None, ord_type=TO_LIMIT, **own())
    assert story(events)[1:] == ["canceled own", "filled bid 1 @ 10000", "filled other 1 @ 10000"]
