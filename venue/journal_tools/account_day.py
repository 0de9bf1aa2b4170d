"""One trading day of a firm, found in a history: what it traded, had before and has after."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from msgspec import Struct

from venue.core import commands as c
from venue.core import events as e
from venue.core.fees import Fee
from venue.core.position import Position
from venue.core.types import Liquidity, Side
from venue.core.venue import Venue
from venue.errors import JournalError
from venue.journal_tools.history import History
from venue.journal_tools.moment import begin, first_from
from venue.journal_tools.progress import tracked

Changed = e.OrderTradeBusted | e.OrderTradeCorrected
TRADES = e.OrderFilled | Changed
Key = tuple[str, str]
"""An account and a symbol."""
Former = Mapping[int, tuple[int, int, Fee | None]]
"""Quantity, price and fee of a side of a trade before it was changed, by ExecID."""


class Entry(Struct, frozen=True):
    """A fill, or what a bust or a correction has taken from or added to one: `qty` lots bought,
    below 0 if sold, at `price`. Entries add up: what is taken back has the signs turned round.
    """

    kind: str
    time: int
    trade_id: int
    exec_id: int
    order_id: int
    cl_ord_id: str
    account: str
    symbol: str
    side: Side
    liquidity: Liquidity | None
    qty: int
    price: int
    fee: Fee | None


class Holding(Struct, frozen=True):
    """A position at a moment, in lots and tick-lots; `mark` is the last price, None without one."""

    qty: int = 0
    cost: int = 0
    cash: int = 0
    fees: dict[str, int] = {}
    mark: int | None = None

    @property
    def realised(self) -> int:
        return self.cash + self.cost

    @property
    def unrealised(self) -> int:
        return 0 if self.mark is None else self.qty * self.mark - self.cost


class AccountDay:
    """The trading day of a date, as far as it is in the history.

    `opening` and `closing` are what the firm had when it began and ended, or has now if it
    `is_over` not yet; `until` the time of the last batch of it, 0 where on that date was no trading
    day. A day that an operator has ended before its time, and the rest of its date, are one.
    """

    def __init__(self, history: History, firm: str, day: date) -> None:
        """Raise `JournalError` where the history does not lead there."""
        self.history = history
        self.firm = firm
        self.date = f"{day:%Y%m%d}"
        self.opening: dict[Key, Holding] | None = None
        self.closing: dict[Key, Holding] = {}
        self.is_over = False
        self.until = 0
        if history.last < history.first:
            raise JournalError(f"the journal in {history.data} has no batch yet")
        before = first_from(history, "--date", f"{day - timedelta(days=1)}T00:00:00Z")
        self._moment = begin(history, max(before, history.first) - 1)

    @property
    def venue(self) -> Venue:
        return self._moment.venue

    def entries(self) -> Iterator[Entry]:
        """Carry out the day; then `opening` and all else is known.

        Raise `JournalError` where the history ends before the day or begins after it.
        """
        batches = self.history.replayed(self._moment.seq + 1)
        total = self.history.last - self._moment.seq
        for _, batch in tracked(batches, total, "statement"):
            for command in (c.AdvanceTime(batch.time), *batch.commands):
                yield from self._carry_out(command, batch.time)
                if self.is_over:
                    return
            self.venue.forget_level_changes()
        if self.opening is None:
            last = self._trading_date()
            raise JournalError(f"no trading day {self.date} yet: the journal is in that of {last}")
        self.closing = self._held()

    def _carry_out(self, command: c.Command, time: int) -> Iterator[Entry]:
        venue, today = self.venue, self._trading_date()
        former = self._former(command)
        try:
            events = venue.handle(command)
        except Exception:  # as then: what it has done until then stays done
            return
        after = self._trading_date()
        for event in events:
            if isinstance(event, e.DayEnded):
                if today <= self.date:
                    self.closing = self._held_at_day_end()
                    self.is_over = after > self.date
                if self.opening is None and after >= self.date:
                    self.opening = self.closing
                today = after
            elif today == self.date and isinstance(event, TRADES) and event.firm == self.firm:
                yield from _entries(event, time, former)
        if after == self.date:
            self.until = time
        elif after > self.date and not self.is_over:
            if self.opening is None:
                text = f"no trading day {self.date}: the journal begins with that of {after}"
                raise JournalError(text)
            self.closing, self.is_over = self._held(), True
        if self.opening is None and after == self.date:
            self.opening = self._held_at_day_end()

    def _trading_date(self) -> str:
        """The date of the trading day that it is, "" before the first batch."""
        time = self.venue.time
        return self.venue.day.date_of(time) if time else ""

    def _positions(self) -> Iterator[tuple[Key, Position]]:
        for position in self.venue.ledger.positions(self.firm):
            yield (position.account, position.symbol), position

    def _held(self) -> dict[Key, Holding]:
        """What the firm has now."""
        markets = self.venue.markets
        return {
            key: Holding(
                each.qty, each.cost, each.cash, dict(each.fees), markets[each.symbol].last_px
            )
            for key, each in self._positions()
        }

    def _held_at_day_end(self) -> dict[Key, Holding]:
        """What the firm had when the trading day ended, or before the first one began."""
        return {
            key: Holding(
                each.day_qty,
                each.day_cost,
                each.day_cash,
                dict(each.day_fees),
                each.day_mark or None,
            )
            for key, each in self._positions()
        }

    def _former(self, command: c.Command) -> Former:
        """What a trade is that a command may change."""
        if not isinstance(command, c.BustTrade | c.CorrectTrade):
            return {}
        trade = self.venue.trades.remembered.get(command.trade_id)
        if trade is None:
            return {}
        return {
            side.exec_id: (_bought(side.side, trade.qty), trade.price, side.fee)
            for side in trade.sides
        }


def _entries(event: TRADES, time: int, former: Former) -> Iterator[Entry]:
    """What an event of the firm adds to its account, or takes from it."""
    if isinstance(event, Changed):
        kind = "busted" if isinstance(event, e.OrderTradeBusted) else "corrected"
        qty, price, fee = former[event.exec_ref_id]
        refund = None if fee is None else Fee(-fee.amount, fee.currency)
        yield _entry(event, kind, time, event.exec_ref_id, -qty, price, refund)
    if not isinstance(event, e.OrderTradeBusted):
        kind = "trade" if isinstance(event, e.OrderFilled) else "correction"
        qty = _bought(event.side, event.last_qty)
        yield _entry(event, kind, time, event.exec_id, qty, event.last_px, event.fee)


def _entry(
    event: TRADES, kind: str, time: int, exec_id: int, qty: int, price: int, fee: Fee | None
) -> Entry:
    return Entry(
        kind,
        time,
        event.trade_id,
        exec_id,
        event.order_id,
        event.cl_ord_id,
        event.account,
        event.symbol,
        event.side,
        None if isinstance(event, e.OrderTradeBusted) else event.liquidity,
        qty,
        price,
        fee,
    )


def _bought(side: Side, qty: int) -> int:
    return qty if side is Side.BUY else -qty
