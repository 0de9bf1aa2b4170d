from datetime import date
from decimal import Decimal

import msgspec
import pytest

from venue.client.errors import ClientError
from venue.client.events import (
    ExecutionReport,
    LoggedOn,
    MarketDataReject,
    MarketDataSnapshot,
    MDEntry,
    OrderCancelReject,
)
from venue.client.order_request import changed_request, order_request
from venue.client.requests import Subscription
from venue.client.state import SessionState


def accepted(cl_ord_id: str, qty: int) -> ExecutionReport:
    return ExecutionReport(
        order_id="O1",
        exec_id="E1",
        exec_type="0",
        ord_status="0",
        cl_ord_id=cl_ord_id,
        symbol="AAPL",
        side="2",
        ord_type="2",
        time_in_force="1",
        order_qty=Decimal(qty),
        price=Decimal(5),
        leaves_qty=Decimal(qty),
        cum_qty=Decimal(0),
        avg_px=Decimal(0),
    )


def test_terms_are_those_asked_for_until_the_venue_says_otherwise() -> None:
    state = SessionState()
    asked = order_request("AAPL", "sell", 10, 5, time_in_force="gtc")
    state.sent("A", asked)
    assert state.request("A") == asked
    state.apply(accepted("A", qty=8))
    assert state.request("A") == order_request("AAPL", "sell", 8, 5, time_in_force="gtc")


def test_terms_that_no_report_repeats_outlive_the_request() -> None:
    state = SessionState()
    asked = order_request(
        "AAPL", "sell", 8, 5, ord_type="limit_if_touched", stop_px=6, expire=date(2026, 12, 1)
    )
    state.sent("A", asked)
    state.apply(accepted("A", qty=8))
    known = state.request("A")
    assert known is not None
    assert (known.ord_type, known.expire) == ("LIT", "20261201")
    state.sent("B", changed_request(known, time_in_force="gtc"))
    state.apply(msgspec.structs.replace(accepted("B", qty=8), exec_type="5", orig_cl_ord_id="A"))
    known = state.request("B")
    assert known is not None
    assert (known.ord_type, known.expire, known.time_in_force) == ("LIT", None, "1")
    assert state.orders["B"].stop_px == 6


def test_a_refused_replace_leaves_no_terms() -> None:
    state = SessionState()
    state.sent("B", order_request("AAPL", "sell", 10, 5))
    state.apply(OrderCancelReject(cl_ord_id="B", order_id="O1", ord_status="0"))
    assert state.request("B") is None


def test_a_refused_subscription_has_no_book() -> None:
    state = SessionState()
    state.subscribed("M", Subscription(symbols=("AAPL",)))
    state.apply(MarketDataReject(md_req_id="M", md_req_rej_reason="0"))
    with pytest.raises(ClientError, match="no subscription to AAPL"):
        state.book("AAPL", None)


def test_a_refused_duplicate_leaves_the_subscription_and_its_book() -> None:
    state = SessionState()
    entry = MDEntry(
        md_entry_type="0", symbol="AAPL", md_entry_px=Decimal(1), md_entry_size=Decimal(2)
    )
    state.subscribed("M", Subscription(symbols=("AAPL",)))
    state.apply(MarketDataSnapshot(md_req_id="M", symbol="AAPL", entries=(entry,)))
    state.subscribed("M", Subscription(symbols=("AAPL",)))
    state.apply(MarketDataReject(md_req_id="M", md_req_rej_reason="1"))
    assert state.book("AAPL", None).bids == [(Decimal(1), Decimal(2))]
    assert state.unsubscribed("M") == ("AAPL",)


def test_a_new_logon_ends_subscriptions_but_no_orders() -> None:
    state = SessionState()
    state.subscribed("M", Subscription(symbols=("AAPL",)))
    state.apply(accepted("A", qty=8))
    state.apply(LoggedOn())
    with pytest.raises(ClientError):
        state.book("AAPL", "M")
    assert len(state.orders) == 1
