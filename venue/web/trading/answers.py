"""What the venue answers to requests about orders, given to who has asked."""

from venue.client import ExecType, ExecutionReport, MassCancelReport, OrderCancelReject
from venue.client.orders import DUPLICATE_ORDER
from venue.web.problems import refused
from venue.web.requests import Requests
from venue.web.trading.entered import in_use
from venue.web.trading.records import Record, Records
from venue.web.trading.status import apply_status

DUPLICATE_CL_ORD_ID = "6"
"""CxlRejReason(102)."""


class Answers:
    """`mass_canceled` are the orders that mass cancels under way have ended, by ClOrdID."""

    def __init__(self, requests: Requests, records: Records) -> None:
        self.mass_canceled: dict[str, list[Record]] = {}
        self._requests = requests
        self._records = records

    def report(self, report: ExecutionReport) -> None:
        """Give a report, which the records have already, to who waits for it."""
        if report.exec_type == ExecType.ORDER_STATUS:
            apply_status(self._requests, report)
        elif report.exec_type == ExecType.REJECTED:
            self._refused(report)
        elif report.exec_type == ExecType.CANCELED and report.orig_cl_ord_id is not None:
            self._canceled(report)

    def _refused(self, report: ExecutionReport) -> None:
        request = self._requests.find(report.cl_ord_id)
        if request is None:
            return
        if report.ord_rej_reason == DUPLICATE_ORDER:
            request.found.append(report)  # the status behind it tells of which order
        else:
            code, text = report.ord_rej_reason, report.text
            request.fail(refused(f"the venue has refused the order: {text}", code=code, text=text))

    def _canceled(self, report: ExecutionReport) -> None:
        request = self._requests.find(report.cl_ord_id)
        if request is None:
            return
        together = self.mass_canceled.get(report.cl_ord_id or "")
        if together is None:
            request.answer()
            return
        request.touch()
        record = self._records.with_order_id(report.order_id)
        if record is not None:
            together.append(record)

    def cancel_refused(self, event: OrderCancelReject) -> None:
        request = self._requests.find(event.cl_ord_id)
        if request is None:
            return
        code, text = event.cxl_rej_reason, event.text
        if code == DUPLICATE_CL_ORD_ID:
            request.fail(in_use(event.cl_ord_id, "was used before"))
        else:
            detail = f"the venue has refused {request.what}: {text}"
            request.fail(refused(detail, code=code, text=text))

    def mass_cancel_answered(self, event: MassCancelReport) -> None:
        request = self._requests.find(event.cl_ord_id)
        if request is not None and event.is_refused:
            code, text = event.mass_cancel_reject_reason, event.text
            detail = f"the venue has refused {request.what}: {text}"
            request.fail(refused(detail, code=code, text=text))
