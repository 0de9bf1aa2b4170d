"""A venue that was killed has its stops and icebergs again: same ids, same terms, and they work."""

from collections.abc import Callable
from contextlib import closing

import pytest

from tests.e2e.client import BUY, FILLED, NEW, PARTIALLY_FILLED, SELL
from tests.e2e.codes import (
    FIX44,
    GTD,
    LIMIT_IF_TOUCHED,
    MARKET_IF_TOUCHED,
    STOP,
    STOP_LIMIT,
    VERSIONS,
    order_fields,
)
from tests.e2e.stock import StockClient
from tests.e2e.venue_process import VenueProcess

SYMBOL = "AAPL"
KEPT = (37, 11, 55, 54, 38, 40, 44, 59, 39, 14, 151, 6, 99, 1102, 432, 636, 111, 1138, 1088, 1)

Serve = Callable[..., VenueProcess]


@pytest.mark.parametrize("version", VERSIONS)
def test_killed_while_they_wait(serve: Serve, version: str) -> None:
    first = serve(versions=(FIX44, version))
    with (
        closing(StockClient(first.port, "TRADER1", version=version)) as owner,
        closing(StockClient(first.port, "TRADER3")) as maker,
    ):
        tag = owner.codes.display_tag
        maker.enter(SYMBOL, SELL, 1, "100")
        owner.trade(SYMBOL, BUY, 1, "100")
        maker.settle()
        later = owner.enter(SYMBOL, BUY, 3, None, order_fields(STOP, "102"))
        stop = owner.enter(SYMBOL, BUY, 3, None, order_fields(STOP, "103"))
        moved = owner.replace(stop, more={99: "101"})
        stop = owner.receive().has({150: "5", 11: moved, 99: 101})
        limit = owner.enter(SYMBOL, BUY, 2, "101.5", order_fields(STOP_LIMIT, "101") | {1: "ME"})
        profit = owner.enter(SYMBOL, SELL, 2, None, order_fields(MARKET_IF_TOUCHED, "110"))
        touched = owner.enter(SYMBOL, SELL, 2, "109", order_fields(LIMIT_IF_TOUCHED, "110"))
        iceberg = owner.enter(SYMBOL, BUY, 10, "99", {tag: 3, 1088: 2, 59: GTD, 432: "20991231"})
        plain = maker.enter(SYMBOL, BUY, 5, "99")
        maker.trade(SYMBOL, SELL, 2, "99")
        iceberg = owner.receive().has({11: iceberg[11], 32: 2, 151: 8})
        waiting = (later, stop, limit, profit, touched)
        before = [owner.ask_status(order) for order in (*waiting, iceberg)]
        book = owner.book(SYMBOL)
        assert book == [("0", "99", "6")]
        assert owner.complaints + maker.complaints == []
    first.kill()

    second = serve(versions=(FIX44, version))
    with (
        closing(StockClient(second.port, "TRADER1", version=version)) as owner,
        closing(StockClient(second.port, "TRADER3")) as maker,
    ):
        for order, was in zip((*waiting, iceberg), before, strict=True):
            owner.ask_status(order).has({tag: was.get(tag) for tag in KEPT})
        assert owner.book(SYMBOL) == book
        # the shown slice of 1, then the other order, then a refreshed slice of 2
        maker.new_order(SYMBOL, SELL, 8, "99")
        slices = [owner.receive(), owner.receive()]
        assert [(fill[11], fill[32], fill[151]) for fill in slices] == [
            (iceberg[11], "1", "7"),
            (iceberg[11], "2", "5"),
        ]
        maker.settle()
        maker.ask_status(plain).has({39: FILLED})
        # one trade at 101 triggers the two that wait for it, by the time of their last change
        maker.enter(SYMBOL, SELL, 9, "101")
        owner.hears_nothing()
        maker.new_order(SYMBOL, BUY, 1, "101")
        maker.settle()
        is_triggered = owner.receive().has(owner.codes.triggered() | {11: stop[11], 37: stop[37]})
        assert int(is_triggered[17]) > int(slices[-1][17])
        owner.receive().has(owner.codes.filled(FILLED) | {11: stop[11], 31: 101, 32: 3})
        owner.receive().has(owner.codes.triggered() | {11: limit[11], 37: limit[37], 44: "101.5"})
        owner.receive().has(owner.codes.filled(FILLED) | {11: limit[11], 31: 101, 32: 2})
        owner.hears_nothing()
        owner.ask_status(later).has({39: NEW, 151: 3} | owner.codes.waiting())
        used = owner.new_order(SYMBOL, BUY, 1, "99", {11: stop[41]})
        owner.receive().has({150: "8", 103: "6", 11: used})
        second.is_sound()
        assert owner.complaints + maker.complaints == []
    second.stop()


@pytest.mark.parametrize("version", [FIX44])
def test_killed_after_they_were_triggered(serve: Serve, version: str) -> None:
    """What was triggered stays triggered, and is not triggered again."""
    first = serve(versions=(FIX44, version))
    with (
        closing(StockClient(first.port, "TRADER1", version=version)) as owner,
        closing(StockClient(first.port, "TRADER3")) as maker,
    ):
        order = owner.enter(SYMBOL, BUY, 5, "101", order_fields(STOP_LIMIT, "100"))
        maker.enter(SYMBOL, SELL, 3, "100")
        maker.trade(SYMBOL, BUY, 1, "100")
        owner.receive().has(owner.codes.triggered() | {11: order[11]})
        filled = owner.receive().has(owner.codes.filled(PARTIALLY_FILLED) | {11: order[11], 32: 2})
    first.kill()

    second = serve(versions=(FIX44, version))
    with (
        closing(StockClient(second.port, "TRADER1", version=version)) as owner,
        closing(StockClient(second.port, "TRADER3")) as maker,
    ):
        status = owner.ask_status(order).has(
            {tag: filled.get(tag) for tag in (37, 38, 14, 151, 6, 44)}
        )
        assert status.get(636) in (None, "Y")
        assert owner.book(SYMBOL) == [("0", "101", "3")]
        maker.new_order(SYMBOL, SELL, 3, "101")
        owner.receive().has(owner.codes.filled(FILLED) | {11: order[11], 32: 3, 31: 101})
        owner.hears_nothing()
        assert owner.complaints == []
    second.stop()
