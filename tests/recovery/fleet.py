"""All clients together: they trade, lose their venue, come back, and compare what they know."""

import contextlib
import random
import selectors
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from tests.e2e.message import Message
from tests.recovery.flow import SYMBOLS
from tests.recovery.stock_trader import StockTrader
from tests.recovery.tape import Tape
from tests.recovery.trader import Trader
from tests.recovery.wire import FIX42, FIX44, FIX50SP2, ViolationError

WATCHER, STOCK = "FIRST", "STOCK"
MEMBERS = (
    ("OLD", FIX42),
    (WATCHER, FIX44),
    ("SECOND", FIX44),
    (STOCK, FIX44),
    ("NEW", FIX50SP2),
    ("NEWER", FIX50SP2),
)
SETTLE_SECONDS = 90.0


class Fleet:
    """Everybody trades both symbols; one also watches the market, one is a stock client."""

    def __init__(self, seed: int, directory: Path) -> None:
        self.dice = random.Random(f"{seed} fleet")
        self.tape = Tape()
        self._port = 0
        self._away: set[Trader] = set()
        self._retry = dict.fromkeys((comp_id for comp_id, _ in MEMBERS), 0.0)
        self.traders = [
            StockTrader(comp_id, version, self.tape, seed, directory)
            if comp_id == STOCK
            else Trader(comp_id, version, self.tape, seed, directory, comp_id == WATCHER)
            for comp_id, version in MEMBERS
        ]

    def close(self) -> None:
        for trader in self.traders:
            trader.close()

    def meet(self, port: int) -> None:
        """There is a venue: everybody connects to it, in any order, and again when cut off."""
        self._port = port
        self._connect()

    def _connect(self) -> None:
        now = time.monotonic()
        for trader in self.dice.sample(self.traders, len(self.traders)):
            if not self._port or trader in self._away:
                continue
            if trader.socket is None and now >= self._retry[trader.comp_id]:
                self._retry[trader.comp_id] = now + 0.1
                with contextlib.suppress(OSError):
                    trader.connect(self._port)

    def trade(self, seconds: float, is_over: Callable[[], bool]) -> None:
        """Trade at random until `is_over`, or for so long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not is_over():
            for trader in self.traders:
                if self.dice.random() < 0.3:
                    trader.act()
            self.read(0.002)

    def drop_somebody(self) -> None:
        """One client loses its connection, with all that is on it; it may stay away for long."""
        trader = self.dice.choice(self.traders)
        trader.drop()
        if self.dice.random() < 0.5:
            self._away.add(trader)

    def read(self, seconds: float) -> None:
        """Take what comes within so many seconds, at most once from each."""
        self._connect()
        with selectors.DefaultSelector() as selector:
            for trader in self.traders:
                if trader.socket is not None:
                    selector.register(trader.socket, selectors.EVENT_READ, trader)
            if selector.get_map():
                ready = {key.data for key, _ in selector.select(seconds)}
            else:
                time.sleep(seconds)
                ready = set()
        for trader in self.traders:
            if trader in ready or trader.socket is None:
                trader.poll()

    def lose_venue(self) -> None:
        """The venue has died: most still read what it said last, some never do."""
        self._port = 0
        for trader in self.traders:
            trader.lose_venue(reads=self.dice.random() < 0.8)

    def expect_end(self) -> None:
        """The venue is about to be stopped in peace."""
        self._port = 0
        for trader in self.traders:
            trader.expect_end()

    def see_off_venue(self) -> None:
        """Read all it says, and answer its Logout, until it hangs up."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while any(trader.socket is not None for trader in self.traders):
            if time.monotonic() > deadline:
                raise ViolationError("the venue does not hang up")
            self.read(0.01)

    def settle(self, is_over: Callable[[], bool] = lambda: False) -> bool:
        """Wait until everybody is back and has every answer, and all that was sent before it; False
        where `is_over` came first.
        """
        self._away.clear()
        deadline = time.monotonic() + SETTLE_SECONDS
        for _ in range(2):
            tested: set[str] = set()
            while not all(each.is_settled and each.comp_id in tested for each in self.traders):
                if is_over():
                    return False
                if time.monotonic() > deadline:
                    self._explain()
                for trader in self.traders:
                    if not trader.logged_on:
                        tested.discard(trader.comp_id)
                    elif trader.comp_id not in tested:
                        trader.ping()
                        tested.add(trader.comp_id)
                self.read(0.05)
        return True

    def _explain(self) -> None:
        for trader in self.traders:
            trader.ledger.check()
        states = {each.comp_id: each.state() for each in self.traders}
        raise ViolationError(f"no rest after {SETTLE_SECONDS} s: {states}")

    def verify(self, whole: bool, is_over: Callable[[], bool] = lambda: False) -> bool:
        """Raise `ViolationError` where venue and ledgers differ; False where `is_over` came first.

        With `whole` everything is repeated that can be.
        """
        if not self.settle(is_over):
            return False
        for trader in self.traders:
            trader.books.clear()
            trader.ask_for_status()
            if whole or self.dice.random() < 0.4:
                trader.audit(whole)
        self.traders[-1].subscribe(0)
        if not self.settle(is_over):
            return False
        self.tape.check()
        for trader in self.traders:
            trader.ledger.check()
        shown = self.traders[-1].books
        for symbol in SYMBOLS:
            self._compare(symbol, shown)
        return True

    def _compare(self, symbol: str, shown: dict[str, Message]) -> None:
        """The book from everybody's ledger is the one that a new subscriber is shown."""
        book: Counter[tuple[str, Decimal]] = Counter()
        for trader in self.traders:
            for order in trader.ledger.live.values():
                if order.symbol == symbol:
                    assert order.price is not None
                    qty = order.leaves if order.shown is None else order.shown
                    book[order.side, order.price] += qty
        if symbol not in shown:
            raise ViolationError(f"no book of {symbol}")
        entries = shown[symbol].entries(269)
        sides = {"0": "1", "1": "2"}
        told = {(sides[e[269]], Decimal(e[270])): int(e[271]) for e in entries if e[269] in sides}
        if told != dict(book):
            differ = {key: (book.get(key), told.get(key)) for key in book.keys() | told.keys()}
            differ = {key: pair for key, pair in differ.items() if pair[0] != pair[1]}
            raise ViolationError(f"book of {symbol}, (ledgers, venue): {differ}")

    def count(self, what: str) -> int:
        return sum(trader.ledger.counts[what] for trader in self.traders)
