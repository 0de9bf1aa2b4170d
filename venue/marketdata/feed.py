"""Who wants which market data, and what each is due at the end of a batch.

Everything that happened to a symbol in a batch, or in the interval that a subscription asked for,
is one increment: levels and orders are conflated to their last state, trades never. A new
subscriber's snapshot shows the end of the batch it asked in, so that the next increment applies.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable

from venue.core.events import Event, LevelChanged
from venue.marketdata.entries import Publication, Target
from venue.marketdata.happenings import happenings
from venue.marketdata.reader import BookReader
from venue.marketdata.requests import MDReqRejReason, Subscribe
from venue.marketdata.stream import ChannelKey, Stream, StreamKey, channel_key, stream_key

MAX_SUBSCRIPTIONS = 1000
"""Symbols that one session may be subscribed to, counted once a subscription; those of which it
asks for a snapshot only count until they have it.
"""
MAX_OF_A_SYMBOL = 32
"""Subscriptions of a session to one symbol: each may be a depth of its own to compare."""
NEVER = 1 << 63
Refusal = tuple[MDReqRejReason, str]


class Feed:
    """Every market data subscription of the venue.

    Each batch is told to `note`, and then, or after some more, `publish` says what to send.
    """

    def __init__(self, reader: BookReader) -> None:
        self._reader = reader
        self._sessions: defaultdict[str, dict[str, Subscribe]] = defaultdict(dict)
        self._streams: dict[str, dict[StreamKey, Stream]] = {}
        self._asked: dict[Target, Subscribe] = {}
        self._behind: dict[Stream, None] = {}
        self._owing: dict[Stream, None] = {}

    def subscribe(self, session: str, request: Subscribe) -> Refusal | None:
        """Take a request; its snapshot comes with the next `publish`. Refused, it leaves no
        trace.
        """
        mine = self._sessions[session]
        if request.md_req_id in mine or (session, request.md_req_id) in self._asked:
            why = f"MDReqID(262) {request.md_req_id} is in use"
            return MDReqRejReason.DUPLICATE_MD_REQ_ID, why
        delisted = [symbol for symbol in request.symbols if not self._reader.listed(symbol)]
        if delisted:
            why = f"Symbol(55) {', '.join(delisted)[:64]} is delisted"
            return MDReqRejReason.UNKNOWN_SYMBOL, why
        too_much = self._is_too_much(session, request)
        if too_much is not None:
            return MDReqRejReason.INSUFFICIENT_BANDWIDTH, too_much
        self._asked[session, request.md_req_id] = request
        if request.updates:
            mine[request.md_req_id] = request
        return None

    def _is_too_much(self, session: str, request: Subscribe) -> str | None:
        """Why a session cannot have that, too."""
        subscribed = Counter(
            symbol for each in self._sessions[session].values() for symbol in each.symbols
        )
        once = sum(
            len(each.symbols)
            for (asking, _), each in self._asked.items()
            if asking == session and not each.updates
        )
        active, wanted = subscribed.total() + once, len(request.symbols)
        if active + wanted > MAX_SUBSCRIPTIONS:
            text = f"NoRelatedSym(146) {wanted} and the {active} subscribed to exceed"
            return f"{text} {MAX_SUBSCRIPTIONS}"
        for symbol in request.symbols if request.updates else ():
            if subscribed[symbol] >= MAX_OF_A_SYMBOL:
                return f"Symbol(55) {symbol} has {MAX_OF_A_SYMBOL} subscriptions of this session"
        return None

    def unsubscribe(self, session: str, md_req_id: str) -> bool:
        """End a subscription; False where there is none of that MDReqID(262)."""
        request = self._sessions[session].pop(md_req_id, None)
        if request is None:
            return False
        target = session, md_req_id
        self._asked.pop(target, None)
        key = stream_key(request)
        for symbol in request.symbols:
            streams = self._streams.get(symbol, {})
            stream = streams.get(key)
            if stream is not None:
                stream.leave(channel_key(request), target)
                if not stream.channels:
                    del streams[key]
                    self._behind.pop(stream, None)
                    self._owing.pop(stream, None)
                    if not streams:
                        del self._streams[symbol]
        return True

    def drop_session(self, session: str) -> None:
        """End every subscription of a session that is gone."""
        for md_req_id in list(self._sessions[session]):
            self.unsubscribe(session, md_req_id)
        del self._sessions[session]
        for target in [target for target in self._asked if target[0] == session]:
            del self._asked[target]

    def start_over(self) -> None:
        """Owe every subscriber a new snapshot, after a defect left it in doubt what they saw."""
        self._streams.clear()
        self._behind.clear()
        self._owing.clear()
        for session, mine in self._sessions.items():
            for md_req_id, request in mine.items():
                self._asked[session, md_req_id] = request

    @property
    def wanted(self) -> bool:
        """Whether `publish` has anybody to tell."""
        return bool(self._streams or self._asked)

    @property
    def deadline(self) -> int:
        """When conflated changes are due, in nanoseconds since 1970, if `publish` is not called
        before.
        """
        return min((stream.due for stream in self._behind), default=NEVER)

    @property
    def subscriptions(self) -> int:
        """How many there are that are told of changes."""
        return sum(map(len, self._sessions.values()))

    @property
    def owing(self) -> bool:
        """Whether anybody is to be sent a snapshot as soon as its session is not behind."""
        return bool(self._owing)

    def note(self, changes: Iterable[LevelChanged], events: Iterable[Event], time: int) -> None:
        """A batch has ended at `time`: `changes` of its levels, and all of its `events`."""
        streams = self._streams
        if not streams:
            return
        happened = happenings(changes, events, streams, time)
        of_all = happened.pop("", None)
        if of_all is not None:
            happened = {symbol: happened.get(symbol, of_all) for symbol in streams}
        for symbol, what in happened.items():
            for stream in streams[symbol].values():
                stream.note(what, of_all)
                self._behind[stream] = None

    def publish(self, now: int, behind: Container[str] = ()) -> list[Publication]:
        """What to send at `now`, after all batches until then.

        Sessions that are `behind` get nothing but first snapshots, and a new one as soon as they
        are behind no more.
        """
        publications: list[Publication] = []
        if self._owing:
            publications += self._caught_up(now, behind)
        if self._behind:
            for stream in [stream for stream in self._behind if stream.due <= now]:
                publications += stream.publish(now, behind)
                if behind and stream.is_owing:
                    self._owing[stream] = None
            self._forget_those_up_to_date()
        if self._asked:
            publications += self._joined(now, behind)
        return publications

    def _forget_those_up_to_date(self) -> None:
        self._behind = {stream: None for stream in self._behind if stream.is_behind}

    def _caught_up(self, now: int, behind: Container[str]) -> list[Publication]:
        """Snapshots of the present for those who were behind; those who share their streams get
        what they are due before.
        """
        publications: list[Publication] = []
        for stream in list(self._owing):
            if stream.owes_now(behind):
                publications += stream.publish(now, behind)
                publications += stream.catch_up(behind)
            if not stream.is_owing:
                del self._owing[stream]
        return publications

    def _joined(self, now: int, behind: Container[str]) -> list[Publication]:
        """The snapshots of those who asked since; who wants the same is sent the same."""
        publications: list[Publication] = []
        joined: dict[tuple[str, StreamKey, ChannelKey], list[Target]] = {}
        joined_once: dict[tuple[str, StreamKey, ChannelKey], list[Target]] = {}
        for target, request in self._asked.items():
            for symbol in request.symbols:
                of = symbol, stream_key(request), channel_key(request)
                (joined if request.updates else joined_once).setdefault(of, []).append(target)
        self._asked.clear()
        for (symbol, key, to), targets in joined.items():
            streams = self._streams.setdefault(symbol, {})
            stream = streams.get(key)
            if stream is None:
                stream = streams[key] = Stream(self._reader, symbol, key)
            publications += stream.publish(now, behind)
            if behind and stream.is_owing:
                self._owing[stream] = None
            channel = stream.channel(to)
            publications.append(stream.snapshot(channel, targets))
            channel.members.update(dict.fromkeys(targets))
        self._forget_those_up_to_date()
        for (symbol, key, to), targets in joined_once.items():
            alone = Stream(self._reader, symbol, key)
            publications.append(alone.snapshot(alone.channel(to), targets))
        return publications
