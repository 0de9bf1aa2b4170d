"""Check 16: what an order may hold, refused before it comes near the book."""

from collections.abc import Callable

import pytest

from tests.e2e.client import BUY, FILLED, REJECTED, SELL
from tests.e2e.message import SOH
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient

UNKNOWN_SYMBOL, TOO_LATE, UNSUPPORTED, INCORRECT_QUANTITY, OTHER = 1, 4, 11, 13, 99

PRICES = [
    ("1e5", "not a decimal number"),
    ("NaN", "not a decimal number"),
    ("inf", "not a decimal number"),
    ("0x10", "not a decimal number"),
    ("1_00", "not a decimal number"),
    ("+100", "not a decimal number"),
    ("-1", "greater than 0"),
    ("0", "greater than 0"),
    ("-0", "greater than 0"),
    ("1.005", "multiple of tick 0.01"),
    ("100.000000000000000000001", "multiple of tick 0.01"),
    ("49.99", "collar 50 to 150"),
    ("150.01", "collar 50 to 150"),
    ("9" * 30, "tick 0.01"),
    ("9" * 300, "40 characters"),
]
QUANTITIES = [
    ("0", "greater than 0"),
    ("-5", "greater than 0"),
    ("1.5", "multiple of lot 1"),
    ("1000001", "maximum 1000000"),
    ("9223372036854775807", "lot 1"),
    ("9223372036854775808", "lot 1"),
    ("18446744073709551617", "lot 1"),
    ("1e3", "not a decimal number"),
    ("NaN", "not a decimal number"),
]
FORMAT_FAULTS = ("1e5", "1e3", "NaN", "inf", "0x10", "1_00", "+100")
"""What FIX does not count as a number: the session level may refuse it before the venue does."""


def is_rejected(
    client: StockClient | RawClient, cl_ord_id: str, tag: int, value: str, limit: str, reason: int
) -> None:
    """An order that fails is answered in its own terms, one that is no FIX by a Reject (3)."""
    report = client.receive("3" if value in FORMAT_FAULTS else "8")
    if report.type == "3":
        report.has({371: tag, 372: "D", 373: 6})
        assert report[45] and report[58]
        return
    report.has({11: cl_ord_id, 150: "8", 39: REJECTED, 103: reason, 151: 0, 14: 0, 6: 0})
    report.names(f"({tag})", value[:40], limit)
    assert report[37] and report[17] != "0" and report[60]
    report.has({32: None, 31: None})


def trades_go_on(buyer: StockClient, seller: StockClient, symbol: str) -> None:
    """Nothing of what was refused is in the book, and the next orders trade."""
    seller.enter(symbol, SELL, 1, "60.00")
    buyer.enter(symbol, BUY, 1, "60.00")
    buyer.receive().has({150: "F", 39: FILLED, 31: 60})
    seller.receive().has({150: "F", 39: FILLED, 31: 60})


@pytest.mark.parametrize(("price", "limit"), PRICES, ids=[price[:25] for price, _ in PRICES])
def test_price(
    connect: Callable[..., RawClient],
    buyer: StockClient,
    seller: StockClient,
    symbol: str,
    price: str,
    limit: str,
) -> None:
    client = connect()
    is_rejected(client, client.new_order(symbol, BUY, 10, price), 44, price, limit, OTHER)
    trades_go_on(buyer, seller, symbol)


@pytest.mark.parametrize(("qty", "limit"), QUANTITIES, ids=[qty for qty, _ in QUANTITIES])
def test_quantity(
    connect: Callable[..., RawClient],
    buyer: StockClient,
    seller: StockClient,
    symbol: str,
    qty: str,
    limit: str,
) -> None:
    client = connect()
    cl_ord_id = client.new_order(symbol, BUY, qty, "100")
    is_rejected(client, cl_ord_id, 38, qty, limit, INCORRECT_QUANTITY)
    trades_go_on(buyer, seller, symbol)


@pytest.mark.parametrize(
    ("more", "named", "reason"),
    [
        ({55: "NOPE"}, ("Symbol(55)", "NOPE"), UNKNOWN_SYMBOL),
        ({40: "P"}, ("OrdType(40)", "P", "1, 2, 3, 4, J, K"), UNSUPPORTED),
        ({59: "5"}, ("TimeInForce(59)", "5", "0, 1, 2, 3, 4, 6, 7"), UNSUPPORTED),
        ({59: "2"}, ("TimeInForce(59)", "2"), TOO_LATE),
        ({54: "5"}, ("Side(54)", "5", "1, 2"), UNSUPPORTED),
        ({18: "1"}, ("ExecInst(18)", "1", "6, G, J or K"), UNSUPPORTED),
        ({152: "5"}, ("CashOrderQty(152)", "5"), UNSUPPORTED),
        ({40: "1"}, ("Price(44)", "OrdType(40) 1"), UNSUPPORTED),
        ({44: None}, ("Price(44)", "required"), OTHER),
        ({38: None}, ("OrderQty(38)", "required"), INCORRECT_QUANTITY),
        ({15: "EUR"}, ("Currency(15)", "EUR", "USD"), OTHER),
    ],
)
def test_terms(
    buyer: StockClient, symbol: str, more: dict[int, object], named: tuple[str, ...], reason: int
) -> None:
    cl_ord_id = buyer.new_order(symbol, BUY, 10, "100", more)
    report = buyer.receive().has({11: cl_ord_id, 150: "8", 39: REJECTED, 103: reason})
    report.has({151: 0, 14: 0, 6: 0, 55: more.get(55, symbol), 54: more.get(54, BUY)}).names(*named)


def test_collar_follows_the_last_trade(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    seller.enter(symbol, SELL, 1, "60.00")
    buyer.trade(symbol, BUY, 1, "60.00")
    cl_ord_id = buyer.new_order(symbol, BUY, 1, "90.01")
    buyer.receive().has({11: cl_ord_id, 150: "8", 39: REJECTED}).names("collar 30 to 90", "60")
    buyer.enter(symbol, BUY, 1, "90.00")


@pytest.mark.parametrize("text", ["100.", "100.00", "0100", "100.000000"])
def test_spellings_of_a_price(buyer: StockClient, symbol: str, text: str) -> None:
    buyer.enter(symbol, BUY, 1, text).has({44: 100})


def test_id_of_64_characters(connect: Callable[..., RawClient], symbol: str) -> None:
    client = connect()
    longest = "X" * 64
    client.enter(symbol, BUY, 1, "99", {11: longest})
    for msg_type, tag, length in (("D", 11, 65), ("D", 1, 65), ("D", 11, 5000), ("F", 41, 65)):
        value = "Y" * length
        sent = client.next_sent
        if msg_type == "D":
            client.new_order(symbol, BUY, 1, "99", {tag: value})
        else:
            client.send("F", {11: "Z", 41: value, 55: symbol, 54: BUY, 60: "20260101-00:00:00"})
        reject = client.receive("3").has({45: sent, 371: tag, 372: msg_type, 373: 5})
        reject.names(f"({tag})", length, 64)
    client.hears_nothing()


def test_text_with_an_equals_sign(buyer: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 1, "99", {11: f"a=b={buyer.unused_id()}", 1: "=x="})
    order.has({1: "=x="})
    assert order[11].startswith("a=b=") and SOH not in order[11]
    buyer.cancel(order)
    buyer.receive().has({150: 4, 41: order[11]})
