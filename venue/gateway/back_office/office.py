"""Requests for positions (AN), trades (AD) and copies of orders (AF): who has asked for what, and
who is sent how much.

As with market data, nothing of it is in the journal or sent again; it tells of nothing that is not
in the journal. The answers go out a few messages at a time, and to nobody who is behind.
"""

from collections import deque
from collections.abc import Iterable, Mapping

import structlog

from venue.core.events import (
    Event,
    OrderFilled,
    OrderTradeBusted,
    OrderTradeCorrected,
    TradeChanged,
)
from venue.core.venue import Venue
from venue.fix.desks import addressed
from venue.fix.mass_requests import CopiesRequest
from venue.fix.message import format_time
from venue.fix.positions import PositionReject, PositionRequest, PosReqResult
from venue.fix.refusal import BusinessReject, BusinessRejectReason, Refusal
from venue.fix.trade_capture import TradeReject, TradeRequest, TradeRequestResult
from venue.gateway.back_office.copies import CopyStream
from venue.gateway.back_office.positions import PositionStream
from venue.gateway.back_office.stream import PositionKey, Stream
from venue.gateway.back_office.trades import TradeStream
from venue.gateway.sender import Sender, is_behind
from venue.gateway.sessions import Session
from venue.marketdata.inquiries import SubscriptionRequestType

AT_ONCE = 20
"""Steps of all answers together, a message or two each, before anybody else's turn."""
MAX_STREAMS = 100
"""Requests of one session that may be under way, subscriptions included."""
END = SubscriptionRequestType.END
CHANGES = (OrderFilled, OrderTradeBusted, OrderTradeCorrected)
"""What changes a position."""

Request = PositionRequest | TradeRequest | CopiesRequest
KINDS: dict[type[Request], tuple[str, str]] = {
    PositionRequest: ("AN", "PosReqID(710)"),
    TradeRequest: ("AD", "TradeRequestID(568)"),
    CopiesRequest: ("AF", "MassStatusReqID(584)"),
}
"""MsgType(35), and the name of the id."""
Key = tuple[str, str, str, str]
"""A session, the MsgType(35) it asked with, for which desk, and the id of that."""

log = structlog.get_logger()


class BackOffice:
    """Everybody's requests. `venue` is only read.

    `busy` tells that there is more to be sent at once, `owing` that there is, maybe to who is
    behind.
    """

    def __init__(self, venue: Venue, sessions: Mapping[str, Session], sender: Sender) -> None:
        self.busy = False
        self.owing = False
        self._venue = venue
        self._sessions = sessions
        self._sender = sender
        self._streams: dict[Key, Stream] = {}
        self._positions: dict[PositionKey, None] = {}
        self._trades: dict[int, None] = {}
        self._stirred = False
        self._texts: list[tuple[Session, str]] = []
        self._reports = 0

    def ask(self, session: Session, request: Request, header: str = "") -> Refusal | None:
        """Take a request, which is answered from the next `publish` on; or say why not. `header`
        names the desk that asks, in what it is told.
        """
        msg_type, name = KINDS[type(request)]
        key = session.name, msg_type, header, request.req_id
        self._stirred = True
        if request.request_type is END:
            if self._streams.pop(key, None) is not None:
                return None
            text = f"{name} {request.req_id} is no subscription of this session"
            reason = BusinessRejectReason.UNKNOWN_ID
            return BusinessReject(request.ref_seq_num, msg_type, reason, text, request.req_id)
        if key in self._streams:
            return _refusal(request, session, f"{name} {request.req_id} is in use")
        if sum(each[0] == session.name for each in self._streams) >= MAX_STREAMS:
            text = f"{name} {request.req_id} would be one more than {MAX_STREAMS} requests"
            return _refusal(request, session, text)
        if isinstance(request, TradeRequest):
            self._streams[key] = TradeStream(self._venue, session, request)
            return None
        if isinstance(request, CopiesRequest):
            self._streams[key] = CopyStream(self._venue, session, request)
            return None
        day = self._venue.day.date_of(self._venue.time)
        if request.date not in ("", day):
            text = f"ClearingBusinessDate(715) {request.date} is not {day}, the trading day"
            return _refusal(request, session, text)
        self._streams[key] = PositionStream(self._venue, session, request, self._next_id)
        return None

    def tell(self, session: Session, text: str) -> None:
        """Send `text`, which has a group or is not to be kept, with the next `publish`."""
        self._texts.append((session, text))

    def note(self, events: Iterable[Event]) -> None:
        """These happened in the batch that the next `publish` ends. Most change nothing that
        anybody asks for here, and the streams hear of the rest once a batch: there may be many.
        """
        if self._streams:
            for event in events:
                if isinstance(event, CHANGES):
                    self._positions[event.firm, event.account, event.symbol] = None
                elif isinstance(event, TradeChanged):
                    self._trades[event.trade_id] = None

    def drop_session(self, session: Session) -> None:
        """Forget what a session that came or went has asked for."""
        for key in [key for key in self._streams if key[0] == session.name]:
            del self._streams[key]

    def publish(self) -> None:
        """Send some of what is asked for, in turns. A defect ends the answer that it is in."""
        for session, text in self._texts:
            if session.logged_on:
                self._sender.inform(session, text)
        self._texts.clear()
        if not self._streams:
            self.busy = self.owing = False
            return
        if self._positions or self._trades:
            for stream in self._streams.values():
                stream.note(self._positions, self._trades)
            self._positions.clear()
            self._trades.clear()
        elif not (self._stirred or self.owing):
            return
        self._stirred = False
        owing = [key for key, stream in self._streams.items() if not stream.idle]
        ready = deque(key for key in owing if self._reads(key[0]))
        some_wait = len(ready) < len(owing)
        for _ in range(AT_ONCE):
            if not ready:
                break
            key = ready.popleft()
            stream = self._streams.pop(key)
            try:
                header = key[2]
                for text in stream.step():
                    told = addressed(text, header) if header else text
                    self._sender.inform(stream.session, told)
            except Exception:
                log.exception("defect", session=key[0], where="back office", request=key[3])
                continue
            if not stream.ended:
                self._streams[key] = stream  # behind all others
                if not stream.idle:
                    ready.append(key)
        self.busy = bool(ready)
        self.owing = self.busy or some_wait

    def _reads(self, name: str) -> bool:
        session = self._sessions[name]
        return session.logged_on and name not in self._sender.behind and not is_behind(session)

    def _next_id(self) -> str:
        self._reports += 1
        return f"{format_time(self._venue.time)}-{self._reports}"


def _refusal(request: Request, session: Session, text: str) -> Refusal:
    if isinstance(request, TradeRequest):
        kind = request.trade_request_type
        return TradeReject(request.req_id, kind, TradeRequestResult.OTHER, text)
    if isinstance(request, CopiesRequest):
        reason = BusinessRejectReason.OTHER
        return BusinessReject(request.ref_seq_num, "AF", reason, text, request.req_id)
    ids = request.req_id, request.ref_seq_num
    return PositionReject(*ids, PosReqResult.OTHER, request.firm or session.firm, text)
