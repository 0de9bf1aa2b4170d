"""Trading days: what expires when, what is carried over, and what is forgotten."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from tests.reference.auctions import Auctions
from tests.reference.order import Order, Terms, Told

OF_THE_DAY = ("day", "at the opening", "at the close")
SECOND = 10**9
DAY = 24 * 3600 * SECOND


class Days(Auctions):
    def __init__(self, terms: dict[str, Terms]) -> None:
        super().__init__(terms)
        self.used: defaultdict[str, dict[str, Order | None]] = defaultdict(dict)
        """What each session used its ClOrdIDs for."""
        self.refused: set[tuple[str, str]] = set()
        """Ids of cancel and replace requests that were refused."""
        self.cl_ord_ids = 1_000_000
        """How many ids a session may have used before it loses the oldest."""
        self.day_ends = 0
        """When a day ends, in nanoseconds after midnight."""
        self.end_of_day = 0

    def define_trading_day(self, ends: int) -> list[Told]:
        self.day_ends = ends
        self.end_of_day = self.next_end(self.time)
        return []

    def next_end(self, time: int) -> int:
        """The first end of a day after `time`."""
        end = time // DAY * DAY + self.day_ends
        return end if end > time else end + DAY

    def deadline(self, order: Order) -> int | None:
        """When `order` expires, None where it never does."""
        if order.time_in_force in OF_THE_DAY:
            return None if self.states[order.symbol].has_schedule else self.end_of_day
        if order.time_in_force != "gtd":
            return None
        if order.expire_time:
            return order.expire_time
        date = datetime.strptime(order.expire_date, "%Y%m%d").replace(tzinfo=UTC)
        midnight = int(date.timestamp()) * SECOND
        return midnight + (self.day_ends or DAY)

    def pass_days(self, time: int) -> list[Told]:
        """Every order that expires and every day that ends by `time`, in turn."""
        if self.time == 0:
            self.end_of_day = self.next_end(time)
        self.time = time
        told: list[Told] = []
        while True:
            live = [order for order in self.orders if order.leaves_qty]
            deadlines = {order: self.deadline(order) for order in live}
            now = min([at for at in deadlines.values() if at is not None] + [self.end_of_day])
            if now > time:
                return told
            told += [self.end("expired", order) for order in live if deadlines[order] == now]
            told += self.settle()
            if now == self.end_of_day:
                self.end_of_day = self.next_end(now)
                self.forget()
                if self.end_of_day > time:
                    told += self.carry_over()

    def define_retention(self, cl_ord_ids: int) -> list[Told]:
        self.cl_ord_ids = cl_ord_ids
        return []

    def use(self, session: str, cl_ord_id: str, order: Order | None) -> None:
        """A request has used up its id; beyond the bound the two oldest are looked at.

        A live order's present id becomes the youngest, any other is forgotten.
        """
        used = self.used[session]
        used[cl_ord_id] = order
        for _ in range(2):
            if len(used) > self.cl_ord_ids:
                oldest, of = next(iter(used.items()))
                del used[oldest]
                if of and of.leaves_qty and of.cl_ord_id == oldest:
                    used[oldest] = of
                else:
                    self.refused.discard((session, oldest))
        known = [order for used in self.used.values() for order in used.values()]
        self.orders = [order for order in self.orders if order in known]

    def forget(self) -> None:
        """What has ended, and every id that is not a live order's own."""
        self.orders = [order for order in self.orders if order.leaves_qty]
        for session, used in self.used.items():
            self.used[session] = {
                name: order
                for name, order in used.items()
                if order in self.orders and (session, name) not in self.refused
            }
        self.refused.clear()

    def carry_over(self) -> Iterator[Told]:
        """Begin the next day; of days at which nobody looked, nobody hears."""
        for order in self.orders:
            if order.time_in_force in OF_THE_DAY:
                continue
            order.carried_over = True
            order.carried_qty, order.carried_notional = order.cum_qty, order.notional
            yield self.tell("restated", order, reason="gt renewal")
        yield Told("", "day ended")
