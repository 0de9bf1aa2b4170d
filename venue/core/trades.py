"""Every match becomes a trade here: its ids, its fees, what is told of it, and the memory of it."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from venue.core.events import Event, OrderFilled
from venue.core.fees import Fee, Fees
from venue.core.ledger import Ledger
from venue.core.market import Market
from venue.core.order import Order
from venue.core.position import Lot
from venue.core.rebooking import rebook
from venue.core.reports import Ids, state
from venue.core.types import CostMethod, Liquidity, Side
from venue.core.volumes import Volumes

BUY = Side.BUY
ADDED = Liquidity.ADDED
REMOVED = Liquidity.REMOVED
TRADES = 100_000
"""How many trades are remembered where no `DefineAccounting` says otherwise."""


class TradeSide(Struct, gc=False):
    """One side of a trade: `order`, which had `cl_ord_id` then. `exec_id` is that of the report
    that told of it last, `fee` what it costs.

    `before` is what the account's position had cost until then, `closed` are its lots that this has
    closed (`Position.post`).
    """

    order: Order
    exec_id: int
    cl_ord_id: str
    liquidity: Liquidity
    fee: Fee | None
    before: int
    closed: tuple[Lot, ...]

    @property
    def order_id(self) -> int:
        return self.order.order_id

    @property
    def session(self) -> str:
        return self.order.session

    @property
    def firm(self) -> str:
        return self.order.firm

    @property
    def account(self) -> str:
        return self.order.account

    @property
    def side(self) -> Side:
        return self.order.side


class Trade(Struct, gc=False):
    """`qty` lots at `price` ticks at `time`, in nanoseconds since 1970 UTC; `qty` is 0 once it is
    busted. The aggressor's side is `first`; of an auction's trade the buyer's. `changes` is how
    often it was busted or corrected.
    """

    trade_id: int
    symbol: str
    time: int
    qty: int
    price: int
    first: TradeSide
    second: TradeSide
    changes: int = 0

    @property
    def sides(self) -> tuple[TradeSide, TradeSide]:
        return self.first, self.second


class Trades:
    """Makes trades, and remembers the last `limit` of them by trade id, the oldest first.

    `forgotten` is told of each that is remembered no more.
    """

    def __init__(self, ids: Ids, markets: Mapping[str, Market]) -> None:
        self.ids = ids
        self.markets = markets
        self.volumes = Volumes()
        self.fees = Fees(markets, self.volumes)
        self.ledger = Ledger()
        self.limit = TRADES
        self.remembered: dict[int, Trade] = {}
        self.forgotten: Callable[[Trade], None] = _nobody_asks

    @property
    def accounting(self) -> tuple[CostMethod, int]:
        """How cost is counted, and how many trades are remembered."""
        return self.ledger.cost_method, self.limit

    def execute(
        self,
        first: Order,
        second: Order,
        qty: int,
        price: int,
        time: int,
        events: list[Event],
        liquidity: tuple[Liquidity, Liquidity] = (REMOVED, ADDED),
    ) -> None:
        """Two orders, which know of it already, have traded: two fills go to `events`."""
        ids, remembered = self.ids, self.remembered
        trade_id = ids.trade_id = ids.trade_id + 1
        trade = Trade(
            trade_id,
            first.symbol,
            time,
            qty,
            price,
            self._fill(first, trade_id, qty, price, liquidity[0], events),
            self._fill(second, trade_id, qty, price, liquidity[1], events),
        )
        remembered[trade_id] = trade
        oldest = remembered.pop(trade_id - self.limit, None)
        if oldest is not None:
            self.forgotten(oldest)

    def _fill(
        self,
        order: Order,
        trade_id: int,
        qty: int,
        price: int,
        liquidity: Liquidity,
        events: list[Event],
    ) -> TradeSide:
        ids, ledger = self.ids, self.ledger
        firm, symbol = order.firm, order.symbol
        exec_id = ids.exec_id = ids.exec_id + 1
        account = order.account
        try:
            position = ledger.accounts[firm, account][symbol]
        except KeyError:
            position = ledger.position(firm, account, symbol)
        before = position.cost
        closed = position.post(qty if order.side is BUY else -qty, price)
        fee = None
        if self.fees.schedule is not None:
            fee = self.fees.charge(firm, symbol, liquidity, qty, price)
            if fee is not None:
                ledger.charge(position, fee)
        cl_ord_id = order.cl_ord_id
        filled = state(order, exec_id, order.session, cl_ord_id)
        events.append(OrderFilled(*filled, trade_id, qty, price, liquidity, fee))
        return TradeSide(order, exec_id, cl_ord_id, liquidity, fee, before, closed)

    def change(self, trade: Trade, qty: int, price: int) -> None:
        """Let a remembered trade, which was not busted, always have been of `qty` lots, 0 if it is
        not to have been, at `price` ticks: positions, fees and volumes, but no order and nothing
        of the market. O(trades since).
        """
        rebook(self, trade, qty, price)

    def remember(self, limit: int) -> None:
        """Remember so many trades from now on."""
        self.limit = limit
        last = self.ids.trade_id - limit
        for trade_id in [each for each in self.remembered if each <= last]:
            self.forgotten(self.remembered.pop(trade_id))

    def begin_day(self) -> None:
        """Another trading day begins. O(positions)."""
        trade_id, markets = self.ids.trade_id, self.markets
        ledger = self.ledger
        self.volumes.end_day(
            ledger.day_trade_id,
            trade_id,
            (
                (position.firm, markets[position.symbol].instrument.spec, position.turnover)
                for position in ledger.positions()
                if position.turnover
            ),
        )
        ledger.begin_day(trade_id, markets)
        self.fees.reread_volumes()


def _nobody_asks(trade: Trade) -> None:
    """Where nobody wants to know what is forgotten."""
