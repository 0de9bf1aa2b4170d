"""Who may log on, and what a session may ask, how often and at which hours."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct

from venue.configuration.quickfix_settings import refused_settings
from venue.configuration.schedules import ScheduleConfig
from venue.configuration.values import (
    Fault,
    Flag,
    Interval,
    Name,
    Seconds,
    Setting,
    Version,
    below,
    choice,
)
from venue.core.types import PostOnly, SelfMatchPreventionInstruction, TriggerPriceType


class Role(StrEnum):
    """What a session may do."""

    ORDER_ENTRY = "order_entry"
    MARKET_DATA = "market_data"
    OPERATOR = "operator"


Rate = Annotated[int, Meta(ge=1, le=1_000_000, description="1 to 1000000 messages")]
Bytes = Annotated[int, Meta(ge=1 << 20, le=1 << 40, description="1048576 to 1099511627776 bytes")]
RoleName = Annotated[Role, Meta(description=f"one of {', '.join(Role)}")]
TriggerPrice = Annotated[
    Literal["last_trade", "best_quote"], Meta(description="one of last_trade, best_quote")
]
PostOnlyRule = Annotated[PostOnly, Meta(description=f"one of {', '.join(PostOnly)}")]
Instruction = Annotated[
    Literal["cancel_aggressor", "cancel_resting", "cancel_both", "decrement"],
    Meta(description="one of cancel_aggressor, cancel_resting, cancel_both, decrement"),
]


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


class SelfMatchPreventionConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """What a session's orders have where they say nothing else themselves."""

    id: Name
    instruction: Instruction = "cancel_resting"

    @property
    def code(self) -> SelfMatchPreventionInstruction:
        return SelfMatchPreventionInstruction[self.instruction.upper()]


class SessionConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """A client that may log on; `versions` and `marketdata_interval_ms` of None are the venue's."""

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
    marketdata_interval_ms: Interval | None = None
    quickfix: dict[str, Setting] = {}

    @property
    def trigger_price_type(self) -> TriggerPriceType:
        return TriggerPriceType[self.trigger_price.upper()]

    def faults(self) -> Iterator[Fault]:
        yield from choice("roles", self.roles, tuple(Role))
        yield from refused_settings(self.quickfix)
        if self.schedule is not None:
            yield from below(("schedule",), self.schedule.faults())
