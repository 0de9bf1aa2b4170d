"""The proof of the market data: whoever joins, at whatever moment, and applies entry by entry what
it is sent, has the venue's book at every sequence number.

What the book is the test adds up from the orders themselves. Phases, halts, auctions, interruptions
and delistings are in the flow, and subscribers of every kind: at any depth, by price and by order,
conflated, left behind, in each version of FIX.
"""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.property.orders import ORDERS, RESTING_ORDERS, SECOND, Words, dated
from tests.property.subscriber import Shown, Subscriber
from tests.property.twins import FIRMS, codes
from venue.core import commands as c
from venue.core.events import AuctionHeld, Event, OrderFilled, TradeChanged
from venue.core.instrument import InstrumentSpec
from venue.core.order import Order
from venue.core.qualifiers import Qualifiers
from venue.core.types import (
    SCHEDULED,
    ExecRestatementReason,
    Liquidity,
    MassScope,
    Side,
    TradingPhase,
)
from venue.core.venue import Venue
from venue.fix.versions import FIX42, FIX44, FIX50SP2
from venue.marketdata.entries import MDUpdateAction, Target, TradeEntry
from venue.marketdata.feed import NEVER, Feed
from venue.marketdata.requests import ENTRY_TYPE, MDEntryType, Subscribe

MORNING = 1_709_168_400 * SECOND
MS = SECOND // 1000
SYMBOLS = ("A", "B")
MARKET = "X"
TRADERS = st.sampled_from(sorted(FIRMS))
SESSIONS = st.sampled_from(["MD1", "MD2", "MD3"])
MD_REQ_IDS = st.sampled_from(["1", "2"])
VERSIONS = {"MD1": FIX42, "MD2": FIX44, "MD3": FIX50SP2}
SYMBOL = st.sampled_from("AAAB")
NTH = st.integers(0, 5)
CONTINUOUS = TradingPhase.CONTINUOUS


def spec(symbol: str) -> InstrumentSpec:
    numbers = map(Decimal, ("0.25", "0.1", "25", "0.1", "1", "40"))
    return InstrumentSpec(symbol, *numbers, "USD", MARKET, "CS", Decimal(2), Decimal(3), 3, 2)


@st.composite
def subscriptions(draw: st.DrawFn, session: str) -> Subscribe:
    known = sorted(VERSIONS[session].md_entry_types)
    aggregated = draw(st.booleans())
    every = frozenset(known)
    entry_types = draw(
        st.sampled_from([every, every, frozenset("012"), frozenset("01"), frozenset("0")])
        | st.sets(st.sampled_from(known), min_size=1).map(frozenset)
    )
    return Subscribe(
        draw(MD_REQ_IDS),
        draw(st.sampled_from([("A",), ("A", "B"), ("B", "A")])),
        draw(st.sampled_from([None, None, 1, 2, 3])),
        entry_types,
        draw(st.sampled_from([True, True, True, True, False])),
        draw(st.sampled_from([False, False, False, True])),
        aggregated,
        draw(st.sampled_from([0, 0, 0, 30 * MS, SECOND])),
        draw(st.booleans()),
    )


REQUESTS = SESSIONS.flatmap(lambda session: st.tuples(st.just(session), subscriptions(session)))


class MarketData(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.venue = Venue()
        self.feed = Feed(self.venue)
        self.now = MORNING
        self.ids = 0
        self.events: list[Event] = []
        self.subscribers: dict[Target, Subscriber] = {}
        self.behind: set[str] = set()
        self.differs_since: dict[tuple[Target, str], int] = {}
        self.missed: set[tuple[Target, str]] = set()
        self.left_out: set[tuple[Target, str]] = set()
        self.printed: defaultdict[tuple[Target, str], list[TradeEntry]] = defaultdict(list)
        self.handle(c.AdvanceTime(self.now))
        for symbol in SYMBOLS:
            self.handle(c.DefineInstrument(spec(symbol)))

    def handle(self, command: c.Command) -> list[Event]:
        events = self.venue.handle(command)
        self.events += events
        return events

    # Trading

    @initialize(requests=st.lists(REQUESTS, max_size=3))
    def open(self, requests: list[tuple[str, Subscribe]]) -> None:
        for request in requests:
            self.subscribe(request)
        self.end_of_batch(0)

    @rule(orders=st.lists(st.tuples(TRADERS, RESTING_ORDERS), min_size=1, max_size=4))
    def rest(self, orders: list[tuple[str, Words]]) -> None:
        for session, order in orders:
            self.enter(session, order)

    @rule(orders=st.lists(st.tuples(TRADERS, ORDERS), min_size=1, max_size=4), ends=st.booleans())
    def trade(self, orders: list[tuple[str, Words]], ends: bool) -> None:
        for session, order in orders:
            self.enter(session, order)
        if ends:
            self.end_of_batch(MS)

    def enter(self, session: str, order: Words) -> None:
        order = dict(order)
        terms: dict[str, Any] = order.pop("qualifiers", None) or {}
        expiry = order.pop("expiry", None)
        if expiry:
            terms = terms | dated(expiry, self.now)
        given = Qualifiers(**codes(terms)) if terms else None
        order["poss_resend"] = False
        self.ids += 1
        who = session, FIRMS[session], f"id{self.ids}"
        self.handle(c.NewOrder(*who, **codes(order), qualifiers=given))

    def live(self) -> list[Order]:
        return [order for order in self.venue.orders.by_id.values() if order.live]

    @rule(nth=NTH)
    def cancel(self, nth: int) -> None:
        orders = self.live()
        if orders:
            order = orders[-1 - nth % len(orders)]
            self.ids += 1
            who = order.session, order.firm, f"id{self.ids}", order.cl_ord_id, ""
            self.handle(c.CancelOrder(*who, order.symbol, order.side))

    @rule(nth=NTH, by=st.integers(-2, 2), more=st.integers(-3, 3), twice=st.booleans())
    def replace(self, nth: int, by: int, more: int, twice: bool) -> None:
        """Also there and back again, which costs the place."""
        orders = [order for order in self.live() if order.price is not None]
        if not orders:
            return
        order = orders[-1 - nth % len(orders)]
        for price in (order.price + by, order.price)[: 1 + twice]:  # type: ignore[operator]
            if not order.live:
                return
            self.ids += 1
            who = order.session, order.firm, f"id{self.ids}", order.cl_ord_id, ""
            qty = max(1, order.order_qty + more)
            of = order.symbol, order.side, order.ord_type, None
            self.handle(c.ReplaceOrder(*who, *of, price, qty))

    @rule(session=TRADERS, symbol=SYMBOL, side=st.none() | st.sampled_from(Side))
    def mass_cancel(self, session: str, symbol: str, side: Side | None) -> None:
        self.ids += 1
        who = session, FIRMS[session], f"id{self.ids}"
        self.handle(c.MassCancel(*who, MassScope.SECURITY, symbol, side))

    @rule(nth=NTH, price=st.none() | st.integers(95, 105))
    def change_a_trade(self, nth: int, price: int | None) -> None:
        """Bust one of the last trades, or give it another price and one lot less."""
        trade = self.venue.trades.remembered.get(self.venue.ids.trade_id - nth)
        if trade is not None and price is not None:
            self.handle(c.CorrectTrade(trade.trade_id, trade.qty - 1, price))
        elif trade is not None:
            self.handle(c.BustTrade(trade.trade_id))

    @rule(session=TRADERS)
    def lose(self, session: str) -> None:
        self.handle(c.SessionConnected(session, FIRMS[session], True))
        reason = ExecRestatementReason.CONNECTION_LOSS
        self.handle(c.SessionDisconnected(session, reason, ("ANN",)))

    # Phases and time

    @rule(phase=st.sampled_from([*SCHEDULED, *[CONTINUOUS] * 4]))
    def enter_phase(self, phase: TradingPhase) -> None:
        self.handle(c.EnterPhase(MARKET, phase))

    @rule(symbol=SYMBOL, seconds=st.sampled_from([None, 0, 2]))
    def halt_or_resume(self, symbol: str, seconds: int | None) -> None:
        if seconds is None:
            self.handle(c.HaltInstrument(symbol))
        else:
            self.handle(c.ResumeInstrument(symbol, seconds))

    @rule(symbol=SYMBOL, ends=st.booleans())
    def delist_and_list(self, symbol: str, ends: bool) -> None:
        self.handle(c.DelistInstrument(symbol))
        if ends:
            self.end_of_batch(MS)
        self.handle(c.DefineInstrument(spec(symbol)))

    @rule(
        wait=st.sampled_from([0, MS, 20 * MS, 50 * MS, SECOND, 5 * SECOND]),
        later=st.sampled_from([0, 0, 20 * MS, SECOND]),
    )
    def end_of_batch(self, wait: int, later: int = 0) -> None:
        """Everybody is sent what they are due, and has to be right; with `later` once more then,
        as a timer does.
        """
        changes = self.venue.level_changes()
        self.feed.note(changes, self.events, self.now)
        self.note_trades()
        self.events = []
        self.publish()
        if later:
            self.now += later
            self.publish()
        self.now += wait
        self.handle(c.AdvanceTime(self.now))

    # Subscribers

    @rule(request=REQUESTS)
    def subscribe(self, request: tuple[str, Subscribe]) -> None:
        session, wanted = request
        target = session, wanted.md_req_id
        refusal = self.feed.subscribe(session, wanted)
        if target in self.subscribers:
            assert refusal is not None
        else:
            assert refusal is None
            instruments = self.venue.instruments
            subscriber = Subscriber(target, wanted, VERSIONS[session], instruments)
            self.subscribers[target] = subscriber

    @rule(session=SESSIONS, md_req_id=MD_REQ_IDS)
    def unsubscribe(self, session: str, md_req_id: str) -> None:
        if self.feed.unsubscribe(session, md_req_id):
            self.forget(session, md_req_id)

    @rule(session=SESSIONS)
    def disconnect(self, session: str) -> None:
        self.feed.drop_session(session)
        for target in [target for target in self.subscribers if target[0] == session]:
            self.forget(*target)

    @rule(session=SESSIONS)
    def fall_behind(self, session: str) -> None:
        self.behind ^= {session}

    def forget(self, *target: str) -> None:
        del self.subscribers[target[0], target[1]]
        for noted in (self.differs_since, self.printed):
            for key in [key for key in noted if key[0] == target]:
                del noted[key]
        self.missed = {key for key in self.missed if key[0] != target}
        self.left_out = {key for key in self.left_out if key[0] != target}

    # What has to be shown

    def note_trades(self) -> None:
        """The trades of the batch, each once, for everybody who has joined before."""
        trades: defaultdict[str, list[TradeEntry]] = defaultdict(list)
        calls: dict[str, TradingPhase] = {}
        for event in self.events:
            if isinstance(event, AuctionHeld):
                calls[event.symbol] = event.phase
            elif isinstance(event, OrderFilled):
                of = event.last_px, event.last_qty, event.trade_id
                if event.liquidity is Liquidity.REMOVED:
                    trades[event.symbol].append(TradeEntry(*of, event.side, self.now, None))
                elif event.liquidity is Liquidity.AUCTION and event.side is Side.BUY:
                    phase = calls[event.symbol]
                    trades[event.symbol].append(TradeEntry(*of, None, self.now, phase))
            elif isinstance(event, TradeChanged):
                action = MDUpdateAction.CHANGE if event.qty else MDUpdateAction.DELETE
                changed = event.price, event.qty, event.trade_id
                trades[event.symbol].append(TradeEntry(*changed, time=self.now, action=action))
        for target, subscriber in self.subscribers.items():
            if MDEntryType.TRADE in subscriber.request.entry_types:
                refreshed = subscriber.request.full_refresh
                for symbol in subscriber.books:
                    self.printed[target, symbol] += [
                        trade
                        for trade in trades[symbol]
                        if trade.action is MDUpdateAction.NEW or not refreshed
                    ]

    def publish(self) -> None:
        sent = set()
        before = {target: set(each.books) for target, each in self.subscribers.items()}
        for publication in self.feed.publish(self.now, self.behind):
            assert publication.targets
            for target in publication.targets:
                key = target, publication.symbol
                joining = publication.symbol not in before[target]
                assert key not in sent, "two messages at once"
                assert joining or target[0] not in self.behind, "more for who is behind"
                again = key in self.missed and publication.snapshot
                refreshed = self.subscribers[target].request.full_refresh
                if not again and key in self.left_out and publication.snapshot:
                    # What it was not sent has changed nothing in the end, but was counted.
                    again = publication.rpt_seq > self.number(*key) + int(refreshed)
                if again and refreshed and publication.rpt_seq == self.number(*key) + 1:
                    # It may be the next one as well, which tells of all trades since the last.
                    prints = [e for e in publication.entries if isinstance(e, TradeEntry)]
                    again = prints != self.printed[key]
                self.subscribers[target].apply(publication, again)
                if again:
                    self.missed.discard(key)
                    self.printed.pop(key, None)
                    self.subscribers[target].take_trades(publication.symbol)
                self.left_out.discard(key)
                sent.add(key)
        self.left_out |= {
            (target, symbol)
            for target, each in self.subscribers.items()
            if target[0] in self.behind
            for symbol in each.books
        }
        for target, subscriber in list(self.subscribers.items()):
            for symbol in subscriber.request.symbols:
                self.check(target, subscriber, symbol)
            if not subscriber.request.updates:
                self.forget(*target)

    def number(self, target: Target, symbol: str) -> int:
        return self.subscribers[target].books[symbol].rpt_seq

    def check(self, target: Target, subscriber: Subscriber, symbol: str) -> None:
        key = target, symbol
        shown = subscriber.books[symbol]
        told = subscriber.take_trades(symbol)
        wanted = self.printed[key]
        assert told == wanted[: len(told)], "a trade is missing, or told twice"
        del wanted[: len(told)]
        if not wanted and self.agrees(subscriber.request, shown, symbol):
            self.differs_since.pop(key, None)
            if target[0] not in self.behind:
                self.missed.discard(key)
            return
        if target[0] in self.behind:
            self.missed.add(key)
            self.differs_since[key] = self.now
            return
        since = self.differs_since.setdefault(key, self.now)
        due = since + subscriber.request.interval
        assert self.now < due, "something is not shown in time"
        assert self.feed.deadline <= due < NEVER, (shown.figures, self.figures(symbol))

    def agrees(self, request: Subscribe, shown: Shown, symbol: str) -> bool:
        for side in Side:
            wanted = self.book(request, symbol, side)
            if ENTRY_TYPE[side] not in request.entry_types:
                wanted = []
            if shown.of_side(side) != wanted:
                return False
        figures = {
            kind: figure for kind, figure in self.figures(symbol) if kind in request.entry_types
        }
        return shown.figures == figures

    def book(
        self, request: Subscribe, symbol: str, side: Side
    ) -> list[tuple[tuple[int, int | None], int]]:
        """What the orders add up to."""
        market = self.venue.markets[symbol]
        if market.collected:
            return []
        levels: defaultdict[int, list[Order]] = defaultdict(list)
        for order in self.live():
            if order.symbol == symbol and order.side is side and order.level is not None:
                assert order.price is not None
                levels[order.price].append(order)
        prices = sorted(levels, reverse=side is Side.BUY)[: request.depth]
        if request.aggregated:
            return [((price, None), sum(o.shown_qty for o in levels[price])) for price in prices]
        queues = [list(market.book.side(side).levels[price]) for price in prices]
        return [((o.price or 0, o.order_id), o.shown_qty) for queue in queues for o in queue]

    def figures(self, symbol: str) -> list[tuple[MDEntryType, tuple[Any, Any]]]:
        day = self.venue.statistics(symbol)
        prices = {"4": day.open, "5": day.close, "7": day.high, "8": day.low, "9": day.vwap}
        found: list[tuple[MDEntryType, tuple[Any, Any]]] = [
            (MDEntryType(kind), (price, None))
            for kind, price in prices.items()
            if price is not None
        ]
        if day.volume:
            found.append((MDEntryType.TRADE_VOLUME, (None, day.volume)))
        outlook = self.venue.indicative(symbol)
        if outlook is not None:
            price, imbalance = outlook.price, outlook.imbalance
            if price is not None:
                found.append((MDEntryType.AUCTION_CLEARING_PRICE, (price, outlook.qty)))
            if price is not None or imbalance:
                found.append((MDEntryType.IMBALANCE, (price, imbalance)))
        return found

    def teardown(self) -> None:
        """Whoever was behind catches up, and all that was held back comes."""
        self.behind.clear()
        self.end_of_batch(0, later=5 * SECOND)
        assert self.differs_since == {} and self.missed == set()


TestMarketData = MarketData.TestCase
TestMarketData.settings = settings(max_examples=max(150, settings.default.max_examples))
