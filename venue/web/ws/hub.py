"""All WebSocket clients, and the channels that somebody is subscribed to."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import structlog
from msgspec import Struct

from venue.web.accounts.users import Principal, User
from venue.web.problems import Problem, unknown
from venue.web.ws.channels import (
    Channel,
    InstrumentsChannel,
    Key,
    StatisticsChannel,
    StatusChannel,
)
from venue.web.ws.client import Client, Counts
from venue.web.ws.feeds import AuctionChannel, BboChannel, DepthChannel, TradesChannel
from venue.web.ws.frames import refusal
from venue.web.ws.own import (
    FillsChannel,
    MessagesChannel,
    OrdersChannel,
    OwnChannel,
    PositionsChannel,
    SessionsChannel,
)
from venue.web.ws.requests import DEFAULT_LEVELS, SYMBOL, SYMBOL_CHANNELS

if TYPE_CHECKING:
    from venue.web.web import Web

log = structlog.get_logger()

CHECK_SECONDS = 0.25
GOING_AWAY, POLICY, EXPIRED = 1001, 1008, 4001
STRANGERS = 4
"""One of so many connections may be of somebody who has not logged in yet."""
LOGIN_CHECKS = 8
"""Checks from one look at logins and tokens to the next."""
_OWN: dict[str, type[OwnChannel]] = {
    "orders": OrdersChannel,
    "fills": FillsChannel,
    "positions": PositionsChannel,
}


class Limits(Struct, frozen=True):
    """What one client may do."""

    connections: int = 200
    subscriptions: int = 200
    messages: int = 50
    """A second, after twice as many at once; more are read later."""
    faults: int = 50
    """Messages that make no sense, or are refused."""
    slow_seconds: float = 10.0
    login_seconds: float = 10.0


class Hub:
    """Who is connected, and who hears what."""

    def __init__(self, web: Web, limits: Limits | None = None) -> None:
        self.limits = limits or Limits(connections=web.settings.connections)
        self.clients: dict[Client, None] = {}
        self.counts = Counts()
        self._web = web
        self._market = web.market
        self._channels: dict[Key, Channel] = {}
        self._status = StatusChannel(("status",), web.links)
        self._instruments = InstrumentsChannel(("instruments",), web.market)
        self._task: asyncio.Task[None] | None = None
        self._looks = 0

    async def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._check())

    async def close(self) -> None:
        """Tell everybody that the web stops."""
        for client in list(self.clients):
            client.line.end(GOING_AWAY, "the web stops")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        for client in list(self.clients):
            self.remove(client)

    def figures(self) -> dict[str, int]:
        """Counts, since the start or of now."""
        counts = self.counts
        return {
            "clients": len(self.clients),
            "channels": len(self._channels),
            "subscriptions": sum(len(client.channels) for client in self.clients),
            "frames": counts.frames,
            "bytes": counts.bytes,
            "dropped": counts.dropped,
            "closed_slow": counts.closed_slow,
        }

    def is_crowded(self, principal: Principal) -> bool:
        """Whether there is no room for another client; who has no login has a part of it alone."""
        most = self.limits.connections
        if len(self.clients) >= most:
            return True
        if principal.user is not None:
            return False
        strangers = sum(client.principal.user is None for client in self.clients)
        return strangers >= max(1, most // STRANGERS)

    def add(self, client: Client) -> None:
        """A client has come; it hears of the status."""
        self.clients[client] = None
        self._status.join(client)

    def remove(self, client: Client) -> None:
        """A client has gone."""
        for channel in list(client.channels.values()):
            self._leave(client, channel)
        self.clients.pop(client, None)

    def subscribe(
        self, client: Client, name: str, symbol: str | None, levels: int | None
    ) -> Channel:
        """The channel that a client may join, with `join`. Raise a `Problem`."""
        key = self.key(client, name, symbol, levels)
        channel = client.channels.get(key)
        if channel is not None:
            return channel
        if len(client.channels) > self.limits.subscriptions:  # the status does not count
            detail = f"a connection has at most {self.limits.subscriptions} subscriptions"
            raise Problem(429, "too_many_subscriptions", detail)
        is_known = symbol is None or self._market.listings.known(symbol)
        if symbol is not None and (is_known is False or not re.search(SYMBOL, symbol)):
            raise unknown("symbol", symbol)
        if key not in self._channels:
            self._channels[key] = self._make(key, client, name, symbol, levels)
        return self._channels[key]

    def unsubscribe(
        self, client: Client, name: str, symbol: str | None, levels: int | None
    ) -> None:
        """End a subscription. Raise a `Problem` where there is none."""
        channel = self.subscription(client, name, symbol, levels)
        if channel is not self._status:
            self._leave(client, channel)

    def subscription(
        self, client: Client, name: str, symbol: str | None, levels: int | None
    ) -> Channel:
        """What a client has joined. Raise a `Problem` where it has not."""
        channel = client.channels.get(self.key(client, name, symbol, levels))
        if channel is None:
            raise Problem(404, "not_subscribed", f"there is no subscription to {name}")
        return channel

    def forget(self, client: Client) -> None:
        """End what a client was subscribed to as the user it was until now."""
        for channel in list(client.channels.values()):
            if channel is not self._status:
                self._leave(client, channel)

    def key(self, client: Client, name: str, symbol: str | None, levels: int | None) -> Key:
        """What names a channel; own ones are those of a user. Raise a `Problem` for who may not."""
        if name == "status":
            return self._status.key
        user = client.principal.user
        if user is None:
            raise Problem(401, "unauthorized", "log in first")
        if name == "depth":
            return name, symbol, DEFAULT_LEVELS if levels is None else levels
        if symbol is not None or name == "instruments":
            return (name, symbol) if symbol is not None else self._instruments.key
        if name in _OWN and user.desk is None:
            raise Problem(403, "no_trading", f"{user.name} has no session that enters orders")
        if name == "sessions" and user.operator is None:
            raise Problem(403, "no_operator", f"{user.name} is no operator")
        return name, user.name

    def _make(
        self, key: Key, client: Client, name: str, symbol: str | None, levels: int | None
    ) -> Channel:
        user = client.principal.user
        assert user is not None
        if symbol is None:
            return self._make_own(key, user, name)
        if name == "depth":
            shown = DEFAULT_LEVELS if levels is None else levels
            return DepthChannel(key, self._market, symbol, shown)
        if name == "bbo":
            return BboChannel(key, self._market, symbol)
        if name == "auction":
            return AuctionChannel(key, self._market, symbol)
        if name == "trades":
            return TradesChannel(key, self._market, symbol)
        return StatisticsChannel(key, self._market, symbol)

    def _make_own(self, key: Key, user: User, name: str) -> Channel:
        if name == "instruments":
            return self._instruments
        if name == "messages":
            everything = [link.comp_id for link in self._web.links.statuses()]
            shown = user.sessions if user.operator is None else everything
            return MessagesChannel(key, self._web.messages, shown)
        if name == "sessions":
            assert user.operator is not None
            return SessionsChannel(key, user.operator)
        assert user.desk is not None
        return _OWN[name](key, user.desk)

    def _leave(self, client: Client, channel: Channel) -> None:
        channel.leave(client)
        if not channel.members:
            self._channels.pop(channel.key, None)

    async def _check(self) -> None:
        """Look after everybody."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                self._look(loop.time())
            except Exception:
                log.exception("defect")

    def _look(self, now: float) -> None:
        self._status.check()
        for channel in list(self._channels.values()):
            if isinstance(channel, OwnChannel):
                channel.check()
            elif channel.key[0] in SYMBOL_CHANNELS:
                self._end_unknown(channel)
        is_open = self._web.accounts.is_open
        self._looks += 1
        for client in list(self.clients):
            client.judge(now, self.limits.slow_seconds)
            if self._looks % LOGIN_CHECKS == 0 and not is_open(client.principal):
                client.line.end(EXPIRED, "the login or token is good no more")
            elif client.principal.user is None and now - client.since > self.limits.login_seconds:
                client.line.end(POLICY, "nobody has logged in")

    def _end_unknown(self, channel: Channel) -> None:
        """Who subscribed while the venue was away may have named what there is not."""
        symbol = channel.key[1]
        if not isinstance(symbol, str) or self._market.listings.known(symbol) is not False:
            return
        named = {"channel": channel.key[0], "symbol": symbol}
        for client in list(channel.members):
            client.write(refusal(unknown("symbol", symbol), named))
            self._leave(client, channel)
