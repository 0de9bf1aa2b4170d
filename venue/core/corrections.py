"""Trades that are undone, or changed, after the fact (FIX 4.4, J.1.a to J.1.d).

What a trade gives back to its orders rests where it can; nothing is matched because of it.
"""

from collections.abc import Callable

from venue.core import commands as c
from venue.core import events as e
from venue.core.events import Event
from venue.core.market import Market
from venue.core.order import Order
from venue.core.orders import Orders
from venue.core.reports import executed
from venue.core.revision import History
from venue.core.trades import Trade, TradeSide
from venue.core.trading import Trading
from venue.core.trading_day import TradingDay
from venue.core.types import Liquidity, OrdStatus, TimeInForce

RESTING = (TimeInForce.DAY, TimeInForce.GTC, TimeInForce.GTD)


class Corrections:
    """Carries out the busts and corrections of an operator.

    `away` are the sessions that went with their orders, `stopped` tells whether a kill switch stops
    a firm's account.
    """

    def __init__(
        self,
        trading: Trading,
        orders: Orders,
        day: TradingDay,
        away: set[str],
        stopped: Callable[[str, str], bool],
    ) -> None:
        self.trading = trading
        self.trades = trading.trades
        self.orders = orders
        self.day = day
        self.away = away
        self.stopped = stopped
        self.ids = orders.ids

    def bust_trade(self, command: c.BustTrade) -> list[Event]:
        """Undo a trade; nothing happens where `refuses_bust` has a reason."""
        if self.refuses_bust(command.trade_id) is not None:
            return []
        trade = self.trades.remembered[command.trade_id]
        return self._change(trade, 0, trade.price)

    def correct_trade(self, command: c.CorrectTrade) -> list[Event]:
        """Change a trade; nothing happens where `refuses_correction` has a reason."""
        wanted = command.trade_id, command.qty, command.price
        if self.refuses_correction(*wanted) is not None:
            return []
        trade = self.trades.remembered[command.trade_id]
        return self._change(trade, command.qty, command.price)

    def refuses_bust(self, trade_id: int) -> str | None:
        """Why a trade cannot be busted, None where it can."""
        trade = self.trades.remembered.get(trade_id)
        if trade is None:
            if 0 < trade_id <= self.ids.trade_id:
                return f"TradeID(1003) {trade_id} is not one of the last {self.trades.limit}"
            return f"TradeID(1003) {trade_id} is no trade"
        return None if trade.qty else f"TradeID(1003) {trade_id} is busted already"

    def refuses_correction(self, trade_id: int, qty: int, price: int) -> str | None:
        """Why a trade cannot have had `qty` lots at `price` ticks, None where it can."""
        text = self.refuses_bust(trade_id)
        if text is not None:
            return text
        trade = self.trades.remembered[trade_id]
        instrument = self.trading.markets[trade.symbol].instrument
        qty_text, price_text = instrument.qty.text, instrument.price.text
        if qty < 1:
            return f"LastQty(32) {qty_text(qty)} is not above 0"
        if price < 1:
            return f"LastPx(31) {price_text(price)} is not above 0"
        if (qty, price) == (trade.qty, trade.price):
            told = f"{qty_text(qty)} at LastPx(31) {price_text(price)}"
            return f"LastQty(32) {told} is what TradeID(1003) {trade_id} has already"
        for side in (trade.first, trade.second):
            order = side.order
            most = trade.qty + order.order_qty - order.cum_qty
            if qty > most:
                return (
                    f"LastQty(32) {qty_text(qty)} is more than {qty_text(most)}, which is left of"
                    f" OrderQty(38) {qty_text(order.order_qty)} of OrderID(37) {order.order_id}"
                )
        return None

    def _change(self, trade: Trade, qty: int, price: int) -> list[Event]:
        old_qty, old_price = trade.qty, trade.price
        market = self.trading.markets[trade.symbol]
        self.trades.change(trade, qty, price)
        self._revise_figures(market, trade, old_qty, old_price)
        more, notional = qty - old_qty, qty * price - old_qty * old_price
        events: list[Event] = []
        for side in sorted((trade.first, trade.second), key=_turn):
            order = side.order
            order.revise(trade.trade_id, more, notional)
            text = f"trade {trade.trade_id} is {'corrected' if qty else 'busted'}"
            why = None
            if more < 0:
                why = self._give_back(market, order, -more, trade)
            elif more > 0:
                self._take(market, order, more)
            if why is not None:
                text += f", not reinstated: {why}"
            events.append(self._told(trade, side, text))
        events.append(e.TradeChanged("", trade.symbol, trade.trade_id, qty, price))
        if market.waiting.orders:
            self.trading.settle(market, events, len(events))
        return events

    def _told(self, trade: Trade, side: TradeSide, text: str) -> Event:
        """Tell the owner of one side, and remember the report."""
        before = side.exec_id
        told = executed(side.order, self.ids)
        side.exec_id = self.ids.exec_id
        if not trade.qty:
            return e.OrderTradeBusted(*told, trade.trade_id, before, text)
        traded = trade.qty, trade.price, side.liquidity, side.fee
        return e.OrderTradeCorrected(*told, trade.trade_id, before, *traded, text)

    def _revise_figures(self, market: Market, trade: Trade, old_qty: int, old_price: int) -> None:
        """Let the statistics and the last prices be what they are without the old trade."""
        statistics = market.statistics
        known = self.trades.remembered, self.ids.trade_id, statistics.past
        history = History(trade.symbol, *known)
        revision = history.revision(trade, old_qty, old_price, statistics)
        statistics.revise(revision, self.trading.time)
        market.last_px, market.last_qty = history.last() or (None, None)
        if revision.in_auction:
            market.auction_px = history.auction_px()

    def _give_back(self, market: Market, order: Order, qty: int, trade: Trade) -> str | None:
        """`qty` lots of `order` have not traded: return why they are not to trade any more, if its
        status does not say so.
        """
        if order.live:
            self.trading.withdraw(order)
            order.reopen()
        elif order.ord_status is OrdStatus.FILLED:
            why = self._stays_ended(market, order, trade)
            if why is not None:
                order.end(OrdStatus.CANCELED)
                return why
            order.reopen()
            self.orders.revive(order)
            if order.time_in_force is TimeInForce.GTD:
                self.day.remember(order)
        else:
            return None
        self.trading.collect(market, order, [])
        return None

    def _stays_ended(self, market: Market, order: Order, trade: Trade) -> str | None:
        """Why a filled order does not come to life again."""
        if order.price is None or order.time_in_force not in RESTING:
            return "the order never rests"
        if trade.trade_id <= market.statistics.before or not self.orders.knows(order):
            return "the order's day is over"
        closed = market.is_closed()
        if closed is not None:
            return closed[1]
        if order.time_in_force is TimeInForce.GTD:
            assert order.qualifiers is not None
            expired = self.day.refuses(order.qualifiers)
            if expired is not None:
                return expired
        if order.session in self.away:
            return f"{order.session} is gone, and its orders with it"
        if self.stopped(order.firm, order.account):
            return "a kill switch is engaged"
        if market.book.opposite(order.side).meets(order.price):
            return "the order would trade at once"
        return None

    def _take(self, market: Market, order: Order, qty: int) -> None:
        """`qty` lots more of `order` have traded; what is left keeps its place."""
        if order.leaves_qty > qty:
            shown_qty, hidden_qty = order.shown_qty, order.hidden_qty
            order.leaves_qty -= qty
            order.hidden_qty = max(0, hidden_qty - qty)
            order.ord_status = OrdStatus.PARTIALLY_FILLED
            if order.level is not None:
                side = market.book.side(order.side)
                side.reduce(order, shown_qty - order.shown_qty, hidden_qty - order.hidden_qty)
            return
        if order.live:
            self.trading.withdraw(order)
        if order.cum_qty == order.order_qty:
            order.end(OrdStatus.FILLED)


def _turn(side: TradeSide) -> tuple[bool, int]:
    """Whoever was there first is reinstated first."""
    return side.liquidity is not Liquidity.ADDED, side.order.order_id
