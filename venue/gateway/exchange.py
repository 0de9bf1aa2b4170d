"""A turn of the loop: requests in, one journal record, then the answers, then the market data.

Nobody is told of anything before it is in the journal.
"""

import time
from collections.abc import Iterable

import structlog

from venue.core.commands import AdvanceTime, Command, Journaled, RequestStatus
from venue.core.events import OrderFilled
from venue.core.types import Liquidity
from venue.core.venue import Venue
from venue.fix.inbound import parse
from venue.fix.message import format_time, parse_fields
from venue.fix.outbound import encode
from venue.fix.refusal import BusinessReject, BusinessRejectReason, MarketDataReject, Refusal
from venue.gateway.acceptor import LOGON, LOGOUT, Acceptor
from venue.gateway.sessions import Session
from venue.journal.batch import Batch, encode_batch
from venue.journal.sqlite import SqliteJournal
from venue.marketdata.feed import Feed
from venue.marketdata.requests import Subscribe, Unsubscribe

REMOVED = Liquidity.REMOVED

log = structlog.get_logger()


class Exchange:
    """Joins the pure venue to its sessions, its journal and its market data feed."""

    def __init__(
        self,
        venue: Venue,
        sessions: Iterable[Session],
        acceptor: Acceptor,
        journal: SqliteJournal,
    ) -> None:
        self._venue = venue
        self._sessions = {session.name: session for session in sessions}
        self._acceptor = acceptor
        self._journal = journal
        self._feed = Feed(venue)
        self._commands: list[Journaled] = []
        self._answers: list[tuple[Session, str]] = []
        self._fills: list[OrderFilled] = []

    def turn(self, inbox: list[tuple[Session, str]]) -> None:
        """Answer everything that came in. Raise `JournalError`, and tell nobody, where it fails."""
        venue = self._venue
        now = time.time_ns()
        transact_time = format_time(now)
        venue.handle(AdvanceTime(now))
        instruments, sessions = venue.instruments, self._sessions
        commands, answers = self._commands, self._answers
        for session, text in inbox:
            try:
                if text is LOGON or text is LOGOUT:
                    self._feed.drop_session(session.name)
                    continue
                request = parse(text, session.party, instruments)
                if isinstance(request, Command):
                    if not isinstance(request, RequestStatus):
                        commands.append(request)
                    for event in venue.handle(request):
                        if type(event) is OrderFilled and event.liquidity is REMOVED:
                            self._fills.append(event)
                        to = sessions.get(event.session)
                        if to is not None:
                            try:
                                report = encode(event, instruments, transact_time, to.version)
                                answers.append((to, report))
                            except Exception:
                                log.exception("defect", session=to.name, untold=event)
                                if to is session:
                                    self._defect(session, text)
                elif request is not None:
                    self._answer(session, request)
            except Exception:
                self._defect(session, text)
        if commands:
            self._journal.append(encode_batch(Batch(now, commands)))
            commands.clear()
        self._acceptor.send(answers)
        answers.clear()
        self._publish(transact_time)

    def tick(self) -> None:
        """Write what the journal still owes."""
        self._journal.flush()

    def _answer(self, session: Session, request: Subscribe | Unsubscribe | Refusal) -> None:
        """Answer what is no business of the core: market data requests and refusals."""
        if isinstance(request, Subscribe):
            refusal = self._feed.subscribe(session.name, request)
            if refusal is None:
                return
            request = MarketDataReject(request.md_req_id, *refusal)
        elif isinstance(request, Unsubscribe):
            if self._feed.unsubscribe(session.name, request.md_req_id):
                return
            request = BusinessReject(
                request.ref_seq_num,
                "V",
                BusinessRejectReason.UNKNOWN_ID,
                f"MDReqID(262) {request.md_req_id} is no subscription of this session",
                request.md_req_id,
            )
        self._answers.append((session, request.encode(session.version.begin_string)))

    def _publish(self, transact_time: str) -> None:
        if not self._feed.wanted:
            self._venue.forget_level_changes()
        else:
            try:
                for publication in self._feed.publish(self._venue.level_changes(), self._fills):
                    targets = [
                        (self._sessions[name], md_req_id) for name, md_req_id in publication.targets
                    ]
                    instrument = self._venue.instruments[publication.symbol]
                    self._acceptor.publish(publication, instrument, transact_time, targets)
            except Exception:
                log.exception("defect", where="market data")
                self._feed.start_over()
        self._fills.clear()

    def _defect(self, session: Session, text: str) -> None:
        """Log a defect of ours and tell the client that its request came to nothing certain."""
        log.exception("defect", session=session.name, message=text.replace("\x01", "|")[:500])
        fields = parse_fields(text)
        reject = BusinessReject(
            fields.get("34", "0"),
            fields.get("35", "?"),
            BusinessRejectReason.OTHER,
            "a defect of the venue, ask for the order's status",
        )
        self._answers.append((session, reject.encode(session.version.begin_string)))
