"""How far a trade may be from those before it, and what becomes of an order that goes further."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.client import BUY, IOC, SELL
from tests.e2e.codes import FIX50SP2, VERSIONS
from tests.e2e.exchange import EXCHANGE_CLOSED, SYMBOL, Exchange, filled, traders
from tests.e2e.message import Message
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient
from tests.e2e.test_restart import recover
from tests.e2e.venue_process import VenueProcess

Serve = Callable[..., VenueProcess]
Connect = Callable[..., RawClient]

each_version = pytest.mark.parametrize("version", VERSIONS)

SECOND = 10**9
VIOLATION = "15"
DYNAMIC = {"dynamic_collar_percent": 2}
STATIC = {"static_collar_percent": 5}
CALL = {"interruption_seconds": 120, "interruption_random_seconds": 30}


def offers(seller: StockClient | RawClient, *prices: object) -> list[Message]:
    return [seller.enter(SYMBOL, SELL, 10, price) for price in prices]


def trade(taker: StockClient, maker: StockClient, order: Message, price: str) -> Message:
    """The next of 10, at the maker's price."""
    report = taker.receive()
    assert float(report[31]) == float(maker.receive()[31]) == float(price)
    return report.has({37: order[37], 32: 10})


@each_version
def test_the_rest_is_canceled(serve: Serve, tmp_path: Path, version: str) -> None:
    """The collar is around the trade before the order, however far that gets."""
    exchange = Exchange(serve, tmp_path, **DYNAMIC)
    with traders(exchange, version) as desk:
        buyer, seller = desk.buyer, desk.seller
        exchange.enter("continuous")
        offers(seller, 101, 102, "102.01")
        order = buyer.enter(SYMBOL, BUY, 30, 103)
        for price in ("101", "102"):
            trade(buyer, seller, order, price)
        report = buyer.receive().has({37: order[37], 14: 20} | buyer.codes.canceled(VIOLATION))
        report.names("dynamic collar 98", "102", "102.01")
        buyer.hears_nothing()
        order = buyer.enter(SYMBOL, BUY, 10, 103)
        trade(buyer, seller, order, "102.01")


@each_version
def test_the_static_collar(serve: Serve, tmp_path: Path, version: str) -> None:
    """It is around the last auction's price, and trades do not move it."""
    exchange = Exchange(serve, tmp_path, **STATIC)
    with traders(exchange, version) as desk:
        buyer, seller = desk.buyer, desk.seller
        exchange.enter("pre_open")
        bid, offer = buyer.enter(SYMBOL, BUY, 10, 104), seller.enter(SYMBOL, SELL, 10, 104)
        exchange.enter("continuous")
        for client, each in ((buyer, bid), (seller, offer)):
            filled(client, each, 10, "104", 10)
        offers(seller, 107, "109.2", "109.21")
        for price in ("107", "109.2"):
            trade(buyer, seller, buyer.enter(SYMBOL, BUY, 10, price), price)
        order = buyer.enter(SYMBOL, BUY, 10, 110)
        report = buyer.receive().has({37: order[37]} | buyer.codes.canceled(VIOLATION))
        report.names("static collar 98.8", "109.2")


@each_version
def test_a_market_order_goes_no_further_than_the_collar(
    serve: Serve, tmp_path: Path, version: str
) -> None:
    """20 percent around the last trade, as for limit prices; it interrupts nothing."""
    exchange = Exchange(serve, tmp_path)
    with traders(exchange, version) as desk:
        buyer, seller = desk.buyer, desk.seller
        exchange.enter("continuous")
        offers(seller, 108, "108.01")
        seller.enter(SYMBOL, SELL, 10, 90)
        trade(buyer, seller, buyer.enter(SYMBOL, BUY, 10, 90), "90")
        order = buyer.enter(SYMBOL, BUY, 30)
        trade(buyer, seller, order, "108")
        report = buyer.receive().has({37: order[37], 14: 10} | buyer.codes.canceled(VIOLATION))
        report.names("collar 72", "108", "108.01")


@each_version
def test_an_interruption(serve: Serve, tmp_path: Path, version: str) -> None:
    """The rest of the order waits for an auction, with whoever comes; nobody sees the book."""
    exchange = Exchange(serve, tmp_path, **DYNAMIC, **CALL)
    with traders(exchange, version) as desk:
        buyer, seller = desk.buyer, desk.seller
        exchange.enter("continuous")
        _, second = offers(seller, 102, 103)
        order = buyer.enter(SYMBOL, BUY, 30, 104)
        trade(buyer, seller, order, "102")
        buyer.hears_nothing()
        assert desk.watcher.book(SYMBOL) == []
        refused = buyer.new_order(SYMBOL, BUY, 5, 100, {59: IOC})
        report = buyer.receive().has({11: refused} | buyer.codes.rejected(EXCHANGE_CLOSED))
        report.names("volatility auction")
        late = seller.enter(SYMBOL, SELL, 5, "103.5")
        seller.hears_nothing()
        buyer.ask_status(order).has({151: 20, 14: 10})
        exchange.at("09:01:30")
        buyer.hears_nothing()
        exchange.at("09:03:00")
        # 15 trade from 103.50 to 104, and buyers are left over: the highest price
        for qty, cum_qty in ((10, 20), (5, 25)):
            report = buyer.receive().has({37: order[37], 32: qty, 14: cum_qty})
            assert float(report[31]) == 104
        for each, qty in ((second, 10), (late, 5)):
            filled(seller, each, qty, "104", qty)
        buyer.ask_status(order).has({151: 5, 14: 25})
        assert [float(px) for _, px, _ in desk.watcher.book(SYMBOL)] == [104]


@each_version
def test_who_does_not_wait_is_canceled(serve: Serve, tmp_path: Path, version: str) -> None:
    """The interruption begins all the same."""
    exchange = Exchange(serve, tmp_path, **DYNAMIC, **CALL)
    with traders(exchange, version) as desk:
        buyer, seller = desk.buyer, desk.seller
        exchange.enter("continuous")
        offers(seller, 103)
        order = buyer.enter(SYMBOL, BUY, 10, 104, {59: IOC})
        buyer.receive().has({37: order[37]} | buyer.codes.canceled(VIOLATION))
        refused = buyer.new_order(SYMBOL, BUY, 5, 100, {59: IOC})
        buyer.receive().has({11: refused} | buyer.codes.rejected(EXCHANGE_CLOSED))


def test_the_schedule_goes_before_an_interruption(serve: Serve, tmp_path: Path) -> None:
    """Another phase of the market ends the call: with an auction, or where it is a call as well, in
    that.
    """
    exchange = Exchange(serve, tmp_path, **DYNAMIC, **CALL)
    with traders(exchange, FIX50SP2) as desk:
        buyer, seller = desk.buyer, desk.seller
        exchange.enter("continuous")
        [offer] = offers(seller, 103)
        exchange.at("17:19:00")
        order = buyer.enter(SYMBOL, BUY, 10, 104)
        exchange.enter("closing_auction")
        exchange.at("17:25:00")
        buyer.hears_nothing()
        exchange.enter("post_close")
        filled(buyer, order, 10, "103", 10)
        filled(seller, offer, 10, "103", 10)


def test_its_end_is_random_and_survives_the_venue(
    serve: Serve, tmp_path: Path, raw_client: Connect
) -> None:
    """Between 120 and 150 seconds, drawn when it begins: the same whoever reads the journal."""
    exchange = Exchange(serve, tmp_path, **DYNAMIC, **CALL)
    venue = exchange.start()
    exchange.enter("continuous")
    durations = []
    for time, price in (("09:10:00", 103), ("09:20:00", 106)):
        exchange.at(time)
        trader = raw_client(venue, "TRADER1")
        offer = trader.enter(SYMBOL, SELL, 10, price)
        trader.enter(SYMBOL, BUY, 10, price + 1)
        trader.hears_nothing()
        exchange.kill()
        began, end = call(venue)
        assert (began, end) == call(venue)
        durations.append(end - began)
        exchange.at_ns(end - 60 * SECOND)
        venue = exchange.start()
        trader = raw_client(venue, "TRADER1")
        refused = trader.new_order(SYMBOL, BUY, 5, 100, {59: IOC})
        trader.receive().has({11: refused, 150: "8", 103: EXCHANGE_CLOSED})
        exchange.at_ns(end)
        trader.receive().has({150: "F", 39: "2", 31: price})
        trader.receive().has({150: "F", 39: "2", 31: price, 37: offer[37]})
        trader.enter(SYMBOL, BUY, 5, price - 1)
        trader.close()
    assert all(120 * SECOND <= each <= 150 * SECOND for each in durations)
    assert len({each % SECOND for each in durations}) == 2, "not at random"


def call(venue: VenueProcess) -> tuple[int, int]:
    """When the call that the venue died in began, with the last batch, and when it ends."""
    recovered = recover(venue.data)
    return recovered.time, recovered.deadline


def test_it_ends_while_the_venue_is_down(serve: Serve, tmp_path: Path, raw_client: Connect) -> None:
    """The auction is held by the next start, and who was away is told at his Logon."""
    exchange = Exchange(serve, tmp_path, **DYNAMIC, **CALL)
    venue = exchange.start()
    exchange.enter("continuous")
    trader = raw_client(venue, "TRADER1")
    offer = trader.enter(SYMBOL, SELL, 10, 103)
    bid = trader.enter(SYMBOL, BUY, 10, 104)
    trader.hears_nothing()
    exchange.kill()
    exchange.at("09:30:00")
    trader = raw_client(exchange.start(), "TRADER1")
    told = trader.settle()
    assert [(each[37], each[150], each[31]) for each in told] == [
        (bid[37], "F", "103"),
        (offer[37], "F", "103"),
    ]
