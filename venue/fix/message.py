"""FIX text to fields and back.

Text is what QuickFIX's `Message.toString()` gives: framed, checked, header first. Where a tag
occurs twice the first one counts, so nothing inside a data field can pass for a header field.
"""

from datetime import UTC, datetime
from functools import lru_cache

SOH = "\x01"

Fields = dict[str, str]
Pairs = list[tuple[str, str]]


def parse_fields(text: str) -> Fields:
    """The fields of a message by tag, without its repeating groups' later entries."""
    parts = text.replace(SOH, "=").split("=")
    if text.count("=") * 2 == len(parts) - 1 == text.count(SOH) * 2:
        return dict(zip(parts[-3::-2], parts[-2::-2], strict=True))
    return dict(reversed(parse_pairs(text)))


def parse_pairs(text: str) -> Pairs:
    """Every (tag, value) of a message in order, repeating groups included."""
    pairs = [part.partition("=") for part in text.split(SOH)]
    return [(tag, value) for tag, equals, value in pairs if equals]


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
