"""Checks 1 to 3: new orders, their fills on both sides, and the ids of reports."""

from collections.abc import Callable
from decimal import Decimal

from tests.e2e.client import BUY, DAY, FILLED, GTC, LIMIT, NEW, PARTIALLY_FILLED, SELL
from tests.e2e.message import Message
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient


def trade(report: Message) -> dict[int, str]:
    """What both sides of a match must be told alike."""
    return {tag: report[tag] for tag in (31, 32, 527, 55)}


def test_new_limit_order(buyer: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.50", {1: "ACCOUNT", 59: GTC})
    order.has({55: symbol, 54: BUY, 38: 10, 40: LIMIT, 44: "99.5", 59: GTC, 1: "ACCOUNT"})
    order.has({151: 10, 14: 0, 6: 0, 150: "0", 39: NEW})
    order.has({31: None, 32: None, 41: None, 58: None, 103: None})
    assert order[37].isdecimal() and order[37] != order[11]
    assert order[17].isdecimal() and int(order[17]) > 0
    assert order[60][:9] == order[52][:9]
    buyer.hears_nothing()


def test_time_in_force_is_day_unless_said(buyer: StockClient, symbol: str) -> None:
    buyer.enter(symbol, BUY, 10, "99.50").has({59: DAY})


def test_sweep_of_several_levels(buyer: StockClient, seller: StockClient, symbol: str) -> None:
    """One report a match on either side, at the resting order's price; AvgPx of both sides."""
    near = seller.enter(symbol, SELL, 3, "100.01")
    later = seller.enter(symbol, SELL, 4, "100.01")
    far = seller.enter(symbol, SELL, 5, "100.04")
    order = buyer.enter(symbol, BUY, 10, "100.05")
    matches = [
        (near, 3, "100.01", FILLED, 0, 3, "100.01"),
        (later, 4, "100.01", FILLED, 0, 4, "100.01"),
        (far, 3, "100.04", PARTIALLY_FILLED, 2, 3, "100.04"),
    ]
    filled, cost = 0, Decimal(0)
    for resting, qty, price, status, leaves, cum, avg_px in matches:
        filled, cost = filled + qty, cost + qty * Decimal(price)
        bought, sold = buyer.receive(), seller.receive()
        of_match = {150: "F", 31: price, 32: qty, 55: symbol}
        sold.has({11: resting[11], 37: resting[37], 54: SELL, 38: resting[38], 851: 1})
        sold.has(of_match | {39: status, 151: leaves, 14: cum, 6: avg_px, 44: resting[44]})
        bought.has({11: order[11], 37: order[37], 54: BUY, 38: 10, 44: "100.05", 851: 2})
        bought.has(of_match | {39: PARTIALLY_FILLED if filled < 10 else FILLED})
        bought.has({14: filled, 151: 10 - filled, 59: DAY, 40: LIMIT})
        assert Decimal(bought[6]) == cost / filled
        assert trade(bought) == trade(sold) and bought[17] != sold[17]
        assert bought[60] and sold[60]
    buyer.hears_nothing()
    seller.hears_nothing()


def test_average_price_that_no_decimal_holds(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    seller.enter(symbol, SELL, 1, "100.00")
    seller.enter(symbol, SELL, 2, "100.01")
    buyer.enter(symbol, BUY, 3, "100.01")
    buyer.receive().has({6: 100})
    assert abs(Decimal(buyer.receive()[6]) - Decimal("300.02") / 3) < Decimal("0.000001")


def test_a_market_order_has_no_price(buyer: StockClient, seller: StockClient, symbol: str) -> None:
    seller.enter(symbol, SELL, 5, "100.00")
    buyer.enter(symbol, BUY, 2).has({40: "1", 44: None})
    buyer.receive().has({150: "F", 39: FILLED, 31: 100, 32: 2, 44: None, 40: "1"})


def test_oldest_order_of_the_best_price_first(
    buyer: StockClient, colleague: StockClient, seller: StockClient, symbol: str
) -> None:
    buyer.enter(symbol, BUY, 1, "99.99")
    first = colleague.enter(symbol, BUY, 5, "100.00")
    second = buyer.enter(symbol, BUY, 5, "100.00")
    seller.trade(symbol, SELL, 2, "99.00")
    colleague.receive().has({11: first[11], 39: PARTIALLY_FILLED, 31: 100, 32: 2, 151: 3})
    seller.trade(symbol, SELL, 4, "99.00")
    colleague.receive().has({11: first[11], 39: FILLED, 31: 100, 32: 3, 6: 100})
    buyer.receive().has({11: second[11], 39: PARTIALLY_FILLED, 31: 100, 32: 1})
    buyer.hears_nothing()


def test_order_of_reports_to_one_session(buyer: StockClient, symbol: str) -> None:
    """Who trades with himself hears the acceptance, then each match's aggressor and rester."""
    sold = buyer.enter(symbol, SELL, 2, "100.00")
    bought = buyer.enter(symbol, BUY, 2, "100.00")
    aggressor = buyer.receive().has({11: bought[11], 150: "F", 851: 2})
    rester = buyer.receive().has({11: sold[11], 150: "F", 851: 1})
    assert int(bought[17]) < int(aggressor[17]) < int(rester[17])
    assert aggressor[527] == rester[527]


def test_exec_ids_are_unique_over_sessions(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    for _ in range(20):
        seller.new_order(symbol, SELL, 3, "100.00")
        buyer.new_order(symbol, BUY, 2, "100.00")
        buyer.new_order(symbol, BUY, 0, "100.00")
    reports = buyer.settle() + seller.settle() + buyer.settle()
    assert {report.type for report in reports} == {"8"}
    assert len({report[17] for report in reports}) == len(reports) >= 80
    orders = {(report[37], report[11]) for report in reports}
    assert len({order_id for order_id, _ in orders}) == len(orders) == 60
    trades = [report[527] for report in reports if report[150] == "F"]
    assert sorted([*set(trades)] * 2) == sorted(trades)


def test_a_resting_order_whose_session_is_gone_still_trades(
    connect: Callable[..., RawClient], buyer: StockClient, symbol: str
) -> None:
    """Its owner learns of the fill once it is back, before anything else."""
    owner = connect()
    order = owner.enter(symbol, SELL, 5, "100.00")
    owner.send("5", {})
    owner.receive("5")
    owner.is_disconnected()
    buyer.enter(symbol, BUY, 3, "100.00")
    filled = buyer.receive().has({150: "F", 39: FILLED, 32: 3, 31: 100})
    back = connect(owner.comp_id)
    back.receive().has({150: "F", 11: order[11], 32: 3, 31: 100, 527: filled[527], 43: None})
    status = back.ask_status(order).has({37: order[37], 39: PARTIALLY_FILLED, 14: 3, 151: 2})
    assert status[6] == filled[6]
