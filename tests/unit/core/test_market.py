import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.desk import (
    BUY,
    LIMIT_IF_TOUCHED,
    SELL,
    STOP,
    STOP_LIMIT,
    Desk,
    aapl,
    assert_cancel_rejected,
    assert_rejected,
)
from venue.core.instrument import Instrument
from venue.core.market import Market
from venue.core.qualifiers import Qualifiers
from venue.core.types import CxlRejReason, OrdRejReason, TriggerPriceType


def market(last_px: int | None = None, **terms: str) -> Market:
    market = Market(Instrument(aapl(**terms)))
    market.last_px = last_px
    return market


@pytest.mark.parametrize("price", [5000, 10000, 15000, None])
def test_the_collar_includes_its_bounds(price: int | None) -> None:
    assert market().refuses(5, price) is None


@pytest.mark.parametrize(("price", "shown"), [(4999, "49.99"), (15001, "150.01")])
def test_outside_the_collar_of_the_reference_price(price: int, shown: str) -> None:
    assert market().refuses(5, price) == (
        OrdRejReason.PRICE_EXCEEDS_BAND,
        f"Price(44) {shown} is outside the collar 50 to 150, 50 % around the reference price 100",
    )


def test_outside_the_collar_of_the_last_trade() -> None:
    traded = market(last_px=14000)
    assert traded.refuses(5, 7000) is None and traded.refuses(5, 21000) is None
    assert traded.refuses(5, 6999) == (
        OrdRejReason.PRICE_EXCEEDS_BAND,
        "Price(44) 69.99 is outside the collar 70 to 210, 50 % around the last trade 140",
    )


def test_a_collar_of_nothing_allows_one_price() -> None:
    strict = market(collar_percent="0")
    assert strict.refuses(5, 10000) is None
    assert strict.refuses(5, 9999) is not None and strict.refuses(5, 10001) is not None


def test_a_trigger_has_a_collar_of_its_own() -> None:
    traded = market(last_px=14000)
    assert traded.refuses(5, 5000, 10000) is None and traded.refuses(5, 15000, 10000) is None
    assert traded.refuses(5, 15001, 10000) == (
        OrdRejReason.PRICE_EXCEEDS_BAND,
        "Price(44) 150.01 is outside the collar 50 to 150, 50 % around the trigger price 100",
    )


QUOTED = {"trigger_price_type": TriggerPriceType.BEST_QUOTE}
AROUND_TRADE = (
    OrdRejReason.PRICE_EXCEEDS_BAND,
    "Price(44) 119 is outside the collar 64 to 96, 20 % around the last trade 80",
)


@pytest.mark.parametrize("trigger", [8000, 11900])
def test_what_is_touched_already_is_bounded_like_a_plain_order(trigger: int) -> None:
    desk = Desk(collar_percent="20")
    desk.new("offer", SELL, 10, 11900)
    desk.trade(8000)
    terms = {"ord_type": LIMIT_IF_TOUCHED, "stop_px": trigger}
    (event,) = desk.new("touched", BUY, 5, 11900, **terms)
    assert_rejected(event, *AROUND_TRADE)


def test_what_waits_is_bounded_by_its_trigger_whatever_the_last_trade_is() -> None:
    desk = Desk(collar_percent="20")
    desk.trade(8000)
    for name, side, kind in (("stop", BUY, STOP_LIMIT), ("touch", SELL, LIMIT_IF_TOUCHED)):
        desk.new(name, side, 5, 11900, ord_type=kind, stop_px=11900)
    assert desk.waiting() == ["stop", "touch"]


def test_a_replace_may_bring_the_trigger_to_where_the_market_is() -> None:
    desk = Desk(collar_percent="20")
    desk.trade(8000)
    desk.new("touch", BUY, 5, 7000, ord_type=LIMIT_IF_TOUCHED, stop_px=7000)
    terms = {"ord_type": LIMIT_IF_TOUCHED, "stop_px": 11900}
    (event,) = desk.replace("up", "touch", 5, 11900, **terms)
    assert_cancel_rejected(event, CxlRejReason.PRICE_EXCEEDS_BAND, AROUND_TRADE[1])
    desk.replace("wider", "touch", 5, 8400, ord_type=LIMIT_IF_TOUCHED, stop_px=7000)
    assert desk.waiting() == ["wider"]


def test_a_quote_may_be_at_the_trigger_it_is_watched_for() -> None:
    desk = Desk(collar_percent="20")
    desk.new("offer", SELL, 5, 11900)
    desk.trade(8000)
    (event,) = desk.new("met", BUY, 5, 11900, ord_type=STOP_LIMIT, stop_px=11900, **QUOTED)
    assert_rejected(event, *AROUND_TRADE)
    desk.new("waits", BUY, 5, 11900, ord_type=LIMIT_IF_TOUCHED, stop_px=11899, **QUOTED)
    assert desk.waiting() == ["waits"]


@given(
    st.integers(1, 10**12),
    st.decimals(min_value=0, max_value=500, places=3, allow_nan=False),
    st.integers(-2, 2),
)
def test_the_bounds_in_the_text_are_the_bounds(last_px: int, percent: Decimal, beyond: int) -> None:
    """What the text allows is allowed, and nothing else is."""
    traded = market(last_px, collar_percent=str(percent))
    refusal = traded.refuses(5, 10 * last_px)
    assert refusal is not None
    numbers = re.search(r"collar (\S+) to (\S+),", refusal[1])
    assert numbers is not None
    low, high = (int(Decimal(number) * 100) for number in numbers.groups())
    for price in (low + beyond, high + beyond):
        assert (traded.refuses(5, price) is None) == (low <= price <= high)


@pytest.mark.parametrize("qty", [5, 6, 1000])
def test_the_quantity_limits_include_themselves(qty: int) -> None:
    assert market(min_qty="5").refuses(qty, None) is None


@pytest.mark.parametrize(
    ("qty", "text"),
    [
        (4, "OrderQty(38) 0.4 is below the minimum 0.5 of AAPL"),
        (0, "OrderQty(38) 0 is below the minimum 0.5 of AAPL"),
        (10001, "OrderQty(38) 1000.1 is above the maximum 1000 of AAPL"),
        (2**63, "OrderQty(38) 922337203685477580.8 is above the maximum 1000 of AAPL"),
    ],
)
def test_outside_the_quantity_limits(qty: int, text: str) -> None:
    refusal = market(lot="0.1", min_qty="0.5").refuses(qty, 10000)
    assert refusal == (OrdRejReason.INCORRECT_QUANTITY, text)


def test_orders_are_those_that_rest_and_those_that_wait() -> None:
    desk = Desk()
    desk.new("offer", SELL, 5, 10100)
    desk.new("stop", BUY, 5, None, ord_type=STOP, stop_px=10000)
    desk.new("bid", BUY, 5, 9900)
    desk.new("better", BUY, 5, 9950)
    orders = desk.venue.markets["AAPL"].orders()
    assert [order.cl_ord_id for order in orders] == ["better", "bid", "offer", "stop"]


@pytest.mark.parametrize(
    ("qty", "display", "refused"),
    [
        (500, (5, 5), ""),
        (501, (5, 6), "DisplayQty(1138) 0.5 is less than a 100th of OrderQty(38) 50.1"),
        (501, (6, 5), "RefreshQty(1088) 0.5 is less than a 100th of OrderQty(38) 50.1"),
        (501, (0, 0), ""),
    ],
)
def test_slices(qty: int, display: tuple[int, int], refused: str) -> None:
    qualifiers = Qualifiers(display_qty=display[0], refresh_qty=display[1])
    refusal = market(lot="0.1").refuses_display(qty, qualifiers)
    assert refusal == ((OrdRejReason.INCORRECT_QUANTITY, refused) if refused else None)
