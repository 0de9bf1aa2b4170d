"""What firms have open, what they hold and what they have earned today: the counters that limits
are compared with.

All of it follows from the live orders, the ledger and the last prices. A counter is shared by all
whose orders it counts, and there is none that no limit needs.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from venue.core.commands import NewOrder
from venue.core.events import (
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderReplaced,
    OrderRestated,
    OrderTradeBusted,
    OrderTradeCorrected,
    OrderTriggered,
)
from venue.core.instrument import Instrument
from venue.core.market import Market
from venue.core.money import Money, digits_of
from venue.core.order import Order
from venue.core.position import Position
from venue.core.qualifiers import Qualifiers
from venue.core.types import TOUCHED, Side

if TYPE_CHECKING:
    from venue.core.bounds import Bounds

CHANGING = frozenset(
    {
        *(OrderTriggered, OrderFilled, OrderCanceled, OrderExpired),
        *(OrderRestated, OrderReplaced, OrderTradeBusted, OrderTradeCorrected),
    }
)
"""Events after which an order may be open for another quantity, or at another price; a new one is
counted when it is not refused."""

FLOATING = -1
"""Instead of the price of an order that counts at the last one."""

K = TypeVar("K")
V = TypeVar("V")
Key = tuple[str, str, str]
"""A firm, one of its accounts or "" for all, and an instrument or "" for all."""


class Count:
    """A number."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0


class Holding:
    """What a firm, or one account of it, has in an instrument, in lots, and how many more its live
    orders would buy and sell.

    `balance` is, in tick-lots, what was received less what was paid since the trading day began,
    less what the position was worth then. `long` and `short` count how far it would come if
    everything traded: the orders of a side and, on the side it is on, the position.
    """

    __slots__ = ("balance", "long", "market", "position", "short", "unit")

    def __init__(self, market: Market, unit: int) -> None:
        """`unit` is a tick-lot as money."""
        self.market, self.unit = market, unit
        self.position = self.balance = 0
        self.long, self.short = Count(), Count()

    def add(self, qty: int, balance: int) -> None:
        """So many lots more are held, for so many tick-lots."""
        self.position += qty
        self.balance += balance
        self.long.value += qty
        self.short.value -= qty

    @property
    def bought(self) -> int:
        """What the live orders to buy would buy."""
        return self.long.value - self.position

    @property
    def sold(self) -> int:
        """What the live orders to sell would sell."""
        return self.short.value + self.position

    @property
    def earned(self) -> int:
        """What the day has brought, with the position at its present price: money."""
        return (self.balance + self.position * mark(self.market)) * self.unit


class Floating:
    """How many lots the live orders of an account would buy and sell in an instrument at whatever
    the price is: they count at `price`, the last one. O(1) for any number of orders.
    """

    __slots__ = ("bought", "market", "price", "sold")

    def __init__(self, market: Market) -> None:
        self.market = market
        self.price = mark(market)
        self.bought = self.sold = 0

    def add(self, side: Side, qty: int) -> None:
        if side is Side.BUY:
            self.bought += qty
        else:
            self.sold += qty

    def revalue(self) -> tuple[int, int]:
        """Let them count at the present last price: what is bought and sold is so many tick-lots
        more than it was.
        """
        moved = mark(self.market) - self.price
        self.price += moved
        return self.bought * moved, self.sold * moved


class Earnings:
    """What the day has brought a scope in all instruments of one currency, when `Traded.last` was
    `seen`.

    A holding is looked at anew only if something has traded in its instrument.
    """

    __slots__ = ("_values", "holdings", "seen", "value")

    def __init__(self) -> None:
        self.value = self.seen = 0
        self.holdings: dict[str, Holding] = {}
        self._values: dict[str, int] = {}

    def include(self, symbol: str, holding: Holding) -> None:
        if symbol not in self.holdings:
            self.holdings[symbol] = holding
            self._values[symbol] = 0

    def refresh(self, traded: "Traded") -> None:
        """O(instruments that have traded since this was done last)."""
        if self.seen == traded.last:
            return
        for symbol in traded.since(self.seen):
            holding = self.holdings.get(symbol)
            if holding is not None:
                earned = holding.earned
                self.value += earned - self._values[symbol]
                self._values[symbol] = earned
        self.seen = traded.last

    def recount(self, traded: "Traded") -> None:
        """Look at every holding."""
        self._values = {symbol: each.earned for symbol, each in self.holdings.items()}
        self.value = sum(self._values.values())
        self.seen = traded.last


class Traded:
    """The instruments by when they traded last: `last` counts."""

    __slots__ = ("_numbers", "last")

    def __init__(self) -> None:
        self.last = 0
        self._numbers: dict[str, int] = {}

    def note(self, symbol: str) -> None:
        self.last += 1
        numbers = self._numbers
        numbers.pop(symbol, None)
        numbers[symbol] = self.last

    def since(self, number: int) -> Iterator[str]:
        """Those that have traded since `last` was `number`."""
        for symbol in reversed(self._numbers):
            if self._numbers[symbol] <= number:
                return
            yield symbol


class Counters:
    """Every counter there is, made when it is first wanted; `floating` are the bounds of orders
    that count at the last price, by symbol, `money` is how that of each currency is counted.
    """

    def __init__(self) -> None:
        self.orders: dict[Key, Count] = {}
        self.notional: dict[tuple[Key, str, str], Count] = {}
        self.holdings: dict[Key, Holding] = {}
        self.earnings: dict[tuple[Key, str], Earnings] = {}
        self.floating: dict[str, dict[Bounds, None]] = {}
        self.money: dict[str, Money] = {}
        self.traded = Traded()

    def clear(self, instruments: Iterable[Instrument]) -> None:
        """Count anew, money as finely as these instruments need it."""
        for each in (self.orders, self.notional, self.holdings, self.earnings):
            each.clear()
        self.floating.clear()
        for instrument in instruments:
            if not self.measures(instrument):
                currency = instrument.spec.currency
                self.money[currency] = Money(currency, digits_of(instrument))

    def measures(self, instrument: Instrument) -> bool:
        """Tell whether money is counted finely enough for an instrument."""
        money = self.money.get(instrument.spec.currency)
        return money is not None and money.digits >= digits_of(instrument)

    def unit(self, instrument: Instrument) -> int:
        """A tick-lot as money."""
        return self.money[instrument.spec.currency].unit(instrument)

    def open_orders(self, key: Key) -> Count:
        return _found(self.orders, key, Count)

    def open_notional(self, key: Key, currency: str, side: str) -> Count:
        """Money that the live orders of one side are about."""
        return _found(self.notional, (key, currency, side), Count)

    def holding(self, key: Key, market: Market) -> Holding:
        unit = self.unit(market.instrument)
        return _found(self.holdings, key, lambda: Holding(market, unit))

    def earned(self, key: Key, currency: str) -> Earnings:
        return _found(self.earnings, (key, currency), Earnings)


def check_counters(
    counters: Counters,
    live: Iterable[Order],
    positions: Iterable[Position],
    markets: Mapping[str, Market],
) -> None:
    """Assert that every counter is what these orders and positions make it. O(counters x both)."""

    def of(key: Key, each: Order | Position) -> bool:
        return each.firm == key[0] and key[1] in ("", each.account) and key[2] in ("", each.symbol)

    def value(order: Order) -> int:
        market = markets[order.symbol]
        assert order.counted_qty == order.leaves_qty
        assert order.counted_px == own_price(order.price, order.qualifiers)
        at = worth(market, order.price, order.qualifiers)
        return order.counted_qty * at * counters.unit(market.instrument)

    def currency_of(each: Order | Position) -> str:
        return markets[each.symbol].instrument.spec.currency

    def earned(position: Position) -> int:
        market = markets[position.symbol]
        return position.day_pnl(mark(market)) * counters.unit(market.instrument)

    live, positions = list(live), list(positions)
    for key, count in counters.orders.items():
        assert count.value == sum(of(key, order) for order in live), "open orders"
    for (key, currency, side), count in counters.notional.items():
        found = [order for order in live if of(key, order) and order.side == side]
        total = sum(value(order) for order in found if currency_of(order) == currency)
        assert count.value == total, "open notional"
    for key, holding in counters.holdings.items():
        found = [order for order in live if of(key, order)]
        for side, counted in ((Side.BUY, holding.bought), (Side.SELL, holding.sold)):
            lots = sum(order.leaves_qty for order in found if order.side is side)
            assert counted == lots, "working lots"
        held = [each for each in positions if of(key, each)]
        assert holding.position == sum(each.qty for each in held), "position"
        assert holding.earned == sum(map(earned, held)), "earned"
    for (key, currency), earnings in counters.earnings.items():
        held = [each for each in positions if of(key, each) and currency_of(each) == currency]
        earnings.refresh(counters.traded)
        assert earnings.value == sum(map(earned, held)), "earnings"


def _found(among: dict[K, V], key: K, make: Callable[[], V]) -> V:
    found = among.get(key)
    if found is None:
        found = among[key] = make()
    return found


def mark(market: Market) -> int:
    """What a lot is worth now, in ticks."""
    last_px = market.last_px
    return market.instrument.reference_ticks if last_px is None else last_px


def worth(market: Market, price: int | None, qualifiers: Qualifiers | None) -> int:
    """At what price an order counts while it is open, in ticks."""
    price = own_price(price, qualifiers)
    return mark(market) if price == FLOATING else price


def own_price(price: int | None, qualifiers: Qualifiers | None) -> int:
    """The same, as far as the order says it: `FLOATING` where the last price does."""
    if price is not None:
        return price
    if qualifiers is not None and qualifiers.stop_px is not None:
        return qualifiers.stop_px
    return FLOATING


def asked_worth(
    market: Market, asked: NewOrder | Order, price: int | None, qualifiers: Qualifiers | None
) -> int:
    """At what price an order is checked that would have these terms: one that the last price would
    trigger at once, being above the trigger price, trades at that.
    """
    at = worth(market, price, qualifiers)
    if price is None and (asked.side is Side.BUY) is not (asked.ord_type in TOUCHED):
        return max(at, mark(market))
    return at
