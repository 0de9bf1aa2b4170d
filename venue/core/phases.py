"""Trading phases: what a market's schedule, a halt and an interruption make of each instrument.

Whatever phase follows a call begins with the auction of what the call has collected.
"""

from venue.core import commands as c
from venue.core import events as e
from venue.core.auction import FOR_AUCTIONS, uncross
from venue.core.events import Event
from venue.core.instrument import FIXED_TERMS, Instrument, InstrumentSpec
from venue.core.market import Market
from venue.core.reports import Ids, dropped, executed, restated
from venue.core.trading import MARKET_WITH_LEFT_OVER, Trading
from venue.core.trading_day import NEVER, TradingDay
from venue.core.types import (
    CALLS,
    ExecRestatementReason,
    OrdStatus,
    TimeInForce,
    TradingPhase,
)

CLOSED = TradingPhase.CLOSED
CONTINUOUS = TradingPhase.CONTINUOUS
CLOSING_AUCTION = TradingPhase.CLOSING_AUCTION
HALT = TradingPhase.HALT
OVER = (TradingPhase.POST_CLOSE, CLOSED)
"""No more trades today: what follows is another day of the statistics."""
LEFT_OVER = "left over from the auction"


class Phases:
    """Carries out the commands about instruments and their phases.

    `scheduled` are the phases of the markets that have a schedule, `by_hand` when an operator has
    led a market into its present one, in nanoseconds since 1970 UTC; `configured` what a
    configuration has last said of instruments.
    """

    def __init__(self, trading: Trading, day: TradingDay, ids: Ids) -> None:
        self.trading = trading
        self.day = day
        self.ids = ids
        self.scheduled: dict[str, TradingPhase] = {}
        self.by_hand: dict[str, int] = {}
        self.instruments: dict[str, Instrument] = {}
        self.configured: dict[str, InstrumentSpec] = {}

    @property
    def deadline(self) -> int:
        """When the next call ends that no schedule ends."""
        return min(self.trading.call_ends.values(), default=NEVER)

    def define_instrument(self, command: c.DefineInstrument) -> list[Event]:
        """List an instrument, or give a listed one other terms on the same grid.

        One that is new is continuous, unless a `PhaseEntered` follows.
        """
        instrument = Instrument(command.spec)
        symbol = instrument.symbol
        market = self.trading.markets.get(symbol)
        is_new = market is None or not market.listed
        if market is None:
            market = Market(instrument, self.trading.touched)
            market.statistics.configure(self.trading.windows, self.trading.time)
            self.trading.markets[symbol] = market
        else:
            old = market.instrument.spec
            for name in FIXED_TERMS:
                assert getattr(old, name) == getattr(command.spec, name), f"another {name}"
            market.instrument = instrument
            if is_new:
                market.listed, market.call = True, None
        self.instruments[symbol] = instrument
        if command.configured:
            self.configured[symbol] = command.spec
        events: list[Event] = [e.InstrumentDefined("", symbol, is_new)]
        market.is_scheduled = command.spec.market in self.scheduled
        phase = self.scheduled.get(command.spec.market, CONTINUOUS)
        if phase is not market.scheduled:
            self._schedule(market, phase, events)
        elif is_new:
            market.enter(market.phase)
        if is_new and len(events) == 1 and market.phase is not CONTINUOUS:
            events.append(e.PhaseEntered("", symbol, market.phase))
        return events

    def delist_instrument(self, command: c.DelistInstrument) -> list[Event]:
        market = self.trading.markets[command.symbol]
        if not market.listed:
            return []
        market.listed = market.open = False
        self.trading.call_ends.pop(command.symbol, None)
        events: list[Event] = [e.InstrumentDelisted("", command.symbol)]
        for order in sorted(market.orders(), key=lambda order: order.order_id):
            self.trading.end(order, OrdStatus.CANCELED)
            text = f"Symbol(55) {command.symbol} is delisted"
            events.append(dropped(order, self.ids, text, ExecRestatementReason.MARKET_OPTION))
        if market.phase is TradingPhase.VOLATILITY_AUCTION:
            self._enter(market, market.scheduled, events)
        return events

    def enter_phase(self, command: c.EnterPhase) -> list[Event]:
        """Bring every instrument of a market into its phase; an interruption ends with that."""
        name, phase = command.market, command.phase
        events: list[Event] = []
        self.by_hand.pop(name, None)
        if command.by_hand:
            self.by_hand[name] = self.trading.time
        if phase is None:
            self.scheduled.pop(name, None)
            phase = CONTINUOUS
        else:
            self.scheduled[name] = phase
        events.append(e.MarketPhaseEntered("", name, phase))
        for market in self.trading.markets.values():
            if market.instrument.spec.market == name:
                market.is_scheduled = name in self.scheduled
                if command.late:
                    self.day.close(market, events)
                self._schedule(market, phase, events)
        return events

    def halt_instrument(self, command: c.HaltInstrument) -> list[Event]:
        """Stop trading (K.1.a); orders with ExecInst(18) K end (K.1.b)."""
        market = self.trading.markets[command.symbol]
        if market.halted or not market.listed:
            return []
        market.halted = True
        self.trading.call_ends.pop(command.symbol, None)
        events: list[Event] = []
        self._enter(market, HALT, events)
        ending = [
            order
            for order in market.orders()
            if order.qualifiers is not None and order.qualifiers.cancel_on_halt
        ]
        for order in sorted(ending, key=lambda order: order.order_id):
            self.trading.end(order, OrdStatus.CANCELED)
            text = "ExecInst(18) K: trading is halted"
            events.append(dropped(order, self.ids, text, ExecRestatementReason.TRADING_HALT))
        return events

    def resume_instrument(self, command: c.ResumeInstrument) -> list[Event]:
        """Go on with what the market's schedule says."""
        market = self.trading.markets[command.symbol]
        if not market.halted or not market.listed:
            return []
        market.halted = False
        events: list[Event] = []
        if market.scheduled is CONTINUOUS and command.auction_seconds:
            self.trading.begin_call(market, command.auction_seconds, 0, events)
        else:
            self._enter(market, market.scheduled, events)
        return events

    def end_calls(self, time: int) -> list[Event]:
        """End the calls that end at `time`, in the order of symbols."""
        events: list[Event] = []
        call_ends = self.trading.call_ends
        for symbol in sorted(symbol for symbol, end in call_ends.items() if end <= time):
            del call_ends[symbol]
            market = self.trading.markets[symbol]
            self._enter(market, market.scheduled, events)
        return events

    def _schedule(self, market: Market, phase: TradingPhase, events: list[Event]) -> None:
        """Let `phase` be what the market's schedule says."""
        opens = market.scheduled in OVER and phase not in OVER
        market.scheduled = phase
        self.trading.call_ends.pop(market.instrument.symbol, None)
        if opens:
            market.statistics.begin_day(self.trading.time, self.ids.trade_id)
        if not market.halted:
            self._enter(market, phase, events)
        if phase is CLOSED:
            self.day.close(market, events)
        if phase in OVER:
            market.statistics.end_trading(self.trading.time, self.ids.trade_id)

    def _enter(self, market: Market, phase: TradingPhase, events: list[Event]) -> None:
        """Leave the present phase, with the auction that ends a call, for `phase`."""
        first, before = len(events), market.phase
        if market.call and market.listed and phase not in CALLS and phase is not HALT:
            self._hold_auction(market, events)
        market.enter(phase)
        market.quote(self.trading.time)
        if phase is not before and market.listed:
            events.append(e.PhaseEntered("", market.instrument.symbol, phase))
        if phase is CLOSING_AUCTION:
            self._activate(market, events)
        if market.waiting.orders:
            self.trading.settle(market, events, first)

    def _activate(self, market: Market, events: list[Event]) -> None:
        """Let the orders that wait for the closing auction take part in it (E.1.f)."""
        for order in list(market.waiting.orders.values()):
            if order.time_in_force is TimeInForce.AT_THE_CLOSE:
                market.waiting.remove(order)
                order.working = True
                events.append(e.OrderTriggered(*executed(order, self.ids)))
                self.trading.collect(market, order, events)

    def _hold_auction(self, market: Market, events: list[Event]) -> None:
        """Match what was collected at one price, and end what does not outlive that."""
        clearing = uncross(market, self.trading.trades, events, self.trading.time)
        leftovers = list(market.unpriced.values())
        market.unpriced.clear()
        for order in leftovers:
            rests = order.ord_type is MARKET_WITH_LEFT_OVER
            if clearing is None or not rests or order.time_in_force in FOR_AUCTIONS:
                order.end(OrdStatus.CANCELED)
                events.append(dropped(order, self.ids, LEFT_OVER))
                continue
            order.price = clearing.price
            text = "left over as limit at the auction's price"
            events.append(restated(order, self.ids, ExecRestatementReason.REPRICING, text))
            self.trading.collect(market, order, events)
        over = [
            order
            for order in market.orders()
            if order.working and order.time_in_force in FOR_AUCTIONS
        ]
        for order in sorted(over, key=lambda order: order.order_id):
            self.trading.end(order, OrdStatus.CANCELED)
            events.append(dropped(order, self.ids, LEFT_OVER))
