"""What a trader or a subscriber does over FIX; how messages travel is its subclasses' business."""

import itertools
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from tests.e2e.codes import FIX44, Codes
from tests.e2e.message import Fields, Message, pairs, utc_now

DEADLINE = 30.0
"""Seconds after which what has to come is not waited for any more; nothing takes so long."""
BUY, SELL = "1", "2"
MARKET, LIMIT = "1", "2"
DAY, GTC, IOC, FOK = "0", "1", "3", "4"
NEW, PARTIALLY_FILLED, FILLED, CANCELED, REJECTED = "0", "1", "2", "4", "8"

_ids = itertools.count(1)


class Client(ABC):
    """`receive` takes messages one by one in the order they came; nothing is ever skipped."""

    def __init__(self, comp_id: str, version: str = FIX44) -> None:
        self.comp_id = comp_id
        self.version = version
        self.codes = Codes(version)

    @abstractmethod
    def send(self, msg_type: str, fields: Fields) -> None: ...

    @abstractmethod
    def next_message(self, deadline: float) -> Message | None:
        """The next message that is not the session's own business; None at the deadline."""

    def unused_id(self) -> str:
        return f"{self.comp_id}-{next(_ids)}"

    def receive(self, msg_type: str = "8") -> Message:
        message = self.next_message(time.monotonic() + DEADLINE)
        assert message is not None, f"{self.comp_id} waited in vain for a {msg_type}"
        assert message.type == msg_type, f"{self.comp_id} waited for a {msg_type}, got {message}"
        return message

    def receive_any(self, msg_types: str) -> Message:
        """The next message, which is of one of these types."""
        message = self.next_message(time.monotonic() + DEADLINE)
        assert message is not None, f"{self.comp_id} waited in vain for any of {msg_types}"
        assert message.type in msg_types, f"{self.comp_id} waited for {msg_types}, got {message}"
        return message

    def settle(self) -> list[Message]:
        """Everything that what was sent before causes.

        It asks twice: market data follows the answers of its batch, also the first one's.
        """
        return self._until_answered() + self._until_answered()

    def _until_answered(self) -> list[Message]:
        question = self.unused_id()
        self.send("V", {262: question, 263: 2})
        got: list[Message] = []
        deadline = time.monotonic() + DEADLINE
        while True:
            message = self.next_message(deadline)
            assert message is not None, f"{self.comp_id} gets no answers, only {got}"
            if message.get(379) == question or message.get(262) == question:
                return got
            got.append(message)

    def hears_nothing(self) -> None:
        assert self.settle() == []

    def new_order(
        self, symbol: str, side: str, qty: object, price: object = None, more: Fields = ()
    ) -> str:
        """Send a NewOrderSingle, a market order without a price, and return its ClOrdID."""
        fields = {
            11: self.unused_id(),
            55: symbol,
            54: side,
            38: qty,
            40: MARKET if price is None else LIMIT,
            44: price,
            60: utc_now(),
        } | dict(more)
        self.send("D", fields)
        return str(fields[11])

    def enter(
        self, symbol: str, side: str, qty: object, price: object = None, more: Fields = ()
    ) -> Message:
        """Send an order and return the report that accepts it."""
        cl_ord_id = self.new_order(symbol, side, qty, price, more)
        return self.receive().has({11: cl_ord_id} | self.codes.new())

    def trade(self, symbol: str, side: str, qty: object, price: object = None) -> list[Message]:
        """Send an order and return every report of it, wherever it ended."""
        self.new_order(symbol, side, qty, price)
        return self.settle()

    def cancel(self, order: Message, more: Fields = ()) -> str:
        """Send an OrderCancelRequest for the order of an ExecutionReport; return its ClOrdID."""
        fields = {
            11: self.unused_id(),
            41: order[11],
            55: order[55],
            54: order[54],
            60: utc_now(),
        } | dict(more)
        self.send("F", fields)
        return str(fields[11])

    def replace(
        self, order: Message, qty: object = None, price: object = None, more: Fields = ()
    ) -> str:
        """Send an OrderCancelReplaceRequest that changes what is given; return its ClOrdID."""
        fields = {
            11: self.unused_id(),
            41: order[11],
            55: order[55],
            54: order[54],
            38: order[38] if qty is None else qty,
            40: order.get(40),
            44: order.get(44) if price is None else price,
            60: utc_now(),
        } | dict(more)
        self.send("G", fields)
        return str(fields[11])

    def ask_status(self, order: Message, more: Fields = ()) -> Message:
        """The answer to an OrderStatusRequest."""
        fields = {11: order[11], 55: order[55], 54: order[54]} | dict(more)
        self.send("H", fields)
        report = self.receive()
        return report.has(self.codes.status(report[39]))

    def book(self, symbol: str) -> list[tuple[str, str, str]]:
        """Every price level: MDEntryType(269), price and quantity, bids first."""
        self.request_market_data(symbol, updates=0, entry_types="01")
        entries = self.receive("W").entries(269)
        return sorted((entry[269], entry[270], entry[271]) for entry in entries)

    def request_market_data(
        self,
        symbols: str | Sequence[str],
        depth: object = 0,
        updates: object = 1,
        update_type: object = 1,
        entry_types: Iterable[str] = "012",
        md_req_id: str | None = None,
        more: Fields = (),
    ) -> str:
        """Send a MarketDataRequest, with `more` fields, and return its MDReqID."""
        symbols = [symbols] if isinstance(symbols, str) else symbols
        entry_types = list(entry_types)
        md_req_id = md_req_id or self.unused_id()
        fields: list[tuple[int, object]] = [(262, md_req_id), (263, updates), (264, depth)]
        fields += [(265, update_type), (267, len(entry_types))]
        fields += [(269, entry_type) for entry_type in entry_types]
        fields += [(146, len(symbols)), *((55, symbol) for symbol in symbols)]
        self.send("V", [*fields, *pairs(more)])
        return md_req_id
