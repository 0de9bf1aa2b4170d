"""What a start tells the venue: all that the configuration says and the journal does not."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.unit.test_config import MINIMAL
from venue.app import changed_instruments, changed_limits, changed_settings
from venue.config import Config, load
from venue.core.commands import (
    DefineAccounting,
    DefineFees,
    DefineInstrument,
    DefineLimits,
    DefineRetention,
    DefineSeed,
    DefineStatistics,
    DelistInstrument,
)
from venue.core.fees import FeeSchedule
from venue.core.limits import Limits, Scope
from venue.core.types import CostMethod
from venue.core.venue import Venue
from venue.errors import ConfigError


@pytest.fixture
def configured(tmp_path: Path) -> Any:
    """A configuration with overrides."""

    def of(*overrides: str) -> Config:
        path = tmp_path / "venue.yaml"
        path.write_text("markets: [{name: XSWX}]\n" + MINIMAL)
        return load(path, overrides)

    return of


def started(config: Config, venue: Venue | None = None) -> Venue:
    """The venue after a start with `config`."""
    venue = venue or Venue()
    for command in (*changed_settings(config, venue), *changed_instruments(config, venue)):
        venue.handle(command)
    return venue


def test_a_first_start(configured: Any) -> None:
    config = configured("retention.cl_ord_ids=5000", "instruments.BRK.market=XSWX")
    retention, statistics, seed = changed_settings(config, Venue())
    assert retention == DefineRetention(5000)
    assert statistics == DefineStatistics((300, 3600, 86400))
    assert isinstance(seed, DefineSeed)
    assert 0 < seed.seed < 1 << 63
    first, second = changed_instruments(config, Venue())
    assert (first.spec.symbol, first.spec.market, first.configured) == ("BRK", "XSWX", True)
    assert (second.spec.symbol, second.spec.market) == ("BRK.B", "MAIN")
    assert second.spec.collar_percent == Decimal("12.5")


def test_every_journal_has_a_seed_of_its_own(configured: Any) -> None:
    assert len({started(configured()).seed for _ in range(5)}) == 5


def test_nothing_new(configured: Any) -> None:
    venue = started(configured())
    assert list(changed_settings(configured(), venue)) == []
    assert changed_instruments(configured(), venue) == []


def test_what_is_new(configured: Any) -> None:
    venue = started(configured())
    seed = venue.seed
    config = configured(
        "statistics.volatility_windows=[60]",
        "instruments.BRK.dynamic_collar_percent=2",
        "instruments.BRK.interruption_seconds=60",
    )
    assert list(changed_settings(config, venue)) == [DefineStatistics((60,))]
    [change] = changed_instruments(config, venue)
    assert change.spec.dynamic_collar_percent == 2
    assert change.spec.interruption_seconds == 60
    started(config, venue)
    assert (venue.seed, venue.trading.windows) == (seed, (60,))
    assert venue.instruments["BRK"].spec == change.spec
    assert changed_instruments(config, venue) == []


def test_an_instrument_that_is_gone_stays(configured: Any) -> None:
    venue = started(configured())
    config = configured()
    only = [each for each in config.instruments if each.symbol == "BRK.B"]
    assert changed_instruments(Config(sessions=config.sessions, instruments=(*only,)), venue) == []
    assert venue.listed("BRK")


def test_an_operators_word_stands_until_the_configuration_has_a_new_one(configured: Any) -> None:
    venue = started(configured())
    [spec] = [each.spec for each in venue.instruments.values() if each.symbol == "BRK"]
    venue.handle(DelistInstrument("BRK"))
    assert changed_instruments(configured(), venue) == []
    [again] = changed_instruments(configured("instruments.BRK.max_qty=5"), venue)
    assert again == DefineInstrument(again.spec, configured=True)
    assert again.spec != spec
    venue.handle(again)
    assert venue.listed("BRK")


@pytest.mark.parametrize(
    ("override", "key", "found", "expected"),
    [
        ("instruments.BRK.tick=0.5", "instruments.BRK.tick", "0.5", "0.01, as in the journal"),
        ("instruments.BRK.B.lot=0.05", "instruments.BRK.B.lot", "0.05", "0.1, as in the journal"),
        ("instruments.BRK.currency=X12", "instruments.BRK.currency", "X12", "USD, as in"),
    ],
)
def test_fixed_terms(configured: Any, override: str, key: str, found: str, expected: str) -> None:
    venue = started(configured())
    with pytest.raises(ConfigError) as caught:
        changed_instruments(configured(override), venue)
    assert (caught.value.key, caught.value.found) == (key, found)
    assert caught.value.expected.startswith(expected)


def test_fees_and_accounting(configured: Any) -> None:
    """Told once, told again when they are others, and taken back."""
    terms = "fees.maker=-0.1", "fees.taker=0.3", "accounting.cost_method=fifo"
    venue = started(configured(*terms))
    fees = configured(*terms).fees
    assert fees is not None and venue.trades.fees.schedule == fees.schedule()
    assert venue.trades.accounting == (CostMethod.FIFO, 100_000)
    assert list(changed_settings(configured(*terms), venue)) == []
    changed = changed_settings(configured(*terms, "fees.taker=0.30"), venue)
    assert list(changed) == [], "the same number"
    assert list(changed_settings(configured(), venue)) == [
        DefineFees(FeeSchedule()),
        DefineAccounting(CostMethod.AVERAGE, 100_000),
    ]
    assert started(configured(), venue).trades.fees.schedule is None


def test_limits(configured: Any) -> None:
    """Told once; an operator's word stands until the configuration has a new one."""
    terms = "limits=[{firm: ALPHA, max_order_qty: 5}, {max_open_orders: 9}]"
    venue = started(configured())
    assert changed_limits(configured(), venue) == []
    told = changed_limits(configured(terms), venue)
    alpha, each_firm = Scope("ALPHA"), Scope("")
    assert told == [
        DefineLimits(alpha, Limits(max_order_qty=Decimal(5)), True),
        DefineLimits(each_firm, Limits(max_open_orders=9), True),
    ]
    for command in told:
        venue.handle(command)
    assert changed_limits(configured(terms), venue) == []
    venue.handle(DefineLimits(alpha, Limits(max_order_qty=Decimal(3))))
    venue.handle(DefineLimits(Scope("BETA"), Limits(max_order_qty=Decimal(3))))
    assert changed_limits(configured(terms), venue) == []
    terms = "limits=[{firm: ALPHA, max_order_qty: 4}]"
    told = changed_limits(configured(terms), venue)
    assert told == [
        DefineLimits(each_firm, None, True),
        DefineLimits(alpha, Limits(max_order_qty=Decimal(4)), True),
    ]
    for command in told:
        venue.handle(command)
    assert venue.risk.limits == {
        alpha: Limits(max_order_qty=Decimal(4)),
        Scope("BETA"): Limits(max_order_qty=Decimal(3)),
    }
    assert changed_limits(configured(), venue) == [DefineLimits(alpha, None, True)]
