"""A client of the market data: it knows only the publications that name it as a target.

Each is also written and read as FIX of the subscriber's version, by the client library, whose book
has to be the same.
"""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from venue.client.book import Book
from venue.client.events import MarketDataIncrement, MarketDataSnapshot
from venue.client.parse import parse_event
from venue.core.instrument import Instrument
from venue.core.types import Side
from venue.fix.market_data_entries import encode_publication
from venue.fix.versions import FIX44, Version
from venue.marketdata.entries import (
    BookUpdate,
    FigureUpdate,
    MDUpdateAction,
    Publication,
    Target,
    TradeEntry,
)
from venue.marketdata.requests import ENTRY_TYPE, MDEntryType, Subscribe

TIME = "20240229-01:00:00.000"
Key = tuple[int, int | None]
"""A price, and an OrderID(37) where single orders are shown."""
Figure = tuple[int | Fraction | None, int | None]


class Shown:
    """What one symbol looks like to a subscriber."""

    def __init__(self) -> None:
        self.sides: dict[Side, dict[Key, int]] = {side: {} for side in Side}
        self.counts: dict[tuple[Side, int], int] = {}
        """Orders of levels."""
        self.figures: dict[MDEntryType, Figure] = {}
        self.rpt_seq = 0

    def of_side(self, side: Side) -> list[tuple[Key, int]]:
        """What trades first first: new orders queue behind those there are."""
        sign = -1 if side is Side.BUY else 1
        return sorted(self.sides[side].items(), key=lambda each: sign * each[0][0])


class Subscriber:
    """Applies every W and X of one subscription, entry by entry, and objects to what misfits."""

    def __init__(
        self,
        target: Target,
        request: Subscribe,
        version: Version = FIX44,
        instruments: dict[str, Instrument] | None = None,
    ) -> None:
        self.target = target
        self.request = request
        self.version = version
        self.instruments = instruments or {}
        self.begin()

    def begin(self) -> None:
        """Expect a snapshot before anything else."""
        self.books: dict[str, Shown] = {}
        self.clients: dict[str, Book] = {}
        self.trades: defaultdict[str, list[TradeEntry]] = defaultdict(list)
        """What has printed since the last call of `take_trades`, after the first snapshot."""
        self.last_trade: dict[str, tuple[int, int]] = {}

    def apply(self, publication: Publication, again: bool = False) -> None:
        """Take a message; with `again` it may be a snapshot for one who has missed something."""
        symbol, entry_types = publication.symbol, self.request.entry_types
        assert symbol in self.request.symbols
        assert publication.numbered is self.request.numbered
        assert {entry.entry_type for entry in publication.entries} <= entry_types
        trades = [entry for entry in publication.entries if isinstance(entry, TradeEntry)]
        first = symbol not in self.books or (again and publication.snapshot)
        if first:
            assert publication.snapshot, "an increment before the snapshot"
            if trades:
                (last,) = trades
                self.last_trade[symbol] = last.price, last.qty
        else:
            assert self.request.updates, "a second message for one snapshot"
            assert publication.snapshot is self.request.full_refresh
            self.trades[symbol] += trades
            step = 1 if publication.snapshot else len(publication.entries)
            assert step, "an increment of nothing"
            assert publication.rpt_seq == self.books[symbol].rpt_seq + step, "a gap"
        if publication.snapshot:
            self.books[symbol] = Shown()
        shown = self.books[symbol]
        shown.rpt_seq = publication.rpt_seq
        self._apply_entries(publication, shown)
        self._read_as_fix(publication, first)

    def _apply_entries(self, publication: Publication, shown: Shown) -> None:
        seen: set[object] = set()
        deleted: set[object] = set()
        for entry in publication.entries:
            if isinstance(entry, TradeEntry):
                continue
            if isinstance(entry, FigureUpdate):
                assert entry.entry_type not in seen
                seen.add(entry.entry_type)
                self._apply_figure(entry, shown)
                continue
            name = entry.side, entry.price if self.request.aggregated else entry.order_id
            moves = not self.request.aggregated and entry.action is MDUpdateAction.NEW
            assert name not in seen or (moves and name in deleted), "told of twice"
            seen.add(name)
            if entry.action is MDUpdateAction.DELETE:
                deleted.add(name)
            self._apply_update(entry, shown)
            if not publication.snapshot:
                self.check_uncrossed(shown)
        self.check_uncrossed(shown)

    def _apply_update(self, update: BookUpdate, shown: Shown) -> None:
        assert (update.order_id is None) is self.request.aggregated
        book = shown.sides[update.side]
        key = update.price, update.order_id
        assert (key in book) is (update.action is not MDUpdateAction.NEW), f"{update} of {book}"
        if update.action is MDUpdateAction.DELETE:
            del book[key]
            shown.counts.pop((update.side, update.price), None)
            return
        level = update.side, update.price
        before = book.get(key), shown.counts.get(level)
        assert update.qty > 0 and (update.qty, update.count) != before
        assert (update.count > 0) is self.request.aggregated
        book[key], shown.counts[level] = update.qty, update.count
        if update.order_id is not None:
            assert sum(order_id == update.order_id for _, order_id in book) == 1, "twice there"

    def _apply_figure(self, update: FigureUpdate, shown: Shown) -> None:
        figures, name = shown.figures, update.entry_type
        assert (name in figures) is (update.action is not MDUpdateAction.NEW)
        if update.action is MDUpdateAction.DELETE:
            del figures[name]
            return
        figure = update.price, update.qty
        assert figures.get(name) != figure and figure != (None, None)
        figures[name] = figure

    def check_uncrossed(self, shown: Shown) -> None:
        bids, offers = shown.sides[Side.BUY], shown.sides[Side.SELL]
        if bids and offers:
            assert max(bids)[0] < min(offers)[0], "a crossed book was shown"

    def _read_as_fix(self, publication: Publication, first: bool) -> None:
        symbol = publication.symbol
        instrument = self.instruments.get(symbol)
        if instrument is None:
            return
        if first:
            self.clients[symbol] = Book(symbol, aggregated=self.request.aggregated)
        text = encode_publication(publication, instrument, TIME, self.version, self.target[1])
        event = parse_event(text)
        assert isinstance(event, MarketDataSnapshot | MarketDataIncrement)
        book = self.clients[symbol]
        if isinstance(event, MarketDataSnapshot):
            book.restart(event.entries, event.rpt_seq)
        else:
            book.apply(event)
        assert book.faults == []
        for side, levels in ((Side.BUY, book.bids), (Side.SELL, book.offers)):
            totals: defaultdict[int, int] = defaultdict(int)
            for (price, _), qty in self.books[symbol].of_side(side):
                totals[price] += qty
            text_of = instrument.price.text, instrument.qty.text
            told = [(Decimal(text_of[0](p)), Decimal(text_of[1](q))) for p, q in totals.items()]
            assert levels == told
            orders = [
                (str(order_id), Decimal(text_of[0](price)), Decimal(text_of[1](qty)))
                for (price, order_id), qty in self.books[symbol].of_side(side)
                if order_id is not None
            ]
            assert book.orders(ENTRY_TYPE[side]) == orders
        assert book.figures.keys() == self.books[symbol].figures.keys()
        if book.rpt_seq is not None:
            assert book.rpt_seq == publication.rpt_seq

    def take_trades(self, symbol: str) -> list[TradeEntry]:
        return self.trades.pop(symbol, [])
