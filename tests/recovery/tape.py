"""What all clients together know: whose an id is, and both sides of every trade."""

from decimal import Decimal
from typing import NamedTuple

from tests.recovery.wire import ViolationError


class Side(NamedTuple):
    """One side's report of a trade; `liquidity` is LastLiquidityInd(851), where there is one."""

    side: str
    symbol: str
    price: Decimal
    qty: int
    liquidity: str | None


class Tape:
    """Ids are unique over all sessions and all lives of the venue."""

    def __init__(self) -> None:
        self.executions: dict[str, str] = {}
        self.orders: dict[str, str] = {}
        self.trades = 0
        self._half: dict[str, Side] = {}
        self._whole: set[str] = set()

    def execution(self, exec_id: str, session: str) -> None:
        if exec_id in self.executions:
            raise ViolationError(f"ExecID {exec_id} was {self.executions[exec_id]}'s")
        self.executions[exec_id] = session

    def order(self, order_id: str, session: str) -> None:
        if order_id in self.orders:
            raise ViolationError(f"OrderID {order_id} was {self.orders[order_id]}'s")
        self.orders[order_id] = session

    def fill(
        self,
        trade_id: str,
        side: str,
        symbol: str,
        price: Decimal,
        qty: int,
        liquidity: str | None,
    ) -> None:
        """Take one side's report of a trade, which must mirror the other's."""
        mine = Side(side, symbol, price, qty, liquidity)
        if trade_id in self._whole:
            raise ViolationError(f"a third side of trade {trade_id}: {mine}")
        other = self._half.pop(trade_id, None)
        if other is None:
            self._half[trade_id] = mine
            return
        self._whole.add(trade_id)
        self.trades += 1
        same = mine[1:4] == other[1:4] and mine.side != other.side
        roles = {mine.liquidity, other.liquidity} - {None}
        if not same or (len(roles) == 1 and None not in (mine.liquidity, other.liquidity)):
            raise ViolationError(f"trade {trade_id}: {mine}, {other}")

    def check(self) -> None:
        """Assert that every trade has both sides."""
        if self._half:
            raise ViolationError(f"trades with one side: {list(self._half.items())[:5]}")
