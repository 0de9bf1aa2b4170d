"""Answers that need nothing of the venue's state: the request was no request."""

from enum import StrEnum

from msgspec import Struct

from venue.fix.message import Fields, format_message
from venue.fix.order_fault import MAX_ID
from venue.fix.positions import PositionReject
from venue.fix.reference import SecurityDefinitionReject, SecurityListReject
from venue.fix.trade_capture import TradeReject
from venue.fix.versions import Version
from venue.marketdata.requests import MDReqRejReason


class BusinessRejectReason(StrEnum):
    """BusinessRejectReason(380)."""

    OTHER = "0"
    UNKNOWN_ID = "1"
    UNSUPPORTED_MESSAGE_TYPE = "3"
    APPLICATION_NOT_AVAILABLE = "4"
    CONDITIONALLY_REQUIRED_FIELD_MISSING = "5"
    NOT_AUTHORIZED = "6"
    THROTTLE_LIMIT_EXCEEDED = "8"
    THROTTLE_LIMIT_EXCEEDED_SESSION_DISCONNECTED = "9"


class SessionRejectReason(StrEnum):
    """SessionRejectReason(373)."""

    VALUE_IS_INCORRECT = "5"
    INCORRECT_DATA_FORMAT = "6"
    INVALID_APPLICATION_VERSION = "18"


class BusinessReject(Struct, frozen=True):
    """BusinessMessageReject (j)."""

    ref_seq_num: str
    ref_msg_type: str
    reason: BusinessRejectReason
    text: str
    ref_id: str | None = None

    def encode(self, version: Version) -> str:
        return format_message(
            version.begin_string,
            "j",
            ("45", self.ref_seq_num),
            ("372", self.ref_msg_type),
            ("379", self.ref_id),
            ("380", version.business_reject_reasons.get(self.reason, self.reason)),
            ("58", self.text),
        )


class SessionReject(Struct, frozen=True):
    """Reject (3)."""

    ref_seq_num: str
    ref_msg_type: str
    ref_tag_id: str
    reason: SessionRejectReason
    text: str

    def encode(self, version: Version) -> str:
        return format_message(
            version.begin_string,
            "3",
            ("45", self.ref_seq_num),
            ("371", self.ref_tag_id),
            ("372", self.ref_msg_type),
            ("373", self.reason),
            ("58", self.text),
        )


class MarketDataReject(Struct, frozen=True):
    """MarketDataRequestReject (Y)."""

    md_req_id: str
    reason: MDReqRejReason
    text: str

    def encode(self, version: Version) -> str:
        return format_message(
            version.begin_string,
            "Y",
            ("262", self.md_req_id),
            ("281", self.reason),
            ("58", self.text),
        )


Refusal = (
    BusinessReject
    | SessionReject
    | MarketDataReject
    | SecurityListReject
    | SecurityDefinitionReject
    | PositionReject
    | TradeReject
)
REF_ID_TAG = {
    "V": "262",
    "AF": "584",
    "x": "320",
    "c": "320",
    "e": "324",
    "g": "335",
    "AN": "710",
    "AD": "568",
    "U1": "9201",
}
"""Where a message type keeps the id that BusinessRejectRefID(379) repeats, if not in
ClOrdID(11).
"""


def business_reject(fields: Fields, reason: BusinessRejectReason, text: str) -> BusinessReject:
    """The refusal of the message that has `fields`."""
    msg_type = fields["35"]
    ref_id = fields.get(REF_ID_TAG.get(msg_type, "11"))
    return BusinessReject(fields["34"], msg_type, reason, text, ref_id and ref_id[:MAX_ID])
