"""The whole matching venue: `handle` turns one command into the events it causes, and does nothing
else.

No clock, no randomness, no I/O: the same commands give the same events, ids and `state_hash()`. A
request that cannot be carried out is answered by an event; an exception means a defect of ours.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from venue.core import commands as c
from venue.core import events as e
from venue.core.book import Level
from venue.core.events import Event
from venue.core.instrument import Instrument
from venue.core.market import Market
from venue.core.order_entry import OrderEntry
from venue.core.orders import Orders
from venue.core.reports import Ids
from venue.core.types import Side


class Venue:
    """Every market and every order."""

    def __init__(self) -> None:
        self.time = 0
        self.ids = Ids()
        self.instruments: dict[str, Instrument] = {}
        self.markets: dict[str, Market] = {}
        self.orders = Orders(self.ids)
        entry = OrderEntry(self.markets, self.orders)
        self._answers: dict[type[c.Command], Callable[[Any], list[Event]]] = {
            c.NewOrder: entry.new_order,
            c.CancelOrder: entry.cancel_order,
            c.ReplaceOrder: entry.replace_order,
            c.RequestStatus: entry.request_status,
            c.RefuseOrder: entry.refuse_order,
            c.RefuseCancel: entry.refuse_cancel,
            c.AdvanceTime: self._advance_time,
            c.DefineInstrument: self._define_instrument,
        }

    def handle(self, command: c.Command) -> list[Event]:
        """Carry out `command` and return what happened, in order."""
        return self._answers[type(command)](command)

    def _advance_time(self, command: c.AdvanceTime) -> list[Event]:
        self.time = max(self.time, command.time)
        return []

    def _define_instrument(self, command: c.DefineInstrument) -> list[Event]:
        instrument = Instrument(command.spec)
        self.instruments[instrument.symbol] = instrument
        market = self.markets.get(instrument.symbol)
        if market is None:
            self.markets[instrument.symbol] = Market(instrument)
        else:
            old = market.instrument.spec
            assert (old.tick, old.lot) == (command.spec.tick, command.spec.lot), "another grid"
            market.instrument = instrument
        return []

    def levels(self, symbol: str, side: Side) -> Iterator[tuple[int, int, int]]:
        """The (price, qty, count) of each level of a book side in ticks and lots, from the best."""
        for level in self.markets[symbol].book.side(side):
            yield level.price, level.qty, level.count

    def last_trade(self, symbol: str) -> tuple[int, int] | None:
        """The (price, qty) of the last trade in ticks and lots, None before the first."""
        market = self.markets[symbol]
        if market.last_px is None or market.last_qty is None:
            return None
        return market.last_px, market.last_qty

    def level_changes(self) -> list[e.LevelChanged]:
        """What every level touched since the last call holds now, in the order of symbols."""
        changes = []
        for symbol, market in self.markets.items():
            touched = market.book.touched
            if touched:
                for side, price in {(level.side, level.price) for level in touched}:
                    level: Level | None = market.book.side(side).levels.get(price)
                    qty, count = (level.qty, level.count) if level else (0, 0)
                    changes.append(e.LevelChanged(symbol, side, price, qty, count))
                touched.clear()
        return changes

    def forget_level_changes(self) -> None:
        for market in self.markets.values():
            market.book.touched.clear()

    def state_hash(self) -> str:
        """A digest of all that decides what the venue will do next, but the time. O(orders)."""
        digest = hashlib.blake2b(digest_size=16)
        for part in self._state():
            digest.update(repr(part).encode())
        return digest.hexdigest()

    def _state(self) -> Iterator[object]:
        yield self.ids.order_id, self.ids.exec_id, self.ids.trade_id
        for symbol in sorted(self.markets):
            market = self.markets[symbol]
            yield market.instrument.spec, market.last_px, market.last_qty
            for side in Side:
                yield [order.order_id for level in market.book.side(side) for order in level]
        for order in self.orders.all():
            yield order.state()
        for session, ids in sorted(self.orders.clients.items()):
            used = [(cl, order and order.order_id) for cl, order in sorted(ids.orders.items())]
            yield session, used, sorted(ids.refused)

    def check(self) -> None:
        """Assert every invariant of the venue. O(orders)."""
        resting = 0
        for market in self.markets.values():
            market.book.check()
            for side in Side:
                resting += sum(level.count for level in market.book.side(side))
        live = [order for order in self.orders.all() if order.live]
        assert len(live) == resting
        for order in self.orders.all():
            left = order.order_qty - order.cum_qty if order.live else 0
            assert order.leaves_qty == left, "LeavesQty(151)"
            assert self.orders.clients[order.session].orders[order.cl_ord_id] is order
