"""Events in plain words. Pure."""

from decimal import Decimal
from typing import Literal

import msgspec

from venue.client.codes import (
    CXL_REJ_REASON_WORDS,
    MD_REQ_REJ_REASON_WORDS,
    ORD_REJ_REASON_WORDS,
    ORD_STATUS_WORDS,
    SIDE_WORDS,
    TIME_IN_FORCE_WORDS,
)
from venue.client.events import (
    BusinessReject,
    Event,
    ExecutionReport,
    LoggedOn,
    LoggedOut,
    MarketDataReject,
    OrderCancelReject,
    OtherMessage,
    SessionReject,
)

Tone = Literal["good", "bad", "plain", "dim"]


class Remark(msgspec.Struct, frozen=True):
    """A line for the person at the console."""

    text: str
    tone: Tone = "plain"


def number_words(number: Decimal | None) -> str:
    """Write a number without exponent and without trailing zeros."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def price_words(price: Decimal | None, decimals: int = 2) -> str:
    """Write a price with as many decimals as it needs and at least two; None is the market."""
    if price is None:
        return "mkt"
    return f"{price:.{max(decimals, price_decimals(price))}f}"


def price_decimals(price: Decimal) -> int:
    """Return how many decimals a price needs."""
    return len(number_words(price).partition(".")[2])


def side_words(side: str) -> str:
    """Write a Side."""
    return SIDE_WORDS.get(side, f"side {side}")


def describe(event: Event, number: int | None) -> Remark | None:
    """Say what an event means for its reader; market data says nothing.

    `number` is the short number of the own order the event is about.
    """
    who = "an order" if number is None else f"#{number}"
    match event:
        case LoggedOn():
            return Remark("logged on", "good")
        case LoggedOut():
            return Remark(f"logged out{_because(event.text)}", "bad")
        case ExecutionReport():
            return _report(event, who)
        case OrderCancelReject():
            request = "replace" if event.cxl_rej_response_to == "2" else "cancel"
            reason = _reason(event.text, event.cxl_rej_reason, CXL_REJ_REASON_WORDS)
            return Remark(f"{request} of {who} refused: {reason}", "bad")
        case MarketDataReject():
            reason = _reason(event.text, event.md_req_rej_reason, MD_REQ_REJ_REASON_WORDS)
            return Remark(f"market data refused: {reason}", "bad")
        case BusinessReject() | SessionReject():
            subject = "a message of the venue was refused" if event.by_client else "refused"
            detail = event.text or "no reason given"
            tag = event.ref_tag_id if isinstance(event, SessionReject) else None
            return Remark(f"{subject}: {detail}{f' (tag {tag})' if tag else ''}", "bad")
        case OtherMessage():
            return Remark(f"the venue says {event}", "dim")
    return None


def _report(report: ExecutionReport, who: str) -> Remark:
    qty = number_words(report.order_qty)
    terms = f"{side_words(report.side)} {qty} {report.symbol} {_at(report)}"
    left = number_words(report.leaves_qty)
    because = _because(report.text)
    if report.is_trade:
        done = {"1": "bought", "2": "sold"}.get(report.side, "traded")
        trade = f"{number_words(report.last_qty)} {report.symbol} @ {price_words(report.last_px)}"
        rest = f"{left} left" if report.leaves_qty else _status(report)
        return Remark(f"{who} {done} {trade}, {rest}", "good")
    match report.exec_type:
        case "0":
            return Remark(f"{who} {terms}: accepted")
        case "4" | "C" | "3":
            word = {"4": "canceled", "C": "expired", "3": "done for day"}[report.exec_type]
            return Remark(f"{who} {word}, {_traded(report)}{because}")
        case "5" | "D":
            word = "replaced" if report.exec_type == "5" else "restated"
            return Remark(f"{who} {word}: {terms}, {_progress(report, left)}{because}")
        case "8":
            reason = _reason(report.text, report.ord_rej_reason, ORD_REJ_REASON_WORDS)
            return Remark(f"{who} {terms} refused: {reason}", "bad")
        case "I" if report.ord_rej_reason is not None:
            reason = _reason(report.text, report.ord_rej_reason, ORD_REJ_REASON_WORDS)
            return Remark(f"status of {who}: {reason}", "bad")
        case "H" | "G":
            word = "canceled" if report.exec_type == "H" else "corrected"
            return Remark(f"a trade of {who} was {word}, {_progress(report, left)}{because}", "bad")
    return Remark(f"{who} {terms}: {_status(report)}, {_progress(report, left)}{because}")


def _at(report: ExecutionReport) -> str:
    price = "mkt" if report.price is None else f"@ {price_words(report.price)}"
    time_in_force = TIME_IN_FORCE_WORDS.get(report.time_in_force or "0", "")
    return price if time_in_force == "day" else f"{price} {time_in_force}"


def _status(report: ExecutionReport) -> str:
    return ORD_STATUS_WORDS.get(report.ord_status, f"status {report.ord_status}")


def _traded(report: ExecutionReport) -> str:
    if not report.cum_qty:
        return "nothing traded"
    return f"{number_words(report.cum_qty)} of {number_words(report.order_qty)} traded"


def _progress(report: ExecutionReport, left: str) -> str:
    if not report.leaves_qty:
        return _status(report)
    return f"{left} left" if report.cum_qty else "nothing traded yet"


def _because(text: str | None) -> str:
    return f": {text}" if text else ""


def _reason(text: str | None, code: str | None, words: dict[str, str]) -> str:
    return text or words.get(code or "", f"reason {code}")
