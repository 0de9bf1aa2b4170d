"""The FIX sessions that may log on, and what each is to the venue."""

import socket
from collections.abc import Iterator
from typing import Any

from venue.config import Config, Role, SessionConfig
from venue.fix.party import Party
from venue.fix.versions import VERSIONS, Version


class Session:
    """One CompID in one FIX version.

    `link` is QuickFIX's session, once the acceptor has it; `socket` is the client's connection,
    which QuickFIX owns, while it is logged on.
    """

    __slots__ = ("comp_id", "link", "logged_on", "name", "party", "quickfix", "socket", "version")

    def __init__(self, config: SessionConfig, version: Version) -> None:
        self.comp_id = config.comp_id
        self.version = version
        self.name = session_name(version.begin_string, config.comp_id)
        self.quickfix = config.quickfix
        self.party = Party(
            session=self.name,
            firm=config.firm,
            version=version,
            order_entry=Role.ORDER_ENTRY in config.roles,
            market_data=Role.MARKET_DATA in config.roles,
        )
        self.link: Any = None
        self.logged_on = False
        self.socket: socket.socket | None = None

    def let_go(self) -> None:
        """Forget the connection without closing it: its descriptor is QuickFIX's, or gone."""
        if self.socket is not None:
            self.socket.detach()
            self.socket = None


def session_name(begin_string: str, comp_id: str) -> str:
    """What the core and the journal call a session."""
    return f"{begin_string}:{comp_id}"


def configured_sessions(config: Config) -> Iterator[Session]:
    """Every session of the configuration, one for each version it may speak."""
    for session in config.sessions:
        for begin_string in session.versions or config.venue.versions:
            yield Session(session, VERSIONS[begin_string])
