"""A picture as Prometheus reads it."""

import os
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from venue import __version__
from venue.monitoring.picture import Buckets, Picture

COUNTERS = {
    "messages_received": "Application messages, Logons and Logouts that the loop took.",
    "messages_sent": "Messages sent that the journal has.",
    "market_data_messages_sent": "Market data messages sent, one for each subscriber.",
    "orders": "Orders accepted.",
    "trades": "Trades.",
    "resend_requests": "ResendRequests of clients.",
    "resent_messages": "Messages sent again.",
    "gaps": "ResendRequests of the venue: messages of a client were missing.",
    "connections_refused": "Connections closed before a session was logged on.",
    "log_lines_suppressed": "Log lines that were one too many of their kind.",
    "log_lines_dropped": "Log lines that nobody read in time.",
}
GAUGES = {
    "journal_batch": "The journal's last batch.",
    "journal_pending_batches": "Batches answered and not yet written (journal.sync off).",
    "journal_unsaved_batches": "Batches since the last snapshot, which a start carries out again.",
    "sessions_behind": "Sessions that get no market data until they have read what they have.",
    "sessions_resending": "Sessions that are being sent again what they missed.",
    "market_data_subscriptions": "Subscriptions to market data, each of one MDReqID.",
    "news_subscriptions": "Subscriptions to news of instruments and markets.",
    "orders_remembered": "Orders in memory, live ones and those that ended today.",
    "positions": "Positions of accounts, each in one instrument.",
}
SIDES = ("bid", "offer")
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def metrics(picture: Picture) -> tuple[bytes, str]:
    """The page, and its content type."""
    registry = CollectorRegistry()
    registry.register(_Metrics(picture))
    ProcessCollector(pid=os.getppid, registry=registry)
    return generate_latest(registry), CONTENT_TYPE


class _Metrics(Collector):
    def __init__(self, picture: Picture) -> None:
        self._picture = picture

    def collect(self) -> Iterator[Metric]:
        picture = self._picture
        about = {"version": __version__, "comp_id": picture.comp_id, "address": picture.address}
        yield InfoMetricFamily("venue", "What is running.", value=about)
        yield GaugeMetricFamily(
            "venue_start_time_seconds", "When it was started.", value=picture.begun / 1e9
        )
        numbers = picture.numbers
        for name, text in COUNTERS.items():
            if name in numbers:
                yield CounterMetricFamily(f"venue_{name}", text, value=numbers[name])
        for name, text in GAUGES.items():
            if name in numbers:
                yield GaugeMetricFamily(f"venue_{name}", text, value=numbers[name])
        yield GaugeMetricFamily(
            "venue_lag_seconds", "Age of a batch when it was carried out here.", value=picture.lag
        )
        yield _counter(
            "reports",
            "Reports made, by what happened.",
            ("event",),
            ((snake(name), count) for name, count in picture.events.items()),
        )
        yield _counter(
            "rejects",
            "Refused, by message and reason.",
            ("message", "reason"),
            picture.refused,
        )
        yield _histogram("turn_messages", "Messages of a turn of the loop.", picture.turn_messages)
        yield _histogram("turn_seconds", "Time that a turn took.", picture.turn_seconds)
        yield _histogram("journal_commit_seconds", "Time to write a batch.", picture.commit_seconds)
        yield from self._sessions()
        yield from self._books()

    def _sessions(self) -> Iterator[Metric]:
        sessions = self._picture.sessions
        online = sum(session.since > 0 for session in sessions)
        states = (("logged_on", online), ("away", len(sessions) - online))
        yield _gauge("sessions", "Sessions.", ("state",), states)
        yield _gauge(
            "session_logged_on",
            "1 while a session is logged on.",
            ("session", "firm"),
            ((each.name, each.firm, int(each.since > 0)) for each in sessions),
        )
        ways = (
            (each.name, way, number)
            for each in sessions
            for way, number in (("in", each.next_in), ("out", each.next_out))
        )
        yield _gauge(
            "session_next_number", "MsgSeqNum of the next message.", ("session", "direction"), ways
        )
        yield _gauge(
            "session_unread_bytes",
            "Bytes sent that a session has not read.",
            ("session",),
            ((each.name, each.unread) for each in sessions),
        )

    def _books(self) -> Iterator[Metric]:
        books = self._picture.books
        levels = (
            (each.symbol, side, count)
            for each in books
            for side, count in zip(SIDES, each.levels, strict=True)
        )
        yield _gauge("book_levels", "Price levels of a book.", ("symbol", "side"), levels)
        yield _gauge(
            "waiting_orders",
            "Orders that wait for a trigger or an auction, outside the book.",
            ("symbol",),
            ((each.symbol, each.waiting) for each in books),
        )


def _gauge(
    name: str, text: str, labels: tuple[str, ...], rows: Iterable[tuple[str | int, ...]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"venue_{name}", text, labels=labels)
    for *values, number in rows:
        family.add_metric([str(value) for value in values], float(number))
    return family


def _counter(
    name: str, text: str, labels: tuple[str, ...], rows: Iterable[tuple[str | int, ...]]
) -> CounterMetricFamily:
    family = CounterMetricFamily(f"venue_{name}", text, labels=labels)
    for *values, number in rows:
        family.add_metric([str(value) for value in values], float(number))
    return family


def _histogram(name: str, text: str, buckets: Buckets) -> HistogramMetricFamily:
    bounds, counts, total = buckets
    ends = [*(str(bound) for bound in bounds), "+Inf"]
    cumulated = list(zip(ends, map(float, accumulate(counts)), strict=True))
    return HistogramMetricFamily(f"venue_{name}", text, buckets=cumulated, sum_value=total)


def snake(name: str) -> str:
    """`OrderFilled` as `order_filled`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
