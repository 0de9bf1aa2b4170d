"""What `scripts/bench --monitoring` makes of what it has measured."""

import random

import pytest

from venue.bench.monitoring import confidence, differences
from venue.bench.switched import COUNTED, TIMES, Block, counting


class Clerk:
    """Counts, among other things."""

    def __init__(self) -> None:
        self._counts: list[str] = []
        self.done: list[str] = []

    def work(self, what: str) -> int:
        self.done.append(what)
        if what:
            self._counts.append(what)
        for _ in what:
            self._counts += ["letter"]
        return len(self.done)


@pytest.mark.parametrize("times", [0, 1, 3])
def test_only_what_counts_is_repeated(times: int) -> None:
    clerk, work = Clerk(), Clerk.work
    before = work.__code__
    try:
        Clerk.work.__code__ = counting(work, times)
        assert (clerk.work("ab"), clerk.done) == (1, ["ab"])
    finally:
        Clerk.work.__code__ = before
    assert clerk._counts == ["ab"] * times + ["letter"] * 2 * times


def test_what_counts_nothing_is_no_part_of_it() -> None:
    with pytest.raises(ValueError, match="__init__ counts nothing"):
        counting(random.Random.__init__, 0)
    for function in COUNTED:
        assert counting(function, 0) != counting(function, 1)


@pytest.mark.parametrize("cost", [0.0, 0.005, 0.02])
def test_the_cost_of_once_is_found_in_noise(cost: float) -> None:
    """A machine that becomes slower, and is up to a fifth slower now and then."""
    rng = random.Random(7)
    blocks = []
    for number in range(4000):
        times = TIMES if number % 4 in (0, 3) else 0
        message = 40_000 * (1 + number / 4000) * rng.uniform(1, 1.2) * (1 + cost * times)
        blocks.append(Block(times, 256, int(256 * message)))
    low, high = confidence(differences(blocks))
    assert low < cost < high and high - low < 0.002


def test_blocks_of_one_kind_may_be_larger() -> None:
    blocks = [Block(times, 1 + times, 1000 * (1 + times)) for times in (TIMES, 0, 0, TIMES)]
    assert differences([*blocks, blocks[0]]) == [0]


@pytest.mark.parametrize(("count", "bounds"), [(1, (0, 0)), (100, (40, 59)), (400, (180, 219))])
def test_the_median_is_between(count: int, bounds: tuple[int, int]) -> None:
    assert confidence([float(each) for each in reversed(range(count))]) == bounds
