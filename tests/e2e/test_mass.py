"""Mass cancel (q, r) and mass status (AF), where the version has them: FIX.4.2 does not."""

from collections.abc import Callable

import pytest

from tests.e2e.client import BUY, CANCELED, GTC, NEW, PARTIALLY_FILLED, SELL
from tests.e2e.codes import FIX42, FIX44, FIX50SP2, STOP, VERSIONS
from tests.e2e.message import Fields, Message, utc_now
from tests.e2e.stock import StockClient

in_versions_that_have_it = pytest.mark.parametrize("version", [FIX44, FIX50SP2])
SECURITY, ALL = "1", "7"


def mass_cancel(client: StockClient, scope: str, more: Fields = ()) -> str:
    fields = {11: client.unused_id(), 530: scope, 60: utc_now()} | dict(more)
    client.send("q", fields)
    return str(fields[11])


def mass_status(client: StockClient, scope: str, more: Fields = ()) -> list[Message]:
    """Every answer to an OrderMassStatusRequest, checked for how it is numbered."""
    request_id = client.unused_id()
    client.send("AF", {584: request_id, 585: scope} | dict(more))
    reports = [client.receive().has({584: request_id, 150: "I", 790: None})]
    while reports[-1].get(912) != "Y":
        reports.append(client.receive().has({584: request_id, 150: "I"}))
    total = 0 if reports[0][37] == "NONE" else len(reports)
    for report in reports:
        report.has({911: total})
    return reports


def are_canceled(client: StockClient, cl_ord_id: str, orders: list[Message]) -> None:
    """The reports that follow an r: one for each order."""
    told = [client.receive() for _ in orders]
    for report in told:
        report.has(client.codes.canceled() | {11: cl_ord_id})
    by_id = {report[37]: report for report in told}
    assert by_id.keys() == {order[37] for order in orders}
    for order in orders:
        by_id[order[37]].has({41: order[11], 38: order[38], 55: order[55], 54: order[54]})


@pytest.fixture
def trader(log_on: Callable[[str], StockClient]) -> StockClient:
    """TRADER1 without any order."""
    client = log_on("TRADER1")
    if client.codes.has_mass_requests:
        mass_cancel(client, ALL)
        client.settle()
    return client


@in_versions_that_have_it
@pytest.mark.parametrize("side", [None, BUY, SELL])
@pytest.mark.parametrize("scope", [SECURITY, ALL])
def test_mass_cancel(
    trader: StockClient, colleague: StockClient, symbol: str, scope: str, side: str | None
) -> None:
    """Of the session's own orders those that are meant, waiting ones too; r first."""
    kept = colleague.enter(symbol, BUY, 3, "98")
    orders = [
        trader.enter(symbol, BUY, 10, "99"),
        trader.enter(symbol, SELL, 5, "101", {59: GTC}),
        trader.enter(symbol, BUY, 5, None, {40: STOP, 99: "120"}),
        trader.enter("EURUSD", BUY, 1000, "1"),
        trader.enter("EURUSD", SELL, 1000, "1.2"),
    ]
    meant = [order for order in orders if side in (None, order[54])]
    if scope == SECURITY:
        meant = [order for order in meant if order[55] == symbol]
    of = {54: side, 55: symbol if scope == SECURITY else None}
    cl_ord_id = mass_cancel(trader, scope, of)
    told = trader.receive("r").has({11: cl_ord_id, 530: scope, 531: scope, 533: len(meant)} | of)
    told.has({532: None})
    assert int(told[37]) > int(orders[-1][37])
    assert trader.version == FIX44 or told[1369]
    are_canceled(trader, cl_ord_id, meant)
    trader.hears_nothing()
    colleague.ask_status(kept).has({39: NEW})
    for order in orders:
        trader.ask_status(order).has({39: CANCELED if order in meant else NEW})


@in_versions_that_have_it
def test_mass_cancel_of_a_partly_filled_order(
    trader: StockClient, seller: StockClient, symbol: str
) -> None:
    order = trader.enter(symbol, BUY, 10, "99")
    seller.trade(symbol, SELL, 4, "99")
    trader.receive().has({39: PARTIALLY_FILLED})
    mass_cancel(trader, SECURITY, {55: symbol})
    trader.receive("r").has({533: 1})
    trader.receive().has(trader.codes.canceled() | {37: order[37], 14: 4, 151: 0})


@in_versions_that_have_it
def test_mass_cancel_of_nothing(trader: StockClient, symbol: str) -> None:
    cl_ord_id = mass_cancel(trader, SECURITY, {55: symbol})
    trader.receive("r").has({11: cl_ord_id, 530: SECURITY, 531: SECURITY, 533: 0, 55: symbol})
    trader.hears_nothing()


@in_versions_that_have_it
@pytest.mark.parametrize(
    ("scope", "more", "reason", "named"),
    [
        ("2", {}, "0", "MassCancelRequestType(530) 2"),
        (SECURITY, {55: "NOPE"}, "1", "Symbol(55) NOPE"),
        (SECURITY, {}, "99", "Symbol(55)"),
        (ALL, {54: "5"}, "99", "Side(54) 5"),
    ],
)
def test_a_mass_cancel_that_is_refused(
    trader: StockClient, symbol: str, scope: str, more: Fields, reason: str, named: str
) -> None:
    order = trader.enter(symbol, BUY, 10, "99")
    cl_ord_id = mass_cancel(trader, scope, more)
    told = trader.receive("r").has({11: cl_ord_id, 530: scope, 531: "0", 532: reason})
    told.names(named)
    assert told[37]
    trader.ask_status(order).has({39: NEW})


@in_versions_that_have_it
def test_the_id_of_a_mass_cancel_is_used_up(trader: StockClient, symbol: str) -> None:
    """As those of D, F and G are for it."""
    order = trader.enter(symbol, BUY, 10, "99")
    mass_cancel(trader, ALL, {11: order[11]})
    trader.receive("r").has({531: "0", 532: "99", 11: order[11]}).names("ClOrdID(11)", order[11])
    trader.ask_status(order).has({39: NEW})
    for scope, answer in ((ALL, ALL), ("2", "0")):
        used = mass_cancel(trader, scope)
        trader.receive("r").has({531: answer})
        trader.settle()
        trader.new_order(symbol, BUY, 1, "99", {11: used})
        trader.receive().has({150: "8", 103: "6"}).names(used)
        cancel = trader.cancel(order, {11: used})
        trader.receive("9").has({11: cancel, 102: "6"})


@in_versions_that_have_it
def test_mass_status(
    trader: StockClient, colleague: StockClient, seller: StockClient, symbol: str
) -> None:
    colleague.enter(symbol, BUY, 3, "98")
    mass_status(trader, ALL)[0].has({39: "8", 103: "5", 37: "NONE", 11: "NONE"})
    bought = trader.enter(symbol, BUY, 10, "99")
    sold = trader.enter(symbol, SELL, 5, "101", {59: GTC})
    stop = trader.enter(symbol, BUY, 5, None, {40: STOP, 99: "120"})
    euros = trader.enter("EURUSD", BUY, 1000, "1")
    seller.trade(symbol, SELL, 4, "99")
    trader.receive().has({39: PARTIALLY_FILLED})
    replace = trader.replace(sold, price="102")
    sold = trader.receive().has({150: "5", 11: replace})
    everything = mass_status(trader, ALL)
    assert [report[37] for report in everything] == [
        order[37] for order in (bought, sold, stop, euros)
    ]
    everything[0].has({11: bought[11], 39: PARTIALLY_FILLED, 14: 4, 151: 6, 44: 99})
    everything[1].has({11: sold[11], 39: NEW, 44: 102, 59: GTC, 32: None})
    everything[2].has({11: stop[11], 636: "N", 99: 120})
    for scope, more, orders in (
        (ALL, {54: BUY}, [bought, stop, euros]),
        (SECURITY, {55: symbol}, [bought, sold, stop]),
        (SECURITY, {55: symbol, 54: SELL}, [sold]),
    ):
        reports = mass_status(trader, scope, more)
        assert [report[37] for report in reports] == [order[37] for order in orders]
    trader.hears_nothing()


@in_versions_that_have_it
def test_mass_status_of_an_unknown_symbol(trader: StockClient) -> None:
    [report] = mass_status(trader, SECURITY, {55: "NOPE"})
    report.has({39: "8", 103: "1", 37: "NONE", 11: "NONE", 14: 0, 151: 0}).names("NOPE")


@in_versions_that_have_it
def test_cancel_by_order_id_alone(trader: StockClient, symbol: str) -> None:
    order = trader.enter(symbol, BUY, 10, None, {40: STOP, 99: "120"})
    cancel = trader.cancel(order, {41: None, 37: order[37]})
    trader.receive().has(trader.codes.canceled() | {11: cancel, 41: order[11], 37: order[37]})


@pytest.mark.parametrize("version", [FIX42])
@pytest.mark.parametrize("msg_type", ["q", "AF"])
def test_fix42_does_not_have_them(buyer: StockClient, symbol: str, msg_type: str) -> None:
    order = buyer.enter(symbol, BUY, 10, "99")
    buyer.send(msg_type, {11: buyer.unused_id(), 530: ALL, 584: "S", 585: ALL, 60: utc_now()})
    told = buyer.settle()
    assert [message.type for message in told] in (["3"], ["j"])
    told[0].has({372: msg_type} | ({373: "11"} if told[0].type == "3" else {380: "3"}))
    buyer.ask_status(order).has({39: NEW})


def test_versions_of_a_comp_id_are_sessions_of_their_own(
    log_on: Callable[..., StockClient], symbol: str
) -> None:
    """A mass cancel in one leaves the orders of the other, and an id may be used in each."""
    clients = [log_on("TRADER1", spoken) for spoken in VERSIONS]
    orders = [
        client.enter(symbol, BUY, 10, "99", {11: clients[0].unused_id()}) for client in clients
    ]
    mass_cancel(clients[2], ALL)
    count = int(clients[2].receive("r")[533])
    canceled = [clients[2].receive().has({150: "4"})[37] for _ in range(count)]
    assert orders[2][37] in canceled and orders[1][37] not in canceled
    for client, order in zip(clients[:2], orders[:2], strict=True):
        client.hears_nothing()
        client.ask_status(order).has({39: NEW})
    clients[1].enter(symbol, BUY, 1, "98", {11: orders[0][11]})
