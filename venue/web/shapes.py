"""What the web tells: one class for each thing, the same in REST and over the WebSocket.

Prices, quantities and money are exact decimals as text, times ISO 8601 in UTC with a Z. They are
plain dataclasses, so that FastAPI describes them and msgspec writes them.
"""

from dataclasses import dataclass, field
from typing import Literal

Side = Literal["buy", "sell"]
OrderType = Literal[
    "market",
    "limit",
    "stop_market",
    "stop_limit",
    "take_profit",
    "take_profit_limit",
    "market_to_limit",
]
TimeInForce = Literal["day", "gtc", "gtd", "ioc", "fok", "at_open", "at_close"]
OrderStatus = Literal[
    "new",
    "partially_filled",
    "filled",
    "canceled",
    "rejected",
    "expired",
    "suspended",
    "pending_new",
    "pending_cancel",
    "pending_replace",
    "done_for_day",
    "unknown",
]
Liquidity = Literal["maker", "taker", "auction"]
LinkState = Literal["connecting", "up", "down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """A trade of an own order. A `fee` below 0 is a rebate; a busted one has the quantity 0."""

    trade_id: str
    execution_id: str | None
    order_id: str
    client_order_id: str | None
    symbol: str
    side: Side
    quantity: str
    price: str
    liquidity: Liquidity | None
    fee: str | None
    fee_currency: str | None
    time: str
    account: str | None = None
    status: Literal["done", "busted", "corrected"] = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as the venue's last report tells it. `client_order_id` is the one that was
    chosen for it last, `client_order_ids` are all, the present one last: an amendment without an id
    gets one, which begins with that. Every one of them names the order.

    `is_waiting`: not in the book yet, for its trigger or an auction. `session` is the CompID that
    entered it; one of another session of the firm is not `is_own` and cannot be changed here.
    """

    order_id: str
    client_order_id: str
    client_order_ids: list[str]
    symbol: str
    side: Side
    type: OrderType
    time_in_force: TimeInForce
    quantity: str
    price: str | None
    trigger_price: str | None
    display_quantity: str | None
    min_quantity: str | None
    post_only: bool
    expires: str | None
    status: OrderStatus
    is_working: bool
    is_waiting: bool
    is_triggered: bool
    filled_quantity: str
    remaining_quantity: str
    average_price: str | None
    text: str | None
    created_at: str | None
    updated_at: str | None
    session: str
    is_own: bool = True
    fills: list[Fill] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What an account has of a symbol, below 0 if it is short. Money is in `currency`."""

    account: str | None
    symbol: str
    currency: str
    quantity: str
    average_price: str | None
    mark_price: str
    realised: str | None
    unrealised: str | None
    day_pnl: str | None
    fees: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """What may be traded, and whether now: `phase` is the venue's word for it.

    Before its first trade prices are about `reference_price`. A limit price is refused further than
    `collar_percent` from the last trade; a trade further from the one before than the dynamic, or
    from the last auction than the static collar, interrupts trading. None where there is none.
    """

    symbol: str
    market: str | None
    currency: str | None
    tick: str
    lot: str
    min_quantity: str | None
    max_quantity: str | None
    reference_price: str | None = None
    collar_percent: str | None = None
    dynamic_collar_percent: str | None = None
    static_collar_percent: str | None = None
    phase: str
    is_halted: bool
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A price of the book: so much in so many orders."""

    price: str
    quantity: str
    orders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Auction:
    """What the auction that a call leads to would do now: so much would trade at `price`, and
    `imbalance` would be left over of `imbalance_side`, as far as orders show their quantity. None
    where nothing would, or nothing is told yet.
    """

    phase: str
    price: str | None
    quantity: str | None
    imbalance: str | None
    imbalance_side: Literal["buy", "sell"] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The best levels of both sides, best first. `sequence` counts the book's changes while the web
    follows it: it begins anew where nobody has looked for a while. In a call nobody is shown the
    book, and `auction` takes its place; it is None outside of calls.
    """

    symbol: str
    sequence: int
    bids: list[Level]
    asks: list[Level]
    auction: Auction | None
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bbo:
    """The best bid and offer; None of a side that is empty."""

    symbol: str
    sequence: int
    bid: Level | None
    ask: Level | None
    spread: str | None
    mid: str | None
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """A match, of whomever. `aggressor_side` is None of an auction's."""

    trade_id: str
    symbol: str
    price: str
    quantity: str
    aggressor_side: Side | None
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """The trading day of an instrument, as fixspec/RULES.md defines each of them. `volatility` is
    by window in seconds, `spread` the time-weighted one, `current_spread` that of now.
    """

    symbol: str
    open: str | None
    high: str | None
    low: str | None
    last: str | None
    close: str | None
    prior_close: str | None
    trades: int
    volume: str
    turnover: str | None
    vwap: str | None
    twap: str | None
    spread: str | None
    current_spread: str | None
    volatility: dict[str, str]
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candle:
    """Trades of an interval that begins at `time`."""

    time: str
    open: str
    high: str
    low: str
    close: str
    volume: str
    trades: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A FIX session. `next_in` is the MsgSeqNum(34) of the next message to the venue, `next_out` of
    the next one from it; None where unknown.
    """

    comp_id: str
    version: str
    firm: str | None
    roles: list[str]
    state: str
    next_in: int | None
    next_out: int | None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A firm of the venue. Its orders are refused while it `is_killed`, or if their account is one
    of `killed_accounts`.
    """

    name: str
    is_killed: bool
    killed_accounts: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmLimits:
    """Limits of a firm, or of each by itself where it is None; in one account and one instrument
    where these are not. Names and values of `limits` are those of POST /v1/operator/limit.
    """

    firm: str | None
    account: str | None
    symbol: str | None
    limits: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixMessage:
    """A message of one of the web's sessions, secrets masked, | for SOH. `number` counts them."""

    number: int
    time: str
    session: str
    direction: Literal["in", "out"]
    msg_type: str
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorAnswer:
    """What became of an operator's request."""

    action: str
    accepted: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStatus:
    """A FIX session of the web itself."""

    comp_id: str
    state: LinkState
    since: str
    text: str | None = None
