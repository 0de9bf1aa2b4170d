"""The book that a client rebuilds from W and X is the venue's book, after every message.

One session trades and watches, so that what it hears is in one order: the reports of a batch come
before its market data, and the open orders they add up to are the book that the data must show.
"""

from collections.abc import Callable

import pytest

from tests.e2e.books import ReportedBook, ShownBook
from tests.e2e.client import BUY, SELL
from tests.e2e.flow import RandomFlow
from tests.e2e.message import Message
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient

DEPTHS = (0, 1, 3)


class Desk:
    """Subscriptions of every depth and update type, compared with the reports in between."""

    def __init__(self, client: RawClient | StockClient, symbol: str) -> None:
        self._client, self._symbol = client, symbol
        self.reported = ReportedBook()
        self.shown: dict[str, ShownBook] = {}
        self._since_report: set[str] = set()
        for depth in DEPTHS:
            for update_type in (0, 1):
                self.subscribe(depth, update_type)

    def subscribe(self, depth: int, update_type: int) -> None:
        md_req_id = self._client.request_market_data(self._symbol, depth, 1, update_type)
        self.shown[md_req_id] = ShownBook(md_req_id, self._symbol, depth)

    def hear(self, message: Message) -> None:
        """Take the next message; market data must agree with all reports before it."""
        if message.type not in ("W", "X"):
            self._since_report.clear()
            self.reported.apply(message)
            return
        shown = self.shown[message[262]]
        shown.apply(message)
        shown.agrees_with(self.reported)
        assert message[262] not in self._since_report, f"two messages for one batch: {message}"
        self._since_report.add(message[262])

    def hear_all(self) -> None:
        for message in self._client.settle():
            self.hear(message)
        for shown in self.shown.values():
            shown.agrees_with(self.reported)

    def trades_are_all_shown(self) -> None:
        """Every trade once, in order, with its price, quantity and id."""
        trades = self.reported.trades
        assert trades
        for shown in self.shown.values():
            assert [trade[:2] for trade in shown.trades] == [trade[:2] for trade in trades]
            ids = [trade[2] for trade in shown.trades]
            assert ids in ([None] * len(trades), [trade[2] for trade in trades])


def test_after_every_request(buyer: StockClient, symbol: str) -> None:
    desk = Desk(buyer, symbol)
    flow = RandomFlow(1, symbol, buyer.unused_id())
    for _ in range(150):
        buyer.send(*flow.next_request())
        desk.hear_all()
    desk.trades_are_all_shown()
    for md_req_id in desk.shown:
        buyer.send("V", {262: md_req_id, 263: 2})


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_in_bursts(connect: Callable[..., RawClient], symbol: str, seed: int) -> None:
    """Hundreds of requests in one write: batches are large, levels conflate, trades do not."""
    client = connect()
    desk = Desk(client, symbol)
    flow = RandomFlow(seed, symbol, "B")
    for size in (500, 37, 300, 1, 163):
        burst = b"".join(client.bytes_of(*flow.next_request()) for _ in range(size))
        client.send_bytes(burst)
        desk.hear_all()
    desk.trades_are_all_shown()
    assert min(shown.messages for shown in desk.shown.values()) >= 5
    assert max(shown.messages for shown in desk.shown.values()) < 100


def test_subscribing_in_the_middle_of_a_burst(
    connect: Callable[..., RawClient], symbol: str
) -> None:
    """The snapshot is of the end of the batch it was asked for in, and increments follow on it."""
    client = connect()
    desk = Desk(client, symbol)
    desk.hear_all()
    flow = RandomFlow(5, symbol, "S")
    written = client.send_bytes
    waiting: list[bytes] = []
    client.send_bytes = waiting.append  # type: ignore[method-assign]
    for number in range(600):
        client.send(*flow.next_request())
        if number % 100 == 50:
            desk.subscribe(DEPTHS[number % 3], 1)
    client.send_bytes = written  # type: ignore[method-assign]
    client.send_bytes(b"".join(waiting))
    desk.hear_all()


def test_two_traders_and_a_stock_subscriber(
    connect: Callable[..., RawClient], watcher: StockClient, symbol: str
) -> None:
    """Over sessions the order of messages is open: compared when both bursts are through."""
    one, other = connect(), connect()
    shown = [
        ShownBook(watcher.request_market_data(symbol, depth), symbol, depth) for depth in DEPTHS
    ]
    for book in shown:
        book.apply(watcher.receive("W"))
    flows = {client: RandomFlow(seed, symbol, "T") for seed, client in ((6, one), (7, other))}
    reported = ReportedBook()
    for _ in range(4):
        for client, flow in flows.items():
            client.send_bytes(b"".join(client.bytes_of(*flow.next_request()) for _ in range(150)))
        reports = [report for client in flows for report in client.settle()]
        reports += [report for client in flows for report in client.settle()]
        for report in sorted(reports, key=lambda report: int(report.get(17) or 0)):
            reported.apply(report)
        by_id = {book.md_req_id: book for book in shown}
        for message in watcher.settle():
            by_id[message[262]].apply(message)
        for book in shown:
            book.agrees_with(reported)
            assert book.trades == reported.trades
    assert reported.trades and reported.levels()[BUY] and reported.levels()[SELL]
    for book in shown:
        watcher.send("V", {262: book.md_req_id, 263: 2})
