"""What an operator does that is not about one instrument, one trade or a limit."""

from venue.core import commands as c
from venue.core.events import Event
from venue.core.order import Order
from venue.core.orders import Orders
from venue.core.reports import dropped
from venue.core.trading import Trading
from venue.core.trading_day import TradingDay
from venue.core.types import ExecRestatementReason, OrdStatus

BY_VENUE = "canceled by the operator of the venue"


class Operations:
    """Carries out operators' commands; `disallowed` are the CompIDs that may not log on."""

    def __init__(self, trading: Trading, orders: Orders, day: TradingDay) -> None:
        self.disallowed: set[str] = set()
        self._trading = trading
        self._orders = orders
        self._day = day

    def orders_of(self, firm: str) -> list[Order]:
        """A firm's live orders, the oldest first. O(live orders)."""
        return [order for order in self._trading.live() if order.firm == firm]

    def cancel_by_venue(self, command: c.CancelByVenue) -> list[Event]:
        """Cancel what is live of it, in any phase, and tell the owners (E.1.b)."""
        if command.order_id:
            order = self._orders.by_id.get(command.order_id)
            found = [order] if order is not None and order.live else []
        else:
            found = self.orders_of(command.firm)
        events: list[Event] = []
        for order in found:
            self._trading.end(order, OrdStatus.CANCELED)
            reason = ExecRestatementReason.MARKET_OPTION
            events.append(dropped(order, self._trading.ids, BY_VENUE, reason))
        self._trading.settle_all(events)
        return events

    def end_trading_day(self, command: c.EndTradingDay) -> list[Event]:
        return self._day.end_now()

    def allow_session(self, command: c.AllowSession) -> list[Event]:
        if command.allowed:
            self.disallowed.discard(command.comp_id)
        else:
            self.disallowed.add(command.comp_id)
        return []

    def record_operation(self, command: c.RecordOperation) -> list[Event]:
        """Nothing happens: the command itself is what the audit reads."""
        return []
