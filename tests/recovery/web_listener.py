"""A WebSocket client that keeps what it is told, as a program would: snapshots, then changes."""

import asyncio
import json
import random
from collections import Counter
from decimal import Decimal
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.recovery.flow import SYMBOLS
from tests.recovery.web_processes import Person
from tests.recovery.wire import ViolationError

Item = dict[str, Any]
OWN = ("orders", "fills", "positions")
LEVELS = (0, 5)
_SIDES = ("bids", "asks")


class ShownBook:
    """A book from one snapshot and the deltas behind it, whose numbers have no gap."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.sequence: int | None = None
        self.sides: dict[str, dict[Decimal, tuple[str, int]]] = {side: {} for side in _SIDES}

    def take(self, told: Item) -> None:
        if told["type"] == "snapshot":
            self.sides = {side: {} for side in _SIDES}
        elif self.sequence is None or told["sequence"] != self.sequence + 1:
            raise ViolationError(f"{self._name}: after {self.sequence} comes {told}")
        self.sequence = told["sequence"]
        for side in _SIDES:
            for price, quantity, orders in told[side]:
                self._change(side, Decimal(price), quantity, orders, told)
        bids, asks = self.sides["bids"], self.sides["asks"]
        if bids and asks and max(bids) >= min(asks):
            raise ViolationError(f"{self._name}: the book is crossed after {told}")

    def _change(self, side: str, price: Decimal, quantity: str, orders: int, told: Item) -> None:
        levels = self.sides[side]
        if quantity != "0":
            levels[price] = quantity, orders
        elif levels.pop(price, None) is None:
            raise ViolationError(f"{self._name}: {price} was not there: {told}")

    def rows(self) -> dict[str, list[list[Any]]]:
        """Both sides, best first."""
        bids, asks = sorted(self.sides["bids"], reverse=True), sorted(self.sides["asks"])
        return {
            side: [[price, *self.sides[side][price]] for price in prices]
            for side, prices in zip(_SIDES, (bids, asks), strict=True)
        }


class Listener:
    """One user's connection, made again whenever it ends; `leaves` ends it itself now and then.

    `told_fills` are all fills of all connections, `known` what the present one has told.
    """

    def __init__(self, person: Person, port: int, seed: int, leaves: bool) -> None:
        self.name = f"the WebSocket of {person.name}"
        self.connections = 0
        self.told_fills: dict[tuple[str, str], Item] = {}
        self.known: dict[str, dict[tuple[Any, ...], Item]] = {}
        self.books: dict[tuple[str, int], ShownBook] = {}
        self.counts: Counter[str] = Counter()
        self._token, self._port = person.token, port
        self._dice = random.Random(f"{seed} {person.name} listens")
        self._leaves = leaves

    @property
    def is_informed(self) -> bool:
        """Whether every channel has been shown."""
        shown = all(book.sequence is not None for book in self.books.values())
        return len(self.known) == len(OWN) and len(self.books) == 4 and shown

    async def run(self) -> None:
        """Listen for ever. Raise `ViolationError` at what cannot be."""
        while True:
            self._forget()
            try:
                async with connect(
                    f"ws://127.0.0.1:{self._port}/ws",
                    compression=None,
                    proxy=None,
                    max_size=None,
                    ping_interval=None,
                    close_timeout=1,
                    additional_headers={"Authorization": f"Bearer {self._token}"},
                ) as connection:
                    self.connections += 1
                    await self._listen(connection)
            except (OSError, WebSocketException, TimeoutError):
                pass
            self._forget()
            await asyncio.sleep(self._dice.uniform(0, 0.3))

    async def _listen(self, connection: ClientConnection) -> None:
        for channel in OWN:
            await connection.send(json.dumps({"op": "subscribe", "channel": channel}))
        for symbol in SYMBOLS:
            for levels in LEVELS:
                self.books[symbol, levels] = ShownBook(f"{self.name}: {symbol}, {levels}")
                wanted = {"channel": "depth", "symbol": symbol, "levels": levels}
                await connection.send(json.dumps({"op": "subscribe", **wanted}))
        left = self._dice.randint(50, 3_000) if self._leaves else -1
        while left:
            left -= 1
            self._take(json.loads(await connection.recv()))

    def _forget(self) -> None:
        self.known.clear()
        self.books.clear()

    def _take(self, told: Item) -> None:
        channel = told.get("channel")
        if told.get("op") == "error":
            raise ViolationError(f"{self.name}: {told}")
        if "op" in told or channel == "status":
            return
        self.counts[f"{channel} {told['type']}"] += 1
        if channel == "depth":
            self.books[told["symbol"], told["levels"]].take(told)
        elif channel in OWN:
            self._take_own(channel, told)

    def _take_own(self, channel: str, told: Item) -> None:
        items: list[Item] = told[channel]
        if told["type"] == "snapshot":
            self.known[channel] = {_name(channel, item): item for item in reversed(items)}
            if len(self.known[channel]) != len(items):
                raise ViolationError(f"{self.name}: something is twice in {channel}: {told}")
        else:
            self._update(channel, items)
        if channel == "fills":
            for item in items:
                self._take_fill(item)

    def _update(self, channel: str, items: list[Item]) -> None:
        if channel not in self.known:
            raise ViolationError(f"{self.name}: an update of {channel} before its snapshot")
        for item in items:
            name = _name(channel, item)
            before = self.known[channel].get(name)
            if before == item:
                raise ViolationError(f"{self.name}: {channel} tells twice: {item}")
            if channel == "orders" and before is not None:
                self._grows(before, item)
            self.known[channel][name] = item

    def _grows(self, before: Item, after: Item) -> None:
        """What is filled stays filled, and what has ended has ended."""
        less = Decimal(after["filled_quantity"]) < Decimal(before["filled_quantity"])
        if less or (after["is_working"] and not before["is_working"]):
            raise ViolationError(f"{self.name}: an order goes back, from {before} to {after}")

    def _take_fill(self, item: Item) -> None:
        name = (item["trade_id"], item["order_id"])
        before = self.told_fills.setdefault(name, item)
        told = [(each["quantity"], each["price"], each["side"]) for each in (before, item)]
        if told[0] != told[1]:
            raise ViolationError(f"{self.name}: a fill changes from {before} to {item}")


def _name(channel: str, item: Item) -> tuple[Any, ...]:
    if channel == "orders":
        return (item["order_id"],)
    if channel == "fills":
        return item["trade_id"], item["order_id"]
    return item["account"], item["symbol"]
