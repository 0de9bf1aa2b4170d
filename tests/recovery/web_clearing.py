"""What the venue says itself, over FIX, to a clearing session: a copy of every report to anybody.

Its numbers are never reset, so nothing is missed over any number of restarts.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, TypeVar

from tests.e2e.message import Message
from tests.recovery.engine import Engine
from tests.recovery.wire import FIX50SP2, ViolationError

K = TypeVar("K")

ENDED = frozenset("234C8")
"""OrdStatus(39)."""
STATUS_WORDS = {
    "0": "new",
    "1": "partially_filled",
    "2": "filled",
    "4": "canceled",
    "5": "new",
    "C": "expired",
}


class Trade(NamedTuple):
    """One side of a trade."""

    trade_id: str
    order_id: str
    session: str
    symbol: str
    side: str
    quantity: Decimal
    price: Decimal


@dataclass
class Truth:
    """An order as the venue has told it."""

    order_id: str
    session: str
    cl_ord_ids: list[str]
    symbol: str
    side: str
    status: str = "0"
    quantity: Decimal = Decimal(0)
    price: Decimal | None = None
    filled: Decimal = Decimal(0)
    leaves: Decimal = Decimal(0)
    shown: Decimal | None = None
    is_waiting: bool = False
    trades: dict[str, Trade] = field(default_factory=dict)

    @property
    def is_live(self) -> bool:
        return self.status not in ENDED


class Clearing:
    """`entered`, `replaced` and `refused` count by session and ClOrdID what became of requests,
    `canceled` has the OrderIDs of orders that were canceled.
    """

    def __init__(self, comp_id: str, directory: Path) -> None:
        self.log = (directory / f"{comp_id}.log").open("w")
        self.engine = Engine(comp_id, FIX50SP2, self.log, self._take)
        self.orders: dict[str, Truth] = {}
        self.by_id: dict[tuple[str, str], Truth] = {}
        self.sides: dict[tuple[str, str], Trade] = {}
        self.entered: Counter[tuple[str, str]] = Counter()
        self.replaced: Counter[tuple[str, str]] = Counter()
        self.refused: Counter[tuple[str, str]] = Counter()
        self.canceled: set[str] = set()
        self._exec_ids: set[str] = set()
        self._asked = 0
        self._live: dict[str, Truth] | None = None
        self._told: list[Trade] | None = None
        self._is_told = self._is_live_told = False

    def live(self) -> dict[str, Truth]:
        return {order.order_id: order for order in self.orders.values() if order.is_live}

    def ask(self) -> None:
        """Ask for all live orders and all trades; `is_answered` tells when they are there."""
        self._asked += 1
        self._live, self._told = {}, []
        self._is_told = self._is_live_told = False
        self.engine.send("AF", [(584, f"AF{self._asked}"), (585, 7)])
        self.engine.send("AD", [(568, f"AD{self._asked}"), (569, 0)])

    @property
    def is_answered(self) -> bool:
        return self._is_told and self._is_live_told

    def check(self) -> None:
        """Raise `ViolationError` where the answers are not what the reports come to."""
        assert self._live is not None
        assert self._told is not None
        _same("live orders", self._figures(self._live), self._figures(self.live()))
        told = {(each.trade_id, each.order_id): each for each in self._told}
        if len(told) != len(self._told):
            raise ViolationError("the venue tells a side of a trade twice")
        _same("trades", told, self.sides)
        for trade_id, sides in self._by_trade().items():
            first, last = sides[0], sides[-1]
            mirrored = first[3:4] + first[5:] == last[3:4] + last[5:] and first.side != last.side
            if len(sides) != 2 or not mirrored:
                raise ViolationError(f"trade {trade_id} has the sides {sides}")
        for order in self.orders.values():
            if sum(trade.quantity for trade in order.trades.values()) != order.filled:
                raise ViolationError(f"the fills of {order} are not what is filled")

    def _by_trade(self) -> dict[str, list[Trade]]:
        found: dict[str, list[Trade]] = defaultdict(list)
        for each in self.sides.values():
            found[each.trade_id].append(each)
        return found

    @staticmethod
    def _figures(orders: dict[str, Truth]) -> dict[str, tuple[object, ...]]:
        return {
            key: (each.session, each.quantity, each.price, each.filled, each.leaves)
            for key, each in orders.items()
        }

    def _take(self, message: Message) -> None:
        if message.type == "8" and message.get(584) is not None:
            self._status(message)
        elif message.type == "8":
            self._report(message)
        elif message.type == "AE":
            self._trade(message)
        elif message.type == "AQ":
            self._is_told = message.get(750) == "1"
            if message.get(749) not in (None, "0"):
                raise ViolationError(f"no trades are told: {message}")
        else:
            raise ViolationError(f"unexpected: {message}")

    def _status(self, message: Message) -> None:
        assert self._live is not None
        if message[911] != "0":
            order = Truth(message[37], message[115], [message[11]], message[55], message[54])
            self._follow(order, message)
            self._live[order.order_id] = order
        self._is_live_told = self._is_live_told or message.get(912) == "Y"

    def _trade(self, message: Message) -> None:
        assert self._told is not None
        for side in message.entries(54):
            self._told.append(
                Trade(
                    *(message[880], side[37], side[821], message[55], side[54]),
                    *(Decimal(message[32]), Decimal(message[31])),
                )
            )

    def _report(self, message: Message) -> None:
        session, exec_id, kind = message[115], message[17], message[150]
        if exec_id in self._exec_ids:
            raise ViolationError(f"ExecID {exec_id} comes twice: {message}")
        self._exec_ids.add(exec_id)
        if kind == "8":
            self.refused[session, message[11]] += 1
            return
        if kind == "0":
            self.entered[session, message[11]] += 1
            order = Truth(message[37], session, [message[11]], message[55], message[54])
            if message[37] in self.orders:
                raise ViolationError(f"OrderID {message[37]} is used twice: {message}")
            self.orders[message[37]] = self.by_id[session, message[11]] = order
        order = self.orders[message[37]]
        if kind == "5":
            self.replaced[session, message[11]] += 1
            order.cl_ord_ids.append(message[11])
            self.by_id[session, message[11]] = order
        elif kind == "4":
            self.canceled.add(order.order_id)
        elif kind == "F":
            price = Decimal(message[31])
            trade = Trade(
                *(message[880], order.order_id, session, order.symbol, order.side),
                *(Decimal(message[32]), price),
            )
            self.sides[trade.trade_id, trade.order_id] = order.trades[trade.trade_id] = trade
        self._follow(order, message)

    @staticmethod
    def _follow(order: Truth, message: Message) -> None:
        price, shown = message.get(44), message.get(1138)
        order.status = message[39]
        order.quantity, order.filled = Decimal(message[38]), Decimal(message[14])
        order.leaves = Decimal(message[151])
        order.is_waiting = message.get(636) == "N"
        order.price = None if price is None else Decimal(price)
        order.shown = None if shown is None else Decimal(shown)


def _same(what: str, told: Mapping[K, object], known: Mapping[K, object]) -> None:
    if told != known:
        keys = [key for key in told.keys() | known.keys() if told.get(key) != known.get(key)]
        differ = [(key, told.get(key), known.get(key)) for key in keys[:10]]
        raise ViolationError(f"{what} of the venue, (asked, reported): {len(keys)}: {differ}")
