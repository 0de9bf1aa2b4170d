"""Check 21: what a subscriber is shown, step by step."""

import pytest

from tests.e2e.client import BUY, SELL
from tests.e2e.message import Message
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
