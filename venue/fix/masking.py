"""FIX as people may read it: SOH as |, and nothing that is secret."""

import re

from venue.fix.message import SOH, parse_pairs

SECRET = frozenset({"554", "925", "96", "1402", "1404"})
"""Password, NewPassword, RawData, EncryptedPassword, EncryptedNewPassword."""
MASK = "***"

_SECRET = re.compile(f"(?:{'|'.join(sorted(SECRET))})=")
_SECRET_FIELD = re.compile(rf"(?<![0-9])({'|'.join(sorted(SECRET))})=[^\x01|\s]+")


def readable(text: str) -> str:
    """A whole message on one line. A data field is as long as its length says, SOH or not."""
    if _SECRET.search(text):
        pairs = parse_pairs(text)
        return "".join(f"{tag}={MASK if tag in SECRET else value}|" for tag, value in pairs)
    return text.replace(SOH, "|")


def masked(text: str) -> str:
    """Any text in which there may be fields of a message."""
    return _SECRET_FIELD.sub(rf"\1={MASK}", text) if "=" in text else text
