from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.desk import aapl
from venue.core.grid import OffGridError, TooLargeError
from venue.core.instrument import Instrument


def test_terms_are_whole_steps() -> None:
    instrument = Instrument(aapl(lot="0.1", min_qty="0.5", max_qty="200", tick="0.25"))
    assert instrument.symbol == "AAPL"
    assert instrument.reference_ticks == 400
    assert (instrument.min_lots, instrument.max_lots) == (5, 2000)
    assert instrument.price.text(3) == "0.75"
    assert instrument.qty.text(3) == "0.3"


@pytest.mark.parametrize(
    "terms", [{"reference_price": "100.001"}, {"min_qty": "0.5"}, {"max_qty": "10.5"}]
)
def test_terms_off_the_own_grid(terms: dict[str, str]) -> None:
    with pytest.raises(OffGridError):
        Instrument(aapl(**terms))


def test_terms_beyond_what_the_grid_holds() -> None:
    with pytest.raises(TooLargeError):
        Instrument(aapl(max_qty="1e17"))


def test_terms_in_scientific_notation() -> None:
    instrument = Instrument(aapl(tick="1E-8", lot="1E+3", min_qty="1E+3", max_qty="1E+6"))
    assert (instrument.min_lots, instrument.max_lots) == (1, 1000)
    assert instrument.reference_ticks == 10**10


@pytest.mark.parametrize(
    ("notional", "cum_qty", "avg_px"),
    [
        (0, 0, "0"),
        (50_000, 5, "100"),
        (30_201, 3, "100.67"),
        (20_001, 2, "100.005"),
        (10_000 + 10_001 * 2, 3, "100.00666667"),
        (1, 3, "0.00333333"),
    ],
)
def test_avg_px(notional: int, cum_qty: int, avg_px: str) -> None:
    assert Instrument(aapl()).avg_px(notional, cum_qty) == avg_px


@given(st.lists(st.tuples(st.integers(1, 2**53), st.integers(1, 2**53)), min_size=1))
def test_avg_px_is_right_to_a_millionth_of_a_tick(fills: list[tuple[int, int]]) -> None:
    notional, cum_qty = sum(qty * price for qty, price in fills), sum(qty for qty, _ in fills)
    exact = Fraction(notional, cum_qty) * Fraction("0.01")
    avg_px = Fraction(Decimal(Instrument(aapl()).avg_px(notional, cum_qty)))
    assert abs(avg_px - exact) <= Fraction(1, 2 * 10**8)


def test_money_is_exact() -> None:
    lot = "0.00000001"
    small = Instrument(aapl(tick="0.01", lot=lot, min_qty=lot, max_qty="1"))
    assert small.money(123) == "0.0000000123"
    assert small.money(-(10**12)) == "-100"
