"""What becomes of an operator's request, and how its mistakes are told."""

import re
from collections.abc import Iterable

from msgspec import Struct

from venue.core.venue_commands import (
    AllowSession,
    BustTrade,
    CancelByVenue,
    CorrectTrade,
    DefineInstrument,
    DefineLimits,
    DelistInstrument,
    EndTradingDay,
    EngageKillSwitch,
    EnterPhase,
    HaltInstrument,
    ReleaseKillSwitch,
    ResumeInstrument,
)
from venue.fix.listings import Row
from venue.fix.news import News
from venue.fix.operator import FIELDS, OperatorRequest
from venue.fix.order_fault import MAX_ID
from venue.gateway.sessions import Session

LONGEST_TEXT = 1000
"""Characters of any field of a request."""
OperatorCommand = (
    AllowSession
    | BustTrade
    | CancelByVenue
    | CorrectTrade
    | DefineInstrument
    | DefineLimits
    | DelistInstrument
    | EndTradingDay
    | EngageKillSwitch
    | EnterPhase
    | HaltInstrument
    | ReleaseKillSwitch
    | ResumeInstrument
)
is_number = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+").fullmatch
"""A FIX decimal without sign and exponent."""
MOST_NAMES = 20
_is_printable = re.compile("[ -~]+").fullmatch


class OperatorFaultError(Exception):
    """A request that cannot be carried out; its text names field, value and what may be."""


class Decision(Struct, frozen=True):
    """What is done: `commands` in order, `news` to sessions, then the sessions in `dismissed` are
    logged out, each with its text. With `snapshot` one is made after that. Nobody is locked out of
    the CompID `unlocked` any more. `text` tells of it; where it was only asked how things stand
    there are `rows`.
    """

    text: str
    commands: tuple[OperatorCommand, ...] = ()
    news: tuple[tuple[Session, News], ...] = ()
    dismissed: tuple[tuple[Session, str], ...] = ()
    snapshot: bool = False
    unlocked: str = ""
    rows: tuple[Row, ...] | None = None


def named(name: str) -> str:
    """A field by name and tag."""
    tag, field = FIELDS[name]
    return f"{field}({tag})"


def fault(name: str, value: str | None, expected: str) -> OperatorFaultError:
    """That a field of `FIELDS` is not what it may be."""
    return faulty(named(name), value, expected)


def faulty(field: str, value: str | None, expected: str) -> OperatorFaultError:
    found = "is missing" if not value else f"is {value[:MAX_ID]}"
    return OperatorFaultError(f"{field} {found}, expected {expected}")


def one_of(names: Iterable[str]) -> str:
    """What may be chosen, not more of it than can be read."""
    known = sorted(names)
    more = f" and {len(known) - MOST_NAMES} others" if len(known) > MOST_NAMES else ""
    return f"one of {', '.join(known[:MOST_NAMES])}{more}"


def needed(request: OperatorRequest, name: str, expected: str) -> str:
    """What a request says in a field that it needs."""
    value = request.given.get(name, "")
    if not value:
        raise fault(name, value, expected)
    return value


def number(request: OperatorRequest, name: str, expected: str) -> int:
    """A whole number of at most 18 digits."""
    value = needed(request, name, expected)
    if not (value.isascii() and value.isdecimal() and len(value) <= 18):
        raise fault(name, value, expected)
    return int(value)


def check_texts(request: OperatorRequest) -> None:
    """See that every field can be kept, and told to others."""
    for name, value in request.given.items():
        if len(value) > LONGEST_TEXT:
            told = f"{len(value)} characters long"
            raise fault(name, told, f"at most {LONGEST_TEXT} characters")
        if not _is_printable(value):
            raise fault(name, ascii(value), "printable characters")
