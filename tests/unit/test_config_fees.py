"""What `fees:` and `accounting:` may say, and what the core makes of it."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.test_config import MINIMAL
from venue.config import Config, load
from venue.core.fees import FeeRule, FeeSchedule, FeeTier
from venue.core.types import CostMethod, FeeBasis, FeeRounding
from venue.errors import ConfigError

FEES = """\
fees:
  maker: -0.2
  taker: 0.5
  tiers:
    - {volume: 1000, maker: -0.3, taker: 0.4, auction: 0.1}
    - {volume: 5000, maker: -0.4, taker: 0.3}
  minimum: 0.005
  decimals: 3
  rounding: ceiling
  overrides:
    - {firm: ALPHA, maker: 0, taker: 0.1, auction: 1}
    - {firm: BETA, symbol: BRK, basis: unit, maker: 0.001, taker: 0.002, currency: EUR}
    - {symbol: BRK.B, maker: 1, taker: 2, minimum: 0, rounding: floor, decimals: 8}
"""


def loaded(tmp_path: Path, text: str = FEES, *overrides: str) -> Config:
    path = tmp_path / "venue.yaml"
    path.write_text(text + MINIMAL)
    return load(path, overrides)


def tier(volume: str, maker: str, taker: str, auction: str) -> FeeTier:
    return FeeTier(Decimal(volume), Decimal(maker), Decimal(taker), Decimal(auction))


def test_a_schedule(tmp_path: Path) -> None:
    fees = loaded(tmp_path).fees
    assert fees is not None
    bps, least, ceiling = FeeBasis.BPS, Decimal("0.005"), FeeRounding.CEILING
    tiers = (
        tier("0", "-0.2", "0.5", "-0.2"),
        tier("1000", "-0.3", "0.4", "0.1"),
        tier("5000", "-0.4", "0.3", "-0.4"),
    )
    assert fees.schedule() == FeeSchedule(
        (
            FeeRule("", "", bps, tiers, least, 3, ceiling, ""),
            FeeRule("ALPHA", "", bps, (tier("0", "0", "0.1", "1"),), least, 3, ceiling, ""),
            FeeRule(
                *("BETA", "BRK", FeeBasis.UNIT, (tier("0", "0.001", "0.002", "0.001"),)),
                *(least, 3, ceiling, "EUR"),
            ),
            FeeRule(
                *("", "BRK.B", bps, (tier("0", "1", "2", "1"),)),
                *(Decimal(0), 8, FeeRounding.FLOOR, ""),
            ),
        )
    )


def test_the_defaults(tmp_path: Path) -> None:
    config = loaded(tmp_path, "")
    assert config.fees is None
    assert config.accounting.cost_method is CostMethod.AVERAGE
    assert config.accounting.trades == 100_000
    fees = loaded(tmp_path, "fees: {maker: 0, taker: 1}\n").fees
    assert fees is not None
    [rule] = fees.schedule().rules
    assert (rule.decimals, rule.rounding, rule.minimum) == (2, FeeRounding.HALF_EVEN, 0)


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("fees.maker=-10000.1", "a rate from -10000 to 10000 basis points"),
        ("fees.taker=10001", "a rate from -10000 to 10000 basis points"),
        ("fees.auction=nan", "a rate from -10000 to 10000 basis points"),
        ("fees.taker=0.00000000001", "with at most 10 places"),
        ("fees.taker=1e-30", "with at most 10 places"),
        ("fees.taker=much", "a decimal number"),
        ("fees.tiers[0].maker=-20000", "a rate from -10000 to 10000 basis points"),
        ("fees.tiers[1].volume=1000", "a volume above 1000"),
        ("fees.tiers[0].volume=0", "a volume above 0"),
        ("fees.minimum=-1", "an amount from 0 to 1000000000"),
        ("fees.minimum=0.0005", "with at most 3 places, as `decimals` says"),
        ("fees.decimals=9", "0 to 8 places"),
        ("fees.rounding=nearest", "one of half_even, half_up"),
        ("fees.basis=percent", "one of bps, unit"),
        ("fees.currency=USD", "none: basis points are of the instrument's currency"),
        ("fees.overrides[0].firm=GAMMA", "one of ALPHA, BETA"),
        ("fees.overrides[1].symbol=MSFT", "one of BRK, BRK.B"),
        ("fees.overrides[0].firm=", "a firm, a symbol or both"),
        ("fees.overrides[0].decimals=1", "with at most 1 places"),
        ("fees.overrides[1].basis=bps", "none: basis points are of the instrument's currency"),
        ("fees.overrides[1].taker=10000000000", "a rate from -1000000000 to 1000000000 a unit"),
        ("fees.overrides[2]={firm: ALPHA, maker: 1, taker: 1}", "one override for the same"),
        ("accounting.cost_method=lifo", "one of average, fifo"),
        ("accounting.trades=999", "1000 to 10000000 trades"),
        ("accounting.trades=10000001", "1000 to 10000000 trades"),
    ],
)
def test_what_cannot_be(tmp_path: Path, override: str, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, FEES, override)
    assert expected in str(caught.value)
