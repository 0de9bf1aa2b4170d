"""What is told at a glance, and counted, agrees with what is checked exactly."""

from decimal import Decimal

import pytest

from tests.unit.core.desk import BUY, SELL, aapl
from tests.unit.core.test_risk import NORTH, SECOND, accepted, limit, limited, wait
from venue.core import commands as c
from venue.core import events as e
from venue.core import risk
from venue.core.instrument import Instrument
from venue.core.limits import Scope
from venue.core.money import Money, digits_of


def refused(events: list[e.Event], text: str) -> None:
    (event,) = events
    assert isinstance(event, e.OrderRejected) and event.text.startswith(text), event


def test_an_order_that_one_of_two_scopes_refuses_is_not_counted() -> None:
    desk = limited(max_open_orders=1, max_open_notional=10**6, max_long_position=100)
    limit(desk, Scope("NORTH", "", "AAPL"), max_open_orders=5, max_open_notional=10**6)
    accepted(desk.new("a"))
    refused(desk.new("b"), "max_open_orders 1 (firm NORTH)")
    desk.venue.check()
    desk.cancel("x", "a")
    accepted(desk.new("c"))
    desk.venue.check()


def test_a_message_that_a_wider_scope_refuses_has_not_come_for_the_narrower_one() -> None:
    desk = limited(max_messages=1)
    limit(desk, Scope("NORTH", "A"), max_messages=2)
    wait(desk, SECOND)
    accepted(desk.new("a", account="A"))
    refused(desk.new("b", account="A"), "max_messages 1 in 1 s (firm NORTH)")
    limit(desk, NORTH, max_messages=5)
    accepted(desk.new("c", account="A"))
    refused(desk.new("d", account="A"), "max_messages 2 in 1 s (firm NORTH, account A)")


def test_the_least_of_the_limits_of_one_counter_holds() -> None:
    desk = limited(max_long_position=20, max_open_orders=9)
    limit(desk, Scope(""), max_long_position=10, max_open_orders=8)
    accepted(desk.new("a", qty=10))
    refused(desk.new("b", qty=1), "max_long_position 10 (each firm)")
    refused(desk.new("c", qty=11), "max_long_position 20 (firm NORTH)")
    limit(desk, Scope(""), max_long_position=30, max_open_orders=8)
    limit(desk, max_long_position=11, max_open_orders=9)
    refused(desk.new("d", qty=2), "max_long_position 11 (firm NORTH)")


def test_money_of_an_instrument_that_comes_with_smaller_tick_lots() -> None:
    desk = limited(max_open_notional="100.0005", max_daily_loss=10**6)
    accepted(desk.new("a", BUY, 1, 9000))
    terms = {"lot": "0.001", "min_qty": "0.001", "tick": "0.1"}
    desk.venue.handle(c.DefineInstrument(aapl(symbol="BTC", **terms)))
    accepted(desk.new("b", BUY, 100, 999, symbol="BTC"))
    desk.venue.check()
    text = "max_open_notional 100.0005 USD (firm NORTH): open orders to buy would be"
    refused(desk.new("c", BUY, 1, 1000, symbol="BTC"), f"{text} 100.09 USD, 0.1 USD of that")
    desk.cancel("x", "a")
    desk.venue.check()
    refused(desk.new("d", BUY, 1, 9002), f"{text} 100.01 USD, 90.02 USD of that")
    accepted(desk.new("e", BUY, 1, 9001))
    desk.venue.check()


def test_who_is_restricted_later() -> None:
    desk = limited(max_open_orders=5)
    accepted(desk.new("a"))
    limit(desk, max_open_orders=5, restricted_symbols=("AAPL",))
    refused(desk.new("b"), "restricted_symbols (firm NORTH)")
    limit(desk, max_open_orders=5)
    accepted(desk.new("c"))
    desk.venue.handle(c.EngageKillSwitch("NORTH"))
    refused(desk.new("d"), "the kill switch of firm NORTH")


def test_any_number_of_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(risk, "MOST_READY", 2)
    desk = limited(max_open_orders=5)
    for account in ("A", "B", "C", "A", "D"):
        accepted(desk.new(f"of {account} {desk.venue.ids.order_id}", account=account))
    refused(desk.new("x", account="B"), "max_open_orders 5 (firm NORTH)")


def test_a_loss_is_looked_at_once_a_trade() -> None:
    desk = limited(max_daily_loss=10, max_long_position=100)
    desk.new("s", SELL, 10, 10000, session="TRADER2")
    accepted(desk.new("a", BUY, 10, 10000))
    accepted(desk.new("b", BUY, 1, 9000))
    accepted(desk.new("c", BUY, 1, 9000))
    desk.new("t", SELL, 1, 9000, session="TRADER2")
    refused(desk.new("d", BUY, 1, 9000), "max_daily_loss 10 USD (firm NORTH): 100 USD are lost")
    limit(desk, max_daily_loss=100, max_long_position=100)
    accepted(desk.new("e", BUY, 1, 9000))


@pytest.mark.parametrize(
    ("tick", "lot", "digits", "unit"),
    [("0.01", "1", 2, 1), ("5", "100", 0, 500), ("0.25", "0.4", 1, 1), ("0.5", "0.05", 3, 25)],
)
def test_money(tick: str, lot: str, digits: int, unit: int) -> None:
    terms = {"tick": tick, "lot": lot, "min_qty": lot, "max_qty": str(1000 * Decimal(lot))}
    instrument = Instrument(aapl(**terms))
    money = Money("USD", digits)
    assert (digits_of(instrument), money.unit(instrument)) == (digits, unit)


def test_amounts() -> None:
    money = Money("USD", 2)
    assert money.floor(Decimal("10.019")) == 1001
    assert money.text(1010) == "10.1 USD"
    assert money.amount_text(Decimal("10.01900")) == "10.019 USD"
    assert money.amount_text(Decimal("1E+3")) == "1000 USD"
