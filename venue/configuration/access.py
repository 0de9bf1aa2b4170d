"""What a Logon has to be: the password, where it comes from, and how often it may be wrong."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated

from msgspec import Meta, Struct

from venue.configuration.values import Fault, Seconds
from venue.passwords import parse_hash

NO_PASSWORD = "none"
STORED = "stored"
Network = IPv4Network | IPv6Network

Password = Annotated[str, Meta(description="none, stored, or a hash of `venue passwd --print`")]
Username = Annotated[
    str, Meta(pattern=r"\A[!-~]{1,64}\Z", description="1 to 64 printable ASCII characters")
]
Address = Annotated[
    str, Meta(min_length=1, description="an address or a network such as 192.0.2.0/24")
]
HeartBtInt = Annotated[int, Meta(ge=0, le=999_999, description="0 to 999999 seconds")]
Failures = Annotated[int, Meta(ge=1, le=1_000, description="1 to 1000 failed Logons")]


class HeartBtIntConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What HeartBtInt(108) may be, in seconds; 0 is no heartbeats."""

    min: HeartBtInt = 0
    max: HeartBtInt = 999_999

    def faults(self) -> Iterator[Fault]:
        if self.max < self.min:
            yield ("max",), f"at least the min {self.min}"


class LockoutConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """With so many `failures` within so many seconds an address is locked out of a session."""

    failures: Failures = 5
    within: Seconds = 300
    seconds: Seconds = 300


def networks(addresses: Sequence[str]) -> tuple[Network, ...]:
    """The networks that a configuration names. Raise `ValueError` where one is none."""
    return tuple(map(ip_network, addresses))


def address_faults(key: str, addresses: Sequence[str] | None) -> Iterator[Fault]:
    """Find what is no address, and a list of none."""
    if addresses is not None and not addresses:
        yield (key,), "at least one address or network, or no such key: any address"
    for index, address in enumerate(addresses or ()):
        try:
            ip_network(address)
        except ValueError:
            yield (key, index), "an address or a network such as 192.0.2.0/24"


def password_faults(password: str) -> Iterator[Fault]:
    """Find what is neither a word nor a hash."""
    if password in (NO_PASSWORD, STORED):
        return
    try:
        parse_hash(password)
    except ValueError:
        yield ("password",), f"{NO_PASSWORD}, {STORED}, or a hash of `venue passwd --print`"
