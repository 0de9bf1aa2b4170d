"""A FIX initiator for people and tests: send requests, read typed events in arrival order.

Everything that has arrived is in `book`, `tape` and `orders` when they are asked; events wait
unread until `wait` takes one or `events` hands them out. One thread uses a client.
"""

import itertools
import queue
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from types import TracebackType
from typing import TypeVar

import msgspec

from venue.client.book import Book, Trade
from venue.client.errors import ClientError, NothingArrived
from venue.client.events import (
    BusinessReject,
    Event,
    LoggedOn,
    LoggedOut,
    SessionReject,
)
from venue.client.orders import OwnOrders
from venue.client.parse import parse_event
from venue.client.requests import (
    Number,
    OrderRequest,
    cancel_fields,
    exact,
    market_data_fields,
    new_order_fields,
    order_request,
    replace_fields,
    status_fields,
)
from venue.client.session import Arrival, FixSession
from venue.client.settings import Logon
from venue.client.state import SessionState
from venue.client.wire import Field

E = TypeVar("E", bound=Event)
UNREAD_KEPT = 100_000


def connect(
    comp_id: str,
    *,
    port: int,
    host: str = "127.0.0.1",
    target_comp_id: str = "VENUE",
    begin_string: str = "FIX.4.4",
    timeout: float = 10,
    username: str | None = None,
    password: str | None = None,
    quickfix: Mapping[str, str] | None = None,
) -> "Client":
    """Log on and return the client, or raise LogonFailed.

    `quickfix` overrides any QuickFIX session setting; with FileStorePath the sequence numbers
    outlive the process.
    """
    logon = Logon(
        comp_id=comp_id,
        target_comp_id=target_comp_id,
        host=host,
        port=port,
        begin_string=begin_string,
        username=username,
        password=password,
    )
    return Client(logon, timeout, quickfix or {})


class Client:
    """A logged-on session. Use it in a `with`, or close it."""

    def __init__(self, logon: Logon, timeout: float, quickfix: Mapping[str, str]) -> None:
        self.comp_id = logon.comp_id
        self.timeout = timeout
        self._begin_string = logon.begin_string
        self._state = SessionState()
        self._unread: deque[Event] = deque(maxlen=UNREAD_KEPT)
        self._prefix = f"{logon.comp_id}-{_base36(time.time_ns() // 1_000_000)}"
        self._numbers = itertools.count(1)
        self._session = FixSession(logon, timeout, quickfix)
        self._absorb()

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

    def next_id(self) -> str:
        """Return an id no other request of this CompID has, over restarts of the client too."""
        return f"{self._prefix}-{next(self._numbers)}"

    def send(self, msg_type: str, fields: Iterable[Field]) -> None:
        """Send any message, as it is given: fields in order, groups included."""
        self._session.send(msg_type, fields)

    def new_order(
        self,
        symbol: str,
        side: str,
        order_qty: Number,
        price: Number | None = None,
        *,
        time_in_force: str = "day",
        ord_type: str | None = None,
        cl_ord_id: str | None = None,
        extra: Mapping[int, str] | None = None,
    ) -> str:
        """Send a NewOrderSingle, a market order without a price; return its ClOrdID.

        `extra` adds or overrides fields by tag, here and in replace.
        """
        order = order_request(symbol, side, order_qty, price, time_in_force, ord_type)
        cl_ord_id = cl_ord_id or self.next_id()
        self.send("D", _with(new_order_fields(cl_ord_id, order, _utc_now()), extra))
        self._state.sent(cl_ord_id, order)
        return cl_ord_id

    def replace(
        self,
        orig_cl_ord_id: str,
        *,
        order_qty: Number | None = None,
        price: Number | None = None,
        symbol: str | None = None,
        side: str | None = None,
        time_in_force: str | None = None,
        cl_ord_id: str | None = None,
        extra: Mapping[int, str] | None = None,
    ) -> str:
        """Send an OrderCancelReplaceRequest; return its ClOrdID. What is not given stays."""
        known = self._terms(orig_cl_ord_id, symbol, side)
        order = order_request(
            known.symbol,
            known.side,
            known.order_qty if order_qty is None else order_qty,
            known.price if price is None else price,
            time_in_force or known.time_in_force,
            known.ord_type,
        )
        cl_ord_id = cl_ord_id or self.next_id()
        self.send("G", _with(replace_fields(cl_ord_id, orig_cl_ord_id, order, _utc_now()), extra))
        self._state.sent(cl_ord_id, order)
        return cl_ord_id

    def cancel(
        self,
        orig_cl_ord_id: str,
        *,
        symbol: str | None = None,
        side: str | None = None,
        cl_ord_id: str | None = None,
    ) -> str:
        """Send an OrderCancelRequest; return its ClOrdID."""
        known = self._terms(orig_cl_ord_id, symbol, side)
        cl_ord_id = cl_ord_id or self.next_id()
        names = (cl_ord_id, orig_cl_ord_id, known.symbol, known.side)
        fields = cancel_fields(*names, known.order_qty or None, _utc_now())
        self.send("F", fields)
        return cl_ord_id

    def status(self, cl_ord_id: str, *, symbol: str | None = None, side: str | None = None) -> str:
        """Ask for an order's status; the answer is an ExecutionReport with exec_type I.

        Return the OrdStatusReqID it will carry.
        """
        known = self._terms(cl_ord_id, symbol, side)
        ord_status_req_id = self.next_id()
        fields = status_fields(cl_ord_id, known.symbol, known.side, ord_status_req_id)
        self.send("H", fields)
        return ord_status_req_id

    def subscribe(self, *symbols: str, depth: int = 0, md_req_id: str | None = None) -> str:
        """Subscribe to bids, offers and trades, 0 for the full depth; return the MDReqID."""
        self._absorb()
        md_req_id = md_req_id or self.next_id()
        self.send("V", market_data_fields(md_req_id, "1", symbols, depth))
        self._state.subscribed(md_req_id, symbols)
        return md_req_id

    def unsubscribe(self, md_req_id: str) -> None:
        """End a subscription and forget its books."""
        symbols = self._state.unsubscribed(md_req_id)
        self.send("V", market_data_fields(md_req_id, "2", symbols, 0))

    def wait(self, event_type: type[E], timeout: float | None = None, **fields: object) -> E:
        """Take the first unread event of a type whose fields have these values.

        Events before it stay unread. Raise NothingArrived, which says what did arrive.
        """
        unknown = fields.keys() - set(event_type.__struct_fields__)
        if unknown:
            raise TypeError(f"{event_type.__name__} has no {', '.join(sorted(unknown))}")
        seconds = self.timeout if timeout is None else timeout
        deadline = time.monotonic() + seconds
        self._absorb()
        seen = 0
        while True:
            for i in range(seen, len(self._unread)):
                event = self._unread[i]
                if isinstance(event, event_type) and _matches(event, fields):
                    del self._unread[i]
                    return event
            seen = len(self._unread)
            if not self._receive(deadline - time.monotonic()):
                wanted = ", ".join([event_type.__name__, *(f"{k}={v}" for k, v in fields.items())])
                latest = "\n  ".join(str(event) for event in list(self._unread)[-10:])
                raise NothingArrived(
                    f"{self.comp_id}: no {wanted} within {seconds:g} s; "
                    f"unread: {len(self._unread)}\n  {latest}"
                )

    def events(self, timeout: float | None = 0) -> Iterator[Event]:
        """Yield unread events in arrival order, until none arrives for `timeout` seconds.

        None waits for ever.
        """
        self._absorb()
        while self._unread or self._receive(timeout):
            yield self._unread.popleft()

    def book(self, symbol: str, md_req_id: str | None = None) -> Book:
        """Return the book of a subscription, the latest one with this symbol."""
        self._absorb()
        return self._state.book(symbol, md_req_id)

    def tape(self, symbol: str, md_req_id: str | None = None) -> Sequence[Trade]:
        """Return the trades of a subscription, oldest first."""
        return self.book(symbol, md_req_id).tape

    @property
    def orders(self) -> OwnOrders:
        """Return own orders as the reports so far tell them."""
        self._absorb()
        return self._state.orders

    def _absorb(self) -> None:
        while not self._session.inbox.empty():
            self._receive(0)

    def _receive(self, timeout: float | None) -> bool:
        try:
            arrival = self._session.inbox.get(timeout=None if timeout is None else max(0, timeout))
        except queue.Empty:
            return False
        event = _event_of(arrival)
        self._state.apply(event)
        self._unread.append(event)
        return True

    def _terms(self, cl_ord_id: str, symbol: str | None, side: str | None) -> OrderRequest:
        self._absorb()
        known = self._state.request(cl_ord_id)
        if known is None:
            if symbol is None or side is None:
                raise ClientError(f"order {cl_ord_id} is not known here: say symbol and side")
            return order_request(symbol, side, 0, ord_type="limit")
        if symbol is None and side is None:
            return known
        return order_request(
            symbol or known.symbol,
            side or known.side,
            known.order_qty,
            known.price,
            known.time_in_force,
            known.ord_type,
        )


def _event_of(arrival: Arrival) -> Event:
    kind, text = arrival
    if kind == "logon":
        return LoggedOn(raw=text)
    if kind == "logout":
        event = parse_event(text) if text else LoggedOut()
        return event if isinstance(event, LoggedOut) else LoggedOut()
    if kind == "fault":
        raise ClientError(f"a defect in a callback: {text}")
    event = parse_event(text)
    if kind == "refused" and isinstance(event, SessionReject | BusinessReject):
        return msgspec.structs.replace(event, by_client=True)
    return event


def _matches(event: Event, fields: Mapping[str, object]) -> bool:
    for name, wanted in fields.items():
        value = getattr(event, name)
        if isinstance(value, Decimal) and isinstance(wanted, str):
            wanted = exact(name, wanted)
        if value != wanted:
            return False
    return True


def _with(fields: list[Field], extra: Mapping[int, str] | None) -> list[Field]:
    if not extra:
        return fields
    kept = [(tag, value) for tag, value in fields if tag not in extra]
    return [*kept, *extra.items()]


def _utc_now() -> str:
    return datetime.now(UTC).strftime("%Y%m%d-%H:%M:%S.%f")[:-3]


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits
