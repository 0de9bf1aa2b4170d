"""Who wants which market data, and what each is due at the end of a batch.

Everything that happened to a symbol in a batch is one increment a subscription: levels are
conflated to their last state, trades never. A new subscriber's snapshot shows the end of the batch
it asked in, so that the next increment applies to it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from venue.core.events import LevelChanged, OrderFilled
from venue.marketdata.requests import ENTRY_TYPE, MDEntryType, MDReqRejReason, Subscribe
from venue.marketdata.view import BookReader, BookView, LevelUpdate

MAX_SUBSCRIPTIONS = 1000
"""Symbols that one session may be subscribed to, counted once a subscription."""

Target = tuple[str, str]
"""(session, MDReqID(262))."""
Trade = tuple[int, int, int]
"""(price, qty, trade id) in ticks and lots."""
Refusal = tuple[MDReqRejReason, str]


class Publication(Struct, frozen=True):
    """One message to all `targets`: a snapshot (W) or an increment (X)."""

    symbol: str
    snapshot: bool
    levels: Sequence[LevelUpdate]
    trades: Sequence[Trade]
    targets: Sequence[Target]


class _Group:
    """The subscriptions that share a view."""

    def __init__(self, view: BookView) -> None:
        self.view = view
        self.members: dict[Target, Subscribe] = {}


class Feed:
    """Every market data subscription of the venue. `reader` is asked only in `publish`."""

    def __init__(self, reader: BookReader) -> None:
        self._reader = reader
        self._sessions: defaultdict[str, dict[str, Subscribe]] = defaultdict(dict)
        self._groups: dict[tuple[str, int | None], _Group] = {}
        self._asked: dict[Target, Subscribe] = {}

    def subscribe(self, session: str, request: Subscribe) -> Refusal | None:
        """Note the request; its snapshot comes with the next `publish`."""
        mine = self._sessions[session]
        if request.md_req_id in mine or (session, request.md_req_id) in self._asked:
            why = f"MDReqID(262) {request.md_req_id} is in use"
            return MDReqRejReason.DUPLICATE_MD_REQ_ID, why
        active = sum(len(each.symbols) for each in mine.values())
        if active + len(request.symbols) > MAX_SUBSCRIPTIONS:
            why = f"NoRelatedSym(146) {len(request.symbols)} and the {active} subscribed to exceed"
            return MDReqRejReason.INSUFFICIENT_BANDWIDTH, f"{why} {MAX_SUBSCRIPTIONS}"
        self._asked[session, request.md_req_id] = request
        if request.updates:
            mine[request.md_req_id] = request
        return None

    def unsubscribe(self, session: str, md_req_id: str) -> bool:
        """End a subscription; False where there is none of that MDReqID(262)."""
        request = self._sessions[session].pop(md_req_id, None)
        if request is None:
            return False
        target = session, md_req_id
        self._asked.pop(target, None)
        for symbol in request.symbols:
            group = self._groups.get((symbol, request.depth))
            if group is not None:
                group.members.pop(target, None)
                if not group.members:
                    del self._groups[symbol, request.depth]
        return True

    def drop_session(self, session: str) -> None:
        """End every subscription of a session that is gone."""
        for md_req_id in list(self._sessions[session]):
            self.unsubscribe(session, md_req_id)
        for target in [target for target in self._asked if target[0] == session]:
            del self._asked[target]

    def start_over(self) -> None:
        """Owe every subscriber a new snapshot, after a defect left it in doubt what they saw."""
        self._groups.clear()
        for session, mine in self._sessions.items():
            for md_req_id, request in mine.items():
                self._asked[session, md_req_id] = request

    @property
    def wanted(self) -> bool:
        """Whether `publish` has anybody to tell."""
        return bool(self._groups or self._asked)

    def publish(
        self, changes: Iterable[LevelChanged], fills: Iterable[OrderFilled]
    ) -> list[Publication]:
        """What to send for a batch: `changes` of its levels, `fills` of its aggressors."""
        touched: defaultdict[str, list[LevelChanged]] = defaultdict(list)
        trades: defaultdict[str, list[Trade]] = defaultdict(list)
        for change in changes:
            touched[change.symbol].append(change)
        for fill in fills:
            trades[fill.symbol].append((fill.last_px, fill.last_qty, fill.trade_id))
        publications = []
        for (symbol, _), group in self._groups.items():
            if symbol in touched or symbol in trades:
                publications += self._increments(symbol, group, touched[symbol], trades[symbol])
        for (session, md_req_id), request in self._asked.items():
            publications += self._first_snapshots((session, md_req_id), request)
        self._asked.clear()
        return publications

    def _increments(
        self, symbol: str, group: _Group, changes: list[LevelChanged], trades: list[Trade]
    ) -> list[Publication]:
        updates = group.view.update(changes)
        alike: defaultdict[tuple[frozenset[str], bool], list[Target]] = defaultdict(list)
        for target, request in group.members.items():
            alike[request.entry_types, request.full_refresh].append(target)
        publications = []
        for (entry_types, full_refresh), targets in alike.items():
            levels = _of_types(updates, entry_types)
            wanted = trades if MDEntryType.TRADE in entry_types else []
            if not levels and not wanted:
                continue
            if full_refresh:
                levels = _of_types(group.view.snapshot(), entry_types)
            publications.append(Publication(symbol, full_refresh, levels, wanted, targets))
        return publications

    def _first_snapshots(self, target: Target, request: Subscribe) -> list[Publication]:
        publications = []
        for symbol in request.symbols:
            group = self._groups.get((symbol, request.depth))
            if group is None:
                group = _Group(BookView(self._reader, symbol, request.depth))
            if request.updates:
                self._groups[symbol, request.depth] = group
                group.members[target] = request
            last = self._reader.last_trade(symbol)
            trades = [(*last, 0)] if last and MDEntryType.TRADE in request.entry_types else []
            levels = _of_types(group.view.snapshot(), request.entry_types)
            publications.append(Publication(symbol, True, levels, trades, [target]))
        return publications


def _of_types(levels: Iterable[LevelUpdate], entry_types: frozenset[str]) -> list[LevelUpdate]:
    return [level for level in levels if ENTRY_TYPE[level.side] in entry_types]
