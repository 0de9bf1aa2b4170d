"""Moments of a history as text: nanoseconds since 1970 UTC to ISO 8601, and what a user writes."""

import re
from datetime import UTC, datetime
from functools import lru_cache

SECOND = 1_000_000_000

_FIX = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})-([0-9:]{8})(\.[0-9]{1,9})?")
_FRACTION = re.compile(r"[.,]([0-9]{1,9})")


@lru_cache(maxsize=16)
def format_iso(time: int) -> str:
    """ISO 8601 with all nine digits, 2026-11-21T08:00:00.000000001Z."""
    seconds, rest = divmod(time, SECOND)
    return f"{_second(seconds)}.{rest:09d}Z"


@lru_cache(maxsize=16)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def parse_time(text: str) -> int:
    """Nanoseconds since 1970 of ISO 8601 or a UTCTimestamp, in UTC where it names no other offset.

    Raise `ValueError` where it is neither.
    """
    fix = _FIX.fullmatch(text)
    if fix is not None:
        text = f"{fix[1]}-{fix[2]}-{fix[3]}T{fix[4]}{fix[5] or ''}"
    fraction = _FRACTION.search(text)
    nanoseconds = int(fraction[1].ljust(9, "0")) if fraction else 0
    moment = datetime.fromisoformat(_FRACTION.sub("", text, count=1))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp()) * SECOND + nanoseconds
