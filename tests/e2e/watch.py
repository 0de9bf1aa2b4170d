"""Watchers with subscriptions of every kind, and traders who flood the venue."""

import itertools

from tests.e2e.codes import FIX50SP2
from tests.e2e.flow import RichFlow
from tests.e2e.shown import ENTRY_TYPES, Shown
from tests.e2e.stock import StockClient

KINDS = list(itertools.product((0, 1, 3), (True, False), (False, False, False, True)))
"""(depth, aggregated, full refresh)."""


class Watch:
    """Subscriptions of one watcher to one symbol, that begin when they are told to."""

    def __init__(self, client: StockClient, symbol: str, numbered: bool = False) -> None:
        self._client, self._symbol, self._numbered = client, symbol, numbered
        self.shown: dict[str, Shown] = {}

    def join(self, depth: int, aggregated: bool, full_refresh: bool, more: str = "") -> None:
        """Subscribe; `more` is the interval to ask for."""
        md_req_id = self._ask(depth, aggregated, 1, full_refresh, more)
        numbered = self._numbered or self._client.version == FIX50SP2
        self.shown[md_req_id] = Shown(md_req_id, aggregated, depth, full_refresh, numbered)

    def _ask(
        self, depth: int, aggregated: bool, updates: int, full_refresh: bool, more: str = ""
    ) -> str:
        fields: dict[int, object] = {266: None if aggregated else "N", 9084: more or None}
        if self._numbered:
            fields[9083] = "Y"
        types = ENTRY_TYPES[self._client.version]
        kind = 0 if full_refresh else 1
        return self._client.request_market_data(
            self._symbol, depth, updates, kind, types, more=fields
        )

    def hear(self) -> None:
        """Apply all that has come."""
        for message in self._client.settle():
            self.shown[message[262]].apply(message)

    def is_right(self) -> None:
        """Each shows what a snapshot that is asked for now does."""
        self.hear()
        wanted: dict[tuple[int, bool], object] = {}
        for each in self.shown.values():
            key = each.depth, each.aggregated
            if key not in wanted:
                now = Shown(self._ask(*key, 0, False), each.aggregated, each.depth)
                now.apply(self._client.receive("W"))
                wanted[key] = now.picture()
            assert each.picture() == wanted[key], f"{key} {each.md_req_id}"

    def end(self) -> None:
        for md_req_id in self.shown:
            self._client.send(
                "V", {262: md_req_id, 263: 2, 264: 0, 267: 1, 269: 0, 146: 1, 55: "X"}
            )
        self.shown.clear()


def flood(clients: list[StockClient], flows: list[RichFlow], count: int) -> None:
    for _ in range(count):
        for client, flow in zip(clients, flows, strict=True):
            client.send(*flow.next_request())
