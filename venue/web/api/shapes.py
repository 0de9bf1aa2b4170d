"""What REST alone tells, besides venue/web/shapes.py."""

from dataclasses import dataclass
from typing import Literal

from venue.web.shapes import LinkStatus, Order, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Canceled:
    """Orders that a mass cancel has ended."""

    canceled: list[Order]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pnl:
    """Profit and loss of all positions in a currency. `net` is realised + unrealised - fees; None
    where a part of it is not known.
    """

    currency: str
    realised: str | None
    unrealised: str | None
    day_pnl: str | None
    fees: str
    net: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Whether the web is logged on to the venue. `venue` is that of market data."""

    venue: Literal["up", "down"]
    links: list[LinkStatus]


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """So many, and how long they took, in microseconds: of the last 10,000."""

    count: int
    p50: int | None
    p90: int | None
    p99: int | None
    max: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """How the web does. `orders` is from a request to the venue's answer, `loop_lag` how late the
    event loop is; `figures` are counts of its parts.
    """

    uptime_seconds: int
    orders: Latency
    loop_lag: Latency
    figures: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixField:
    """A field of FIX. `values` are its enumeration."""

    name: str
    type: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """What FIX.5.0SP2 and this venue call things: fields by tag, messages by MsgType(35)."""

    version: str
    fields: dict[str, FixField]
    messages: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompatTrade:
    """A trade as small engines tell it. Of the other side, ids and fees are not known."""

    trade_id: str
    price: str
    quantity: str
    aggressor_side: Side | None
    maker_order_id: str | None
    taker_order_id: str | None
    maker_fee: str | None
    taker_fee: str | None
    timestamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompatOrder:
    """An order as small engines tell it. `resting`: it waits in the book, or for its trigger."""

    order_id: str
    client_order_id: str
    status: str
    resting: bool
    symbol: str
    side: str
    order_type: str
    price: str | None
    trigger_price: str | None
    quantity: str
    filled_quantity: str
    remaining_quantity: str
    average_price: str | None
    trades: list[CompatTrade]
    timestamp: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompatBook:
    """A book as small engines tell it: [price, quantity] of each level, best first."""

    symbol: str
    timestamp: str
    bids: list[list[str]]
    asks: list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompatBbo:
    """The best prices as small engines tell them."""

    symbol: str
    timestamp: str
    best_bid: str | None
    best_bid_quantity: str | None
    best_ask: str | None
    best_ask_quantity: str | None
    spread: str | None
    mid_price: str | None
