"""Random trading under random limits: what is refused is what a computation from scratch refuses,
and the counters are sound after every command, over images of the venue too.
"""

from decimal import Decimal
from random import Random
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.naive_limits import MILLISECOND, SECOND, NaiveLimits
from tests.unit.core.desk import FIRMS, aapl, at
from venue.core import commands as c
from venue.core import events as e
from venue.core.image import Image, copy, restore
from venue.core.limits import Limits, Scope
from venue.core.qualifiers import Changes, Qualifiers
from venue.core.types import MassScope, OrdType, Side, TimeInForce, TradingPhase
from venue.core.venue import Venue

SYMBOLS = ("A", "B", "YEN")
LOTS = {"B": "0.1"}
STEPS = 60
CHOICES: dict[str, tuple[Any, ...]] = {
    "max_order_qty": (Decimal("0.35"), Decimal(6)),
    "max_order_notional": (Decimal(600), Decimal("50.5")),
    "max_open_orders": (1, 3, 5),
    "max_open_notional": (Decimal(1000), Decimal("803.01")),
    "max_long_position": (Decimal(0), Decimal(8)),
    "max_short_position": (Decimal(0), Decimal(8)),
    "allow_short": (False,),
    "max_daily_loss": (Decimal(0), Decimal(5), Decimal("0.5")),
    "price_collar_percent": (Decimal(1), Decimal("2.5")),
    "max_messages": (1, 3, 5),
    "duplicate_milliseconds": (10, 1000),
    "restricted_symbols": (("A",), ("B",)),
}
PRICES = (9800, 9900, 9900, 10000, 10000, 10000, 10100, 10100, 10300)
KINDS = ("limit", "limit", "limit", "ioc", "market", "at the close", "stop", "stop limit")
WEIGHTS = {
    "new": 60,
    "again": 8,
    "replace": 16,
    "wait": 16,
    "define": 8,
    "cancel": 6,
    "open": 6,
    "release": 6,
    "bust": 4,
    "correct": 4,
    "mass cancel": 2,
    "day": 2,
    "image": 2,
    "terms": 2,
    "call": 2,
    "kill": 1,
}


def drawn_scope(draw: Random) -> Scope:
    firm = draw.choice(["NORTH", "NORTH", "NORTH", "", "SOUTH"])
    account = draw.choice(["", "", "", "X"]) if firm else ""
    return Scope(firm, account, draw.choice(["", "", "A", "B"]))


def drawn_limits(draw: Random) -> Limits:
    """One or two limits: more would hardly ever let an order in."""
    names = draw.sample(sorted(CHOICES), draw.choice([1, 1, 2]))
    limits = {name: draw.choice(CHOICES[name]) for name in names}
    return Limits(**limits, message_seconds=draw.choice([1, 2]))


def drawn_terms(what: str, draw: Random) -> tuple[Any, ...]:
    """Whatever a step needs to be told."""
    nth = draw.randrange(20)
    if what == "new":
        who = draw.choice(sorted(FIRMS)), draw.choice(["", "X", "Y"])
        terms = draw.choice(["A", "A", "B", "YEN"]), draw.choice(list(Side)), draw.randint(1, 8)
        return *who, *terms, draw.choice(PRICES), draw.choice(KINDS)
    if what == "replace":
        return nth, draw.randint(1, 12), draw.choice(PRICES), draw.choice(PRICES)
    if what == "define":
        return drawn_scope(draw), draw.choice([None, *[drawn_limits(draw)] * 3])
    if what in ("cancel", "bust", "correct"):
        return (nth,)
    if what == "mass cancel":
        return (draw.choice(sorted(FIRMS)),)
    if what == "wait":
        return (draw.choice([1, 9, 10, 500, 1000, 2000]),)
    if what in ("kill", "release"):
        return draw.choice(["NORTH", "SOUTH"]), draw.choice(["", "X"])
    return ()


NAMES = (*Limits.__struct_fields__, "the kill switch")


class World:
    """A venue, and the same limits computed from scratch."""

    def __init__(self) -> None:
        self.venue = Venue()
        self.naive = NaiveLimits()
        self.commands: list[c.Command] = []
        self.ids = 0
        self.last: tuple[Any, ...] | None = None
        for symbol in SYMBOLS:
            self.define_instrument(symbol, "JPY" if symbol == "YEN" else "USD")
        self.advance(at("20260105 12:00"))

    def define_instrument(self, symbol: str, currency: str, price: str = "100") -> None:
        lot = LOTS.get(symbol, "1")
        terms = {"lot": lot, "min_qty": lot, "currency": currency, "reference_price": price}
        self.handle(c.DefineInstrument(aapl(symbol=symbol, **terms)))

    def handle(self, command: c.Command) -> list[e.Event]:
        self.commands.append(command)
        events = self.venue.handle(command)
        self.naive.note(events, self.venue)
        self.venue.risk.check()
        return events

    def advance(self, time: int) -> None:
        self.handle(c.AdvanceTime(time))

    def cl_ord_id(self) -> str:
        self.ids += 1
        return str(self.ids)

    def live(self, nth: int) -> Any:
        orders = [order for order in self.venue.orders.by_id.values() if order.leaves_qty]
        return orders[nth % len(orders)] if orders else None

    def step(self, what: str, *terms: Any) -> None:
        getattr(self, f"do_{what.replace(' ', '_')}")(*terms)

    def do_new(
        self, session: str, account: str, symbol: str, side: Side, qty: int, price: int, kind: str
    ) -> None:
        self.last = session, account, symbol, side, qty, price, kind
        who = FIRMS[session], account, symbol
        ord_type, tif, stop_px = OrdType.LIMIT, TimeInForce.DAY, None
        asked: int | None = price
        if kind == "ioc":
            tif = TimeInForce.IOC
        elif kind == "market":
            ord_type, asked = OrdType.MARKET, None
        elif kind == "at the close":
            ord_type, tif, asked = OrdType.MARKET, TimeInForce.AT_THE_CLOSE, None
        elif kind == "stop":
            ord_type, asked, stop_px = OrdType.STOP, None, price
        elif kind == "stop limit":
            ord_type, stop_px = OrdType.STOP_LIMIT, 20000 - price
        terms = {"side": side, "qty": qty, "price": asked, "stop_px": stop_px}
        names = session, who[0], self.cl_ord_id(), symbol, side, ord_type, tif
        qualifiers = None if stop_px is None else Qualifiers(stop_px)
        naive = self.asked()
        expected = naive.refuses_order(self.venue, who, terms)
        (event, *_) = self.handle(c.NewOrder(*names, asked, qty, account, qualifiers=qualifiers))
        self.compare(event, expected, naive)

    def do_again(self) -> None:
        """An order alike the last one."""
        if self.last is not None:
            self.do_new(*self.last)

    def asked(self) -> NaiveLimits:
        """The same, to be asked, and to be believed only if limits had a word."""
        naive = NaiveLimits()
        naive.__dict__.update(self.naive.__dict__)
        naive.messages, naive.accepted = list(naive.messages), list(naive.accepted)
        return naive

    def compare(self, event: e.Event, expected: str | None, asked: NaiveLimits) -> None:
        """What was refused for a limit is refused for the expected one, anything else for none."""
        name = None
        if isinstance(event, e.OrderRejected | e.CancelRejected):
            name = next((name for name in NAMES if event.text.startswith(name)), None)
            if name is None:
                return
        assert name == expected, event
        self.naive.messages, self.naive.accepted = asked.messages, asked.accepted

    def do_replace(self, nth: int, qty: int, price: int, stop_px: int) -> None:
        order = self.live(nth)
        if order is None:
            return
        asked = None if order.price is None else price
        waits = order.ord_type in (OrdType.STOP, OrdType.STOP_LIMIT) and not order.working
        moved = stop_px if waits else None
        changes = Changes(stop_px=moved) if waits else None
        who = order.session, order.firm, self.cl_ord_id(), order.cl_ord_id, ""
        terms = order.symbol, order.side, order.ord_type, None, asked, qty
        naive, expected = self.asked(), None
        if qty > order.cum_qty:
            expected = naive.refuses_replace(self.venue, order, qty, asked, moved)
        (event, *_) = self.handle(c.ReplaceOrder(*who, *terms, changes=changes))
        self.compare(event, expected, naive)

    def do_cancel(self, nth: int) -> None:
        order = self.live(nth)
        if order is not None:
            who = order.session, order.firm, self.cl_ord_id(), order.cl_ord_id, ""
            (event, *_) = self.handle(c.CancelOrder(*who, order.symbol, order.side))
            assert isinstance(event, e.OrderCanceled)

    def do_mass_cancel(self, session: str) -> None:
        who = session, FIRMS[session], self.cl_ord_id()
        self.handle(c.MassCancel(*who, MassScope.ALL, "", None))

    def do_define(self, scope: Scope, limits: Limits | None) -> None:
        self.naive.define(scope, limits, self.venue.time)
        self.handle(c.DefineLimits(scope, limits))

    def do_wait(self, milliseconds: int) -> None:
        self.advance(self.venue.time + milliseconds * MILLISECOND)

    def do_day(self) -> None:
        self.advance(self.venue.time + 86_400 * SECOND)

    def do_image(self) -> None:
        packed = msgspec.msgpack.encode(copy(self.venue))
        venue = restore(msgspec.msgpack.decode(packed, type=Image))
        assert venue.state_hash() == self.venue.state_hash()
        self.venue = venue

    def do_terms(self) -> None:
        self.define_instrument("YEN", "JPY", str(100 + self.ids % 3))

    def do_call(self) -> None:
        self.handle(c.EnterPhase("MAIN", TradingPhase.PRE_OPEN))

    def do_open(self) -> None:
        self.handle(c.EnterPhase("MAIN", TradingPhase.CONTINUOUS))

    def do_bust(self, nth: int) -> None:
        if self.venue.ids.trade_id:
            self.handle(c.BustTrade(nth % self.venue.ids.trade_id + 1))

    def do_correct(self, nth: int) -> None:
        if self.venue.ids.trade_id:
            trade_id = nth % self.venue.ids.trade_id + 1
            self.handle(c.CorrectTrade(trade_id, 1 + nth % 3, 9900 + 50 * nth))

    def do_kill(self, firm: str, account: str) -> None:
        self.naive.killed.add((firm, account))
        self.handle(c.EngageKillSwitch(firm, account))

    def do_release(self, firm: str, account: str) -> None:
        self.naive.killed.discard((firm, account))
        self.handle(c.ReleaseKillSwitch(firm, account))


@settings(deadline=None)
@given(st.integers(0, 2**63))
def test_limits(seed: int) -> None:
    draw = Random(seed)
    world = World()
    for _ in range(draw.randint(1, 4)):
        world.do_define(drawn_scope(draw), drawn_limits(draw))
    for what in draw.choices([*WEIGHTS], list(WEIGHTS.values()), k=STEPS):
        world.step(what, *drawn_terms(what, draw))
    world.venue.check()
    replayed = Venue()
    for command in world.commands:
        replayed.handle(command)
    assert replayed.state_hash() == world.venue.state_hash()
