"""The requests of a day, for `scripts/bench --soak`: random orders, cancels, replaces and trades.

What a session's next request is comes from a venue in this process, to which the same is done: so
every request is right, and every answer is counted.
"""

import random
from collections.abc import Iterator

import msgspec

from venue.bench.flows import frame
from venue.config import load
from venue.core import commands as c
from venue.core.instrument import InstrumentSpec
from venue.core.order import Order
from venue.core.types import OrdType, Side, TimeInForce
from venue.core.venue import Venue
from venue.files import shipped

TRADERS = (
    ("TRADER1", "AAPL"),
    ("TRADER2", "BTC-USD"),
    ("TRADER3", "ETH-USD"),
    ("TRADER4", "EURUSD"),
)
"""Sessions, and the instrument that each has for itself: nobody's answers depend on another's."""
TRADES, REPLACES = 0.10, 0.15
"""Parts of the orders that take the best price, and of the other requests that change an order."""

Step = c.NewOrder | c.CancelOrder | c.ReplaceOrder


class Flow:
    """One session's requests in its own market of `venue`, where `step` has each carried out.

    `orders` of them were new orders so far, `requests` others.
    """

    def __init__(
        self, comp_id: str, spec: InstrumentSpec, venue: Venue, seed: int, live: int
    ) -> None:
        self.comp_id = comp_id
        self.orders = self.requests = 0
        self._most_live = live
        self._venue = venue
        self._symbol = spec.symbol
        self._rng = random.Random(seed)
        self._live: list[Order] = []
        venue.handle(c.DefineInstrument(spec))
        self._market = venue.markets[spec.symbol]
        instrument = self._market.instrument
        self._middle = instrument.reference_ticks
        self._reach = max(2, self._middle // 1000)
        self._most = min(instrument.min_lots * 1000, instrument.max_lots)
        self._least = instrument.min_lots

    def step(self) -> tuple[Step, int]:
        """The next request, and how many reports answer it."""
        rng = self._rng
        chance, live = rng.random(), self._live
        while len(live) >= self._most_live:
            at = rng.randrange(len(live))
            order = live[at]
            if not order.leaves_qty or chance >= REPLACES:
                live[at] = live[-1]
                live.pop()
            if order.leaves_qty:
                return self._change(order, chance < REPLACES)
        command = self._order(chance < TRADES)
        events = self._venue.handle(command)
        entered = self._venue.orders.by_id[self._venue.ids.order_id]
        if entered.leaves_qty:
            live.append(entered)
        self.orders += 1
        return command, len(events)

    def _order(self, takes: bool) -> c.NewOrder:
        """A limit order that rests near the middle, or one that takes some of the best price."""
        rng, middle = self._rng, self._middle
        side = rng.choice((Side.BUY, Side.SELL))
        away = rng.randint(1, self._reach)
        best = self._market.book.opposite(side).best
        time_in_force = TimeInForce.GTC
        price = middle - away if side is Side.BUY else middle + away
        if takes and best is not None:
            price, time_in_force = best.price, TimeInForce.IOC
        qty = rng.randint(self._least, self._most)
        who = self.comp_id, self.comp_id, f"{self.comp_id[-1]}N{self.orders:08d}"
        return c.NewOrder(*who, self._symbol, side, OrdType.LIMIT, time_in_force, price, qty)

    def live(self) -> int:
        """How many orders rest."""
        book = self._market.book
        return sum(level.count for side in Side for level in book.side(side))

    def _change(self, order: Order, replaces: bool) -> tuple[Step, int]:
        who = self.comp_id, self.comp_id, f"{self.comp_id[-1]}C{self.requests:08d}"
        names = order.cl_ord_id, "", self._symbol, order.side
        command: Step = c.CancelOrder(*who, *names)
        if replaces:
            qty = order.cum_qty + self._least
            command = c.ReplaceOrder(*who, *names, OrdType.LIMIT, None, order.price, qty)
        self.requests += 1
        return command, len(self._venue.handle(command))

    def encode(self, step: Step, number: int, sending_time: str) -> bytes:
        """The FIX.4.4 message of a step under MsgSeqNum(34) `number`."""
        head = f"34={number}|49={self.comp_id}|52={sending_time}|56=VENUE|11={step.cl_ord_id}|"
        tail = f"54={step.side}|55={self._symbol}|"
        orig = "" if isinstance(step, c.NewOrder) else f"41={step.orig_cl_ord_id}|"
        if isinstance(step, c.CancelOrder):
            return frame(f"35=F|{head}{orig}{tail}60={sending_time}|")
        instrument = self._market.instrument
        assert step.price is not None
        qty, price = instrument.qty.text(step.order_qty), instrument.price.text(step.price)
        msg_type = "D" if isinstance(step, c.NewOrder) else "G"
        lasts = f"59={step.time_in_force}|" if isinstance(step, c.NewOrder) else ""
        own = f"38={qty}|40=2|{orig}44={price}|{tail}{lasts}60={sending_time}|"
        return frame(f"35={msg_type}|{head}{own}")


def make_flows(live: int) -> Iterator[Flow]:
    """A flow for each session, all of one venue, with so many live orders in the end."""
    config = load(shipped("config/venue.yaml"))
    specs = {
        each.symbol: InstrumentSpec(**msgspec.structs.asdict(each)) for each in config.instruments
    }
    venue = Venue()
    for seed, (comp_id, symbol) in enumerate(TRADERS):
        yield Flow(comp_id, specs[symbol], venue, seed, live // len(TRADERS))
