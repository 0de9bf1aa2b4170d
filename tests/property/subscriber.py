"""A client of the market data: it knows only the publications that name it as a target."""

from collections import defaultdict

from venue.core.types import Side
from venue.marketdata.feed import Publication, Target, Trade
from venue.marketdata.requests import ENTRY_TYPE, MDEntryType, Subscribe
from venue.marketdata.view import MDUpdateAction

Levels = dict[int, int]


class Subscriber:
    """Applies every W and X of one subscription, entry by entry, and objects to what misfits."""

    def __init__(self, target: Target, request: Subscribe) -> None:
        self.target = target
        self.request = request
        self.begin()

    def begin(self) -> None:
        """Expect a snapshot before anything else."""
        self.books: dict[str, dict[Side, Levels]] = {}
        self.trades: defaultdict[str, list[Trade]] = defaultdict(list)
        """What has printed since the last call of `take_trades`, after the first snapshot."""
        self.last_trade: dict[str, tuple[int, int]] = {}

    def apply(self, publication: Publication) -> None:
        symbol, entry_types = publication.symbol, self.request.entry_types
        assert symbol in self.request.symbols
        for level in publication.levels:
            assert ENTRY_TYPE[level.side] in entry_types
        assert not publication.trades or MDEntryType.TRADE in entry_types
        first = symbol not in self.books
        if first:
            assert publication.snapshot, "an increment before the snapshot"
            if publication.trades:
                ((price, qty, _),) = publication.trades
                self.last_trade[symbol] = price, qty
        else:
            assert self.request.updates, "a second message for one snapshot"
            assert publication.snapshot is self.request.full_refresh
            assert publication.levels or publication.trades or publication.snapshot
            self.trades[symbol] += publication.trades
        if publication.snapshot:
            self.books[symbol] = {side: {} for side in Side}
        self._apply_levels(publication)

    def _apply_levels(self, publication: Publication) -> None:
        book = self.books[publication.symbol]
        for update in publication.levels:
            levels = book[update.side]
            known = update.price in levels
            assert known is (update.action is not MDUpdateAction.NEW), f"{update} of {levels}"
            if update.action is MDUpdateAction.DELETE:
                del levels[update.price]
            else:
                assert update.qty > 0 and update.qty != levels.get(update.price)
                levels[update.price] = update.qty
            if not publication.snapshot:
                self.check_uncrossed(book)
        self.check_uncrossed(book)

    def check_uncrossed(self, book: dict[Side, Levels]) -> None:
        if book[Side.BUY] and book[Side.SELL]:
            assert max(book[Side.BUY]) < min(book[Side.SELL]), "a crossed book was shown"

    def take_trades(self, symbol: str) -> list[Trade]:
        return self.trades.pop(symbol, [])
