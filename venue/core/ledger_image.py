"""What of an image is money: the schedule of fees, volumes, positions and remembered trades."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from venue.core.columns import Choices, Ints, choose, chosen, pack, unpack
from venue.core.fees import Fee, FeeSchedule
from venue.core.order import Order
from venue.core.position import Lot, Position
from venue.core.trades import Trade, Trades, TradeSide
from venue.core.types import CostMethod, Liquidity
from venue.core.volumes import DayVolume

NUMBERS = ("qty", "cost", "cash", "turnover", "day_qty", "day_cost", "day_cash", "day_mark")
"""What of a position always is a number."""


class LotsImage(Struct, array_like=True, frozen=True):
    """Lists of lots, one after the other: how many each has, their quantities and costs."""

    counts: Ints
    qtys: Ints
    costs: Ints


class MoneyImage(Struct, array_like=True, frozen=True):
    """Sums by currency, one after the other: how many each has; no currency has 0."""

    counts: Ints
    currencies: Choices[str]
    amounts: Ints


class PositionsImage(Struct, array_like=True, frozen=True):
    """Every position, in the order in which they were made: a column for each field of `Position`,
    `numbers` those of `NUMBERS` one after the other.
    """

    firm: Choices[str]
    account: Choices[str]
    symbol: Choices[str]
    numbers: list[Ints]
    lots: LotsImage
    fees: MoneyImage
    day_fees: MoneyImage


class TradesImage(Struct, array_like=True, frozen=True):
    """Remembered trades, the oldest first: a column for each field of `Trade`, then of `TradeSide`,
    the first side's and then the second's.

    `order` is as elsewhere in an image. `cl_ord_ids` are those that are not the order's any more,
    by the place of the side. `fee` is 0 where `currency` is None.
    """

    trade_id: Ints
    symbol: Choices[str]
    time: Ints
    qty: Ints
    price: Ints
    changes: Ints
    order: Ints
    exec_id: Ints
    cl_ord_ids: dict[int, str]
    liquidity: Choices[Liquidity]
    fee: Ints
    currency: Choices[str | None]
    before: Ints
    closed: LotsImage


class LedgerImage(Struct, array_like=True, frozen=True):
    """The state of a `Trades` but for its ids; `volumes` have their amounts as text."""

    schedule: FeeSchedule | None
    volumes: list[tuple[int, int, list[tuple[str, str, str]]]]
    cost_method: CostMethod
    day_trade_id: int
    method_trade_id: int
    earned: MoneyImage
    accounts: list[tuple[str, str]]
    positions: PositionsImage
    limit: int
    trades: TradesImage


def copy_ledger(trades: Trades, places: Mapping[int, int]) -> LedgerImage:
    """The state of `trades`; `places` are those of the orders, by OrderID. O(trades)."""
    ledger = trades.ledger
    return LedgerImage(
        trades.fees.schedule,
        [(day.after, day.last, _sorted(day)) for day in trades.volumes.days],
        ledger.cost_method,
        ledger.day_trade_id,
        ledger.method_trade_id,
        _copy_money([ledger.earned]),
        list(ledger.accounts),
        _copy_positions(list(ledger.positions())),
        trades.limit,
        _copy_trades(list(trades.remembered.values()), places),
    )


def _sorted(day: DayVolume) -> list[tuple[str, str, str]]:
    return sorted((firm, currency, str(each)) for (firm, currency), each in day.money.items())


def _copy_positions(positions: Sequence[Position]) -> PositionsImage:
    return PositionsImage(
        choose([each.firm for each in positions]),
        choose([each.account for each in positions]),
        choose([each.symbol for each in positions]),
        [pack([getattr(each, name) for each in positions]) for name in NUMBERS],
        _copy_lots([each.lots or () for each in positions]),
        _copy_money([each.fees for each in positions]),
        _copy_money([each.day_fees for each in positions]),
    )


def _copy_trades(trades: Sequence[Trade], places: Mapping[int, int]) -> TradesImage:
    sides = [trade.first for trade in trades] + [trade.second for trade in trades]
    fees = [side.fee for side in sides]
    return TradesImage(
        pack([trade.trade_id for trade in trades]),
        choose([trade.symbol for trade in trades]),
        pack([trade.time for trade in trades]),
        pack([trade.qty for trade in trades]),
        pack([trade.price for trade in trades]),
        pack([trade.changes for trade in trades]),
        pack([places[side.order.order_id] for side in sides]),
        pack([side.exec_id for side in sides]),
        {
            place: side.cl_ord_id
            for place, side in enumerate(sides)
            if side.cl_ord_id != side.order.cl_ord_id
        },
        choose([side.liquidity for side in sides]),
        pack([0 if fee is None else fee.amount for fee in fees]),
        choose([None if fee is None else fee.currency for fee in fees]),
        pack([side.before for side in sides]),
        _copy_lots([side.closed for side in sides]),
    )


def _copy_lots(lists: Sequence[Iterable[Lot]]) -> LotsImage:
    lots = [list(each) for each in lists]
    every = [lot for each in lots for lot in each]
    counts = pack([len(each) for each in lots])
    return LotsImage(counts, pack([qty for qty, _ in every]), pack([cost for _, cost in every]))


def _copy_money(sums: Sequence[dict[str, int]]) -> MoneyImage:
    kept = [sorted((name, each) for name, each in one.items() if each) for one in sums]
    every = [each for one in kept for each in one]
    return MoneyImage(
        pack([len(one) for one in kept]),
        choose([currency for currency, _ in every]),
        pack([amount for _, amount in every]),
    )


def restore_ledger(trades: Trades, image: LedgerImage, orders: Sequence[Order]) -> None:
    """Go on from `image`, with the orders that it means. O(trades)."""
    ledger = trades.ledger
    trades.fees.schedule, trades.limit = image.schedule, image.limit
    trades.volumes.days.extend(
        DayVolume(after, last, {(firm, currency): int(text) for firm, currency, text in money})
        for after, last, money in image.volumes
    )
    ledger.cost_method = image.cost_method
    ledger.day_trade_id, ledger.method_trade_id = image.day_trade_id, image.method_trade_id
    [ledger.earned] = _restore_money(image.earned)
    for firm, account in image.accounts:
        ledger.open_account(firm, account)
    for position, lots in zip(
        _restore_positions(image.positions), _restore_lots(image.positions.lots), strict=True
    ):
        position.queue(ledger.cost_method is CostMethod.FIFO)
        if position.lots is not None:
            position.lots.clear()
            position.lots.extend(lots)
        ledger.accounts[position.firm, position.account][position.symbol] = position
    for trade in _restore_trades(image.trades, orders):
        trades.remembered[trade.trade_id] = trade


def _restore_positions(image: PositionsImage) -> Iterable[Position]:
    positions = [
        Position(firm, account, symbol, fees=fees, day_fees=day_fees)
        for firm, account, symbol, fees, day_fees in zip(
            chosen(image.firm),
            chosen(image.account),
            chosen(image.symbol),
            _restore_money(image.fees),
            _restore_money(image.day_fees),
            strict=True,
        )
    ]
    for name, column in zip(NUMBERS, image.numbers, strict=True):
        for position, number in zip(positions, unpack(column), strict=True):
            setattr(position, name, number)
    return positions


def _restore_trades(image: TradesImage, orders: Sequence[Order]) -> Iterable[Trade]:
    sides = [
        TradeSide(
            order,
            exec_id,
            order.cl_ord_id,
            liquidity,
            None if currency is None else Fee(fee, currency),
            before,
            closed,
        )
        for order, exec_id, liquidity, fee, currency, before, closed in zip(
            map(orders.__getitem__, unpack(image.order)),
            unpack(image.exec_id),
            chosen(image.liquidity),
            unpack(image.fee),
            chosen(image.currency),
            unpack(image.before),
            map(tuple, _restore_lots(image.closed)),
            strict=True,
        )
    ]
    for place, cl_ord_id in image.cl_ord_ids.items():
        sides[place].cl_ord_id = cl_ord_id
    half = len(sides) // 2
    return map(
        Trade,
        unpack(image.trade_id),
        chosen(image.symbol),
        unpack(image.time),
        unpack(image.qty),
        unpack(image.price),
        sides[:half],
        sides[half:],
        unpack(image.changes),
    )


def _restore_lots(image: LotsImage) -> list[list[Lot]]:
    lots = zip(unpack(image.qtys), unpack(image.costs), strict=True)
    return [[next(lots) for _ in range(count)] for count in unpack(image.counts)]


def _restore_money(image: MoneyImage) -> list[dict[str, int]]:
    sums = zip(chosen(image.currencies), unpack(image.amounts), strict=True)
    return [dict(next(sums) for _ in range(count)) for count in unpack(image.counts)]
