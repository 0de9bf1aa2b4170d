"""What the web is made of: one of each, made from the configuration and given to every endpoint."""

import asyncio
import functools
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from venue.config import Config
from venue.errors import VenueError
from venue.web.accounts.accounts import Accounts
from venue.web.api.performance import Performance
from venue.web.links import Links
from venue.web.market.market import Market
from venue.web.messages import MessageLog
from venue.web.operator import OperatorDesk
from venue.web.passwords import session_passwords
from venue.web.settings import settings_of
from venue.web.trading.desk import Desk
from venue.web.ws.hub import Hub

Hook = Callable[[], Awaitable[None]]
STOP_SECONDS = 7.0
"""For each that has to come to an end: longer than a Logon takes."""

logger = structlog.get_logger()


class Web:
    """`starting` is awaited before the web listens, `closing` when it is told to stop and people
    are still connected, `stopping` when they are gone. `has_ended` tells that all came to its end.
    """

    def __init__(self, config: Config) -> None:
        """Raise `VenueError` where the configuration or a file of the data directory is wrong."""
        self.config = config
        self.settings = settings_of(config)
        self.data = Path(config.venue.data)
        session_passwords(config, self.settings)
        try:
            self.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise VenueError(f"{self.data}: cannot be made: {error.strerror}") from None
        self.accounts = Accounts(self.settings, config.venue.lockout, self.data)
        self.messages = MessageLog()
        passwords = functools.partial(session_passwords, config, self.settings)
        self.links = Links(config, self.settings, passwords, self.messages)
        self.market = Market(self.links.market)
        self.performance = Performance()
        self.hub: Hub | None = None
        self.has_ended = True
        self.starting: list[Hook] = [self.links.start]
        self.closing: list[Hook] = []
        self.stopping: list[Hook] = []
        self._desks: dict[tuple[str, str | None], Desk] = {}
        self._operators: dict[str, OperatorDesk] = {}
        for user in self.accounts.users.values():
            if user.config.session is not None:
                user.desk = self._desk(user.config.session, user.config.drop_copy)
            if user.config.operator is not None:
                user.operator = self._operator(user.config.operator)

    def _desk(self, comp_id: str, drop_copy: str | None) -> Desk:
        """The desk of a session that enters orders, the same for all who share it."""
        key = comp_id, drop_copy
        if key not in self._desks:
            copies = None if drop_copy is None else self.links.of(drop_copy)
            self._desks[key] = Desk(self.links.of(comp_id), copies)
        return self._desks[key]

    def _operator(self, comp_id: str) -> OperatorDesk:
        """The desk of an operator's session, the same for all who share it."""
        if comp_id not in self._operators:
            self._operators[comp_id] = OperatorDesk(self.links.of(comp_id))
        return self._operators[comp_id]

    async def start(self) -> None:
        for hook in self.starting:
            await hook()

    async def close(self) -> None:
        await self._end(self.closing)

    async def stop(self) -> None:
        await self._end([*self.stopping, self.links.stop])
        self.accounts.close()

    async def _end(self, hooks: list[Hook]) -> None:
        """Let each come to its end, for some seconds; what fails keeps no other from its own."""
        for hook in hooks:
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await hook()
            except Exception as error:
                self.has_ended = False
                name = getattr(hook, "__qualname__", "a part")
                logger.warning("does not end", what=name, reason=repr(error))
