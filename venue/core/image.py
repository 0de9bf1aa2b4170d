"""The whole state of a venue as one value, and the venue that goes on from it.

A restored venue answers whatever comes as the one that was copied would have: an image holds all
that later behaviour depends on. Only the levels touched since somebody last asked are not in it.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from operator import attrgetter
from typing import Any

from msgspec import Struct

from venue.core.columns import Choices, Ints, choose, chosen, pack, unpack
from venue.core.instrument import Instrument, InstrumentSpec
from venue.core.ledger_image import LedgerImage, copy_ledger, restore_ledger
from venue.core.market import Market
from venue.core.order import Order
from venue.core.orders import ClOrdIds
from venue.core.qualifiers import Qualifiers
from venue.core.risk import RiskImage
from venue.core.statistics import Statistics, StatisticsImage
from venue.core.trading_day import DayImage
from venue.core.types import OrdStatus, OrdType, Side, TimeInForce, TradingPhase
from venue.core.venue import Venue


class OrdersImage(Struct, array_like=True, frozen=True):
    """Every order: a column for each field of `Order` but its links.

    Elsewhere in an image an order is its place here. `cl_ord_id` is a place in `Image.cl_ord_ids`.
    `price` is 0 at the places `unpriced`, `carried_qty` -1 where nothing was carried over.
    """

    order_id: Ints
    session: Choices[str]
    firm: Choices[str]
    cl_ord_id: Ints
    symbol: Choices[str]
    side: Choices[Side]
    ord_type: Choices[OrdType]
    time_in_force: Choices[TimeInForce]
    price: Ints
    unpriced: Ints
    order_qty: Ints
    leaves_qty: Ints
    account: Choices[str]
    qualifiers: Choices[Qualifiers | None]
    cum_qty: Ints
    notional: Ints
    ord_status: Choices[OrdStatus]
    hidden_qty: Ints
    working: Ints
    carried_qty: Ints
    carried_notional: Ints
    carried_trade_id: Ints
    names: Ints


class MarketImage(Struct, array_like=True, frozen=True):
    """A market: what rests on each side, from the best price and at a price the oldest first, what
    has no price in a call, and what waits, each in the order in which it began to.
    """

    spec: InstrumentSpec
    last_px: int | None
    last_qty: int | None
    auction_px: int | None
    listed: bool
    halted: bool
    call: TradingPhase | None
    is_scheduled: bool
    scheduled: TradingPhase
    phase: TradingPhase
    statistics: StatisticsImage
    bids: Ints
    offers: Ints
    unpriced: Ints
    waiting: Ints


class ClientImage(Struct, array_like=True, frozen=True):
    """A session's memory: how many of `Image.cl_ord_ids` are its own, after those of the clients
    before it; the orders they spoke of, -1 for none; those of refused requests.
    """

    session: str
    count: int
    orders: Ints
    refused: list[str]


class Image(Struct, array_like=True, frozen=True):
    """`ids` are the last OrderID, ExecID and trade id. `connected` is as in `Venue`, `retention`
    its `cl_ord_ids`, `phases` are those of the markets that have a schedule, `by_hand` and
    `configured` as in `Phases`, `disallowed` as in `Operations`. Of the orders only the first
    `known_orders` are in `Venue.orders`, the others only in trades.
    """

    time: int
    seed: int
    windows: tuple[int, ...]
    call_ends: dict[str, int]
    phases: dict[str, TradingPhase]
    by_hand: dict[str, int]
    disallowed: list[str]
    configured: list[InstrumentSpec]
    ids: tuple[int, int, int]
    retention: int
    connected: dict[str, str]
    away: list[str]
    day: DayImage
    risk: RiskImage
    known_orders: int
    orders: OrdersImage
    markets: list[MarketImage]
    clients: list[ClientImage]
    cl_ord_ids: list[str]
    ledger: LedgerImage


def copy(venue: Venue) -> Image:
    """The state of `venue`. O(orders)."""
    venue.trading.quote()
    known = venue.orders.by_id
    orders = [*known.values(), *venue.past_orders()]
    places = {order.order_id: place for place, order in enumerate(orders)}
    clients = venue.orders.clients
    cl_ord_ids = list(chain.from_iterable(client.orders for client in clients.values()))
    trading = venue.trading
    return Image(
        trading.time,
        trading.seed,
        trading.windows,
        dict(trading.call_ends),
        dict(venue.market_phases),
        dict(venue.phases.by_hand),
        sorted(venue.operations.disallowed),
        list(venue.configured.values()),
        (venue.ids.order_id, venue.ids.exec_id, venue.ids.trade_id),
        venue.orders.cl_ord_ids,
        dict(venue.connected),
        sorted(venue.away),
        venue.day.image(),
        venue.risk.image(),
        len(known),
        _copy_orders(orders, _own_ids(orders, clients.values(), cl_ord_ids)),
        [_copy_market(market, places) for market in venue.markets.values()],
        [_copy_client(client, places) for client in clients.values()],
        cl_ord_ids,
        copy_ledger(trading.trades, places),
    )


def _own_ids(orders: list[Order], clients: Iterable[ClOrdIds], cl_ord_ids: list[str]) -> list[int]:
    """Where in `cl_ord_ids` each order finds its own; those that no client remembers are added."""
    own: dict[int, int] = {}
    first = 0
    for client in clients:
        session = client.session
        for place, (cl_ord_id, order) in enumerate(client.orders.items(), first):
            if order is not None and order.cl_ord_id == cl_ord_id and order.session == session:
                own[order.order_id] = place
        first += len(client.orders)
    for order in orders:
        if order.order_id not in own:
            own[order.order_id] = len(cl_ord_ids)
            cl_ord_ids.append(order.cl_ord_id)
    return [own[order.order_id] for order in orders]


def _copy_orders(orders: list[Order], cl_ord_ids: list[int]) -> OrdersImage:
    def column(field: str) -> list[Any]:
        return list(map(attrgetter(field), orders))

    prices, carried = column("price"), column("carried")
    return OrdersImage(
        pack(column("order_id")),
        choose(column("session")),
        choose(column("firm")),
        pack(cl_ord_ids),
        choose(column("symbol")),
        choose(column("side")),
        choose(column("ord_type")),
        choose(column("time_in_force")),
        pack([price or 0 for price in prices]),
        pack([place for place, price in enumerate(prices) if price is None]),
        pack(column("order_qty")),
        pack(column("leaves_qty")),
        choose(column("account")),
        choose(column("qualifiers")),
        pack(column("cum_qty")),
        pack(column("notional")),
        choose(column("ord_status")),
        pack(column("hidden_qty")),
        pack(column("working")),
        pack([-1 if before is None else before[0] for before in carried]),
        pack([0 if before is None else before[1] for before in carried]),
        pack([0 if before is None else before[2] for before in carried]),
        pack(column("names")),
    )


def _copy_market(market: Market, places: dict[int, int]) -> MarketImage:
    book = market.book
    bids, offers = (
        pack([places[order.order_id] for level in side for order in level])
        for side in (book.bids, book.offers)
    )
    return MarketImage(
        market.instrument.spec,
        market.last_px,
        market.last_qty,
        market.auction_px,
        market.listed,
        market.halted,
        market.call,
        market.is_scheduled,
        market.scheduled,
        market.phase,
        market.statistics.image(),
        bids,
        offers,
        pack([places[order_id] for order_id in market.unpriced]),
        pack([places[order_id] for order_id in market.waiting.orders]),
    )


def _copy_client(client: ClOrdIds, places: dict[int, int]) -> ClientImage:
    spoken_of = pack(
        [-1 if order is None else places[order.order_id] for order in client.orders.values()]
    )
    return ClientImage(client.session, len(client.orders), spoken_of, sorted(client.refused))


def restore(image: Image) -> Venue:
    """A venue in the state of `image`. O(orders)."""
    venue = Venue()
    trading = venue.trading
    trading.time, trading.seed, trading.windows = image.time, image.seed, image.windows
    trading.call_ends.update(image.call_ends)
    venue.market_phases.update(image.phases)
    venue.phases.by_hand.update(image.by_hand)
    venue.operations.disallowed.update(image.disallowed)
    venue.configured.update((spec.symbol, spec) for spec in image.configured)
    venue.ids.order_id, venue.ids.exec_id, venue.ids.trade_id = image.ids
    venue.orders.cl_ord_ids = image.retention
    venue.connected.update(image.connected)
    venue.away.update(image.away)
    venue.risk.restore(image.risk)
    orders = _restore_orders(image.orders, image.cl_ord_ids)
    by_id = venue.orders.by_id
    by_id.update(
        islice(zip(unpack(image.orders.order_id), orders, strict=True), image.known_orders)
    )
    for market in image.markets:
        _restore_market(venue, market, orders)
    spoken_of: list[Order | None] = [*orders, None]
    cl_ord_ids = iter(image.cl_ord_ids)
    for each in image.clients:
        client = venue.orders.clients[each.session]
        known = map(spoken_of.__getitem__, unpack(each.orders))
        client.orders.update(zip(islice(cl_ord_ids, each.count), known, strict=True))
        client.refused.update(each.refused)
        client.live()
    venue.day.restore(image.day, by_id)
    restore_ledger(trading.trades, image.ledger, orders)
    trading.touched.clear()
    return venue


def _restore_orders(image: OrdersImage, cl_ord_ids: list[str]) -> list[Order]:
    """The orders, none of them linked. Equal prices and quantities are the same object."""
    numbers: dict[int, int] = {}

    def alike(ints: Ints) -> Iterable[int]:
        return (numbers.setdefault(number, number) for number in unpack(ints))

    prices: list[int | None] = list(alike(image.price))
    for place in unpack(image.unpriced):
        prices[place] = None
    columns = image.carried_qty, image.carried_notional, image.carried_trade_id
    carried = [
        None if before[0] < 0 else before for before in zip(*map(unpack, columns), strict=True)
    ]
    return list(
        map(
            Order,
            unpack(image.order_id),
            chosen(image.session),
            chosen(image.firm),
            map(cl_ord_ids.__getitem__, unpack(image.cl_ord_id)),
            chosen(image.symbol),
            chosen(image.side),
            chosen(image.ord_type),
            chosen(image.time_in_force),
            prices,
            alike(image.order_qty),
            alike(image.leaves_qty),
            chosen(image.account),
            chosen(image.qualifiers),
            alike(image.cum_qty),
            unpack(image.notional),
            chosen(image.ord_status),
            unpack(image.hidden_qty),
            map(bool, unpack(image.working)),
            carried,
            unpack(image.names),
        )
    )


def _restore_market(venue: Venue, image: MarketImage, orders: Sequence[Order]) -> None:
    instrument = Instrument(image.spec)
    market = Market(instrument, venue.trading.touched)
    venue.instruments[instrument.symbol] = instrument
    venue.markets[instrument.symbol] = market
    market.last_px, market.last_qty = image.last_px, image.last_qty
    market.auction_px = image.auction_px
    market.listed, market.halted = image.listed, image.halted
    market.scheduled, market.is_scheduled = image.scheduled, image.is_scheduled
    market.enter(image.phase)
    market.call = image.call
    market.statistics = Statistics.of(image.statistics)
    for side, places in ((market.book.bids, image.bids), (market.book.offers, image.offers)):
        for place in unpack(places):
            side.add(orders[place])
    for place in unpack(image.unpriced):
        order = orders[place]
        market.unpriced[order.order_id] = order
    for place in unpack(image.waiting):
        market.waiting.add(orders[place])
