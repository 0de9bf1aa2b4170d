"""OperatorRequest (U1) and OperatorReport (U2): messages of our own, the same in every version."""

from enum import StrEnum

from msgspec import Struct

from venue.fix.listings import Row, columns
from venue.fix.message import Fields, format_message
from venue.fix.order_fault import MAX_ID
from venue.fix.party import Party
from venue.fix.refusal import (
    BusinessReject,
    BusinessRejectReason,
    SessionReject,
    SessionRejectReason,
    business_reject,
)
from venue.fix.versions import Version


class OperatorAction(StrEnum):
    """OperatorAction(9202)."""

    DEFINE = "define"
    DELIST = "delist"
    HALT = "halt"
    RESUME = "resume"
    PHASE = "phase"
    CANCEL = "cancel"
    CANCEL_FIRM = "cancel_firm"
    BUST = "bust"
    CORRECT = "correct"
    LIMIT = "limit"
    UNLIMIT = "unlimit"
    KILL = "kill"
    RELEASE = "release"
    LIMITS = "limits"
    FIRMS = "firms"
    SESSION = "session"
    SESSIONS = "sessions"
    DISCONNECT = "disconnect"
    DISABLE = "disable"
    ENABLE = "enable"
    UNLOCK = "unlock"
    NEWS = "news"
    SNAPSHOT = "snapshot"
    END_DAY = "end_day"


TERMS = {
    "tick": ("969", "MinPriceIncrement"),
    "lot": ("561", "RoundLot"),
    "reference_price": ("1150", "TradingReferencePrice"),
    "min_qty": ("562", "MinTradeVol"),
    "max_qty": ("1140", "MaxTradeVol"),
    "collar_percent": ("9205", "CollarPercent"),
    "currency": ("15", "Currency"),
    "market": ("9206", "InstrumentMarket"),
    "security_type": ("167", "SecurityType"),
    "dynamic_collar_percent": ("9207", "DynamicCollarPercent"),
    "static_collar_percent": ("9208", "StaticCollarPercent"),
    "interruption_seconds": ("9209", "InterruptionSeconds"),
    "interruption_random_seconds": ("9210", "InterruptionRandomSeconds"),
}
"""The terms of an instrument, as the configuration calls them: tag and name of each."""
LIMITS = {
    "max_order_qty": ("9220", "MaxOrderQty"),
    "max_order_notional": ("9221", "MaxOrderNotional"),
    "max_open_orders": ("9222", "MaxOpenOrders"),
    "max_open_notional": ("9223", "MaxOpenNotional"),
    "max_long_position": ("9224", "MaxLongPosition"),
    "max_short_position": ("9225", "MaxShortPosition"),
    "max_daily_loss": ("9226", "MaxDailyLoss"),
    "price_collar_percent": ("9227", "PriceCollarPercent"),
    "max_messages": ("9228", "MaxMessages"),
    "message_seconds": ("9229", "MessageSeconds"),
    "duplicate_milliseconds": ("9230", "DuplicateMilliseconds"),
    "restricted_symbols": ("9231", "RestrictedSymbols"),
    "allow_short": ("9232", "AllowShort"),
}
"""The limits of a scope, likewise."""
FIELDS = {
    "symbol": ("55", "Symbol"),
    "auction_seconds": ("9204", "AuctionSeconds"),
    "phase": ("9211", "OperatorPhase"),
    "firm": ("9212", "OperatorFirm"),
    "account": ("1", "Account"),
    "session": ("9213", "OperatorSession"),
    "order_id": ("37", "OrderID"),
    "trade_id": ("1003", "TradeID"),
    "qty": ("32", "LastQty"),
    "price": ("31", "LastPx"),
    "headline": ("148", "Headline"),
    "text": ("58", "Text"),
    **TERMS,
    **LIMITS,
}
"""Whatever an action may be about."""


class OperatorRequest(Struct, frozen=True):
    """What a session, the `operator`, asks for: `given` are those of `FIELDS` that were, as they
    were sent.
    """

    operator: str
    req_id: str
    action: str
    given: dict[str, str]


class OperatorReport(Struct, frozen=True):
    """The answer: `text` tells what was done, or why nothing was; `rows` are what was asked for."""

    request: OperatorRequest
    accepted: bool
    text: str
    rows: tuple[Row, ...] = ()

    def encode(self, version: Version, time: str) -> str:
        return format_message(
            version.begin_string,
            "U2",
            ("9201", self.request.req_id),
            ("9202", self.request.action[:MAX_ID]),
            ("9203", "0" if self.accepted else "1"),
            ("55", self.request.given.get("symbol", "")[:MAX_ID] or None),
            ("60", time),
            ("58", self.text),
            *columns(self.rows),
        )


def parse_operator_request(
    fields: Fields, party: Party
) -> OperatorRequest | BusinessReject | SessionReject:
    """What an OperatorRequest (U1) says; whether it can be is not decided here."""
    if not party.operator:
        text = "this session does not have the role operator"
        return business_reject(fields, BusinessRejectReason.NOT_AUTHORIZED, text)
    for tag, name in (("9201", "OperatorReqID"), ("9202", "OperatorAction")):
        value = fields.get(tag)
        if not value:
            missing = BusinessRejectReason.CONDITIONALLY_REQUIRED_FIELD_MISSING
            return business_reject(fields, missing, f"{name}({tag}) is required")
        if len(value) > MAX_ID:
            text = f"{name}({tag}) has {len(value)} characters, at most {MAX_ID} are allowed"
            reason = SessionRejectReason.VALUE_IS_INCORRECT
            return SessionReject(fields["34"], "U1", tag, reason, text)
    given = {name: fields[tag] for name, (tag, _) in FIELDS.items() if tag in fields}
    return OperatorRequest(party.session, fields["9201"], fields["9202"], given)
