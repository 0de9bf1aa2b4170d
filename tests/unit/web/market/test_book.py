"""Books and views of them: whoever applies what a view tells has what it shows."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from venue.web.market.book import ASKS, BIDS, DepthView, LiveBook, Row
from venue.web.market.wire import LevelUpdate

TIME = "2026-11-21T00:00:00.000Z"
levels = st.tuples(
    st.sampled_from("01"),
    st.integers(1, 12).map(lambda ticks: f"{ticks / 4:g}"),
    st.integers(0, 3).map(str),
    st.integers(1, 2),
)
batches = st.lists(st.lists(levels, min_size=1, max_size=4), max_size=12)


class Mirror:
    """A client: it has a snapshot and applies deltas."""

    def __init__(self, view: DepthView) -> None:
        self.sides: tuple[dict[str, Row], dict[str, Row]] = ({}, {})
        self.apply(view.rows())

    def apply(self, rows: tuple[list[Row], list[Row]]) -> None:
        for side, changes in zip(self.sides, rows, strict=True):
            for row in changes:
                if row[1] == "0":
                    del side[row[0]]
                else:
                    side[row[0]] = row

    def ordered(self) -> tuple[list[Row], list[Row]]:
        bids, asks = (sorted(side.values(), key=lambda row: Decimal(row[0])) for side in self.sides)
        return bids[::-1], asks


@given(first=st.lists(levels, max_size=8), rest=batches, depth=st.sampled_from([0, 1, 2, 5]))
def test_deltas_add_up_to_the_top_of_the_book(
    first: list[LevelUpdate], rest: list[list[LevelUpdate]], depth: int
) -> None:
    book = LiveBook()
    book.restart([level for level in first if level[2] != "0"], TIME)
    book.take_touched()
    view = DepthView(book, depth)
    mirror = Mirror(view)
    for batch in rest:
        book.apply(batch, TIME)
        before = mirror.ordered()
        changes = view.update(book.take_touched())
        if changes is not None:
            mirror.apply(changes)
        top = book.top(BIDS, depth), book.top(ASKS, depth)
        assert mirror.ordered() == top
        assert view.rows() == top
        assert (changes is None) is (before == top)


def test_prices_are_ordered_as_numbers() -> None:
    book = LiveBook()
    book.restart(
        [("0", "9.5", "1", 1), ("0", "10", "1", 1), ("1", "101", "1", 1), ("1", "20.5", "1", 1)],
        TIME,
    )
    assert [row[0] for row in book.top(BIDS, 0)] == ["10", "9.5"]
    assert [row[0] for row in book.top(ASKS, 1)] == ["20.5"]


def test_a_level_that_leaves_the_top_is_gone_and_comes_back() -> None:
    book = LiveBook()
    book.restart([("0", "10", "1", 1), ("0", "9", "2", 1)], TIME)
    view = DepthView(book, 2)
    book.take_touched()
    book.apply([("0", "11", "3", 1)], TIME)
    assert view.update(book.take_touched()) == ([("9", "0", 0), ("11", "3", 1)], [])
    book.apply([("0", "11", "0", 1)], TIME)
    assert view.update(book.take_touched()) == ([("11", "0", 0), ("9", "2", 1)], [])


def test_what_lies_below_the_top_is_not_told() -> None:
    book = LiveBook()
    book.restart([("1", "10", "1", 1)], TIME)
    view = DepthView(book, 1)
    book.take_touched()
    book.apply([("1", "11", "1", 1), ("1", "12", "1", 1)], TIME)
    assert view.update(book.take_touched()) is None


def test_a_restart_touches_what_was_there() -> None:
    book = LiveBook()
    book.restart([("0", "10", "1", 1)], TIME)
    book.take_touched()
    book.restart([], TIME)
    bids, asks = book.take_touched()
    assert (bids, asks) == ({-Decimal(10)}, set())
