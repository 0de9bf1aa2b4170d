"""Who has failed to log on too often, and for how long it need not try again.

An address is locked out of one CompID, so nobody can lock another out from elsewhere. How much is
remembered is bounded: of too many, those that failed longest ago are forgotten.
"""

from collections import deque
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from msgspec import Struct

from venue.config import LockoutConfig

MOST_KNOWN = 10_000
"""Pairs of an address and a CompID that are remembered."""
_OWN_NETWORK = 64
"""Bits of an IPv6 address that its user cannot choose."""

Address = IPv4Address | IPv6Address


class _Failures(Struct):
    times: deque[float]
    locked_until: float = 0.0


class Lockout:
    """Counts failed Logons by CompID and address; times are those of `clock`, in seconds."""

    def __init__(self, config: LockoutConfig, clock: Callable[[], float]) -> None:
        self._config = config
        self._clock = clock
        self._failures: dict[tuple[str, object], _Failures] = {}

    def seconds_left(self, comp_id: str, address: Address) -> float:
        """How long an address is locked out of a CompID, 0 if it is not."""
        known = self._failures.get(_key(comp_id, address))
        return 0.0 if known is None else max(0.0, known.locked_until - self._clock())

    def fail(self, comp_id: str, address: Address) -> bool:
        """Note a failed Logon; tell whether it was one too many, and locks the address out."""
        key, now = _key(comp_id, address), self._clock()
        most = self._config.failures
        known = self._failures.pop(key, None) or _Failures(deque(maxlen=most))
        self._failures[key] = known  # behind all others
        if len(self._failures) > MOST_KNOWN:
            del self._failures[next(iter(self._failures))]
        known.times.append(now)
        too_often = len(known.times) == most and now - known.times[0] <= self._config.within
        if too_often:
            known.times.clear()
            known.locked_until = now + self._config.seconds
        return too_often

    def forget(self, comp_id: str, address: Address) -> None:
        """Begin anew: the right password has come."""
        self._failures.pop(_key(comp_id, address), None)

    def unlock(self, comp_id: str) -> None:
        """Begin anew with every address."""
        for key in [key for key in self._failures if key[0] == comp_id]:
            del self._failures[key]


def origin(address: Address) -> object:
    """Whose an address is: an IPv4 address, or the network of an IPv6 address."""
    if isinstance(address, IPv6Address):
        return IPv6Network((int(address), _OWN_NETWORK), strict=False)
    return address


def _key(comp_id: str, address: Address) -> tuple[str, object]:
    return comp_id, origin(address)
