"""What every part of the naive matcher stands on: the orders, the ids, and how it tells of them."""

from collections import defaultdict
from itertools import count
from typing import Any

from tests.reference.order import STATE, Order, State, Terms, Told


class Counter:
    """1, 2, 3, ..., and the last of them."""

    def __init__(self) -> None:
        self.last = 0

    def __next__(self) -> int:
        self.last += 1
        return self.last


class Orders:
    def __init__(self, terms: dict[str, Terms]) -> None:
        self.terms = dict(terms)
        self.states = {symbol: State() for symbol in terms}
        self.time = 0
        self.seed = 0
        self.orders: list[Order] = []
        self.last: dict[str, tuple[int, int]] = {}
        """Price and quantity of each symbol's last trade."""
        self.prints: defaultdict[str, list[int]] = defaultdict(list)
        """The prices of each symbol's trades that have not triggered anybody yet."""
        self.order_ids, self.exec_ids, self.trade_ids = Counter(), Counter(), Counter()
        self.places, self.ages = count(1), count(1)

    def last_price(self, symbol: str) -> int:
        """Of the last trade, or before it the reference price."""
        price, _ = self.last.get(symbol, (self.terms[symbol].reference_price, 0))
        return price

    def end(
        self,
        how: str,
        order: Order,
        to: str | None = None,
        cl_ord_id: str | None = None,
        **extra: Any,
    ) -> Told:
        """End what is left of `order`, and tell of it."""
        order.ended = how
        order.place = None
        order.slice = 0
        return self.tell(how, order, to, cl_ord_id, **extra)

    def tell(
        self,
        what: str,
        order: Order,
        to: str | None = None,
        cl_ord_id: str | None = None,
        exec_id: int | None = None,
        **extra: Any,
    ) -> Told:
        """Tell `to`, or else the owner, how `order` stands."""
        if exec_id is None:
            exec_id = 0 if what == "status" else next(self.exec_ids)
        state = {field: getattr(order, field) for field in STATE}
        name = cl_ord_id or order.cl_ord_id
        return Told(to or order.session, what, name, exec_id=exec_id, **state | extra)
