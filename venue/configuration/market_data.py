"""How often subscribers hear of the market, from which process, and which statistics it keeps."""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct

from venue.configuration.values import Fault, Interval, Port, Text

Window = Annotated[
    int,
    Meta(ge=60, le=2_592_000, multiple_of=60, description="60 to 2592000 seconds, whole minutes"),
]


class MarketDataConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`interval_ms` of 0 is every batch; with a `port` another process serves the market data."""

    interval_ms: Interval = 0
    host: Text = "127.0.0.1"
    port: Port | None = None
    address: Text | None = None

    def faults(self) -> Iterator[Fault]:
        if self.port is None and self.address is not None:
            yield ("address",), "no address where there is no port"

    @property
    def told(self) -> str:
        """Where subscribers are to go, as they are told."""
        return self.address or f"{self.host}:{self.port}"


class StatisticsConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """The windows of the realised volatility, in seconds."""

    volatility_windows: tuple[Window, ...] = (300, 3_600, 86_400)

    def faults(self) -> Iterator[Fault]:
        for index, window in enumerate(self.volatility_windows):
            if window in self.volatility_windows[:index]:
                yield ("volatility_windows", index), "each window once"
