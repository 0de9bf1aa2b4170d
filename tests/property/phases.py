"""Order entry through trading phases: schedules, halts, auctions, interruptions, and instruments
that come, change and go.
"""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from tests.property.order_entry import SESSIONS, OrderEntry
from tests.property.orders import (
    AUCTION_ORDERS,
    CALLED_ORDERS,
    CANCELED_ON_HALT,
    RICH_ORDERS,
    TRIGGERED_ORDERS,
    Words,
)
from tests.property.twins import TERMS
from tests.reference import Terms

MARKET = "X"
"""The market of A; B is in another one."""
CALLS = ("pre open", "opening auction", "closing auction")
PHASES = ("continuous", "continuous", *CALLS, *CALLS, "post close", "closed", None)
FOR_CALLS = st.one_of(CALLED_ORDERS, CALLED_ORDERS, CALLED_ORDERS, AUCTION_ORDERS, RICH_ORDERS)
SYMBOLS = st.sampled_from(["A", "A", "A", "B"])
COLLARS = st.sampled_from(
    [
        {},
        {"collar": 2},
        {"dynamic_collar": 1, "interruption_seconds": 2},
        {"dynamic_collar": 2, "interruption_seconds": 1, "interruption_random_seconds": 3},
        {"dynamic_collar": 0, "interruption_seconds": 2, "static_collar": 2},
        {"static_collar": 1, "interruption_seconds": 1},
        {"static_collar": 2, "dynamic_collar": 1},
        {"dynamic_collar": 2},
    ]
)


def is_lively(machine: Any) -> bool:
    return bool(machine.lively)


class Phases(OrderEntry):
    """Half of the runs have phases and collars, the others are as they would be without."""

    def __init__(self) -> None:
        super().__init__()
        self.lively = False
        self.terms = dict(TERMS)

    @initialize(lively=st.booleans(), seed=st.integers(0, 2**63 - 1), collars=COLLARS)
    def liven(self, lively: bool, seed: int, collars: dict[str, int]) -> None:
        self.lively = lively
        if lively:
            self.note(self.twins.define_seed(seed))
            self.define("A", collars)

    # Phases

    @precondition(is_lively)
    @rule(phase=st.sampled_from(PHASES))
    def enter_phase(self, phase: str | None) -> None:
        self.note(self.twins.enter_phase(MARKET, phase))

    @precondition(is_lively)
    @rule(
        phases=st.sampled_from(
            [
                ("pre open", "opening auction", "continuous"),
                ("opening auction", "continuous"),
                ("closing auction", "closed"),
                ("closing auction", "post close", "continuous"),
            ]
        ),
        orders=st.lists(st.tuples(SESSIONS, FOR_CALLS), min_size=3, max_size=9),
        stops=st.lists(st.tuples(SESSIONS, TRIGGERED_ORDERS), max_size=2),
    )
    def hold_auction(
        self,
        phases: tuple[str, ...],
        orders: list[tuple[str, Words]],
        stops: list[tuple[str, Words]],
    ) -> None:
        """A whole call, with orders in each of its phases but the last."""
        self.make_tradable("A")
        self.enter(stops)
        for number, phase in enumerate(phases):
            self.enter_phase(phase)
            calls = len(phases) - 1
            self.enter([each for n, each in enumerate(orders) if n % calls == number])

    @precondition(is_lively)
    @rule(
        symbol=SYMBOLS,
        seconds=st.sampled_from([0, 0, 1, 3]),
        orders=st.lists(st.tuples(SESSIONS, CANCELED_ON_HALT), max_size=3),
    )
    def halt_or_resume(self, symbol: str, seconds: int, orders: list[tuple[str, Words]]) -> None:
        if self.reference.states[symbol].halted:
            self.note(self.twins.resume(symbol, seconds))
        else:
            self.enter(orders)
            self.note(self.twins.halt(symbol))

    @precondition(is_lively)
    @rule(early=st.sampled_from([0, 0, 0, 1]))
    def end_the_interruption(self, early: int) -> None:
        ends = [state.call_ends for state in self.reference.states.values() if state.call_ends]
        if ends:
            self.move_to(max(self.time, min(ends) - early))

    @precondition(is_lively)
    @rule()
    def go_on(self) -> None:
        """Back to trading, so that not all time passes without."""
        for symbol in TERMS:
            self.make_tradable(symbol)

    # Instruments

    @precondition(is_lively)
    @rule(symbol=SYMBOLS, collars=COLLARS)
    def define(self, symbol: str, collars: dict[str, Any]) -> None:
        """Other terms, or the listing of an instrument that was delisted."""
        before = TERMS[symbol]
        terms = {"market": MARKET if symbol == "A" else before.market, "collar": before.collar}
        terms |= collars if symbol == "A" else collars | {"collar": before.collar}
        self.terms[symbol] = Terms(100, before.min_qty, before.max_qty, **terms)
        self.note(self.twins.define_instrument(symbol, self.terms[symbol]))

    @precondition(is_lively)
    @rule(symbol=SYMBOLS, seldom=st.integers(0, 3))
    def delist(self, symbol: str, seldom: int) -> None:
        if seldom == 3:
            self.note(self.twins.delist(symbol))

    # After every step

    @invariant()
    def everybody_knows_the_phase(self) -> None:
        for symbol, state in self.reference.states.items():
            assert self.venue.listed(symbol) is state.listed
            assert self.venue.phase(symbol).text == state.phase
            assert self.venue.markets[symbol].collected is state.collected
            called = self.venue.indicative(symbol)
            told = None if called is None else (called.price, called.qty, called.imbalance)
            assert told == self.reference.indication(symbol)
            unpriced = [
                order.order_id
                for side in ("buy", "sell")
                for order in self.reference.unpriced(symbol, side)
            ]
            assert sorted(self.venue.markets[symbol].unpriced) == sorted(unpriced)
        ends = [state.call_ends for state in self.reference.states.values() if state.call_ends]
        assert self.venue.deadline <= min(ends, default=self.venue.deadline)

    def make_tradable(self, symbol: str) -> None:
        state = self.reference.states[symbol]
        if not state.listed:
            self.define(symbol, {})
        if state.halted:
            self.note(self.twins.resume(symbol, 0))
        if state.scheduled != "continuous":
            self.enter_phase("continuous")
