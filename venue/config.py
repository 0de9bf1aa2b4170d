"""The configuration: what a YAML file may say, and the rules its values obey.

Types say what a single value is (the description is what an error calls `expected`), `faults` says
what values owe each other. `load` raises the first fault with its file, line and key path.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from venue.configuration.access import Address, HeartBtIntConfig, LockoutConfig, address_faults
from venue.configuration.fees import AccountingConfig, FeesConfig
from venue.configuration.firms import FirmConfig, desk_faults, membership_faults
from venue.configuration.instruments import InstrumentConfig
from venue.configuration.limits import LimitsConfig, limits_faults
from venue.configuration.market_data import MarketDataConfig, StatisticsConfig
from venue.configuration.monitoring import LogConfig, MonitoringConfig
from venue.configuration.quickfix_settings import refused_settings
from venue.configuration.schedules import DAYS, MarketConfig, PhaseConfig, ScheduleConfig
from venue.configuration.sessions import (
    Role,
    SelfMatchPreventionConfig,
    SessionConfig,
    SlowReaderConfig,
    ThrottleConfig,
)
from venue.configuration.values import (
    SUPPORTED_VERSIONS,
    Fault,
    Milliseconds,
    Name,
    Port,
    Seconds,
    Setting,
    Text,
    TimeOfDay,
    Version,
    below,
    choice,
    repeated,
    seconds_of,
)
from venue.configuration.web import WebConfig
from venue.core.instrument import MAIN_MARKET
from venue.core.orders import CL_ORD_IDS
from venue.journal.session_log import RESEND_WINDOW
from venue.schema import mismatches
from venue.yaml_document import Document

__all__ = [
    "DAYS",
    "SUPPORTED_VERSIONS",
    "AccountingConfig",
    "Config",
    "FeesConfig",
    "FirmConfig",
    "HeartBtIntConfig",
    "InstrumentConfig",
    "JournalConfig",
    "LimitsConfig",
    "LockoutConfig",
    "LogConfig",
    "MarketConfig",
    "MarketDataConfig",
    "MonitoringConfig",
    "PhaseConfig",
    "RetentionConfig",
    "Role",
    "ScheduleConfig",
    "SelfMatchPreventionConfig",
    "SessionConfig",
    "SlowReaderConfig",
    "StatisticsConfig",
    "ThrottleConfig",
    "VenueConfig",
    "WebConfig",
    "load",
]

ClOrdIdCount = Annotated[
    int, Meta(ge=1_000, le=100_000_000, description="1000 to 100000000 ids of a session")
]
MessageCount = Annotated[
    int, Meta(ge=100, le=10_000_000, description="100 to 10000000 messages of a session")
]
BatchCount = Annotated[
    int, Meta(ge=1, le=1_000_000_000, description="1 to 1000000000 batches of the journal")
]
Sync = Annotated[
    Literal["batch", "interval", "off"], Meta(description="one of batch, interval, off")
]


class VenueConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """The venue itself; port 0 is any free one."""

    comp_id: Name = "VENUE"
    host: Text = "127.0.0.1"
    port: Port = 9878
    versions: tuple[Version, ...] = SUPPORTED_VERSIONS
    day_ends: TimeOfDay = "00:00:00"
    data: Text = "var"
    schedule: ScheduleConfig | None = None
    throttle: ThrottleConfig | None = None
    slow_reader: SlowReaderConfig = SlowReaderConfig()
    heart_bt_int: HeartBtIntConfig = HeartBtIntConfig()
    lockout: LockoutConfig = LockoutConfig()
    proxies: tuple[Address, ...] | None = None

    @property
    def trading_day_ends(self) -> int:
        """When a trading day ends, in nanoseconds after midnight UTC."""
        return seconds_of(self.day_ends) * 1_000_000_000

    def faults(self) -> Iterator[Fault]:
        yield from choice("versions", self.versions, SUPPORTED_VERSIONS)
        if self.schedule is not None:
            yield from below(("schedule",), self.schedule.faults())
        yield from below(("heart_bt_int",), self.heart_bt_int.faults())
        yield from address_faults("proxies", self.proxies)


class JournalConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """How durable an answer is when a client hears it, and how often the state is written."""

    sync: Sync = "batch"
    interval_ms: Milliseconds = 50
    snapshot_batches: BatchCount = 50_000
    snapshot_seconds: Seconds = 600


class RetentionConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """How far back a session's own past is remembered."""

    cl_ord_ids: ClOrdIdCount = CL_ORD_IDS
    resend_messages: MessageCount = RESEND_WINDOW


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything `venue serve` needs to know; `quickfix` holds settings for all sessions."""

    venue: VenueConfig = VenueConfig()
    journal: JournalConfig = JournalConfig()
    retention: RetentionConfig = RetentionConfig()
    marketdata: MarketDataConfig = MarketDataConfig()
    statistics: StatisticsConfig = StatisticsConfig()
    monitoring: MonitoringConfig = MonitoringConfig()
    log: LogConfig = LogConfig()
    quickfix: dict[str, Setting] = {}
    firms: tuple[FirmConfig, ...] = ()
    sessions: tuple[SessionConfig, ...]
    markets: tuple[MarketConfig, ...] = ()
    instruments: tuple[InstrumentConfig, ...]
    limits: tuple[LimitsConfig, ...] = ()
    fees: FeesConfig | None = None
    accounting: AccountingConfig = AccountingConfig()
    web: WebConfig | None = None

    @property
    def known_firms(self) -> tuple[str, ...]:
        """Those of `firms`, or without it those that sessions and desks name."""
        if self.firms:
            return tuple(firm.name for firm in self.firms)
        named = [
            firm
            for session in self.sessions
            for firm in (session.firm, *(desk.firm for desk in session.desks))
            if firm is not None
        ]
        return tuple(dict.fromkeys(named))

    def faults(self) -> Iterator[Fault]:
        yield from below(("venue",), self.venue.faults())
        yield from below(("marketdata",), self.marketdata.faults())
        yield from below(("statistics",), self.statistics.faults())
        yield from below(("monitoring",), self.monitoring.faults())
        yield from refused_settings(self.quickfix)
        for at, firm in enumerate(self.firms):
            yield from below(("firms", at), firm.faults())
        yield from repeated("firms", "name", [firm.name for firm in self.firms])
        yield from self._session_faults()
        for at, market in enumerate(self.markets):
            yield from below(("markets", at), market.faults())
        yield from repeated("markets", "name", [market.name for market in self.markets])
        yield from self._instrument_faults()
        limited = limits_faults(self.limits, self.known_firms, self.firms, self.instruments)
        yield from below(("limits",), limited)
        if self.fees is not None:
            symbols = [instrument.symbol for instrument in self.instruments]
            yield from below(("fees",), self.fees.faults(self.known_firms, symbols))
        if self.web is not None:
            yield from below(("web",), self.web.faults(self.sessions, self.venue.versions))

    def _session_faults(self) -> Iterator[Fault]:
        if not self.sessions:
            yield ("sessions",), "at least one"
        firms = {firm.name: firm for firm in self.firms}
        for at, session in enumerate(self.sessions):
            yield from below(("sessions", at), session.faults())
            if session.versions is not None:
                served = choice("versions", session.versions, self.venue.versions)
                yield from below(("sessions", at), served)
            if session.comp_id == self.venue.comp_id:
                yield ("sessions", at, "comp_id"), "a name that is not the venue's own"
            known = membership_faults(session.firm, session.accounts, firms)
            yield from below(("sessions", at), known)
            yield from below(("sessions", at), desk_faults(session.desks, session.firm, firms))
        yield from repeated("sessions", "comp_id", [each.comp_id for each in self.sessions])
        taken: dict[str, int] = {}
        for at, session in enumerate(self.sessions):
            for name in session.names:
                if name in taken:
                    expected = f"no identity {name}, sessions[{taken[name]}] has that"
                    yield ("sessions", at, "desks" if session.desks else "comp_id"), expected
                taken[name] = at

    def _instrument_faults(self) -> Iterator[Fault]:
        if not self.instruments:
            yield ("instruments",), "at least one"
        markets = list(dict.fromkeys([*(market.name for market in self.markets), MAIN_MARKET]))
        for at, instrument in enumerate(self.instruments):
            yield from below(("instruments", at), instrument.faults())
            if instrument.market not in markets:
                yield ("instruments", at, "market"), f"one of {', '.join(markets)}"
        yield from repeated("instruments", "symbol", [each.symbol for each in self.instruments])


def load(path: Path, overrides: Sequence[str] = ()) -> Config:
    """Read a configuration and the `key.path=value` overrides; raise `ConfigError` at a fault."""
    document = Document.read(path)
    for override in overrides:
        document.override(override)
    for at, expected, found in mismatches(Config, document.tree):
        raise document.error(at, expected, found)
    config = msgspec.convert(document.tree, Config, strict=False)
    for at, expected in config.faults():
        raise document.error(at, expected)
    return config
