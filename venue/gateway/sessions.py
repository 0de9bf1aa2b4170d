"""The FIX sessions that may log on, and what each is to the venue."""

import socket
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from venue.config import Config, HeartBtIntConfig, Role, SessionConfig
from venue.configuration.access import NO_PASSWORD, STORED, networks
from venue.configuration.firms import DeskConfig
from venue.configuration.sessions import desk_name
from venue.fix.party import Party
from venue.fix.versions import VERSIONS, Version
from venue.gateway.line import Line
from venue.gateway.resend import Resend
from venue.gateway.schedule import Schedule
from venue.gateway.throttle import Throttle


class Presence(StrEnum):
    """What stands in the inbox where a session came or went, instead of a message."""

    LOGON = "logon"
    LOGON_CANCEL_ON_DISCONNECT = "logon, cancel on disconnect"
    LOGOUT = "logout"
    """The client said Logout first."""
    LOSS = "connection lost"
    """It went without, or the venue ended the session."""


class Session:
    """One CompID in one FIX version.

    `link` is QuickFIX's session, once the acceptor has it; `socket` is the client's connection,
    which QuickFIX owns, while it is logged on. `arrival` is what its Logon asked for, `departure`
    who said Logout first, if anybody has. `resend` is what is left of a resend it asked for.
    `recorded` tells whether it can ask for any; `dismissed` is 0 until the venue has said Logout,
    then when it hangs up at the latest (`time.monotonic`); `time_digits` are the decimals of the
    seconds in its SendingTime(52); `schedule` are its hours and `throttle` its rate, None if it has
    none. `handed` are the bytes, more or less, that it was sent over its connection; `line` is what
    the venue writes market data with itself, None where QuickFIX does. A session that `begins_anew`
    has numbers from 1 after each Logon. `identities` are who it acts for: `party`, and its desks.

    Where it `has_password`, a Logon needs that and `username`; `password_hash` is the configured
    one, None where it is stored. It may come from `networks`, if None from anywhere, and ask for a
    `heart_bt_int` from the first to the second. `status` is the SessionStatus(1409) of the answer
    to the Logon that QuickFIX is looking at, if that is to have one.
    """

    __slots__ = (
        "arrival",
        "begins_anew",
        "cancel_on_disconnect",
        "comp_id",
        "departure",
        "dismissed",
        "firm",
        "handed",
        "has_password",
        "heart_bt_int",
        "identities",
        "line",
        "link",
        "logged_on",
        "name",
        "networks",
        "party",
        "password_hash",
        "quickfix",
        "recorded",
        "resend",
        "schedule",
        "since",
        "socket",
        "status",
        "throttle",
        "time_digits",
        "username",
        "version",
    )

    def __init__(
        self,
        config: SessionConfig,
        version: Version,
        schedule: Schedule | None = None,
        throttle: Throttle | None = None,
    ) -> None:
        self.comp_id = config.comp_id
        self.firm = config.firm
        self.version = version
        self.name = session_name(version, config.comp_id)
        self.quickfix = config.quickfix
        self.schedule = schedule
        self.throttle = throttle
        self.cancel_on_disconnect = config.cancel_on_disconnect
        self.party = _party(self.name, config, version)
        self.identities = (self.party, *(self.party.desks or {}).values())
        self.has_password = config.password != NO_PASSWORD
        self.password_hash = None if config.password == STORED else config.password
        self.username = config.username or config.comp_id
        self.networks = None if config.addresses is None else networks(config.addresses)
        bounds = config.heart_bt_int or HeartBtIntConfig()
        self.heart_bt_int = bounds.min, bounds.max
        self.status = ""
        self.link: Any = None
        self.logged_on = False
        self.socket: socket.socket | None = None
        self.line: Line | None = None
        self.recorded = True
        self.begins_anew = False
        self.time_digits = 3
        self.forget_connection()

    @property
    def roles(self) -> list[Role]:
        """What it may do."""
        party = self.party
        has = {
            Role.ORDER_ENTRY: party.order_entry,
            Role.MARKET_DATA: party.market_data,
            Role.OPERATOR: party.operator,
            Role.DROP_COPY: party.drop_copy,
            Role.CLEARING: party.clearing,
        }
        return [role for role, is_so in has.items() if is_so]

    @property
    def address(self) -> str:
        """Host and port that it has come from, empty where it is not there."""
        if self.socket is not None:
            try:
                host, port = self.socket.getpeername()[:2]
                return f"{host}:{port}"
            except OSError:  # it is going
                pass
        return ""

    def forget_connection(self) -> None:
        """Be as before the first Logon, for the next one."""
        usual = self.cancel_on_disconnect
        self.arrival = Presence.LOGON_CANCEL_ON_DISCONNECT if usual else Presence.LOGON
        self.departure: Presence | None = None
        self.dismissed = 0.0
        self.since = 0
        self.resend: Resend | None = None
        self.handed = 0

    def let_go(self) -> None:
        """Forget the connection without closing it: its descriptor is QuickFIX's, or gone."""
        self.line = None
        if self.socket is not None:
            self.socket.detach()
            self.socket = None


def _party(name: str, config: SessionConfig, version: Version) -> Party:
    party = Party(
        session=name,
        firm=config.firm,
        version=version,
        order_entry=Role.ORDER_ENTRY in config.roles,
        market_data=Role.MARKET_DATA in config.roles,
        interval_ms=config.marketdata_interval_ms or 0,
        operator=Role.OPERATOR in config.roles,
        drop_copy=Role.DROP_COPY in config.roles,
        clearing=Role.CLEARING in config.roles,
        trigger_price_type=config.trigger_price_type,
        post_only=config.post_only,
    )
    if config.accounts is not None:
        party = _with_accounts(party, config.accounts)
    prevention = config.self_match_prevention
    if prevention is not None:
        party = msgspec.structs.replace(
            party,
            self_match_prevention_id=prevention.id,
            self_match_prevention_instruction=prevention.code,
        )
    if not config.desks:
        return party
    desks = {desk.key: _desk(party, desk) for desk in config.desks}
    return msgspec.structs.replace(party, desks=desks)


def _desk(party: Party, desk: DeskConfig) -> Party:
    """An identity of a session, which is like that but for who it is."""
    return _with_accounts(
        msgspec.structs.replace(
            party, session=desk_name(party.session, *desk.key), firm=desk.firm or party.firm
        ),
        desk.accounts,
    )


def _with_accounts(party: Party, accounts: Sequence[str] | None) -> Party:
    if accounts is None:
        return msgspec.structs.replace(party, account="", accounts=None)
    return msgspec.structs.replace(party, account=accounts[0], accounts=frozenset(accounts))


def session_name(version: Version, comp_id: str) -> str:
    """What the core and the journal call a session."""
    return f"{version.name}:{comp_id}"


def comp_id_of(name: str) -> str:
    """Whose a session of that name is."""
    return name.partition(":")[2]


def configured_sessions(config: Config) -> Iterator[Session]:
    """Every session of the configuration, one for each version it may speak."""
    accounts = {firm.name: firm.accounts for firm in config.firms}
    for session in config.sessions:
        if session.marketdata_interval_ms is None:
            usual = config.marketdata.interval_ms
            session = msgspec.structs.replace(session, marketdata_interval_ms=usual)
        desks = tuple(
            msgspec.structs.replace(
                desk, accounts=desk.accounts or accounts.get(desk.firm or session.firm)
            )
            for desk in session.desks
        )
        session = msgspec.structs.replace(
            session,
            accounts=session.accounts or accounts.get(session.firm),
            desks=desks,
            heart_bt_int=session.heart_bt_int or config.venue.heart_bt_int,
        )
        hours = session.schedule or config.venue.schedule
        schedule = None if hours is None else Schedule.configured(hours)
        rate = session.throttle or config.venue.throttle
        for version in session.versions or config.venue.versions:
            throttle = None if rate is None else Throttle.configured(rate)
            yield Session(session, VERSIONS[version], schedule, throttle)
