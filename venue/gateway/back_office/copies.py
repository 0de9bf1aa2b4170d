"""The answer to an OrderMassStatusRequest (AF) of who gets drop copies: an 8 for each order."""

from collections.abc import Iterable

from venue.core.events import Event, NoOrdersReported, OrderStatusReported
from venue.core.order import Order
from venue.core.reports import state
from venue.core.types import OrdRejReason
from venue.core.venue import Venue
from venue.fix.drop_copy import as_copy
from venue.fix.mass_requests import CopiesRequest
from venue.fix.message import format_time
from venue.fix.outbound import encode
from venue.gateway.back_office.stream import PositionKey
from venue.gateway.sessions import Session, comp_id_of


class CopyStream:
    """A `Stream` of orders. Those of a session are looked for in one step; then each is sent as it
    is at that time: one may have ended, of which a drop copy has told before.
    """

    def __init__(self, venue: Venue, session: Session, request: CopiesRequest) -> None:
        self.session = session
        self.ended = False
        self._venue = venue
        self._request = request
        self._unseen = list(venue.orders.clients)
        self._found: list[Order] = []
        self._sent = 0

    @property
    def idle(self) -> bool:
        return self.ended

    def note(self, positions: Iterable[PositionKey], trades: Iterable[int]) -> None:
        """Nothing of that changes which orders there are."""

    def step(self) -> list[str]:
        if self._unseen:
            self._look_for(self._unseen.pop())
            return []
        if not self._found:
            self.ended = True
            return [self._none()]
        order = self._found[self._sent]
        self._sent += 1
        self.ended = self._sent == len(self._found)
        return [self._copy(order)]

    def _look_for(self, session: str) -> None:
        wants = self._request.wants
        for order in self._venue.orders.live(session):
            if wants(order.firm, order.symbol, order.side):
                self._found.append(order)
        if not self._unseen:
            self._found.sort(key=lambda order: order.order_id)

    def _copy(self, order: Order) -> str:
        request = self._request
        event = OrderStatusReported(
            *state(order, 0, order.session, order.cl_ord_id),
            "",
            request.req_id,
            len(self._found),
            self.ended,
        )
        firm = order.firm if request.tells_firms else ""
        return as_copy(self._encode(event), self.session.version, comp_id_of(order.session), firm)

    def _none(self) -> str:
        request, reason = self._request, OrdRejReason.UNKNOWN_ORDER
        text = "there is no such live order"
        if request.symbol and request.symbol not in self._venue.markets:
            reason = OrdRejReason.UNKNOWN_SYMBOL
            text = f"Symbol(55) {request.symbol} is not traded here"
        asked = request.req_id, request.symbol, request.side
        return self._encode(NoOrdersReported(self.session.name, *asked, reason, text))

    def _encode(self, event: Event) -> str:
        venue = self._venue
        return encode(event, venue.instruments, format_time(venue.time), self.session.version)
