"""A venue that was stopped, or killed, goes on where it was."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.client import BUY, CANCELED, FILLED, NEW, PARTIALLY_FILLED, REJECTED, SELL
from tests.e2e.message import Message
from tests.e2e.raw import RawClient
from tests.e2e.venue_process import VenueProcess
from venue.core.types import Side
from venue.core.venue import Venue
from venue.journal.recovery import replay
from venue.journal.sqlite import SqliteJournal

KEPT = (37, 55, 54, 38, 40, 44, 59, 39, 14, 151, 6, 1)

Serve = Callable[..., VenueProcess]
Connect = Callable[..., RawClient]
End = Callable[[VenueProcess], None]

stop_or_kill = pytest.mark.parametrize(
    "end", [VenueProcess.stop, VenueProcess.kill], ids=["stopped", "killed"]
)


def recover(data: Path) -> Venue:
    """The venue that a journal leads to."""
    journal = SqliteJournal(data, "off")
    venue = Venue()
    replay(journal, venue)
    journal.close()
    venue.check()
    return venue


def levels(message: Message) -> list[dict[int, str]]:
    return [{55: message[55]}, *message.entries(269)]


class Traders:
    """Two traders of different firms, in one venue after the other."""

    def __init__(self, venue: VenueProcess, raw_client: Connect) -> None:
        self.buyer = raw_client(venue, "TRADER1")
        self.seller = raw_client(venue, "TRADER3")

    def leave(self) -> None:
        """Be gone before the venue stops, which would wait for the answer to its Logout."""
        self.buyer.close()
        self.seller.close()


@stop_or_kill
def test_everything_is_back(serve: Serve, raw_client: Connect, end: End) -> None:
    first = serve()
    before = Traders(first, raw_client)
    buyer, seller = before.buyer, before.seller
    resting = buyer.enter("AAPL", BUY, 10, "99.00", {1: "ACCOUNT"})
    behind = buyer.enter("AAPL", BUY, 5, "99.00")
    changed = buyer.enter("AAPL", BUY, 8, "98.00", {59: "1"})
    buyer.replace(changed, 7, "97.50")
    changed = buyer.receive().has({150: 5})
    gone = buyer.enter("AAPL", BUY, 8, "96.00")
    buyer.cancel(gone)
    gone = buyer.receive().has({150: 4})
    sold = seller.enter("AAPL", SELL, 4, "99.00")
    sold = seller.receive().has({150: "F", 39: FILLED})
    resting = buyer.receive().has({150: "F", 39: PARTIALLY_FILLED, 151: 6})
    seller.enter("ETH-USD", SELL, "1.5", "2600.01")
    rejected = buyer.new_order("AAPL", BUY, 0, "99.00")
    last = buyer.receive().has({150: "8", 39: REJECTED})
    unknown = buyer.cancel(resting, {41: "NO-SUCH-ID"})
    buyer.receive("9")
    buyer.request_market_data(["AAPL", "ETH-USD"])
    shown = [levels(buyer.receive("W")) for _ in range(2)]
    end(first)

    left = recover(first.data).state_hash()
    assert recover(first.data).state_hash() == left
    second = serve()
    after = Traders(second, raw_client)
    buyer, seller = after.buyer, after.seller
    for report in (resting, behind, changed, gone):
        buyer.ask_status(report).has({tag: report.get(tag) for tag in KEPT})
    seller.ask_status(sold).has({tag: sold.get(tag) for tag in KEPT})
    buyer.request_market_data(["AAPL", "ETH-USD"])
    assert [levels(buyer.receive("W")) for _ in range(2)] == shown

    for used in (resting[11], gone[11], gone[41], rejected, unknown):
        buyer.new_order("AAPL", BUY, 1, "99.00", {11: used})
        buyer.receive().has({150: "8", 103: 6}).names(used)
    sold = seller.enter("AAPL", SELL, 8, "99.00")
    assert int(sold[37]) > int(last[37])
    fills = [seller.receive(), seller.receive()]
    buyer.receive().has({11: resting[11], 39: FILLED, 14: 10, 32: 6, 527: fills[0][527]})
    buyer.receive().has({11: behind[11], 39: PARTIALLY_FILLED, 32: 2, 527: fills[1][527]})
    assert int(resting[527]) < int(fills[0][527]) < int(fills[1][527])
    assert int(fills[0][17]) > int(sold[17]) > int(last[17])
    second.is_sound()
    after.leave()
    second.stop()
    assert recover(second.data).state_hash() != left


@stop_or_kill
def test_a_restart_changes_nothing(serve: Serve, raw_client: Connect, end: End) -> None:
    """Nor does a client that only comes, asks and goes."""
    first = serve()
    traders = Traders(first, raw_client)
    order = traders.buyer.enter("AAPL", BUY, 10, "99.00")
    traders.leave()
    end(first)
    left = recover(first.data).state_hash()
    second = serve()
    traders = Traders(second, raw_client)
    traders.buyer.ask_status(order).has({39: NEW, 151: 10})
    traders.leave()
    end(second)
    assert recover(first.data).state_hash() == left


@pytest.mark.parametrize(("sync", "heard"), [("batch", 1), ("batch", 300), ("interval", 900)])
def test_what_a_client_was_told_survives_a_kill(
    serve: Serve, raw_client: Connect, sync: str, heard: int
) -> None:
    """Killed in the middle of a burst, after some of its reports came out."""
    venue = serve("--set", f"journal.sync={sync}")
    traders = Traders(venue, raw_client)
    told: list[Message] = []
    for number in range(1000):
        side, price = ((BUY, "99.50"), (SELL, "99.00"))[number % 2]
        client = (traders.buyer, traders.seller)[number % 2]
        client.new_order("AAPL", side, 3 + number % 3, price)
    for report in traders.buyer.last_words():
        told.append(report.has({35: "8"}))
        if len(told) == heard:
            venue.kill()
    told += traders.seller.last_words()

    assert len({report[17] for report in told}) == len(told) >= heard
    recover(venue.data)
    again = serve()
    traders = Traders(again, raw_client)
    owners = {traders.buyer.comp_id: traders.buyer, traders.seller.comp_id: traders.seller}
    for report in {report[37]: report for report in told}.values():
        status = owners[report[56]].ask_status(report).has({37: report[37], 38: report[38]})
        assert int(status[14]) >= int(report[14])
        assert int(status[151]) <= int(report[151])
    newest = traders.buyer.enter("AAPL", BUY, 1, "60.00")
    assert int(newest[17]) > max(int(report[17]) for report in told)
    assert int(newest[37]) > max(int(report[37]) for report in told)
    again.is_sound()
    traders.leave()
    again.stop()


def test_stop_in_the_middle_of_a_burst(serve: Serve, raw_client: Connect) -> None:
    venue = serve()
    client = raw_client(venue, "TRADER1")
    for _ in range(500):
        client.new_order("AAPL", BUY, 1, "99.00")
    told = [client.receive()]
    venue.process.send_signal(signal.SIGTERM)
    told += client.last_words()
    venue.stop()
    reports = [message for message in told if message.type == "8"]
    bids = list(recover(venue.data).levels("AAPL", Side.BUY))
    assert sum(count for _, _, count in bids) == len(reports)


def test_ids_of_canceled_orders_are_not_given_again(serve: Serve, raw_client: Connect) -> None:
    told: list[Message] = []
    for _ in range(2):
        venue = serve()
        client = raw_client(venue, "TRADER1")
        told.append(client.enter("AAPL", BUY, 1, "99.00"))
        client.cancel(told[-1])
        told.append(client.receive().has({39: CANCELED}))
        venue.kill()
    assert len({report[17] for report in told}) == 4
    assert len({report[37] for report in told}) == 2
