"""Limits before an order is accepted, and kill switches.

What is counted for limits follows the events of each command: every event of an order tells that
it may have changed, and each fill moves a position. While there is no limit nothing is counted, and
with the first one everything is.
"""

from msgspec import Struct

from venue.core import commands as c
from venue.core.bounds import Bounds
from venue.core.events import (
    DayEnded,
    Event,
    InstrumentDefined,
    OrderFilled,
    OrderTradeBusted,
    OrderTradeCorrected,
    TradeChanged,
)
from venue.core.exposure import CHANGING, Counters, asked_worth, check_counters
from venue.core.kill_switch import KillSwitch
from venue.core.limits import Limits, Scope
from venue.core.market import Market, Refusal
from venue.core.order import Order
from venue.core.orders import Orders
from venue.core.position import Position
from venue.core.qualifiers import Qualifiers
from venue.core.recent import Recent, RecentImage
from venue.core.trading import Trading
from venue.core.types import TOUCHED

REVISING = frozenset({OrderTradeBusted, OrderTradeCorrected})
NEWS = frozenset({TradeChanged, InstrumentDefined, DayEnded})
"""Events about more than one order."""

MOST_READY = 1 << 14
"""How many accounts' bounds are at hand, by instrument and firm: anybody can name accounts."""

Key = tuple[str, str, str]
"""A firm, one of its accounts that a limit names, or "", and an instrument."""


class RiskImage(Struct, array_like=True, frozen=True):
    """The state of a `Risk`."""

    limits: list[tuple[Scope, Limits]]
    configured: list[tuple[Scope, Limits]]
    stopped: list[tuple[str, str]]
    recent: RecentImage


class Risk:
    """Carries out the commands about limits, and refuses what is beyond them.

    `limits` are those in force, `configured` what a configuration has last said of them. Orders are
    checked only while it `checks`, and what happens is told to `note` only while it `follows`.
    `asked` is what bounds the order that was not refused last, and has counted it.
    """

    asked: Bounds

    def __init__(self, trading: Trading, orders: Orders) -> None:
        self.limits: dict[Scope, Limits] = {}
        self.configured: dict[Scope, Limits] = {}
        self.kills = KillSwitch(trading)
        self.checks = self.follows = False
        self._trading = trading
        self._orders = orders
        self._recent = Recent(self.limits)
        self._counters = Counters()
        self._is_counted = False
        self._named: frozenset[tuple[str, str]] = frozenset()
        self._bounds: dict[Key, Bounds] = {}
        self._ready: dict[str, dict[str, dict[str, Bounds]]] = {}

    def define_limits(self, command: c.DefineLimits) -> list[Event]:
        """Orders that are open already stay, whatever the limits say."""
        scope, limits = command.scope, command.limits
        before = self.limits.get(scope, Limits())
        if (limits or Limits()).counters() != before.counters():
            self.count_anew()
        if limits is None:
            self.limits.pop(scope, None)
        else:
            self.limits[scope] = limits
        if command.configured:
            self.configured.pop(scope, None)
            if limits is not None:
                self.configured[scope] = limits
        self._recent.limit(scope, self._trading.time)
        named = frozenset((each.firm, each.account) for each in self.limits if each.account)
        if named != self._named:
            self._named = named
            self.count_anew()
        if self._is_counted:
            for key, bounds in self._bounds.items():
                bounds.apply(self._limits_of(*key))
        self._settle()
        return []

    def engage_kill_switch(self, command: c.EngageKillSwitch) -> list[Event]:
        events = self.kills.engage(command)
        self._settle()
        return events

    def release_kill_switch(self, command: c.ReleaseKillSwitch) -> list[Event]:
        events = self.kills.release(command)
        self._settle()
        return events

    def _settle(self) -> None:
        """Know what is to be done from now on."""
        self._ready.clear()
        self.checks = bool(self.limits or self.kills.engaged)
        self._is_counted = self._is_counted and bool(self.limits)
        self.follows = self._is_counted and any(each.counters() for each in self.limits.values())

    def refuses_order(self, command: c.NewOrder) -> Refusal | None:
        """Why a new order cannot be had; if it can, it is remembered, and counted."""
        try:
            bounds = self._ready[command.symbol][command.firm][command.account]
        except KeyError:
            refusal = self._refuses_all(command)
            if refusal is not None or not self.limits:
                return refusal
            bounds = self._bounds_of(command.firm, command.account, command.symbol)
        self.asked = bounds
        return bounds.refuses_order(command, self._trading.time)

    def _refuses_all(self, command: c.NewOrder) -> Refusal | None:
        """Why no orders of an account in an instrument can be had at all; if they can, their bounds
        are ready.
        """
        firm, account, symbol = command.firm, command.account, command.symbol
        if not self.limits:
            return self.kills.refuses(firm, account)
        bounds = self._bounds_of(firm, account, symbol)
        refusal = bounds.restriction or self.kills.refuses(firm, account)
        if refusal is None:
            accounts = self._ready.setdefault(symbol, {}).setdefault(firm, {})
            if len(accounts) >= MOST_READY:
                accounts.clear()
            accounts[account] = bounds
        return refusal

    def refuses_replace(
        self, command: c.ReplaceOrder, order: Order, market: Market, qualifiers: Qualifiers | None
    ) -> Refusal | None:
        """Why an order cannot be had with other terms, `qualifiers` among them: it is checked for
        what it increases. One that only becomes smaller is checked for the rate of messages alone.
        """
        firm, account = order.firm, order.account
        refusal = self.kills.refuses(firm, account)
        if refusal is not None or not self.limits:
            return refusal
        bounds = self._bounds_of(firm, account, order.symbol)
        time = self._trading.time
        refusal = bounds.overruns(time)
        if refusal is not None:
            return refusal
        left = command.order_qty - order.cum_qty
        before = asked_worth(market, order, order.price, order.qualifiers)
        after = asked_worth(market, order, command.price, qualifiers)
        added, added_notional = left - order.leaves_qty, left * after - order.leaves_qty * before
        trigger = None if qualifiers is None or order.working else qualifiers.stop_px
        is_priced_alike = command.price == order.price and (
            trigger is None or order.qualifiers is None or trigger == order.qualifiers.stop_px
        )
        if added <= 0 and is_priced_alike:
            return None
        return bounds.restriction or bounds.checks.refuses_increase(
            order.side,
            command.order_qty if added > 0 else 0,
            command.order_qty * after if added_notional > 0 else 0,
            None if is_priced_alike else command.price,
            trigger,
            order.ord_type in TOUCHED,
            added,
            added_notional,
        )

    def _bounds_of(self, firm: str, account: str, symbol: str) -> Bounds:
        """What bounds an account's orders in an instrument."""
        if not self._is_counted:
            self._count_all()
        if account and (firm, account) not in self._named:
            account = ""
        key = firm, account, symbol
        bounds = self._bounds.get(key)
        if bounds is None:
            market = self._trading.markets[symbol]
            if not self._counters.measures(market.instrument):
                self._count_all()
                return self._bounds_of(firm, account, symbol)
            bounds = self._bounds[key] = Bounds(firm, market, self._counters, self._recent)
            bounds.apply(self._limits_of(*key))
        return bounds

    def _limits_of(self, firm: str, account: str, symbol: str) -> list[tuple[Scope, Limits]]:
        """The limits of all scopes that such orders belong to."""
        scopes = (
            Scope(of, account_of, symbol_of)
            for of in (firm, "")
            for account_of in dict.fromkeys((account, ""))
            for symbol_of in (symbol, "")
        )
        return [(scope, self.limits[scope]) for scope in scopes if scope in self.limits]

    def note(self, events: list[Event]) -> None:
        """Follow what has happened: to orders, positions and last prices."""
        by_id = self._orders.by_id
        traded, news = "", False
        for event in events:
            kind = type(event)
            if kind in CHANGING:
                order = by_id.get(event.order_id)  # type: ignore[attr-defined]
                if order is None:  # it has ended, and is forgotten since or was before
                    if kind in REVISING:
                        continue
                    self.count_anew()
                    return
                bounds = order.bounds
                if bounds is None:
                    bounds = self._bind(order)
                bounds.count(order)
                if kind is OrderFilled:
                    bounds.trade(event.side, event.last_qty, event.last_px)  # type: ignore[attr-defined]
                    if order.symbol != traded:
                        traded = order.symbol
                        self._value_anew(traded)
            elif kind in NEWS:
                news = True
        if news:
            self._note_news(events)

    def _note_news(self, events: list[Event]) -> None:
        """Follow what is not about orders."""
        for event in events:
            if isinstance(event, DayEnded):
                self.count_anew()
            elif isinstance(event, InstrumentDefined):
                self._value_anew(event.symbol)
            elif isinstance(event, TradeChanged):
                self._hold_anew(event.symbol)
                self._value_anew(event.symbol)
            if not self.follows:
                return

    def _bind(self, order: Order) -> Bounds:
        """Give an order its bounds."""
        bounds = self._bounds_of(order.firm, order.account, order.symbol)
        order.bounds = bounds
        return bounds

    def _value_anew(self, symbol: str) -> None:
        """The price by which an instrument's positions, and orders without one, count may be
        another. O(accounts).
        """
        self._counters.traded.note(symbol)
        for bounds in self._counters.floating.get(symbol, ()):
            bounds.revalue()

    def _hold_anew(self, symbol: str) -> None:
        """Read an instrument's positions from the ledger. O(positions)."""
        for key, holding in self._counters.holdings.items():
            if key[2] == symbol:
                holding.add(-holding.position, -holding.balance)
        for position in self._trading.trades.ledger.positions():
            if position.symbol == symbol:
                self._hold(position)

    def _hold(self, position: Position) -> None:
        """Add a position of the ledger to the holdings that it belongs to."""
        bounds = self._bounds_of(position.firm, position.account, position.symbol)
        if bounds.holds:
            bounds.hold(position.qty, position.cash - position.day_equity)

    def count_anew(self) -> None:
        """Count everything when it is needed next."""
        self._is_counted = self.follows = False
        self._ready.clear()

    def _count_all(self) -> None:
        """O(orders and positions)."""
        self._counters.clear(each.instrument for each in self._trading.markets.values())
        self._bounds.clear()
        self._is_counted = True
        self._settle()
        if not self.follows:
            return
        for order in self._orders.by_id.values():
            order.bounds = None
            order.counted_qty = order.counted_px = 0
            if order.leaves_qty:
                self._bind(order).count(order)
        for position in self._trading.trades.ledger.positions():
            self._hold(position)
        for earnings in self._counters.earnings.values():
            earnings.recount(self._counters.traded)

    def check(self) -> None:
        """Assert that every counter is what the orders, the ledger and the prices make it."""
        if self.follows:
            live = [order for order in self._orders.by_id.values() if order.leaves_qty]
            ledger = self._trading.trades.ledger
            markets = self._trading.markets
            check_counters(self._counters, live, ledger.positions(), markets)

    def image(self) -> RiskImage:
        return RiskImage(
            list(self.limits.items()),
            list(self.configured.items()),
            sorted(self.kills.engaged),
            self._recent.image(),
        )

    def restore(self, image: RiskImage) -> None:
        self.limits.update(image.limits)
        self.configured.update(image.configured)
        self.kills.engaged.update(image.stopped)
        self._recent.restore(image.recent, self._trading.time)
        self._named = frozenset((each.firm, each.account) for each in self.limits if each.account)
        self._settle()
