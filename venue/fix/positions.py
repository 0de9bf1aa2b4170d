"""Positions to RequestForPositionsAck (AO) and PositionReport (AP)."""

from enum import StrEnum

from msgspec import Struct

from venue.core.fees import FEE_DIGITS
from venue.core.grid import format_units
from venue.core.instrument import Instrument
from venue.fix.message import format_message
from venue.fix.parties import EXECUTING_FIRM, NO_ACCOUNT, party_fields
from venue.fix.versions import Version
from venue.marketdata.inquiries import SubscriptionRequestType

POSITIONS = "0"
"""PosReqType(724)."""
THEORETICAL = "2"
"""SettlPriceType(731): nothing is settled at it."""
CUSTOMER = "1"
"""AccountType(581)."""


class PosReqResult(StrEnum):
    """PosReqResult(728)."""

    VALID = "0"
    INVALID = "1"
    NO_POSITIONS_FOUND = "2"
    NOT_AUTHORIZED = "3"
    NOT_SUPPORTED = "4"
    OTHER = "99"


class PositionRequest(Struct, frozen=True):
    """Whose positions are asked for: of `firm`, of `account` and in `symbol`, of any where they are
    empty, or for `account` None. `date` is the trading day that is meant, empty for this one.
    """

    req_id: str
    ref_seq_num: str
    request_type: SubscriptionRequestType
    firm: str = ""
    account: str | None = None
    symbol: str = ""
    date: str = ""

    def wants(self, firm: str, account: str, symbol: str) -> bool:
        """Whether a position is one of those asked for."""
        return (
            self.firm in ("", firm)
            and self.account in (None, account)
            and self.symbol in ("", symbol)
        )


class PositionReject(Struct, frozen=True):
    """A RequestForPositionsAck (AO) that refuses. `firm` is who asked."""

    req_id: str
    ref_seq_num: str
    result: PosReqResult
    firm: str
    text: str

    def encode(self, version: Version) -> str:
        request = PositionRequest(self.req_id, self.ref_seq_num, SubscriptionRequestType.SNAPSHOT)
        ids = self.ref_seq_num, self.firm
        return encode_position_ack(request, ids, self.result, 0, version, self.text)


class PositionState(Struct, frozen=True):
    """A position as it is told: lots of `instrument`, money in tick-lots, prices in ticks.

    `day_` is as the trading day of `date` began; `fees` are paid less rebated, by currency.
    """

    firm: str
    account: str
    instrument: Instrument
    date: str
    qty: int
    cost: int
    cash: int
    realised: int
    unrealised: int
    day_qty: int
    day_unrealised: int
    day_pnl: int
    price: int
    day_price: int
    fees: dict[str, int]


def encode_position_ack(
    request: PositionRequest,
    ids: tuple[str, str],
    result: PosReqResult,
    count: int,
    version: Version,
    text: str | None = None,
) -> str:
    """RequestForPositionsAck (AO): `count` positions follow, or why none do. `ids` are
    PosMaintRptID(721) and the firm of who asked.
    """
    is_refused = result not in (PosReqResult.VALID, PosReqResult.NO_POSITIONS_FOUND)
    report_id, firm = ids
    return format_message(
        version.begin_string,
        "AO",
        ("721", report_id),
        ("710", request.req_id),
        ("727", count),
        ("325", "N"),
        ("728", result),
        ("729", "2" if is_refused else "0"),
        *party_fields((request.firm or firm, EXECUTING_FIRM)),
        *_account(request.account, version),
        ("55", request.symbol or None),
        ("58", text),
    )


def encode_position(
    position: PositionState,
    request: PositionRequest,
    report_id: str,
    count: int | None,
    version: Version,
) -> str:
    """PositionReport (AP); `count` of the answer it is part of, None of a change of later."""
    instrument = position.instrument
    symbol, currency = instrument.symbol, instrument.spec.currency
    fees = position.fees
    amounts = [
        ("CASH", instrument.money(position.cash), currency),
        ("TVAR", instrument.money(position.realised), currency),
        ("FMTM", instrument.money(position.unrealised), currency),
        ("SMTM", instrument.money(position.day_unrealised), currency),
        ("IMTM", instrument.money(position.day_pnl), currency),
    ]
    amounts += [
        ("CRES", format_units(-paid, FEE_DIGITS), paid_in)
        for paid_in, paid in sorted(fees.items())
        if paid_in == currency or version.position_currency
    ]
    fields: list[tuple[str, object]] = [("753", len(amounts))]
    for kind, amount, paid_in in amounts:
        fields += [("707", kind), ("708", amount)]
        if version.position_currency:
            fields.append(("1055", paid_in))
    return format_message(
        version.begin_string,
        "AP",
        ("721", report_id),
        ("710", request.req_id),
        ("724", POSITIONS),
        ("263", request.request_type),
        ("727", count),
        ("325", "N" if count is not None else "Y"),
        ("728", PosReqResult.VALID),
        ("715", position.date),
        *party_fields((position.firm, EXECUTING_FIRM)),
        *_account(position.account, version),
        ("55", symbol),
        ("15", currency),
        ("730", instrument.price.text(position.price)),
        ("731", THEORETICAL),
        ("734", instrument.price.text(position.day_price)),
        ("702", 2),
        *_quantity(version.net_position, position.qty, instrument),
        *_quantity("SOD", position.day_qty, instrument),
        *fields,
        ("58", _words(position)),
    )


def _account(account: str | None, version: Version) -> list[tuple[str, object]]:
    if not version.account_required:
        return [("1", account or None)]
    return [("1", account or NO_ACCOUNT), ("581", CUSTOMER)]


def _quantity(kind: str, qty: int, instrument: Instrument) -> list[tuple[str, object]]:
    text = instrument.qty.text
    return [("703", kind), ("704", text(max(qty, 0))), ("705", text(max(-qty, 0)))]


def _words(position: PositionState) -> str:
    """Text(58): what has no field, as `name=value` words."""
    words = {}
    if position.qty:
        cost, qty = position.cost, position.qty
        sign = 1 if qty > 0 else -1
        words["average_price"] = position.instrument.avg_px(sign * cost, sign * qty)
    for currency, paid in sorted(position.fees.items()):
        words[f"fees_{currency}"] = format_units(paid, FEE_DIGITS)
    return " ".join(f"{name}={value}" for name, value in words.items()) or "flat"
