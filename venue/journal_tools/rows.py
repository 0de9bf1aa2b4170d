"""Rows of an export: which columns each has, and how events become them.

Numbers are exact decimals as text, codes are words (`venue.journal_tools.words`), times are
nanoseconds since 1970 UTC; None where there is nothing.
"""

import re
from collections.abc import Iterable, Iterator
from enum import Enum

from venue.core import events as e
from venue.core.events import Event
from venue.core.fees import FEE_DIGITS
from venue.core.grid import format_units
from venue.core.instrument import Instrument
from venue.core.types import Liquidity, OrdStatus, OrdType, Side, TimeInForce
from venue.journal_tools.words import WORDS, Instruments, sent_word, word

Value = str | int | None
Row = tuple[Value, ...]


class Kind(Enum):
    """What a column holds."""

    TIME = "time"
    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"


Columns = dict[str, Kind]

TRADE_COLUMNS: Columns = {
    "seq": Kind.INTEGER,
    "transact_time": Kind.TIME,
    "trade_id": Kind.INTEGER,
    "change": Kind.TEXT,
    "symbol": Kind.TEXT,
    "last_qty": Kind.DECIMAL,
    "last_px": Kind.DECIMAL,
    "aggressor_side": Kind.TEXT,
} | {
    f"{side}_{column}": kind
    for side in ("buy", "sell")
    for column, kind in (
        ("exec_id", Kind.INTEGER),
        ("order_id", Kind.INTEGER),
        ("cl_ord_id", Kind.TEXT),
        ("session", Kind.TEXT),
        ("firm", Kind.TEXT),
        ("account", Kind.TEXT),
        ("fee", Kind.DECIMAL),
        ("fee_currency", Kind.TEXT),
    )
}
_ORDER: Columns = {
    "symbol": Kind.TEXT,
    "side": Kind.TEXT,
    "ord_type": Kind.TEXT,
    "time_in_force": Kind.TEXT,
    "price": Kind.DECIMAL,
    "stop_px": Kind.DECIMAL,
    "order_qty": Kind.DECIMAL,
    "leaves_qty": Kind.DECIMAL,
    "cum_qty": Kind.DECIMAL,
    "avg_px": Kind.DECIMAL,
    "account": Kind.TEXT,
}
EXECUTION_COLUMNS: Columns = {
    "seq": Kind.INTEGER,
    "transact_time": Kind.TIME,
    "exec_id": Kind.INTEGER,
    "exec_ref_id": Kind.INTEGER,
    "exec_type": Kind.TEXT,
    "ord_status": Kind.TEXT,
    "session": Kind.TEXT,
    "firm": Kind.TEXT,
    "order_id": Kind.INTEGER,
    "cl_ord_id": Kind.TEXT,
    "orig_cl_ord_id": Kind.TEXT,
    **_ORDER,
    "last_qty": Kind.DECIMAL,
    "last_px": Kind.DECIMAL,
    "last_liquidity_ind": Kind.TEXT,
    "trade_id": Kind.INTEGER,
    "fee": Kind.DECIMAL,
    "fee_currency": Kind.TEXT,
    "reason": Kind.TEXT,
    "text": Kind.TEXT,
}
ORDER_COLUMNS: Columns = {
    "order_id": Kind.INTEGER,
    "entry_time": Kind.TIME,
    "transact_time": Kind.TIME,
    "ord_status": Kind.TEXT,
    "session": Kind.TEXT,
    "firm": Kind.TEXT,
    "cl_ord_id": Kind.TEXT,
    **_ORDER,
    "text": Kind.TEXT,
}

_SIDES, _ORD_TYPES = WORDS[Side], WORDS[OrdType]
_TIMES_IN_FORCE, _ORD_STATUSES = WORDS[TimeInForce], WORDS[OrdStatus]
_is_number = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?").fullmatch
_EXEC_TYPES: dict[type[Event], str] = {
    e.OrderAccepted: "new",
    e.OrderTriggered: "triggered",
    e.OrderFilled: "trade",
    e.OrderTradeBusted: "trade_cancel",
    e.OrderTradeCorrected: "trade_correct",
    e.OrderCanceled: "canceled",
    e.OrderExpired: "expired",
    e.OrderRestated: "restated",
    e.OrderReplaced: "replaced",
    e.DuplicateRejected: "rejected",
}
"""Every event of an order that has an ExecID(17): a status has none."""
Half = e.OrderFilled | e.OrderTradeBusted | e.OrderTradeCorrected
"""One side of a trade, or of what became of it."""
_CHANGES: dict[type[Event], str | None] = {
    e.OrderFilled: None,
    e.OrderTradeBusted: "busted",
    e.OrderTradeCorrected: "corrected",
}


def _order_values(event: e.OrderEvent, instrument: Instrument) -> Row:
    """The values of `_ORDER`."""
    price, qty = instrument.price.text, instrument.qty.text
    details = event.details
    stop_px = None if details is None else details.qualifiers.stop_px
    cum_qty = event.cum_qty
    return (
        event.symbol,
        _SIDES[event.side],
        _ORD_TYPES[event.ord_type],
        _TIMES_IN_FORCE[event.time_in_force],
        None if event.price is None else price(event.price),
        None if stop_px is None else price(stop_px),
        qty(event.order_qty),
        qty(event.leaves_qty),
        qty(cum_qty),
        instrument.avg_px(event.notional, cum_qty) if cum_qty else None,
        event.account or None,
    )


def _rejected_values(event: e.OrderRejected) -> Row:
    """The same of what never became an order, as far as what its client sent are numbers."""
    return (
        event.symbol or None,
        sent_word("side", event.side) or None,
        sent_word("ord_type", event.ord_type) or None,
        sent_word("time_in_force", event.time_in_force) or None,
        _number(event.price),
        None,
        _number(event.order_qty),
        "0",
        "0",
        None,
        event.account or None,
    )


def _number(text: str) -> str | None:
    return text if _is_number(text) else None


def _side_values(event: Half) -> Row:
    """One side of a trade."""
    who = event.session, event.firm, event.account or None
    return event.exec_id, event.order_id, event.cl_ord_id, *who, *_fee_values(event)


def _fee_values(event: Half) -> tuple[str | None, str | None]:
    """What it costs, and in which currency."""
    fee = None if isinstance(event, e.OrderTradeBusted) else event.fee
    if fee is None:
        return None, None
    return format_units(fee.amount, FEE_DIGITS), fee.currency


class Trades:
    """A row for each match, out of the fills of both its sides, and one more whenever it is busted
    or corrected. In an auction nobody is the aggressor, nor of a trade that is busted.
    """

    columns = TRADE_COLUMNS

    def rows(
        self, seq: int, time: int, events: Iterable[Event], instruments: Instruments
    ) -> Iterator[Row]:
        first: Half | None = None
        for event in events:
            if not isinstance(event, Half):
                continue
            if first is None or (first.trade_id, type(first)) != (event.trade_id, type(event)):
                first = event  # the other half follows, unless a defect cut it off
                continue
            instrument = instruments[event.symbol]
            buy, sell = first, event
            if event.side is Side.BUY:
                buy, sell = event, first
            yield (
                seq,
                time,
                event.trade_id,
                _CHANGES[type(event)],
                event.symbol,
                *_last(event, instrument),
                _aggressor(first, event),
                *_side_values(buy),
                *_side_values(sell),
            )

    def rest(self, instruments: Instruments) -> Iterator[Row]:
        return iter(())


def _last(event: Half, instrument: Instrument) -> tuple[str, str | None]:
    """What has traded, and at which price; nothing if it is busted."""
    if isinstance(event, e.OrderTradeBusted):
        return "0", None
    return instrument.qty.text(event.last_qty), instrument.price.text(event.last_px)


def _aggressor(*sides: Half) -> str | None:
    for side in sides:
        if not isinstance(side, e.OrderTradeBusted) and side.liquidity is Liquidity.REMOVED:
            return _SIDES[side.side]
    return None


class Executions:
    """A row for each ExecutionReport with an ExecID(17) of its own, in their order."""

    columns = EXECUTION_COLUMNS

    def rows(
        self, seq: int, time: int, events: Iterable[Event], instruments: Instruments
    ) -> Iterator[Row]:
        for event in events:
            exec_type = _EXEC_TYPES.get(type(event))
            if exec_type is not None:
                assert isinstance(event, e.OrderEvent)
                yield _execution(seq, time, event, exec_type, instruments[event.symbol])
            elif type(event) is e.OrderRejected:
                yield (
                    *(seq, time, event.exec_id, None, "rejected", "rejected"),
                    *(event.session, event.firm, event.order_id, event.cl_ord_id, None),
                    *_rejected_values(event),
                    *(None, None, None, None, None, None),
                    *(word(event.reason), event.text or None),
                )

    def rest(self, instruments: Instruments) -> Iterator[Row]:
        return iter(())


def _execution(
    seq: int, time: int, event: e.OrderEvent, exec_type: str, instrument: Instrument
) -> Row:
    fill: Row = None, None, None, None, None, None
    if isinstance(event, Half):
        liquidity = None if isinstance(event, e.OrderTradeBusted) else word(event.liquidity)
        fill = *_last(event, instrument), liquidity, event.trade_id, *_fee_values(event)
    reason = getattr(event, "reason", None)
    return (
        *(seq, time, event.exec_id, getattr(event, "exec_ref_id", None), exec_type),
        _ORD_STATUSES[event.ord_status],
        *(event.session, event.firm, event.order_id, event.cl_ord_id),
        getattr(event, "orig_cl_ord_id", None),
        *_order_values(event, instrument),
        *fill,
        None if reason is None else word(reason),
        getattr(event, "text", None),
    )


class Orders:
    """A row for each order entered, as it was when it ended; then those that still live.

    `cl_ord_id` is the order's own, not that of a request to cancel it. Only live orders are held:
    one of which a trade was busted or corrected after its end has another row, without entry time.
    """

    columns = ORDER_COLUMNS

    def __init__(self) -> None:
        self._live: dict[int, tuple[int | None, str, str, int, e.OrderEvent]] = {}

    def rows(
        self, seq: int, time: int, events: Iterable[Event], instruments: Instruments
    ) -> Iterator[Row]:
        live = self._live
        for event in events:
            kind = type(event)
            if kind is e.OrderAccepted:
                assert isinstance(event, e.OrderAccepted)
                live[event.order_id] = time, event.session, event.cl_ord_id, time, event
            elif kind is e.OrderRejected:
                assert isinstance(event, e.OrderRejected)
                yield (
                    *(event.order_id, time, time, "rejected"),
                    *(event.session, event.firm, event.cl_ord_id),
                    *_rejected_values(event),
                    event.text or None,
                )
            elif kind in _EXEC_TYPES and kind is not e.DuplicateRejected:
                assert isinstance(event, e.OrderEvent)
                known = live.get(event.order_id)
                if known is None:
                    if kind is e.OrderFilled or not isinstance(event, Half):
                        continue
                    known = None, event.session, event.cl_ord_id, time, event
                entered, session, cl_ord_id = known[:3]
                if kind is e.OrderReplaced:
                    cl_ord_id = event.cl_ord_id
                if event.leaves_qty:
                    live[event.order_id] = entered, session, cl_ord_id, time, event
                else:
                    live.pop(event.order_id, None)
                    now = entered, session, cl_ord_id, time, event
                    yield _order_row(*now, instruments[event.symbol])

    def rest(self, instruments: Instruments) -> Iterator[Row]:
        for known in self._live.values():
            yield _order_row(*known, instruments[known[-1].symbol])


def _order_row(
    entered: int | None,
    session: str,
    cl_ord_id: str,
    time: int,
    event: e.OrderEvent,
    instrument: Instrument,
) -> Row:
    return (
        *(event.order_id, entered, time, _ORD_STATUSES[event.ord_status]),
        *(session, event.firm, cl_ord_id),
        *_order_values(event, instrument),
        getattr(event, "text", None),
    )
