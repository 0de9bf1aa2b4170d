"""Order flow by the dice: the same seed, the same orders."""

import random

from tests.e2e.client import BUY, IOC, SELL
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
