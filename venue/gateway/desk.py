"""What the venue and the market data process do alike with what sessions ask for: who answers
requests for market data and for news, this process or another, and what is too much.
"""

from collections.abc import Iterable
from typing import Protocol

from venue.core.events import Event
from venue.core.venue import Venue
from venue.fix.message import parse_fields
from venue.fix.refusal import (
    BusinessReject,
    BusinessRejectReason,
    MarketDataReject,
    Refusal,
    business_reject,
)
from venue.gateway.notices import Notices
from venue.gateway.sessions import Session
from venue.gateway.throttle import Throttle
from venue.marketdata.feed import NEVER
from venue.marketdata.feed import Refusal as FeedRefusal
from venue.marketdata.inquiries import Inquiry
from venue.marketdata.requests import MDReqRejReason, Subscribe, Unsubscribe


class Subscriptions(Protocol):
    """`Publisher`, or who stands for it."""

    def subscribe(self, session: Session, request: Subscribe) -> FeedRefusal | None: ...
    def unsubscribe(self, session: Session, md_req_id: str) -> bool: ...
    def drop_session(self, session: Session) -> None: ...
    def note(self, events: Iterable[Event]) -> None: ...
    def end_batch(self, time: int) -> None: ...
    def publish(self, now: int) -> None: ...
    @property
    def subscriptions(self) -> int: ...
    @property
    def deadline(self) -> int: ...
    @property
    def owing(self) -> bool: ...


class Elsewhere:
    """No fan-out: another process has the market data, at `address`."""

    deadline = NEVER
    owing = False
    subscriptions = 0

    def __init__(self, venue: Venue, address: str) -> None:
        self._venue = venue
        self._address = address

    def subscribe(self, session: Session, request: Subscribe) -> FeedRefusal:
        reason = MDReqRejReason.UNSUPPORTED_SUBSCRIPTION_REQUEST_TYPE
        return reason, f"market data is at {self._address}, not here"

    def unsubscribe(self, session: Session, md_req_id: str) -> bool:
        return False

    def drop_session(self, session: Session) -> None:
        """There is nothing to drop."""

    def note(self, events: Iterable[Event]) -> None:
        """Nobody is told here."""

    def end_batch(self, time: int) -> None:
        self._venue.forget_level_changes()

    def publish(self, now: int) -> None:
        """Nobody is told here."""


def answer(
    request: Subscribe | Unsubscribe | Inquiry,
    session: Session,
    publisher: Subscriptions,
    notices: Notices,
) -> Refusal | None:
    """Take what a session asks for; or say why not."""
    if isinstance(request, Inquiry):
        return notices.ask(session, request)
    if isinstance(request, Subscribe):
        refusal = publisher.subscribe(session, request)
        return None if refusal is None else MarketDataReject(request.md_req_id, *refusal)
    if publisher.unsubscribe(session, request.md_req_id):
        return None
    return BusinessReject(
        request.ref_seq_num,
        "V",
        BusinessRejectReason.UNKNOWN_ID,
        f"MDReqID(262) {request.md_req_id} is no subscription of this session",
        request.md_req_id,
    )


def hold_back(throttle: Throttle, text: str, now: int) -> tuple[BusinessReject | None, bool]:
    """The refusal of a message that is over its session's rate, None where it is one itself; and
    whether that was too often.
    """
    is_over = throttle.breach(now)
    reason = BusinessRejectReason.THROTTLE_LIMIT_EXCEEDED
    if is_over:
        reason = BusinessRejectReason.THROTTLE_LIMIT_EXCEEDED_SESSION_DISCONNECTED
    fields = parse_fields(text)
    refusal = business_reject(fields, reason, throttle.text)
    return None if fields["35"] == "j" else refusal, is_over
