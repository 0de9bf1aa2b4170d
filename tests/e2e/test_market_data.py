"""Check 21: what a subscriber is shown, step by step."""

from collections.abc import Callable

import pytest

from tests.e2e.client import BUY, SELL
from tests.e2e.codes import FIX42, FIX50SP2, VERSIONS
from tests.e2e.message import Message
from tests.e2e.shown import ENTRY_TYPES
from tests.e2e.stock import StockClient

BID, OFFER, TRADE = "0", "1", "2"
NEW_LEVEL, CHANGED, DELETED = "0", "1", "2"


def levels(message: Message) -> list[tuple[str | None, ...]]:
    """The entries of a W as (type, price, size), of an X with the action before."""
    if message.type == "W":
        return [(e[269], e[270], e[271]) for e in message.entries(269)]
    return [(e[279], e[269], e[270], e.get(271)) for e in message.entries(279)]


def test_snapshot_of_an_empty_book(watcher: StockClient, symbol: str) -> None:
    """268=0 is legal in a W, also by the stock dictionary."""
    md_req_id = watcher.request_market_data(symbol)
    watcher.receive("W").has({262: md_req_id, 55: symbol, 268: 0})
    watcher.hears_nothing()


def test_snapshot_has_every_level_and_the_last_trade(
    buyer: StockClient, seller: StockClient, watcher: StockClient, symbol: str
) -> None:
    buyer.enter(symbol, BUY, 5, "99.00")
    buyer.enter(symbol, BUY, 2, "99.00")
    buyer.enter(symbol, BUY, 1, "98.50")
    seller.trade(symbol, SELL, 3, "101.00")
    buyer.trade(symbol, BUY, 1, "101.00")
    watcher.request_market_data(symbol)
    snapshot = watcher.receive("W")
    assert sorted(levels(snapshot)) == [
        (BID, "98.5", "1"),
        (BID, "99", "7"),
        (OFFER, "101", "2"),
        (TRADE, "101", "1"),
    ]


@pytest.mark.parametrize("updates", ["0", "1"])
def test_entry_types_are_those_asked_for(
    buyer: StockClient, seller: StockClient, watcher: StockClient, symbol: str, updates: str
) -> None:
    seller.trade(symbol, SELL, 3, "101.00")
    buyer.trade(symbol, BUY, 1, "101.00")
    buyer.enter(symbol, BUY, 5, "99.00")
    for entry_type, entry in ((BID, ("99", "5")), (OFFER, ("101", "2")), (TRADE, ("101", "1"))):
        watcher.request_market_data(symbol, updates=updates, entry_types=entry_type)
        assert levels(watcher.receive("W")) == [(entry_type, *entry)]
    if updates == "0":
        return
    buyer.trade(symbol, BUY, 2, "101.00")
    shown = [levels(watcher.receive("X")) for _ in range(2)]
    assert sorted(shown) == [
        [(NEW_LEVEL, TRADE, "101", "2")],
        [(DELETED, OFFER, "101", None)],
    ]
    watcher.hears_nothing()


def test_increments(
    buyer: StockClient, seller: StockClient, watcher: StockClient, symbol: str
) -> None:
    """New, Change and Delete of a price level, and the trade that emptied it."""
    md_req_id = watcher.request_market_data(symbol)
    watcher.receive("W")
    first = buyer.enter(symbol, BUY, 5, "99.00")
    new = watcher.receive("X").has({262: md_req_id, 268: 1, 279: NEW_LEVEL, 269: BID, 55: symbol})
    new.has({270: 99, 271: 5})
    buyer.enter(symbol, BUY, 2, "99.00")
    watcher.receive("X").has({268: 1, 279: CHANGED, 269: BID, 270: 99, 271: 7})
    buyer.cancel(first)
    buyer.receive()
    watcher.receive("X").has({268: 1, 279: CHANGED, 269: BID, 270: 99, 271: 2})
    seller.enter(symbol, SELL, 3, "99.00")
    fill = seller.receive().has({150: "F", 32: 2})
    message = watcher.receive("X").has({262: md_req_id, 268: 3})
    assert sorted(levels(message)) == [
        (NEW_LEVEL, OFFER, "99", "1"),
        (NEW_LEVEL, TRADE, "99", "2"),
        (DELETED, BID, "99", None),
    ]
    assert {entry[55] for entry in message.entries(279)} == {symbol}
    trade = next(entry for entry in message.entries(279) if entry[269] == TRADE)
    assert trade[278] == f"T{fill[527]}"
    watcher.hears_nothing()


def test_replace_in_one_increment(buyer: StockClient, watcher: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 5, "99.00")
    watcher.request_market_data(symbol)
    watcher.receive("W")
    buyer.replace(order, 6, "98.00")
    buyer.receive()
    message = watcher.receive("X")
    assert levels(message) == [(DELETED, BID, "99", None), (NEW_LEVEL, BID, "98", "6")]


def test_best_bid_and_offer(
    buyer: StockClient, seller: StockClient, watcher: StockClient, symbol: str
) -> None:
    """264=1: a level under the best is not shown, and comes in when the best goes."""
    watcher.request_market_data(symbol, depth=1)
    watcher.receive("W").has({268: 0})
    buyer.enter(symbol, BUY, 5, "99.00")
    assert levels(watcher.receive("X")) == [(NEW_LEVEL, BID, "99", "5")]
    best = buyer.enter(symbol, BUY, 3, "99.50")
    assert levels(watcher.receive("X")) == [
        (DELETED, BID, "99", None),
        (NEW_LEVEL, BID, "99.5", "3"),
    ]
    below = buyer.enter(symbol, BUY, 1, "98.00")
    buyer.cancel(below)
    buyer.receive()
    watcher.hears_nothing()
    buyer.cancel(best)
    buyer.receive()
    assert levels(watcher.receive("X")) == [
        (DELETED, BID, "99.5", None),
        (NEW_LEVEL, BID, "99", "5"),
    ]
    seller.enter(symbol, SELL, 2, "100.00")
    assert levels(watcher.receive("X")) == [(NEW_LEVEL, OFFER, "100", "2")]


def test_depth_of_three(buyer: StockClient, watcher: StockClient, symbol: str) -> None:
    orders = {price: buyer.enter(symbol, BUY, 1, price) for price in ("95", "96", "97", "98")}
    watcher.request_market_data(symbol, depth=3)
    assert levels(watcher.receive("W")) == [(BID, price, "1") for price in ("98", "97", "96")]
    buyer.enter(symbol, BUY, 1, "97.5")
    assert levels(watcher.receive("X")) == [
        (DELETED, BID, "96", None),
        (NEW_LEVEL, BID, "97.5", "1"),
    ]
    buyer.cancel(orders["96"])
    buyer.receive()
    watcher.hears_nothing()
    buyer.cancel(orders["98"])
    buyer.receive()
    assert levels(watcher.receive("X")) == [
        (DELETED, BID, "98", None),
        (NEW_LEVEL, BID, "95", "1"),
    ]


def test_snapshot_only(buyer: StockClient, watcher: StockClient, symbol: str) -> None:
    """263=0: one W, no updates, and its id may be used again."""
    buyer.enter(symbol, BUY, 5, "99.00")
    md_req_id = watcher.request_market_data(symbol, updates=0)
    assert levels(watcher.receive("W").has({262: md_req_id})) == [(BID, "99", "5")]
    buyer.enter(symbol, BUY, 5, "99.00")
    watcher.hears_nothing()
    watcher.request_market_data(symbol, updates=0, md_req_id=md_req_id)
    assert levels(watcher.receive("W").has({262: md_req_id})) == [(BID, "99", "10")]


def test_full_refresh(
    buyer: StockClient, seller: StockClient, watcher: StockClient, symbol: str
) -> None:
    """265=0: a new W at every change, with the trades since the last."""
    md_req_id = watcher.request_market_data(symbol, depth=2, update_type=0)
    watcher.receive("W").has({268: 0})
    buyer.enter(symbol, BUY, 5, "99.00")
    assert levels(watcher.receive("W").has({262: md_req_id, 55: symbol})) == [(BID, "99", "5")]
    seller.trade(symbol, SELL, 2, "99.00")
    assert sorted(levels(watcher.receive("W"))) == [(BID, "99", "3"), (TRADE, "99", "2")]
    watcher.hears_nothing()


def test_several_symbols_in_one_request(
    buyer: StockClient, watcher: StockClient, symbol: str
) -> None:
    md_req_id = watcher.request_market_data([symbol, "EURUSD", symbol])
    snapshots = [watcher.receive("W").has({262: md_req_id}) for _ in range(2)]
    assert [snapshot[55] for snapshot in snapshots] == [symbol, "EURUSD"]
    watcher.hears_nothing()
    buyer.enter("EURUSD", BUY, 1000, "0.9")
    buyer.enter(symbol, BUY, 1, "99")
    watcher.receive("X").has({262: md_req_id, 55: "EURUSD", 271: 1000, 270: "0.9"})
    watcher.receive("X").has({262: md_req_id, 55: symbol})


def test_several_subscriptions_of_one_session(
    buyer: StockClient, watcher: StockClient, symbol: str
) -> None:
    md_req_ids = {watcher.request_market_data(symbol, depth=depth) for depth in (0, 0, 1)}
    for _ in md_req_ids:
        watcher.receive("W")
    buyer.enter(symbol, BUY, 1, "99")
    assert {watcher.receive("X")[262] for _ in md_req_ids} == md_req_ids
    watcher.hears_nothing()


def test_a_trader_may_watch_too(buyer: StockClient, symbol: str) -> None:
    """The report of an order is sent before the market data it makes."""
    md_req_id = buyer.request_market_data(symbol)
    buyer.receive("W")
    buyer.enter(symbol, BUY, 1, "99")
    buyer.receive("X").has({262: md_req_id})
    buyer.send("V", {262: md_req_id, 263: 2})


LogOn = Callable[..., StockClient]
each_version = pytest.mark.parametrize("version", VERSIONS)


def orders(message: Message) -> list[tuple[str | None, ...]]:
    """The entries of an X as (action, type, OrderID, price, size), of a W without the action."""
    first = 269 if message.type == "W" else 279
    tags = (269, 37, 270, 271) if message.type == "W" else (279, 269, 37, 270, 271)
    return [tuple(entry.get(tag) for tag in tags) for entry in message.entries(first)]


@each_version
def test_order_by_order(log_on: LogOn, symbol: str, version: str) -> None:
    """266=N: who trades first comes first; who loses the place is deleted and new; what an iceberg
    hides nobody sees.
    """
    buyer, seller, watcher = (log_on(each) for each in ("TRADER1", "TRADER3", "MD1"))
    one = buyer.enter(symbol, BUY, 5, "99")
    two = buyer.enter(symbol, BUY, 7, "99")
    iceberg = seller.enter(symbol, SELL, 100, "101", {seller.codes.display_tag: 10})
    md_req_id = watcher.request_market_data(symbol, entry_types="01", more={266: "N"})
    snapshot = watcher.receive("W").has({262: md_req_id, 268: 3})
    assert orders(snapshot) == [
        (BID, one[37], "99", "5"),
        (BID, two[37], "99", "7"),
        (OFFER, iceberg[37], "101", "10"),
    ]
    buyer.replace(one, 6)
    one = buyer.receive()
    assert orders(watcher.receive("X")) == [
        (DELETED, BID, one[37], "99", None),
        (NEW_LEVEL, BID, one[37], "99", "6"),
    ]
    buyer.replace(two, 6)
    two = buyer.receive()
    assert orders(watcher.receive("X")) == [(CHANGED, BID, two[37], "99", "6")]
    buyer.trade(symbol, BUY, 4, "101")
    assert orders(watcher.receive("X")) == [(CHANGED, OFFER, iceberg[37], "101", "6")]
    buyer.trade(symbol, BUY, 6, "101")
    assert orders(watcher.receive("X")) == [
        (DELETED, OFFER, iceberg[37], "101", None),
        (NEW_LEVEL, OFFER, iceberg[37], "101", "10"),
    ]
    watcher.hears_nothing()
    watcher.request_market_data(symbol, 0, 0, 0, "01", more={266: "N"})
    assert orders(watcher.receive("W"))[:2] == [
        (BID, two[37], "99", "6"),
        (BID, one[37], "99", "6"),
    ]


@each_version
def test_a_depth_of_orders_counts_prices(log_on: LogOn, symbol: str, version: str) -> None:
    buyer, watcher = log_on("TRADER1"), log_on("MD1")
    first, second = (buyer.enter(symbol, BUY, 1, "98") for _ in "12")
    watcher.request_market_data(symbol, 1, entry_types="01", more={266: "N"})
    assert [order[1] for order in orders(watcher.receive("W"))] == [first[37], second[37]]
    better = buyer.enter(symbol, BUY, 2, "98.5")
    assert orders(watcher.receive("X")) == [
        (DELETED, BID, first[37], "98", None),
        (DELETED, BID, second[37], "98", None),
        (NEW_LEVEL, BID, better[37], "98.5", "2"),
    ]
    buyer.enter(symbol, BUY, 2, "98")
    watcher.hears_nothing()


@each_version
def test_what_a_trade_tells(log_on: LogOn, symbol: str, version: str) -> None:
    buyer, seller, watcher = (log_on(each) for each in ("TRADER1", "TRADER3", "MD1"))
    watcher.request_market_data(symbol, entry_types="2")
    watcher.receive("W").has({268: 0})
    seller.enter(symbol, SELL, 3, "100")
    buyer.enter(symbol, BUY, 3, "100")
    fill = buyer.receive()
    seller.receive()
    trade = watcher.receive("X").has({268: 1, 279: 0, 269: 2, 55: symbol, 270: 100, 271: 3})
    assert trade[278] == f"T{buyer.codes.trade_id(fill)}"
    assert fill[60].endswith(trade[273])
    trade.has({277: None})
    if version == FIX50SP2:
        trade.has({2446: BUY, 58: None, 83: 1})
    else:
        trade.has({58: "aggressor buy", 83: None})
    buyer.enter(symbol, BUY, 2, "99")
    seller.enter(symbol, SELL, 2, "99")
    trade = watcher.receive("X").has({270: 99})
    trade.has({2446: SELL} if version == FIX50SP2 else {58: "aggressor sell"})


@each_version
def test_figures_of_the_day(log_on: LogOn, symbol: str, version: str) -> None:
    """An X has those that changed, a W all there are, and each only what was asked for."""
    buyer, seller, watcher = (log_on(each) for each in ("TRADER1", "TRADER3", "MD1"))
    kinds = sorted(set(ENTRY_TYPES[version]) - set("012"))
    watcher.request_market_data(symbol, entry_types=kinds)
    watcher.receive("W").has({268: 0})

    def figures(message: Message) -> dict[str, tuple[str | None, str | None, str | None]]:
        first = 269 if message.type == "W" else 279
        return {e[269]: (e.get(279), e.get(270), e.get(271)) for e in message.entries(first)}

    volume = {} if version == FIX42 else {"B": (NEW_LEVEL, None, "2")}
    seller.enter(symbol, SELL, 2, "101")
    buyer.trade(symbol, BUY, 2, "101")
    seller.receive()
    first = dict.fromkeys("4789", (NEW_LEVEL, "101", None))
    assert figures(watcher.receive("X")) == first | volume
    seller.enter(symbol, SELL, 6, "100.5")
    buyer.trade(symbol, BUY, 6, "100.5")
    volume = {} if version == FIX42 else {"B": (CHANGED, None, "8")}
    changed = {"8": (CHANGED, "100.5", None), "9": (CHANGED, "100.625", None)}
    assert figures(watcher.receive("X")) == changed | volume
    watcher.request_market_data(symbol, 0, 0, 0, kinds)
    prices = {"4": "101", "7": "101", "8": "100.5", "9": "100.625"}
    volume = {} if version == FIX42 else {"B": (None, None, "8")}
    assert figures(watcher.receive("W")) == (
        {kind: (None, price, None) for kind, price in prices.items()} | volume
    )
    watcher.hears_nothing()
