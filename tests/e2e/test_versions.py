"""Every message that the venue sends, to a stock initiator of each version.

QuickFIX validates what arrives; a message that it refuses fails the test that caused it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.client import BUY, FILLED, IOC, NEW, PARTIALLY_FILLED, SELL
from tests.e2e.codes import (
    AT_THE_CLOSE,
    FIX42,
    FIX44,
    FIX50SP2,
    GTD,
    LIMIT_IF_TOUCHED,
    MARKET_IF_TOUCHED,
    MARKET_TO_LIMIT,
    OTHER,
    PARTIAL_DECLINE,
    REPRICING,
    SMP_RESTING,
    STOP,
    STOP_LIMIT,
    VERSIONS,
    order_fields,
)
from tests.e2e.message import Message
from tests.e2e.stock import StockClient

pytestmark = pytest.mark.parametrize("version", VERSIONS)
VENUE_OPTIONS = ("--set", "sessions.TRADER4.post_only=reprice")

BEGIN_STRINGS = {FIX42: "FIX.4.2", FIX44: "FIX.4.4", FIX50SP2: "FIXT.1.1"}
NEW_LEVEL, CHANGED, DELETED = "0", "1", "2"


def test_new_fill_and_cancel(buyer: StockClient, seller: StockClient, symbol: str) -> None:
    """ExecType 0, then 1 and 2 or F, then 4, with what both sides of a match have in common."""
    version = buyer.version
    order = buyer.enter(symbol, BUY, 10, "99.50", {1: "ACCOUNT", 59: "1"})
    order.has({8: BEGIN_STRINGS[version], 6: 0, 1: "ACCOUNT", 59: "1", 40: "2"})
    sold = seller.enter(symbol, SELL, 4, "99")
    bought = buyer.receive().has(buyer.codes.filled(PARTIALLY_FILLED) | {11: order[11]})
    bought.has({31: "99.5", 32: 4, 14: 4, 151: 6, 6: "99.5", 851: None if version == FIX42 else 1})
    taken = seller.receive().has(seller.codes.filled(FILLED) | {11: sold[11]})
    taken.has({31: "99.5", 32: 4, 14: 4, 151: 0, 851: None if version == FIX42 else 2})
    assert buyer.codes.trade_id(bought) == seller.codes.trade_id(taken) != ""
    assert bought[17] != taken[17]
    cancel = buyer.cancel(order)
    canceled = buyer.receive().has(buyer.codes.canceled() | {11: cancel, 41: order[11]})
    canceled.has({14: 4, 38: 10, 32: None if version != FIX42 else canceled.get(32)})


def test_canceled_without_being_asked(buyer: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.50", {59: IOC})
    buyer.receive().has(buyer.codes.canceled() | {11: order[11], 41: None, 59: IOC})


def test_replaced(buyer: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.50")
    replace = buyer.replace(order, 8, "99.60")
    replaced = buyer.receive().has({150: "5", 39: NEW, 11: replace, 41: order[11], 38: 8})
    replaced.has({44: "99.6", 151: 8, 37: order[37], 20: "0" if buyer.version == FIX42 else None})


def test_rejected(buyer: StockClient, symbol: str) -> None:
    for more, reason in (({55: "NOPE"}, "1"), ({38: "0"}, "13"), ({40: "P"}, "11")):
        sent = buyer.new_order(symbol, BUY, 10, "99", more)
        buyer.receive().has(buyer.codes.rejected(reason) | {11: sent, 55: more.get(55, symbol)})
    code = {FIX42: "0", FIX44: "99", FIX50SP2: "18"}[buyer.version]
    buyer.new_order(symbol, BUY, 10, "99.005")
    buyer.receive().has({150: "8", 103: code}).names("Price(44)", "99.005", "tick 0.01")
    code = {FIX42: "0", FIX44: "99", FIX50SP2: "16"}[buyer.version]
    buyer.new_order(symbol, BUY, 10, "151")
    buyer.receive().has({150: "8", 103: code}).names("Price(44)", "151", "collar")


def test_rejected_for_its_id(buyer: StockClient, symbol: str) -> None:
    """With the state of the order that has it (F.1.a), or with PossResend its status."""
    order = buyer.enter(symbol, BUY, 10, "99")
    buyer.new_order(symbol, BUY, 11, "98", {11: order[11]})
    buyer.receive().has({150: "8", 39: NEW, 103: "6", 38: 10, 151: 10, 11: order[11]})
    buyer.new_order(symbol, BUY, 10, "99", {11: order[11], 97: "Y"})
    buyer.receive().has(buyer.codes.status(NEW) | {11: order[11], 151: 10})


def test_expired(buyer: StockClient, symbol: str) -> None:
    order = None
    for seconds in (2, 5, 20):  # a moment that is over before the venue has the order is refused
        moment = (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y%m%d-%H:%M:%S")
        buyer.new_order(symbol, BUY, 10, "99", {59: GTD, 126: moment})
        report = buyer.receive()
        if report[150] != "8":
            order = report.has(buyer.codes.new())
            break
    assert order is not None
    buyer.receive().has({150: "C", 39: "C", 151: 0, 14: 0, 11: order[11], 37: order[37]})
    assert buyer.book(symbol) == []


def test_restated(
    buyer: StockClient, colleague: StockClient, optimist: StockClient, symbol: str
) -> None:
    buyer.enter(symbol, SELL, 5, "100")
    order = optimist.enter(symbol, BUY, 10, "100", {18: "6"})
    restated = optimist.receive().has(optimist.codes.restated(REPRICING) | {11: order[11]})
    restated.has({44: "99.99", 39: NEW})
    id_tag, instruction_tag = colleague.codes.smp_tags
    own = colleague.enter(symbol, BUY, 4, "99.99", {id_tag: "X"})
    seller = buyer.enter(symbol, SELL, 20, "99.99", {id_tag: "X", instruction_tag: "4"})
    optimist.receive().has(optimist.codes.filled(FILLED))
    buyer.receive().has(buyer.codes.filled(PARTIALLY_FILLED) | {11: seller[11]})
    colleague.receive().has(colleague.codes.canceled(SMP_RESTING) | {11: own[11]})
    told = buyer.receive().has({150: "D", 378: PARTIAL_DECLINE, 39: PARTIALLY_FILLED})
    told.has({11: seller[11], 38: 16, 151: 6, 14: 10})


@pytest.mark.parametrize("ord_type", [STOP, STOP_LIMIT, MARKET_IF_TOUCHED, LIMIT_IF_TOUCHED])
def test_triggered(buyer: StockClient, seller: StockClient, symbol: str, ord_type: str) -> None:
    seller.trade(symbol, SELL, 1, "100")
    buyer.trade(symbol, BUY, 1, "100")
    seller.settle()
    trigger = "99" if ord_type in (STOP, STOP_LIMIT) else "101"  # met already
    price = "102" if ord_type in (STOP_LIMIT, LIMIT_IF_TOUCHED) else None
    order = buyer.enter(symbol, BUY, 10, price, order_fields(ord_type, trigger))
    order.has(buyer.codes.waiting() | buyer.codes.ord_type(ord_type))
    buyer.receive().has(buyer.codes.triggered() | {11: order[11]})
    if price is None:
        buyer.receive().has(buyer.codes.canceled() | {11: order[11]})
    else:
        buyer.hears_nothing()


def test_every_kind_of_qualifier_in_a_report(buyer: StockClient, symbol: str) -> None:
    """What an order may say comes back in what the version has for it, or not at all."""
    id_tag, instruction_tag = buyer.codes.smp_tags
    more = {buyer.codes.display_tag: 4, 1088: 2, 18: "6", 59: GTD, 432: "20991231"}
    order = buyer.enter(symbol, BUY, 10, "99", more | {id_tag: "X", instruction_tag: "3"})
    order.has(buyer.codes.display(4, 4) | {59: GTD, 432: "20991231"})
    is_latest = buyer.version == FIX50SP2
    order.has({1088: 2 if is_latest else None, 9362: None, 9964: None})
    buyer.enter(symbol, BUY, 10, None, {40: STOP, 99: 120, 110: 5})
    buyer.enter(symbol, BUY, 10, "99", {59: AT_THE_CLOSE}).has(buyer.codes.waiting())
    order = buyer.enter(symbol, SELL, 5, None, {40: MARKET_TO_LIMIT})
    buyer.receive().has(buyer.codes.filled(PARTIALLY_FILLED) | {11: order[11], 44: 99, 32: 4})
    buyer.settle()


def test_status(buyer: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 10, "99")
    has_id = buyer.version != FIX42
    asked: dict[int, object] = {790: "STATUS"} if has_id else {}
    status = buyer.ask_status(order, asked).has({39: NEW, 790: "STATUS" if has_id else None})
    status.has({37: order[37], 11: order[11], 151: 10, 17: "0"})
    unknown = Message(f"35=8\x0111={buyer.unused_id()}\x0155={symbol}\x0154=1")
    status = buyer.ask_status(unknown).has({39: "8", 103: "5", 37: "NONE", 11: unknown[11]})
    status.has({38: 0 if status.get(38) else None, 14: 0, 151: 0})


def test_cancel_reject(buyer: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 10, "99")
    unknown = Message(f"35=8\x0111={buyer.unused_id()}\x0155={symbol}\x0154=1")
    cancel = buyer.cancel(unknown)
    reject = buyer.receive("9").has({11: cancel, 41: unknown[11], 434: "1", 102: "1"})
    reject.has({37: "NONE", 39: "8"})
    cancel = buyer.cancel(order, {11: order[11]})
    code = "2" if buyer.version == FIX42 else "6"
    buyer.receive("9").has({11: order[11], 37: order[37], 39: NEW, 102: code})
    replace = buyer.replace(order, price="99.005")
    code = {FIX42: "2", FIX44: "99", FIX50SP2: "18"}[buyer.version]
    buyer.receive("9").has({11: replace, 41: order[11], 39: NEW, 434: "2", 102: code})
    buyer.cancel(order, {54: SELL})
    code = "2" if buyer.version == FIX42 else OTHER
    buyer.receive("9").has({39: NEW, 434: "1", 102: code}).names("Side(54)")
    buyer.cancel(order, {41: None, 37: order[37]})
    buyer.receive().has(buyer.codes.canceled() | {41: order[11]})
    buyer.cancel(order)
    buyer.receive("9").has({39: "4", 434: "1", 102: "0", 37: order[37]})


def test_market_data(buyer: StockClient, watcher: StockClient, symbol: str) -> None:
    """W and X with every kind of entry, an empty W, and the end of a subscription."""
    md_req_id = watcher.request_market_data(symbol)
    watcher.receive("W").has({262: md_req_id, 55: symbol, 268: 0})
    order = buyer.enter(symbol, BUY, 5, "99.50")
    new = watcher.receive("X").has({262: md_req_id, 268: 1, 279: NEW_LEVEL, 269: "0", 55: symbol})
    new.has({270: "99.5", 271: 5})
    buyer.replace(order, 4)
    order = buyer.receive()
    watcher.receive("X").has({279: CHANGED, 269: "0", 270: "99.5", 271: 4})
    buyer.trade(symbol, SELL, 6, "99.50")
    entries = watcher.receive("X").has({268: 3}).entries(279)
    kinds = sorted((entry[279], entry[269], entry[270], entry.get(271)) for entry in entries)
    assert kinds == [
        (NEW_LEVEL, "1", "99.5", "2"),
        (NEW_LEVEL, "2", "99.5", "4"),
        (DELETED, "0", "99.5", None),
    ]
    second = watcher.request_market_data(symbol, depth=1, update_type=0)
    snapshot = watcher.receive("W").has({262: second, 55: symbol, 268: 2})
    assert sorted(entry[269] for entry in snapshot.entries(269)) == ["1", "2"]
    watcher.send("V", {262: md_req_id, 263: "2"})
    watcher.send("V", {262: second, 263: "2", 264: 0, 267: 1, 269: "0", 146: 1, 55: symbol})
    watcher.hears_nothing()
    buyer.enter(symbol, BUY, 5, "99")
    watcher.hears_nothing()


def test_market_data_that_is_refused(watcher: StockClient, symbol: str) -> None:
    refused = watcher.request_market_data("NOPE")
    watcher.receive("Y").has({262: refused, 281: "0"}).names("Symbol(55)", "NOPE")
    md_req_id = watcher.request_market_data(symbol)
    watcher.receive("W")
    watcher.request_market_data(symbol, md_req_id=md_req_id)
    watcher.receive("Y").has({262: md_req_id, 281: "1"})
    for more, reason in (({"updates": 9}, "4"), ({"update_type": 7}, "6"), ({"depth": -1}, "5")):
        refused = watcher.request_market_data(symbol, **more)  # type: ignore[arg-type]
        watcher.receive("Y").has({262: refused, 281: reason})
    watcher.send("V", {262: md_req_id, 263: "2"})


def test_business_reject(buyer: StockClient, watcher: StockClient, symbol: str) -> None:
    """For a type that is not served, an unknown subscription, a role that is missing."""
    buyer.send("R", {131: "QUOTE", 146: 1, 55: symbol})
    reject = buyer.receive("j").has({372: "R", 380: "3"})
    assert reject[45] and reject[58]
    buyer.send("V", {262: "NO-SUCH", 263: "2"})
    buyer.receive("j").has({372: "V", 379: "NO-SUCH", 380: "1"})
    watcher.new_order(symbol, BUY, 1, "99")
    code = "0" if watcher.version == FIX42 else "6"
    watcher.receive("j").has({372: "D", 380: code}).names("order_entry")


def test_session_reject(buyer: StockClient, symbol: str) -> None:
    """From the venue for an id that is too long, from QuickFIX for a price that is no number."""
    buyer.new_order(symbol, BUY, 1, "99", {11: "X" * 65})
    buyer.receive("3").has({371: 11, 372: "D", 373: "5"}).names("ClOrdID(11)", 65, 64)
    buyer.new_order(symbol, BUY, 1, "cheap")
    buyer.receive("3").has({371: 44, 372: "D", 373: "6"})


def test_all_versions_trade_in_one_book(
    log_on: Callable[..., StockClient], symbol: str, version: str
) -> None:
    """Who trades with whom does not depend on what they speak."""
    buyer = log_on("TRADER1", version)
    for other in VERSIONS:
        seller = log_on("TRADER3", other)
        order = buyer.enter(symbol, BUY, 2, "99")
        sold = seller.enter(symbol, SELL, 2, "99")
        bought = buyer.receive().has(buyer.codes.filled(FILLED) | {11: order[11]})
        taken = seller.receive().has(seller.codes.filled(FILLED) | {11: sold[11]})
        assert buyer.codes.trade_id(bought) == seller.codes.trade_id(taken)
