"""What a subscription of any kind shows, kept entry by entry: each must fit what was there."""

from decimal import Decimal

from tests.e2e.codes import FIX42, FIX44, FIX50SP2
from tests.e2e.message import Message

BID, OFFER, TRADE = "0", "1", "2"
NEW, CHANGED, DELETED = "0", "1", "2"
ENTRY_TYPES = {FIX42: "01245789", FIX44: "01245789AB", FIX50SP2: "01245789ABQ"}

Row = tuple[str | Decimal, Decimal, str]
"""What names an order or a level, its price and its size."""
Picture = dict[str, list[Row]]
"""Bids and offers, what trades first first, and each figure."""


class Shown:
    """One subscription to one symbol; `numbered` tells that its entries have numbers.

    `messages` counts what came after the first snapshot; `tape` are (price, size, id) of trades.
    """

    def __init__(
        self,
        md_req_id: str,
        aggregated: bool = True,
        depth: int = 0,
        full_refresh: bool = False,
        numbered: bool = False,
    ) -> None:
        self.md_req_id = md_req_id
        self.aggregated, self.depth = aggregated, depth
        self.full_refresh, self.numbered = full_refresh, numbered
        self.messages = -1
        self.number: int | None = None
        self.tape: list[tuple[str, str, str | None]] = []
        self._rows: dict[str, dict[str | Decimal, Row]] = {}

    def apply(self, message: Message) -> None:
        message.has({262: self.md_req_id})
        self.messages += 1
        if message.type == "W":
            assert self.full_refresh or not self.messages, message
            self._begin(message)
        else:
            assert self.messages and not self.full_refresh, message
            self._go_on(message)

    def picture(self) -> Picture:
        """The whole, in an order that does not depend on how it came about."""
        found: Picture = {}
        for kind, rows in self._rows.items():
            sign = -1 if kind == BID else 1
            found[kind] = sorted(rows.values(), key=lambda row: sign * row[1])
        return {kind: rows for kind, rows in found.items() if rows}

    def _begin(self, message: Message) -> None:
        entries = message.entries(269)
        message.has({268: len(entries)})
        self._rows = {}
        for entry in entries:
            if entry[269] == TRADE:
                if self.messages:
                    self._print(entry)
            else:
                self._put(entry, message)
        number = message.get(9083) or (entries[0].get(83) if entries else None)
        if number is not None:
            step = 1 if self.full_refresh and self.messages else 0
            assert self.number is None or not step or int(number) == self.number + step, message
            self.number = int(number)
            assert all(entry.get(83, number) == number for entry in entries), message
        self._is_uncrossed(message)

    def _go_on(self, message: Message) -> None:
        entries = message.entries(279)
        message.has({268: len(entries)})
        assert entries, message
        self._count(message, [entry.get(83) for entry in entries])
        told: set[tuple[str, str | Decimal]] = set()
        deleted: set[tuple[str, str | Decimal]] = set()
        for entry in entries:
            if entry[269] == TRADE:
                assert entry[279] == NEW, message
                self._print(entry)
                continue
            name = entry[269], self._name(entry)
            moves = not self.aggregated and entry[279] == NEW and name in deleted
            assert name not in told or moves, f"{name} is told twice: {message}"
            told.add(name)
            rows = self._rows.setdefault(entry[269], {})
            assert (name[1] in rows) is (entry[279] != NEW), f"{name} in {rows}: {message}"
            if entry[279] == DELETED:
                deleted.add(name)
                del rows[name[1]]
            else:
                before = rows.get(name[1])
                self._put(entry, message)
                assert before != rows[name[1]], f"nothing has changed: {message}"
            self._is_uncrossed(message)

    def _count(self, message: Message, each: list[str | None]) -> None:
        """Every entry has the number after the last one's."""
        first, last = message.get(9082), message.get(9083)
        if each[0] is not None:
            first, last = each[0], each[-1]
            assert each == [str(int(first) + at) for at in range(len(each))], message
        if first is None or last is None:
            assert not self.numbered, message
            return
        assert int(last) - int(first) == len(each) - 1, message
        assert self.number is None or int(first) == self.number + 1, (
            f"after {self.number} {message}"
        )
        self.number = int(last)

    def _name(self, entry: dict[int, str]) -> str | Decimal:
        if entry[269] not in (BID, OFFER):
            return ""
        return Decimal(entry[270]) if self.aggregated else entry[37]

    def _put(self, entry: dict[int, str], message: Message) -> None:
        name = self._name(entry)
        if entry[269] in (BID, OFFER):
            assert (37 in entry) is not self.aggregated, message
            assert Decimal(entry[271]) > 0, message
            assert (346 in entry) is self.aggregated, message
        condition = entry.get(277, "")
        size = f"{entry.get(271, '')}{condition}"
        price, count = Decimal(entry.get(270, "0")), entry.get(346, "")
        self._rows.setdefault(entry[269], {})[name] = name, price, size, count

    def _print(self, entry: dict[int, str]) -> None:
        trade_id = entry[278].removeprefix("T") if 278 in entry else None
        self.tape.append((entry[270], entry[271], trade_id))

    def _is_uncrossed(self, message: Message) -> None:
        bids, offers = (self._rows.get(side, {}).values() for side in (BID, OFFER))
        if bids and offers:
            assert max(row[1] for row in bids) < min(row[1] for row in offers), message
        if self.depth and message.type == "W":
            for side in (bids, offers):
                assert len({row[1] for row in side}) <= self.depth, message
