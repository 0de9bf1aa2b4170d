"""Two books of one instrument that must be the same: what a subscriber is shown of it, and what
the reports to its traders add up to.
"""

from collections import Counter
from decimal import Decimal

from tests.e2e.client import BUY, SELL
from tests.e2e.message import Message

Levels = dict[str, dict[Decimal, Decimal]]
"""Quantity by price, by Side(54); MDEntryType(269) 0 and 1 are the bids and offers."""

SIDE = {"0": BUY, "1": SELL}
NEW_LEVEL, CHANGED, DELETED = "0", "1", "2"
TRADE = "2"


class ReportedBook:
    """The sum of all open orders, from the ExecutionReports of everybody who trades."""

    def __init__(self) -> None:
        self._orders: dict[str, tuple[str, Decimal, Decimal]] = {}
        self.trades: list[tuple[str, str, str]] = []

    def apply(self, report: Message) -> None:
        if report.type != "8" or report[150] in "8I":
            return
        if report[150] == "F" and report[851] == "2":
            self.trades.append((report[31], report[32], report[527]))
        self._orders.pop(report[37], None)
        if report.get(44) and report[151] != "0":
            self._orders[report[37]] = report[54], Decimal(report[44]), Decimal(report[151])

    def levels(self, depth: int = 0) -> Levels:
        levels: Levels = {BUY: Counter(), SELL: Counter()}
        for side, price, qty in self._orders.values():
            levels[side][price] += qty
        return {side: _first(side, levels[side], depth) for side in levels}


class ShownBook:
    """What one subscription shows; asserts of every message that it applies to the one before."""

    def __init__(self, md_req_id: str, symbol: str, depth: int = 0) -> None:
        self.md_req_id, self.symbol, self.depth = md_req_id, symbol, depth
        self.levels: Levels = {}
        self.trades: list[tuple[str, str, str | None]] = []
        self.messages = 0

    def apply(self, message: Message) -> None:
        message.has({262: self.md_req_id})
        self.messages += 1
        if message.type == "W":
            self._apply_snapshot(message)
        else:
            self._apply_increment(message)
        assert all(len(levels) <= (self.depth or 1 << 30) for levels in self.levels.values())
        bids, offers = self.levels[BUY], self.levels[SELL]
        assert not bids or not offers or max(bids) < min(offers), message

    def _apply_snapshot(self, message: Message) -> None:
        message.has({55: self.symbol})
        entries = message.entries(269)
        message.has({268: len(entries)})
        self.levels = {BUY: {}, SELL: {}}
        self.counts: dict[tuple[str, Decimal], int] = {}
        for entry in entries:
            if entry[269] == TRADE:
                self.trades.append((entry[270], entry[271], None))
                continue
            levels = self.levels[SIDE[entry[269]]]
            assert Decimal(entry[270]) not in levels, message
            levels[Decimal(entry[270])] = Decimal(entry[271])
            self.counts[entry[269], Decimal(entry[270])] = int(entry[346])
        for side, levels in self.levels.items():
            assert list(levels) == sorted(levels, reverse=side == BUY), message

    def _apply_increment(self, message: Message) -> None:
        assert self.levels, "an increment before the first snapshot"
        entries = message.entries(279)
        message.has({268: len(entries)})
        assert entries, message
        for entry in entries:
            assert entry[55] == self.symbol, message
            price = Decimal(entry[270])
            if entry[269] == TRADE:
                assert entry[279] == NEW_LEVEL, message
                self.trades.append((entry[270], entry[271], entry[278].removeprefix("T")))
                continue
            levels = self.levels[SIDE[entry[269]]]
            assert (price in levels) == (entry[279] != NEW_LEVEL), message
            if entry[279] == DELETED:
                del levels[price], self.counts[entry[269], price]
            else:
                assert entry[279] in (NEW_LEVEL, CHANGED), message
                qty, count, level = Decimal(entry[271]), int(entry[346]), (entry[269], price)
                assert qty > 0 and count > 0, message
                assert (levels.get(price), self.counts.get(level)) != (qty, count), message
                levels[price], self.counts[level] = qty, count

    def agrees_with(self, book: ReportedBook) -> None:
        reported = book.levels(self.depth)
        assert self.levels == reported, f"{self.levels} is shown, {reported} was reported"


def _first(side: str, levels: dict[Decimal, Decimal], depth: int) -> dict[Decimal, Decimal]:
    prices = sorted(levels, reverse=side == BUY)[: depth or None]
    return {price: levels[price] for price in prices}
