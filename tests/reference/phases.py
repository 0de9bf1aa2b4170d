"""Trading phases: what a market's schedule and the operator make of each instrument."""

from collections.abc import Iterator

from tests.reference.auctions import for_auctions
from tests.reference.collars import CALLS
from tests.reference.days import OF_THE_DAY, Days
from tests.reference.order import Order, State, Terms, Told


class Phases(Days):
    def __init__(self, terms: dict[str, Terms]) -> None:
        super().__init__(terms)
        self.scheduled: dict[str, str] = {}
        """The phase of each market that has a schedule."""

    def define_seed(self, seed: int) -> list[Told]:
        self.seed = seed
        return []

    def define_instrument(self, symbol: str, terms: Terms) -> list[Told]:
        state = self.states.setdefault(symbol, State(listed=False))
        is_new = not state.listed
        if is_new:
            state.listed, state.call = True, None
        self.terms[symbol] = terms
        told = [Told("", "instrument", symbol=symbol, is_new=is_new)]
        state.has_schedule = terms.market in self.scheduled
        phase = self.scheduled.get(terms.market, "continuous")
        if phase != state.scheduled:
            told += self.schedule(symbol, phase)
        elif is_new and state.phase in CALLS:
            state.call = state.phase
        if is_new and len(told) == 1 and state.phase != "continuous":
            told.append(Told("", "phase", symbol=symbol, phase=state.phase))
        return told

    def delist(self, symbol: str) -> list[Told]:
        state = self.states[symbol]
        if not state.listed:
            return []
        state.listed, state.call_ends = False, None
        told = [Told("", "delisted", symbol=symbol)]
        for order in self.live_of(symbol):
            told.append(self.end("canceled", order, reason="market option"))
        if state.phase == "volatility auction":
            told += self.go(symbol, state.scheduled)
        return told

    def enter_phase(self, market: str, phase: str | None) -> list[Told]:
        """None: the market has no schedule any more."""
        self.scheduled.pop(market, None)
        if phase is not None:
            self.scheduled[market] = phase
        phase = phase or "continuous"
        told = [Told("", "market phase", market=market, phase=phase)]
        for symbol, terms in self.terms.items():
            if terms.market == market:
                self.states[symbol].has_schedule = market in self.scheduled
                told += self.schedule(symbol, phase)
        return told

    def schedule(self, symbol: str, phase: str) -> Iterator[Told]:
        state = self.states[symbol]
        state.scheduled, state.call_ends = phase, None
        if not state.halted:
            yield from self.go(symbol, phase)
        if phase == "closed":
            for order in self.live_of(symbol):
                if order.time_in_force in OF_THE_DAY:
                    yield self.end("expired", order)

    def halt(self, symbol: str) -> list[Told]:
        state = self.states[symbol]
        if state.halted or not state.listed:
            return []
        state.halted, state.call_ends = True, None
        told = list(self.go(symbol, "halt"))
        for order in self.live_of(symbol):
            if order.cancel_on_halt:
                told.append(self.end("canceled", order, reason="trading halt"))
        return told

    def resume(self, symbol: str, seconds: int) -> list[Told]:
        state = self.states[symbol]
        if not state.halted or not state.listed:
            return []
        state.halted = False
        if state.scheduled == "continuous" and seconds:
            return [self.begin_call(symbol, seconds, 0)]
        return list(self.go(symbol, state.scheduled))

    def advance_time(self, time: int) -> list[Told]:
        """Everything that is due by `time`: of one moment days first, then calls that end."""
        told: list[Told] = []
        while True:
            ends = [state.call_ends for state in self.states.values()]
            at = min([end for end in ends if end is not None and end <= time], default=None)
            if at is None:
                return told + self.pass_days(time)
            told += self.pass_days(at)
            for symbol in sorted(self.states):
                state = self.states[symbol]
                if state.call_ends == at:
                    state.call_ends = None
                    told += self.go(symbol, state.scheduled)

    def go(self, symbol: str, phase: str) -> Iterator[Told]:
        """Leave the present phase for `phase`, and do what could not be done in the old one."""
        state = self.states[symbol]
        if state.collected and phase not in (*CALLS, "halt"):
            if state.listed:
                yield from self.hold_auction(symbol)
            state.call = None
        if phase in CALLS:
            state.call = phase
        before, state.phase = state.phase, phase
        if phase != before and state.listed:
            yield Told("", "phase", symbol=symbol, phase=phase)
        if phase == "closing auction":
            waiting = [o for o in self.live_of(symbol) if o.waiting and for_auctions(o)]
            for order in sorted(waiting, key=lambda o: o.age):
                order.waiting = False
                yield self.tell("triggered", order)
                yield from self.collect(order)
        yield from self.cascade(symbol)

    def live_of(self, symbol: str) -> list[Order]:
        """The live orders of an instrument, by OrderID."""
        orders = [order for order in self.orders if order.symbol == symbol and order.leaves_qty]
        return sorted(orders, key=lambda order: order.order_id)
