"""Requests other than orders to fields. Pure: ids and times come in as arguments."""

from collections.abc import Sequence
from decimal import Decimal

from venue.client.codes import MD_ENTRY_TYPES
from venue.client.versions import Version
from venue.client.wire import Field

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


def market_data_fields(
    md_req_id: str, subscription_request_type: str, symbols: Sequence[str], depth: int
) -> list[Field]:
    """Write a MarketDataRequest (V); stock dictionaries want both groups in an unsubscribe too."""
    fields = [(262, md_req_id), (263, subscription_request_type), (264, str(depth))]
    if subscription_request_type == "1":
        fields.append((265, "1"))
    fields.append((267, str(len(MD_ENTRY_TYPES))))
    fields.extend((269, code) for code in MD_ENTRY_TYPES.values())
    fields.append((146, str(len(symbols))))
    fields.extend((55, symbol) for symbol in symbols)
    return fields
