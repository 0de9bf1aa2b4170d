"""What came a moment ago is counted exactly, and forgotten in time."""

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from venue.core.limits import Limits, Scope
from venue.core.recent import MILLISECOND, SECOND, Alike, Recent, Repeats, Window
from venue.core.types import Side

STEPS = st.lists(st.sampled_from([0, 0, 1, SECOND - 1, SECOND, 2 * SECOND]), max_size=30)


def alike(qty: int) -> Alike:
    return "", "AAPL", Side.BUY, qty, None, None


@given(STEPS, st.booleans())
def test_a_window_counts_what_is_in_it(steps: list[int], looks: bool) -> None:
    """Whether or not somebody makes an image of it meanwhile."""
    window, came, time = Window(2), deque[int](), 1
    for step in steps:
        time += step
        if looks:
            assert sum(count for _, count in window.image()) == window.count
        if window.time != time:
            window.turn(time)
        came = deque(at for at in came if time - at < 2 * SECOND)
        assert window.count == len(came)
        window.count += 1
        came.append(time)
    restored = Window(2)
    restored.restore(window.image())
    assert restored.image() == window.image()
    assert len(window.image()) == len({at for at in came if time - at < 2 * SECOND})


def test_a_window_that_becomes_shorter() -> None:
    """Who asks in the same moment finds no more in it than who asks later."""
    window = Window(2)
    window.turn(1)
    window.count += 1
    window.last(1, 1 + SECOND)
    assert (window.count, window.time, window.image()) == (0, 1 + SECOND, [])
    window.last(2, 1 + SECOND)
    assert window.count == 0


@given(st.lists(st.tuples(st.sampled_from([0, 1, 5, 9, 10, 25]), st.integers(1, 3)), max_size=30))
def test_repeats_are_found_for_as_long_as_their_span(steps: list[tuple[int, int]]) -> None:
    repeats, accepted, time = Repeats(10), dict[Alike, int](), 0
    for step, qty in steps:
        time += step
        found = time - repeats.last(alike(qty)) < repeats.span
        assert found is (alike(qty) in accepted and time - accepted[alike(qty)] < 10)
        if time >= repeats.until:
            repeats.begin(time)
        repeats.times[alike(qty)] = accepted[alike(qty)] = time
        assert len(repeats.times) + len(repeats.older) <= 6
    wanted = sorted((at, each) for each, at in accepted.items() if time - at < 10)
    assert sorted(repeats.image()) == wanted
    again = Repeats(10)
    again.restore(repeats.image(), time)
    assert again.image() == repeats.image()


def test_who_needs_not_be_remembered_is_forgotten() -> None:
    limits = {Scope("A"): Limits(max_messages=5, duplicate_milliseconds=10), Scope(""): Limits()}
    recent = Recent(limits)
    assert recent.repeats("A").span == 10 * MILLISECOND
    recent.window(Scope("A"), "A", 1).turn(5)
    recent.window(Scope("A"), "A", 1).count += 1
    recent.repeats("A").times[alike(1)] = 5
    assert recent.image().messages == [(Scope("A"), "A", [(5, 1)])]
    assert recent.image().accepted == [("A", [(5, alike(1))])]
    limits[Scope("")] = Limits(duplicate_milliseconds=20)
    recent.limit(Scope(""), 5)
    assert recent.repeats("A").span == 20 * MILLISECOND
    assert recent.image().accepted == [("A", [(5, alike(1))])]
    del limits[Scope("A")]
    recent.limit(Scope("A"), 5)
    assert recent.image().messages == []
    del limits[Scope("")]
    recent.limit(Scope(""), 5)
    assert recent.image().accepted == []
