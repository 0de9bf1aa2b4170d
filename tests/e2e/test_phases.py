"""What a trader may do in each phase of a day, and what the end of a day does to his orders."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.client import BUY, FOK, GTC, IOC, NEW, SELL
from tests.e2e.codes import AT_THE_CLOSE, AT_THE_OPENING, STOP, VERSIONS
from tests.e2e.exchange import (
    CALLS,
    EXCHANGE_CLOSED,
    EXPIRED,
    PHASES,
    SYMBOL,
    TOO_LATE,
    Exchange,
    Traders,
    traders,
)
from tests.e2e.message import Message
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient
from tests.e2e.venue_process import ROOT, VenueProcess

Serve = Callable[..., VenueProcess]
Connect = Callable[..., RawClient]

each_version = pytest.mark.parametrize("version", VERSIONS)


@pytest.fixture
def exchange(serve: Serve, tmp_path: Path) -> Exchange:
    return Exchange(serve, tmp_path)


def refuses(client: StockClient, reason: str, more: dict[int, object], price: object = 99) -> None:
    """An order is rejected, for the phase, which Text(58) names."""
    cl_ord_id = client.new_order(SYMBOL, BUY, 5, price, more)
    report = client.receive().has({11: cl_ord_id} | client.codes.rejected(reason))
    report.names("in phase")


def takes(client: StockClient, more: dict[int, object], price: object = 99) -> None:
    """An order is accepted, and can be canceled."""
    order = client.enter(SYMBOL, BUY, 5, price, more)
    client.cancel(order)
    client.receive().has({37: order[37]} | client.codes.canceled())


@each_version
def test_what_each_phase_allows(exchange: Exchange, version: str) -> None:
    with traders(exchange, version) as desk:
        buyer = desk.buyer
        refuses(buyer, EXCHANGE_CLOSED, {})
        for phase in PHASES:
            exchange.enter(phase)
            if phase in CALLS:
                in_a_call(desk, phase)
            elif phase == "continuous":
                for more in ({}, {59: GTC}, {59: AT_THE_CLOSE}, {40: STOP, 99: 105, 44: None}):
                    takes(buyer, more)
                refuses(buyer, TOO_LATE, {59: AT_THE_OPENING})
                order = buyer.enter(SYMBOL, BUY, 5, 99, {59: IOC})
                buyer.receive().has({37: order[37]} | buyer.codes.canceled())
                gtc = buyer.enter(SYMBOL, BUY, 7, 98, {59: GTC})
            else:
                out_of_hours(buyer, gtc)
        buyer.cancel(gtc)
        buyer.receive().has({37: gtc[37]} | buyer.codes.canceled())
        desk.seller.hears_nothing()


def in_a_call(desk: Traders, phase: str) -> None:
    """Orders are collected: nothing trades, and whatever cannot wait is refused."""
    buyer, seller = desk.buyer, desk.seller
    opening = phase != "closing_auction"
    for more in ({}, {59: GTC}, {40: STOP, 99: 105, 44: None}):
        takes(buyer, more)
    takes(buyer, {}, None)
    takes(buyer, {59: AT_THE_OPENING if opening else AT_THE_CLOSE})
    if not opening:
        refuses(buyer, TOO_LATE, {59: AT_THE_OPENING})
    for more in ({59: IOC}, {59: FOK}, {110: 5}, {18: "6"}):
        refuses(buyer, EXCHANGE_CLOSED, more)
    bid = buyer.enter(SYMBOL, BUY, 5, 101)
    offer = seller.enter(SYMBOL, SELL, 5, 99)
    buyer.replace(bid, 6, 102)
    bid = buyer.receive().has({150: "5", 39: NEW, 151: 6})
    buyer.ask_status(bid).has({39: NEW, 151: 6, 14: 0})
    assert desk.watcher.book(SYMBOL) == []
    for client, order in ((buyer, bid), (seller, offer)):
        client.cancel(order)
        client.receive().has({37: order[37]} | client.codes.canceled())


def out_of_hours(client: StockClient, order: Message) -> None:
    """Orders can be asked for and canceled; that is all."""
    for more in ({}, {59: GTC}, {59: AT_THE_OPENING}, {59: AT_THE_CLOSE}, {59: IOC}):
        refuses(client, EXCHANGE_CLOSED, more)
    refuses(client, EXCHANGE_CLOSED, {}, None)
    request = client.replace(order, 3)
    client.receive("9").has({11: request, 37: order[37], 39: NEW} | client.codes.replace_refused())
    client.ask_status(order).has({39: NEW, 151: 7})


@each_version
def test_the_close_and_the_end_of_the_trading_day(exchange: Exchange, version: str) -> None:
    """Day orders of the market expire at its close; ids are free and GTC is restated at 22:00 UTC,
    when Day orders of what is open around the clock expire.
    """
    with traders(exchange, version) as desk:
        buyer = desk.buyer
        exchange.enter("continuous")
        day = buyer.enter(SYMBOL, BUY, 5, 99, {11: "DAY"})
        stop = buyer.enter(SYMBOL, BUY, 5, None, {40: STOP, 99: 105})
        gtc = buyer.enter(SYMBOL, BUY, 5, 98, {59: GTC})
        always = buyer.enter("EURUSD", BUY, 5, 99)
        exchange.enter("post_close")
        buyer.hears_nothing()
        exchange.enter("closed")
        for order in (day, stop):
            report = buyer.receive().has({11: order[11], 37: order[37], 151: 0})
            report.has({150: EXPIRED, 39: EXPIRED}).names("closed")
        buyer.hears_nothing()
        refused = buyer.new_order("EURUSD", BUY, 5, 99, {11: "DAY"})
        buyer.receive().has({11: refused, 150: "8", 103: 6})
        exchange.at("23:00:00")
        buyer.receive().has({37: always[37], 150: EXPIRED, 39: EXPIRED})
        buyer.receive().has({37: gtc[37]} | buyer.codes.restated("1"))
        buyer.enter("EURUSD", BUY, 5, 99, {11: "DAY"})
        exchange.enter("pre_open", "2030-01-04")  # the 3rd is a holiday
        # another trading day of the currencies has ended meanwhile
        [expired, restated] = buyer.settle()
        expired.has({11: "DAY", 150: EXPIRED})
        restated.has({37: gtc[37]} | buyer.codes.restated("1"))
        exchange.enter("continuous", "2030-01-04")
        offer = desk.seller.enter(SYMBOL, SELL, 5, 98)
        fill = desk.seller.receive().has({37: offer[37]} | buyer.codes.filled("2"))
        assert float(fill[31]) == 98
        buyer.receive().has({37: gtc[37]} | buyer.codes.filled("2"))


@each_version
def test_a_trading_day_that_ends_while_the_market_is_open(exchange: Exchange, version: str) -> None:
    """Day orders of a market with a schedule last until it closes, and nobody restates them."""
    with traders(exchange, version, "--set", "venue.day_ends=12:00:00") as desk:
        buyer = desk.buyer
        exchange.enter("continuous")
        order = buyer.enter(SYMBOL, BUY, 5, 99)
        gtc = buyer.enter(SYMBOL, BUY, 5, 98, {59: GTC})
        always = buyer.enter("EURUSD", BUY, 5, 99)
        exchange.at("13:00:00")
        buyer.receive().has({37: always[37], 150: EXPIRED, 39: EXPIRED})
        buyer.receive().has({37: gtc[37], 39: NEW, 151: 5} | buyer.codes.restated("1"))
        buyer.ask_status(order).has({39: NEW, 151: 5, 424: None})
        exchange.enter("closed")
        buyer.receive().has({37: order[37], 150: EXPIRED, 39: EXPIRED}).names("closed")


def test_the_shipped_exchange(exchange: Exchange, raw_client: Connect) -> None:
    """It runs as it stands, through a whole day; beside it the currencies never close."""
    venue = exchange.start(configuration=ROOT / "config/exchange.yaml")
    venue.wait_for("market=XSWX phase=pre_open")
    buyer, seller = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    for phase in list(PHASES)[1:]:
        exchange.enter(phase)
        buyer.enter("EURUSD", BUY, 1000, "1.1")
        seller.enter("EURUSD", SELL, 1000, "1.1")
        for client in (buyer, seller):
            client.receive().has({150: "F", 31: "1.1"})
        if phase == "continuous":
            buyer.enter("NESN", BUY, 5, 90)
            seller.enter("NESN", SELL, 5, 90)
            for client in (buyer, seller):
                client.receive().has({150: "F", 31: 90})
    venue.is_sound()


@pytest.mark.parametrize(
    ("phase", "end"),
    [
        *((phase, VenueProcess.kill) for phase in PHASES),
        *((phase, VenueProcess.stop) for phase in CALLS),
    ],
    ids=[*(f"{phase} killed" for phase in PHASES), *(f"{phase} stopped" for phase in CALLS)],
)
def test_the_venue_ends_in_a_phase(
    exchange: Exchange, raw_client: Connect, phase: str, end: Callable[[VenueProcess], None]
) -> None:
    """What there was is there again, from the journal or a snapshot: orders, where they stand, and
    the phase itself.
    """
    exchange.start()
    exchange.enter("continuous")
    owner = raw_client(exchange.venue, "TRADER1")
    orders = [owner.enter(SYMBOL, BUY, 5, 99 - n, {59: GTC}) for n in range(3)]
    stop = owner.enter(SYMBOL, BUY, 5, None, {40: STOP, 99: 105, 59: GTC})
    day = "2030-01-02"
    if phase in ("pre_open", "opening_auction"):
        exchange.enter("closed")
        day = "2030-01-04"
    if phase != "continuous":
        exchange.enter(phase, day)
    owner.settle()
    waiting = []
    if phase in CALLS:
        waiting = [owner.enter(SYMBOL, BUY, 5), owner.enter(SYMBOL, BUY, 5, 101)]
    owner.settle()
    owner.close()
    assert exchange.venue is not None
    end(exchange.venue)
    venue = exchange.start()
    owner = raw_client(venue, "TRADER1")
    for order in (*orders, stop, *waiting):
        owner.ask_status(order).has({39: NEW, 151: 5, 37: order[37]})
    if phase in ("post_close", "closed"):
        owner.new_order(SYMBOL, BUY, 5, 99)
        owner.receive().has({150: "8", 103: EXCHANGE_CLOSED})
        return
    seller = raw_client(venue, "TRADER3")
    offer = seller.enter(SYMBOL, SELL, 20, 97)
    if phase == "continuous":
        for order, price in zip(orders, ("99", "98", "97"), strict=True):
            owner.receive().has({37: order[37], 150: "F", 31: price})
        return
    seller.hears_nothing()
    following = list(PHASES)[list(PHASES).index(phase) + (2 if phase == "pre_open" else 1)]
    exchange.enter(following, day)
    fills = [owner.receive().has({150: "F"}) for _ in range(4)]
    assert [fill[37] for fill in fills] == [each[37] for each in (*waiting, *orders[:2])]
    assert len({fill[31] for fill in fills}) == 1
    reports = [seller.receive().has({150: "F", 37: offer[37]}) for _ in fills]
    assert reports[-1][39] == "2"


@pytest.mark.parametrize(
    ("down", "up", "day", "phase", "expired"),
    [
        ("continuous", "12:00:00", "2030-01-02", None, False),
        ("continuous", "17:40:00", "2030-01-02", "post_close", False),
        ("continuous", "19:00:00", "2030-01-02", "closed", True),
        ("continuous", "08:00:00", "2030-01-04", "pre_open", True),
        ("continuous", "10:00:00", "2030-01-07", "continuous", True),
        ("pre_open", "12:00:00", "2030-01-02", "continuous", False),
        ("closed", "20:00:00", "2030-01-05", None, True),
    ],
)
def test_transitions_while_it_was_down(
    exchange: Exchange,
    raw_client: Connect,
    down: str,
    up: str,
    day: str,
    phase: str | None,
    expired: bool,
) -> None:
    """Whatever the clock did meanwhile: Day orders live exactly as long as their day."""
    exchange.start()
    exchange.enter("pre_open")
    owner = raw_client(exchange.venue, "TRADER1")
    order = owner.enter(SYMBOL, BUY, 5, 99)
    gtc = owner.enter(SYMBOL, BUY, 5, 98, {59: GTC})
    if down != "pre_open":
        exchange.enter(down)
    owner.settle()
    exchange.kill()
    exchange.at(up, day)
    venue = exchange.start()
    owner = raw_client(venue, "TRADER1")
    told = owner.settle()
    assert [each[37] for each in told if each[150] == EXPIRED] == [order[37]] * (
        expired and down != "closed"
    )
    owner.ask_status(gtc).has({39: NEW, 151: 5})
    entered = [line.split("phase=")[1] for line in venue.output.splitlines() if "phase=" in line]
    closes_first = expired and phase not in (None, "closed")
    assert entered == ["closed"] * closes_first + [phase] * (phase is not None)
    is_open = (phase or down) in ("continuous", *CALLS)
    owner.new_order(SYMBOL, BUY, 5, 97)
    owner.receive().has({150: "0" if is_open else "8"})


@pytest.mark.parametrize(
    ("down", "up", "day"),
    [("pre_open", "08:00:00", "2030-01-04"), ("closing_auction", "19:00:00", "2030-01-02")],
)
def test_a_call_that_was_to_end_while_it_was_down(
    exchange: Exchange, raw_client: Connect, down: str, up: str, day: str
) -> None:
    """Day orders that would meet in it expire: their day is over."""
    exchange.start()
    exchange.enter(down)
    buyer, seller = (raw_client(exchange.venue, each) for each in ("TRADER1", "TRADER3"))
    bid = buyer.enter(SYMBOL, BUY, 5, 101)
    offer = seller.enter(SYMBOL, SELL, 5, 99)
    exchange.kill()
    exchange.at(up, day)
    venue = exchange.start()
    for comp_id, order in (("TRADER1", bid), ("TRADER3", offer)):
        (told,) = raw_client(venue, comp_id).settle()
        told.has({37: order[37], 150: EXPIRED, 14: 0})
