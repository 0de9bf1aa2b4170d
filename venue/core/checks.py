"""The limits of an account's orders in an instrument, one by one: which one refuses a request.

Quantities are lots, prices ticks, notionals tick-lots, money is that of `venue.core.money`.
"""

from fractions import Fraction
from operator import itemgetter

from venue.core import excess
from venue.core.exposure import Count, Counters, Earnings, Holding, mark
from venue.core.limits import Limits, Scope, Scoped, Tightest, floor, tightest
from venue.core.market import Market, Refusal
from venue.core.recent import MILLISECOND, Alike, Recent, Repeats, Window
from venue.core.types import Side

BUY = Side.BUY


class Checks:
    """The limits of every scope that an order belongs to. Of those that are exceeded the first is
    told, in the order of the methods' tests and then of the scopes.

    `restriction` is why nothing may be entered at all. Limits of which several can be exceeded by
    themselves are lists of what is counted, what it may be, and whose limit it is.
    """

    __slots__ = (
        "_collar",
        "_collar_limit",
        "_counters",
        "_duplicates",
        "_market",
        "_money",
        "_notional_limit",
        "_qty_limit",
        "_unit",
        "holdings",
        "losses",
        "max_long",
        "max_notional",
        "max_open_buying",
        "max_open_orders",
        "max_open_selling",
        "max_qty",
        "max_short",
        "repeats",
        "restriction",
        "windows",
    )

    def __init__(
        self, firm: str, market: Market, counters: Counters, recent: Recent, limits: Scoped
    ) -> None:
        """Find what counts the orders of `firm` in `market`; what is new begins at 0."""
        spec = market.instrument.spec
        tick, lot = Fraction(spec.tick), Fraction(spec.lot)
        self._market, self._counters = market, counters
        self._money = counters.money[spec.currency]
        self._unit = self._money.unit(market.instrument)
        self._qty_limit = tightest(limits, "max_order_qty")
        self.max_qty = floor(self._qty_limit, lot)
        self._notional_limit = tightest(limits, "max_order_notional")
        self.max_notional = floor(self._notional_limit, tick * lot)
        self._collar_limit = tightest(limits, "price_collar_percent")
        self._collar: tuple[int, int] | None = None
        if self._collar_limit is not None:
            self._collar = (Fraction(self._collar_limit[0]) / 100).as_integer_ratio()
        spans = (
            (each.duplicate_milliseconds * MILLISECOND, scope)
            for scope, each in limits
            if each.duplicate_milliseconds is not None
        )
        self._duplicates = max(spans, key=itemgetter(0), default=None)
        self.repeats: Repeats | None = None
        if self._duplicates is not None:
            self.repeats = recent.repeats(firm)
        self.restriction: Refusal | None = None
        self.windows: list[tuple[Window, int, Scope]] = []
        self.max_open_orders: list[tuple[Count, int, Scope]] = []
        self.max_open_buying: list[tuple[Count, int, Tightest]] = []
        self.max_open_selling: list[tuple[Count, int, Tightest]] = []
        self.max_long: list[tuple[Holding, int, Scope]] = []
        self.max_short: list[tuple[Holding, int, Scope, bool]] = []
        self.losses: list[tuple[Earnings, int, Tightest]] = []
        self.holdings: dict[Holding, None] = {}
        for scope, each in limits:
            if self.restriction is None and spec.symbol in each.restricted_symbols:
                self.restriction = excess.restricted(scope, spec.symbol)
            if each.max_messages is not None:
                window = recent.window(scope, firm, each.message_seconds)
                self.windows.append((window, each.max_messages, scope))
            self._count_orders(firm, scope, each)
            self._count_holding(firm, scope, each)
        self.max_short.sort(key=lambda each: not each[3])

    def _count_orders(self, firm: str, scope: Scope, limits: Limits) -> None:
        """Find what counts open orders."""
        counters, key = self._counters, (firm, scope.account, scope.symbol)
        if limits.max_open_orders is not None:
            count = counters.open_orders(key)
            self.max_open_orders.append((count, limits.max_open_orders, scope))
        if limits.max_open_notional is not None:
            limit = limits.max_open_notional, scope
            most, currency = self._money.floor(limits.max_open_notional), self._money.currency
            buying, selling = (counters.open_notional(key, currency, side) for side in Side)
            self.max_open_buying.append((buying, most, limit))
            self.max_open_selling.append((selling, most, limit))

    def _count_holding(self, firm: str, scope: Scope, limits: Limits) -> None:
        """Find what counts positions and earnings."""
        if not limits.holds_positions and limits.max_daily_loss is None:
            return
        spec = self._market.instrument.spec
        lot = Fraction(spec.lot)
        holding = self._counters.holding((firm, scope.account, spec.symbol), self._market)
        self.holdings[holding] = None
        if limits.max_long_position is not None:
            most = Fraction(limits.max_long_position) // lot
            self.max_long.append((holding, most, scope))
        if limits.max_short_position is not None:
            most = Fraction(limits.max_short_position) // lot
            self.max_short.append((holding, most, scope, True))
        if not limits.allow_short:
            self.max_short.append((holding, 0, scope, False))
        if limits.max_daily_loss is not None:
            earnings = self._counters.earned((firm, scope.account, scope.symbol), spec.currency)
            earnings.include(spec.symbol, holding)
            limit = limits.max_daily_loss, scope
            self.losses.append((earnings, -self._money.floor(limits.max_daily_loss), limit))

    @property
    def has_collar(self) -> bool:
        """Whether a limit price may be too far on the wrong side of the market."""
        return self._collar is not None

    def overrun(self, full: Window) -> Refusal:
        """Why a message comes too soon for window `full`: it has not come for those before."""
        for window, most, scope in self.windows:
            if window is full:
                return excess.too_many_messages(window, most, scope)
            window.count -= 1
        raise AssertionError("a window of somebody else")

    def refuses_order(
        self,
        side: Side,
        qty: int,
        price: int | None,
        worth: int,
        trigger: int | None,
        touches: bool,
        account: str,
        time: int,
    ) -> Refusal | None:
        """Why a new order is beyond a limit. It counts at `worth`; `trigger` is its trigger price,
        which it `touches` or not.
        """
        refusal = self._refuses_size(qty, qty * worth)
        if refusal is None and price is not None:
            refusal = self._refuses_price(side, price, trigger, touches)
        if refusal is None and self._duplicates is not None:
            alike = account, self._market.instrument.symbol, side, qty, price, trigger
            refusal = self._refuses_repeat(alike, time)
        if refusal is not None:
            return refusal
        for count, most, scope in self.max_open_orders:
            if count.value >= most:
                return excess.too_many_open(count.value, most, scope)
        return self._refuses_more(side, qty, qty * worth)

    def refuses_increase(
        self,
        side: Side,
        order_qty: int,
        notional: int,
        price: int | None,
        trigger: int | None,
        touches: bool,
        added: int,
        added_notional: int,
    ) -> Refusal | None:
        """Why the increase of an order is beyond a limit.

        `order_qty` and `notional` are the whole order's, 0 where it does not increase by them;
        `price` and its `trigger` price are None where there are none, or they stay; `added` lots
        and `added_notional` may be below 0.
        """
        refusal = self._refuses_size(order_qty, notional)
        if refusal is None and price is not None:
            refusal = self._refuses_price(side, price, trigger, touches)
        return refusal or self._refuses_more(side, added, added_notional)

    def _refuses_size(self, order_qty: int, notional: int) -> Refusal | None:
        if order_qty > self.max_qty:
            assert self._qty_limit is not None
            return excess.too_large(self._market, order_qty, self._qty_limit)
        if notional > self.max_notional:
            assert self._notional_limit is not None
            return excess.too_expensive(self._money, notional * self._unit, self._notional_limit)
        return None

    def _refuses_price(
        self, side: Side, price: int, trigger: int | None, touches: bool
    ) -> Refusal | None:
        """Why a price is too far on the wrong side of the market, or of the trigger price."""
        if self._collar is None or self._collar_limit is None:
            return None
        market, buys = self._market, side is BUY
        best = market.book.offers.best if buys else market.book.bids.best
        centre = best.price if best is not None and market.open else mark(market)
        if trigger is not None:
            if touches and (centre < trigger if buys else centre > trigger):
                trigger = None
            else:
                centre = trigger
        numerator, denominator = self._collar
        beyond = price - centre if buys else centre - price
        if beyond <= 0 or beyond * denominator <= centre * numerator:
            return None
        width = centre * numerator // denominator
        return excess.too_far(market, side, price, trigger, centre, width, self._collar_limit)

    def _refuses_repeat(self, alike: Alike, time: int) -> Refusal | None:
        """Why there may be no other order of this kind so soon."""
        assert self._duplicates is not None and self.repeats is not None
        age = time - self.repeats.last(alike)
        span, scope = self._duplicates
        if age >= span:
            return None
        return excess.alike_another(self._market, alike, age, span, scope)

    def _refuses_more(self, side: Side, added: int, added_notional: int) -> Refusal | None:
        """Why so many lots and tick-lots more may not be open, or nothing at all."""
        buys = side is BUY
        if added_notional > 0:
            more = added_notional * self._unit
            for count, most, limit in self.max_open_buying if buys else self.max_open_selling:
                if count.value + more > most:
                    return excess.too_much_open(self._money, side, count.value, more, limit)
        if added > 0 and buys:
            for holding, most, scope in self.max_long:
                if holding.long.value + added > most:
                    return excess.too_long(holding, added, most, scope)
        elif added > 0:
            for holding, most, scope, is_limit in self.max_short:
                if holding.short.value + added > most:
                    return excess.too_short(holding, added, most if is_limit else None, scope)
        for earnings, least, limit in self.losses:
            earnings.refresh(self._counters.traded)
            if earnings.value < least:
                return excess.too_much_lost(self._money, earnings.value, limit)
        return None
