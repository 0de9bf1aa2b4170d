"""What can be asked of the venue. A journaled sequence of these is the venue's whole history.

Prices are ticks and quantities lots of the instrument named; `session` names the FIX session that
asked and `firm` whom it trades for. Text fields of refused requests are as the client sent them.
"""

from typing import ClassVar

from msgspec import Struct

from venue.core.instrument import InstrumentSpec
from venue.core.qualifiers import Changes, Qualifiers
from venue.core.types import (
    CxlRejReason,
    CxlRejResponseTo,
    ExecRestatementReason,
    MassCancelRejectReason,
    MassScope,
    OrdRejReason,
    OrdType,
    Side,
    TimeInForce,
    TradingPhase,
)


class Command(Struct, array_like=True, gc=False, frozen=True):
    """Anything `Venue.handle` takes."""


class AdvanceTime(Command, tag="t", frozen=True):
    """The time is now `time`, in nanoseconds since 1970 UTC. Journaled as the time of a batch."""

    time: int


class DefineInstrument(Command, tag="i", frozen=True):
    """List an instrument, or change the terms of a listed one.

    `configured` tells that a configuration says so: it is not said again unless it has changed, so
    that an operator's later word outlives a restart.
    """

    spec: InstrumentSpec
    configured: bool = False


class DelistInstrument(Command, tag="u", frozen=True):
    """Cancel every order of an instrument and take no more; `DefineInstrument` lists it again."""

    symbol: str


class EnterPhase(Command, tag="p", frozen=True):
    """Every instrument of `market` is in another phase of `SCHEDULED`, those that are halted when
    they are resumed. None: the market has no schedule any more, and is continuous.

    `late`: the market should have closed long ago, so what ends with its day is not in the auction
    of a call that was not ended then.
    """

    market: str
    phase: TradingPhase | None
    late: bool = False


class HaltInstrument(Command, tag="h", frozen=True):
    """Nothing of an instrument trades, whatever its market does, until `ResumeInstrument`."""

    symbol: str


class ResumeInstrument(Command, tag="e", frozen=True):
    """End a halt, with an auction after a call of `auction_seconds` unless that is 0."""

    symbol: str
    auction_seconds: int


class DefineSeed(Command, tag="s", frozen=True):
    """What the random ends of auctions are derived from: a number of 63 bits."""

    seed: int


class DefineTradingDay(Command, tag="y", frozen=True):
    """Trading days end `ends` nanoseconds after midnight UTC; a day has the date of its end."""

    ends: int


class DefineRetention(Command, tag="m", frozen=True):
    """Remember `cl_ord_ids` ClOrdIDs of a session, and longer only those of live orders."""

    cl_ord_ids: int


class DefineStatistics(Command, tag="w", frozen=True):
    """Have the volatility of every instrument over windows of so many seconds, each a multiple of
    60, and over no others.
    """

    windows: tuple[int, ...]


class NewOrder(Command, tag="D", frozen=True):
    """NewOrderSingle. `qualifiers` are None for a plain order."""

    session: str
    firm: str
    cl_ord_id: str
    symbol: str
    side: Side
    ord_type: OrdType
    time_in_force: TimeInForce
    price: int | None
    order_qty: int
    account: str = ""
    poss_resend: bool = False
    qualifiers: Qualifiers | None = None


class RefuseOrder(Command, tag="d", frozen=True):
    """A NewOrderSingle that cannot become an order; it still gets its ExecutionReport."""

    session: str
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
    account: str = ""
    poss_resend: bool = False


class CancelOrder(Command, tag="F", frozen=True):
    """OrderCancelRequest. `order_id` is empty where the client gave none, else `orig_cl_ord_id`
    may be.
    """

    response_to: ClassVar[CxlRejResponseTo] = CxlRejResponseTo.CANCEL

    session: str
    firm: str
    cl_ord_id: str
    orig_cl_ord_id: str
    order_id: str
    symbol: str
    side: str
    poss_resend: bool = False


class ReplaceOrder(Command, tag="G", frozen=True):
    """OrderCancelReplaceRequest. `order_qty` is the total, what has traded included.

    `time_in_force` is None where the client gave none, `changes` where it gave no qualifiers.
    """

    response_to: ClassVar[CxlRejResponseTo] = CxlRejResponseTo.REPLACE

    session: str
    firm: str
    cl_ord_id: str
    orig_cl_ord_id: str
    order_id: str
    symbol: str
    side: str
    ord_type: str
    time_in_force: str | None
    price: int | None
    order_qty: int
    poss_resend: bool = False
    changes: Changes | None = None


class RefuseCancel(Command, tag="g", frozen=True):
    """A cancel or replace request that cannot be carried out; it still gets its
    OrderCancelReject.
    """

    session: str
    firm: str
    cl_ord_id: str
    orig_cl_ord_id: str
    order_id: str
    response_to: CxlRejResponseTo
    reason: CxlRejReason
    text: str
    poss_resend: bool = False


class MassCancel(Command, tag="q", frozen=True):
    """OrderMassCancelRequest: cancel the session's orders, of one instrument or side or all.

    `symbol` is empty with `MassScope.ALL`, `side` is None for both.
    """

    session: str
    firm: str
    cl_ord_id: str
    scope: MassScope
    symbol: str
    side: Side | None


class RefuseMassCancel(Command, tag="r", frozen=True):
    """An OrderMassCancelRequest that cannot be carried out. Text fields are as the client sent
    them.
    """

    session: str
    firm: str
    cl_ord_id: str
    scope: str
    symbol: str
    side: str
    reason: MassCancelRejectReason
    text: str


class SessionConnected(Command, tag="c", frozen=True):
    """`session` has logged on; `cancel_on_disconnect` holds until it is connected again."""

    session: str
    firm: str
    cancel_on_disconnect: bool


class SessionDisconnected(Command, tag="x", frozen=True):
    """`session` is gone: cancel its orders, if it connected so.

    `reason` is CONNECTION_LOSS or LOGOUT; `witnesses` are the sessions that are told as well.
    """

    session: str
    reason: ExecRestatementReason
    witnesses: tuple[str, ...] = ()


class RequestStatus(Command, tag="H", frozen=True):
    """OrderStatusRequest. Changes nothing, so no journal holds it."""

    session: str
    firm: str
    cl_ord_id: str
    order_id: str
    symbol: str
    side: str
    ord_status_req_id: str


class RequestMassStatus(Command, tag="A", frozen=True):
    """OrderMassStatusRequest for the session's live orders. Changes nothing, as `RequestStatus`."""

    session: str
    firm: str
    mass_status_req_id: str
    scope: MassScope
    symbol: str
    side: Side | None


Journaled = (
    DefineInstrument
    | DelistInstrument
    | EnterPhase
    | HaltInstrument
    | ResumeInstrument
    | DefineSeed
    | DefineTradingDay
    | DefineRetention
    | DefineStatistics
    | NewOrder
    | RefuseOrder
    | CancelOrder
    | ReplaceOrder
    | RefuseCancel
    | MassCancel
    | RefuseMassCancel
    | SessionConnected
    | SessionDisconnected
)
"""Every command a journal may hold."""
