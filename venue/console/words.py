"""Events in plain words. Pure."""

from decimal import Decimal
from typing import Literal

import msgspec

from venue.client.codes import (
    CXL_REJ_REASON_WORDS,
    MASS_CANCEL_REJECT_REASON_WORDS,
    MD_REQ_REJ_REASON_WORDS,
    ORD_REJ_REASON_WORDS,
    ORD_STATUS_WORDS,
    ORD_TYPES,
    SIDE_WORDS,
    TIME_IN_FORCE_WORDS,
    TOUCHED_ORD_TYPES,
    TRIGGERED_ORD_TYPES,
    ExecType,
)
from venue.client.events import (
    BusinessReject,
    Event,
    ExecutionReport,
    LoggedOn,
    LoggedOut,
    MarketDataReject,
    MassCancelReport,
    News,
    OrderCancelReject,
    OtherMessage,
    SessionReject,
)
from venue.client.orders import Order

MARKET_TO_LIMIT = ORD_TYPES["market_to_limit"]
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


def price_terms(ord_type: str | None, price: Decimal | None, stop_px: Decimal | None) -> str:
    """Write what price an order has, the way it is typed."""
    if stop_px is not None and ord_type in TRIGGERED_ORD_TYPES:
        word = "touch" if ord_type in TOUCHED_ORD_TYPES else "stop"
        limit = "" if price is None else f" limit {price_words(price)}"
        return f"{word} {price_words(stop_px)}{limit}"
    if price is None:
        return "mtl" if ord_type == MARKET_TO_LIMIT else "mkt"
    return f"@ {price_words(price)}"


def order_terms(order: Order) -> str:
    """Write an order without its side, the way it is typed."""
    words = [
        number_words(order.order_qty),
        order.symbol,
        price_terms(order.ord_type, order.price, order.stop_px),
        *_qualifier_words(order.display_qty, order.time_in_force, order.expire),
    ]
    return " ".join(words)


def _qualifier_words(
    display_qty: Decimal | None, time_in_force: str | None, expire: str | None
) -> list[str]:
    words = [f"show {number_words(display_qty)}"] if display_qty else []
    word = TIME_IN_FORCE_WORDS.get(time_in_force or "0", "")
    if expire is not None:
        date, _, time = expire.partition("-")
        moment = f"{date[:4]}-{date[4:6]}-{date[6:]}" + (f"T{time[:8]}" if time else "")
        words.append(f"{word} {moment}")
    elif word != "day":
        words.append(word)
    return words


def describe(event: Event, number: int | None, order: Order | None = None) -> Remark | None:
    """Say what an event means for its reader; market data says nothing.

    `order` is the own order the event is about, `number` its short number.
    """
    who = "an order" if number is None else f"#{number}"
    match event:
        case LoggedOn():
            return Remark("logged on", "good")
        case LoggedOut():
            return Remark(f"logged out{_because(event.text)}", "bad")
        case ExecutionReport():
            return _report(event, who, order)
        case OrderCancelReject():
            request = "replace" if event.cxl_rej_response_to == "2" else "cancel"
            reason = _reason(event.text, event.cxl_rej_reason, CXL_REJ_REASON_WORDS)
            return Remark(f"{request} of {who} refused: {reason}", "bad")
        case MassCancelReport():
            return _mass_cancel(event)
        case MarketDataReject():
            reason = _reason(event.text, event.md_req_rej_reason, MD_REQ_REJ_REASON_WORDS)
            return Remark(f"market data refused: {reason}", "bad")
        case BusinessReject() | SessionReject():
            subject = "a message of the venue was refused" if event.by_client else "refused"
            detail = event.text or "no reason given"
            tag = event.ref_tag_id if isinstance(event, SessionReject) else None
            return Remark(f"{subject}: {detail}{f' (tag {tag})' if tag else ''}", "bad")
        case News():
            return Remark(f"news: {event.headline}{_because(event.text)}", "good")
        case OtherMessage():
            return Remark(f"the venue says {event}", "dim")
    return None


def _mass_cancel(report: MassCancelReport) -> Remark:
    if report.is_refused:
        words = MASS_CANCEL_REJECT_REASON_WORDS
        reason = _reason(report.text, report.mass_cancel_reject_reason, words)
        return Remark(f"mass cancel refused: {reason}", "bad")
    count = report.total_affected_orders or 0
    return Remark(f"mass cancel of {count} order{'' if count == 1 else 's'}")


def _report(report: ExecutionReport, who: str, order: Order | None) -> Remark:
    terms = _terms(report, order)
    left = number_words(report.leaves_qty)
    because = _because(report.text)
    if report.is_trade:
        done = {"1": "bought", "2": "sold"}.get(report.side, "traded")
        trade = f"{number_words(report.last_qty)} {report.symbol} @ {price_words(report.last_px)}"
        rest = f"{left} left" if report.leaves_qty else _status(report)
        return Remark(f"{who} {done} {trade}, {rest}", "good")
    match report.exec_type:
        case ExecType.NEW:
            waits = report.working is False or _ord_type(report, order) in TRIGGERED_ORD_TYPES
            return Remark(f"{who} {terms}: accepted{', waiting' if waits else ''}")
        case ExecType.TRIGGERED:
            return Remark(f"{who} triggered: {terms}")
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


def _ord_type(report: ExecutionReport, order: Order | None) -> str | None:
    return report.ord_type if order is None else order.ord_type


def _terms(report: ExecutionReport, order: Order | None) -> str:
    """Write the order of a report as it was then; what the report leaves out, as it is now."""
    stop_px, display_qty = report.stop_px, report.display_qty
    if order is not None:
        stop_px, display_qty = stop_px or order.stop_px, order.display_qty
    words = [
        side_words(report.side),
        number_words(report.order_qty),
        report.symbol,
        price_terms(_ord_type(report, order), report.price, stop_px),
        *_qualifier_words(display_qty, report.time_in_force, report.expire),
    ]
    return " ".join(words)


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
