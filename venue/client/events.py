"""What a session hears, typed. Codes stay FIX's own; absent fields are None.

`str(event)` is the message as it came, with | for SOH; `event.field(tag)` reads any field of it.
"""

from decimal import Decimal

import msgspec

from venue.client.codes import ExecType
from venue.client.wire import first_values, readable, split_fields


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Anything a session hears."""

    raw: str = ""

    def field(self, tag: int) -> str | None:
        """Return the first value of a tag, or None."""
        return first_values(split_fields(self.raw)).get(tag) if self.raw else None

    def __str__(self) -> str:
        return readable(self.raw) or type(self).__name__


class LoggedOn(Event, frozen=True, kw_only=True):
    """The session is up."""


class LoggedOut(Event, frozen=True, kw_only=True):
    """The session is down; text is the Logout's, if there was one."""

    text: str | None = None


class ExecutionReport(Event, frozen=True, kw_only=True):
    """35=8: what happened to an order.

    Whatever the FIX version, `exec_type` is an `ExecType`, `stop_px` the trigger price of every
    type that has one, `expire` ExpireDate(432) or ExpireTime(126), and `display_qty` MaxFloor(111)
    as ordered or DisplayQty(1138) as shown now. FIX.4.2 never says whether an order is `working`,
    nor in which currency a `commission` is; below 0 that is a rebate.
    """

    order_id: str
    exec_id: str
    exec_type: str
    ord_status: str
    cl_ord_id: str | None = None
    orig_cl_ord_id: str | None = None
    exec_ref_id: str | None = None
    symbol: str
    side: str
    ord_type: str | None = None
    time_in_force: str | None = None
    order_qty: Decimal | None = None
    price: Decimal | None = None
    stop_px: Decimal | None = None
    expire: str | None = None
    display_qty: Decimal | None = None
    working: bool | None = None
    last_qty: Decimal | None = None
    last_px: Decimal | None = None
    leaves_qty: Decimal
    cum_qty: Decimal
    avg_px: Decimal
    ord_rej_reason: str | None = None
    exec_restatement_reason: str | None = None
    last_liquidity_ind: str | None = None
    commission: Decimal | None = None
    comm_currency: str | None = None
    trade_id: str | None = None  # TrdMatchID(880), SecondaryExecID(527) in FIX.4.4
    transact_time: str | None = None
    ord_status_req_id: str | None = None
    mass_status_req_id: str | None = None
    tot_num_reports: int | None = None
    last_rpt_requested: bool = False
    text: str | None = None
    copy_of: str | None = None  # whom it was for, of a drop copy
    copy_firm: str | None = None  # of which firm, where copies are of all

    @property
    def is_trade(self) -> bool:
        """Tell whether this report is an execution."""
        return self.exec_type == ExecType.TRADE


class OrderCancelReject(Event, frozen=True, kw_only=True):
    """35=9: a cancel or replace was refused."""

    cl_ord_id: str
    orig_cl_ord_id: str | None = None
    order_id: str
    ord_status: str
    cxl_rej_response_to: str | None = None
    cxl_rej_reason: str | None = None
    text: str | None = None


class MassCancelReport(Event, frozen=True, kw_only=True):
    """35=r: a mass cancel was carried out or refused; each order canceled has its own report."""

    cl_ord_id: str | None = None
    order_id: str
    mass_cancel_request_type: str
    mass_cancel_response: str
    mass_cancel_reject_reason: str | None = None
    total_affected_orders: int | None = None
    symbol: str | None = None
    side: str | None = None
    text: str | None = None

    @property
    def is_refused(self) -> bool:
        """Tell whether nothing was canceled because the request was wrong."""
        return self.mass_cancel_response == "0"


class BusinessReject(Event, frozen=True, kw_only=True):
    """35=j: a well-formed request that is not served. by_client as in SessionReject."""

    ref_seq_num: int | None = None
    ref_msg_type: str
    business_reject_ref_id: str | None = None
    business_reject_reason: str
    text: str | None = None
    by_client: bool = False


class SessionReject(Event, frozen=True, kw_only=True):
    """35=3: a malformed message. With by_client it is the client that refused one of the venue."""

    ref_seq_num: int
    ref_tag_id: int | None = None
    ref_msg_type: str | None = None
    session_reject_reason: str | None = None
    text: str | None = None
    by_client: bool = False


class MDEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a snapshot or an increment.

    `rpt_seq` is its number among those of its symbol and subscription, where the version's entries
    have one or the subscription asked for it. `aggressor_side` of a trade is a Side(54) in any
    version, None of an auction's.
    """

    md_entry_type: str | None
    md_update_action: str | None = None
    symbol: str
    md_entry_px: Decimal | None = None
    md_entry_size: Decimal | None = None
    md_entry_id: str | None = None
    md_entry_time: str | None = None
    order_id: str | None = None
    number_of_orders: int | None = None
    trade_condition: str | None = None
    aggressor_side: str | None = None
    rpt_seq: int | None = None


class MarketDataSnapshot(Event, frozen=True, kw_only=True):
    """35=W: the whole book of one symbol; `rpt_seq` is the number of the last entry before it."""

    md_req_id: str | None = None
    symbol: str
    rpt_seq: int | None = None
    entries: tuple[MDEntry, ...] = ()


class MarketDataIncrement(Event, frozen=True, kw_only=True):
    """35=X: changes of the book, and trades."""

    md_req_id: str | None = None
    entries: tuple[MDEntry, ...] = ()


class MarketDataReject(Event, frozen=True, kw_only=True):
    """35=Y: a market data request was refused."""

    md_req_id: str
    md_req_rej_reason: str | None = None
    text: str | None = None


class VenueSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session of the venue: `state` is logged_on, logged_off, never or disabled, the numbers are
    those of the next message each way, seen from the venue; `address` is None if it is not there.
    """

    comp_id: str
    version: str
    firm: str
    roles: tuple[str, ...]
    state: str
    next_out: int
    next_in: int
    address: str | None


class VenueFirm(msgspec.Struct, frozen=True, kw_only=True):
    """A firm of the venue: orders are taken from it unless it `is_killed`, or their account is one
    of `killed_accounts`.
    """

    name: str
    is_killed: bool
    killed_accounts: tuple[str, ...]


class VenueLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of a firm, or if it is None of each by itself; in one account and one instrument where
    these are not None. `limits` are as an operator says them.
    """

    firm: str | None
    account: str | None
    symbol: str | None
    limits: dict[str, str]


class OperatorReport(Event, frozen=True, kw_only=True):
    """35=U2: what became of an operator's request; the text tells what was done, or why not.
    `sessions`, `firms` and `limits` are what the action of that name has asked for.
    """

    operator_req_id: str
    action: str
    accepted: bool
    symbol: str | None = None
    text: str
    sessions: tuple[VenueSession, ...] = ()
    firms: tuple[VenueFirm, ...] = ()
    limits: tuple[VenueLimits, ...] = ()


class News(Event, frozen=True, kw_only=True):
    """35=B: what the venue's operator tells; `text` is its first line."""

    headline: str
    text: str | None = None


class OtherMessage(Event, frozen=True, kw_only=True):
    """Any message the client has no type for."""

    msg_type: str
