"""Sequence numbers and reports go on over a restart, and over a crash, without a reset."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.client import BUY, FILLED, SELL
from tests.e2e.codes import VERSIONS
from tests.e2e.message import Message, utc_now
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient
from tests.e2e.venue_process import VenueProcess

JUMP = 10_000
Connect = Callable[..., RawClient]
Serve = Callable[..., VenueProcess]
End = Callable[[VenueProcess, RawClient], int]


def order(cl_ord_id: str, side: str = BUY, price: object = 99) -> dict[int, object]:
    return {11: cl_ord_id, 55: "AAPL", 54: side, 38: 1, 40: 2, 44: price, 60: utc_now()}


def come_back(connect: Connect, venue: VenueProcess, before: RawClient, jump: int) -> RawClient:
    """Log on as a client that goes on where it was; the venue's numbers may `jump`."""
    client = connect(venue, before.comp_id, log_on=False)
    client.next_sent = before.next_sent
    client.next_received, client.jump = before.next_received, jump
    client.log_on({141: None})
    return client


def resent(client: RawClient, first: int) -> list[Message]:
    """Ask for all from `first` on; return the reports, after a check that there is no hole."""
    last = client.next_received
    client.send("2", {7: first, 16: 0})
    expected, reports = first, []
    while expected < last:
        message = client.receive_message().has({34: expected, 43: "Y"})
        expected += 1
        if message.type == "4":
            expected = int(message.has({123: "Y"})[36])
        else:
            reports.append(message)
    assert expected == last
    return reports


def same(again: Message, first: Message) -> None:
    """Assert that a report is what it was, marked as sent before."""
    own = {9, 10, 43, 52, 122}
    again.has({43: "Y", 122: first[52]})
    fields = [[pair for pair in message.pairs if pair[0] not in own] for message in (again, first)]
    assert fields[0] == fields[1]


def stop(venue: VenueProcess, client: RawClient) -> int:
    """End the venue in peace, seen by `client`, after which numbers do not jump."""
    venue.process.terminate()
    client.receive_session_message("5")
    client.send("5", {})
    client.is_disconnected()
    venue.stop()
    return 0


def kill(venue: VenueProcess, client: RawClient) -> int:
    """End the venue as a power cut does; return how far its numbers may jump."""
    venue.kill()
    return JUMP


ENDS = pytest.mark.parametrize("end", [stop, kill])


@ENDS
def test_numbers_go_on(serve: Serve, raw_client: Connect, end: End) -> None:
    """After a clean stop there is no gap; after a crash the venue's numbers jump, never back."""
    venue = serve()
    client = raw_client(venue, "TRADER1")
    for number in range(3):
        client.send("D", order(f"A{number}"))
        client.receive().has({150: "0"})
    for _ in range(2):
        jump = end(venue, client)
        venue = serve()
        client = come_back(raw_client, venue, client, jump)
    client.send("D", order("B"))
    client.receive().has({150: "0", 11: "B"})
    client.send("D", order("A1"))
    client.receive().has({150: "8", 103: "6"})
    venue.is_sound()


@ENDS
def test_reports_of_before_a_restart(serve: Serve, raw_client: Connect, end: End) -> None:
    """The very same ones, with PossDupFlag and their first SendingTime."""
    options = ("--set", "quickfix.TimestampPrecision=6")
    venue = serve(*options)
    client, other = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    reports = []
    for number in range(3):
        client.send("D", order(f"A{number}", price=99 + number))
        reports.append(client.receive().has({150: "0"}))
        client.send("1", {112: "between"})
        client.receive_session_message("0")
    other.enter("AAPL", SELL, 2, 99)
    reports += [client.receive().has({150: "F", 39: FILLED}) for _ in range(2)]
    client.send("D", order("D") | {54: "x"})
    client.receive("3")
    client.send("F", {11: "C", 41: "NONE", 55: "AAPL", 54: BUY, 60: utc_now()})
    reports.append(client.receive("9"))
    assert len(reports[0][52].partition(".")[2]) == 6
    jump = end(venue, client)
    for _ in range(2):
        venue = serve(*options)
        client = come_back(raw_client, venue, client, jump)
        for first in (1, int(reports[1][34])):
            again = resent(client, first)
            wanted = [report for report in reports if int(report[34]) >= first]
            for message, report in zip(again, wanted, strict=True):
                same(message, report)
        client.send("D", order(f"E{client.next_sent}"))
        reports.append(client.receive().has({150: "0"}))
        venue.is_sound()
        jump = end(venue, client)


def test_what_the_venue_had_not_read_is_asked_for(serve: Serve, raw_client: Connect) -> None:
    """Carried out once, in order; what was carried out before the crash is not asked for again."""
    venue = serve()
    client = raw_client(venue, "TRADER1")
    client.send("D", order("KNOWN"))
    client.receive().has({11: "KNOWN", 150: "0"})
    venue.kill()
    lost = [(client.next_sent + number, f"LOST{number}") for number in range(3)]
    client.next_sent += 4
    venue = serve()
    client = come_back(raw_client, venue, client, JUMP)
    client.receive_session_message("2").has({7: lost[0][0], 16: 0})
    for number, cl_ord_id in lost:
        client.send("D", order(cl_ord_id), {34: number, 43: "Y", 122: utc_now()})
    gap = {34: lost[-1][0] + 1, 43: "Y", 122: utc_now()}
    client.send("4", {123: "Y", 36: client.next_sent}, gap)
    for _, cl_ord_id in lost:
        client.receive().has({11: cl_ord_id, 150: "0", 39: "0"})
    client.hears_nothing()
    client.send("AF", {584: "ALL", 585: 7})
    known = [client.receive().has({150: "I"})[11] for _ in range(4)]
    assert known == ["KNOWN", *(cl_ord_id for _, cl_ord_id in lost)]


def test_a_reset_survives_a_crash(serve: Serve, raw_client: Connect) -> None:
    """Numbers began anew, nothing of before is repeated, and the orders are untouched."""
    venue = serve()
    client = raw_client(venue, "TRADER1")
    kept = client.enter("AAPL", BUY, 5, 99)
    client.close()
    client = raw_client(venue, "TRADER1")
    assert (client.next_sent, client.next_received) == (2, 2)
    venue.kill()
    venue = serve()
    client = come_back(raw_client, venue, client, JUMP)
    assert resent(client, 1) == []
    client.send("H", {11: kept[11], 55: "AAPL", 54: BUY})
    client.receive().has({150: "I", 39: "0", 151: 5})


def test_a_reset_within_a_connection_survives_a_crash(serve: Serve, raw_client: Connect) -> None:
    venue = serve()
    client = raw_client(venue, "TRADER1")
    for _ in range(5):
        client.enter("AAPL", BUY, 5, 99)
    client.next_sent = client.next_received = 1
    client.log_on()
    venue.kill()
    venue = serve()
    client = come_back(raw_client, venue, client, JUMP)
    assert resent(client, 1) == []
    client.enter("AAPL", BUY, 5, 99)


@ENDS
def test_what_waits_survives(serve: Serve, raw_client: Connect, end: End) -> None:
    """Fills of one who is away are told once, after any number of restarts."""
    venue = serve()
    owner, other = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    mine = owner.enter("AAPL", BUY, 5, 99)
    owner.send("5", {})
    owner.is_disconnected()
    for qty in (1, 2):
        fill = other.enter("AAPL", SELL, qty, 99)
        fill = other.receive().has({150: "F"})
        jump = end(venue, other)
        venue = serve()
        other = come_back(raw_client, venue, other, jump)
    client = come_back(raw_client, venue, owner, JUMP if end is kill else 0)
    told = [client.receive().has({11: mine[11], 150: "F", 43: None}) for _ in range(2)]
    assert [report[32] for report in told] == ["1", "2"]
    assert told[-1][527] == fill[527]


def test_resend_of_more_than_a_round_of_the_loop(serve: Serve, raw_client: Connect) -> None:
    """New reports may come between those that are sent again; each has its own number."""
    venue = serve()
    client = raw_client(venue, "TRADER1")
    count = 350
    for number in range(count):
        client.send("D", order(f"A{number}", price=90))
    reports = [client.receive().has({150: "0"}) for _ in range(count)]
    client.send("2", {7: 2, 16: 0})
    client.send("D", order("BETWEEN"))
    client.send("2", {7: 100, 16: 120})
    seen = {}
    while len(seen) < count + 1:
        message = client.receive_message()
        if message.type == "8":
            if message.get(43) == "Y":
                same(message, reports[int(message[34]) - 2])
            seen[message[34]] = message[11]
    assert list(seen.values()).count("BETWEEN") == 1
    client.settle()
    venue.is_sound()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_stock_client(serve: Serve, tmp_path: Path, version: str) -> None:
    """QuickFIX with a FileStore, as it comes: it goes on by itself after a crash."""
    settings = {"ResetOnLogon": "N", "FileStorePath": str(tmp_path / "store")}
    venue = serve(versions=[version])
    client = StockClient(venue.port, "TRADER1", settings, version)
    first = client.enter("AAPL", BUY, 5, 99)
    client.close()
    other = StockClient(venue.port, "TRADER3", version=version)
    other.enter("AAPL", SELL, 2, 99)
    other.close()
    venue.kill()
    venue = serve(versions=[version])
    client = StockClient(venue.port, "TRADER1", settings, version)
    client.receive().has({11: first[11], 32: 2, 151: 3})
    client.enter("AAPL", BUY, 5, 98)
    assert client.complaints == []
    client.close()
    venue.is_sound()
