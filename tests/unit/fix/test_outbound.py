"""Every event to exactly the fields that a FIX 4.4 session is sent."""

from typing import Any

import pytest

from tests.unit.fix.texts import INSTRUMENTS, TIME, assert_says
from venue.core import events as e
from venue.core.fees import Fee
from venue.core.types import (
    CxlRejReason,
    CxlRejResponseTo,
    Liquidity,
    OrdRejReason,
    OrdStatus,
    OrdType,
    Side,
    TimeInForce,
)
from venue.fix.message import SOH
from venue.fix.outbound import ENCODERS
from venue.fix.versions import FIX42, FIX44, FIX50SP2, Version

STATE: dict[str, Any] = {
    "session": "TRADER1",
    "exec_id": 12,
    "firm": "NORTH",
    "order_id": 3,
    "cl_ord_id": "X",
    "symbol": "AAPL",
    "side": Side.BUY,
    "ord_type": OrdType.LIMIT,
    "time_in_force": TimeInForce.DAY,
    "price": 10001,
    "order_qty": 7,
    "leaves_qty": 7,
    "cum_qty": 0,
    "notional": 0,
    "ord_status": OrdStatus.NEW,
    "account": "",
    "details": None,
}
PART_FILLED = {
    "leaves_qty": 4,
    "cum_qty": 3,
    "notional": 30001,
    "ord_status": OrdStatus.PARTIALLY_FILLED,
}
REPORT = f"37=3|11=X|17=12|55=AAPL|54=1|38=7|40=2|44=100.01|59=0|60={TIME}|"


def encode(kind: type[e.Event], version: Version = FIX44, **fields: Any) -> str:
    event = kind(**fields)
    return ENCODERS[kind](event, INSTRUMENTS, TIME, version)


def report(kind: type[e.OrderEvent], **fields: Any) -> str:
    return encode(kind, **STATE | fields)


def test_accepted() -> None:
    text = report(e.OrderAccepted)
    assert_says(text, f"35=8|{REPORT}150=0|39=0|151=7|14=0|6=0|")
    assert text.startswith("8=FIX.4.4\x019=0\x0135=8\x01") and text.endswith("10=0\x01")


def test_accepted_with_everything_else() -> None:
    changes = {"side": Side.SELL, "time_in_force": TimeInForce.GTC, "account": "ACC"}
    text = report(e.OrderAccepted, **changes)
    said = REPORT.replace("54=1", "54=2").replace("59=0", "59=1")
    assert_says(text, f"35=8|{said}1=ACC|150=0|39=0|151=7|14=0|6=0|")


def test_a_market_order_has_no_price() -> None:
    text = report(e.OrderAccepted, ord_type=OrdType.MARKET, price=None)
    said = REPORT.replace("44=100.01|", "").replace("40=2", "40=1")
    assert_says(text, f"35=8|{said}150=0|39=0|151=7|14=0|6=0|")


@pytest.mark.parametrize(("liquidity", "code"), [(Liquidity.ADDED, 1), (Liquidity.REMOVED, 2)])
def test_filled(liquidity: Liquidity, code: int) -> None:
    trade = {"trade_id": 9, "last_qty": 2, "last_px": 10000, "liquidity": liquidity}
    text = report(e.OrderFilled, **PART_FILLED, **trade)
    said = "150=F|39=1|151=4|14=3|6=100.00333333|31=100|32=2|527=9|"
    assert_says(text, f"35=8|{REPORT}{said}851={code}|")


def test_filled_in_lots_smaller_than_one() -> None:
    filled = {"leaves_qty": 0, "cum_qty": 7, "notional": 7 * 10001, "ord_status": OrdStatus.FILLED}
    trade = {"trade_id": 9, "last_qty": 7, "last_px": 10001, "liquidity": Liquidity.ADDED}
    text = report(e.OrderFilled, symbol="BTC-USD", **filled, **trade)
    said = REPORT.replace("AAPL", "BTC-USD").replace("38=7", "38=0.00000007")
    said += "150=F|39=2|151=0|14=0.00000007|6=100.01|31=100.01|32=0.00000007|527=9|851=1|"
    assert_says(text, f"35=8|{said}")


CHANGED = {"trade_id": 9, "exec_ref_id": 8, "text": "trade 9 is another"}
CORRECTED = {"last_qty": 2, "last_px": 10000, "liquidity": Liquidity.ADDED, "fee": None}
REPORT_42 = REPORT + "39=1|151=4|14=3|6=100.00333333|19=8|58=trade 9 is another|"


def test_a_trade_is_busted() -> None:
    text = report(e.OrderTradeBusted, **PART_FILLED, **CHANGED)
    said = "150=H|39=1|151=4|14=3|6=100.00333333|19=8|31=0|32=0|527=9|58=trade 9 is another|"
    assert_says(text, f"35=8|{REPORT}{said}")
    of_all = report(e.OrderTradeBusted, **CHANGED)
    said = "150=H|39=0|151=7|14=0|6=0|19=8|31=0|32=0|527=9|58=trade 9 is another|"
    assert_says(of_all, f"35=8|{REPORT}{said}")


def test_a_trade_is_corrected() -> None:
    text = report(e.OrderTradeCorrected, **PART_FILLED, **CHANGED, **CORRECTED)
    said = (
        "150=G|39=1|151=4|14=3|6=100.00333333|19=8|31=100|32=2|527=9|58=trade 9 is another|851=1|"
    )
    assert_says(text, f"35=8|{REPORT}{said}")


def test_fix42_says_so_in_the_type_of_the_transaction() -> None:
    """And names the trade in the text alone."""
    fields = STATE | PART_FILLED | CHANGED
    busted = encode(e.OrderTradeBusted, FIX42, **fields)
    assert_says(busted.replace("8=FIX.4.2", "8=FIX.4.4"), f"35=8|20=1|150=1|{REPORT_42}31=0|32=0|")
    corrected = encode(e.OrderTradeCorrected, FIX42, **fields | CORRECTED)
    assert_says(
        corrected.replace("8=FIX.4.2", "8=FIX.4.4"), f"35=8|20=2|150=1|{REPORT_42}31=100|32=2|"
    )


def test_canceled_on_request() -> None:
    canceled = PART_FILLED | {"leaves_qty": 0, "ord_status": OrdStatus.CANCELED}
    text = report(e.OrderCanceled, **canceled, orig_cl_ord_id="W", text=None)
    assert_says(text, f"35=8|{REPORT}41=W|150=4|39=4|151=0|14=3|6=100.00333333|")


def test_canceled_unasked() -> None:
    canceled = {"leaves_qty": 0, "ord_status": OrdStatus.CANCELED}
    text = report(e.OrderCanceled, **canceled, orig_cl_ord_id=None, text="canceled by TRADER3")
    assert_says(text, f"35=8|{REPORT}58=canceled by TRADER3|150=4|39=4|151=0|14=0|6=0|")


def test_replaced() -> None:
    text = report(e.OrderReplaced, **PART_FILLED, orig_cl_ord_id="W")
    assert_says(text, f"35=8|{REPORT}41=W|150=5|39=1|151=4|14=3|6=100.00333333|")


@pytest.mark.parametrize(("ord_status_req_id", "said"), [("", ""), ("R", "790=R|")])
def test_status(ord_status_req_id: str, said: str) -> None:
    asked = {"exec_id": 0, "ord_status_req_id": ord_status_req_id}
    text = report(e.OrderStatusReported, **PART_FILLED | asked)
    zero = REPORT.replace("17=12", "17=0")
    assert_says(text, f"35=8|{zero}{said}150=I|39=1|151=4|14=3|6=100.00333333|")


def test_duplicate_rejected() -> None:
    rejected = {"reason": OrdRejReason.DUPLICATE_ORDER, "text": "used"}
    text = report(e.DuplicateRejected, **PART_FILLED, **rejected)
    assert_says(text, f"35=8|{REPORT}150=8|39=1|151=4|14=3|6=100.00333333|103=6|58=used|")


def rejected(**changes: Any) -> str:
    fields = {
        "session": "TRADER1",
        "exec_id": 12,
        "order_id": 3,
        "firm": "NORTH",
        "cl_ord_id": "X",
        "reason": OrdRejReason.UNKNOWN_SYMBOL,
        "text": "a text",
        "symbol": "NOPE",
        "side": "1",
        "ord_type": "2",
        "time_in_force": "0",
        "price": "1.005",
        "order_qty": "7",
        "account": "ACC",
    }
    return encode(e.OrderRejected, **fields | changes)


NOTHING = f"35=8|37=3|11=X|17=12|150=8|39=8|151=0|14=0|6=0|60={TIME}|58=a text|59=0|"


def test_rejected() -> None:
    said = "103=1|1=ACC|55=NOPE|54=1|38=7|40=2|44=1.005|"
    assert_says(rejected(), NOTHING + said)


def test_rejected_without_the_fields_that_had_no_value() -> None:
    without = dict.fromkeys(("symbol", "side", "ord_type", "price", "order_qty", "account"), "")
    assert_says(rejected(**without), NOTHING + "103=1|54=7|")


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (OrdRejReason.UNKNOWN_SYMBOL, "1"),
        (OrdRejReason.DUPLICATE_ORDER, "6"),
        (OrdRejReason.UNSUPPORTED_ORDER_CHARACTERISTIC, "11"),
        (OrdRejReason.INCORRECT_QUANTITY, "13"),
        (OrdRejReason.PRICE_EXCEEDS_BAND, "99"),
        (OrdRejReason.INVALID_PRICE_INCREMENT, "99"),
        (OrdRejReason.OTHER, "99"),
    ],
)
def test_order_rejections_in_the_codes_of_fix44(reason: OrdRejReason, code: str) -> None:
    assert f"\x01103={code}\x01" in rejected(reason=reason)
    assert f"\x01103={code}\x01" in report(e.DuplicateRejected, reason=reason, text="")


def cancel_rejected(**changes: Any) -> str:
    fields = {
        "session": "TRADER1",
        "firm": "NORTH",
        "cl_ord_id": "Y",
        "orig_cl_ord_id": "X",
        "order_id": 3,
        "ord_status": OrdStatus.FILLED,
        "response_to": CxlRejResponseTo.CANCEL,
        "reason": CxlRejReason.TOO_LATE,
        "text": "a text",
    }
    return encode(e.CancelRejected, **fields | changes)


def test_cancel_rejected() -> None:
    assert_says(cancel_rejected(), f"35=9|37=3|11=Y|41=X|39=2|434=1|102=0|60={TIME}|58=a text|")


def test_replace_of_an_unknown_order_rejected() -> None:
    unknown = {
        "order_id": None,
        "orig_cl_ord_id": "",
        "ord_status": OrdStatus.REJECTED,
        "response_to": CxlRejResponseTo.REPLACE,
        "reason": CxlRejReason.UNKNOWN_ORDER,
    }
    said = f"35=9|37=NONE|11=Y|41=NONE|39=8|434=2|102=1|60={TIME}|58=a text|"
    assert_says(cancel_rejected(**unknown), said)


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (CxlRejReason.TOO_LATE, "0"),
        (CxlRejReason.UNKNOWN_ORDER, "1"),
        (CxlRejReason.DUPLICATE_CL_ORD_ID, "6"),
        (CxlRejReason.PRICE_EXCEEDS_BAND, "99"),
        (CxlRejReason.INVALID_PRICE_INCREMENT, "99"),
        (CxlRejReason.OTHER, "99"),
    ],
)
def test_cancel_rejections_in_the_codes_of_fix44(reason: CxlRejReason, code: str) -> None:
    assert f"\x01102={code}\x01" in cancel_rejected(reason=reason)


@pytest.mark.parametrize(("ord_status_req_id", "said"), [("", ""), ("R", "790=R|")])
def test_unknown_status(ord_status_req_id: str, said: str) -> None:
    text = encode(
        e.UnknownStatusReported,
        session="TRADER1",
        cl_ord_id="X",
        symbol="AAPL",
        side="1",
        ord_status_req_id=ord_status_req_id,
    )
    state = "37=NONE|11=X|17=0|150=I|39=8|103=5|55=AAPL|54=1|38=0|151=0|14=0|6=0|"
    why = "58=ClOrdID(11) X names no order of yours|"
    assert_says(text, f"35=8|{state}60={TIME}|{why}{said}")


FILL = PART_FILLED | {"trade_id": 9, "last_qty": 2, "last_px": 10000, "liquidity": Liquidity.ADDED}


@pytest.mark.parametrize(
    ("version", "fee", "told"),
    [
        (FIX42, Fee(150_000_000, "USD"), "12=1.5|13=3|"),
        (FIX44, Fee(-1, "CHF"), "12=-0.00000001|13=3|479=CHF|136=1|137=-0.00000001|138=CHF|139=4|"),
        (FIX50SP2, Fee(0, "USD"), "12=0|13=3|479=USD|136=1|137=0|138=USD|139=4|"),
    ],
    ids=lambda each: getattr(each, "name", ""),
)
def test_what_a_fill_costs(version: Version, fee: Fee, told: str) -> None:
    without = encode(e.OrderFilled, version, **STATE | FILL)
    text = encode(e.OrderFilled, version, **STATE | FILL | {"fee": fee})
    assert told.replace("|", SOH) in text
    assert text.replace(told.replace("|", SOH), "") == without
    changed = STATE | FILL | {"fee": fee, "exec_ref_id": 7, "text": "why"}
    assert told.replace("|", SOH) in encode(e.OrderTradeCorrected, version, **changed)
