"""What firms may ask of the venue before an order is refused, and what limits owe each other."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from venue.configuration.firms import Account, FirmConfig
from venue.configuration.instruments import InstrumentConfig
from venue.configuration.values import Fault, Flag, Name, is_exact
from venue.core.limits import Limits, Scope

Limit = Annotated[Decimal, Meta(description="a decimal number above 0")]
Position = Annotated[Decimal, Meta(description="a decimal number, 0 or above")]
OrderCount = Annotated[int, Meta(ge=1, le=10_000_000, description="1 to 10000000 orders")]
MessageCount = Annotated[int, Meta(ge=1, le=1_000_000, description="1 to 1000000 messages")]
WindowSeconds = Annotated[int, Meta(ge=1, le=3_600, description="1 to 3600 seconds")]
Span = Annotated[int, Meta(ge=1, le=3_600_000, description="1 to 3600000 milliseconds")]

MAY_BE_0 = ("max_long_position", "max_short_position", "max_daily_loss")
COMPARED = (
    *("max_order_qty", "max_order_notional", "max_open_orders", "max_open_notional"),
    *("max_long_position", "max_short_position", "max_daily_loss", "price_collar_percent"),
)
"""Limits that are of no effect where a wider scope has a smaller one."""


class LimitsConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The limits of a firm, or without one of each firm by itself; of one account or of all, in one
    instrument or in all. The fields are those of `venue.core.limits.Limits`.
    """

    firm: Name | None = None
    account: Account | None = None
    symbol: Name | None = None
    max_order_qty: Limit | None = None
    max_order_notional: Limit | None = None
    max_open_orders: OrderCount | None = None
    max_open_notional: Limit | None = None
    max_long_position: Position | None = None
    max_short_position: Position | None = None
    max_daily_loss: Position | None = None
    price_collar_percent: Limit | None = None
    max_messages: MessageCount | None = None
    message_seconds: WindowSeconds = 1
    duplicate_milliseconds: Span | None = None
    restricted_symbols: tuple[Name, ...] = ()
    allow_short: Flag = True

    @property
    def scope(self) -> Scope:
        return Scope(self.firm or "", self.account or "", self.symbol or "")

    @property
    def limits(self) -> Limits:
        return Limits(*(getattr(self, name) for name in Limits.__struct_fields__))

    def faults(self) -> Iterator[Fault]:
        """Find what is too fine, what is missing, and limits that contradict each other."""
        for field in msgspec.structs.fields(Limits):
            value = getattr(self, field.name)
            if isinstance(value, Decimal):
                may_be_0 = field.name in MAY_BE_0
                if not is_exact(value) or value < 0 or (not value and not may_be_0):
                    least = ", 0 or above," if may_be_0 else " above 0"
                    digits = "with at most 18 digits on either side of the point"
                    yield (field.name,), f"a decimal number{least} {digits}"
                    return
        if self.account is not None and self.firm is None:
            yield ("account",), "a firm with it: whose account it is"
        if self.limits == Limits(message_seconds=self.message_seconds):
            yield (), "at least one limit"
        if self.message_seconds != 1 and self.max_messages is None:
            yield ("message_seconds",), "max_messages with it"
        yield from self._order_faults()
        for index, symbol in enumerate(self.restricted_symbols):
            if symbol in self.restricted_symbols[:index]:
                yield ("restricted_symbols", index), "each symbol once"
        if self.restricted_symbols and self.symbol is not None:
            yield ("restricted_symbols",), f"none: these are the limits in {self.symbol} alone"

    def _order_faults(self) -> Iterator[Fault]:
        """Find a limit of one order that no order reaches, and two words for one thing."""
        notional, opened = self.max_order_notional, self.max_open_notional
        if notional is not None and opened is not None and notional > opened:
            yield ("max_order_notional",), f"at most the max_open_notional {opened:f}"
        short = self.max_short_position
        if not self.allow_short:
            if short is not None:
                yield ("max_short_position",), "none where allow_short is false"
            short = Decimal(0)
        long, qty = self.max_long_position, self.max_order_qty
        if qty is not None and long is not None and short is not None and qty > long + short:
            most = f"at most {long + short:f}"
            yield ("max_order_qty",), f"{most}, from the shortest to the longest position"


def contradictions(
    scope: Scope, limits: Limits, others: Mapping[Scope, Limits]
) -> Iterator[tuple[str, str]]:
    """Find what `limits` of a scope say and is of no effect, for a wider scope allows less: the
    limit, and what it may be.
    """
    for wider, each in others.items():
        if wider == scope or not _covers(wider, scope):
            continue
        if scope.symbol in each.restricted_symbols:
            yield "symbol", f"a symbol in which {wider.text} is not restricted"
        for name in COMPARED:
            own, most = getattr(limits, name), getattr(each, name)
            if own is not None and most is not None and own > most:
                yield name, f"at most {_text(most)}, which is the limit of {wider.text}"
        own_span, span = limits.duplicate_milliseconds, each.duplicate_milliseconds
        if own_span is not None and span is not None and own_span < span:
            yield "duplicate_milliseconds", f"at least {span}, which is that of {wider.text}"
        messages, most = limits.max_messages, each.max_messages
        is_alike = limits.message_seconds == each.message_seconds
        if is_alike and messages is not None and most is not None and messages > most:
            yield "max_messages", f"at most {most}, which is the limit of {wider.text}"


def limits_faults(
    limits: Sequence[LimitsConfig],
    known_firms: Sequence[str],
    firms: Sequence[FirmConfig],
    instruments: Sequence[InstrumentConfig],
) -> Iterator[Fault]:
    """Find what a list of limits says of firms, accounts and instruments and is not so, and what
    contradicts. Places are those in the list.
    """
    accounts = {firm.name: firm.accounts for firm in firms}
    known = {instrument.symbol: instrument for instrument in instruments}
    symbols = f"one of {', '.join(known)}"
    scopes: dict[Scope, int] = {}
    for at, each in enumerate(limits):
        for key, expected in each.faults():
            yield (at, *key), expected
        scope = each.scope
        if scope in scopes:
            yield (at,), f"each scope once (limits[{scopes[scope]}] is {scope.text}, too)"
        scopes.setdefault(scope, at)
        if each.firm is not None and each.firm not in known_firms:
            yield (at, "firm"), f"one of {', '.join(known_firms)}"
        owned = accounts.get(scope.firm)
        if each.account is not None and owned is not None and each.account not in owned:
            yield (at, "account"), f"an account of {scope.firm}: {', '.join(owned)}"
        if each.symbol is not None and each.symbol not in known:
            yield (at, "symbol"), symbols
        for index, symbol in enumerate(each.restricted_symbols):
            if symbol not in known:
                yield (at, "restricted_symbols", index), symbols
        instrument = known.get(scope.symbol)
        if instrument is not None and each.max_order_qty is not None:
            least = instrument.min_qty
            if each.max_order_qty < least:
                text = f"at least the min_qty {least:f} of {instrument.symbol}"
                yield (at, "max_order_qty"), text
    others = {each.scope: each.limits for each in limits}
    for at, each in enumerate(limits):
        for name, expected in contradictions(each.scope, each.limits, others):
            yield (at, name), expected


def _covers(wider: Scope, scope: Scope) -> bool:
    """Whether every order of a scope belongs to a wider one."""
    return (
        wider.firm in ("", scope.firm)
        and wider.account in ("", scope.account)
        and wider.symbol in ("", scope.symbol)
    )


def _text(limit: Decimal | int) -> str:
    return f"{limit:f}" if isinstance(limit, Decimal) else str(limit)
