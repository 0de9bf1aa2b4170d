"""What the loop tells of itself: it copies, when it is asked, and others make that readable."""

import time
from collections import deque
from collections.abc import Callable, Sequence

import structlog

from venue import log
from venue.core.events import OrderAccepted
from venue.core.market import Market
from venue.core.venue import Venue
from venue.gateway.acceptor import Acceptor
from venue.gateway.sessions import Session
from venue.monitoring.counts import Counts, Histogram
from venue.monitoring.lookout import Lookout
from venue.monitoring.picture import BookPicture, Buckets, Picture, SessionPicture

SPANS = (1.0, 10.0, 60.0)
"""Seconds over which rates are told."""

Numbers = dict[str, int]

logger = structlog.get_logger()


class Monitor:
    """Paints a venue, and lets a lookout ask for that, in `tick`."""

    def __init__(
        self,
        lookout: Lookout,
        venue: Venue,
        acceptor: Acceptor,
        sessions: Sequence[Session],
        counts: Counts,
        about: tuple[str, str, Sequence[str]],
        more: Callable[[], Numbers],
        lag: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """`about` are the venue's CompID, its host and the versions; `more` gives numbers that
        only this process has, `journal_batch` among them, and `lag` seconds.
        """
        self._lookout = lookout
        self._venue = venue
        self._acceptor = acceptor
        self._sessions = sessions
        self._counts = counts
        self._about = about
        self._more = more
        self._lag = lag
        self._begun = time.time_ns()
        self._trades = venue.ids.trade_id
        self._past: deque[tuple[float, Numbers]] = deque(maxlen=int(max(SPANS)) + 1)
        self._next = 0.0

    def tick(self) -> None:
        """Note once a second what was counted; answer if anybody asks."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + 1
            self._past.append((now, self._totals()))
            log.tell_suppressed()
        try:
            self._lookout.tick(self.picture)
        except Exception:
            logger.exception("defect", where="monitoring")

    def picture(self) -> Picture:
        """The venue as it is now."""
        counts, more = self._counts, self._more()
        comp_id, host, versions = self._about
        totals = self._totals()
        sessions = [self._session(session) for session in self._sessions]
        numbers = totals | more
        numbers |= {
            "market_data_messages_sent": counts.published,
            "resend_requests": counts.resend_requests,
            "resent_messages": counts.resent,
            "gaps": counts.gaps,
            "connections_refused": self._acceptor.door.refused,
            "log_lines_suppressed": log.suppressed(),
            "log_lines_dropped": log.dropped(),
            "sessions_behind": len(self._acceptor.sender.behind),
            "sessions_resending": len(self._acceptor.sender.resending),
            "orders_remembered": len(self._venue.orders.by_id),
            "positions": sum(map(len, self._venue.ledger.accounts.values())),
        }
        return Picture(
            comp_id,
            f"{host}:{self._acceptor.door.port}",
            list(versions),
            self._begun,
            time.time_ns(),
            numbers["journal_batch"],
            numbers,
            self._lag(),
            {kind.__name__: count for kind, count in counts.events.items()},
            [(*what, count) for what, count in counts.refused.items()],
            self._rates(totals),
            _buckets(counts.turn_messages),
            _buckets(counts.turn_seconds),
            _buckets(counts.commit_seconds),
            sessions,
            [_book(market) for market in self._venue.markets.values()],
        )

    def _totals(self) -> Numbers:
        """What there are rates of."""
        counts = self._counts
        return {
            "messages_received": int(counts.turn_messages.total),
            "messages_sent": counts.answered,
            "market_data_messages_sent": counts.published,
            "orders": counts.events[OrderAccepted],
            "trades": self._venue.ids.trade_id - self._trades,
            "batches": sum(counts.commit_seconds.counts),
        }

    def _rates(self, totals: Numbers) -> dict[str, tuple[float, float, float]]:
        """Per second, over each of `SPANS` or as long as there is anything."""
        now = time.monotonic()
        rates: dict[str, list[float]] = {name: [] for name in totals}
        for span in SPANS:
            then, before = next(
                (past for past in reversed(self._past) if now - past[0] >= span),
                self._past[0] if self._past else (now, totals),
            )
            seconds = max(now - then, 0.001)
            for name, rate in rates.items():
                rate.append((totals[name] - before[name]) / seconds)
        return {name: (rate[0], rate[1], rate[2]) for name, rate in rates.items()}

    def _session(self, session: Session) -> SessionPicture:
        sender = self._acceptor.sender
        return SessionPicture(
            session.name,
            session.firm,
            list(session.roles),
            session.since if session.logged_on else 0,
            session.address,
            session.link.getExpectedTargetNum(),
            session.link.getExpectedSenderNum(),
            self._acceptor.readers.unread(session),
            session.name in sender.behind,
            session in sender.resending,
        )


def _book(market: Market) -> BookPicture:
    book, spec = market.book, market.instrument.spec
    best = [side.best for side in (book.bids, book.offers)]
    bid, offer = [
        None if level is None or market.collected else (level.price, level.qty) for level in best
    ]
    last = None
    if market.last_px is not None and market.last_qty is not None:
        last = market.last_px, market.last_qty
    return BookPicture(
        spec.symbol,
        spec.market,
        str(spec.tick),
        str(spec.lot),
        market.phase.name.lower(),
        market.halted,
        market.listed,
        bid,
        offer,
        last,
        (len(book.bids.levels), len(book.offers.levels)),
        len(market.waiting.orders) + len(market.unpriced),
    )


def _buckets(histogram: Histogram) -> Buckets:
    return histogram.bounds, list(histogram.counts), histogram.total
