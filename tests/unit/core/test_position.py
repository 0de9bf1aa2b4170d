"""A position against one kept in fractions, and against every single lot in a queue."""

from collections import deque
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue.core.position import Position, part

POSTINGS = st.lists(
    st.tuples(st.integers(-5, 5).filter(bool), st.integers(-2, 9)), min_size=1, max_size=30
)


def position(is_fifo: bool, *postings: tuple[int, int]) -> Position:
    found = Position("NORTH", "A1", "AAPL")
    found.queue(is_fifo)
    for qty, price in postings:
        found.post(qty, price)
    return found


def test_average_cost() -> None:
    held = position(False, (10, 100), (10, 200), (-5, 300))
    assert (held.qty, held.cost, held.cash) == (15, 2250, -1500)
    assert held.realised == 5 * 300 - 5 * 150
    assert held.unrealised(160) == 15 * 160 - 2250
    assert held.unrealised(None) == 0
    assert held.turnover == 1000 + 2000 + 1500


def test_first_in_first_out() -> None:
    held = position(True, (10, 100), (10, 200), (-15, 300))
    assert held.realised == 10 * (300 - 100) + 5 * (300 - 200)
    assert (held.cost, list(held.lots or ())) == (1000, [(5, 1000)])


@pytest.mark.parametrize("is_fifo", [False, True])
def test_a_sale_of_more_than_there_is_turns_round(is_fifo: bool) -> None:
    held = position(is_fifo, (3, 100), (-5, 90), (2, 80))
    assert held.realised == 3 * -10 + 2 * 10
    assert (held.qty, held.cost) == (0, 0)


def test_lots_of_one_price_are_one() -> None:
    assert list(position(True, (1, 7), (2, 7), (1, 8)).lots or ()) == [(3, 21), (1, 8)]


def test_another_method_keeps_what_is_held() -> None:
    held = position(True, (1, 10), (2, 13))
    held.queue(False)
    held.queue(True)
    assert list(held.lots or ()) == [(3, 36)]
    held.post(-1, 20)
    assert (held.realised, held.cost) == (8, 24)


def test_a_day() -> None:
    held = position(False, (10, 100))
    held.begin_day(110)
    held.post(-4, 120)
    assert held.day_equity == 100
    assert held.day_pnl(115) == 4 * 10 + 6 * 5
    assert held.day_realised == held.realised == 80
    assert held.turnover == 480
    assert held.day_pnl(None) == held.cash + held.cost - 100


@given(POSTINGS)
def test_average_against_fractions(postings: list[tuple[int, int]]) -> None:
    held = position(False)
    qty, cost, cash = 0, Fraction(), 0
    for bought, price in postings:
        cash -= bought * price
        if qty * bought >= 0:
            cost += bought * price
        elif abs(bought) <= abs(qty):
            cost -= round(cost * -bought / qty)
        else:
            cost = Fraction((qty + bought) * price)
        qty += bought
        assert held.post(bought, price) == ()
        assert (held.qty, held.cost, held.cash, held.realised) == (qty, cost, cash, cash + cost)


@given(POSTINGS)
def test_first_in_first_out_against_single_lots(postings: list[tuple[int, int]]) -> None:
    held = position(True)
    queue: deque[tuple[int, int]] = deque()
    realised = 0
    for bought, price in postings:
        sign = 1 if bought > 0 else -1
        for _ in range(abs(bought)):
            if queue and queue[0][0] == -sign:
                realised += (queue.popleft()[1] - price) * sign
            else:
                queue.append((sign, price))
        held.post(bought, price)
        assert held.realised == realised
        assert held.qty == sum(sign for sign, _ in queue)
        assert held.cost == sum(sign * each for sign, each in queue)
        assert sum(cost for _, cost in held.lots or ()) == held.cost


@given(POSTINGS, st.booleans(), st.integers(0, 30))
def test_what_is_taken_back_was_never_posted(
    postings: list[tuple[int, int]], is_fifo: bool, left: int
) -> None:
    held = position(is_fifo)
    found = []
    for qty, price in postings:
        cost = held.cost
        found.append((qty, price, cost, held.post(qty, price)))
    for qty, price, cost, closed in reversed(found[left:]):
        held.take_back(qty, price, cost, closed)
    assert held == position(is_fifo, *postings[:left])


@given(st.integers(-1000, 1000), st.integers(1, 50), st.integers(1, 50), st.sampled_from([1, -1]))
def test_a_part_is_rounded_half_to_even(cost: int, lots: int, more: int, sign: int) -> None:
    assert part(cost, sign * lots, sign * (lots + more)) == round(
        Fraction(cost * lots, lots + more)
    )
