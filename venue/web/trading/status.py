"""Asking for orders: one by an id, or all that are live."""

from collections.abc import Sequence

from venue.client import ExecutionReport
from venue.client.orders import UNKNOWN_ORDER
from venue.client.requests import mass_status_fields
from venue.web.link import Link
from venue.web.requests import PATIENCE, Requests, status_message
from venue.web.trading.records import Record

MASS_SECONDS = 10.0
Answer = tuple[ExecutionReport, Sequence[ExecutionReport]]
"""An order's status, and the refusals that came before it."""


def is_unknown(report: ExecutionReport) -> bool:
    """Tell whether there is no such order."""
    return report.ord_rej_reason == UNKNOWN_ORDER


async def ask_status(
    link: Link, requests: Requests, client_order_id: str, order_id: str | None = None
) -> ExecutionReport:
    """Ask for an order of this session by ClOrdID, or of its firm by OrderID."""
    req_id = link.client().next_id()
    message = status_message(req_id, client_order_id, order_id)
    what = f"the status of order {client_order_id}"
    report, _ = await requests.ask(what, [message], req_id, patience=PATIENCE)
    assert isinstance(report, ExecutionReport)
    return report


async def ask_all(link: Link, requests: Requests) -> set[str]:
    """Ask for the live orders; return their OrderIDs when the last report is there."""
    req_id = link.client().next_id()
    messages = [("AF", mass_status_fields(req_id, None, None))]
    found: set[str] = await requests.ask(
        "the list of orders", messages, req_id, seconds=MASS_SECONDS, patience=PATIENCE
    )
    return found


def apply_status(requests: Requests, report: ExecutionReport) -> None:
    """Give a report of a status to who has asked for it."""
    if report.mass_status_req_id is not None:
        request = requests.find(report.mass_status_req_id)
        if request is not None:
            request.touch()
            request.found.append(report.order_id)
            if report.last_rpt_requested:
                request.answer(set(request.found))
    elif report.ord_status_req_id is not None:
        request = requests.find(report.ord_status_req_id)
        if request is not None:
            request.answer((report, tuple(request.found)))
        requests.answered_status(report.ord_status_req_id)


def names_of(record: Record) -> tuple[str, str]:
    """What an order is asked for by: its present ClOrdID and its OrderID."""
    return record.client_order_id, record.order_id
