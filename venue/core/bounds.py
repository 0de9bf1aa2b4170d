"""What bounds the orders of one account in one instrument: all limits that apply, made comparable.

Nearly every order is far within its limits: `Bounds` tells so with few comparisons, and leaves it
to `venue.core.checks` to find out who else is beyond which.
"""

from collections.abc import Iterable
from itertools import zip_longest

from venue.core.checks import Checks
from venue.core.commands import NewOrder
from venue.core.exposure import (
    FLOATING,
    Count,
    Counters,
    Floating,
    asked_worth,
    mark,
    own_price,
)
from venue.core.limits import UNBOUNDED, Scoped
from venue.core.market import Market, Refusal
from venue.core.order import Order
from venue.core.recent import Recent
from venue.core.types import TOUCHED, Side

BUY, SELL = Side.BUY, Side.SELL

Row = tuple[Count, int, Count, int, Count, int]
"""Three counters and what they may be: open orders, the money those of a side are about, and the
lots that a side may come to hold. One that stands for no limit counts for nobody.
"""


class Bounds:
    """The limits of every scope that an order belongs to, and the counters that it moves.

    `checks` are the limits one by one, `restriction` is why nothing may be entered at all, `holds`
    tells whether positions are counted.
    """

    __slots__ = (
        "_bids",
        "_buying",
        "_counters",
        "_firm",
        "_floating",
        "_has_collar",
        "_holdings",
        "_losses",
        "_market",
        "_max_notional",
        "_max_qty",
        "_offers",
        "_recent",
        "_repeats",
        "_selling",
        "_solvent",
        "_symbol",
        "_traded",
        "_unit",
        "_windows",
        "checks",
        "holds",
        "restriction",
    )

    def __init__(self, firm: str, market: Market, counters: Counters, recent: Recent) -> None:
        """Without limits of the orders of `firm` in `market`."""
        self._firm, self._symbol = firm, market.instrument.symbol
        self._market, self._counters, self._recent = market, counters, recent
        self._bids, self._offers = market.book.bids, market.book.offers
        self._traded = counters.traded
        self._unit = counters.unit(market.instrument)
        self._floating = Floating(market)
        self.apply([])

    def apply(self, limits: Scoped) -> None:
        """Let `limits` be those of the scopes that these orders belong to. Counters that are new
        begin at 0.
        """
        checks = Checks(self._firm, self._market, self._counters, self._recent, limits)
        self.checks, self.restriction = checks, checks.restriction
        self._max_qty, self._max_notional = checks.max_qty, checks.max_notional
        self._has_collar, self._repeats = checks.has_collar, checks.repeats
        self._windows = tuple(each[:2] for each in checks.windows)
        self._losses = tuple((earnings, least) for earnings, least, _ in checks.losses)
        self._solvent = -1
        self._holdings = tuple(checks.holdings)
        self.holds = bool(self._holdings)
        orders = [each[:2] for each in checks.max_open_orders]
        bought = [(each, UNBOUNDED) for each in self._holdings]
        bought += [each[:2] for each in checks.max_long]
        sold = [(each, UNBOUNDED) for each in self._holdings]
        sold += [each[:2] for each in checks.max_short]
        self._buying = _rows(
            orders,
            [each[:2] for each in checks.max_open_buying],
            [(holding.long, most) for holding, most in bought],
        )
        self._selling = _rows(
            orders,
            [each[:2] for each in checks.max_open_selling],
            [(holding.short, most) for holding, most in sold],
        )

    def overruns(self, time: int) -> Refusal | None:
        """Why a message comes too soon; if it does not, it has come."""
        for window, most in self._windows:
            if window.time != time:
                window.turn(time)
            if window.count >= most:
                return self.checks.overrun(window)
            window.count += 1
        return None

    def refuses_order(self, command: NewOrder, time: int) -> Refusal | None:
        """Why a new order is beyond a limit; one that is not is remembered, and counted.

        Who cannot be told at a glance to be within all limits is checked exactly.
        """
        for window, most in self._windows:  # as in `overruns`
            if window.time != time:
                window.turn(time)
            if window.count >= most:
                return self.checks.overrun(window)
            window.count += 1
        side, qty, price = command.side, command.order_qty, command.price
        if price is None or command.qualifiers is not None:
            return self._refuses_exactly(command, time)
        notional = qty * price
        if qty > self._max_qty or notional > self._max_notional:
            return self._refuses_exactly(command, time)
        if side is BUY:
            rows, best = self._buying, self._offers.best
            is_far = best is None or price > best.price
        else:
            rows, best = self._selling, self._bids.best
            is_far = best is None or price < best.price
        if (is_far or not self._market.open) and self._has_collar:
            return self._refuses_exactly(command, time)
        if self._solvent != self._traded.last and not self._is_solvent():
            return self._refuses_exactly(command, time)
        repeats = self._repeats
        if repeats is not None:
            alike = command.account, self._symbol, side, qty, price, None
            if alike in repeats.times or alike in repeats.older:
                return self._refuses_exactly(command, time)
        money = notional * self._unit
        for row in rows:
            orders, most_orders, total, most_money, lots, most_lots = row
            opened, asked, held = orders.value + 1, total.value + money, lots.value + qty
            if opened > most_orders or asked > most_money or held > most_lots:
                _move(rows[: rows.index(row)], -1, -money, -qty)
                return self._refuses_exactly(command, time)
            orders.value, total.value, lots.value = opened, asked, held
        if repeats is not None:
            if time >= repeats.until:
                repeats.begin(time)
            repeats.times[alike] = time
        return None

    def _is_solvent(self) -> bool:
        """Tell whether no loss is too large, as far as is known before the next trade."""
        traded = self._traded
        for earnings, least in self._losses:
            earnings.refresh(traded)
            if earnings.value < least:
                return False
        self._solvent = traded.last
        return True

    def _refuses_exactly(self, command: NewOrder, time: int) -> Refusal | None:
        """The same, when the message has come."""
        qualifiers, price, touches, trigger = command.qualifiers, command.price, False, None
        if qualifiers is not None:
            trigger, touches = qualifiers.stop_px, command.ord_type in TOUCHED
        at = asked_worth(self._market, command, price, qualifiers)
        side, qty, account = command.side, command.order_qty, command.account
        refusal = self.checks.refuses_order(side, qty, price, at, trigger, touches, account, time)
        if refusal is not None:
            return refusal
        repeats = self._repeats
        if repeats is not None:
            if time >= repeats.until:
                repeats.begin(time)
            repeats.times[account, self._symbol, side, qty, price, trigger] = time
        counted_px = self._value(side, qty, own_price(price, qualifiers))
        rows = self._buying if side is BUY else self._selling
        _move(rows, 1, qty * counted_px * self._unit, qty)
        return None

    def count(self, order: Order) -> None:
        """Count an order as it is now, instead of as it was."""
        qty, price = order.leaves_qty, order.price
        was_qty, was_price = order.counted_qty, order.counted_px
        if price is None:
            price = own_price(None, order.qualifiers)
        if qty == was_qty and price == was_price:
            return
        order.counted_qty = qty
        if price != was_price:
            order.counted_px = price
        if was_price == FLOATING or price == FLOATING:
            was_price = self._value(order.side, -was_qty, was_price)
            price = self._value(order.side, qty, price)
        opened, added = (qty > 0) - (was_qty > 0), qty - was_qty
        money = (qty * price - was_qty * was_price) * self._unit
        for orders, _, total, _, lots, _ in self._buying if order.side is BUY else self._selling:
            orders.value += opened
            total.value += money
            lots.value += added

    def _value(self, side: Side, qty: int, price: int) -> int:
        """So many lots more count at a price: return what it is if it floats."""
        if price != FLOATING:
            return price
        self.revalue()
        self._floating.add(side, qty)
        self._counters.floating.setdefault(self._symbol, {})[self] = None
        return self._floating.price

    def revalue(self) -> None:
        """The last price may be another one."""
        if self._floating.price == mark(self._market):
            return
        bought, sold = self._floating.revalue()
        _move(self._buying, 0, bought * self._unit, 0)
        _move(self._selling, 0, sold * self._unit, 0)

    def trade(self, side: Side, qty: int, price: int) -> None:
        """So much was bought or sold."""
        if side is SELL:
            qty = -qty
        for holding in self._holdings:
            holding.add(qty, -qty * price)

    def hold(self, qty: int, balance: int) -> None:
        """So many lots more are held, for so many tick-lots."""
        for holding in self._holdings:
            holding.add(qty, balance)


def _move(rows: tuple[Row, ...], opened: int, money: int, added: int) -> None:
    """So many orders, so much money and so many lots more are open."""
    for orders, _, total, _, lots, _ in rows:
        orders.value += opened
        total.value += money
        lots.value += added


def _rows(*kinds: Iterable[tuple[Count, int]]) -> tuple[Row, ...]:
    """Every counter of each kind once, with the least of its limits."""
    tightest: list[dict[Count, int]] = []
    for kind in kinds:
        least: dict[Count, int] = {}
        for count, most in kind:
            least[count] = min(most, least.get(count, most))
        tightest.append(least)
    nothing = Count(), UNBOUNDED
    rows = zip_longest(*(least.items() for least in tightest), fillvalue=nothing)
    return tuple((*orders, *total, *lots) for orders, total, lots in rows)
