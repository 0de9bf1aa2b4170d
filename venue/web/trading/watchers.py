"""Who is told what has changed: once for each turn of the loop, with what it is by then."""

import asyncio
from collections.abc import Callable, Collection
from typing import Any, Literal

import structlog

from venue.web.shapes import Fill, Position
from venue.web.trading.records import Record

log = structlog.get_logger()

Kind = Literal["orders", "fills", "positions"]
Watcher = Callable[[str, list[Any]], None]
KINDS: tuple[Kind, ...] = ("orders", "fills", "positions")


class Watchers:
    """Notes changes for those who watch; without any it notes nothing."""

    def __init__(self) -> None:
        self._watchers: list[tuple[Watcher, frozenset[str]]] = []
        self._orders: dict[str, Record] = {}
        self._fills: dict[tuple[str, str], Fill] = {}
        self._positions: dict[tuple[str | None, str], Position] = {}
        self._is_due = False

    def watch(self, watcher: Watcher, kinds: Collection[Kind]) -> Callable[[], None]:
        """Call `watcher` with a kind and what has changed of it; return how to end that."""
        entry = (watcher, frozenset(kinds))
        self._watchers.append(entry)

        def unwatch() -> None:
            if entry in self._watchers:
                self._watchers.remove(entry)

        return unwatch

    def has(self, kind: Kind) -> bool:
        return any(kind in kinds for _, kinds in self._watchers)

    def order(self, record: Record) -> None:
        if self._watchers:
            self._orders[record.order_id] = record
            self._later()

    def fill(self, fill: Fill) -> None:
        if self._watchers:
            self._fills[fill.trade_id, fill.order_id] = fill
            self._later()

    def position(self, position: Position) -> None:
        if self._watchers:
            self._positions[position.account, position.symbol] = position
            self._later()

    def _later(self) -> None:
        if not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        self._is_due = False
        changed: dict[Kind, list[Any]] = {
            "orders": [record.brief for record in self._orders.values()],
            "fills": [*self._fills.values()],
            "positions": [*self._positions.values()],
        }
        for each in (self._orders, self._fills, self._positions):
            each.clear()
        for watcher, kinds in [*self._watchers]:
            for kind in KINDS:
                if kind in kinds and changed[kind]:
                    try:
                        watcher(kind, changed[kind])
                    except Exception:
                        log.exception("defect", watching=kind)
