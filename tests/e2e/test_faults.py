"""A defect of the venue's own costs at most the request that met it: the venue goes on."""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from decimal import Decimal

import pytest

from tests.e2e.books import ShownBook
from tests.e2e.client import BUY, FILLED, SELL
from tests.e2e.faulty_venue import CALLBACKS, FAULTS, MARK
from tests.e2e.raw import RawClient
from tests.e2e.venue_process import VenueProcess

Connect = Callable[..., RawClient]

ANSWERED = {"parse", "handle", "handle, late", "encode"}
"""Faults that meet one request, whose sender can be told."""


@pytest.fixture
def faulty(
    request: pytest.FixtureRequest, serve: Callable[..., VenueProcess]
) -> Iterator[VenueProcess]:
    venue = serve(command=("tests.e2e.faulty_venue", request.param, "serve"))
    yield venue
    assert "InjectedError" in venue.output, "the fault was never met"
    assert "defect" in venue.output
    venue.stop()


def does_everything(venue: VenueProcess, comp_id: str) -> None:
    """What a session does in its life, whatever becomes of it."""
    with suppress(AssertionError, OSError), closing(RawClient(venue.port, comp_id)) as client:
        client.new_order("AAPL", BUY, 1, "99", {11: f"{MARK}-{comp_id}"})
        client.request_market_data("AAPL", md_req_id=f"{MARK}-MD")
        client.new_order("AAPL", BUY, 1, "99")
        client.settle()
        client.send("2", {7: 1, 16: 0})
        client.settle()
        client.send("5", {})
        client.is_disconnected()


def trade(faulty: VenueProcess, raw_client: Connect) -> None:
    buyer, seller = raw_client(faulty, "TRADER1"), raw_client(faulty, "TRADER3")
    buyer.request_market_data("ETH-USD")
    buyer.receive("W")
    seller.enter("ETH-USD", SELL, 1, "2500")
    buyer.receive("X")
    buyer.enter("ETH-USD", BUY, 1, "2500")
    fill = buyer.receive().has({150: "F", 39: FILLED})
    seller.receive().has({150: "F", 39: FILLED, 527: fill[527]})
    buyer.receive("X")


@pytest.mark.parametrize("faulty", [*CALLBACKS, *sorted(FAULTS.keys() - ANSWERED)], indirect=True)
def test_the_venue_goes_on(faulty: VenueProcess, raw_client: Connect) -> None:
    does_everything(faulty, "TRADER2")
    trade(faulty, raw_client)


@pytest.mark.parametrize("faulty", sorted(ANSWERED), indirect=True)
def test_the_session_is_told(faulty: VenueProcess, raw_client: Connect) -> None:
    """A BusinessMessageReject for the request, and the next one is served."""
    client = raw_client(faulty, "TRADER2")
    sent = client.next_sent
    client.new_order("AAPL", BUY, 1, "99", {11: f"{MARK}-1"})
    client.receive("j").has({45: sent, 372: "D", 380: 0}).names("defect of the venue")
    client.enter("AAPL", BUY, 1, "99")
    client.hears_nothing()
    trade(faulty, raw_client)


@pytest.mark.parametrize("faulty", ["encode"], indirect=True)
def test_the_other_side_of_a_trade_is_told(faulty: VenueProcess, raw_client: Connect) -> None:
    """Of two reports of a match one fails: the other goes out, and the trade is published."""
    buyer, seller = raw_client(faulty, "TRADER1"), raw_client(faulty, "TRADER3")
    seller.request_market_data("AAPL", entry_types="2")
    seller.receive("W")
    offer = seller.enter("AAPL", SELL, 1, "100")
    buyer.new_order("AAPL", BUY, 1, "100", {11: f"{MARK}-1"})
    seller.receive().has({11: offer[11], 150: "F", 39: FILLED})
    seller.receive("X").has({269: 2, 271: 1, 270: 100})
    buyer.receive("j").has({372: "D", 380: 0})


@pytest.mark.parametrize("faulty", ["note", "publish"], indirect=True)
def test_market_data_recovers(faulty: VenueProcess, raw_client: Connect) -> None:
    """What a failed publication left out, the subscriber is shown later: the book is whole."""
    client = raw_client(faulty, "TRADER1")
    shown = ShownBook(client.request_market_data("AAPL"), "AAPL")
    shown.apply(client.receive("W"))
    for price in ("99", "98"):
        client.enter("AAPL", BUY, 1, price)
        for message in client.settle():
            shown.apply(message)
    assert shown.levels == {BUY: {Decimal(99): 1, Decimal(98): 1}, SELL: {}}
