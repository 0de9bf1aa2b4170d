"""A session that sends more than it may is refused, and in the end logged out; nobody else is."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from tests.e2e.client import BUY, DEADLINE, LIMIT, SELL, Client
from tests.e2e.codes import FIX42, FIX44, FIX50SP2
from tests.e2e.message import Message, utc_now
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient
from tests.e2e.venue_process import VenueProcess

Connect = Callable[..., RawClient]
Serve = Callable[..., VenueProcess]

TEXT = "over the session's rate of 20 messages in 3600 s"
RATE = "{messages: 20, seconds: 3600, breaches: 5, within: 3600}"
TRADER1_ONLY = ("--set", f"sessions.TRADER1.throttle={RATE}")
EVERYBODY = ("--set", f"venue.throttle={RATE}")


def send_orders(client: Client, count: int) -> list[str]:
    return [client.new_order("AAPL", BUY, 1, "99.00") for _ in range(count)]


def accepted(client: Client, ids: list[str]) -> None:
    for cl_ord_id in ids:
        client.receive().has({11: cl_ord_id, 150: "0"})


def refused(client: Client, ids: list[str], code: str) -> None:
    for cl_ord_id in ids:
        client.receive("j").has({372: "D", 379: cl_ord_id, 380: code, 58: TEXT})


@contextmanager
def stock_client(venue: VenueProcess, version: str) -> Iterator[StockClient]:
    with closing(StockClient(venue.port, "TRADER1", version=version)) as client:
        yield client


@pytest.mark.parametrize(
    ("version", "codes"), [(FIX42, ("0", "0")), (FIX44, ("0", "0")), (FIX50SP2, ("8", "9"))]
)
def test_over_the_rate(serve: Serve, version: str, codes: tuple[str, str]) -> None:
    """The last of too many says so, where the version can."""
    venue = serve(*TRADER1_ONLY, versions=[version])
    with stock_client(venue, version) as client:
        ids = send_orders(client, 25)
        accepted(client, ids[:20])
        refused(client, ids[20:24], codes[0])
        refused(client, ids[24:], codes[1])
        client.receive("5").names("too often", TEXT)
        assert client.complaints == []
    venue.is_sound()


def test_every_message_counts_and_none_is_carried_out(serve: Serve, raw_client: Connect) -> None:
    venue = serve(*EVERYBODY)
    client, other = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    orders = [client.enter("AAPL", BUY, 1, "99.00") for _ in range(20)]
    client.cancel(orders[0])
    client.send("H", {11: orders[1][11], 55: "AAPL", 54: BUY})
    client.send("V", {262: "R", 263: 2})
    expected = [("F", None), ("H", orders[1][11]), ("V", "R")]
    for number, (msg_type, ref_id) in enumerate(expected, 22):
        reject = client.receive("j").has({45: number, 372: msg_type, 380: 0, 58: TEXT})
        assert ref_id in (None, reject[379])
    client.send("1", {112: "STILL THERE"})
    client.receive_session_message("0").has({112: "STILL THERE"})
    sold = other.trade("AAPL", SELL, 30, "99.00")
    assert sum(report[150] == "F" for report in sold) == 20
    assert [client.receive()[150] for _ in range(20)] == ["F"] * 20
    venue.is_sound()


def test_logged_out_and_back(serve: Serve, raw_client: Connect) -> None:
    """What was refused was received: it is not asked for again, and its id is free. A new
    connection does not fill the bucket.
    """
    venue = serve("--set", "quickfix.ResetOnLogon=N", *TRADER1_ONLY)
    client, other = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    ids = send_orders(client, 25)
    accepted(client, ids[:20])
    refused(client, ids[20:], "0")
    client.receive_session_message("5").names("too often", TEXT)
    assert client.is_disconnected() == []
    venue.wait_for("connection lost")
    venue.kill()
    venue = serve("--set", "quickfix.ResetOnLogon=N")
    back = raw_client(venue, "TRADER1", log_on=False)
    back.next_sent, back.next_received, back.jump = client.next_sent, client.next_received, 10_000
    back.log_on({141: None})
    back.send("D", order_again(ids[24]))
    back.receive().has({11: ids[24], 150: "0"})
    other.close()
    venue.is_sound()


def order_again(cl_ord_id: str) -> dict[int, object]:
    terms: dict[int, object] = {11: cl_ord_id, 55: "AAPL", 54: BUY, 38: 1, 40: LIMIT}
    return terms | {44: "99.00", 60: utc_now()}


def test_others_have_rates_of_their_own(serve: Serve, raw_client: Connect) -> None:
    rich = RATE.replace("20", "1000000")
    venue = serve(*EVERYBODY, "--set", f"sessions.TRADER3.throttle={rich}")
    poor, wealthy = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    second = raw_client(venue, "TRADER2")
    accepted(wealthy, send_orders(wealthy, 200))
    ids = send_orders(poor, 21)
    accepted(poor, ids[:20])
    refused(poor, ids[20:], "0")
    accepted(second, send_orders(second, 20))
    venue.is_sound()


def test_the_bucket_fills_again(serve: Serve, raw_client: Connect) -> None:
    throttle = "sessions.TRADER1.throttle={messages: 10, seconds: 1, breaches: 1000000}"
    venue = serve("--set", throttle)
    client = raw_client(venue, "TRADER1")
    start = time.monotonic()
    answers: list[Message] = []
    while len(answers) < 40:
        client.new_order("AAPL", BUY, 1, "99.00")
        message = client.next_message(time.monotonic() + DEADLINE)
        assert message is not None
        answers += [message] if message.type == "8" else []
    assert time.monotonic() - start > 2.9, "faster than it may"
    venue.is_sound()
