"""The page of metrics, read by Prometheus' own parser."""

from prometheus_client.parser import text_string_to_metric_families

from tests.unit.monitoring.pictures import picture
from venue.monitoring.metrics import metrics, snake

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples() -> Samples:
    page, content_type = metrics(picture())
    assert content_type.startswith("text/plain; version=0.0.4")
    found: Samples = {}
    for family in text_string_to_metric_families(page.decode()):
        assert family.documentation and family.type != "unknown", family.name
        for sample in family.samples:
            found[sample.name, frozenset(sample.labels.items())] = sample.value
    return found


def value(found: Samples, name: str, **labels: str) -> float:
    return found[f"venue_{name}", frozenset(labels.items())]


def test_counters_and_gauges() -> None:
    found = samples()
    assert value(found, "orders_total") == 40
    assert value(found, "market_data_messages_sent_total") == 300
    assert value(found, "journal_batch") == 77
    assert value(found, "lag_seconds") == 1.5
    assert value(found, "reports_total", event="order_filled") == 10
    assert value(found, "rejects_total", message="OrderRejected", reason="unknown_symbol") == 3
    assert value(found, "start_time_seconds") == 1_700_000_000 - 86_461


def test_histograms_add_up() -> None:
    found = samples()
    name = "turn_messages"
    counts = [value(found, f"{name}_bucket", le=end) for end in ("1.0", "2.0", "+Inf")]
    assert counts == [3, 5, 6]
    assert (value(found, f"{name}_count"), value(found, f"{name}_sum")) == (6, 12)
    assert value(found, "journal_commit_seconds_bucket", le="0.001") == 5


def test_sessions_and_books() -> None:
    found, trader = samples(), "FIX.4.4:TRADER1"
    assert value(found, "sessions", state="logged_on") == 1
    assert value(found, "sessions", state="away") == 2
    assert value(found, "session_logged_on", session=trader, firm="ALPHA") == 1
    assert value(found, "session_next_number", session=trader, direction="in") == 12
    assert value(found, "session_next_number", session=trader, direction="out") == 345
    assert value(found, "session_unread_bytes", session=trader) == 300_000
    assert value(found, "book_levels", symbol="AAPL", side="offer") == 4
    assert value(found, "waiting_orders", symbol="AAPL") == 2


def test_names() -> None:
    assert snake("OrderTradeBusted") == "order_trade_busted"
