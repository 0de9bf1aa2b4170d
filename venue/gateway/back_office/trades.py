"""The answer to a TradeCaptureReportRequest (AD): an AQ, an AE for each trade, another AQ, and an
AE for each trade later, and for each that is busted or corrected.

Trades are looked for one after the other, so that a stream has nothing to keep but a place.
"""

from collections.abc import Iterable

from venue.core.trades import Trade, TradeSide
from venue.core.venue import Venue
from venue.fix.trade_capture import (
    TradeRequest,
    TradeRequestResult,
    TradeRequestStatus,
    TradeSideState,
    TradeState,
    encode_trade,
    encode_trade_request_ack,
)
from venue.gateway.back_office.stream import PositionKey
from venue.gateway.sessions import Session, comp_id_of
from venue.marketdata.inquiries import SubscriptionRequestType

LOOKED_AT = 100
"""Trades that one step looks at."""
SUCCESSFUL, OTHER = TradeRequestResult.SUCCESSFUL, TradeRequestResult.OTHER
ACCEPTED, COMPLETED = TradeRequestStatus.ACCEPTED, TradeRequestStatus.COMPLETED
REJECTED = TradeRequestStatus.REJECTED

_Found = tuple[Trade, list[TradeSide]]


class TradeStream:
    """A `Stream` of trades."""

    def __init__(self, venue: Venue, session: Session, request: TradeRequest) -> None:
        self.session = session
        self.ended = False
        self._venue = venue
        self._trades = venue.trades
        self._request = request
        self._follows = request.request_type is SubscriptionRequestType.UPDATES
        self._next = 0
        self._last = 0
        self._count = 0
        self._found: _Found | None = None
        self._is_complete = False
        self._changed: dict[int, None] = {}

    @property
    def idle(self) -> bool:
        is_up_to_date = self._is_complete and self._next > self._trades.ids.trade_id
        return is_up_to_date and not self._changed

    def note(self, positions: Iterable[PositionKey], trades: Iterable[int]) -> None:
        if self._follows:
            for trade_id in trades:
                if trade_id < self._next:
                    self._changed[trade_id] = None

    def step(self) -> list[str]:
        if not self._next:
            return [self._begin()]
        if not self._is_complete:
            return self._go_on()
        return self._follow()

    def _begin(self) -> str:
        self._next, self._last = self._oldest, self._trades.ids.trade_id
        return self._ack(SUCCESSFUL, ACCEPTED)

    def _go_on(self) -> list[str]:
        """Send what was found before, if something else is or nothing is left."""
        trade = self._find(self._last)
        if trade is None and self._next <= self._last:
            return []
        found, self._found = self._found, trade
        texts = []
        if found is not None:
            self._count += 1
            texts.append(self._encode(*found, is_last=trade is None))
        if trade is None:
            self._is_complete = True
            self.ended = not self._follows
            texts.append(self._ack(SUCCESSFUL, COMPLETED, self._count))
        return texts

    def _follow(self) -> list[str]:
        if self._changed:
            trade_id = next(iter(self._changed))
            del self._changed[trade_id]
            changed = self._trades.remembered.get(trade_id)
            sides = [] if changed is None else self._sides(changed)
            return [self._encode(changed, sides, None)] if changed is not None and sides else []
        if self._next < self._oldest:
            self.ended = True
            why = f"trades {self._next} to {self._oldest - 1} are forgotten, and were not sent yet"
            return [self._ack(OTHER, REJECTED, text=why)]
        trade = self._find(self._trades.ids.trade_id)
        return [] if trade is None else [self._encode(*trade, None)]

    def _find(self, last: int) -> _Found | None:
        """The next trade that is asked for, up to `last`, if it is one of the next few, and its
        sides that are.
        """
        remembered = self._trades.remembered
        at = max(self._next, self._oldest)
        until = min(last, at + LOOKED_AT - 1)
        while at <= until:
            trade = remembered[at]
            at += 1
            if sides := self._sides(trade):
                self._next = at
                return trade, sides
        self._next = at
        return None

    @property
    def _oldest(self) -> int:
        return self._trades.ids.trade_id - len(self._trades.remembered) + 1

    def _sides(self, trade: Trade) -> list[TradeSide]:
        """The sides of a trade that are asked for."""
        asked = self._request
        if asked.symbol not in ("", trade.symbol):
            return []
        if asked.trade_id not in ("", str(trade.trade_id)):
            return []
        since, until = asked.times
        if not since <= trade.time <= until:
            return []
        sides = [side for side in (trade.first, trade.second) if _wants(asked, side)]
        if sides and asked.dates[0]:
            first, last = asked.dates
            if not first <= self._venue.day.date_of(trade.time) <= last:
                return []
        return sides

    def _encode(self, trade: Trade, sides: list[TradeSide], is_last: bool | None) -> str:
        states = tuple(
            TradeSideState(
                side.firm,
                side.account,
                comp_id_of(side.session),
                side.side,
                side.order_id,
                side.cl_ord_id,
                side.exec_id,
                side.liquidity,
                side.fee,
            )
            for side in sides
        )
        state = TradeState(
            trade.trade_id,
            self._venue.instruments[trade.symbol],
            self._venue.day.date_of(trade.time),
            trade.time,
            trade.qty,
            trade.price,
            trade.changes,
            states,
        )
        return encode_trade(state, self._request, is_last, self.session.version)

    def _ack(
        self,
        result: TradeRequestResult,
        status: TradeRequestStatus,
        count: int | None = None,
        text: str | None = None,
    ) -> str:
        version = self.session.version
        return encode_trade_request_ack(self._request, result, status, count, version, text)


def _wants(asked: TradeRequest, side: TradeSide) -> bool:
    return (
        asked.firm in ("", side.firm)
        and asked.account in (None, side.account)
        and asked.side in ("", side.side)
        and asked.cl_ord_id in ("", side.cl_ord_id)
        and asked.order_id in ("", str(side.order_id))
        and asked.exec_id in ("", str(side.exec_id))
    )
