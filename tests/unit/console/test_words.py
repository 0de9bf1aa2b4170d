from decimal import Decimal
from typing import Any

import pytest

from venue.client.events import (
    BusinessReject,
    Event,
    ExecutionReport,
    LoggedOut,
    MarketDataReject,
    MarketDataSnapshot,
    MassCancelReport,
    News,
    OrderCancelReject,
    SessionReject,
)
from venue.client.orders import Order
from venue.console.words import describe, number_words, price_words


def report(exec_type: str, ord_status: str, leaves: int, cum: int = 0, **fields: Any) -> Event:
    values: dict[str, Any] = {
        "order_id": "O",
        "exec_id": "E",
        "symbol": "AAPL",
        "side": "1",
        "order_qty": Decimal(10),
        "price": Decimal("190.20"),
        "time_in_force": "0",
        "leaves_qty": Decimal(leaves),
        "cum_qty": Decimal(cum),
        "avg_px": Decimal(0),
    }
    return ExecutionReport(exec_type=exec_type, ord_status=ord_status, **values | fields)


def fill(leaves: int, side: str = "1") -> Event:
    status = "1" if leaves else "2"
    last: dict[str, Any] = {"last_qty": Decimal(4), "last_px": Decimal("190.10")}
    return report("F", status, leaves, 10 - leaves, side=side, **last)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (report("0", "0", 10), "#3 buy 10 AAPL @ 190.20: accepted"),
        (
            report("0", "0", 10, side="2", price=None, time_in_force="3"),
            "#3 sell 10 AAPL mkt ioc: accepted",
        ),
        (
            report("0", "0", 10, price=None, stop_px=Decimal("190.5"), ord_type="3"),
            "#3 buy 10 AAPL stop 190.50: accepted, waiting",
        ),
        (
            report("0", "0", 10, stop_px=Decimal(190), ord_type="4"),
            "#3 buy 10 AAPL stop 190.00 limit 190.20: accepted, waiting",
        ),
        (
            report("0", "0", 10, price=None, time_in_force="7", working=False),
            "#3 buy 10 AAPL mkt at the close: accepted, waiting",
        ),
        (
            report("0", "0", 10, display_qty=Decimal(2), expire="20261201", time_in_force="6"),
            "#3 buy 10 AAPL @ 190.20 show 2 gtd 2026-12-01: accepted",
        ),
        (
            report("0", "0", 10, expire="20261201-15:30:00.000", time_in_force="6"),
            "#3 buy 10 AAPL @ 190.20 gtd 2026-12-01T15:30:00: accepted",
        ),
        (
            report("0", "0", 10, price=None, ord_type="K"),
            "#3 buy 10 AAPL mtl: accepted",
        ),
        (
            report("L", "0", 10, price=None, stop_px=Decimal(190), ord_type="J", text="at 190"),
            "#3 triggered: buy 10 AAPL touch 190.00",
        ),
        (
            report("D", "0", 10, text="repriced"),
            "#3 restated: buy 10 AAPL @ 190.20, nothing traded yet: repriced",
        ),
        (
            report("C", "C", 0, 4, text="the day is over"),
            "#3 expired, 4 of 10 traded: the day is over",
        ),
        (fill(6), "#3 bought 4 AAPL @ 190.10, 6 left"),
        (fill(0, side="2"), "#3 sold 4 AAPL @ 190.10, filled"),
        (report("4", "4", 0), "#3 canceled, nothing traded"),
        (report("4", "4", 0, 4, text="halted"), "#3 canceled, 4 of 10 traded: halted"),
        (report("C", "C", 0), "#3 expired, nothing traded"),
        (report("5", "1", 6, 4), "#3 replaced: buy 10 AAPL @ 190.20, 6 left"),
        (report("5", "2", 0, 10), "#3 replaced: buy 10 AAPL @ 190.20, filled"),
        (
            report("8", "8", 0, text="Symbol(55) AAPL unknown", ord_rej_reason="1"),
            "#3 buy 10 AAPL @ 190.20 refused: Symbol(55) AAPL unknown",
        ),
        (
            report("8", "8", 0, ord_rej_reason="3"),
            "#3 buy 10 AAPL @ 190.20 refused: order exceeds limit",
        ),
        (report("8", "8", 0, ord_rej_reason="77"), "#3 buy 10 AAPL @ 190.20 refused: reason 77"),
        (report("I", "1", 6, 4), "#3 buy 10 AAPL @ 190.20: part filled, 6 left"),
        (report("I", "8", 0, ord_rej_reason="5"), "status of #3: unknown order"),
        (report("H", "1", 6, 4), "a trade of #3 was canceled, 6 left"),
        (
            OrderCancelReject(
                cl_ord_id="B",
                order_id="O",
                ord_status="2",
                cxl_rej_response_to="2",
                cxl_rej_reason="0",
            ),
            "replace of #3 refused: too late to cancel",
        ),
        (
            MarketDataReject(md_req_id="M", md_req_rej_reason="0"),
            "market data refused: unknown symbol",
        ),
        (
            BusinessReject(ref_msg_type="R", business_reject_reason="3", text="Unsupported"),
            "refused: Unsupported",
        ),
        (
            SessionReject(ref_seq_num=4, ref_tag_id=44, text="Incorrect data format"),
            "refused: Incorrect data format (tag 44)",
        ),
        (
            SessionReject(ref_seq_num=4, text="Tag not defined", by_client=True),
            "a message of the venue was refused: Tag not defined",
        ),
        (
            MassCancelReport(
                order_id="O",
                mass_cancel_request_type="7",
                mass_cancel_response="7",
                total_affected_orders=1,
            ),
            "mass cancel of 1 order",
        ),
        (
            MassCancelReport(
                order_id="O",
                mass_cancel_request_type="1",
                mass_cancel_response="0",
                mass_cancel_reject_reason="1",
            ),
            "mass cancel refused: unknown symbol",
        ),
        (LoggedOut(text="end of day"), "logged out: end of day"),
        (News(headline="Early close", text="at noon"), "news: Early close: at noon"),
        (LoggedOut(), "logged out"),
    ],
)
def test_an_event_in_plain_words(event: Event, words: str) -> None:
    remark = describe(event, 3)
    assert remark is not None
    assert remark.text == words


def test_what_a_report_leaves_out_is_known_from_the_order() -> None:
    order = Order(
        cl_ord_id="A", cl_ord_ids=["A"], order_id="O", symbol="AAPL", side="1", ord_type="LIT",
        stop_px=Decimal(189), display_qty=Decimal(3),
    )  # fmt: skip
    remark = describe(report("0", "0", 10, ord_type="2", display_qty=Decimal(1)), 3, order)
    assert remark is not None
    assert remark.text == "#3 buy 10 AAPL touch 189.00 limit 190.20 show 3: accepted, waiting"


def test_an_order_without_number_is_still_told() -> None:
    remark = describe(report("4", "4", 0), None)
    assert remark is not None
    assert remark.text == "an order canceled, nothing traded"


def test_market_data_is_no_remark() -> None:
    assert describe(MarketDataSnapshot(symbol="AAPL"), None) is None


@pytest.mark.parametrize(
    ("number", "words"),
    [("10", "10"), ("100", "100"), ("1.50", "1.5"), ("1.00", "1"), ("1E+3", "1000"), ("0", "0")],
)
def test_numbers_are_written_without_ornament(number: str, words: str) -> None:
    assert number_words(Decimal(number)) == words


@pytest.mark.parametrize(
    ("price", "words"),
    [("190.2", "190.20"), ("5E+1", "50.00"), ("1.100050", "1.10005"), ("-1", "-1.00")],
)
def test_prices_have_two_decimals_or_more(price: str, words: str) -> None:
    assert price_words(Decimal(price)) == words
