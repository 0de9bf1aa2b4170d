"""What the venue remembers of a session's ids is bounded, over a restart, too."""

from collections.abc import Callable

from tests.e2e.client import BUY, REJECTED
from tests.e2e.raw import RawClient
from tests.e2e.venue_process import VenueProcess

MOST = 1_000


def test_old_ids_are_forgotten(
    serve: Callable[..., VenueProcess], raw_client: Callable[..., RawClient]
) -> None:
    """A live order's own id is not, whatever its age."""
    first = serve("--set", f"retention.cl_ord_ids={MOST}")
    trader = raw_client(first, "TRADER1")
    live = trader.enter("AAPL", BUY, 1, "99.00", {59: "1"})
    for number in range(MOST + 9):
        trader.new_order("AAPL", BUY, 0, "99.00", {11: f"R{number}"})
    for _ in range(MOST + 9):
        trader.receive().has({39: REJECTED})
    trader.close()
    first.stop()

    second = serve("--set", f"retention.cl_ord_ids={MOST}")
    trader = raw_client(second, "TRADER1")
    trader.new_order("AAPL", BUY, 1, "98.00", {11: "R12"})
    trader.receive().has({150: "8", 103: 6}).names("R12")
    trader.new_order("AAPL", BUY, 1, "98.00", {11: live[11]})
    trader.receive().has({150: "8", 103: 6}).names(live[11])
    trader.new_order("AAPL", BUY, 1, "98.00", {11: "R0"})
    trader.receive().has({150: "0", 11: "R0"})
    second.is_sound()
    trader.close()
    second.stop()


def test_only_so_many_messages_are_sent_again(
    serve: Callable[..., VenueProcess], raw_client: Callable[..., RawClient]
) -> None:
    """Those before are gap filled."""
    venue = serve("--set", "retention.resend_messages=100")
    trader = raw_client(venue, "TRADER1")
    for _ in range(250):
        trader.new_order("AAPL", BUY, 0, "99.00")
        trader.receive().has({39: REJECTED})
    trader.send("2", {7: 1, 16: 0})
    gap = trader.receive_message()
    assert gap.type == "4" and gap[123] == "Y"
    resent = [trader.receive_message() for _ in range(252 - int(gap[36]))]
    assert {message.type for message in resent} == {"8"}
    assert 100 <= len(resent) <= 102
    assert [int(message[34]) for message in resent] == list(range(int(gap[36]), 252))
    venue.is_sound()
    trader.close()
    venue.stop()
