"""A FIX initiator in the box: what the console, the simulators and the tests are built on.

    from venue.client import ExecutionReport, connect

    with connect("TRADER1", port=9878) as trader:
        order = trader.new_order("AAPL", "buy", 10, "100.25")
        report = trader.wait(ExecutionReport, cl_ord_id=order)

It shares no code with the venue, and validates all it receives with the stock FIX dictionaries.
"""

from venue.client.back_office import (
    PositionReport,
    RequestForPositionsAck,
    TradeCaptureReport,
    TradeCaptureReportRequestAck,
)
from venue.client.book import Book, Trade
from venue.client.client import Client, connect
from venue.client.codes import ExecType
from venue.client.errors import (
    ClientError,
    LogonFailed,
    NothingArrived,
    NotLoggedOn,
    UnreadableMessage,
)
from venue.client.events import (
    BusinessReject,
    Event,
    ExecutionReport,
    LoggedOn,
    LoggedOut,
    MarketDataIncrement,
    MarketDataReject,
    MarketDataSnapshot,
    MassCancelReport,
    MDEntry,
    News,
    OperatorReport,
    OrderCancelReject,
    OtherMessage,
    SessionReject,
    VenueFirm,
    VenueLimits,
    VenueSession,
)
from venue.client.orders import Order, OwnOrders
from venue.client.reference import (
    DayStatistics,
    Listing,
    SecurityList,
    SecurityStatus,
    TradingSessionStatus,
)

__all__ = [
    "Book",
    "BusinessReject",
    "Client",
    "ClientError",
    "DayStatistics",
    "Event",
    "ExecType",
    "ExecutionReport",
    "Listing",
    "LoggedOn",
    "LoggedOut",
    "LogonFailed",
    "MDEntry",
    "MarketDataIncrement",
    "MarketDataReject",
    "MarketDataSnapshot",
    "MassCancelReport",
    "News",
    "NotLoggedOn",
    "NothingArrived",
    "OperatorReport",
    "Order",
    "OrderCancelReject",
    "OtherMessage",
    "OwnOrders",
    "PositionReport",
    "RequestForPositionsAck",
    "SecurityList",
    "SecurityStatus",
    "SessionReject",
    "Trade",
    "TradeCaptureReport",
    "TradeCaptureReportRequestAck",
    "TradingSessionStatus",
    "UnreadableMessage",
    "VenueFirm",
    "VenueLimits",
    "VenueSession",
    "connect",
]
