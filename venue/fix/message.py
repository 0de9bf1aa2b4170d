"""FIX text to fields and back.

Text is what QuickFIX's `Message.toString()` gives: framed, checked, header first.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache

SOH = "\x01"

_FIELDS = re.compile("([0-9]+)=([^\x01]*)\x01").findall
_DATA_AFTER = {
    "90": "91",
    "93": "89",
    "95": "96",
    "212": "213",
    "348": "349",
    "350": "351",
    "352": "353",
    "354": "355",
    "356": "357",
    "358": "359",
    "360": "361",
    "362": "363",
    "364": "365",
    "445": "446",
    "618": "619",
    "621": "622",
}
"""The tag of each data field of FIX 4.4, by the tag of its length, which comes right before it."""

Fields = dict[str, str]
Pairs = list[tuple[str, str]]


def parse_fields(text: str) -> Fields:
    """The fields of a message by tag; where a tag occurs twice, the first."""
    found = _FIELDS(text)
    found.reverse()
    fields = dict(found)
    if _DATA_AFTER.keys().isdisjoint(fields):
        return fields
    return dict(reversed(parse_pairs(text)))


def parse_pairs(text: str) -> Pairs:
    """Every (tag, value) of a message in order, repeating groups included.

    What a data field holds is its value alone, whatever it looks like; its length comes before it.
    """
    pairs = []
    at = 0
    data_tag, data_length = "", 0
    while (equals := text.find("=", at)) >= 0:
        tag = text[at:equals].rpartition(SOH)[2]
        end = text.find(SOH, equals)
        if tag == data_tag:
            end = text.find(SOH, equals + 1 + data_length)
        end = len(text) if end < 0 else end
        value = text[equals + 1 : end]
        pairs.append((tag, value))
        data_tag = _DATA_AFTER.get(tag, "")
        data_length = int(value) if data_tag and value.isdecimal() and len(value) < 10 else 0
        at = end + 1
    return pairs


def format_message(begin_string: str, msg_type: str, *fields: tuple[str, object]) -> str:
    """A message whose BodyLength(9) and CheckSum(10) are left to QuickFIX; None fields are left
    out.
    """
    body = SOH.join(f"{tag}={value}" for tag, value in fields if value is not None)
    return f"8={begin_string}{SOH}9=0{SOH}35={msg_type}{SOH}{body}{SOH}10=0{SOH}"


def format_time(nanoseconds: int) -> str:
    """A UTCTimestamp with milliseconds, of nanoseconds since 1970 UTC."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return f"{_second(seconds)}.{rest // 1_000_000:03d}"


@lru_cache(maxsize=16)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y%m%d-%H:%M:%S")
