"""Requests other than orders to fields. Pure: ids and times come in as arguments."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from venue.client.versions import Version
from venue.client.wire import Field

OPERATOR_ACTIONS = (
    *("define", "delist", "halt", "resume", "phase", "cancel", "cancel_firm", "bust", "correct"),
    *("limit", "unlimit", "kill", "release", "session", "disconnect", "disable", "enable"),
    *("unlock", "news", "snapshot", "end_day", "sessions", "firms", "limits"),
)
OPERATOR_TERMS = {
    "symbol": 55,
    "tick": 969,
    "lot": 561,
    "reference_price": 1150,
    "min_qty": 562,
    "max_qty": 1140,
    "collar_percent": 9205,
    "currency": 15,
    "market": 9206,
    "security_type": 167,
    "dynamic_collar_percent": 9207,
    "static_collar_percent": 9208,
    "interruption_seconds": 9209,
    "interruption_random_seconds": 9210,
    "auction_seconds": 9204,
    "phase": 9211,
    "firm": 9212,
    "session": 9213,
    "account": 1,
    "order_id": 37,
    "trade_id": 1003,
    "qty": 32,
    "price": 31,
    "headline": 148,
    "text": 58,
    "max_order_qty": 9220,
    "max_order_notional": 9221,
    "max_open_orders": 9222,
    "max_open_notional": 9223,
    "max_long_position": 9224,
    "max_short_position": 9225,
    "max_daily_loss": 9226,
    "price_collar_percent": 9227,
    "max_messages": 9228,
    "message_seconds": 9229,
    "duplicate_milliseconds": 9230,
    "restricted_symbols": 9231,
    "allow_short": 9232,
}
"""What an OperatorRequest (U1) may say, by tag."""
BY_SECURITY, ALL = "1", "7"
"""MassCancelRequestType(530) and MassStatusReqType(585)."""


def cancel_fields(
    cl_ord_id: str,
    orig_cl_ord_id: str | None,
    order_id: str | None,
    symbol: str,
    side: str,
    order_qty: Decimal | None,
    transact_time: str,
) -> list[Field]:
    """Write an OrderCancelRequest (F)."""
    names = [(41, orig_cl_ord_id), (37, order_id)]
    fields = [(tag, name) for tag, name in names if name is not None]
    fields += [(11, cl_ord_id), (55, symbol), (54, side), (60, transact_time)]
    return fields if order_qty is None else [*fields, (38, f"{order_qty:f}")]


def mass_cancel_fields(
    cl_ord_id: str, symbol: str | None, side: str | None, transact_time: str
) -> list[Field]:
    """Write an OrderMassCancelRequest (q), for all symbols or sides where they are None."""
    scope = ALL if symbol is None else BY_SECURITY
    return [(11, cl_ord_id), (530, scope), *_scope(symbol, side), (60, transact_time)]


def mass_status_fields(
    mass_status_req_id: str, symbol: str | None, side: str | None
) -> list[Field]:
    """Write an OrderMassStatusRequest (AF), for all symbols or sides where they are None."""
    scope = ALL if symbol is None else BY_SECURITY
    return [(584, mass_status_req_id), (585, scope), *_scope(symbol, side)]


def _scope(symbol: str | None, side: str | None) -> list[Field]:
    return [(tag, value) for tag, value in ((55, symbol), (54, side)) if value is not None]


def status_fields(
    cl_ord_id: str, symbol: str, side: str, ord_status_req_id: str, version: Version
) -> list[Field]:
    """Write an OrderStatusRequest (H)."""
    fields = [(11, cl_ord_id), (55, symbol), (54, side)]
    return [*fields, (790, ord_status_req_id)] if version.has_ord_status_req_id else fields


def operator_fields(operator_req_id: str, action: str, terms: Mapping[str, object]) -> list[Field]:
    """Write an OperatorRequest (U1). Raise `KeyError` for a term that is none."""
    fields = [(9201, operator_req_id), (9202, action)]
    return fields + [
        (OPERATOR_TERMS[name], _operator_text(value))
        for name, value in terms.items()
        if value is not None
    ]


def _operator_text(value: object) -> str:
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """What a session wants to be shown of some symbols, and how; see `Client.subscribe`."""

    symbols: tuple[str, ...]
    depth: int = 0
    entry_types: tuple[str, ...] = ("0", "1", "2")
    aggregated: bool = True
    full_refresh: bool = False
    interval_ms: int | None = None
    numbered: bool = False


def market_data_fields(md_req_id: str, wanted: Subscription) -> list[Field]:
    """Write a MarketDataRequest (V) that subscribes."""
    fields = [(262, md_req_id), (263, "1"), (264, str(wanted.depth))]
    fields.append((265, "0" if wanted.full_refresh else "1"))
    if not wanted.aggregated:
        fields.append((266, "N"))
    fields += _groups(wanted.entry_types, wanted.symbols)
    if wanted.numbered:
        fields.append((9083, "Y"))
    if wanted.interval_ms is not None:
        fields.append((9084, str(wanted.interval_ms)))
    return fields


def unsubscribe_fields(md_req_id: str, symbols: Sequence[str]) -> list[Field]:
    """Write a MarketDataRequest (V) that ends another; stock dictionaries want both groups."""
    return [(262, md_req_id), (263, "2"), (264, "0"), *_groups(("0",), symbols)]


def _groups(entry_types: Sequence[str], symbols: Sequence[str]) -> list[Field]:
    return [
        (267, str(len(entry_types))),
        *((269, code) for code in entry_types),
        (146, str(len(symbols))),
        *((55, symbol) for symbol in symbols),
    ]
