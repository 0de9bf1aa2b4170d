"""What a session can ask of instruments and markets besides their books, and who is told the news.

Knows who asked for what under which id, and nothing of what the answers are.
"""

from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from venue.core.instrument import InstrumentSpec

MAX_INQUIRIES = 1000
"""Subscriptions to news that one session may have at a time."""


class Topic(StrEnum):
    """What is asked for, by the MsgType(35) that asks."""

    SECURITY_LIST = "x"
    SECURITY_DEFINITION = "c"
    SECURITY_STATUS = "e"
    TRADING_SESSION_STATUS = "g"


class SubscriptionRequestType(StrEnum):
    """SubscriptionRequestType(263)."""

    SNAPSHOT = "0"
    UPDATES = "1"
    END = "2"


class Inquiry(Struct, frozen=True):
    """A request for instruments or markets, and for the news of them with `UPDATES`.

    What `symbol`, `security_type` and `market` are empty of is not asked for: any will do.
    `ref_seq_num` is the request's own MsgSeqNum(34).
    """

    topic: Topic
    req_id: str
    ref_seq_num: str
    request_type: SubscriptionRequestType = SubscriptionRequestType.SNAPSHOT
    symbol: str = ""
    security_type: str = ""
    market: str = ""

    @property
    def key(self) -> str:
        """The one symbol or market that it is about, empty for more than one."""
        if self.topic is Topic.TRADING_SESSION_STATUS:
            return self.market
        return self.symbol

    def wants(self, spec: InstrumentSpec) -> bool:
        """Whether an instrument is one of those asked for."""
        return (
            self.symbol in ("", spec.symbol)
            and self.security_type in ("", spec.security_type)
            and self.market in ("", spec.market)
        )


class Inquiries:
    """Every subscription to such news. `Inquiry`s with another request type do not get in here."""

    def __init__(self, limit: int = MAX_INQUIRIES) -> None:
        self._limit = limit
        self._sessions: defaultdict[str, dict[tuple[Topic, str], Inquiry]] = defaultdict(dict)
        self._about: defaultdict[tuple[Topic, str], dict[tuple[str, str], Inquiry]]
        self._about = defaultdict(dict)

    @property
    def subscriptions(self) -> int:
        """How many there are."""
        return sum(map(len, self._sessions.values()))

    def __bool__(self) -> bool:
        """Whether there is anybody to tell."""
        return bool(self._about)

    def subscribe(self, session: str, inquiry: Inquiry) -> str | None:
        """Add a subscription, or tell why not."""
        mine = self._sessions[session]
        if (inquiry.topic, inquiry.req_id) in mine:
            return f"{inquiry.req_id} is in use"
        if len(mine) >= self._limit:
            return f"{inquiry.req_id} would be one more than {self._limit} subscriptions"
        mine[inquiry.topic, inquiry.req_id] = inquiry
        self._about[inquiry.topic, inquiry.key][session, inquiry.req_id] = inquiry
        return None

    def unsubscribe(self, session: str, topic: Topic, req_id: str) -> bool:
        """End a subscription; False where the session has none of that id."""
        inquiry = self._sessions[session].pop((topic, req_id), None)
        if inquiry is None:
            return False
        if not self._sessions[session]:
            del self._sessions[session]
        about = self._about[topic, inquiry.key]
        del about[session, req_id]
        if not about:
            del self._about[topic, inquiry.key]
        return True

    def end(self, session: str, inquiry: Inquiry) -> None:
        """End a subscription, if `inquiry` is one, and not another of its id."""
        topic, req_id = inquiry.topic, inquiry.req_id
        if self._sessions.get(session, {}).get((topic, req_id)) == inquiry:
            self.unsubscribe(session, topic, req_id)

    def drop_session(self, session: str) -> None:
        """End every subscription of a session that is gone."""
        for topic, req_id in list(self._sessions.get(session, ())):
            self.unsubscribe(session, topic, req_id)

    def about(self, topic: Topic, key: str) -> Iterator[tuple[str, Inquiry]]:
        """Whom news of one symbol or market may concern: sessions and their subscriptions."""
        for asked in dict.fromkeys((key, "")):
            for (session, _), inquiry in list(self._about.get((topic, asked), {}).items()):
                yield session, inquiry
