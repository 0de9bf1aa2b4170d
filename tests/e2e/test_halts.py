"""What an operator's halt does to orders, over phases, and over the venue's own end."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.client import BUY, GTC, NEW, SELL
from tests.e2e.codes import AT_THE_CLOSE, FIX42, STOP, VERSIONS
from tests.e2e.exchange import EXCHANGE_CLOSED, EXPIRED, SYMBOL, Exchange, filled, traders
from tests.e2e.operators import Operator
from tests.e2e.raw import RawClient
from tests.e2e.venue_process import VenueProcess

Serve = Callable[..., VenueProcess]
Connect = Callable[..., RawClient]

each_version = pytest.mark.parametrize("version", VERSIONS)

HALTED = "6"


@pytest.fixture
def exchange(serve: Serve, tmp_path: Path) -> Exchange:
    return Exchange(serve, tmp_path)


def operator_of(exchange: Exchange, raw_client: Connect) -> Operator:
    return Operator(raw_client(exchange.venue, "OPERATOR"))


@each_version
def test_a_halt(exchange: Exchange, raw_client: Connect, version: str) -> None:
    """K.1.a: who says nothing, or J, hears nothing and trades after it; K.1.b: K is canceled.

    FIX.4.2 has neither.
    """
    reinstate, cancel = ({}, None) if version == FIX42 else ({18: "J"}, {18: "K"})
    with traders(exchange, version) as desk:
        buyer, seller = desk.buyer, desk.seller
        exchange.enter("continuous")
        plain = buyer.enter(SYMBOL, BUY, 5, 99)
        kept = buyer.enter(SYMBOL, BUY, 5, 98, reinstate)
        ending = []
        if cancel is not None:
            ending.append(buyer.enter(SYMBOL, BUY, 5, 97, cancel))
            ending.append(buyer.enter(SYMBOL, BUY, 5, None, {40: STOP, 99: 105} | cancel))
        operator = operator_of(exchange, raw_client)
        operator.asks("halt", SYMBOL)
        for order in ending:
            report = buyer.receive().has({37: order[37], 378: HALTED, 14: 0, 151: 0})
            report.has({150: "4", 39: "4"}).names("halted")
        buyer.hears_nothing()
        for more in ({}, {59: GTC}, {40: "1", 44: None}):
            refused = seller.new_order(SYMBOL, SELL, 5, 99, more)
            report = seller.receive().has({11: refused} | seller.codes.rejected(EXCHANGE_CLOSED))
            report.names("halt")
        buyer.replace(plain, 4)
        buyer.receive("9").has({37: plain[37], 39: NEW} | buyer.codes.replace_refused())
        buyer.ask_status(kept).has({39: NEW, 151: 5})
        buyer.cancel(kept)
        buyer.receive().has({37: kept[37]} | buyer.codes.canceled())
        operator.asks("resume", SYMBOL)
        buyer.hears_nothing()
        offer = seller.enter(SYMBOL, SELL, 5, 99)
        seller.receive().has({37: offer[37]} | seller.codes.filled("2"))
        buyer.receive().has({37: plain[37]} | buyer.codes.filled("2"))


@each_version
def test_a_halt_that_ends_with_an_auction(
    exchange: Exchange, raw_client: Connect, version: str
) -> None:
    with traders(exchange, version) as desk:
        buyer, seller = desk.buyer, desk.seller
        exchange.enter("continuous")
        bid = buyer.enter(SYMBOL, BUY, 5, 99)
        operator = operator_of(exchange, raw_client)
        operator.asks("halt", SYMBOL)
        operator.asks("resume", SYMBOL, seconds="600")
        offer = seller.enter(SYMBOL, SELL, 5, 95)
        seller.hears_nothing()
        assert desk.watcher.book(SYMBOL) == []
        exchange.at("09:15:00")
        filled(buyer, bid, 5, "99", 5)
        filled(seller, offer, 5, "99", 5)


def test_a_halt_outlasts_phases_and_the_venue(exchange: Exchange, raw_client: Connect) -> None:
    """Day orders expire all the same; what was halted in a call is still to be auctioned."""
    venue = exchange.start()
    exchange.enter("opening_auction")
    buyer, seller = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    bid = buyer.enter(SYMBOL, BUY, 5, 101, {59: GTC})
    day = buyer.enter(SYMBOL, BUY, 5, 99)
    close = buyer.enter(SYMBOL, BUY, 5, None, {59: AT_THE_CLOSE})
    offer = seller.enter(SYMBOL, SELL, 5, 101, {59: GTC})
    operator_of(exchange, raw_client).asks("halt", SYMBOL)
    exchange.enter("continuous")
    for client in (buyer, seller):
        client.hears_nothing()
    exchange.kill()
    venue = exchange.start()
    buyer, seller = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    refused = buyer.new_order(SYMBOL, BUY, 5, 99)
    buyer.receive().has({11: refused, 150: "8", 103: EXCHANGE_CLOSED}).names("halt")
    exchange.enter("closing_auction")
    buyer.hears_nothing()
    exchange.enter("closed")
    assert {buyer.receive().has({150: EXPIRED})[37] for _ in range(2)} == {day[37], close[37]}
    exchange.enter("pre_open", "2030-01-04")
    exchange.enter("continuous", "2030-01-04")
    assert [each[150] for each in (*buyer.settle(), *seller.settle())] == ["D", "D"]
    operator_of(exchange, raw_client).asks("resume", SYMBOL)
    buyer.receive().has({37: bid[37], 150: "F", 31: "101"})
    seller.receive().has({37: offer[37], 150: "F", 31: "101"})
    venue.is_sound()
