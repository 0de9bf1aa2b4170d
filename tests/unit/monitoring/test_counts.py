"""Counting: which bucket a value belongs to, and what is refused for which reason."""

from tests.unit.core.desk import Desk
from venue.core.events import CancelRejected, OrderAccepted, OrderRejected
from venue.fix.refusal import BusinessReject, BusinessRejectReason
from venue.monitoring.counts import SIZES, Counts, Histogram


def test_a_value_is_in_the_first_bucket_that_takes_it() -> None:
    histogram = Histogram((1.0, 2.0, 4.0))
    for value in (0.5, 1.0, 1.5, 4.0, 4.5):
        histogram.observe(value)
    assert histogram.counts == [2, 1, 1, 1]
    assert histogram.total == 11.5


def test_histograms_do_not_share_their_counts() -> None:
    one, other = Counts(), Counts()
    one.turn_messages.observe(1)
    assert other.turn_messages.counts == [0] * (len(SIZES) + 1)


def test_events_and_reasons() -> None:
    counts, desk = Counts(), Desk()
    for events in (desk.new("A"), desk.new("B"), desk.new("C", qty=9999), desk.cancel("D", "X")):
        counts.happened += events
    counts.tally()
    counts.tally()
    assert counts.events == {OrderAccepted: 2, OrderRejected: 1, CancelRejected: 1}
    assert counts.refused == {
        ("OrderRejected", "incorrect_quantity"): 1,
        ("CancelRejected", "unknown_order"): 1,
    }


def test_a_mass_cancel_is_refused_only_for_a_reason() -> None:
    counts, desk = Counts(), Desk()
    counts.happened += desk.mass_cancel("M")
    counts.tally()
    assert not counts.refused
    assert sum(counts.events.values()) == 1


def test_requests_that_the_core_never_saw() -> None:
    counts = Counts()
    counts.refuse_request(BusinessReject("1", "D", BusinessRejectReason.NOT_AUTHORIZED, "no"))
    counts.refuse("Reject", "5")
    counts.refuse("Reject", "5")
    assert counts.refused == {("BusinessReject", "not_authorized"): 1, ("Reject", "5"): 2}
