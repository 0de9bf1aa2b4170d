"""Where the venue can be watched, and how it writes its log."""

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta, Struct

from venue.configuration.values import Fault, Flag, Port, Text

LogFormat = Annotated[Literal["text", "json"], Meta(description="one of text, json")]


class MonitoringConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """The ports of the venue and of the market data process, None for a Unix socket alone."""

    host: Text = "127.0.0.1"
    port: Port | None = None
    marketdata_port: Port | None = None

    def faults(self) -> Iterator[Fault]:
        if self.port and self.port == self.marketdata_port:
            yield ("marketdata_port",), "another port than monitoring.port"


class LogConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """How a line looks, and whether every FIX message is one."""

    format: LogFormat = "text"
    messages: Flag = False
