"""FIX text to what the venue is asked: a command of the core, a market data request, or a refusal.

Whatever the text holds, the answer is a value: nothing here raises for a client's mistake.
"""

import re
from collections.abc import Callable

from venue.core import commands as c
from venue.core.instrument import Instrument
from venue.core.types import CxlRejReason, CxlRejResponseTo, OrdRejReason, OrdType
from venue.fix.market_data import parse_market_data_request
from venue.fix.message import Fields, parse_fields, parse_pairs
from venue.fix.order_fields import (
    MAX_ID,
    ORD_TYPES,
    SIDES,
    TIMES_IN_FORCE,
    fault,
)
from venue.fix.outbound import Instruments
from venue.fix.party import Party
from venue.fix.refusal import (
    BusinessReject,
    BusinessRejectReason,
    Refusal,
    SessionReject,
    SessionRejectReason,
)
from venue.marketdata.requests import Subscribe, Unsubscribe

OrderRequest = c.Journaled | c.RequestStatus
Request = OrderRequest | Subscribe | Unsubscribe | Refusal

CXL_REJ_REASON = {OrdRejReason.INVALID_PRICE_INCREMENT: CxlRejReason.INVALID_PRICE_INCREMENT}
ID_FIELDS = {
    "1": "Account",
    "11": "ClOrdID",
    "37": "OrderID",
    "41": "OrigClOrdID",
    "790": "OrdStatusReqID",
}
"""Fields that are kept or echoed, and therefore bounded."""
LIMIT = OrdType.LIMIT
NO_ORDER_ID = "NONE"
"""What OrigClOrdID(41) says where OrderID(37) alone names the order."""


def _plain(msg_type: str, body: str) -> Callable[[str], re.Match[str] | None]:
    """Match a message of `msg_type` in QuickFIX's field order; in `body`, | stands for SOH."""
    head = "8=[^|]++[|]9=[0-9]++[|]35=%s[|]34=[0-9]++[|]49=[^|]++[|]52=[^|]++[|]56=[^|]++[|]"
    pattern = head % msg_type + body + "60=[^|]++[|]10=[0-9]++[|]"
    return re.compile(pattern.replace("|", "\x01")).fullmatch


# The commonest messages are taken apart in one step; any other takes the long way.
_PLAIN_LIMIT_ORDER = _plain(
    "D",
    "(?:1=([^|]{1,64}+)[|])?11=([^|]{1,64}+)[|](?:21=[^|][|])?38=([^|]++)[|]40=2[|]44=([^|]++)[|]"
    "54=([^|])[|]55=([^|]++)[|](?:59=([^|])[|])?",
)
_PLAIN_CANCEL = _plain(
    "F",
    "11=([^|]{1,64}+)[|](?:38=[^|]++[|])?41=([^|]{1,64}+)[|]54=([^|])[|]55=([^|]{1,64}+)[|]",
)


def parse(text: str, party: Party, instruments: Instruments) -> Request | None:
    """What `party` asks for with the application message `text`; None where no answer is due."""
    if not text.isascii():
        return _not_ascii(text)
    if party.order_entry:
        plain = _parse_plain(text, party, instruments)
        if plain is not None:
            return plain
    fields = parse_fields(text)
    msg_type = fields["35"]
    if msg_type == "V":
        return parse_market_data_request(text, party.market_data, instruments)
    parser = PARSERS.get(msg_type)
    if parser is None:
        if msg_type == "j":
            return None
        return _business_reject(
            fields, BusinessRejectReason.UNSUPPORTED_MESSAGE_TYPE, "Unsupported Message Type"
        )
    if not party.order_entry:
        text = "this session does not have the role order_entry"
        return _business_reject(fields, BusinessRejectReason.NOT_AUTHORIZED, text)
    if not fields.get("11"):
        missing = BusinessRejectReason.CONDITIONALLY_REQUIRED_FIELD_MISSING
        return _business_reject(fields, missing, "ClOrdID(11) is required")
    for tag, name in ID_FIELDS.items():
        if len(fields.get(tag, "")) > MAX_ID:
            text = f"{name}({tag}) has {len(fields[tag])} characters, at most {MAX_ID} are allowed"
            reason = SessionRejectReason.VALUE_IS_INCORRECT
            return SessionReject(fields["34"], msg_type, tag, reason, text)
    return parser(fields, party, instruments)


def _parse_plain(
    text: str, party: Party, instruments: Instruments
) -> c.NewOrder | c.CancelOrder | None:
    order = _PLAIN_LIMIT_ORDER(text)
    if order is not None:
        account, cl_ord_id, qty, price, side, symbol, time_in_force = order.groups()
        try:
            instrument = instruments[symbol]
            ticks, lots = instrument.price.steps(price), instrument.qty.steps(qty)
            if ticks > 0 and lots > 0:
                return c.NewOrder(
                    party.session,
                    party.firm,
                    cl_ord_id,
                    symbol,
                    SIDES[side],
                    LIMIT,
                    TIMES_IN_FORCE[time_in_force or "0"],
                    ticks,
                    lots,
                    account or "",
                )
        except (KeyError, ValueError):
            return None
    cancel = _PLAIN_CANCEL(text)
    if cancel is not None:
        cl_ord_id, orig_cl_ord_id, side, symbol = cancel.groups()
        return c.CancelOrder(party.session, party.firm, cl_ord_id, orig_cl_ord_id, "", symbol, side)
    return None


def _price(instrument: Instrument, ord_type: str, text: str | None) -> int | None:
    """Price(44) in ticks, None for a market order; `ValueError` where the two do not fit."""
    if ord_type == OrdType.MARKET:
        if text is not None:
            raise ValueError("a market order has no price")
        return None
    return _positive(instrument.price.steps(text or ""))


def _qty(instrument: Instrument, text: str) -> int:
    return _positive(instrument.qty.steps(text))


def _positive(steps: int) -> int:
    if steps <= 0:
        raise ValueError("not greater than 0")
    return steps


def _new_order(fields: Fields, party: Party, instruments: Instruments) -> OrderRequest:
    instrument = instruments.get(fields.get("55", ""))
    wrong = fault(fields, instrument)
    if wrong is not None or instrument is None:
        assert wrong is not None
        return _refused_order(fields, party, *wrong)
    return c.NewOrder(
        party.session,
        party.firm,
        fields["11"],
        instrument.symbol,
        SIDES[fields["54"]],
        ORD_TYPES[fields["40"]],
        TIMES_IN_FORCE[fields.get("59", "0")],
        _price(instrument, fields["40"], fields.get("44")),
        _qty(instrument, fields["38"]),
        fields.get("1", ""),
        fields.get("97") == "Y",
    )


def _refused_order(fields: Fields, party: Party, reason: OrdRejReason, text: str) -> c.RefuseOrder:
    def echo(tag: str) -> str:
        value = fields.get(tag, "")
        return value if len(value) <= MAX_ID else ""

    return c.RefuseOrder(
        party.session,
        party.firm,
        fields["11"],
        reason,
        text,
        echo("55"),
        echo("54"),
        echo("40"),
        fields.get("59", "0"),
        echo("44"),
        echo("38"),
        echo("1"),
        fields.get("97") == "Y",
    )


def _cancel_order(fields: Fields, party: Party, instruments: Instruments) -> c.CancelOrder:
    return c.CancelOrder(
        party.session,
        party.firm,
        fields["11"],
        _orig_cl_ord_id(fields),
        fields.get("37", ""),
        fields.get("55", "")[:MAX_ID],
        fields.get("54", ""),
        fields.get("97") == "Y",
    )


def _replace_order(fields: Fields, party: Party, instruments: Instruments) -> OrderRequest:
    instrument = instruments.get(fields.get("55", ""))
    wrong = fault(fields, instrument)
    if wrong is not None or instrument is None:
        assert wrong is not None
        reason, text = wrong
        return c.RefuseCancel(
            party.session,
            party.firm,
            fields["11"],
            _orig_cl_ord_id(fields),
            fields.get("37", ""),
            CxlRejResponseTo.REPLACE,
            CXL_REJ_REASON.get(reason, CxlRejReason.OTHER),
            text,
            fields.get("97") == "Y",
        )
    return c.ReplaceOrder(
        party.session,
        party.firm,
        fields["11"],
        _orig_cl_ord_id(fields),
        fields.get("37", ""),
        instrument.symbol,
        fields["54"],
        fields["40"],
        fields.get("59"),
        _price(instrument, fields["40"], fields.get("44")),
        _qty(instrument, fields["38"]),
        fields.get("97") == "Y",
    )


def _orig_cl_ord_id(fields: Fields) -> str:
    orig_cl_ord_id = fields.get("41", "")
    return "" if "37" in fields and orig_cl_ord_id == NO_ORDER_ID else orig_cl_ord_id


def _request_status(fields: Fields, party: Party, instruments: Instruments) -> c.RequestStatus:
    return c.RequestStatus(
        party.session,
        party.firm,
        fields["11"],
        fields.get("37", ""),
        fields.get("55", "")[:MAX_ID],
        fields.get("54", ""),
        fields.get("790", ""),
    )


PARSERS: dict[str, Callable[[Fields, Party, Instruments], OrderRequest]] = {
    "D": _new_order,
    "F": _cancel_order,
    "G": _replace_order,
    "H": _request_status,
}
REF_ID_TAG = {"V": "262"}
"""Where a message type keeps the id that BusinessRejectRefID(379) repeats, if not in
ClOrdID(11).
"""


def _business_reject(fields: Fields, reason: BusinessRejectReason, text: str) -> BusinessReject:
    msg_type = fields["35"]
    ref_id = fields.get(REF_ID_TAG.get(msg_type, "11"))
    return BusinessReject(fields["34"], msg_type, reason, text, ref_id and ref_id[:MAX_ID])


def _not_ascii(text: str) -> SessionReject:
    pairs = parse_pairs(text)
    tag = next((tag for tag, value in pairs if not value.isascii()), "58")
    fields = parse_fields(text)
    reason = SessionRejectReason.INCORRECT_DATA_FORMAT
    return SessionReject(fields["34"], fields["35"], tag, reason, f"tag {tag} is not ASCII")
