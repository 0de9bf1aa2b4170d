"""Message text to typed event. Pure; refuses only what lacks a field its event needs."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from venue.client.back_office import (
    position_ack,
    position_report,
    trade_report,
    trade_request_ack,
)
from venue.client.codes import SIDES, ExecType
from venue.client.errors import UnreadableMessage
from venue.client.events import (
    BusinessReject,
    Event,
    ExecutionReport,
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
)
from venue.client.listings import firms, limits, sessions
from venue.client.reference import security_list, security_status, trading_session_status
from venue.client.values import Values, bool_of, decimal_of, int_of
from venue.client.wire import Field, first_values, readable, split_fields, split_group

_PARTIAL_FILL_AND_FILL = ("1", "2")
_EXEC_TYPE = {"1": ExecType.TRADE_CANCEL, "2": ExecType.TRADE_CORRECT, "3": ExecType.ORDER_STATUS}
"""By ExecTransType(20) of FIX.4.2."""
_AGGRESSOR = "aggressor "
"""What is before the aggressor's side in Text(58) of versions that have no field for it."""
_TRADE_ID = "trade "
"""How Text(58) begins in FIX.4.2, which has no field for a trade id."""
_TRIGGERED: Mapping[str, tuple[str, str | None]] = {"FIX.4.2": ("4", None), "FIX.4.4": ("8", "Y")}
"""How versions without 150=L say it in a restatement: 378 and 636."""


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


def _exec_type(values: Values) -> str:
    """Return the ExecType(150) that FIX 5.0SP2 would have given."""
    exec_type = values[150]
    if values.get(20) in _EXEC_TYPE:
        return _EXEC_TYPE[values[20]]
    if exec_type in _PARTIAL_FILL_AND_FILL:
        return ExecType.TRADE
    if exec_type == ExecType.RESTATED:
        said = values.get(378), values.get(636)
        return ExecType.TRIGGERED if said == _TRIGGERED.get(values[8]) else exec_type
    return exec_type


def _execution_report(text: str, values: Values, _: list[Field]) -> Event:
    trade_id, why = values.get(880, values.get(527)), values.get(58)
    if values[8] == "FIX.4.2" and why is not None and why.startswith(_TRADE_ID):
        trade_id, _space, more = why.removeprefix(_TRADE_ID).partition(" ")
        why = why if more else None
    return ExecutionReport(
        raw=text,
        order_id=values[37],
        exec_id=values[17],
        exec_ref_id=values.get(19),
        exec_type=_exec_type(values),
        ord_status=values[39],
        cl_ord_id=values.get(11),
        orig_cl_ord_id=values.get(41),
        symbol=values.get(55, ""),  # absent where a mass status finds no order
        side=values[54],
        ord_type=values.get(40),
        time_in_force=values.get(59),
        order_qty=decimal_of(values, 38),
        price=decimal_of(values, 44),
        stop_px=decimal_of(values, 99 if 99 in values else 1102),
        expire=values.get(432, values.get(126)),
        display_qty=decimal_of(values, 1138 if 1138 in values else 111),
        working=bool_of(values, 636),
        last_qty=decimal_of(values, 32),
        last_px=decimal_of(values, 31),
        leaves_qty=Decimal(values[151]),
        cum_qty=Decimal(values[14]),
        avg_px=Decimal(values.get(6, "0")),
        ord_rej_reason=values.get(103),
        exec_restatement_reason=values.get(378),
        last_liquidity_ind=values.get(851),
        commission=decimal_of(values, 12),
        comm_currency=values.get(479),
        trade_id=trade_id,
        transact_time=values.get(60),
        ord_status_req_id=values.get(790),
        mass_status_req_id=values.get(584),
        tot_num_reports=int_of(values, 911),
        last_rpt_requested=values.get(912) == "Y",
        text=why,
        copy_of=values.get(115),
        copy_firm=values.get(116),
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


def _mass_cancel_report(text: str, values: Values, _: list[Field]) -> Event:
    return MassCancelReport(
        raw=text,
        cl_ord_id=values.get(11),
        order_id=values[37],
        mass_cancel_request_type=values[530],
        mass_cancel_response=values[531],
        mass_cancel_reject_reason=values.get(532),
        total_affected_orders=int_of(values, 533),
        symbol=values.get(55),
        side=values.get(54),
        text=values.get(58),
    )


def _business_reject(text: str, values: Values, _: list[Field]) -> Event:
    return BusinessReject(
        raw=text,
        ref_seq_num=int_of(values, 45),
        ref_msg_type=values[372],
        business_reject_ref_id=values.get(379),
        business_reject_reason=values[380],
        text=values.get(58),
    )


def _session_reject(text: str, values: Values, _: list[Field]) -> Event:
    return SessionReject(
        raw=text,
        ref_seq_num=int(values[45]),
        ref_tag_id=int_of(values, 371),
        ref_msg_type=values.get(372),
        session_reject_reason=values.get(373),
        text=values.get(58),
    )


def _logout(text: str, values: Values, _: list[Field]) -> Event:
    return LoggedOut(raw=text, text=values.get(58))


def _aggressor_side(values: Values) -> str | None:
    said = values.get(58, "").partition(_AGGRESSOR)[2].partition(",")[0]
    return values.get(2446, SIDES.get(said))


def _entries(
    fields: list[Field], symbol: str | None, first_rpt_seq: int | None
) -> tuple[MDEntry, ...]:
    entries = []
    for at, values in enumerate(split_group(fields, 268)):
        symbol = values.get(55, symbol)  # an increment may leave out a symbol that stays the same
        if symbol is None:
            raise KeyError(55)
        entries.append(
            MDEntry(
                md_entry_type=values.get(269),
                md_update_action=values.get(279),
                symbol=symbol,
                md_entry_px=decimal_of(values, 270),
                md_entry_size=decimal_of(values, 271),
                md_entry_id=values.get(278),
                md_entry_time=values.get(273),
                order_id=values.get(37),
                number_of_orders=int_of(values, 346),
                trade_condition=values.get(277),
                aggressor_side=_aggressor_side(values),
                rpt_seq=int_of(values, 83) if first_rpt_seq is None else first_rpt_seq + at,
            )
        )
    return tuple(entries)


def _snapshot(text: str, values: Values, fields: list[Field]) -> Event:
    symbol = values[55]
    return MarketDataSnapshot(
        raw=text,
        md_req_id=values.get(262),
        symbol=symbol,
        rpt_seq=int_of(values, 9083 if 9083 in values else 83),
        entries=_entries(fields, symbol, None),
    )


def _increment(text: str, values: Values, fields: list[Field]) -> Event:
    entries = _entries(fields, None, int_of(values, 9082))
    return MarketDataIncrement(raw=text, md_req_id=values.get(262), entries=entries)


def _market_data_reject(text: str, values: Values, _: list[Field]) -> Event:
    return MarketDataReject(
        raw=text,
        md_req_id=values[262],
        md_req_rej_reason=values.get(281),
        text=values.get(58),
    )


def _operator_report(text: str, values: Values, _: list[Field]) -> Event:
    return OperatorReport(
        raw=text,
        operator_req_id=values[9201],
        action=values[9202],
        accepted=values[9203] == "0",
        symbol=values.get(55),
        text=values[58],
        sessions=sessions(values),
        firms=firms(values),
        limits=limits(values),
    )


def _news(text: str, values: Values, _: list[Field]) -> Event:
    return News(raw=text, headline=values[148], text=values.get(58))


_PARSERS: dict[str, Callable[[str, Values, list[Field]], Event]] = {
    "3": _session_reject,
    "5": _logout,
    "8": _execution_report,
    "9": _order_cancel_reject,
    "AE": trade_report,
    "AO": position_ack,
    "AP": position_report,
    "AQ": trade_request_ack,
    "B": _news,
    "U2": _operator_report,
    "W": _snapshot,
    "X": _increment,
    "Y": _market_data_reject,
    "f": security_status,
    "h": trading_session_status,
    "j": _business_reject,
    "r": _mass_cancel_report,
    "y": security_list,
}
