"""What happens to the orders of a session that is not logged on is told at its next Logon, once."""

from collections.abc import Callable
from contextlib import closing

import pytest

from tests.e2e.client import BUY, FILLED, PARTIALLY_FILLED, SELL
from tests.e2e.codes import FIX44, VERSIONS
from tests.e2e.message import Message
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient
from tests.e2e.venue_process import VenueProcess

Connect = Callable[..., RawClient]
Serve = Callable[..., VenueProcess]


def fills_while_away(order: Message, other: RawClient) -> list[tuple[str, str]]:
    """Trade with an order whose owner is away; return what he is to be told: LastQty and TrdID."""
    expected = []
    for qty in (2, 3):
        other.enter(order[55], SELL, qty, order[44])
        fill = other.receive().has({39: FILLED})
        expected.append((str(qty), fill[527]))
    return expected


@pytest.mark.parametrize("reset", ["Y", "N"])
def test_fills_wait_for_the_next_logon(serve: Serve, raw_client: Connect, reset: str) -> None:
    """As new messages, before anything else; also where sequence numbers go on."""
    venue = serve("--set", f"quickfix.ResetOnLogon={reset}")
    owner, other = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    order = owner.enter("AAPL", BUY, 6, 99)
    owner.send("5", {})
    owner.receive_session_message("5")
    owner.close()
    other.settle()
    expected = fills_while_away(order, other)
    for waits in (expected, []):
        back = raw_client(venue, "TRADER1", log_on=False)
        if reset == "N":
            back.next_sent, back.next_received = owner.next_sent, owner.next_received
        logon: dict[int, object] = {98: 0, 108: 30, 141: None if reset == "N" else "Y"}
        content = back.bytes_of("A", logon)
        content += back.bytes_of("H", {11: order[11], 55: "AAPL", 54: BUY})
        back.send_bytes(content)
        back.receive_session_message("A")
        told = [back.receive().has({150: "F", 11: order[11], 43: None}) for _ in waits]
        assert [(report[32], report[527]) for report in told] == waits
        back.receive().has({150: "I", 39: PARTIALLY_FILLED, 14: 5})
        back.hears_nothing()
        back.send("5", {})
        back.receive_session_message("5")
        back.close()
        owner = back
    venue.is_sound()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_stock_client_that_comes_back(serve: Serve, raw_client: Connect, version: str) -> None:
    venue = serve(versions=(FIX44, version))
    other = raw_client(venue, "TRADER3")
    with closing(StockClient(venue.port, "TRADER1", version=version)) as owner:
        order = owner.enter("AAPL", BUY, 6, 99)
    venue.wait_for("logout")
    other.settle()
    expected = fills_while_away(order, other)
    with closing(StockClient(venue.port, "TRADER1", version=version)) as back:
        told = [back.receive().has({11: order[11], 43: None}) for _ in expected]
        assert [report[32] for report in told] == [qty for qty, _ in expected]
        back.hears_nothing()
        assert back.complaints == []
    with closing(StockClient(venue.port, "TRADER1", version=version)) as again:
        again.hears_nothing()
    venue.is_sound()
