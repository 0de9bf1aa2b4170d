"""Who trades with whom in an auction, and what a call tells of it."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference.auctions import best_outcome
from tests.unit.core.desk import AT_THE_CLOSE, BUY, DAY, SELL, aapl
from venue.core.auction import Indicative, indication, uncross
from venue.core.events import AuctionHeld, Event, OrderFilled
from venue.core.instrument import Instrument
from venue.core.market import Market
from venue.core.order import Order
from venue.core.qualifiers import Qualifiers
from venue.core.reports import Ids
from venue.core.trades import Trades
from venue.core.types import (
    Liquidity,
    OrdStatus,
    OrdType,
    Side,
    TimeInForce,
    TradingPhase,
)

OPEN = TimeInForce.AT_THE_OPENING


class Call:
    """A market in a call whose reference price is 100 ticks."""

    def __init__(self) -> None:
        self.market = Market(Instrument(aapl(reference_price="1")))
        self.market.enter(TradingPhase.OPENING_AUCTION)
        self.ids = Ids()
        self.orders: list[Order] = []

    def enter(
        self,
        name: str,
        side: Side,
        qty: int,
        price: int | None = None,
        time_in_force: TimeInForce = DAY,
        shows: int = 0,
    ) -> Order:
        """An order without a price is one to trade at any."""
        self.ids.order_id += 1
        ord_type = OrdType.MARKET if price is None else OrdType.LIMIT
        terms = (side, ord_type, time_in_force, price, qty, qty)
        order = Order(self.ids.order_id, "TRADER1", "NORTH", name, "AAPL", *terms)
        if shows:
            order.qualifiers = Qualifiers(display_qty=shows, refresh_qty=shows)
            order.show(shows)
        if price is None:
            self.market.unpriced[order.order_id] = order
        else:
            self.market.book.side(side).add(order)
        self.orders.append(order)
        return order

    def uncross(self) -> list[Event]:
        events: list[Event] = []
        uncross(self.market, Trades(self.ids, {}), events, 1)
        self.market.book.check()
        return events

    def resting(self, side: Side) -> list[tuple[str, int, int]]:
        """(ClOrdID, shown, hidden quantity) of one side, whoever trades first at the front."""
        levels = self.market.book.side(side)
        return [(o.cl_ord_id, o.shown_qty, o.hidden_qty) for level in levels for o in level]


def matches(events: list[Event]) -> list[str]:
    """Each match in words, "buyer 5 seller"; asserts that both fills tell the same of it."""
    held, *fills = events
    assert isinstance(held, AuctionHeld)
    found = []
    for buyer, seller in zip(fills[::2], fills[1::2], strict=True):
        assert isinstance(buyer, OrderFilled) and isinstance(seller, OrderFilled)
        assert (buyer.side, seller.side) == (BUY, SELL)
        for name in ("trade_id", "last_qty", "last_px", "symbol", "liquidity"):
            assert getattr(buyer, name) == getattr(seller, name)
        assert buyer.liquidity is Liquidity.AUCTION and buyer.last_px == held.price
        found.append(f"{buyer.cl_ord_id} {buyer.last_qty} {seller.cl_ord_id}")
    return found


def test_everybody_trades_at_the_one_price() -> None:
    call = Call()
    call.enter("bid", BUY, 5, 103)
    call.enter("offer", SELL, 3, 98)
    held, *fills = call.uncross()
    assert held == AuctionHeld("", "AAPL", TradingPhase.OPENING_AUCTION, 103, 3)
    for fill, order_id, leaves_qty, exec_id in zip(fills, (1, 2), (2, 0), (1, 2), strict=True):
        assert isinstance(fill, OrderFilled)
        assert (fill.order_id, fill.leaves_qty, fill.exec_id) == (order_id, leaves_qty, exec_id)
        assert (fill.trade_id, fill.last_qty, fill.last_px) == (1, 3, 103)
        assert (fill.cum_qty, fill.notional) == (3, 309)
    assert [order.ord_status for order in call.orders] == [
        OrdStatus.PARTIALLY_FILLED,
        OrdStatus.FILLED,
    ]
    assert call.resting(BUY) == [("bid", 2, 0)] and call.resting(SELL) == []


def test_the_market_remembers_the_auction() -> None:
    call = Call()
    call.enter("bid1", BUY, 5, 103)
    call.enter("bid2", BUY, 4, 103)
    call.enter("offer", SELL, 7, 98)
    assert matches(call.uncross()) == ["bid1 5 offer", "bid2 2 offer"]
    market = call.market
    assert (market.last_px, market.last_qty, market.auction_px) == (103, 2, 103)
    figures = market.statistics
    assert (figures.open, figures.volume, figures.turnover, figures.trades) == (103, 7, 721, 2)


@pytest.mark.parametrize("sides", [(), (BUY,), (SELL,)])
def test_an_auction_without_trades_is_told_and_changes_nothing(sides: tuple[Side, ...]) -> None:
    call = Call()
    for side in sides:
        call.enter("limit", side, 5, 100)
        call.enter("market", side, 5)
    assert call.uncross() == [AuctionHeld("", "AAPL", TradingPhase.OPENING_AUCTION, None, 0)]
    market = call.market
    assert (market.last_px, market.last_qty, market.auction_px) == (None, None, None)
    assert market.statistics.trades == 0
    assert [order.leaves_qty for order in call.orders] == [5] * len(call.orders)
    assert call.uncross() != []


def test_the_last_trade_is_the_reference_if_there_was_one() -> None:
    for last_px, price in ((None, 100), (104, 104), (120, 110)):
        call = Call()
        call.market.last_px = last_px
        call.enter("bid", BUY, 5, 110)
        call.enter("offer", SELL, 5, 90)
        assert indication(call.market).price == price


def test_unpriced_orders_come_first_then_better_prices_then_time() -> None:
    call = Call()
    call.enter("late price", BUY, 2, 101)
    call.enter("first", BUY, 2, 100)
    call.enter("second", BUY, 2, 100)
    call.enter("market1", BUY, 2)
    call.enter("market2", BUY, 2)
    call.enter("offer", SELL, 9, 100)
    assert [match.split(" 2 ")[0] for match in matches(call.uncross())[:4]] == [
        "market1",
        "market2",
        "late price",
        "first",
    ]
    assert call.resting(BUY) == [("second", 1, 0)]


def test_orders_for_the_auction_come_first_at_their_price_only() -> None:
    call = Call()
    call.enter("day", BUY, 2, 100)
    call.enter("close", BUY, 2, 100, AT_THE_CLOSE)
    call.enter("better", BUY, 2, 101)
    call.enter("open", BUY, 2, 100, OPEN)
    call.enter("worse open", BUY, 2, 99, OPEN)
    call.enter("offer", SELL, 7, 99)
    call.enter("too dear", SELL, 3, 100)
    assert matches(call.uncross()) == [
        "better 2 offer",
        "close 2 offer",
        "open 2 offer",
        "day 1 offer",
        "day 1 too dear",
    ]
    assert call.resting(BUY) == [("worse open", 2, 0)]
    assert call.resting(SELL) == [("too dear", 2, 0)]


def test_an_order_without_a_price_that_is_filled_is_gone() -> None:
    call = Call()
    call.enter("filled", SELL, 2)
    call.enter("left", SELL, 3)
    call.enter("bid", BUY, 4, 97)
    assert matches(call.uncross()) == ["bid 2 filled", "bid 2 left"]
    assert [order.cl_ord_id for order in call.market.unpriced.values()] == ["left"]
    assert call.orders[1].leaves_qty == 1


def test_an_iceberg_trades_all_it_has_at_its_place() -> None:
    call = Call()
    call.enter("berg", BUY, 10, 100, shows=2)
    call.enter("behind", BUY, 5, 100)
    call.enter("offer", SELL, 12, 100)
    assert matches(call.uncross()) == ["berg 10 offer", "behind 2 offer"]
    assert call.resting(BUY) == [("behind", 3, 0)]


@pytest.mark.parametrize(
    ("sold", "left"),
    [
        pytest.param(1, (3, 6), id="a part of a slice"),
        pytest.param(3, (3, 4), id="a slice"),
        pytest.param(5, (3, 2), id="more than a slice"),
        pytest.param(8, (2, 0), id="all but less than a slice"),
    ],
)
def test_what_an_iceberg_has_left_shows_a_new_slice(sold: int, left: tuple[int, int]) -> None:
    call = Call()
    call.enter("berg", BUY, 10, 100, shows=3)
    call.enter("behind", BUY, 5, 100)
    call.enter("offer", SELL, sold, 100)
    _, fill, _ = call.uncross()
    assert isinstance(fill, OrderFilled) and fill.details is not None
    assert (fill.details.shown_qty, fill.leaves_qty) == (left[0], sum(left))
    assert call.resting(BUY) == [("berg", *left), ("behind", 5, 0)]


def test_an_iceberg_in_several_matches_is_never_short_of_what_it_shows() -> None:
    call = Call()
    call.enter("berg", SELL, 10, 100, shows=3)
    for n, qty in enumerate((4, 1, 3)):
        call.enter(f"bid{n}", BUY, qty, 100)
    fills = [event for event in call.uncross() if isinstance(event, OrderFilled)][1::2]
    assert [fill.details and fill.details.shown_qty for fill in fills] == [3, 3, 2]
    assert call.resting(SELL) == [("berg", 2, 0)]


# The indication


def test_a_call_tells_price_quantity_and_who_is_left_over() -> None:
    call = Call()
    assert indication(call.market) == Indicative(None, 0, 0)
    call.enter("bid", BUY, 5, 103)
    assert indication(call.market) == Indicative(None, 0, 0)
    call.enter("offer", SELL, 3, 98)
    assert indication(call.market) == Indicative(103, 3, 2)
    call.enter("market", SELL, 4)
    assert indication(call.market) == Indicative(98, 5, -2)
    assert [order.leaves_qty for order in call.orders] == [5, 3, 4]


def test_without_a_price_the_imbalance_is_of_orders_without_one() -> None:
    call = Call()
    call.enter("market", BUY, 4)
    call.enter("limit", BUY, 4, 100)
    assert indication(call.market) == Indicative(None, 0, 4)


def test_hidden_quantity_moves_the_price_but_is_not_told() -> None:
    call = Call()
    call.enter("bid", BUY, 10, 103)
    call.enter("offer", SELL, 4, 100)
    assert indication(call.market) == Indicative(103, 4, 6)
    call.enter("berg", SELL, 20, 100, shows=2)
    assert indication(call.market) == Indicative(100, 6, 4)
    call.enter("worse", SELL, 1, 101)
    assert indication(call.market) == Indicative(100, 6, 4)
    left_over = call.enter("left over", BUY, 9)
    left_over.qualifiers = Qualifiers(display_qty=3, refresh_qty=3)
    assert indication(call.market) == Indicative(100, 6, 7)


# At random

ORDERS = st.lists(
    st.tuples(
        st.sampled_from([BUY, SELL]),
        st.integers(1, 9),
        st.none() | st.integers(97, 103) | st.integers(97, 103) | st.integers(97, 103),
        st.sampled_from([DAY, DAY, OPEN]),
        st.sampled_from([0, 0, 1, 3]),
    ),
    max_size=14,
)


def turn(order: Order) -> tuple[bool, int, bool, int]:
    """Whoever has the lower one of a side trades first."""
    if order.price is None:
        return False, 0, False, order.order_id
    sign = -1 if order.side is BUY else 1
    return True, sign * order.price, order.time_in_force is DAY, order.order_id


@given(ORDERS)
@settings(max_examples=max(500, settings.default.max_examples))
def test_any_call(orders: list[tuple[Side, int, int | None, TimeInForce, int]]) -> None:
    call = Call()
    sides: dict[Side, Counter[int]] = {BUY: Counter(), SELL: Counter()}
    unpriced = Counter({BUY: 0, SELL: 0})
    for n, (side, qty, price, time_in_force, shows) in enumerate(orders):
        call.enter(f"{n}", side, qty, price, time_in_force, shows if price else 0)
        if price is None:
            unpriced[side] += qty
        else:
            sides[side][price] += qty
    limits = [list(sides[side].items()) for side in (BUY, SELL)]
    outcome = best_outcome(limits[0], limits[1], unpriced[BUY], unpriced[SELL], 100)
    price, qty, _ = outcome or (None, 0, 0)
    told = indication(call.market)
    assert told.price == price and told.qty <= qty
    held, *fills = call.uncross()
    assert isinstance(held, AuctionHeld) and (held.price, held.qty) == (price, qty)
    assert sum(int(match.split()[1]) for match in matches([held, *fills])) == qty
    assert len(fills) == 2 * call.ids.trade_id == call.ids.exec_id
    for side in (BUY, SELL):
        queue = sorted((order for order in call.orders if order.side is side), key=turn)
        assert sum(order.cum_qty for order in queue) == qty
        for before, order in pairwise(queue):
            assert not order.cum_qty or not before.leaves_qty, "out of turn"
        for order in queue:
            assert order.leaves_qty == order.order_qty - order.cum_qty
            if order.cum_qty and order.price is not None and price is not None:
                assert order.price >= price if side is BUY else order.price <= price
        left = {order.order_id for order in queue if order.leaves_qty and order.price is None}
        assert left == {key for key, of in call.market.unpriced.items() if of.side is side}
    after = indication(call.market)
    assert after.price is None and len(call.uncross()) == 1
