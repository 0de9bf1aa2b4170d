"""The whole matching venue: `handle` turns one command into the events it causes, and does nothing
else.

No clock, no randomness, no I/O: the same commands give the same events, ids and `state_hash()`. A
request that cannot be carried out is answered by an event; an exception means a defect of ours.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from venue.core import commands as c
from venue.core import events as e
from venue.core.auction import Indicative, indication
from venue.core.corrections import Corrections
from venue.core.events import Event
from venue.core.instrument import InstrumentSpec
from venue.core.ledger import Ledger
from venue.core.ledger_image import copy_ledger
from venue.core.mass import MassActions
from venue.core.operations import Operations
from venue.core.order import Order
from venue.core.order_entry import OrderEntry
from venue.core.orders import Orders
from venue.core.phases import Phases
from venue.core.replacing import Replacing
from venue.core.reports import Ids
from venue.core.risk import Risk
from venue.core.statistics import Statistics
from venue.core.trades import Trades
from venue.core.trading import Trading
from venue.core.trading_day import TradingDay
from venue.core.types import CALLS, LIVE, Side, TradingPhase

INDICATED = CALLS - {TradingPhase.PRE_OPEN}
"""The calls that tell at which price they would end."""


class Venue:
    """Every market and every order.

    `deadline` is when the next order expires or the trading day ends, if nobody asks for anything
    before; `connected` are the sessions, with their firms, whose orders go when they do, `away`
    those whose orders went with them.
    """

    def __init__(self) -> None:
        self.ids = Ids()
        self.orders = Orders(self.ids)
        self._trading = Trading(self.ids)
        self.markets = self._trading.markets
        self._day = TradingDay(self._trading, self.orders)
        self.risk = risk = Risk(self._trading, self.orders)
        entry = OrderEntry(self._trading, self.orders, self._day, risk)
        mass = MassActions(self._trading, self.orders)
        self.phases = phases = Phases(self._trading, self._day, self.ids)
        self.instruments = phases.instruments
        self.connected = mass.connected
        self.operations = Operations(self._trading, self.orders, self._day)
        self.away = mass.away
        self.corrections = corrections = Corrections(
            self._trading,
            self.orders,
            self._day,
            mass.away,
            lambda firm, account: risk.kills.stops(firm, account),
        )
        self._answers: dict[type[c.Command], Callable[[Any], list[Event]]] = {
            c.NewOrder: entry.new_order,
            c.CancelOrder: entry.cancel_order,
            c.ReplaceOrder: Replacing(self._trading, self.orders, self._day, risk).replace_order,
            c.RequestStatus: entry.request_status,
            c.RefuseOrder: entry.refuse_order,
            c.RefuseCancel: entry.refuse_cancel,
            c.MassCancel: mass.mass_cancel,
            c.RefuseMassCancel: mass.refuse_mass_cancel,
            c.RequestMassStatus: mass.request_mass_status,
            c.SessionConnected: mass.session_connected,
            c.SessionDisconnected: mass.session_disconnected,
            c.AdvanceTime: self._advance_time,
            c.DefineTradingDay: self._define_trading_day,
            c.DefineRetention: self._define_retention,
            c.DefineSeed: self._define_seed,
            c.DefineStatistics: self._define_statistics,
            c.DefineInstrument: phases.define_instrument,
            c.DelistInstrument: phases.delist_instrument,
            c.EnterPhase: phases.enter_phase,
            c.HaltInstrument: phases.halt_instrument,
            c.ResumeInstrument: phases.resume_instrument,
            c.DefineFees: self._define_fees,
            c.DefineAccounting: self._define_accounting,
            c.DefineLimits: risk.define_limits,
            c.EngageKillSwitch: risk.engage_kill_switch,
            c.ReleaseKillSwitch: risk.release_kill_switch,
            c.CancelByVenue: self.operations.cancel_by_venue,
            c.BustTrade: corrections.bust_trade,
            c.CorrectTrade: corrections.correct_trade,
            c.EndTradingDay: self.operations.end_trading_day,
            c.AllowSession: self.operations.allow_session,
            c.RecordOperation: self.operations.record_operation,
        }

    @property
    def time(self) -> int:
        """Nanoseconds since 1970 UTC; 0 before the first `AdvanceTime`."""
        return self._trading.time

    @property
    def deadline(self) -> int:
        return min(self._day.deadline, self.phases.deadline)

    @property
    def trading_day_ends(self) -> int:
        """Nanoseconds after midnight UTC."""
        return self._day.ends

    @property
    def day(self) -> TradingDay:
        """The trading day, for who makes an image of it."""
        return self._day

    @property
    def trading(self) -> Trading:
        """The markets, for who makes an image of them."""
        return self._trading

    def past_orders(self) -> list[Order]:
        """The orders that nothing but their trades knows any more. O(trades)."""
        known = self.orders.by_id
        sides = (side for trade in self.trades.remembered.values() for side in trade.sides)
        past = {side.order.order_id: side.order for side in sides}
        return [order for order_id, order in past.items() if order_id not in known]

    @property
    def trades(self) -> Trades:
        """The trades that are remembered."""
        return self._trading.trades

    @property
    def ledger(self) -> Ledger:
        return self._trading.trades.ledger

    @property
    def configured(self) -> dict[str, InstrumentSpec]:
        """What a configuration has last said of instruments, by symbol."""
        return self.phases.configured

    @property
    def market_phases(self) -> dict[str, TradingPhase]:
        """What every market that has a schedule is in."""
        return self.phases.scheduled

    @property
    def seed(self) -> int:
        """What random ends are derived from, 0 if nobody has said."""
        return self._trading.seed

    @property
    def cl_ord_ids(self) -> int:
        """How many ClOrdIDs of a session are remembered."""
        return self.orders.cl_ord_ids

    def handle(self, command: c.Command) -> list[Event]:
        """Carry out `command` and return what happened, in order."""
        risk, kind = self.risk, type(command)
        try:
            events = self._answers[kind](command)
            if risk.follows and (kind is not c.NewOrder or len(events) > 1):
                risk.note(events)
        except Exception:
            risk.count_anew()
            raise
        return events

    def _advance_time(self, command: c.AdvanceTime) -> list[Event]:
        if self._trading.touched:
            self._trading.quote()
        if not self._trading.call_ends:
            return self._day.advance(command.time)
        events: list[Event] = []
        while (at := self.phases.deadline) <= command.time:
            events += self._day.advance(at)
            events += self.phases.end_calls(at)
            self._trading.quote()
        return events + self._day.advance(command.time)

    def _define_statistics(self, command: c.DefineStatistics) -> list[Event]:
        self._trading.windows = command.windows
        for market in self.markets.values():
            market.statistics.configure(command.windows, self.time)
        return []

    def _define_fees(self, command: c.DefineFees) -> list[Event]:
        self.trades.fees.define(command.schedule)
        return []

    def _define_accounting(self, command: c.DefineAccounting) -> list[Event]:
        self.ledger.count_cost(command.cost_method, self.ids.trade_id)
        self.trades.remember(command.trades)
        return []

    def _define_seed(self, command: c.DefineSeed) -> list[Event]:
        self._trading.seed = command.seed
        return []

    def _define_trading_day(self, command: c.DefineTradingDay) -> list[Event]:
        self._day.define(command.ends)
        return []

    def _define_retention(self, command: c.DefineRetention) -> list[Event]:
        self.orders.cl_ord_ids = command.cl_ord_ids
        return []

    def levels(self, symbol: str, side: Side) -> Iterator[tuple[int, int, int]]:
        """The (price, qty, count) of each level of a book side in ticks and lots, from the best;
        none while orders are collected for an auction.
        """
        market = self.markets[symbol]
        if not market.collected:
            for level in market.book.side(side):
                yield level.price, level.qty, level.count

    def resting(self, symbol: str, side: Side) -> Iterator[tuple[int, int, int, int]]:
        """The (order_id, price, shown qty, place) of each order of a book side, the first to trade
        first; none while orders are collected for an auction.
        """
        market = self.markets[symbol]
        if not market.collected:
            for level in market.book.side(side):
                for order in level:
                    yield order.order_id, level.price, order.shown_qty, order.place

    def shown(self, order_id: int) -> tuple[int, int, int, int, Side] | None:
        """An order as in `resting`, and its side; None where the book shows nothing of it."""
        order = self.orders.by_id.get(order_id)
        if order is None or order.level is None or self.markets[order.symbol].collected:
            return None
        return order_id, order.level.price, order.shown_qty, order.place, order.side

    def last_trade(self, symbol: str) -> tuple[int, int] | None:
        """The (price, qty) of the last trade in ticks and lots, None before the first."""
        market = self.markets[symbol]
        if market.last_px is None or market.last_qty is None:
            return None
        return market.last_px, market.last_qty

    def statistics(self, symbol: str) -> Statistics:
        return self.markets[symbol].statistics

    def indicative(self, symbol: str) -> Indicative | None:
        """What a call tells, None while there is none."""
        market = self.markets[symbol]
        return indication(market) if market.phase in INDICATED and market.listed else None

    def phase(self, symbol: str) -> TradingPhase:
        return self.markets[symbol].phase

    def listed(self, symbol: str) -> bool:
        """Whether there is such an instrument, and it is not delisted."""
        market = self.markets.get(symbol)
        return market is not None and market.listed

    def level_changes(self) -> list[e.LevelChanged]:
        """End a batch: what every level touched in it holds now, but for what a call collects."""
        changes = []
        markets = self.markets
        touched = self._trading.touched
        for symbol, side, price in {(each.symbol, each.side, each.price) for each in touched}:
            market = markets[symbol]
            if not market.collected:
                level = market.book.side(side).levels.get(price)
                qty, count = (level.qty, level.count) if level else (0, 0)
                changes.append(e.LevelChanged(symbol, side, price, qty, count))
        self.forget_level_changes()
        return changes

    def forget_level_changes(self) -> None:
        """End a batch of which nobody is to be told."""
        if self._trading.touched:
            self._trading.quote()
            self._trading.touched.clear()

    def state_hash(self) -> str:
        """A digest of all that decides what the venue will do next, but the time. O(orders)."""
        digest = hashlib.blake2b(digest_size=16)
        encode = msgspec.msgpack.Encoder().encode
        for part in self._state():
            try:
                digest.update(encode(part))
            except OverflowError:  # a notional beyond 64 bits
                digest.update(repr(part).encode())
        return digest.hexdigest()

    def _state(self) -> Iterator[object]:
        self._trading.quote()
        yield self.ids.order_id, self.ids.exec_id, self.ids.trade_id
        yield self._day.ends, self.orders.cl_ord_ids, sorted(self.connected.items())
        yield sorted(self.away)
        yield self.seed, self._trading.call_ends, self.phases.scheduled
        yield self.phases.by_hand, sorted(self.operations.disallowed)
        yield list(self.configured.values()), self.risk.image()
        for market in self.markets.values():
            yield market.instrument.spec, market.last_px, market.last_qty, market.auction_px
            yield market.listed, market.halted, market.call, market.scheduled, market.phase
            yield market.is_scheduled, market.statistics.image(), list(market.unpriced)
            for side in Side:
                yield [order.order_id for level in market.book.side(side) for order in level]
            yield list(market.waiting.orders)
        known = [*self.orders.by_id.values(), *self.past_orders()]
        for order in known:
            yield order.state()
        yield copy_ledger(self.trades, {order.order_id: order.order_id for order in known})
        for session, ids in sorted(self.orders.clients.items()):
            used = [(cl, order and order.order_id) for cl, order in ids.orders.items()]
            yield session, used, sorted(ids.refused)

    def check(self) -> None:
        """Assert every invariant of the venue. O(orders)."""
        self.risk.check()
        self.ledger.check()
        held = 0
        for market in self.markets.values():
            market.check()
            held += len(market.waiting.orders) + len(market.unpriced)
            for side in Side:
                held += sum(level.count for level in market.book.side(side))
        assert sum(order.live for order in self.orders.by_id.values()) == held
        for order in self.orders.by_id.values():
            left = order.order_qty - order.cum_qty if order.ord_status in LIVE else 0
            assert order.leaves_qty == left, "LeavesQty(151)"
            if order.live:
                assert self.orders.clients[order.session].orders[order.cl_ord_id] is order
        named = [o for ids in self.orders.clients.values() for o in ids.orders.values() if o]
        assert Counter(order.order_id for order in named) == {
            order.order_id: order.names for order in self.orders.by_id.values()
        }, "an order is remembered as long as its ids"
