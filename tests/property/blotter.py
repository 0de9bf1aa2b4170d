"""An account of every order, kept from the reports alone: what the venue tells has to add up.

It knows neither the venue's book nor the reference, only what price-time priority and the rules of
auctions promise.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

import msgspec

from venue.core import events as e
from venue.core.types import (
    CALLS,
    LIVE,
    TOUCHED,
    ExecRestatementReason,
    Liquidity,
    OrdStatus,
    Side,
    TimeInForce,
    TradingPhase,
    TriggerPriceType,
)

FOR_AUCTIONS = (TimeInForce.AT_THE_OPENING, TimeInForce.AT_THE_CLOSE)
GONE = (ExecRestatementReason.LOGOUT, ExecRestatementReason.CONNECTION_LOSS)


ENDED = (OrdStatus.CANCELED, OrdStatus.EXPIRED)
FILLED = OrdStatus.FILLED


class Execution(NamedTuple):
    """One side of a trade; `exec_id` is of the report that told of it last."""

    exec_id: int
    symbol: str
    qty: int
    price: int


@dataclass
class Account:
    """One order as last reported; who has the lower place was there first."""

    last: e.OrderEvent
    place: int

    @property
    def working(self) -> bool:
        return self.last.details is None or self.last.details.working

    @property
    def shown_qty(self) -> int:
        details = self.last.details
        return self.last.leaves_qty if details is None else details.shown_qty

    @property
    def display_qty(self) -> float:
        """How much of it may be shown at most."""
        details = self.last.details
        return (details.qualifiers.display_qty if details else 0) or math.inf

    @property
    def claim(self) -> tuple[float, bool, int]:
        """In an auction whoever has the lower one of a side trades first."""
        last = self.last
        if last.price is None:
            return -math.inf, False, self.place
        sign = -1 if last.side is Side.BUY else 1
        return sign * last.price, last.time_in_force not in FOR_AUCTIONS, self.place


class Blotter:
    def __init__(self) -> None:
        self.accounts: dict[int, Account] = {}
        self.traded: Counter[tuple[str, Side]] = Counter()
        self.trades: dict[tuple[int, int], Execution] = {}
        """By trade id and OrderID, as told last."""
        self.last_px: dict[str, int] = {}
        self._exec_id = 0
        self._witnessed: e.Event | None = None
        self._trade_id = 0
        self._aggressor: e.OrderFilled | None = None
        self._auction: e.AuctionHeld | None = None
        self._left_in_auction = 0
        self.phases: dict[str, TradingPhase | None] = {}
        """Of every instrument that was not always continuous; None is what a new one is in, until
        something else is told.
        """
        self.collected: set[str] = set()
        """Whose books may be crossed, and are not shown."""
        self.scheduled = False
        """Whether any market had a schedule, by which its days end."""
        self._places = count()

    def note(self, events: Iterable[e.Event]) -> None:
        """Book the answer to one request."""
        for event in events:
            exec_id = getattr(event, "exec_id", 0)
            if isinstance(event, e.OrderStatusReported):
                assert exec_id == 0
                self._is_unchanged(event)
                continue
            if exec_id == self._exec_id and self._is_witness(event):
                continue
            if exec_id or isinstance(event, e.OrderEvent | e.OrderRejected):
                assert exec_id > self._exec_id, "ExecID(17) is used or out of order"
                self._exec_id, self._witnessed = exec_id, event
            if isinstance(event, e.OrderEvent):
                self._book(event)
            elif isinstance(event, e.DayEnded):
                self._end_day()
            else:
                self._enter(event)
        assert self._aggressor is None, "a fill without its other side"
        assert self._left_in_auction == 0, "an auction that traded less than it said"
        for symbol in {symbol for symbol, _ in self.traded}:
            assert self.traded[symbol, Side.BUY] == self.traded[symbol, Side.SELL]

    def _is_witness(self, event: e.Event) -> bool:
        """Whether this tells another session the same, of a session that is gone."""
        if not isinstance(event, e.OrderCanceled) or event.reason not in GONE:
            return False
        assert self._witnessed is not None
        return event == msgspec.structs.replace(self._witnessed, session=event.session)

    def _book(self, event: e.OrderEvent) -> None:
        left = event.order_qty - event.cum_qty if event.ord_status in LIVE else 0
        assert event.leaves_qty == left, "OrderQty(38) = CumQty(14) + LeavesQty(151) while live"
        assert (event.ord_status is OrdStatus.FILLED) == (event.cum_qty == event.order_qty)
        assert event.ord_status in LIVE or event.leaves_qty == 0
        if isinstance(event, e.DuplicateRejected):
            self._is_unchanged(event)
        elif isinstance(event, e.OrderAccepted):
            assert event.order_id not in self.accounts, "OrderID(37) is used"
            self.accounts[event.order_id] = Account(event, next(self._places))
        elif isinstance(event, e.OrderFilled):
            self._fill(event)
        elif isinstance(event, e.OrderTradeBusted | e.OrderTradeCorrected):
            self._revise(event)
        else:
            account = self.accounts[event.order_id]
            last, shown = account.last, account.display_qty
            assert (event.cum_qty, event.notional) == (last.cum_qty, last.notional)
            account.last = event
            moved = isinstance(event, e.OrderTriggered) or event.price != last.price
            if moved or event.order_qty > last.order_qty or account.display_qty > shown:
                account.place = next(self._places)
        after = Account(event, 0)
        assert 0 <= after.shown_qty <= event.leaves_qty
        assert after.shown_qty or not event.leaves_qty or not after.working

    def _revise(self, event: e.OrderTradeBusted | e.OrderTradeCorrected) -> None:
        """A trade of an order is not what it was; what that opens again stands at the end."""
        account = self.accounts[event.order_id]
        last, before = account.last, self.trades[event.trade_id, event.order_id]
        now = before
        if isinstance(event, e.OrderTradeCorrected):
            now = before._replace(exec_id=event.exec_id, qty=event.last_qty, price=event.last_px)
        else:
            now = before._replace(exec_id=event.exec_id, qty=0)
        assert before.qty and event.exec_ref_id == before.exec_id
        assert event.cum_qty == last.cum_qty - before.qty + now.qty
        paid = now.qty * now.price - before.qty * before.price
        assert event.notional == last.notional + paid
        assert last.ord_status not in ENDED or event.ord_status in (last.ord_status, FILLED)
        self.trades[event.trade_id, event.order_id] = now
        self.traded[event.symbol, event.side] += now.qty - before.qty
        if event.leaves_qty > last.leaves_qty:
            account.place = next(self._places)
        account.last = event

    def _enter(self, event: e.Event) -> None:
        """Note what the event says of phases, if it is of them."""
        if isinstance(event, e.AuctionHeld):
            assert self._left_in_auction == 0 and event.symbol in self.collected
            assert (event.price is None) is (event.qty == 0)
            self._auction, self._left_in_auction = event, event.qty
        elif isinstance(event, e.PhaseEntered):
            assert event.phase is not self.phases.get(event.symbol)
            self.phases[event.symbol] = event.phase
            if event.phase in CALLS:
                self.collected.add(event.symbol)
            elif event.phase is not TradingPhase.HALT:
                self.collected.discard(event.symbol)
        elif isinstance(event, e.InstrumentDefined) and event.is_new:
            self.phases[event.symbol] = None
            self.collected.discard(event.symbol)
        elif isinstance(event, e.MarketPhaseEntered):
            self.scheduled = True
        elif isinstance(event, e.TradeChanged):
            prices = [t.price for t in self.trades.values() if t.symbol == event.symbol and t.qty]
            self.last_px.pop(event.symbol, None)
            if prices:
                self.last_px[event.symbol] = prices[-1]

    def is_open(self, symbol: str) -> bool:
        return self.phases.get(symbol) in (None, TradingPhase.CONTINUOUS)

    def _end_day(self) -> None:
        """Nothing of the day is left but where a market has hours of its own, and what lasts was
        restated with what it carries.
        """
        for account in self.accounts.values():
            last = account.last
            if not last.leaves_qty:
                continue
            if last.time_in_force not in (TimeInForce.GTC, TimeInForce.GTD):
                assert self.scheduled
            else:
                assert isinstance(last, e.OrderRestated) and last.details is not None
                assert last.reason is ExecRestatementReason.GT_RENEWAL
                assert last.details.carried_over
                assert last.details.carried_qty == last.cum_qty
                assert last.details.carried_notional == last.notional

    def _is_unchanged(self, event: e.OrderEvent) -> None:
        last = self.accounts[event.order_id].last
        for name in ("price", "order_qty", "leaves_qty", "cum_qty", "notional", "ord_status"):
            assert getattr(event, name) == getattr(last, name)

    def _fill(self, fill: e.OrderFilled) -> None:
        last = self.accounts[fill.order_id].last
        assert last.ord_status in LIVE
        assert fill.cum_qty == last.cum_qty + fill.last_qty
        assert fill.notional == last.notional + fill.last_qty * fill.last_px
        self.traded[fill.symbol, fill.side] += fill.last_qty
        self.trades[fill.trade_id, fill.order_id] = Execution(
            fill.exec_id, fill.symbol, fill.last_qty, fill.last_px
        )
        if self._aggressor is None:
            assert fill.liquidity in (Liquidity.REMOVED, Liquidity.AUCTION)
            assert fill.liquidity is Liquidity.REMOVED or fill.side is Side.BUY
            self._aggressor = fill
        elif fill.liquidity is Liquidity.AUCTION:
            self._match_in_auction(self._aggressor, fill)
            self.last_px[fill.symbol] = fill.last_px
            self._aggressor = None
        else:
            assert fill.liquidity is Liquidity.ADDED
            self._match(self._aggressor, fill)
            self.accounts[self._aggressor.order_id].last = self._aggressor
            account = self.accounts[fill.order_id]
            if account.shown_qty == fill.last_qty:
                account.place = next(self._places)  # Of the next slice
            account.last = fill
            self.last_px[fill.symbol] = fill.last_px
            self._aggressor = None

    def _match_in_auction(self, buyer: e.OrderFilled, seller: e.OrderFilled) -> None:
        """At the auction's price, at nobody's limit beyond it, and nobody was passed over."""
        auction = self._auction
        assert auction is not None and auction.symbol == buyer.symbol == seller.symbol
        assert buyer.trade_id == seller.trade_id == self._trade_id + 1
        self._trade_id += 1
        assert buyer.last_qty == seller.last_qty <= self._left_in_auction
        self._left_in_auction -= buyer.last_qty
        assert (buyer.side, seller.side) == (Side.BUY, Side.SELL)
        assert buyer.liquidity is seller.liquidity is Liquidity.AUCTION
        assert buyer.last_px == seller.last_px == auction.price
        for fill, sign in ((buyer, 1), (seller, -1)):
            assert fill.price is None or fill.last_px * sign <= fill.price * sign
            account = self.accounts[fill.order_id]
            assert account.working, "a trade with an order that waits"
            for rival in self.accounts.values():
                last = rival.last
                if last.leaves_qty and rival.working and last.symbol == fill.symbol:
                    passed_over = last.side is fill.side and rival.claim < account.claim
                    assert not passed_over, "out of turn"
            account.last = fill

    def _match(self, aggressor: e.OrderFilled, resting: e.OrderFilled) -> None:
        """No trade-through, time priority, and the resting order's price for both."""
        assert resting.trade_id == aggressor.trade_id == self._trade_id + 1
        self._trade_id += 1
        assert (resting.last_qty, resting.last_px) == (aggressor.last_qty, aggressor.last_px)
        assert resting.symbol == aggressor.symbol and resting.side is not aggressor.side
        assert resting.last_px == resting.price, "a print away from the resting price"
        sign = 1 if aggressor.side is Side.BUY else -1
        if aggressor.price is not None:
            assert resting.last_px * sign <= aggressor.price * sign, "beyond the limit"
        account = self.accounts[resting.order_id]
        assert account.working, "a trade with an order that waits"
        assert resting.last_qty <= account.shown_qty, "more than was shown"
        for rival in self.resting(resting.symbol, resting.side):
            price = rival.last.price
            assert price is not None
            assert price * sign >= resting.last_px * sign, "a trade-through"
            assert price != resting.last_px or rival.place >= account.place, "out of turn"

    def resting(self, symbol: str, side: Side) -> list[Account]:
        """The accounts of every live order with a price of one side that does not wait."""
        return [
            account
            for account in self.accounts.values()
            if account.last.leaves_qty
            and account.working
            and account.last.side is side
            and account.last.symbol == symbol
            and account.last.price is not None
        ]

    def queue(self, symbol: str, side: Side) -> list[tuple[int, int]]:
        """(OrderID, open quantity) of one side, whoever trades first at the front."""
        sign = -1 if side is Side.BUY else 1
        turn = sorted(
            self.resting(symbol, side), key=lambda a: (sign * (a.last.price or 0), a.place)
        )
        return [(account.last.order_id, account.last.leaves_qty) for account in turn]

    def levels(self, symbol: str, side: Side) -> list[tuple[int, int, int]]:
        """(price, shown quantity, number of orders) of one side, from the best price; of a call
        nothing is shown.
        """
        if symbol in self.collected:
            return []
        levels: dict[int, list[int]] = {}
        for account in self.resting(symbol, side):
            levels.setdefault(account.last.price or 0, []).append(account.shown_qty)
        best = sorted(levels, reverse=side is Side.BUY)
        return [(price, sum(levels[price]), len(levels[price])) for price in best]

    def check_quotes(self, symbols: list[str]) -> None:
        """Where trading is open no book is crossed, and nobody waits though his trigger is met."""
        for symbol in symbols:
            if not self.is_open(symbol):
                continue
            (bid, *_), *_ = [*self.levels(symbol, Side.BUY), (None,)]
            (offer, *_), *_ = [*self.levels(symbol, Side.SELL), (None,)]
            assert bid is None or offer is None or bid < offer, "a crossed book"
            for account in self.accounts.values():
                last = account.last
                if last.symbol == symbol and last.leaves_qty and not account.working:
                    quote = offer if last.side is Side.BUY else bid
                    assert not self._is_met(last, quote), "an order waits though it is triggered"

    def _is_met(self, order: e.OrderEvent, quote: int | None) -> bool:
        assert order.details is not None
        terms = order.details.qualifiers
        price = self.last_px.get(order.symbol)
        if terms.trigger_price_type is TriggerPriceType.BEST_QUOTE:
            price = quote
        if price is None or terms.stop_px is None:
            return False
        if (order.side is Side.BUY) is (order.ord_type in TOUCHED):
            return price <= terms.stop_px
        return price >= terms.stop_px
