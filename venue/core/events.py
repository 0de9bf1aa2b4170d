"""What happened. Every event is complete: it can be encoded without asking the venue again.

Prices are ticks, quantities lots, `notional` tick-lots (AvgPx(6) = notional / cum_qty).
"""

from msgspec import Struct

from venue.core.fees import Fee
from venue.core.qualifiers import Details
from venue.core.types import (
    CxlRejReason,
    CxlRejResponseTo,
    ExecRestatementReason,
    Liquidity,
    MassCancelRejectReason,
    OrdRejReason,
    OrdStatus,
    OrdType,
    Side,
    TimeInForce,
    TradingPhase,
)


class Event(Struct, gc=False, frozen=True):
    """Something that happened, which the FIX session named `session` is to be told."""

    session: str


class OrderEvent(Event, frozen=True):
    """An order as it stands after the event; the source of one ExecutionReport to `session`.

    `details` are None for an order without qualifiers in its first trading day.
    """

    exec_id: int
    firm: str
    order_id: int
    cl_ord_id: str
    symbol: str
    side: Side
    ord_type: OrdType
    time_in_force: TimeInForce
    price: int | None
    order_qty: int
    leaves_qty: int
    cum_qty: int
    notional: int
    ord_status: OrdStatus
    account: str
    details: Details | None


class OrderAccepted(OrderEvent, frozen=True):
    """ExecType(150) New."""


class OrderTriggered(OrderEvent, frozen=True):
    """ExecType(150) Triggered: the order's trigger price was met, it works from now on."""


class OrderFilled(OrderEvent, frozen=True):
    """ExecType(150) Trade: one side of one match. `trade_id` is the same on both sides."""

    trade_id: int
    last_qty: int
    last_px: int
    liquidity: Liquidity
    fee: Fee | None = None


class OrderTradeBusted(OrderEvent, frozen=True):
    """ExecType(150) Trade Cancel: one side of a trade that was busted. `exec_ref_id` is the ExecID
    of the report that told of it last.
    """

    trade_id: int
    exec_ref_id: int
    text: str


class OrderTradeCorrected(OrderEvent, frozen=True):
    """ExecType(150) Trade Correct: one side of a trade, which had this quantity and price."""

    trade_id: int
    exec_ref_id: int
    last_qty: int
    last_px: int
    liquidity: Liquidity
    fee: Fee | None
    text: str


class OrderCanceled(OrderEvent, frozen=True):
    """ExecType(150) Canceled. `orig_cl_ord_id` is None where nobody asked for it."""

    orig_cl_ord_id: str | None
    text: str | None
    reason: ExecRestatementReason | None = None


class OrderExpired(OrderEvent, frozen=True):
    """ExecType(150) Expired: its day or its time is over."""

    text: str


class OrderRestated(OrderEvent, frozen=True):
    """ExecType(150) Restated: changed by the venue."""

    reason: ExecRestatementReason
    text: str


class OrderReplaced(OrderEvent, frozen=True):
    """ExecType(150) Replaced; `cl_ord_id` is already the new one."""

    orig_cl_ord_id: str


class OrderStatusReported(OrderEvent, frozen=True):
    """ExecType(150) Order Status: nothing happened, `exec_id` is 0.

    `cl_ord_id` is the request's, or in answer to an OrderMassStatusRequest the order's. Answers a
    PossResend(97) of a known request, too. `total_reports` is 0 but for a mass status.
    """

    ord_status_req_id: str
    mass_status_req_id: str = ""
    total_reports: int = 0
    last_report: bool = False


class DuplicateRejected(OrderEvent, frozen=True):
    """ExecType(150) Rejected for a ClOrdID(11) in use, with the state of the order that has it
    (F.1.a).
    """

    reason: OrdRejReason
    text: str


class OrderRejected(Event, frozen=True):
    """ExecType(150) Rejected: there is no order. Text fields are as the client sent them."""

    exec_id: int
    order_id: int
    firm: str
    cl_ord_id: str
    reason: OrdRejReason
    text: str
    symbol: str
    side: str
    ord_type: str
    time_in_force: str
    price: str
    order_qty: str
    account: str


class CancelRejected(Event, frozen=True):
    """OrderCancelReject. `order_id` is None, and `ord_status` Rejected, where no order was
    found.
    """

    firm: str
    cl_ord_id: str
    orig_cl_ord_id: str
    order_id: int | None
    ord_status: OrdStatus
    response_to: CxlRejResponseTo
    reason: CxlRejReason
    text: str


class UnknownStatusReported(Event, frozen=True):
    """The answer to an OrderStatusRequest for an order the firm does not have (G.1.a)."""

    cl_ord_id: str
    symbol: str
    side: str
    ord_status_req_id: str


class NoOrdersReported(Event, frozen=True):
    """The answer to an OrderMassStatusRequest for which there is no live order."""

    mass_status_req_id: str
    symbol: str
    side: str
    reason: OrdRejReason
    text: str


class MassCancelReported(Event, frozen=True):
    """OrderMassCancelReport: carried out on `total_affected_orders`, or refused for `reason`.

    `symbol` and `side` are the request's, empty where it had none.
    """

    order_id: int
    cl_ord_id: str
    scope: str
    symbol: str
    side: str
    total_affected_orders: int
    reason: MassCancelRejectReason | None
    text: str


class DayEnded(Event, frozen=True):
    """A trading day is over. Told to nobody: its `session` is empty."""


class InstrumentDefined(Event, frozen=True):
    """An instrument is listed, or its terms are others now. Its `session` is empty, as of all
    events below: whoever subscribes to such news is told.
    """

    symbol: str
    is_new: bool


class InstrumentDelisted(Event, frozen=True):
    """There is no trading in an instrument any more."""

    symbol: str


class MarketPhaseEntered(Event, frozen=True):
    """A market is in a phase of `SCHEDULED`; a `PhaseEntered` follows for each instrument of it
    whose phase this changes.
    """

    market: str
    phase: TradingPhase


class PhaseEntered(Event, frozen=True):
    """An instrument is in a phase. Its whole book may be hidden now, or shown again."""

    symbol: str
    phase: TradingPhase


class AuctionHeld(Event, frozen=True):
    """A call has ended: `qty` lots traded at `price`, None and 0 where there was nothing to trade.

    Comes before the auction's fills. `phase` is the call's.
    """

    symbol: str
    phase: TradingPhase
    price: int | None
    qty: int


class TradeChanged(Event, frozen=True):
    """A trade is not what it was: `trade_id` had `qty` lots at `price`, 0 lots if it is busted.
    Told to nobody in particular, as all above.
    """

    symbol: str
    trade_id: int
    qty: int
    price: int


class LevelChanged(Struct, gc=False, frozen=True):
    """What a price level holds now; `qty` lots in `count` orders, 0 where it is gone."""

    symbol: str
    side: Side
    price: int
    qty: int
    count: int
