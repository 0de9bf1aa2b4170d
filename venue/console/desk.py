"""The trader's desk: commands to requests, events to remarks, own orders by short numbers."""

from collections import deque
from collections.abc import Callable, Iterator
from decimal import Decimal

from venue.client.client import Client
from venue.client.errors import ClientError
from venue.client.events import (
    BusinessReject,
    Event,
    ExecutionReport,
    LoggedOn,
    MarketDataReject,
    MarketDataSnapshot,
    OrderCancelReject,
    SessionReject,
)
from venue.client.orders import Order
from venue.console.grammar import Cancel, Enter, Replace, Status
from venue.console.words import Remark, describe

Answers = Callable[[Event], bool]
Request = Enter | Cancel | Replace | Status
REMARKS_KEPT = 200


class Desk:
    """Everything the console knows, whichever way it is shown."""

    def __init__(self, trader: Client) -> None:
        self.trader = trader
        self.remarks: deque[Remark] = deque(maxlen=REMARKS_KEPT)
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
            if order.symbol == symbol and order.price is not None:
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
                qty, price = request.order_qty, request.price
                return _answers({self.trader.replace(orig, order_qty=qty, price=price)})
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
                self._watched = {symbol: self.trader.subscribe(symbol) for symbol in self._watched}
            if isinstance(event, MarketDataReject):
                self._watched = {
                    s: id_ for s, id_ in self._watched.items() if id_ != event.md_req_id
                }
            remark = describe(event, self._number_of(event))
            if remark is not None:
                self.remarks.append(remark)
            yield event, remark

    def _enter(self, request: Enter) -> Answers:
        cl_ord_id = self.trader.new_order(
            request.symbol,
            request.side,
            request.order_qty,
            request.price,
            time_in_force=request.time_in_force,
        )
        self._number(cl_ord_id)
        if request.price is not None and request.time_in_force in ("day", "gtc"):
            return _answers({cl_ord_id})

        def has_ended(event: Event) -> bool:  # an order that never rests has not said all before
            order = self.trader.orders.get(cl_ord_id)
            return _is_reject(event) or (order is not None and not order.is_working)

        return has_ended

    def _cancel(self, request: Cancel) -> Answers:
        if request.numbers is not None:
            origs = [self._current_id(number) for number in request.numbers]
        else:
            origs = [
                order.cl_ord_id
                for order in self.trader.orders.working
                if request.symbol in (None, order.symbol)
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

    def _number_of(self, event: Event) -> int | None:
        if not isinstance(event, ExecutionReport | OrderCancelReject):
            return None
        orders = self.trader.orders
        order = orders.get(event.orig_cl_ord_id) or orders.get(event.cl_ord_id)
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
