"""What can be asked of the venue. A journaled sequence of these is the venue's whole history.

Prices are ticks and quantities lots of the instrument named; `session` names the FIX session that
asked and `firm` whom it trades for. Text fields of refused requests are as the client sent them.
What no client can ask is in `venue.core.venue_commands`.
"""

from typing import ClassVar

from venue.core.command import Command
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
)
from venue.core.venue_commands import (
    AllowSession,
    BustTrade,
    CancelByVenue,
    CorrectTrade,
    DefineAccounting,
    DefineFees,
    DefineInstrument,
    DefineLimits,
    DefineRetention,
    DefineSeed,
    DefineStatistics,
    DefineTradingDay,
    DelistInstrument,
    EndTradingDay,
    EngageKillSwitch,
    EnterPhase,
    HaltInstrument,
    RecordOperation,
    ReleaseKillSwitch,
    ResumeInstrument,
)

__all__ = [
    "AdvanceTime",
    "AllowSession",
    "BustTrade",
    "CancelByVenue",
    "CancelOrder",
    "Command",
    "CorrectTrade",
    "DefineAccounting",
    "DefineFees",
    "DefineInstrument",
    "DefineLimits",
    "DefineRetention",
    "DefineSeed",
    "DefineStatistics",
    "DefineTradingDay",
    "DelistInstrument",
    "EndTradingDay",
    "EngageKillSwitch",
    "EnterPhase",
    "HaltInstrument",
    "Journaled",
    "MassCancel",
    "NewOrder",
    "RecordOperation",
    "RefuseCancel",
    "RefuseMassCancel",
    "RefuseOrder",
    "ReleaseKillSwitch",
    "ReplaceOrder",
    "RequestMassStatus",
    "RequestStatus",
    "ResumeInstrument",
    "SessionConnected",
    "SessionDisconnected",
]


class AdvanceTime(Command, tag="t", frozen=True):
    """The time is now `time`, in nanoseconds since 1970 UTC. Journaled as the time of a batch."""

    time: int


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
    | DefineFees
    | DefineAccounting
    | DefineLimits
    | EngageKillSwitch
    | ReleaseKillSwitch
    | CancelByVenue
    | BustTrade
    | CorrectTrade
    | EndTradingDay
    | AllowSession
    | RecordOperation
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
