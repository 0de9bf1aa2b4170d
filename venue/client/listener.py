"""What a session hears: typed events in arrival order, and what they add up to."""

import queue
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

import msgspec

from venue.client.book import Book, Trade
from venue.client.errors import ClientError, NothingArrived
from venue.client.events import BusinessReject, Event, LoggedOn, LoggedOut, SessionReject
from venue.client.order_request import exact
from venue.client.orders import OwnOrders
from venue.client.parse import parse_event
from venue.client.session import Arrival
from venue.client.state import SessionState

E = TypeVar("E", bound=Event)
UNREAD_KEPT = 100_000


class Listener:
    """Reads an inbox. Everything that has arrived is in `book`, `tape` and `orders` when they are
    asked; events wait unread until `wait` takes one or `events` hands them out.
    """

    def __init__(self, comp_id: str, timeout: float, inbox: "queue.SimpleQueue[Arrival]") -> None:
        self.comp_id = comp_id
        self.timeout = timeout
        self._inbox = inbox
        self._state = SessionState()
        self._unread: deque[Event] = deque(maxlen=UNREAD_KEPT)
        self._absorb()

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

    def take(self) -> Event | None:
        """Take the first unread event, None where there is none yet.

        It reads one message at most, whereas everything else here reads all that has arrived first:
        so who must not be kept waiting by thousands decides how many to read at a time.
        """
        if not self._unread and not self._receive(0):
            return None
        return self._unread.popleft()

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
        while not self._inbox.empty():
            self._receive(0)

    def _receive(self, timeout: float | None) -> bool:
        try:
            arrival = self._inbox.get(timeout=None if timeout is None else max(0, timeout))
        except queue.Empty:
            return False
        event = _event_of(arrival)
        self._state.apply(event)
        self._unread.append(event)
        return True


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
