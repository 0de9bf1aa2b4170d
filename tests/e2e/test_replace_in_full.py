"""What a replace may change of an order with qualifiers, in each version, and what of its place."""

import pytest

from tests.e2e.client import BUY, DAY, FILLED, GTC, NEW, PARTIALLY_FILLED, SELL
from tests.e2e.codes import FIX42, FIX50SP2, GTD, STOP, STOP_LIMIT, VERSIONS
from tests.e2e.message import Message
from tests.e2e.stock import StockClient

pytestmark = pytest.mark.parametrize("version", VERSIONS)
FAR, FARTHER, LATER = "20991231", "21001231", "20991231-10:00:00"


def replaced(client: StockClient, order: Message, *terms: object, **more: object) -> Message:
    """Replace an order (quantity, price) and return the report that says so."""
    fields = {int(tag.removeprefix("_")): value for tag, value in more.items()}
    sent = client.replace(order, *terms, more=fields)
    report = client.receive().has({150: "5", 11: sent, 41: order[11], 37: order[37]})
    return report.has({20: "0" if client.version == FIX42 else None})


def is_refused(client: StockClient, order: Message, sent: str, *named: str) -> None:
    reject = client.receive("9").has(client.codes.replace_refused() | {11: sent, 41: order[11]})
    reject.has({37: order[37]}).names(*named)


def iceberg(client: StockClient, symbol: str, qty: int, display_qty: int) -> Message:
    return client.enter(symbol, BUY, qty, "100", {client.codes.display_tag: display_qty})


def takes(seller: StockClient, symbol: str, qty: int) -> None:
    seller.trade(symbol, SELL, qty, "100")


def test_time_in_force_and_expiry(buyer: StockClient, symbol: str) -> None:
    """Each to each; another time in force drops the date, a replace without one keeps it."""
    order = buyer.enter(symbol, BUY, 10, "100").has({59: DAY})
    order = replaced(buyer, order, _59=GTC).has({59: GTC, 432: None})
    order = replaced(buyer, order, _59=GTD, _432=FAR).has({59: GTD, 432: FAR})
    order = replaced(buyer, order, 9).has({38: 9, 59: GTD, 432: FAR})
    order = replaced(buyer, order, _59=GTD, _432=FARTHER).has({432: FARTHER})
    order = replaced(buyer, order, _59=GTD, _126=LATER).has({59: GTD, 432: None})
    assert order[126].startswith(LATER)
    order = replaced(buyer, order, _59=DAY).has({59: DAY, 432: None, 126: None})
    buyer.ask_status(order).has({39: NEW, 59: DAY, 432: None, 126: None})


def test_a_new_time_in_force_keeps_the_place(
    buyer: StockClient, colleague: StockClient, seller: StockClient, symbol: str
) -> None:
    order = buyer.enter(symbol, BUY, 5, "100")
    colleague.enter(symbol, BUY, 5, "100")
    order = replaced(buyer, order, _59=GTD, _432=FAR)
    takes(seller, symbol, 5)
    buyer.receive().has(buyer.codes.filled(FILLED) | {11: order[11], 32: 5})
    colleague.hears_nothing()


def test_less_of_an_iceberg_is_taken_from_what_it_hides(
    buyer: StockClient, colleague: StockClient, seller: StockClient, symbol: str
) -> None:
    """It keeps its place as long as it shows no more."""
    order = iceberg(buyer, symbol, 10, 3)
    colleague.enter(symbol, BUY, 5, "100")
    order = replaced(buyer, order, 5).has({38: 5, 151: 5} | buyer.codes.display(3, 3))
    assert buyer.book(symbol) == [("0", "100", "8")]
    order = replaced(buyer, order, 2).has({38: 2, 151: 2})
    assert buyer.book(symbol) == [("0", "100", "7")]
    takes(seller, symbol, 2)
    buyer.receive().has(buyer.codes.filled(FILLED) | {11: order[11], 32: 2})
    colleague.hears_nothing()


def test_more_of_an_iceberg_queues_anew(
    buyer: StockClient, colleague: StockClient, seller: StockClient, symbol: str
) -> None:
    order = iceberg(buyer, symbol, 10, 3)
    plain = colleague.enter(symbol, BUY, 5, "100")
    replaced(buyer, order, 11).has({38: 11, 151: 11} | buyer.codes.display(3, 3))
    takes(seller, symbol, 5)
    colleague.receive().has(colleague.codes.filled(FILLED) | {11: plain[11], 32: 5})
    buyer.hears_nothing()


@pytest.mark.parametrize(
    ("display_qty", "shown", "first"),
    [(2, 2, "buyer"), (4, 4, "colleague"), (0, 10, "colleague")],
)
def test_the_display_quantity(
    buyer: StockClient,
    colleague: StockClient,
    seller: StockClient,
    symbol: str,
    display_qty: int,
    shown: int,
    first: str,
) -> None:
    """Who shows less keeps his place, who shows more (0 is everything) does not."""
    order = iceberg(buyer, symbol, 10, 3)
    colleague.enter(symbol, BUY, 1, "100")
    new = {f"_{buyer.codes.display_tag}": display_qty}
    order = replaced(buyer, order, **new).has({38: 10, 151: 10})
    if display_qty:
        order.has(buyer.codes.display(display_qty, shown))
    assert buyer.book(symbol) == [("0", "100", str(shown + 1))]
    takes(seller, symbol, 1)
    client, other = (buyer, colleague) if first == "buyer" else (colleague, buyer)
    client.receive().has({32: 1})
    other.hears_nothing()


def test_a_plain_order_becomes_an_iceberg_and_back(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    tag = f"_{buyer.codes.display_tag}"
    order = buyer.enter(symbol, BUY, 10, "100")
    order = replaced(buyer, order, **{tag: 4, "_1088": 2})
    assert buyer.book(symbol) == [("0", "100", "4")]
    takes(seller, symbol, 4)
    order = buyer.receive().has({32: 4, 151: 6, 11: order[11]})
    assert buyer.book(symbol) == [("0", "100", "2")]
    order = replaced(buyer, order, **{tag: 0}).has({14: 4, 151: 6})
    assert buyer.book(symbol) == [("0", "100", "6")]
    order.has(dict.fromkeys((111, 1138, 1088)))


def test_a_replace_that_repeats_what_it_cannot_change(buyer: StockClient, symbol: str) -> None:
    """MinQty and ExecInst may be said again; another value is refused."""
    order = buyer.enter(symbol, BUY, 10, "100", {18: "6"})
    order = replaced(buyer, order, 9, _18="6").has({38: 9})
    replaced(buyer, order, 8).has({38: 8})
    stop = buyer.enter(symbol, BUY, 10, None, {40: STOP, 99: "120", 110: 5})
    stop = replaced(buyer, stop, 9, _110=5).has({38: 9})
    sent = buyer.replace(stop, more={110: 4})
    is_refused(buyer, stop, sent, "MinQty(110)", "4")


def test_a_chain_goes_on_after_what_was_refused(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    """C.2, D.1.b: fills, refusals and replaces of one order, all of it waiting at first."""
    order = buyer.enter(symbol, BUY, 10, "101", {40: STOP_LIMIT, 99: "100", 59: GTC})
    refused = buyer.replace(order, more={99: "0"})
    is_refused(buyer, order, refused, "StopPx(99)", "0")
    order = replaced(buyer, order, 12, _99="100.5").has({38: 12, 99: "100.5", 59: GTC})
    seller.enter(symbol, SELL, 7, "100.5")
    seller.enter(symbol, SELL, 1, "100.5")
    seller.settle()
    other = seller.enter(symbol, BUY, 1, "100.5", {59: "3"})
    seller.settle()
    assert other[150] == "0"
    buyer.receive().has(buyer.codes.triggered() | {11: order[11]})
    for qty in (6, 1):
        buyer.receive().has(buyer.codes.filled(PARTIALLY_FILLED) | {11: order[11], 32: qty})
    order = replaced(buyer, order, 9, "100.9").has({14: 7, 151: 2, 39: PARTIALLY_FILLED})
    order = replaced(buyer, order, 6).has({39: FILLED, 38: 7, 14: 7, 151: 0})
    sent = buyer.replace(order, 20)
    buyer.receive("9").has({11: sent, 102: "0", 39: FILLED, 434: "2"})
    seller.settle()


def test_a_replace_that_crosses_is_replaced_before_it_trades(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    """An iceberg, too: it takes its whole quantity, and shows what is left."""
    seller.enter(symbol, SELL, 6, "101")
    order = iceberg(buyer, symbol, 10, 3)
    order = replaced(buyer, order, None, "101").has({44: 101, 39: NEW, 151: 10})
    buyer.receive().has(buyer.codes.filled(PARTIALLY_FILLED) | {11: order[11], 32: 6, 31: 101})
    assert buyer.book(symbol) == [("0", "101", "3")]
    status = buyer.ask_status(order).has({14: 6, 151: 4})
    status.has(buyer.codes.display(3, 3))
    assert buyer.version != FIX50SP2 or status[1088] == "3"
    seller.settle()
