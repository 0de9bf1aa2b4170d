"""The auction that ends a call: all that was collected trades at one price, `clear`'s.

Orders without a price trade first, then the better prices; at a price those that were entered for
the auction alone; then the oldest. An iceberg takes part with all its quantity, at its place.
"""

from collections import deque
from collections.abc import Iterator
from itertools import chain

from msgspec import Struct

from venue.core.book import BookSide
from venue.core.clearing import Clearing, clear
from venue.core.events import AuctionHeld, Event
from venue.core.market import Market
from venue.core.order import Order
from venue.core.trades import Trades
from venue.core.types import Liquidity, Side, TimeInForce

AUCTION = Liquidity.AUCTION
BUY = Side.BUY
FOR_AUCTIONS = frozenset({TimeInForce.AT_THE_OPENING, TimeInForce.AT_THE_CLOSE})


class Indicative(Struct, frozen=True):
    """What a call tells: the price at which it would end now, None if nothing would trade.

    `qty` and `imbalance` count what orders show: the lots that would trade, and those left over
    at the price, or without one of the orders that have none: of buyers if above 0.
    """

    price: int | None
    qty: int
    imbalance: int


def uncross(market: Market, trades: Trades, events: list[Event], time: int) -> Clearing | None:
    """Hold the auction at `time`: an `AuctionHeld` goes to `events`, then two fills a match.

    What it leaves over stays where it is: orders without a price, and a book that is not crossed.
    """
    clearing, phase = _clear(market), market.call or market.phase
    if clearing is None:
        events.append(AuctionHeld("", market.instrument.symbol, phase, None, 0))
        return None
    price, qty = clearing.price, clearing.qty
    events.append(AuctionHeld("", market.instrument.symbol, phase, price, qty))
    book, first_id = market.book, trades.ids.trade_id
    buyers, sellers = _queue(market, book.bids, qty), _queue(market, book.offers, qty)
    left = qty
    while left:
        buyer, seller = buyers[0], sellers[0]
        last_qty = min(buyer.leaves_qty, seller.leaves_qty, left)
        left -= last_qty
        for order, queue in ((buyer, buyers), (seller, sellers)):
            _fill(market, order, last_qty, price)
            if not order.leaves_qty:
                queue.popleft()
        trades.execute(buyer, seller, last_qty, price, time, events, (AUCTION, AUCTION))
        market.last_qty = last_qty
    market.last_px = market.auction_px = price
    last_id = trades.ids.trade_id
    market.statistics.trade(time, price, qty, last_id - first_id)
    market.statistics.auction(phase, price, qty, first_id + 1, last_id)
    return clearing


def indication(market: Market) -> Indicative:
    """What the auction would give if it were now. O(limit prices that meet)."""
    clearing = _clear(market)
    wanted = sum(order.shown_qty for order in market.unpriced.values() if order.side is BUY)
    offered = sum(order.shown_qty for order in market.unpriced.values() if order.side is not BUY)
    if clearing is None:
        return Indicative(None, 0, wanted - offered)
    price = clearing.price
    wanted += _shown(market.book.bids, price)
    offered += _shown(market.book.offers, price)
    return Indicative(price, min(wanted, offered), wanted - offered)


def _clear(market: Market) -> Clearing | None:
    bids = offers = 0
    for order in market.unpriced.values():
        if order.side is BUY:
            bids += order.leaves_qty
        else:
            offers += order.leaves_qty
    book, reference = market.book, market.last_px
    if reference is None:
        reference = market.instrument.reference_ticks
    return clear(_quantities(book.bids), _quantities(book.offers), bids, offers, reference)


def _quantities(side: BookSide) -> Iterator[tuple[int, int]]:
    return ((level.price, level.qty + level.hidden_qty) for level in side)


def _shown(side: BookSide, price: int) -> int:
    """The shown lots that would trade at `price`."""
    total = 0
    for level in side:
        if (level.price - price) * side.sign < 0:
            break
        total += level.qty
    return total


def _queue(market: Market, side: BookSide, qty: int) -> deque[Order]:
    """The orders that trade the first `qty` lots of a side, in turn."""
    queue: deque[Order] = deque()
    unpriced = [order for order in market.unpriced.values() if order.side is side.side]
    for orders in chain((unpriced,), (sorted(level, key=_is_for_any_time) for level in side)):
        for order in orders:
            if qty <= 0:
                return queue
            queue.append(order)
            qty -= order.leaves_qty
    return queue


def _is_for_any_time(order: Order) -> bool:
    return order.time_in_force not in FOR_AUCTIONS


def _fill(market: Market, order: Order, qty: int, price: int) -> None:
    """Book one match; what an iceberg has left shows a new slice."""
    shown_qty, hidden_qty = order.leaves_qty - order.hidden_qty, order.hidden_qty
    order.fill(qty, price)
    if order.level is None:
        if not order.leaves_qty:
            del market.unpriced[order.order_id]
        return
    side = market.book.side(order.side)
    if not order.leaves_qty:
        side.remove(order, shown_qty)
        return
    if hidden_qty:
        assert order.qualifiers is not None
        order.show(order.qualifiers.display_qty)
    side.reduce(
        order, shown_qty - (order.leaves_qty - order.hidden_qty), hidden_qty - order.hidden_qty
    )
