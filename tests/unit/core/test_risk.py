"""Limits and kill switches: what is refused, in which words, and what each request moves."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from tests.unit.core.desk import (
    AT_THE_CLOSE,
    BUY,
    FIRMS,
    IF_TOUCHED,
    IOC,
    LIMIT_IF_TOUCHED,
    SELL,
    STOP,
    STOP_LIMIT,
    TO_LIMIT,
    Desk,
    aapl,
    assert_cancel_rejected,
    assert_canceled,
    assert_rejected,
    assert_replaced,
    story,
)
from venue.core import commands as c
from venue.core import events as e
from venue.core.image import Image, copy, restore
from venue.core.limits import Limits, Scope
from venue.core.types import CxlRejReason, ExecRestatementReason, OrdRejReason, Side, TradingPhase

EXCEEDS, OTHER = OrdRejReason.ORDER_EXCEEDS_LIMIT, OrdRejReason.OTHER
NORTH = Scope("NORTH")
SECOND = 1_000_000_000
MILLISECOND = 1_000_000


def limited(scope: Scope = NORTH, **limits: Any) -> Desk:
    """A desk whose firm NORTH (TRADER1 and TRADER3), or another scope, has limits."""
    desk = Desk()
    limit(desk, scope, **limits)
    return desk


def limit(desk: Desk, scope: Scope = NORTH, **limits: Any) -> None:
    counts = ("max_open_orders", "max_messages", "message_seconds", "duplicate_milliseconds")
    given = {
        name: Decimal(value) if isinstance(value, int | str) and name not in counts else value
        for name, value in limits.items()
        if not isinstance(value, bool | tuple)
    }
    given |= {name: value for name, value in limits.items() if isinstance(value, bool | tuple)}
    assert desk.venue.handle(c.DefineLimits(scope, Limits(**given) if limits else None)) == []


def wait(desk: Desk, nanoseconds: int) -> None:
    desk.venue.handle(c.AdvanceTime(desk.venue.time + nanoseconds))


def mark(desk: Desk, price: int, symbol: str = "AAPL") -> None:
    """Let SOUTH trade with itself."""
    for side, who in ((SELL, "s"), (BUY, "b")):
        name = f"{who}{symbol}{price}"
        desk.new(name, side, 1, price, symbol=symbol, session="TRADER2")


def refused(events: list[e.Event], reason: OrdRejReason, text: str) -> None:
    (event,) = events
    assert_rejected(event, reason, text)


def not_replaced(events: list[e.Event], text: str) -> None:
    (event,) = events
    assert_cancel_rejected(event, CxlRejReason.OTHER, text)


def accepted(events: list[e.Event]) -> None:
    assert type(events[0]) is e.OrderAccepted, events[0]


def replaced(events: list[e.Event]) -> None:
    assert type(events[0]) is e.OrderReplaced, events[0]


def copied(desk: Desk) -> Desk:
    """A desk at a venue that goes on from an image of this one's."""
    desk.venue.check()
    packed = msgspec.msgpack.encode(copy(desk.venue))
    other = Desk()
    other.venue = restore(msgspec.msgpack.decode(packed, type=Image))
    assert other.venue.state_hash() == desk.venue.state_hash()
    return other


# One order


def test_quantity() -> None:
    desk = limited(max_order_qty=5)
    accepted(desk.new("a", qty=5))
    text = "max_order_qty 5 (firm NORTH): OrderQty(38) is 6"
    refused(desk.new("b", qty=6), EXCEEDS, text)
    accepted(desk.new("c", qty=6, session="TRADER2"))


def test_quantity_between_two_lots() -> None:
    desk = limited(max_order_qty="5.9")
    accepted(desk.new("a", qty=5))
    refused(desk.new("b", qty=6), EXCEEDS, "max_order_qty 5.9 (firm NORTH): OrderQty(38) is 6")


def test_notional() -> None:
    desk = limited(max_order_notional=500)
    accepted(desk.new("a", qty=5, price=10000))
    text = "max_order_notional 500 USD (firm NORTH): the order's is 500.05 USD"
    refused(desk.new("b", qty=5, price=10001), EXCEEDS, text)


@pytest.mark.parametrize(
    ("terms", "notional"),
    [
        ({"price": None}, "505"),
        ({"price": None, "ord_type": TO_LIMIT}, "505"),
        ({"price": None, "ord_type": STOP, "stop_px": 10200}, "510"),
        ({"price": None, "ord_type": STOP, "stop_px": 1}, "505"),
        ({"price": None, "ord_type": IF_TOUCHED, "stop_px": 10200}, "510"),
        ({"price": None, "ord_type": IF_TOUCHED, "stop_px": 1, "side": SELL}, "505"),
        ({"price": 10300, "ord_type": STOP_LIMIT, "stop_px": 10200}, "515"),
    ],
)
def test_notional_of_an_order_without_a_price(terms: Any, notional: str) -> None:
    desk = Desk()
    desk.trade(10100)
    limit(desk, max_order_notional=500)
    text = f"max_order_notional 500 USD (firm NORTH): the order's is {notional} USD"
    refused(desk.new("a", qty=5, **terms), EXCEEDS, text)


def test_collar_around_the_best_price() -> None:
    desk = limited(price_collar_percent=5)
    desk.new("s", SELL, 5, 10000, session="TRADER2")
    desk.new("b", BUY, 5, 9000, session="TRADER2")
    text = "price_collar_percent 5 (firm NORTH): Price(44) 105.01 is above 105, 5 % from the best"
    refused(desk.new("a", BUY, 5, 10501), OrdRejReason.PRICE_EXCEEDS_BAND, f"{text} offer 100")
    text = "price_collar_percent 5 (firm NORTH): Price(44) 85.49 is below 85.5, 5 % from the best"
    refused(desk.new("b", SELL, 5, 8549), OrdRejReason.PRICE_EXCEEDS_BAND, f"{text} bid 90")
    accepted(desk.new("c", BUY, 1, 10500))
    accepted(desk.new("d", SELL, 1, 8550))
    accepted(desk.new("far", BUY, 1, 5100))


def test_collar_around_the_last_trade() -> None:
    desk = limited(price_collar_percent=5)
    text = "price_collar_percent 5 (firm NORTH): Price(44) 105.01 is above 105, 5 % from the"
    reason = OrdRejReason.PRICE_EXCEEDS_BAND
    refused(desk.new("a", BUY, 5, 10501), reason, f"{text} reference price 100")
    desk.trade(10000)
    refused(desk.new("b", BUY, 5, 10501), reason, f"{text} last trade 100")
    stop = {"ord_type": STOP_LIMIT, "stop_px": 11000}
    accepted(desk.new("c", BUY, 5, 11550, **stop))
    text = "price_collar_percent 5 (firm NORTH): Price(44) 115.51 is above 115.5, 5 % from the"
    refused(desk.new("d", BUY, 5, 11551, **stop), reason, f"{text} trigger price 110")


@pytest.mark.parametrize("side", [BUY, SELL])
def test_a_trigger_that_is_met_is_no_way_around_the_collar(side: Side) -> None:
    desk = limited(price_collar_percent=5)
    touched, waits = (12000, 8000) if side is BUY else (8000, 12000)
    terms: dict[str, Any] = {"ord_type": LIMIT_IF_TOUCHED}
    (event,) = desk.new("a", side, 5, touched, stop_px=touched, **terms)
    assert isinstance(event, e.OrderRejected) and "from the reference price 100" in event.text
    (event,) = desk.new("b", side, 5, 8401 if side is BUY else 11399, stop_px=waits, **terms)
    assert isinstance(event, e.OrderRejected) and "from the trigger price" in event.text
    accepted(desk.new("c", side, 5, 8400 if side is BUY else 11400, stop_px=waits, **terms))


def test_collar_in_a_call() -> None:
    """Nobody is shown the book then."""
    desk = limited(price_collar_percent=5)
    desk.venue.handle(c.EnterPhase("MAIN", TradingPhase.PRE_OPEN))
    desk.new("s", SELL, 5, 6000, session="TRADER2")
    accepted(desk.new("a", BUY, 5, 10500))


def test_duplicates() -> None:
    desk = limited(duplicate_milliseconds=100)
    wait(desk, SECOND)
    accepted(desk.new("a"))
    wait(desk, 30 * MILLISECOND)
    text = (
        "duplicate_milliseconds 100 (firm NORTH): an order for AAPL with Side(54) 1,"
        " OrderQty(38) 5, Price(44) 100 was accepted 30 ms ago"
    )
    refused(desk.new("b"), OTHER, text)
    refused(desk.new("c", session="TRADER3"), OTHER, text)
    for other in ({"side": SELL, "price": 10001}, {"qty": 4}, {"price": 9999}, {"account": "A"}):
        accepted(desk.new(f"d{other}", **other))  # type: ignore[arg-type]
    accepted(desk.new("e", session="TRADER2"))
    wait(desk, 70 * MILLISECOND)
    accepted(desk.new("f"))
    refused(desk.new("g"), OTHER, text.replace("30", "0"))
    wait(desk, SECOND)
    accepted(desk.new("h"))


def test_a_refused_order_has_no_duplicate() -> None:
    desk = limited(duplicate_milliseconds=100, max_order_qty=4)
    assert desk.new("a") and desk.new("b")
    limit(desk, duplicate_milliseconds=100)
    accepted(desk.new("c"))


def test_duplicates_of_stops() -> None:
    desk = limited(duplicate_milliseconds=100)
    stop = {"price": None, "ord_type": STOP}
    accepted(desk.new("a", stop_px=11000, **stop))
    accepted(desk.new("b", stop_px=11001, **stop))
    (event,) = desk.new("c", stop_px=11000, **stop)
    assert isinstance(event, e.OrderRejected) and "StopPx(99) 110 was accepted" in event.text


def test_restricted_symbol() -> None:
    desk = limited(restricted_symbols=("MSFT", "AAPL"))
    desk.define("IBM")
    refused(desk.new("a"), OTHER, "restricted_symbols (firm NORTH): Symbol(55) is AAPL")
    accepted(desk.new("b", symbol="IBM"))
    accepted(desk.new("c", session="TRADER2"))


# How many


def test_open_orders() -> None:
    desk = limited(max_open_orders=2)
    accepted(desk.new("a"))
    accepted(desk.new("b", session="TRADER3"))
    text = "max_open_orders 2 (firm NORTH): with this one 3 are open"
    refused(desk.new("c"), EXCEEDS, text)
    desk.cancel("x", "a")
    accepted(desk.new("d"))
    desk.new("s", SELL, 5, 10000, session="TRADER2")
    accepted(desk.new("e"))
    refused(desk.new("f"), EXCEEDS, text)


def test_messages() -> None:
    desk = limited(max_messages=3, message_seconds=2, max_order_qty=5)
    wait(desk, SECOND)
    accepted(desk.new("a"))
    assert_rejected(
        desk.new("big", qty=6)[0], EXCEEDS, "max_order_qty 5 (firm NORTH): OrderQty(38) is 6"
    )
    wait(desk, SECOND)
    replaced(desk.replace("b", "a", qty=4))
    text = "max_messages 3 in 2 s (firm NORTH): with this one 4 came"
    refused(desk.new("c", session="TRADER3"), EXCEEDS, text)
    not_replaced(desk.replace("d", "b", qty=3), text)
    assert_canceled(desk.cancel("e", "b")[0], "e")
    wait(desk, SECOND)
    accepted(desk.new("f"))
    accepted(desk.new("g"))
    refused(desk.new("h"), EXCEEDS, text)
    accepted(desk.new("i", session="TRADER2"))


def test_a_message_that_another_limit_refuses_has_not_come() -> None:
    desk = limited(max_messages=2)
    limit(desk, Scope("NORTH", "A"), max_messages=1)
    accepted(desk.new("a", account="A"))
    text = "max_messages 1 in 1 s (firm NORTH, account A): with this one 2 came"
    refused(desk.new("b", account="A"), EXCEEDS, text)
    accepted(desk.new("c"))


def test_open_notional_of_each_side() -> None:
    desk = limited(max_open_notional=1000)
    accepted(desk.new("a", BUY, 5, 10000))
    accepted(desk.new("b", BUY, 5, 9000))
    text = "max_open_notional 1000 USD (firm NORTH): open orders to buy would be 1030 USD, 80 USD"
    refused(desk.new("c", BUY, 1, 8000), EXCEEDS, f"{text} of that with this request")
    accepted(desk.new("d", SELL, 9, 11000))
    text = "max_open_notional 1000 USD (firm NORTH): open orders to sell would be 1100 USD, 110 USD"
    refused(desk.new("e", SELL, 1, 11000), EXCEEDS, f"{text} of that with this request")
    desk.new("s", SELL, 5, 10000, session="TRADER2")
    accepted(desk.new("f", BUY, 5, 8000))


def test_open_notional_over_instruments_of_a_currency() -> None:
    desk = limited(max_open_notional=1000)
    desk.venue.handle(c.DefineInstrument(aapl(symbol="BTC", lot="0.001", tick="0.1")))
    desk.venue.handle(c.DefineInstrument(aapl(symbol="YEN", currency="JPY")))
    accepted(desk.new("a", BUY, 5, 10000))
    accepted(desk.new("b", BUY, 1000, 999, symbol="BTC"))
    accepted(desk.new("c", BUY, 10, 10000, symbol="YEN"))
    accepted(desk.new("d", BUY, 1000, 900, symbol="BTC"))
    (event,) = desk.new("e", BUY, 4, 10000)
    assert isinstance(event, e.OrderRejected) and "would be 1089.9 USD, 400 USD" in event.text
    desk.venue.check()


# Positions


def test_long_position_counts_what_may_still_be_bought() -> None:
    desk = limited(max_long_position=10)
    desk.new("s", SELL, 4, 10000, session="TRADER2")
    accepted(desk.new("a", BUY, 7, 10000, session="TRADER3"))
    text = "max_long_position 10 (firm NORTH): 4 more to buy could make 11, position 4, to buy 3"
    refused(desk.new("b", BUY, 4), EXCEEDS, text)
    accepted(desk.new("c", SELL, 100, 11000))
    accepted(desk.new("d", BUY, 3))
    desk.cancel("x", "d")
    accepted(desk.new("e", BUY, 3, None, ord_type=STOP, stop_px=12000))
    (event,) = desk.new("f", BUY, 1)
    assert isinstance(event, e.OrderRejected)


def test_short_position() -> None:
    desk = limited(max_short_position=10)
    desk.new("b", BUY, 4, 10000, session="TRADER2")
    accepted(desk.new("a", SELL, 7, 10000))
    text = (
        "max_short_position 10 (firm NORTH): 4 more to sell could make 11 short, position -4, to"
        " sell 3"
    )
    refused(desk.new("c", SELL, 4, 10100), EXCEEDS, text)
    accepted(desk.new("d", SELL, 3, 10100))
    accepted(desk.new("e", BUY, 100, 9000))


def test_no_short_sales() -> None:
    desk = limited(allow_short=False)
    desk.new("s", SELL, 4, 10000, session="TRADER2")
    desk.new("a", BUY, 4, 10000)
    accepted(desk.new("b", SELL, 3, 11000))
    text = (
        "allow_short false (firm NORTH): 2 more to sell could make 1 short, position 4, to sell 3"
    )
    refused(desk.new("c", SELL, 2, 11000), OTHER, text)
    accepted(desk.new("d", SELL, 1, 11000))


def test_positions_are_of_each_instrument() -> None:
    desk = limited(max_long_position=10)
    desk.define("IBM")
    accepted(desk.new("a", BUY, 10))
    accepted(desk.new("b", BUY, 10, symbol="IBM"))
    (event,) = desk.new("c", BUY, 1, symbol="IBM")
    assert isinstance(event, e.OrderRejected)


def test_a_limit_that_comes_late_counts_what_there_is() -> None:
    desk = Desk()
    desk.new("s", SELL, 4, 10000, session="TRADER2")
    desk.new("a", BUY, 4, 10000)
    desk.new("b", BUY, 3, 9000)
    limit(desk, max_long_position=10, max_open_orders=2)
    accepted(desk.new("c", BUY, 3, 9000))
    limit(desk, max_long_position=10, max_open_orders=20)
    text = "max_long_position 10 (firm NORTH): 1 more to buy could make 11, position 4, to buy 6"
    refused(desk.new("d", BUY, 1), EXCEEDS, text)
    limit(desk)
    accepted(desk.new("e", BUY, 1))
    desk.cancel("x", "b")
    desk.status("b")
    limit(desk, max_long_position=9)
    accepted(desk.new("f", BUY, 1))
    (event,) = desk.new("g", BUY, 1)
    assert isinstance(event, e.OrderRejected)
    desk.venue.check()


# The day's loss


def test_daily_loss() -> None:
    desk = limited(max_daily_loss=100)
    desk.new("s", SELL, 10, 10000, session="TRADER2")
    desk.new("a", BUY, 10, 10000)
    mark(desk, 9000)
    accepted(desk.new("b", BUY, 1, 8000))
    mark(desk, 8900)
    text = "max_daily_loss 100 USD (firm NORTH): 110 USD are lost this trading day"
    refused(desk.new("c", BUY, 1, 8000), EXCEEDS, text)
    refused(desk.new("d", SELL, 1, 8000), EXCEEDS, text)
    not_replaced(desk.replace("e", "b", 2, 8000), text)
    assert_canceled(desk.cancel("f", "b")[0], "f")
    accepted(desk.new("g", BUY, 1, 8000, session="TRADER2"))


def test_what_was_lost_stays_lost() -> None:
    desk = limited(max_daily_loss=100)
    desk.new("s", SELL, 10, 10000, session="TRADER2")
    desk.new("a", BUY, 10, 10000)
    desk.new("b", BUY, 10, 8900, session="TRADER2")
    desk.new("c", SELL, 10, 8900)
    mark(desk, 10000)
    mark(desk, 11000)
    text = "max_daily_loss 100 USD (firm NORTH): 110 USD are lost this trading day"
    refused(desk.new("d", BUY, 1, 8000), EXCEEDS, text)


def test_another_day() -> None:
    desk = limited(max_daily_loss=100)
    desk.advance("20260105 12:00")
    desk.new("s", SELL, 10, 10000, session="TRADER2")
    desk.new("a", BUY, 10, 10000)
    mark(desk, 8900)
    (event,) = desk.new("b", BUY, 1, 8000)
    assert isinstance(event, e.OrderRejected)
    desk.advance("20260106 12:00")
    accepted(desk.new("c", BUY, 1, 6000))
    mark(desk, 7900)
    accepted(desk.new("d", BUY, 1, 7000))
    mark(desk, 7889)
    desk.venue.check()
    text = "max_daily_loss 100 USD (firm NORTH): 101.1 USD are lost this trading day"
    refused(desk.new("e", BUY, 1, 7000), EXCEEDS, text)


def test_loss_over_instruments() -> None:
    desk = limited(max_daily_loss=100)
    desk.define("IBM")
    desk.venue.handle(c.DefineInstrument(aapl(symbol="YEN", currency="JPY")))
    for symbol in ("AAPL", "IBM", "YEN"):
        desk.new(f"s{symbol}", SELL, 10, 10000, symbol=symbol, session="TRADER2")
        desk.new(f"a{symbol}", BUY, 10, 10000, symbol=symbol)
    for number, (symbol, price) in enumerate([("AAPL", 9400), ("YEN", 9000), ("IBM", 9500)]):
        accepted(desk.new(f"n{number}", BUY, 1, 6000))
        mark(desk, price, symbol)
    desk.venue.check()
    text = "max_daily_loss 100 USD (firm NORTH): 110 USD are lost this trading day"
    refused(desk.new("c", BUY, 1, 8000, symbol="IBM"), EXCEEDS, text)
    accepted(desk.new("d", BUY, 1, 8000, symbol="YEN"))


def test_a_busted_trade_was_no_trade() -> None:
    desk = limited(max_daily_loss=100, max_long_position=10)
    desk.new("s", SELL, 10, 10000, session="TRADER2")
    desk.new("a", BUY, 10, 10000, IOC)
    trade_id = desk.venue.ids.trade_id
    (event,) = desk.new("b", BUY, 1)
    assert isinstance(event, e.OrderRejected)
    desk.venue.handle(c.CorrectTrade(trade_id, 8, 10000))
    desk.venue.check()
    accepted(desk.new("c", BUY, 2, 9000))
    (event,) = desk.new("d", BUY, 1)
    assert isinstance(event, e.OrderRejected)
    desk.venue.handle(c.BustTrade(trade_id))
    desk.venue.check()
    accepted(desk.new("e", BUY, 8, 9000))


# Scopes


def test_all_scopes_hold() -> None:
    desk = limited(max_order_qty=9)
    limit(desk, Scope(""), max_order_qty=8)
    limit(desk, Scope("", "", "AAPL"), max_order_qty=7)
    limit(desk, Scope("NORTH", "A"), max_order_qty=6)
    limit(desk, Scope("NORTH", "A", "AAPL"), max_order_qty=5)
    desk.define("IBM")
    for number, (who, most, told) in enumerate(
        [
            ({"account": "A"}, 5, "firm NORTH, account A, symbol AAPL"),
            ({"account": "A", "symbol": "IBM"}, 6, "firm NORTH, account A"),
            ({"account": "B"}, 7, "each firm, symbol AAPL"),
            ({"session": "TRADER2"}, 7, "each firm, symbol AAPL"),
            ({"symbol": "IBM"}, 8, "each firm"),
        ]
    ):
        accepted(desk.new(f"a{number}", qty=most, **who))  # type: ignore[arg-type]
        text = f"max_order_qty {most} ({told}): OrderQty(38) is {most + 1}"
        refused(desk.new(f"b{number}", qty=most + 1, **who), EXCEEDS, text)  # type: ignore[arg-type]


def test_counters_of_scopes() -> None:
    desk = limited(max_open_orders=3)
    limit(desk, Scope("NORTH", "A"), max_open_orders=2)
    limit(desk, Scope("NORTH", "", "AAPL"), max_open_orders=2)
    desk.define("IBM")
    accepted(desk.new("a", account="A"))
    accepted(desk.new("b", account="A", symbol="IBM"))
    text = "max_open_orders 2 (firm NORTH, account A): with this one 3 are open"
    refused(desk.new("c", account="A", symbol="IBM"), EXCEEDS, text)
    accepted(desk.new("d", account="B"))
    text = "max_open_orders 3 (firm NORTH): with this one 4 are open"
    refused(desk.new("e", account="B", symbol="IBM"), EXCEEDS, text)
    desk.cancel("x", "b")
    text = "max_open_orders 2 (firm NORTH, symbol AAPL): with this one 3 are open"
    refused(desk.new("f"), EXCEEDS, text)
    desk.venue.check()


def test_each_firm_by_itself() -> None:
    desk = limited(Scope(""), max_open_orders=1)
    accepted(desk.new("a"))
    accepted(desk.new("a", session="TRADER2"))
    text = "max_open_orders 1 (each firm): with this one 2 are open"
    refused(desk.new("b", session="TRADER3"), EXCEEDS, text)


# Replaces


def test_a_replace_is_checked_for_its_increase() -> None:
    desk = limited(
        max_order_qty=5, max_order_notional=500, max_open_notional=500, max_long_position=5
    )
    desk.new("a", BUY, 4, 10000)
    not_replaced(desk.replace("b", "a", 6), "max_order_qty 5 (firm NORTH): OrderQty(38) is 6")
    text = "max_order_notional 500 USD (firm NORTH): the order's is 500.05 USD"
    not_replaced(desk.replace("c", "a", 5, 10001), text)
    replaced(desk.replace("d", "a", 5, 10000))
    not_replaced(desk.replace("e", "d", 5, 10001), text)
    limit(desk, max_order_qty=1, max_long_position=2, max_open_notional=100)
    replaced(desk.replace("f", "d", 4, 10000))
    replaced(desk.replace("g", "f", 4, 9900))
    text = "max_open_notional 100 USD (firm NORTH): open orders to buy would be 400 USD, 4 USD of"
    not_replaced(desk.replace("h", "g", 4, 10000), f"{text} that with this request")
    limit(desk, max_long_position=2)
    text = "max_long_position 2 (firm NORTH): 1 more to buy could make 5, position 0, to buy 4"
    not_replaced(desk.replace("i", "g", 5, 9900), text)
    replaced(desk.replace("j", "g", 4, 10000))
    desk.venue.check()


def test_a_replace_of_what_has_traded_in_part() -> None:
    desk = limited(max_long_position=10)
    desk.new("s", SELL, 4, 10000, session="TRADER2")
    desk.new("a", BUY, 8, 10000)
    replaced(desk.replace("b", "a", 10, 10000))
    text = "max_long_position 10 (firm NORTH): 1 more to buy could make 11, position 4, to buy 6"
    not_replaced(desk.replace("c", "b", 11, 10000), text)
    replaced(desk.replace("d", "b", 4, 10000))
    desk.venue.check()
    accepted(desk.new("e", BUY, 6))


def test_the_collar_of_a_replace() -> None:
    desk = limited(price_collar_percent=5)
    desk.new("a", BUY, 4, 10000)
    (event,) = desk.replace("b", "a", 4, 10501)
    text = "price_collar_percent 5 (firm NORTH): Price(44) 105.01 is above 105, 5 % from the"
    reason = CxlRejReason.PRICE_EXCEEDS_BAND
    assert_cancel_rejected(event, reason, f"{text} reference price 100")
    replaced(desk.replace("c", "a", 4, 10500))
    desk.trade(9000)
    replaced(desk.replace("d", "c", 5, 10500))


def test_a_replace_makes_no_duplicate_and_no_further_order() -> None:
    desk = limited(duplicate_milliseconds=100, max_open_orders=1)
    desk.new("a")
    replaced(desk.replace("b", "a", 6))
    replaced(desk.replace("c", "b", 5))


def test_a_restricted_order_can_be_made_smaller() -> None:
    desk = Desk()
    desk.new("a")
    limit(desk, restricted_symbols=("AAPL",))
    text = "restricted_symbols (firm NORTH): Symbol(55) is AAPL"
    not_replaced(desk.replace("b", "a", 6), text)
    not_replaced(desk.replace("c", "a", 5, 9999), text)
    replaced(desk.replace("d", "a", 4))
    assert_canceled(desk.cancel("e", "d")[0], "e")


def test_a_trigger_that_moves() -> None:
    desk = limited(price_collar_percent=5, max_open_notional=1000)
    desk.new("a", BUY, 5, 11000, ord_type=STOP_LIMIT, stop_px=11000)
    kind = {"ord_type": STOP_LIMIT}
    (event,) = desk.replace("b", "a", 5, 11000, stop_px=10400, **kind)
    text = "price_collar_percent 5 (firm NORTH): Price(44) 110 is above 109.2, 5 % from the"
    reason = CxlRejReason.PRICE_EXCEEDS_BAND
    assert_cancel_rejected(event, reason, f"{text} trigger price 104")
    desk.new("c", BUY, 4, None, ord_type=STOP, stop_px=11000)
    (event,) = desk.replace("d", "c", 4, None, stop_px=11300, ord_type=STOP)
    assert isinstance(event, e.CancelRejected) and "would be 1002 USD, 12 USD of" in event.text
    replaced(desk.replace("e", "c", 4, None, stop_px=11200, ord_type=STOP))
    desk.venue.check()


# Kill switches


def test_a_kill_switch_cancels_and_refuses() -> None:
    desk = Desk()
    desk.new("a")
    desk.new("b", session="TRADER3", price=9000)
    desk.new("s", price=None, ord_type=STOP, stop_px=12000)
    desk.new("c", session="TRADER2")
    events = desk.venue.handle(c.EngageKillSwitch("NORTH"))
    assert story(events) == ["canceled a", "canceled b", "canceled s"]
    for event in events:
        assert isinstance(event, e.OrderCanceled)
        assert event.reason is ExecRestatementReason.MARKET_OPTION
        assert event.text == "the kill switch of firm NORTH is engaged"
    assert [event.session for event in events] == ["TRADER1", "TRADER3", "TRADER1"]
    refused(desk.new("d"), OTHER, "the kill switch of firm NORTH is engaged")
    accepted(desk.new("e", session="TRADER2"))
    assert desk.venue.handle(c.EngageKillSwitch("NORTH")) == []
    assert desk.venue.handle(c.ReleaseKillSwitch("NORTH", "A")) == []
    refused(desk.new("f"), OTHER, "the kill switch of firm NORTH is engaged")
    assert desk.venue.handle(c.ReleaseKillSwitch("NORTH")) == []
    accepted(desk.new("g"))
    assert desk.venue.risk.checks is False


def test_the_kill_switch_of_an_account() -> None:
    desk = limited(max_open_orders=2)
    desk.new("a", account="A")
    desk.new("b")
    assert story(desk.venue.handle(c.EngageKillSwitch("NORTH", "A"))) == ["canceled a"]
    text = "the kill switch of firm NORTH, account A is engaged"
    refused(desk.new("c", account="A"), OTHER, text)
    accepted(desk.new("d"))
    desk.venue.handle(c.EngageKillSwitch("NORTH"))
    refused(desk.new("e", account="A"), OTHER, "the kill switch of firm NORTH is engaged")
    desk.venue.handle(c.ReleaseKillSwitch("NORTH"))
    refused(desk.new("f", account="A"), OTHER, text)
    desk.venue.check()


# What is kept


def test_an_image_keeps_what_is_remembered() -> None:
    desk = limited(max_messages=2, duplicate_milliseconds=500)
    limit(desk, Scope("", "", "AAPL"), max_open_orders=5, max_daily_loss=10)
    desk.venue.handle(c.DefineLimits(Scope("SOUTH"), Limits(max_open_orders=9), configured=True))
    desk.venue.handle(c.EngageKillSwitch("SOUTH", "A"))
    wait(desk, SECOND)
    desk.new("a")
    for other in (desk, copied(desk)):
        (event,) = other.new("b")
        assert isinstance(event, e.OrderRejected) and event.text.startswith("duplicate_")
        (event,) = other.new("c", qty=6)
        assert isinstance(event, e.OrderRejected) and event.text.startswith("max_messages")
        (event,) = other.new("d", account="A", session="TRADER2")
        assert isinstance(event, e.OrderRejected) and "kill switch" in event.text
        assert other.venue.risk.configured == {Scope("SOUTH"): Limits(max_open_orders=9)}
        wait(other, SECOND)
        accepted(other.new("e"))
        other.venue.check()
    assert other.venue.state_hash() == desk.venue.state_hash()


def test_the_time_alone_changes_no_state() -> None:
    """A venue that stops has waited since its last batch; who replays the journal has not."""
    desk = limited(max_messages=2, duplicate_milliseconds=500)
    desk.new("a")
    desk.new("b", qty=6)
    before, image = desk.venue.state_hash(), msgspec.msgpack.encode(copy(desk.venue))
    wait(desk, 2 * SECOND)
    assert desk.venue.state_hash() == before
    again = Desk()
    again.venue = restore(
        msgspec.msgpack.decode(msgspec.msgpack.encode(copy(desk.venue)), type=Image)
    )
    for each in (desk, again):
        each.new("c", qty=6)
    assert desk.venue.state_hash() == again.venue.state_hash() != before
    replayed = Desk()
    replayed.venue = restore(msgspec.msgpack.decode(image, type=Image))
    wait(replayed, 2 * SECOND)
    replayed.new("c", qty=6)
    assert replayed.venue.state_hash() == again.venue.state_hash()


def test_limits_are_state() -> None:
    desk = Desk()
    hashes = {desk.venue.state_hash()}
    limit(desk, max_open_orders=5)
    hashes.add(desk.venue.state_hash())
    desk.venue.handle(c.EngageKillSwitch("SOUTH"))
    hashes.add(desk.venue.state_hash())
    desk.venue.handle(c.DefineLimits(NORTH, Limits(max_open_orders=5), configured=True))
    hashes.add(desk.venue.state_hash())
    assert len(hashes) == 4


def test_messages_of_a_limit_that_changes() -> None:
    desk = limited(max_messages=2, message_seconds=1)
    wait(desk, SECOND)
    desk.new("a")
    wait(desk, SECOND // 2)
    desk.new("b")
    limit(desk, max_messages=2, message_seconds=10)
    (event,) = desk.new("c")
    assert isinstance(event, e.OrderRejected)
    wait(desk, 9 * SECOND)
    (event,) = desk.new("d")
    assert isinstance(event, e.OrderRejected)
    wait(desk, SECOND // 2)
    accepted(desk.new("e"))


def test_a_defect_leaves_the_counters_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = limited(max_open_orders=2)
    desk.new("a")
    settle = desk.venue.trading.settle_all
    monkeypatch.setattr(desk.venue.trading, "settle_all", lambda events: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        desk.mass_cancel("q")
    monkeypatch.setattr(desk.venue.trading, "settle_all", settle)
    accepted(desk.new("b"))
    accepted(desk.new("c"))
    desk.venue.check()


def test_a_reference_price_that_changes() -> None:
    """Before the first trade it is what orders without a price count at."""
    desk = limited(max_open_notional=1000)
    desk.venue.handle(c.EnterPhase("MAIN", TradingPhase.PRE_OPEN))
    accepted(desk.new("a", BUY, 9, None))
    desk.venue.handle(c.DefineInstrument(aapl(reference_price="110")))
    desk.venue.check()
    (event,) = desk.new("b", BUY, 1, None)
    assert isinstance(event, e.OrderRejected) and "would be 1100 USD, 110 USD" in event.text


def test_orders_in_a_call_count_at_the_last_price() -> None:
    desk = limited(max_open_notional=1000)
    desk.trade(10000)
    desk.venue.handle(c.EnterPhase("MAIN", TradingPhase.PRE_OPEN))
    accepted(desk.new("a", BUY, 9, None))
    desk.venue.check()
    (event,) = desk.new("b", BUY, 2, None)
    assert isinstance(event, e.OrderRejected)
    accepted(desk.new("c", BUY, 1, None))
    desk.new("s", SELL, 9, 10000, session="TRADER2")
    desk.venue.handle(c.EnterPhase("MAIN", TradingPhase.CONTINUOUS))
    desk.venue.check()
    accepted(desk.new("d", BUY, 10, 10000))


@pytest.mark.parametrize("side", [BUY, SELL])
def test_orders_for_the_close_count_at_the_last_price(side: Side) -> None:
    desk = limited(max_open_notional=1000)
    accepted(desk.new("a", side, 5, None, AT_THE_CLOSE))
    mark(desk, 11000)
    desk.venue.check()
    text = "max_open_notional 1000 USD (firm NORTH): open orders to"
    (event,) = desk.new("b", side, 5, 9001)
    assert isinstance(event, e.OrderRejected) and event.text.startswith(text)
    mark(desk, 9000)
    desk.venue.check()
    accepted(desk.new("c", side, 5, 11000))
    desk.cancel("d", "a", side=side)
    desk.venue.check()


def test_firms_of_the_desk() -> None:
    assert FIRMS == {"TRADER1": "NORTH", "TRADER2": "SOUTH", "TRADER3": "NORTH"}


def test_replaced_after_all() -> None:
    """An order without limits pays nothing, and is counted when there are some."""
    desk = Desk()
    desk.new("a")
    assert_replaced(desk.replace("b", "a", 6)[0], "b", "a")
    assert desk.order("b").counted_qty == 0
    limit(desk, max_open_orders=1)
    desk.venue.check()
    desk.new("c")
    assert desk.order("b").counted_qty == 6
