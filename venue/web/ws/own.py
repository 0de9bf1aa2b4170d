"""Channels of what is somebody's own: orders, fills, positions, messages; and, for an operator, the
venue's sessions.

They keep what they have shown, so that who joins or falls behind is shown it at once.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

import structlog
from sortedcontainers import SortedDict

from venue.web.counted_ids import age
from venue.web.messages import MessageLog
from venue.web.problems import Problem
from venue.web.shapes import Fill, FixMessage, Order, Position, Session
from venue.web.ws.channels import Channel, Key
from venue.web.ws.frames import items

if TYPE_CHECKING:
    from venue.web.operator import OperatorDesk
    from venue.web.trading.desk import Desk

log = structlog.get_logger()

MOST = 500
"""Ended orders, fills and messages of a snapshot."""
MOST_WORKING = 2_000
"""Working orders of a snapshot, however old they are."""
AGAIN_SECONDS = 1.0
"""After which is asked again what could not be told."""
SESSIONS_SECONDS = 2.0


class OwnChannel(Channel):
    """One kind of thing that a desk knows: loaded when the first joins, and again whenever a
    session of the desk comes back.
    """

    kind: Literal["orders", "fills", "positions"]

    def __init__(self, key: Key, desk: Desk) -> None:
        super().__init__(key)
        self._desk = desk
        self._logons = 0
        self._known: SortedDict = SortedDict()
        self._is_loaded = False
        self._meanwhile: list[Any] = []
        self._loading: asyncio.Task[None] | None = None
        self._unwatch: Callable[[], None] | None = None

    def open(self) -> None:
        self._unwatch = self._desk.watch(self._changed, kinds=(self.kind,))
        self._load_soon()

    def close(self) -> None:
        if self._unwatch is not None:
            self._unwatch()
        if self._loading is not None:
            self._loading.cancel()
        self._known.clear()
        self._is_loaded = False

    def check(self) -> None:
        """Called now and then: load again where a session was away, however short."""
        if self.members and self._desk.logons != self._logons:
            self._load_soon()

    def snapshot(self) -> bytes | None:
        if not self._is_loaded:
            return None
        return items(self.kind, "snapshot", self.kind, self.newest())

    def newest(self) -> list[Any]:
        """What a snapshot shows of all that is known, newest first."""
        return list(islice(reversed(self._known.values()), MOST))

    @abstractmethod
    async def load(self) -> Sequence[Any]:
        """All there is."""

    @abstractmethod
    def name(self, item: Any) -> Key:
        """What tells one from another, and which is the younger one: what was there before may come
        after what is new.
        """

    def _load_soon(self) -> None:
        self._logons = self._desk.logons
        if self._loading is not None:
            self._loading.cancel()
        self._is_loaded = False
        self._meanwhile.clear()
        self._loading = asyncio.get_running_loop().create_task(self._load())

    async def _load(self) -> None:
        while True:
            try:
                found = await self.load()
                break
            except Problem:
                await asyncio.sleep(AGAIN_SECONDS)
            except Exception:
                log.exception("defect", channel=self.kind)
                await asyncio.sleep(AGAIN_SECONDS)
        self._known = SortedDict((self.name(item), item) for item in found)
        self._keep(self._meanwhile)
        self._meanwhile.clear()
        self._is_loaded = True
        self.show_all()

    def _changed(self, kind: str, changed: list[Any]) -> None:
        if kind != self.kind or not changed:
            return
        if not self._is_loaded:
            self._meanwhile += changed
            return
        changed = [each for each in changed if self._known.get(self.name(each)) != each]
        if changed:  # else a snapshot has told it
            self._keep(changed)
            self.publish(items(self.kind, "update", self.kind, changed))

    def _keep(self, changed: Iterable[Any]) -> None:
        for item in changed:
            self._known[self.name(item)] = item
        while len(self._known) > 2 * MOST:
            self._known.popitem(0)


class OrdersChannel(OwnChannel):
    """What is working stays, however many younger ones have ended."""

    kind = "orders"

    async def load(self) -> Sequence[Order]:
        working: list[Order] = await self._desk.orders(status="working", limit=MOST_WORKING)
        found: list[Order] = await self._desk.orders(limit=MOST)
        among = {order.order_id for order in found}
        return [*found, *(order for order in working if order.order_id not in among)]

    def name(self, item: Order) -> Key:
        return age(item.order_id)

    def newest(self) -> list[Any]:
        left = {True: MOST_WORKING, False: MOST}
        shown: list[Order] = []
        for order in reversed(self._known.values()):
            if left[order.is_working]:
                left[order.is_working] -= 1
                shown.append(order)
        return shown

    def _keep(self, changed: Iterable[Any]) -> None:
        for order in changed:
            self._known[self.name(order)] = order
        if len(self._known) > 2 * (MOST_WORKING + MOST):
            self._known = SortedDict((self.name(order), order) for order in self.newest())


class FillsChannel(OwnChannel):
    kind = "fills"

    async def load(self) -> Sequence[Fill]:
        found: list[Fill] = await self._desk.fills(limit=MOST)
        return found

    def name(self, item: Fill) -> Key:
        return *age(item.trade_id), *age(item.order_id)


class PositionsChannel(OwnChannel):
    kind = "positions"

    async def load(self) -> Sequence[Position]:
        found: list[Position] = await self._desk.positions()
        return found

    def name(self, item: Position) -> Key:
        return item.symbol, item.account or ""


class MessagesChannel(Channel):
    """The messages of some sessions, oldest first."""

    def __init__(self, key: Key, messages: MessageLog, sessions: Sequence[str]) -> None:
        super().__init__(key)
        self._messages = messages
        self._sessions = frozenset(sessions)
        self._known: deque[FixMessage] = deque(maxlen=MOST)
        self._unwatch: Callable[[], None] | None = None

    def open(self) -> None:
        self._unwatch = self._messages.watch(self._changed)
        self._known.clear()
        self._known.extend(self._messages.recent(self._sessions, MOST))

    def close(self) -> None:
        if self._unwatch is not None:
            self._unwatch()

    def snapshot(self) -> bytes:
        return items("messages", "snapshot", "messages", list(self._known))

    def _changed(self, messages: list[FixMessage]) -> None:
        last = self._known[-1].number if self._known else 0
        new = [each for each in messages if each.session in self._sessions and each.number > last]
        if new:
            self._known.extend(new)
            self.publish(items("messages", "update", "messages", new))


class SessionsChannel(Channel):
    """All sessions of the venue, every other second."""

    def __init__(self, key: Key, operator: OperatorDesk) -> None:
        super().__init__(key)
        self._operator = operator
        self._known: list[Session] | None = None
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._follow())

    def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._known = None

    def snapshot(self) -> bytes | None:
        if self._known is None:
            return None
        return items("sessions", "snapshot", "sessions", self._known)

    async def _follow(self) -> None:
        while True:
            try:
                self._known = await self._operator.sessions()
                self.show_all()
            except Problem:
                self._known = None
            except Exception:
                log.exception("defect", channel="sessions")
            await asyncio.sleep(SESSIONS_SECONDS)
