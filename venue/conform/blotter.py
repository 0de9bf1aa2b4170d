"""What one session has been told of its orders, and whether that can be true.

Every ExecutionReport must keep to the rules here, whatever a script expects of it. What is live at
the end is to be cancelled, so that the next script finds the book as this one did.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from msgspec import Struct, field

from venue.conform.message import Message

_LIVE = frozenset("0156A")
_ENDED = frozenset("24C8")
_REQUIRED = ("6", "14", "17", "37", "39", "54", "60", "150", "151")
_FOR_LIFE = ("55", "54")
_ZERO = Decimal(0)


class Order(Struct):
    """An order by its OrderID(37); `fills` are the quantities and prices of its fills, by the
    ExecID(17) that told of each last.
    """

    order_id: str
    cl_ord_id: str
    symbol: str
    side: str
    live: bool = True
    fills: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)


class Blotter:
    """`tick` is how much of it AvgPx(6) may be rounded by, twice."""

    def __init__(self, tick: Decimal) -> None:
        self._tick = tick
        self._orders: dict[str, Order] = {}
        self._exec_ids: set[str] = set()

    def hear(self, message: Message) -> list[str]:
        """Take note of a message of any type, and return what it breaks. A drop copy is of somebody
        else's order.
        """
        if message.type != "8" or message.get("43") == "Y":
            return []
        if wrong := [f"{tag}: is missing" for tag in _REQUIRED if message.get(tag) is None]:
            return wrong
        try:
            return list(self._wrong(message))
        except InvalidOperation:
            return ["6, 14, 31, 32, 38 and 151 are not all numbers"]

    def live(self) -> list[Order]:
        """The orders that have not ended, the oldest first."""
        return [order for order in self._orders.values() if order.live]

    def forget(self) -> None:
        """Know of no order any more."""
        self._orders.clear()

    def _wrong(self, message: Message) -> Iterator[str]:
        yield from _wrong_quantities(message)
        if message.get("115") is not None:
            return
        if message.get("150") == "I" or message.get("20") == "3":
            return
        exec_id = message.get("17") or ""
        if exec_id in self._exec_ids:
            yield f"17: {exec_id} was used before"
        self._exec_ids.add(exec_id)
        order_id, status = message.get("37") or "", message.get("39") or ""
        order = self._orders.get(order_id)
        if order is None:
            if message.get("150") != "0":
                return
            cl_ord_id, symbol = message.get("11") or "", message.get("55") or ""
            order = Order(order_id, cl_ord_id, symbol, message.get("54") or "")
            self._orders[order_id] = order
        yield from self._wrong_order(order, message)
        if message.get("150") != "8":
            order.live = status in _LIVE
            order.cl_ord_id = message.get("11") or ""

    def _wrong_order(self, order: Order, message: Message) -> Iterator[str]:
        for tag, value in zip(_FOR_LIFE, (order.symbol, order.side), strict=True):
            if message.get(tag) != value:
                yield f"{tag}: was {value} when the order was new, got {message.get(tag)}"
        exec_id, trans = message.get("17") or "", message.get("20")
        busts = message.get("150") == "H" or trans == "1"
        corrects = message.get("150") == "G" or trans == "2"
        if busts or corrects:
            ref_id = message.get("19") or ""
            if order.fills.pop(ref_id, None) is None:
                yield f"19: {ref_id} told of no fill of the order last"
        if corrects or (not busts and message.get("150") in ("F", "1", "2")):
            order.fills[exec_id] = _number(message, "32"), _number(message, "31")
        total = sum((qty for qty, _ in order.fills.values()), _ZERO)
        paid = sum((qty * price for qty, price in order.fills.values()), _ZERO)
        filled, average = _number(message, "14"), _number(message, "6")
        if filled != total:
            yield f"14: the fills add up to {total}, got {filled}"
        elif filled and abs(average - paid / filled) * 2 > self._tick:
            yield f"6: the fills were at {paid / filled} on average, got {average}"


def _number(message: Message, tag: str) -> Decimal:
    return Decimal(message.get(tag) or 0)


def _wrong_quantities(message: Message) -> Iterator[str]:
    leaves, filled, status = (
        _number(message, "151"),
        _number(message, "14"),
        message.get("39") or "",
    )
    if status in _ENDED and leaves != 0:
        yield f"151: an order that has ended (39={status}) leaves 0, not {leaves}"
    ordered = message.get("38")
    if ordered is None:
        return
    if status in ("0", "1") and leaves + filled != Decimal(ordered):
        yield f"151: {leaves} and 14: {filled} are not the order's 38: {ordered}"
    if status == "2" and filled != Decimal(ordered):
        yield f"14: a filled order has its 38: {ordered}, not {filled}"
    if (_number(message, "6") == 0) != (filled == 0):
        yield f"6: {message.get('6')} goes with 14: {filled}"
