"""Answers to inquiries, and news to those who subscribed to it.

Both are like market data: they tell of the end of the batch, are in no journal, and are not sent
again.
"""

from collections.abc import Iterable, Iterator, Mapping

import structlog

from venue.core.day_words import day_words
from venue.core.events import (
    Event,
    InstrumentDefined,
    InstrumentDelisted,
    MarketPhaseEntered,
    PhaseEntered,
)
from venue.core.instrument import Instrument
from venue.core.types import TradingPhase
from venue.core.venue import Venue
from venue.fix.inquiry import ID_TAGS
from venue.fix.message import format_time
from venue.fix.reference import (
    Listing,
    SecurityStatus,
    encode_security_definition,
    encode_security_list,
)
from venue.fix.refusal import BusinessReject, BusinessRejectReason
from venue.fix.status import (
    encode_no_security,
    encode_security_status,
    encode_trading_session_status,
    encode_unknown_market,
    unknown_market_text,
)
from venue.fix.versions import Version
from venue.gateway.sender import Sender
from venue.gateway.sessions import Session
from venue.marketdata.inquiries import Inquiries, Inquiry, SubscriptionRequestType, Topic

NEWS = (InstrumentDefined, InstrumentDelisted, MarketPhaseEntered, PhaseEntered)
UNKNOWN_ID, OTHER = BusinessRejectReason.UNKNOWN_ID, BusinessRejectReason.OTHER

log = structlog.get_logger()


class Notices:
    """Everybody's inquiries. `venue` is only read."""

    def __init__(self, venue: Venue, sessions: Mapping[str, Session], sender: Sender) -> None:
        self._venue = venue
        self._sessions = sessions
        self._sender = sender
        self._inquiries = Inquiries()
        self._asked: list[tuple[str, Inquiry]] = []
        self._news: list[Event] = []
        self._responses = 0
        self._now = 0

    @property
    def subscriptions(self) -> int:
        """How many there are."""
        return self._inquiries.subscriptions

    def ask(self, session: Session, inquiry: Inquiry) -> BusinessReject | None:
        """Take an inquiry; it is answered by the next `publish`, unless it is refused."""
        topic, req_id = inquiry.topic, inquiry.req_id
        id_name = ID_TAGS[topic][1]
        if inquiry.request_type is SubscriptionRequestType.END:
            if self._inquiries.unsubscribe(session.name, topic, req_id):
                return None
            text = f"{id_name} {req_id} is no subscription of this session"
            return BusinessReject(inquiry.ref_seq_num, topic, UNKNOWN_ID, text, req_id)
        is_unknown = self._is_of_unknown_market(inquiry)
        if is_unknown and not session.version.trad_ses_status_rej_reason:
            text = f"TradingSessionID(336) {unknown_market_text(inquiry.market)}"
            return BusinessReject(inquiry.ref_seq_num, topic, UNKNOWN_ID, text, req_id)
        if inquiry.request_type is SubscriptionRequestType.UPDATES and not is_unknown:
            why = self._inquiries.subscribe(session.name, inquiry)
            if why is not None:
                text = f"{id_name} {why}"
                return BusinessReject(inquiry.ref_seq_num, topic, OTHER, text, req_id)
        self._asked.append((session.name, inquiry))
        return None

    def _is_of_unknown_market(self, inquiry: Inquiry) -> bool:
        is_named = inquiry.topic is Topic.TRADING_SESSION_STATUS and inquiry.market
        return bool(is_named) and inquiry.market not in self._markets()

    def note(self, events: Iterable[Event]) -> None:
        """These happened in the batch that the next `publish` ends."""
        if self._inquiries:
            self._news += [event for event in events if isinstance(event, NEWS)]

    def drop_session(self, session: Session) -> None:
        """Forget what a session that came or went has asked for."""
        self._inquiries.drop_session(session.name)
        self._asked = [each for each in self._asked if each[0] != session.name]

    def publish(self, now: int) -> None:
        """End a batch at `now`, in nanoseconds since 1970: tell its news, then answer what was
        asked in it. A defect is logged.
        """
        if self._news or self._asked:
            self._now = now
            try:
                self._publish(format_time(now))
            except Exception:
                log.exception("defect", where="notices")

    def _publish(self, time: str) -> None:
        news, self._news = self._news, []
        asked, self._asked = self._asked, []
        answered = set(asked)
        for event in news:
            for session, inquiry in self._concerned(event):
                # Whoever has only just subscribed sees it in the answer.
                if (session, inquiry) not in answered:
                    version = self._sessions[session].version
                    self._tell(session, self._encode_news(event, inquiry, version, time))
                    if isinstance(event, InstrumentDelisted):
                        self._end_of_status(session, inquiry)
        for session, inquiry in asked:
            version = self._sessions[session].version
            self._tell(session, self._encode_answer(inquiry, version, time))
            if inquiry.symbol and not self._venue.listed(inquiry.symbol):
                self._end_of_status(session, inquiry)

    def _tell(self, name: str, texts: Iterable[str]) -> None:
        """Send messages to a session, unless its connection has been lost in this very turn."""
        session = self._sessions[name]
        for text in texts:
            if session.logged_on:
                self._sender.inform(session, text)

    def _concerned(self, event: Event) -> Iterator[tuple[str, Inquiry]]:
        about = self._inquiries.about
        match event:
            case MarketPhaseEntered(market=market):
                yield from about(Topic.TRADING_SESSION_STATUS, market)
            case PhaseEntered(symbol=symbol):
                yield from about(Topic.SECURITY_STATUS, symbol)
            case InstrumentDefined(symbol=symbol) | InstrumentDelisted(symbol=symbol):
                if isinstance(event, InstrumentDelisted):
                    yield from about(Topic.SECURITY_STATUS, symbol)
                spec = self._venue.instruments[symbol].spec
                for topic in (Topic.SECURITY_LIST, Topic.SECURITY_DEFINITION):
                    for session, inquiry in about(topic, symbol):
                        if inquiry.wants(spec):
                            yield session, inquiry

    def _end_of_status(self, session: str, inquiry: Inquiry) -> None:
        """End a subscription to the status of what has none."""
        if inquiry.topic is Topic.SECURITY_STATUS:
            self._inquiries.end(session, inquiry)

    def _encode_news(
        self, event: Event, inquiry: Inquiry, version: Version, time: str
    ) -> Iterable[str]:
        req_id = inquiry.req_id
        match event:
            case MarketPhaseEntered(market=market, phase=phase):
                yield encode_trading_session_status(market, phase, version, req_id, time, True)
            case PhaseEntered(symbol=symbol, phase=phase):
                spec = self._venue.instruments[symbol].spec
                yield encode_security_status(spec, phase, version, req_id, time, True)
            case InstrumentDelisted(symbol=symbol) if inquiry.topic is Topic.SECURITY_STATUS:
                yield encode_no_security(symbol, True, version, req_id, time, True)
            case InstrumentDefined(symbol=symbol) | InstrumentDelisted(symbol=symbol):
                gone = isinstance(event, InstrumentDelisted)
                status = SecurityStatus.DELISTED if gone else SecurityStatus.ACTIVE
                listings = [(self._venue.instruments[symbol], status)]
                yield from self._encode_listings(inquiry, listings, version, time, True)

    def _encode_answer(self, inquiry: Inquiry, version: Version, time: str) -> Iterable[str]:
        if inquiry.topic is Topic.SECURITY_STATUS:
            yield self._encode_status(inquiry, version, time)
        elif inquiry.topic is Topic.TRADING_SESSION_STATUS:
            yield from self._encode_sessions(inquiry, version, time)
        else:
            listings = [
                (instrument, SecurityStatus.ACTIVE)
                for symbol, instrument in self._candidates(inquiry.symbol)
                if self._venue.listed(symbol) and inquiry.wants(instrument.spec)
            ]
            one = bool(inquiry.symbol)
            yield from self._encode_listings(inquiry, listings, version, time, one)

    def _encode_status(self, inquiry: Inquiry, version: Version, time: str) -> str:
        symbol, req_id = inquiry.symbol, inquiry.req_id
        instrument = self._venue.instruments.get(symbol)
        if instrument is None or not self._venue.listed(symbol):
            is_delisted = instrument is not None
            return encode_no_security(symbol, is_delisted, version, req_id, time, False)
        words = {}
        if version.security_status_text:
            words = day_words(instrument, self._venue.statistics(symbol), self._now)
        phase = self._venue.phase(symbol)
        return encode_security_status(instrument.spec, phase, version, req_id, time, False, words)

    def _encode_sessions(self, inquiry: Inquiry, version: Version, time: str) -> Iterable[str]:
        phases, req_id = self._markets(), inquiry.req_id
        for market in [inquiry.market] if inquiry.market else sorted(phases):
            if market in phases:
                phase = phases[market]
                yield encode_trading_session_status(market, phase, version, req_id, time, False)
            else:
                yield encode_unknown_market(market, version, req_id, time)

    def _encode_listings(
        self, inquiry: Inquiry, listings: list[Listing], version: Version, time: str, one: bool
    ) -> Iterable[str]:
        self._responses += 1
        response_id = f"{time}-{self._responses}"
        req_id = inquiry.req_id
        if inquiry.topic is Topic.SECURITY_LIST:
            return encode_security_list(listings, version, req_id, response_id)
        return encode_security_definition(listings, version, req_id, response_id, time, one)

    def _candidates(self, symbol: str) -> Iterable[tuple[str, Instrument]]:
        instruments = self._venue.instruments
        if not symbol:
            return instruments.items()
        return [(symbol, instruments[symbol])] if symbol in instruments else []

    def _markets(self) -> dict[str, TradingPhase]:
        """Every market, and its phase; one without a schedule is always open."""
        instruments = self._venue.instruments.values()
        markets = {each.spec.market: TradingPhase.CONTINUOUS for each in instruments}
        return markets | self._venue.market_phases
