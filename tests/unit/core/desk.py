"""A trading desk for the tests of the core, and what a trader would say of the answers.

Prices are ticks of 0.01 and quantities single shares of AAPL, whose reference price is 100.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from venue.core import commands as c
from venue.core import events as e
from venue.core.instrument import InstrumentSpec
from venue.core.order import Order
from venue.core.qualifiers import Changes, Qualifiers
from venue.core.types import (
    CxlRejReason,
    ExecRestatementReason,
    Liquidity,
    MassScope,
    OrdRejReason,
    OrdStatus,
    OrdType,
    Side,
    TimeInForce,
)
from venue.core.venue import Venue

BUY, SELL = Side.BUY, Side.SELL
DAY, GTC, IOC, FOK = TimeInForce.DAY, TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK
GTD, AT_THE_CLOSE = TimeInForce.GTD, TimeInForce.AT_THE_CLOSE
LIMIT, MARKET = OrdType.LIMIT, OrdType.MARKET
STOP, STOP_LIMIT = OrdType.STOP, OrdType.STOP_LIMIT
IF_TOUCHED, LIMIT_IF_TOUCHED = OrdType.MARKET_IF_TOUCHED, OrdType.LIMIT_IF_TOUCHED
TO_LIMIT = OrdType.MARKET_WITH_LEFT_OVER_AS_LIMIT
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
    decimals = {"tick", "lot", "reference_price", "min_qty", "max_qty"}
    decimals |= {name for name in spec if name.endswith("percent")}
    return InstrumentSpec(**{k: Decimal(v) if k in decimals else v for k, v in spec.items()})


def at(text: str) -> int:
    """The nanoseconds since 1970 of a time in UTC, "20260105 12:00"."""
    time = datetime.strptime(text, "%Y%m%d %H:%M").replace(tzinfo=UTC)
    return int(time.timestamp()) * 1_000_000_000


def _split(extra: dict[str, Any], kind: type) -> Any:
    """Take the fields of `kind` out of `extra`: one of its kind, None where there are none."""
    fields = {name: extra.pop(name) for name in list(extra) if name in kind.__struct_fields__}
    return kind(**fields) if fields else None


class Desk:
    """Sends requests, by default of TRADER1, about AAPL.

    Fields of `Qualifiers` and `Changes` are given by name.
    """

    def __init__(self, **terms: Any) -> None:
        self.venue = Venue()
        self.venue.handle(c.DefineInstrument(aapl(**terms)))
        self._trades = 0

    def new(
        self,
        cl_ord_id: str,
        side: Side = BUY,
        qty: int = 5,
        price: int | None = 10000,
        time_in_force: TimeInForce = DAY,
        *,
        ord_type: OrdType | None = None,
        symbol: str = "AAPL",
        session: str = "TRADER1",
        **extra: Any,
    ) -> list[e.Event]:
        """The type is market or limit where it is not given."""
        ord_type = ord_type or (MARKET if price is None else LIMIT)
        who, terms = (session, FIRMS[session], cl_ord_id), (symbol, side, ord_type, time_in_force)
        extra["qualifiers"] = _split(extra, Qualifiers)
        return self.venue.handle(c.NewOrder(*who, *terms, price, qty, **extra))

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
        extra["changes"] = _split(extra, Changes)
        return self.venue.handle(c.ReplaceOrder(*who, *terms, **extra))

    def status(
        self, cl_ord_id: str, order_id: str = "", *, session: str = "TRADER1"
    ) -> list[e.Event]:
        who = session, FIRMS[session], cl_ord_id, order_id
        return self.venue.handle(c.RequestStatus(*who, "AAPL", BUY, "REQ"))

    def mass_cancel(
        self,
        cl_ord_id: str,
        symbol: str = "",
        side: Side | None = None,
        *,
        session: str = "TRADER1",
    ) -> list[e.Event]:
        """Of all instruments where none is given."""
        scope = MassScope.SECURITY if symbol else MassScope.ALL
        who = session, FIRMS[session], cl_ord_id
        return self.venue.handle(c.MassCancel(*who, scope, symbol, side))

    def mass_status(
        self, symbol: str = "", side: Side | None = None, *, session: str = "TRADER1"
    ) -> list[e.Event]:
        scope = MassScope.SECURITY if symbol else MassScope.ALL
        who = session, FIRMS[session], "REQ"
        return self.venue.handle(c.RequestMassStatus(*who, scope, symbol, side))

    def connect(self, session: str = "TRADER1", *, cancel_on_disconnect: bool = True) -> None:
        command = c.SessionConnected(session, FIRMS[session], cancel_on_disconnect)
        assert self.venue.handle(command) == []

    def disconnect(
        self,
        session: str = "TRADER1",
        reason: ExecRestatementReason = ExecRestatementReason.CONNECTION_LOSS,
        witnesses: tuple[str, ...] = (),
    ) -> list[e.Event]:
        return self.venue.handle(c.SessionDisconnected(session, reason, witnesses))

    def trade(self, *prices: int) -> None:
        """Let one share trade at each of `prices`, between two others."""
        for price in prices:
            self._trades += 1
            self.new(f"sold{self._trades}", SELL, 1, price, session="TRADER2")
            self.new(f"bought{self._trades}", BUY, 1, price, session="TRADER3")

    def advance(self, time: str) -> list[e.Event]:
        return self.venue.handle(c.AdvanceTime(at(time)))

    def define(self, symbol: str) -> None:
        """List another instrument on AAPL's terms."""
        self.venue.handle(c.DefineInstrument(aapl(symbol=symbol)))

    def order(self, cl_ord_id: str, session: str = "TRADER1") -> Order:
        order = self.venue.orders.clients[session].orders[cl_ord_id]
        assert order is not None
        return order

    def shown(self, side: Side) -> list[tuple[str, int]]:
        """(ClOrdID, shown quantity) of one side, whoever trades first at the front."""
        book = self.venue.markets["AAPL"].book.side(side)
        return [(o.cl_ord_id, o.shown_qty) for level in book for o in level]

    def waiting(self) -> list[str]:
        """ClOrdIDs of the orders that wait, the oldest first."""
        return [o.cl_ord_id for o in self.venue.markets["AAPL"].waiting.orders.values()]

    def resting(self, side: Side) -> list[tuple[str, int, int]]:
        """(ClOrdID, open quantity, price) of one side, whoever trades first at the front."""
        book = self.venue.markets["AAPL"].book.side(side)
        return [(o.cl_ord_id, o.leaves_qty, level.price) for level in book for o in level]


def story(events: list[e.Event]) -> list[str]:
    """What happened, in few words: "accepted a", "filled a 3 @ 10100", "canceled a"."""
    return [_words(event) for event in events]


def _words(event: e.Event) -> str:
    kind = type(event).__name__.removeprefix("Order").removeprefix("MassCancel").lower()
    if isinstance(event, e.OrderFilled):
        return f"filled {event.cl_ord_id} {event.last_qty} @ {event.last_px}"
    if isinstance(event, e.DayEnded):
        return "day ended"
    return f"{kind} {getattr(event, 'cl_ord_id', '')}".strip()


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
