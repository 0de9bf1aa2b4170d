"""What limits refuse, computed from scratch: slow, and sharing nothing with what it checks."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from venue.core import events as e
from venue.core.limits import Limits, Scope
from venue.core.order import Order
from venue.core.types import Side, TradingPhase
from venue.core.venue import Venue

MILLISECOND = 1_000_000
SECOND = 1_000_000_000
Who = tuple[str, str, str]
"""Firm, account, symbol."""


def belongs(who: Who, scope: Scope) -> bool:
    wanted = scope.firm, scope.account, scope.symbol
    return all(mine in ("", own) for mine, own in zip(wanted, who, strict=True))


class NaiveLimits:
    """The limits, and everything that has ever been asked and traded."""

    def __init__(self) -> None:
        self.limits: dict[Scope, Limits] = {}
        self.killed: set[tuple[str, str]] = set()
        self.messages: list[tuple[Scope, str, int]] = []
        self.accepted: list[tuple[str, tuple[Any, ...], int]] = []
        self.fills: list[list[Any]] = []
        """Each [who, bought lots, price, trade id]."""
        self.day_trade_id = 0

    # What happens

    def define(self, scope: Scope, limits: Limits | None, now: int) -> None:
        self._forget(now)
        if limits is None:
            self.limits.pop(scope, None)
        else:
            self.limits[scope] = limits
        if limits is None or limits.max_messages is None:
            self.messages = [each for each in self.messages if each[0] != scope]
        self.accepted = [each for each in self.accepted if self._span(each[0])]

    def _forget(self, now: int) -> None:
        """What is too old for the limits there are does not count for others later."""
        self.messages = [
            (scope, firm, at)
            for scope, firm, at in self.messages
            if now - at < self.limits[scope].message_seconds * SECOND
        ]
        self.accepted = [
            (firm, alike, at)
            for firm, alike, at in self.accepted
            if now - at < self._span(firm) * MILLISECOND
        ]

    def _span(self, firm: str) -> int:
        found = [each for scope, each in self.limits.items() if scope.firm in ("", firm)]
        return max((each.duplicate_milliseconds or 0 for each in found), default=0)

    def note(self, events: list[e.Event], venue: Venue) -> None:
        for event in events:
            if isinstance(event, e.OrderFilled):
                who = event.firm, event.account, event.symbol
                bought = event.last_qty if event.side is Side.BUY else -event.last_qty
                self.fills.append([who, bought, event.last_px, event.trade_id])
            elif isinstance(event, e.TradeChanged):
                for fill in self.fills:
                    if fill[3] == event.trade_id:
                        fill[1] = event.qty if fill[1] > 0 else -event.qty
                        fill[2] = event.price
                self.fills = [fill for fill in self.fills if fill[1]]
            elif isinstance(event, e.DayEnded):
                self.day_trade_id = venue.ids.trade_id

    # What is refused

    def refuses_order(self, venue: Venue, who: Who, order: dict[str, Any]) -> str | None:
        """The name of the limit that refuses a new order, which is remembered if none does."""
        refusal = self._refuses_message(venue.time, who)
        if refusal is not None:
            return refusal
        _, account, symbol = who
        qty, price, stop_px = order["qty"], order["price"], order["stop_px"]
        notional = qty * self._worth_asked(venue, order["side"], symbol, price, stop_px)
        alike = (account, symbol, order["side"], qty, price, stop_px)
        name = self._refuses(venue, who, order["side"], qty, notional, price, stop_px, alike)
        if name is None:
            self._accept(who, alike, venue.time)
        return name

    def _accept(self, who: Who, alike: tuple[Any, ...], now: int) -> None:
        if any(each.duplicate_milliseconds for _, each in self._of(who)):
            self.accepted.append((who[0], alike, now))

    def refuses_replace(
        self, venue: Venue, before: Order, qty: int, price: int | None, stop_px: int | None
    ) -> str | None:
        """Likewise of one that has other terms then; `stop_px` is the trigger while it waits."""
        who = before.firm, before.account, before.symbol
        kill = self._refuses_firm(who)
        if kill is not None:
            return kill
        refusal = self._refuses_message(venue.time, who, restricts=False)
        if refusal is not None:
            return refusal
        left = qty - before.cum_qty
        was_stop = None if before.qualifiers is None else before.qualifiers.stop_px
        kept_stop = was_stop if before.working else stop_px
        worth = partial(self._worth_asked, venue, before.side, before.symbol)
        old = before.leaves_qty * worth(before.price, was_stop)
        new = left * worth(price, kept_stop)
        moved = price != before.price or (not before.working and stop_px != was_stop)
        if left <= before.leaves_qty and not moved:
            return None
        if self._is_restricted(who):
            return "restricted_symbols"
        return self._refuses(
            venue,
            who,
            before.side,
            qty if left > before.leaves_qty else 0,
            (qty * new // left) if new > old else 0,
            price if moved else None,
            None if before.working else stop_px,
            None,
            left - before.leaves_qty,
            new - old,
        )

    def _of(self, who: Who) -> Iterator[tuple[Scope, Limits]]:
        return ((scope, each) for scope, each in self.limits.items() if belongs(who, scope))

    def _is_restricted(self, who: Who) -> bool:
        return any(who[2] in each.restricted_symbols for _, each in self._of(who))

    def _refuses_firm(self, who: Who) -> str | None:
        firm, account, _ = who
        return "the kill switch" if {(firm, ""), (firm, account)} & self.killed else None

    def _refuses_message(self, now: int, who: Who, restricts: bool = True) -> str | None:
        if restricts and self._is_restricted(who):
            return "restricted_symbols"
        if self._refuses_firm(who):
            return "the kill switch"
        limited = [(s, each) for s, each in self._of(who) if each.max_messages is not None]
        for scope, each in limited:
            span = each.message_seconds * SECOND
            came = [m for m in self.messages if m[:2] == (scope, who[0]) and now - m[2] < span]
            if each.max_messages is not None and len(came) >= each.max_messages:
                return "max_messages"
        self.messages += [(scope, who[0], now) for scope, _ in limited]
        return None

    def _worth(self, venue: Venue, symbol: str, price: int | None, stop_px: int | None) -> int:
        market = venue.markets[symbol]
        last = market.instrument.reference_ticks if market.last_px is None else market.last_px
        return next(each for each in (price, stop_px, last) if each is not None)

    def _worth_asked(
        self, venue: Venue, side: Side, symbol: str, price: int | None, stop_px: int | None
    ) -> int:
        """A stop order to buy below the last price would buy at that."""
        at = self._worth(venue, symbol, price, stop_px)
        if price is None and side is Side.BUY:
            return max(at, self._worth(venue, symbol, None, None))
        return at

    def _refuses(
        self,
        venue: Venue,
        who: Who,
        side: Side,
        qty: int,
        notional: int,
        price: int | None,
        stop_px: int | None,
        alike: tuple[Any, ...] | None,
        added: int | None = None,
        added_notional: int | None = None,
    ) -> str | None:
        firm, _, symbol = who
        market = venue.markets[symbol]
        spec = market.instrument.spec
        added = qty if added is None else added
        added_notional = notional if added_notional is None else added_notional
        found: set[str] = set()
        for scope, each in self._of(who):

            def is_above(value: int | Decimal, limit: int | Decimal | None) -> bool:
                return limit is not None and value > limit

            in_scope = Scope(firm, scope.account, scope.symbol)
            live = [
                order
                for order in venue.orders.by_id.values()
                if order.leaves_qty and belongs((order.firm, order.account, order.symbol), in_scope)
            ]
            here = [order for order in live if order.symbol == symbol]
            if is_above(qty * spec.lot, each.max_order_qty):
                found.add("max_order_qty")
            if is_above(notional * spec.tick * spec.lot, each.max_order_notional):
                found.add("max_order_notional")
            if each.price_collar_percent is not None and price is not None:
                best = market.book.opposite(side).best
                shown = market.phase is TradingPhase.CONTINUOUS and best is not None
                centre = self._worth(venue, symbol, best.price if best and shown else None, None)
                centre = centre if stop_px is None else stop_px
                beyond = price - centre if side is Side.BUY else centre - price
                if beyond * 100 > centre * each.price_collar_percent:
                    found.add("price_collar_percent")
            if each.duplicate_milliseconds is not None and alike is not None:
                span = each.duplicate_milliseconds * MILLISECOND
                for owner, known, at in self.accepted:
                    if (owner, known) == (firm, alike) and venue.time - at < span:
                        found.add("duplicate_milliseconds")
            if alike is not None and is_above(len(live) + 1, each.max_open_orders):
                found.add("max_open_orders")
            total = sum(
                self._notional(venue, order)
                for order in live
                if order.side is side
                and venue.instruments[order.symbol].spec.currency == spec.currency
            )
            more = added_notional * spec.tick * spec.lot
            if added_notional > 0 and is_above(total + more, each.max_open_notional):
                found.add("max_open_notional")
            position = sum(
                fill[1]
                for fill in self.fills
                if belongs(fill[0], Scope(firm, scope.account, symbol))
            )
            if added > 0 and side is Side.BUY:
                bought = sum(order.leaves_qty for order in here if order.side is side)
                if is_above((position + bought + added) * spec.lot, each.max_long_position):
                    found.add("max_long_position")
            elif added > 0:
                sold = sum(order.leaves_qty for order in here if order.side is side)
                short = (sold + added - position) * spec.lot
                if is_above(short, each.max_short_position):
                    found.add("max_short_position")
                if short > 0 and not each.allow_short:
                    found.add("allow_short")
            if each.max_daily_loss is not None:
                lost = -self._earned(venue, in_scope, spec.currency)
                if lost > each.max_daily_loss:
                    found.add("max_daily_loss")
        order = (
            *("max_order_qty", "max_order_notional", "price_collar_percent"),
            *("duplicate_milliseconds", "max_open_orders", "max_open_notional"),
            *("max_long_position", "max_short_position", "allow_short", "max_daily_loss"),
        )
        return next((name for name in order if name in found), None)

    def _notional(self, venue: Venue, order: Order) -> Decimal:
        stop_px = None if order.qualifiers is None else order.qualifiers.stop_px
        spec = venue.instruments[order.symbol].spec
        worth = self._worth(venue, order.symbol, order.price, stop_px)
        return order.leaves_qty * worth * spec.tick * spec.lot

    def _earned(self, venue: Venue, scope: Scope, currency: str) -> Decimal:
        """The present worth of all that was traded, less what it was when the day began."""
        total = Decimal(0)
        before = [fill for fill in self.fills if fill[3] <= self.day_trade_id]
        marks = {who[2]: price for who, _, price, _ in sorted(before, key=lambda fill: fill[3])}
        for who, bought, price, trade_id in self.fills:
            spec = venue.instruments[who[2]].spec
            if belongs(who, scope) and spec.currency == currency:
                then = price if trade_id > self.day_trade_id else marks[who[2]]
                now = self._worth(venue, who[2], None, None)
                total += bought * (now - then) * spec.tick * spec.lot
        return total
