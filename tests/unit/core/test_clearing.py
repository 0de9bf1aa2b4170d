"""The price of an auction: by example, and against every price tried in turn."""

from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.reference.auctions import best_outcome
from venue.core.clearing import Clearing, clear

Side = list[tuple[int, int]]


def sides(width: int, most: int) -> st.SearchStrategy[Side]:
    prices, qtys = st.integers(100, 100 + width), st.integers(1, most)
    return st.dictionaries(prices, qtys, max_size=5).map(lambda side: list(side.items()))


@st.composite
def calls(draw: st.DrawFn) -> tuple[Side, Side, int, int, int]:
    side = sides(draw(st.sampled_from([3, 8, 20])), draw(st.sampled_from([1, 2, 9])))
    unpriced = st.sampled_from([0, 0, 0, 1, 2, 3, 5, 9, 30])
    reference = draw(st.integers(95, 125))
    return draw(side), draw(side), draw(unpriced), draw(unpriced), reference


@given(calls())
@settings(max_examples=max(2_000, settings.default.max_examples))
@example(([], [], 5, 5, 100))
@example(([(100, 3)], [], 5, 5, 90))
@example(([], [(100, 3)], 5, 5, 190))
@example(([(110, 5), (105, 5)], [(100, 5), (106, 5)], 0, 0, 90))
def test_the_price_is_the_best_of_all_prices(call: tuple[Side, Side, int, int, int]) -> None:
    bids, offers, *rest = call
    clearing = clear(sorted(bids, reverse=True), sorted(offers), *rest)
    found = clearing and (clearing.price, clearing.qty, clearing.surplus)
    assert found == best_outcome(bids, offers, *rest)


@pytest.mark.parametrize(
    ("bids", "offers", "reference", "clearing"),
    [
        pytest.param([(101, 5)], [(102, 5)], 100, None, id="nothing crosses"),
        pytest.param([(101, 5)], [], 100, None, id="nobody sells"),
        pytest.param(
            [(103, 4), (102, 4), (101, 4)],
            [(100, 2), (101, 4), (102, 1), (103, 9)],
            90,
            Clearing(102, 7, 1),
            id="most volume",
        ),
        pytest.param(
            [(102, 5), (101, 3)],
            [(100, 5), (102, 2)],
            90,
            Clearing(102, 5, -2),
            id="least surplus, 3 at 101 against 2 at 102",
        ),
        pytest.param([(103, 9)], [(100, 5)], 90, Clearing(103, 5, 4), id="buyers press: highest"),
        pytest.param([(103, 5)], [(100, 9)], 190, Clearing(100, 5, -4), id="sellers press: lowest"),
        pytest.param([(103, 5)], [(100, 5)], 102, Clearing(102, 5, 0), id="reference inside"),
        pytest.param([(103, 5)], [(100, 5)], 99, Clearing(100, 5, 0), id="reference below"),
        pytest.param([(103, 5)], [(100, 5)], 104, Clearing(103, 5, 0), id="reference above"),
        pytest.param(
            [(105, 5), (102, 2)],
            [(100, 5), (103, 2)],
            102,
            Clearing(102, 5, 2),
            id="as many left over on either side: the reference decides, for the buyers",
        ),
        pytest.param(
            [(105, 5), (102, 2)],
            [(100, 5), (103, 2)],
            104,
            Clearing(104, 5, -2),
            id="and for the sellers, between two limits",
        ),
        pytest.param(
            [(110, 5), (102, 2)],
            [(90, 5), (108, 2)],
            103,
            Clearing(103, 5, 0),
            id="a tick between limits leaves nobody over",
        ),
    ],
)
def test_each_rule_of_the_price(
    bids: Side, offers: Side, reference: int, clearing: Clearing | None
) -> None:
    assert clear(bids, offers, 0, 0, reference) == clearing


@pytest.mark.parametrize(
    ("bids", "offers", "unpriced", "clearing"),
    [
        pytest.param([], [], (5, 3), Clearing(100, 3, 2), id="only orders without a price"),
        pytest.param([], [], (5, 0), None, id="only buyers"),
        pytest.param([], [(105, 4)], (3, 0), Clearing(105, 3, -1), id="the sellers' limit"),
        pytest.param([(95, 4)], [], (0, 3), Clearing(95, 3, 1), id="the buyers' limit"),
        pytest.param(
            [], [(105, 4), (109, 4)], (30, 0), Clearing(109, 8, 22), id="no further than any limit"
        ),
        pytest.param(
            [(109, 3)], [(105, 4)], (30, 0), Clearing(109, 4, 29), id="a buyer's limit is one, too"
        ),
        pytest.param(
            [(95, 3)], [(98, 2)], (5, 5), Clearing(97, 5, 0), id="nobody is left over between"
        ),
    ],
)
def test_orders_without_a_price_take_any(
    bids: Side, offers: Side, unpriced: tuple[int, int], clearing: Clearing | None
) -> None:
    assert clear(bids, offers, *unpriced, 100) == clearing


def test_only_prices_that_meet_are_looked_at() -> None:
    """Both sides go on for ever."""

    def endless(price: int, step: int) -> Iterator[tuple[int, int]]:
        return ((price + step * n, 5) for n in count())

    assert clear(endless(1000, -1), endless(996, 1), 0, 0, 998) == Clearing(998, 15, 0)
    assert clear(endless(1000, -1), endless(996, 1), 7, 0, 998) == Clearing(999, 17, -3)
