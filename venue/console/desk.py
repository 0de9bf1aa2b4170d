"""The trader's desk: commands to requests, events to remarks, own orders by short numbers."""

from collections import deque
from collections.abc import Callable, Iterator
from decimal import Decimal

import msgspec

from venue.client.client import Client
from venue.client.errors import ClientError
from venue.client.events import (
    BusinessReject,
    Event,
    ExecutionReport,
    LoggedOn,
    MarketDataReject,
    MarketDataSnapshot,
    MassCancelReport,
    OrderCancelReject,
    SessionReject,
)
from venue.client.orders import Order
from venue.console.commands import Cancel, Enter, Replace, Status
from venue.console.words import Remark, describe, side_words

Answers = Callable[[Event], bool]
Request = Enter | Cancel | Replace | Status
REMARKS_KEPT = 200


class Desk:
    """Everything the console knows, whichever way it is shown."""

    def __init__(self, trader: Client) -> None:
        self.trader = trader
        self.remarks: deque[Remark] = deque(maxlen=REMARKS_KEPT)
        self.knows_orders = not trader.has_mass_requests
        """Whether the venue has told which orders there are from before."""
        self._watched: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._ids: dict[int, str] = {}

    @property
    def watched(self) -> list[str]:
        """Return the symbols subscribed to, the latest first."""
        return list(reversed(self._watched))

    @property
    def symbols(self) -> list[str]:
        """Return every symbol seen."""
        return sorted({*self._watched, *(order.symbol for order in self.trader.orders)})

    @property
    def working_numbers(self) -> list[int]:
        """Return the numbers of own working orders."""
        return [number for number, _ in self.numbered_orders()]

    def numbered_orders(self, ended_too: bool = False) -> list[tuple[int, Order]]:
        """Return own orders with their short numbers, the oldest first."""
        orders = [(self._number(order.cl_ord_ids[0]), order) for order in self.trader.orders]
        shown = [(n, order) for n, order in orders if ended_too or order.is_working]
        return sorted(shown, key=lambda numbered: numbered[0])

    def own_quantities(self, symbol: str) -> dict[tuple[str, Decimal], Decimal]:
        """Return what own orders still want, by side and price."""
        quantities: dict[tuple[str, Decimal], Decimal] = {}
        for order in self.trader.orders.working:
            if order.symbol == symbol and order.price is not None and not order.is_waiting:
                key = (order.side, order.price)
                quantities[key] = quantities.get(key, Decimal(0)) + order.leaves_qty
        return quantities

    def perform(self, request: Request) -> Answers:
        """Send a request; return what tells its last answer from other events."""
        match request:
            case Enter():
                return self._enter(request)
            case Cancel():
                return self._cancel(request)
            case Replace():
                orig = self._current_id(request.number)
                changes = msgspec.structs.asdict(request)
                del changes["number"]
                return _answers({self.trader.replace(orig, **changes)})
            case Status():
                cl_ord_id = self._current_id(request.number)
                self.trader.status(cl_ord_id)
                return _answers({cl_ord_id})

    def watch(self, symbol: str) -> Answers | None:
        """Bring a symbol to the front, subscribing to it if need be."""
        if symbol in self._watched:
            self._watched[symbol] = self._watched.pop(symbol)
            return None
        md_req_id = self.trader.subscribe(symbol)
        self._watched[symbol] = md_req_id

        def answers(event: Event) -> bool:
            if isinstance(event, MarketDataSnapshot | MarketDataReject):
                return event.md_req_id == md_req_id
            return _is_reject(event)

        return answers

    def unwatch(self, symbol: str) -> None:
        """End the subscription to a symbol."""
        if symbol not in self._watched:
            raise ClientError(f"{symbol} is not subscribed to")
        self.trader.unsubscribe(self._watched.pop(symbol))

    def hear(self, timeout: float = 0) -> Iterator[tuple[Event, Remark | None]]:
        """Yield what arrives, until nothing does for `timeout` seconds, and keep the remarks."""
        for event in self.trader.events(timeout):
            if isinstance(event, LoggedOn):
                if self.trader.has_mass_requests:
                    self.trader.mass_status()
                self._watched = {symbol: self.trader.subscribe(symbol) for symbol in self._watched}
            if isinstance(event, MarketDataReject):
                self._watched = {
                    s: id_ for s, id_ in self._watched.items() if id_ != event.md_req_id
                }
            number, order = self._number_of(event), self._order_of(event)
            remark = None if self._is_mass_status(event) else describe(event, number, order)
            if remark is not None:
                self.remarks.append(remark)
            yield event, remark

    def _is_mass_status(self, event: Event) -> bool:
        """Tell whether the event answers what was asked at logon."""
        match event:
            case ExecutionReport() if event.mass_status_req_id is not None:
                self.knows_orders = self.knows_orders or event.last_rpt_requested
                return True
            case BusinessReject() | SessionReject() if event.ref_msg_type == "AF":
                self.knows_orders = True
                return True
        return False

    def _enter(self, request: Enter) -> Answers:
        cl_ord_id = self.trader.new_order(**msgspec.structs.asdict(request))
        self._number(cl_ord_id)
        if request.may_rest:
            return _answers({cl_ord_id})

        def has_ended(event: Event) -> bool:  # an order that never rests has not said all before
            order = self.trader.orders.get(cl_ord_id)
            return _is_reject(event) or (order is not None and not order.is_working)

        return has_ended

    def _cancel(self, request: Cancel) -> Answers:
        if request.numbers is not None:
            origs = [self._current_id(number) for number in request.numbers]
        elif self.trader.has_mass_requests:
            return _mass_answers(self.trader.mass_cancel(symbol=request.symbol, side=request.side))
        else:
            origs = [
                order.cl_ord_id
                for order in self.trader.orders.working
                if request.symbol in (None, order.symbol)
                and request.side in (None, side_words(order.side))
            ]
            if not origs:
                of = f" {request.symbol}" if request.symbol else ""
                raise ClientError(f"there is no own working{of} order")
        return _answers({self.trader.cancel(orig) for orig in origs})

    def _number(self, first_cl_ord_id: str) -> int:
        number = self._numbers.setdefault(first_cl_ord_id, len(self._numbers) + 1)
        self._ids[number] = first_cl_ord_id
        return number

    def _current_id(self, number: int) -> str:
        if number not in self._ids:
            raise ClientError(f"there is no own order #{number}")
        order = self.trader.orders.get(self._ids[number])
        return order.cl_ord_id if order else self._ids[number]

    def _order_of(self, event: Event) -> Order | None:
        if not isinstance(event, ExecutionReport | OrderCancelReject):
            return None
        orders = self.trader.orders
        by_id = orders.with_order_id(event.order_id)
        return by_id or orders.get(event.orig_cl_ord_id) or orders.get(event.cl_ord_id)

    def _number_of(self, event: Event) -> int | None:
        if not isinstance(event, ExecutionReport | OrderCancelReject):
            return None
        order = self._order_of(event)
        if order is not None:
            return self._number(order.cl_ord_ids[0])
        return self._numbers.get(event.cl_ord_id or "")


def _is_reject(event: Event) -> bool:
    return isinstance(event, BusinessReject | SessionReject)


def _answers(cl_ord_ids: set[str]) -> Answers:
    waiting = set(cl_ord_ids)

    def answers(event: Event) -> bool:
        if isinstance(event, ExecutionReport | OrderCancelReject):
            waiting.discard(event.cl_ord_id or "")
        return _is_reject(event) or not waiting

    return answers


def _mass_answers(cl_ord_id: str) -> Answers:
    left = None

    def answers(event: Event) -> bool:
        nonlocal left
        if isinstance(event, MassCancelReport) and event.cl_ord_id == cl_ord_id:
            left = 0 if event.is_refused else event.total_affected_orders or 0
        elif isinstance(event, ExecutionReport) and event.cl_ord_id == cl_ord_id and left:
            left -= 1
        return _is_reject(event) or left == 0

    return answers
