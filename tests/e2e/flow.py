"""Order flow by the dice: the same seed, the same orders."""

import random

from tests.e2e.client import BUY, GTC, IOC, SELL
from tests.e2e.codes import STOP, STOP_LIMIT, Codes
from tests.e2e.message import utc_now

Request = tuple[str, dict[int, object]]


class RandomFlow:
    """Orders of one session around 100.00, with cancels and replaces of those before.

    It does not look at answers: some of what it cancels is long gone, as with real clients.
    """

    def __init__(self, seed: int, symbol: str, prefix: str) -> None:
        self._random = random.Random(seed)
        self._symbol, self._prefix = symbol, prefix
        self._entered: list[tuple[str, str]] = []
        self._sent = 0

    def next_request(self) -> Request:
        dice = self._random
        self._sent += 1
        cl_ord_id = f"{self._prefix}-{self._sent}"
        fields: dict[int, object] = {11: cl_ord_id, 55: self._symbol, 60: utc_now()}
        kind = dice.choices(("D", "F", "G"), (60, 25, 15))[0] if self._entered else "D"
        price = f"{dice.randint(9990, 10010) / 100:.2f}"
        qty = dice.randint(1, 20)
        if kind == "D":
            side = dice.choice((BUY, SELL))
            self._entered.append((cl_ord_id, side))
            terms = dice.choices(
                ({40: "2", 44: price}, {40: "2", 44: price, 59: IOC}, {40: "1"}), (90, 6, 4)
            )[0]
            return kind, fields | {54: side, 38: qty} | terms
        place = dice.randrange(max(0, len(self._entered) - 30), len(self._entered))
        orig_cl_ord_id, side = self._entered[place]
        fields |= {41: orig_cl_ord_id, 54: side}
        if kind == "F":
            del self._entered[place]
            return kind, fields
        self._entered[place] = cl_ord_id, side
        return kind, fields | {38: qty, 40: "2", 44: price}


class RichFlow(RandomFlow):
    """The same with icebergs, stops, orders of another time in force and mass cancels."""

    def __init__(self, seed: int, symbol: str, prefix: str, version: str) -> None:
        super().__init__(seed, symbol, prefix)
        self._codes = Codes(version)

    def next_request(self) -> Request:
        dice = self._random
        if self._codes.has_mass_requests and self._entered and dice.random() < 0.02:
            self._sent += 1
            of: dict[int, object] = {11: f"{self._prefix}-{self._sent}", 530: "1", 60: utc_now()}
            return "q", of | {55: self._symbol, 54: dice.choice((BUY, SELL))}
        kind, fields = super().next_request()
        if kind != "D" or 44 not in fields or 59 in fields or dice.random() < 0.5:
            return kind, fields
        price = fields[44]
        iceberg = {38: dice.randint(10, 60), self._codes.display_tag: dice.randint(1, 9)}
        stop = {40: STOP, 44: None, 99: price}
        waiting = dice.choice((stop, {40: STOP_LIMIT, 99: price}))
        return kind, fields | dice.choice((iceberg, iceberg, waiting, {59: GTC}))
