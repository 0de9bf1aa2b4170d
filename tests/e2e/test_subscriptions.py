"""Checks 22 and 23: requests that cannot be had, and the end of subscriptions."""

from collections.abc import Callable

import pytest

from tests.e2e.client import BUY
from tests.e2e.message import Fields
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient


def request(symbol: str, md_req_id: str = "M") -> dict[int, object]:
    return {262: md_req_id, 263: 1, 264: 0, 265: 1, 267: 1, 269: 0, 146: 1, 55: symbol}


@pytest.mark.parametrize(
    ("change", "reason", "named"),
    [
        ({55: "NOPE"}, 0, ("Symbol(55)", "NOPE")),
        ({263: 3}, 4, ("SubscriptionRequestType(263)", 3)),
        ({264: -1}, 5, ("MarketDepth(264)", -1)),
        ({264: 1000001}, 5, ("MarketDepth(264)", 1000001, 1000000)),
        ({264: None}, 5, ("MarketDepth(264)",)),
        ({265: 2}, 6, ("MDUpdateType(265)", 2)),
        ({265: None}, 6, ("MDUpdateType(265)",)),
        ({266: "N", 269: 2}, 8, ("MDEntryType(269)", "AggregatedBook(266)", "N")),
        ({269: 6}, 8, ("MDEntryType(269)", 6)),
        ({269: "Q"}, 8, ("MDEntryType(269)", "Q")),
        ({9084: -1}, 6, ("MDInterval(9084)", -1)),
        ({9084: 60001}, 6, ("MDInterval(9084)", 60001, 60000)),
        ({9083: "X"}, 6, ("MDRptSeq(9083)", "X")),
        ({269: "J"}, 8, ("MDEntryType(269)", "J")),
        ({262: "M" * 65}, 1, ("MDReqID(262)", 65, 64)),
        ({267: None, 269: None}, 8, ("MDEntryType(269)",)),
        ({146: None, 55: None}, 0, ("Symbol(55)",)),
    ],
)
def test_request_that_cannot_be_had(
    connect: Callable[..., RawClient],
    buyer: StockClient,
    symbol: str,
    change: dict[int, object],
    reason: int,
    named: tuple[object, ...],
) -> None:
    client = connect()
    client.send("V", request(symbol) | change)
    expected = str(change.get(262, "M"))[:64]
    client.receive("Y").has({262: expected, 281: reason}).names(*named)
    buyer.enter(symbol, BUY, 1, "99")
    client.hears_nothing()
    client.send("V", request(symbol))
    client.receive("W").has({262: "M", 268: 1})


def test_reject_as_the_stock_client_sees_it(watcher: StockClient, symbol: str) -> None:
    for depth, md_update_type, reason in ((-1, 1, 5), (0, 7, 6)):
        md_req_id = watcher.request_market_data(symbol, depth, update_type=md_update_type)
        watcher.receive("Y").has({262: md_req_id, 281: reason})


def test_one_bad_symbol_refuses_the_whole_request(
    buyer: StockClient, watcher: StockClient, symbol: str
) -> None:
    md_req_id = watcher.request_market_data([symbol, "NOPE"])
    watcher.receive("Y").has({262: md_req_id, 281: 0}).names("NOPE")
    buyer.enter(symbol, BUY, 1, "99")
    watcher.hears_nothing()


def test_five_hundred_symbols(buyer: StockClient, watcher: StockClient, symbol: str) -> None:
    """One that there is not refuses all of them; what is named twice counts once."""
    many = [symbol, "EURUSD"] * 250
    md_req_id = watcher.request_market_data([*many[:-1], "NOPE"])
    watcher.receive("Y").has({262: md_req_id, 281: 0}).names("NOPE")
    md_req_id = watcher.request_market_data(many)
    assert [watcher.receive("W").has({262: md_req_id})[55] for _ in "12"] == [symbol, "EURUSD"]
    buyer.enter(symbol, BUY, 1, "99")
    watcher.receive("X").has({262: md_req_id})
    watcher.send("V", {262: md_req_id, 263: 2, 264: 0, 267: 1, 269: 0, 146: 1, 55: symbol})
    watcher.hears_nothing()


def test_a_delisted_symbol(
    connect: Callable[..., RawClient], buyer: StockClient, symbol: str
) -> None:
    """Who watches it sees its orders go; nobody can subscribe to it any more."""
    client, operator = connect(), connect("OPERATOR")
    order = buyer.enter(symbol, BUY, 1, "99")
    client.send("V", request(symbol))
    client.receive("W").has({268: 1})
    operator.send("U1", {9201: "U", 9202: "delist", 55: symbol})
    operator.receive("U2").has({9201: "U", 9203: 0})
    buyer.receive().has({37: order[37], 150: "4"})
    client.receive("X").has({268: 1, 279: 2, 269: 0, 270: 99})
    client.send("V", request(symbol, "NEXT"))
    client.receive("Y").has({262: "NEXT", 281: 0}).names("Symbol(55)", symbol, "delisted")
    client.send("V", {262: "M", 263: 2})
    client.send("V", {262: "M", 263: 2})
    client.receive("j").has({379: "M", 380: 1})
    client.hears_nothing()


@pytest.mark.parametrize("updates", [0, 1])
def test_id_of_a_live_subscription(
    buyer: StockClient, watcher: StockClient, symbol: str, updates: int
) -> None:
    """The first one goes on."""
    md_req_id = watcher.request_market_data(symbol)
    watcher.receive("W")
    watcher.request_market_data(symbol, updates=updates, md_req_id=md_req_id)
    watcher.receive("Y").has({262: md_req_id, 281: 1}).names("MDReqID(262)", md_req_id)
    buyer.enter(symbol, BUY, 1, "99")
    watcher.receive("X").has({262: md_req_id})
    watcher.hears_nothing()


def test_another_session_may_use_the_same_id(
    connect: Callable[..., RawClient], symbol: str
) -> None:
    for client in (connect(), connect()):
        client.send("V", request(symbol))
        client.receive("W").has({262: "M"})


def test_unsubscribe_without_groups(
    connect: Callable[..., RawClient], buyer: StockClient, symbol: str
) -> None:
    """No acknowledgement; the id is free again."""
    client = connect()
    client.send("V", request(symbol))
    client.receive("W")
    client.send("V", {262: "M", 263: 2})
    client.hears_nothing()
    buyer.enter(symbol, BUY, 1, "99")
    client.hears_nothing()
    client.send("V", request(symbol))
    client.receive("W").has({262: "M", 268: 1})


@pytest.mark.parametrize(
    "more", [{264: 0, 267: 1, 269: 0, 146: 1, 55: "AAPL"}, {264: 0, 265: 1}, {264: -5, 265: 9}]
)
def test_unsubscribe_with_more_than_it_needs(
    connect: Callable[..., RawClient], buyer: StockClient, symbol: str, more: Fields
) -> None:
    client = connect()
    client.send("V", request(symbol))
    client.receive("W")
    client.send("V", {262: "M", 263: 2} | dict(more))
    buyer.enter(symbol, BUY, 1, "99")
    client.hears_nothing()


def test_unsubscribe_of_one_among_many(
    buyer: StockClient, watcher: StockClient, symbol: str
) -> None:
    ended, kept = (watcher.request_market_data(symbol) for _ in range(2))
    watcher.receive("W")
    watcher.receive("W")
    watcher.send("V", {262: ended, 263: 2})
    watcher.hears_nothing()
    buyer.enter(symbol, BUY, 1, "99")
    watcher.receive("X").has({262: kept})
    watcher.hears_nothing()


def test_unsubscribe_of_what_is_none(connect: Callable[..., RawClient], symbol: str) -> None:
    """Nor of somebody else's subscription, nor of one that is over."""
    owner, client = connect(), connect()
    owner.send("V", request(symbol))
    owner.receive("W")
    sent = client.next_sent
    client.send("V", {262: "M", 263: 2})
    reject = client.receive("j").has({45: sent, 372: "V", 379: "M", 380: 1})
    reject.names("MDReqID(262)", "M")
    client.send("V", request(symbol) | {263: 0})
    client.receive("W")
    client.send("V", {262: "M", 263: 2})
    client.receive("j").has({379: "M", 380: 1})
    owner.send("V", {262: "M", 263: 2})
    owner.hears_nothing()


@pytest.mark.parametrize("end", ["logout", "close", "reset"])
def test_subscriptions_end_with_the_session(
    connect: Callable[..., RawClient], buyer: StockClient, symbol: str, end: str
) -> None:
    client = connect()
    client.send("V", request(symbol))
    client.receive("W")
    if end == "logout":
        client.send("5", {})
        client.is_disconnected()
    elif end == "close":
        client.close()
    else:
        client.reset()
    back = connect(client.comp_id)
    buyer.enter(symbol, BUY, 1, "99")
    back.hears_nothing()
    back.send("V", request(symbol))
    back.receive("W").has({262: "M", 268: 1})
    buyer.enter(symbol, BUY, 2, "99")
    back.receive("X").has({262: "M", 271: 3})


def test_too_many_subscriptions(connect: Callable[..., RawClient], symbol: str) -> None:
    client = connect()
    for number in range(32):
        client.send("V", request(symbol, f"M{number}"))
        client.receive("W")
    client.send("V", request(symbol, "ONE-MORE"))
    client.receive("Y").has({262: "ONE-MORE", 281: 2}).names(symbol, "32")
    client.send("V", {262: "M7", 263: 2})
    client.send("V", request(symbol, "ONE-MORE"))
    client.receive("W").has({262: "ONE-MORE"})
