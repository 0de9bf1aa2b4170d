"""What bounds the orders of one account in one instrument: all limits that apply, made comparable.

Quantities are lots, prices ticks, notionals tick-lots, money is that of `venue.core.exposure`.
"""

from fractions import Fraction

from venue.core import excess
from venue.core.exposure import (
    FLOATING,
    Count,
    Counters,
    Earnings,
    Floating,
    Holding,
    Key,
    each_once,
    in_money,
    mark,
    money_unit,
    own_price,
)
from venue.core.limits import Limits, Scope, Scoped, floor, tightest
from venue.core.market import Market, Refusal
from venue.core.order import Order
from venue.core.recent import MILLISECOND, Recent, Repeats, Window
from venue.core.types import Side

BUY, SELL = Side.BUY, Side.SELL


class Bounds:
    """The limits of every scope that an order belongs to, and the counters that it moves.

    `restriction` is why nothing may be entered at all. Limits that are checked by themselves are
    tuples of what is counted, what it may be, and whose limit it is.
    """

    def __init__(self, firm: str, market: Market, counters: Counters, recent: Recent) -> None:
        """Without limits of the orders of `firm` in `market`."""
        self._firm, self._symbol = firm, market.instrument.symbol
        self._market, self._counters, self._recent = market, counters, recent
        self._unit = money_unit(market.instrument)
        self._floating = Floating(market)
        self.apply([])

    def apply(self, limits: Scoped) -> None:
        """Let `limits` be those of the scopes that these orders belong to. Counters that are new
        begin at 0.
        """
        spec = self._market.instrument.spec
        self._qty_limit = tightest(limits, "max_order_qty")
        self._max_qty = floor(self._qty_limit, Fraction(spec.lot))
        self._notional_limit = tightest(limits, "max_order_notional")
        self._max_notional = floor(self._notional_limit, Fraction(spec.tick) * Fraction(spec.lot))
        self._collar_limit = tightest(limits, "price_collar_percent")
        self._collar: tuple[int, int] | None = None
        if self._collar_limit is not None:
            self._collar = (Fraction(self._collar_limit[0]) / 100).as_integer_ratio()
        self._duplicates = max(
            (
                (each.duplicate_milliseconds * MILLISECOND, scope)
                for scope, each in limits
                if each.duplicate_milliseconds is not None
            ),
            key=lambda found: found[0],
            default=None,
        )
        self._repeats: Repeats | None = None
        if self._duplicates is not None:
            self._repeats = self._recent.repeats(self._firm)
        self.restriction = next(
            (
                excess.restricted(scope, spec.symbol)
                for scope, each in limits
                if spec.symbol in each.restricted_symbols
            ),
            None,
        )
        self.windows: list[tuple[Window, int, Scope]] = []
        self._max_open_orders: list[tuple[Count, int, Scope]] = []
        self._max_open_buying: list[tuple[Count, int, Scope]] = []
        self._max_open_selling: list[tuple[Count, int, Scope]] = []
        self._max_long: list[tuple[Holding, int, Scope]] = []
        self._max_short: list[tuple[Holding, int, Scope, bool]] = []
        self._losses: list[tuple[Earnings, int, Scope]] = []
        holdings = []
        for scope, each in limits:
            key = self._firm, scope.account, scope.symbol
            self._count_orders(key, scope, each)
            if each.holds_positions or each.max_daily_loss is not None:
                key_here = self._firm, scope.account, spec.symbol
                holding = self._counters.holding(key_here, self._market)
                holdings.append(holding)
                self._count_holding(key, scope, each, holding)
        self._max_short.sort(key=lambda each: not each[3])
        self._holdings = tuple(dict.fromkeys(holdings))
        self.holds = bool(holdings)
        self._open_orders = each_once(self._max_open_orders)
        self._buying, self._selling = map(
            each_once, (self._max_open_buying, self._max_open_selling)
        )

    def _count_orders(self, key: Key, scope: Scope, limits: Limits) -> None:
        """Find what counts messages and open orders."""
        counters = self._counters
        if limits.max_messages is not None:
            window = self._recent.window(scope, key[0], limits.message_seconds)
            self.windows.append((window, limits.max_messages, scope))
        if limits.max_open_orders is not None:
            count = counters.open_orders(key)
            self._max_open_orders.append((count, limits.max_open_orders, scope))
        if limits.max_open_notional is not None:
            most = in_money(limits.max_open_notional)
            currency = self._market.instrument.spec.currency
            buying, selling = (counters.open_notional(key, currency, side) for side in Side)
            self._max_open_buying.append((buying, most, scope))
            self._max_open_selling.append((selling, most, scope))

    def _count_holding(self, key: Key, scope: Scope, limits: Limits, holding: Holding) -> None:
        """Find what counts positions and earnings."""
        spec = self._market.instrument.spec
        lot = Fraction(spec.lot)
        if limits.max_long_position is not None:
            most = Fraction(limits.max_long_position) // lot
            self._max_long.append((holding, most, scope))
        if limits.max_short_position is not None:
            most = Fraction(limits.max_short_position) // lot
            self._max_short.append((holding, most, scope, True))
        if not limits.allow_short:
            self._max_short.append((holding, 0, scope, False))
        if limits.max_daily_loss is not None:
            earnings = self._counters.earned(key, spec.currency)
            earnings.include(spec.symbol, holding)
            self._losses.append((earnings, -in_money(limits.max_daily_loss), scope))

    def enter(self, order: Order) -> None:
        """Count a new order."""
        qty, price = order.leaves_qty, order.price
        if price is None:
            price = own_price(None, order.qualifiers)
        order.bounds, order.counted_qty, order.counted_px = self, qty, price
        for count in self._open_orders:
            count.value += 1
        if order.side is BUY:
            totals = self._buying
            for holding in self._holdings:
                holding.bought += qty
        else:
            totals = self._selling
            for holding in self._holdings:
                holding.sold += qty
        if totals:
            if price == FLOATING:
                price = self._float(order.side, qty)
            money = qty * price * self._unit
            for count in totals:
                count.value += money

    def count(self, order: Order) -> None:
        """Count an order as it is now, instead of as it was."""
        qty, price = order.leaves_qty, order.price
        was_qty, was_price = order.counted_qty, order.counted_px
        if price is None:
            price = own_price(None, order.qualifiers)
        if qty == was_qty and price == was_price:
            return
        order.counted_qty, order.counted_px = qty, price
        added = qty - was_qty
        if not qty or not was_qty:
            change = 1 if qty else -1 if was_qty else 0
            for count in self._open_orders:
                count.value += change
        if order.side is BUY:
            totals = self._buying
            for holding in self._holdings:
                holding.bought += added
        else:
            totals = self._selling
            for holding in self._holdings:
                holding.sold += added
        if totals:
            if was_price == FLOATING:
                was_price = self._float(order.side, -was_qty)
            if price == FLOATING:
                price = self._float(order.side, qty)
            money = (qty * price - was_qty * was_price) * self._unit
            for count in totals:
                count.value += money

    def _float(self, side: Side, qty: int) -> int:
        """So many lots more count at the last price: return that."""
        self.revalue()
        self._floating.add(side, qty)
        self._counters.floating.setdefault(self._symbol, {})[self] = None
        return self._floating.price

    def revalue(self) -> None:
        """The last price may be another one."""
        if self._floating.price == mark(self._market):
            return
        bought, sold = self._floating.revalue()
        for totals, money in ((self._buying, bought), (self._selling, sold)):
            for count in totals:
                count.value += money * self._unit

    def trade(self, side: Side, qty: int, price: int) -> None:
        """So much was bought or sold."""
        if side is SELL:
            qty = -qty
        self.hold(qty, -qty * price)

    def hold(self, qty: int, balance: int) -> None:
        """So many lots more are held, for so many tick-lots."""
        for holding in self._holdings:
            holding.position += qty
            holding.balance += balance

    def overruns(self, time: int) -> Refusal | None:
        """Why a message comes too soon; if it does not, it has come."""
        windows = self.windows
        for window, most, scope in windows:
            if window.time != time:
                window.turn(time)
            if window.count >= most:
                return excess.too_many_messages(window, most, scope)
        for window, _, _ in windows:
            window.count += 1
        return None

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
        """Why a new order is beyond a limit; one that is not is remembered. It counts at `worth`;
        `trigger` is its trigger price, which it `touches` or not.
        """
        if self.windows:
            refusal = self.overruns(time)
            if refusal is not None:
                return refusal
        notional = qty * worth
        if qty > self._max_qty or notional > self._max_notional:
            return self._refuses_size(qty, notional)
        if price is not None and self._collar is not None:
            refusal = self._refuses_price(side, price, trigger, touches)
            if refusal is not None:
                return refusal
        repeats = self._repeats
        if repeats is not None:
            alike = account, self._symbol, side, qty, price, trigger
            at = repeats.times.get(alike)
            if (at is not None or alike in repeats.older) and self._duplicates is not None:
                age = time - repeats.last(alike)
                span, scope = self._duplicates
                if age < span:
                    return excess.alike_another(self._market, alike, age, span, scope)
        for count, most, scope in self._max_open_orders:
            if count.value >= most:
                return excess.too_many_open(count.value, most, scope)
        refusal = self._refuses_more(side, qty, notional)
        if refusal is None and repeats is not None:
            if time - repeats.begun >= repeats.span:
                repeats.begin(time)
            repeats.times[alike] = time
        return refusal

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
        if refusal is None and price is not None and self._collar is not None:
            refusal = self._refuses_price(side, price, trigger, touches)
        return refusal or self._refuses_more(side, added, added_notional)

    def _refuses_size(self, order_qty: int, notional: int) -> Refusal | None:
        if order_qty > self._max_qty:
            assert self._qty_limit is not None
            return excess.too_large(self._market, order_qty, self._qty_limit)
        if notional > self._max_notional:
            assert self._notional_limit is not None
            money = notional * self._unit
            return excess.too_expensive(self._market, money, self._notional_limit)
        return None

    def _refuses_price(
        self, side: Side, price: int, trigger: int | None, touches: bool
    ) -> Refusal | None:
        """Why a price is too far on the wrong side of the market, or of the trigger price."""
        market, buys = self._market, side is BUY
        best = market.book.offers.best if buys else market.book.bids.best
        centre = best.price if best is not None and market.open else mark(market)
        if trigger is not None:
            if touches and (centre < trigger if buys else centre > trigger):
                trigger = None
            else:
                centre = trigger
        assert self._collar is not None and self._collar_limit is not None
        numerator, denominator = self._collar
        beyond = price - centre if buys else centre - price
        if beyond <= 0 or beyond * denominator <= centre * numerator:
            return None
        width = centre * numerator // denominator
        return excess.too_far(market, side, price, trigger, centre, width, self._collar_limit)

    def _refuses_more(self, side: Side, added: int, added_notional: int) -> Refusal | None:
        """Why so many lots and tick-lots more may not be open, or nothing at all."""
        buys = side is BUY
        if added_notional > 0:
            for count, most, scope in self._max_open_buying if buys else self._max_open_selling:
                money = added_notional * self._unit
                if count.value + money > most:
                    opened = count.value
                    return excess.too_much_open(self._market, side, opened, money, most, scope)
        if added > 0:
            if buys:
                for holding, most, scope in self._max_long:
                    if holding.position + holding.bought + added > most:
                        return excess.too_long(holding, added, most, scope)
            else:
                for holding, most, scope, is_limit in self._max_short:
                    if holding.sold + added - holding.position > most:
                        return excess.too_short(holding, added, most if is_limit else None, scope)
        for earnings, least, scope in self._losses:
            if earnings.seen != self._counters.traded.last:
                earnings.refresh(self._counters.traded)
            if earnings.value < least:
                return excess.too_much_lost(self._market, earnings, least, scope)
        return None
