"""How far trades may go. What happens where they would go further is the ladders'."""

from typing import Any

import pytest

from tests.unit.core.desk import (
    BUY,
    FOK,
    LIMIT_IF_TOUCHED,
    SELL,
    TO_LIMIT,
    Desk,
    aapl,
    assert_canceled,
    story,
)
from venue.core.collars import Collar, collars
from venue.core.instrument import Instrument
from venue.core.types import ExecRestatementReason, TradingPhase


def found(
    last_px: int | None, auction_px: int | None, priced: bool, **terms: Any
) -> list[tuple[str, int, int]]:
    instrument = Instrument(aapl(**terms))
    return [each[:3] for each in collars(instrument, last_px, auction_px, priced)]


@pytest.mark.parametrize(
    ("last_px", "auction_px", "dynamic", "static"),
    [
        pytest.param(None, None, (9800, 10200), (9500, 10500), id="the reference price at first"),
        pytest.param(20000, None, (19600, 20400), (9500, 10500), id="a trade moves the dynamic"),
        pytest.param(None, 20000, (9800, 10200), (19000, 21000), id="an auction moves the static"),
        pytest.param(10049, 10019, (9849, 10249), (9519, 10519), id="whole ticks, rounded down"),
    ],
)
def test_what_each_collar_is_around(
    last_px: int | None, auction_px: int | None, dynamic: tuple[int, int], static: tuple[int, int]
) -> None:
    terms = {"dynamic_collar_percent": "2", "static_collar_percent": "5"}
    assert found(last_px, auction_px, True, **terms) == [
        ("dynamic collar", *dynamic),
        ("static collar", *static),
    ]


def test_without_a_price_the_collar_of_limit_prices_counts() -> None:
    assert found(None, None, True) == []
    assert found(20000, 30000, False, collar_percent="10") == [("collar", 18000, 22000)]


def test_only_collars_of_trades_interrupt() -> None:
    instrument = Instrument(aapl(dynamic_collar_percent="2", static_collar_percent="5"))
    assert [each.interrupts for each in collars(instrument, None, None, False)] == [
        True,
        True,
        False,
    ]


def test_the_text_says_which_price_and_which_bounds() -> None:
    text = Collar("static collar", 9500, 10500, True).text(Instrument(aapl()), 10501)
    assert text == "a trade at 105.01 would leave the static collar 95 to 105"


def test_the_rest_is_canceled_and_the_owner_told_why() -> None:
    desk = Desk(dynamic_collar_percent="1")
    desk.new("near", SELL, 2, 10100, session="TRADER2")
    desk.new("far", SELL, 2, 10101, session="TRADER2")
    *_, canceled = desk.new("bid", BUY, 4, 10200)
    text = "a trade at 101.01 would leave the dynamic collar 99 to 101"
    reason = ExecRestatementReason.TRADE_PRICE_VIOLATION
    assert_canceled(canceled, "bid", cum_qty=2, text=text, reason=reason)


def test_the_collar_stays_where_it_was_while_one_order_trades() -> None:
    """It is around the last trade before the order; the next order has another."""
    desk = Desk(dynamic_collar_percent="1")
    for price in (10050, 10100, 10150):
        desk.new(f"at {price}", SELL, 1, price, session="TRADER2")
    assert story(desk.new("bid", BUY, 3, 10150))[-1] == "canceled bid"
    assert desk.resting(SELL) == [("at 10150", 1, 10150)]
    assert story(desk.new("again", BUY, 1, 10150))[1] == "filled again 1 @ 10150"


def test_a_best_price_below_the_collar_is_too_cheap_for_a_buyer_as_well() -> None:
    desk = Desk(dynamic_collar_percent="1")
    desk.new("cheap", SELL, 1, 9800, session="TRADER2")
    desk.new("fair", SELL, 1, 10000, session="TRADER2")
    assert story(desk.new("bid", BUY, 2, 10000)) == ["accepted bid", "canceled bid"]


def test_fill_or_kill_counts_only_what_it_may_have() -> None:
    desk = Desk(dynamic_collar_percent="1", interruption_seconds=5)
    desk.new("near", SELL, 2, 10100, session="TRADER2")
    desk.new("far", SELL, 2, 10101, session="TRADER2")
    *_, canceled = desk.new("fok", BUY, 4, 10200, FOK)
    assert_canceled(canceled, "fok", text="FillOrKill: 2 of 4 available", reason=None)
    assert desk.venue.phase("AAPL") is TradingPhase.CONTINUOUS
    desk.cancel("x", "near", side=SELL, session="TRADER2")
    *_, canceled = desk.new("fok2", BUY, 1, 10200, FOK)
    text = "a trade at 101.01 would leave the dynamic collar 99 to 101"
    assert_canceled(canceled, "fok2", text=text, reason=None)


def test_what_takes_the_best_price_as_its_limit_is_bounded_like_a_market_order() -> None:
    desk = Desk(collar_percent="1")
    desk.new("touched", SELL, 2, 10400, session="TRADER2", ord_type=LIMIT_IF_TOUCHED, stop_px=10390)
    desk.trade(10000)
    desk.new("far", SELL, 2, 10100, session="TRADER2")
    desk.trade(9990)
    for cl_ord_id, ord_type in (("market", None), ("left over", TO_LIMIT)):
        *_, canceled = desk.new(cl_ord_id, BUY, 1, None, ord_type=ord_type)
        text = "a trade at 101 would leave the collar 98.91 to 100.89"
        assert_canceled(canceled, cl_ord_id, cum_qty=0, text=text)
    assert story(desk.new("bid", BUY, 1, 10089)) == ["accepted bid"]
