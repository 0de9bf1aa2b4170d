"""Random trading: the venue, the reference, the blotter and the market data must agree at every
step, and the journal must lead back to where the venue is.
"""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from tests.property.orders import ORDERS, Words
from tests.property.phases import Phases
from tests.property.subscriber import Key, Subscriber
from tests.property.twins import FIRMS, TERMS
from venue.core.commands import AdvanceTime
from venue.core.events import (
    AuctionHeld,
    Event,
    InstrumentDefined,
    LevelChanged,
    OrderFilled,
    TradeChanged,
)
from venue.core.types import Liquidity, Side, TradingPhase
from venue.core.venue import Venue
from venue.journal.batch import Batch, decode_batch, encode_batch
from venue.marketdata.entries import MDUpdateAction, Target, TradeEntry
from venue.marketdata.feed import Feed
from venue.marketdata.requests import ENTRY_TYPE, MDEntryType, MDReqRejReason, Subscribe

TRADERS = st.sampled_from(sorted(FIRMS))
SESSIONS = st.sampled_from(["MD1", "MD2"])
MD_REQ_IDS = st.sampled_from(["1", "2", "3"])
ENTRY_TYPES = st.sets(st.sampled_from("012"), min_size=1)
SUBSCRIPTIONS = st.builds(
    Subscribe,
    md_req_id=MD_REQ_IDS,
    symbols=st.sampled_from([("A",), ("A", "B")]),
    depth=st.sampled_from([None, 1, 3]),
    entry_types=st.just(frozenset("012")) | ENTRY_TYPES.map(frozenset),
    updates=st.sampled_from([True, True, True, False]),
    full_refresh=st.sampled_from([False, False, True]),
    aggregated=st.booleans(),
)
"""What the reference can tell; test_market_data has the rest."""


class Trading(Phases):
    """Order entry through all phases with subscribers that come and go, in journaled batches."""

    def __init__(self) -> None:
        super().__init__()
        self.journal: list[bytes] = []
        self.feed = Feed(self.venue)
        self.trades: list[tuple[str, TradeEntry]] = []
        """Those of the last batch."""
        self.published = 0
        """How much of what was told its subscribers have been shown."""
        self.subscribers: dict[Target, Subscriber] = {}

    @initialize(requests=st.lists(st.tuples(SESSIONS, SUBSCRIPTIONS), max_size=3))
    def watch(self, requests: list[tuple[str, Subscribe]]) -> None:
        for session, request in requests:
            self.subscribe(session, request)
        self.end_of_batch()

    @rule(session=SESSIONS, request=SUBSCRIPTIONS)
    def subscribe(self, session: str, request: Subscribe) -> None:
        target = session, request.md_req_id
        refusal = self.feed.subscribe(session, request)
        if target in self.subscribers:
            assert refusal is not None and refusal[0] is MDReqRejReason.DUPLICATE_MD_REQ_ID
        elif not all(self.reference.states[symbol].listed for symbol in request.symbols):
            assert refusal is not None and refusal[0] is MDReqRejReason.UNKNOWN_SYMBOL
        else:
            assert refusal is None
            instruments = self.venue.instruments
            self.subscribers[target] = Subscriber(target, request, instruments=instruments)

    @rule(session=SESSIONS, md_req_id=MD_REQ_IDS)
    def unsubscribe(self, session: str, md_req_id: str) -> None:
        subscriber = self.subscribers.get((session, md_req_id))
        active = subscriber is not None and subscriber.request.updates
        assert self.feed.unsubscribe(session, md_req_id) is active
        if active:
            del self.subscribers[session, md_req_id]

    @rule(session=SESSIONS)
    def disconnect(self, session: str) -> None:
        self.feed.drop_session(session)
        for target in [target for target in self.subscribers if target[0] == session]:
            del self.subscribers[target]

    @rule()
    def start_over(self) -> None:
        """After a defect everybody begins again, with a snapshot."""
        self.feed.start_over()
        for subscriber in self.subscribers.values():
            subscriber.begin()

    @rule(orders=st.lists(st.tuples(TRADERS, ORDERS), max_size=4))
    def trade(self, orders: list[tuple[str, Words]]) -> None:
        self.enter(orders)
        self.end_of_batch()

    @rule()
    def end_of_batch(self) -> None:
        """The batch is journaled, and everybody gets one message a symbol and subscription."""
        self.journal.append(encode_batch(Batch(self.time, self.twins.commands)))
        self.twins.commands.clear()
        changes = self.venue.level_changes()
        self.check_changes(changes)
        assert self.feed.wanted or not self.subscribers
        before = {target: set(each.books) for target, each in self.subscribers.items()}
        sent = set()
        events = self.told[self.published :]
        self.published = len(self.told)
        self.trades = trades_of(events, self.time)
        self.feed.note(changes, events, self.time)
        for publication in self.feed.publish(self.time):
            for target in publication.targets:
                assert (target, publication.symbol) not in sent, "two messages in one batch"
                sent.add((target, publication.symbol))
                self.subscribers[target].apply(publication)
        for target, subscriber in list(self.subscribers.items()):
            for symbol in subscriber.request.symbols:
                self.check_subscriber(subscriber, symbol, joining=symbol not in before[target])
            if not subscriber.request.updates:
                del self.subscribers[target]

    def move_to(self, time: int) -> None:
        """Only the first of a batch hears of the time."""
        self.end_of_batch()
        super().move_to(time)

    def check_changes(self, changes: list[LevelChanged]) -> None:
        for change in changes:
            levels = {price: rest for price, *rest in self.venue.levels(change.symbol, change.side)}
            assert levels.get(change.price, [0, 0]) == [change.qty, change.count]

    def check_subscriber(self, subscriber: Subscriber, symbol: str, joining: bool) -> None:
        request = subscriber.request
        for side, word in ((Side.BUY, "buy"), (Side.SELL, "sell")):
            collected = self.reference.states[symbol].collected
            levels = [] if collected else self.reference.levels(symbol, word)[: request.depth]
            wanted: list[tuple[Key, int]] = [((price, None), qty) for price, qty, _ in levels]
            if not request.aggregated:
                prices = {price for price, _, _ in levels}
                queue = self.reference.resting(symbol, word)
                wanted = [((o.price, o.order_id), o.slice) for o in queue if o.price in prices]
            if ENTRY_TYPE[side] not in request.entry_types:
                wanted = []
            assert subscriber.books[symbol].of_side(side) == wanted
            if request.aggregated and wanted:
                counts = subscriber.books[symbol].counts
                assert [counts[side, price] for price, _, _ in levels] == [n for _, _, n in levels]
        if MDEntryType.TRADE not in request.entry_types:
            return
        trades = [trade for of, trade in self.trades if of == symbol]
        if request.full_refresh:
            trades = [trade for trade in trades if trade.action is MDUpdateAction.NEW]
        assert subscriber.take_trades(symbol) == ([] if joining else trades)
        if joining:
            assert subscriber.last_trade.get(symbol) == self.reference.last.get(symbol)

    def teardown(self) -> None:
        """What the journal holds leads to the same events and the same state."""
        self.end_of_batch()
        venue, told = Venue(), []
        for seq, body in enumerate(self.journal):
            batch = decode_batch(body, seq)
            if batch.time:
                told += venue.handle(AdvanceTime(batch.time))
            for command in batch.commands:
                told += venue.handle(command)
        defined = [event for event in told if isinstance(event, InstrumentDefined)]
        assert told == defined[: len(TERMS)] + self.told
        assert venue.state_hash() == self.venue.state_hash()


def trades_of(events: list[Event], time: int) -> list[tuple[str, TradeEntry]]:
    """(symbol, trade) of every match, of who took, or in an auction of who bought; and of each that
    is changed.
    """
    trades: list[tuple[str, TradeEntry]] = []
    calls: dict[str, TradingPhase] = {}
    for event in events:
        if isinstance(event, AuctionHeld):
            calls[event.symbol] = event.phase
        if isinstance(event, TradeChanged):
            trades.append((event.symbol, changed(event, time)))
        if isinstance(event, OrderFilled):
            terms = event.last_px, event.last_qty, event.trade_id
            if event.liquidity is Liquidity.REMOVED:
                trades.append((event.symbol, TradeEntry(*terms, event.side, time)))
            elif event.liquidity is Liquidity.AUCTION and event.side is Side.BUY:
                phase = calls[event.symbol]
                trades.append((event.symbol, TradeEntry(*terms, None, time, phase)))
    return trades


def changed(event: TradeChanged, time: int) -> TradeEntry:
    action = MDUpdateAction.CHANGE if event.qty else MDUpdateAction.DELETE
    return TradeEntry(event.price, event.qty, event.trade_id, time=time, action=action)


TestTrading = Trading.TestCase
TestTrading.settings = settings(max_examples=max(250, settings.default.max_examples))
