"""The money of a venue through an image: what goes on is what was."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.desk import BUY, SELL, Desk
from tests.unit.core.test_fees import rule, tier
from tests.unit.core.test_rebooking import MATCHES, books
from venue.core import commands as c
from venue.core.fees import FeeSchedule
from venue.core.image import Image, copy, restore
from venue.core.types import CostMethod
from venue.core.venue import Venue

SESSIONS = ("TRADER1", "TRADER2", "TRADER3")
STEPS = st.lists(
    MATCHES | st.sampled_from(["day", "fifo", "average"]) | st.integers(0, 5), max_size=12
)


def carry_out(desk: Desk, steps: list[Any], number: int = 0) -> None:
    """Matches at 100 and above, ends of days, changes of method and busts of the nth trade."""
    for step in steps:
        number += 1
        if step == "day":
            desk.venue.handle(c.AdvanceTime(desk.venue.time + 86_400_000_000_000))
        elif step in ("fifo", "average"):
            desk.venue.handle(c.DefineAccounting(CostMethod(step), 5))
        elif isinstance(step, int):
            desk.venue.handle(c.BustTrade(desk.venue.ids.trade_id - step))
        else:
            price = 10000 + step.price
            seller, buyer = SESSIONS[step.seller], SESSIONS[step.buyer]
            desk.new(f"s{number}", SELL, step.qty, price, session=seller, account="A1")
            desk.new(f"b{number}", BUY, step.qty, price, session=buyer)
            desk.replace(f"r{number}", f"s{number}", 5, 10000, session=seller)


def opened() -> Desk:
    desk = Desk(max_qty="100000")
    desk.venue.handle(c.DefineFees(FeeSchedule((rule("", "", tier(), tier("500")),))))
    desk.advance("20260105 12:00")
    return desk


def restored(venue: Venue) -> Venue:
    encoded = msgspec.msgpack.encode(copy(venue))
    return restore(msgspec.msgpack.decode(encoded, type=Image))


@given(STEPS, STEPS)
def test_a_restored_ledger_goes_on_as_the_other(before: list[Any], after: list[Any]) -> None:
    desk, twin = opened(), Desk()
    carry_out(desk, before)
    twin.venue = restored(desk.venue)
    assert twin.venue.state_hash() == desk.venue.state_hash()
    assert books(twin.venue.trades) == books(desk.venue.trades)
    carry_out(desk, after, 1000)
    carry_out(twin, after, 1000)
    assert twin.venue.state_hash() == desk.venue.state_hash()
    assert books(twin.venue.trades) == books(desk.venue.trades)
    twin.venue.check()


def test_an_id_that_is_not_the_orders_any_more() -> None:
    desk = opened()
    desk.new("a", SELL, 5, 10000)
    desk.new("b", BUY, 2, 10000, session="TRADER2")
    desk.replace("a2", "a", 9, 10000, side=SELL)
    trade = restored(desk.venue).trades.remembered[1]
    assert (trade.second.cl_ord_id, trade.second.order.cl_ord_id) == ("a", "a2")
    assert (trade.first.cl_ord_id, trade.first.firm) == ("b", "SOUTH")


def test_a_bust_after_a_restart_opens_the_lots_again() -> None:
    desk = opened()
    desk.venue.handle(c.DefineAccounting(CostMethod.FIFO, 1_000))
    desk.trade(10000, 10100)
    desk.new("back", SELL, 1, 10200, session="TRADER3")
    desk.new("take", BUY, 1, 10200, session="TRADER2")
    twin = restored(desk.venue)
    for venue in (desk.venue, twin):
        venue.handle(c.BustTrade(3))
        lots = venue.ledger.position("NORTH", "", "AAPL").lots
        assert list(lots or ()) == [(1, 10000), (1, 10100)]


@pytest.mark.parametrize(
    "change",
    [
        c.DefineFees(FeeSchedule((rule(),))),
        c.DefineAccounting(CostMethod.FIFO, 100_000),
        c.DefineAccounting(CostMethod.AVERAGE, 1_000),
        c.BustTrade(1),
    ],
)
def test_what_decides_is_in_the_hash(change: c.Command) -> None:
    desk = opened()
    desk.trade(10000, 10100)
    before = desk.venue.state_hash()
    desk.venue.handle(change)
    assert desk.venue.state_hash() != before


def test_money_beyond_64_bits() -> None:
    desk = opened()
    desk.trade(10000)
    position = desk.venue.ledger.position("NORTH", "", "AAPL")
    position.cash, position.turnover = -(2**70), 2**70
    desk.venue.ledger.position("SOUTH", "", "AAPL").cash = 2**70
    desk.advance("20260106 12:00")
    after = restored(desk.venue)
    assert after.ledger.position("NORTH", "", "AAPL").cash == -(2**70)
    assert after.trades.volumes.past("NORTH", "USD") == desk.venue.trades.volumes.past(
        "NORTH", "USD"
    )
