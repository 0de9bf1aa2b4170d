"""All FIX sessions of the web, each once, whoever shares it."""

import asyncio
from collections.abc import Callable, Mapping

from venue.config import Config
from venue.configuration.sessions import Role
from venue.configuration.web import WebConfig
from venue.errors import VenueError
from venue.web.link import Link, LinkSettings
from venue.web.messages import MessageLog
from venue.web.shapes import LinkStatus

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}
"""What to connect to where the venue listens on every interface."""
OPERATOR_QUICKFIX = {"UseDataDictionary": "N"}
"""An operator's messages are in no stock dictionary."""


class Links:
    """Links by CompID: one for market data, and those of users."""

    def __init__(
        self,
        config: Config,
        settings: WebConfig,
        passwords: Callable[[], Mapping[str, str]],
        messages: MessageLog,
    ) -> None:
        """`passwords` are those of sessions by CompID, read anew, or `VenueError` is raised.

        Raise `VenueError` where nobody knows the port of the venue.
        """
        if 0 in (config.venue.port, config.marketdata.port):
            raise VenueError("venue.port and marketdata.port: the web has to know them, not 0")
        self.messages = messages
        operators = {
            comp_id
            for user in settings.everybody
            for _, comp_id, role in user.uses
            if role is Role.OPERATOR
        }
        sessions = {session.comp_id: session for session in config.sessions}
        own_host, own_port = config.marketdata.host, config.marketdata.port
        self._is_elsewhere = own_port is not None
        self._links: dict[str, Link] = {}
        for comp_id in (*settings.comp_ids[1:], settings.market_data):
            session, is_market = sessions.get(comp_id), comp_id == settings.market_data
            host, port = config.venue.host, config.venue.port
            if is_market and own_port is not None:
                host, port = own_host, own_port
            logon = LinkSettings(
                comp_id=comp_id,
                host=_host(settings, host),
                port=port,
                target_comp_id=config.venue.comp_id,
                username=None if session is None else session.username,
                password=_password(passwords, comp_id),
                quickfix=OPERATOR_QUICKFIX if comp_id in operators else {},
                throttle=None if session is None else session.throttle or config.venue.throttle,
                only_asks=is_market,
            )
            self._links[comp_id] = Link(logon, messages)
        self.market = self._links[settings.market_data]

    def of(self, comp_id: str) -> Link:
        """Return the link of a CompID that the configuration names."""
        return self._links[comp_id]

    async def start(self) -> None:
        """Begin to connect them all; do not wait for it."""
        for link in self._links.values():
            await link.start()

    async def tried(self) -> None:
        """Wait until each is up, or down."""
        await asyncio.gather(*(link.tried.wait() for link in self._links.values()))

    async def stop(self) -> None:
        """Log them all out."""
        await asyncio.gather(*(link.stop() for link in self._links.values()))

    @property
    def is_venue_up(self) -> bool:
        """Whether the venue serves market data, or a process of its own does and the venue lives,
        as far as other sessions tell.
        """
        others = [link.is_up for link in self._links.values() if link is not self.market]
        needs_others = self._is_elsewhere and bool(others)
        return self.market.is_up and (not needs_others or any(others))

    def statuses(self) -> list[LinkStatus]:
        return [link.status for link in self._links.values()]


def _password(passwords: Callable[[], Mapping[str, str]], comp_id: str) -> Callable[[], str | None]:
    return lambda: passwords().get(comp_id)


def _host(settings: WebConfig, host: str) -> str:
    return settings.venue_host or EVERYWHERE.get(host, host)
