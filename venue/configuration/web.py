"""The web door: where it listens, who may come in, and which FIX sessions it uses for them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from ipaddress import ip_address
from typing import Annotated

from msgspec import Meta, Struct

from venue.configuration.access import NO_PASSWORD, Address, address_faults
from venue.configuration.sessions import Role, SessionConfig
from venue.configuration.values import Fault, Flag, Name, Port, Seconds, Text, below, repeated
from venue.passwords import parse_hash

VERSION = "FIX.5.0SP2"
"""What all of its sessions speak."""
NOBODY = "nobody"
_PASSWORD_RULE = "none, or a hash of `venue passwd --print`"
_HASH = r"\Asha256:[0-9a-f]{64}\Z"

Count = Annotated[int, Meta(ge=1, le=100_000, description="1 to 100000")]
Hours = Annotated[int, Meta(ge=1, le=8_760, description="1 to 8760 hours")]
UserPassword = Annotated[str, Meta(description=_PASSWORD_RULE)]
TokenHash = Annotated[
    str, Meta(pattern=_HASH, description="sha256: and 64 hex digits, as `venue web-token` stores")
]
Day = Annotated[date, Meta(description="a date, YYYY-MM-DD")]
Origin = Annotated[
    str,
    Meta(pattern=r"\Ahttps?://[^/\s*]+\Z", description="an origin such as https://desk.example"),
]
HostName = Annotated[
    str,
    Meta(
        pattern=r"\A([0-9A-Za-z._-]+|\[[0-9A-Fa-f:.]+\])\Z",
        description="a name or an address, without a port",
    ),
]


class TokenConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An API token, of which the configuration has the hash alone; refused from `expires` on."""

    name: Name
    hash: TokenHash
    read_only: Flag = False
    expires: Day | None = None


class UserConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who may log in: what he trades, watches and operates with, each a CompID. With
    `read_only` he sees what these sessions have and do, and changes nothing.
    """

    name: Name
    session: Name | None = None
    drop_copy: Name | None = None
    operator: Name | None = None
    read_only: Flag = False
    password: UserPassword = NO_PASSWORD
    tokens: tuple[TokenConfig, ...] = ()

    @property
    def uses(self) -> Iterator[tuple[str, str, Role]]:
        """Its sessions: key, CompID, and the role that the session needs."""
        roles = {
            "session": Role.ORDER_ENTRY,
            "drop_copy": Role.DROP_COPY,
            "operator": Role.OPERATOR,
        }
        for key, role in roles.items():
            comp_id = getattr(self, key)
            if comp_id is not None:
                yield key, comp_id, role

    def faults(self) -> Iterator[Fault]:
        if self.name == NOBODY:
            yield ("name",), f"another name, {NOBODY} is nobody"
        if self.password != NO_PASSWORD:
            try:
                parse_hash(self.password)
            except ValueError:
                yield ("password",), _PASSWORD_RULE
        yield from repeated("tokens", "name", [token.name for token in self.tokens])


class RateConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many requests at once, and so many anew in so many seconds."""

    requests: Count = 200
    seconds: Seconds = 1


DEFAULT_USERS = (
    UserConfig(name="alpha", session="WEB1"),
    UserConfig(name="beta", session="WEB2"),
    UserConfig(name="operator", operator="WEBOP"),
)


class WebConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`users` of None are the three of the shipped configuration, and then `anonymous` of None is
    the first of them, else nobody.
    """

    host: Text = "127.0.0.1"
    port: Port = 8000
    venue_host: Text | None = None
    market_data: Name = "WEBMD"
    password_file: Text | None = None
    users: tuple[UserConfig, ...] | None = None
    anonymous: Name | None = None
    cors: tuple[Origin, ...] = ()
    rate: RateConfig = RateConfig()
    connections: Count = 200
    allowed_hosts: tuple[HostName, ...] = ()
    proxies: tuple[Address, ...] | None = None
    cookie_hours: Hours = 12

    @property
    def everybody(self) -> tuple[UserConfig, ...]:
        return DEFAULT_USERS if self.users is None else self.users

    @property
    def anonymous_user(self) -> str | None:
        """The name of the user that a request without token or cookie is."""
        if self.anonymous is None:
            return DEFAULT_USERS[0].name if self.users is None else None
        return None if self.anonymous == NOBODY else self.anonymous

    @property
    def comp_ids(self) -> tuple[str, ...]:
        """Every session that is used, that for market data first."""
        own = [comp_id for user in self.everybody for _, comp_id, _ in user.uses]
        return tuple(dict.fromkeys([self.market_data, *own]))

    def faults(self, sessions: Sequence[SessionConfig], versions: Sequence[str]) -> Iterator[Fault]:
        """Find what does not hold together, among itself and with the sessions of the venue."""
        known = {session.comp_id: session for session in sessions}
        used = {self.market_data: "market_data"}
        needs = f"a session with the role {{}}, and {VERSION} among its versions ({{}} is none)"
        if not _has(known.get(self.market_data), Role.MARKET_DATA, versions):
            yield ("market_data",), needs.format(Role.MARKET_DATA, self.market_data)
        if not self.everybody:
            yield ("users",), "at least one, or no such key"
        for at, user in enumerate(self.everybody):
            yield from below(("users", at), user.faults())
            yield from below(("users", at), _drop_copy_faults(user, known))
            for key, comp_id, role in user.uses:
                if not _has(known.get(comp_id), role, versions):
                    yield ("users", at, key), needs.format(role, comp_id)
                if used.setdefault(comp_id, key) != key:
                    yield ("users", at, key), f"a session that is not {used[comp_id]} as well"
        names = [user.name for user in self.everybody]
        yield from repeated("users", "name", names)
        hashes = [token.hash for user in self.everybody for token in user.tokens]
        if len(set(hashes)) < len(hashes):
            yield ("users",), "each token's hash once"
        if self.anonymous_user is not None and self.anonymous_user not in names:
            yield ("anonymous",), f"{NOBODY}, or one of {', '.join(names)}"
        yield from address_faults("proxies", self.proxies)
        if not is_loopback(self.host):
            yield from self._exposed_faults()

    def _exposed_faults(self) -> Iterator[Fault]:
        for at, user in enumerate(self.everybody):
            if user.password == NO_PASSWORD:
                expected = (
                    f"a hash of `venue passwd --print`, as web.host {self.host} is no loopback"
                )
                yield ("users", at, "password"), expected
        if self.anonymous_user is not None:
            yield ("anonymous",), f"{NOBODY}, as web.host {self.host} is no loopback"


def _drop_copy_faults(user: UserConfig, known: Mapping[str, SessionConfig]) -> Iterator[Fault]:
    """A drop copy completes what a user sees of the firm he trades for, and shows no other."""
    if user.drop_copy is None:
        return
    if user.session is None:
        yield ("drop_copy",), "none, or a session beside it"
        return
    trades, watches = known.get(user.session), known.get(user.drop_copy)
    if trades is None or watches is None or Role.DROP_COPY not in watches.roles:
        return
    if trades.firm != watches.firm:
        expected = f"a session of firm {trades.firm}, for which {user.session} trades"
        yield ("drop_copy",), f"{expected} ({user.drop_copy} is of {watches.firm})"
    if Role.CLEARING in watches.roles:
        yield ("drop_copy",), f"a session without the role {Role.CLEARING}, which shows all firms"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _has(session: SessionConfig | None, role: Role, versions: Sequence[str]) -> bool:
    if session is None or role not in session.roles:
        return False
    return VERSION in versions and VERSION in (session.versions or versions)
