"""What a session knows: own orders, requests under way, subscriptions and their books. Pure."""

from venue.client.book import Book, Books
from venue.client.errors import ClientError
from venue.client.events import (
    Event,
    ExecutionReport,
    LoggedOn,
    MarketDataIncrement,
    MarketDataReject,
    MarketDataSnapshot,
    OrderCancelReject,
)
from venue.client.order_request import OrderRequest
from venue.client.orders import OwnOrders
from venue.client.requests import Subscription

DUPLICATE_MD_REQ_ID = "1"


class SessionState:
    """Follows the events of a session, and the requests that have no answer yet."""

    def __init__(self) -> None:
        self.orders = OwnOrders()
        self._books = Books()
        self._requests: dict[str, OrderRequest] = {}
        self._subscriptions: dict[str, Subscription] = {}

    def sent(self, cl_ord_id: str, request: OrderRequest) -> None:
        """Remember a new order or a replace until it is answered."""
        self._requests.setdefault(cl_ord_id, request)

    def request(self, cl_ord_id: str) -> OrderRequest | None:
        """Return the terms of an order: as asked for, once answered as reported."""
        request = self._requests.get(cl_ord_id)
        order = self.orders.get(cl_ord_id)
        if request is not None or order is None:
            return request
        return OrderRequest(
            symbol=order.symbol,
            side=order.side,
            order_qty=order.order_qty,
            ord_type=order.ord_type or "2",
            price=order.price,
            time_in_force=order.time_in_force or "0",
            expire=order.expire,
        )

    def subscribed(self, md_req_id: str, wanted: Subscription) -> None:
        """Expect market data; a subscription that is there already stays as it is."""
        if md_req_id not in self._subscriptions:
            self._subscriptions[md_req_id] = wanted
            self._books.open(md_req_id, wanted)

    def unsubscribed(self, md_req_id: str) -> tuple[str, ...]:
        """Forget a subscription and return its symbols."""
        self._books.close(md_req_id)
        ended = self._subscriptions.pop(md_req_id, None)
        return () if ended is None else ended.symbols

    def book(self, symbol: str, md_req_id: str | None) -> Book:
        """Return the book of a subscription, the latest one with this symbol."""
        book = self._books.find(symbol, md_req_id)
        if book is None:
            raise ClientError(f"there is no subscription to {symbol}")
        return book

    def apply(self, event: Event) -> None:
        """Bring everything up to date."""
        match event:
            case ExecutionReport(copy_of=None):
                self.orders.apply(event, self._requests.pop(event.cl_ord_id or "", None))
            case OrderCancelReject():
                self._requests.pop(event.cl_ord_id, None)
            case MarketDataSnapshot() | MarketDataIncrement():
                self._books.apply(event)
            case MarketDataReject() if event.md_req_rej_reason != DUPLICATE_MD_REQ_ID:
                self.unsubscribed(event.md_req_id)
            case LoggedOn():  # subscriptions end with a session
                self._subscriptions.clear()
                self._books.clear()
