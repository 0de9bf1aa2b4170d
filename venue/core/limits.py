"""What a firm may ask of the venue, as configured."""

from decimal import Decimal
from fractions import Fraction

from msgspec import Struct


class Scope(Struct, array_like=True, gc=False, frozen=True):
    """Whose orders a limit is about: a firm's, or where that is "" each firm's by itself; of one
    account or of all (""), and in one instrument or in all ("").
    """

    firm: str
    account: str = ""
    symbol: str = ""

    @property
    def text(self) -> str:
        """As in "firm ALPHA, account A1, symbol AAPL"."""
        told = [f"firm {self.firm}" if self.firm else "each firm"]
        told += [f"account {self.account}"] if self.account else []
        told += [f"symbol {self.symbol}"] if self.symbol else []
        return ", ".join(told)


class Limits(Struct, array_like=True, frozen=True):
    """Limits of a scope; None is none. Quantities are in units of the instrument and hold for each
    instrument by itself, money is in the instrument's currency and is summed over the scope by
    currency. An order without a price counts at its trigger price, without one at the last trade's,
    before the first at the reference price.

    `max_open_notional` holds for each side; positions count working orders as if they had traded;
    `max_daily_loss` is what was realised since the trading day began, and what is not at the last
    price, without fees; `price_collar_percent` is how far a limit price may be on the wrong side of
    the best opposite price, or without one of the last; `max_messages` new orders and replaces may
    come in any `message_seconds`; an order alike one that was accepted less than
    `duplicate_milliseconds` ago is refused.
    """

    max_order_qty: Decimal | None = None
    max_order_notional: Decimal | None = None
    max_open_orders: int | None = None
    max_open_notional: Decimal | None = None
    max_long_position: Decimal | None = None
    max_short_position: Decimal | None = None
    max_daily_loss: Decimal | None = None
    price_collar_percent: Decimal | None = None
    max_messages: int | None = None
    message_seconds: int = 1
    duplicate_milliseconds: int | None = None
    restricted_symbols: tuple[str, ...] = ()
    allow_short: bool = True

    @property
    def holds_positions(self) -> bool:
        """Whether positions are to be known."""
        return not (
            self.max_long_position is None and self.max_short_position is None and self.allow_short
        )

    def counters(self) -> set[str]:
        """What is to be counted for these limits to be checked."""
        wanted = {
            "orders": self.max_open_orders is not None,
            "notional": self.max_open_notional is not None,
            "positions": self.holds_positions,
            "earnings": self.max_daily_loss is not None,
        }
        return {name for name, is_wanted in wanted.items() if is_wanted}


UNBOUNDED = 1 << 256
"""More than any quantity or notional."""

Scoped = list[tuple[Scope, Limits]]
Tightest = tuple[Decimal, Scope]


def tightest(limits: Scoped, name: str) -> Tightest | None:
    """The smallest limit of a name, and whose it is."""
    found = [(getattr(each, name), scope) for scope, each in limits]
    given = [each for each in found if each[0] is not None]
    return min(given, key=lambda each: each[0], default=None)


def floor(limit: Tightest | None, step: Fraction) -> int:
    """How many whole steps a limit allows."""
    return UNBOUNDED if limit is None else Fraction(limit[0]) // step
