"""What a fill costs, against decimals rounded by somebody else."""

import decimal
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.desk import BUY, SELL, Desk, aapl
from venue.core import commands as c
from venue.core import events as e
from venue.core.fees import Fee, FeeRule, FeeSchedule, FeeTier
from venue.core.types import FeeBasis, FeeRounding, Liquidity
from venue.core.volumes import DAYS

ADDED, REMOVED, AUCTION = Liquidity.ADDED, Liquidity.REMOVED, Liquidity.AUCTION
EXACT = decimal.Context(prec=100)


def tier(volume: str = "0", maker: str = "-0.2", taker: str = "0.5", auction: str = "0") -> FeeTier:
    return FeeTier(Decimal(volume), Decimal(maker), Decimal(taker), Decimal(auction))


def rule(firm: str = "", symbol: str = "", *tiers: FeeTier, **terms: Any) -> FeeRule:
    values: dict[str, Any] = {
        "basis": FeeBasis.BPS,
        "tiers": tiers or (tier(),),
        "minimum": Decimal(0),
        "decimals": 8,
        "rounding": FeeRounding.HALF_EVEN,
        "currency": "",
    }
    return FeeRule(firm, symbol, **values | terms)


def desk(*rules: FeeRule, **terms: Any) -> Desk:
    made = Desk(**terms)
    made.venue.handle(c.DefineFees(FeeSchedule(rules)))
    return made


def charge(made: Desk, liquidity: Liquidity, qty: int = 7, price: int = 10001) -> Fee | None:
    return made.venue.trades.fees.charge("NORTH", "AAPL", liquidity, qty, price)


def test_maker_taker_and_auction() -> None:
    made = desk(rule())
    assert charge(made, ADDED) == Fee(-1_400_140, "USD")  # 700.07 at -0.2 of 10,000
    assert charge(made, REMOVED) == Fee(3_500_350, "USD")
    assert charge(made, AUCTION) == Fee(0, "USD")


def test_a_unit_may_cost_another_currency() -> None:
    made = desk(rule(basis=FeeBasis.UNIT, currency="EUR"), lot="0.1")
    assert charge(made, REMOVED, 7) == Fee(35_000_000, "EUR")
    assert charge(made, ADDED, 7) == Fee(-14_000_000, "EUR")


def test_a_minimum_is_for_charges_only() -> None:
    made = desk(rule(minimum=Decimal("1.50"), decimals=2))
    assert charge(made, REMOVED, 1, 1) == Fee(150_000_000, "USD")
    assert charge(made, ADDED, 1, 1) == Fee(0, "USD")
    assert charge(made, AUCTION, 1, 1) == Fee(0, "USD")


def test_the_rule_that_fits_best() -> None:
    rates = {("", ""): "1", ("", "AAPL"): "2", ("NORTH", ""): "3", ("NORTH", "AAPL"): "4"}
    for missing in range(5):
        kept = list(rates.items())[: 4 - missing]
        made = desk(*(rule(*about, tier(taker=taker)) for about, taker in kept))
        fee = charge(made, REMOVED, 1, 100)
        assert fee == (Fee(int(kept[-1][1]) * 10_000, "USD") if kept else None)
    others = desk(rule("SOUTH"), rule("", "MSFT"))
    assert charge(others, REMOVED) is None


@given(
    st.sampled_from(FeeRounding),
    st.integers(0, 8),
    st.decimals(-100, 100, places=3),
    st.integers(1, 99),
    st.integers(-50, 50),
)
def test_every_rounding(
    rounding: FeeRounding, decimals: int, rate: Decimal, qty: int, price: int
) -> None:
    rates = tier(taker=str(rate))
    made = desk(rule("", "", rates, rounding=rounding, decimals=decimals), tick="0.5", lot="0.1")
    fee = charge(made, REMOVED, qty, price)
    exact = abs(Decimal(qty) * price) * Decimal("0.05") * rate / 10_000
    mode = getattr(decimal, f"ROUND_{rounding.name}")
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=mode, context=EXACT)
    assert fee == Fee(int(rounded.scaleb(8)), "USD")


@pytest.mark.parametrize(
    ("rounding", "to_5", "to_15", "to_minus_5"),
    [
        (FeeRounding.HALF_EVEN, 0, 2, 0),
        (FeeRounding.HALF_UP, 1, 2, -1),
        (FeeRounding.HALF_DOWN, 0, 1, 0),
        (FeeRounding.UP, 1, 2, -1),
        (FeeRounding.DOWN, 0, 1, 0),
        (FeeRounding.CEILING, 1, 2, 0),
        (FeeRounding.FLOOR, 0, 1, -1),
    ],
)
def test_a_half(rounding: FeeRounding, to_5: int, to_15: int, to_minus_5: int) -> None:
    """0.005, 0.015 and -0.005 to the cent."""
    rates = tier(taker="0.005", maker="-0.005")
    terms: Any = {"basis": FeeBasis.UNIT, "rounding": rounding, "decimals": 2}
    made = desk(rule("", "", rates, **terms))
    cent = 1_000_000
    assert charge(made, REMOVED, 1) == Fee(to_5 * cent, "USD")
    assert charge(made, REMOVED, 3) == Fee(to_15 * cent, "USD")
    assert charge(made, ADDED, 1) == Fee(to_minus_5 * cent, "USD")


def test_both_sides_of_a_trade_pay() -> None:
    made = desk(rule())
    made.new("a", SELL, 5, 10000)
    _, *fills = made.new("b", BUY, 3, 10000, session="TRADER2")
    assert [fill.fee for fill in fills] == [Fee(1_500_000, "USD"), Fee(-600_000, "USD")]
    assert [type(fill) for fill in fills] == [e.OrderFilled, e.OrderFilled]
    ledger = made.venue.ledger
    assert ledger.position("SOUTH", "", "AAPL").fees == {"USD": 1_500_000}
    assert ledger.position("NORTH", "", "AAPL").fees == {"USD": -600_000}
    assert ledger.earned == {"USD": 900_000}


def test_no_schedule_no_fee() -> None:
    made = desk()
    made.trade(10000)
    assert made.venue.trades.fees.schedule is None
    assert made.venue.ledger.earned == {}


def test_tiers_go_by_the_days_before() -> None:
    made = desk(rule("", "", tier(), tier("1000", taker="0.4"), tier("2000", taker="0.3")))
    made.advance("20260105 12:00")
    made.trade(10000, 10000)  # firm NORTH buys for 200
    assert charge(made, REMOVED, 1, 100) == Fee(5_000, "USD"), "today does not count"
    for day in range(6, 6 + DAYS):
        made.advance(f"202601{day:02d} 12:00" if day < 32 else f"202602{day - 31:02d} 12:00")
        made.trade(10000, 10000, 10000)
        if day == 10:
            assert charge(made, REMOVED, 1, 100) == Fee(4_000, "USD"), "200 + 4 * 300"
        if day == 11:
            assert charge(made, REMOVED, 1, 100) == Fee(4_000, "USD"), "1700"
        if day == 12:
            assert charge(made, REMOVED, 1, 100) == Fee(3_000, "USD"), "exactly 2000"
    past = made.venue.trades.volumes.past
    assert past("NORTH", "USD") == 200 + (DAYS - 1) * 300
    assert past("NORTH", "EUR") == past("WEST", "USD") == 0
    made.advance("20260205 12:00")
    assert past("NORTH", "USD") == DAYS * 300, "the first day is too long ago"


def test_volumes_are_exact_on_the_finest_grid() -> None:
    tiny = "0.000000000000000001"
    made = Desk(tick=tiny, lot=tiny, reference_price="0.001", min_qty=tiny, max_qty="0.000001")
    made.advance("20260105 12:00")
    price = 10**15
    made.new("a", SELL, 3, price + 1, session="TRADER2")
    made.new("b", BUY, 3, price + 1)
    made.advance("20260106 12:00")
    assert made.venue.trades.volumes.past("NORTH", "USD") == Fraction(3 * (price + 1), 10**36)


def test_an_instrument_with_another_currency() -> None:
    made = desk(rule())
    made.venue.handle(c.DefineInstrument(aapl(symbol="ABBN", currency="CHF")))
    fees = made.venue.trades.fees
    assert fees.charge("NORTH", "ABBN", REMOVED, 1, 10000) == Fee(500_000, "CHF")


@pytest.mark.parametrize("liquidity", [ADDED, REMOVED, AUCTION])
def test_a_new_schedule_holds_at_once(liquidity: Liquidity) -> None:
    made = desk(rule())
    charge(made, liquidity)
    made.venue.handle(c.DefineFees(FeeSchedule((rule("", "", tier("0", "1", "1", "1")),))))
    assert charge(made, liquidity, 1, 100) == Fee(10_000, "USD")
