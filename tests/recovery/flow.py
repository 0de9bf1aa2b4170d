"""What a client sends: requests by the dice, about orders as its ledger has them."""

import random
from collections.abc import Callable

from tests.recovery.ledger import TICK, Ledger, Order, Request
from tests.recovery.wire import FIX42, FIX50SP2, utc_now

SYMBOLS = ("TORA", "TORB")
MOST_LIVE = 30
"""Orders from which on a client rather cancels."""
CENTRE, SPREAD = 10_000, 15
"""Prices in ticks: limits cross and rest."""


class Flow:
    """Ids are `prefix` and a number, and never used again."""

    def __init__(self, dice: random.Random, ledger: Ledger, prefix: str) -> None:
        self._dice, self._ledger, self._prefix = dice, ledger, prefix
        self._used = 0

    def next(self) -> Request:
        """A request, not numbered yet."""
        live = list(self._ledger.live.values())
        weights = {"D": 60, "F": 20, "G": 14, "H": 4, "q": 0.4, "AF": 0.6, "bad": 1}
        if self._ledger.version == FIX42:
            weights["q"] = weights["AF"] = 0
        if not live:
            weights["F"] = weights["G"] = weights["H"] = 0
        elif len(live) > MOST_LIVE:
            weights["D"], weights["F"] = 10, 70
        [kind] = self._dice.choices(list(weights), list(weights.values()))
        make: dict[str, Callable[[], Request]] = {
            "D": self.order,
            "F": lambda: self.cancel(self._dice.choice(live)),
            "G": lambda: self.replace(self._dice.choice(live)),
            "H": lambda: self.status(self._dice.choice(live)),
            "q": self.mass_cancel,
            "AF": self.mass_status,
            "bad": self.bad_order,
        }
        return make[kind]()

    def _request(self, msg_type: str, fields: dict[int, object]) -> Request:
        self._used += 1
        id = f"{self._prefix}-{self._used}"
        tag = {"H": 790, "AF": 584}.get(msg_type, 11)
        if msg_type == "H":
            fields = {11: id} | fields
            if self._ledger.version == FIX42:
                return Request(msg_type, id, 0, fields)
        if msg_type in "DG" and self._ledger.version == FIX42:
            fields = fields | {21: "1"}
        return Request(msg_type, id, 0, {tag: id} | fields)

    def order(self) -> Request:
        dice = self._dice
        qty = dice.randint(1, 200)
        side, symbol = dice.choice("12"), dice.choice(SYMBOLS)
        terms: dict[int, object] = {40: "2", 44: self._price()}
        kind = dice.choices(("limit", "ioc", "market", "iceberg"), (82, 8, 3, 7))[0]
        if kind == "ioc":
            terms[59] = "3"
        elif kind == "market":
            terms = {40: "1"}
        elif kind == "iceberg" and self._ledger.version == FIX50SP2 and qty > 10:
            terms |= {1138: dice.randint(qty // 10, qty // 2), 59: "1"}
        return self._request("D", {55: symbol, 54: side, 38: qty, 60: utc_now()} | terms)

    def bad_order(self) -> Request:
        fields: dict[int, object] = {
            55: "NONESUCH",
            54: "1",
            38: 1,
            60: utc_now(),
            40: "2",
            44: self._price(),
        }
        request = self._request("D", fields)
        request.bad = True
        return request

    def cancel(self, order: Order) -> Request:
        fields: dict[int, object] = {41: order.cl_ord_id, 55: order.symbol, 54: order.side}
        return self._request("F", fields | {60: utc_now()})

    def replace(self, order: Order) -> Request:
        fields: dict[int, object] = {41: order.cl_ord_id, 55: order.symbol, 54: order.side}
        terms: dict[int, object] = {
            60: utc_now(),
            38: self._dice.randint(1, 200),
            40: "2",
            44: self._price(),
        }
        return self._request("G", fields | terms)

    def status(self, order: Order) -> Request:
        fields: dict[int, object] = {37: order.order_id, 55: order.symbol, 54: order.side}
        return self._request("H", fields)

    def mass_cancel(self) -> Request:
        symbol = self._dice.choice(SYMBOLS)
        return self._request("q", {530: "1", 55: symbol, 60: utc_now()})

    def mass_status(self) -> Request:
        return self._request("AF", {585: "7"})

    def _price(self) -> str:
        return str((CENTRE + self._dice.randint(-SPREAD, SPREAD)) * TICK)
