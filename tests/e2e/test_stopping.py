"""SIGINT, SIGTERM and SIGHUP: everybody is logged out, and the venue ends with status 0."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress

import pytest

from tests.e2e.client import BUY, DEADLINE
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient
from tests.e2e.venue_process import VenueProcess

Serve = Callable[..., VenueProcess]
Connect = Callable[..., RawClient]


@pytest.fixture
def stock_client() -> Iterator[Callable[[VenueProcess], StockClient]]:
    """Log TRADER1 on to a venue, with no wish to come back."""
    with ExitStack() as stack:

        def logged_on(venue: VenueProcess) -> StockClient:
            client = StockClient(venue.port, "TRADER1", {"ReconnectInterval": "60"})
            return stack.enter_context(closing(client))

        yield logged_on


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_session_is_logged_out(
    serve: Serve, raw_client: Connect, stock_client: Callable[..., StockClient], number: int
) -> None:
    venue = serve()
    stock = stock_client(venue)
    polite, rude = raw_client(venue, "TRADER2"), raw_client(venue, "TRADER3")
    stranger = raw_client(venue, "TRADER4", log_on=False)
    polite.enter("AAPL", BUY, 1, "99")
    polite.request_market_data("AAPL")
    polite.receive("W")
    venue.process.send_signal(number)
    polite.receive("5").names("stopping")
    polite.send("5", {})
    assert polite.is_disconnected() == []
    stock.receive("5").names("stopping")
    [logout] = rude.is_disconnected()
    logout.has({35: "5"})
    assert stranger.is_disconnected() == []
    assert venue.process.wait(DEADLINE) == 0, venue.output
    assert stock.complaints == []


def test_nothing_to_log_out(serve: Serve) -> None:
    venue = serve()
    venue.process.send_signal(signal.SIGTERM)
    assert venue.process.wait(DEADLINE) == 0
    assert venue.output.count("\n") == 1


def test_impatient_user(serve: Serve, raw_client: Connect) -> None:
    """Signals while it is stopping already change nothing."""
    venue = serve()
    rude = raw_client(venue, "TRADER1")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGINT):
        venue.process.send_signal(number)
    [logout] = rude.is_disconnected()
    logout.has({35: "5"})
    assert venue.process.wait(DEADLINE) == 0, venue.output
    assert "Traceback" not in venue.output


def test_a_client_that_keeps_sending(serve: Serve, raw_client: Connect) -> None:
    venue = serve()
    client = raw_client(venue, "TRADER1")
    venue.process.send_signal(signal.SIGTERM)
    with suppress(OSError):
        while venue.process.poll() is None:
            client.new_order("AAPL", BUY, 1, "99")
    assert venue.process.wait(DEADLINE) == 0, venue.output
