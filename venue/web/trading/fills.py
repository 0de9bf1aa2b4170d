"""Trades of own orders: as ExecutionReports tell them, and as the venue remembers them. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from sortedcontainers import SortedDict

from venue.client import ExecType, ExecutionReport, TradeCaptureReport
from venue.client.back_office import NO_ACCOUNT, TradeSide
from venue.web.counted_ids import age
from venue.web.shapes import Fill
from venue.web.trading.records import field_of
from venue.web.trading.words import liquidity_word, side_word, text_of, time_of

Status = Literal["done", "busted", "corrected"]

KEPT = 10_000
BUSTED, CORRECTED = "1", "2"
"""TradeReportTransType(487)."""
ACCOUNT = 1
_STATUSES: dict[str, Status] = {
    ExecType.TRADE: "done",
    ExecType.TRADE_CANCEL: "busted",
    ExecType.TRADE_CORRECT: "corrected",
}


class Fills:
    """Fills by trade and order, oldest first; the last of them are kept."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._by_age: SortedDict = SortedDict()

    def __len__(self) -> int:
        return len(self._by_age)

    def newest(self, symbol: str | None = None, before: str | None = None) -> Iterator[Fill]:
        """Yield fills, of those before a trade or one side of it (`trade_id-order_id`), the newest
        first.
        """
        end = None
        if before is not None:
            trade_id, _, order_id = before.partition("-")
            end = age(trade_id), order_id
        for key in self._by_age.irange(maximum=end, inclusive=(True, False), reverse=True):
            fill: Fill = self._by_age[key]
            if symbol is None or fill.symbol == symbol:
                yield fill

    def add(self, fill: Fill) -> bool:
        """Note a fill, or what has become of one; tell whether that is news."""
        key = (age(fill.trade_id), fill.order_id)
        before = self._by_age.get(key)
        if before is not None:
            if fill.status == "busted":  # whose report has no price
                fill = replace(
                    before,
                    execution_id=fill.execution_id,
                    quantity="0",
                    status="busted",
                    fee=None,
                    fee_currency=None,
                )
            if before == fill or (fill.status == "done" and before.status != "done"):
                return False
        self._by_age[key] = fill
        if len(self._by_age) > self._kept:
            self._by_age.popitem(0)
        return key in self._by_age

    def find(self, trade_id: str, order_id: str) -> Fill | None:
        found: Fill | None = self._by_age.get((age(trade_id), order_id))
        return found


def fill_of_report(report: ExecutionReport) -> Fill | None:
    """Return the fill that a report tells of, if it is of one."""
    status = _STATUSES.get(report.exec_type)
    if status is None or report.trade_id is None:
        return None
    return Fill(
        trade_id=report.trade_id,
        execution_id=report.exec_id,
        order_id=report.order_id,
        client_order_id=report.cl_ord_id,
        symbol=report.symbol,
        side=side_word(report.side),
        quantity=text_of(report.last_qty) or "0",
        price=text_of(report.last_px) or "0",
        liquidity=liquidity_word(report.last_liquidity_ind),
        fee=text_of(report.commission),
        fee_currency=report.comm_currency,
        time=time_of(report.transact_time) or "",
        account=field_of(report, ACCOUNT),
        status=status,
    )


def fills_of_trade(trade: TradeCaptureReport, session: str | None) -> list[Fill]:
    """Return the sides that were orders of `session`, None for any, of a trade that the venue
    remembers.
    """
    sides = [side for side in trade.sides if session in (None, side.session)]
    return [_fill_of_side(trade, side) for side in sides]


def _fill_of_side(trade: TradeCaptureReport, side: TradeSide) -> Fill:
    kind = trade.trade_report_trans_type
    return Fill(
        trade_id=trade.trade_id,
        execution_id=side.exec_id,
        order_id=side.order_id,
        client_order_id=side.cl_ord_id,
        symbol=trade.symbol,
        side="buy" if side.side == "buy" else "sell",
        quantity=text_of(trade.last_qty) or "0",
        price=text_of(trade.last_px) or "0",
        liquidity=liquidity_word(side.last_liquidity_ind),
        fee=text_of(side.commission),
        fee_currency=side.comm_currency,
        time=time_of(trade.transact_time) or "",
        account=None if side.account == NO_ACCOUNT else side.account,
        status="busted" if kind == BUSTED else "corrected" if kind == CORRECTED else "done",
    )
