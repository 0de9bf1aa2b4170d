"""What one client knows: every request it has sent and every report it has seen, added up."""

from collections import Counter, deque
from dataclasses import dataclass, field
from decimal import Decimal

from tests.e2e.message import Message
from tests.recovery.tape import Tape
from tests.recovery.wire import FIX42, FIX50SP2, ViolationError, average

TICK = Decimal("0.01")
IOC = "3"


@dataclass
class Request:
    """A request on its way: `msg_type` D, F, G, q, H or AF, and the number it was sent with.

    `bad` ones have to be refused.
    """

    msg_type: str
    id: str
    number: int
    fields: dict[int, object]
    bad: bool = False


@dataclass
class Order:
    """An order as the reports say it is; quantities in units, `shown` None where all is."""

    order_id: str
    cl_ord_id: str
    symbol: str
    side: str
    qty: int
    price: Decimal | None
    time_in_force: str
    cum: int = 0
    leaves: int = 0
    notional: Decimal = Decimal(0)
    shown: int | None = None
    fills: list[tuple[int, Decimal]] = field(default_factory=list)


class Ledger:
    """Reports are taken in the order of their numbers, so whatever a report says of an order must
    be exactly what the reports before it come to.
    """

    def __init__(self, session: str, version: str, tape: Tape) -> None:
        self.session, self.version, self._tape = session, version, tape
        self.open: dict[str, Request] = {}
        self.orders: dict[str, Order] = {}
        self.live: dict[str, Order] = {}
        self.processed = 0
        self.counts: Counter[str] = Counter()
        self._asked: deque[Request] = deque()
        self._mass: set[str] = set()
        self._mass_canceled: Counter[str] = Counter()

    def sent(self, request: Request) -> None:
        self.open[request.id] = request
        if request.msg_type in ("H", "AF"):
            self._asked.append(request)
        self.counts[request.msg_type] += 1

    def take(self, message: Message) -> None:
        """Raise `ViolationError` for a report that cannot be."""
        self.counts["reports"] += 1
        try:
            if message.type == "8":
                self._report(message)
            elif message.type == "9":
                self._cancel_reject(message)
            elif message.type == "r":
                self._mass_cancel(message)
            else:
                raise ViolationError("unexpected")
        except (AssertionError, KeyError, ValueError) as error:
            raise ViolationError(f"{self.session}: {error!r}: {message}") from error

    def _report(self, message: Message) -> None:
        kind = message[150]
        if message.get(20) == "3" or kind == "I":
            self._status(message)
            return
        self._tape.execution(message[17], self.session)
        if self.version == FIX42 and kind in "12":
            kind = "F"
        {
            "0": self._new,
            "8": self._rejected,
            "F": self._fill,
            "4": self._cancel,
            "5": self._replaced,
        }[kind](message)

    def _answer(self, cl_ord_id: str, msg_types: str, message: Message) -> Request:
        """Close a request: whatever is not open was answered before, or never asked."""
        request = self.open.pop(cl_ord_id, None)
        if request is None or request.msg_type not in msg_types:
            raise ViolationError(f"answers {request}, a second time or never sent")
        self.processed = max(self.processed, request.number)
        return request

    def _new(self, message: Message) -> None:
        request = self._answer(message[11], "D", message)
        asked = request.fields
        assert not request.bad, "must be refused"
        message.has({tag: asked.get(tag) for tag in (55, 54, 38)} | {39: 0, 14: 0, 6: 0})
        message.has({151: asked[38]})
        price = None if asked.get(44) is None else Decimal(str(asked[44]))
        assert price == (None if message.get(44) is None else Decimal(message[44])), "Price"
        assert message[37] not in self.orders, "OrderID is used"
        order = Order(
            message[37],
            message[11],
            message[55],
            message[54],
            int(message[38]),
            price,
            str(asked.get(59, "0")),
            leaves=int(message[151]),
        )
        self._tape.order(order.order_id, self.session)
        self.orders[order.order_id] = self.live[order.order_id] = order
        self._show(order, message)

    def _rejected(self, message: Message) -> None:
        request = self._answer(message[11], "D", message)
        assert request.bad, "a sound order is refused"
        message.has({39: 8, 14: 0, 151: 0})

    def _fill(self, message: Message) -> None:
        order = self.live[message[37]]
        qty, price = int(message[32]), Decimal(message[31])
        order.cum += qty
        order.leaves -= qty
        order.notional += qty * price
        assert qty > 0
        assert order.leaves >= 0
        if order.price is not None:
            assert price <= order.price if order.side == "1" else price >= order.price, "its limit"
        self._agree(order, message, "1" if order.leaves else "2")
        trade = message[58].removeprefix("trade ") if self.version == FIX42 else ""
        trade = trade or message[880 if self.version == FIX50SP2 else 527]
        self._tape.fill(trade, order.side, order.symbol, price, qty, message.get(851))

    def _cancel(self, message: Message) -> None:
        order = self.live[message[37]]
        order.leaves = 0
        cl_ord_id = message[11]
        if message.get(41) is None:
            rests = order.price is not None and order.time_in_force != IOC
            assert not rests, "nobody has cancelled it"
        elif cl_ord_id in self._mass_canceled:
            self._mass_canceled[cl_ord_id] -= 1
        else:
            request = self._answer(cl_ord_id, "F", message)
            message.has({41: request.fields[41]})
        self._agree(order, message, "4", cl_ord_id)

    def _mass_cancel(self, message: Message) -> None:
        """The report that comes before those of the orders."""
        fields = self._answer(message[11], "q", message).fields
        symbol = fields.get(55)
        orders = [each for each in self.live.values() if symbol in (None, each.symbol)]
        message.has({531: fields[530], 533: len(orders)})
        self._mass_canceled[message[11]] += len(orders)

    def _replaced(self, message: Message) -> None:
        order = self.live[message[37]]
        request = self._answer(message[11], "G", message)
        order.cl_ord_id = message[11]
        order.qty = max(int(str(request.fields[38])), order.cum)
        order.price = Decimal(str(request.fields[44]))
        order.leaves = order.qty - order.cum
        status = "2" if not order.leaves else "1" if order.cum else "0"
        self._agree(order, message, message[39] if status == "0" else status)

    def _cancel_reject(self, message: Message) -> None:
        request = self._answer(message[11], "FG", message)
        message.has({434: 1 if request.msg_type == "F" else 2})
        order = self.orders.get(message[37])
        if order is not None and message[102] == "0":
            assert not order.leaves, "too late for an order that is live"

    def _agree(
        self, order: Order, message: Message, status: str | None, cl_ord_id: str | None = None
    ) -> None:
        """A report's figures are those of the order after it."""
        message.has({55: order.symbol, 54: order.side, 38: order.qty, 39: status})
        message.has({14: order.cum, 151: order.leaves, 11: cl_ord_id or order.cl_ord_id})
        wanted = average(order.notional, order.cum, TICK)
        assert Decimal(message[6]) == wanted, f"AvgPx should be {wanted}"
        if order.price is not None:
            assert Decimal(message[44]) == order.price, f"Price should be {order.price}"
        if not order.leaves:
            del self.live[order.order_id]
        self._show(order, message)

    @staticmethod
    def _show(order: Order, message: Message) -> None:
        shown = message.get(1138)
        order.shown = None if shown is None else int(shown)

    def _status(self, message: Message) -> None:
        """Compare the venue's order with ours; a mass status names all that are live, no other."""
        request = self._asked[0]
        message.has({17: 0, 790: request.fields.get(790), 584: request.fields.get(584)})
        if request.msg_type == "AF":
            order_id = message[37]
            assert order_id not in self._mass, "twice"
            if message[911] != "0":
                self._mass.add(order_id)
            if message[912] == "Y":
                differ = self._mass ^ self.live.keys()
                assert not differ, f"live for one side only: {differ}"
                assert int(message[911]) == len(self._mass)
                self._mass.clear()
                self._answer(self._asked.popleft().id, "AF", message)
            if message[911] == "0":
                return
            order = self.live[order_id]
        else:
            order = self.orders[message[37]]
            assert order.order_id == request.fields[37], "another order"
            self._answer(self._asked.popleft().id, "H", message)
        message.has({38: order.qty, 14: order.cum, 151: order.leaves})
        wanted = average(order.notional, order.cum, TICK)
        assert Decimal(message[6]) == wanted, f"AvgPx should be {wanted}"

    def check(self) -> None:
        """Assert that nothing is left open."""
        if self.open:
            first = list(self.open.values())[:5]
            raise ViolationError(f"{self.session}: {len(self.open)} without an answer: {first}")
        if any(self._mass_canceled.values()):
            raise ViolationError(f"{self.session}: mass cancel {+self._mass_canceled} short")
