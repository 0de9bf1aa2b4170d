"""Every request a trader can think of, right or wrong, to the venue and the reference at once."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from tests.property.blotter import Blotter
from tests.property.twins import FIRMS, TERMS, Twins
from tests.reference import Order
from venue.core.events import Event, OrderFilled
from venue.core.types import Liquidity, Side

Id = tuple[str, str]
Words = dict[str, Any]

SESSIONS = st.sampled_from(sorted(FIRMS))
SYMBOLS = st.sampled_from(["A", "A", "A", "B"])
SIDES = st.sampled_from(["buy", "sell"])
DISTANCES = st.sampled_from([1, 2, 3, 1, 2, 3, 0, -1, -2, -3, 12])
"""Ticks from 100 to the passive side: bids and offers that meet now and then, and few prices."""
QTYS = st.sampled_from([*range(1, 7), *range(1, 7), 9, 10])
TIMES = st.sampled_from(["day", "day", "gtc", "ioc", "fok"])
SELDOM = st.sampled_from([False, False, False, True])
NTH = st.integers(0, 5)


def price(side: str, distance: int) -> int:
    return 100 - distance if side == "buy" else 100 + distance


@st.composite
def limit_orders(draw: st.DrawFn) -> Words:
    side = draw(SIDES)
    return {
        "symbol": draw(SYMBOLS),
        "side": side,
        "ord_type": "limit",
        "time_in_force": draw(TIMES),
        "price": price(side, draw(DISTANCES)),
        "order_qty": draw(QTYS),
        "poss_resend": draw(SELDOM),
    }


LIMIT_ORDERS = limit_orders()
MARKET_ORDERS = LIMIT_ORDERS.map(lambda order: order | {"ord_type": "market", "price": None})
ORDERS = st.one_of(LIMIT_ORDERS, LIMIT_ORDERS, LIMIT_ORDERS, MARKET_ORDERS)
CHANGES: st.SearchStrategy[Words] = st.fixed_dictionaries(
    {
        "distance": DISTANCES,
        "time_in_force": st.sampled_from([None, None, None, "day", "gtc", "ioc"]),
        "order_qty": QTYS,
        "poss_resend": SELDOM,
    }
)
RESENT = st.fixed_dictionaries({"poss_resend": st.booleans()})

BID: Words = {
    "symbol": "B",
    "side": "buy",
    "ord_type": "limit",
    "time_in_force": "day",
    "price": 60,
    "order_qty": 5,
    "poss_resend": False,
}


class OrderEntry(RuleBasedStateMachine):
    used = Bundle("used")
    """(session, ClOrdID) of every request."""

    def __init__(self) -> None:
        super().__init__()
        self.twins = Twins()
        self.venue = self.twins.venue
        self.reference = self.twins.reference
        self.blotter = Blotter()
        self.told: list[Event] = []
        self.fills: list[OrderFilled] = []
        """The aggressors' fills of the batch."""
        self._ids = 0

    @initialize(orders=st.lists(st.tuples(SESSIONS, LIMIT_ORDERS), max_size=8))
    def open(self, orders: list[tuple[str, Words]]) -> None:
        self.enter(orders)

    # What nothing is wrong with

    @rule(orders=st.lists(st.tuples(SESSIONS, ORDERS), min_size=1, max_size=5))
    def enter(self, orders: list[tuple[str, Words]]) -> None:
        for session, order in orders:
            self.note(self.twins.new(session, self.fresh(), **order))

    @rule(session=SESSIONS, order=ORDERS, target=used)
    def new_order(self, session: str, order: Words) -> Id:
        request = session, self.fresh()
        self.note(self.twins.new(*request, **order))
        return request

    @rule(nth=NTH, target=used)
    def cancel(self, nth: int) -> Id:
        order = self.nth(nth)
        request = order.session, self.fresh()
        names = {"orig_cl_ord_id": order.cl_ord_id, "order_id": None, "poss_resend": False}
        self.note(self.twins.cancel(*request, **names, symbol=order.symbol, side=order.side))
        return request

    @rule(nth=NTH, change=CHANGES, target=used)
    def replace(self, nth: int, change: Words) -> Id:
        order = self.nth(nth)
        return self.replace_as((order.session, self.fresh()), order, order.cl_ord_id, **change)

    @rule(nth=NTH, change=CHANGES, more=st.integers(-3, 2), target=used)
    def replace_quantity(self, nth: int, change: Words, more: int) -> Id:
        order = self.nth(nth)
        sign = -1 if order.side == "buy" else 1
        change |= {
            "distance": ((order.price or 0) - 100) * sign,
            "order_qty": max(1, order.order_qty + more),
        }
        return self.replace_as((order.session, self.fresh()), order, order.cl_ord_id, **change)

    # What may be refused

    @rule(used=used, order=ORDERS, resent=RESENT)
    def new_order_again(self, used: Id, order: Words, resent: Words) -> None:
        self.note(self.twins.new(*used, **order | resent))

    @rule(request=used, named=used, again=SELDOM, resent=RESENT, of=ORDERS, target=used)
    def cancel_by_any_id(self, request: Id, named: Id, again: bool, resent: Words, of: Words) -> Id:
        """The id may be stale, refused, another's; with `again` the request's own id is used."""
        request = request if again else (named[0], self.fresh())
        order = self.reference.used[request[0]].get(named[1])
        symbol, side = (of["symbol"], of["side"])
        if order is not None and not of["poss_resend"]:
            symbol, side = order.symbol, order.side
        names = {"orig_cl_ord_id": named[1], "order_id": None, "symbol": symbol, "side": side}
        self.note(self.twins.cancel(*request, **names, **resent))
        return request

    @rule(request=used, named=used, again=SELDOM, resent=RESENT, terms=ORDERS, target=used)
    def replace_by_any_id(
        self, request: Id, named: Id, again: bool, resent: Words, terms: Words
    ) -> Id:
        request = request if again else (named[0], self.fresh())
        names = {"orig_cl_ord_id": named[1], "order_id": None}
        self.note(self.twins.replace(*request, **names, **terms | resent))
        return request

    @rule(session=SESSIONS, nth=NTH, dead=SELDOM, orig=st.sampled_from(["", "own", "?"]))
    def cancel_by_order_id(self, session: str, nth: int, dead: bool, orig: str) -> None:
        """Of the own or another session, of the own or a foreign firm, alive or not."""
        order = self.nth(nth, dead)
        orig = order.cl_ord_id if orig == "own" else orig
        names = {"orig_cl_ord_id": orig, "order_id": order.order_id, "poss_resend": False}
        of = {"symbol": order.symbol, "side": order.side}
        self.note(self.twins.cancel(session, self.fresh(), **names, **of))

    @rule(session=SESSIONS, nth=NTH, change=CHANGES, target=used)
    def replace_by_order_id(self, session: str, nth: int, change: Words) -> Id:
        order = self.nth(nth)
        request = session, self.fresh()
        return self.replace_as(request, order, "", order.order_id, **change)

    @rule(request=used, named=used, again=SELDOM, resent=RESENT, what=st.booleans(), target=used)
    def refused_at_the_border(
        self, request: Id, named: Id, again: bool, resent: Words, what: bool
    ) -> Id:
        """A request that cannot be carried out still uses up its id."""
        request = request if again else (named[0], self.fresh())
        names = {"orig_cl_ord_id": named[1], "order_id": None}
        if what:
            self.note(self.twins.refused(*request, **resent))
        else:
            self.note(self.twins.refused_cancel(*request, **names, **resent))
        return request

    @rule(session=SESSIONS, named=used, order_id=st.none() | st.integers(1, 9))
    def status(self, session: str, named: Id, order_id: int | None) -> None:
        self.blotter.note(self.twins.status(session, named[1], order_id))

    # After every step

    @invariant()
    def the_venue_is_sound(self) -> None:
        self.venue.check()

    @invariant()
    def everybody_sees_the_same_book(self) -> None:
        for symbol in TERMS:
            assert self.venue.last_trade(symbol) == self.reference.last.get(symbol)
            for side, word in ((Side.BUY, "buy"), (Side.SELL, "sell")):
                assert list(self.venue.levels(symbol, side)) == self.reference.levels(symbol, word)
                book = self.venue.markets[symbol].book.side(side)
                queue = [(order.order_id, order.leaves_qty) for level in book for order in level]
                resting = self.reference.resting(symbol, word)
                assert queue == [(order.order_id, order.leaves_qty) for order in resting]
                assert queue == self.blotter.queue(symbol, side)

    # Words of the rules

    def fresh(self) -> str:
        self._ids += 1
        return f"id{self._ids}"

    def nth(self, nth: int, dead: bool = False) -> Order:
        """The nth order from the newest, of the live ones unless `dead` will do."""
        if not any(order.leaves_qty for order in self.reference.orders):
            self.enter([("ANN", BID)])
        orders = [order for order in self.reference.orders if dead or order.leaves_qty]
        return orders[-1 - nth % len(orders)]

    def replace_as(
        self,
        request: Id,
        order: Order,
        orig: str,
        order_id: int | None = None,
        *,
        distance: int,
        **change: Any,
    ) -> Id:
        names = {"orig_cl_ord_id": orig, "order_id": order_id, "ord_type": "limit"}
        of = {"symbol": order.symbol, "side": order.side, "price": price(order.side, distance)}
        self.note(self.twins.replace(*request, **names, **of, **change))
        return request

    def note(self, events: list[Event]) -> None:
        self.told += events
        self.blotter.note(events)
        fills = [event for event in events if isinstance(event, OrderFilled)]
        self.fills += [fill for fill in fills if fill.liquidity is Liquidity.REMOVED]
