"""What it means for positions, fees and volumes that a trade is not what it was.

The ledger becomes what it would be had the trade always been so. An opposite posting would not do
that: it would sell at another cost than it bought. So what the two accounts have traded since is
taken back, the last trade first, and posted again. That is exact, because whatever came after a
trade that is remembered is remembered, too, and each side of it keeps what its posting has found.

One thing is not undone: with another cost method since, quantity and cash are what they would be,
and the cost is that after an opposite posting at the moment of the change.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from venue.core.fees import Fee
from venue.core.position import Position
from venue.core.types import Side

if TYPE_CHECKING:
    from venue.core.trades import Trade, Trades, TradeSide

BUY = Side.BUY

Owner = tuple[str, str]
"""A firm and an account."""
Posting = tuple["Trade", "TradeSide", Position]


def rebook(trades: "Trades", trade: "Trade", qty: int, price: int) -> None:
    """Let `trade` have had `qty` lots, 0 if it is not to have been, at `price` ticks.

    O(trades since). Fees are computed by what is in force now.
    """
    ledger, day = trades.ledger, trades.ledger.day_trade_id
    owners = {(side.firm, side.account) for side in trade.sides}
    positions = {owner: ledger.accounts[owner][trade.symbol] for owner in owners}
    first_id = max(trade.trade_id, ledger.method_trade_id + 1)
    postings = list(_postings(trades, trade.symbol, positions, first_id))
    for posted, side, position in reversed(postings):
        position.take_back(_bought(side, posted.qty), posted.price, side.before, side.closed)
    before = trade.qty, trade.price
    trade.qty, trade.price = qty, price
    trade.changes += 1
    if trade.trade_id < first_id:
        for side in trade.sides:
            _post_opposite(positions[_owner(side)], trade, side, before, day)
    if trade.trade_id <= day:
        _mark(trades, trade.symbol)
    begins_day = first_id <= day
    for posted, side, position in postings:
        if begins_day and posted.trade_id > day:
            _begin_day(positions)
            begins_day = False
        if posted.qty:
            side.before = position.cost
            side.closed = position.post(_bought(side, posted.qty), posted.price)
    if begins_day:
        _begin_day(positions)
    for side in trade.sides:
        _charge_anew(trades, trade, side, positions[_owner(side)])
    if trade.trade_id <= day:
        spec = trades.markets[trade.symbol].instrument.spec
        more = abs(qty * price) - abs(before[0] * before[1])
        for side in trade.sides:
            trades.volumes.change(trade.trade_id, side.firm, spec, more)
        trades.fees.reread_volumes()


def _postings(
    trades: "Trades", symbol: str, positions: Mapping[Owner, Position], first_id: int
) -> Iterator[Posting]:
    """What these accounts have traded from `first_id` on."""
    remembered = trades.remembered
    for trade_id in range(first_id, trades.ids.trade_id + 1):
        trade = remembered.get(trade_id)
        if trade is not None and trade.symbol == symbol and trade.qty:
            for side in trade.sides:
                position = positions.get(_owner(side))
                if position is not None:
                    yield trade, side, position


def _post_opposite(
    position: Position, trade: "Trade", side: "TradeSide", before: tuple[int, int], day: int
) -> None:
    """Let a trade of before the change of cost method be another one, at that moment; `before` are
    the quantity and the price that it had.
    """
    qty, cost, cash, turnover = position.qty, position.cost, position.cash, position.turnover
    position.post(-_bought(side, before[0]), before[1])
    if trade.qty:
        position.post(_bought(side, trade.qty), trade.price)
    position.turnover = turnover
    if trade.trade_id > day:
        position.turnover += abs(trade.qty * trade.price) - abs(before[0] * before[1])
    else:
        position.day_qty += position.qty - qty
        position.day_cost += position.cost - cost
        position.day_cash += position.cash - cash


def _mark(trades: "Trades", symbol: str) -> None:
    """Find again what the last price was when the trading day began."""
    ledger, past = trades.ledger, trades.markets[symbol].statistics.past
    price = past.price
    for trade_id in range(ledger.day_trade_id, past.trade_id, -1):
        trade = trades.remembered.get(trade_id)
        if trade is not None and trade.symbol == symbol and trade.qty:
            price = trade.price
            break
    for position in ledger.positions():
        if position.symbol == symbol:
            position.day_mark = price


def _begin_day(positions: Mapping[Owner, Position]) -> None:
    for position in positions.values():
        position.begin_day(position.day_mark)


def _charge_anew(trades: "Trades", trade: "Trade", side: "TradeSide", position: Position) -> None:
    """Give a side its fee back, and charge the one it has now."""
    ledger, fees = trades.ledger, trades.fees
    is_past = trade.trade_id <= ledger.day_trade_id
    if side.fee is not None:
        ledger.charge(position, Fee(-side.fee.amount, side.fee.currency), is_past)
    side.fee = None
    if trade.qty and fees.schedule is not None:
        firm, symbol, liquidity = side.firm, trade.symbol, side.liquidity
        side.fee = fees.charge(firm, symbol, liquidity, trade.qty, trade.price)
        if side.fee is not None:
            ledger.charge(position, side.fee, is_past)


def _owner(side: "TradeSide") -> Owner:
    return side.firm, side.account


def _bought(side: "TradeSide", qty: int) -> int:
    return qty if side.side is BUY else -qty
