"""The answer to a RequestForPositions (AN): an AO, an AP for each position, and one for each that a
trade has changed since, as it is when it is sent: who reads slowly is told less often.
"""

from collections.abc import Callable, Iterable

from venue.core.position import Position
from venue.core.venue import Venue
from venue.fix.positions import (
    PositionRequest,
    PositionState,
    PosReqResult,
    encode_position,
    encode_position_ack,
)
from venue.gateway.back_office.stream import PositionKey
from venue.gateway.sessions import Session
from venue.marketdata.inquiries import SubscriptionRequestType


class PositionStream:
    """A `Stream` of positions."""

    def __init__(
        self,
        venue: Venue,
        session: Session,
        request: PositionRequest,
        next_id: Callable[[], str],
    ) -> None:
        """`next_id` gives ids of reports."""
        self.session = session
        self._venue = venue
        self._request = request
        self._next_id = next_id
        self._follows = request.request_type is SubscriptionRequestType.UPDATES
        self._begun = False
        self._count = 0
        self._asked: dict[PositionKey, None] = {}
        self._changed: dict[PositionKey, None] = {}

    @property
    def idle(self) -> bool:
        return self._begun and not self._asked and not self._changed

    @property
    def ended(self) -> bool:
        return self.idle and not self._follows

    def note(self, positions: Iterable[PositionKey], trades: Iterable[int]) -> None:
        if self._begun and self._follows:
            wants = self._request.wants
            for key in positions:
                if wants(*key) and key not in self._asked:
                    self._changed[key] = None

    def step(self) -> list[str]:
        if not self._begun:
            self._begun = True
            return [self._begin()]
        unsent, count = (self._asked, self._count) if self._asked else (self._changed, None)
        firm, account, symbol = key = next(iter(unsent))
        del unsent[key]
        position = self._venue.ledger.accounts[firm, account][symbol]
        state, version = self._state(position), self.session.version
        return [encode_position(state, self._request, self._next_id(), count, version)]

    def _begin(self) -> str:
        request = self._request
        for position in self._venue.ledger.positions(request.firm or None):
            key = position.firm, position.account, position.symbol
            if request.wants(*key):
                self._asked[key] = None
        self._count = len(self._asked)
        result = PosReqResult.VALID if self._asked else PosReqResult.NO_POSITIONS_FOUND
        ids = self._next_id(), self.session.firm
        return encode_position_ack(request, ids, result, self._count, self.session.version)

    def _state(self, position: Position) -> PositionState:
        venue = self._venue
        market = venue.markets[position.symbol]
        instrument, last = market.instrument, market.last_px
        return PositionState(
            position.firm,
            position.account,
            instrument,
            venue.day.date_of(venue.time),
            position.qty,
            position.cost,
            position.cash,
            position.realised,
            position.unrealised(last),
            position.day_qty,
            position.day_qty * position.day_mark - position.day_cost,
            position.day_pnl(last),
            instrument.reference_ticks if last is None else last,
            position.day_mark or instrument.reference_ticks,
            position.fees,
        )
