"""What trades cost, and how positions are counted."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from venue.configuration.instruments import Currency
from venue.configuration.values import Fault, Name, below
from venue.core.fees import FEE_DIGITS, FeeRule, FeeSchedule, FeeTier
from venue.core.trades import TRADES
from venue.core.types import CostMethod, FeeBasis, FeeRounding

MOST_BPS = 10_000
MOST = 10**9
"""Money a unit, and of a minimum."""
MOST_VOLUME = 10**18
DIGITS = 10
"""Places of a rate or a volume."""

Amount = Annotated[Decimal, Meta(description="a decimal number")]
Places = Annotated[int, Meta(ge=0, le=FEE_DIGITS, description=f"0 to {FEE_DIGITS} places")]
Basis = Annotated[FeeBasis, Meta(description=f"one of {', '.join(FeeBasis)}")]
Rounding = Annotated[FeeRounding, Meta(description=f"one of {', '.join(FeeRounding)}")]
Method = Annotated[CostMethod, Meta(description=f"one of {', '.join(CostMethod)}")]
TradeCount = Annotated[int, Meta(ge=1_000, le=10_000_000, description="1000 to 10000000 trades")]


class FeeTierConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rates from a volume of the last 30 trading days on; without `auction` the maker's."""

    volume: Amount
    maker: Amount
    taker: Amount
    auction: Amount | None = None


class FeeOverrideConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rates of a firm, an instrument, or a firm in an instrument; what is None below the tiers is
    as in general.
    """

    firm: Name | None = None
    symbol: Name | None = None
    maker: Amount
    taker: Amount
    auction: Amount | None = None
    tiers: tuple[FeeTierConfig, ...] = ()
    basis: Basis | None = None
    minimum: Amount | None = None
    decimals: Places | None = None
    rounding: Rounding | None = None
    currency: Currency | None = None


class FeesConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a fill costs each side: basis points of the money traded or money a unit, below 0 for a
    rebate.
    """

    maker: Amount
    taker: Amount
    auction: Amount | None = None
    tiers: tuple[FeeTierConfig, ...] = ()
    basis: Basis = FeeBasis.BPS
    minimum: Amount = Decimal(0)
    decimals: Places = 2
    rounding: Rounding = FeeRounding.HALF_EVEN
    currency: Currency | None = None
    overrides: tuple[FeeOverrideConfig, ...] = ()

    def schedule(self) -> FeeSchedule:
        """What the core computes with."""
        special = [
            _rule(each.firm or "", each.symbol or "", self.overridden(each))
            for each in self.overrides
        ]
        return FeeSchedule((_rule("", "", self), *special))

    def overridden(self, by: FeeOverrideConfig) -> "FeesConfig":
        """What holds for whom an override is about."""
        own = {name: getattr(by, name) for name in ("maker", "taker", "auction", "tiers")}
        for name in ("basis", "minimum", "decimals", "rounding", "currency"):
            if getattr(by, name) is not None:
                own[name] = getattr(by, name)
        return msgspec.structs.replace(self, **own, overrides=())

    def faults(self, firms: Sequence[str], symbols: Sequence[str]) -> Iterator[Fault]:
        """Find what does not go together; `firms` and `symbols` are those that there are."""
        yield from self._own_faults()
        about: list[tuple[str | None, str | None]] = []
        for at, each in enumerate(self.overrides):
            place = "overrides", at
            if each.firm is None and each.symbol is None:
                yield place, "a firm, a symbol or both"
            if each.firm is not None and each.firm not in firms:
                yield (*place, "firm"), f"one of {', '.join(firms)}"
            if each.symbol is not None and each.symbol not in symbols:
                yield (*place, "symbol"), f"one of {', '.join(symbols)}"
            if (each.firm, each.symbol) in about:
                first = about.index((each.firm, each.symbol))
                yield place, f"one override for the same (overrides[{first}] is, too)"
            about.append((each.firm, each.symbol))
            yield from below(place, self.overridden(each)._own_faults())

    def _own_faults(self) -> Iterator[Fault]:
        most = MOST_BPS if self.basis is FeeBasis.BPS else MOST
        unit = "basis points" if self.basis is FeeBasis.BPS else "a unit"
        expected = f"a rate from -{most} to {most} {unit}, with at most {DIGITS} places"
        for name in ("maker", "taker", "auction"):
            if not _is_within(getattr(self, name), most):
                yield (name,), expected
        reached = Decimal(0)
        for at, tier in enumerate(self.tiers):
            for name in ("maker", "taker", "auction"):
                if not _is_within(getattr(tier, name), most):
                    yield ("tiers", at, name), expected
            if not _is_within(tier.volume, MOST_VOLUME) or tier.volume <= reached:
                text = f"a volume above {reached:f} and up to {MOST_VOLUME}"
                yield ("tiers", at, "volume"), text
                return
            reached = tier.volume
        if not _is_within(self.minimum, MOST, self.decimals) or self.minimum < 0:
            places = f"with at most {self.decimals} places, as `decimals` says"
            yield ("minimum",), f"an amount from 0 to {MOST} {places}"
        if self.currency is not None and self.basis is FeeBasis.BPS:
            yield ("currency",), "none: basis points are of the instrument's currency"


class AccountingConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """How the cost of positions is counted, and how many trades are remembered."""

    cost_method: Method = CostMethod.AVERAGE
    trades: TradeCount = TRADES


def _is_within(number: Decimal | None, most: int, places: int = DIGITS) -> bool:
    """Whether there is none, or one that is exact and not too large."""
    if number is None:
        return True
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -18 or abs(number) > most:
        return False
    return bool((Fraction(number) * 10**places).denominator == 1)


def _rule(firm: str, symbol: str, fees: FeesConfig) -> FeeRule:
    rates = FeeTierConfig(
        volume=Decimal(0), maker=fees.maker, taker=fees.taker, auction=fees.auction
    )
    return FeeRule(
        firm,
        symbol,
        fees.basis,
        tuple(map(_tier, (rates, *fees.tiers))),
        fees.minimum,
        fees.decimals,
        fees.rounding,
        fees.currency or "",
    )


def _tier(tier: FeeTierConfig) -> FeeTier:
    auction = tier.maker if tier.auction is None else tier.auction
    return FeeTier(tier.volume, tier.maker, tier.taker, auction)
