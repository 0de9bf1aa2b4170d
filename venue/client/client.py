"""A FIX initiator for people and tests: send requests, read typed events in arrival order.

One thread uses a client.
"""

import itertools
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType

import msgspec

from venue.client.asking import Asking, utc_now
from venue.client.codes import MD_ENTRY_TYPES, SIDES, code_of
from venue.client.errors import ClientError
from venue.client.order_request import (
    Expiry,
    Number,
    OrderRequest,
    changed_request,
    new_order_fields,
    order_request,
    replace_fields,
)
from venue.client.requests import (
    Subscription,
    cancel_fields,
    market_data_fields,
    mass_cancel_fields,
    mass_status_fields,
    status_fields,
    unsubscribe_fields,
)
from venue.client.session import Direction, FixSession, Hooks
from venue.client.settings import Logon
from venue.client.wire import Field


def connect(
    comp_id: str,
    *,
    port: int,
    host: str = "127.0.0.1",
    target_comp_id: str = "VENUE",
    version: str = "FIX.4.4",
    timeout: float = 10,
    username: str | None = None,
    password: str | None = None,
    new_password: str | None = None,
    cancel_on_disconnect: bool | None = None,
    quickfix: Mapping[str, str] | None = None,
    on_arrival: Callable[[], None] | None = None,
    on_message: Callable[[Direction, str], None] | None = None,
) -> "Client":
    """Log on and return the client, or raise LogonFailed.

    `version` is FIX.4.2, FIX.4.4 or FIX.5.0SP2; all that follows is the same in each.
    Without a `username` a `password` is the CompID's; `new_password`, in FIX.5.0SP2, changes it.
    `cancel_on_disconnect` says for this connection whether its end cancels the session's orders;
    None leaves that to the venue. `quickfix` overrides any QuickFIX session setting; with
    FileStorePath the sequence numbers outlive the process.

    QuickFIX's thread calls `on_arrival` when there is something new to read, and `on_message` with
    "in" or "out" and the text of each message as it is on the line, administrative ones and
    passwords included; both also before this function returns. `events(timeout=0)` then hands out
    what there is without waiting. An exception in one of them is raised where events are read.
    """
    logon = Logon(
        comp_id=comp_id,
        target_comp_id=target_comp_id,
        host=host,
        port=port,
        version_name=version,
        username=username,
        password=password,
        new_password=new_password,
        cancel_on_disconnect=cancel_on_disconnect,
    )
    return Client(logon, timeout, quickfix or {}, Hooks(on_arrival, on_message))


class Client(Asking):
    """A logged-on session. Use it in a `with`, or close it."""

    def __init__(
        self, logon: Logon, timeout: float, quickfix: Mapping[str, str], hooks: Hooks
    ) -> None:
        self._version = logon.version
        self._prefix = f"{logon.comp_id}-{_base36(time.time_ns() // 1_000_000)}"
        self._numbers = itertools.count(1)
        self._session = FixSession(logon, timeout, quickfix, hooks)
        super().__init__(logon.comp_id, timeout, self._session.inbox)

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Log out and stop; books, orders and unread events stay readable."""
        self._session.close()

    @property
    def is_logged_on(self) -> bool:
        """Tell whether requests can be sent; a lost connection is tried again every second."""
        return self._session.is_logged_on

    @property
    def next_numbers(self) -> tuple[int, int] | None:
        """The MsgSeqNum(34) of the next message out and of the next one in; None once closed."""
        return self._session.next_numbers

    def next_id(self) -> str:
        """Return an id no other request of this CompID has, over restarts of the client too."""
        return f"{self._prefix}-{next(self._numbers)}"

    def send(self, msg_type: str, fields: Iterable[Field]) -> None:
        """Send any message, as it is given: fields in order, groups included."""
        self._session.send(msg_type, fields)

    @property
    def has_mass_requests(self) -> bool:
        """Tell whether the session's FIX version knows mass cancel and status: not FIX.4.2."""
        return self._version.has_mass_requests

    def new_order(
        self,
        symbol: str,
        side: str,
        order_qty: Number,
        price: Number | None = None,
        *,
        ord_type: str | None = None,
        stop_px: Number | None = None,
        time_in_force: str | None = None,
        expire: Expiry | None = None,
        display_qty: Number | None = None,
        refresh_qty: Number | None = None,
        min_qty: Number | None = None,
        post_only: bool = False,
        all_or_none: bool = False,
        self_match_prevention_id: str | None = None,
        self_match_prevention_instruction: str | None = None,
        cl_ord_id: str | None = None,
        extra: Mapping[int, str] | None = None,
    ) -> str:
        """Send a NewOrderSingle and return its ClOrdID.

        Without `ord_type` it is a market order, a limit order if it has a price, a stop or stop
        limit order if it has a `stop_px`; market_if_touched, limit_if_touched (`stop_px` is the
        trigger price) and market_to_limit have to be said. `expire` makes it good till that day
        or moment. `extra` adds or overrides fields by tag, here and in replace.
        """
        order = order_request(
            symbol,
            side,
            order_qty,
            price,
            ord_type=ord_type,
            stop_px=stop_px,
            time_in_force=time_in_force,
            expire=expire,
            display_qty=display_qty,
            refresh_qty=refresh_qty,
            min_qty=min_qty,
            post_only=post_only,
            all_or_none=all_or_none,
            self_match_prevention_id=self_match_prevention_id,
            self_match_prevention_instruction=self_match_prevention_instruction,
        )
        cl_ord_id = cl_ord_id or self.next_id()
        fields = new_order_fields(cl_ord_id, order, self._version, utc_now())
        self.send("D", _with(fields, extra))
        self._state.sent(cl_ord_id, order)
        return cl_ord_id

    def replace(
        self,
        orig_cl_ord_id: str,
        *,
        order_qty: Number | None = None,
        price: Number | None = None,
        stop_px: Number | None = None,
        time_in_force: str | None = None,
        expire: Expiry | None = None,
        display_qty: Number | None = None,
        refresh_qty: Number | None = None,
        symbol: str | None = None,
        side: str | None = None,
        cl_ord_id: str | None = None,
        extra: Mapping[int, str] | None = None,
    ) -> str:
        """Send an OrderCancelReplaceRequest; return its ClOrdID. What is not given stays."""
        order = changed_request(
            self._terms(orig_cl_ord_id, symbol, side),
            order_qty=order_qty,
            price=price,
            stop_px=stop_px,
            time_in_force=time_in_force,
            expire=expire,
            display_qty=display_qty,
            refresh_qty=refresh_qty,
        )
        cl_ord_id = cl_ord_id or self.next_id()
        fields = replace_fields(cl_ord_id, orig_cl_ord_id, order, self._version, utc_now())
        self.send("G", _with(fields, extra))
        self._state.sent(cl_ord_id, order)
        return cl_ord_id

    def cancel(
        self,
        orig_cl_ord_id: str | None = None,
        *,
        order_id: str | None = None,
        symbol: str | None = None,
        side: str | None = None,
        cl_ord_id: str | None = None,
    ) -> str:
        """Send an OrderCancelRequest for an order named by its ClOrdID, its OrderID or both.

        Return the request's own ClOrdID.
        """
        if orig_cl_ord_id is None:
            if order_id is None:
                raise TypeError("cancel: expected orig_cl_ord_id or order_id")
            order = self.orders.with_order_id(order_id)
            known = self._terms(order.cl_ord_id if order else None, symbol, side)
        else:
            known = self._terms(orig_cl_ord_id, symbol, side)
        cl_ord_id = cl_ord_id or self.next_id()
        names = (cl_ord_id, orig_cl_ord_id, order_id, known.symbol, known.side)
        self.send("F", cancel_fields(*names, known.order_qty or None, utc_now()))
        return cl_ord_id

    def mass_cancel(
        self, *, symbol: str | None = None, side: str | None = None, cl_ord_id: str | None = None
    ) -> str:
        """Cancel the session's orders, of a symbol or side or all; return the request's ClOrdID.

        The answer is a MassCancelReport, then an ExecutionReport for each order canceled, all with
        that ClOrdID. FIX.4.2 has no such request.
        """
        self._check_mass_requests()
        side = side and code_of("side", side, SIDES)
        cl_ord_id = cl_ord_id or self.next_id()
        self.send("q", mass_cancel_fields(cl_ord_id, symbol, side, utc_now()))
        return cl_ord_id

    def mass_status(self, *, symbol: str | None = None, side: str | None = None) -> str:
        """Ask for the session's live orders; return the MassStatusReqID their reports will carry.

        `orders` has them afterwards, whoever entered them. FIX.4.2 has no such request.
        """
        self._check_mass_requests()
        side = side and code_of("side", side, SIDES)
        mass_status_req_id = self.next_id()
        self.send("AF", mass_status_fields(mass_status_req_id, symbol, side))
        return mass_status_req_id

    def status(self, cl_ord_id: str, *, symbol: str | None = None, side: str | None = None) -> str:
        """Ask for an order's status; the answer is an ExecutionReport with exec_type I.

        Return the OrdStatusReqID it will carry, but in FIX.4.2, which has none.
        """
        known = self._terms(cl_ord_id, symbol, side)
        ord_status_req_id = self.next_id()
        names = (cl_ord_id, known.symbol, known.side, ord_status_req_id)
        self.send("H", status_fields(*names, self._version))
        return ord_status_req_id

    def subscribe(
        self,
        *symbols: str,
        depth: int = 0,
        entry_types: Sequence[str] = ("bid", "offer", "trade"),
        aggregated: bool = True,
        full_refresh: bool = False,
        interval_ms: int | None = None,
        numbered: bool = False,
        md_req_id: str | None = None,
    ) -> str:
        """Subscribe to so many price levels, 0 for all of them; return the MDReqID.

        `aggregated` is one entry a price, else one an order; `full_refresh` a snapshot at each
        change. At least `interval_ms` lie between two messages; `numbered` asks for the numbers of
        entries, which FIX.5.0SP2 has anyway.
        """
        self._absorb()
        md_req_id = md_req_id or self.next_id()
        wanted = Subscription(
            symbols=symbols,
            depth=depth,
            entry_types=tuple(code_of("entry_types", each, MD_ENTRY_TYPES) for each in entry_types),
            aggregated=aggregated,
            full_refresh=full_refresh,
            interval_ms=interval_ms,
            numbered=numbered,
        )
        self.send("V", market_data_fields(md_req_id, wanted))
        self._state.subscribed(md_req_id, wanted)
        return md_req_id

    def unsubscribe(self, md_req_id: str) -> None:
        """End a subscription and forget its books."""
        symbols = self._state.unsubscribed(md_req_id)
        self.send("V", unsubscribe_fields(md_req_id, symbols))

    def _check_mass_requests(self) -> None:
        if not self.has_mass_requests:
            version = self._version.begin_string
            raise ClientError(f"{version} has no mass requests: cancel or ask order by order")

    def _terms(self, cl_ord_id: str | None, symbol: str | None, side: str | None) -> OrderRequest:
        """Return what is known of an order; symbol and side as said, if they are."""
        self._absorb()
        known = None if cl_ord_id is None else self._state.request(cl_ord_id)
        if known is None:
            if symbol is None or side is None:
                named = f"order {cl_ord_id}" if cl_ord_id else "the order"
                raise ClientError(f"{named} is not known here: say symbol and side")
            return order_request(symbol, side, 0, ord_type="limit")
        return msgspec.structs.replace(
            known,
            symbol=symbol or known.symbol,
            side=code_of("side", side or known.side, SIDES),
        )


def _with(fields: list[Field], extra: Mapping[int, str] | None) -> list[Field]:
    if not extra:
        return fields
    kept = [(tag, value) for tag, value in fields if tag not in extra]
    return [*kept, *extra.items()]


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits
