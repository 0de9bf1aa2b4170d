"""What one account has of one instrument, and what that has cost and earned.

Quantities are lots and money is tick-lots, both whole: what was realised is what came in for what
was sold, less what that had cost. Where a part of a lot is sold, its cost is rounded to whole
tick-lots (half to even), and what is rounded stays with the rest: realised, unrealised and cash
always agree.
"""

from collections import deque
from dataclasses import dataclass, field

Lot = tuple[int, int]
"""Lots of an instrument that were bought together, and what they cost in tick-lots; lots below 0
were sold short.
"""


@dataclass(slots=True)
class Position:
    """What `account` of `firm` has of an instrument, `qty` below 0 if it is short.

    `cost` is what that has cost, and below 0 what it has brought; `cash` what came in less what was
    paid since ever, fees apart; `turnover` what was traded in this trading day. `lots` are those it
    consists of, the oldest first, None with average cost. `fees` are paid less rebated, in units of
    10 ** -FEE_DIGITS, by currency. What begins with `day_` was so when the trading day began,
    `day_mark` the last price then, 0 without one.
    """

    firm: str
    account: str
    symbol: str
    qty: int = 0
    cost: int = 0
    cash: int = 0
    turnover: int = 0
    lots: deque[Lot] | None = None
    fees: dict[str, int] = field(default_factory=dict)
    day_qty: int = 0
    day_cost: int = 0
    day_cash: int = 0
    day_mark: int = 0
    day_fees: dict[str, int] = field(default_factory=dict)

    @property
    def realised(self) -> int:
        """What was earned with what is not held any more, before fees."""
        return self.cash + self.cost

    @property
    def day_realised(self) -> int:
        """The same since the trading day began."""
        return self.cash + self.cost - self.day_cash - self.day_cost

    @property
    def day_equity(self) -> int:
        """What all of it was worth when the trading day began."""
        return self.day_cash + self.day_qty * self.day_mark

    def unrealised(self, price: int | None) -> int:
        """What is earned with what is held, at `price` ticks; nothing where that is None."""
        return 0 if price is None else self.qty * price - self.cost

    def day_pnl(self, price: int | None) -> int:
        """What was earned since the trading day began, at `price` ticks and before fees."""
        value = self.cost if price is None else self.qty * price
        return self.cash + value - self.day_equity

    def begin_day(self, mark: int) -> None:
        """Another trading day begins with what there is, which is worth `mark` ticks a lot."""
        self.day_qty, self.day_cost, self.day_cash = self.qty, self.cost, self.cash
        self.day_mark = mark
        self.turnover = 0

    def queue(self, is_fifo: bool) -> None:
        """Count cost by lots from now on, or no more; what is held keeps the cost it has."""
        if not is_fifo:
            self.lots = None
        elif self.lots is None:
            self.lots = deque([(self.qty, self.cost)] if self.qty else ())

    def post(self, qty: int, price: int) -> tuple[Lot, ...]:
        """`qty` lots are bought at `price`, or sold if below 0. Return the lots that this has
        closed or begun to close, as they were; none with average cost.
        """
        held, paid = self.qty, qty * price
        now = self.qty = held + qty
        self.cash -= paid
        self.turnover += paid if paid > 0 else -paid
        if self.lots is not None:
            return self._post_by_lots(self.lots, held, qty, price)
        if held * qty >= 0:
            self.cost += paid
        elif held * now >= 0:
            self.cost -= part(self.cost, -qty, held)
        else:
            self.cost = now * price
        return ()

    def _post_by_lots(self, lots: deque[Lot], held: int, qty: int, price: int) -> tuple[Lot, ...]:
        """The rest of `post`, the oldest lots first."""
        closed: list[Lot] = []
        opened = qty
        if held and (held > 0) is not (qty > 0):
            closing = held if abs(held) < abs(qty) else -qty
            opened += closing
            while closing:
                lot_qty, lot_cost = lot = lots.popleft()
                closed.append(lot)
                if abs(closing) < abs(lot_qty):
                    cost = part(lot_cost, closing, lot_qty)
                    lots.appendleft((lot_qty - closing, lot_cost - cost))
                    lot_qty, lot_cost = closing, cost
                closing -= lot_qty
                self.cost -= lot_cost
        if opened:
            paid = opened * price
            self.cost += paid
            last_qty, last_cost = lots[-1] if lots else (0, 0)
            if last_qty and last_cost == last_qty * price:
                lots[-1] = last_qty + opened, last_cost + paid
            else:
                lots.append((opened, paid))
        return tuple(closed)

    def take_back(self, qty: int, price: int, cost: int, closed: tuple[Lot, ...]) -> None:
        """Be as before the last `post` of `qty` at `price`, which found `cost` and returned
        `closed`.
        """
        lots = self.lots
        self.qty -= qty
        self.cash += qty * price
        self.turnover -= abs(qty * price)
        self.cost = cost
        if lots is None:
            return
        begun = sum(lot_qty for lot_qty, _ in closed) + qty
        if not closed or (begun and (begun > 0) is (qty > 0)):
            last_qty, last_cost = lots.pop()  # what was opened, if with a lot of the same price
            opened = begun if closed else qty
            if last_qty != opened:
                lots.append((last_qty - opened, last_cost - opened * price))
        elif begun:
            lots.popleft()
        lots.extendleft(reversed(closed))


def part(cost: int, lots: int, of: int) -> int:
    """What `lots` of the lots `of` have cost, of which all have cost `cost`; half to even."""
    if lots == of:
        return cost
    whole, rest = divmod(cost * lots, of)
    doubled = 2 * rest
    if doubled == of:
        return whole + (whole & 1)
    return whole + (abs(doubled) > abs(of))
