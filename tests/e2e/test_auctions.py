"""The calls of a day and the auctions that end them: one price, in order, and nothing leaks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.client import BUY, GTC, NEW, SELL
from tests.e2e.codes import (
    AT_THE_CLOSE,
    AT_THE_OPENING,
    FIX42,
    FIX44,
    FIX50SP2,
    MARKET_TO_LIMIT,
    STOP,
    VERSIONS,
)
from tests.e2e.exchange import EXPIRED, SYMBOL, Exchange, filled, traders
from tests.e2e.message import Message
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient
from tests.e2e.venue_process import VenueProcess

Serve = Callable[..., VenueProcess]
Connect = Callable[..., RawClient]

each_version = pytest.mark.parametrize("version", VERSIONS)


@pytest.fixture
def exchange(serve: Serve, tmp_path: Path) -> Exchange:
    return Exchange(serve, tmp_path)


def canceled(client: StockClient, order: Message, cum_qty: int) -> None:
    """What an auction left over of an order that does not outlive it."""
    report = client.receive().has({37: order[37], 14: cum_qty} | client.codes.canceled())
    report.names("left over from the auction")


@each_version
def test_an_opening_auction(exchange: Exchange, version: str) -> None:
    """At 100.20 the most trades: 50 + 100 + 130 of the iceberg's 300, with 80 + 200 of sellers."""
    with traders(exchange, version) as desk:
        buyer, seller, watcher = desk.buyer, desk.seller, desk.watcher
        exchange.enter("pre_open")
        display = buyer.codes.display_tag
        iceberg = buyer.enter(SYMBOL, BUY, 300, "100.20", {display: 30})
        behind = buyer.enter(SYMBOL, BUY, 100, "99.90")
        at_opening = seller.enter(SYMBOL, SELL, 80, 99, {59: AT_THE_OPENING})
        unmet = buyer.enter(SYMBOL, BUY, 10, 98, {59: AT_THE_OPENING})
        exchange.enter("opening_auction")
        first = buyer.enter(SYMBOL, BUY, 100, "100.50")
        at_market = buyer.enter(SYMBOL, BUY, 50)
        offer = seller.enter(SYMBOL, SELL, 200, 100)
        too_high = seller.enter(SYMBOL, SELL, 500, "100.40")
        stop = seller.enter(SYMBOL, SELL, 5, None, {40: STOP, 99: 99})
        assert watcher.book(SYMBOL) == []
        for client in (buyer, seller):
            client.hears_nothing()
        exchange.enter("continuous")
        # market orders first, then the better prices, of sellers those for the opening
        ids = [
            buyer.codes.trade_id(filled(buyer, order, qty, "100.20", cum_qty))
            for order, qty, cum_qty in (
                (at_market, 50, 50),
                (first, 30, 30),
                (first, 70, 100),
                (iceberg, 130, 130),
            )
        ]
        canceled(buyer, unmet, 0)
        sold = [
            seller.codes.trade_id(filled(seller, order, qty, "100.20", cum_qty))
            for order, qty, cum_qty in (
                (at_opening, 50, 50),
                (at_opening, 30, 80),
                (offer, 70, 70),
                (offer, 130, 200),
            )
        ]
        assert ids == sold and len({*ids}) == 4
        for client in (buyer, seller):
            client.hears_nothing()
        bids = [("0", "100.2", "30"), ("0", "99.9", "100")]
        assert _numbers(watcher.book(SYMBOL)) == _numbers([*bids, ("1", "100.4", "500")])
        buyer.ask_status(iceberg).has({151: 170, 14: 130})
        buyer.ask_status(behind).has({151: 100, 39: NEW})
        seller.ask_status(too_high).has({151: 500, 39: NEW})
        seller.ask_status(stop).has({151: 5, 39: NEW})


def _numbers(book: list[tuple[str, str, str]]) -> list[tuple[str, float, float]]:
    return sorted((entry_type, float(px), float(size)) for entry_type, px, size in book)


@each_version
def test_what_a_call_tells(exchange: Exchange, version: str) -> None:
    """The price there would be, and what would be left over of what orders show; nothing more."""
    told = {FIX42: {}, FIX44: {"A"}, FIX50SP2: {"A", "Q"}}[version]
    with traders(exchange, version) as desk:
        buyer, seller, watcher = desk.buyer, desk.seller, desk.watcher
        watcher.request_market_data(SYMBOL, entry_types="012" + "".join(sorted(told)))
        assert watcher.receive("W")[268] == "0"
        exchange.enter("pre_open")
        buyer.enter(SYMBOL, BUY, 10, 101)
        seller.enter(SYMBOL, SELL, 4, 99)
        watcher.hears_nothing()
        exchange.enter("opening_auction")
        assert _entries(watcher) == [
            ("0", each, 101.0, {"A": 6.0, "Q": 4.0}[each]) for each in sorted(told)
        ]
        buyer.enter(SYMBOL, BUY, 100, 101, {buyer.codes.display_tag: 20})
        assert _entries(watcher) == [("1", "A", 101.0, 26.0)] * ("A" in told)
        exchange.enter("continuous")
        assert _entries(watcher) == [
            ("0", "2", 101.0, 4.0),
            ("0", "0", 101.0, 26.0),
            *(("2", each, None, None) for each in sorted(told)),
        ]


def _entries(watcher: StockClient) -> list[tuple[str, str, float | None, float | None]]:
    """What was told since the last time: MDUpdateAction, MDEntryType, price and quantity."""
    return [
        (
            entry[279],
            entry[269],
            *(float(entry[tag]) if tag in entry else None for tag in (270, 271)),
        )
        for message in watcher.settle()
        for entry in message.entries(279)
    ]


@each_version
def test_a_closing_auction(exchange: Exchange, version: str) -> None:
    """Orders AtTheClose wait for it, also without a price; what is left of them ends with it."""
    with traders(exchange, version) as desk:
        buyer, seller = desk.buyer, desk.seller
        exchange.enter("continuous")
        bid = buyer.enter(SYMBOL, BUY, 100, 99, {59: GTC})
        day = buyer.enter(SYMBOL, BUY, 10, 95)
        close = seller.enter(SYMBOL, SELL, 150, 98, {59: AT_THE_CLOSE})
        market_close = buyer.enter(SYMBOL, BUY, 20, None, {59: AT_THE_CLOSE})
        for client, order in ((seller, close), (buyer, market_close)):
            order.has(client.codes.waiting())
        for client in (buyer, seller):
            client.hears_nothing()
        exchange.enter("closing_auction")
        seller.receive().has({37: close[37]} | seller.codes.triggered())
        buyer.receive().has({37: market_close[37]} | buyer.codes.triggered())
        late = seller.enter(SYMBOL, SELL, 5, None, {59: AT_THE_CLOSE})
        exchange.enter("post_close")
        # buyers 120, sellers 5 at market and 150 from 98 on: 30 or more are left over at 99 and
        # below, so it is the lowest price at which 120 trade
        filled(buyer, market_close, 5, "98", 5)
        filled(buyer, market_close, 15, "98", 20)
        filled(buyer, bid, 100, "98", 100)
        filled(seller, late, 5, "98", 5)
        filled(seller, close, 15, "98", 15)
        filled(seller, close, 100, "98", 115)
        canceled(seller, close, 115)
        buyer.hears_nothing()
        exchange.enter("closed")
        buyer.receive().has({37: day[37], 150: EXPIRED, 39: EXPIRED})
        for client in (buyer, seller):
            client.hears_nothing()


@each_version
def test_without_a_counterpart(exchange: Exchange, version: str) -> None:
    """A market order is canceled, also if somebody would sell to nobody; limits stay."""
    with traders(exchange, version) as desk:
        buyer = desk.buyer
        exchange.enter("pre_open")
        at_market = buyer.enter(SYMBOL, BUY, 50)
        limit = buyer.enter(SYMBOL, BUY, 50, 101)
        exchange.enter("opening_auction")
        exchange.enter("continuous")
        canceled(buyer, at_market, 0)
        buyer.hears_nothing()
        assert _numbers(desk.watcher.book(SYMBOL)) == [("0", 101.0, 50.0)]
        desk.seller.enter(SYMBOL, SELL, 50, 101)
        desk.seller.receive().has(buyer.codes.filled("2"))
        buyer.receive().has({37: limit[37]} | buyer.codes.filled("2"))


def test_market_with_leftover(exchange: Exchange) -> None:
    """What is left rests at the auction's price."""
    with traders(exchange, FIX50SP2) as desk:
        buyer, seller = desk.buyer, desk.seller
        exchange.enter("pre_open")
        order = buyer.enter(SYMBOL, BUY, 50, None, {40: MARKET_TO_LIMIT})
        seller.enter(SYMBOL, SELL, 30, 99)
        exchange.enter("opening_auction")
        exchange.enter("continuous")
        filled(buyer, order, 30, "99", 30)
        buyer.receive().has({37: order[37], 44: 99, 150: "D", 378: 3, 151: 20})
        assert _numbers(desk.watcher.book(SYMBOL)) == [("0", 99.0, 20.0)]


def test_the_auctions_trades_trigger_stops(exchange: Exchange) -> None:
    with traders(exchange, FIX50SP2) as desk:
        buyer, seller = desk.buyer, desk.seller
        exchange.enter("pre_open")
        stop = seller.enter(SYMBOL, SELL, 5, None, {40: STOP, 99: "100.10"})
        bid = buyer.enter(SYMBOL, BUY, 20, 100)
        offer = seller.enter(SYMBOL, SELL, 10, 100)
        exchange.enter("opening_auction")
        exchange.enter("continuous")
        filled(seller, offer, 10, "100", 10)
        seller.receive().has({37: stop[37]} | seller.codes.triggered())
        filled(buyer, bid, 10, "100", 10)
        report = seller.receive().has({37: stop[37], 31: 100} | seller.codes.filled("2"))
        report.has({851: "2"})
        buyer.receive().has({37: bid[37], 31: 100, 851: "1"})


def test_a_self_match_in_an_auction(exchange: Exchange) -> None:
    """Nobody is protected from it there: all trade at the one price."""
    with traders(exchange, FIX50SP2) as desk:
        buyer = desk.buyer
        exchange.enter("pre_open")
        prevented = {2362: "DESK", 2964: "1"}
        bid = buyer.enter(SYMBOL, BUY, 5, 100, prevented)
        offer = buyer.enter(SYMBOL, SELL, 5, 100, prevented)
        exchange.enter("opening_auction")
        exchange.enter("continuous")
        filled(buyer, bid, 5, "100", 5)
        filled(buyer, offer, 5, "100", 5)


def test_a_book_of_yesterday_is_not_matched_but_uncrossed(
    exchange: Exchange, raw_client: Connect
) -> None:
    """GTC orders of the day before take part in the opening auction, the oldest first."""
    exchange.start()
    exchange.enter("continuous")
    owner, seller = (raw_client(exchange.venue, name) for name in ("TRADER1", "TRADER3"))
    old = owner.enter(SYMBOL, BUY, 5, 100, {59: GTC})
    exchange.enter("closed")
    exchange.enter("pre_open", "2030-01-04")
    owner.settle()
    new = owner.enter(SYMBOL, BUY, 5, 100)
    offer = seller.enter(SYMBOL, SELL, 8, 99)
    exchange.enter("opening_auction", "2030-01-04")
    exchange.enter("continuous", "2030-01-04")
    for order, qty in ((old, 5), (new, 3)):
        owner.receive().has({37: order[37], 150: "F", 32: qty, 31: "100"})
    for _ in range(2):
        seller.receive().has({37: offer[37], 150: "F", 31: "100"})
    assert exchange.venue is not None
    exchange.venue.is_sound()
