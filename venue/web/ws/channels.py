"""What can be subscribed to: each channel is encoded once, for all its members.

A channel works only while it has members: `open` and `close` are called for the first and the last.
"""

from __future__ import annotations

import asyncio
import contextlib
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import structlog

from venue.web.problems import Problem
from venue.web.shapes import Instrument
from venue.web.ws.client import Client
from venue.web.ws.frames import frame, items

if TYPE_CHECKING:
    from venue.web.links import Links
    from venue.web.market.market import Market

log = structlog.get_logger()

Key = tuple[object, ...]
STATISTICS_SECONDS = 1.0


class Channel(ABC):
    """`key` names it; `members` are told what is published."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.members: dict[Client, None] = {}

    def join(self, client: Client) -> None:
        """Add a member, or show one that is there already everything again."""
        if not self.members:
            self.open()
        self.members[client] = None
        client.channels[self.key] = self
        client.show(self)

    def leave(self, client: Client) -> None:
        client.channels.pop(self.key, None)
        client.owed.pop(self, None)
        if client in self.members:
            del self.members[client]
            if not self.members:
                self.close()

    def publish(self, data: bytes) -> None:
        """Send news to all who are not behind."""
        for member in self.members:
            member.offer(self, data)

    def show_all(self) -> None:
        """Show everybody everything anew."""
        for member in self.members:
            member.show(self)

    @abstractmethod
    def open(self) -> None: ...
    @abstractmethod
    def close(self) -> None: ...
    @abstractmethod
    def snapshot(self) -> bytes | None:
        """A frame with all there is, None while that is not known."""


class StatisticsChannel(Channel):
    """The day of a symbol, at most once a second, and only where something is different."""

    def __init__(self, key: Key, market: Market, symbol: str) -> None:
        super().__init__(key)
        self.symbol = symbol
        self._market = market
        self._task: asyncio.Task[None] | None = None
        self._ready: bytes | None = None

    def open(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._follow())

    def close(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def snapshot(self) -> bytes | None:
        return self._ready if self._market.link.is_up else None

    async def _follow(self) -> None:
        before = None
        while True:
            with contextlib.suppress(Problem):
                day = await self._market.statistics(self.symbol)
                told = {
                    name: getattr(day, name) for name in day.__dataclass_fields__ if name != "time"
                }
                if told != before or self._ready is None:
                    before = told
                    self._ready = frame({"channel": "statistics", **told, "time": day.time})
                    self.publish(self._ready)
            await asyncio.sleep(STATISTICS_SECONDS)


class InstrumentsChannel(Channel):
    """What may be traded, and each change of it."""

    def __init__(self, key: Key, market: Market) -> None:
        super().__init__(key)
        self._market = market
        market.listings.watch(self._changed)

    def open(self) -> None: ...
    def close(self) -> None: ...

    def _changed(self, is_all: bool, instruments: list[Instrument]) -> None:
        if is_all:
            self.show_all()
        else:
            self.publish(items("instruments", "update", "instruments", instruments))

    def snapshot(self) -> bytes | None:
        listings = self._market.listings
        if not listings.is_complete:
            return None
        return items("instruments", "snapshot", "instruments", listings.now())


class StatusChannel(Channel):
    """Whether the venue is there, and every session of the web. Everybody is a member."""

    def __init__(self, key: Key, links: Links) -> None:
        super().__init__(key)
        self._links = links
        self._told = links.statuses()

    def open(self) -> None: ...
    def close(self) -> None: ...

    def check(self) -> None:
        """Tell everybody if something is different."""
        now = self._links.statuses()
        if now != self._told:
            self._told = now
            self.publish(self.snapshot())

    def snapshot(self) -> bytes:
        venue = "up" if self._links.is_venue_up else "down"
        return frame({"channel": "status", "links": self._links.statuses(), "venue": venue})
