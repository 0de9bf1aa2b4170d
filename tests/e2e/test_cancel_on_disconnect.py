"""A session may want its orders gone when it is: by configuration, or by 9001 of its Logon."""

import signal
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.e2e.client import BUY, CANCELED, DEADLINE, NEW, SELL
from tests.e2e.codes import FIX42, FIX44, FIX50SP2
from tests.e2e.message import Message
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient
from tests.e2e.venue_process import VenueProcess

Connect = Callable[..., RawClient]
Serve = Callable[..., VenueProcess]

CONFIGURED = ("--set", "sessions.TRADER1.cancel_on_disconnect=true")


def lose(client: RawClient) -> None:
    client.reset()


def log_out(client: RawClient) -> None:
    client.send("5", {})
    client.receive_session_message("5")
    client.close()


def asking(connect: Connect, answer: str | None, comp_id: str | None = None) -> RawClient:
    """A client whose Logon says 9001."""
    client = connect(comp_id, log_on=False)
    client.log_on({9001: answer})
    return client


def assert_canceled(report: Message, order: Message) -> Message:
    kept = {tag: order[tag] for tag in (11, 37, 55, 38)}
    return report.has(kept | {150: "4", 39: CANCELED, 151: 0, 14: 0, 41: None})


@pytest.mark.parametrize("leave", [lose, log_out])
def test_orders_go_with_their_session(
    connect: Connect, symbol: str, leave: Callable[[RawClient], None]
) -> None:
    """The firm's other sessions hear of it, and the session itself at its next Logon, once."""
    client, colleague = asking(connect, "Y"), connect()
    orders = [client.enter(symbol, side, 5, price) for side, price in ((BUY, 99), (SELL, 101))]
    others = colleague.enter(symbol, BUY, 3, 98)
    leave(client)
    seen = [assert_canceled(colleague.receive(), order) for order in orders]
    colleague.hears_nothing()
    colleague.ask_status(others).has({39: NEW, 151: 3})

    back = connect(client.comp_id)
    for order, report in zip(orders, seen, strict=True):
        assert_canceled(back.receive(), order).has({17: report[17], 58: report[58], 43: None})
    back.hears_nothing()
    for order in orders:
        back.ask_status(order).has({39: CANCELED})
    log_out(back)
    connect(client.comp_id).hears_nothing()
    colleague.hears_nothing()


def test_what_waits_comes_before_anything_else(connect: Connect, symbol: str) -> None:
    """Even before the answer to an order in the packet of the Logon."""
    client, colleague = asking(connect, "Y"), connect()
    order = client.enter(symbol, BUY, 5, 99)
    lose(client)
    assert_canceled(colleague.receive(), order)
    back = connect(client.comp_id, log_on=False)
    fields = {11: "IN-PACKET", 55: symbol, 54: BUY, 38: 1, 40: 2, 44: 98, 60: order[60]}
    logon = back.bytes_of("A", {98: 0, 108: 30, 141: "Y"})
    back.send_bytes(logon + back.bytes_of("D", fields))
    back.receive_session_message("A")
    assert_canceled(back.receive(), order)
    back.receive().has({11: "IN-PACKET", 150: "0"})


@pytest.mark.parametrize("leave", [lose, log_out])
@pytest.mark.parametrize("answer", ["N", None])
def test_orders_stay_where_nobody_asked(
    connect: Connect, symbol: str, leave: Callable[[RawClient], None], answer: str | None
) -> None:
    client, colleague = asking(connect, answer), connect()
    order = client.enter(symbol, BUY, 5, 99)
    leave(client)
    back = connect(client.comp_id)
    back.hears_nothing()
    back.ask_status(order).has({39: NEW, 151: 5})
    colleague.hears_nothing()


def test_the_wish_ends_with_its_connection(connect: Connect, symbol: str) -> None:
    client = asking(connect, "Y")
    log_out(client)
    again = asking(connect, None, client.comp_id)
    order = again.enter(symbol, BUY, 5, 99)
    lose(again)
    connect(client.comp_id).ask_status(order).has({39: NEW})


def test_a_second_logon_of_the_connection_may_take_it_back(connect: Connect, symbol: str) -> None:
    client = asking(connect, "Y")
    order = client.enter(symbol, BUY, 5, 99)
    client.next_sent = client.next_received = 1
    client.log_on({9001: "N"})
    lose(client)
    connect(client.comp_id).ask_status(order).has({39: NEW})


@pytest.mark.parametrize("answer", ["X", "y", "YES", "1"])
def test_neither_yes_nor_no(connect: Connect, symbol: str, answer: str) -> None:
    client = connect(log_on=False)
    client.send_logon({9001: answer})
    [logout] = client.is_disconnected()
    logout.has({35: "5"}).names("CancelOnDisconnect(9001)", answer, "Y or N")
    connect(client.comp_id).enter(symbol, BUY, 1, 99)


def test_neither_yes_nor_no_in_a_second_logon(connect: Connect, symbol: str) -> None:
    """It is rejected, and what the first one asked for still holds."""
    client, colleague = asking(connect, "Y"), connect()
    order = client.enter(symbol, BUY, 5, 99)
    client.send("A", {98: 0, 108: 30, 9001: "X"})
    client.receive("3").has({371: 9001, 372: "A", 373: 6})
    lose(client)
    assert_canceled(colleague.receive(), order)


@pytest.mark.parametrize(
    ("version", "lost", "logged_out"), [(FIX42, 4, 4), (FIX44, 99, 99), (FIX50SP2, 12, 13)]
)
def test_reasons_by_version(
    serve: Serve, raw_client: Connect, version: str, lost: int, logged_out: int
) -> None:
    """A colleague is told in the codes of his own version."""
    venue = serve(versions=(FIX44, version))
    with closing(StockClient(venue.port, "TRADER2", version=version)) as colleague:
        for leave, reason in ((lose, lost), (log_out, logged_out)):
            client = raw_client(venue, "TRADER1", False)
            client.log_on({9001: "Y"})
            order = client.enter("AAPL", BUY, 5, 99)
            leave(client)
            assert_canceled(colleague.receive(), order).has({378: reason})
            back = raw_client(venue, "TRADER1")
            assert_canceled(back.receive(), order).has({378: 99})
            back.close()
        assert colleague.complaints == []
    venue.is_sound()


@pytest.mark.parametrize("answer", [None, "Y", "N"])
def test_configured(serve: Serve, raw_client: Connect, answer: str | None) -> None:
    """And a Logon that says otherwise wins."""
    venue = serve(*CONFIGURED)
    client, other = raw_client(venue, "TRADER1", False), raw_client(venue, "TRADER3")
    client.log_on({9001: answer})
    order = client.enter("AAPL", BUY, 5, 99)
    lose(client)
    back = raw_client(venue, "TRADER1")
    if answer == "N":
        back.ask_status(order).has({39: NEW})
    else:
        assert_canceled(back.receive(), order)
    back.hears_nothing()
    other.hears_nothing()
    venue.is_sound()


@pytest.mark.parametrize("reset", ["Y", "N"])
@pytest.mark.parametrize("end", [VenueProcess.kill, VenueProcess.stop])
def test_the_next_start_cancels_what_the_last_end_could_not(
    serve: Serve, raw_client: Connect, end: Callable[[VenueProcess], None], reset: str
) -> None:
    """The report waits for the session; it is the same at every start."""
    options = (*CONFIGURED, "--set", f"quickfix.ResetOnLogon={reset}")
    first = serve(*options)
    client, other = raw_client(first, "TRADER1"), raw_client(first, "TRADER2")
    order = client.enter("AAPL", BUY, 5, 99)
    kept = other.enter("AAPL", BUY, 3, 98)
    end(first)

    second = serve(*options)
    owner, other = raw_client(second, "TRADER1"), raw_client(second, "TRADER2")
    report = assert_canceled(owner.receive(), order)
    owner.hears_nothing()
    other.hears_nothing()
    other.ask_status(kept).has({39: NEW, 151: 3})
    log_out(owner)
    raw_client(second, "TRADER1").hears_nothing()
    second.kill()

    third = serve(*options)
    owner = raw_client(third, "TRADER1")
    owner.hears_nothing()
    newest = owner.enter("AAPL", BUY, 1, 99)
    assert int(newest[17]) > int(report[17])
    third.is_sound()


def test_a_stop_leaves_the_orders_to_the_next_start(serve: Serve, raw_client: Connect) -> None:
    """The venue says Logout first: that is no wish of the client's."""
    venue = serve(*CONFIGURED)
    client, colleague = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER2")
    order = client.enter("AAPL", BUY, 5, 99)
    venue.process.send_signal(signal.SIGTERM)
    for each in (client, colleague):
        each.receive("5").names("stopping")
        each.send("5", {})
        assert each.is_disconnected() == []
    assert venue.process.wait(DEADLINE) == 0
    again = serve(*CONFIGURED)
    assert_canceled(raw_client(again, "TRADER1").receive(), order)


def test_numbers_go_on(serve: Serve, raw_client: Connect) -> None:
    """Without a reset what waited is new: next number, no PossDupFlag, and never resent."""
    venue = serve(*CONFIGURED, "--set", "quickfix.ResetOnLogon=N")
    client = raw_client(venue, "TRADER1")
    order = client.enter("AAPL", BUY, 5, 99)
    log_out(client)
    back = raw_client(venue, "TRADER1", False)
    back.next_sent, back.next_received = client.next_sent, client.next_received
    back.log_on({141: None})
    assert_canceled(back.receive(), order).has({43: None, 34: client.next_received + 1})
    back.hears_nothing()
    venue.is_sound()
