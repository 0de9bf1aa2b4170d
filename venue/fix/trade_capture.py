"""Trades to TradeCaptureReportRequestAck (AQ) and TradeCaptureReport (AE)."""

from enum import StrEnum

from msgspec import Struct

from venue.core.fees import Fee
from venue.core.instrument import Instrument
from venue.core.types import Liquidity, Side
from venue.fix.fees import encode_fee
from venue.fix.message import SOH, format_fields, format_message, format_time
from venue.fix.parties import EXECUTING_FIRM, party_fields
from venue.fix.versions import ExecType, Version
from venue.marketdata.inquiries import SubscriptionRequestType

ALL_TRADES, MATCHED_TRADES = "0", "1"
"""TradeRequestType(569)."""
FOREVER = 1 << 62
CANCEL, REPLACE, NEW = "1", "2", "0"
"""TradeReportTransType(487)."""
NO_ORDER_ID = "NONE"
"""OrderID(37) of a side of nobody."""


class TradeRequestResult(StrEnum):
    """TradeRequestResult(749)."""

    SUCCESSFUL = "0"
    UNKNOWN_INSTRUMENT = "1"
    INVALID_PARTIES = "3"
    TYPE_NOT_SUPPORTED = "8"
    NOT_AUTHORIZED = "9"
    OTHER = "99"


class TradeRequestStatus(StrEnum):
    """TradeRequestStatus(750)."""

    ACCEPTED = "0"
    COMPLETED = "1"
    REJECTED = "2"


class TradeRequest(Struct, frozen=True):
    """Which sides of which trades are asked for; what is empty, or None, is not.

    `dates` are the first and the last trading day, YYYYMMDD, `times` the same in nanoseconds since
    1970 UTC. An `anonymous` one is told who took, and nothing else of who traded.
    """

    req_id: str
    ref_seq_num: str
    request_type: SubscriptionRequestType
    trade_request_type: str = ALL_TRADES
    firm: str = ""
    account: str | None = None
    symbol: str = ""
    side: str = ""
    exec_id: str = ""
    order_id: str = ""
    cl_ord_id: str = ""
    trade_id: str = ""
    dates: tuple[str, str] = ("", "~")
    times: tuple[int, int] = (0, FOREVER)
    anonymous: bool = False


class TradeReject(Struct, frozen=True):
    """A TradeCaptureReportRequestAck (AQ) that refuses."""

    req_id: str
    trade_request_type: str
    result: TradeRequestResult
    text: str

    def encode(self, version: Version) -> str:
        request = TradeRequest(
            self.req_id, "", SubscriptionRequestType.SNAPSHOT, self.trade_request_type
        )
        status = TradeRequestStatus.REJECTED
        return encode_trade_request_ack(request, self.result, status, None, version, self.text)


class TradeSideState(Struct, frozen=True):
    """A side of a trade as it is told; `session` is the CompID, or desk, whose order it was."""

    firm: str
    account: str
    session: str
    side: Side
    order_id: int
    cl_ord_id: str
    exec_id: int
    liquidity: Liquidity
    fee: Fee | None


class TradeState(Struct, frozen=True):
    """A trade as it is told: `qty` lots, 0 once it is busted, at `price` ticks; `changes` is how
    often it was busted or corrected. `time` is nanoseconds since 1970 UTC, and in trading day
    `date`.
    """

    trade_id: int
    instrument: Instrument
    date: str
    time: int
    qty: int
    price: int
    changes: int
    sides: tuple[TradeSideState, ...]


def encode_trade_request_ack(
    request: TradeRequest,
    result: TradeRequestResult,
    status: TradeRequestStatus,
    count: int | None,
    version: Version,
    text: str | None = None,
) -> str:
    """TradeCaptureReportRequestAck (AQ): trades follow, `count` were sent, or why none are."""
    return format_message(
        version.begin_string,
        "AQ",
        ("568", request.req_id),
        ("569", request.trade_request_type),
        ("263", request.request_type),
        ("748", count),
        ("749", result),
        ("750", status),
        ("55", request.symbol or None),
        ("58", text),
    )


def encode_trade(
    trade: TradeState, request: TradeRequest, is_last: bool | None, version: Version
) -> str:
    """TradeCaptureReport (AE); `is_last` of what was asked for, None of what came later."""
    instrument = trade.instrument
    trans_type, exec_type = NEW, ExecType.TRADE
    if trade.changes:
        trans_type, exec_type = REPLACE, ExecType.TRADE_CORRECT
        if not trade.qty:
            trans_type, exec_type = CANCEL, ExecType.TRADE_CANCEL
    currency = instrument.spec.currency
    body = format_fields(
        ("571", _report_id(trade.trade_id, trade.changes)),
        ("487", trans_type),
        ("856", "6" if trans_type == CANCEL else "0"),
        ("568", request.req_id),
        ("828", "0"),
        ("150", exec_type),
        ("912", None if is_last is None else ("Y" if is_last else "N")),
        ("325", "Y" if is_last is None else "N"),
        ("263", request.request_type),
        ("572", _report_id(trade.trade_id, trade.changes - 1) if trade.changes else None),
        ("880", trade.trade_id),
        ("17", trade.sides[0].exec_id if len(trade.sides) == 1 else None),
        ("570", "N"),
        ("55", instrument.symbol),
        ("15", currency if version.trade_side_fields else None),
        ("32", instrument.qty.text(trade.qty)),
        ("31", instrument.price.text(trade.price)),
        ("75", trade.date),
        ("60", format_time(trade.time)),
        ("552", len(trade.sides)),
    )
    encode_side = _encode_anonymous_side if request.anonymous else _encode_side
    sides = "".join([encode_side(side, currency, version) for side in trade.sides])
    head = f"8={version.begin_string}{SOH}9=0{SOH}35=AE{SOH}"
    return f"{head}{body}{sides}10=0{SOH}"


def _report_id(trade_id: int, changes: int) -> str:
    """TradeReportID(571) of a trade that was changed so often."""
    return f"{trade_id}-{changes}" if changes else str(trade_id)


def _encode_side(side: TradeSideState, currency: str, version: Version) -> str:
    """One of the group NoSides(552)."""
    has_own_fields = version.trade_side_fields
    text = format_fields(
        ("54", side.side),
        ("1427", side.exec_id if has_own_fields else None),
        ("37", side.order_id),
        ("11", side.cl_ord_id),
        *party_fields((side.firm, EXECUTING_FIRM)),
        ("1", side.account or None),
        ("821", side.session),
        ("1444", side.liquidity if has_own_fields else None),
        ("15", None if has_own_fields else currency),
    )
    return text if side.fee is None else text + encode_fee(side.fee, version)


def _encode_anonymous_side(side: TradeSideState, currency: str, version: Version) -> str:
    """The same for who is not to know whose it is."""
    if version.trade_side_fields:
        return format_fields(("54", side.side), ("37", NO_ORDER_ID), ("1444", side.liquidity))
    remark = "aggressor" if side.liquidity is Liquidity.REMOVED else None
    return format_fields(("54", side.side), ("37", NO_ORDER_ID), ("15", currency), ("58", remark))
