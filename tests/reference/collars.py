"""How far trades may be from those before, and what becomes of one that would be further."""

from collections.abc import Iterator
from hashlib import blake2b

from tests.reference.order import Order, Told
from tests.reference.orders import Orders

SECOND = 10**9
CALLS = ("pre open", "opening auction", "closing auction", "volatility auction")


class Collars(Orders):
    def collar_of(self, order: Order, price: int, last: int) -> str:
        """The collar that `order` would leave with a trade at `price`; none is "".

        `last` was the last price when it began to trade.
        """
        terms, state = self.terms[order.symbol], self.states[order.symbol]
        auction = terms.reference_price if state.auction_price is None else state.auction_price
        bounds = [("dynamic", terms.dynamic_collar, last), ("static", terms.static_collar, auction)]
        if order.price is None or order.ord_type == "market with left over as limit":
            bounds.append(("limit", terms.collar, last))
        for name, percent, centre in bounds:
            if percent is not None and 100 * abs(price - centre) > percent * centre:
                return name
        return ""

    def stop_at(self, collar: str, order: Order) -> Iterator[Told]:
        """Interrupt trading because of `order`, or cancel what is left of it."""
        terms = self.terms[order.symbol]
        if collar != "limit" and terms.interruption_seconds:
            seconds, random_seconds = terms.interruption_seconds, terms.interruption_random_seconds
            yield self.begin_call(order.symbol, seconds, random_seconds)
            if order.time_in_force not in ("ioc", "fok"):
                yield from self.collect(order)
                return
        yield self.end("canceled", order, reason="trade price violation")

    def begin_call(self, symbol: str, seconds: int, random_seconds: int) -> Told:
        """Collect orders for so long; how long exactly is nobody's to know before."""
        ids = f"{self.trade_ids.last} {self.exec_ids.last}"
        digest = blake2b(f"{self.seed} {symbol} {self.time} {ids}".encode(), digest_size=8).digest()
        extra = int.from_bytes(digest, "big") % (random_seconds * SECOND + 1)
        state = self.states[symbol]
        state.phase = state.call = "volatility auction"
        state.call_ends = self.time + seconds * SECOND + extra
        return Told("", "phase", symbol=symbol, phase=state.phase)

    def collect(self, order: Order) -> Iterator[Told]:
        """Keep an order for the auction."""
        order.min_qty_met = True
        if order.time_in_force in ("ioc", "fok"):
            yield self.end("canceled", order)
        else:
            order.place = next(self.places)
            order.show(order.display_qty)
