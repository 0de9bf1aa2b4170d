"""Three versions on one port; a CompID is a session of its own in each."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from tests.e2e.client import BUY, CANCELED, DEADLINE, FILLED, NEW, SELL
from tests.e2e.codes import FIX42, FIX44, FIX50SP2, VERSIONS
from tests.e2e.message import Message, utc_now
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient
from tests.e2e.venue_process import VenueProcess

Serve = Callable[..., VenueProcess]
Traders = dict[str, StockClient]


@pytest.fixture(scope="module")
def everywhere(served: VenueProcess) -> Iterator[Traders]:
    """TRADER1, logged on in every version at once."""
    with ExitStack() as stack:
        yield {
            version: stack.enter_context(
                closing(StockClient(served.port, "TRADER1", version=version))
            )
            for version in VERSIONS
        }


@pytest.fixture
def traders(venue: VenueProcess, everywhere: Traders) -> Iterator[Traders]:
    for trader in everywhere.values():
        trader.settle()
    yield everywhere
    for trader in everywhere.values():
        assert trader.complaints == []
        assert (trader.logons, trader.logouts) == (1, 0), f"{trader.version} was cut off"


def test_each_has_ids_and_orders_of_its_own(traders: Traders, symbol: str) -> None:
    orders = {
        version: trader.enter(symbol, BUY, 5, price, {11: f"SAME-{symbol}"})
        for price, (version, trader) in enumerate(traders.items(), 90)
    }
    assert len({order[37] for order in orders.values()}) == len(VERSIONS)
    for version, trader in traders.items():
        trader.ask_status(orders[version]).has({37: orders[version][37], 39: NEW})
        trader.cancel(orders[version])
        trader.receive().has({150: "4", 39: CANCELED, 37: orders[version][37]})
    for trader in traders.values():
        trader.hears_nothing()


@pytest.mark.parametrize("buys", VERSIONS)
@pytest.mark.parametrize("sells", VERSIONS)
def test_versions_trade_with_each_other(
    traders: Traders, symbol: str, buys: str, sells: str
) -> None:
    bid = traders[buys].enter(symbol, BUY, 5, 99)
    offer = traders[sells].enter(symbol, SELL, 5, 99)
    reports = [traders[sells].receive(), traders[buys].receive()]
    if buys == sells:
        reports.sort(key=lambda report: report[11] == bid[11])
    reports[0].has({11: offer[11], 39: FILLED, 31: 99, 32: 5})
    reports[1].has({11: bid[11], 39: FILLED, 31: 99, 32: 5})


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("update_type", [0, 1])
def test_market_data_keeps_its_groups(
    traders: Traders, symbol: str, version: str, update_type: int
) -> None:
    """Two entries and more in each message, in the order of the standard."""
    trader, other = traders[version], traders[FIX44]
    for side, price in ((BUY, 98), (BUY, 99), (SELL, 101)):
        other.enter(symbol, side, 5, price)
    trader.request_market_data(symbol, update_type=update_type)
    entries = trader.receive("W").entries(269)
    assert [(entry[269], entry[270], entry[271]) for entry in entries] == [
        ("0", "99", "5"),
        ("0", "98", "5"),
        ("1", "101", "5"),
    ]
    traders[FIX42].new_order(symbol, SELL, 5, 99)
    heard = traders[FIX42].settle()
    told = trader.settle() + (heard if version == FIX42 else [])
    [shown] = [message for message in told if message.type == "WX"[update_type]]
    kinds = {entry[269] for entry in shown.entries((269, 279)[update_type])}
    assert kinds == ({"0", "1", "2"} if update_type == 0 else {"0", "2"})
    trader.send("V", {262: shown[262], 263: 2})
    for each in traders.values():
        each.settle()


@pytest.mark.parametrize("given", [None, "2", "6", "8", "10", "FIX50SP2"])
def test_wrong_default_version(venue: VenueProcess, traders: Traders, given: str | None) -> None:
    """It gets a Logout that names the field; the session that is logged on does not notice."""
    fields = {98: "0", 108: 30, 141: "Y", 1137: given}
    [logout] = fixt_logon(venue.port, "TRADER1", fields)
    logout.has({8: "FIXT.1.1", 35: "5", 34: 1, 49: "VENUE", 56: "TRADER1"})
    logout.names("DefaultApplVerID(1137)", given or "missing", "9")
    traders[FIX50SP2].hears_nothing()


def test_the_right_default_version_after_a_wrong_one(venue: VenueProcess) -> None:
    fields = {98: "0", 108: 30, 141: "Y", 1137: "7"}
    assert fixt_logon(venue.port, "TRADER2", fields)
    with closing(StockClient(venue.port, "TRADER2", version=FIX50SP2)) as after:
        after.hears_nothing()


@pytest.mark.parametrize("msg_type", ["AE", "R", "J", "8"])
def test_type_that_only_the_standard_has(traders: Traders, symbol: str, msg_type: str) -> None:
    """Whatever is in it: the venue's own FIX.5.0SP2 dictionary leaves these messages out."""
    trader = traders[FIX50SP2]
    trader.send(msg_type, {11: "X", 55: symbol})
    told = trader.receive("j").has({372: msg_type, 380: 3, 371: None, 373: None})
    told.names("Unsupported Message Type")
    trader.send("ZZ", {11: "X"})
    trader.receive("3").has({372: "ZZ", 373: 11})


def test_a_stranger_with_a_wrong_default_version(venue: VenueProcess) -> None:
    assert fixt_logon(venue.port, "NOBODY", {98: "0", 108: 30, 141: "Y", 1137: "7"}) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_venue_of_one_version(serve: Serve, version: str) -> None:
    """It knows no session of the others."""
    venue = serve("--set", f"venue.versions=[{version}]")
    with closing(StockClient(venue.port, "TRADER4", version=version)) as trader:
        trader.enter("AAPL", BUY, 1, 99)
        assert trader.complaints == []
    if version != FIX50SP2:
        assert fixt_logon(venue.port, "TRADER4", {98: "0", 108: 30, 141: "Y", 1137: 9}) == []
    if version != FIX44:
        with closing(RawClient(venue.port, "TRADER4", log_on=False)) as raw:
            raw.send_logon()
            assert raw.is_disconnected() == []
    venue.is_sound()
    venue.stop()


def test_default_version_that_changes(venue: VenueProcess, traders: Traders) -> None:
    """A second Logon in the connection must not change it either."""
    first = {98: "0", 108: 30, 141: "Y", 1137: 9}
    answer, logout = fixt_logon(venue.port, "TRADER3", first, first | {1137: 7})
    answer.has({35: "A", 1137: 9})
    logout.has({35: "5"}).names("DefaultApplVerID(1137)", "7", "9")


def fixt_logon(port: int, comp_id: str, *logons: dict[int, object]) -> list[Message]:
    """Send FIXT.1.1 Logons in one connection; return what comes until the venue hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE) as connection:
        said = b""
        for fields in logons:
            connection.sendall(fixt_message(comp_id, fields))
            said += connection.recv(1 << 16)
        while arrived := connection.recv(1 << 16):
            said += arrived
    return [Message(f"8=FIXT{each}") for each in said.decode().split("8=FIXT")[1:]]


def fixt_message(comp_id: str, fields: dict[int, object]) -> bytes:
    """A FIXT.1.1 Logon; fields of None or nothing are left out."""
    listed = {35: "A", 34: 1, 49: comp_id, 52: utc_now(), 56: "VENUE"} | fields
    body = "".join(f"{tag}={value}\x01" for tag, value in listed.items() if value)
    text = f"8=FIXT.1.1\x019={len(body)}\x01{body}"
    return f"{text}10={sum(text.encode()) % 256:03d}\x01".encode()
