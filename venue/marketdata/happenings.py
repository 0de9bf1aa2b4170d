"""What the events of a batch mean for market data, by symbol."""

from collections.abc import Container, Iterable

from venue.core.events import (
    AuctionHeld,
    DayEnded,
    Event,
    InstrumentDefined,
    InstrumentDelisted,
    LevelChanged,
    MarketPhaseEntered,
    OrderEvent,
    OrderFilled,
    PhaseEntered,
    TradeChanged,
)
from venue.core.types import Liquidity, Side, TradingPhase
from venue.marketdata.entries import MDUpdateAction, TradeEntry

ADDED, REMOVED = Liquidity.ADDED, Liquidity.REMOVED


class Happenings:
    """What a batch has done to one symbol: its trades, in order, and what became of others; which
    orders it told of; which levels changed; whether its figures may be others, or everything, as
    its phase is.
    """

    __slots__ = ("changes", "order_ids", "phase", "statistics", "trades")

    def __init__(self) -> None:
        self.changes: list[LevelChanged] = []
        self.trades: list[TradeEntry] = []
        self.order_ids: set[int] = set()
        self.statistics = False
        self.phase = False


def happenings(
    changes: Iterable[LevelChanged], events: Iterable[Event], symbols: Container[str], time: int
) -> dict[str, Happenings]:
    """What happened at `time` to those of `symbols` to which anything did; "" is for all of them.

    Each match is one trade: of a match's two fills the aggressor's counts, of an auction's the
    first.
    """
    found: dict[str, Happenings] = {}

    def to(symbol: str) -> Happenings:
        if symbol not in found:
            found[symbol] = Happenings()
        return found[symbol]

    for change in changes:
        if change.symbol in symbols:
            to(change.symbol).changes.append(change)
    calls: dict[str, TradingPhase] = {}
    last_trade_id = 0
    symbol = ""  # of the last order, which mostly is that of the next
    own: Happenings | None = None
    for event in events:
        if isinstance(event, OrderEvent):
            if event.symbol != symbol:
                symbol = event.symbol
                own = to(symbol) if symbol in symbols else None
            if own is None:
                continue
            own.order_ids.add(event.order_id)
            if type(event) is not OrderFilled or event.liquidity is ADDED:
                continue
            if event.trade_id == last_trade_id:
                continue
            last_trade_id = event.trade_id
            aggressor: Side | None = None
            phase: TradingPhase | None = None
            if event.liquidity is REMOVED:
                aggressor = event.side
            else:
                phase = calls.get(symbol)
            trade = TradeEntry(
                event.last_px, event.last_qty, event.trade_id, aggressor, time, phase
            )
            own.trades.append(trade)
            own.statistics = True
        elif isinstance(event, TradeChanged):
            if event.symbol in symbols:
                action = MDUpdateAction.CHANGE if event.qty else MDUpdateAction.DELETE
                changed = event.price, event.qty, event.trade_id
                happened = to(event.symbol)
                happened.trades.append(TradeEntry(*changed, time=time, action=action))
                happened.statistics = True
        elif isinstance(event, AuctionHeld):
            calls[event.symbol] = event.phase
            if event.symbol in symbols:
                to(event.symbol).statistics = True
        elif isinstance(event, PhaseEntered | InstrumentDefined | InstrumentDelisted):
            if event.symbol in symbols:
                to(event.symbol).phase = True
        elif isinstance(event, DayEnded | MarketPhaseEntered):
            to("").statistics = True
    return found
