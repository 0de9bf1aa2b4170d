"""FIX text to fields and back.

Text is what QuickFIX's `Message.toString()` gives: framed, checked, header first.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache

SOH = "\x01"

_FIELDS = re.compile("([0-9]+)=([^\x01]*)\x01").findall
_TIME = re.compile(r"([0-9]{8}-[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9})[0-9]*)?").fullmatch
_LENGTH_TAGS = (
    90, 95, 212, 348, 350, 352, 354, 356, 358, 360, 362, 364, 445, 618, 621, 1184, 1277, 1280,
    1282, 1397, 1401, 1403, 1468, 1578, 1620, 1664, 1733, 1871, 1874, 2072, 2074, 2111, 2179, 2287,
    2351, 2481, 2637, 2651, 2665, 2715, 2718, 2721, 2797, 40004, 40008, 40978, 40980, 40982, 40984,
    40986, 40988, 41083, 41101, 41107, 41256, 41320, 41324, 41458, 41476, 41482, 41653, 41710,
    41806, 41811, 41873, 41969, 42025, 42171, 42451, 42652, 42947,
)  # fmt: skip
DATA_AFTER = {str(tag): str(tag + 1) for tag in _LENGTH_TAGS} | {"93": "89"}
"""The tag of each data field of any version, by the tag of its length, which comes right before it.

Those of 5.0SP2 whose length has another tag than the one before are missing: QuickFIX ends them at
the first SOH, whatever their length says.
"""

Fields = dict[str, str]
Pairs = list[tuple[str, str]]


def parse_fields(text: str) -> Fields:
    """The fields of a message by tag; where a tag occurs twice, the first."""
    found = _FIELDS(text)
    found.reverse()
    fields = dict(found)
    if DATA_AFTER.keys().isdisjoint(fields):
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
        data_tag = DATA_AFTER.get(tag, "")
        data_length = int(value) if data_tag and value.isdecimal() and len(value) < 10 else 0
        at = end + 1
    return pairs


def format_message(begin_string: str, msg_type: str, *fields: tuple[str, object]) -> str:
    """A message whose BodyLength(9) and CheckSum(10) are left to QuickFIX; None fields are left
    out.
    """
    return f"8={begin_string}{SOH}9=0{SOH}35={msg_type}{SOH}{format_fields(*fields)}10=0{SOH}"


def format_fields(*fields: tuple[str, object]) -> str:
    """Part of a message's body; None fields are left out."""
    return "".join([f"{tag}={value}{SOH}" for tag, value in fields if value is not None])


def format_time(nanoseconds: int) -> str:
    """A UTCTimestamp with milliseconds, of nanoseconds since 1970 UTC."""
    return format_precise_time(nanoseconds, 3)


def format_precise_time(nanoseconds: int, digits: int) -> str:
    """A UTCTimestamp with so many decimals of the second, 0 to 9."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return f"{_second(seconds)}.{rest:09d}"[: 18 + digits] if digits else _second(seconds)


def parse_time(text: str) -> int:
    """Nanoseconds since 1970 UTC of a UTCTimestamp. Raise `ValueError` for what is none."""
    match = _TIME(text)
    if match is None:
        raise ValueError(text)
    time = datetime.strptime(match[1], "%Y%m%d-%H:%M:%S").replace(tzinfo=UTC)
    return int(time.timestamp()) * 1_000_000_000 + int((match[2] or "").ljust(9, "0"))


@lru_cache(maxsize=16)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y%m%d-%H:%M:%S")
