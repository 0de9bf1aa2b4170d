"""One symbol as those are shown it who share depth, aggregation and interval.

A channel of a stream is what makes two subscriptions get equal messages; its entries are numbered.
"""

from collections.abc import Container, Iterator

from venue.marketdata.entries import Entry, MDUpdateAction, Publication, Target, TradeEntry
from venue.marketdata.figures import FigureView
from venue.marketdata.happenings import Happenings
from venue.marketdata.level_view import LevelView
from venue.marketdata.order_view import OrderView
from venue.marketdata.reader import BookReader
from venue.marketdata.requests import AUCTION, BOOK, STATISTICS, MDEntryType, Subscribe

StreamKey = tuple[int | None, bool, int]
"""(depth, aggregated, interval), as in `Subscribe`."""
ChannelKey = tuple[frozenset[str], bool, bool]
"""(entry types, full refresh, numbered)."""

_FIGURES = STATISTICS | AUCTION


def stream_key(request: Subscribe) -> StreamKey:
    return request.depth, request.aggregated, request.interval


def channel_key(request: Subscribe) -> ChannelKey:
    return request.entry_types, request.full_refresh, request.numbered


class Channel:
    """Subscriptions that are sent the same; `rpt_seq` is the number of the last entry sent.

    Those `owed` a snapshot have missed something.
    """

    def __init__(self, key: ChannelKey) -> None:
        self.entry_types, self.full_refresh, self.numbered = key
        self.members: dict[Target, None] = {}
        self.owed: dict[Target, None] = {}
        self.rpt_seq = 0

    def leave_out(self, sessions: Container[str]) -> None:
        """Owe a snapshot to the members of these sessions, instead of what they would be sent."""
        for target in [target for target in self.members if target[0] in sessions]:
            del self.members[target]
            self.owed[target] = None

    def wants(self, entry: Entry) -> bool:
        return entry.entry_type in self.entry_types


class Stream:
    """What is shown of a symbol, and to whom. `due` is when it may publish next, in nanoseconds."""

    def __init__(self, reader: BookReader, symbol: str, key: StreamKey) -> None:
        depth, aggregated, self.interval = key
        self.symbol = symbol
        self.due = 0
        self.channels: dict[ChannelKey, Channel] = {}
        self._reader = reader
        self._trades: list[TradeEntry] = []
        view = LevelView if aggregated else OrderView
        self._book: LevelView | OrderView = view(reader, symbol, depth)
        self._figures: FigureView | None = None
        self._wants_book = False

    def channel(self, key: ChannelKey) -> Channel:
        """The channel of a subscriber; nothing may be owed to the others then."""
        channel = self.channels.get(key)
        if channel is None:
            channel = self.channels[key] = Channel(key)
            if self._figures is None and not _FIGURES.isdisjoint(channel.entry_types):
                self._figures = FigureView(self._reader, self.symbol)
            if not self._wants_book and not BOOK.isdisjoint(channel.entry_types):
                # Nobody was shown the book, so it was not kept up to date.
                self._wants_book = True
                self._book.touch_all()
                self._book.update()
        return channel

    def leave(self, key: ChannelKey, target: Target) -> None:
        channel = self.channels.get(key)
        if channel is not None:
            channel.members.pop(target, None)
            channel.owed.pop(target, None)
            if not channel.members and not channel.owed:
                del self.channels[key]

    def note(self, happened: Happenings, of_all: Happenings | None) -> None:
        """Something has happened to the symbol, or `of_all` to every one."""
        if self._wants_book:
            if happened.phase:
                self._book.touch_all()
            elif isinstance(self._book, LevelView):
                self._book.touch(happened.changes)
            else:
                self._book.touch(happened.order_ids)
        self._trades += happened.trades
        figures = self._figures
        if figures is not None:
            if happened.phase or happened.statistics or of_all is not None:
                figures.touch_statistics()
            if happened.phase or happened.order_ids:
                figures.touch_auction()

    @property
    def is_behind(self) -> bool:
        figures = self._figures
        return bool(
            self._trades or self._book.is_behind or (figures is not None and figures.is_behind)
        )

    def publish(self, now: int, behind: Container[str] = ()) -> Iterator[Publication]:
        """Bring everybody up to date, but who is `behind`: an entry for each trade, one for
        whatever else changed.
        """
        if not self.is_behind:
            return
        trades, self._trades = self._trades, []
        updates: list[Entry] = list(trades)
        if self._book.is_behind:
            updates += self._book.update()
        if self._figures is not None and self._figures.is_behind:
            updates += self._figures.update()
        if not updates:
            return
        there = {update.entry_type for update in updates}
        for channel in self.channels.values():
            if there <= channel.entry_types:
                entries = updates
            elif there.isdisjoint(channel.entry_types):
                continue
            else:
                entries = list(filter(channel.wants, updates))
            self.due = now + self.interval
            if channel.full_refresh:
                channel.rpt_seq += 1
                new = [trade for trade in trades if trade.action is MDUpdateAction.NEW]
                entries = [*filter(channel.wants, new), *self._shown(channel)]
            else:
                channel.rpt_seq += len(entries)
            if behind:
                channel.leave_out(behind)
            if channel.members:
                targets = [*channel.members]
                yield self._publication(channel, channel.full_refresh, entries, targets)

    def catch_up(self, behind: Container[str]) -> Iterator[Publication]:
        """Give those who are owed a snapshot, and not `behind` any more, one of what the others
        have been shown.
        """
        for channel in self.channels.values():
            targets = [target for target in channel.owed if target[0] not in behind]
            if targets:
                yield self.snapshot(channel, targets)
                for target in targets:
                    del channel.owed[target]
                    channel.members[target] = None

    def owes_now(self, behind: Container[str]) -> bool:
        """Whether `catch_up` would send anything."""
        return any(
            target[0] not in behind for channel in self.channels.values() for target in channel.owed
        )

    @property
    def is_owing(self) -> bool:
        return any(channel.owed for channel in self.channels.values())

    def snapshot(self, channel: Channel, targets: list[Target]) -> Publication:
        """All that subscribers of `channel` have been shown, and the last trade, for who joins."""
        entries = self._shown(channel)
        if MDEntryType.TRADE in channel.entry_types:
            last = self._reader.last_trade(self.symbol)
            if last is not None:
                entries.insert(0, TradeEntry(*last))
        return self._publication(channel, True, entries, targets)

    def _shown(self, channel: Channel) -> list[Entry]:
        entries: list[Entry] = []
        if not BOOK.isdisjoint(channel.entry_types):
            entries += self._book.entries()
        if self._figures is not None:
            entries += self._figures.entries()
        return list(filter(channel.wants, entries))

    def _publication(
        self, channel: Channel, snapshot: bool, entries: list[Entry], targets: list[Target]
    ) -> Publication:
        return Publication(
            self.symbol, snapshot, entries, channel.rpt_seq, channel.numbered, targets
        )
