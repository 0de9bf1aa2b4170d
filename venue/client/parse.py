"""Message text to typed event. Pure; refuses only what lacks a field its event needs."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from venue.client.errors import UnreadableMessage
from venue.client.events import (
    BusinessReject,
    Event,
    ExecutionReport,
    LoggedOut,
    MarketDataIncrement,
    MarketDataReject,
    MarketDataSnapshot,
    MDEntry,
    OrderCancelReject,
    OtherMessage,
    SessionReject,
)
from venue.client.wire import Field, first_values, readable, split_fields, split_group

Values = Mapping[int, str]


def parse_event(text: str) -> Event:
    """Turn one inbound message into its event."""
    if not text.isascii():
        text = text.encode(errors="surrogateescape").decode(errors="replace")
    try:
        fields = split_fields(text)
        values = first_values(fields)
        parse = _PARSERS.get(values[35])
        if parse is None:
            return OtherMessage(raw=text, msg_type=values[35])
        return parse(text, values, fields)
    except KeyError as missing:
        raise UnreadableMessage(f"no tag {missing} in {readable(text)}") from None
    except (ValueError, InvalidOperation):
        raise UnreadableMessage(f"a number is malformed in {readable(text)}") from None


def _decimal(values: Values, tag: int) -> Decimal | None:
    value = values.get(tag)
    return None if value is None else Decimal(value)


def _int(values: Values, tag: int) -> int | None:
    value = values.get(tag)
    return None if value is None else int(value)


def _execution_report(text: str, values: Values, _: list[Field]) -> Event:
    return ExecutionReport(
        raw=text,
        order_id=values[37],
        exec_id=values[17],
        exec_type=values[150],
        ord_status=values[39],
        cl_ord_id=values.get(11),
        orig_cl_ord_id=values.get(41),
        symbol=values[55],
        side=values[54],
        ord_type=values.get(40),
        time_in_force=values.get(59),
        order_qty=_decimal(values, 38),
        price=_decimal(values, 44),
        last_qty=_decimal(values, 32),
        last_px=_decimal(values, 31),
        leaves_qty=Decimal(values[151]),
        cum_qty=Decimal(values[14]),
        avg_px=Decimal(values.get(6, "0")),
        ord_rej_reason=values.get(103),
        exec_restatement_reason=values.get(378),
        last_liquidity_ind=values.get(851),
        trade_id=values.get(880, values.get(527)),
        transact_time=values.get(60),
        text=values.get(58),
    )


def _order_cancel_reject(text: str, values: Values, _: list[Field]) -> Event:
    return OrderCancelReject(
        raw=text,
        cl_ord_id=values[11],
        orig_cl_ord_id=values.get(41),
        order_id=values[37],
        ord_status=values[39],
        cxl_rej_response_to=values.get(434),
        cxl_rej_reason=values.get(102),
        text=values.get(58),
    )


def _business_reject(text: str, values: Values, _: list[Field]) -> Event:
    return BusinessReject(
        raw=text,
        ref_seq_num=_int(values, 45),
        ref_msg_type=values[372],
        business_reject_ref_id=values.get(379),
        business_reject_reason=values[380],
        text=values.get(58),
    )


def _session_reject(text: str, values: Values, _: list[Field]) -> Event:
    return SessionReject(
        raw=text,
        ref_seq_num=int(values[45]),
        ref_tag_id=_int(values, 371),
        ref_msg_type=values.get(372),
        session_reject_reason=values.get(373),
        text=values.get(58),
    )


def _logout(text: str, values: Values, _: list[Field]) -> Event:
    return LoggedOut(raw=text, text=values.get(58))


def _entries(fields: list[Field], symbol: str | None) -> tuple[MDEntry, ...]:
    entries = []
    for values in split_group(fields, 268):
        symbol = values.get(55, symbol)  # an increment may leave out a symbol that stays the same
        if symbol is None:
            raise KeyError(55)
        entries.append(
            MDEntry(
                md_entry_type=values.get(269),
                md_update_action=values.get(279),
                symbol=symbol,
                md_entry_px=_decimal(values, 270),
                md_entry_size=_decimal(values, 271),
                md_entry_id=values.get(278),
                md_entry_time=values.get(273),
                order_id=values.get(37),
                number_of_orders=_int(values, 346),
            )
        )
    return tuple(entries)


def _snapshot(text: str, values: Values, fields: list[Field]) -> Event:
    symbol = values[55]
    return MarketDataSnapshot(
        raw=text, md_req_id=values.get(262), symbol=symbol, entries=_entries(fields, symbol)
    )


def _increment(text: str, values: Values, fields: list[Field]) -> Event:
    return MarketDataIncrement(raw=text, md_req_id=values.get(262), entries=_entries(fields, None))


def _market_data_reject(text: str, values: Values, _: list[Field]) -> Event:
    return MarketDataReject(
        raw=text,
        md_req_id=values[262],
        md_req_rej_reason=values.get(281),
        text=values.get(58),
    )


_PARSERS: dict[str, Callable[[str, Values, list[Field]], Event]] = {
    "3": _session_reject,
    "5": _logout,
    "8": _execution_report,
    "9": _order_cancel_reject,
    "W": _snapshot,
    "X": _increment,
    "Y": _market_data_reject,
    "j": _business_reject,
}
