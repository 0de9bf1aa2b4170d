"""The configuration: what a YAML file may say, and the rules its values obey.

Types say what a single value is (the description is what an error calls `expected`), `faults` says
what values owe each other. `load` raises the first fault with its file, line and key path.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from venue.core.grid import LARGEST
from venue.core.orders import CL_ORD_IDS
from venue.core.types import PostOnly, SelfMatchPreventionInstruction, TriggerPriceType
from venue.journal.session_log import RESEND_WINDOW
from venue.schema import mismatches
from venue.yaml_document import Document, KeyPath

SUPPORTED_VERSIONS = ("FIX.4.2", "FIX.4.4", "FIX.5.0SP2")

Fault = tuple[KeyPath, str]


class Role(StrEnum):
    """What a session may do."""

    ORDER_ENTRY = "order_entry"
    MARKET_DATA = "market_data"


_NAME_RULE = "1 to 32 printable ASCII characters without spaces"

Name = Annotated[str, Meta(pattern=r"\A[!-~]{1,32}\Z", description=_NAME_RULE)]
Text = Annotated[str, Meta(min_length=1, description="a text that is not empty")]
Port = Annotated[int, Meta(ge=0, le=65535, description="a port number from 0 to 65535")]
Milliseconds = Annotated[int, Meta(ge=1, le=60_000, description="1 to 60000 milliseconds")]
ClOrdIdCount = Annotated[
    int, Meta(ge=1_000, le=100_000_000, description="1000 to 100000000 ids of a session")
]
MessageCount = Annotated[
    int, Meta(ge=100, le=10_000_000, description="100 to 10000000 messages of a session")
]
BatchCount = Annotated[
    int, Meta(ge=1, le=1_000_000_000, description="1 to 1000000000 batches of the journal")
]
Seconds = Annotated[int, Meta(ge=1, le=86_400, description="1 to 86400 seconds")]
Rate = Annotated[int, Meta(ge=1, le=1_000_000, description="1 to 1000000 messages")]
Bytes = Annotated[int, Meta(ge=1 << 20, le=1 << 40, description="1048576 to 1099511627776 bytes")]
Number = Annotated[Decimal, Meta(description="a decimal number above 0")]
Currency = Annotated[
    str, Meta(pattern=r"\A[A-Z0-9]{3,8}\Z", description="3 to 8 capital letters or digits")
]
Sync = Annotated[
    Literal["batch", "interval", "off"], Meta(description="one of batch, interval, off")
]
RoleName = Annotated[Role, Meta(description=f"one of {', '.join(Role)}")]
Version = Annotated[str, Meta(description=f"one of {', '.join(SUPPORTED_VERSIONS)}")]
TimeOfDay = Annotated[
    str,
    Meta(
        pattern=r"\A([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\Z",
        description="a time of day in UTC, HH:MM:SS from 00:00:00 to 23:59:59",
    ),
]
LocalTime = Annotated[
    str,
    Meta(
        pattern=r"\A([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\Z",
        description="a time of day, HH:MM:SS from 00:00:00 to 23:59:59",
    ),
]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Day = Annotated[
    Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    Meta(description=f"one of {', '.join(DAYS)}"),
]
Flag = Annotated[bool, Meta(description="true or false")]
TriggerPrice = Annotated[
    Literal["last_trade", "best_quote"], Meta(description="one of last_trade, best_quote")
]
PostOnlyRule = Annotated[PostOnly, Meta(description=f"one of {', '.join(PostOnly)}")]
Instruction = Annotated[
    Literal["cancel_aggressor", "cancel_resting", "cancel_both", "decrement"],
    Meta(description="one of cancel_aggressor, cancel_resting, cancel_both, decrement"),
]
Setting = Annotated[str, Meta(description="a single value")]

_OURS = {
    "BeginString": "`versions` decides it",
    "DefaultApplVerID": "`versions` decides it",
    "SenderCompID": "it is the venue's `comp_id`",
    "TargetCompID": "it is the session's `comp_id`",
    "SessionQualifier": "the session's `comp_id` is its only name",
    "ConnectionType": "the venue accepts, clients initiate",
    "SocketAcceptHost": "it is the venue's `host`",
    "SocketAcceptPort": "it is the venue's `port`",
    "UseDataDictionary": "the venue validates with its own dictionaries",
    "DataDictionary": "the venue validates with its own dictionaries",
    "AppDataDictionary": "the venue validates with its own dictionaries",
    "TransportDataDictionary": "the venue validates with its own dictionaries",
    "AllowedRemoteAddresses": "the venue does not restrict addresses yet, a firewall can",
    "FileStorePath": "the venue's journal is the message store",
    "ResetOnLogout": "sequence numbers go on until the session's `schedule` ends them",
    "ResetOnDisconnect": "sequence numbers go on until the session's `schedule` ends them",
    "RefreshOnLogon": "the venue's journal is the message store",
    **dict.fromkeys(
        (
            *("StartTime", "EndTime", "StartDay", "EndDay", "UseLocalTime", "NonStopSession"),
            *("LogonTime", "LogoutTime", "LogonDay", "LogoutDay"),
        ),
        "`schedule` decides it",
    ),
}
_REFUSED = {setting.lower(): reason for setting, reason in _OURS.items()}


class ScheduleConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a session may be logged on: from `start` to `end` on `days`, or once a week from
    `start_day` to `end_day`.
    """

    start: LocalTime
    end: LocalTime
    days: tuple[Day, ...] | None = None
    start_day: Day | None = None
    end_day: Day | None = None
    time_zone: Text = "UTC"

    def faults(self) -> Iterator[Fault]:
        if self.days is not None:
            yield from _choice("days", self.days, DAYS)
        if self.days is not None and self.start_day is not None:
            yield ("start_day",), "either days, or start_day and end_day"
        if (self.start_day is None) != (self.end_day is None):
            given = "end_day" if self.start_day is None else "start_day"
            yield (given,), "start_day and end_day together"
        try:
            ZoneInfo(self.time_zone)
        except (OSError, ValueError, KeyError):
            yield ("time_zone",), "a name of the IANA time zone database, as in Europe/Zurich"


class ThrottleConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rate at which a session may send, and how often it may be over it."""

    messages: Rate
    seconds: Seconds = 1
    breaches: Rate = 10
    within: Seconds = 30


class SlowReaderConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """How much may wait for a client that does not read, and how long."""

    bytes: Bytes = 16 << 20
    seconds: Seconds = 30


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

    @property
    def trading_day_ends(self) -> int:
        """When a trading day ends, in nanoseconds after midnight UTC."""
        hours, minutes, seconds = map(int, self.day_ends.split(":"))
        return ((hours * 60 + minutes) * 60 + seconds) * 1_000_000_000

    def faults(self) -> Iterator[Fault]:
        yield from _choice("versions", self.versions, SUPPORTED_VERSIONS)
        if self.schedule is not None:
            yield from _below(("schedule",), self.schedule.faults())


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


class SelfMatchPreventionConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """What a session's orders have where they say nothing else themselves."""

    id: Name
    instruction: Instruction = "cancel_resting"

    @property
    def code(self) -> SelfMatchPreventionInstruction:
        return SelfMatchPreventionInstruction[self.instruction.upper()]


class SessionConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """A client that may log on; `versions` of None are the venue's."""

    comp_id: Name
    firm: Name
    roles: tuple[RoleName, ...]
    versions: tuple[Version, ...] | None = None
    cancel_on_disconnect: Flag = False
    trigger_price: TriggerPrice = "last_trade"
    post_only: PostOnlyRule = PostOnly.REFUSE
    self_match_prevention: SelfMatchPreventionConfig | None = None
    schedule: ScheduleConfig | None = None
    throttle: ThrottleConfig | None = None
    quickfix: dict[str, Setting] = {}

    @property
    def trigger_price_type(self) -> TriggerPriceType:
        return TriggerPriceType[self.trigger_price.upper()]

    def faults(self) -> Iterator[Fault]:
        yield from _choice("roles", self.roles, tuple(Role))
        yield from _refused_settings(self.quickfix)
        if self.schedule is not None:
            yield from _below(("schedule",), self.schedule.faults())


class InstrumentConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be traded: tick and prices in `currency`, lot and quantities in units."""

    symbol: Name
    tick: Number
    lot: Number
    reference_price: Number
    min_qty: Number
    max_qty: Number
    collar_percent: Number = Decimal(50)
    currency: Currency

    def faults(self) -> Iterator[Fault]:
        for field in msgspec.structs.fields(self):
            if field.type is Number and not _is_exact(getattr(self, field.name)):
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


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything `venue serve` needs to know; `quickfix` holds settings for all sessions."""

    venue: VenueConfig = VenueConfig()
    journal: JournalConfig = JournalConfig()
    retention: RetentionConfig = RetentionConfig()
    quickfix: dict[str, Setting] = {}
    sessions: tuple[SessionConfig, ...]
    instruments: tuple[InstrumentConfig, ...]

    def faults(self) -> Iterator[Fault]:
        yield from _below(("venue",), self.venue.faults())
        yield from _refused_settings(self.quickfix)
        for at, session in enumerate(self.sessions):
            yield from _below(("sessions", at), session.faults())
            if session.versions is not None:
                served = _choice("versions", session.versions, self.venue.versions)
                yield from _below(("sessions", at), served)
            if session.comp_id == self.venue.comp_id:
                yield ("sessions", at, "comp_id"), "a name that is not the venue's own"
        for at, instrument in enumerate(self.instruments):
            yield from _below(("instruments", at), instrument.faults())
        yield from _repeated("sessions", "comp_id", [s.comp_id for s in self.sessions])
        yield from _repeated("instruments", "symbol", [i.symbol for i in self.instruments])


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


def _is_exact(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and number > 0 and number.adjusted() < 18 and exponent >= -18


def _below(at: KeyPath, faults: Iterator[Fault]) -> Iterator[Fault]:
    for key, expected in faults:
        yield (*at, *key), expected


def _choice(key: str, chosen: Sequence[str], among: Sequence[str]) -> Iterator[Fault]:
    if not chosen:
        yield (key,), f"at least one of {', '.join(among)}"
    for index, value in enumerate(chosen):
        if value not in among:
            yield (key, index), f"one of {', '.join(among)}"
        if value in chosen[:index]:
            yield (key, index), "each value once"


def _repeated(listed: str, key: str, names: list[str]) -> Iterator[Fault]:
    if not names:
        yield (listed,), "at least one"
    for index, name in enumerate(names):
        if (first := names.index(name)) < index:
            yield (listed, index, key), f"each {key} once ({listed}[{first}] has it too)"


def _refused_settings(settings: dict[str, str]) -> Iterator[Fault]:
    for setting, value in settings.items():
        if reason := _REFUSED.get(setting.lower()):
            yield ("quickfix", setting), f"no such setting here: {reason}"
        if not value.isprintable():
            yield ("quickfix", setting), "printable text on one line"
