"""The WebSocket endpoints: what clients say, one message at a time, no faster than allowed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import structlog
from fastapi import APIRouter
from starlette.types import Message
from starlette.websockets import WebSocket

from venue.web.accounts.users import Principal
from venue.web.problems import Problem
from venue.web.ws.client import Client
from venue.web.ws.frames import answer, refusal
from venue.web.ws.hub import EXPIRED, POLICY, Hub, Limits
from venue.web.ws.protocol import EXTENSION, FrameProtocol
from venue.web.ws.requests import Request, RequestError, parse

if TYPE_CHECKING:
    from venue.web.web import Web

log = structlog.get_logger()

UNSUPPORTED, DEFECT, CROWDED = 1003, 1011, 1013
PRINCIPAL = "venue.principal"
"""Key of the scope, see `venue.web.guard`."""
Joined = tuple[tuple[str, int | None], ...]
"""Channels and levels that a path subscribes to by itself."""
_MARKETDATA: Joined = (("bbo", None), ("depth", 10), ("trades", None))
_TRADES: Joined = (("trades", None),)
_MARKET: Joined = (*_MARKETDATA, ("statistics", None))


def router(web: Web, hub: Hub) -> APIRouter:
    """The routes /ws and those that name a symbol."""
    routes = APIRouter()

    @routes.websocket("/ws")
    async def everything(socket: WebSocket) -> None:
        await Conversation(socket, web, hub).run()

    @routes.websocket("/ws/marketdata")
    async def marketdata_query(socket: WebSocket, symbol: str = "") -> None:
        await Conversation(socket, web, hub).run(symbol, _MARKETDATA)

    @routes.websocket("/ws/trades")
    async def trades_query(socket: WebSocket, symbol: str = "") -> None:
        await Conversation(socket, web, hub).run(symbol, _TRADES)

    @routes.websocket("/ws/market-data/{symbol:path}")
    async def marketdata(socket: WebSocket, symbol: str) -> None:
        await Conversation(socket, web, hub).run(symbol, _MARKETDATA)

    @routes.websocket("/ws/trades/{symbol:path}")
    async def trades(socket: WebSocket, symbol: str) -> None:
        await Conversation(socket, web, hub).run(symbol, _TRADES)

    @routes.websocket("/ws/market/{symbol:path}")
    async def market(socket: WebSocket, symbol: str) -> None:
        await Conversation(socket, web, hub).run(symbol, _MARKET)

    return routes


class Conversation:
    """One connection from its first message to its last."""

    def __init__(self, socket: WebSocket, web: Web, hub: Hub) -> None:
        self._socket = socket
        self._web = web
        self._hub = hub
        self._faults = 0
        self._pace = Pace(hub.limits)

    async def run(self, symbol: str | None = None, joined: Joined = ()) -> None:
        """Accept it and carry out what the client says until it is gone."""
        line: FrameProtocol = self._socket.scope["extensions"][EXTENSION]
        await self._socket.accept()
        who = self._socket.scope[PRINCIPAL]
        if isinstance(who, Problem):
            code = EXPIRED if who.code == "expired_token" else POLICY
            line.end(code, who.detail[:100])
        elif self._hub.is_crowded(who):
            line.end(CROWDED, "too many connections")
        else:
            await self._talk(line, who, symbol, joined)
            return
        await self._until_closed()

    async def _until_closed(self) -> None:
        while (await self._socket.receive())["type"] != "websocket.disconnect":
            pass

    async def _talk(
        self, line: FrameProtocol, who: Principal, symbol: str | None, joined: Joined
    ) -> None:
        loop = asyncio.get_running_loop()
        client = Client(line, who, self._hub.counts, loop.time())
        line.on_resume = client.catch_up
        self._hub.add(client)
        try:
            for channel, levels in joined:
                self._join(client, channel, symbol or None, levels)
            while True:
                message = await self._socket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                if line.is_open:
                    self._hear(client, message)
                    await self._pace.wait()
                    await line.writable.wait()  # who does not read is not read from either
        except Exception:
            log.exception("defect", key=who.key)
            line.end(DEFECT, "a defect, which the log tells")
        finally:
            line.on_resume = None
            self._hub.remove(client)

    def _join(self, client: Client, channel: str, symbol: str | None, levels: int | None) -> None:
        """Subscribe to what the path says; it is of no use without."""
        try:
            if symbol is None:
                raise Problem(422, "missing_symbol", "the path names no symbol")
            self._hub.subscribe(client, channel, symbol, levels).join(client)
        except Problem as problem:
            if client.line.is_open:
                client.write(refusal(problem, {"channel": channel, "symbol": symbol}))
                client.line.end(POLICY, problem.detail[:100])

    def _hear(self, client: Client, message: Message) -> None:
        text = message.get("text")
        if text is None:
            client.line.end(UNSUPPORTED, "text frames only")
            return
        named: dict[str, Any] = {}
        try:
            request = parse(text)
            named = request.named
            self._carry_out(client, request)
        except RequestError as fault:
            problem = Problem(422, "bad_message", str(fault))
            self._refuse(client, problem, fault.named)
        except Problem as problem:
            self._refuse(client, problem, named)

    def _refuse(self, client: Client, problem: Problem, named: dict[str, Any]) -> None:
        client.write(refusal(problem, named))
        self._faults += 1
        if self._faults >= self._hub.limits.faults:
            client.line.end(POLICY, "too many messages that make no sense")

    def _carry_out(self, client: Client, request: Request) -> None:
        named = request.named
        if request.op == "ping":
            client.write(answer("pong", named))
            return
        if request.op == "login":
            principal = self._web.accounts.by_token(request.token or "")
            self._hub.forget(client)
            client.principal = principal
            assert principal.user is not None
            client.write(answer("login", named, user=principal.user.name))
            return
        assert request.channel is not None
        what = request.channel, request.symbol, request.levels
        if request.op == "subscribe":
            channel = self._hub.subscribe(client, *what)
            client.write(answer("subscribed", named))
            channel.join(client)
        elif request.op == "unsubscribe":
            self._hub.unsubscribe(client, *what)
            client.write(answer("unsubscribed", named))
        else:
            client.show(self._hub.subscription(client, *what))


class Pace:
    """So many messages a second, after twice as many at once."""

    def __init__(self, limits: Limits) -> None:
        self._rate = limits.messages
        self._most = self._left = 2.0 * limits.messages
        self._at = asyncio.get_running_loop().time()

    async def wait(self) -> None:
        """Take one, or wait until there is one."""
        now = asyncio.get_running_loop().time()
        self._left = min(self._most, self._left + (now - self._at) * self._rate) - 1
        self._at = now
        if self._left < 0:
            await asyncio.sleep(-self._left / self._rate)
