"""What the web calls the amendments of orders."""

import pytest

from venue.web.problems import Problem
from venue.web.trading.ids import amended, check_new, chosen

UNUSED = "WEB-1-mwrc4k2x-17"


@pytest.mark.parametrize("present", ["mine", "a-b~c", "WEB-1-mwrc4k2x-3", "~1-1x", "x~Y-1"])
def test_an_order_keeps_its_name(present: str) -> None:
    once = amended(present, UNUSED)
    assert once == f"{present}~mwrc4k2x-17" and chosen(once) == present
    twice = amended(once, "WEB-1-mwrc4k2x-18")
    assert twice == f"{present}~mwrc4k2x-18" and chosen(twice) == present
    assert chosen(present) == present


def test_a_name_that_is_too_long_to_keep() -> None:
    longest = "x" * (64 - len("~mwrc4k2x-17"))
    assert len(amended(longest, UNUSED)) == 64
    assert amended(f"{longest}x", UNUSED) == UNUSED


@pytest.mark.parametrize("name", ["mine~mwrc4k2x-17", "WEB-1-mwrc4k2x-4", "a b", ""])
def test_names_that_nobody_can_choose(name: str) -> None:
    with pytest.raises(Problem) as raised:
        check_new("client_order_id", name, UNUSED)
    assert raised.value.code == "invalid"


def test_names_that_can_be_chosen() -> None:
    for name in ("mine", "WEB-1-", "WEB-2-mwrc4k2x-4", "a~b"):
        check_new("client_order_id", name, UNUSED)
