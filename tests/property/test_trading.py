"""Random trading: the venue, the reference, the blotter and the market data must agree at every
step, and the journal must lead back to where the venue is.
"""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from tests.property.order_entry import OrderEntry
from tests.property.orders import ORDERS, Words
from tests.property.subscriber import Subscriber
from tests.property.twins import FIRMS
from venue.core.commands import AdvanceTime
from venue.core.events import LevelChanged
from venue.core.types import Side
from venue.core.venue import Venue
from venue.journal.batch import Batch, decode_batch, encode_batch
from venue.marketdata.feed import Feed, Target
from venue.marketdata.requests import ENTRY_TYPE, MDEntryType, MDReqRejReason, Subscribe

TRADERS = st.sampled_from(sorted(FIRMS))
SESSIONS = st.sampled_from(["MD1", "MD2"])
MD_REQ_IDS = st.sampled_from(["1", "2", "3"])
ENTRY_TYPES = st.sets(st.sampled_from([kind.value for kind in MDEntryType]), min_size=1)
SUBSCRIPTIONS = st.builds(
    Subscribe,
    md_req_id=MD_REQ_IDS,
    symbols=st.sampled_from([("A",), ("A", "B")]),
    depth=st.sampled_from([None, 1, 3]),
    entry_types=st.just(frozenset("012")) | ENTRY_TYPES.map(frozenset),
    updates=st.sampled_from([True, True, True, False]),
    full_refresh=st.sampled_from([False, False, True]),
)


class Trading(OrderEntry):
    """Order entry with subscribers that come and go, in journaled batches."""

    def __init__(self) -> None:
        super().__init__()
        self.journal: list[bytes] = []
        self.feed = Feed(self.venue)
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
        else:
            assert refusal is None
            self.subscribers[target] = Subscriber(target, request)

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
        for publication in self.feed.publish(changes, self.fills):
            for target in publication.targets:
                assert (target, publication.symbol) not in sent, "two messages in one batch"
                sent.add((target, publication.symbol))
                self.subscribers[target].apply(publication)
        for target, subscriber in list(self.subscribers.items()):
            for symbol in subscriber.request.symbols:
                self.check_subscriber(subscriber, symbol, joining=symbol not in before[target])
            if not subscriber.request.updates:
                del self.subscribers[target]
        self.fills.clear()

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
            levels = self.reference.levels(symbol, word)[: request.depth]
            wanted = levels if ENTRY_TYPE[side] in request.entry_types else []
            assert subscriber.books[symbol][side] == {price: qty for price, qty, _ in wanted}
        if MDEntryType.TRADE not in request.entry_types:
            return
        trades = [(f.last_px, f.last_qty, f.trade_id) for f in self.fills if f.symbol == symbol]
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
        assert told == self.told
        assert venue.state_hash() == self.venue.state_hash()


TestTrading = Trading.TestCase
TestTrading.settings = settings(max_examples=max(250, settings.default.max_examples))
