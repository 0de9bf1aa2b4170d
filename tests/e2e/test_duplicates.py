"""Checks 4 to 6: ClOrdIDs used before, PossResend(97) and PossDupFlag(43)."""

from collections.abc import Callable

import pytest

from tests.e2e.client import BUY, NEW, PARTIALLY_FILLED, REJECTED, SELL
from tests.e2e.message import Message, utc_now
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient

DUPLICATE = 6


def new_order(symbol: str, cl_ord_id: str) -> dict[int, object]:
    return {11: cl_ord_id, 55: symbol, 54: BUY, 38: 10, 40: 2, 44: 99, 60: utc_now()}


def is_untouched(client: StockClient, order: Message) -> None:
    kept = (37, 38, 44, 39, 14, 151, 6)
    client.ask_status(order).has({tag: order[tag] for tag in kept})


def test_duplicate_of_a_live_order(buyer: StockClient, seller: StockClient, symbol: str) -> None:
    """F.1.a: the rejection tells how the first order stands."""
    first = buyer.enter(symbol, BUY, 10, "100.00")
    seller.enter(symbol, SELL, 1, "100.00")
    traded = buyer.receive().has({150: "F"})
    buyer.new_order(symbol, BUY, 15, "100.00", {11: first[11]})
    reject = buyer.receive().names("ClOrdID(11)", first[11])
    reject.has({150: "8", 39: PARTIALLY_FILLED, 103: DUPLICATE, 11: first[11], 37: first[37]})
    reject.has({38: 10, 14: 1, 151: 9, 6: 100, 32: None, 31: None, 55: symbol, 54: BUY})
    assert reject[17] != traded[17]
    is_untouched(buyer, traded)


@pytest.mark.parametrize("end", ["cancel", "fill"])
def test_duplicate_of_an_order_that_is_over(
    buyer: StockClient, seller: StockClient, symbol: str, end: str
) -> None:
    first = buyer.enter(symbol, BUY, 10, "100.00")
    if end == "cancel":
        buyer.cancel(first)
    else:
        seller.enter(symbol, SELL, 10, "100.00")
    over = buyer.receive()
    buyer.new_order(symbol, BUY, 10, "100.00", {11: first[11]})
    reject = buyer.receive().has({150: "8", 39: over[39], 103: DUPLICATE, 37: first[37]})
    reject.has({151: 0, 14: over[14]})


def test_duplicate_of_a_rejected_order(buyer: StockClient, symbol: str) -> None:
    cl_ord_id = buyer.new_order(symbol, BUY, 0, "100.00")
    buyer.receive().has({150: "8", 39: REJECTED})
    buyer.new_order(symbol, BUY, 1, "100.00", {11: cl_ord_id})
    buyer.receive().has({150: "8", 39: REJECTED, 103: DUPLICATE, 151: 0, 14: 0})


@pytest.mark.parametrize("request_type", ["F", "G"])
def test_new_order_under_the_id_of_a_request(
    buyer: StockClient, symbol: str, request_type: str
) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.00")
    used = buyer.cancel(order) if request_type == "F" else buyer.replace(order, 9)
    then = buyer.receive().has({11: used})
    buyer.new_order(symbol, BUY, 1, "99.00", {11: used})
    buyer.receive().has({150: "8", 39: then[39], 103: DUPLICATE, 37: order[37]})


@pytest.mark.parametrize("request_type", ["F", "G"])
def test_request_under_an_id_used_before(
    buyer: StockClient, symbol: str, request_type: str
) -> None:
    other = buyer.enter(symbol, BUY, 1, "98.00")
    order = buyer.enter(symbol, BUY, 10, "99.00")
    request = buyer.cancel if request_type == "F" else buyer.replace
    request(order, more={11: other[11]})
    reject = buyer.receive("9").names("ClOrdID(11)", other[11])
    reject.has({11: other[11], 41: order[11], 37: order[37], 39: NEW, 102: DUPLICATE})
    reject.has({434: 1 if request_type == "F" else 2})
    is_untouched(buyer, order)
    is_untouched(buyer, other)


def test_another_session_may_use_the_same_id(
    buyer: StockClient, colleague: StockClient, symbol: str
) -> None:
    first = buyer.enter(symbol, BUY, 1, "99.00")
    second = colleague.enter(symbol, BUY, 1, "99.00", {11: first[11]})
    assert first[37] != second[37]


def test_poss_resend_of_a_known_order(buyer: StockClient, symbol: str) -> None:
    """F.1.b: its status, and nothing is entered twice."""
    first = buyer.enter(symbol, BUY, 10, "99.00")
    buyer.new_order(symbol, BUY, 10, "99.00", {11: first[11], 97: "Y"})
    status = buyer.receive().has({150: "I", 39: NEW, 38: 10, 14: 0, 151: 10, 37: first[37]})
    status.has({11: first[11], 32: None, 31: None})
    buyer.hears_nothing()


def test_poss_resend_of_an_unknown_order(buyer: StockClient, symbol: str) -> None:
    buyer.enter(symbol, BUY, 15, "99.00", {97: "Y"}).has({38: 15, 151: 15})


def test_poss_resend_of_a_known_cancel(buyer: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 10, "99.00")
    cancel = buyer.cancel(order)
    buyer.receive().has({150: "4"})
    buyer.cancel(order, {11: cancel, 97: "Y"})
    buyer.receive().has({150: "I", 39: 4, 11: cancel, 37: order[37], 151: 0})


def test_poss_dup_seen_before_is_ignored(connect: Callable[..., RawClient], symbol: str) -> None:
    client = connect()
    seen = client.next_sent
    order = client.enter(symbol, BUY, 10, "99.00")
    client.send("D", new_order(symbol, "NEVER-SEEN"), {34: seen, 43: "Y", 122: utc_now()})
    client.hears_nothing()
    client.ask_status(order).has({39: NEW, 151: 10})
    client.ask_status(order, {11: "NEVER-SEEN"}).has({39: REJECTED})


def test_poss_dup_without_orig_sending_time(connect: Callable[..., RawClient], symbol: str) -> None:
    client = connect()
    order = client.enter(symbol, BUY, 10, "99.00")
    seen = client.next_sent - 1
    client.send("D", new_order(symbol, order[11]), {34: seen, 43: "Y"})
    client.receive("3").has({45: seen, 371: 122, 372: "D", 373: 1})
    client.ask_status(order).has({39: NEW})


def test_poss_dup_sent_after_it_was_sent(connect: Callable[..., RawClient], symbol: str) -> None:
    client = connect()
    order = client.enter(symbol, BUY, 10, "99.00")
    seen = client.next_sent - 1
    client.send("D", new_order(symbol, order[11]), {34: seen, 43: "Y", 122: "20991231-23:59:59"})
    last_words = client.is_disconnected()
    assert [message.type for message in last_words] == ["3", "5"]
    last_words[0].has({45: seen, 372: "D", 373: 10})
