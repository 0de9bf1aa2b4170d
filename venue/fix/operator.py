"""OperatorRequest (U1) and OperatorReport (U2): messages of our own, the same in every version."""

from enum import StrEnum

from msgspec import Struct

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


class OperatorRequest(Struct, frozen=True):
    """What an operator asks for. Everything is as it was sent; `terms` are those that were."""

    req_id: str
    action: str
    symbol: str
    auction_seconds: str
    terms: dict[str, str]


class OperatorReport(Struct, frozen=True):
    """The answer: `text` tells what was done, or why nothing was."""

    request: OperatorRequest
    accepted: bool
    text: str

    def encode(self, version: Version, time: str) -> str:
        return format_message(
            version.begin_string,
            "U2",
            ("9201", self.request.req_id),
            ("9202", self.request.action[:MAX_ID]),
            ("9203", "0" if self.accepted else "1"),
            ("55", self.request.symbol[:MAX_ID] or None),
            ("60", time),
            ("58", self.text),
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
    given = {name: fields[tag] for name, (tag, _) in TERMS.items() if tag in fields}
    return OperatorRequest(
        fields["9201"], fields["9202"], fields.get("55", ""), fields.get("9204", ""), given
    )
