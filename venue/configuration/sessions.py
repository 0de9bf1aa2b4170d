"""Who may log on, and what a session may ask, how often and at which hours."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct

from venue.configuration.access import (
    NO_PASSWORD,
    Address,
    HeartBtIntConfig,
    Password,
    Username,
    address_faults,
    password_faults,
)
from venue.configuration.firms import Account, DeskConfig, account_faults
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
    DROP_COPY = "drop_copy"
    CLEARING = "clearing"


WATCHING = frozenset({Role.DROP_COPY, Role.CLEARING})
"""Roles that are told what others trade; who has one trades nothing itself."""
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
    """A client that may log on; `versions`, `marketdata_interval_ms` and `heart_bt_int` of None are
    the venue's, `accounts` of None those of its firm, `username` of None is its CompID.
    """

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
    accounts: tuple[Account, ...] | None = None
    desks: tuple[DeskConfig, ...] = ()
    username: Username | None = None
    password: Password = NO_PASSWORD
    addresses: tuple[Address, ...] | None = None
    heart_bt_int: HeartBtIntConfig | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The identities of the session, each by a name that no other may have."""
        return (self.comp_id, *(desk_name(self.comp_id, *desk.key) for desk in self.desks))

    @property
    def trigger_price_type(self) -> TriggerPriceType:
        return TriggerPriceType[self.trigger_price.upper()]

    def faults(self) -> Iterator[Fault]:
        yield from choice("roles", self.roles, tuple(Role))
        if Role.ORDER_ENTRY in self.roles and WATCHING.intersection(self.roles):
            yield ("roles",), "drop_copy and clearing without order_entry"
        yield from refused_settings(self.quickfix)
        if self.schedule is not None:
            yield from below(("schedule",), self.schedule.faults())
        yield from account_faults(self.accounts)
        if self.desks and Role.ORDER_ENTRY not in self.roles:
            yield ("desks",), "absent without the role order_entry"
        for at, desk in enumerate(self.desks):
            yield from below(("desks", at), desk.faults())
        yield from password_faults(self.password)
        if self.username is not None and self.password == NO_PASSWORD:
            yield ("username",), "a password with it"
        yield from address_faults("addresses", self.addresses)
        if self.heart_bt_int is not None:
            yield from below(("heart_bt_int",), self.heart_bt_int.faults())


def desk_name(session: str, sender_sub_id: str, on_behalf_of: str) -> str:
    """What an identity of a session is called: SESSION/SUB, SESSION//CLIENT, SESSION/SUB/CLIENT."""
    return f"{session}/{sender_sub_id}" + (f"/{on_behalf_of}" if on_behalf_of else "")
