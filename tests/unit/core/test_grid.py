from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue.core.grid import LARGEST, Grid, OffGridError, TooLargeError, format_units

STEPS = st.decimals(min_value="1e-12", max_value="1e6", allow_nan=False, places=12).filter(
    lambda step: step > 0
) | st.sampled_from([Decimal(s) for s in ("0.01", "1e-8", "1", "0.25", "1000", "1e3", "0.00001")])
"""Any step a venue may have, and the usual ones."""


@pytest.mark.parametrize(
    ("step", "text", "steps"),
    [
        ("0.01", "1.05", 105),
        ("0.01", "100", 10000),
        ("0.01", ".5", 50),
        ("0.01", "5.", 500),
        ("0.01", "1.500000", 150),
        ("0.01", "007", 700),
        ("0.01", "0", 0),
        ("0.01", "-1", -100),
        ("0.01", "-0", 0),
        ("0.25", "1.75", 7),
        ("1000", "5000", 5),
        ("1E+3", "5000.0", 5),
        ("0.00000001", "0.00000001", 1),
        ("0.00000001", "1", 10**8),
        ("0.00000001", "90071992.54740992", LARGEST),
        ("0.00000001", "-90071992.54740992", -LARGEST),
        ("1", "9007199254740992", LARGEST),
        ("1", "0" * 39 + "1", 1),
        ("1", "1." + "0" * 38, 1),
    ],
)
def test_text_becomes_whole_steps(step: str, text: str, steps: int) -> None:
    assert Grid(Decimal(step)).steps(text) == steps


@pytest.mark.parametrize(
    "text",
    [
        *("1e5", "1E5", "NaN", "nan", "Infinity", "-inf", "", ".", "-", "-.", "+1", "1_000"),
        *(
            " 1",
            "1 ",
            "1\n",
            "1,5",
            "1.2.3",
            "0x10",
            "--1",
            "1-",
            "one",
            "½",
            "²",
            "\uff11\uff12",
            "\u0663",
        ),
        *("1e400", "9" * 5000 + "x"),
    ],
)
def test_what_is_no_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a decimal number") as caught:
        Grid(Decimal("0.01")).steps(text)
    assert caught.type is ValueError
    assert len(str(caught.value)) < 80


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("0.01", "1.005"),
        ("0.01", "0.001"),
        ("0.00000001", "0.000000001"),
        ("0.00000001", "1.234567891"),
        ("1000", "1500"),
        ("0.25", "0.1"),
        ("1", "0.5"),
    ],
)
def test_between_two_steps_is_off_grid(step: str, text: str) -> None:
    with pytest.raises(OffGridError):
        Grid(Decimal(step)).steps(text)


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("1", str(LARGEST + 1)),
        ("1", str(2**63)),
        ("1", str(2**64)),
        ("0.00000001", "90071992.54740993"),
        ("1", "-" + str(LARGEST + 1)),
        ("1", "1" + "0" * 39),
    ],
)
def test_more_than_a_double_holds_is_too_large(step: str, text: str) -> None:
    with pytest.raises(TooLargeError):
        Grid(Decimal(step)).steps(text)


@pytest.mark.parametrize("step", ["0", "-0.01", "NaN", "Infinity", "-Infinity", "sNaN"])
def test_a_step_is_a_positive_number(step: str) -> None:
    with pytest.raises(ValueError, match="is not a positive number"):
        Grid(Decimal(step))


@given(STEPS, st.integers(-LARGEST, LARGEST))
def test_steps_and_text_are_inverse(step: Decimal, steps: int) -> None:
    grid = Grid(step)
    text = grid.text(steps)
    assert Fraction(text) == steps * Fraction(step)
    assert "e" not in text.lower()
    assert "." not in text or text[-1] not in "0."
    assert grid.steps(text) == steps


@given(STEPS, st.from_regex(r"-?[0-9]{1,9}(\.[0-9]{0,12})?", fullmatch=True))
def test_exact_or_refused(step: Decimal, text: str) -> None:
    """No number is ever rounded to the grid."""
    exact = Fraction(text.rstrip(".")) / Fraction(step)
    try:
        steps = Grid(step).steps(text)
    except OffGridError:
        assert exact.denominator != 1
    except TooLargeError:
        assert abs(exact) > LARGEST
    else:
        assert steps == exact


@given(STEPS, st.text())
def test_no_text_does_more_than_raise_value_error(step: Decimal, text: str) -> None:
    try:
        steps = Grid(step).steps(text)
    except ValueError:
        return
    assert abs(steps) <= LARGEST


@given(STEPS, st.integers(0, 10**24), st.integers(1, 10**18), st.integers(0, 8))
def test_ratio_is_rounded_half_even(step: Decimal, top: int, bottom: int, decimals: int) -> None:
    exact = Fraction(top, bottom) * Fraction(step)
    places = max(0, -int(step.as_tuple().exponent)) + decimals
    assert Fraction(Grid(step).ratio(top, bottom, decimals)) == round(exact, places)


@pytest.mark.parametrize(
    ("top", "bottom", "text"), [(1, 8, "0.12"), (3, 8, "0.38"), (1, 3, "0.33"), (2, 3, "0.67")]
)
def test_ratio_halves(top: int, bottom: int, text: str) -> None:
    assert Grid(Decimal("1")).ratio(top, bottom, 2) == text


@pytest.mark.parametrize(
    ("units", "decimals", "text"),
    [(5, 0, "5"), (5, 2, "0.05"), (-5, 2, "-0.05"), (500, 2, "5"), (0, 2, "0"), (1230, 3, "1.23")],
)
def test_format_units(units: int, decimals: int, text: str) -> None:
    assert format_units(units, decimals) == text


def test_the_memo_is_bounded_and_forgets_nothing_that_matters() -> None:
    grid = Grid(Decimal("0.01"))
    memo = grid.text.__self__  # type: ignore[attr-defined]
    for steps in range(20_000):
        assert grid.text(steps) == f"{steps / 100:.2f}".rstrip("0").rstrip(".")
        assert len(memo) <= 16_384


@pytest.mark.parametrize("text", ["0" * 40 + "1", "1." + "0" * 39, "9" * 100_000])
def test_a_long_number_is_refused_and_not_kept(text: str) -> None:
    grid = Grid(Decimal("0.01"))
    with pytest.raises(ValueError, match="is too long a number") as caught:
        grid.steps(text)
    assert len(str(caught.value)) < 80
    assert not grid.steps.__self__  # type: ignore[attr-defined]
