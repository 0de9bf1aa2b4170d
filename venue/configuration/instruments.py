"""What may be traded, on which grid, and how far its price may go at once."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from venue.configuration.values import Fault, Name, Number, is_exact
from venue.core.grid import LARGEST
from venue.core.instrument import MAIN_MARKET

SECURITY_TYPES = ("CS", "PS", "WAR", "CB", "CORP", "FUT", "OPT", "FOR", "MF", "NONE")
"""Those codes of SecurityType(167) for something traded that every version served has."""

Currency = Annotated[
    str, Meta(pattern=r"\A[A-Z0-9]{3,8}\Z", description="3 to 8 capital letters or digits")
]
SecurityType = Annotated[
    str,
    Meta(
        pattern=rf"\A({'|'.join(SECURITY_TYPES)})\Z",
        description=f"one of {', '.join(SECURITY_TYPES)}",
    ),
]
CallSeconds = Annotated[int, Meta(ge=0, le=86_400, description="0 to 86400 seconds")]


class InstrumentConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be traded: tick and prices in `currency`, lot and quantities in units.

    The fields are those of `venue.core.instrument.InstrumentSpec`.
    """

    symbol: Name
    tick: Number
    lot: Number
    reference_price: Number
    min_qty: Number
    max_qty: Number
    collar_percent: Number = Decimal(50)
    currency: Currency
    market: Name = MAIN_MARKET
    security_type: SecurityType = ""
    dynamic_collar_percent: Number | None = None
    static_collar_percent: Number | None = None
    interruption_seconds: CallSeconds = 0
    interruption_random_seconds: CallSeconds = 0

    def faults(self) -> Iterator[Fault]:
        for field in msgspec.structs.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Decimal) and not (is_exact(value) and value > 0):
                digits = "above 0 with at most 18 digits on either side of the point"
                yield (field.name,), f"a decimal number {digits}"
                return
        price = Fraction(self.reference_price) / Fraction(self.tick)
        least, most = (Fraction(qty) / Fraction(self.lot) for qty in (self.min_qty, self.max_qty))
        if price.denominator != 1:
            yield ("reference_price",), f"a multiple of the tick {self.tick:f}"
        if least.denominator != 1:
            yield ("min_qty",), f"a multiple of the lot {self.lot:f}"
        if most.denominator != 1:
            yield ("max_qty",), f"a multiple of the lot {self.lot:f}"
        if most < least:
            yield ("max_qty",), f"at least the min_qty {self.min_qty:f}"
        if most > LARGEST:
            yield ("max_qty",), f"at most {LARGEST} lots of {self.lot:f}: it must fit in 53 bits"
        if price * (1 + Fraction(self.collar_percent) / 100) > LARGEST:
            bits = f"at most {LARGEST} ticks of {self.tick:f}: it must fit in 53 bits"
            yield ("reference_price",), f"a price whose upper collar is {bits}"
        yield from self._interruption_faults()

    def _interruption_faults(self) -> Iterator[Fault]:
        collars = "dynamic_collar_percent or static_collar_percent with it"
        if self.interruption_seconds:
            if self.dynamic_collar_percent is None and self.static_collar_percent is None:
                yield ("interruption_seconds",), collars
        elif self.interruption_random_seconds:
            yield ("interruption_random_seconds",), "interruption_seconds with it"
