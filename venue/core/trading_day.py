"""Trading days and what ends with them: Day and GoodTillDate orders, and the memory of ids."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sortedcontainers import SortedDict

from venue.core.events import DayEnded, Event, OrderExpired
from venue.core.market import Market
from venue.core.order import Order
from venue.core.orders import Orders
from venue.core.qualifiers import Qualifiers
from venue.core.reports import executed, restated
from venue.core.trading import Trading
from venue.core.types import ExecRestatementReason, OrdStatus, TimeInForce

DAY = 86_400_000_000_000
"""Nanoseconds."""
NEVER = 1 << 62
EPOCH = date(1970, 1, 1).toordinal()
OF_THE_DAY = (TimeInForce.DAY, TimeInForce.AT_THE_OPENING, TimeInForce.AT_THE_CLOSE)


class DayImage(Struct, array_like=True, frozen=True):
    """The state of a `TradingDay`; `good_till` holds OrderIDs."""

    ends: int
    deadline: int
    next_end: int
    good_till: list[tuple[int, list[int]]]


class TradingDay:
    """Days end `ends` nanoseconds after midnight UTC; nothing is due before `deadline`.

    Times are nanoseconds since 1970 UTC. A day has the date of its last nanosecond. Day orders of a
    market that has a schedule expire when it closes instead.
    """

    def __init__(self, trading: Trading, orders: Orders) -> None:
        self.ends = 0
        self.deadline = 0
        self._trading = trading
        self._orders = orders
        orders.forgotten = self._forgotten
        self._next_end = 0
        self._good_till: Any = SortedDict()

    @property
    def time(self) -> int:
        return self._trading.time

    def image(self) -> DayImage:
        good_till = [(at, list(orders)) for at, orders in self._good_till.items()]
        return DayImage(self.ends, self.deadline, self._next_end, good_till)

    def restore(self, image: DayImage, orders: dict[int, Order]) -> None:
        """Go on from `image`, with the orders that it means."""
        self.ends, self.deadline = image.ends, image.deadline
        self._next_end = image.next_end
        for at, order_ids in image.good_till:
            self._good_till[at] = {order_id: orders[order_id] for order_id in order_ids}

    def define(self, ends: int) -> None:
        """End every day, the current one too, at another hour."""
        self.ends = ends
        self._next_end = self._end_after(self.time) if self.time else 0
        self._remember()

    def date_of(self, time: int) -> str:
        """The trading day that `time` is in, YYYYMMDD."""
        return _date((self._end_after(time) - 1) // DAY)

    def expires_at(self, qualifiers: Qualifiers) -> int:
        """When an order with ExpireTime(126) or ExpireDate(432) expires."""
        if qualifiers.expire_time:
            return qualifiers.expire_time
        days = date.fromisoformat(qualifiers.expire_date).toordinal() - EPOCH
        return days * DAY + (self.ends or DAY)

    def refuses(self, qualifiers: Qualifiers) -> str | None:
        """Why an order cannot be good till then, None where it can."""
        if not (qualifiers.expire_date or qualifiers.expire_time):
            return "TimeInForce(59) 6 needs ExpireDate(432) or ExpireTime(126)"
        if self.expires_at(qualifiers) > self.time:
            return None
        if qualifiers.expire_date:
            return f"ExpireDate(432) {qualifiers.expire_date} is over"
        return f"ExpireTime(126) {_utc(qualifiers.expire_time)} is not after {_utc(self.time)}"

    def remember(self, order: Order) -> None:
        """See to it that a GoodTillDate order expires."""
        at = self._expires(order)
        self._good_till.setdefault(at, {})[order.order_id] = order
        self.deadline = min(self.deadline, at)

    def forget(self, order: Order) -> None:
        """A GoodTillDate order is about to be given another time in force, or date, or has ended
        and is remembered nowhere else.
        """
        at = self._expires(order)
        due = self._good_till.get(at, {})
        due.pop(order.order_id, None)
        if not due:
            self._good_till.pop(at, None)

    def _forgotten(self, order: Order) -> None:
        if order.time_in_force is TimeInForce.GTD:
            self.forget(order)

    def advance(self, time: int) -> list[Event]:
        """Let it be `time`, if it is not later already, and do what is due by then, in order."""
        self._trading.time = time = max(self._trading.time, time)
        if time < self.deadline:
            return []
        if not self._next_end:
            self._next_end = self._end_after(time)
        events: list[Event] = []
        while (at := self._next_deadline()) <= time:
            due = self._due(at)
            for order in sorted(due, key=lambda order: order.order_id):
                events.append(self._expired(order, "the trading day is over"))
            self._trading.settle_all(events)
            if at == self._next_end:
                self._next_end = self._end_after(at)
                self._orders.forget_ended()
                if self._next_end > time:
                    self._carry_over(events)
        self.deadline = at
        return events

    def end_now(self) -> list[Event]:
        """End the day before its time: Day orders of every market expire, and all else is as at its
        end. That comes as well, and has the date; so GoodTillDate orders keep theirs.
        """
        events: list[Event] = []
        for order in self._trading.live():
            if order.time_in_force in OF_THE_DAY:
                events.append(self._expired(order, "the trading day is over"))
        self._trading.settle_all(events)
        self._orders.forget_ended()
        self._carry_over(events)
        return events

    def _due(self, at: int) -> list[Order]:
        """What expires at `at`, if it has not ended before."""
        due = [order for order in self._good_till.pop(at, {}).values() if order.live]
        if at == self._next_end:
            markets = self._trading.markets.values()
            open_markets = [market for market in markets if not market.is_scheduled]
            due += [order for market in open_markets for order in of_the_day(market)]
        return due

    def close(self, market: Market, events: list[Event]) -> None:
        """Expire the Day orders of a market that closes."""
        for order in sorted(of_the_day(market), key=lambda order: order.order_id):
            events.append(self._expired(order, "the market has closed"))

    def _expired(self, order: Order, text: str) -> Event:
        self._trading.end(order, OrdStatus.EXPIRED)
        if order.time_in_force is TimeInForce.AT_THE_CLOSE:
            text = "no closing auction was held"
        elif order.time_in_force is TimeInForce.GTD:
            qualifiers = order.qualifiers
            assert qualifiers is not None
            text = "ExpireTime(126) is reached"
            if qualifiers.expire_date:
                text = f"ExpireDate(432) {qualifiers.expire_date} is over"
        return OrderExpired(*executed(order, self._trading.ids), text)

    def _carry_over(self, events: list[Event]) -> None:
        """Begin another day with the live orders (H.1.a), once for all days that have passed.

        A Day order that still lives is of a market with hours of its own: for that its day goes on.
        """
        ids = self._trading.ids
        for order in self._trading.live():
            if order.time_in_force in OF_THE_DAY:
                continue
            order.carry_over(ids.trade_id)
            reason = ExecRestatementReason.GT_RENEWAL
            events.append(restated(order, ids, reason, "good for another trading day"))
        for market in self._trading.markets.values():
            if not market.is_scheduled:
                market.statistics.begin_day(self.time, ids.trade_id)
        self._trading.trades.begin_day()
        events.append(DayEnded(""))
        self._remember()

    def _remember(self) -> None:
        self._good_till.clear()
        for order in self._trading.live():
            if order.time_in_force is TimeInForce.GTD:
                self.remember(order)
        self.deadline = self._next_deadline()

    def _expires(self, order: Order) -> int:
        assert order.qualifiers is not None
        return self.expires_at(order.qualifiers)

    def _next_deadline(self) -> int:
        first: int = self._good_till.peekitem(0)[0] if self._good_till else NEVER
        return min(first, self._next_end)

    def _end_after(self, time: int) -> int:
        return time - (time - self.ends) % DAY + DAY


def of_the_day(market: Market) -> list[Order]:
    """The live orders that do not outlive the day."""
    return [order for order in market.orders() if order.time_in_force in OF_THE_DAY]


@lru_cache(maxsize=64)
def _date(days: int) -> str:
    """So many days after 1970-01-01, YYYYMMDD."""
    return date.fromordinal(EPOCH + days).strftime("%Y%m%d")


def _utc(time: int) -> str:
    """A UTCTimestamp to the millisecond."""
    seconds, rest = divmod(time, 1_000_000_000)
    second = datetime.fromtimestamp(seconds, UTC).strftime("%Y%m%d-%H:%M:%S")
    return f"{second}.{rest // 1_000_000:03d}"
