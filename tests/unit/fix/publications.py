"""Every kind of market data message, with every kind of entry that a version has."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from venue.core.types import CALLS, Side
from venue.fix.versions import Version
from venue.marketdata.entries import (
    BookUpdate,
    Entry,
    FigureUpdate,
    MDUpdateAction,
    Publication,
    TradeEntry,
)
from venue.marketdata.requests import STATISTICS, MDEntryType

NEW, CHANGE, DELETE = MDUpdateAction.NEW, MDUpdateAction.CHANGE, MDUpdateAction.DELETE
NOON = 1_709_208_000_000_000_000
"""2024-02-29, 12:00 UTC."""


def publication(
    snapshot: bool, *entries: Entry, symbol: str = "AAPL", rpt_seq: int = 40, numbered: bool = False
) -> Publication:
    return Publication(symbol, snapshot, entries, rpt_seq, numbered, [])


def every_entry(snapshot: bool, version: Version) -> Iterator[Entry]:
    """Each entry that a W, or an X, of a version may have."""
    actions = [NEW] if snapshot else list(MDUpdateAction)
    for action in actions:
        qty = 0 if action is DELETE else 5
        for side in Side:
            yield BookUpdate(action, side, 10_000, qty)
            yield BookUpdate(action, side, 10_000, qty, 17)
    yield TradeEntry(10_000, 5)
    for side in Side:
        yield TradeEntry(10_000, 5, 9, side, NOON)
    for phase in sorted(CALLS):
        yield TradeEntry(10_000, 5, 9, None, NOON, phase)
    if not snapshot:
        yield TradeEntry(10_000, 5, 9, time=NOON, action=CHANGE)
        yield TradeEntry(10_000, 0, 9, time=NOON, action=DELETE)
    for figure in every_figure(actions):
        if figure.entry_type in version.md_entry_types:
            yield figure


def every_figure(actions: Sequence[MDUpdateAction]) -> Iterator[FigureUpdate]:
    for action in actions:
        gone = action is DELETE
        for kind in sorted(STATISTICS - {MDEntryType.TRADE_VOLUME}):
            yield FigureUpdate(action, kind, None if gone else 10_000, None)
        vwap = None if gone else Fraction(20_001, 2)
        yield FigureUpdate(action, MDEntryType.VWAP, vwap, None)
        yield FigureUpdate(action, MDEntryType.TRADE_VOLUME, None, None if gone else 70)
        kind = MDEntryType.AUCTION_CLEARING_PRICE
        yield FigureUpdate(action, kind, *((None, None) if gone else (10_000, 5)))
        for price, qty in ((10_000, 0), (10_000, 3), (None, -3)):
            outlook = (None, None) if gone else (price, qty)
            yield FigureUpdate(action, MDEntryType.IMBALANCE, *outlook)


def every_publication(version: Version, numbered: bool = False) -> Iterator[Publication]:
    """A W and an X of all entries, one of each alone, and a W of none."""
    yield publication(True, numbered=numbered)
    for snapshot in (True, False):
        entries = list(every_entry(snapshot, version))
        yield publication(snapshot, *entries, numbered=numbered)
        for entry in entries:
            yield publication(snapshot, entry, numbered=numbered)
