"""A trade that was changed leaves what there would be had it always been so."""

from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.desk import BUY, SELL, Desk, aapl
from tests.unit.core.test_fees import rule, tier
from venue.core import commands as c
from venue.core.events import Event
from venue.core.fees import Fee, FeeSchedule
from venue.core.instrument import Instrument
from venue.core.market import Market
from venue.core.order import Order
from venue.core.position import Position
from venue.core.reports import Ids
from venue.core.trades import Trades
from venue.core.types import CostMethod, Liquidity, OrdType, Side, TimeInForce

ACCOUNTS = (("NORTH", "A1"), ("NORTH", "A2"), ("SOUTH", ""))
SCHEDULE = FeeSchedule((rule("", "", tier(), minimum=Decimal("0.01"), decimals=2),))


class Match(NamedTuple):
    """Who buys from whom: places in `ACCOUNTS`."""

    buyer: int
    seller: int
    qty: int
    price: int


MATCHES = st.builds(
    Match,
    st.integers(0, 2),
    st.integers(0, 2),
    st.integers(1, 4),
    st.integers(-2, 9).map(lambda price: price * 500),
)
STEPS = st.lists(MATCHES | st.sampled_from(["day", "method"]), min_size=1, max_size=20)


def order(number: int, place: int, side: Side) -> Order:
    firm, account = ACCOUNTS[place]
    terms = OrdType.LIMIT, TimeInForce.DAY, 1, 9, 9
    return Order(number, firm, firm, f"id{number}", "AAPL", side, *terms, account)


def booked(steps: list[Any], limit: int = 1_000, method: CostMethod = CostMethod.AVERAGE) -> Trades:
    """The trades of some steps; one of 0 lots was not made, but has used its ids."""
    market = Market(Instrument(aapl()))
    trades = Trades(Ids(), {"AAPL": market})
    trades.fees.define(SCHEDULE)
    trades.remember(limit)
    trades.ledger.count_cost(method, 0)
    events: list[Event] = []
    for step in steps:
        if step == "day":
            trades.begin_day()
        elif step == "method":
            other = set(CostMethod) - {trades.ledger.cost_method}
            trades.ledger.count_cost(other.pop(), trades.ids.trade_id)
        elif not step.qty:
            trades.ids.trade_id += 1
            trades.ids.exec_id += 2
        else:
            number = 2 * trades.ids.trade_id
            sides = order(number, step.buyer, BUY), order(number + 1, step.seller, SELL)
            trades.execute(*sides, step.qty, step.price, 1, events)
            market.last_px = step.price
    return trades


def books(trades: Trades) -> dict[str, Any]:
    """All that a change of a trade is to leave as in a twin, by what it is."""
    ledger = trades.ledger
    nothing = Position("", "", "")
    found: dict[str, Any] = {}
    for held in ledger.positions():
        fields = {name: getattr(held, name) for name in Position.__slots__}
        for name in ("fees", "day_fees"):
            fields[name] = {each: amount for each, amount in fields[name].items() if amount}
        if not held.day_qty:
            fields["day_mark"] = 0  # of nothing
        own = {"firm", "account", "symbol", "lots"}
        if any(fields[name] != getattr(nothing, name) for name in fields.keys() - own):
            found[f"{held.firm} {held.account}"] = fields
    found["earned"] = {each: amount for each, amount in ledger.earned.items() if amount}
    found["volumes"] = [(day.last, day.money) for day in trades.volumes.days]
    for trade in trades.remembered.values():
        if trade.qty:
            sides = [(each.fee, each.before, each.closed) for each in trade.sides]
            found[f"trade {trade.trade_id}"] = trade.qty, trade.price, sides
    return found


@given(
    STEPS, st.integers(0, 30), st.integers(0, 4), st.integers(-2, 9), st.sampled_from(CostMethod)
)
def test_as_if_it_had_always_been_so(
    steps: list[Any], nth: int, qty: int, price: int, method: CostMethod
) -> None:
    steps = [step for step in steps if step != "method"]
    matches = [place for place, step in enumerate(steps) if step != "day"]
    if not matches:
        return
    place = matches[nth % len(matches)]
    price *= 500
    trades = booked(steps, method=method)
    trade = trades.remembered[1 + matches.index(place)]
    trades.change(trade, qty, price)
    steps[place] = steps[place]._replace(qty=qty, price=price)
    assert books(trades) == books(booked(steps, method=method))
    assert trade.changes == 1


@given(STEPS, st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4)), max_size=5))
def test_the_books_balance_whatever_is_changed(
    steps: list[Any], changes: list[tuple[int, int]]
) -> None:
    """Also with another cost method since."""
    trades = booked(steps)
    for nth, qty in changes:
        live = [trade for trade in trades.remembered.values() if trade.qty]
        if live:
            trades.change(live[nth % len(live)], qty, 1500)
    trades.ledger.check()
    for owner, held in trades.ledger.accounts.items():
        left = [
            (each.qty if side.side is BUY else -each.qty, each.price, side.fee)
            for each in trades.remembered.values()
            for side in each.sides
            if (side.firm, side.account) == owner and each.qty
        ]
        position = held["AAPL"]
        assert position.qty == sum(qty for qty, _, _ in left)
        assert position.cash == -sum(qty * price for qty, price, _ in left)
        fees = sum(fee.amount for _, _, fee in left if fee is not None)
        assert position.fees.get("USD", 0) == fees


def test_an_opposite_trade_would_not_do() -> None:
    bought = [Match(0, 2, 10, 100), Match(0, 2, 10, 200), Match(2, 0, 5, 150)]
    trades = booked(bought)
    trades.change(trades.remembered[2], 0, 200)
    held = trades.ledger.position("NORTH", "A1", "AAPL")
    assert (held.realised, held.qty, held.cost) == (250, 5, 500)


def test_a_trade_from_before_another_cost_method() -> None:
    bought = [Match(0, 2, 10, 100), Match(0, 2, 10, 200), "method", Match(2, 0, 5, 150)]
    trades = booked(bought)
    trades.change(trades.remembered[2], 0, 200)
    held = trades.ledger.position("NORTH", "A1", "AAPL")
    assert (held.qty, held.cash) == (5, -1000 + 750)
    assert held.realised == 10 * 50 + 5 * 0, "10 of average cost 150 are sold at 200, then 5 at 150"
    assert held.turnover == 1000 + 750


def test_volumes_without_a_busted_trade_decide_at_once() -> None:
    """As they do in a venue that starts from a snapshot then."""
    desk = Desk()
    tiers = tier(maker="10"), tier("100", maker="1")
    desk.venue.handle(c.DefineFees(FeeSchedule((rule("", "", *tiers),))))
    desk.trade(10000)
    desk.venue.trades.begin_day()
    charge = partial(desk.venue.trades.fees.charge, "NORTH", "AAPL", Liquidity.ADDED, 1, 10000)
    assert charge() == Fee(1_000_000, "USD")
    desk.venue.handle(c.BustTrade(1))
    assert charge() == Fee(10_000_000, "USD")


def test_a_trade_of_yesterday_is_no_loss_of_today() -> None:
    trades = booked([Match(0, 2, 10, 100), Match(0, 2, 1, 300), "day"])
    held = trades.ledger.position("NORTH", "A1", "AAPL")
    other = trades.ledger.position("NORTH", "A2", "AAPL")
    assert (held.day_mark, held.day_pnl(300)) == (300, 0)
    trades.change(trades.remembered[2], 0, 300)
    assert (held.day_mark, held.day_qty, held.day_pnl(100)) == (100, 10, 0)
    assert (held.fees, held.day_fees) == ({"USD": 1_000_000}, {"USD": 1_000_000})
    assert other.qty == 0


def test_the_last_price_of_a_day_may_be_of_a_trade_that_is_forgotten() -> None:
    desk = Desk()
    desk.venue.handle(c.DefineAccounting(CostMethod.AVERAGE, 1))
    desk.advance("20260105 12:00")
    desk.trade(10000, 10100)
    desk.advance("20260106 12:00")
    held = desk.venue.ledger.position("NORTH", "", "AAPL")
    assert (held.day_qty, held.day_mark) == (2, 10100)
    desk.venue.handle(c.BustTrade(2))
    assert (held.day_qty, held.day_mark) == (1, 10000)


@pytest.mark.parametrize("limit", [1, 2])
def test_what_is_forgotten_is_told(limit: int) -> None:
    trades = booked([])
    forgotten: list[int] = []
    trades.forgotten = lambda trade: forgotten.append(trade.trade_id)
    trades.remember(2)
    events: list[Event] = []
    for number in range(4):
        sides = order(2 * number, 0, BUY), order(2 * number + 1, 2, SELL)
        trades.execute(*sides, 1, 100, 1, events)
    assert (forgotten, list(trades.remembered)) == ([1, 2], [3, 4])
    trades.remember(limit)
    assert (forgotten, list(trades.remembered)) == ([1, 2, 3][: 4 - limit], [3, 4][-limit:])
