"""The books of every account, kept from the reports alone, each time from the first fill on.

It knows nothing of the venue's ledger: what the reports say has to add up to what that has.
"""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from venue.core import events as e
from venue.core.fees import Fee, FeeRule, FeeSchedule, FeeTier
from venue.core.position import Position
from venue.core.types import CostMethod, FeeBasis, FeeRounding, Liquidity, Side
from venue.core.venue import Venue

MAKER, TAKER, AUCTION = Decimal(-150), Decimal(250), Decimal(33)
"""Basis points: so many that a fill costs something."""
MINIMUM = Decimal("0.01")
SCHEDULE = FeeSchedule(
    (
        FeeRule(
            *("", "", FeeBasis.BPS, (FeeTier(Decimal(0), MAKER, TAKER, AUCTION),)),
            *(MINIMUM, 3, FeeRounding.HALF_EVEN, ""),
        ),
    )
)
TICK_LOT = Decimal("0.025")
"""What a tick-lot is worth, see `tests.property.twins.spec`."""

Owner = tuple[str, str, str]
"""Firm, account and symbol."""


@dataclass(frozen=True)
class Fill:
    """One side of a trade as told last, `qty` below 0 of a sale."""

    exec_id: int
    owner: Owner
    qty: int
    price: int
    fee: Fee | None
    liquidity: Liquidity


class Bookkeeper:
    def __init__(self) -> None:
        self.fills: dict[tuple[int, int], Fill] = {}
        """By trade id and OrderID, in the order of the fills."""
        self.last_trade_id = self.day_trade_id = 0
        """The last trade, and the last one before this trading day."""

    def note(self, events: Iterable[e.Event]) -> None:
        for event in events:
            if isinstance(event, e.OrderFilled):
                sign = 1 if event.side is Side.BUY else -1
                owner = event.firm, event.account, event.symbol
                terms = sign * event.last_qty, event.last_px, event.fee, event.liquidity
                fill = Fill(event.exec_id, owner, *terms)
                self.fills[event.trade_id, event.order_id] = _checked(fill)
                self.last_trade_id = event.trade_id
            elif isinstance(event, e.DayEnded):
                self.day_trade_id = self.last_trade_id
            elif isinstance(event, e.OrderTradeBusted):
                fill = self.fills.pop((event.trade_id, event.order_id))
                assert fill.exec_id == event.exec_ref_id, "ExecRefID(19)"
            elif isinstance(event, e.OrderTradeCorrected):
                fill = self.fills[event.trade_id, event.order_id]
                assert fill.exec_id == event.exec_ref_id, "ExecRefID(19)"
                sign = 1 if fill.qty > 0 else -1
                terms = sign * event.last_qty, event.last_px, event.fee, event.liquidity
                fill = Fill(event.exec_id, fill.owner, *terms)
                self.fills[event.trade_id, event.order_id] = _checked(fill)

    def check(self, venue: Venue) -> None:
        """Assert that the ledger says the same of every account, and of the venue."""
        earned: Counter[str] = Counter()
        owners = {fill.owner for fill in self.fills.values()}
        for position in venue.ledger.positions():
            owner = position.firm, position.account, position.symbol
            owners.discard(owner)
            fills = [fill for fill in self.fills.values() if fill.owner == owner]
            self._check_position(position, fills, venue.ledger.cost_method)
            fees = Counter(_fees(fills))
            earned.update(fees)
            assert _without_zeros(position.fees) == _without_zeros(fees), "fees"
            self._check_day(position, venue.ledger.cost_method)
        assert not owners, "an account that has traded and is in no book"
        assert _without_zeros(venue.ledger.earned) == _without_zeros(earned)

    def _check_day(self, position: Position, method: CostMethod) -> None:
        """What it was when the trading day began, without what was busted since."""
        owner = position.firm, position.account, position.symbol
        past = {key: fill for key, fill in self.fills.items() if key[0] <= self.day_trade_id}
        fills = [fill for fill in past.values() if fill.owner == owner]
        assert position.day_qty == sum(fill.qty for fill in fills)
        assert position.day_cash == -sum(fill.qty * fill.price for fill in fills)
        assert position.day_cost == COUNTED[method](fills)
        assert _without_zeros(position.day_fees) == _without_zeros(_fees(fills))
        if position.day_qty:
            marks = [fill.price for fill in past.values() if fill.owner[2] == position.symbol]
            assert position.day_mark == marks[-1], "the last price of the day before"
        today = [fill for key, fill in self.fills.items() if key not in past]
        own = [fill for fill in today if fill.owner == owner]
        assert position.turnover == sum(abs(fill.qty * fill.price) for fill in own)

    def _check_position(self, position: Position, fills: list[Fill], method: CostMethod) -> None:
        assert position.qty == sum(fill.qty for fill in fills)
        assert position.cash == -sum(fill.qty * fill.price for fill in fills)
        assert position.cost == COUNTED[method](fills), "cost"
        assert position.realised == position.cash + position.cost
        assert position.unrealised(7) == position.qty * 7 - position.cost


def _fees(fills: list[Fill]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for fill in fills:
        if fill.fee is not None:
            found[fill.fee.currency] += fill.fee.amount
    return found


def _without_zeros(sums: dict[str, int]) -> dict[str, int]:
    return {name: each for name, each in sums.items() if each}


def _checked(fill: Fill) -> Fill:
    """The same, with the fee that the schedule says."""
    rate = {Liquidity.ADDED: MAKER, Liquidity.REMOVED: TAKER}.get(fill.liquidity, AUCTION)
    exact = abs(fill.qty * fill.price) * TICK_LOT * rate / 10_000
    amount = exact.quantize(Decimal("0.001"), rounding=ROUND_HALF_EVEN)
    if rate > 0:
        amount = max(amount, MINIMUM)
    assert fill.fee == Fee(int(amount * 10**8), "USD"), "the fee of a fill"
    return replace(fill)


def _average(fills: list[Fill]) -> int:
    """What is held has cost, on average."""
    qty, cost = 0, 0
    for fill in fills:
        if qty * fill.qty >= 0:
            cost += fill.qty * fill.price
        elif abs(fill.qty) <= abs(qty):
            cost -= round(Fraction(cost * -fill.qty, qty))
        else:
            cost = (qty + fill.qty) * fill.price
        qty += fill.qty
    return cost


def _first_in_first_out(fills: list[Fill]) -> int:
    """What is held has cost, lot by lot."""
    queue: deque[tuple[int, int]] = deque()
    for fill in fills:
        sign = 1 if fill.qty > 0 else -1
        for _ in range(abs(fill.qty)):
            if queue and queue[0][0] != sign:
                queue.popleft()
            else:
                queue.append((sign, fill.price))
    return sum(sign * price for sign, price in queue)


COUNTED = {CostMethod.AVERAGE: _average, CostMethod.FIFO: _first_in_first_out}
