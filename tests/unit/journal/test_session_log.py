"""What the journal tells of sessions, batch by batch."""

from hypothesis import given
from hypothesis import strategies as st

from venue.journal.batch import Batch, Sent
from venue.journal.session_log import SessionLogs


def sent(first: int, *texts: str, session: str = "A") -> Batch:
    after = {session: (first + len(texts), 1)} if first else {}
    return Batch(1, [], [Sent(session, first, list(texts))], after)


def test_a_session_nobody_knows_is_new() -> None:
    logs = SessionLogs()
    assert (logs["A"].next_sender, logs["A"].next_target, logs["A"].untold) == (1, 1, [])
    assert list(logs["A"].batches(1, 1000)) == []


def test_numbers_are_those_of_the_last_batch_that_tells() -> None:
    logs = SessionLogs()
    logs.record(1, Batch(1, [], numbers={"A": (5, 3), "B": (2, 2)}))
    logs.record(2, Batch(1, [], numbers={"A": (9, 4)}))
    assert (logs["A"].next_sender, logs["A"].next_target) == (9, 4)
    assert (logs["B"].next_sender, logs["B"].next_target) == (2, 2)


def test_reports_are_found_by_their_numbers() -> None:
    logs = SessionLogs()
    logs.record(3, sent(2, "two", "three"))
    logs.record(4, sent(2, "of another", session="B"))
    logs.record(7, sent(6, "six"))
    logs.record(8, sent(7, "seven"))
    log = logs["A"]
    assert list(log.batches(1, 100)) == [3, 7, 8]
    assert list(log.batches(3, 3)) == list(log.batches(4, 5)) == [3]
    assert list(log.batches(6, 6)) == [7]
    assert list(log.batches(7, 7)) == [8]
    assert list(log.batches(1, 1)) == []


def test_a_reset_forgets_what_was_sent_and_not_what_waits() -> None:
    logs = SessionLogs()
    logs.record(1, sent(2, "before"))
    logs.record(2, sent(0, "waits"))
    logs.record(3, Batch(1, [], [Sent("A", 2, ["after"])], {"A": (3, 2)}, {"A": 17}))
    log = logs["A"]
    assert (log.reset_time, log.next_sender, log.untold) == (17, 3, [2])
    assert list(log.batches(1, 100)) == [3]


def test_what_waits_is_told_once() -> None:
    logs = SessionLogs()
    logs.record(1, sent(0, "one"))
    logs.record(2, sent(0, "two"))
    assert logs["A"].untold == [1, 2]
    logs.record(3, Batch(1, [], [Sent("A", 5, ["one", "two"])], {"A": (7, 1)}, told={"A": 2}))
    assert logs["A"].untold == []
    assert list(logs["A"].batches(5, 6)) == [3]
    logs.record(4, sent(0, "three"))
    logs.record(5, sent(0, "four"))
    logs.record(6, Batch(1, [], [Sent("A", 7, ["three"]), Sent("A", 0, ["five"])], told={"A": 1}))
    assert logs["A"].untold == [5, 6]


def test_only_a_batch_that_ends_a_clean_stop_is_clean() -> None:
    logs = SessionLogs()
    assert logs.clean
    logs.record(1, Batch(1, []))
    assert not logs.clean
    logs.record(2, Batch(1, [], stopped=True))
    assert logs.clean
    logs.record(3, Batch(1, []))
    assert not logs.clean


@given(st.integers(1, 20), st.lists(st.integers(1, 5), max_size=200))
def test_the_window_is_kept_and_little_more(window: int, sizes: list[int]) -> None:
    logs = SessionLogs(window)
    at = 2
    for seq, size in enumerate(sizes, 1):
        logs.record(seq, sent(at, *["x"] * size))
        at += size
    log = logs["A"]
    whole, number = [], 2
    for seq, size in enumerate(sizes, 1):
        if number + size > at - window:
            whole.append(seq)
        number += size
    assert list(log.batches(at - window, at))[-len(whole) :] == whole
    assert not log.firsts or log.firsts[-1] - log.firsts[0] <= 2 * window + max(sizes)
