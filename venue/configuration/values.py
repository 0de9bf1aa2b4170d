"""What a single value may be: a type's description is what an error calls `expected`."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from venue.yaml_document import KeyPath

SUPPORTED_VERSIONS = ("FIX.4.2", "FIX.4.4", "FIX.5.0SP2")

Fault = tuple[KeyPath, str]
"""Where a value does not go with another one, and what is expected there."""

_NAME_RULE = "1 to 32 printable ASCII characters without spaces"
_TIME = r"\A([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\Z"
_TIME_RULE = "HH:MM:SS from 00:00:00 to 23:59:59"

Name = Annotated[str, Meta(pattern=r"\A[!-~]{1,32}\Z", description=_NAME_RULE)]
Text = Annotated[str, Meta(min_length=1, description="a text that is not empty")]
Flag = Annotated[bool, Meta(description="true or false")]
Number = Annotated[Decimal, Meta(description="a decimal number above 0")]
Port = Annotated[int, Meta(ge=0, le=65535, description="a port number from 0 to 65535")]
Milliseconds = Annotated[int, Meta(ge=1, le=60_000, description="1 to 60000 milliseconds")]
Interval = Annotated[int, Meta(ge=0, le=60_000, description="0 to 60000 milliseconds")]
Seconds = Annotated[int, Meta(ge=1, le=86_400, description="1 to 86400 seconds")]
TimeOfDay = Annotated[str, Meta(pattern=_TIME, description=f"a time of day in UTC, {_TIME_RULE}")]
LocalTime = Annotated[str, Meta(pattern=_TIME, description=f"a time of day, {_TIME_RULE}")]
Version = Annotated[str, Meta(description=f"one of {', '.join(SUPPORTED_VERSIONS)}")]
Setting = Annotated[str, Meta(description="a single value")]


def seconds_of(time: str) -> int:
    """The seconds after midnight of a `TimeOfDay` or a `LocalTime`."""
    hours, minutes, seconds = map(int, time.split(":"))
    return (hours * 60 + minutes) * 60 + seconds


def below(at: KeyPath, faults: Iterator[Fault]) -> Iterator[Fault]:
    """Lay the faults of a part at its place in the whole."""
    for key, expected in faults:
        yield (*at, *key), expected


def choice(key: str, chosen: Sequence[str], among: Sequence[str]) -> Iterator[Fault]:
    """Find what `chosen` has too little of, too often, or what is not `among` the known."""
    if not chosen:
        yield (key,), f"at least one of {', '.join(among)}"
    for index, value in enumerate(chosen):
        if value not in among:
            yield (key, index), f"one of {', '.join(among)}"
        if value in chosen[:index]:
            yield (key, index), "each value once"


def is_exact(number: Decimal) -> bool:
    """Whether a number has at most 18 digits on either side of the point."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and number.adjusted() < 18 and exponent >= -18


def repeated(listed: str, key: str, names: list[str]) -> Iterator[Fault]:
    """Find names that two elements of a list have."""
    for index, name in enumerate(names):
        if (first := names.index(name)) < index:
            yield (listed, index, key), f"each {key} once ({listed}[{first}] has it too)"
