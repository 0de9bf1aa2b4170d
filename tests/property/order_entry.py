"""Every request a trader can think of, right or wrong, to the venue and the reference at once."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from tests.property.blotter import Blotter
from tests.property.bookkeeper import Bookkeeper
from tests.property.orders import (
    CHANGES,
    LIMIT_ORDERS,
    ORDERS,
    PLAIN_ORDERS,
    RESTING_ORDERS,
    RICH_ORDERS,
    SECOND,
    SELF_MATCH,
    TRIGGERED_ORDERS,
    Words,
    dated,
    price,
)
from tests.property.twins import FIRMS, TERMS, Twins
from tests.reference import Order
from venue.core.events import Event
from venue.core.types import CostMethod, Side

Id = tuple[str, str]

SESSIONS = st.sampled_from(sorted(FIRMS))
NTH = st.integers(0, 5)
RESENT = st.fixed_dictionaries({"poss_resend": st.booleans()})
SELDOM = st.sampled_from([False, False, False, True])
SYMBOL = st.sampled_from(["", "A", "A", "B", "?"])
SIDE = st.sampled_from([None, "buy", "sell"])
RETENTION = st.sampled_from([1_000_000, 1_000_000, 1, 2, 5, 9])
HOUR = 3600 * SECOND
MORNING = 1_709_168_400 * SECOND
"""2024-02-29, 01:00 UTC: a day that not every year has."""

BID: Words = {
    "symbol": "B",
    "side": "buy",
    "ord_type": "limit",
    "time_in_force": "day",
    "price": 60,
    "order_qty": 5,
    "poss_resend": False,
}


WRONG: Words = {
    "min_qty": 7,
    "stop_px": 90,
    "self_match_prevention_id": "z",
    "self_match_prevention_instruction": "cancel both",
}
"""Qualifiers that hardly any order has."""
LIKE_LIMIT = ("limit if touched", "market with left over as limit")
"""What a replace request may call a limit order."""


class OrderEntry(RuleBasedStateMachine):
    used = Bundle("used")
    """(session, ClOrdID) of every request."""

    def __init__(self) -> None:
        super().__init__()
        self.twins = Twins()
        self.time = 0
        self.venue = self.twins.venue
        self.reference = self.twins.reference
        self.blotter = Blotter()
        self.bookkeeper = Bookkeeper()
        self.told: list[Event] = []
        self._ids = 0

    @initialize(
        ends=st.sampled_from([0, 17 * HOUR]),
        cl_ord_ids=RETENTION,
        trades=st.sampled_from([1000, 1000, 4]),
        method=st.sampled_from(CostMethod),
        orders=st.lists(st.tuples(SESSIONS, LIMIT_ORDERS), max_size=8),
    )
    def open(
        self,
        ends: int,
        cl_ord_ids: int,
        trades: int,
        method: CostMethod,
        orders: list[tuple[str, Words]],
    ) -> None:
        self.move_to(MORNING)
        self.note(self.twins.define_accounting(trades, method))
        self.note(self.twins.define_trading_day(ends))
        self.note(self.twins.define_retention(cl_ord_ids))
        self.enter(orders)

    # What nothing is wrong with

    @rule(orders=st.lists(st.tuples(SESSIONS, PLAIN_ORDERS), min_size=1, max_size=5))
    def enter(self, orders: list[tuple[str, Words]]) -> None:
        for session, order in orders:
            self.new((session, self.fresh()), order)

    @rule(orders=st.lists(st.tuples(SESSIONS, RICH_ORDERS), min_size=1, max_size=4))
    def enter_qualified(self, orders: list[tuple[str, Words]]) -> None:
        self.enter(orders)

    @rule(orders=st.lists(st.tuples(SESSIONS, TRIGGERED_ORDERS), min_size=1, max_size=4))
    def enter_triggered(self, orders: list[tuple[str, Words]]) -> None:
        self.enter(orders)

    @rule(orders=st.lists(RESTING_ORDERS, min_size=2, max_size=4), instruction=NTH)
    def enter_own(self, orders: list[Words], instruction: int) -> None:
        """Orders that are not to trade with each other."""
        own = SELF_MATCH[instruction % 5]
        for order in orders:
            together = order | {"qualifiers": (order["qualifiers"] or {}) | own}
            self.new((("ANN", "CAT")[order["order_qty"] % 2], self.fresh()), together)

    @rule(
        session=SESSIONS,
        side=st.sampled_from(["buy", "sell"]),
        nth=NTH,
        more=st.sampled_from([0, 0, 1, -1]),
        own=st.none() | st.sampled_from(SELF_MATCH),
        how=st.sampled_from(["fok", "min"]),
    )
    def take_all(
        self, session: str, side: str, nth: int, more: int, own: Words | None, how: str
    ) -> None:
        """Ask for all that there is to a price, or one lot more or less, at once or not at all.

        Some of it may be one's own.
        """
        resting = self.reference.resting("A", "sell" if side == "buy" else "buy")
        if resting:
            ids = [order for order in resting if order.self_match_prevention_id]
            if own and ids:
                session = ids[-1].session
                own = own | {"self_match_prevention_id": ids[-1].self_match_prevention_id}
            worst = resting[nth % len(resting)].price
            sign = 1 if side == "buy" else -1
            reached = [o for o in resting if (o.price or 0) * sign <= worst * sign]
            others = [o for o in reached if not own or o not in ids]
            total = sum(order.leaves_qty for order in others)
            qty = min(9, max(1, total + more))
            order = BID | {"symbol": "A", "side": side, "price": worst, "order_qty": qty}
            if how == "fok":
                order |= {"time_in_force": "fok", "qualifiers": own}
            else:
                least = (own or {}) | {"min_qty": qty}
                order |= {"order_qty": min(9, qty + nth), "qualifiers": least}
            self.new((session, self.fresh()), order)

    @rule(session=SESSIONS, order=ORDERS, target=used)
    def new_order(self, session: str, order: Words) -> Id:
        request = session, self.fresh()
        self.new(request, order)
        return request

    @rule(nth=NTH, target=used)
    def cancel(self, nth: int) -> Id:
        return self.cancel_order(self.nth(nth))

    @rule(
        session=SESSIONS, side=st.sampled_from(["buy", "sell"]), how=st.sampled_from(["", "leave"])
    )
    def move_the_quote(self, session: str, side: str, how: str) -> None:
        """The best price goes, and somebody waits for the next one to be the best."""
        resting = self.reference.resting("A", "sell" if side == "buy" else "buy")
        prices = list(dict.fromkeys(order.price for order in resting))
        if len(prices) > 1:
            waits = {"stop_px": prices[1], "trigger_price_type": "best quote"}
            order = BID | {"symbol": "A", "side": side, "ord_type": "stop", "price": None}
            self.new((session, self.fresh()), order | {"qualifiers": waits})
        for order in resting:
            if order.price == prices[0] and order.leaves_qty:
                if how == "leave":
                    self.come_and_go(order.session, "on, cancel", ())
                    self.come_and_go(order.session, "connection loss", ())
                else:
                    self.cancel_order(order)

    @rule(nth=NTH, change=CHANGES, target=used)
    def replace(self, nth: int, change: Words) -> Id:
        order = self.nth(nth)
        return self.replace_as((order.session, self.fresh()), order, order.cl_ord_id, **change)

    @rule(nth=NTH, change=CHANGES, more=st.integers(-3, 2), target=used)
    def replace_quantity(self, nth: int, change: Words, more: int) -> Id:
        """The price as it is, unless that is left to chance."""
        order = self.nth(nth)
        change = change | {"distance": None, "order_qty": max(1, order.order_qty + more)}
        return self.replace_as((order.session, self.fresh()), order, order.cl_ord_id, **change)

    @rule(nth=NTH, change=CHANGES, across=st.booleans(), target=used)
    def replace_qualified(self, nth: int, change: Words, across: bool) -> Id:
        """One with a display, a trigger or post-only where there is one, to trade or to stay."""
        live = [order for order in self.reference.orders if order.leaves_qty]
        special = [o for o in live if o.display_qty or o.post_only or o.stop_px is not None]
        order = special[-1 - nth % len(special)] if special else self.nth(nth)
        distance = -3 if across else None
        change = change | {"distance": distance, "order_qty": order.order_qty, "called": None}
        return self.replace_as((order.session, self.fresh()), order, order.cl_ord_id, **change)

    # Many orders, sessions and time

    @rule(session=SESSIONS, symbol=SYMBOL, side=SIDE, named=used, again=SELDOM, target=used)
    def mass_cancel(
        self, session: str, symbol: str, side: str | None, named: Id, again: bool
    ) -> Id:
        request = named if again else (session, self.fresh())
        self.note(self.twins.mass_cancel(*request, symbol, side))
        return request

    @rule(
        session=SESSIONS,
        what=st.sampled_from(["on, cancel", "on", "connection loss", "logout"]),
        witnesses=st.sampled_from([(), ("CAT",), ("ANN", "CAT")]),
    )
    def come_and_go(self, session: str, what: str, witnesses: tuple[str, ...]) -> None:
        if what.startswith("on"):
            self.note(self.twins.connected(session, what == "on, cancel"))
        else:
            self.note(self.twins.disconnected(session, what, witnesses))

    @rule(symbol=SYMBOL, side=SIDE)
    def mass_status(self, symbol: str, side: str | None) -> None:
        for session in sorted(FIRMS):
            self.blotter.note(self.twins.mass_status(session, symbol, side))

    @rule(seconds=st.sampled_from([0, 1, 1, 1, 2, 2, 3, 60]))
    def wait(self, seconds: int) -> None:
        self.move_to(self.time + seconds * SECOND)

    @rule(
        early=st.sampled_from([None, None, SECOND, 1, 0, 0]),
        days=st.sampled_from([0, 0, 0, 1]),
        ends=st.sampled_from([None, None, None, None, 0, 2 * HOUR, 17 * HOUR]),
    )
    def end_the_day(self, early: int | None, days: int, ends: int | None) -> None:
        """To the end of the day or a little before, or to that of the next; or end it otherwise."""
        if ends is not None:
            self.note(self.twins.define_trading_day(ends))
            self.move_to(self.time)  # Dates may be over by now.
        elif early is not None:
            at = self.reference.end_of_day + days * 24 * HOUR
            self.move_to(max(self.time, at - early))

    @rule(cl_ord_ids=RETENTION)
    def define_retention(self, cl_ord_ids: int) -> None:
        self.note(self.twins.define_retention(cl_ord_ids))

    @rule(
        nth=st.none() | NTH, dead=st.booleans(), firm=st.sampled_from(sorted(set(FIRMS.values())))
    )
    def cancel_by_venue(self, nth: int | None, dead: bool, firm: str) -> None:
        if nth is None:
            self.note(self.twins.cancel_by_venue(0, firm))
        elif self.reference.orders:
            self.note(self.twins.cancel_by_venue(self.nth(nth, dead).order_id))

    @rule(seldom=st.integers(0, 3))
    def end_the_day_by_hand(self, seldom: int) -> None:
        if not seldom:
            self.note(self.twins.end_trading_day())

    @rule(nth=NTH, price=st.none() | st.integers(-2, 2), more=st.sampled_from([-9, -1, 0, 1]))
    def change_a_trade(self, nth: int, price: int | None, more: int) -> None:
        """Bust or correct the nth trade from the last, or one that there is not."""
        trade_id = self.reference.trade_ids.last - nth
        match = self.reference.matches.get(trade_id)
        if price is None or match is None:
            self.note(self.twins.bust(trade_id))
        else:
            corrected = max(0, match.qty + more), max(0, match.price + price)
            self.note(self.twins.correct(trade_id, *corrected))

    # What may be refused

    @rule(used=used, nth=st.none() | NTH, order=ORDERS, resent=RESENT)
    def new_order_again(self, used: Id, nth: int | None, order: Words, resent: Words) -> None:
        """Any id, or one that a live order has or has had."""
        if nth is not None:
            live = self.nth(nth)
            names = self.reference.used[live.session]
            used = live.session, next(name for name, of in names.items() if of is live)
        self.new(used, order | resent)

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
        wanted = ("symbol", "side", "ord_type", "time_in_force", "price", "order_qty")
        of = {name: terms[name] for name in wanted}
        self.note(self.twins.replace(*request, **names, **of | resent))
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
        elif named == request:
            self.note(self.twins.refused_mass_cancel(*request))
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
    def the_books_are_right(self) -> None:
        self.bookkeeper.check(self.venue)

    @invariant()
    def everybody_sees_the_same_book(self) -> None:
        for symbol in TERMS:
            assert self.venue.last_trade(symbol) == self.reference.last.get(symbol)
            for side, word in ((Side.BUY, "buy"), (Side.SELL, "sell")):
                levels = list(self.venue.levels(symbol, side))
                collected = self.reference.states[symbol].collected
                assert levels == ([] if collected else self.reference.levels(symbol, word))
                assert levels == self.blotter.levels(symbol, side), "depth is what is shown"
                book = self.venue.markets[symbol].book.side(side)
                queue = [(order.order_id, order.leaves_qty) for level in book for order in level]
                resting = self.reference.resting(symbol, word)
                assert queue == [(order.order_id, order.leaves_qty) for order in resting]
                assert queue == self.blotter.queue(symbol, side)

    @invariant()
    def nobody_waits_in_vain(self) -> None:
        self.blotter.check_quotes(sorted(TERMS))

    # Words of the rules

    def fresh(self) -> str:
        self._ids += 1
        return f"id{self._ids}"

    def nth(self, nth: int, dead: bool = False) -> Order:
        """The nth order from the newest, of the live ones unless `dead` will do."""
        if not any(order.leaves_qty for order in self.reference.orders):
            self.make_tradable("B")
            self.enter([("ANN", BID)])
        orders = [order for order in self.reference.orders if dead or order.leaves_qty]
        return orders[-1 - nth % len(orders)]

    def make_tradable(self, symbol: str) -> None:
        """Have trading in an instrument, whatever went before."""

    def new(self, request: Id, order: Words) -> None:
        order = dict(order)
        expiry = order.pop("expiry", None)
        if expiry:
            order["qualifiers"] = order["qualifiers"] | dated(expiry, self.time)
        self.note(self.twins.new(*request, **order))

    def cancel_order(self, order: Order) -> Id:
        request = order.session, self.fresh()
        names = {"orig_cl_ord_id": order.cl_ord_id, "order_id": None, "poss_resend": False}
        self.note(self.twins.cancel(*request, **names, symbol=order.symbol, side=order.side))
        return request

    def replace_as(
        self,
        request: Id,
        order: Order,
        orig: str,
        order_id: int | None = None,
        *,
        distance: int | None,
        called: str | None,
        changes: Words | None,
        expiry: tuple[str, int] | None,
        **change: Any,
    ) -> Id:
        new_price = None if distance is None else price(order.side, distance)
        if order.price is None or new_price is None:
            new_price = order.price
        names = {"orig_cl_ord_id": orig, "order_id": order_id}
        ord_type = called if called and order.ord_type in LIKE_LIMIT else order.ord_type
        of = {"symbol": order.symbol, "side": order.side, "ord_type": ord_type}
        changes = self.changes(order, dict(changes or {}))
        if expiry:
            changes |= dated(expiry, self.time)
        terms = {"price": new_price, "changes": changes or None}
        self.note(self.twins.replace(*request, **names, **of, **terms, **change))
        return request

    def changes(self, order: Order, changes: Words) -> Words:
        """Those that are possible, unless they are meant to be wrong."""
        names = ("min_qty", "stop_px", "all_or_none", "cancel_on_halt", *SELF_MATCH[0])
        has: Words = {name: getattr(order, name) for name in names}
        has["post_only"] = order.post_only is not None
        repeated, wrong = changes.pop("repeated", ()), changes.pop("wrong", None)
        if order.stop_px is None:
            changes.pop("stop_px", None)
        changes |= {name: has[name] for name in repeated}
        if wrong:
            changes[wrong] = WRONG.get(wrong) or not has[wrong]
            if changes[wrong] == has[wrong]:
                del changes[wrong]
        return changes

    def move_to(self, time: int) -> None:
        self.time = time
        self.note(self.twins.advance_time(time))

    def note(self, events: list[Event]) -> None:
        self.told += events
        self.blotter.note(events)
        self.bookkeeper.note(events)
