"""An account of every order, kept from the reports alone: what the venue tells has to add up.

It knows neither the venue's book nor the reference, only what price-time priority promises.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from venue.core import events as e
from venue.core.types import LIVE, Liquidity, OrdStatus, Side


@dataclass
class Account:
    """One order as last reported; who has the lower place was there first."""

    last: e.OrderEvent
    place: int


class Blotter:
    def __init__(self) -> None:
        self.accounts: dict[int, Account] = {}
        self.traded: Counter[tuple[str, Side]] = Counter()
        self._exec_id = 0
        self._trade_id = 0
        self._aggressor: e.OrderFilled | None = None
        self._places = count()

    def note(self, events: Iterable[e.Event]) -> None:
        """Book the answer to one request."""
        for event in events:
            exec_id = getattr(event, "exec_id", 0)
            if isinstance(event, e.OrderStatusReported):
                assert exec_id == 0
                self._is_unchanged(event)
                continue
            if exec_id or isinstance(event, e.OrderEvent | e.OrderRejected):
                assert exec_id > self._exec_id, "ExecID(17) is used or out of order"
                self._exec_id = exec_id
            if isinstance(event, e.OrderEvent):
                self._book(event)
        assert self._aggressor is None, "a fill without its other side"
        for symbol in {symbol for symbol, _ in self.traded}:
            assert self.traded[symbol, Side.BUY] == self.traded[symbol, Side.SELL]

    def _book(self, event: e.OrderEvent) -> None:
        left = event.order_qty - event.cum_qty if event.ord_status in LIVE else 0
        assert event.leaves_qty == left, "OrderQty(38) = CumQty(14) + LeavesQty(151) while live"
        assert (event.ord_status is OrdStatus.FILLED) == (event.cum_qty == event.order_qty)
        assert event.ord_status in LIVE or event.leaves_qty == 0
        if isinstance(event, e.DuplicateRejected):
            self._is_unchanged(event)
        elif isinstance(event, e.OrderAccepted):
            assert event.order_id not in self.accounts, "OrderID(37) is used"
            self.accounts[event.order_id] = Account(event, next(self._places))
        elif isinstance(event, e.OrderFilled):
            self._fill(event)
        else:
            account = self.accounts[event.order_id]
            last = account.last
            assert (event.cum_qty, event.notional) == (last.cum_qty, last.notional)
            if event.price != last.price or event.order_qty > last.order_qty:
                account.place = next(self._places)
            account.last = event

    def _is_unchanged(self, event: e.OrderEvent) -> None:
        last = self.accounts[event.order_id].last
        for name in ("price", "order_qty", "leaves_qty", "cum_qty", "notional", "ord_status"):
            assert getattr(event, name) == getattr(last, name)

    def _fill(self, fill: e.OrderFilled) -> None:
        last = self.accounts[fill.order_id].last
        assert last.ord_status in LIVE
        assert fill.cum_qty == last.cum_qty + fill.last_qty
        assert fill.notional == last.notional + fill.last_qty * fill.last_px
        self.traded[fill.symbol, fill.side] += fill.last_qty
        if self._aggressor is None:
            assert fill.liquidity is Liquidity.REMOVED
            self._aggressor = fill
        else:
            assert fill.liquidity is Liquidity.ADDED
            self._match(self._aggressor, fill)
            for side in (self._aggressor, fill):
                self.accounts[side.order_id].last = side
            self._aggressor = None

    def _match(self, aggressor: e.OrderFilled, resting: e.OrderFilled) -> None:
        """No trade-through, time priority, and the resting order's price for both."""
        assert resting.trade_id == aggressor.trade_id == self._trade_id + 1
        self._trade_id += 1
        assert (resting.last_qty, resting.last_px) == (aggressor.last_qty, aggressor.last_px)
        assert resting.symbol == aggressor.symbol and resting.side is not aggressor.side
        assert resting.last_px == resting.price, "a print away from the resting price"
        sign = 1 if aggressor.side is Side.BUY else -1
        if aggressor.price is not None:
            assert resting.last_px * sign <= aggressor.price * sign, "beyond the limit"
        account = self.accounts[resting.order_id]
        for rival in self.resting(resting.symbol, resting.side):
            price = rival.last.price
            assert price is not None
            assert price * sign >= resting.last_px * sign, "a trade-through"
            assert price != resting.last_px or rival.place >= account.place, "out of turn"

    def resting(self, symbol: str, side: Side) -> list[Account]:
        """The accounts of every live order of one side."""
        return [
            account
            for account in self.accounts.values()
            if account.last.leaves_qty
            and account.last.side is side
            and account.last.symbol == symbol
        ]

    def queue(self, symbol: str, side: Side) -> list[tuple[int, int]]:
        """(OrderID, open quantity) of one side, whoever trades first at the front."""
        sign = -1 if side is Side.BUY else 1
        turn = sorted(
            self.resting(symbol, side), key=lambda a: (sign * (a.last.price or 0), a.place)
        )
        return [(account.last.order_id, account.last.leaves_qty) for account in turn]
