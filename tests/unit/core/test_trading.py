"""Orders that start under a condition, wait for a trigger, and trigger each other."""

from typing import Any

import pytest

from tests.unit.core.desk import (
    AT_THE_CLOSE,
    BUY,
    DAY,
    FOK,
    GTC,
    IF_TOUCHED,
    IOC,
    LIMIT,
    LIMIT_IF_TOUCHED,
    MARKET,
    SELL,
    STOP,
    STOP_LIMIT,
    TO_LIMIT,
    Desk,
    assert_accepted,
    assert_canceled,
    assert_filled,
    story,
)
from venue.core import commands as c
from venue.core import events as e
from venue.core.types import (
    ExecRestatementReason,
    OrdStatus,
    OrdType,
    PostOnly,
    Side,
    TimeInForce,
    TriggerPriceType,
)

NO_LIQUIDITY = "no more liquidity at this price"
QUOTE = {"trigger_price_type": TriggerPriceType.BEST_QUOTE}


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def quoted(desk: Desk) -> Desk:
    """A market at 99 to 101, 5 on each side, the last trade at 100."""
    desk.trade(10000)
    desk.new("bid", BUY, 5, 9900, session="TRADER2")
    desk.new("offer", SELL, 5, 10100, session="TRADER2")
    return desk


# Plain orders


@pytest.mark.parametrize("time_in_force", [DAY, GTC, IOC])
def test_a_plain_order_has_no_qualifiers_anywhere(desk: Desk, time_in_force: TimeInForce) -> None:
    """None is made, none is told, and nothing asks for conditions or triggers."""
    entry: Any = desk.venue._answers[c.NewOrder]
    for owner, names in (
        (desk.venue._trading, ("start", "settle", "waits")),
        (entry.__self__, ("_refuses_terms", "_prepare")),
    ):
        for name in names:
            setattr(owner, name, None)
    desk.new("offer", SELL, 3, 10000, session="TRADER2")
    events = desk.new("bid", BUY, 5, 10000, time_in_force)
    if time_in_force is not IOC:
        events += desk.replace("smaller", "bid", 4)
        events += desk.replace("dearer", "smaller", 9, 10001)
        events += desk.cancel("gone", "dearer")
    assert len(events) == (4 if time_in_force is IOC else 6)
    assert {type(event).__name__ for event in events} >= {"OrderAccepted", "OrderFilled"}
    assert [event.details for event in events] == [None] * len(events)
    for order in desk.venue.orders.by_id.values():
        assert order.qualifiers is None and order.carried is None and order.working


# Triggers


@pytest.mark.parametrize("ord_type", [STOP, IF_TOUCHED, STOP_LIMIT, LIMIT_IF_TOUCHED])
@pytest.mark.parametrize("side", [BUY, SELL])
def test_a_trigger_waits_until_it_is_met(desk: Desk, ord_type: OrdType, side: Side) -> None:
    rises = (side is BUY) == (ord_type in (STOP, STOP_LIMIT))
    price = None if ord_type in (STOP, IF_TOUCHED) else 10000
    (accepted,) = desk.new("t", side, 5, price, ord_type=ord_type, stop_px=10000)
    assert_accepted(accepted, "t", ord_type=ord_type, price=price, leaves_qty=5)
    assert not accepted.details.working and accepted.details.shown_qty == 0
    desk.trade(9999 if rises else 10001)
    assert desk.waiting() == ["t"] and desk.resting(side) == []
    desk.trade(10000)
    assert desk.waiting() == []
    assert desk.resting(side) == ([] if price is None else [("t", 5, 10000)])
    assert desk.order("t").ord_status is (OrdStatus.CANCELED if price is None else OrdStatus.NEW)


def test_a_stop_that_is_met_trades_like_a_market_order(quoted: Desk) -> None:
    accepted, triggered, fill, _, canceled = quoted.new(
        "stop", BUY, 9, None, ord_type=STOP, stop_px=10000
    )
    assert not accepted.details.working
    assert type(triggered) is e.OrderTriggered and triggered.details.working
    assert (triggered.cl_ord_id, triggered.ord_status, triggered.leaves_qty) == (
        "stop",
        OrdStatus.NEW,
        9,
    )
    assert (triggered.session, triggered.exec_id) == ("TRADER1", accepted.exec_id + 1)
    assert_filled(fill, "stop", 5, 10100, 4)
    assert_canceled(canceled, "stop", cum_qty=5, text=NO_LIQUIDITY)


def test_a_stop_limit_that_is_met_trades_like_a_limit_order(quoted: Desk) -> None:
    events = quoted.new("stop", BUY, 9, 10100, ord_type=STOP_LIMIT, stop_px=10000)
    assert story(events[:3]) == ["accepted stop", "triggered stop", "filled stop 5 @ 10100"]
    assert quoted.resting(BUY)[0] == ("stop", 4, 10100)


def test_a_triggered_order_has_the_priority_of_its_triggering(desk: Desk) -> None:
    desk.new("stop", SELL, 1, 10000, ord_type=STOP_LIMIT, stop_px=9900)
    desk.new("later", SELL, 1, 10000)
    desk.trade(9900)
    desk.new("latest", SELL, 1, 10000)
    assert [name for name, _, _ in desk.resting(SELL)] == ["later", "stop", "latest"]


def test_triggers_come_after_the_whole_request(desk: Desk) -> None:
    """The bid trades with both offers before the stop of the first trade does anything."""
    desk.trade(10000)
    desk.new("stop", BUY, 2, None, ord_type=STOP, stop_px=10100, session="TRADER3")
    for number, price in enumerate((10100, 10200, 10300)):
        desk.new(f"o{number}", SELL, 1, price, session="TRADER2")
    events = desk.new("bid", BUY, 2, 10200)
    assert story(events) == [
        "accepted bid",
        "filled bid 1 @ 10100",
        "filled o0 1 @ 10100",
        "filled bid 1 @ 10200",
        "filled o1 1 @ 10200",
        "triggered stop",
        "filled stop 1 @ 10300",
        "filled o2 1 @ 10300",
        "canceled stop",
    ]


@pytest.mark.parametrize("prices", [(10100, 10000), (10000, 10100)])
def test_any_trade_of_a_request_triggers(desk: Desk, prices: tuple[int, int]) -> None:
    """The seller trades at 101 and then at 100; the buyer at 100 and then at 101."""
    side, other = (SELL, BUY) if prices[0] > prices[1] else (BUY, SELL)
    for price in prices:
        desk.new(f"r{price}", other, 1, price, session="TRADER2")
    high = {"ord_type": STOP, "stop_px": 10100}
    low = {"ord_type": STOP, "stop_px": 10000}
    desk.new("high", BUY, 1, None, **high)
    desk.new("low", SELL, 1, None, **low)
    events = desk.new("sweep", side, 2, prices[1], session="TRADER3")
    assert [name for name in story(events) if name.startswith("trig")] == [
        "triggered high",
        "triggered low",
    ]


def test_a_cascade(desk: Desk) -> None:
    """What a triggered order's trades trigger is worked behind all that were met before."""
    desk.trade(10000)
    for price in (9900, 9800, 9700, 9600):
        desk.new(f"b{price}", BUY, 1, price, session="TRADER2")
    desk.new("third", SELL, 1, None, ord_type=STOP, stop_px=9800)
    desk.new("first", SELL, 1, None, ord_type=STOP, stop_px=9900)
    desk.new("second", SELL, 1, None, ord_type=STOP, stop_px=9900)
    desk.new("limit", SELL, 1, 9700, ord_type=STOP_LIMIT, stop_px=9700)
    events = desk.new("sell", SELL, 1, 9900, session="TRADER3")
    assert story(events) == [
        "accepted sell",
        "filled sell 1 @ 9900",
        "filled b9900 1 @ 9900",
        "triggered first",
        "filled first 1 @ 9800",
        "filled b9800 1 @ 9800",
        "triggered second",
        "filled second 1 @ 9700",
        "filled b9700 1 @ 9700",
        "triggered third",
        "filled third 1 @ 9600",
        "filled b9600 1 @ 9600",
        "triggered limit",
    ]
    assert desk.resting(SELL) == [("limit", 1, 9700)] and desk.waiting() == []
    desk.venue.check()


def test_a_cascade_runs_up_and_down_and_ends(desk: Desk) -> None:
    """Each order pushes the price to where the next one waits; each is triggered once."""
    for price in (10100, 10200, 10300):
        desk.new(f"o{price}", SELL, 1, price, session="TRADER2")
    for price in (9900, 9800):
        desk.new(f"b{price}", BUY, 1, price, session="TRADER2")
    desk.new("touched below", BUY, 1, None, ord_type=IF_TOUCHED, stop_px=9800)
    desk.new("stop below", SELL, 1, None, ord_type=STOP, stop_px=9900)
    desk.new("touched above", SELL, 1, None, ord_type=IF_TOUCHED, stop_px=10200)
    desk.new("stop above", BUY, 1, None, ord_type=STOP, stop_px=10100)
    events = desk.new("go", BUY, 1, 10100, session="TRADER3")
    assert [line for line in story(events) if "triggered" in line] == [
        "triggered stop above",
        "triggered touched above",
        "triggered stop below",
        "triggered touched below",
    ]
    assert desk.waiting() == desk.resting(BUY) == desk.resting(SELL) == []
    assert desk.venue.last_trade("AAPL") == (10300, 1)


def test_a_trigger_looks_at_its_own_instrument(desk: Desk) -> None:
    desk.define("MSFT")
    desk.new("stop", BUY, 1, None, ord_type=STOP, stop_px=10000, symbol="MSFT")
    desk.trade(10000)
    assert desk.order("stop").live and not desk.order("stop").working


@pytest.mark.parametrize("how", ["new", "cancel", "replace", "mass cancel", "disconnect", "expire"])
def test_a_quote_triggers_however_it_comes(desk: Desk, how: str) -> None:
    """The stop buys when the best offer is 102 or more; only the offer at 101 keeps it."""
    desk.advance("20260105 12:00")
    desk.connect("TRADER2")
    desk.new("far", SELL, 1, 10200, GTC, session="TRADER3")
    if how != "new":
        desk.new("near", SELL, 1, 10100, session="TRADER2")
    desk.new("stop", BUY, 1, 10000, GTC, ord_type=STOP_LIMIT, stop_px=10150, **QUOTE)
    if how == "new":
        assert desk.waiting() == []
        return
    assert desk.waiting() == ["stop"]
    answers = {
        "cancel": lambda: desk.cancel("x", "near", side=SELL, session="TRADER2"),
        "replace": lambda: desk.replace("x", "near", 1, 10150, side=SELL, session="TRADER2"),
        "mass cancel": lambda: desk.mass_cancel("x", session="TRADER2"),
        "disconnect": lambda: desk.disconnect("TRADER2"),
        "expire": lambda: desk.advance("20260106 00:00"),
    }
    assert "triggered stop" in story(answers[how]())
    assert desk.resting(BUY) == [("stop", 1, 10000)]
    desk.venue.check()


def test_only_the_quote_that_is_left_triggers(desk: Desk) -> None:
    """A request that takes one quote away and leaves no better one; none at all triggers none."""
    desk.new("near", SELL, 1, 10100, session="TRADER2")
    desk.new("stop", BUY, 1, 10000, ord_type=STOP_LIMIT, stop_px=10150, **QUOTE)
    desk.new("take", BUY, 1, 10100, session="TRADER3")
    assert desk.waiting() == ["stop"]
    (_, triggered) = desk.new("far", SELL, 1, 10200, session="TRADER2")
    assert story([triggered]) == ["triggered stop"]


def test_mass_cancel_triggers_market_by_market(desk: Desk) -> None:
    desk.define("MSFT")
    for symbol in ("MSFT", "AAPL"):
        desk.new(f"near{symbol}", SELL, 1, 10100, symbol=symbol, session="TRADER2")
        desk.new(f"far{symbol}", SELL, 1, 10200, symbol=symbol)
        quoted = {"symbol": symbol, "ord_type": STOP_LIMIT, "stop_px": 10150, **QUOTE}
        desk.new(f"stop{symbol}", BUY, 1, 10000, **quoted)
    events = desk.mass_cancel("q", session="TRADER2")
    assert story(events)[-2:] == ["triggered stopAAPL", "triggered stopMSFT"]


def test_a_waiting_order_is_canceled_by_id_and_by_number(desk: Desk) -> None:
    desk.new("a", BUY, 5, None, ord_type=STOP, stop_px=10000)
    desk.new("b", BUY, 5, None, ord_type=STOP, stop_px=10000)
    (canceled,) = desk.cancel("x", "a")
    assert_canceled(canceled, "x", orig_cl_ord_id="a", cum_qty=0)
    assert not canceled.details.working
    asked, owner = desk.cancel("x", order_id="2", session="TRADER3")
    assert_canceled(asked, "x", session="TRADER3")
    assert_canceled(owner, "b", session="TRADER1")
    assert desk.waiting() == []
    desk.trade(10000)
    desk.venue.check()


def test_an_order_at_the_close_waits_for_it(quoted: Desk) -> None:
    for number, (price, ord_type) in enumerate(((None, MARKET), (10200, LIMIT))):
        (accepted,) = quoted.new(f"c{number}", BUY, 5, price, AT_THE_CLOSE, ord_type=ord_type)
        assert not accepted.details.working
    quoted.trade(10000, 10100)
    assert quoted.waiting() == ["c0", "c1"]
    quoted.venue.check()


# Market with leftover as limit


def test_market_to_limit_trades_at_the_best_price_and_rests_there(quoted: Desk) -> None:
    quoted.new("worse", SELL, 5, 10200, session="TRADER2")
    accepted, fill, _ = quoted.new("k", BUY, 9, None, ord_type=TO_LIMIT)
    assert_accepted(accepted, "k", price=None)
    assert_filled(fill, "k", 5, 10100, 4, price=10100, ord_type=TO_LIMIT)
    assert quoted.resting(BUY)[0] == ("k", 4, 10100)
    assert quoted.resting(SELL) == [("worse", 5, 10200)]


@pytest.mark.parametrize(
    ("time_in_force", "text"), [(IOC, NO_LIQUIDITY), (FOK, "FillOrKill: 5 of 9 available")]
)
def test_market_to_limit_that_may_not_rest(
    quoted: Desk, time_in_force: TimeInForce, text: str
) -> None:
    quoted.new("worse", SELL, 5, 10200, session="TRADER2")
    *_, canceled = quoted.new("k", BUY, 9, None, time_in_force, ord_type=TO_LIMIT)
    assert_canceled(canceled, "k", cum_qty=5 if time_in_force is IOC else 0, text=text)


def test_market_to_limit_needs_another_side(desk: Desk) -> None:
    _, canceled = desk.new("k", BUY, 9, None, ord_type=TO_LIMIT)
    assert_canceled(canceled, "k", cum_qty=0, price=None, text=NO_LIQUIDITY)


# Post-only, MinQty


@pytest.mark.parametrize(
    ("side", "price", "becomes"), [(BUY, 10300, 10099), (BUY, 10100, 10099), (SELL, 9900, 9901)]
)
def test_post_only_steps_back_from_the_best_price(
    quoted: Desk, side: Side, price: int, becomes: int
) -> None:
    accepted, restated = quoted.new("p", side, 5, price, post_only=PostOnly.REPRICE)
    assert_accepted(accepted, "p", price=price)
    assert type(restated) is e.OrderRestated
    assert (restated.price, restated.reason) == (becomes, ExecRestatementReason.REPRICING)
    assert (restated.session, restated.leaves_qty) == ("TRADER1", 5)
    assert restated.text == "ExecInst(18) 6: repriced, it would have traded"
    assert quoted.resting(side)[0] == ("p", 5, becomes)


@pytest.mark.parametrize("post_only", list(PostOnly))
@pytest.mark.parametrize(("side", "price"), [(BUY, 10099), (SELL, 9901)])
def test_post_only_that_would_not_trade_stays(
    quoted: Desk, side: Side, price: int, post_only: PostOnly
) -> None:
    (accepted,) = quoted.new("p", side, 5, price, post_only=post_only)
    assert_accepted(accepted, "p", price=price)
    assert quoted.resting(side)[0] == ("p", 5, price)


@pytest.mark.parametrize(
    ("min_qty", "qty", "price", "traded", "text"),
    [
        (5, 9, 10100, 5, None),
        (1, 9, 10100, 5, None),
        (6, 9, 10100, 0, "MinQty(110): 5 of 6 available"),
        (6, 9, 10200, 7, None),
        (8, 9, 10200, 0, "MinQty(110): 7 of 8 available"),
        (1, 9, 10000, 0, NO_LIQUIDITY),
        (3, 3, 10100, 3, None),
    ],
)
def test_min_qty(
    quoted: Desk, min_qty: int, qty: int, price: int, traded: int, text: str | None
) -> None:
    quoted.new("worse", SELL, 2, 10200, session="TRADER2")
    events = quoted.new("m", BUY, qty, price, min_qty=min_qty)
    order = quoted.order("m")
    assert order.cum_qty == traded and order.live is (text is None and traded < qty)
    if text is not None:
        assert_canceled(events[-1], "m", cum_qty=0, text=text, reason=None)
        assert quoted.venue.last_trade("AAPL") == (10000, 1)


def test_min_qty_has_no_effect_once_the_order_works(quoted: Desk) -> None:
    quoted.new("m", BUY, 9, 10100, min_qty=5)
    quoted.new("small", SELL, 1, 10100, session="TRADER2")
    assert quoted.order("m").cum_qty == 6
    quoted.new("tiny", SELL, 1, 10200, session="TRADER2")
    quoted.replace("m2", "m", 9, 10200)
    assert quoted.order("m2").cum_qty == 7


@pytest.mark.parametrize(("min_qty", "traded"), [(5, 5), (6, 0)])
def test_min_qty_counts_when_the_order_is_triggered(
    quoted: Desk, min_qty: int, traded: int
) -> None:
    quoted.new("m", BUY, 9, None, ord_type=STOP, stop_px=10001, min_qty=min_qty)
    assert quoted.order("m").live
    quoted.trade(10001)
    assert quoted.order("m").cum_qty == traded and not quoted.order("m").live


def test_min_qty_goes_before_fill_or_kill(quoted: Desk) -> None:
    """Either is enough to end the order, and it ends once."""
    _, canceled = quoted.new("m", BUY, 9, 10100, FOK, min_qty=6)
    assert_canceled(canceled, "m", text="MinQty(110): 5 of 6 available")
    _, canceled = quoted.new("n", BUY, 9, 10100, FOK, min_qty=5)
    assert_canceled(canceled, "n", text="FillOrKill: 5 of 9 available")
    _, *fills = quoted.new("o", BUY, 5, 10100, FOK, min_qty=5)
    assert len(fills) == 2


# Looking for orders


def test_live_orders(desk: Desk) -> None:
    """Wherever they rest or wait, the oldest first."""
    desk.define("MSFT")
    desk.new("a", SELL, 5, 10100, symbol="MSFT")
    desk.new("b", BUY, 5, 9900)
    desk.new("c", BUY, 5, None, ord_type=STOP, stop_px=10000, session="TRADER2")
    desk.new("d", BUY, 5, 9950)
    desk.new("e", BUY, 5, 9950, IOC)
    desk.new("f", SELL, 5, 10100)
    assert [order.cl_ord_id for order in desk.venue._trading.live()] == ["a", "b", "c", "d", "f"]


def test_an_order_status_tells_whether_it_works(desk: Desk) -> None:
    desk.new("stop", BUY, 5, 10100, ord_type=STOP_LIMIT, stop_px=10000)
    (status,) = desk.status("stop")
    assert not status.details.working and status.ord_status is OrdStatus.NEW
    desk.trade(10000)
    (status,) = desk.status("stop")
    assert status.details.working and status.details.qualifiers.stop_px == 10000


def test_a_listed_instrument_with_new_terms_keeps_its_triggers(desk: Desk) -> None:
    desk.new("stop", BUY, 5, 10100, ord_type=STOP_LIMIT, stop_px=10000)
    desk.venue.handle(c.DefineInstrument(desk.venue.markets["AAPL"].instrument.spec))
    assert desk.waiting() == ["stop"]
