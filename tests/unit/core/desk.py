"""A trading desk for the tests of the core, and what a trader would say of the answers.

Prices are ticks of 0.01 and quantities single shares of AAPL, whose reference price is 100.
"""

from decimal import Decimal
from typing import Any

from venue.core import commands as c
from venue.core import events as e
from venue.core.instrument import InstrumentSpec
from venue.core.types import (
    CxlRejReason,
    Liquidity,
    OrdRejReason,
    OrdStatus,
    OrdType,
    Side,
    TimeInForce,
)
from venue.core.venue import Venue

BUY, SELL = Side.BUY, Side.SELL
DAY, GTC, IOC, FOK = TimeInForce.DAY, TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK
FIRMS = {"TRADER1": "NORTH", "TRADER2": "SOUTH", "TRADER3": "NORTH"}


def aapl(**terms: Any) -> InstrumentSpec:
    """AAPL, with other terms where given."""
    spec = {
        "symbol": "AAPL",
        "tick": "0.01",
        "lot": "1",
        "reference_price": "100",
        "min_qty": "1",
        "max_qty": "1000",
        "collar_percent": "50",
        "currency": "USD",
    } | terms
    names = {"symbol", "currency"}
    return InstrumentSpec(**{k: v if k in names else Decimal(v) for k, v in spec.items()})


class Desk:
    """Sends requests, by default of TRADER1, about AAPL."""

    def __init__(self, **terms: Any) -> None:
        self.venue = Venue()
        self.venue.handle(c.DefineInstrument(aapl(**terms)))

    def new(
        self,
        cl_ord_id: str,
        side: Side = BUY,
        qty: int = 5,
        price: int | None = 10000,
        time_in_force: TimeInForce = DAY,
        *,
        session: str = "TRADER1",
        **extra: Any,
    ) -> list[e.Event]:
        ord_type = OrdType.MARKET if price is None else OrdType.LIMIT
        terms = "AAPL", side, ord_type, time_in_force, price, qty
        return self.venue.handle(c.NewOrder(session, FIRMS[session], cl_ord_id, *terms, **extra))

    def cancel(
        self,
        cl_ord_id: str,
        orig_cl_ord_id: str = "",
        order_id: str = "",
        *,
        symbol: str = "AAPL",
        side: str = BUY,
        session: str = "TRADER1",
        **extra: Any,
    ) -> list[e.Event]:
        who = session, FIRMS[session], cl_ord_id, orig_cl_ord_id, order_id
        return self.venue.handle(c.CancelOrder(*who, symbol, side, **extra))

    def replace(
        self,
        cl_ord_id: str,
        orig_cl_ord_id: str = "",
        qty: int = 5,
        price: int | None = 10000,
        order_id: str = "",
        *,
        symbol: str = "AAPL",
        side: str = BUY,
        ord_type: str = OrdType.LIMIT,
        time_in_force: str | None = None,
        session: str = "TRADER1",
        **extra: Any,
    ) -> list[e.Event]:
        who = session, FIRMS[session], cl_ord_id, orig_cl_ord_id, order_id
        terms = symbol, side, ord_type, time_in_force, price, qty
        return self.venue.handle(c.ReplaceOrder(*who, *terms, **extra))

    def status(
        self, cl_ord_id: str, order_id: str = "", *, session: str = "TRADER1"
    ) -> list[e.Event]:
        who = session, FIRMS[session], cl_ord_id, order_id
        return self.venue.handle(c.RequestStatus(*who, "AAPL", BUY, "REQ"))

    def resting(self, side: Side) -> list[tuple[str, int, int]]:
        """(ClOrdID, open quantity, price) of one side, whoever trades first at the front."""
        book = self.venue.markets["AAPL"].book.side(side)
        return [(o.cl_ord_id, o.leaves_qty, level.price) for level in book for o in level]


def assert_accepted(event: e.Event, cl_ord_id: str, **fields: Any) -> None:
    _assert_report(event, e.OrderAccepted, cl_ord_id, ord_status=OrdStatus.NEW, cum_qty=0, **fields)


def assert_filled(
    event: e.Event, cl_ord_id: str, last_qty: int, last_px: int, leaves_qty: int, **fields: Any
) -> None:
    status = OrdStatus.PARTIALLY_FILLED if leaves_qty else OrdStatus.FILLED
    fields |= {"last_qty": last_qty, "last_px": last_px, "leaves_qty": leaves_qty}
    _assert_report(event, e.OrderFilled, cl_ord_id, ord_status=status, **fields)


def assert_match(aggressor: e.Event, resting: e.Event) -> None:
    """The two sides of one match."""
    assert isinstance(aggressor, e.OrderFilled) and isinstance(resting, e.OrderFilled)
    assert (aggressor.liquidity, resting.liquidity) == (Liquidity.REMOVED, Liquidity.ADDED)
    for name in ("trade_id", "last_qty", "last_px", "symbol"):
        assert getattr(aggressor, name) == getattr(resting, name)
    assert {aggressor.side, resting.side} == {BUY, SELL}


def assert_canceled(event: e.Event, cl_ord_id: str, **fields: Any) -> None:
    fields |= {"ord_status": OrdStatus.CANCELED, "leaves_qty": 0}
    _assert_report(event, e.OrderCanceled, cl_ord_id, **fields)


def assert_replaced(event: e.Event, cl_ord_id: str, orig_cl_ord_id: str, **fields: Any) -> None:
    _assert_report(event, e.OrderReplaced, cl_ord_id, orig_cl_ord_id=orig_cl_ord_id, **fields)


def assert_status(event: e.Event, cl_ord_id: str, **fields: Any) -> None:
    _assert_report(event, e.OrderStatusReported, cl_ord_id, exec_id=0, **fields)


def assert_rejected(event: e.Event, reason: OrdRejReason, text: str, **fields: Any) -> None:
    assert isinstance(event, e.OrderRejected | e.DuplicateRejected)
    _assert_fields(event, reason=reason, text=text, **fields)


def assert_cancel_rejected(event: e.Event, reason: CxlRejReason, text: str, **fields: Any) -> None:
    assert type(event) is e.CancelRejected
    _assert_fields(event, reason=reason, text=text, **fields)


def _assert_report(event: e.Event, kind: type[e.Event], cl_ord_id: str, **fields: Any) -> None:
    assert type(event) is kind
    _assert_fields(event, cl_ord_id=cl_ord_id, **fields)


def _assert_fields(event: e.Event, **fields: Any) -> None:
    assert {name: getattr(event, name) for name in fields} == fields
